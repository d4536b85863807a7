//! The host, as the SDK sees it: the component's imports, or a stand-in for native tests.

#[cfg(target_arch = "wasm32")]
mod component;
#[cfg(target_arch = "wasm32")]
mod conversions;
#[cfg(not(target_arch = "wasm32"))]
mod native;

#[cfg(target_arch = "wasm32")]
pub use component::*;
#[cfg(not(target_arch = "wasm32"))]
pub use native::*;
