//! Adds a setting that an LLM call lacks, under the name that the call's model gives it.

use super::{Context, Draft, Edit, append, insert, slice};
use crate::finding::Finding;
use crate::ir::{CallExpr, Expr, ExprId, FileFacts, Key};
use crate::model::{Place, PlaceRoot, PlaceStep, Setting};
use crate::source::Language;

/// A beginning, to be set to what the feature needs.
const OUTPUT_TOKENS: u32 = 1024;

/// Bounds the output of one call.
pub(super) fn bound_output(finding: &Finding, cx: &Context<'_>) -> Option<Draft> {
    let call = cx.surfaces.llm_calls.iter().find(|call| call.at == finding.at)?;
    let places = cx.models.calls[call.call.row as usize].places.settings.iter();
    let (_, places) = places.into_iter().find(|(setting, _)| *setting == Setting::MaxOutput)?;
    let site = cx.project.site(call.call.site).at;
    let facts = cx.project.program.facts(site.file);
    let file = cx.file(&facts.path.to_string())?;
    let Expr::Call(written) = facts.expr(site.expr) else { return None };
    let close = closing(&file.text, facts.span(site.expr).end as usize)?;
    let names: Vec<String> = places.iter().filter_map(name_of).collect();
    // One that is written without a value, such as `None`, is somebody's decision.
    if names.iter().any(|name| states(facts, written, name)) {
        return None;
    }
    let (name, edits) = names.iter().find_map(|name| {
        let edits = add(facts, written, site.expr, &file.path, &file.text, close, name)?;
        Some((name, edits))
    })?;
    let others: Vec<String> = names.iter().filter(|other| *other != name).map(|other| format!("`{other}`")).collect();
    let others = if others.is_empty() {
        String::new()
    } else {
        format!("; other services behind the same client may call it {}", others.join(" or "))
    };
    Some(Draft {
        title: format!("Bound the answer: `{name}` {OUTPUT_TOKENS}"),
        then: Some(format!("set `{name}` to what the feature needs; answers that are longer are cut there{others}")),
        edits,
    })
}

/// The one name under which a place is written.
fn name_of(place: &Place) -> Option<String> {
    match (&place.root, place.steps.as_slice()) {
        (PlaceRoot::Named(name), []) => Some(name.to_string()),
        (PlaceRoot::Arg(0), [PlaceStep::Field(name)]) => Some(name.to_string()),
        _ => None,
    }
}

/// Whether a call names a setting, whatever its value.
fn states(facts: &FileFacts, call: &CallExpr, name: &str) -> bool {
    let is_key = |key: &Key| matches!(key, Key::Name(known) if *known == name);
    call.args.iter().any(|arg| {
        arg.name.is_some_and(|known| known == name)
            || matches!(facts.expr(arg.value), Expr::Object(entries) if entries.iter().any(|entry| is_key(&entry.key)))
    })
}

fn add(
    facts: &FileFacts,
    call: &CallExpr,
    at: ExprId,
    path: &str,
    text: &str,
    close: usize,
    name: &str,
) -> Option<Vec<Edit>> {
    match facts.language {
        Language::Python => {
            // What is spread into the call may set it.
            if call.args.iter().any(|arg| arg.spread) {
                return None;
            }
            let item = format!("{name}={OUTPUT_TOKENS}");
            let open = facts.span(call.callee).end as usize;
            match call.args.last() {
                Some(last) => Some(append(path, text, open, facts.span(last.value), close, &item)),
                None => Some(vec![insert(path, close, item)]),
            }
        }
        Language::TypeScript => {
            let objects = call.args.iter().filter_map(|arg| match facts.expr(arg.value) {
                Expr::Object(entries) => Some((arg.value, entries)),
                _ => None,
            });
            let (object, entries) = objects.into_iter().next()?;
            if entries.iter().any(|entry| entry.key == Key::Spread) {
                return None;
            }
            let span = facts.span(object);
            let end = closing(text, span.end as usize)?;
            let item = format!("{name}: {OUTPUT_TOKENS}");
            debug_assert!(facts.span(at).contains(span));
            match entries.last() {
                Some(last) => {
                    let last = facts.span(last.value);
                    (span.contains(last)).then(|| append(path, text, span.start as usize + 1, last, end, &item))
                }
                None => (slice(text, span) == "{}").then(|| vec![insert(path, end, format!(" {item} "))]),
            }
        }
        _ => None,
    }
}

/// Where the bracket stands that ends an expression.
fn closing(text: &str, end: usize) -> Option<usize> {
    let last = text.get(..end)?.char_indices().next_back()?;
    matches!(last.1, ')' | '}').then_some(last.0)
}
