//! What can be saved from parts the grammar could not read.
//!
//! Error recovery leaves whole statements, calls and templates inside `ERROR` nodes. They are lowered where they
//! stand, without the structure around them; a sink must not vanish because something near it could not be parsed.

use tree_sitter::Node;

use super::kind::Kind;
use super::{Lowerer, span, stmt};
use crate::ir::{ExprId, StmtKind};
use crate::source::Span;

impl<'t> Lowerer<'t> {
    /// Salvages the broken parts that are direct children of a node, if it holds any.
    pub(super) fn sweep(&mut self, node: Node<'t>) {
        if !node.has_error() {
            return;
        }
        for child in self.named(node) {
            if child.is_error() {
                self.salvage(child);
            }
        }
    }

    /// Lowers what is whole inside a broken part; the result waits in `pending`.
    pub(super) fn salvage(&mut self, node: Node<'t>) {
        if !self.salvaged.insert(node.id()) {
            return;
        }
        self.builder.facts.unreadable.push(span(node));
        let _ = self.deeper(node, |this| this.salvage_children(node));
    }

    fn salvage_children(&mut self, node: Node<'t>) {
        for child in self.named(node) {
            let kind = self.kind(child);
            if kind == Kind::Error {
                self.salvage(child);
            } else if kind.is_statement() {
                let mut out = std::mem::take(&mut self.pending);
                self.stmt(child, &mut out);
                out.append(&mut self.pending);
                self.pending = out;
            } else if kind.is_telling_expression() {
                let value = self.expr(child);
                self.pending.push(stmt(StmtKind::Expr(value), span(child)));
            } else {
                let _ = self.deeper(child, |this| this.salvage_children(child));
            }
        }
    }

    /// A broken part where an expression is wanted.
    pub(super) fn broken(&mut self, node: Node<'t>) -> ExprId {
        if node.is_error() {
            self.salvage(node);
        } else {
            self.builder.facts.unreadable.push(span(node));
        }
        self.builder.expr(crate::ir::Expr::Opaque(Box::default()), span(node))
    }
}

/// Finds the places where the parser had to insert something.
pub(super) fn missing(root: Node, unreadable: &mut Vec<Span>) {
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_missing() {
            unreadable.push(span(node));
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// Sorts spans and joins those that overlap or touch.
pub(super) fn merge(spans: &mut Vec<Span>) {
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let joined = next.start <= kept.end;
        if joined {
            kept.end = kept.end.max(next.end);
        }
        joined
    });
}
