//! What is known to lie in a data folder beside Prosody's storage, and holds nothing of people.

use std::path::Path;

use super::sqlite;

/// What policies are made of, where mod_wasm notes which one it loads, and modules that were installed.
const FOLDERS: [&str; 6] = ["wasm-cache", "wasm-generations", "wasm-loading", "custom_plugins", ".luarocks", ".cache"];
/// Files that `prosodyctl cert` writes, and those that others put beside them.
const CERTIFICATES: [&str; 5] = ["crt", "key", "pem", "cnf", "req"];
const CERTIFICATE_FOLDER: &str = "certs";
/// Companions of a database, which SQLite reads with it.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Is this a folder beside the hosts that holds nothing of people?
pub fn is_folder(name: &str) -> bool {
    FOLDERS.contains(&name)
}

/// Is this a file beside the hosts that holds nothing of people, or is read with another?
pub fn is_file(root: &Path, name: &str) -> bool {
    let is_companion = |end| name.strip_suffix(end).is_some_and(|name| sqlite::is_database(&root.join(name)));
    name.ends_with(".pid") || is_certificate("", name) || COMPANIONS.into_iter().any(is_companion)
}

/// Is this a certificate or its key, beside the hosts (`host` is empty) or in the folder for them?
pub fn is_certificate(host: &str, name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    (host.is_empty() || host == CERTIFICATE_FOLDER) && CERTIFICATES.contains(&extension)
}

/// Is this the index of an item list, which holds numbers only?
pub fn is_index(name: &str) -> bool {
    name.trim_end_matches('~').ends_with(".lidx")
}
