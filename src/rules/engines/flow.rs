//! `flow`: data of one sort that reaches a place of another.
//!
//! A source is known by models, by entry points' parameters, or by what it is called; see [`crate::flow`] for the walk.

mod credential;
mod log;
mod prompt;
mod prompt_log;

use serde::Deserialize;

use crate::finding::{Finding, Step};
use crate::flow::{Node, Trail};
use crate::ir::Expr;
use crate::project::GExpr;
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged, step};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    source: Source,
    sink: Sink,
    /// What makes the flow harmless.
    without: Option<Without>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    Credential,
    PromptText,
    Sensitive,
    Untrusted,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Without {
    Delimiter,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Sink {
    InstructionTemplate,
    Log,
    Prompt,
    SystemPrompt,
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let params: Params = card.detect.params()?;
    let index = cx.index();
    match (params.source, params.sink, params.without) {
        (Source::Sensitive, Sink::Log, None) => log::run(card, cx, index, judged),
        (Source::PromptText, Sink::Log, None) => prompt_log::run(card, cx, index, judged),
        (Source::Credential, Sink::Prompt, None) => credential::run(card, cx, index, judged),
        (Source::Untrusted, Sink::SystemPrompt, None) => {
            prompt::run(card, cx, index, prompt::Question::Instructs, judged);
        }
        (Source::Untrusted, Sink::InstructionTemplate, Some(Without::Delimiter)) => {
            prompt::run(card, cx, index, prompt::Question::Unfenced, judged);
        }
        _ => return Err(card.detect.error("detect: this source and sink are not judged together")),
    }
    Ok(())
}

/// The steps of a trail, each told by its own text.
pub(super) fn steps(cx: &Context<'_>, trail: &Trail) -> Vec<Step> {
    let last = trail.places.len().saturating_sub(1);
    let tell = |(at, (node, place)): (usize, &(Node, crate::finding::Location))| {
        let shown = show(cx, *node);
        let note = if at == 0 {
            format!("`{shown}` starts here")
        } else if at == last {
            format!("`{shown}` ends here")
        } else {
            format!("through `{shown}`")
        };
        step(place.clone(), note)
    };
    trail.places.iter().enumerate().map(tell).collect()
}

/// A node as written, on one short line. String literals are left out: they can hold secrets.
pub(super) fn show(cx: &Context<'_>, node: Node) -> String {
    match node {
        Node::Param(_, _, name) => name.to_string(),
        Node::Expr(at) => {
            let facts = cx.project.program.facts(at.file);
            match facts.expr(at.expr) {
                Expr::Name(_) | Expr::Field { .. } => short(&facts.show(at.expr)),
                Expr::Call(call) => format!("{}(…)", short(&facts.show(call.callee))),
                Expr::Index { base, .. } => format!("{}[…]", short(&facts.show(*base))),
                Expr::Template { .. } => "template".into(),
                Expr::Str(_) => "literal".into(),
                _ => "expression".into(),
            }
        }
    }
}

pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 50 { line.chars().take(49).chain(['…']).collect() } else { line }
}

/// Completes a finding with its trail.
fn with_trail(cx: &Context<'_>, mut found: Finding, trail: &Trail) -> Finding {
    found.flow = steps(cx, trail);
    found
}

/// The name of the function around an expression, for fingerprints.
pub(super) fn subject(cx: &Context<'_>, at: GExpr) -> String {
    let scope = cx.project.scope_of(at.file, at.expr);
    cx.project.program.fn_name(cx.project.program.gfn(at.file, scope))
}
