//! Which tools made a component, as it says itself.

use wasmparser::{KnownCustom, Parser, Payload};

/// What to change in how a component is built that imports WASI, by the tool that made it.
const WITHOUT_WASI: [(&str, &str); 5] = [
    ("componentize-py", "build it with componentize-py and --stub-wasi"),
    ("componentize-qjs", "build it with componentize-qjs and --stub-wasi"),
    ("ComponentizeJS", "build it with componentize-js and all of -d stdio random clocks http fetch-event"),
    ("rustc", "build it for wasm32-unknown-unknown, not for wasm32-wasip1 or wasm32-wasip2"),
    ("clang", "build it with --target=wasm32-unknown-unknown and -nostdlib, without the WASI SDK's libraries"),
];

/// How to build without WASI what was made by these tools; `None` when it does not say by which.
pub fn without_wasi(component: &[u8]) -> Option<&'static str> {
    let tools = tools(component);
    WITHOUT_WASI.iter().find(|(tool, _)| tools.iter().any(|name| name.starts_with(tool))).map(|(_, advice)| *advice)
}

/// The tools of all its parts. What is damaged says nothing.
fn tools(component: &[u8]) -> Vec<&str> {
    let sections = Parser::new(0).parse_all(component).map_while(Result::ok);
    let producers = sections.filter_map(|payload| match payload {
        Payload::CustomSection(section) => match section.as_known() {
            KnownCustom::Producers(producers) => Some(producers),
            _ => None,
        },
        _ => None,
    });
    let fields = producers.flat_map(|producers| producers.into_iter().flatten());
    fields.flat_map(|field| field.values.into_iter().flatten()).map(|tool| tool.name).collect()
}
