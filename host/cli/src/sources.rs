//! The files of a project that make its policy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::project::Project;

/// Folders that tools make, and what says nothing about the component.
const NOT: [&str; 6] = ["build", "target", "node_modules", "cases", "venv", "policy.json"];
/// What people write policies in.
const ENDINGS: [&str; 9] = ["rs", "js", "ts", "py", "c", "h", "toml", "json", "txt"];
/// Levels of folders that are looked into.
const DEPTH: usize = 8;

/// When the files were changed.
pub struct Sources {
    folder: PathBuf,
    changed: BTreeMap<PathBuf, SystemTime>,
}

impl Sources {
    pub fn of(project: &Project) -> Self {
        let folder = project.folder.join(".");
        let changed = found(&folder);
        Self { folder, changed }
    }

    /// One of the files that were changed after the component was built.
    pub fn unbuilt(&self, project: &Project) -> Option<PathBuf> {
        let built = project.component().metadata().and_then(|about| about.modified()).ok()?;
        let newer = self.changed.iter().find(|(_, changed)| **changed > built);
        newer.map(|(path, _)| self.named(path))
    }

    /// One of the files that were changed since this was asked last.
    pub fn saved(&mut self) -> Option<PathBuf> {
        let now = found(&self.folder);
        let saved = now.iter().find(|(path, time)| self.changed.get(*path) != Some(time));
        let saved = saved.map(|(path, _)| self.named(path));
        self.changed = now;
        saved
    }

    /// As people see it from the project's folder.
    fn named(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.folder).unwrap_or(path).to_owned()
    }
}

fn found(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![(folder.to_owned(), 0)]);
    while let Some((folder, depth)) = folders.pop() {
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(about) = entry.metadata() else { continue };
            let is_ours = !NOT.iter().any(|other| name == **other) && !name.to_string_lossy().starts_with('.');
            let is_source = path.extension().is_some_and(|end| ENDINGS.iter().any(|other| end == *other));
            match about.is_dir() {
                true if is_ours && depth < DEPTH => folders.push((path, depth + 1)),
                false if is_ours && is_source => drop(about.modified().map(|time| files.insert(path, time))),
                _ => {}
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_what_is_saved() {
        let folder = std::env::temp_dir().join(format!("sources-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::create_dir_all(folder.join("target")).unwrap();
        let mut sources = Sources { folder: folder.clone(), changed: found(&folder) };
        std::fs::write(folder.join("target/x.rs"), "").unwrap();
        let built = sources.saved();
        std::fs::write(folder.join("src/lib.rs"), "").unwrap();
        let (saved, again) = (sources.saved(), sources.saved());
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!((built, saved, again), (None, Some("src/lib.rs".into()), None));
    }
}
