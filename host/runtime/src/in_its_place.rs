//! What is answered in a policy's place: when it is not there, when it failed, and when nobody could judge.

use prosody_stanza::Excess;

use crate::bindings::{Bounce, ErrorCondition, ErrorType, Verdict};
use crate::instance::Answer;
use crate::question::Hook;
use crate::slot::OnError;

/// What a sender reads when nobody can judge the stanza.
const CLOSED: &str = "This server cannot check messages at the moment, so it does not deliver them. Try again later.";
/// What a sender reads when a stanza is beyond the limits.
const EXCESS: &str = "This is too large or too deeply nested to be checked, so it was not delivered.";

/// By `on_error`. The reason is told of a policy that is there and failed; of one that is not there, that its place is closed.
pub fn of(on_error: OnError, is_there: bool, hook: Hook, reason: &str) -> Answer {
    if on_error == OnError::Pass || !hook.can_protect() {
        return answer(Verdict::Pass, reason);
    }
    refusal(ErrorType::Wait, if is_there { reason } else { "closed" }, &text_for(hook))
}

/// Nobody could judge the stanza, whatever they think of it.
pub fn beyond_limits(excess: Excess) -> Answer {
    refusal(ErrorType::Modify, excess.reason(), EXCESS)
}

fn text_for(hook: Hook) -> String {
    match hook {
        Hook::Registration => not_now("set up notifications"),
        Hook::Slot | Hook::Piece => not_now("accept files"),
        Hook::Room => not_now("set up rooms"),
        Hook::Blocklist => not_now("change block lists"),
        _ => CLOSED.to_owned(),
    }
}

/// What a client reads that asks for something else than to deliver.
fn not_now(what: &str) -> String {
    format!("This server cannot {what} at the moment. Try again later.")
}

fn refusal(error_type: ErrorType, reason: &str, text: &str) -> Answer {
    let bounce = Bounce { error_type, condition: ErrorCondition::PolicyViolation, text: text.into() };
    answer(Verdict::Bounce(bounce), reason)
}

fn answer(verdict: Verdict, reason: &str) -> Answer {
    Answer { is_failure: true, ..Answer::of(verdict, reason) }
}
