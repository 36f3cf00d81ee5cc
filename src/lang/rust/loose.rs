//! Code in macro bodies of no known shape: items, blocks and expressions that stand between other tokens.
//!
//! It keeps calls from being lost, no more: names that the macro binds are not bound.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Item, Macro};

use super::cx::Cx;
use super::macro_shape;
use super::stmts::Tail;
use crate::ir::{Block, Expr, ExprId};

/// How many words before an expression in tokens of no known shape are skipped.
const LOOSE_TRIES: usize = 8;

impl Cx<'_> {
    /// A macro among items.
    pub(super) fn item_macro(&mut self, mac: &Macro, out: &mut Block) {
        if self.item_macro_items(mac, out) || macro_shape::is_code_template(&mac.tokens) {
            return;
        }
        let before = out.len();
        for token in mac.tokens.clone() {
            if let TokenTree::Group(group) = token
                && group.delimiter() == Delimiter::Brace
                && let Some(items) = items_of(group.stream())
            {
                out.extend(self.items(&items));
            }
        }
        if out.len() == before {
            let id = self.macro_call(mac);
            out.push(self.valued(id, Tail::Drop));
        }
    }

    /// A macro whose body is items; whether it was.
    pub(super) fn item_macro_items(&mut self, mac: &Macro, out: &mut Block) -> bool {
        let Some(items) = items_of(mac.tokens.clone()) else { return false };
        out.extend(self.items(&items));
        true
    }

    /// The expressions and blocks that can be found in tokens of no known shape.
    pub(super) fn loose_parts(&mut self, tokens: TokenStream) -> Vec<ExprId> {
        let mut parts = Vec::new();
        if self.room() == 0 || macro_shape::is_code_template(&tokens) {
            return parts;
        }
        let mut run = Vec::new();
        for token in tokens {
            match &token {
                TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';' | '=' | '>' | '@') => {
                    self.loose_run(&mut run, &mut parts);
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    self.loose_run(&mut run, &mut parts);
                    self.loose_block(group, &mut parts);
                }
                _ => run.push(token),
            }
        }
        self.loose_run(&mut run, &mut parts);
        parts
    }

    fn loose_block(&mut self, group: &Group, parts: &mut Vec<ExprId>) {
        if macro_shape::is_object(&group.stream()) {
            let object = self.deeper(1, |cx| cx.tree(group));
            parts.push(object);
        } else if let Some(stmts) = macro_shape::statements(&group.stream()) {
            let body = self.deeper(1, |cx| cx.statements(&stmts, Tail::Value));
            let span = self.at(group.span());
            parts.push(self.push(Expr::Block(Box::new(body)), span));
        } else {
            parts.extend(self.deeper(1, |cx| cx.loose_parts(group.stream())));
        }
    }

    /// Tokens between separators: the longest end of them that is an expression, else what their brackets hold.
    fn loose_run(&mut self, run: &mut Vec<TokenTree>, parts: &mut Vec<ExprId>) {
        let run = std::mem::take(run);
        for start in 0..run.len().min(LOOSE_TRIES) {
            let tokens = run[start..].iter().cloned().collect();
            if let Ok(expr) = syn::parse2::<syn::Expr>(tokens) {
                return parts.push(self.expr(&expr));
            }
        }
        for token in run {
            if let TokenTree::Group(group) = token {
                parts.extend(self.deeper(1, |cx| cx.loose_parts(group.stream())));
            }
        }
    }
}

/// The items in a macro's body, if it holds nothing else. `static ref` is read as `static`.
fn items_of(tokens: TokenStream) -> Option<Vec<Item>> {
    if tokens.is_empty() {
        return None;
    }
    let mut after_static = false;
    let tokens = tokens.into_iter().filter(|token| {
        let TokenTree::Ident(word) = token else { return true };
        let drop = after_static && word == "ref";
        after_static = word == "static";
        !drop
    });
    let parser = |input: ParseStream| {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(input.parse::<Item>()?);
        }
        Ok(items)
    };
    parser.parse2(tokens.collect()).ok()
}
