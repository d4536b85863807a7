//! Effects as people write them in cases.

use prosody_wasm_runtime::{Effect, LogLevel, Recipient};
use serde_json::{Value, json};

/// What somebody notices, or the store; lines of the log are apart.
pub fn described(effect: &Effect) -> Option<Value> {
    Some(match effect {
        Effect::Notify { to, text } => json!({ "notify": recipient(*to), "text": text }),
        Effect::Copy { to, .. } => json!({ "copy": to }),
        Effect::Forward { to, report: None, .. } => json!({ "forward": to }),
        Effect::Forward { to, report: Some(report), .. } => {
            json!({ "forward": to, "report": report.reason, "text": report.text })
        }
        Effect::Answer { text } => json!({ "answer": text }),
        Effect::Hold { key } => json!({ "hold": key }),
        Effect::Release { key } => json!({ "release": key }),
        Effect::Discard { key } => json!({ "discard": key }),
        Effect::Tell { text } => json!({ "tell": text }),
        Effect::Store { key, value } => {
            json!({ "store": key, "value": value.as_deref().map(String::from_utf8_lossy) })
        }
        Effect::Returned(_) | Effect::Failed(_) | Effect::Log { .. } => return None,
    })
}

/// A line of the log, with its level.
pub fn line(effect: &Effect) -> Option<String> {
    let Effect::Log { level, line } = effect else { return None };
    let level = match level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    };
    Some(format!("{level}: {line}"))
}

fn recipient(recipient: Recipient) -> &'static str {
    match recipient {
        Recipient::Sender => "sender",
        Recipient::Recipient => "recipient",
    }
}
