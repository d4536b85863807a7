//! The page about the contract: every interface with its functions and types, in the words of `wit/`.

use std::path::Path;

use anyhow::{Context, Result};
use wit_parser::{Docs, Function, Interface, InterfaceId, Resolve, TypeDef, TypeDefKind, World, WorldItem};

use super::notation;

const HEAD: &str = "# The contract

Everything that a policy can implement and call, made from [wit/v0.1](../../wit/v0.1/) by `make reference`. How it is put to use
is in the [guide for authors](../authors.md); each hook has [a page of its own](../hooks/message.md).
";

/// The page about the package in this folder.
pub fn page(folder: &Path) -> Result<String> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let world = &resolve.worlds[resolve.select_world(&[package], Some("policy"))?];
    let (shared, capabilities) = imports(&resolve, world);
    let chapters = [
        ("Words that all share", shared),
        ("What a policy implements", interfaces(world.exports.values())),
        ("What a policy may call", capabilities),
    ];
    let mut page = format!("{HEAD}\nThis is `{}`.\n", resolve.packages[package].name);
    for (title, interfaces) in chapters {
        page += &format!("\n## {title}\n");
        page.extend(interfaces.into_iter().map(|id| interface(&resolve, &resolve.interfaces[id])));
    }
    Ok(page)
}

/// An interface without functions only has types for the others.
fn imports(resolve: &Resolve, world: &World) -> (Vec<InterfaceId>, Vec<InterfaceId>) {
    interfaces(world.imports.values()).into_iter().partition(|id| resolve.interfaces[*id].functions.is_empty())
}

fn interfaces<'a>(items: impl Iterator<Item = &'a WorldItem>) -> Vec<InterfaceId> {
    let id = |item: &WorldItem| match item {
        WorldItem::Interface { id, .. } => Some(*id),
        _ => None,
    };
    items.filter_map(id).collect()
}

fn interface(resolve: &Resolve, interface: &Interface) -> String {
    let name = interface.name.as_deref().unwrap_or_default();
    let mut text = format!("\n### {name}\n\n{}\n", paragraphs(&interface.docs));
    text.extend(interface.functions.values().map(|each| function(resolve, each)));
    text.extend(interface.types.values().filter_map(|id| definition(resolve, &resolve.types[*id])));
    text
}

fn function(resolve: &Resolve, function: &Function) -> String {
    let signature = notation::signature(resolve, function);
    format!("\n`{signature}`\n\n{}\n", paragraphs(&function.docs))
}

/// A type that is only taken over from another interface is described there.
fn definition(resolve: &Resolve, definition: &TypeDef) -> Option<String> {
    let rows = rows(resolve, &definition.kind)?;
    let (kind, name) = (definition.kind.as_str(), definition.name.as_deref().unwrap_or_default());
    let mut text = format!("\n**{kind} `{name}`**: {}\n\n| | |\n|---|---|\n", paragraphs(&definition.docs));
    text.extend(rows.into_iter().map(|(name, docs)| format!("| `{name}` | {} |\n", line(docs))));
    Some(text)
}

fn rows<'a>(resolve: &Resolve, kind: &'a TypeDefKind) -> Option<Vec<(String, &'a Docs)>> {
    Some(match kind {
        TypeDefKind::Record(record) => {
            record.fields.iter().map(|field| (notation::field(resolve, field), &field.docs)).collect()
        }
        TypeDefKind::Variant(variant) => {
            variant.cases.iter().map(|case| (notation::case(resolve, case), &case.docs)).collect()
        }
        TypeDefKind::Enum(list) => list.cases.iter().map(|case| (case.name.clone(), &case.docs)).collect(),
        TypeDefKind::Flags(flags) => flags.flags.iter().map(|flag| (flag.name.clone(), &flag.docs)).collect(),
        _ => return None,
    })
}

fn paragraphs(docs: &Docs) -> String {
    docs.contents.as_deref().unwrap_or_default().trim().to_owned()
}

/// As one cell of a table.
fn line(docs: &Docs) -> String {
    paragraphs(docs).split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
