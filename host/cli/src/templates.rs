//! The files of a new project, with places to fill in. They are `guest-plugins/templates`, and part of this program.

use crate::language::Language;

/// A file: its path in the project, and its text. Both may have places.
pub type File = (&'static str, &'static str);

macro_rules! files {
    ($folder:literal: $($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../../guest-plugins/templates/", $folder, "/", $path)))),*]
    };
}

/// Those of every language.
const COMMON: &[File] = files!("common":
    "LICENSE" "README.md" "policy.json" "settings.schema.json" "cases/{{name}}.json");

const RUST: &[File] = files!("rust":
    ".cargo/config.toml" ".github/workflows/test.yml" ".gitignore" "Cargo.toml" "src/lib.rs");

const JAVASCRIPT: &[File] = files!("javascript":
    ".github/workflows/test.yml" ".gitignore" "jsconfig.json" "package.json" "policy.js");

const PYTHON: &[File] = files!("python":
    ".github/workflows/test.yml" ".gitignore" "policy.py" "pyproject.toml" "requirements.txt");

const C: &[File] = files!("c":
    ".github/workflows/test.yml" ".gitignore" "policy.c");

/// The files of a project in this language.
pub fn files(language: Language) -> impl Iterator<Item = &'static File> {
    let own = match language {
        Language::Rust => RUST,
        Language::Javascript => JAVASCRIPT,
        Language::Python => PYTHON,
        Language::C => C,
    };
    COMMON.iter().chain(own)
}

/// Puts words into their places: `{{name}}`.
pub fn filled(text: &str, words: &[(&str, String)]) -> String {
    words.iter().fold(text.to_owned(), |text, (place, word)| text.replace(&format!("{{{{{place}}}}}"), word))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn on_disk(folder: &Path, found: &mut BTreeSet<String>, root: &Path) {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => on_disk(&path, found, root),
                false => drop(found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned())),
            }
        }
    }

    /// A file that is forgotten here would be in no project.
    #[test]
    fn every_file_is_embedded() {
        let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guest-plugins/templates");
        for language in [Language::Rust, Language::Javascript, Language::Python, Language::C] {
            let mut found = BTreeSet::new();
            for folder in ["common", language.word()] {
                let root = templates.join(folder);
                on_disk(&root, &mut found, &root);
            }
            let embedded: BTreeSet<String> = files(language).map(|(path, _)| (*path).to_owned()).collect();
            assert_eq!(found, embedded, "{language}");
        }
    }

    #[test]
    fn words_are_put_into_their_places() {
        let words = [("name", "x".to_owned()), ("type", "X".to_owned())];
        assert_eq!(filled("{{name}} {{type}} ${{ vars.name }}", &words), "x X ${{ vars.name }}");
    }
}
