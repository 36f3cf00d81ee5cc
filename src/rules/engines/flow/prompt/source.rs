//! Where text that outsiders write enters a prompt.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::data;
use crate::embedded::{self, EMBEDDED};
use crate::flow::{FlowIndex, Node, is_builder};
use crate::ir::{Expr, Type};
use crate::model::SourceKind;
use crate::project::{GExpr, GFn};
use crate::rules::engines::flow::show;
use crate::rules::run::Context;
use crate::rules::vocabulary::{Phrases, words};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    outside: Phrases,
    labels: Phrases,
    orders: Vec<String>,
    written: Phrases,
}

/// The phrases; `names_are_data` in this module's tests holds that they can be read.
static FILE: LazyLock<File> = LazyLock::new(|| {
    const PATH: &str = "rules/vocabulary/prompts.yml";
    data::parse(PATH, embedded::file(EMBEDDED, PATH).unwrap_or_default()).unwrap_or_default()
});

/// Fixed words from which on a text is the program's own.
const WORDED: usize = 4;

/// How sure it is that a text is an outsider's, surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// The request says it.
    Request,
    /// It was fetched or looked up.
    Retrieved,
    /// A model wrote it.
    Written,
    /// It is called so.
    Called,
}

impl Sort {
    pub(super) const ALL: [Sort; 4] = [Sort::Request, Sort::Retrieved, Sort::Written, Sort::Called];
}

/// The sort of outside text that enters at a node.
pub(super) fn sort(cx: &Context<'_>, index: &FlowIndex<'_>, node: Node) -> Option<Sort> {
    match node {
        Node::Param(f, at, name) => {
            // What the server itself hangs on a request is no outsider's wording.
            let is_servers = matches!(name.as_str(), "locals" | "cookies" | "response" | "reply" | "res" | "next");
            if is_servers {
                return None;
            }
            if index.is_handler(f) && !index.is_given(cx.models, f, at) {
                return is_text(cx, f, at).then_some(Sort::Request);
            }
            (is_text(cx, f, at) && is_called(&FILE.outside, &name)).then_some(Sort::Called)
        }
        Node::Expr(at) => {
            let mut sorts: Vec<Sort> = index.sources(cx.models, at).into_iter().filter_map(sort_of).collect();
            let facts = cx.project.program.facts(at.file);
            if let Expr::Name(name) = facts.expr(at.expr)
                && is_called(&FILE.outside, name)
                && name.chars().any(char::is_lowercase)
                && !is_worded(index, at)
            {
                sorts.push(Sort::Called);
            }
            if let Expr::Field { name, .. } = facts.expr(at.expr)
                && name.chars().any(char::is_lowercase)
                && (is_called(&FILE.outside, name) || is_called(&FILE.written, name))
            {
                sorts.push(Sort::Called);
            }
            if let Expr::Call(call) = facts.expr(at.expr)
                && matches!(facts.expr(call.callee), Expr::Name(name) if *name == "getattr")
                && let Some(name) = call.args.get(1).and_then(|a| facts.str_value(a.value))
                && (is_called(&FILE.outside, &name) || is_called(&FILE.written, &name))
            {
                sorts.push(Sort::Called);
            }
            sorts.into_iter().min()
        }
    }
}

/// Whether the program words what a name holds, as it does a prompt in the user's role: what is outsiders' in it stands in
/// the holes.
fn is_worded(index: &FlowIndex<'_>, at: GExpr) -> bool {
    let project = index.project;
    let is_prompt = |definition: &GExpr| {
        is_builder(project, *definition) && super::shape::words(&index.pieces(*definition)) >= WORDED
    };
    let returned = |definition: &GExpr| -> Vec<GExpr> {
        let functions = project.site_at(*definition).map(|site| index.answered_by(site)).unwrap_or_default();
        functions.into_iter().flat_map(|f| index.returned(f)).collect()
    };
    let definitions = project.definitions(at);
    !definitions.is_empty()
        && definitions.iter().all(|definition| {
            is_prompt(definition) || {
                let returned = returned(definition);
                !returned.is_empty() && returned.iter().all(is_prompt)
            }
        })
}

