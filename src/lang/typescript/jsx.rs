//! JSX elements, attributes and text.

use tree_sitter::Node;

use super::kind::{F, Kind};
use super::text::{entities, jsx_text};
use super::{Lowerer, span};
use crate::intern::Name;
use crate::ir::{Entry, Expr, ExprId, Key};
use crate::source::Span;

impl<'t> Lowerer<'t> {
    /// An element or fragment.
    pub(super) fn jsx(&mut self, node: Node<'t>) -> ExprId {
        let open = self.field(node, F::OpenTag).unwrap_or(node);
        self.sweep(open);
        let tag = self.jsx_tag(open);
        let attrs = self.jsx_attributes(open);
        let children = if open == node { Vec::new() } else { self.jsx_children(node) };
        self.builder.expr(Expr::Jsx { tag, attrs, children: children.into() }, span(node))
    }

    fn jsx_tag(&mut self, open: Node<'t>) -> ExprId {
        let Some(name) = self.field(open, F::Name) else { return self.builder.expr(Expr::Null, span(open)) };
        let text = self.source(name);
        let intrinsic =
            text.starts_with(|c: char| c.is_lowercase()) && !text.contains('.') || text.contains(['-', ':']);
        if intrinsic {
            return self.builder.expr(Expr::Str(Name::new(text)), span(name));
        }
        self.expr(name)
    }

    fn jsx_attributes(&mut self, open: Node<'t>) -> Box<[Entry]> {
        let mut entries = Vec::new();
        for child in self.named(open) {
            match self.kind(child) {
                Kind::JsxAttribute => {
                    self.sweep(child);
                    entries.extend(self.jsx_attribute(child));
                }
                Kind::JsxExpression => {
                    if let Some(value) = self.jsx_value(child) {
                        entries.push(Entry { key: Key::Spread, value });
                    }
                }
                _ => {}
            }
        }
        entries.into()
    }

    fn jsx_attribute(&mut self, node: Node<'t>) -> Option<Entry> {
        let parts = self.named(node);
        let (name, value) = parts.split_first()?;
        let name = self.name(*name);
        let value = match value.first() {
            None => self.builder.expr(Expr::Bool(true), span(node)),
            Some(value) => match self.kind(*value) {
                Kind::String => {
                    let raw = self.source(*value).trim_matches(['"', '\'']);
                    self.builder.expr(Expr::Str(Name::new(&entities(raw))), span(*value))
                }
                Kind::JsxExpression => self.jsx_value_bound(*value, Some(name))?,
                _ => self.expr(*value),
            },
        };
        Some(Entry { key: Key::Name(name), value })
    }

    /// The expression between braces; `None` if there is only a comment.
    fn jsx_value(&mut self, node: Node<'t>) -> Option<ExprId> {
        self.jsx_value_bound(node, None)
    }

    fn jsx_value_bound(&mut self, node: Node<'t>, name: Option<Name>) -> Option<ExprId> {
        self.sweep(node);
        let inner = self.first_named(node).filter(|inner| !inner.is_error())?;
        Some(self.expr_bound(inner, name))
    }

    fn jsx_children(&mut self, node: Node<'t>) -> Vec<ExprId> {
        let mut children = Vec::new();
        let mut text: Option<(usize, usize)> = None;
        for child in self.named(node) {
            let kind = self.kind(child);
            if matches!(kind, Kind::JsxText | Kind::HtmlCharacterReference) {
                let start = text.map_or(child.start_byte(), |(start, _)| start);
                text = Some((start, child.end_byte()));
                continue;
            }
            self.flush_text(&mut text, &mut children);
            match kind {
                Kind::JsxExpression => children.extend(self.jsx_value(child)),
                Kind::JsxElement | Kind::JsxSelfClosing => children.push(self.expr(child)),
                _ => {}
            }
        }
        self.flush_text(&mut text, &mut children);
        children
    }

    fn flush_text(&mut self, text: &mut Option<(usize, usize)>, children: &mut Vec<ExprId>) {
        let Some((start, end)) = text.take() else { return };
        let raw = self.text.get(start..end).unwrap_or_default();
        let inner = raw.trim();
        if inner.is_empty() {
            return;
        }
        let start = start + (raw.len() - raw.trim_start().len());
        let span = Span::new(start, start + inner.len());
        children.push(self.builder.expr(Expr::Str(Name::new(&jsx_text(inner))), span));
    }
}
