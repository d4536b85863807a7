//! The hot path of a stanza, past mlua: its safe tables take eight times as long to be read, and its calls as long as a
//! short decision. `unsafe` is in these files and in no other of this crate.

mod crossing;
mod stack;
mod walk;

pub use crossing::{Keys, closure, walk_table};
