//! Functions and types as they are written in WIT.

use wit_parser::{Case, Field, Function, Resolve, Result_, Type, TypeDef, TypeDefKind};

/// `decide: func(passage: passage) -> decision`
pub fn signature(resolve: &Resolve, function: &Function) -> String {
    let parameter = |(name, kind): (&str, &Type)| format!("{name}: {}", kind_of(resolve, kind));
    let parameters = function.params.iter().map(|each| parameter((&each.name, &each.ty)));
    let result = function.result.as_ref().map(|kind| format!(" -> {}", kind_of(resolve, kind))).unwrap_or_default();
    format!("{}: func({}){result}", function.name, join(parameters))
}

/// `size: u64`
pub fn field(resolve: &Resolve, field: &Field) -> String {
    format!("{}: {}", field.name, kind_of(resolve, &field.ty))
}

/// `refuse(bounce)`
pub fn case(resolve: &Resolve, case: &Case) -> String {
    match &case.ty {
        Some(kind) => format!("{}({})", case.name, kind_of(resolve, kind)),
        None => case.name.clone(),
    }
}

fn kind_of(resolve: &Resolve, kind: &Type) -> String {
    match kind {
        Type::Id(id) => defined(resolve, &resolve.types[*id]),
        simple => format!("{simple:?}").to_lowercase(),
    }
}

fn defined(resolve: &Resolve, definition: &TypeDef) -> String {
    let of = |kind: &Type| kind_of(resolve, kind);
    match (&definition.name, &definition.kind) {
        (Some(name), _) => name.clone(),
        (None, TypeDefKind::Option(kind)) => format!("option<{}>", of(kind)),
        (None, TypeDefKind::List(kind)) => format!("list<{}>", of(kind)),
        (None, TypeDefKind::Tuple(tuple)) => format!("tuple<{}>", join(tuple.types.iter().map(of))),
        (None, TypeDefKind::Result(result)) => outcome(result, of),
        (None, other) => other.as_str().to_owned(),
    }
}

fn outcome(result: &Result_, of: impl Fn(&Type) -> String) -> String {
    let [ok, error] = [&result.ok, &result.err].map(|kind| kind.as_ref().map_or("_".to_owned(), &of));
    format!("result<{ok}, {error}>")
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
