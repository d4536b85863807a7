//! Rules in the language of mod_firewall.
//!
//! The files are read once, into a program in which every name is resolved and every pattern understood; what a policy
//! cannot do is refused then, with its place. A stanza goes through the chains as it would in mod_firewall, except that a
//! rule which would take too long for it refuses it.

mod actions;
pub mod address;
mod complaint;
mod conditions;
mod definitions;
mod escapes;
mod exempt;
mod lines;
mod lists;
mod memory;
mod name;
mod path;
mod pattern;
pub mod preparation;
mod program;
mod rate;
mod reading;
mod recent;
mod run;
mod scope;
mod settings;
mod sources;
mod template;
mod times;
mod view;
mod wanted;
mod word;

use prosody_policy::{
    Decision, Exemption, Exempts, Fact, KeepsState, MessagePolicy, Needs, Passage, Policy, Want, clock,
};

use crate::memory::Memory;
use crate::program::Program;
use crate::run::Run;
use crate::settings::Settings;

/// The policy.
#[derive(Debug)]
pub struct Firewall {
    program: Program,
    memory: Memory,
}

impl Policy for Firewall {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        let program = settings.read()?;
        let memory = Memory::new(&program, clock::now());
        Ok(Self { program, memory })
    }
}

impl MessagePolicy for Firewall {
    fn wants(&self) -> Vec<Want> {
        wanted::wants(&self.program)
    }

    fn decide(&mut self, passage: Passage) -> Decision {
        Run::new(&self.program, &mut self.memory, passage).decide()
    }
}

impl Needs for Firewall {
    fn needed(&self) -> Vec<Fact> {
        wanted::facts(&self.program)
    }
}

impl Exempts for Firewall {
    fn exempt(&self) -> Vec<Exemption> {
        exempt::exemptions(&self.program)
    }
}

impl KeepsState for Firewall {
    fn save(&self) -> Vec<u8> {
        self.memory.save(&self.program)
    }

    fn restore(&mut self, _: &str, state: Vec<u8>) -> Result<(), String> {
        self.memory.restore(&self.program, &state).ok_or_else(|| {
            "what was saved is not the memory of this policy; to begin without it, start it afresh".to_owned()
        })
    }
}

/// The rows of the tables of words, as the page for operators has them.
#[cfg(not(target_arch = "wasm32"))]
pub fn tables() -> [(&'static str, Vec<String>); 3] {
    [
        ("condition", conditions::CONDITIONS.iter().map(word::Word::row).collect()),
        ("action", actions::ACTIONS.iter().map(word::Word::row).collect()),
        ("definition", definitions::DEFINITIONS.iter().map(word::Word::row).collect()),
    ]
}

prosody_policy::policy!(Firewall: message, needs, exemptions, state);
