//! Statements, blocks and control flow.
//!
//! Rust's blocks have values; what becomes of a block's last expression depends on who asks, which is [`Tail`].

use syn::Expr as Ast;

use super::attrs::is_test_only;
use super::cx::{Cx, join};
use crate::ir::{Arm, Block, Decl, Expr, ExprId, LoopKind, Pattern, Stmt, StmtKind, UnaryOp};
use crate::source::Span;

/// What a block's last expression is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// It is what the function returns.
    Return,
    /// It is the value of the enclosing block expression.
    Value,
    /// Nobody asks.
    Drop,
}

impl Cx<'_> {
    /// The statements of a block.
    pub(super) fn block(&mut self, block: &syn::Block, tail: Tail) -> Block {
        self.statements(&block.stmts, tail)
    }

    /// Statements in a row.
    pub(super) fn statements(&mut self, stmts: &[syn::Stmt], tail: Tail) -> Block {
        let mut out = Vec::new();
        for (left, stmt) in stmts.iter().enumerate().rev().map(|(left, _)| left).zip(stmts) {
            let tail = if left == 0 { tail } else { Tail::Drop };
            self.deeper(1, |cx| cx.statement(stmt, tail, &mut out));
        }
        out
    }

    fn statement(&mut self, stmt: &syn::Stmt, tail: Tail, out: &mut Block) {
        match stmt {
            syn::Stmt::Local(local) if !is_test_only(&local.attrs) => self.local(local, out),
            syn::Stmt::Local(_) => {}
            syn::Stmt::Macro(stmt) if is_test_only(&stmt.attrs) => {}
            syn::Stmt::Item(item) => self.item(item, out),
            syn::Stmt::Expr(expr, semi) => {
                let tail = if semi.is_some() { Tail::Drop } else { tail };
                self.tail(expr, tail, out);
            }
            syn::Stmt::Macro(stmt) => {
                let tail = if stmt.semi_token.is_some() { Tail::Drop } else { tail };
                self.macro_statement(&stmt.mac, tail, out);
            }
        }
    }

    /// An expression in statement position, or the last of a block.
    pub(super) fn tail(&mut self, ast: &Ast, tail: Tail, out: &mut Block) {
        if self.room() == 0 {
            let id = self.expr(ast);
            out.push(Stmt { kind: StmtKind::Expr(id), span: self.span(id) });
            return;
        }
        match ast {
            Ast::Group(group) => self.tail(&group.expr, tail, out),
            Ast::Macro(mac) => self.macro_statement(&mac.mac, tail, out),
            Ast::Return(_) | Ast::Break(_) | Ast::Continue(_) => self.exit(ast, out),
            Ast::Assign(_) | Ast::Binary(_) => match self.assignment(ast) {
                Some(stmt) => out.push(stmt),
                None => self.value(ast, tail, out),
            },
            Ast::ForLoop(_) | Ast::While(_) => {
                let stmt = self.structured(ast, Tail::Drop);
                out.extend(stmt);
            }
            Ast::If(_)
            | Ast::Match(_)
            | Ast::Loop(_)
            | Ast::Block(_)
            | Ast::Unsafe(_)
            | Ast::Const(_)
            | Ast::TryBlock(_) => {
                if tail == Tail::Return {
                    self.value(ast, tail, out);
                } else {
                    let stmt = self.deeper(1, |cx| cx.structured(ast, tail));
                    out.extend(stmt);
                }
            }
            _ => self.value(ast, tail, out),
        }
    }

    fn value(&mut self, ast: &Ast, tail: Tail, out: &mut Block) {
        let id = self.expr(ast);
        out.push(self.valued(id, tail));
    }

    /// A statement for an expression that was lowered.
    pub(super) fn valued(&self, id: ExprId, tail: Tail) -> Stmt {
        let kind = match tail {
            Tail::Return => StmtKind::Return(Some(id)),
            Tail::Value => StmtKind::Value(id),
            Tail::Drop => StmtKind::Expr(id),
        };
        Stmt { kind, span: self.span(id) }
    }

    fn exit(&mut self, ast: &Ast, out: &mut Block) {
        match ast {
            Ast::Return(exit) => {
                let start = self.at(exit.return_token.span);
                let value = exit.expr.as_ref().map(|value| self.expr(value));
                let span = value.map_or(start, |value| join(start, self.span(value)));
                out.push(Stmt { kind: StmtKind::Return(value), span });
            }
            Ast::Break(exit) => {
                let span = self.at(exit.break_token.span);
                // `break break 1`: only the innermost is ever reached.
                let mut exit = exit;
                while let Some(Ast::Break(inner)) = exit.expr.as_deref() {
                    exit = inner;
                }
                if let Some(value) = &exit.expr {
                    self.value(value, Tail::Value, out);
                }
                out.push(Stmt { kind: StmtKind::Break, span });
            }
            Ast::Continue(exit) => {
                out.push(Stmt { kind: StmtKind::Continue, span: self.at(exit.continue_token.span) });
            }
            _ => {}
        }
    }

    /// Control flow as one statement; `tail` says what its blocks' values are for.
    fn structured(&mut self, ast: &Ast, tail: Tail) -> Option<Stmt> {
        let start = self.first_token(ast);
        let (kind, end) = match ast {
            Ast::If(branch) => self.branch(branch, tail),
            Ast::Match(branch) => self.arms(branch, tail),
            Ast::Block(block) => self.bare(&block.block, tail),
            Ast::Unsafe(block) => self.bare(&block.block, tail),
            Ast::Const(block) => self.bare(&block.block, tail),
            Ast::TryBlock(block) => self.bare(&block.block, tail),
            Ast::Loop(body) => self.repeat(LoopKind::Forever, None, None, &body.body),
            Ast::While(body) => {
                let subject = self.expr(&body.cond);
                self.repeat(LoopKind::While, None, Some(subject), &body.body)
            }
            Ast::ForLoop(body) => {
                let subject = self.expr(&body.expr);
                let pattern = self.pattern(&body.pat);
                self.repeat(LoopKind::For, Some(pattern), Some(subject), &body.body)
            }
            _ => return None,
        };
        Some(Stmt { kind, span: join(start, end) })
    }

    fn bare(&mut self, block: &syn::Block, tail: Tail) -> (StmtKind, Span) {
        (StmtKind::Block(self.block(block, tail)), self.group(&block.brace_token.span))
    }

    fn repeat(
        &mut self,
        kind: LoopKind,
        pattern: Option<Pattern>,
        subject: Option<ExprId>,
        body: &syn::Block,
    ) -> (StmtKind, Span) {
        let end = self.group(&body.brace_token.span);
        let body = self.block(body, Tail::Drop);
        (StmtKind::Loop { kind, pattern, subject, body }, end)
    }

    fn branch(&mut self, branch: &syn::ExprIf, tail: Tail) -> (StmtKind, Span) {
        let test = self.expr(&branch.cond);
        let then = self.block(&branch.then_branch, tail);
        let mut end = self.group(&branch.then_branch.brace_token.span);
        let mut otherwise = Vec::new();
        match branch.else_branch.as_ref().map(|(_, other)| &**other) {
            Some(Ast::Block(block)) => {
                otherwise = self.block(&block.block, tail);
                end = self.group(&block.block.brace_token.span);
            }
            Some(other) => {
                self.deeper(1, |cx| cx.tail(other, tail, &mut otherwise));
                end = otherwise.last().map_or(end, |stmt| stmt.span);
            }
            None => {}
        }
        (StmtKind::If { test, then, otherwise }, end)
    }

    fn arms(&mut self, branch: &syn::ExprMatch, tail: Tail) -> (StmtKind, Span) {
        let subject = self.expr(&branch.expr);
        let mut arms = Vec::new();
        for arm in branch.arms.iter().filter(|arm| !is_test_only(&arm.attrs)) {
            let pattern = self.pattern(&arm.pat);
            let guard = self.guard(&arm.pat);
            arms.push(Arm { pattern, guard, body: self.arm_body(&arm.body, tail) });
        }
        (StmtKind::Match { subject, arms }, self.group(&branch.brace_token.span))
    }

    /// The body of a `match` arm or of something shaped like it.
    pub(super) fn arm_body(&mut self, body: &Ast, tail: Tail) -> Block {
        match body {
            Ast::Block(block) if block.label.is_none() => self.block(&block.block, tail),
            Ast::Tuple(unit) if unit.elems.is_empty() && tail == Tail::Drop => Vec::new(),
            other => {
                let mut body = Vec::new();
                self.tail(other, tail, &mut body);
                body
            }
        }
    }

    fn local(&mut self, local: &syn::Local, out: &mut Block) {
        let span = join(self.at(local.let_token.span), self.at(local.semi_token.spans[0]));
        let ty = match &local.pat {
            syn::Pat::Type(typed) => Some(self.ty(&typed.ty)),
            _ => None,
        };
        let Some(init) = &local.init else {
            let target = self.pattern(&local.pat);
            let kind = StmtKind::Assign { targets: vec![target], value: None, ty, op: None, decl: Decl::Let };
            out.push(Stmt { kind, span });
            return;
        };
        if let Some((_, diverge)) = &init.diverge {
            let value = self.expr(&init.expr);
            let target = Box::new(self.pattern(&local.pat));
            let test_span = join(span, self.span(value));
            let test = self.push(Expr::Assign { target, value }, test_span);
            let otherwise = self.arm_body(diverge, Tail::Drop);
            out.push(Stmt { kind: StmtKind::If { test, then: Vec::new(), otherwise }, span });
            return;
        }
        let target = self.pattern(&local.pat);
        let value = match (&*init.expr, &target) {
            (Ast::Closure(closure), Pattern::Name(name, _)) => self.closure(closure, Some(*name)),
            (value, _) => self.expr(value),
        };
        let kind = StmtKind::Assign { targets: vec![target], value: Some(value), ty, op: None, decl: Decl::Let };
        out.push(Stmt { kind, span });
    }

    /// A check that leaves the function unless `test` holds: `assert!`, `ensure!`.
    pub(super) fn leave_unless(&mut self, test: ExprId, raised: ExprId) -> Stmt {
        let span = self.span(test);
        let test = self.push(Expr::Unary { op: UnaryOp::Not, operand: test }, span);
        let span = self.span(raised);
        let then = vec![Stmt { kind: StmtKind::Raise(Some(raised)), span }];
        Stmt { kind: StmtKind::If { test, then, otherwise: Vec::new() }, span }
    }
}
