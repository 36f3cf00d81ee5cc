//! Paths over the call graph from entry points to LLM calls.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::LlmCall;
use crate::finding::Location;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FileFacts};
use crate::project::{EdgeKind, EntryPoint, GExpr, GFn, Project, Value};

/// One function on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The function.
    pub function: GFn,
    /// Its name.
    pub name: String,
    /// Where it calls the next one, or the model.
    pub at: Location,
}

/// A way from an entry point to an LLM call: the functions on it, each with the expression that leads on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Index of the LLM call.
    pub(super) call: usize,
    /// Function and the expression in it that leads to the next function or is the LLM call.
    pub(super) hops: Vec<(GFn, ExprId)>,
}

/// A way from a function to an LLM call: empty where the function makes it itself.
type Way = Vec<(GFn, ExprId)>;

/// LLM calls by the function that makes them, or that decides that a helper does.
#[derive(Debug)]
pub(super) struct Reach {
    by_function: FxHashMap<GFn, Vec<(usize, Way)>>,
    /// The function that each call stands in.
    homes: Vec<GFn>,
}

impl Reach {
    pub(super) fn new(calls: &[LlmCall]) -> Self {
        let mut by_function: FxHashMap<GFn, Vec<(usize, Way)>> = FxHashMap::default();
        for (index, call) in calls.iter().enumerate() {
            if call.asked_by.is_empty() {
                by_function.entry(call.function).or_default().push((index, Way::new()));
            }
            for way in &call.asked_by {
                by_function.entry(way[0].0).or_default().push((index, way.clone()));
            }
        }
        Reach { by_function, homes: calls.iter().map(|call| call.function).collect() }
    }

    /// Shortest ways to every LLM call, nearest first.
    pub(super) fn calls_behind(&self, project: &Project, entry: &EntryPoint) -> Vec<Found> {
        let mut starts: Vec<GFn> = entry.handler.into_iter().collect();
        if let Some(object) = entry.object {
            starts.extend(object_functions(project, object));
        }
        let mut parents: FxHashMap<GFn, (GFn, ExprId)> = FxHashMap::default();
        let mut seen: FxHashSet<GFn> = starts.iter().copied().collect();
        let mut queue: VecDeque<GFn> = starts.iter().copied().collect();
        let mut found = Vec::new();
        while let Some(f) = queue.pop_front() {
            for (index, way) in self.by_function.get(&f).into_iter().flatten() {
                if found.iter().all(|(_, known, _)| *known != index) {
                    found.push((f, index, way));
                }
            }
            for edge in &project.edges[f.0 as usize] {
                if seen.insert(edge.to) {
                    parents.insert(edge.to, (f, edge.at));
                    queue.push_back(edge.to);
                }
            }
        }
        found
            .into_iter()
            .map(|(f, call, way)| {
                let mut hops = hops(f, &parents);
                if !way.is_empty() {
                    hops.pop();
                    hops.extend(way);
                    hops.push((self.homes[*call], ExprId(u32::MAX)));
                }
                Found { call: *call, hops }
            })
            .collect()
    }
}

fn hops(end: GFn, parents: &FxHashMap<GFn, (GFn, ExprId)>) -> Vec<(GFn, ExprId)> {
    let mut way = vec![(end, ExprId(u32::MAX))];
    let mut at = end;
    while let Some((from, via)) = parents.get(&at) {
        way.push((*from, *via));
        at = *from;
    }
    way.reverse();
    way
}

/// Names followed to what they are bound to.
const MAX_NAMES: usize = 16;

/// The functions that run when a platform runs an exported object: those it was made of, by the expression itself or by
/// calls on what stands in it (`builder.add_node(step)` before `builder.compile()`).
fn object_functions(project: &Project, object: GExpr) -> Vec<GFn> {
    let mut found = Vec::new();
    let file = object.file;
    for expr in parts(project, object) {
        for value in project.values(GExpr { file, expr }) {
            match value {
                Value::Fn(f) => found.push(*f),
                Value::Instance(class) | Value::Declared(class) => {
                    let program = &project.program;
                    let home = program.file_of_class(*class);
                    found.extend(program.class(*class).methods.iter().map(|m| program.gfn(home, *m)));
                }
                Value::Literal(_) => found.extend(project.functions_in(&[*value])),
                _ => {}
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// An expression, what its names are bound to where it stands, and calls on these names there.
fn parts(project: &Project, object: GExpr) -> Vec<ExprId> {
    let file = object.file;
    let facts = project.program.facts(file);
    let scope = project.scope_of(file, object.expr);
    let mut names: Vec<Name> = Vec::new();
    let mut out = subtree(project, object);
    let mut at = 0;
    while at < out.len() {
        let expr = out[at];
        at += 1;
        let Expr::Name(name) = *facts.expr(expr) else { continue };
        if names.contains(&name) || names.len() >= MAX_NAMES {
            continue;
        }
        let definitions = project.definitions_of(file, scope, name, MAX_NAMES);
        if !definitions.is_empty() {
            names.push(name);
        }
        for definition in definitions.into_iter().filter(|d| d.file == file) {
            out.extend(subtree(project, definition));
        }
    }
    if names.is_empty() {
        return out;
    }
    let caller = project.program.gfn(file, scope);
    let here = project.sites.iter().filter(|site| site.at.file == file && site.caller == caller);
    for site in here.filter(|site| root(facts, site.at.expr).is_some_and(|name| names.contains(&name))) {
        out.extend(subtree(project, site.at));
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The name that a chain of members and calls starts with.
fn root(facts: &FileFacts, mut at: ExprId) -> Option<Name> {
    loop {
        at = match facts.expr(at) {
            Expr::Name(name) => return Some(*name),
            Expr::Field { base, .. } => *base,
            Expr::Call(call) => call.callee,
            _ => return None,
        };
    }
}

/// An expression and everything in it.
pub(super) fn subtree(project: &Project, at: GExpr) -> Vec<ExprId> {
    fn visit(facts: &crate::ir::FileFacts, id: ExprId, out: &mut Vec<ExprId>) {
        out.push(id);
        crate::ir::for_each_child(facts.expr(id), &mut |node| match node {
            crate::ir::Node::Expr(child) => visit(facts, child, out),
            crate::ir::Node::Block(block) => out.extend(crate::ir::exprs_in_block(facts, block)),
            crate::ir::Node::Pattern(_) => {}
        });
    }
    let mut out = Vec::new();
    visit(project.program.facts(at.file), at.expr, &mut out);
    out
}

/// The path of a found call for reports.
pub(super) fn steps(project: &Project, found: &Found, calls: &[LlmCall]) -> Vec<PathStep> {
    let mut steps = Vec::new();
    for (function, via) in &found.hops {
        let file = project.program.file_of(*function);
        let at = if via.0 == u32::MAX {
            calls[found.call].at.clone()
        } else {
            super::location(project, GExpr { file, expr: *via })
        };
        steps.push(PathStep { function: *function, name: project.program.fn_name(*function), at });
    }
    steps
}

/// Whether an edge may be followed when asking what a guard does: what it hands out is not what it checks.
pub(super) fn is_direct(kind: EdgeKind) -> bool {
    match kind {
        EdgeKind::Call | EdgeKind::Getter | EdgeKind::Provider => true,
        EdgeKind::Callback => false,
    }
}
