//! The time. Permission: `clock`.

/// Seconds since 1970-01-01 UTC; the same during one call.
pub fn now() -> u64 {
    crate::host::now()
}
