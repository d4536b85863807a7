//! For how long uploaded files are kept.

use crate::bindings::upload_policy;
use crate::limits;

/// Limits, where there are any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expiry {
    /// Hours.
    pub hours: Option<u32>,
    /// Bytes of one user.
    pub user_bytes: Option<u64>,
    /// Bytes of all users.
    pub total_bytes: Option<u64>,
}

impl Expiry {
    /// The smaller limits of both.
    pub fn and(self, other: Self) -> Self {
        Self {
            hours: smaller(self.hours, other.hours),
            user_bytes: smaller(self.user_bytes, other.user_bytes),
            total_bytes: smaller(self.total_bytes, other.total_bytes),
        }
    }

    /// Is the number of hours in its bounds?
    pub fn fits(self) -> bool {
        self.hours.is_none_or(|hours| (1..=limits::RETENTION_HOURS).contains(&hours))
    }
}

fn smaller<N: Ord>(one: Option<N>, other: Option<N>) -> Option<N> {
    one.into_iter().chain(other).min()
}

impl From<upload_policy::Expiry> for Expiry {
    fn from(upload_policy::Expiry { hours, user_bytes, total_bytes }: upload_policy::Expiry) -> Self {
        Self { hours, user_bytes, total_bytes }
    }
}
