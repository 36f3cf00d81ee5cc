//! What tests hold where: conditions that are known to be true or false in a part of a function.

use std::sync::OnceLock;

use super::bound::{Bound, Written};
use crate::ir::{BinaryOp, Block, Expr, ExprId, FileFacts, Node, Pattern, Stmt, StmtKind, for_each_child};
use crate::project::{GFn, Program};
use crate::source::Span;

/// A condition that holds in a region of its function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// The condition, or a call that came back.
    pub(super) test: ExprId,
    /// Whether it is true there.
    pub(super) truth: bool,
    /// Whether it is a call that was made for its effect: it came back without raising.
    pub(super) is_call: bool,
    /// Where it holds.
    pub(super) region: Span,
    /// Whether the function ends in an exception otherwise, and not merely with another answer.
    pub(super) by_raise: bool,
}

/// What holds where and what is bound, by function: looked up when first asked for, and shared by all cards.
#[derive(Debug)]
pub(in crate::rules) struct Holds {
    by_fn: Vec<OnceLock<Box<[Held]>>>,
    bound: Vec<OnceLock<Box<Bound>>>,
    written: Vec<OnceLock<Option<Box<Written>>>>,
}

impl Holds {
    /// For the functions of a program.
    pub(in crate::rules) fn new(program: &Program) -> Self {
        let functions = 0..program.fn_count();
        Holds {
            by_fn: functions.clone().map(|_| OnceLock::new()).collect(),
            bound: functions.clone().map(|_| OnceLock::new()).collect(),
            written: functions.map(|_| OnceLock::new()).collect(),
        }
    }

    /// The conditions of a function.
    pub(super) fn of(&self, program: &Program, f: GFn) -> &[Held] {
        self.by_fn[f.0 as usize].get_or_init(|| {
            let facts = program.facts(program.file_of(f));
            let function = program.function(f);
            let mut collector = Collector { facts, found: Vec::new() };
            collector.block(&function.body, function.span.end);
            collector.found.into()
        })
    }

    /// What a function writes to, besides its own names.
    pub(super) fn written(&self, program: &Program, f: GFn) -> &Written {
        static NOTHING: Written = Written { places: Vec::new(), elements: Vec::new() };
        let found = self.written[f.0 as usize].get_or_init(|| {
            let written = Written::new(program.facts(program.file_of(f)), &program.function(f).body);
            (!written.places.is_empty() || !written.elements.is_empty()).then(|| Box::new(written))
        });
        found.as_deref().unwrap_or(&NOTHING)
    }

    /// What the names of a function are bound to.
    pub(super) fn bound(&self, program: &Program, f: GFn) -> &Bound {
        self.bound[f.0 as usize].get_or_init(|| {
            let facts = program.facts(program.file_of(f));
            Box::new(Bound::new(facts, &program.function(f).body))
        })
    }
}

/// How a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    Raise,
    Return,
    Jump,
}

struct Collector<'a> {
    facts: &'a FileFacts,
    found: Vec<Held>,
}

