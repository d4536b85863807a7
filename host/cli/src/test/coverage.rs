//! Which of its hooks a policy was asked at.

use std::collections::BTreeMap;

use crate::situation::Situation;

/// How many cases asked each hook that the policy implements.
pub struct Coverage {
    /// By interface.
    pub counts: BTreeMap<&'static str, usize>,
}

impl Coverage {
    pub fn new(hooks: Vec<&'static str>) -> Self {
        Self { counts: hooks.into_iter().map(|hook| (hook, 0)).collect() }
    }

    /// A case asked it there.
    pub fn asked(&mut self, interface: &'static str) {
        if let Some(count) = self.counts.get_mut(interface) {
            *count += 1;
        }
    }

    /// A line for each hook, with what would ask one that no case asks.
    pub fn lines(&self) -> Vec<String> {
        let line = |(hook, count): (&&str, &usize)| match count {
            0 => format!("  {hook}: no case asks it; add one with \"dir\": {}", dirs(hook)),
            1 => format!("  {hook}: 1 case"),
            count => format!("  {hook}: {count} cases"),
        };
        self.counts.iter().map(line).collect()
    }
}

fn dirs(hook: &str) -> String {
    let words: Vec<String> = Situation::of_hook(hook).iter().map(|dir| format!("\"{dir}\"")).collect();
    words.join(" or ")
}

#[cfg(test)]
mod tests {
    use prosody_wasm_runtime::Hook;

    use super::*;

    #[test]
    fn says_what_is_missing() {
        let mut coverage = Coverage::new(vec!["message-policy", "carbons-policy"]);
        coverage.asked("message-policy");
        coverage.asked("push-policy");
        let expected = [
            "  carbons-policy: no case asks it; add one with \"dir\": \"carbons-out\" or \"carbons-in\"",
            "  message-policy: 1 case",
        ];
        assert_eq!(coverage.lines(), expected);
    }

    #[test]
    fn every_hook_can_be_asked() {
        for hook in Hook::INTERFACES {
            assert!(!Situation::of_hook(hook).is_empty(), "{hook}");
        }
    }
}
