//! `key`: stores shared by callers whose keys name no caller.
//!
//! A write counts if what is stored comes out of a model: an answer depends on what its caller asked. Whether a key is
//! scoped is told by everything it is made from, through helpers, hashes and templates: one identifier that names a
//! user, session, tenant or conversation is enough. Writes of anything else are not judged; they are mostly the same for
//! everybody, and what they depend on cannot be told here.

use serde::Deserialize;

use crate::flow::{FlowIndex, Origin, Query, Reach};
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FnId, Pattern, StmtKind, walk_block};
use crate::model::{CallKind, SinkKind, SourceKind};
use crate::project::{FileId, GExpr, GFn};
use crate::rules::card::{RuleCard, RuleError};
use crate::rules::run::{Context, Judged, finding};
use crate::rules::vocabulary::is_scope;
use crate::source::PathClass;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    store: Store,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Store {
    Cache,
}

/// How many calls up or down keys and values are followed.
const DEPTH: usize = 3;

/// One write into a shared store.
struct Write {
    at: GExpr,
    keys: Vec<GExpr>,
    values: Vec<GExpr>,
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) -> Result<(), RuleError> {
    let Params { store: Store::Cache } = card.detect.params()?;
    let index = cx.index();
    for f in (0..cx.project.program.fn_count()).map(GFn) {
        let file = cx.project.program.file_of(f);
        let is_judged = Context::judges(card, cx.project.program.language(file));
        if !is_judged || cx.project.program.class_of_path(file) != PathClass::Production {
            continue;
        }
        for write in library_writes(cx, f).into_iter().chain(shared_dict_writes(cx, file, f)) {
            judge(card, cx, index, &write, judged);
        }
    }
    Ok(())
}

/// Calls that models know as writes into a cache.
fn library_writes(cx: &Context<'_>, f: GFn) -> Vec<Write> {
    let mut found: Vec<Write> = Vec::new();
    for call in &cx.project.api_calls[f.0 as usize] {
        let row = &cx.models.calls[call.row as usize];
        let at = cx.project.site(call.site).at;
        if row.raw.is != Some(CallKind::CacheWrite) || found.iter().any(|w| w.at == at) {
            continue;
        }
        let of = |wanted: SinkKind| -> Vec<GExpr> {
            let places = row.places.sinks.iter().filter(|(_, kind)| *kind == wanted);
            places.flat_map(|(place, _)| cx.project.place_exprs(call.site, place)).collect()
        };
        found.push(Write { at, keys: of(SinkKind::CacheKey), values: of(SinkKind::CacheValue) });
    }
    found
}

/// `store[key] = value` and `store.set(key, value)` where the store is a variable of the module.
fn shared_dict_writes(cx: &Context<'_>, file: FileId, f: GFn) -> Vec<Write> {
    let facts = cx.project.program.facts(file);
    let scope = cx.project.program.local_fn(f);
    let mut found = Vec::new();
    let mut puts = Vec::new();
    if scope == FnId::MODULE {
        return found;
    }
    walk_block(
        facts,
        &cx.project.program.function(f).body,
        &mut |stmt| {
            let StmtKind::Assign { targets, value: Some(value), .. } = &stmt.kind else { return };
            for target in targets {
                if let Pattern::Place(place) = target
                    && let Expr::Index { base, index } = facts.expr(*place)
                    && let Expr::Name(name) = facts.expr(*base)
                    && is_shared(cx, file, scope, *name)
                {
                    let here = |expr: ExprId| GExpr { file, expr };
                    found.push(Write { at: here(*place), keys: vec![here(*index)], values: vec![here(*value)] });
                }
            }
        },
        &mut |expr| {
            // `store.set(key, value)`, `store.insert(key, value)` of the language's own maps.
            if let Expr::Call(call) = facts.expr(expr)
                && let Expr::Field { base, name: method } = facts.expr(call.callee)
                && matches!(method.as_str(), "set" | "insert" | "setdefault")
                && let Expr::Name(name) = facts.expr(*base)
                && let [key, value] = call.args.as_slice()
                && is_shared(cx, file, scope, *name)
            {
                let here = |expr: ExprId| GExpr { file, expr };
                puts.push(Write { at: here(expr), keys: vec![here(key.value)], values: vec![here(value.value)] });
            }
        },
    );
    found.extend(puts);
    found
}

fn is_shared(cx: &Context<'_>, file: FileId, scope: FnId, name: Name) -> bool {
    cx.project.binder(file, scope, name) == Some(FnId::MODULE)
}

fn judge(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, write: &Write, judged: &mut Judged) {
    let wants = |origin: &Origin| matches!(origin, Origin::Source(SourceKind::ModelOutput));
    let query = Query { named: &|_| None, wants: &wants, depth: DEPTH, reach: Reach::Containers };
    let Some(trail) = write.values.iter().find_map(|v| index.trace(cx.models, *v, &query)) else { return };
    judged.checked(card).subjects += 1;
    if write.keys.is_empty() {
        judged.checked(card).unknown += 1;
        return;
    }
    if write.keys.iter().any(|key| names_caller(cx, index, *key)) {
        judged.checked(card).satisfied += 1;
        return;
    }
    let facts = cx.project.program.facts(write.at.file);
    let shown = |e: &GExpr| match facts.expr(e.expr) {
        Expr::Name(_) | Expr::Field { .. } => format!("`{}`", facts.show(e.expr)),
        Expr::Str(_) => "a constant key".into(),
        _ => "a key".into(),
    };
    let value = write.values.first().map_or("a model's answer".into(), |v| match facts.expr(v.expr) {
        Expr::Name(_) | Expr::Field { .. } => format!("`{}` (a model's answer)", facts.show(v.expr)),
        _ => "a model's answer".to_owned(),
    });
    let key = write.keys.first().map(shown).unwrap_or_default();
    let scope = cx.project.scope_of(write.at.file, write.at.expr);
    let subject = cx.project.program.fn_name(cx.project.program.gfn(write.at.file, scope));
    let at = crate::surface::location(cx.project, write.at);
    let mut found = finding(card, at, subject, &[("value", value.as_str()), ("key", key.as_str())]);
    found.flow = super::flow::steps(cx, &trail);
    judged.findings.push(found);
}

/// Whether anything a key is made from is named for the caller.
fn names_caller(cx: &Context<'_>, index: &FlowIndex<'_>, key: GExpr) -> bool {
    index.reachable(cx.models, key, DEPTH, Reach::Everything).into_iter().any(|at| {
        let facts = cx.project.program.facts(at.file);
        match facts.expr(at.expr) {
            Expr::Name(name) | Expr::Field { name, .. } => is_scope(name),
            Expr::Call(call) => match facts.expr(call.callee) {
                Expr::Name(name) | Expr::Field { name, .. } => is_scope(name),
                _ => false,
            },
            _ => false,
        }
    })
}
