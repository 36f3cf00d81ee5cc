//! Expressions. Chains that nest to the left (`a.b().c()`, `a + b + c`) are in `chains`, control flow is in `stmts`.

use syn::Expr as Ast;
use syn::spanned::Spanned as _;

use super::cx::{Cx, join, named};
use crate::intern::Name;
use crate::ir::{
    Arg, BinaryOp, CallExpr, CallKind, Decl, Element, Expr, ExprId, ListKind, Pattern, Stmt, StmtKind, Type, UnaryOp,
};
use crate::source::Span;

use super::stmts::Tail;

impl Cx<'_> {
    /// Lowers an expression.
    pub(super) fn expr(&mut self, ast: &Ast) -> ExprId {
        if self.room() == 0 {
            let span = self.whole(ast);
            return self.out.unreadable(span);
        }
        self.deeper(1, |cx| cx.expr_inner(ast))
    }

    fn expr_inner(&mut self, ast: &Ast) -> ExprId {
        match ast {
            Ast::Await(_) | Ast::Call(_) | Ast::Field(_) | Ast::Index(_) | Ast::MethodCall(_) | Ast::Try(_) => {
                self.chain(ast)
            }
            Ast::Binary(binary) if compound(&binary.op).is_none() => self.operators(ast),
            Ast::Path(path) => self.path_expr(path),
            Ast::Lit(literal) => self.literal(&literal.lit),
            Ast::Macro(mac) => self.macro_call(&mac.mac),
            Ast::Reference(reference) => {
                self.unary(UnaryOp::Ref, self.at(reference.and_token.spans[0]), &reference.expr)
            }
            Ast::RawAddr(address) => self.unary(UnaryOp::Ref, self.at(address.and_token.spans[0]), &address.expr),
            Ast::Unary(unary) => self.unary_op(unary),
            Ast::Struct(literal) => self.struct_literal(literal),
            Ast::Closure(closure) => self.closure(closure, None),
            Ast::Async(block) => self.async_block(block),
            Ast::Tuple(tuple) => {
                let span = self.group(&tuple.paren_token.span);
                if tuple.elems.is_empty() {
                    return self.push(Expr::Null, span);
                }
                self.list(ListKind::Tuple, tuple.elems.iter(), span)
            }
            Ast::Array(array) => self.list(ListKind::List, array.elems.iter(), self.group(&array.bracket_token.span)),
            Ast::Repeat(repeat) => {
                let span = self.group(&repeat.bracket_token.span);
                self.list(ListKind::List, std::iter::once(&*repeat.expr), span)
            }
            _ => self.rare(ast),
        }
    }

    fn rare(&mut self, ast: &Ast) -> ExprId {
        match ast {
            Ast::Paren(paren) => self.parenthesised(&paren.expr, self.group(&paren.paren_token.span)),
            Ast::Group(group) => self.expr(&group.expr),
            Ast::Cast(cast) => {
                let value = self.expr(&cast.expr);
                let ty = self.ty(&cast.ty);
                let span = join(self.span(value), self.whole(&cast.ty));
                self.push(Expr::Cast { value, ty: Box::new(ty) }, span)
            }
            Ast::Let(condition) => {
                let value = self.expr(&condition.expr);
                let target = Box::new(self.pattern(&condition.pat));
                let span = join(self.at(condition.let_token.span), self.span(value));
                self.push(Expr::Assign { target, value }, span)
            }
            Ast::Assign(assign) => {
                let value = self.expr(&assign.right);
                let target = Box::new(self.target(&assign.left));
                let span = join(self.at(assign.eq_token.spans[0]), self.span(value));
                self.push(Expr::Assign { target, value }, span)
            }
            Ast::Range(range) => self.range(range),
            Ast::Infer(infer) => {
                let span = self.at(infer.underscore_token.spans[0]);
                self.push(Expr::Name(Name::new("_")), span)
            }
            Ast::Yield(value) => {
                let start = self.at(value.yield_token.span);
                let value = value.expr.as_ref().map(|value| self.expr(value));
                let span = value.map_or(start, |value| join(start, self.span(value)));
                self.push(Expr::Yield(value), span)
            }
            Ast::Verbatim(tokens) => {
                let span = self.at(tokens.span());
                let parts = self.loose_parts(tokens.clone());
                self.push(Expr::Opaque(parts.into()), span)
            }
            _ => self.control(ast),
        }
    }

    /// Control flow and blocks where a value is expected.
    fn control(&mut self, ast: &Ast) -> ExprId {
        let start = self.first_token(ast);
        let mut body = Vec::new();
        self.tail(ast, Tail::Value, &mut body);
        // A block is its statements, not a statement of its own.
        if let [Stmt { kind: StmtKind::Block(_), .. }] = &body[..]
            && let Some(Stmt { kind: StmtKind::Block(inner), span }) = body.pop()
        {
            return self.push(Expr::Block(Box::new(inner)), span);
        }
        let span = body.last().map_or(start, |stmt| join(start, stmt.span));
        self.push(Expr::Block(Box::new(body)), span)
    }

    /// A block as a value.
    pub(super) fn block_value(&mut self, block: &syn::Block, start: Span) -> ExprId {
        let body = self.block(block, Tail::Value);
        let span = join(start, self.group(&block.brace_token.span));
        self.push(Expr::Block(Box::new(body)), span)
    }

    fn parenthesised(&mut self, inner: &Ast, span: Span) -> ExprId {
        let id = self.expr(inner);
        self.out.facts.spans[id.0 as usize] = span;
        id
    }

    fn unary(&mut self, op: UnaryOp, start: Span, operand: &Ast) -> ExprId {
        let operand = self.expr(operand);
        let span = join(start, self.span(operand));
        self.push(Expr::Unary { op, operand }, span)
    }

    fn unary_op(&mut self, unary: &syn::ExprUnary) -> ExprId {
        let (op, token) = match &unary.op {
            syn::UnOp::Deref(token) => (UnaryOp::Deref, token.spans[0]),
            syn::UnOp::Not(token) => (UnaryOp::Not, token.spans[0]),
            syn::UnOp::Neg(token) => (UnaryOp::Arith, token.spans[0]),
            _ => return self.expr(&unary.expr),
        };
        self.unary(op, self.at(token), &unary.expr)
    }

    /// A list, tuple or array.
    pub(super) fn list<'a>(&mut self, kind: ListKind, items: impl Iterator<Item = &'a Ast>, span: Span) -> ExprId {
        let items = items.map(|item| Element { value: self.expr(item), spread: false }).collect();
        self.push(Expr::List { kind, items }, span)
    }

    fn struct_literal(&mut self, literal: &syn::ExprStruct) -> ExprId {
        let (callee, types) = self.path(literal.qself.as_ref(), &literal.path);
        let mut args = Vec::new();
        for field in &literal.fields {
            let name = self.member(&field.member);
            args.push(named(name, self.expr(&field.expr)));
        }
        if let Some(rest) = &literal.rest {
            args.push(Arg { name: None, value: self.expr(rest), spread: true });
        }
        let span = join(self.span(callee), self.group(&literal.brace_token.span));
        self.push(Expr::Call(Box::new(CallExpr { callee, args, kind: CallKind::New, types })), span)
    }

    /// A literal.
    pub(super) fn literal(&mut self, literal: &syn::Lit) -> ExprId {
        let span = self.at(literal.span());
        let expr = match literal {
            syn::Lit::Str(text) => Expr::Str(Name::new(&text.value())),
            syn::Lit::ByteStr(bytes) => Expr::Str(Name::new(&String::from_utf8_lossy(&bytes.value()))),
            syn::Lit::CStr(bytes) => Expr::Str(Name::new(&bytes.value().to_string_lossy())),
            syn::Lit::Byte(byte) => Expr::Num(Name::new(&byte.value().to_string())),
            syn::Lit::Char(char) => Expr::Str(Name::new(char.value().encode_utf8(&mut [0; 4]))),
            syn::Lit::Bool(value) => Expr::Bool(value.value),
            _ => Expr::Num(Name::new(self.text.get(span.start as usize..span.end as usize).unwrap_or_default())),
        };
        self.push(expr, span)
    }

    fn path_expr(&mut self, path: &syn::ExprPath) -> ExprId {
        self.path(path.qself.as_ref(), &path.path).0
    }

    /// A path as a chain of fields, and its explicit type arguments.
    pub(super) fn path(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> (ExprId, Vec<Type>) {
        if let (None, Some(ident)) = (qself, path.get_ident()) {
            return (self.path_name(ident), Vec::new());
        }
        let types = self.path_args(path);
        let mut base = qself.and_then(|qself| self.qualifier(qself));
        // `<T as Trait>::name` is `T::name`; without a nameable `T` it is `Trait::name`.
        let skip = if base.is_some() { qself.map_or(0, |qself| qself.position) } else { 0 };
        for segment in path.segments.iter().skip(skip) {
            base = Some(match base {
                None => self.ident(&segment.ident),
                Some(base) => {
                    let name = self.name(&segment.ident);
                    let span = join(self.span(base), self.at(segment.ident.span()));
                    self.push(Expr::Field { base, name }, span)
                }
            });
        }
        let Some(id) = base else {
            let span = self.whole(path);
            return (self.push(Expr::Opaque(Box::default()), span), types);
        };
        (id, types)
    }

    fn qualifier(&mut self, qself: &syn::QSelf) -> Option<ExprId> {
        let mut ty = &*qself.ty;
        while let syn::Type::Reference(syn::TypeReference { elem, .. })
        | syn::Type::Paren(syn::TypeParen { elem, .. }) = ty
        {
            ty = elem;
        }
        match ty {
            syn::Type::Path(path) if path.qself.is_none() => Some(self.path(None, &path.path).0),
            _ => None,
        }
    }

    /// A path of one segment.
    pub(super) fn path_name(&mut self, ident: &syn::Ident) -> ExprId {
        let span = self.at(ident.span());
        let name = self.name(ident);
        let expr = match name.as_str() {
            "self" => Expr::Receiver,
            "None" => Expr::Null,
            _ => Expr::Name(name),
        };
        self.push(expr, span)
    }

    /// `a = b` and `a += b` as a statement, if it is one.
    pub(super) fn assignment(&mut self, ast: &Ast) -> Option<Stmt> {
        let (left, right, op) = match ast {
            Ast::Assign(assign) => (&assign.left, &assign.right, None),
            Ast::Binary(binary) => (&binary.left, &binary.right, Some(compound(&binary.op)?)),
            _ => return None,
        };
        let value = self.expr(right);
        let start = self.first_token(left);
        let target = self.target(left);
        let start = if let Pattern::Place(place) = target { self.span(place) } else { start };
        let span = join(start, self.span(value));
        let kind = StmtKind::Assign { targets: vec![target], value: Some(value), ty: None, op, decl: Decl::None };
        Some(Stmt { kind, span })
    }

    /// Where an expression starts: its first token, found without printing the whole.
    pub(super) fn first_token(&self, mut ast: &Ast) -> Span {
        loop {
            ast = match ast {
                Ast::Assign(assign) => &assign.left,
                Ast::Await(base) => &base.base,
                Ast::Binary(binary) => &binary.left,
                Ast::Call(call) => &call.func,
                Ast::Cast(cast) => &cast.expr,
                Ast::Field(field) => &field.base,
                Ast::Index(index) => &index.expr,
                Ast::MethodCall(call) => &call.receiver,
                Ast::Try(value) => &value.expr,
                Ast::Block(block) => return self.group(&block.block.brace_token.span),
                Ast::If(branch) => return self.at(branch.if_token.span),
                Ast::Match(branch) => return self.at(branch.match_token.span),
                Ast::Loop(body) => return self.at(body.loop_token.span),
                Ast::While(body) => return self.at(body.while_token.span),
                Ast::ForLoop(body) => return self.at(body.for_token.span),
                Ast::Return(exit) => return self.at(exit.return_token.span),
                Ast::Break(exit) => return self.at(exit.break_token.span),
                Ast::Unsafe(block) => return self.at(block.unsafe_token.span),
                _ => return self.whole(ast),
            }
        }
    }
}

