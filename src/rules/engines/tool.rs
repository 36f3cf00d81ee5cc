//! `tool`: functions that models call and that act on the world with nobody asked.
//!
//! What acts is a row's `effect`, or a place where code or a command runs. Approval is a row's control, a question to a
//! person on the way, or a flag of the call that registers the tool. Approval elsewhere in the program may stand around
//! the tool; the verdict is unknown then.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::output::sources::Tool;
use super::output::words::WORDS;
use crate::ir::Expr;
use crate::model::{ControlKind, RowRef, SinkKind};
use crate::project::{GExpr, GFn, Project, SiteId};
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged, finding, step};
use crate::rules::vocabulary::words;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    control: ControlKind,
}

/// How many calls deep a tool is looked into.
const DEPTH: usize = 4;

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let params: Params = card.detect.params()?;
    let tools = cx.tools();
    if tools.iter().next().is_none() {
        return Ok(());
    }
    let asks = Asks::find(cx, params.control);
    for (f, tool) in tools.iter() {
        if !Context::judges(card, cx.project.program.language(cx.project.program.file_of(f))) {
            continue;
        }
        judge(card, cx, &asks, f, tool, judged);
    }
    Ok(())
}

/// Where a person is asked.
struct Asks {
    by_fn: FxHashMap<GFn, SiteId>,
    is_library: bool,
}

impl Asks {
    fn find(cx: &Context<'_>, control: ControlKind) -> Asks {
        let mut asks = Asks { by_fn: FxHashMap::default(), is_library: false };
        for (index, site) in cx.project.sites.iter().enumerate() {
            let id = SiteId(u32::try_from(index).unwrap_or(u32::MAX));
            let rows = Project::apis(cx.project.callees(id)).flat_map(|api| cx.project.matcher.rows(api));
            let is_control = rows.into_iter().any(|row| match row {
                RowRef::ControlCall(row) => {
                    let is = cx.models.controls[*row as usize].raw.is;
                    is == control || is == ControlKind::Sandbox
                }
                _ => false,
            });
            asks.is_library |= is_control;
            if is_control || is_question(cx, site.at) {
                asks.by_fn.insert(site.caller, id);
            }
        }
        asks
    }
}

/// Whether a call asks, by its name: `confirm(...)`, `request_approval(...)`, `input(...)`.
fn is_question(cx: &Context<'_>, at: GExpr) -> bool {
    let facts = cx.project.program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return false };
    let (Expr::Name(name) | Expr::Field { name, .. }) = facts.expr(call.callee) else { return false };
    words(name).iter().any(|w| WORDS.asks.contains(w))
}

fn judge(card: &RuleCard, cx: &Context<'_>, asks: &Asks, f: GFn, tool: &Tool, judged: &mut Judged) {
    let mut queue = VecDeque::from([(f, 0)]);
    let mut seen = FxHashSet::from_iter([f]);
    let mut effect: Option<(String, GExpr)> = None;
    let mut is_asked = tool.site.is_some_and(|site| is_flagged(cx, site));
    while let Some((at, depth)) = queue.pop_front() {
        is_asked |= asks.by_fn.contains_key(&at);
        effect = effect.or_else(|| effect_of(cx, at));
        if depth < DEPTH {
            for edge in &cx.project.edges[at.0 as usize] {
                if seen.insert(edge.to) {
                    queue.push_back((edge.to, depth + 1));
                }
            }
        }
    }
    let Some((effect, at)) = effect else { return };
    judged.checked(card).subjects += 1;
    if is_asked {
        judged.checked(card).satisfied += 1;
        return;
    }
    if asks.is_library {
        judged.checked(card).unknown += 1;
        return;
    }
    let program = &cx.project.program;
    let place = crate::surface::place(cx.project, program.file_of(f), program.function(f).head);
    let name = format!("`{}`", tool.name);
    let holes = [("tool", name.as_str()), ("effect", effect.as_str())];
    let mut found = finding(card, place.clone(), program.fn_name(f), &holes);
    found.flow = vec![step(place, "the model calls this"), step(crate::surface::location(cx.project, at), effect)];
    judged.findings.push(found);
}

/// What a function does to the world itself, and where.
fn effect_of(cx: &Context<'_>, f: GFn) -> Option<(String, GExpr)> {
    for call in &cx.project.api_calls[f.0 as usize] {
        let row = &cx.models.calls[call.row as usize];
        let at = cx.project.site(call.site).at;
        if let Some(effect) = &row.raw.effect {
            return Some((effect.clone(), at));
        }
        let does = row.places.sinks.iter().find_map(|(place, kind)| {
            let text = match kind {
                SinkKind::Shell => "runs a command",
                SinkKind::CodeExecution => "runs code",
                _ => return None,
            };
            let values = cx.project.place_exprs(call.site, place);
            let is_open = values.iter().any(|v| !is_fixed(cx, *v));
            is_open.then(|| text.to_owned())
        });
        if let Some(effect) = does {
            return Some((effect, at));
        }
    }
    None
}

/// Whether a command or code is written out in the program.
fn is_fixed(cx: &Context<'_>, at: GExpr) -> bool {
    let facts = cx.project.program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Str(_) | Expr::Lambda(_) => true,
        // A list begins with the program.
        Expr::List { items, .. } => items
            .first()
            .is_none_or(|i| facts.str_value(i.value).is_some_and(|program| !WORDS.is_interpreter(&program))),
        Expr::Index { .. } => true,
        Expr::Name(_) => {
            let found = cx.project.definitions(at);
            !found.is_empty() && found.iter().all(|d| *d != at && is_fixed(cx, *d))
        }
        _ => false,
    }
}

/// Whether the call that registers a tool asks for approval: `needs_approval=True`, `needsApproval: true`.
fn is_flagged(cx: &Context<'_>, site: SiteId) -> bool {
    let at = cx.project.site(site).at;
    let facts = cx.project.program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return false };
    let asks = |name: &str| words(name).iter().any(|w| WORDS.asks.contains(w));
    call.args.iter().any(|arg| match (arg.name, facts.expr(arg.value)) {
        (Some(name), value) => asks(&name) && !matches!(value, Expr::Bool(false)),
        (None, Expr::Object(entries)) => entries.iter().any(|e| {
            matches!(e.key, crate::ir::Key::Name(name) if asks(&name))
                && !matches!(facts.expr(e.value), Expr::Bool(false))
        }),
        _ => false,
    })
}
