//! Untrusted text in system prompts: the role that a model obeys must not repeat what outsiders say.

use rustc_hash::FxHashSet;

use super::{short, show, subject, with_trail};
use crate::flow::{FlowIndex, Node, Origin, Query, Reach};
use crate::intern::Name;
use crate::ir::Expr;
use crate::model::{SinkKind, SourceKind};
use crate::project::{ApiCall, GExpr, GFn};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, finding};
use crate::source::PathClass;

/// How many calls up or down a value is followed.
const DEPTH: usize = 7;

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, judged: &mut Judged) {
    let mut seen: FxHashSet<GExpr> = FxHashSet::default();
    for f in (0..cx.project.program.fn_count()).map(GFn) {
        let file = cx.project.program.file_of(f);
        let is_judged = Context::judges(card, cx.project.program.language(file));
        if !is_judged || cx.project.program.class_of_path(file) != PathClass::Production {
            continue;
        }
        for call in &cx.project.api_calls[f.0 as usize] {
            for text in system_texts(cx, index, *call) {
                if seen.insert(text) {
                    judge(card, cx, index, text, *call, judged);
                }
            }
        }
    }
}

/// The expressions that a call takes as text of a system or developer message.
fn system_texts(cx: &Context<'_>, index: &FlowIndex<'_>, call: ApiCall) -> Vec<GExpr> {
    let mut found = Vec::new();
    for (place, kind) in &cx.models.calls[call.row as usize].places.sinks {
        match kind {
            SinkKind::SystemPrompt => found.extend(cx.project.place_exprs(call.site, place)),
            SinkKind::Messages => {
                for expr in cx.project.place_exprs(call.site, place) {
                    found.extend(system_messages(cx, index, expr));
                }
            }
            _ => {}
        }
    }
    found
}

/// Contents of the messages with an instructing role that a list of messages can hold.
fn system_messages(cx: &Context<'_>, index: &FlowIndex<'_>, messages: GExpr) -> Vec<GExpr> {
    let mut found = Vec::new();
    for at in index.reachable(cx.models, messages, 3, Reach::Containers) {
        let roles = cx.project.entry_exprs(at, Some(Name::new("role")), 0);
        let is_instructing = roles.iter().any(|r| {
            let role = cx.project.program.facts(r.file).str_value(r.expr);
            role.is_some_and(|role| matches!(role.as_str(), "system" | "developer"))
        });
        if is_instructing {
            found.extend(cx.project.entry_exprs(at, Some(Name::new("content")), 0));
        }
    }
    found
}

fn judge(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, text: GExpr, call: ApiCall, judged: &mut Judged) {
    judged.checked(card).subjects += 1;
    let wants = |origin: &Origin| {
        use SourceKind::{Headers, Retrieved, Untrusted};
        matches!(origin, Origin::EntryParam(..) | Origin::Source(Untrusted | Headers | Retrieved))
    };
    let query = Query { named: &|_| None, wants: &wants, depth: DEPTH, reach: Reach::Containers };
    let Some(trail) = index.trace(cx.models, text, &query) else {
        judged.checked(card).satisfied += 1;
        return;
    };
    let source = match &trail.origin {
        Origin::EntryParam(f, name) => format!("`{name}` of the entry point `{}`", cx.project.program.fn_name(*f)),
        Origin::Source(SourceKind::Retrieved) => format!("retrieved text (`{}`)", show(cx, trail.places[0].0)),
        Origin::Source(_) | Origin::Named(_) => format!("request data (`{}`)", show(cx, trail.places[0].0)),
    };
    let site = cx.project.site(call.site).at;
    let facts = cx.project.program.facts(site.file);
    let callee = match facts.expr(site.expr) {
        Expr::Call(call) => format!("`{}`", short(&facts.show(call.callee))),
        _ => "a model call".into(),
    };
    let sink = format!("the system prompt of {callee}");
    let holes = [
        ("source", source.as_str()),
        ("sink", sink.as_str()),
        ("input", source.as_str()),
        ("llm-call", callee.as_str()),
    ];
    // Point at the template that takes the text in, if there is one: that is the line to change.
    let at = trail.places.iter().rev().find_map(|(node, place)| match node {
        Node::Expr(at) if is_builder(cx, *at) => Some(place.clone()),
        _ => None,
    });
    let at = at.unwrap_or_else(|| crate::surface::location(cx.project, text));
    let found = finding(card, at, subject(cx, text), &holes);
    judged.findings.push(with_trail(cx, found, &trail));
}

/// Whether an expression puts a text together.
fn is_builder(cx: &Context<'_>, at: GExpr) -> bool {
    let facts = cx.project.program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Template { .. } | Expr::Binary { .. } => true,
        Expr::Call(call) => {
            matches!(facts.expr(call.callee), Expr::Name(n) | Expr::Field { name: n, .. } if matches!(n.as_str(), "format" | "join" | "concat" | "replace"))
        }
        _ => false,
    }
}