/// The operator of a compound assignment.
pub(super) fn compound(op: &syn::BinOp) -> Option<BinaryOp> {
    use syn::BinOp as Op;
    Some(match op {
        Op::AddAssign(_) => BinaryOp::Add,
        Op::RemAssign(_) => BinaryOp::Rem,
        Op::BitOrAssign(_) => BinaryOp::BitOr,
        Op::ShrAssign(_) => BinaryOp::Shift,
        Op::SubAssign(_) | Op::MulAssign(_) | Op::DivAssign(_) | Op::BitXorAssign(_) => BinaryOp::Arith,
        Op::BitAndAssign(_) | Op::ShlAssign(_) => BinaryOp::Arith,
        _ => return None,
    })
}

/// A binary operator that is no assignment.
pub(super) fn binary_op(op: &syn::BinOp) -> BinaryOp {
    use syn::BinOp as Op;
    match op {
        Op::Add(_) => BinaryOp::Add,
        Op::Rem(_) => BinaryOp::Rem,
        Op::And(_) => BinaryOp::And,
        Op::Or(_) => BinaryOp::Or,
        Op::BitOr(_) => BinaryOp::BitOr,
        Op::Shr(_) => BinaryOp::Shift,
        Op::Eq(_) => BinaryOp::Eq,
        Op::Ne(_) => BinaryOp::NotEq,
        Op::Lt(_) => BinaryOp::Less,
        Op::Le(_) => BinaryOp::LessEq,
        Op::Gt(_) => BinaryOp::Greater,
        Op::Ge(_) => BinaryOp::GreaterEq,
        _ => BinaryOp::Arith,
    }
}
