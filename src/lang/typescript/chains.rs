//! Chains: operators, member accesses and calls, conditionals. Generated code writes them with thousands of links, so
//! they are walked with loops, and chains of associative operators become balanced trees.
//!
//! A chain too long for that keeps all its parts, but as one flat [`Expr::Opaque`].

use tree_sitter::Node;

use super::exprs::binary_op;
use super::kind::{F, Kind};
use super::{Lowerer, span};
use crate::ir::{BinaryOp, Expr, ExprId, MAX_DEPTH, Type};
use crate::source::Span;

/// How many links a chain may nest; twice that for accesses with calls.
const LINKS: usize = 48;

impl<'t> Lowerer<'t> {
    /// How many links may nest here.
    fn links_left(&self) -> usize {
        LINKS.min(MAX_DEPTH.saturating_sub(self.depth))
    }

    /// `a + b + c ..`.
    pub(super) fn binary_chain(&mut self, node: Node<'t>) -> ExprId {
        let mut terms = Vec::new();
        let mut base = node;
        while self.kind(base) == Kind::Binary {
            let (Some(left), Some(right)) = (self.field(base, F::Left), self.field(base, F::Right)) else { break };
            let op = self.field(base, F::Operator).map_or(BinaryOp::Arith, |op| binary_op(self.source(op)));
            terms.push((op, right, span(base)));
            self.sweep(base);
            base = left;
        }
        if terms.is_empty() {
            return self.broken(node);
        }
        terms.reverse();
        if terms.len() <= self.links_left() { self.nested(base, &terms) } else { self.balanced(base, &terms) }
    }

