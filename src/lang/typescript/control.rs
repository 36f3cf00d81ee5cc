//! Statements that steer: branches, loops, `try`, jumps.

use tree_sitter::Node;

use super::kind::{F, Kind};
use super::{Lowerer, span, stmt};
use crate::ir::{Arm, Block, Decl, Expr, ExprId, Handler, LoopKind, MAX_DEPTH, Pattern, StmtKind};
use crate::source::Span;

/// How many `else if` may nest; longer chains become a `match` on conditions.
const BRANCHES: usize = 48;

impl<'t> Lowerer<'t> {
    /// Lowers a control statement, or an expression that stands alone.
    pub(super) fn control(&mut self, node: Node<'t>, out: &mut Block) {
        let kind = match self.kind(node) {
            Kind::If => self.branches(node),
            Kind::For => return self.for_loop(node, out),
            Kind::ForIn => self.for_each(node),
            Kind::While | Kind::DoStatement => self.while_loop(node),
            Kind::Switch => self.switch(node),
            Kind::Try => self.try_statement(node),
            Kind::With => {
                let value = self.operand(node, F::Object);
                StmtKind::With { items: vec![(value, None)], body: self.branch(node, F::Body) }
            }
            Kind::Labeled => match self.field(node, F::Body) {
                Some(body) => return self.stmt(body, out),
                None => return,
            },
            Kind::StatementBlock => StmtKind::Block(self.block(node)),
            Kind::Return => StmtKind::Return(self.first_named(node).map(|value| self.expr(value))),
            Kind::Throw => StmtKind::Raise(self.first_named(node).map(|value| self.expr(value))),
            Kind::Break => StmtKind::Break,
            Kind::Continue => StmtKind::Continue,
            Kind::Other | Kind::Token => return,
            _ => return self.effect(node, out),
        };
        out.push(stmt(kind, span(node)));
    }

    fn operand(&mut self, node: Node<'t>, field: F) -> ExprId {
        match self.field(node, field) {
            Some(operand) => self.expr(operand),
            None => self.broken(node),
        }
    }

    fn branch(&mut self, node: Node<'t>, field: F) -> Block {
        self.field(node, field).map(|body| self.block(body)).unwrap_or_default()
    }

    /// `if .. else if .. else`.
    fn branches(&mut self, node: Node<'t>) -> StmtKind {
        let mut chain = vec![node];
        let mut last = None;
        while let Some(otherwise) = chain.last().and_then(|branch| self.field(*branch, F::Alternative)) {
            self.sweep(otherwise);
            match self.first_named(otherwise) {
                Some(next) if self.kind(next) == Kind::If => chain.push(next),
                other => {
                    last = other;
                    break;
                }
            }
        }
        let flat = chain.len() > BRANCHES.min(MAX_DEPTH.saturating_sub(self.depth));
        let depth = self.depth;
        let mut cases = Vec::with_capacity(chain.len());
        for branch in chain {
            let test = self.operand(branch, F::Condition);
            cases.push((test, self.branch(branch, F::Consequence), span(branch)));
            self.depth += usize::from(!flat);
        }
        let mut otherwise = last.map(|last| self.block(last)).unwrap_or_default();
        self.depth = depth;
        if flat {
            return self.guarded(cases, otherwise, span(node));
        }
        let mut first = None;
        for (test, then, span) in cases.into_iter().rev() {
            let nested = first.take().map(|(kind, span)| vec![stmt(kind, span)]);
            let otherwise = nested.unwrap_or_else(|| std::mem::take(&mut otherwise));
            first = Some((StmtKind::If { test, then, otherwise }, span));
        }
        first.map_or(StmtKind::Block(Vec::new()), |(kind, _)| kind)
    }

    /// A long `else if` chain: arms that match anything, each under its condition.
    fn guarded(&mut self, cases: Vec<(ExprId, Block, Span)>, otherwise: Block, span: Span) -> StmtKind {
        let subject = self.builder.expr(Expr::Bool(true), Span::new(span.start as usize, span.start as usize));
        let arm = |(test, body, _)| Arm { pattern: Pattern::Wild, guard: Some(test), body };
        let mut arms: Vec<Arm> = cases.into_iter().map(arm).collect();
        arms.push(Arm { pattern: Pattern::Wild, guard: None, body: otherwise });
        StmtKind::Match { subject, arms }
    }

    /// `for (init; test; step)`: the initialiser, then a `while` whose body ends with the step.
    fn for_loop(&mut self, node: Node<'t>, out: &mut Block) {
        if let Some(init) = self.field(node, F::Initializer) {
            match self.kind(init) {
                Kind::LexicalDeclaration => self.declaration(init, Decl::Let, out),
                Kind::VariableDeclaration => self.declaration(init, Decl::Var, out),
                Kind::EmptyStatement => {}
                _ => self.effects(init, out),
            }
        }
        let test = self.field(node, F::Condition).filter(|test| self.kind(*test) != Kind::EmptyStatement);
        let test = test.and_then(|test| match self.kind(test) {
            Kind::ExpressionStatement => self.first_named(test),
            _ => Some(test),
        });
        let subject = test.map(|test| self.expr(test));
        let mut body = self.branch(node, F::Body);
        if let Some(step) = self.field(node, F::Increment) {
            self.effects(step, &mut body);
        }
        let kind = if subject.is_some() { LoopKind::While } else { LoopKind::Forever };
        out.push(stmt(StmtKind::Loop { kind, pattern: None, subject, body }, span(node)));
    }

    fn effects(&mut self, node: Node<'t>, out: &mut Block) {
        let node = match self.kind(node) {
            Kind::ExpressionStatement => self.first_named(node).unwrap_or(node),
            _ => node,
        };
        for part in self.sequence_parts(node) {
            self.effect(part, out);
        }
    }

    fn for_each(&mut self, node: Node<'t>) -> StmtKind {
        let over_keys = self.field(node, F::Operator).is_some_and(|op| self.source(op) == "in");
        let kind = if over_keys { LoopKind::ForIn } else { LoopKind::For };
        let subject = Some(self.operand(node, F::Right));
        let pattern = self.field(node, F::Left).map(|left| self.pattern(left));
        StmtKind::Loop { kind, pattern, subject, body: self.branch(node, F::Body) }
    }

    fn while_loop(&mut self, node: Node<'t>) -> StmtKind {
        let subject = self.operand(node, F::Condition);
        let forever = matches!(self.builder.facts.expr(subject), Expr::Bool(true));
        let (kind, subject) = if forever { (LoopKind::Forever, None) } else { (LoopKind::While, Some(subject)) };
        StmtKind::Loop { kind, pattern: None, subject, body: self.branch(node, F::Body) }
    }

    fn try_statement(&mut self, node: Node<'t>) -> StmtKind {
        let body = self.branch(node, F::Body);
        let mut handlers = Vec::new();
        if let Some(handler) = self.field(node, F::Handler) {
            self.sweep(handler);
            let pattern = self.field(handler, F::Parameter).map(|p| self.pattern(p));
            handlers.push(Handler { types: Vec::new(), pattern, body: self.branch(handler, F::Body) });
        }
        let finally = self.field(node, F::Finalizer).map(|f| self.branch(f, F::Body)).unwrap_or_default();
        StmtKind::Try { body, handlers, finally }
    }
}
