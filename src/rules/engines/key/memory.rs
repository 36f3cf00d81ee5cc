//! Conversation memory: is what one caller said kept where the next one's request reads it?
//!
//! Three ways to share it: a collection that lives as long as the process, a library's memory or chat object made once,
//! and a thread or session whose id is a constant. Judged for models' calls that outsiders reach only: a program that
//! talks to one person at a terminal has one conversation.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::look::Looker;
use super::shared::{Shared, shared, singletons};
use crate::flow::{Node, Reach};
use crate::ir::{BinaryOp, Expr, ExprId, FnId, Pattern, StmtKind, walk_block};
use crate::model::{CallKind, Setting, SourceKind};
use crate::project::{GClass, GExpr};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, Outcome, finding};
use crate::surface::{Given, LlmCall};

/// How many calls a prompt is followed through.
const NEAR: usize = 4;

pub(super) fn run(card: &RuleCard, looker: &Looker<'_, '_>, judged: &mut Judged) {
    let mut calls: Vec<usize> = looker.cx.surfaces.surfaces.iter().flat_map(|s| s.llm_calls.iter().copied()).collect();
    calls.sort_unstable();
    calls.dedup();
    let calls: Vec<&LlmCall> = calls.into_iter().map(|i| &looker.cx.surfaces.llm_calls[i]).collect();
    let calls: Vec<&LlmCall> = calls
        .into_iter()
        .filter(|c| {
            let program = &looker.project().program;
            Context::judges(card, program.language(program.file_of(c.function)))
        })
        .collect();
    let singletons = singletons(looker);
    let mut read: Vec<Shared> = Vec::new();
    for call in &calls {
        session(card, looker, call, judged);
        object(card, looker, call, judged);
        read.extend(collections(looker, &singletons, call));
    }
    read.sort_unstable();
    read.dedup();
    if read.is_empty() {
        return;
    }
    for (place, added) in additions(looker, &singletons, &read) {
        let Some(at) = added.iter().copied().find(|at| is_said(looker, *at)) else { continue };
        let value = format!("`{}`", shown(looker, at));
        let place_of = match place {
            Shared::Variable(..) => "a collection of the process",
            Shared::Field(..) => "a collection of an object that is made once",
        };
        tell(card, looker, at, &value, place_of, judged);
    }
}

/// The collection that a place adds to, as written.
fn shown(looker: &Looker<'_, '_>, at: GExpr) -> String {
    let facts = looker.project().program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Call(call) => match facts.expr(call.callee) {
            Expr::Field { base, .. } => facts.show(*base),
            _ => facts.show(call.callee),
        },
        _ => facts.show(at.expr),
    }
}

/// The thread or session that a call states.
fn session(card: &RuleCard, looker: &Looker<'_, '_>, call: &LlmCall, judged: &mut Judged) {
    let at = looker.project().site(call.call.site).at;
    match call.settings.get(&Setting::Session) {
        Some(Given::Literal(written)) => {
            let value = format!("the conversation `{}` of `{}`", written.text, call.callee);
            tell(card, looker, at, &value, "a constant thread", judged);
        }
        Some(Given::Configured(_)) => {
            judged.record(card, call.at.clone(), Outcome::Satisfied, "the call states its thread");
        }
        Some(Given::Unknown) => {
            judged.record(card, call.at.clone(), Outcome::Unknown, "its thread could not be read");
        }
        _ => {}
    }
}

/// Memory and chat objects of libraries that a module makes once for all.
fn object(card: &RuleCard, looker: &Looker<'_, '_>, call: &LlmCall, judged: &mut Judged) {
    let project = looker.project();
    let at = project.site(call.call.site).at;
    let Expr::Call(written) = project.program.facts(at.file).expr(at.expr) else { return };
    let here = |expr: ExprId| GExpr { file: at.file, expr };
    let mut starts: Vec<GExpr> = written.args.iter().map(|a| here(a.value)).collect();
    if let Expr::Field { base, .. } = project.program.facts(at.file).expr(written.callee) {
        starts.push(here(*base));
    }
    let mut sites = Vec::new();
    for start in starts {
        for site in looker.chain(start) {
            sites.push(site);
            // What a chain or engine is given when it is made.
            let made = project.site(site).at;
            if looker.rows(site).is_empty() {
                continue;
            }
            if let Expr::Call(inner) = project.program.facts(made.file).expr(made.expr) {
                let args = inner.args.iter().map(|a| GExpr { file: made.file, expr: a.value });
                sites.extend(args.flat_map(|a| looker.chain(a)).collect::<Vec<_>>());
            }
        }
    }
    sites.sort_unstable();
    sites.dedup();
    for site in sites.into_iter().filter(|s| looker.is(*s, CallKind::Memory)) {
        let made = project.site(site).at;
        let place = crate::surface::location(project, made);
        if !looker.is_module_level(made) {
            judged.record(card, place, Outcome::Satisfied, "made for a request");
        } else if has_session(looker, site) || is_rerun(looker, made) {
            judged.record(card, place, Outcome::Satisfied, "kept by session");
        } else {
            let name = match project.program.facts(made.file).expr(made.expr) {
                Expr::Call(c) => project.program.facts(made.file).show(c.callee),
                _ => "the memory".into(),
            };
            tell(card, looker, made, &format!("what `{name}` keeps"), "a memory object of the process", judged);
        }
    }
}