    /// Short chains keep the shape they have in the source.
    fn nested(&mut self, base: Node<'t>, terms: &[(BinaryOp, Node<'t>, Span)]) -> ExprId {
        let depth = self.depth;
        self.depth += terms.len() - 1;
        let mut left = self.expr(base);
        for (op, right, span) in terms {
            let right = self.expr(*right);
            left = self.builder.expr(Expr::Binary { op: *op, left, right }, *span);
            self.depth -= usize::from(self.depth > depth);
        }
        self.depth = depth;
        left
    }

    /// Long chains become a balanced tree for each run of one associative operator.
    fn balanced(&mut self, base: Node<'t>, terms: &[(BinaryOp, Node<'t>, Span)]) -> ExprId {
        let depth = self.depth;
        let runs: Vec<_> = terms.chunk_by(|a, b| a.0 == b.0 && is_associative(a.0)).collect();
        let flat = runs.len() > self.links_left() / 2;
        self.depth =
            (depth + if flat { 0 } else { runs.len() + terms.len().ilog2() as usize }).min(MAX_DEPTH - 1).max(depth);
        let mut left = self.expr(base);
        let mut parts = vec![left];
        for run in runs {
            let operands: Vec<_> = run.iter().map(|(_, right, _)| self.expr(*right)).collect();
            if flat {
                parts.extend(operands);
            } else {
                parts.truncate(0);
                parts.push(left);
                parts.extend(operands);
                left = self.tree(run[0].0, &parts);
            }
        }
        self.depth = depth;
        if flat { self.builder.expr(Expr::Opaque(parts.into()), terms[terms.len() - 1].2) } else { left }
    }

    fn tree(&mut self, op: BinaryOp, parts: &[ExprId]) -> ExprId {
        if let [only] = parts {
            return *only;
        }
        let (left, right) = parts.split_at(parts.len().div_ceil(2));
        let (left, right) = (self.tree(op, left), self.tree(op, right));
        let span = Span { start: self.builder.facts.span(left).start, end: self.builder.facts.span(right).end };
        self.builder.expr(Expr::Binary { op, left, right }, span)
    }

    /// `a.b(c)[d]!.e ..`.
    pub(super) fn access_chain(&mut self, node: Node<'t>) -> ExprId {
        let mut links = Vec::new();
        let mut base = node;
        while let Some(inner) = self.accessed(base) {
            links.push(base);
            if matches!(self.kind(inner), Kind::AsExpression | Kind::Satisfies) {
                return self.cast_with_tail(inner, &links);
            }
            base = self.bare(inner);
        }
        if links.is_empty() {
            return self.broken(node);
        }
        links.reverse();
        if self.is_misread_await(base, links[0]) {
            let operand = self.field(links[0], F::Arguments).map(|args| self.named(args)).unwrap_or_default();
            let value = self.linked(&links[1..], node, |this| this.sequence_of(operand, span(links[0])));
            return self.builder.expr(Expr::Await(value), span(node));
        }
        self.linked(&links, node, |this| this.expr(base))
    }

    /// `await (f)(x)`, which one grammar reads as a call of something named `await`.
    fn is_misread_await(&self, base: Node<'t>, first: Node<'t>) -> bool {
        self.kind(first) == Kind::Call && self.kind(base) == Kind::Identifier && self.source(base) == "await"
    }

    /// The links of a chain, innermost first, on top of its base.
    fn linked(&mut self, links: &[Node<'t>], whole: Node<'t>, base: impl FnOnce(&mut Self) -> ExprId) -> ExprId {
        let kept = links.len().min(2 * self.links_left());
        let depth = self.depth;
        self.depth = (depth + kept.saturating_sub(1)).min(MAX_DEPTH - 1).max(depth);
        let mut value = base(self);
        for link in &links[..kept] {
            value = self.link(*link, value);
            if *link != whole {
                self.sweep(*link);
            }
            self.depth = depth.max(self.depth - 1);
        }
        self.depth = depth;
        if kept == links.len() { value } else { self.flat(value, &links[kept..], span(whole)) }
    }

    /// `x as A.B`, read by the grammars as a member of a bare cast: the members are segments of the type.
    fn cast_with_tail(&mut self, cast: Node<'t>, links: &[Node<'t>]) -> ExprId {
        let id = self.expr(cast);
        let tail: Vec<_> = links.iter().rev().filter_map(|link| self.place_name(*link)).collect();
        if let Expr::Cast { ty, .. } = &mut self.builder.facts.exprs[id.0 as usize]
            && let Type::Path(path, _) = &mut **ty
        {
            path.extend(tail);
        }
        id
    }

    /// What a link of a chain applies to.
    fn accessed(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        match self.kind(node) {
            Kind::Member | Kind::Subscript => self.field(node, F::Object),
            Kind::Call => self.field(node, F::Function),
            Kind::NonNull => self.first_named(node),
            _ => None,
        }
    }

    fn link(&mut self, node: Node<'t>, base: ExprId) -> ExprId {
        let expr = match self.kind(node) {
            Kind::Member => match self.field(node, F::Property) {
                Some(property) => Expr::Field { base, name: self.name(property) },
                None => Expr::Opaque([base].into()),
            },
            Kind::Subscript => match self.field(node, F::Index) {
                Some(index) => Expr::Index { base, index: self.expr(index) },
                None => Expr::Opaque([base].into()),
            },
            Kind::Call => self.call(node, base),
            _ => Expr::Cast { value: base, ty: Box::new(Type::Unknown) },
        };
        self.builder.expr(expr, span(node))
    }

    /// The rest of a chain with too many links: its arguments and indices side by side.
    fn flat(&mut self, base: ExprId, links: &[Node<'t>], span: Span) -> ExprId {
        let mut parts = vec![base];
        for link in links {
            match self.field(*link, F::Arguments).or_else(|| self.field(*link, F::Index)) {
                Some(args) if self.kind(args) == Kind::Arguments => {
                    parts.extend(self.arguments(args).iter().map(|arg| arg.value));
                }
                Some(part) => parts.push(self.expr(part)),
                None => {}
            }
        }
        self.builder.expr(Expr::Opaque(parts.into()), span)
    }

    /// `a ? b : c ? d : e`.
    pub(super) fn ternary_chain(&mut self, node: Node<'t>) -> ExprId {
        let mut cases = Vec::new();
        let mut last = node;
        while self.kind(last) == Kind::Ternary {
            let parts = [F::Condition, F::Consequence, F::Alternative].map(|f| self.field(last, f));
            let [Some(test), Some(then), Some(otherwise)] = parts else { break };
            cases.push((test, then, span(last)));
            if last != node {
                self.sweep(last);
            }
            last = self.bare(otherwise);
        }
        if cases.is_empty() {
            return self.broken(node);
        }
        let flat = cases.len() > self.links_left();
        let depth = self.depth;
        let mut parts = Vec::with_capacity(cases.len());
        for (test, then, span) in cases {
            parts.push((self.expr(test), self.expr(then), span));
            self.depth += usize::from(!flat);
        }
        self.depth = depth.max(self.depth - usize::from(!flat));
        let mut value = self.expr(last);
        self.depth = depth;
        if flat {
            let all = parts.iter().flat_map(|(test, then, _)| [*test, *then]).chain([value]).collect();
            return self.builder.expr(Expr::Opaque(all), span(node));
        }
        for (test, then, span) in parts.into_iter().rev() {
            value = self.builder.expr(Expr::Conditional { test, then, otherwise: value }, span);
        }
        value
    }
}

/// Whether regrouping operands changes nothing that any analysis looks at. `Arith` stands for several operators, of
/// which only the operands matter.
fn is_associative(op: BinaryOp) -> bool {
    use BinaryOp::*;
    matches!(op, Add | And | Or | Coalesce | BitOr | Arith)
}
