//! The places where values become part of a log: calls that models or their looks tell, instrumented functions, raised
//! exceptions.

use super::words::WORDS;
use crate::flow::Node;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, StmtKind, walk_block};
use crate::model::{CallKind, PlaceRoot, RowRef, SinkKind};
use crate::project::{GExpr, GFn, Project, SiteId, Value};
use crate::rules::run::Context;
use crate::rules::vocabulary::words_of;

/// What sort of sink it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    /// A log record, a print, a trace attribute.
    Log,
    /// Arguments that an instrumented function records.
    Recorded,
    /// An exception's message, which ends in the log of whoever catches it, or in a crash report.
    Exception,
}

/// One sink.
#[derive(Clone, Debug)]
pub(super) struct Sink {
    /// The call.
    pub(super) at: GExpr,
    /// The function it is in.
    pub(super) f: GFn,
    pub(super) via: Via,
    /// What to call it in messages.
    pub(super) label: String,
    /// The values that arrive, with the names they are given there.
    pub(super) values: Vec<(Node, Option<Name>)>,
}

/// All sinks of a function, in source order.
pub(super) fn of(cx: &Context<'_>, f: GFn) -> Vec<Sink> {
    let mut found = modelled(cx, f);
    let known: Vec<GExpr> = found.iter().map(|s| s.at).collect();
    let file = cx.project.program.file_of(f);
    let facts = cx.project.program.facts(file);
    let mut looks = Vec::new();
    let mut raised = Vec::new();
    walk_block(
        facts,
        &cx.project.program.function(f).body,
        &mut |stmt| {
            if let StmtKind::Raise(Some(e)) = stmt.kind {
                raised.push(e);
            }
        },
        &mut |e| looks.push(e),
    );
    for expr in looks {
        let at = GExpr { file, expr };
        if !known.contains(&at) && looks_like_log(cx, at) {
            found.push(call_sink(cx, f, at, Via::Log, |_| true));
        }
    }
    for expr in raised {
        let at = GExpr { file, expr };
        if matches!(facts.expr(expr), Expr::Call(_)) {
            // What an exception of the program's does with a whole object is its own affair.
            let is_own = is_own_exception(cx, at);
            let is_shown = |e: ExprId| !is_own || !matches!(facts.expr(e), Expr::Name(_) | Expr::Field { .. });
            found.push(call_sink(cx, f, at, Via::Exception, is_shown));
        }
    }
    found.extend(recorded(cx, f));
    found.sort_by_key(|s| cx.project.program.facts(s.at.file).span(s.at.expr));
    found
}

/// Whether an exception is of a class of the program that says itself what becomes of its arguments.
fn is_own_exception(cx: &Context<'_>, at: GExpr) -> bool {
    let callees = cx.project.site_at(at).map(|site| cx.project.callees(site));
    callees.into_iter().flatten().any(|v| matches!(v, Value::Class(_)) && !cx.project.targets(*v).is_empty())
}

fn modelled(cx: &Context<'_>, f: GFn) -> Vec<Sink> {
    let mut sites: Vec<(SiteId, Vec<GExpr>)> = Vec::new();
    for call in &cx.project.api_calls[f.0 as usize] {
        let sinks = cx.models.calls[call.row as usize].places.sinks.iter();
        let places = sinks.filter(|(place, kind)| *kind == SinkKind::Log && place.root != PlaceRoot::Parameters);
        let exprs: Vec<GExpr> = places.flat_map(|(place, _)| cx.project.place_exprs(call.site, place)).collect();
        if exprs.is_empty() {
            continue;
        }
        match sites.iter_mut().find(|(site, _)| *site == call.site) {
            Some((_, known)) => known.extend(exprs),
            None => sites.push((call.site, exprs)),
        }
    }
    let made = sites.into_iter().map(|(site, exprs)| {
        let at = cx.project.site(site).at;
        let mut sink = call_sink(cx, f, at, Via::Log, |e| exprs.contains(&GExpr { file: at.file, expr: e }));
        // Places inside of literal arguments.
        for expr in exprs {
            if !sink.values.iter().any(|(node, _)| *node == Node::Expr(expr)) {
                sink.values.push((Node::Expr(expr), None));
            }
        }
        sink
    });
    made.collect()
}

fn call_sink(cx: &Context<'_>, f: GFn, at: GExpr, via: Via, takes: impl Fn(ExprId) -> bool) -> Sink {
    let facts = cx.project.program.facts(at.file);
    let (label, values) = match facts.expr(at.expr) {
        Expr::Call(call) => {
            let args = call.args.iter().filter(|a| takes(a.value));
            let values = args.map(|a| (Node::Expr(GExpr { file: at.file, expr: a.value }), a.name)).collect();
            (super::super::short(&facts.show(call.callee)), values)
        }
        _ => ("the log".into(), Vec::new()),
    };
    Sink { at, f, via, label, values }
}

