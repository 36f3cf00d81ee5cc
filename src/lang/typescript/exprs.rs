//! Expressions: the dispatch over node kinds, and operators.

use tree_sitter::Node;

use super::functions::Around;
use super::kind::{F, Kind};
use super::{Lowerer, span, stmt};
use crate::intern::Name;
use crate::ir::{BinaryOp, CallExpr, CallKind, Expr, ExprId, FnKind, Pattern, StmtKind, Type, UnaryOp};
use crate::source::Span;

/// How long a chain of names is read again, at most.
const MAX_PLACE: usize = 8;

impl<'t> Lowerer<'t> {
    /// Lowers an expression.
    pub(super) fn expr(&mut self, node: Node<'t>) -> ExprId {
        self.expr_bound(node, None)
    }

    /// Lowers an expression that is bound to a name, which anonymous functions and classes in it take.
    pub(super) fn expr_bound(&mut self, node: Node<'t>, name: Option<Name>) -> ExprId {
        let node = self.bare(node);
        let lowered = self.deeper(node, |this| this.expr_at(node, name));
        self.sweep(node);
        lowered.unwrap_or_else(|too_deep| too_deep)
    }

    /// The expression inside any number of parentheses.
    pub(super) fn bare(&mut self, mut node: Node<'t>) -> Node<'t> {
        while self.kind(node) == Kind::Parenthesized {
            self.sweep(node);
            let Some(inner) = self.first_named(node) else { return node };
            node = inner;
        }
        node
    }

    fn expr_at(&mut self, node: Node<'t>, name: Option<Name>) -> ExprId {
        if node.is_missing() {
            return self.broken(node);
        }
        match self.kind(node) {
            Kind::Call | Kind::Member | Kind::Subscript | Kind::NonNull => self.access_chain(node),
            Kind::Binary => match self.cast_of_union(node) {
                Some(cast) => self.expr_bound(cast, name),
                None => self.binary_chain(node),
            },
            Kind::Ternary => self.ternary_chain(node),
            Kind::ArrowFunction | Kind::FunctionExpression | Kind::GeneratorFunction => {
                let own = self.field(node, F::Name).map(|n| self.name(n));
                let function = self.function(node, FnKind::Closure, own.or(name), Around::default());
                self.builder.expr(Expr::Lambda(function), span(node))
            }
            Kind::Class => {
                let own = self.field(node, F::Name).map(|n| self.name(n));
                let class = self.class(node, own.or(name), Around::default());
                self.builder.expr(Expr::Class(class), span(node))
            }
            Kind::AsExpression | Kind::Satisfies | Kind::TypeAssertion | Kind::Instantiation => self.cast(node, name),
            Kind::AssignmentExpression => self.assignment(node),
            Kind::AugmentedAssignment => self.augmented(node),
            Kind::Update => self.update(node),
            Kind::Unary => self.unary(node),
            Kind::New => self.construction(node),
            Kind::Await => self.wrapped(node, Expr::Await),
            Kind::Yield => {
                let value = self.first_named(node).map(|value| self.expr(value));
                self.builder.expr(Expr::Yield(value), span(node))
            }
            Kind::Spread | Kind::Decorator | Kind::ComputedPropertyName => match self.first_named(node) {
                Some(inner) => self.expr(inner),
                None => self.broken(node),
            },
            Kind::Sequence => self.sequence(node),
            Kind::JsxElement | Kind::JsxSelfClosing => self.jsx(node),
            _ => self.literal(node),
        }
    }

    fn wrapped(&mut self, node: Node<'t>, wrap: fn(ExprId) -> Expr) -> ExprId {
        let Some(inner) = self.first_named(node) else { return self.broken(node) };
        let inner = self.expr(inner);
        self.builder.expr(wrap(inner), span(node))
    }

    /// `x as T`, `x satisfies T`, `<T>x`, `f<T>`.
    fn cast(&mut self, node: Node<'t>, name: Option<Name>) -> ExprId {
        let parts = self.named(node);
        let (value, ty) = match (self.kind(node), parts.as_slice()) {
            (Kind::TypeAssertion, [types, value, ..]) => (*value, self.first_named(*types)),
            (_, [value, ty, ..]) if self.kind(*ty) != Kind::TypeArguments => (*value, Some(*ty)),
            (_, [value, ..]) => (*value, None),
            _ => return self.broken(node),
        };
        let value = self.expr_bound(value, name);
        let ty = match (ty, self.kind(node)) {
            (Some(ty), _) => self.ty(ty),
            (None, Kind::AsExpression) => Type::Path(vec![Name::new("const")], Vec::new()),
            (None, _) => Type::Unknown,
        };
        self.builder.expr(Expr::Cast { value, ty: Box::new(ty) }, span(node))
    }

    /// The grammars read `x as A.B | C` as an operation on a cast. No operation applies to a bare cast, so it is the
    /// cast; what follows the sign is part of its type.
    fn cast_of_union(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        let (mut left, mut inner) = (node, node);
        loop {
            match self.kind(inner) {
                Kind::AsExpression | Kind::Satisfies => return Some(left),
                Kind::Member => inner = self.field(inner, F::Object)?,
                Kind::Binary => {
                    let sign = self.field(inner, F::Operator).map(|op| self.source(op))?;
                    left = self.field(inner, F::Left).filter(|_| matches!(sign, "|" | "&"))?;
                    inner = left;
                }
                _ => return None,
            }
        }
    }

    /// `target = value` inside an expression.
    fn assignment(&mut self, node: Node<'t>) -> ExprId {
        let (Some(left), Some(right)) = (self.field(node, F::Left), self.field(node, F::Right)) else {
            return self.broken(node);
        };
        let name = self.place_name(left);
        let value = self.expr_bound(right, name);
        let target = Box::new(self.pattern(left));
        self.builder.expr(Expr::Assign { target, value }, span(node))
    }

    /// `target += value` inside an expression: an assignment of the operation's result.
    fn augmented(&mut self, node: Node<'t>) -> ExprId {
        let (Some(left), Some(right)) = (self.field(node, F::Left), self.field(node, F::Right)) else {
            return self.broken(node);
        };
        let op = self.augmented_op(node);
        let target = Box::new(self.pattern(left));
        let old = self.old_value(&target, span(left));
        let right = self.expr(right);
        let value = self.builder.expr(Expr::Binary { op, left: old, right }, span(node));
        self.builder.expr(Expr::Assign { target, value }, span(node))
    }

    /// `i++` inside an expression.
    fn update(&mut self, node: Node<'t>) -> ExprId {
        let Some(argument) = self.field(node, F::Argument) else { return self.broken(node) };
        let target = Box::new(self.pattern(argument));
        let left = self.old_value(&target, span(argument));
        let (op, one) = self.step(node);
        let value = self.builder.expr(Expr::Binary { op, left, right: one }, span(node));
        self.builder.expr(Expr::Assign { target, value }, span(node))
    }

    /// What a place holds before it is written. What stands in the place was lowered with it and is not lowered again: it
    /// may write such a place itself, and would double with each of them.
    fn old_value(&mut self, target: &Pattern, at: Span) -> ExprId {
        let read = match target {
            Pattern::Name(name, _) => Some(self.builder.expr(Expr::Name(*name), at)),
            Pattern::Place(place) => self.read_again(*place, MAX_PLACE),
            _ => None,
        };
        read.unwrap_or_else(|| self.builder.expr(Expr::Opaque(Box::default()), at))
    }

    /// The same chain of names once more; `None` if anything else stands in it.
    fn read_again(&mut self, at: ExprId, depth: usize) -> Option<ExprId> {
        let depth = depth.checked_sub(1)?;
        let copy = match *self.builder.facts.expr(at) {
            Expr::Name(name) => Expr::Name(name),
            Expr::Str(text) => Expr::Str(text),
            Expr::Num(text) => Expr::Num(text),
            Expr::Receiver => Expr::Receiver,
            Expr::Super => Expr::Super,
            Expr::Field { base, name } => Expr::Field { base: self.read_again(base, depth)?, name },
            Expr::Index { base, index } => {
                Expr::Index { base: self.read_again(base, depth)?, index: self.read_again(index, depth)? }
            }
            _ => return None,
        };
        let place = self.builder.facts.span(at);
        Some(self.builder.expr(copy, place))
    }

    /// The operation behind `++` and `--`, and its operand.
    pub(super) fn step(&mut self, node: Node<'t>) -> (BinaryOp, ExprId) {
        let sign = self.field(node, F::Operator).map_or("++", |op| self.source(op));
        let one = self.builder.expr(Expr::Num(Name::new("1")), span(node));
        (if sign == "++" { BinaryOp::Add } else { BinaryOp::Arith }, one)
    }

    /// The operator of `+=` and the like.
    pub(super) fn augmented_op(&self, node: Node<'t>) -> BinaryOp {
        let sign = self.field(node, F::Operator).map_or("", |op| self.source(op));
        binary_op(sign.strip_suffix('=').unwrap_or(sign))
    }

    fn unary(&mut self, node: Node<'t>) -> ExprId {
        let Some(operand) = self.field(node, F::Argument) else { return self.broken(node) };
        let op = match self.field(node, F::Operator).map_or("", |op| self.source(op)) {
            "!" => UnaryOp::Not,
            "typeof" => UnaryOp::TypeOf,
            "void" | "delete" => UnaryOp::Discard,
            _ => UnaryOp::Arith,
        };
        let operand = self.expr(operand);
        self.builder.expr(Expr::Unary { op, operand }, span(node))
    }

    fn construction(&mut self, node: Node<'t>) -> ExprId {
        let Some(constructor) = self.field(node, F::Constructor) else { return self.broken(node) };
        let callee = self.expr(constructor);
        let args = self.field(node, F::Arguments).map(|args| self.arguments(args)).unwrap_or_default();
        let types = self.field(node, F::TypeArguments).map(|types| self.types(types)).unwrap_or_default();
        self.builder.expr(Expr::Call(Box::new(CallExpr { callee, args, kind: CallKind::New, types })), span(node))
    }

    /// `a, b`: a block with the last as its value. Compiled code writes `(0, f)(x)`; the number is dropped there.
    fn sequence(&mut self, node: Node<'t>) -> ExprId {
        let parts = self.sequence_parts(node);
        self.sequence_of(parts, span(node))
    }

    /// The parts of a sequence, lowered.
    pub(super) fn sequence_of(&mut self, mut parts: Vec<Node<'t>>, span: Span) -> ExprId {
        let Some(last) = parts.pop() else { return self.builder.expr(Expr::Opaque(Box::default()), span) };
        parts.retain(|part| self.kind(*part) != Kind::Number);
        if parts.is_empty() {
            return self.expr(last);
        }
        let mut block = Vec::with_capacity(parts.len() + 1);
        for part in parts {
            let value = self.expr(part);
            block.push(stmt(StmtKind::Expr(value), super::span(part)));
        }
        let value = self.expr(last);
        block.push(stmt(StmtKind::Value(value), super::span(last)));
        self.builder.expr(Expr::Block(Box::new(block)), span)
    }

    /// The parts of `a, b, c`, nested sequences opened.
    pub(super) fn sequence_parts(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut parts = Vec::new();
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            if self.kind(next) == Kind::Sequence {
                open.extend(self.named(next).into_iter().rev());
            } else {
                parts.push(next);
            }
        }
        parts
    }

