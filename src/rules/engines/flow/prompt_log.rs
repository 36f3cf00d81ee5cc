//! Prompts and answers in ordinary logs.

use rustc_hash::FxHashSet;

use super::prompt::call_name;
use super::{show, subject, with_trail};
use crate::flow::{FlowIndex, Node, Origin, Query, Reach, Slot, Trail};
use crate::ir::{Expr, ExprId, FileFacts};
use crate::lang::prompt::Role;
use crate::model::{CallKind, SinkKind, SourceKind};
use crate::project::{ApiCall, GExpr, GFn};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, finding};
use crate::source::PathClass;

/// How many calls up or down a value is followed.
const DEPTH: usize = 2;

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, judged: &mut Judged) {
    let region = cx.region();
    let said = |slot: Slot| matches!(slot, Slot::Text(Role::User | Role::Unmarked | Role::System));
    let spots = region.spots.iter().filter(|s| said(s.slot));
    let prompts: FxHashSet<Node> = spots.map(|s| s.node).filter(|n| is_whole(cx, *n)).collect();
    for f in (0..cx.project.program.fn_count()).map(GFn) {
        let file = cx.project.program.file_of(f);
        let is_judged = Context::judges(card, cx.project.program.language(file));
        if !is_judged || cx.project.program.class_of_path(file) != PathClass::Production {
            continue;
        }
        let mut seen = FxHashSet::default();
        for call in &cx.project.api_calls[f.0 as usize] {
            if cx.models.calls[call.row as usize].raw.is == Some(CallKind::Log) && seen.insert(call.site) {
                judge(card, cx, index, &prompts, *call, judged);
            }
        }
    }
}

/// A place that holds a text of the prompt rather than something that it is taken from.
fn is_whole(cx: &Context<'_>, node: Node) -> bool {
    match node {
        Node::Param(_, _, name) => is_text_name(&name),
        Node::Expr(at) => match cx.project.program.facts(at.file).expr(at.expr) {
            Expr::Field { base, name } => is_text_name(name) && !is_error(cx.project.program.facts(at.file), *base),
            Expr::Name(name) => is_text_name(name),
            // A text that is put together on the way to a log is more often a report of what went on.
            _ => false,
        },
    }
}

/// Whether a value is called an error: its message tells what went wrong.
fn is_error(facts: &FileFacts, at: ExprId) -> bool {
    let name = match facts.expr(at) {
        Expr::Name(name) | Expr::Field { name, .. } => name,
        Expr::Call(call) => return is_error(facts, call.callee),
        _ => return false,
    };
    matches!(name.as_str(), "e" | "ex")
        || crate::rules::vocabulary::words(name)
            .iter()
            .any(|word| matches!(word.as_str(), "err" | "error" | "errors" | "exc" | "exception"))
}

/// Names of texts and of what holds nothing but texts. `content`, `input`, `history` and `conversation` name records and
/// identifiers as often.
fn is_text_name(name: &str) -> bool {
    const TEXTS: [&str; 16] = [
        "prompt",
        "prompts",
        "query",
        "question",
        "message",
        "messages",
        "text",
        "answer",
        "response",
        "completion",
        "output",
        "transcript",
        "instruction",
        "instructions",
        "reply",
        "summary",
    ];
    let words = crate::rules::vocabulary::words(name);
    // `num_messages`: how many there are.
    let counts = words.first().is_some_and(|w| matches!(w.as_str(), "num" | "n" | "count" | "max" | "min" | "total"));
    !counts && words.last().is_some_and(|word| TEXTS.contains(&word.as_str()))
}

fn judge(
    card: &RuleCard,
    cx: &Context<'_>,
    index: &FlowIndex<'_>,
    prompts: &FxHashSet<Node>,
    call: ApiCall,
    judged: &mut Judged,
) {
    judged.checked(card).subjects += 1;
    let named = |node: Node| prompts.contains(&node).then(|| "prompt text".to_owned());
    let wants = |origin: &Origin| matches!(origin, Origin::Source(SourceKind::ModelOutput));
    let query = Query { named: &named, wants: &wants, depth: DEPTH, reach: Reach::Containers };
    let sinks = cx.models.calls[call.row as usize].places.sinks.iter().filter(|(_, kind)| *kind == SinkKind::Log);
    let args: Vec<GExpr> = sinks.flat_map(|(place, _)| cx.project.place_exprs(call.site, place)).collect();
    let trails = args.iter().filter_map(|arg| index.trace(cx.models, *arg, &query));
    let Some(trail) = trails.into_iter().find(|trail| keeps_text(cx, trail)) else {
        judged.checked(card).satisfied += 1;
        return;
    };
    let shown = show(cx, trail.places[0].0);
    let source = match &trail.origin {
        Origin::Source(_) => format!("a model's answer (`{shown}`)"),
        _ => format!("the prompt text `{shown}`"),
    };
    let at = cx.project.site(call.site).at;
    let sink = call_name(cx, at);
    let holes = [("source", source.as_str()), ("sink", sink.as_str())];
    let found = finding(card, crate::surface::location(cx.project, at), subject(cx, at), &holes);
    judged.findings.push(with_trail(cx, found, &trail));
}

/// Whether every member taken on a way holds text: identifiers, counts and settings of an answer say nothing of it.
fn keeps_text(cx: &Context<'_>, trail: &Trail) -> bool {
    trail.places.iter().all(|(node, _)| match node {
        Node::Param(..) => true,
        Node::Expr(at) => match cx.project.program.facts(at.file).expr(at.expr) {
            Expr::Field { name, .. } => {
                is_text_name(name)
                    || matches!(name.as_str(), "choices" | "delta" | "parts" | "candidates" | "generations" | "data")
            }
            _ => true,
        },
    })
}
