//! Expressions that nest to the left: `a.b()?.c(x)` and `a + b + c`.
//!
//! They are lowered by a loop from the inside out, because generated code has chains of thousands of links. A chain
//! longer than later stages should recurse over keeps its outer links; the inner ones become the parts of an opaque
//! expression, so that none of their calls and arguments is lost.

use syn::Expr as Ast;

use super::cx::{Cx, join, plain};
use super::exprs::{binary_op, compound};
use crate::ir::{CallExpr, CallKind, Expr, ExprId};
use crate::source::Span;

/// Links kept in order.
const LINKS: usize = 80;

impl Cx<'_> {
    /// A chain of calls, fields, indices, `?` and `.await`.
    pub(super) fn chain(&mut self, ast: &Ast) -> ExprId {
        let mut links = vec![];
        let mut root = ast;
        while let Some(inner) = base(root) {
            links.push(root);
            root = inner;
        }
        let kept = links.len().min(LINKS);
        let mut id = self.deeper(kept.min(self.room().saturating_sub(1)), |cx| {
            let mut parts = vec![cx.expr(root)];
            for link in links[kept..].iter().rev() {
                let part = cx.push(Expr::Opaque(Box::default()), cx.span(parts[0]));
                parts.push(cx.link(link, part));
            }
            if parts.len() == 1 {
                return parts[0];
            }
            let span = join(cx.span(parts[0]), cx.span(parts[parts.len() - 1]));
            cx.push(Expr::Opaque(parts.into()), span)
        });
        for (above, link) in links[..kept].iter().enumerate().rev() {
            id = self.deeper(above.min(self.room().saturating_sub(1)), |cx| cx.link(link, id));
        }
        id
    }

    fn link(&mut self, link: &Ast, base: ExprId) -> ExprId {
        let start = self.span(base);
        match link {
            Ast::MethodCall(call) => {
                let name = self.name(&call.method);
                let span = join(start, self.at(call.method.span()));
                let callee = self.push(Expr::Field { base, name }, span);
                let types = call.turbofish.as_ref().map(|args| self.angle_args(args)).unwrap_or_default();
                let args = call.args.iter().map(|arg| plain(self.expr(arg))).collect();
                let span = join(start, self.group(&call.paren_token.span));
                self.push(Expr::Call(Box::new(CallExpr { callee, args, kind: CallKind::Plain, types })), span)
            }
            Ast::Call(call) => {
                let types = match &*call.func {
                    Ast::Path(path) => self.path_args(&path.path),
                    _ => Vec::new(),
                };
                let args = call.args.iter().map(|arg| plain(self.expr(arg))).collect();
                let span = join(start, self.group(&call.paren_token.span));
                self.push(Expr::Call(Box::new(CallExpr { callee: base, args, kind: CallKind::Plain, types })), span)
            }
            Ast::Field(field) => {
                let name = self.member(&field.member);
                let end = match &field.member {
                    syn::Member::Named(ident) => ident.span(),
                    syn::Member::Unnamed(index) => index.span,
                };
                let span = join(start, self.at(end));
                self.push(Expr::Field { base, name }, span)
            }
            Ast::Index(index) => {
                let span = join(start, self.group(&index.bracket_token.span));
                let index = self.index(&index.index);
                self.push(Expr::Index { base, index }, span)
            }
            Ast::Await(value) => {
                let span = join(start, self.at(value.await_token.span));
                self.push(Expr::Await(base), span)
            }
            Ast::Try(value) => {
                let span = join(start, self.at(value.question_token.spans[0]));
                self.push(Expr::Try(base), span)
            }
            _ => base,
        }
    }

    fn index(&mut self, index: &Ast) -> ExprId {
        let Ast::Range(range) = index else { return self.expr(index) };
        let parts: Vec<_> = [&range.start, &range.end].into_iter().flatten().map(|end| self.expr(end)).collect();
        let span = match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => join(self.span(*first), self.span(*last)),
            _ => self.whole(index),
        };
        self.push(Expr::Opaque(parts.into()), span)
    }

    /// A chain of binary operators.
    pub(super) fn operators(&mut self, ast: &Ast) -> ExprId {
        let mut links = vec![];
        let mut root = ast;
        while let Ast::Binary(binary) = root
            && compound(&binary.op).is_none()
        {
            links.push(binary);
            root = &binary.left;
        }
        if links.len() > LINKS {
            return self.many_operands(root, &links);
        }
        let mut id = self.deeper(links.len().min(self.room().saturating_sub(1)), |cx| cx.expr(root));
        for (above, binary) in links.iter().enumerate().rev() {
            let right = self.deeper(above.min(self.room().saturating_sub(1)), |cx| cx.expr(&binary.right));
            let span = join(self.span(id), self.span(right));
            id = self.push(Expr::Binary { op: binary_op(&binary.op), left: id, right }, span);
        }
        id
    }

    fn many_operands(&mut self, root: &Ast, links: &[&syn::ExprBinary]) -> ExprId {
        let mut parts = vec![self.expr(root)];
        for binary in links.iter().rev() {
            parts.push(self.expr(&binary.right));
        }
        let span: Span = join(self.span(parts[0]), self.span(parts[parts.len() - 1]));
        self.push(Expr::Opaque(parts.into()), span)
    }
}

/// What a link of a chain stands on.
fn base(ast: &Ast) -> Option<&Ast> {
    match ast {
        Ast::MethodCall(call) => Some(&call.receiver),
        Ast::Call(call) => Some(&call.func),
        Ast::Field(field) => Some(&field.base),
        Ast::Index(index) => Some(&index.expr),
        Ast::Await(value) => Some(&value.base),
        Ast::Try(value) => Some(&value.expr),
        _ => None,
    }
}
