//! Types that leave a writer no room: numbers, dates, choices.

use super::words::WORDS;
use crate::intern::Name;
use crate::ir::{ClassKind, Type};
use crate::project::{FileId, GClass};
use crate::rules::run::Context;

/// The last segment of a type's name.
pub(super) fn head(ty: &Type) -> String {
    match ty {
        Type::Path(path, _) => path.last().map(|n| n.to_string()).unwrap_or_default(),
        Type::Annotated(inner, _) => head(inner),
        _ => String::new(),
    }
}

/// Why a type holds no free text, if it does not.
pub(super) fn closed(cx: &Context<'_>, file: FileId, ty: &Type) -> Option<String> {
    match ty {
        Type::Literal(_) | Type::Null => Some("it is one of fixed values".into()),
        Type::Annotated(inner, _) => closed(cx, file, inner),
        Type::Union(parts) | Type::Tuple(parts) => {
            let all: Option<Vec<String>> = parts.iter().map(|p| closed(cx, file, p)).collect();
            all?.into_iter().next()
        }
        Type::Path(path, args) => {
            let name = path.last()?;
            if WORDS.closed_types.contains(name.as_str()) {
                return Some(format!("it is of type `{name}`"));
            }
            if matches!(name.as_str(), "Optional" | "list" | "List" | "Array" | "set" | "Vec" | "Option" | "Promise") {
                return args.first().and_then(|a| closed(cx, file, a));
            }
            is_enum(cx, file, *name).then(|| format!("it is one of the values of `{name}`"))
        }
        _ => None,
    }
}

/// Whether the only class of this name in the program, or the one in this file, is an enumeration.
fn is_enum(cx: &Context<'_>, file: FileId, name: Name) -> bool {
    let program = &cx.project.program;
    let facts = program.facts(file);
    let local = facts.classes().find(|(_, c)| c.name.is_some_and(|n| n == name));
    if let Some((id, _)) = local {
        return is_enum_class(cx, program.gclass(file, id));
    }
    let is_imported = facts.imports.iter().any(|i| i.local.is_some_and(|l| l == name));
    is_imported && cx.class_named(name).is_some_and(|c| is_enum_class(cx, c))
}

/// Whether a class is an enumeration.
pub(super) fn is_enum_class(cx: &Context<'_>, class: GClass) -> bool {
    let program = &cx.project.program;
    cx.project.ancestors(class).into_iter().any(|c| {
        let facts = program.facts(program.file_of_class(c));
        program.class(c).kind == ClassKind::Enum
            || program.class(c).bases.iter().any(|b| {
                let shown = facts.show(*b);
                shown.ends_with("Enum") || shown.ends_with("Flag")
            })
    })
}
