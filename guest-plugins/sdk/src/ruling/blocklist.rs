//! What a policy is asked about block lists (XEP-0191).

/// A user's wish to block or unblock. The current stanza is the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The user, without resource.
    pub user: String,
    /// Does he block, or unblock?
    pub is_blocking: bool,
    /// How many addresses the request names. To unblock none means all.
    pub count: u32,
    /// How many he has blocked already.
    pub blocked: u32,
}
