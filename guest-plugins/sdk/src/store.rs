//! A small map that belongs to the policy and survives a restart. Permission: `store`.
//!
//! ```
//! use prosody_policy::store;
//!
//! prosody_policy::testing::configure::<Nothing>("{}").unwrap(); // an empty store
//! store::set("warned", b"1")?;
//! assert_eq!(store::get("warned").as_deref(), Some(&b"1"[..]));
//! store::delete("warned");
//! assert_eq!(store::get("warned"), None);
//! # #[derive(serde::Deserialize)]
//! # struct Settings {}
//! # struct Nothing;
//! # impl prosody_policy::Policy for Nothing {
//! #     type Settings = Settings;
//! #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
//! # }
//! # Ok::<(), store::Refusal>(())
//! ```

use std::fmt;

/// Why a write was refused; the limits are those of `wit/v0.1/capabilities.wit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The key is empty or too long.
    Key,
    /// The value is too long.
    Value,
    /// The policy's share is used up, or that of the call.
    Full,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Key => "the key is empty or too long",
            Self::Value => "the value is too long",
            Self::Full => "the policy's store is full, or too much was written in one call",
        })
    }
}

impl std::error::Error for Refusal {}

/// The value of a key.
pub fn get(key: &str) -> Option<Vec<u8>> {
    crate::host::get(key)
}

/// Sets a key.
pub fn set(key: &str, value: &[u8]) -> Result<(), Refusal> {
    crate::host::set(key, value)
}

/// Removes a key, if it is there.
pub fn delete(key: &str) {
    crate::host::delete(key);
}
