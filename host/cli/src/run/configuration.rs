//! What the throwaway Prosody is told: two accounts, loopback only, the policy with the project's settings.

use std::fs::{create_dir_all, write};
use std::path::Path;

use anyhow::{Context, Result};
use prosody_wasm_runtime::Limits;
use serde_json::{Value, json};

use super::lua::{literal, quoted};
use crate::project::Project;

/// The file's name.
pub const FILE: &str = "prosody.cfg.lua";
/// The host.
pub const HOST: &str = "localhost";
/// Its accounts.
pub const USERS: [&str; 2] = ["alice", "bob"];
/// The password of both. Whoever is on this machine could log in with it, to a server that knows nobody and ends soon.
pub const PASSWORD: &str = "secret";

const MODULES: [&str; 10] =
    ["roster", "saslauth", "disco", "ping", "pep", "carbons", "blocklist", "csi", "smacks", "mam"];

/// Writes configuration and accounts.
pub fn write_files(folder: &Path, project: &Project, port: u16) -> Result<()> {
    let accounts = folder.join("data").join(HOST).join("accounts");
    create_dir_all(&accounts).context("cannot make the accounts")?;
    for user in USERS {
        let account = format!("return {{ [\"password\"] = {} }};\n", quoted(PASSWORD));
        write(accounts.join(format!("{user}.dat")), account).context("cannot write an account")?;
    }
    write(folder.join(FILE), text(folder, project, port)?).context("cannot write the configuration")
}

fn text(folder: &Path, project: &Project, port: u16) -> Result<String> {
    let mut options = json!({
        "pidfile": folder.join("prosody.pid"),
        "data_path": folder.join("data"),
        "certificates": folder,
        "modules_enabled": MODULES,
        "modules_disabled": ["s2s"],
        "interfaces": ["127.0.0.1"],
        "c2s_ports": [port],
        "c2s_direct_tls_ports": [],
        "legacy_ssl_ports": [],
        "c2s_require_encryption": false,
        "allow_unencrypted_plain_auth": true,
        "authentication": "internal_plain",
        "storage": "internal",
        "log": [{ "levels": { "min": "debug" }, "to": "stdout" }],
        "wasm_compiler": std::env::current_exe().context("cannot find this program")?,
        "wasm_policies": { &project.name: policy(project)? },
    });
    if nix::unistd::geteuid().is_root() {
        options["run_as_root"] = true.into();
    }
    if let Some(modules) = modules() {
        options["plugin_paths"] = json!([modules]);
    }
    let lines = options.as_object().into_iter().flatten().map(|(name, value)| format!("{name} = {}\n", literal(value)));
    let hosts =
        [format!("VirtualHost {}", quoted(HOST)), format!("Component {} \"muc\"", quoted(&format!("rooms.{HOST}")))];
    let hosts = hosts.map(|host| format!("\n{host}\n\tmodules_enabled = {{ \"wasm\" }}\n"));
    Ok(lines.collect::<String>() + &hosts.concat())
}

fn policy(project: &Project) -> Result<Value> {
    let settings: Value = serde_json::from_str(&project.settings)?;
    let path = project.component().canonicalize().context("there is no component to load")?;
    let Limits { milliseconds, memory, budget } = project.limits;
    Ok(json!({
        "path": path,
        "follow": true,
        "settings": settings,
        "limits": { "milliseconds": milliseconds, "memory": memory, "budget": budget },
    }))
}

/// mod_wasm as it is installed beside this program; else Prosody has it where it looks.
fn modules() -> Option<std::path::PathBuf> {
    let beside = std::env::current_exe().ok()?.parent()?.join("../lib/prosody/modules").canonicalize().ok()?;
    beside.join("mod_wasm").is_dir().then_some(beside)
}
