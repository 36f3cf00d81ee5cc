//! Statements that hold blocks.

use super::Lowering;
use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use crate::ir::{Arm, Block, Expr, ExprId, Handler, LoopKind, MAX_DEPTH, Pattern, Stmt, StmtKind};
use crate::source::Span;

/// How many `elif` clauses nest. A longer chain becomes a match of guards, which means the same and stays flat.
const ELIF_NESTING: usize = 60;

impl Lowering<'_> {
    pub(super) fn if_statement(&mut self, at: At) -> StmtKind {
        let tree = self.tree;
        let clauses: Vec<At> =
            std::iter::once(at).chain(tree.children(at).filter(|&c| tree.kind(c) == Kind::ElifClause)).collect();
        let otherwise = tree.child_of(at, Kind::ElseClause);
        if clauses.len() > ELIF_NESTING.min((MAX_DEPTH - self.depth) / 2) && clauses.len() > 1 {
            return self.guards(at, &clauses, otherwise);
        }
        let base = self.depth;
        let mut lowered = Vec::with_capacity(clauses.len());
        for clause in clauses {
            lowered.push((self.clause(clause), self.span(clause)));
            self.depth += 1;
        }
        // The last clause's `else` stands as deep as its body.
        self.depth -= 1;
        let mut rest = self.else_block(otherwise);
        self.depth = base;
        let end = self.span(at).end;
        while let Some(((test, then), span)) = lowered.pop() {
            let kind = StmtKind::If { test, then, otherwise: rest };
            if lowered.is_empty() {
                return kind;
            }
            rest = vec![Stmt { kind, span: Span { start: span.start, end } }];
        }
        StmtKind::Block(rest)
    }

    /// The test and block of an `if` or `elif`.
    fn clause(&mut self, at: At) -> (ExprId, Block) {
        let test = self.role(at, Field::Condition);
        let outer = self.scope;
        self.scope.type_only |= self.is_type_checking(test);
        let then = self.block(self.child(at, Field::Consequence));
        self.scope = outer;
        (test, then)
    }

    fn is_type_checking(&self, test: ExprId) -> bool {
        match self.out.facts.expr(test) {
            Expr::Name(name) | Expr::Field { name, .. } => *name == "TYPE_CHECKING",
            _ => false,
        }
    }

    fn else_block(&mut self, clause: Option<At>) -> Block {
        let body = clause.and_then(|clause| self.tree.child_of(clause, Kind::Block));
        self.block(body)
    }

    fn guards(&mut self, at: At, clauses: &[At], otherwise: Option<At>) -> StmtKind {
        let mut arms = Vec::with_capacity(clauses.len() + 1);
        for clause in clauses {
            let (test, body) = self.clause(*clause);
            arms.push(Arm { pattern: Pattern::Wild, guard: Some(test), body });
        }
        if otherwise.is_some() {
            let body = self.else_block(otherwise);
            arms.push(Arm { pattern: Pattern::Wild, guard: None, body });
        }
        let start = self.span(at).start;
        let subject = self.out.expr(Expr::Bool(true), Span { start, end: start });
        StmtKind::Match { subject, arms }
    }

    pub(super) fn loop_statement(&mut self, at: At, into: &mut Block) {
        let is_for = self.kind(at) == Kind::ForStatement;
        let subject = self.role(at, if is_for { Field::Right } else { Field::Condition });
        let pattern = is_for.then(|| self.child(at, Field::Left).map(|left| self.pattern(left))).flatten();
        let endless = !is_for && self.is_true(subject);
        let kind = match (is_for, endless) {
            (true, _) => LoopKind::For,
            (false, true) => LoopKind::Forever,
            (false, false) => LoopKind::While,
        };
        let body = self.block(self.child(at, Field::Body));
        let subject = (!endless).then_some(subject);
        into.push(Stmt { kind: StmtKind::Loop { kind, pattern, subject, body }, span: self.span(at) });
        if let Some(body) = self.tree.child_of(at, Kind::ElseClause).and_then(|e| self.tree.child_of(e, Kind::Block)) {
            self.statements(body, into);
        }
    }

    fn is_true(&self, test: ExprId) -> bool {
        match self.out.facts.expr(test) {
            Expr::Bool(value) => *value,
            Expr::Num(text) => *text == "1",
            _ => false,
        }
    }

    pub(super) fn try_statement(&mut self, at: At) -> StmtKind {
        let tree = self.tree;
        let mut body = self.block(self.child(at, Field::Body));
        let (mut handlers, mut finally) = (Vec::new(), Block::new());
        for clause in tree.named(at) {
            match self.kind(clause) {
                Kind::ExceptClause => handlers.push(self.handler(clause)),
                Kind::ElseClause => body.extend(self.else_block(Some(clause))),
                Kind::FinallyClause => finally.extend(self.else_block(Some(clause))),
                _ => {}
            }
        }
        StmtKind::Try { body, handlers, finally }
    }

    fn handler(&mut self, at: At) -> Handler {
        let tree = self.tree;
        let mut handler = Handler { types: Vec::new(), pattern: None, body: Block::new() };
        for child in tree.named(at) {
            match (self.kind(child), tree.field(child)) {
                (Kind::Block, _) => handler.body = self.block(Some(child)),
                (_, Field::Alias) => handler.pattern = Some(self.pattern(child)),
                (Kind::AsPattern, _) => {
                    tree.named(child).take(1).for_each(|types| self.caught(types, &mut handler));
                    handler.pattern = self.child(child, Field::Alias).map(|alias| self.pattern(alias));
                }
                _ => self.caught(child, &mut handler),
            }
        }
        handler
    }

    fn caught(&mut self, at: At, handler: &mut Handler) {
        let tree = self.tree;
        let at = tree.bare(at);
        if self.kind(at) == Kind::Tuple {
            handler.types.extend(tree.named(at).map(|ty| self.expr(ty)));
        } else {
            handler.types.push(self.expr(at));
        }
    }

    pub(super) fn with_statement(&mut self, at: At) -> StmtKind {
        let tree = self.tree;
        let mut items = Vec::new();
        if let Some(clause) = tree.child_of(at, Kind::WithClause) {
            for item in tree.named(clause) {
                let value = self.child(item, Field::Value).unwrap_or(item);
                self.with_item(value, &mut items);
            }
        }
        let body = self.block(self.child(at, Field::Body));
        StmtKind::With { items, body }
    }

    fn with_item(&mut self, at: At, items: &mut Vec<(ExprId, Option<Pattern>)>) {
        let tree = self.tree;
        match self.kind(at) {
            Kind::AsPattern => {
                let value = match tree.named(at).next() {
                    Some(value) => self.expr(value),
                    None => self.unreadable(at),
                };
                let pattern = self.child(at, Field::Alias).map(|alias| self.pattern(alias));
                items.push((value, pattern));
            }
            // `with (a as x, b as y):` can be read as a tuple.
            Kind::Tuple if tree.named(at).any(|c| tree.kind(c) == Kind::AsPattern) => {
                tree.named(at).for_each(|item| self.with_item(item, items));
            }
            Kind::ParenthesizedExpression if tree.kind(tree.bare(at)) == Kind::AsPattern => {
                self.with_item(tree.bare(at), items);
            }
            // The grammar gives `a if b else c as x` the shape of `a if b else (c as x)`.
            _ => {
                let bound = self.right_edge(at);
                let pattern = bound.and_then(|bound| self.child(bound, Field::Alias)).map(|alias| self.pattern(alias));
                self.bound_as = bound;
                items.push((self.expr(at), pattern));
                self.bound_as = None;
            }
        }
    }

    /// The `x as y` at the right edge of an expression.
    fn right_edge(&self, at: At) -> Option<At> {
        let mut edge = at;
        loop {
            edge = match self.kind(edge) {
                Kind::AsPattern => return Some(edge),
                Kind::ConditionalExpression | Kind::BooleanOperator | Kind::NotOperator | Kind::Lambda => {
                    self.tree.named(edge).last()?
                }
                _ => return None,
            }
        }
    }

    pub(super) fn match_statement(&mut self, at: At) -> StmtKind {
        let tree = self.tree;
        let subjects: Vec<At> = tree.children(at).filter(|&c| tree.field(c) == Field::Subject).collect();
        let subject = match subjects.as_slice() {
            [one] => self.expr(*one),
            _ => self.tuple(&subjects, self.span(at)),
        };
        let mut arms = Vec::new();
        if let Some(body) = self.child(at, Field::Body) {
            for clause in tree.children(body) {
                match self.kind(clause) {
                    Kind::CaseClause => arms.push(self.arm(clause)),
                    Kind::Error | Kind::Missing => self.skip(clause),
                    _ => {}
                }
            }
        }
        StmtKind::Match { subject, arms }
    }

    fn arm(&mut self, at: At) -> Arm {
        let tree = self.tree;
        let mut patterns = Vec::new();
        for child in tree.named(at).filter(|&c| tree.kind(c) == Kind::CasePattern) {
            patterns.push(self.case_pattern(child));
        }
        let pattern = match patterns.len() {
            1 => patterns.swap_remove(0),
            _ => Pattern::List(patterns),
        };
        let guard = self.child(at, Field::Guard).and_then(|guard| tree.named(guard).next());
        let guard = guard.map(|guard| self.expr(guard));
        let body = self.block(self.child(at, Field::Consequence));
        Arm { pattern, guard, body }
    }
}
