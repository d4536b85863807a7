//! A policy: a component, prepared once, with the operator's terms.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use anyhow::{Context, Result, anyhow};
use wasmtime::component::{Component, InstancePre};

use crate::engine::Engine;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::limits::{self, Limits};
use crate::permission::Permission;
use crate::session::Session;
use crate::store::KeyValues;
use crate::surface::{Refusals, Surface};

/// What the operator decided about a policy.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Its settings, as a JSON object.
    pub settings: String,
    /// What it may import; `None` for whatever it does import.
    pub grants: Option<Vec<String>>,
    /// What it may use.
    pub limits: Limits,
}

impl Default for Terms {
    fn default() -> Self {
        Self { settings: "{}".into(), grants: None, limits: Limits::default() }
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
pub struct Policy {
    pub(crate) prepared: InstancePre<Session>,
    pub(crate) terms: Terms,
    /// What it shows of itself.
    pub surface: Surface,
    /// The sha256 of the component, in hex.
    pub sha256: String,
}

impl Policy {
    /// Loads an artifact that this program's own compiler wrote into a cache that only we can write to.
    ///
    /// # Errors
    /// When it was compiled for another engine, or the component is not one this host takes.
    pub fn load(engine: &Engine, artifact: &[u8], sha256: &str, terms: Terms) -> Result<Self> {
        // SAFETY: the artifact comes from `Cache::get`, which has checked the owner and mode of its folder and
        // its checksum; `deserialize` checks that it was made by the same version of wasmtime for this engine.
        #[expect(unsafe_code, reason = "loading compiled code is trusting it; there is no other way to do it")]
        let component = unsafe { Component::deserialize(&engine.wasmtime, artifact) };
        let component = component.map_err(|error| anyhow!(error).context(NotLoadable))?;
        Self::prepare(engine, &component, sha256, terms)
    }

    /// Prepares a component: reads its surface, checks grants, limits and types.
    pub fn prepare(engine: &Engine, component: &Component, sha256: &str, terms: Terms) -> Result<Self> {
        let surface = Surface::read(&engine.wasmtime, component)?;
        surface.check_grants(terms.grants.as_deref())?;
        terms.check().map_err(|refusal| Refusals(vec![refusal]))?;
        let prepared = engine.linker.instantiate_pre(component);
        let prepared = prepared.map_err(|error| anyhow!(error)).context("its imports do not fit this host")?;
        Ok(Self { prepared, terms, surface, sha256: sha256.to_owned() })
    }

    /// A fresh, configured instance.
    pub(crate) fn instantiate(
        &self,
        engine: &Engine,
        keys: &Rc<RefCell<KeyValues>>,
        now: u64,
    ) -> Result<Instance, Failure> {
        Instance::new(self, engine, Rc::clone(keys), now)
    }

    /// What it may use.
    pub fn limits(&self) -> Limits {
        self.terms.limits
    }

    /// Does everything that the server does before it asks a policy for the first time.
    pub fn try_out(&self, engine: &Engine, keys: &Rc<RefCell<KeyValues>>) -> Result<(), Failure> {
        self.instantiate(engine, keys, 0)?.wants(engine).map(drop)
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
    /// Compares imports with grants. Names every permission that is missing, and what it would allow.
    fn check_grants(&self, grants: Option<&[String]>) -> Result<(), Refusals> {
        let Some(grants) = grants else { return Ok(()) };
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