fn sort_of(kind: SourceKind) -> Option<Sort> {
    Some(match kind {
        SourceKind::Untrusted | SourceKind::Headers => Sort::Request,
        SourceKind::Retrieved => Sort::Retrieved,
        SourceKind::ModelOutput | SourceKind::ToolArguments => Sort::Written,
        SourceKind::Secret | SourceKind::Principal | SourceKind::Personal => return None,
    })
}

/// Whether a word opens an order.
pub(super) fn orders(word: &str) -> bool {
    FILE.orders.iter().any(|order| order.eq_ignore_ascii_case(word))
}

/// Whether a hole that a library fills in by name holds outside text.
pub(super) fn is_outside(name: &str) -> bool {
    let name = name.split(['.', '[', ':', '!']).next().unwrap_or_default();
    is_called(&FILE.outside, name) || matches!(name, "input" | "text" | "content" | "document" | "message" | "messages")
}

/// Whether a hole's name, or what stands before it, says that outside text follows.
pub(super) fn announces(name: &str) -> bool {
    is_called(&FILE.outside, name)
}

/// As [`announces`], where the hole stands among instructions: the label of a piece of material.
pub(super) fn labels(name: &str) -> bool {
    is_called(&FILE.labels, name)
}

fn is_called(phrases: &Phrases, name: &str) -> bool {
    // `history_json`, `chunks_text`: how a text is written says nothing of whose it is.
    let mut words = words(name);
    if words.first().is_some_and(|word| matches!(word.as_str(), "num" | "n" | "max" | "min" | "total" | "count")) {
        return false;
    }
    while words.len() > 1
        && matches!(
            words.last().map(String::as_str),
            Some("json" | "str" | "string" | "xml" | "yaml" | "list" | "block")
        )
    {
        words.pop();
    }
    phrases.end(&words)
}

/// Whether a parameter can hold a text of somebody's choice: numbers, dates and identifiers of fixed form cannot.
pub(super) fn is_text(cx: &Context<'_>, f: GFn, at: usize) -> bool {
    let param = &cx.project.program.function(f).params[at];
    param.ty.as_ref().is_none_or(holds_text)
}

fn holds_text(ty: &Type) -> bool {
    match ty {
        Type::Path(path, args) => {
            let is_fixed = path.last().is_some_and(|name| {
                matches!(
                    name.as_str(),
                    "int"
                        | "float"
                        | "bool"
                        | "UUID"
                        | "Uuid"
                        | "datetime"
                        | "date"
                        | "number"
                        | "boolean"
                        | "Literal"
                        | "u8"
                        | "u16"
                        | "u32"
                        | "u64"
                        | "usize"
                        | "i32"
                        | "i64"
                        | "f32"
                        | "f64"
                )
            });
            let is_wrapper =
                path.last().is_some_and(|n| matches!(n.as_str(), "Optional" | "Option" | "Path" | "Query"));
            !is_fixed && (!is_wrapper || args.is_empty() || args.iter().any(holds_text))
        }
        Type::Union(types) => types.iter().any(holds_text),
        Type::Annotated(inner, _) => holds_text(inner),
        Type::Literal(_) | Type::Null => false,
        _ => true,
    }
}

/// What a source is called in a message.
pub(super) fn describe(cx: &Context<'_>, node: Node, sort: Sort) -> String {
    match (node, sort) {
        (Node::Param(f, _, name), Sort::Request) => {
            format!("`{name}` of the entry point `{}`", cx.project.program.fn_name(f))
        }
        (node, Sort::Request) => format!("request data (`{}`)", show(cx, node)),
        (node, Sort::Retrieved) => format!("retrieved text (`{}`)", show(cx, node)),
        (node, Sort::Written) => format!("a model's answer (`{}`)", show(cx, node)),
        (node, Sort::Called) => format!("outside text (`{}`)", show(cx, node)),
    }
}

#[cfg(test)]
mod tests {
    use super::{FILE, is_outside};

    #[test]
    fn names_are_data() {
        assert!(FILE.outside.len() > 20 && FILE.written.len() > 1);
        assert!(is_outside("query_str") && is_outside("chat_history") && !is_outside("format_instructions"));
    }
}
