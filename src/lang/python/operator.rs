//! Operators: chains of any length become trees of bounded depth.

use super::Lowering;
use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use crate::ir::{BinaryOp, Expr, ExprId, UnaryOp};
use crate::source::Span;

/// Chains up to this many operators nest to the left as the language does; longer ones are balanced, which changes no
/// operand and no order but keeps the tree shallow.
const LEFT_NESTING: usize = 12;

/// Middle operands of a chained comparison are shared by both sides if their syntax is at most this large. A larger
/// one could hold comparisons that share again, which would make walks over the facts exponential.
const SHARED_SIZE: u32 = 64;

/// An operand with the place its source takes, parentheses included.
#[derive(Clone, Copy)]
struct Operand {
    value: ExprId,
    span: Span,
}

/// An operator with its right operand.
#[derive(Clone, Copy)]
struct Term {
    op: BinaryOp,
    rank: u8,
    right: At,
}

impl Lowering<'_> {
    /// `a + b - c`, `a and b or c`: the whole left spine at once.
    pub(super) fn binary(&mut self, at: At) -> ExprId {
        let mut terms = Vec::new();
        let mut left = at;
        while matches!(self.kind(left), Kind::BinaryOperator | Kind::BooleanOperator) {
            let parts = (self.child(left, Field::Left), self.child(left, Field::Right));
            let (Some(inner), Some(right)) = parts else { break };
            let token = self.child(left, Field::Operator).map_or(Kind::Skip, |token| self.kind(token));
            let (op, rank) = binary_op(token);
            terms.push(Term { op, rank, right });
            left = inner;
        }
        if terms.is_empty() {
            return self.parts(at);
        }
        terms.reverse();
        let height: usize = terms.chunk_by(|a, b| a.rank == b.rank).map(|run| height(run.len())).sum();
        // This expression's own level is counted already.
        let lowered = self.deeper(height - 1, |cx| cx.spine(left, &terms));
        lowered.unwrap_or_else(|| self.unreadable(at))
    }

    fn spine(&mut self, left: At, terms: &[Term]) -> ExprId {
        let mut first = Operand { value: self.expr(left), span: self.span(left) };
        for run in terms.chunk_by(|a, b| a.rank == b.rank) {
            let mut operands = vec![first];
            operands
                .extend(run.iter().map(|term| Operand { value: self.expr(term.right), span: self.span(term.right) }));
            let ops: Vec<BinaryOp> = run.iter().map(|term| term.op).collect();
            first = self.joined(&operands, &ops);
        }
        first.value
    }

    /// Joins operands by the operators between them.
    fn joined(&mut self, operands: &[Operand], ops: &[BinaryOp]) -> Operand {
        match operands {
            [] => Operand { value: self.out.expr(Expr::Null, Span::default()), span: Span::default() },
            [only] => *only,
            [first, rest @ ..] if ops.len() <= LEFT_NESTING => {
                let pairs = rest.iter().zip(ops);
                pairs.fold(*first, |left, (right, op)| self.join(left, *op, *right))
            }
            _ => {
                let middle = operands.len() / 2;
                let left = self.joined(&operands[..middle], &ops[..middle - 1]);
                let right = self.joined(&operands[middle..], &ops[middle..]);
                self.join(left, ops[middle - 1], right)
            }
        }
    }

    fn join(&mut self, left: Operand, op: BinaryOp, right: Operand) -> Operand {
        let span = Span { start: left.span.start, end: right.span.end.max(left.span.start) };
        let value = self.out.expr(Expr::Binary { op, left: left.value, right: right.value }, span);
        Operand { value, span }
    }

    /// `a < b`, and `a < b < c` as pairs joined by `and`.
    pub(super) fn comparison(&mut self, at: At) -> ExprId {
        let tree = self.tree;
        let tokens: Vec<At> = tree.children(at).filter(|&c| tree.field(c) == Field::Operators).collect();
        let sides: Vec<At> = tree
            .children(at)
            .filter(|&c| {
                tree.field(c) != Field::Operators && (tree.kind(c).is_named() || tree.kind(c) == Kind::Missing)
            })
            .collect();
        if tokens.is_empty() || sides.len() != tokens.len() + 1 {
            return self.parts(at);
        }
        let levels = if tokens.len() == 1 { 0 } else { height(tokens.len() - 1) };
        let lowered = self.deeper(levels, |cx| cx.comparison_pairs(&sides, &tokens));
        lowered.unwrap_or_else(|| self.unreadable(at))
    }

    fn comparison_pairs(&mut self, sides: &[At], tokens: &[At]) -> ExprId {
        let operands: Vec<Operand> =
            sides.iter().map(|&side| Operand { value: self.expr(side), span: self.span(side) }).collect();
        let mut pairs = Vec::with_capacity(tokens.len());
        for (index, &token) in tokens.iter().enumerate() {
            let mut left = operands[index];
            if index > 0 && self.tree.size(sides[index]) > SHARED_SIZE {
                left.value = self.out.expr(Expr::Opaque(Box::default()), left.span);
            }
            pairs.push(self.join(left, comparison_op(self.kind(token)), operands[index + 1]));
        }
        let ops = vec![BinaryOp::And; pairs.len() - 1];
        self.joined(&pairs, &ops).value
    }

    /// `not x`, `-x`. A sign belongs to its number.
    pub(super) fn unary(&mut self, at: At) -> ExprId {
        let Some(operand) = self.child(at, Field::Argument) else { return self.parts(at) };
        if self.kind(at) == Kind::NotOperator {
            let operand = self.expr(operand);
            return self.add(Expr::Unary { op: UnaryOp::Not, operand }, at);
        }
        let is_minus = self.tree.child_of(at, Kind::Minus).is_some();
        if is_minus && matches!(self.kind(operand), Kind::Integer | Kind::Float) {
            let number = Expr::Num(self.name(at));
            return self.add(number, at);
        }
        let operand = self.expr(operand);
        self.add(Expr::Unary { op: UnaryOp::Arith, operand }, at)
    }
}

