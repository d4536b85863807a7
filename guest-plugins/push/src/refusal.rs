//! Why a device is not registered, in the terms of the protocol.

use prosody_policy::{Bounce, ErrorCondition, ErrorType};

use crate::texts::text;

/// Why a device is not registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request has not the shape that its specification demands.
    Malformed,
    /// The request, its options or the name of the device are too large.
    TooLarge,
    /// The service has no possible address.
    Address,
    /// No service is trusted.
    NoServices,
    /// This service is not trusted.
    Untrusted(String),
    /// The user has so many already.
    TooMany(u32),
    /// The user has registered devices too often within an hour.
    TooOften,
}

impl Refusal {
    /// For logs.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too-large",
            Self::Address => "address",
            Self::NoServices => "no-services",
            Self::Untrusted(_) => "untrusted",
            Self::TooMany(_) => "too-many",
            Self::TooOften => "rate",
        }
    }

    /// For the client and whoever uses it.
    pub fn bounce(&self, language: Option<&str>) -> Bounce {
        let (error_type, condition) = match self {
            Self::Malformed | Self::TooLarge | Self::Address => (ErrorType::Modify, ErrorCondition::BadRequest),
            Self::NoServices | Self::Untrusted(_) => (ErrorType::Cancel, ErrorCondition::NotAllowed),
            Self::TooMany(_) | Self::TooOften => (ErrorType::Wait, ErrorCondition::ResourceConstraint),
        };
        Bounce { error_type, condition, text: text(self, language) }
    }
}
