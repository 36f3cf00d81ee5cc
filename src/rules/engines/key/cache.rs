//! Caches: is a value that depends on somebody stored under a key that depends on nobody?
//!
//! A value depends on its caller if what it was computed from is the caller's: their records, their history, what they
//! may read. A model's answer to a text that is the key says nothing about anybody. Whether a key is scoped is told by
//! everything it is made from, through helpers, hashes and templates.

use rustc_hash::FxHashSet;

use super::look::{DEPTH, Looker, Made};
use super::shared::{shared, singletons};
use crate::flow::{Node, Origin, Query, Reach, Trail};
use crate::ir::{Expr, ExprId, FnId, Pattern, StmtKind, walk_block};
use crate::model::{CallKind, SinkKind, SourceKind};
use crate::project::{GClass, GExpr, GFn, SiteId, Value};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, Outcome, finding};
use crate::rules::vocabulary::{is_caller, is_conversation, is_scope};

/// Files that a value may come through: callers are not kept apart, so errors add up.
const MAX_FILES: usize = 5;

/// One write into a shared store.
struct Write {
    at: GExpr,
    keys: Vec<GExpr>,
    values: Vec<GExpr>,
}

/// What was found out about one write, or one cached function.
struct Answer {
    outcome: Outcome,
    why: &'static str,
    trail: Option<Trail>,
}

impl Answer {
    fn of(outcome: Outcome, why: &'static str) -> Self {
        Answer { outcome, why, trail: None }
    }
}

pub(super) fn run(card: &RuleCard, looker: &Looker<'_, '_>, judged: &mut Judged) {
    let singletons = singletons(looker);
    for f in looker.functions() {
        if !Context::judges(card, looker.project().program.language(looker.project().program.file_of(f))) {
            continue;
        }
        let mut writes = library_writes(looker, f);
        for write in map_writes(looker, &singletons, f) {
            if writes.iter().all(|w| w.at != write.at) {
                writes.push(write);
            }
        }
        for write in writes {
            let answer = judge(looker, &write);
            tell(card, looker, &write, answer, judged);
        }
        wraps(card, looker, f, judged);
    }
}

/// Calls that models know as writes into a cache.
fn library_writes(looker: &Looker<'_, '_>, f: GFn) -> Vec<Write> {
    let project = looker.project();
    let mut found: Vec<Write> = Vec::new();
    for call in &project.api_calls[f.0 as usize] {
        let at = project.site(call.site).at;
        let is_write = looker.cx.models.calls[call.row as usize].raw.is == Some(CallKind::CacheWrite);
        if !is_write || found.iter().any(|w| w.at == at) || is_own_map(looker, call.site, f) {
            continue;
        }
        let keys = looker.at_sinks(call.site, &[SinkKind::CacheKey]);
        let values = looker.at_sinks(call.site, &[SinkKind::CacheValue]);
        found.push(Write { at, keys, values });
    }
    found
}

/// Whether a store is a map that the function made for itself.
fn is_own_map(looker: &Looker<'_, '_>, site: SiteId, f: GFn) -> bool {
    let project = looker.project();
    let at = project.site(site).at;
    let facts = project.program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return false };
    let Expr::Field { base, .. } = facts.expr(call.callee) else { return false };
    let Expr::Name(name) = facts.expr(*base) else { return false };
    let of_language = crate::project::Project::apis(project.callees(site)).any(|api| {
        let path = project.matcher.path(api);
        path.starts_with("std.") || path.starts_with("global.")
    });
    let owner = project.binder(at.file, project.program.local_fn(f), *name);
    of_language && owner.is_some_and(|o| o != FnId::MODULE)
}

/// `store[key] = value` and `store.set(key, value)` where callers share the store.
fn map_writes(looker: &Looker<'_, '_>, singletons: &FxHashSet<GClass>, f: GFn) -> Vec<Write> {
    let program = &looker.project().program;
    let file = program.file_of(f);
    let facts = program.facts(file);
    if program.local_fn(f) == FnId::MODULE {
        return Vec::new();
    }
    let here = |expr: ExprId| GExpr { file, expr };
    let is_shared = |expr: ExprId| shared(looker, singletons, f, here(expr), 0).is_some();
    let mut assigned = Vec::new();
    let mut called = Vec::new();
    walk_block(
        facts,
        &program.function(f).body,
        &mut |stmt| {
            let StmtKind::Assign { targets, value: Some(value), .. } = &stmt.kind else { return };
            for target in targets {
                if let Pattern::Place(place) = target
                    && let Expr::Index { base, index } = facts.expr(*place)
                    && is_shared(*base)
                {
                    assigned.push(Write { at: here(*place), keys: vec![here(*index)], values: vec![here(*value)] });
                }
            }
        },
        &mut |expr| {
            // `store.set(key, value)`, `store.insert(key, value)` of the language's own maps.
            if let Expr::Call(call) = facts.expr(expr)
                && let Expr::Field { base, name: method } = facts.expr(call.callee)
                && matches!(method.as_str(), "set" | "insert" | "setdefault" | "put")
                && let [key, value] = call.args.as_slice()
                && is_shared(*base)
            {
                called.push(Write { at: here(expr), keys: vec![here(key.value)], values: vec![here(value.value)] });
            }
        },
    );
    assigned.extend(called);
    assigned
}

