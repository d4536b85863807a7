//! A policy: a component, prepared once, with the operator's terms.

use std::fmt;
use std::sync::Arc;

use anyhow::{Context, Error, Result, anyhow};
use serde::Serialize;
use wasmtime::component::{Component, InstancePre};

use crate::artifact::Artifact;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::limits::{self, Limits};
use crate::permission::Permission;
use crate::session::Session;
use crate::slot::OnError;
use crate::store::Keys;
use crate::surface::{Refusals, Surface};

/// What the operator decided about a policy. All of it is part of a generation's identity.
#[derive(Clone, Debug, Serialize)]
pub struct Terms {
    /// Its settings, as a JSON object.
    pub settings: String,
    /// What it may import; `None` for whatever it does import.
    pub grants: Option<Vec<String>>,
    /// What it may use.
    pub limits: Limits,
    /// What happens to a stanza that it should judge and cannot.
    pub on_error: OnError,
}

impl Default for Terms {
    fn default() -> Self {
        Self { settings: "{}".into(), grants: None, limits: Limits::default(), on_error: OnError::Deny }
    }
}

/// The artifact was compiled by another version of this program or for another processor: compile it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLoadable;

impl fmt::Display for NotLoadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("its artifact does not load")
    }
}

/// A component that this host takes, ready to make instances.
#[derive(Clone)]
pub struct Policy {
    pub(crate) prepared: Arc<InstancePre<Session>>,
    pub(crate) terms: Terms,
    /// What it shows of itself.
    pub surface: Surface,
    /// The sha256 of the component, in hex.
    pub sha256: String,
}

/// What systemd can forbid is named, since wasmtime's words are only true.
fn not_loadable(error: Error) -> Error {
    let is_forbidden = format!("{error:#}").contains("memory executable");
    let error =
        if is_forbidden { error.context("set MemoryDenyWriteExecute=no for this unit of systemd") } else { error };
    error.context(NotLoadable)
}

fn deserialize(engine: &Engine, artifact: Artifact) -> Result<Component> {
    // SAFETY: the artifact comes from `Cache::get`, which has checked the owner and mode of its folder and its checksum; a file
    // is a copy that has no name, so that nobody changes it. Both check that it was made by the same version of wasmtime for
    // this engine.
    #[expect(unsafe_code, reason = "loading compiled code is trusting it; there is no other way to do it")]
    let component = unsafe {
        // Code in a file must not be executed on every disk, and there must be a /proc.
        let mapped = artifact.path().and_then(|path| Component::deserialize_file(&engine.wasmtime, path).ok());
        match mapped {
            Some(component) => Ok(component),
            None => Component::deserialize(
                &engine.wasmtime,
                artifact.into_bytes().context("cannot read the copy of its artifact")?,
            ),
        }
    };
    component.map_err(|error| not_loadable(anyhow!(error)))
}

impl Policy {
    /// Loads an artifact that this program's own compiler wrote into a cache that only we can write to.
    ///
    /// # Errors
    /// When it was compiled for another engine, or the component is not one this host takes.
    pub fn load(engine: &Engine, artifact: Artifact, sha256: &str, terms: Terms) -> Result<Self> {
        let component = deserialize(engine, artifact)?;
        Self::prepare(engine, &component, sha256, terms)
    }

    /// Prepares a component: reads its surface, checks limits and types.
    pub fn prepare(engine: &Engine, component: &Component, sha256: &str, terms: Terms) -> Result<Self> {
        let surface = Surface::read(&engine.wasmtime, component)?;
        terms.check().map_err(|refusal| Refusals(vec![refusal]))?;
        let prepared = engine.linker.instantiate_pre(component);
        let prepared = prepared.map_err(|error| anyhow!(error)).context("its imports do not fit this host")?;
        let prepared = Arc::new(prepared);
        engine.prepared.keep(sha256, &prepared);
        Ok(Self { prepared, terms, surface, sha256: sha256.to_owned() })
    }

    /// The component with this sha256, if another policy of this engine is made of it: hosts share its code.
    pub fn shared(engine: &Engine, sha256: &str, terms: &Terms) -> Option<Result<Self>> {
        let prepared = engine.prepared.get(sha256)?;
        Some(terms.check().map_err(|refusal| Refusals(vec![refusal]).into()).and_then(|()| {
            let surface = Surface::read(&engine.wasmtime, prepared.component())?;
            Ok(Self { prepared, terms: terms.clone(), surface, sha256: sha256.to_owned() })
        }))
    }

    /// Compares what it imports with its grants; when it has none, with the permissions that were in force so far.
    pub fn check_permissions(&self, accepted: Option<&[String]>) -> Result<(), Refusals> {
        match (&self.terms.grants, accepted) {
            (Some(grants), _) => self.surface.check_grants(grants),
            (None, Some(accepted)) => self.surface.check_accepted(accepted),
            (None, None) => Ok(()),
        }
    }

    /// Does it implement this hook?
    pub fn hears(&self, interface: &str) -> bool {
        self.surface.hooks.contains(&interface)
    }

    /// A fresh, configured instance.
    pub(crate) fn instantiate(&self, engine: &Engine, keys: Keys, now: u64) -> Result<Instance, Failure> {
        Instance::new(self, engine, keys, now)
    }

    /// What it may use.
    pub fn limits(&self) -> Limits {
        self.terms.limits
    }
}

impl Terms {
    fn check(&self) -> Result<(), String> {
        self.limits.check()?;
        match self.settings.len() <= limits::SETTINGS {
            true => Ok(()),
            false => Err(format!("its settings are larger than {} KiB", limits::SETTINGS >> 10)),
        }
    }
}

impl Surface {
    /// Says what an upgrade wants that its predecessor did not.
    fn check_accepted(&self, accepted: &[String]) -> Result<(), Refusals> {
        let new = self.permissions.iter().filter(|wanted| !accepted.iter().any(|name| name == wanted.name()));
        let refusals: Vec<String> = new
            .map(|wanted| {
                let (sentence, name) = (wanted.sentence(), wanted.name());
                format!("it newly {sentence}; to accept that, use --grant={name} or name it in grants with the others")
            })
            .collect();
        if refusals.is_empty() { Ok(()) } else { Err(Refusals(refusals)) }
    }

    /// Compares imports with grants. Names every permission that is missing, and what it would allow.
    fn check_grants(&self, grants: &[String]) -> Result<(), Refusals> {
        let unknown = grants.iter().filter(|grant| Permission::named(grant).is_none());
        let unknown = unknown.map(|grant| {
            let names = Permission::ALL.map(Permission::name);
            format!("grants: there is no permission \"{grant}\"; there are: {}", names.join(", "))
        });
        let missing = self.permissions.iter().filter(|wanted| !grants.iter().any(|grant| grant == wanted.name()));
        let missing = missing
            .map(|wanted| format!("it {}; to allow that, add \"{}\" to its grants", wanted.sentence(), wanted.name()));
        let refusals: Vec<String> = unknown.chain(missing).collect();
        if refusals.is_empty() { Ok(()) } else { Err(Refusals(refusals)) }
    }
}
