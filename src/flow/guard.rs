//! Checks against fixed values: a text that passed one is one of a known few.

use super::index::FlowIndex;
use crate::ir::{BinaryOp, Block, Expr, ExprId, FileFacts, Stmt, StmtKind, UnaryOp};
use crate::project::GExpr;
use crate::source::Span;

impl FlowIndex<'_> {
    /// Whether, at its use, a name or member was compared with fixed values, and others do not come here.
    pub fn is_allow_listed(&self, at: GExpr) -> bool {
        let facts = self.project.program.facts(at.file);
        let shown = match facts.expr(at.expr) {
            Expr::Name(_) | Expr::Field { .. } | Expr::Index { .. } => facts.show(at.expr),
            _ => return false,
        };
        let scope = self.project.scope_of(at.file, at.expr);
        let check = Check { index: self, at, facts, shown, use_at: facts.span(at.expr) };
        check.block(&facts.function(scope).body)
    }
}

struct Check<'a> {
    index: &'a FlowIndex<'a>,
    at: GExpr,
    facts: &'a FileFacts,
    shown: String,
    use_at: Span,
}

impl Check<'_> {
    /// Whether a statement of a block, before or around the use, lets fixed values pass only.
    fn block(&self, block: &Block) -> bool {
        block.iter().take_while(|stmt| stmt.span.start < self.use_at.end).any(|stmt| self.stmt(stmt))
    }

    fn stmt(&self, stmt: &Stmt) -> bool {
        let is_around = stmt.span.contains(self.use_at);
        match &stmt.kind {
            StmtKind::If { test, then, otherwise } => {
                let in_then = then.iter().any(|s| s.span.contains(self.use_at));
                let in_otherwise = otherwise.iter().any(|s| s.span.contains(self.use_at));
                (in_then && self.admits(*test, true))
                    || (in_otherwise && self.admits(*test, false))
                    || (!is_around && leaves(then) && self.admits(*test, false))
                    || (in_then && self.block(then))
                    || (in_otherwise && self.block(otherwise))
            }
            StmtKind::Assert(test) => self.admits(*test, true),
            StmtKind::Loop { body, .. } | StmtKind::With { body, .. } | StmtKind::Block(body) => {
                is_around && self.block(body)
            }
            StmtKind::Try { body, handlers, finally } => {
                is_around && (self.block(body) || handlers.iter().any(|h| self.block(&h.body)) || self.block(finally))
            }
            StmtKind::Match { arms, .. } => is_around && arms.iter().any(|arm| self.block(&arm.body)),
            _ => false,
        }
    }

    /// Whether a test that comes out as `outcome` means that the value is one of fixed ones.
    fn admits(&self, test: ExprId, outcome: bool) -> bool {
        match self.facts.expr(test) {
            Expr::Unary { op: UnaryOp::Not, operand } => self.admits(*operand, !outcome),
            Expr::Binary { op: BinaryOp::And, left, right } if outcome => {
                self.admits(*left, true) || self.admits(*right, true)
            }
            Expr::Binary { op: BinaryOp::Or, left, right } if !outcome => {
                self.admits(*left, false) || self.admits(*right, false)
            }
            Expr::Binary { op: BinaryOp::Or, left, right } => self.admits(*left, true) && self.admits(*right, true),
            Expr::Binary { op, left, right } => match (op, outcome) {
                (BinaryOp::Eq, true) | (BinaryOp::NotEq, false) => {
                    (self.is_it(*left) && self.is_fixed(*right)) || (self.is_it(*right) && self.is_fixed(*left))
                }
                (BinaryOp::In, true) | (BinaryOp::NotIn, false) => self.is_it(*left) && self.is_fixed(*right),
                _ => false,
            },
            Expr::Call(call) if outcome => {
                let Expr::Field { base, name } = self.facts.expr(call.callee) else { return false };
                let is_look_up = matches!(
                    name.as_str(),
                    "includes" | "has" | "contains" | "contains_key" | "hasOwnProperty" | "indexOf"
                );
                is_look_up && self.is_fixed(*base) && call.args.first().is_some_and(|a| self.is_it(a.value))
            }
            _ => false,
        }
    }

    fn is_it(&self, expr: ExprId) -> bool {
        let expr = match self.facts.expr(expr) {
            Expr::Unary { op: UnaryOp::Ref | UnaryOp::Deref, operand } => *operand,
            Expr::Cast { value, .. } => *value,
            _ => expr,
        };
        self.facts.show(expr) == self.shown
    }

    /// A non-empty literal, or a name for a collection of literals.
    fn is_fixed(&self, expr: ExprId) -> bool {
        let is_text = |e: ExprId| self.facts.str_value(e).is_some_and(|text| !text.is_empty());
        match self.facts.expr(expr) {
            Expr::Str(_) => is_text(expr),
            Expr::List { items, .. } => items.iter().all(|item| is_text(item.value)),
            Expr::Object(_) => true,
            Expr::Name(name) => {
                let at = GExpr { file: self.at.file, expr };
                let bound = self.index.project.definitions(at);
                let is_constant = |b: &GExpr| {
                    let facts = self.index.project.program.facts(b.file);
                    match facts.expr(b.expr) {
                        Expr::Object(_) | Expr::List { .. } => true,
                        Expr::Str(text) => !text.is_empty(),
                        Expr::Call(call) => {
                            matches!(facts.expr(call.callee), Expr::Name(n) if matches!(n.as_str(), "Set" | "Map" | "frozenset" | "set"))
                        }
                        _ => false,
                    }
                };
                bound.iter().any(is_constant)
                    || name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_ascii_digit())
            }
            Expr::Field { name, .. } => name.chars().all(|c| c.is_uppercase() || c == '_'),
            Expr::Call(call) => call.args.first().is_some_and(|a| self.is_fixed(a.value)),
            _ => false,
        }
    }
}

/// Whether a block never comes to its end.
fn leaves(block: &Block) -> bool {
    block.iter().any(|stmt| {
        matches!(stmt.kind, StmtKind::Return(_) | StmtKind::Raise(_) | StmtKind::Continue | StmtKind::Break)
            || matches!(&stmt.kind, StmtKind::Block(inner) if leaves(inner))
    })
}
