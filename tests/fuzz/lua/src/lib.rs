//! Prosody's own Lua code, with the library that `make build` built: what these targets are compared with.
//!
//! A target in Lua is a file that returns a function of bytes; an error that it raises is a finding. It finds the table
//! `host`, which has what is in Rust, and `library`, which is what Prosody loads. The library is not instrumented: what
//! guides the fuzzer there is what its answers make of the code of these targets.
#![allow(unsafe_code, reason = "a Lua that may load Prosody's modules in C is unsafe by its name")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use mlua::{Function, Lua, LuaString, Result, Table, Value};
use prosody_stanza::edit::{Edit, NewElement};
use prosody_stanza::{Limits, Stanza, xml};

/// The targets by their names, which are also those of the folders with their seeds.
pub const TARGETS: &[(&str, &str)] = &[
    ("tree-roundtrip", include_str!("tree_roundtrip.lua")),
    ("xml-diff", include_str!("xml_diff.lua")),
    ("config-from-lua", include_str!("config_from_lua.lua")),
    ("jid-diff", include_str!("jid_diff.lua")),
    ("store-crash", include_str!("store_crash.lua")),
];

/// Runs a target, of which there is one in a process.
///
/// # Panics
/// When it raises.
pub fn run(name: &str, text: &str, bytes: &[u8]) {
    thread_local!(static TARGET: std::cell::OnceCell<(Lua, Function)> = const { std::cell::OnceCell::new() });
    TARGET.with(|target| {
        let (lua, function) =
            target.get_or_init(|| start(name, text).unwrap_or_else(|error| panic!("{name} does not start: {error}")));
        let result = lua.create_string(bytes).and_then(|bytes| function.call::<()>(bytes));
        result.unwrap_or_else(|error| panic!("{name}: {error}"));
    });
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn start(name: &str, text: &str) -> Result<(Lua, Function)> {
    // SAFETY: what is loaded is Prosody, and lua-expat of the distribution: both are trusted with a server.
    let lua = unsafe { Lua::unsafe_new() };
    let globals = lua.globals();
    globals.set("host", host(&lua)?)?;
    lua.load(include_str!("prelude.lua")).set_name("=prelude").exec()?;
    let function = lua.load(text).set_name(format!("={name}")).eval()?;
    Ok((lua, function))
}

fn host(lua: &Lua) -> Result<Table> {
    let host = lua.create_table()?;
    host.set("root", root().display().to_string())?;
    host.set("cache", cache().display().to_string())?;
    host.set("quoted", lua.create_function(|_, text: String| Ok(format!("{text:?}")))?)?;
    host.set("split", lua.create_function(split)?)?;
    host.set("described", lua.create_function(|_, (text, stream): (LuaString, String)| Ok(parsed(&text, &stream)))?)?;
    host.set("edited", lua.create_function(edited)?)?;
    host.set("is_json", lua.create_function(|_, text: LuaString| Ok(is_json(&text)))?)?;
    host.set("prepared", lua.create_function(|_, text: String| Ok(firewall::preparation::prepared(&text)))?)?;
    Ok(host)
}

/// The parts of an address, as rules of the firewall split it.
fn split(lua: &Lua, text: String) -> Result<Table> {
    let parts = lua.create_table()?;
    if let Some(address) = firewall::address::Address::split(&text) {
        parts.set("node", address.node)?;
        parts.set("host", address.host)?;
        parts.set("resource", address.resource)?;
        parts.set("bare", address.bare)?;
    }
    Ok(parts)
}

fn is_json(text: &LuaString) -> bool {
    serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&text.as_bytes()).is_ok()
}

/// Artifacts of this program: other than the server's they are not looked for on the disk of the next run.
fn cache() -> PathBuf {
    std::env::temp_dir().join(format!("fuzz-cache-{}", std::process::id()))
}

/// What the host's own reader makes of a text; `nil` when it refuses it.
fn parsed(text: &LuaString, stream: &str) -> Option<String> {
    let text = std::str::from_utf8(&text.as_bytes()).ok()?.to_owned();
    xml::parse(&text, stream, &Limits::default()).ok().map(|stanza| described(&stanza))
}

/// One line a node, as the guest `echoing` describes a stanza.
fn described(stanza: &Stanza) -> String {
    let mut lines = Vec::new();
    for number in 0..stanza.len() as u32 {
        let mut line = format!("{number} ");
        match stanza.element(number) {
            Some(element) => {
                let _ = write!(line, "{{{:?}}}{:?}", element.namespace(), element.name());
                for (name, value) in element.attributes() {
                    let _ = write!(line, " {name:?}={value:?}");
                }
            }
            None => line.push_str(&format!("{:?}", stanza.text_node(number).unwrap_or_default())),
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// The stanza after those of the edits that the host allows: its description, and which they were.
fn edited(lua: &Lua, (text, edits): (String, Vec<Table>)) -> Result<(Value, Vec<usize>)> {
    let Ok(stanza) = xml::parse(&text, "jabber:client", &Limits::default()) else { return Ok((Value::Nil, vec![])) };
    let (mut allowed, mut numbers) = (Vec::new(), Vec::new());
    for (number, table) in edits.iter().enumerate() {
        let edit = edit(table)?;
        if edit.check(&stanza).is_ok() {
            allowed.push(edit);
            numbers.push(number + 1);
        }
    }
    let Ok(edited) = stanza.edited(&allowed, &Limits::default()) else { return Ok((Value::Nil, vec![])) };
    Ok((Value::String(lua.create_string(described(&edited))?), numbers))
}

/// An edit as the library gives it to the shim, read back.
fn edit(table: &Table) -> Result<Edit> {
    let (node, text) =
        (table.get("node")?, |name: &str| table.get::<Option<String>>(name).map(Option::unwrap_or_default));
    Ok(match text("op")?.as_str() {
        "remove" => Edit::Remove { node },
        "set-text" => Edit::SetText { node, text: text("text")? },
        "set-attribute" => Edit::SetAttribute { node, name: text("name")?, value: text("value")? },
        "remove-attribute" => Edit::RemoveAttribute { node, name: text("name")? },
        _ => {
            let attributes: Option<Table> = table.get("attributes")?;
            let attributes = attributes.into_iter().flat_map(|of| of.pairs::<String, String>().collect::<Vec<_>>());
            let attributes = attributes.collect::<Result<Vec<_>>>()?;
            let element =
                NewElement { name: text("name")?, namespace: text("xmlns")?, attributes, text: text("text")? };
            Edit::Append { parent: node, element }
        }
    })
}
