//! What values are bound to or matched against.

use super::Lowering;
use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use crate::intern::Name;
use crate::ir::{Expr, Pattern};
use crate::source::Span;

impl Lowering<'_> {
    /// The target of an assignment, loop, `with` or `except`.
    pub(super) fn pattern(&mut self, at: At) -> Pattern {
        let at = self.tree.bare(at);
        match self.deeper(1, |cx| cx.target(at)) {
            Some(pattern) => pattern,
            None => {
                self.skip(at);
                Pattern::Wild
            }
        }
    }

    fn target(&mut self, at: At) -> Pattern {
        let tree = self.tree;
        match self.kind(at) {
            Kind::Identifier => Pattern::Name(self.name(at), self.span(at)),
            Kind::AsPatternTarget => match tree.named(at).next() {
                Some(inner) => self.target(tree.bare(inner)),
                None => Pattern::Wild,
            },
            Kind::TuplePattern | Kind::Tuple if self.is_grouping(at) => {
                tree.named(at).next().map_or(Pattern::Wild, |inner| self.pattern(inner))
            }
            Kind::TuplePattern
            | Kind::ListPattern
            | Kind::PatternList
            | Kind::Tuple
            | Kind::List
            | Kind::ExpressionList => Pattern::List(tree.named(at).map(|item| self.pattern(item)).collect()),
            Kind::ListSplatPattern | Kind::ListSplat => {
                let inner = tree.named(at).next().map_or(Pattern::Wild, |inner| self.pattern(inner));
                Pattern::Rest(Box::new(inner))
            }
            Kind::Missing | Kind::Error => Pattern::Wild,
            _ => Pattern::Place(self.expr(at)),
        }
    }

    /// Whether a tuple pattern only puts one pattern in parentheses.
    fn is_grouping(&self, at: At) -> bool {
        let tree = self.tree;
        let mut items = tree.named(at);
        let (Some(only), None) = (items.next(), items.next()) else { return false };
        let written = self.source(at);
        let rest = (tree.span(only).end - tree.span(at).start) as usize;
        !written.get(rest..).is_some_and(|rest| rest.contains(','))
    }

    /// A pattern of a `case`.
    pub(super) fn case_pattern(&mut self, at: At) -> Pattern {
        match self.deeper(1, |cx| cx.case(at)) {
            Some(pattern) => pattern,
            None => {
                self.skip(at);
                Pattern::Wild
            }
        }
    }

    fn case(&mut self, at: At) -> Pattern {
        let tree = self.tree;
        match self.kind(at) {
            Kind::CasePattern => {
                let is_negative = tree.child_of(at, Kind::Minus).is_some();
                match tree.children(at).find(|&c| tree.kind(c) != Kind::Minus) {
                    Some(number) if is_negative && self.kind(number).is_named() => self.literal(at),
                    Some(inner) => self.case(inner),
                    None => Pattern::Wild,
                }
            }
            Kind::DottedName => self.dotted_case(at),
            Kind::Identifier => Pattern::Name(self.name(at), self.span(at)),
            Kind::AsPattern => self.as_case(at),
            Kind::UnionPattern => Pattern::Or(self.cases(at)),
            Kind::TuplePattern if self.is_grouping(at) => {
                tree.named(at).next().map_or(Pattern::Wild, |inner| self.case_pattern(inner))
            }
            Kind::ListPattern | Kind::TuplePattern => Pattern::List(self.cases(at)),
            Kind::SplatPattern => Pattern::Rest(Box::new(match tree.named(at).next() {
                Some(name) => Pattern::Name(self.name(name), self.span(name)),
                None => Pattern::Wild,
            })),
            Kind::DictPattern => self.dict_case(at),
            Kind::ClassPattern => self.class_case(at),
            Kind::String | Kind::ConcatenatedString | Kind::True | Kind::False | Kind::None => {
                Pattern::Literal(self.expr(at))
            }
            Kind::Integer | Kind::Float | Kind::ComplexPattern => self.literal(at),
            _ => Pattern::Wild,
        }
    }

    /// The parts of a pattern. A lone `_` and a number's sign are tokens.
    fn cases(&mut self, at: At) -> Vec<Pattern> {
        let tree = self.tree;
        let mut cases = Vec::new();
        let mut sign = None;
        for child in tree.children(at) {
            match self.kind(child) {
                Kind::Minus => sign = Some(child),
                Kind::Underscore => cases.push(Pattern::Wild),
                kind if kind.is_named() => cases.push(self.signed(sign.take(), child)),
                _ => {}
            }
        }
        cases
    }

    fn signed(&mut self, sign: Option<At>, at: At) -> Pattern {
        let Some(sign) = sign else { return self.case_pattern(at) };
        let span = Span { start: self.span(sign).start, end: self.span(at).end.max(self.span(sign).start) };
        Pattern::Literal(self.out.expr(Expr::Num(Name::new(self.slice(span))), span))
    }

    /// A number as written, with its sign.
    fn literal(&mut self, at: At) -> Pattern {
        let number = Expr::Num(self.name(at));
        Pattern::Literal(self.add(number, at))
    }

    /// A single name captures; a dotted one is compared with.
    fn dotted_case(&mut self, at: At) -> Pattern {
        let tree = self.tree;
        let mut names = tree.named(at);
        let Some(first) = names.next() else { return Pattern::Wild };
        let mut rest = names.peekable();
        if rest.peek().is_none() {
            let name = self.name(first);
            return if name == "_" { Pattern::Wild } else { Pattern::Name(name, self.span(first)) };
        }
        let mut value = self.expr(first);
        for name in rest {
            let field = Expr::Field { base: value, name: self.name(name) };
            value = self.add(field, at);
        }
        Pattern::Literal(value)
    }

    fn as_case(&mut self, at: At) -> Pattern {
        let tree = self.tree;
        let mut parts = tree.named(at);
        let inner = parts.next().map_or(Pattern::Wild, |inner| self.case_pattern(inner));
        match parts.last() {
            Some(name) => Pattern::Bind(self.name(name), Box::new(inner)),
            None => inner,
        }
    }

    fn dict_case(&mut self, at: At) -> Pattern {
        let tree = self.tree;
        let mut fields = Vec::new();
        let mut key = None;
        for child in tree.children(at) {
            match tree.field(child) {
                Field::Key if self.kind(child) != Kind::Minus => key = Some(self.case_key(child)),
                Field::Value => {
                    let value = self.case_pattern(child);
                    fields.push((key.take().unwrap_or_else(|| Name::new("")), value));
                }
                _ if self.kind(child) == Kind::SplatPattern => {
                    fields.push((Name::new(""), self.case_pattern(child)));
                }
                _ => {}
            }
        }
        Pattern::Object { path: Vec::new(), fields }
    }

    fn case_key(&mut self, at: At) -> Name {
        if self.kind(at) == Kind::String {
            let text = self.expr(at);
            if let Some(text) = self.out.facts.str_value(text) {
                return text;
            }
        }
        self.name(at)
    }

    /// `Point(a, b)` is a variant; with keywords it is an object whose positional parts are `0`, `1`, ...
    fn class_case(&mut self, at: At) -> Pattern {
        let tree = self.tree;
        let mut path = Vec::new();
        let mut fields = Vec::new();
        let mut is_keyed = false;
        for child in tree.named(at) {
            if self.kind(child) == Kind::DottedName && path.is_empty() {
                path = tree.named(child).map(|name| self.name(name)).collect();
                continue;
            }
            let keyword = tree.child_of(child, Kind::KeywordPattern);
            is_keyed |= keyword.is_some();
            fields.push(match keyword {
                Some(keyword) => self.keyword_case(keyword),
                None => (Name::new(&fields.len().to_string()), self.case_pattern(child)),
            });
        }
        if is_keyed {
            Pattern::Object { path, fields }
        } else {
            Pattern::Variant { path, items: fields.into_iter().map(|(_, pattern)| pattern).collect() }
        }
    }

    fn keyword_case(&mut self, at: At) -> (Name, Pattern) {
        let tree = self.tree;
        let parts = tree.children(at).filter(|&c| !matches!(tree.kind(c), Kind::Error | Kind::Missing));
        let mut parts = parts.filter(|&c| tree.kind(c).is_named() || tree.kind(c) == Kind::Underscore);
        let name = parts.next().map_or_else(|| Name::new(""), |name| self.name(name));
        let sign = tree.child_of(at, Kind::Minus);
        let value = parts.next().map_or(Pattern::Wild, |value| self.signed(sign, value));
        (name, value)
    }
}
