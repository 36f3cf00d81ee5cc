//! Closures and `async` blocks: functions without a name of their own.

use super::cx::{Cx, join};
use super::stmts::Tail;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FnKind, Function, Param, ParamKind};

impl Cx<'_> {
    /// A closure; `name` is the variable it is bound to.
    pub(super) fn closure(&mut self, closure: &syn::ExprClosure, name: Option<Name>) -> ExprId {
        let head_end = self.at(closure.inputs_end.spans[0]);
        let starts = [
            closure.constness.map(|token| token.span),
            closure.asyncness.map(|token| token.span),
            closure.capture.map(|token| token.span),
        ];
        let start = self.at(starts.into_iter().flatten().next().unwrap_or(closure.inputs_begin.spans[0]));
        let mut function = Function::empty(FnKind::Closure, Some(self.scope), join(start, head_end));
        function.name = name;
        function.is_async = closure.asyncness.is_some();
        let id = self.out.function(function);
        self.within(id, |cx| {
            let params = closure.inputs.iter().map(|input| cx.closure_param(input)).collect();
            let returns = cx.returned(&closure.output);
            let mut body = Vec::new();
            match &*closure.body {
                syn::Expr::Block(block) if block.label.is_none() => {
                    body = cx.block(&block.block, Tail::Return);
                    let end = cx.group(&block.block.brace_token.span);
                    cx.out.function_mut(id).span = join(start, end);
                }
                value => {
                    cx.tail(value, Tail::Return, &mut body);
                    let end = body.last().map_or(head_end, |stmt| stmt.span);
                    cx.out.function_mut(id).span = join(start, end);
                }
            }
            let function = cx.out.function_mut(id);
            (function.params, function.returns, function.body) = (params, returns, body);
        });
        let span = self.out.facts.function(id).span;
        self.push(Expr::Lambda(id), span)
    }

    fn closure_param(&mut self, input: &syn::Pat) -> Param {
        let ty = match input {
            syn::Pat::Type(typed) => Some(self.ty(&typed.ty)),
            _ => None,
        };
        let span = self.whole(input);
        Param { pattern: self.pattern(input), ty, default: None, kind: ParamKind::Plain, decorators: vec![], span }
    }

    /// An `async` block: a function that runs where it is awaited or spawned.
    pub(super) fn async_block(&mut self, block: &syn::ExprAsync) -> ExprId {
        let head = self.at(block.async_token.span);
        let span = join(head, self.group(&block.block.brace_token.span));
        let mut function = Function::empty(FnKind::AsyncBlock, Some(self.scope), span);
        (function.head, function.is_async) = (head, true);
        let id = self.out.function(function);
        let body = self.within(id, |cx| cx.block(&block.block, Tail::Return));
        self.out.function_mut(id).body = body;
        self.push(Expr::Lambda(id), span)
    }
}
