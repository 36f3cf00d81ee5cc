//! Calls, attributes and subscripts: chains of them are walked, not recursed into.

use super::Lowering;
use super::kind::{Field, Kind};
use super::tree::At;
use crate::intern::Name;
use crate::ir::{Arg, CallExpr, CallKind, Expr, ExprId, MAX_DEPTH};

impl Lowering<'_> {
    /// `a.b(c)[d].e()`, from the head outwards.
    pub(super) fn postfix(&mut self, at: At) -> ExprId {
        let start = self.chain.len();
        let mut head = at;
        while let Some(inner) = self.link(head) {
            self.chain.push(head);
            head = inner;
        }
        let outer = self.depth;
        // The head stands as deep as there are links around it; what is left above must do for arguments.
        let bound = ((MAX_DEPTH - outer) / 2).max(1);
        let links = self.chain.len() - start;
        let mut value = if links > bound {
            self.depth = outer + bound - 1;
            self.cut(start + bound, head)
        } else {
            self.depth = outer + links - 1;
            self.head(start, head)
        };
        while self.chain.len() > start {
            let Some(link) = self.chain.pop() else { break };
            value = self.linked(value, link);
            self.depth = self.depth.saturating_sub(1).max(outer);
        }
        self.depth = outer;
        value
    }

    /// What a link hangs on, if the node is a link.
    fn link(&self, at: At) -> Option<At> {
        match self.kind(at) {
            Kind::Call => self.child(at, Field::Function),
            Kind::Attribute => self.child(at, Field::Object),
            Kind::Subscript => self.child(at, Field::Value),
            _ => None,
        }
    }

    /// The head of a chain; `super()` is one expression.
    fn head(&mut self, start: usize, head: At) -> ExprId {
        if self.kind(head) == Kind::Identifier && self.source(head) == "super" {
            let calls = self.chain.len() > start;
            if let Some(call) = self.chain.last().copied().filter(|&c| calls && self.kind(c) == Kind::Call) {
                self.chain.pop();
                return self.add(Expr::Super, call);
            }
        }
        self.expr(head)
    }

    /// Stands for the inner links of a chain that is too long: the head and the arguments are all that is kept.
    fn cut(&mut self, keep: usize, head: At) -> ExprId {
        let inner = self.chain[keep];
        self.skip(head);
        let mut parts = vec![self.expr(head)];
        while self.chain.len() > keep {
            let Some(link) = self.chain.pop() else { break };
            let arguments = self.child(link, Field::Arguments);
            parts.extend(arguments.map(|list| self.arguments(list)).into_iter().flatten().map(|arg| arg.value));
        }
        self.add(Expr::Opaque(parts.into()), inner)
    }

    fn linked(&mut self, base: ExprId, link: At) -> ExprId {
        match self.kind(link) {
            Kind::Attribute => {
                let name = self.child(link, Field::Attribute);
                let name = name.filter(|&name| self.kind(name) == Kind::Identifier);
                match name {
                    Some(name) => self.add(Expr::Field { base, name: self.name(name) }, link),
                    None => self.add(Expr::Opaque([base].into()), link),
                }
            }
            Kind::Subscript => {
                let index = self.index(link);
                self.add(Expr::Index { base, index }, link)
            }
            _ => self.call(base, link),
        }
    }

    fn index(&mut self, at: At) -> ExprId {
        let tree = self.tree;
        let indices: Vec<At> = tree.children(at).filter(|&c| tree.field(c) == Field::Subscript).collect();
        match indices.as_slice() {
            [one] => self.expr(*one),
            [] => self.unreadable(at),
            [first, .., last] => {
                let span = crate::source::Span { start: self.span(*first).start, end: self.span(*last).end };
                self.tuple(&indices, span)
            }
        }
    }

    fn call(&mut self, callee: ExprId, at: At) -> ExprId {
        let list = self.child(at, Field::Arguments);
        if let Some(cast) = list.and_then(|list| self.typing_cast(callee, list, at)) {
            return cast;
        }
        let args = list.map(|list| self.arguments(list)).unwrap_or_default();
        self.add(Expr::Call(Box::new(CallExpr { callee, args, kind: CallKind::Plain, types: Vec::new() })), at)
    }

    /// `cast(T, x)`, if `cast` is that of `typing`.
    fn typing_cast(&mut self, callee: ExprId, list: At, at: At) -> Option<ExprId> {
        let facts = &self.out.facts;
        let is_cast = match facts.expr(callee) {
            Expr::Name(name) => self.cast == Some(*name),
            Expr::Field { base, name } if *name == "cast" => {
                matches!(facts.expr(*base), Expr::Name(module) if *module == "typing")
            }
            _ => false,
        };
        if !is_cast {
            return None;
        }
        let mut args = self.tree.named(list);
        let (Some(ty), Some(value), None) = (args.next(), args.next(), args.next()) else { return None };
        let ty = self.annotation(ty);
        let value = self.expr(value);
        Some(self.add(Expr::Cast { value, ty }, at))
    }

    /// The arguments of a call or class statement.
    pub(super) fn arguments(&mut self, list: At) -> Vec<Arg> {
        if self.kind(list) == Kind::GeneratorExpression {
            return vec![Arg { name: None, value: self.expr(list), spread: false }];
        }
        let tree = self.tree;
        tree.named(list).map(|arg| self.argument(arg)).collect()
    }

    pub(super) fn argument(&mut self, at: At) -> Arg {
        match self.kind(at) {
            Kind::KeywordArgument => self.keyword(at),
            _ => {
                let kind = self.kind(self.tree.bare(at));
                let spread = matches!(kind, Kind::ListSplat | Kind::ListSplatPattern | Kind::DictionarySplat);
                Arg { name: None, value: self.expr(at), spread }
            }
        }
    }

    fn keyword(&mut self, at: At) -> Arg {
        let name: Option<Name> = self.child(at, Field::Name).map(|name| self.name(name));
        let value = match self.child(at, Field::Value) {
            Some(value) => self.named_expr(value, name),
            None => self.unreadable(at),
        };
        Arg { name, value, spread: false }
    }
}
