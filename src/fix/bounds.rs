//! Bounds the one text field of a request's schema, in the words of its library (`rules/fixes/bounds.yml`).

use std::collections::BTreeSet;

use super::{Bound, Context, Draft, Edit, insert, line_start, slice};
use crate::finding::Finding;
use crate::ir::{Class, Expr, FileFacts, Param, Type};
use crate::project::FileId;
use crate::source::Language;

/// The checklist item and its values that say how much text is allowed.
const ITEM: &str = "IO-1";
const POLICY: [&str; 2] = ["tokens-per-request-max", "characters-per-token"];

/// Bounds the text that an entry point takes.
pub(super) fn bound_text(finding: &Finding, bounds: &[Bound], cx: &Context<'_>) -> Option<Draft> {
    let surface = cx.surfaces.surfaces.iter().find(|surface| {
        let entry = &surface.entry;
        entry.span == finding.at.span && cx.project.program.facts(entry.file).path.to_string() == finding.at.path
    })?;
    let [tokens, characters] = POLICY.map(|name| cx.catalogue.policy(ITEM, name));
    let limit = (tokens? * characters?).to_string();
    let language = cx.project.program.language(surface.entry.file);
    let rows = bounds.iter().filter(|row| row.language == language);
    for row in rows {
        let edits = match (language, row.annotation.as_deref(), row.call.as_deref()) {
            (Language::Python, Some(annotation), _) => {
                let handler = surface.entry.handler?;
                let params = &cx.project.program.function(handler).params;
                class_field(cx, surface.entry.file, params, row, annotation, &limit)
            }
            (Language::TypeScript, _, Some(call)) => builder(cx, surface.entry.file, row, call, &limit),
            _ => None,
        };
        if let Some((field, edits)) = edits {
            let title = format!("Bound the request's text: {field} up to {limit} characters");
            let then = "longer requests are refused from now on; tell the clients, and lower the bound if you can";
            return Some(Draft { title, then: Some(then.to_owned()), edits });
        }
    }
    None
}

/// The one unbounded text field of the one schema among the parameters.
fn class_field(
    cx: &Context<'_>,
    file: FileId,
    params: &[Param],
    row: &Bound,
    annotation: &str,
    limit: &str,
) -> Option<(String, Vec<Edit>)> {
    let wanted: BTreeSet<String> = params.iter().filter_map(|param| type_name(param.ty.as_ref()?)).collect();
    let program = &cx.project.program;
    let here = [file].into_iter();
    let others = program.file_ids().filter(|id| *id != file);
    let mut found = Vec::new();
    for id in here.chain(others) {
        let facts = program.facts(id);
        let is_wanted = |class: &&Class| class.name.is_some_and(|name| wanted.contains(&name.to_string()));
        let schemas = facts.classes.iter().filter(is_wanted).filter(|class| derives(facts, class, row));
        found.extend(schemas.map(|class| (facts, class)));
        // A class of the handler's own file hides those of the same name elsewhere.
        if id == file && !found.is_empty() {
            break;
        }
    }
    let [(facts, class)] = found.as_slice() else { return None };
    let source = cx.file(&facts.path.to_string())?;
    let is_open = |field: &&crate::ir::Field| {
        let written = slice(&source.text, field.span);
        let after = written.split_once(':').map(|(_, kind)| kind.trim());
        field.default.is_none() && after == Some(annotation)
    };
    let open: Vec<_> = class.fields.iter().filter(is_open).collect();
    let [field] = open.as_slice() else { return None };
    let mut edits = vec![insert(&source.path, field.span.end as usize, row.add.replace("{limit}", limit))];
    if let (Some(import), Some(needs)) = (&row.import, &row.needs) {
        let known = |i: &crate::ir::Import| i.local.is_some_and(|local| local.to_string() == *needs);
        if !facts.imports.iter().any(known) {
            let of_module = facts.imports.iter().find(|i| i.module.to_string() == row.module)?;
            edits.push(insert(
                &source.path,
                line_start(&source.text, of_module.span.start as usize),
                format!("{import}\n"),
            ));
        }
    }
    Some((format!("`{}`", field.name), edits))
}

fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(segments, _) => segments.last().map(ToString::to_string),
        Type::Annotated(inner, _) => type_name(inner),
        _ => None,
    }
}

fn derives(facts: &FileFacts, class: &Class, row: &Bound) -> bool {
    class.bases.iter().any(|base| match facts.expr(*base) {
        Expr::Name(name) => brings(facts, &name.to_string(), row),
        _ => false,
    })
}

/// Whether a local name is the row's object.
fn brings(facts: &FileFacts, local: &str, row: &Bound) -> bool {
    facts.imports.iter().any(|import| {
        import.module.to_string() == row.module && import.local.is_some_and(|name| name == local) && local == row.base
    })
}

/// The one unbounded text field that a builder makes in the entry's file.
fn builder(cx: &Context<'_>, file: FileId, row: &Bound, method: &str, limit: &str) -> Option<(String, Vec<Edit>)> {
    let facts = cx.project.program.facts(file);
    let source = cx.file(&facts.path.to_string())?;
    let mut open = Vec::new();
    for (expr, span) in facts.exprs.iter().zip(&facts.spans) {
        let Expr::Call(call) = expr else { continue };
        let Expr::Field { base, name } = facts.expr(call.callee) else { continue };
        let Expr::Name(object) = facts.expr(*base) else { continue };
        if *name == *method && brings(facts, &object.to_string(), row) {
            let chain = chain_behind(&source.text[span.end as usize..]);
            if !row.bounded.iter().any(|bounded| chain.contains(&bounded.as_str())) {
                open.push(*span);
            }
        }
    }
    let [span] = open.as_slice() else { return None };
    let line = source.text[line_start(&source.text, span.start as usize)..span.start as usize].trim();
    let name = line.trim_end_matches([':', ' ', '=']).rsplit([' ', '{', ',']).next().unwrap_or_default();
    let edit = insert(&source.path, span.end as usize, row.add.replace("{limit}", limit));
    Some((if name.is_empty() { "the text".to_owned() } else { format!("`{name}`") }, vec![edit]))
}

/// The methods that are called on what stands before a text.
fn chain_behind(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(after) = rest.trim_start().strip_prefix('.') {
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
        names.push(&after[..end]);
        let Some(arguments) = after[end..].strip_prefix('(') else { break };
        let mut depth = 1;
        let close = arguments.find(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let Some(close) = close else { break };
        rest = &arguments[close + 1..];
    }
    names
}

#[cfg(test)]
mod tests {
    use super::chain_behind;

    #[test]
    fn chains_are_read_across_lines() {
        assert_eq!(chain_behind(".trim()\n  .max(f(3)).optional(), x.y"), ["trim", "max", "optional"]);
        assert_eq!(chain_behind(", b.max(3)"), [""; 0]);
    }
}