/// Whether a call that no model knows is written as logs are: `logger.info(..)`, on something that is called a logger.
fn looks_like_log(cx: &Context<'_>, at: GExpr) -> bool {
    let facts = cx.project.program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return false };
    let functions: Vec<GFn> = cx.project.site_at(at).map_or_else(Vec::new, |site| {
        let callees = cx.project.callees(site).iter();
        callees.filter_map(|v| if let Value::Fn(f) = v { Some(*f) } else { None }).collect()
    });
    if functions.iter().any(|f| is_own_logger(cx, *f)) {
        return true;
    }
    let Expr::Field { base, name } = facts.expr(call.callee) else { return false };
    // `log` is also what stores of events do.
    if *name == "log" && !functions.is_empty() {
        return false;
    }
    let receiver = match facts.expr(*base) {
        Expr::Name(name) | Expr::Field { name, .. } => name,
        _ => return false,
    };
    if !WORDS.methods.contains(name.as_str()) {
        return false;
    }
    let is_logger = words_of(receiver).last().is_some_and(|word| WORDS.loggers.contains(word));
    // `Math.log`-like members of libraries that are known for something else are not logs.
    let known = cx.project.site_at(at).is_some_and(|site| {
        Project::apis(cx.project.callees(site)).any(|api| {
            let rows = cx.project.matcher.rows(api);
            rows.iter()
                .any(|r| matches!(r, RowRef::Call(row) if cx.models.calls[*row as usize].raw.is != Some(CallKind::Log)))
        })
    });
    is_logger && !known
}

/// The parameters that an instrumented function records.
fn recorded(cx: &Context<'_>, f: GFn) -> Vec<Sink> {
    let program = &cx.project.program;
    let function = program.function(f);
    let file = program.file_of(f);
    let facts = program.facts(file);
    let mut found = Vec::new();
    for decorator in &function.decorators {
        let at = GExpr { file, expr: *decorator };
        let (callee, args) = match facts.expr(*decorator) {
            Expr::Call(call) => (call.callee, call.args.as_slice()),
            _ => (*decorator, [].as_slice()),
        };
        if !records_parameters(cx, GExpr { file, expr: callee }) {
            continue;
        }
        // `skip(a, b)`, `skip_all`: what is left out.
        let mut skipped: Vec<Name> = Vec::new();
        let mut skips_all = false;
        let mut values = Vec::new();
        for arg in args {
            match facts.expr(arg.value) {
                Expr::Call(inner) if facts.show(inner.callee) == "skip" => {
                    skipped.extend(inner.args.iter().filter_map(|a| match facts.expr(a.value) {
                        Expr::Name(name) => Some(*name),
                        _ => None,
                    }));
                }
                Expr::Call(inner) if facts.show(inner.callee) == "fields" => {
                    values.extend(inner.args.iter().map(|a| (Node::Expr(GExpr { file, expr: a.value }), a.name)))
                }
                Expr::Name(name) if *name == "skip_all" => skips_all = true,
                _ => {}
            }
        }
        for (index, param) in function.params.iter().enumerate() {
            if let Some(name) = param.name().filter(|n| !skips_all && !skipped.contains(n)) {
                values.push((Node::Param(f, index, name), None));
            }
        }
        let label = format!("#[{}]", super::super::short(&facts.show(callee)));
        found.push(Sink { at, f, via: Via::Recorded, label, values });
    }
    found
}

fn records_parameters(cx: &Context<'_>, callee: GExpr) -> bool {
    let apis = Project::apis(cx.project.values(callee));
    apis.flat_map(|api| cx.project.matcher.rows(api)).any(|row| match row {
        RowRef::Call(row) => cx.models.calls[*row as usize]
            .places
            .sinks
            .iter()
            .any(|(place, kind)| *kind == SinkKind::Log && place.root == PlaceRoot::Parameters),
        _ => false,
    })
}

/// Whether a function is a logger of the program's own: it is called as one and logs. What its callers hand it is judged
/// where they do.
pub(super) fn is_own_logger(cx: &Context<'_>, f: GFn) -> bool {
    let calls = &cx.project.api_calls[f.0 as usize];
    let is_called_so = cx.project.program.function(f).name.is_some_and(|name| {
        let words = words_of(&name);
        words.len() == 1 && WORDS.methods.contains(&words[0])
    });
    is_called_so && calls.iter().any(|call| cx.models.calls[call.row as usize].raw.is == Some(CallKind::Log))
}

/// Whether a value is worth following at all.
pub(super) fn is_followed(cx: &Context<'_>, node: Node) -> bool {
    match node {
        Node::Param(..) => true,
        Node::Expr(at) => {
            let facts = cx.project.program.facts(at.file);
            !matches!(facts.expr(at.expr), Expr::Str(_) | Expr::Num(_) | Expr::Bool(_) | Expr::Null)
                && !cx.project.values(at).iter().any(|v| matches!(v, Value::Fn(_)))
        }
    }
}
