//! What may stand in presence and in IQs, as data; for messages the crate `recognition` has the tables.

pub mod answers;
pub mod iq;
pub mod people;
pub mod presence;