fn judge(looker: &Looker<'_, '_>, write: &Write) -> Answer {
    if write.keys.is_empty() {
        return Answer::of(Outcome::Unknown, "its key could not be read");
    }
    if write.keys.iter().all(|key| is_request(looker, *key)) {
        return Answer::of(Outcome::Satisfied, "the key is the request itself");
    }
    let key = looker.made_from(&write.keys, DEPTH, Reach::Everything);
    if looker.is_tied(&key, is_scope) {
        return Answer::of(Outcome::Satisfied, "the key names the caller or the conversation");
    }
    if !write.values.is_empty() && write.values.iter().all(|value| is_identifier(looker, *value)) {
        return Answer::of(Outcome::Exempt, "an identifier is stored, and nothing that it stands for");
    }
    if write.keys.iter().all(|key| is_own_id(looker, *key, &write.values)) {
        return Answer::of(Outcome::Exempt, "what is stored is found by its own id");
    }
    let Some((trail, producer)) = produced(looker, &write.values) else {
        return Answer::of(Outcome::Exempt, "nothing of a user's is seen to be stored");
    };
    let inputs = looker.made_from(&looker.inputs(producer), DEPTH + 2, Reach::Everything);
    // Walked from the value, too: what other callers pass to the function that computes it is not in it.
    let from_value = || looker.made_from(&computed(looker, &write.values), 2 * DEPTH + 2, Reach::Everything);
    if is_personal(looker, &inputs, &key) && is_personal(looker, &from_value(), &key) {
        return Answer {
            outcome: Outcome::Violated,
            why: "the value depends on a user, the key on none",
            trail: Some(trail),
        };
    }
    Answer::of(Outcome::Exempt, "the value depends on no user's data")
}

/// Whether a key is the id of the very record that a value is made from: `kept.set(mail.id, read(mail))`.
fn is_own_id(looker: &Looker<'_, '_>, key: GExpr, values: &[GExpr]) -> bool {
    let facts = looker.project().program.facts(key.file);
    let Expr::Field { base, name } = facts.expr(key.expr) else { return false };
    let Expr::Name(record) = facts.expr(*base) else { return false };
    let is_id = crate::rules::vocabulary::words(name).last().is_some_and(|w| matches!(w.as_str(), "id" | "uuid"));
    let is_of = |node: &Node| matches!(node, Node::Expr(at) if matches!(facts.expr(at.expr), Expr::Name(n) if n == record) && at.file == key.file);
    is_id && looker.made_from(values, 1, Reach::Everything).nodes.iter().any(is_of)
}

/// Whether a value is called an identifier.
fn is_identifier(looker: &Looker<'_, '_>, at: GExpr) -> bool {
    match looker.project().program.facts(at.file).expr(at.expr) {
        Expr::Name(name) | Expr::Field { name, .. } => crate::rules::vocabulary::words(name)
            .last()
            .is_some_and(|word| matches!(word.as_str(), "id" | "ids" | "uuid")),
        _ => false,
    }
}

/// The call that wrote or found what is stored, with the way from there.
fn produced(looker: &Looker<'_, '_>, values: &[GExpr]) -> Option<(Trail, SiteId)> {
    let wants = |origin: &Origin| matches!(origin, Origin::Source(SourceKind::ModelOutput | SourceKind::Retrieved));
    let query = Query { named: &|_| None, wants: &wants, depth: DEPTH + 2, reach: Reach::Containers };
    computed(looker, values).into_iter().find_map(|start| {
        let trail = looker.index.trace(looker.cx.models, start, &query)?;
        let files: FxHashSet<&str> = trail.places.iter().map(|(_, place)| place.path.as_str()).collect();
        let site = looker.site_of(trail.places.first()?.0).filter(|_| files.len() <= MAX_FILES)?;
        Some((trail, site))
    })
}

/// Some values, and what they are computed by where a cache calls a function on a miss.
fn computed(looker: &Looker<'_, '_>, values: &[GExpr]) -> Vec<GExpr> {
    let mut starts = values.to_vec();
    for value in values {
        let results = |at: GExpr| looker.functions_of(at).into_iter().flat_map(|f| looker.index.returned(f));
        let computed: Vec<GExpr> = results(*value).collect();
        // Asynchronous work is a function that a function hands out.
        starts.extend(computed.iter().copied().flat_map(results));
        starts.extend(computed);
    }
    starts
}

