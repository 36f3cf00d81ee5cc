//! Attributes as decorator expressions, and which of them mark code that only tests run.

use syn::parse::{Parse as _, Parser as _};
use syn::{Attribute, Meta};

use super::cx::{Cx, join, plain};
use super::macro_args::{self, Syntax};
use crate::ir::{CallKind, ExprId};
use crate::source::Span;

impl Cx<'_> {
    /// All attributes as expressions, doc comments left out.
    pub(super) fn decorators(&mut self, attrs: &[Attribute]) -> Vec<ExprId> {
        let attrs = attrs.iter().filter(|attr| !is_doc(attr));
        attrs.map(|attr| self.attribute(attr)).collect()
    }

    /// Where the first attribute before an item starts, doc comments left out.
    pub(super) fn attrs_start(&self, attrs: &[Attribute]) -> Option<Span> {
        let first = attrs.iter().find(|attr| !is_doc(attr) && matches!(attr.style, syn::AttrStyle::Outer))?;
        Some(self.at(first.pound_token.spans[0]))
    }

    fn attribute(&mut self, attr: &Attribute) -> ExprId {
        let (callee, _) = self.path(None, attr.path());
        let start = self.span(callee);
        match &attr.meta {
            Meta::Path(_) => callee,
            Meta::List(list) => {
                let args = macro_args::parse(Syntax::Attribute, list.tokens.clone());
                let args = self.lower_args(args);
                let span = join(start, self.group(list.delimiter.span()));
                self.call(CallKind::Plain, callee, args, span)
            }
            Meta::NameValue(pair) => {
                let value = self.expr(&pair.value);
                let span = join(start, self.span(value));
                self.call(CallKind::Plain, callee, vec![plain(value)], span)
            }
        }
    }
}

fn is_doc(attr: &Attribute) -> bool {
    attr.path().is_ident("doc")
}

/// Whether code under these attributes exists only in test builds: `#[cfg(test)]`, `#[test]` and attributes of that
/// name from elsewhere (`#[some::test]`).
pub(super) fn is_test_only(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| match &attr.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            Meta::parse.parse2(list.tokens.clone()).is_ok_and(|meta| needs_test(&meta))
        }
        meta => meta.path().segments.last().is_some_and(|last| last.ident == "test" || last.ident == "bench"),
    })
}

/// Whether a `cfg` predicate holds in test builds only.
fn needs_test(meta: &Meta) -> bool {
    match meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => {
            let parts = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
            parts.parse2(list.tokens.clone()).is_ok_and(|parts| parts.iter().any(needs_test))
        }
        _ => false,
    }
}
