//! Calls, attributes and subscripts: chains of them are walked, not recursed into.

use super::Lowering;
use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use crate::intern::Name;
use crate::ir::{Arg, CallExpr, CallKind, Expr, ExprId, MAX_DEPTH};
use crate::source::Span;

impl Lowering<'_> {
    /// `a.b(c)[d].e()`, from the head outwards.
    pub(super) fn postfix(&mut self, at: At) -> ExprId {
        let start = self.chain.len();
        let mut head = at;
        while let Some(inner) = self.link(head) {
            self.chain.push(head);
            head = inner;
        }
        let from = self.chain_start(head);
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
            let span = Span { start: from, end: self.span(link).end };
            value = self.linked(value, link, span);
            self.depth = self.depth.saturating_sub(1).max(outer);
        }
        self.depth = outer;
        value
    }

    /// What a link hangs on, if the node is a link.
    pub(super) fn link(&self, at: At) -> Option<At> {
        match self.kind(at) {
            Kind::Call => self.child(at, Field::Function),
            Kind::Attribute => self.child(at, Field::Object),
            Kind::Subscript => self.child(at, Field::Value),
            _ => None,
        }
    }

    /// Whether an item is spread. The grammar takes the star of `*a.b()` for a part of `a`, so it is looked for at the
    /// item's left edge.
    pub(super) fn is_spread(&self, at: At) -> bool {
        let mut edge = self.tree.bare(at);
        loop {
            edge = match self.kind(edge) {
                Kind::ListSplat | Kind::ListSplatPattern | Kind::DictionarySplat => return true,
                Kind::BinaryOperator | Kind::BooleanOperator => match self.child(edge, Field::Left) {
                    Some(left) => left,
                    None => return false,
                },
                _ => match self.link(edge) {
                    Some(inner) => inner,
                    None => return false,
                },
            }
        }
    }

    /// The head of a chain; `super()` is one expression.
    fn head(&mut self, start: usize, head: At) -> ExprId {
        if let Some((list, from)) = self.type_call
            && list == head
        {
            return self.called_type(list, from);
        }
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

    /// Where a chain starts: not at a star, nor behind a `type` that belongs to it.
    fn chain_start(&self, head: At) -> u32 {
        let inner = match self.kind(head) {
            Kind::ListSplat | Kind::ListSplatPattern => self.tree.named(head).next().unwrap_or(head),
            _ => head,
        };
        match self.type_call {
            Some((list, start)) if list == head => start,
            _ => self.span(inner).start,
        }
    }

    fn linked(&mut self, base: ExprId, link: At, span: Span) -> ExprId {
        match self.kind(link) {
            Kind::Attribute => {
                let name = self.child(link, Field::Attribute);
                let name = name.filter(|&name| self.kind(name) == Kind::Identifier);
                let field = match name {
                    Some(name) => Expr::Field { base, name: self.name(name) },
                    None => Expr::Opaque([base].into()),
                };
                self.out.expr(field, span)
            }
            Kind::Subscript => {
                let index = self.index(link);
                self.out.expr(Expr::Index { base, index }, span)
            }
            _ => self.call(base, link, span),
        }
    }

    fn index(&mut self, at: At) -> ExprId {
        let tree = self.tree;
        let indices: Vec<At> = tree.children(at).filter(|&c| tree.field(c) == Field::Subscript).collect();
        match indices.as_slice() {
            [one] => self.expr(*one),
            [] => self.unreadable(at),
            [first, .., last] => {
                let span = Span { start: self.span(*first).start, end: self.span(*last).end };
                self.tuple(&indices, span)
            }
        }
    }

    fn call(&mut self, callee: ExprId, at: At, span: Span) -> ExprId {
        let list = self.child(at, Field::Arguments);
        if let Some(cast) = list.and_then(|list| self.typing_cast(callee, list, span)) {
            return cast;
        }
        let args = list.map(|list| self.arguments(list)).unwrap_or_default();
        self.out.expr(Expr::Call(Box::new(CallExpr { callee, args, kind: CallKind::Plain, types: Vec::new() })), span)
    }

    /// `type(x)` where the grammar took `type` for a keyword and `(x)` for an expression.
    fn called_type(&mut self, list: At, start: u32) -> ExprId {
        let word = "type";
        let callee = self.out.expr(Expr::Name(Name::new(word)), Span::new(start as usize, start as usize + word.len()));
        let args = self.arguments(list);
        let call = CallExpr { callee, args, kind: CallKind::Plain, types: Vec::new() };
        self.out.expr(Expr::Call(Box::new(call)), Span { start, end: self.span(list).end })
    }

    /// `cast(T, x)`, if `cast` is that of `typing`.
    fn typing_cast(&mut self, callee: ExprId, list: At, span: Span) -> Option<ExprId> {
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
        Some(self.out.expr(Expr::Cast { value, ty: Box::new(ty) }, span))
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
            _ => Arg { name: None, value: self.expr(at), spread: self.is_spread(at) },
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
