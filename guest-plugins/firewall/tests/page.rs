//! The page for operators has the words of the language as the policy knows them.

use std::path::PathBuf;

#[test]
fn tables() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/firewall.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    for (kind, rows) in firewall::tables() {
        let table = format!("| {kind} | here | what it means |\n|---|---|---|\n{}\n\n", rows.join("\n"));
        assert!(page.contains(&table), "the table of {kind}s in docs/firewall.md should be:\n\n{table}");
    }
}
