//! Expressions other than calls, operators and strings.

use super::Lowering;
use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use crate::intern::Name;
use crate::ir::{Clause, Element, Entry, Expr, ExprId, Key, ListKind, Pattern};
use crate::source::Span;

impl<'a> Lowering<'a> {
    /// Lowers an expression.
    pub(super) fn expr(&mut self, at: At) -> ExprId {
        self.named_expr(at, None)
    }

    /// Lowers an expression bound to a name, which a lambda takes for its own.
    pub(super) fn named_expr(&mut self, at: At, name: Option<Name>) -> ExprId {
        let at = self.tree.bare(at);
        let lowered = self.deeper(1, |cx| match cx.kind(at) {
            Kind::Lambda => cx.lambda(at, name),
            _ => cx.any_expr(at),
        });
        lowered.unwrap_or_else(|| self.unreadable(at))
    }

    /// The expression in a role of a node.
    pub(super) fn role(&mut self, at: At, field: Field) -> ExprId {
        match self.child(at, field) {
            Some(child) => self.expr(child),
            None => self.unreadable(at),
        }
    }

    fn any_expr(&mut self, at: At) -> ExprId {
        match self.kind(at) {
            Kind::Identifier => self.identifier(at),
            Kind::Call | Kind::Attribute | Kind::Subscript => self.postfix(at),
            Kind::String | Kind::ConcatenatedString => self.string(at),
            Kind::Integer | Kind::Float => self.add(Expr::Num(self.name(at)), at),
            Kind::True => self.add(Expr::Bool(true), at),
            Kind::False => self.add(Expr::Bool(false), at),
            Kind::None => self.add(Expr::Null, at),
            Kind::BinaryOperator | Kind::BooleanOperator => self.binary(at),
            Kind::ComparisonOperator => self.comparison(at),
            Kind::NotOperator | Kind::UnaryOperator => self.unary(at),
            Kind::List => self.list(ListKind::List, at),
            Kind::Tuple | Kind::ExpressionList | Kind::PatternList => self.list(ListKind::Tuple, at),
            Kind::Set => self.list(ListKind::Set, at),
            Kind::Dictionary => self.dictionary(at),
            Kind::ListComprehension => self.comprehension(ListKind::List, at),
            Kind::SetComprehension => self.comprehension(ListKind::Set, at),
            Kind::DictionaryComprehension => self.comprehension(ListKind::Dict, at),
            Kind::GeneratorExpression => self.comprehension(ListKind::Generator, at),
            Kind::ConditionalExpression => self.conditional(at),
            Kind::NamedExpression => self.walrus(at),
            Kind::Await => self.awaited(at),
            Kind::Yield => self.yielded(at),
            Kind::KeywordArgument => self.role(at, Field::Value),
            Kind::AsPattern => self.as_expr(at),
            Kind::ListSplat | Kind::ListSplatPattern | Kind::DictionarySplat | Kind::Type | Kind::Chevron => {
                self.inner(at)
            }
            Kind::Missing | Kind::Error => self.unreadable(at),
            _ => self.parts(at),
        }
    }

    fn identifier(&mut self, at: At) -> ExprId {
        let name = self.name(at);
        let is_receiver = self.scope.receiver == Some(name);
        self.add(if is_receiver { Expr::Receiver } else { Expr::Name(name) }, at)
    }

    fn inner(&mut self, at: At) -> ExprId {
        match self.tree.named(at).next() {
            Some(inner) => self.expr(inner),
            None => self.parts(at),
        }
    }

    /// An expression of which only the parts matter.
    pub(super) fn parts(&mut self, at: At) -> ExprId {
        let tree = self.tree;
        let parts: Vec<ExprId> = tree.named(at).map(|part| self.expr(part)).collect();
        self.add(Expr::Opaque(parts.into()), at)
    }

    pub(super) fn list(&mut self, kind: ListKind, at: At) -> ExprId {
        let tree = self.tree;
        let items = tree.named(at).map(|item| self.element(item)).collect();
        self.add(Expr::List { kind, items }, at)
    }

    /// A tuple written without parentheses whose parts are the children of a node.
    pub(super) fn tuple_of(&mut self, at: At) -> ExprId {
        self.list(ListKind::Tuple, at)
    }

