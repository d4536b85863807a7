//! What a policy may say: few lines and few reasons, so that not much of what it reads can leave by them.

use std::collections::BTreeSet;

use crate::bindings::LogLevel;
use crate::effect::Effect;
use crate::failure::Failure;
use crate::limits;

/// The reasons a policy has given. An honest one has a handful; one that wants to tell what it reads runs out.
#[derive(Default)]
pub struct Reasons {
    known: BTreeSet<String>,
}

impl Reasons {
    /// Replaces a reason too many.
    pub fn admit(&mut self, reason: &mut String) {
        if self.known.contains(reason.as_str()) {
            return;
        }
        match self.known.len() < limits::REASONS {
            true => drop(self.known.insert(reason.clone())),
            false => *reason = "unnamed".into(),
        }
    }
}

/// The failures that were told in the current minute. Whoever finds a stanza that a policy fails on may send it often.
#[derive(Default)]
pub struct FailureBudget {
    minute: u64,
    told: Vec<(&'static str, Option<usize>)>,
    left_out: u32,
}

impl FailureBudget {
    /// Is it told, and how many were not since the last one that was? Those of one place are told once a minute.
    pub fn tell(&mut self, now: u64, failure: &Failure) -> Option<u32> {
        if now / 60 != self.minute {
            (self.minute, self.told) = (now / 60, Vec::new());
        }
        let offset = failure.scene.as_ref().and_then(|scene| scene.place()).map(|place| place.offset);
        let this = (failure.reason(), offset);
        if self.told.len() >= limits::FAILURES_PER_MINUTE || self.told.contains(&this) {
            self.left_out = self.left_out.saturating_add(1);
            return None;
        }
        self.told.push(this);
        Some(std::mem::take(&mut self.left_out))
    }
}

/// Log lines in the current second.
#[derive(Default)]
pub struct LineBudget {
    second: u64,
    lines: u32,
    suppressed: u32,
}

impl LineBudget {
    /// Leaves out the lines beyond the limit, and says later how many there were.
    pub fn spend(&mut self, policy: &str, now: u64, effects: &mut Vec<Effect>) {
        let suppressed = if now == self.second { 0 } else { std::mem::take(&mut self.suppressed) };
        if now != self.second {
            (self.second, self.lines) = (now, 0);
        }
        effects.retain(|effect| !matches!(effect, Effect::Log { .. }) || self.allows());
        if suppressed > 0 {
            let line = format!("{suppressed} more lines of {policy} were suppressed");
            effects.push(Effect::Log { level: LogLevel::Warn, line });
        }
    }

    fn allows(&mut self) -> bool {
        let allowed = self.lines < limits::LOG_LINES_PER_SECOND;
        match allowed {
            true => self.lines += 1,
            false => self.suppressed += 1,
        }
        allowed
    }
}
