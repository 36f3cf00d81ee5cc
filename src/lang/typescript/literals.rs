//! Literals and the leaves of expressions.

use tree_sitter::Node;

use super::functions::Around;
use super::kind::{F, Kind};
use super::text::unescape;
use super::{Lowerer, span};
use crate::intern::Name;
use crate::ir::{Element, Entry, Expr, ExprId, FnKind, Key, ListKind, Part};
use crate::source::Span;

impl<'t> Lowerer<'t> {
    /// Lowers whatever is not an operation.
    pub(super) fn literal(&mut self, node: Node<'t>) -> ExprId {
        let expr = match self.kind(node) {
            Kind::Identifier
            | Kind::ShorthandProperty
            | Kind::PrivatePropertyIdentifier
            | Kind::Import
            | Kind::PropertyIdentifier
            | Kind::ShorthandPropertyPattern
            | Kind::StatementIdentifier => Expr::Name(self.name(node)),
            Kind::String => Expr::Str(self.string(node)),
            Kind::Number => Expr::Num(self.name(node)),
            Kind::True => Expr::Bool(true),
            Kind::False => Expr::Bool(false),
            Kind::Null | Kind::Undefined => Expr::Null,
            Kind::This => Expr::Receiver,
            Kind::Super => Expr::Super,
            Kind::Regex => {
                let pattern = self.field(node, F::Pattern).unwrap_or(node);
                Expr::Regex(self.name(pattern))
            }
            Kind::TemplateString => self.template(node),
            Kind::Object => Expr::Object(self.object(node)),
            Kind::Array => Expr::List { kind: ListKind::List, items: self.array(node) },
            Kind::MetaProperty => self.meta(node),
            Kind::JsxExpression => match self.first_named(node) {
                Some(inner) => return self.expr(inner),
                None => Expr::Null,
            },
            Kind::Error => return self.broken(node),
            _ => Expr::Opaque(self.parts(node)),
        };
        self.builder.expr(expr, span(node))
    }

    /// The parts of something this front end has no word for.
    fn parts(&mut self, node: Node<'t>) -> Box<[ExprId]> {
        let parts = self.named(node);
        parts.into_iter().filter(|part| !part.is_error()).map(|part| self.expr(part)).collect()
    }

    /// The value of a string literal.
    pub(super) fn string(&self, node: Node<'t>) -> Name {
        let raw = self.source(node);
        let raw = raw.strip_prefix(['"', '\'', '`']).unwrap_or(raw);
        let raw = raw.strip_suffix(['"', '\'', '`']).unwrap_or(raw);
        unescape(raw).map_or_else(|| Name::new(raw), |value| Name::new(&value))
    }

    /// `import.meta` and `new.target`.
    fn meta(&mut self, node: Node<'t>) -> Expr {
        match self.source(node).split_once('.') {
            Some((base, name)) => {
                let base = self.builder.expr(Expr::Name(Name::new(base.trim())), span(node));
                Expr::Field { base, name: Name::new(name.trim()) }
            }
            None => Expr::Opaque(Box::default()),
        }
    }

    /// An untagged template literal; without holes it is a plain string.
    fn template(&mut self, node: Node<'t>) -> Expr {
        let parts = self.template_parts(node);
        match parts.as_ref() {
            [] => Expr::Str(Name::new("")),
            [Part::Text(text)] => Expr::Str(*text),
            _ => Expr::Template { parts, tag: None },
        }
    }

    /// Texts and holes of a template literal.
    pub(super) fn template_parts(&mut self, node: Node<'t>) -> Box<[Part]> {
        let mut parts = Vec::new();
        let mut from = node.start_byte() + 1;
        for hole in self.named(node) {
            if !matches!(self.kind(hole), Kind::TemplateSubstitution) {
                continue;
            }
            self.push_text(from, hole.start_byte(), &mut parts);
            from = hole.end_byte();
            self.sweep(hole);
            if let Some(value) = self.first_named(hole).filter(|value| !value.is_error()) {
                parts.push(Part::Hole { value: self.expr(value), spec: None });
            }
        }
        self.sweep(node);
        let closed = self.source(node).len() > 1 && self.source(node).ends_with('`');
        self.push_text(from, node.end_byte() - usize::from(closed), &mut parts);
        parts.into()
    }

    fn push_text(&self, from: usize, to: usize, parts: &mut Vec<Part>) {
        let raw = self.text.get(from..to).unwrap_or_default();
        if !raw.is_empty() {
            parts.push(Part::Text(unescape(raw).map_or_else(|| Name::new(raw), |value| Name::new(&value))));
        }
    }

    fn array(&mut self, node: Node<'t>) -> Box<[Element]> {
        let mut items = Vec::new();
        let mut vacant = true;
        for child in self.children(node) {
            match self.kind(child) {
                Kind::Comma if vacant => {
                    let value = self.builder.expr(Expr::Null, Span::new(child.start_byte(), child.start_byte()));
                    items.push(Element { value, spread: false });
                }
                Kind::Comma => vacant = true,
                Kind::Spread => {
                    items.push(Element { value: self.expr(child), spread: true });
                    vacant = false;
                }
                _ if child.is_named() && !child.is_error() => {
                    items.push(Element { value: self.expr(child), spread: false });
                    vacant = false;
                }
                _ => {}
            }
        }
        items.into()
    }

    fn object(&mut self, node: Node<'t>) -> Box<[Entry]> {
        let nodes = self.named(node);
        let mut entries = Vec::with_capacity(nodes.len());
        for entry in nodes {
            match self.kind(entry) {
                Kind::Pair => {
                    let (Some(key), Some(value)) = (self.field(entry, F::Key), self.field(entry, F::Value)) else {
                        continue;
                    };
                    self.sweep(entry);
                    let (key, name) = self.key(key);
                    entries.push(Entry { key, value: self.expr_bound(value, name) });
                }
                Kind::MethodDefinition => {
                    let Some(key) = self.field(entry, F::Name) else { continue };
                    let (key, name) = self.key(key);
                    let function = self.function(entry, FnKind::Method, name, Around::default());
                    let value = self.builder.expr(Expr::Lambda(function), span(entry));
                    entries.push(Entry { key, value });
                }
                Kind::Spread => entries.push(Entry { key: Key::Spread, value: self.expr(entry) }),
                Kind::Error => self.salvage(entry),
                _ => entries.push(Entry { key: Key::Name(self.name(entry)), value: self.expr(entry) }),
            }
        }
        entries.into()
    }

    /// A property's key, and the name that a function behind it takes.
    pub(super) fn key(&mut self, node: Node<'t>) -> (Key, Option<Name>) {
        let inner = match self.kind(node) {
            Kind::ComputedPropertyName => self.first_named(node).map(|inner| self.bare(inner)),
            _ => None,
        };
        match inner {
            Some(inner) if self.kind(inner) != Kind::String => (Key::Computed(self.expr(inner)), None),
            inner => {
                let name = self.property_name(inner.unwrap_or(node));
                (Key::Name(name), Some(name))
            }
        }
    }

    /// A property's name as text; computed ones keep their brackets.
    pub(super) fn property_name(&self, node: Node<'t>) -> Name {
        match self.kind(node) {
            Kind::String => self.string(node),
            _ => self.name(node),
        }
    }
}
