//! Real components in the real runtime, under the limits of the server.
#![expect(clippy::unwrap_used, reason = "these are tests")]

mod assembly;
mod broken;
mod budget;
mod bundled;
mod bundled_blocking;
mod bundled_firewall;
mod bundled_push;
mod bundled_rooms;
mod bundled_upload;
mod chain;
mod components;
mod everywhere;
mod host_functions;
mod housing;
mod keeping;
mod lies;
mod limits;
mod recording;
mod schemas;
mod staging;
mod succession;
mod trial;
mod unsafe_code;
mod waking;
mod wit;