    /// The name a value takes from the place it is assigned to.
    pub(super) fn place_name(&self, place: Node<'t>) -> Option<Name> {
        match self.kind(place) {
            Kind::Identifier => Some(self.name(place)),
            Kind::Member => self.field(place, F::Property).map(|p| self.name(p)),
            _ => None,
        }
    }

    /// Lowers a place that is assigned to outside of patterns.
    pub(super) fn place(&mut self, node: Node<'t>) -> Pattern {
        let value = self.expr(node);
        Pattern::Place(value)
    }
}

/// The operator behind its sign.
pub(super) fn binary_op(sign: &str) -> BinaryOp {
    match sign {
        "+" => BinaryOp::Add,
        "%" => BinaryOp::Rem,
        "|" => BinaryOp::BitOr,
        ">>" => BinaryOp::Shift,
        "==" | "===" => BinaryOp::Eq,
        "!=" | "!==" => BinaryOp::NotEq,
        "<" => BinaryOp::Less,
        "<=" => BinaryOp::LessEq,
        ">" => BinaryOp::Greater,
        ">=" => BinaryOp::GreaterEq,
        "in" => BinaryOp::In,
        "&&" => BinaryOp::And,
        "||" => BinaryOp::Or,
        "??" => BinaryOp::Coalesce,
        "instanceof" => BinaryOp::InstanceOf,
        _ => BinaryOp::Arith,
    }
}
