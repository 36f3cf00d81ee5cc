//! What tokens look like before they are parsed: objects, statements, items, arms, templates for other code.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use syn::parse::Parser as _;

/// What a macro's tokens look like, from one look at them.
#[derive(Clone, Copy, Default)]
pub(super) struct Shape {
    /// They hold a `=>` outside brackets.
    pub(super) has_arrow: bool,
    /// They hold a `;` outside brackets.
    pub(super) has_semicolon: bool,
    /// They stand in braces and hold `yield`, also inside brackets.
    pub(super) yields: bool,
    /// They stand in braces and have a `;`.
    pub(super) has_statements: bool,
    /// They stand in braces and start with `"key":`.
    pub(super) is_keyed: bool,
    /// They start like an item.
    pub(super) starts_item: bool,
}

/// Words that items start with.
const ITEM_WORDS: [&str; 10] = ["static", "pub", "fn", "struct", "enum", "impl", "mod", "use", "trait", "type"];

impl Shape {
    /// Looks at a macro's tokens.
    pub(super) fn of(mac: &syn::Macro) -> Shape {
        let in_braces = matches!(mac.delimiter, syn::MacroDelimiter::Brace(_));
        let mut shape = Shape::default();
        let mut before = None;
        for (at, token) in mac.tokens.clone().into_iter().enumerate() {
            let punct = match &token {
                TokenTree::Punct(punct) => Some(punct.as_char()),
                _ => None,
            };
            shape.has_arrow |= before == Some('=') && punct == Some('>');
            shape.has_semicolon |= punct == Some(';');
            match &token {
                TokenTree::Literal(_) if at == 0 && in_braces => shape.is_keyed = true,
                TokenTree::Ident(word) => {
                    shape.yields |= in_braces && word == "yield";
                    shape.starts_item |= at == 0 && ITEM_WORDS.iter().any(|known| word == known);
                }
                TokenTree::Group(group) => shape.yields |= in_braces && has_yield(&group.stream()),
                _ if at == 1 => shape.is_keyed &= punct == Some(':'),
                _ => {}
            }
            // Attributes may stand before an item.
            shape.starts_item |= at == 0 && punct == Some('#') && in_braces;
            before = punct;
        }
        shape.has_statements = in_braces && shape.has_semicolon;
        shape
    }
}

fn has_yield(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "yield",
        TokenTree::Group(group) => has_yield(&group.stream()),
        _ => false,
    })
}

/// Whether tokens are a template for other code: `#name`, `#(..)` or `$name`, also inside brackets.
pub(super) fn is_code_template(tokens: &TokenStream) -> bool {
    let mut sigil = false;
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Punct(punct) => {
            sigil = punct.as_char() == '#';
            punct.as_char() == '$'
        }
        TokenTree::Ident(_) => std::mem::take(&mut sigil),
        TokenTree::Group(group) => {
            (std::mem::take(&mut sigil) && group.delimiter() == Delimiter::Parenthesis)
                || is_code_template(&group.stream())
        }
        TokenTree::Literal(_) => std::mem::take(&mut sigil),
    })
}

/// Tokens as statements, if they are. `for await x in y`, which macros that make streams accept, is read as a plain
/// loop.
pub(super) fn statements(tokens: &TokenStream) -> Option<Vec<syn::Stmt>> {
    if let Ok(stmts) = syn::Block::parse_within.parse2(tokens.clone()) {
        return Some(stmts);
    }
    let mut changed = false;
    let tokens = without_for_await(tokens, &mut changed);
    if !changed {
        return None;
    }
    syn::Block::parse_within.parse2(tokens).ok()
}

fn without_for_await(tokens: &TokenStream, changed: &mut bool) -> TokenStream {
    let mut after_for = false;
    let mut kept = Vec::new();
    for token in tokens.clone() {
        let was_for = std::mem::take(&mut after_for);
        match token {
            TokenTree::Ident(word) if was_for && word == "await" => *changed = true,
            TokenTree::Ident(word) => {
                after_for = word == "for";
                kept.push(TokenTree::Ident(word));
            }
            TokenTree::Group(group) => {
                let mut copy = Group::new(group.delimiter(), without_for_await(&group.stream(), changed));
                copy.set_span(group.span());
                kept.push(TokenTree::Group(copy));
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// Whether the content of braces is `key: value, ..` (or nothing) rather than statements: whether a lone colon comes
/// before anything that only statements have.
pub(super) fn is_object(content: &TokenStream) -> bool {
    let mut in_path = false;
    for (at, token) in content.clone().into_iter().enumerate() {
        match &token {
            TokenTree::Ident(word) if at == 0 && word == "let" => return false,
            TokenTree::Punct(punct) => match (punct.as_char(), punct.spacing()) {
                (':', _) if in_path => in_path = false,
                (':', Spacing::Joint) => in_path = true,
                (':', Spacing::Alone) => return at > 0,
                (',' | ';' | '=' | '|' | '\'', _) => return false,
                _ => {}
            },
            _ => {}
        }
    }
    content.is_empty()
}