/// How deep [`Lowering::joined`] nests this many operators.
fn height(ops: usize) -> usize {
    let mut levels = 0;
    let mut operands = ops + 1;
    while operands - 1 > LEFT_NESTING {
        operands = operands.div_ceil(2);
        levels += 1;
    }
    levels + operands - 1
}

/// The operator of a token, and a number that is equal for operators of equal precedence.
fn binary_op(token: Kind) -> (BinaryOp, u8) {
    match token {
        Kind::Or => (BinaryOp::Or, 0),
        Kind::And => (BinaryOp::And, 1),
        Kind::Bar => (BinaryOp::BitOr, 2),
        Kind::Caret => (BinaryOp::Arith, 3),
        Kind::Ampersand => (BinaryOp::Arith, 4),
        Kind::ShiftRight => (BinaryOp::Shift, 5),
        Kind::ShiftLeft => (BinaryOp::Arith, 5),
        Kind::Plus => (BinaryOp::Add, 6),
        Kind::Minus => (BinaryOp::Arith, 6),
        Kind::Percent => (BinaryOp::Rem, 7),
        Kind::DoubleStar => (BinaryOp::Arith, 8),
        _ => (BinaryOp::Arith, 7),
    }
}

fn comparison_op(token: Kind) -> BinaryOp {
    match token {
        Kind::Less => BinaryOp::Less,
        Kind::LessEq => BinaryOp::LessEq,
        Kind::Greater => BinaryOp::Greater,
        Kind::GreaterEq => BinaryOp::GreaterEq,
        Kind::In => BinaryOp::In,
        Kind::NotIn => BinaryOp::NotIn,
        Kind::NotEqual | Kind::OldNotEqual | Kind::IsNot => BinaryOp::NotEq,
        _ => BinaryOp::Eq,
    }
}

/// The operator of an augmented assignment.
pub(super) fn assigned(token: Kind) -> BinaryOp {
    match token {
        Kind::PlusAssign => BinaryOp::Add,
        Kind::PercentAssign => BinaryOp::Rem,
        Kind::BarAssign => BinaryOp::BitOr,
        Kind::ShiftRightAssign => BinaryOp::Shift,
        _ => BinaryOp::Arith,
    }
}
