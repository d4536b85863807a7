//! Printing: the only place that writes to the standard output.

use std::io::{ErrorKind, Write};

/// An error, in one line.
pub fn error(error: &anyhow::Error) {
    eprintln!("prosody-wasm: {error:#}");
}

/// A line beside the answers, which programs may read.
pub fn beside(line: &str) {
    eprintln!("{line}");
}

/// A line. A reader that has seen enough (`| head`) ends the program quietly.
pub fn line(line: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "{line}") {
        let quiet = error.kind() == ErrorKind::BrokenPipe;
        std::process::exit(if quiet { 0 } else { 2 });
    }
}

/// A JSON value, in one line.
pub fn json(value: &serde_json::Value) {
    line(&value.to_string());
}

/// Text from a file in one line, with nothing that a terminal would act on.
pub fn plain(text: &str) -> String {
    text.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
}
