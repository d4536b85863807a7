//! What may stand outside ciphertext, as data: names, attributes, values. Everything else may not.

pub mod calls;
pub mod error;
pub mod iq;
pub mod message;
pub mod nodes;
pub mod presence;
pub mod rooms;
