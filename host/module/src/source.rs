//! `source`: a policy's file, and its compilation in a child.

use std::path::{Path, PathBuf};

use mlua::{Lua, UserData, UserDataMethods};
use prosody_wasm_runtime::compilation::{Compilation, Progress};
use prosody_wasm_runtime::{Cache, Purpose, Source};

use crate::{Answer, answer};

/// A component that was read from a file.
pub struct SourceHandle {
    pub source: Source,
    pub cache: Cache,
    folder: PathBuf,
    compilation: Option<Compilation>,
}

/// `native.open(path, cache_path, sha256|nil) -> source | nil, err`
pub fn open(_: &Lua, (path, cache, sha256): (String, String, Option<String>)) -> Answer<SourceHandle> {
    answer(read(Path::new(&path), PathBuf::from(cache), sha256.as_deref()))
}

fn read(path: &Path, folder: PathBuf, sha256: Option<&str>) -> anyhow::Result<SourceHandle> {
    let source = Source::read(path, sha256)?;
    let cache = Cache::open(&folder, Purpose::Server)?;
    Ok(SourceHandle { source, cache, folder, compilation: None })
}

impl UserData for SourceHandle {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("sha256", |_, this, ()| Ok(this.source.sha256.clone()));
        methods.add_method("compiled", |_, this, ()| Ok(this.cache.has(&this.source.sha256)));
        methods.add_method_mut("compile", |_, this, (compiler, seconds): (String, u64)| {
            answer(this.compile(&compiler, seconds).map(|()| true))
        });
        methods.add_method_mut("poll", |_, this, ()| answer(this.poll()));
        methods.add_method_mut("cancel", |_, this, ()| {
            this.compilation = None;
            Ok(())
        });
    }
}

impl SourceHandle {
    fn compile(&mut self, compiler: &str, seconds: u64) -> anyhow::Result<()> {
        self.compilation = Some(Compilation::start(compiler, &self.source, &self.folder, seconds)?);
        Ok(())
    }

    fn poll(&mut self) -> anyhow::Result<&'static str> {
        let compilation = self.compilation.as_mut().ok_or_else(|| anyhow::anyhow!("nothing is being compiled"))?;
        let progress = compilation.poll();
        if !matches!(progress, Ok(Progress::Running)) {
            self.compilation = None;
        }
        Ok(match progress? {
            Progress::Running => "running",
            Progress::Done => "done",
        })
    }
}
