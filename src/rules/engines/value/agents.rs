//! Loops around LLM calls that only the model's answer ends, and agents whose bound on steps is absent.
//!
//! A loop that waits for something else in each round (a socket, a queue, a person) is no agent loop: it counts only if
//! one of its exits hangs on what the model said.

use rustc_hash::FxHashSet;

use super::judges;
use crate::finding::Location;
use crate::intern::Name;
use crate::ir::{BinaryOp, Block, Expr, ExprId, FileFacts, LoopKind, Stmt, StmtKind, exprs_in_block, walk_stmts};
use crate::model::Setting;
use crate::project::{EdgeKind, FileId, GFn, Project};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, finding, step};
use crate::source::{PathClass, Span};
use crate::surface::Given;

/// How many calls deep a loop's body is searched for LLM calls.
const DEPTH: usize = 3;

pub(super) fn unbounded(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) {
    frameworks(card, cx, judged);
    let callers = Callers::new(cx);
    for index in 0..cx.project.program.fn_count() {
        let f = GFn(index);
        let file = cx.project.program.file_of(f);
        if judges(card, cx, f) && cx.project.program.class_of_path(file) == PathClass::Production {
            loops(card, cx, &callers, f, judged);
        }
    }
}

/// Agents with tools whose bound on steps is known to be absent.
fn frameworks(card: &RuleCard, cx: &Context<'_>, judged: &mut Judged) {
    for call in cx.surfaces.llm_calls.iter().filter(|c| judges(card, cx, c.function)) {
        let Some(steps) = call.settings.get(&Setting::MaxSteps) else { continue };
        let checked = judged.checked(card);
        checked.subjects += 1;
        match steps {
            Given::Unknown => checked.unknown += 1,
            Given::Literal(_) | Given::Configured(_) | Given::Default => checked.satisfied += 1,
            Given::Absent | Given::Off(_) => {
                let value = format!("`{}`", call.callee);
                let found = finding(card, call.at.clone(), call.callee.clone(), &[("value", value.as_str())]);
                judged.findings.push(found);
            }
        }
    }
}

/// Functions that call a model, directly or a few calls on.
struct Callers {
    near: Vec<FxHashSet<GFn>>,
    sites: FxHashSet<(FileId, ExprId)>,
}

impl Callers {
    fn new(cx: &Context<'_>) -> Self {
        let project = cx.project;
        let first: FxHashSet<GFn> = cx.surfaces.llm_calls.iter().map(|c| c.function).collect();
        let mut near = vec![first];
        for _ in 1..DEPTH {
            let known = near.last().cloned().unwrap_or_default();
            let mut next = known.clone();
            for index in 0..project.program.fn_count() {
                let calls = |e: &crate::project::Edge| e.kind == EdgeKind::Call && known.contains(&e.to);
                if project.edges[index as usize].iter().any(calls) {
                    next.insert(GFn(index));
                }
            }
            near.push(next);
        }
        let sites = cx.surfaces.llm_calls.iter().map(|c| project.site(c.call.site).at);
        Callers { near, sites: sites.map(|at| (at.file, at.expr)).collect() }
    }

    /// Whether an expression is a call that asks a model.
    fn asks(&self, project: &Project, f: GFn, file: FileId, expr: ExprId) -> bool {
        let deep = self.near.last();
        self.sites.contains(&(file, expr))
            || project.edges[f.0 as usize]
                .iter()
                .any(|e| e.at == expr && e.kind == EdgeKind::Call && deep.is_some_and(|d| d.contains(&e.to)))
    }
}

