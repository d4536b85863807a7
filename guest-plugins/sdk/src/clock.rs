//! The time. Permission: `clock`.
//!
//! ```
//! prosody_policy::testing::set_now(1_700_000_000);
//! assert_eq!(prosody_policy::clock::now() % 86_400, 80_000); // seconds of this day
//! ```

/// Seconds since 1970-01-01 UTC; the same during one call.
pub fn now() -> u64 {
    crate::host::now()
}
