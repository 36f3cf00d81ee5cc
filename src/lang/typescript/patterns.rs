//! Patterns: what parameters, declarations and assignments bind.

use tree_sitter::Node;

use super::kind::{F, Kind};
use super::{Lowerer, span};
use crate::intern::Name;
use crate::ir::Pattern;

impl<'t> Lowerer<'t> {
    /// Lowers a pattern, or a place that is assigned to.
    pub(super) fn pattern(&mut self, node: Node<'t>) -> Pattern {
        let node = self.bare(node);
        self.sweep(node);
        self.deeper(node, |this| this.pattern_at(node)).unwrap_or(Pattern::Wild)
    }

    fn pattern_at(&mut self, node: Node<'t>) -> Pattern {
        match self.kind(node) {
            Kind::Identifier | Kind::ShorthandPropertyPattern | Kind::Undefined | Kind::PropertyIdentifier => {
                Pattern::Name(self.name(node), span(node))
            }
            Kind::ObjectPattern => self.object_pattern(node),
            Kind::ArrayPattern => self.array_pattern(node),
            Kind::AssignmentPattern | Kind::ObjectAssignmentPattern => self.default_pattern(node),
            Kind::RestPattern => match self.first_named(node) {
                Some(inner) => Pattern::Rest(Box::new(self.pattern(inner))),
                None => Pattern::Wild,
            },
            Kind::NonNull => match self.first_named(node) {
                Some(inner) => self.pattern(inner),
                None => Pattern::Wild,
            },
            Kind::Error => {
                self.salvage(node);
                Pattern::Wild
            }
            _ => self.place(node),
        }
    }

    fn default_pattern(&mut self, node: Node<'t>) -> Pattern {
        let Some(left) = self.field(node, F::Left) else { return Pattern::Wild };
        let name = self.binding_name(left);
        let inner = self.pattern(left);
        match self.field(node, F::Right) {
            Some(right) => Pattern::Default(Box::new(inner), self.expr_bound(right, name)),
            None => inner,
        }
    }

    fn array_pattern(&mut self, node: Node<'t>) -> Pattern {
        let mut items = Vec::new();
        let mut vacant = true;
        for child in self.children(node) {
            match self.kind(child) {
                Kind::Comma if vacant => items.push(Pattern::Wild),
                Kind::Comma => vacant = true,
                _ if child.is_named() && !child.is_error() => {
                    items.push(self.pattern(child));
                    vacant = false;
                }
                _ => {}
            }
        }
        Pattern::List(items)
    }

    fn object_pattern(&mut self, node: Node<'t>) -> Pattern {
        let mut fields = Vec::new();
        for child in self.named(node) {
            match self.kind(child) {
                Kind::PairPattern => {
                    self.sweep(child);
                    let (Some(key), Some(value)) = (self.field(child, F::Key), self.field(child, F::Value)) else {
                        continue;
                    };
                    fields.push((self.property_name(key), self.pattern(value)));
                }
                Kind::RestPattern => fields.push((Name::new(""), self.pattern(child))),
                Kind::ObjectAssignmentPattern => {
                    let name = self.field(child, F::Left).and_then(|left| self.binding_name(left));
                    fields.push((name.unwrap_or_else(|| Name::new("")), self.pattern(child)));
                }
                Kind::Error => {}
                _ => fields.push((self.name(child), self.pattern(child))),
            }
        }
        Pattern::Object { path: Vec::new(), fields }
    }

    /// The variable a pattern is, if it is one.
    pub(super) fn binding_name(&self, node: Node<'t>) -> Option<Name> {
        let plain = matches!(self.kind(node), Kind::Identifier | Kind::ShorthandPropertyPattern);
        plain.then(|| self.name(node))
    }
}
