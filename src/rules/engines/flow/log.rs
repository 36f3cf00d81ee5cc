//! Sensitive data in logs.
//!
//! One finding a log call, for the nearest sensitive value. Names decide where types do not: a value counts by the last
//! words of what it is called anywhere on its way, which keeps counts, flags and names of secrets silent.

use super::{short, show, subject, with_trail};
use crate::flow::{FlowIndex, Node, Origin, Query, Reach};
use crate::ir::Expr;
use crate::model::{CallKind, SinkKind, SourceKind};
use crate::project::{ApiCall, GExpr, GFn};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, finding};
use crate::rules::vocabulary::sensitive;
use crate::source::PathClass;

/// How many calls up or down a value is followed.
const DEPTH: usize = 2;

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, judged: &mut Judged) {
    for f in (0..cx.project.program.fn_count()).map(GFn) {
        let file = cx.project.program.file_of(f);
        let is_judged = Context::judges(card, cx.project.program.language(file));
        if !is_judged || cx.project.program.class_of_path(file) != PathClass::Production {
            continue;
        }
        let mut seen = Vec::new();
        for call in &cx.project.api_calls[f.0 as usize] {
            if cx.models.calls[call.row as usize].raw.is == Some(CallKind::Log) && !seen.contains(&call.site) {
                seen.push(call.site);
                judge(card, cx, index, *call, judged);
            }
        }
    }
}

fn judge(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, call: ApiCall, judged: &mut Judged) {
    judged.checked(card).subjects += 1;
    let at = cx.project.site(call.site).at;
    let named = |node: Node| named(cx, node);
    let wants = |origin: &Origin| matches!(origin, Origin::Source(SourceKind::Headers | SourceKind::Personal));
    let query = Query { named: &named, wants: &wants, depth: DEPTH, reach: Reach::Exact };
    let sinks = cx.models.calls[call.row as usize].places.sinks.iter().filter(|(_, kind)| *kind == SinkKind::Log);
    let args: Vec<GExpr> = sinks.flat_map(|(place, _)| cx.project.place_exprs(call.site, place)).collect();
    let Some(trail) = args.iter().find_map(|arg| index.trace(cx.models, *arg, &query)) else {
        judged.checked(card).satisfied += 1;
        return;
    };
    let what = match &trail.origin {
        Origin::Named(what) => what.clone(),
        Origin::Source(SourceKind::Headers) => "request headers".into(),
        Origin::Source(_) | Origin::EntryParam(..) => "personal data".into(),
    };
    let source = format!("`{}` ({what})", show(cx, trail.places[0].0));
    let facts = cx.project.program.facts(at.file);
    let callee = match facts.expr(at.expr) {
        Expr::Call(call) => facts.show(call.callee),
        _ => "the log".into(),
    };
    let sink = format!("`{}`", short(&callee));
    let place = crate::surface::location(cx.project, at);
    let found = finding(card, place, subject(cx, at), &[("source", source.as_str()), ("sink", sink.as_str())]);
    judged.findings.push(with_trail(cx, found, &trail));
}

/// What a place says by its name.
fn named(cx: &Context<'_>, node: Node) -> Option<String> {
    let kind = match node {
        Node::Param(_, _, name) => sensitive(&name)?,
        Node::Expr(at) => {
            let facts = cx.project.program.facts(at.file);
            match facts.expr(at.expr) {
                Expr::Name(name) | Expr::Field { name, .. } => sensitive(name)?,
                Expr::Index { index, .. } => sensitive(&facts.str_value(*index)?)?,
                // `settings.get("api_key")`, `os.getenv("API_KEY")`: a look-up by name.
                Expr::Call(call) => {
                    let callee = match facts.expr(call.callee) {
                        Expr::Name(name) | Expr::Field { name, .. } => name.as_str(),
                        _ => return None,
                    };
                    if !matches!(callee, "get" | "getenv" | "env" | "var" | "require" | "getItem" | "var_os") {
                        return None;
                    }
                    sensitive(&facts.str_value(call.args.first()?.value)?)?
                }
                _ => return None,
            }
        }
    };
    Some(kind.label().to_owned())
}
