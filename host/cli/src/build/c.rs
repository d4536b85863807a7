//! C: clang makes a core module, without libc and without WASI, and the component is made here.

mod module;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::tool;
use crate::language::Language;
use crate::project::Project;
use crate::sdk::Sdk;

/// Small; whatever nobody calls is left out, so that what is imported is what is used.
const OPTIONS: [&str; 14] = [
    "--target=wasm32",
    "-std=c11",
    "-Os",
    "-g",
    "-Wall",
    "-Wextra",
    "-ffreestanding",
    "-ffunction-sections",
    "-fdata-sections",
    "-mbulk-memory",
    "-nostdlib",
    "-Wl,--no-entry",
    "-Wl,--gc-sections",
    "-Wl,-z,stack-size=65536",
];

/// Builds the project's component.
pub fn component(project: &Project) -> Result<Vec<u8>> {
    let folder = &project.folder;
    let clang = clang()?;
    let sdk = Sdk::find()?;
    let part = sdk.of(Language::C)?;
    let build = folder.join("build");
    std::fs::create_dir_all(&build).with_context(|| format!("cannot make {}", build.display()))?;
    let mut arguments: Vec<OsString> = OPTIONS.into_iter().map(OsString::from).collect();
    let here = folder.join(".").canonicalize()?;
    arguments.extend([shown_as(&here, ""), shown_as(&part, "prosody-policy/")]);
    arguments.extend(["-I".into(), part.join("include").into(), "-o".into(), tool::MADE.into()]);
    arguments.extend(sources(&folder.join("."))?.into_iter().chain(sources(&part.join("src"))?).map(OsString::from));
    tool::run(&clang, folder, &arguments.iter().map(OsString::as_os_str).collect::<Vec<&OsStr>>())?;
    let module = tool::take(folder)?;
    module::component(&module, &sdk.wit(), &build.join("wit"))
}

/// What names a file of this folder in the component does not say where it was built: logs are read elsewhere.
fn shown_as(folder: &Path, shown: &str) -> OsString {
    let mut option = OsString::from("-ffile-prefix-map=");
    option.push(folder);
    option.push("/=");
    option.push(shown);
    option
}

fn clang() -> Result<PathBuf> {
    let (clang, linker) = (tool::on_path("clang"), tool::on_path("wasm-ld"));
    ensure!(
        clang.is_some() && linker.is_some(),
        "policies in C are built with clang 14 or newer and its linker: install them with `apt-get install clang lld`"
    );
    clang.context("clang is missing")
}

/// The C files of a folder, in the order of their names.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.map(|entry| entry?.path().canonicalize()).collect::<std::io::Result<Vec<_>>>()?;
    let mut sources: Vec<_> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "c")).collect();
    sources.sort();
    ensure!(!sources.is_empty(), "there is no .c in {}", folder.display());
    Ok(sources)
}
