//! Items: functions, modules, constants and everything that may stand beside them. Test-only items are dropped.

use syn::{FnArg, Item, Signature, Visibility};

use super::attrs::is_test_only;
use super::cx::{Cx, join};
use super::stmts::Tail;
use crate::intern::Name;
use crate::ir::{
    Block, Decl, Expr, ExprId, FnId, FnKind, Function, Import, ImportKind, Param, ParamKind, Pattern, Stmt, StmtKind,
    Type,
};
use crate::source::Span;

impl Cx<'_> {
    /// Items in a row.
    pub(super) fn items(&mut self, items: &[Item]) -> Block {
        let mut out = Vec::new();
        for item in items {
            self.item(item, &mut out);
        }
        out
    }

    /// One item; what runs or is defined here goes to `out`.
    pub(super) fn item(&mut self, item: &Item, out: &mut Block) {
        if is_test_only(item_attrs(item)) {
            return;
        }
        if self.room() == 0 {
            let span = self.whole(item);
            self.out.unreadable(span);
            return;
        }
        self.deeper(1, |cx| cx.item_inner(item, out));
    }

    fn item_inner(&mut self, item: &Item, out: &mut Block) {
        match item {
            Item::Fn(function) => {
                let head =
                    Head { attrs: &function.attrs, start: self.visibility(&function.vis), kind: FnKind::Function };
                let id = self.function(head, &function.sig, Some(&function.block));
                out.push(self.definition(id));
            }
            Item::Mod(module) => self.module(module, out),
            Item::Use(tree) => self.use_item(tree),
            Item::ExternCrate(krate) => {
                let module = self.name(&krate.ident);
                let local = krate.rename.as_ref().map_or(module, |(_, rename)| self.name(rename));
                let span = join(self.at(krate.extern_token.span), self.at(krate.semi_token.spans[0]));
                self.import(module, ImportKind::Module, Some(local), span);
            }
            Item::Const(item) => {
                let start = self.at(item.const_token.span);
                let target = Pattern::Name(self.name(&item.ident), self.at(item.ident.span()));
                out.push(self.constant(target, &item.ty, &item.expr, start));
            }
            Item::Static(item) => {
                let start = self.at(item.static_token.span);
                let target = Pattern::Name(self.name(&item.ident), self.at(item.ident.span()));
                out.push(self.constant(target, &item.ty, &item.expr, start));
            }
            Item::Impl(block) => self.impl_block(block, out),
            Item::Struct(_) | Item::Enum(_) | Item::Union(_) | Item::Trait(_) | Item::TraitAlias(_) | Item::Type(_) => {
                self.class_item(item, out);
            }
            Item::Macro(item) if item.ident.is_none() => self.item_macro(&item.mac, out),
            _ => {}
        }
    }

    /// The statement that defines a function.
    pub(super) fn definition(&self, id: FnId) -> Stmt {
        Stmt { kind: StmtKind::Function(id), span: self.out.facts.function(id).span }
    }

    /// A `const` or `static`.
    pub(super) fn constant(&mut self, target: Pattern, ty: &syn::Type, value: &syn::Expr, start: Span) -> Stmt {
        let ty = Some(self.ty(ty));
        let value = self.expr(value);
        let span = join(start, self.span(value));
        let kind = StmtKind::Assign { targets: vec![target], value: Some(value), ty, op: None, decl: Decl::Static };
        Stmt { kind, span }
    }

    fn module(&mut self, module: &syn::ItemMod, out: &mut Block) {
        let name = self.name(&module.ident);
        let start = self.visibility(&module.vis).unwrap_or(self.at(module.mod_token.span));
        let Some((brace, items)) = &module.content else {
            let path = Name::new(&format!("self::{name}"));
            let span = join(start, self.at(module.ident.span()));
            return self.import(path, ImportKind::Module, Some(name), span);
        };
        let span = join(start, self.group(&brace.span));
        let mut function = Function::empty(FnKind::Module, Some(self.scope), span);
        (function.name, function.head) = (Some(name), join(start, self.at(module.ident.span())));
        let id = self.out.function(function);
        let decorators = self.decorators(&module.attrs);
        let body = self.within(id, |cx| cx.items(items));
        let function = self.out.function_mut(id);
        (function.decorators, function.body) = (decorators, body);
        out.push(self.definition(id));
    }

    /// Records an import in the current scope.
    pub(super) fn import(&mut self, module: Name, kind: ImportKind, local: Option<Name>, span: Span) {
        let scope = self.scope;
        self.out.facts.imports.push(Import { module, kind, local, scope, type_only: false, span });
    }

    /// Where a visibility starts, if there is one.
    pub(super) fn visibility(&self, vis: &Visibility) -> Option<Span> {
        match vis {
            Visibility::Public(token) => Some(self.at(token.span)),
            Visibility::Restricted(restricted) => Some(self.at(restricted.pub_token.span)),
            Visibility::Inherited => None,
        }
    }

    /// A function, method or associated function; without a block it is abstract.
    pub(super) fn function(&mut self, head: Head<'_>, sig: &Signature, block: Option<&syn::Block>) -> FnId {
        let first = head.start.unwrap_or_else(|| self.signature_start(sig));
        let end = block.map_or_else(|| self.whole(sig), |block| self.group(&block.brace_token.span));
        let span = join(self.attrs_start(head.attrs).unwrap_or(first), end);
        let mut function = Function::empty(head.kind, Some(self.scope), span);
        function.name = Some(self.name(&sig.ident));
        function.head = Span { start: first.start, end: self.head_end(sig, block).max(first.start) };
        function.is_async = sig.asyncness.is_some();
        let has_receiver = matches!(sig.inputs.first(), Some(FnArg::Receiver(_)));
        function.is_static = head.kind == FnKind::Method && !has_receiver;
        function.is_abstract = block.is_none();
        let id = self.out.function(function);
        let decorators = self.decorators(head.attrs);
        self.out.function_mut(id).decorators = decorators;
        self.within(id, |cx| {
            cx.with_generics(&sig.generics, |cx| {
                let params = cx.params(sig);
                let returns = cx.returned(&sig.output);
                // A function that returns nothing has statements only, whatever its last expression is.
                let tail = if matches!(returns, None | Some(Type::Null)) { Tail::Drop } else { Tail::Return };
                let body = block.map(|block| cx.block(block, tail)).unwrap_or_default();
                let function = cx.out.function_mut(id);
                (function.params, function.returns, function.body) = (params, returns, body);
            });
        });
        id
    }

    fn params(&mut self, sig: &Signature) -> Vec<Param> {
        let mut params = Vec::new();
        for input in &sig.inputs {
            let FnArg::Typed(param) = input else { continue };
            let decorators = self.decorators(&param.attrs);
            let ty = Some(self.ty(&param.ty));
            let pattern = self.pattern(&param.pat);
            let span = join(self.whole(&param.pat), self.whole(&param.ty));
            params.push(Param { pattern, ty, default: None, kind: ParamKind::Plain, decorators, span });
        }
        params
    }

    fn signature_start(&self, sig: &Signature) -> Span {
        let safety = match &sig.safety {
            syn::Safety::Unsafe(token) => Some(token.span),
            syn::Safety::Safe(token) => Some(token.span),
            _ => None,
        };
        let starts = [
            sig.constness.map(|token| token.span),
            sig.asyncness.map(|token| token.span),
            safety,
            sig.abi.as_ref().map(|abi| abi.extern_token.span),
        ];
        self.at(starts.into_iter().flatten().next().unwrap_or(sig.fn_token.span))
    }

    /// The end of a signature: what stands before the body without the space between.
    fn head_end(&self, sig: &Signature, block: Option<&syn::Block>) -> u32 {
        let Some(block) = block else { return self.whole(sig).end };
        let open = self.at(block.brace_token.span.open()).start;
        let head = self.text.get(..open as usize).unwrap_or_default();
        u32::try_from(head.trim_end().len()).unwrap_or(open)
    }

    /// A nested place such as `Type::NAME`.
    pub(super) fn member_of(&mut self, owner: &syn::Type, ident: &syn::Ident) -> Pattern {
        let base: ExprId = match owner {
            syn::Type::Path(path) => self.path(path.qself.as_ref(), &path.path).0,
            _ => {
                let span = self.at(ident.span());
                self.push(Expr::Opaque(Box::default()), span)
            }
        };
        let name = self.name(ident);
        let span = self.at(ident.span());
        Pattern::Place(self.push(Expr::Field { base, name }, span))
    }
}

/// What stands around a function's signature.
pub(super) struct Head<'a> {
    /// Its attributes.
    pub(super) attrs: &'a [syn::Attribute],
    /// Its visibility's place, if it has one.
    pub(super) start: Option<Span>,
    /// What sort of function it is.
    pub(super) kind: FnKind,
}

/// The attributes of any item.
fn item_attrs(item: &Item) -> &[syn::Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
