//! A file that is there whole or as it was before: written beside its place, then renamed into it, because a server may
//! follow it.

use std::fs::{self, OpenOptions};
use std::io::{Result, Write};
use std::path::Path;

/// Puts these bytes in the place of a file. Who may write into the folder cannot lead the writing elsewhere: nothing that
/// is there already under the temporary name is opened, a link neither.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let temporary = path.with_file_name(name);
    let _ = fs::remove_file(&temporary); // of a process that had this number and was killed
    let mut file = OpenOptions::new().write(true).create_new(true).open(&temporary)?;
    let written = file.write_all(bytes).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_leads_nowhere() {
        let folder = std::env::temp_dir().join(format!("replacing-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (file, other) = (folder.join("a.wasm"), folder.join("other"));
        symlink(&other, folder.join(format!("a.wasm.{}.part", std::process::id()))).unwrap();
        replace(&file, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(!other.exists());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::create_dir(folder.join("b.wasm")).unwrap();
        assert!(replace(&folder.join("b.wasm"), b"new").is_err());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        fs::remove_dir_all(&folder).unwrap();
    }
}
