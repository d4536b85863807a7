//! What may stand in presence and in IQs, as data; for messages the crate `recognition` has the tables.

pub mod iq;
pub mod presence;
