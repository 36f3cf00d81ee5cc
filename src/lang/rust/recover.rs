//! Parsing of a file, and of the items that can be read in a file that cannot.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use super::attrs::is_test_only;
use super::cx::{Cx, join};
use crate::finding::{Notice, NoticeKind};
use crate::ir::Block;
use crate::source::Span;

/// Lowers a whole file's text.
pub(super) fn file(cx: &mut Cx<'_>, path: &str, text: &str) -> (Block, Vec<Notice>) {
    let tokens = match text.parse::<TokenStream>() {
        Ok(tokens) => tokens,
        Err(error) => {
            let at = cx.at(error.span());
            cx.out.facts.unreadable.push(Span::new(0, cx.text.len()));
            return (Vec::new(), vec![notice(path, at, "nothing in this file was checked", &error)]);
        }
    };
    match syn::parse2::<syn::File>(tokens) {
        Ok(file) if is_test_only(&file.attrs) => (Vec::new(), Vec::new()),
        Ok(file) => (cx.items(&file.items), Vec::new()),
        // Lexing again is cheaper than keeping a copy of the tokens of every file that parses.
        Err(_) => items(cx, path, text.parse().unwrap_or_default()),
    }
}

/// Lowers the items that can be read; the others become unreadable spans.
fn items(cx: &mut Cx<'_>, path: &str, tokens: TokenStream) -> (Block, Vec<Notice>) {
    let (mut out, mut notices) = (Vec::new(), Vec::new());
    for chunk in split(tokens) {
        let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { continue };
        let span = join(cx.at(first.span()), cx.at(last.span()));
        match syn::parse2::<syn::File>(chunk.into_iter().collect()) {
            Ok(file) => out.extend(cx.items(&file.items)),
            Err(error) => {
                cx.out.facts.unreadable.push(span);
                let at = cx.at(error.span());
                notices.push(notice(path, if at.end == 0 { span } else { at }, "this item was not checked", &error));
            }
        }
    }
    (out, notices)
}

fn notice(path: &str, at: Span, effect: &str, error: &dyn std::fmt::Display) -> Notice {
    let message = format!("not valid Rust ({error}): {effect}");
    Notice { kind: NoticeKind::Unparsed, path: path.into(), span: Some(at), message }
}

/// Cuts top-level tokens after what may end an item: a semicolon, or braces that no operator follows.
fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut chunks = Vec::new();
    let mut chunk = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';' && punct.spacing() == Spacing::Alone,
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && ends_item(&chunk, tokens.peek()),
            _ => false,
        };
        chunk.push(token);
        if ends {
            chunks.push(std::mem::take(&mut chunk));
        }
    }
    chunks.push(chunk);
    chunks
}

/// Whether braces after `before` end an item: those of a `use` or of an initialiser do not.
fn ends_item(before: &[TokenTree], after: Option<&TokenTree>) -> bool {
    let needs_semicolon = before.iter().any(|token| {
        matches!(token, TokenTree::Ident(word) if word == "use")
            || matches!(token, TokenTree::Punct(punct) if punct.as_char() == '=' && punct.spacing() == Spacing::Alone)
    });
    let starts_next = match after {
        None | Some(TokenTree::Ident(_)) => true,
        Some(TokenTree::Punct(punct)) => punct.as_char() == '#',
        _ => false,
    };
    starts_next && !needs_semicolon
}
