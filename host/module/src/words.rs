//! The words of the Lua interface and the enums they stand for.

use mlua::LuaString;
use prosody_wasm_runtime::candidate::Role;
use prosody_wasm_runtime::slot::{Mode, OnError};
use prosody_wasm_runtime::{
    Device, Direction, ErrorCondition, ErrorType, LogLevel, Party, Recipient, StanzaKind, Subscription, Verdict,
};

pub fn kind(kind: StanzaKind) -> &'static str {
    match kind {
        StanzaKind::Message => "message",
        StanzaKind::Presence => "presence",
        StanzaKind::Iq => "iq",
    }
}

pub fn direction(word: &LuaString) -> Option<Direction> {
    match &*word.as_bytes() {
        b"outgoing" => Some(Direction::Outgoing),
        b"incoming" => Some(Direction::Incoming),
        _ => None,
    }
}

pub fn party(word: &LuaString) -> Option<Party> {
    match &*word.as_bytes() {
        b"user" => Some(Party::User),
        b"remote" => Some(Party::Remote),
        b"component" => Some(Party::Component),
        b"room" => Some(Party::Room),
        b"service" => Some(Party::Service),
        _ => None,
    }
}

pub fn subscription(word: &LuaString) -> Option<Subscription> {
    match &*word.as_bytes() {
        b"none" => Some(Subscription::None),
        b"to" => Some(Subscription::To),
        b"from" => Some(Subscription::From),
        b"both" => Some(Subscription::Both),
        _ => None,
    }
}

pub fn device(word: &LuaString) -> Option<Device> {
    match &*word.as_bytes() {
        b"gone" => Some(Device::Gone),
        b"asleep" => Some(Device::Asleep),
        b"awake" => Some(Device::Awake),
        _ => None,
    }
}

/// The strict one unless the operator said the other.
pub fn on_error(word: Option<&str>) -> OnError {
    match word {
        Some("pass") => OnError::Pass,
        _ => OnError::Deny,
    }
}

pub fn mode(word: Option<&str>) -> Mode {
    match word {
        Some("off") => Mode::Off,
        _ => Mode::Enforce,
    }
}

pub fn on_error_word(on_error: OnError) -> &'static str {
    match on_error {
        OnError::Deny => "deny",
        OnError::Pass => "pass",
    }
}

pub fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Enforce => "enforce",
        Mode::Off => "off",
    }
}

pub fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Drop => "drop",
        Verdict::Bounce(_) => "bounce",
    }
}

pub fn recipient(recipient: Recipient) -> &'static str {
    match recipient {
        Recipient::Sender => "sender",
        Recipient::Recipient => "recipient",
    }
}

pub fn level(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    }
}

pub fn error_type(error_type: ErrorType) -> &'static str {
    match error_type {
        ErrorType::Auth => "auth",
        ErrorType::Cancel => "cancel",
        ErrorType::Continue => "continue",
        ErrorType::Modify => "modify",
        ErrorType::Wait => "wait",
    }
}

/// RFC 6120 §8.3.3.
pub fn condition(condition: ErrorCondition) -> &'static str {
    match condition {
        ErrorCondition::BadRequest => "bad-request",
        ErrorCondition::Conflict => "conflict",
        ErrorCondition::FeatureNotImplemented => "feature-not-implemented",
        ErrorCondition::Forbidden => "forbidden",
        ErrorCondition::InternalServerError => "internal-server-error",
        ErrorCondition::ItemNotFound => "item-not-found",
        ErrorCondition::NotAcceptable => "not-acceptable",
        ErrorCondition::NotAllowed => "not-allowed",
        ErrorCondition::NotAuthorized => "not-authorized",
        ErrorCondition::PolicyViolation => "policy-violation",
        ErrorCondition::RecipientUnavailable => "recipient-unavailable",
        ErrorCondition::ResourceConstraint => "resource-constraint",
        ErrorCondition::ServiceUnavailable => "service-unavailable",
        ErrorCondition::UndefinedCondition => "undefined-condition",
    }
}

pub fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Outgoing => "outgoing",
        Direction::Incoming => "incoming",
    }
}

pub fn party_word(party: Party) -> &'static str {
    match party {
        Party::User => "user",
        Party::Remote => "remote",
        Party::Component => "component",
        Party::Room => "room",
        Party::Service => "service",
    }
}

pub fn role(role: Role) -> &'static str {
    match role {
        Role::Shadow => "shadow",
        Role::Canary { .. } => "canary",
    }
}
