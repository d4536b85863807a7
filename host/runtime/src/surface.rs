//! What a component shows of itself: its exports are hooks, its imports are permissions.

use std::fmt;

use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use crate::permission::Permission;
use crate::question::Hook;
use crate::suggestion::nearest;
use crate::wasi;

const PACKAGE: &str = "prosody:policy/";
/// The version of `wit/` that this host speaks: older ones with the same major and minor are served too.
const VERSION: (u64, u64, u64) = (0, 1, 5);
const HOOKS: [&str; Hook::INTERFACES.len()] = Hook::INTERFACES;
const LIFECYCLE: &str = "lifecycle";
const STATE: &str = "state";
const SAMPLES: &str = "samples";
const NEEDS: &str = "needs";
const EXEMPTIONS: &str = "exemptions";
/// What componentize-qjs and componentize-py leave in every component: the functions by which they prepared it while it was
/// built. Nothing calls them again.
const LEFTOVERS: [&str; 2] = [wasi::JAVASCRIPT, wasi::PYTHON];

/// Exports and imports of a component, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surface {
    /// The hooks it implements, by their interface.
    pub hooks: Vec<&'static str>,
    /// What it wants to be allowed.
    pub permissions: Vec<Permission>,
    /// Does it hand over its state?
    pub keeps_state: bool,
    /// Does it show stanzas with which to try it out?
    pub shows_samples: bool,
    /// Does it say which facts it looks at?
    pub says_needs: bool,
    /// Does it say which stanzas it need not be asked about?
    pub says_exemptions: bool,
    /// Does it ask whether two people share a room? To find that out takes longer than most decisions.
    pub asks_for_shared_rooms: bool,
    /// The version of the WIT package it was built for.
    pub wit: String,
}

/// Every reason why a component is refused, as sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals(pub Vec<String>);

impl fmt::Display for Refusals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for Refusals {}

impl Surface {
    /// Reads it. Collects every reason against the component, not just the first.
    pub fn read(engine: &wasmtime::Engine, component: &Component) -> Result<Self, Refusals> {
        let surface = component.component_type();
        let imports: Vec<&str> = surface.imports(engine).map(|(name, _)| name).collect();
        let exports: Vec<&str> = surface.exports(engine).map(|(name, _)| name).collect();
        // Of an interface a component imports only what it calls.
        let asks_for_shared_rooms = surface.imports(engine).any(|(_, item)| match item.ty {
            ComponentItem::ComponentInstance(interface) => {
                interface.exports(engine).any(|(function, _)| function == "is-shared")
            }
            _ => false,
        });
        Ok(Self { asks_for_shared_rooms, ..Self::of(&imports, &exports)? })
    }

    fn of(imports: &[&str], exports: &[&str]) -> Result<Self, Refusals> {
        let mut refusals = Vec::new();
        let mut surface = Self {
            hooks: Vec::new(),
            permissions: Vec::new(),
            keeps_state: false,
            shows_samples: false,
            says_needs: false,
            says_exemptions: false,
            asks_for_shared_rooms: false,
            wit: String::new(),
        };
        refusals.extend(wasi::refusal(imports, exports));
        for import in imports.iter().filter(|import| !import.starts_with("wasi:")) {
            surface.import(import).unwrap_or_else(|refusal| refusals.push(refusal));
        }
        let mut lifecycle = false;
        for export in exports.iter().filter(|export| !LEFTOVERS.contains(export)) {
            match surface.export(export) {
                Ok(name) => lifecycle |= name == LIFECYCLE,
                Err(refusal) => refusals.push(refusal),
            }
        }
        if !lifecycle {
            refusals.push("it does not export prosody:policy/lifecycle, as every policy does; add it to the world it is built for".into());
        }
        if surface.hooks.is_empty() {
            refusals.push(format!("it implements no hook; export at least one of: {}", HOOKS.join(", ")));
        }
        surface.permissions.sort();
        match refusals.is_empty() {
            true => Ok(surface),
            false => Err(Refusals(refusals)),
        }
    }

    fn import(&mut self, name: &str) -> Result<(), String> {
        let interface = self.interface(name, "imports")?;
        if interface == "types" {
            return Ok(());
        }
        let permission = Permission::named(interface).ok_or_else(|| {
            let names = Permission::ALL.map(Permission::name);
            format!("it imports {name}, which this host does not have{}", meant(interface, &names))
        })?;
        self.permissions.push(permission);
        Ok(())
    }

