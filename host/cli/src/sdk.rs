//! Where what authors link against is installed.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use crate::language::Language;

/// The installed folder: `sdk/LANGUAGE`, and `wit`.
#[derive(Clone, Debug)]
pub struct Sdk {
    folder: PathBuf,
}

impl Sdk {
    /// `PROSODY_WASM_SDK`, else what is installed beside this program, else the usual place.
    pub fn find() -> Result<Self> {
        let named = std::env::var_os("PROSODY_WASM_SDK").map(PathBuf::from);
        let beside = || Some(std::env::current_exe().ok()?.parent()?.join("../share/prosody-wasm"));
        let places = named.map_or_else(
            || beside().into_iter().chain([PathBuf::from("/usr/share/prosody-wasm")]).collect(),
            |named| vec![named],
        );
        match places.iter().find_map(|place| place.canonicalize().ok().filter(|place| place.is_dir())) {
            Some(folder) => Ok(Self { folder }),
            None => bail!(
                "the SDK is not in {}: install mod_wasm as a whole, or let PROSODY_WASM_SDK name its folder \
                 share/prosody-wasm",
                places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(" or ")
            ),
        }
    }

    /// The part for one language.
    pub fn of(&self, language: Language) -> Result<PathBuf> {
        let folder = self.folder.join("sdk").join(language.word());
        ensure!(folder.is_dir(), "the SDK for {language} is not installed: there is no folder {}", folder.display());
        Ok(folder.canonicalize()?)
    }

    /// The contract between policies and hosts.
    pub fn wit(&self) -> PathBuf {
        self.folder.join("wit")
    }
}

/// A path as it stands between the quotes of a TOML or JSON text.
pub fn quoted(path: &Path) -> Result<String> {
    let Some(text) = path.to_str() else { bail!("{} is not UTF-8, and can stand in no manifest", path.display()) };
    let quoted = serde_json::to_string(text)?;
    Ok(quoted[1..quoted.len() - 1].to_owned())
}
