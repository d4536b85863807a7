//! Where a policy panicked, as lines of the log. Only what logs calls this, so it adds no permission.

use std::panic::{PanicHookInfo, set_hook};
use std::sync::Once;

use crate::host;
use crate::log::Level;

/// Reports panics from now on.
pub fn report() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_hook(Box::new(write)));
}

/// The words have a line of their own, which the host knows by its beginning: no server repeats them.
fn write(panic: &PanicHookInfo<'_>) {
    if let Some(place) = panic.location() {
        host::log(Level::Error, &format!("panicked at {place}"));
    }
    if let Some(words) = panic.payload_as_str() {
        host::log(Level::Error, &format!("panic: {words}"));
    }
}
