//! Structs, enums, unions, traits, type aliases and `impl` blocks.

use syn::{Fields, ImplItem, Item, TraitItem};

use super::attrs::is_test_only;
use super::cx::{Cx, join};
use super::items::Head;
use crate::intern::Name;
use crate::ir::{Block, Class, ClassId, ClassKind, Field, FnKind, Impl, Stmt, StmtKind, Type};
use crate::source::Span;

impl Cx<'_> {
    /// An item that defines a type or trait.
    pub(super) fn class_item(&mut self, item: &Item, out: &mut Block) {
        let id = match item {
            Item::Struct(item) => {
                let id = self.open(ClassKind::Struct, &item.ident, &item.attrs, self.visibility(&item.vis));
                self.with_generics(&item.generics, |cx| {
                    let fields = cx.fields(&item.fields);
                    cx.out.class_mut(id).fields = fields;
                });
                let end = item.semi_token.map(|semi| self.at(semi.spans[0]));
                self.close(id, end.unwrap_or_else(|| self.fields_end(&item.fields, &item.ident)));
                id
            }
            Item::Union(item) => {
                let id = self.open(ClassKind::Struct, &item.ident, &item.attrs, self.visibility(&item.vis));
                let fields = item.fields.named.iter().zip(0..).map(|(field, at)| self.field(field, at)).collect();
                self.out.class_mut(id).fields = fields;
                self.close(id, self.group(&item.fields.brace_token.span));
                id
            }
            Item::Enum(item) => {
                let id = self.open(ClassKind::Enum, &item.ident, &item.attrs, self.visibility(&item.vis));
                self.with_generics(&item.generics, |cx| {
                    let fields = item.variants.iter().map(|variant| cx.variant(variant)).collect();
                    cx.out.class_mut(id).fields = fields;
                });
                self.close(id, self.group(&item.brace_token.span));
                id
            }
            Item::Trait(item) => self.trait_item(item),
            Item::TraitAlias(item) => {
                let id = self.open(ClassKind::Trait, &item.ident, &item.attrs, self.visibility(&item.vis));
                let supers = self.traits(item.bounds.iter());
                self.out.class_mut(id).implements = supers;
                self.close(id, self.at(item.semi_token.spans[0]));
                id
            }
            Item::Type(item) => {
                let id = self.open(ClassKind::Alias, &item.ident, &item.attrs, self.visibility(&item.vis));
                let aliased = self.ty(&item.ty);
                self.out.class_mut(id).implements = vec![aliased];
                self.close(id, self.at(item.semi_token.spans[0]));
                id
            }
            _ => return,
        };
        out.push(Stmt { kind: StmtKind::Class(id), span: self.out.facts.class(id).span });
    }

    fn open(&mut self, kind: ClassKind, ident: &syn::Ident, attrs: &[syn::Attribute], vis: Option<Span>) -> ClassId {
        let name = self.at(ident.span());
        let keyword = Span { start: self.keyword_before(name.start), end: name.end };
        let span = self.attrs_start(attrs).or(vis).unwrap_or(keyword);
        let decorators = self.decorators(attrs);
        self.out.class(Class {
            name: Some(self.name(ident)),
            kind,
            parent: Some(self.scope),
            bases: Vec::new(),
            keywords: Vec::new(),
            implements: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            decorators,
            body: None,
            span,
        })
    }

    fn close(&mut self, id: ClassId, end: Span) {
        let class = self.out.class_mut(id);
        class.span = join(class.span, end);
    }

    /// Where the word before a name starts (`struct`, `enum`, ...).
    fn keyword_before(&self, name: u32) -> u32 {
        let head = self.text.get(..name as usize).unwrap_or_default().trim_end();
        let start = head.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |at| at + 1);
        u32::try_from(start).unwrap_or(name)
    }

    fn fields_end(&self, fields: &Fields, ident: &syn::Ident) -> Span {
        match fields {
            Fields::Named(fields) => self.group(&fields.brace_token.span),
            Fields::Unnamed(fields) => self.group(&fields.paren_token.span),
            Fields::Unit => self.at(ident.span()),
        }
    }

    fn fields(&mut self, fields: &Fields) -> Vec<Field> {
        let kept = fields.iter().zip(0..).filter(|(field, _)| !is_test_only(&field.attrs));
        kept.map(|(field, at)| self.field(field, at)).collect()
    }

    fn field(&mut self, field: &syn::Field, at: usize) -> Field {
        let end = self.whole(&field.ty);
        let (name, start) = match &field.ident {
            Some(ident) => (self.name(ident), self.at(ident.span())),
            None => (Name::new(&at.to_string()), end),
        };
        let decorators = self.decorators(&field.attrs);
        Field { name, ty: Some(self.ty(&field.ty)), default: None, decorators, span: join(start, end) }
    }

    fn variant(&mut self, variant: &syn::Variant) -> Field {
        let start = self.at(variant.ident.span());
        let span = join(start, self.fields_end(&variant.fields, &variant.ident));
        let ty = match &variant.fields {
            Fields::Unit => None,
            Fields::Unnamed(fields) => {
                Some(Type::Tuple(fields.unnamed.iter().map(|field| self.ty(&field.ty)).collect()))
            }
            Fields::Named(fields) => {
                let member =
                    |field: &syn::Field| field.ident.as_ref().map(|ident| (self.name(ident), self.ty(&field.ty)));
                Some(Type::Object(fields.named.iter().filter_map(member).collect()))
            }
        };
        let decorators = self.decorators(&variant.attrs);
        let default = variant.discriminant.as_ref().map(|(_, value)| self.expr(value));
        Field { name: self.name(&variant.ident), ty, default, decorators, span }
    }

    fn trait_item(&mut self, item: &syn::ItemTrait) -> ClassId {
        let id = self.open(ClassKind::Trait, &item.ident, &item.attrs, self.visibility(&item.vis));
        self.with_generics(&item.generics, |cx| {
            let supers = cx.traits(item.supertraits.iter());
            cx.out.class_mut(id).implements = supers;
            for member in &item.items {
                cx.trait_member(id, member);
            }
        });
        self.close(id, self.group(&item.brace_token.span));
        id
    }

    fn trait_member(&mut self, id: ClassId, member: &TraitItem) {
        match member {
            TraitItem::Fn(method) if !is_test_only(&method.attrs) => {
                let head = Head { attrs: &method.attrs, start: None, kind: FnKind::Method };
                let function = self.function(head, &method.sig, method.default.as_ref());
                self.out.function_mut(function).owner = Some(id);
                self.out.class_mut(id).methods.push(function);
            }
            TraitItem::Const(item) => {
                let span = join(self.at(item.const_token.span), self.at(item.semi_token.spans[0]));
                let ty = Some(self.ty(&item.ty));
                let default = item.default.as_ref().map(|(_, value)| self.expr(value));
                let decorators = self.decorators(&item.attrs);
                let field = Field { name: self.name(&item.ident), ty, default, decorators, span };
                self.out.class_mut(id).fields.push(field);
            }
            _ => {}
        }
    }

    /// An `impl` block. Its constants are assignments to `Type::NAME` in the enclosing scope.
    pub(super) fn impl_block(&mut self, block: &syn::ItemImpl, out: &mut Block) {
        let start = self.attrs_start(&block.attrs).or(block.unsafety.map(|token| self.at(token.span)));
        let span = join(start.unwrap_or(self.at(block.impl_token.span)), self.group(&block.brace_token.span));
        let decorators = self.decorators(&block.attrs);
        let lowered = self.with_generics(&block.generics, |cx| {
            let interface = block.trait_.as_ref().map(|(path, _)| cx.path_type(path));
            let target = cx.ty(&block.self_ty);
            let mut methods = Vec::new();
            for item in &block.items {
                match item {
                    ImplItem::Fn(method) if !is_test_only(&method.attrs) => {
                        let start = cx.visibility(&method.vis);
                        let head = Head { attrs: &method.attrs, start, kind: FnKind::Method };
                        methods.push(cx.function(head, &method.sig, Some(&method.block)));
                    }
                    ImplItem::Const(item) if !is_test_only(&item.attrs) => {
                        let target = cx.member_of(&block.self_ty, &item.ident);
                        let start = cx.at(item.const_token.span);
                        out.push(cx.constant(target, &item.ty, &item.expr, start));
                    }
                    ImplItem::Macro(item) => {
                        let id = cx.macro_call(&item.mac);
                        out.push(Stmt { kind: StmtKind::Expr(id), span: cx.span(id) });
                    }
                    _ => {}
                }
            }
            Impl { target, interface, methods, decorators, parent: Some(cx.scope), span }
        });
        self.out.facts.impls.push(lowered);
    }
}
