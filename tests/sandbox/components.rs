//! Components that are none of ours: what they are told.

use anyhow::Result;
use prosody_wasm_runtime::{Engine, Generation, Policy, Purpose, Terms};
use wasmtime::component::Component;

const LIFECYCLE: &str = "prosody:policy/lifecycle@0.1.0";

fn load(text: &str) -> Result<(Engine, Policy)> {
    let engine = Engine::new(Purpose::Server, &Engine::configuration(Purpose::Server))?;
    let component = Component::new(engine.wasmtime(), wat::parse_str(text)?).map_err(anyhow::Error::from)?;
    let policy = Policy::prepare(&engine, &component, "", Terms::default())?;
    Ok((engine, policy))
}

fn refused(text: &str, expected: &[&str]) {
    let Err(error) = load(text) else { panic!("accepted: {text}") };
    let message = format!("{error:#}");
    for part in expected {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn of_another_world() {
    refused("(component)", &["does not export prosody:policy/lifecycle", "implements no hook"]);
    refused(r#"(component (import "wasi:cli/environment@0.2.0" (instance)))"#, &["without WASI", "implements no hook"]);
    refused(r#"(component (import "prosody:policy/logs@0.1.0" (instance)))"#, &["did you mean log?"]);
    refused(r#"(component (import "prosody:policy/log@0.2.0" (instance)))"#, &["upgrade mod_wasm"]);
    refused(r#"(component (import "prosody:policy/log@0.1.6" (instance)))"#, &["speaks version 0.1.5"]);
    refused(r#"(component (instance $i) (export "prosody:policy/message-policy@9.0.0" (instance $i)))"#, &["upgrade"]);
}

/// The right names with nothing behind them.
fn hollow_text() -> String {
    format!(
        r#"(component (instance $i)
            (export "{LIFECYCLE}" (instance $i))
            (export "prosody:policy/message-policy@0.1.0" (instance $i)))"#
    )
}

#[test]
fn hollow() {
    let (engine, policy) = load(&hollow_text()).unwrap();
    let failure = Generation::start(&engine, policy, 1).err().unwrap().to_string();
    assert!(failure.contains("another type than in wit/"), "{failure}");
}

/// An import with the right name and the wrong type.
#[test]
fn of_another_type() {
    let text = format!(
        r#"(component
            (import "prosody:policy/clock@0.1.0" (instance (export "now" (func (result string)))))
            (instance $i)
            (export "{LIFECYCLE}" (instance $i))
            (export "prosody:policy/message-policy@0.1.0" (instance $i)))"#
    );
    refused(&text, &["imports do not fit"]);
}

/// A policy of a component that another one is made of is not loaded a second time; and not kept for nobody.
#[test]
fn of_another_host() {
    let (engine, first) = load(&hollow_text()).unwrap();
    let second = Policy::shared(&engine, "", &Terms::default()).unwrap().unwrap();
    assert_eq!(second.surface, first.surface);
    assert!(Policy::shared(&engine, "another", &Terms::default()).is_none());
    let limits = prosody_wasm_runtime::Limits { milliseconds: 0, ..Default::default() };
    let unsound = Terms { limits, ..Terms::default() };
    assert!(Policy::shared(&engine, "", &unsound).unwrap().is_err(), "its own terms are checked");
    drop((first, second));
    assert!(Policy::shared(&engine, "", &Terms::default()).is_none());
}

/// An artifact of another configuration does not load.
#[test]
fn of_another_engine() {
    let engine = Engine::new(Purpose::Server, &Engine::configuration(Purpose::Server)).unwrap();
    let other = wasmtime::Engine::new(&Engine::configuration(Purpose::Offline)).unwrap();
    let artifact = other.precompile_component(&wat::parse_str("(component)").unwrap()).unwrap();
    let Err(error) = Policy::load(&engine, artifact.clone().into(), "", Terms::default()) else { panic!("accepted") };
    assert!(format!("{error:#}").contains("does not load"), "{error:#}");
    for artifact in [&b""[..], b"\x7fELF", &artifact[..artifact.len() / 2]] {
        assert!(Policy::load(&engine, artifact.to_vec().into(), "", Terms::default()).is_err());
    }
}