/// Whether a memory object states whose it is by something other than a constant.
fn has_session(looker: &Looker<'_, '_>, site: crate::project::SiteId) -> bool {
    looker.rows(site).into_iter().any(|row| {
        let settings = &looker.cx.models.calls[row as usize].places.settings;
        settings.iter().filter(|(s, _)| *s == Setting::Session).flat_map(|(_, places)| places).any(|place| {
            let exprs = looker.project().place_exprs(site, place);
            exprs.iter().any(|e| looker.project().program.facts(e.file).str_value(e.expr).is_none())
        })
    })
}

/// Whether a file's own statements run for each session: scripts that a framework runs anew.
fn is_rerun(looker: &Looker<'_, '_>, at: GExpr) -> bool {
    let module = looker.project().program.gfn(at.file, FnId::MODULE);
    looker.index.is_handler(module)
}

/// Shared collections that a call's prompt is made from.
fn collections(looker: &Looker<'_, '_>, singletons: &FxHashSet<GClass>, call: &LlmCall) -> Vec<Shared> {
    let prompts = looker.inputs(call.call.site);
    let made = looker.made_from(&prompts, NEAR, Reach::Containers);
    let mut found = Vec::new();
    for node in made.nodes {
        let Node::Expr(at) = node else { continue };
        let from = looker.function_at(at);
        if is_rerun(looker, at) {
            continue;
        }
        if let Some(place) = shared(looker, singletons, from, at, 0) {
            found.push(place);
        }
    }
    found
}

/// Where functions that outsiders reach add to some collections, in source order.
fn additions(
    looker: &Looker<'_, '_>,
    singletons: &FxHashSet<GClass>,
    places: &[Shared],
) -> BTreeMap<Shared, Vec<GExpr>> {
    let program = &looker.project().program;
    let mut found: BTreeMap<Shared, Vec<GExpr>> = BTreeMap::new();
    for f in looker.functions().filter(|f| looker.is_reached(*f) && program.local_fn(*f) != FnId::MODULE) {
        let file = program.file_of(f);
        let facts = program.facts(file);
        let mut bases: Vec<(ExprId, ExprId)> = Vec::new();
        let mut extended: Vec<ExprId> = Vec::new();
        walk_block(
            facts,
            &program.function(f).body,
            &mut |stmt| {
                if let StmtKind::Assign { targets, op: Some(BinaryOp::Add), .. } = &stmt.kind {
                    extended
                        .extend(targets.iter().filter_map(|t| if let Pattern::Place(e) = t { Some(*e) } else { None }));
                }
            },
            &mut |expr| {
                if let Expr::Call(call) = facts.expr(expr)
                    && let Expr::Field { base, name } = facts.expr(call.callee)
                    && matches!(name.as_str(), "append" | "push" | "extend" | "unshift" | "push_back" | "insert")
                    && !call.args.is_empty()
                {
                    bases.push((expr, *base));
                }
            },
        );
        bases.extend(extended.into_iter().map(|e| (e, e)));
        bases.sort_by_key(|(at, _)| facts.span(*at));
        for (at, base) in bases {
            if let Some(place) = shared(looker, singletons, f, GExpr { file, expr: base }, 0)
                && places.contains(&place)
            {
                found.entry(place).or_default().push(GExpr { file, expr: at });
            }
        }
    }
    found
}

/// Whether what is added is part of a conversation: it holds what a caller sent or a model wrote.
fn is_said(looker: &Looker<'_, '_>, at: GExpr) -> bool {
    let facts = looker.project().program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return true };
    let starts: Vec<GExpr> = call.args.iter().map(|a| GExpr { file: at.file, expr: a.value }).collect();
    let made = looker.made_from(&starts, NEAR, Reach::Containers);
    !made.sent.is_empty() || made.sources.iter().any(|s| matches!(s, SourceKind::ModelOutput | SourceKind::Untrusted))
}

fn tell(card: &RuleCard, looker: &Looker<'_, '_>, at: GExpr, value: &str, why: &str, judged: &mut Judged) {
    let project = looker.project();
    let place = crate::surface::location(project, at);
    let is_told = judged.findings.iter().any(|f| f.rule == card.id && f.at == place);
    if is_told {
        return;
    }
    judged.record(card, place.clone(), Outcome::Violated, why);
    let subject = project.program.fn_name(looker.function_at(at));
    judged.findings.push(finding(card, place, subject, &[("value", value)]));
}
