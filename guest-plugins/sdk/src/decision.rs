//! What a policy answers.

/// A verdict with its reason.
///
/// ```
/// use prosody_policy::{Decision, Verdict};
///
/// assert_eq!(Decision::pass("calm").verdict, Verdict::Pass);
/// let refused = Decision::refuse("shouting", "Please do not shout.");
/// assert!(matches!(refused.verdict, Verdict::Bounce(bounce) if bounce.text == "Please do not shout."));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is to happen.
    pub verdict: Verdict,
    /// Why, as a short word of `a-z 0-9 -` for logs and replays.
    pub reason: String,
}

/// What is to happen to a stanza.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Deliver it, with the [edits](crate::edits) that were asked for.
    Pass,
    /// Do not deliver it, and tell nobody.
    Drop,
    /// Do not deliver it, and tell the sender.
    Bounce(Bounce),
}

/// The answer that a refused sender gets.
///
/// ```
/// use prosody_policy::{Bounce, Decision, ErrorCondition, ErrorType, Verdict};
///
/// let (error_type, condition) = (ErrorType::Wait, ErrorCondition::ResourceConstraint);
/// let bounce = Bounce { error_type, condition, text: "Not so many at once, please.".into() };
/// let decision = Decision { verdict: Verdict::Bounce(bounce), reason: "too-often".into() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// What the sender should do.
    pub error_type: ErrorType,
    /// Why, for the client.
    pub condition: ErrorCondition,
    /// Why, for the person.
    pub text: String,
}

/// The error type of a bounce (RFC 6120 §8.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorType {
    /// Retry after providing credentials.
    Auth,
    /// Do not retry.
    Cancel,
    /// Proceed, it was only a warning.
    Continue,
    /// Retry after changing what was sent.
    Modify,
    /// Retry after waiting.
    Wait,
}

/// The defined condition of a bounce (RFC 6120 §8.3.3); each is the RFC's name in Rust's spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the RFC's names, described there and in wit/v0.1/types.wit")]
pub enum ErrorCondition {
    BadRequest,
    Conflict,
    FeatureNotImplemented,
    Forbidden,
    InternalServerError,
    ItemNotFound,
    NotAcceptable,
    NotAllowed,
    NotAuthorized,
    PolicyViolation,
    RecipientUnavailable,
    ResourceConstraint,
    ServiceUnavailable,
    UndefinedCondition,
}

impl Decision {
    /// Deliver it.
    pub fn pass(reason: &str) -> Self {
        Self { verdict: Verdict::Pass, reason: reason.into() }
    }

    /// Do not deliver it, and tell nobody.
    pub fn drop(reason: &str) -> Self {
        Self { verdict: Verdict::Drop, reason: reason.into() }
    }

    /// Do not deliver it; the sender is told to change it, with `policy-violation` and this text.
    pub fn refuse(reason: &str, text: impl Into<String>) -> Self {
        let bounce =
            Bounce { error_type: ErrorType::Modify, condition: ErrorCondition::PolicyViolation, text: text.into() };
        Self { verdict: Verdict::Bounce(bounce), reason: reason.into() }
    }
}
