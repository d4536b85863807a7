//! A policy's failure in words for its author: where, what it had said and used, and what to do.

use anyhow::anyhow;
use prosody_wasm_runtime::{Failure, Scene};
use serde_json::{Value, json};

use crate::debug_info::{DebugInfo, Place};
use crate::{explain, print};

/// Places of libraries are shown only when there are no others.
fn places(scene: &Scene, component: &[u8]) -> Vec<Place> {
    let Ok(info) = DebugInfo::read(component, None) else { return Vec::new() };
    let all: Vec<Place> = scene.frames.iter().flat_map(|frame| info.places(frame.offset)).collect();
    let of_the_author: Vec<Place> = all.iter().filter(|place| !place.is_library).cloned().collect();
    if of_the_author.is_empty() { all } else { of_the_author }
}

/// Lines to print below a sentence that says what went wrong.
pub fn lines(failure: &Failure, component: &[u8]) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(scene) = &failure.scene {
        let places = places(scene, component);
        let without_lines = places.iter().all(|place| place.position.is_none());
        lines.extend(explain::all(&places).into_iter().map(|line| format!("at {line}")));
        if without_lines && !scene.frames.is_empty() {
            lines.push(explain::NO_LINES.to_owned());
        }
        lines.extend(scene.lines.iter().map(|(_, line)| format!("it had logged: {line}")));
        lines.push(format!("it had used {}", scene.used));
    }
    lines.extend(failure.hint().map(str::to_owned));
    lines
}

/// Says it beside what a command prints, with the command that shows it again.
pub fn tell(what: &str, failure: &Failure, component: &[u8], again: &str) {
    let again = format!("again: {again}");
    print::beside(what);
    lines(failure, component).iter().chain([&again]).for_each(|line| print::beside(&format!("  {line}")));
}

/// The same as an error that ends a command.
pub fn error(policy: &str, failure: &Failure, component: &[u8]) -> anyhow::Error {
    let first = format!("{policy}: {failure}");
    anyhow!(std::iter::once(first).chain(lines(failure, component)).collect::<Vec<_>>().join("\n  "))
}

/// The same for programs.
pub fn json(failure: &Failure, component: &[u8]) -> Value {
    let scene = failure.scene.as_deref().cloned().unwrap_or_default();
    let places = places(&scene, component);
    json!({
        "what": failure.to_string(),
        "at": places.iter().map(|place| json!({ "position": place.position, "function": place.function })).collect::<Vec<_>>(),
        "logged": scene.lines.iter().map(|(_, line)| line).collect::<Vec<_>>(),
        "used": scene.used.to_string(),
        "hint": failure.hint(),
    })
}
