//! What may stand outside ciphertext, as data: names, attributes, values. Everything else may not.

pub mod calls;
pub mod error;
pub(super) mod message;
pub(super) mod nodes;
pub mod requests;
pub mod rooms;