impl Collector<'_> {
    /// Collects from a block whose last statement is followed by nothing before `end`.
    fn block(&mut self, block: &Block, end: u32) {
        for stmt in block {
            let after = Span { start: stmt.span.end, end: end.max(stmt.span.end) };
            self.stmt(stmt, after);
        }
    }

    fn hold(&mut self, test: ExprId, truth: bool, region: Span, by_raise: bool) {
        self.found.push(Held { test, truth, is_call: false, region, by_raise });
    }

    fn stmt(&mut self, stmt: &Stmt, after: Span) {
        match &stmt.kind {
            StmtKind::If { test, then, otherwise } => {
                self.within(*test);
                self.branch(*test, true, then);
                self.branch(*test, false, otherwise);
                if let Some(exit) = exit(self.facts, then) {
                    self.hold(*test, false, after, exit == Exit::Raise);
                }
                if let Some(exit) = exit(self.facts, otherwise) {
                    self.hold(*test, true, after, exit == Exit::Raise);
                }
            }
            StmtKind::Assert(test) => self.hold(*test, true, after, true),
            StmtKind::Expr(e) | StmtKind::Value(e) => {
                self.within(*e);
                self.came_back(*e, after);
            }
            StmtKind::Assign { value: Some(value), .. } => {
                self.within(*value);
                self.came_back(*value, after);
            }
            StmtKind::Return(Some(e)) => self.within(*e),
            StmtKind::Loop { kind, subject, body, .. } => {
                if let (crate::ir::LoopKind::While, Some(test)) = (kind, subject) {
                    self.branch(*test, true, body);
                }
                let before = self.found.len();
                self.block(body, span_of(body).map_or(after.start, |s| s.end));
                // What every element had to pass holds behind the loop, unless passing over an element was enough.
                let exits: Vec<Held> = self.found[before..].to_vec();
                let is_kept = |held: &Held| !held.is_call && leaves(self.facts, body, held.test);
                let kept: Vec<Held> = exits.into_iter().filter(is_kept).collect();
                self.found.extend(kept.into_iter().map(|held| Held { region: after, ..held }));
            }
            StmtKind::Try { body, handlers, finally } => {
                let before = self.found.len();
                self.block(body, span_of(body).map_or(after.start, |s| s.end));
                let all_exit = handlers.iter().all(|h| exit(self.facts, &h.body).is_some());
                if all_exit && !handlers.is_empty() || handlers.is_empty() {
                    let end = span_of(body).map_or(0, |s| s.end);
                    let is_raise = handlers.iter().all(|h| exit(self.facts, &h.body) == Some(Exit::Raise));
                    let kept: Vec<Held> =
                        self.found[before..].iter().filter(|h| h.region.end >= end).copied().collect();
                    self.found.extend(kept.into_iter().map(|held| Held {
                        region: after,
                        by_raise: held.by_raise && is_raise,
                        ..held
                    }));
                }
                for handler in handlers {
                    self.block(&handler.body, span_of(&handler.body).map_or(after.start, |s| s.end));
                }
                self.block(finally, after.start);
            }
            StmtKind::With { body, .. } | StmtKind::Block(body) => self.block(body, after.end),
            StmtKind::Match { arms, .. } => {
                for arm in arms {
                    if let (Some(guard), Some(region)) = (arm.guard, span_of(&arm.body)) {
                        self.hold(guard, true, region, false);
                    }
                    self.block(&arm.body, span_of(&arm.body).map_or(after.start, |s| s.end));
                }
            }
            _ => {}
        }
    }

    fn branch(&mut self, test: ExprId, truth: bool, body: &Block) {
        if let Some(region) = span_of(body) {
            self.hold(test, truth, region, false);
            self.block(body, region.end);
        }
    }

    fn came_back(&mut self, expr: ExprId, region: Span) {
        let mut at = expr;
        while let Expr::Await(inner) | Expr::Try(inner) = self.facts.expr(at) {
            at = *inner;
        }
        if matches!(self.facts.expr(at), Expr::Call(_)) {
            self.found.push(Held { test: at, truth: true, is_call: true, region, by_raise: true });
        }
    }

    /// Conditions inside an expression: `a if t else b`, `t and a`, comprehensions.
    fn within(&mut self, expr: ExprId) {
        match self.facts.expr(expr) {
            Expr::Conditional { test, then, otherwise } => {
                let (test, then, otherwise) = (*test, *then, *otherwise);
                self.hold(test, true, self.facts.span(then), false);
                self.hold(test, false, self.facts.span(otherwise), false);
            }
            Expr::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right } => {
                let region = self.facts.span(*right);
                self.hold(*left, *op == BinaryOp::And, region, false);
            }
            Expr::Comprehension { clauses, element, .. } => {
                let region = self.facts.span(*element);
                let tests: Vec<ExprId> = clauses.iter().flat_map(|c| c.tests.iter().copied()).collect();
                tests.into_iter().for_each(|test| self.hold(test, true, region, false));
            }
            _ => {}
        }
        let mut inner = Vec::new();
        let mut blocks = Vec::new();
        for_each_child(self.facts.expr(expr), &mut |node| match node {
            Node::Expr(e) => inner.push(e),
            Node::Block(block) => blocks.push(block.clone()),
            Node::Pattern(_) => {}
        });
        inner.into_iter().for_each(|e| self.within(e));
        for block in blocks {
            let end = span_of(&block).map_or(0, |s| s.end);
            self.block(&block, end);
        }
    }
}

/// The part of the text that a block takes.
pub(super) fn span_of(block: &Block) -> Option<Span> {
    Some(Span { start: block.first()?.span.start, end: block.last()?.span.end })
}

/// How every way through a block leaves it, if every way does.
fn exit(facts: &FileFacts, block: &Block) -> Option<Exit> {
    block.iter().find_map(|stmt| match &stmt.kind {
        StmtKind::Raise(_) => Some(Exit::Raise),
        StmtKind::Return(_) => Some(Exit::Return),
        StmtKind::Break | StmtKind::Continue => Some(Exit::Jump),
        StmtKind::If { then, otherwise, .. } => Some(exit(facts, then)?.max(exit(facts, otherwise)?)),
        StmtKind::With { body, .. } | StmtKind::Block(body) => exit(facts, body),
        StmtKind::Expr(e) => ends_process(facts, *e).then_some(Exit::Raise),
        StmtKind::Try { body, handlers, .. } => {
            let all: Option<Vec<Exit>> = handlers.iter().map(|h| exit(facts, &h.body)).collect();
            Some(all?.into_iter().chain([exit(facts, body)?]).max().unwrap_or(Exit::Raise))
        }
        _ => None,
    })
}

/// `sys.exit()`, `process.exit()`, `std::process::exit()`.
fn ends_process(facts: &FileFacts, e: ExprId) -> bool {
    let Expr::Call(call) = facts.expr(e) else { return false };
    matches!(facts.expr(call.callee), Expr::Field { name, .. } if matches!(name.as_str(), "exit" | "abort"))
}

/// Whether failing a test inside a loop's body leaves the function.
fn leaves(facts: &FileFacts, body: &Block, test: ExprId) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::If { test: t, then, otherwise } => {
            (*t == test && matches!(exit(facts, then), Some(Exit::Raise | Exit::Return)))
                || leaves(facts, otherwise, test)
        }
        StmtKind::Try { body, .. } | StmtKind::With { body, .. } | StmtKind::Block(body) => leaves(facts, body, test),
        _ => false,
    })
}

/// The names in an expression, nested ones included.
pub(super) fn names(facts: &FileFacts, expr: ExprId, found: &mut Vec<crate::intern::Name>) {
    if let Expr::Name(name) = facts.expr(expr) {
        found.push(*name);
    }
    let mut inner = Vec::new();
    for_each_child(facts.expr(expr), &mut |node| match node {
        Node::Expr(e) => inner.push(e),
        Node::Pattern(Pattern::Place(e)) => inner.push(*e),
        Node::Block(_) | Node::Pattern(_) => {}
    });
    inner.into_iter().for_each(|e| names(facts, e, found));
}