/// Whether a key is the object of the request that is served: the next request has another one.
fn is_request(looker: &Looker<'_, '_>, key: GExpr) -> bool {
    let project = looker.project();
    match project.program.facts(key.file).expr(key.expr) {
        Expr::Name(name) => {
            let is_called = matches!(name.as_str(), "ctx" | "context" | "req" | "request" | "c");
            let is_object = !project.values(key).iter().any(|v| matches!(v, Value::Literal(_)));
            is_called && is_object
        }
        // `c.req`, `ctx.request`.
        Expr::Field { base, name } => {
            matches!(name.as_str(), "req" | "request" | "raw")
                && is_request(looker, GExpr { file: key.file, expr: *base })
        }
        _ => false,
    }
}

/// Whether something is made from a user's own data that the key does not hold.
fn is_personal(looker: &Looker<'_, '_>, made: &Made, key: &Made) -> bool {
    let in_key: FxHashSet<String> = key.nodes.iter().flat_map(|n| looker.names(*n)).collect();
    made.sources.contains(&SourceKind::Principal)
        || made.nodes.iter().any(|node| {
            let is_value = matches!(node, Node::Param(..)) || !is_callee(looker, *node);
            is_value
                && looker
                    .names(*node)
                    .iter()
                    .any(|name| (is_caller(name) || is_conversation(name)) && !in_key.contains(name))
        })
}

/// Whether a node is nothing but what a call is written with: a client's name says nothing about its result.
fn is_callee(looker: &Looker<'_, '_>, node: Node) -> bool {
    let Node::Expr(at) = node else { return false };
    let values = looker.project().values(at);
    !values.is_empty() && values.iter().all(|v| matches!(v, Value::Fn(_) | Value::Class(_) | Value::Module(_)))
}

/// Functions whose results a wrapper keeps: their parameters are the key.
fn wraps(card: &RuleCard, looker: &Looker<'_, '_>, f: GFn, judged: &mut Judged) {
    let project = looker.project();
    let program = &project.program;
    let file = program.file_of(f);
    let function = program.function(f);
    let is_cached = function.decorators.iter().any(|d| {
        let at = GExpr { file, expr: *d };
        project.site_at(at).is_some_and(|site| looker.is(site, CallKind::CacheWrap))
    });
    if !is_cached {
        return;
    }
    let returned = looker.index.returned(f);
    let made = looker.made_from(&returned, 3, Reach::Everything);
    let names = function.params.iter().filter_map(crate::ir::Param::name);
    let answer = if names.into_iter().any(|name| is_scope(&name)) {
        Answer::of(Outcome::Satisfied, "a parameter names the caller or the conversation")
    } else if made.sources.contains(&SourceKind::Principal) {
        Answer::of(Outcome::Violated, "its result depends on who is calling, its parameters do not")
    } else {
        Answer::of(Outcome::Exempt, "its result depends on its parameters only")
    };
    let Some(at) = returned.first() else { return };
    tell(card, looker, &Write { at: *at, keys: Vec::new(), values: returned.clone() }, answer, judged);
}

fn tell(card: &RuleCard, looker: &Looker<'_, '_>, write: &Write, answer: Answer, judged: &mut Judged) {
    let project = looker.project();
    let at = crate::surface::location(project, write.at);
    judged.record(card, at.clone(), answer.outcome, answer.why);
    if answer.outcome != Outcome::Violated {
        return;
    }
    let facts = project.program.facts(write.at.file);
    let key = write.keys.first().map_or("its parameters".into(), |e| match facts.expr(e.expr) {
        Expr::Name(_) | Expr::Field { .. } => format!("`{}`", facts.show(e.expr)),
        Expr::Str(_) => "a constant key".into(),
        _ => "a key".into(),
    });
    let is_answer = answer.trail.as_ref().is_none_or(|t| t.origin == Origin::Source(SourceKind::ModelOutput));
    let what = if is_answer { "a model's answer" } else { "what was found for one caller" };
    let value = write.values.first().map_or(what.to_owned(), |v| match facts.expr(v.expr) {
        Expr::Name(_) | Expr::Field { .. } => format!("`{}` ({what})", facts.show(v.expr)),
        _ => what.to_owned(),
    });
    let subject = project.program.fn_name(looker.function_at(write.at));
    let mut found = finding(card, at, subject, &[("value", value.as_str()), ("key", key.as_str())]);
    if let Some(trail) = &answer.trail {
        found.flow = crate::rules::engines::flow::steps(looker.cx, trail);
    }
    judged.findings.push(found);
}
