//! Printing: the only place that writes to the standard output.

use std::io::Write;

/// An error, in one line.
pub fn error(error: &anyhow::Error) {
    eprintln!("prosody-wasm: {error:#}");
}

/// A line. A reader that has seen enough (`| head`) ends the program quietly.
pub fn line(line: &str) {
    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}

/// A JSON value, in one line.
pub fn json(value: &serde_json::Value) {
    line(&value.to_string());
}