fn loops(card: &RuleCard, cx: &Context<'_>, callers: &Callers, f: GFn, judged: &mut Judged) {
    let file = cx.project.program.file_of(f);
    let facts = cx.project.program.facts(file);
    let mut found: Vec<&Stmt> = Vec::new();
    walk_stmts(facts, &cx.project.program.function(f).body, &mut |stmt| {
        if let StmtKind::Loop { kind: LoopKind::Forever, .. } = &stmt.kind {
            found.push(stmt);
        }
    });
    for stmt in found {
        let StmtKind::Loop { body, .. } = &stmt.kind else { continue };
        let asks: Vec<ExprId> =
            exprs_in_block(facts, body).into_iter().filter(|e| callers.asks(cx.project, f, file, *e)).collect();
        if asks.is_empty() {
            continue;
        }
        let checked = judged.checked(card);
        checked.subjects += 1;
        if is_bounded(facts, body) || !ends_on_answer(facts, body, &asks) {
            checked.satisfied += 1;
            continue;
        }
        let end = body.first().map_or(stmt.span.end, |first| first.span.start);
        let at = Location { path: facts.path.to_string(), span: Span { start: stmt.span.start, end } };
        let name = cx.project.program.fn_name(f);
        let value = format!("the loop in `{name}`");
        let mut one = finding(card, at, name, &[("value", value.as_str())]);
        for ask in asks.iter().take(3) {
            let at = Location { path: facts.path.to_string(), span: facts.span(*ask) };
            one.flow.push(step(at, "asks the model"));
        }
        judged.findings.push(one);
    }
}

/// Whether an exit of a loop hangs on a comparison by order: a counter, a deadline, a budget.
fn is_bounded(facts: &FileFacts, body: &Block) -> bool {
    let mut is_found = false;
    walk_stmts(facts, body, &mut |stmt| {
        if let StmtKind::If { test, then, otherwise } = &stmt.kind
            && (exits(facts, then) || exits(facts, otherwise))
        {
            is_found |= any(facts, *test, &mut |e| {
                matches!(
                    facts.expr(e),
                    Expr::Binary {
                        op: BinaryOp::Less | BinaryOp::LessEq | BinaryOp::Greater | BinaryOp::GreaterEq,
                        ..
                    }
                )
            });
        }
    });
    is_found
}

/// Whether one of the exits of a loop depends on what a model answered in it.
fn ends_on_answer(facts: &FileFacts, body: &Block, asks: &[ExprId]) -> bool {
    let mut answers: FxHashSet<Name> = FxHashSet::default();
    let mut is_found = false;
    walk_stmts(facts, body, &mut |stmt| match &stmt.kind {
        StmtKind::Assign { targets, value: Some(value), .. } if depends(facts, *value, asks, &answers) => {
            targets.iter().for_each(|t| {
                t.for_each_name(&mut |n| {
                    answers.insert(n);
                })
            });
        }
        StmtKind::Loop { pattern: Some(pattern), subject: Some(subject), .. }
            if depends(facts, *subject, asks, &answers) =>
        {
            pattern.for_each_name(&mut |n| {
                answers.insert(n);
            });
        }
        StmtKind::If { test, then, otherwise } => {
            is_found |= (exits(facts, then) || exits(facts, otherwise)) && depends(facts, *test, asks, &answers);
        }
        StmtKind::Match { subject, arms } => {
            is_found |= arms.iter().any(|a| exits(facts, &a.body)) && depends(facts, *subject, asks, &answers);
        }
        _ => {}
    });
    is_found
}

fn depends(facts: &FileFacts, expr: ExprId, asks: &[ExprId], answers: &FxHashSet<Name>) -> bool {
    any(facts, expr, &mut |e| asks.contains(&e) || matches!(facts.expr(e), Expr::Name(n) if answers.contains(n)))
}

fn any(facts: &FileFacts, expr: ExprId, is: &mut dyn FnMut(ExprId) -> bool) -> bool {
    if is(expr) {
        return true;
    }
    let mut is_found = false;
    crate::ir::for_each_child(facts.expr(expr), &mut |node| {
        if let crate::ir::Node::Expr(child) = node {
            is_found = is_found || any(facts, child, is);
        }
    });
    is_found
}

/// Whether a block leaves the loop around it.
fn exits(facts: &FileFacts, block: &Block) -> bool {
    let mut is_found = false;
    walk_stmts(facts, block, &mut |stmt| {
        is_found |= matches!(stmt.kind, StmtKind::Return(_) | StmtKind::Raise(_) | StmtKind::Break)
    });
    is_found
}
