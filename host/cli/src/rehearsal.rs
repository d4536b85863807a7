//! A project's policy, asked its cases as a server would ask it: under its limits, with fuel for a clock.

mod effects;

use anyhow::{Context, Result};
use prosody_wasm_runtime::{Engine, Policy, Purpose, Rehearsal, Rehearsed, Source, Terms};
use wasmtime::component::Component;

use crate::cases::{Case, Expectation};
use crate::project::Project;
use crate::situation::NOW;
use crate::sources::Sources;
use crate::{compiler, failure};

/// A component, ready to be asked under any settings.
pub struct Stage {
    /// What compiled it.
    pub engine: Engine,
    component: Component,
    source: Source,
    terms: Terms,
}

impl Stage {
    /// Compiles the project's component; with fuel when the purpose is [`Purpose::Offline`].
    pub fn open(project: &Project, purpose: Purpose) -> Result<Self> {
        let source = source(project)?;
        let engine = compiler::engine(purpose)?;
        let component = compiler::component(&engine, &source)?;
        let terms = Terms { settings: project.settings.clone(), limits: project.limits, ..Terms::default() };
        Ok(Self { engine, component, source, terms })
    }

    /// Its bytes, with the lines of its source.
    pub fn component_bytes(&self) -> &[u8] {
        &self.source.bytes
    }

    /// The hooks it implements.
    pub fn hooks(&self) -> Result<Vec<&'static str>> {
        Ok(self.policy(self.terms.settings.clone())?.surface.hooks)
    }

    /// A fresh policy for a case: what one case leaves behind must not change another.
    pub fn policy_for(&self, case: &Case) -> Result<Rehearsal> {
        let settings = case.settings()?.unwrap_or_else(|| self.terms.settings.clone());
        let policy = self.policy(settings)?;
        Rehearsal::start(&self.engine, policy, NOW)
            .map_err(|failure| failure::error("it does not start", &failure, self.component_bytes()))
    }

    /// What comes of a case.
    pub fn ask(&self, case: &Case) -> Result<Rehearsed> {
        let (situation, stanza) = (case.situation()?, case.stanza()?);
        let mut policy = self.policy_for(case)?;
        Ok(policy.ask(&self.engine, situation.question, &situation.facts, stanza))
    }

    fn policy(&self, settings: String) -> Result<Policy> {
        let terms = Terms { settings, ..self.terms.clone() };
        Policy::prepare(&self.engine, &self.component, &self.source.sha256, terms)
    }
}

fn source(project: &Project) -> Result<Source> {
    if let Some(newer) = Sources::of(project).unbuilt(project) {
        let (newer, component) = (newer.display(), project.component());
        eprintln!("{newer} was changed after {} was built: run `prosody-wasm build`", component.display());
    }
    Source::read(&project.component(), None).context("run `prosody-wasm build` first")
}

/// What came out, in the form in which it is expected.
pub fn came(rehearsed: &Rehearsed) -> Expectation {
    Expectation {
        verdict: Some(rehearsed.verdict.into()),
        reason: Some(rehearsed.reason.clone()),
        text: rehearsed.text.clone(),
        stanza: rehearsed.edited.as_ref().map(|stanza| stanza.to_xml()),
        effects: Some(rehearsed.effects.iter().filter_map(effects::described).collect()),
        log: Some(rehearsed.effects.iter().filter_map(effects::line).collect()),
    }
}