    /// A tuple of some nodes.
    pub(super) fn tuple(&mut self, items: &[At], span: Span) -> ExprId {
        let items = items.iter().map(|&item| self.element(item)).collect();
        self.out.expr(Expr::List { kind: ListKind::Tuple, items }, span)
    }

    fn element(&mut self, at: At) -> Element {
        Element { value: self.expr(at), spread: self.is_spread(at) }
    }

    fn dictionary(&mut self, at: At) -> ExprId {
        let tree = self.tree;
        let mut entries = Vec::new();
        for entry in tree.named(at) {
            match self.kind(entry) {
                Kind::Pair => entries.push(self.pair(entry)),
                Kind::DictionarySplat => entries.push(Entry { key: Key::Spread, value: self.inner(entry) }),
                _ => {}
            }
        }
        self.add(Expr::Object(entries.into()), at)
    }

    fn pair(&mut self, at: At) -> Entry {
        let key = self.role(at, Field::Key);
        let literal = self.out.facts.str_value(key);
        let value = match self.child(at, Field::Value) {
            Some(value) => self.named_expr(value, literal),
            None => self.unreadable(at),
        };
        Entry { key: literal.map_or(Key::Computed(key), Key::Name), value }
    }

    fn comprehension(&mut self, kind: ListKind, at: At) -> ExprId {
        let tree = self.tree;
        let mut clauses: Vec<Clause> = Vec::new();
        for part in tree.named(at) {
            match (self.kind(part), clauses.last_mut()) {
                (Kind::ForInClause, _) => clauses.push(self.clause_of(part)),
                (Kind::IfClause, Some(_)) => {
                    let test = self.inner(part);
                    clauses.last_mut().into_iter().for_each(|last| last.tests.push(test));
                }
                _ => {}
            }
        }
        let body = self.child(at, Field::Body);
        let (key, element) = match body {
            Some(pair) if self.kind(pair) == Kind::Pair => {
                (Some(self.role(pair, Field::Key)), self.role(pair, Field::Value))
            }
            Some(body) => (None, self.expr(body)),
            None => (None, self.unreadable(at)),
        };
        self.add(Expr::Comprehension { kind, key, element, clauses: clauses.into() }, at)
    }

    fn clause_of(&mut self, at: At) -> Clause {
        let tree = self.tree;
        let iters: Vec<At> = tree.named(at).filter(|&c| tree.field(c) == Field::Right).collect();
        let iter = match iters.as_slice() {
            [one] => self.expr(*one),
            _ => self.tuple(&iters, self.span(at)),
        };
        let pattern = self.child(at, Field::Left).map_or(Pattern::Wild, |left| self.pattern(left));
        Clause { pattern, iter, tests: Vec::new() }
    }

    fn conditional(&mut self, at: At) -> ExprId {
        let tree = self.tree;
        let mut parts = tree.children(at).filter(|&c| tree.kind(c) != Kind::Error);
        let (Some(then), Some(test), Some(otherwise)) = (parts.next(), parts.next(), parts.next()) else {
            return self.parts(at);
        };
        let test = self.expr(test);
        let then = self.expr(then);
        let otherwise = self.expr(otherwise);
        self.add(Expr::Conditional { test, then, otherwise }, at)
    }

    fn walrus(&mut self, at: At) -> ExprId {
        let Some(name) = self.child(at, Field::Name) else { return self.parts(at) };
        let target = Box::new(Pattern::Name(self.name(name), self.span(name)));
        let value = self.role(at, Field::Value);
        self.add(Expr::Assign { target, value }, at)
    }

    /// `x as y` at the right edge of a `with` item, which has bound the name, or in broken code.
    fn as_expr(&mut self, at: At) -> ExprId {
        let value = self.inner(at);
        if self.bound_as == Some(at) {
            return value;
        }
        let Some(alias) = self.child(at, Field::Alias) else { return value };
        let target = Box::new(self.pattern(alias));
        self.add(Expr::Assign { target, value }, at)
    }

    fn awaited(&mut self, at: At) -> ExprId {
        let value = self.inner(at);
        self.add(Expr::Await(value), at)
    }

    fn yielded(&mut self, at: At) -> ExprId {
        self.out.function_mut(self.scope.function).is_generator = true;
        let value = self.tree.named(at).next().map(|value| self.expr(value));
        self.add(Expr::Yield(value), at)
    }
}
