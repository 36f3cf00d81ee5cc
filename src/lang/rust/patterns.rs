//! Patterns, and expressions that stand for one (the left side of an assignment).

use syn::Pat;

use super::cx::{Cx, join};
use crate::intern::Name;
use crate::ir::{BinaryOp, Expr, ExprId, Pattern};

impl Cx<'_> {
    /// What a pattern binds or compares.
    pub(super) fn pattern(&mut self, pat: &Pat) -> Pattern {
        if self.room() == 0 {
            return Pattern::Wild;
        }
        self.deeper(1, |cx| cx.pattern_inner(pat))
    }

    fn pattern_inner(&mut self, pat: &Pat) -> Pattern {
        match pat {
            Pat::Ident(ident) => self.binding(ident),
            Pat::Guard(guard) => self.pattern(&guard.pat),
            Pat::Paren(paren) => self.pattern(&paren.pat),
            Pat::Reference(reference) => self.pattern(&reference.pat),
            Pat::Type(typed) => self.pattern(&typed.pat),
            Pat::Or(or) => Pattern::Or(or.cases.iter().map(|case| self.pattern(case)).collect()),
            Pat::Tuple(tuple) => Pattern::List(tuple.elems.iter().map(|elem| self.pattern(elem)).collect()),
            Pat::Slice(slice) => Pattern::List(slice.elems.iter().map(|elem| self.pattern(elem)).collect()),
            Pat::Rest(_) => Pattern::Rest(Box::new(Pattern::Wild)),
            Pat::Struct(parts) => self.struct_pattern(parts),
            Pat::TupleStruct(variant) => Pattern::Variant {
                path: self.segments(&variant.path),
                items: variant.elems.iter().map(|elem| self.pattern(elem)).collect(),
            },
            Pat::Lit(literal) => {
                let id = self.literal(&literal.lit);
                Pattern::Literal(id)
            }
            Pat::Path(path) => Pattern::Literal(self.path(path.qself.as_ref(), &path.path).0),
            Pat::Range(range) => Pattern::Literal(self.range(range)),
            Pat::Macro(mac) => Pattern::Literal(self.macro_call(&mac.mac)),
            Pat::Const(block) => {
                let span = self.at(block.const_token.span);
                Pattern::Literal(self.block_value(&block.block, span))
            }
            _ => Pattern::Wild,
        }
    }

    fn binding(&mut self, ident: &syn::PatIdent) -> Pattern {
        let name = self.name(&ident.ident);
        if let Some((_, inner)) = &ident.subpat {
            return match self.pattern(inner) {
                Pattern::Rest(_) => Pattern::Rest(Box::new(Pattern::Name(name, self.at(ident.ident.span())))),
                inner => Pattern::Bind(name, Box::new(inner)),
            };
        }
        // A unit variant or constant looks like a variable; only its capital tells.
        let constant =
            name.starts_with(|c: char| c.is_uppercase()) && ident.by_ref.is_none() && ident.mutability.is_none();
        if constant {
            return Pattern::Literal(self.path_name(&ident.ident));
        }
        Pattern::Name(name, self.at(ident.ident.span()))
    }

    fn struct_pattern(&mut self, parts: &syn::PatStruct) -> Pattern {
        let mut fields = Vec::new();
        for field in &parts.fields {
            let key = self.member(&field.member);
            fields.push((key, self.pattern(&field.pat)));
        }
        if parts.rest.is_some() {
            fields.push((Name::new(""), Pattern::Rest(Box::new(Pattern::Wild))));
        }
        Pattern::Object { path: self.segments(&parts.path), fields }
    }

    /// The guard of a match arm's pattern.
    pub(super) fn guard(&mut self, pat: &Pat) -> Option<ExprId> {
        match pat {
            Pat::Guard(guard) => Some(self.expr(&guard.guard)),
            _ => None,
        }
    }

    /// A range in an expression or pattern; an open end is `Null`.
    pub(super) fn range(&mut self, range: &syn::ExprRange) -> ExprId {
        let limits = match &range.limits {
            syn::RangeLimits::HalfOpen(token) => join(self.at(token.spans[0]), self.at(token.spans[1])),
            syn::RangeLimits::Closed(token) => join(self.at(token.spans[0]), self.at(token.spans[2])),
        };
        let end = |cx: &mut Self, side: &Option<Box<syn::Expr>>| match side {
            Some(side) => cx.expr(side),
            None => cx.push(Expr::Null, limits),
        };
        let (left, right) = (end(self, &range.start), end(self, &range.end));
        let span = join(self.span(left), self.span(right));
        self.push(Expr::Binary { op: BinaryOp::Range, left, right }, span)
    }

    /// The target of an assignment.
    pub(super) fn target(&mut self, expr: &syn::Expr) -> Pattern {
        match expr {
            syn::Expr::Path(path) if path.qself.is_none() => match path.path.get_ident() {
                Some(ident) if *ident != "self" => Pattern::Name(self.name(ident), self.at(ident.span())),
                _ => Pattern::Place(self.expr(expr)),
            },
            syn::Expr::Infer(_) => Pattern::Wild,
            syn::Expr::Paren(paren) => self.target(&paren.expr),
            syn::Expr::Tuple(tuple) => self.targets(tuple.elems.iter()),
            syn::Expr::Array(array) => self.targets(array.elems.iter()),
            syn::Expr::Range(range) if range.start.is_none() && range.end.is_none() => {
                Pattern::Rest(Box::new(Pattern::Wild))
            }
            syn::Expr::Call(call) => match (&*call.func, self.targets(call.args.iter())) {
                (syn::Expr::Path(path), Pattern::List(items)) => {
                    Pattern::Variant { path: self.segments(&path.path), items }
                }
                _ => Pattern::Place(self.expr(expr)),
            },
            syn::Expr::Struct(parts) => {
                let path = self.segments(&parts.path);
                let fields = parts.fields.iter().map(|f| (self.member(&f.member), self.target(&f.expr))).collect();
                Pattern::Object { path, fields }
            }
            _ => Pattern::Place(self.expr(expr)),
        }
    }

    fn targets<'a>(&mut self, items: impl Iterator<Item = &'a syn::Expr>) -> Pattern {
        if self.room() == 0 {
            return Pattern::Wild;
        }
        self.deeper(1, |cx| Pattern::List(items.map(|item| cx.target(item)).collect()))
    }

    /// A path's segments as names.
    pub(super) fn segments(&self, path: &syn::Path) -> Vec<Name> {
        path.segments.iter().map(|segment| self.name(&segment.ident)).collect()
    }

    /// A field's name; positional ones are `0`, `1`, ...
    pub(super) fn member(&self, member: &syn::Member) -> Name {
        match member {
            syn::Member::Named(ident) => self.name(ident),
            syn::Member::Unnamed(index) => Name::new(&index.index.to_string()),
        }
    }
}
