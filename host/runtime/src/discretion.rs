//! What a policy may say: few lines and few reasons, so that not much of what it reads can leave by them.

use std::collections::BTreeSet;

use crate::bindings::LogLevel;
use crate::effect::Effect;
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
