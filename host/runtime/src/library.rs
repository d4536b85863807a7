//! Finding a bundled policy by its name.

use std::ffi::OsStr;
use std::path::PathBuf;

use anyhow::{Result, anyhow};

use crate::suggestion::nearest;

/// Where policies are, seen from the program's folder: as `make install` puts them, and as LuaRocks does.
const BESIDE: [&str; 2] = ["../lib/prosody/wasm", "../share/lua/5.4/mod_wasm/policies"];

/// The folders in which policies are looked up, first to last.
#[derive(Clone, Debug)]
pub struct Library {
    folders: Vec<PathBuf>,
}

impl Library {
    /// From a list of folders separated by colons, such as `PROSODY_WASM_PATH`, then the folder that is
    /// installed with the program, then the usual one.
    pub fn from_environment(list: Option<&OsStr>) -> Self {
        let mut folders: Vec<PathBuf> = list.map(|list| std::env::split_paths(list).collect()).unwrap_or_default();
        if let Ok(program) = std::env::current_exe() {
            let places = program.parent().map(|folder| BESIDE.map(|place| folder.join(place)));
            folders.extend(places.into_iter().flatten().filter(|folder| folder.is_dir()));
        }
        folders.push("/usr/lib/prosody/wasm".into());
        Self { folders }
    }

    /// The file of a policy: a path when the word looks like one, else `NAME.wasm` in one of the folders.
    pub fn find(&self, word: &str) -> Result<PathBuf> {
        if word.contains('/') || word.ends_with(".wasm") {
            return Ok(word.into());
        }
        let file = format!("{word}.wasm");
        let mut places = self.folders.iter().map(|folder| folder.join(&file)).chain([PathBuf::from(word)]);
        let found = places.find(|path| path.is_file());
        found.ok_or_else(|| self.missing(word))
    }

    fn missing(&self, word: &str) -> anyhow::Error {
        let names = self.names();
        let folders: Vec<_> = self.folders.iter().map(|folder| folder.display().to_string()).collect();
        let meant = nearest(word, names.iter().map(String::as_str));
        let meant = meant.map(|name| format!("; did you mean {name}?")).unwrap_or_default();
        anyhow!("there is no policy {word}.wasm in {} (PROSODY_WASM_PATH){meant}", folders.join(":"))
    }

    fn names(&self) -> Vec<String> {
        let entries = self.folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        names.filter_map(|name| name.strip_suffix(".wasm").map(str::to_owned)).collect()
    }
}
