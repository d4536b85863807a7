//! Each `unsafe` of this project is in docs/unsafe.md, with a comment that says why it is sound.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How many there are, by file and function.
type Found = BTreeMap<(String, String), usize>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Our own source, not what was built or fetched.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name());
        // This file has the forms of it in texts.
        let is_ours = !["target", "node_modules", "unsafe_code.rs"].iter().any(|other| name == *other);
        if entry.file_type().unwrap().is_dir() && is_ours {
            sources(&path, found);
        } else if is_ours && path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Is it the keyword, and not part of an attribute, a comment or a text?
fn is_unsafe(line: &str) -> bool {
    let code = line.trim_start();
    let in_text = code.starts_with("//") || code.starts_with("#[") || code.starts_with("#![");
    !in_text
        && code.split('"').step_by(2).any(|code| {
            ["unsafe {", "unsafe fn ", "unsafe impl ", "unsafe extern "].iter().any(|form| code.contains(form))
        })
}

/// The name of the function that begins on this line.
fn function(line: &str) -> Option<&str> {
    let code = line.trim_start();
    let is_code = !code.starts_with("//");
    let (_, name) =
        code.split_once("fn ").filter(|(before, _)| is_code && before.split(' ').all(is_before_a_function))?;
    name.split(['(', '<']).next()
}

fn is_before_a_function(word: &str) -> bool {
    ["", "pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern", "\"C-unwind\""].contains(&word)
}

/// Those of one file, each with its reason a few lines above.
fn read(name: &str, text: &str, found: &mut Found) {
    let mut inside = "-";
    let mut explained = 0;
    for (number, line) in text.lines().enumerate() {
        inside = function(line).unwrap_or(inside);
        if line.contains("// SAFETY:") {
            explained = number;
        }
        if is_unsafe(line) {
            let is_explained = explained > 0 && number - explained <= 4;
            assert!(is_explained, "{name}:{}: say in a comment `// SAFETY: …` right above why it is sound", number + 1);
            explained = number;
            *found.entry((name.to_owned(), inside.to_owned())).or_default() += 1;
        }
    }
}

/// The rows of the table: file, function, how many.
fn listed() -> Found {
    let page = fs::read_to_string(root().join("docs/unsafe.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| row.split('|').map(|cell| cell.trim().trim_matches('`')).collect::<Vec<_>>());
    cells.map(|cells| ((cells[1].to_owned(), cells[2].to_owned()), cells[3].parse().unwrap())).collect()
}

#[test]
fn all_of_it_is_listed() {
    let mut files = Vec::new();
    ["host", "guest-plugins", "tests"].iter().for_each(|folder| sources(&root().join(folder), &mut files));
    let mut found = Found::new();
    for path in files {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        read(&name, &fs::read_to_string(&path).unwrap(), &mut found);
    }
    assert_eq!(found, listed(), "left: what is in the source; right: what docs/unsafe.md lists");
}

#[test]
fn one_without_a_reason_is_found() {
    let explained = "fn a() {\n    // SAFETY: because.\n    unsafe { b() }\n}";
    let mut found = Found::new();
    read("x.rs", explained, &mut found);
    assert_eq!(found, Found::from([(("x.rs".into(), "a".into()), 1)]));
    let bare = std::panic::catch_unwind(|| read("x.rs", "fn a() {\n    unsafe { b() }\n}", &mut Found::new()));
    assert!(bare.is_err());
    for line in ["// unsafe { }", "let a = \"unsafe { }\";", "#[expect(unsafe_code)]", "unsafe_code = 1"] {
        assert!(!is_unsafe(line), "{line}");
    }
}