    fn export<'a>(&mut self, name: &'a str) -> Result<&'a str, String> {
        let interface = self.interface(name, "exports")?;
        match HOOKS.into_iter().find(|hook| *hook == interface) {
            Some(hook) => self.hooks.push(hook),
            None if interface == STATE => self.keeps_state = true,
            None if interface == SAMPLES => self.shows_samples = true,
            None if interface == NEEDS => self.says_needs = true,
            None if interface == EXEMPTIONS => self.says_exemptions = true,
            None if interface == LIFECYCLE => {}
            None => {
                let names = [&HOOKS[..], &[LIFECYCLE, STATE, SAMPLES, NEEDS, EXEMPTIONS]].concat();
                return Err(format!("it exports {name}, which this host does not know{}", meant(interface, &names)));
            }
        }
        Ok(interface)
    }

    /// The interface in `prosody:policy/INTERFACE@VERSION`, when this host speaks the version.
    fn interface<'a>(&mut self, name: &'a str, does: &str) -> Result<&'a str, String> {
        let foreign = || format!("it {does} {name}, which does not belong to {PACKAGE}… and has no meaning here");
        let rest = name.strip_prefix(PACKAGE).ok_or_else(foreign)?;
        let (interface, version) = rest.split_once('@').ok_or_else(foreign)?;
        if !is_spoken(version).ok_or_else(foreign)? {
            let (major, minor, patch) = VERSION;
            return Err(format!(
                "it {does} {name}, but this host speaks version {major}.{minor}.{patch}: upgrade mod_wasm, or build \
                 the policy for {major}.{minor}"
            ));
        }
        if self.wit.as_str() < version {
            self.wit = version.to_owned();
        }
        Ok(interface)
    }
}

/// The same major and minor, and not newer than the host: before 1.0 a minor version may break everything.
fn is_spoken(version: &str) -> Option<bool> {
    let mut numbers = version.split('.').map(|number| number.parse::<u64>().ok());
    let (major, minor, patch) = (numbers.next()??, numbers.next()??, numbers.next()??);
    Some((major, minor) == (VERSION.0, VERSION.1) && patch <= VERSION.2)
}

fn meant(word: &str, candidates: &[&str]) -> String {
    nearest(word, candidates.iter().copied()).map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: &str = "prosody:policy/lifecycle@0.1.0";
    const HOOK: &str = "prosody:policy/message-policy@0.1.0";

    fn refused(imports: &[&str], exports: &[&str], expected: &[&str]) {
        let Refusals(refusals) = Surface::of(imports, exports).unwrap_err();
        assert_eq!(refusals.len(), expected.len(), "{refusals:?}");
        for (refusal, part) in refusals.iter().zip(expected) {
            assert!(refusal.contains(part), "{refusal}");
        }
    }

    #[test]
    fn reads() {
        let imports = ["prosody:policy/log@0.1.0", "prosody:policy/content@0.1.0", "prosody:policy/types@0.1.0"];
        let surface = Surface::of(&imports, &[LIFE, HOOK, "prosody:policy/state@0.1.0"]).unwrap();
        assert_eq!(surface.hooks, ["message-policy"]);
        assert_eq!(surface.permissions, [Permission::Content, Permission::Log]);
        assert!(surface.keeps_state);
        assert_eq!(surface.wit, "0.1.0");
        assert!(Surface::of(&[], &["init", LIFE, HOOK]).is_ok(), "as JavaScript's tool makes it");
    }

    #[test]
    fn refuses_with_every_reason() {
        refused(&["wasi:cli/environment@0.2.0"], &[LIFE, HOOK], &["without WASI"]);
        refused(&["prosody:policy/contents@0.1.0"], &[LIFE, HOOK], &["did you mean content?"]);
        refused(&["other:thing/x@1.0.0"], &[LIFE, HOOK], &["no meaning here"]);
        refused(&[], &[LIFE], &["implements no hook"]);
        refused(&[], &[], &["lifecycle", "implements no hook"]);
        refused(&[], &["run"], &["no meaning here", "lifecycle", "implements no hook"]);
        refused(&[], &[LIFE, "prosody:policy/message-policy@0.2.0"], &["upgrade mod_wasm", "implements no hook"]);
        refused(&[], &[LIFE, HOOK, "prosody:policy/stat@0.1.0"], &["did you mean state?"]);
    }
}
