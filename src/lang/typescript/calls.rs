//! Calls, their arguments, and tagged templates.

use tree_sitter::Node;

use super::kind::{F, Kind};
use super::{Lowerer, span};
use crate::ir::{Arg, CallExpr, CallKind, Expr, ExprId};

impl<'t> Lowerer<'t> {
    /// A call, or a tagged template, with its callee already lowered.
    pub(super) fn call(&mut self, node: Node<'t>, callee: ExprId) -> Expr {
        let args = self.field(node, F::Arguments);
        if let Some(template) = args.filter(|args| self.kind(*args) == Kind::TemplateString) {
            let parts = self.template_parts(template);
            return Expr::Template { parts, tag: Some(callee) };
        }
        let args = args.map(|args| self.arguments(args)).unwrap_or_default();
        let types = self.field(node, F::TypeArguments).map(|types| self.types(types)).unwrap_or_default();
        self.note_require(callee, &args, span(node));
        Expr::Call(Box::new(CallExpr { callee, args, kind: CallKind::Plain, types }))
    }

    /// The arguments in their parentheses.
    pub(super) fn arguments(&mut self, node: Node<'t>) -> Vec<Arg> {
        self.sweep(node);
        let nodes = self.named(node);
        let mut args = Vec::with_capacity(nodes.len());
        for arg in nodes {
            if arg.is_error() {
                continue;
            }
            let spread = self.kind(arg) == Kind::Spread;
            args.push(Arg { name: None, value: self.expr(arg), spread });
        }
        args
    }
}
