//! The arguments of macros and attributes as syntax. No macro is expanded: its tokens are read by shape.
//!
//! Next to plain expressions this knows `name = value` and `name: value`, the `?value` and `%value` of structured
//! logging, and `{ "key": value }` bodies. What has no known shape is kept as tokens.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Expr, Ident, LitStr, Path, Result, Token, token};

use super::macro_shape::is_object;

/// Whose arguments they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// An attribute's: calls and keywords in it are words of the attribute.
    Attribute,
    /// A macro's.
    Macro,
}

/// One argument.
pub(super) struct MacroArg {
    /// Its name, dots included.
    pub(super) name: Option<String>,
    /// `?` or `%` before the value.
    pub(super) sigil: Option<(char, Span)>,
    /// The value.
    pub(super) value: Value,
}

/// An argument's value.
pub(super) enum Value {
    /// An expression.
    Expr(Expr),
    /// The word `null` in a literal that is no Rust expression.
    Null(Span),
    /// A braced or bracketed literal that is no Rust expression.
    Tree(Group),
    /// `word(arguments)` of an attribute.
    Nested(Path, token::Paren, Vec<MacroArg>),
    /// Tokens of no known shape.
    Raw(TokenStream),
}

/// Splits tokens into arguments; never fails.
pub(super) fn parse(syntax: Syntax, tokens: TokenStream) -> Vec<MacroArg> {
    let parser = |input: ParseStream| Ok(args(syntax, input));
    parser.parse2(tokens).unwrap_or_default()
}

fn args(syntax: Syntax, input: ParseStream) -> Vec<MacroArg> {
    let mut args = Vec::new();
    while !input.is_empty() {
        if separator(input) {
            continue;
        }
        let ahead = input.fork();
        match arg(syntax, &ahead) {
            Ok(arg) if at_end(&ahead) => {
                input.advance_to(&ahead);
                args.push(arg);
            }
            _ => args.push(raw(input)),
        }
    }
    args
}

/// Takes a separator, if one is next.
pub(super) fn separator(input: ParseStream) -> bool {
    input.parse::<Token![,]>().is_ok() || input.parse::<Token![;]>().is_ok()
}

fn at_end(input: ParseStream) -> bool {
    input.is_empty() || input.peek(Token![,]) || input.peek(Token![;])
}

/// Takes everything up to the next separator.
fn raw(input: ParseStream) -> MacroArg {
    let mut tokens = Vec::new();
    while !at_end(input) {
        match input.parse::<TokenTree>() {
            Ok(token) => tokens.push(token),
            Err(_) => break,
        }
    }
    MacroArg { name: None, sigil: None, value: Value::Raw(tokens.into_iter().collect()) }
}

fn arg(syntax: Syntax, input: ParseStream) -> Result<MacroArg> {
    if let Some(name) = name(input) {
        let sigil = sigil(input);
        return Ok(MacroArg { name: Some(name), sigil, value: value(input)? });
    }
    if syntax == Syntax::Attribute
        && let Ok(value) = word(input)
    {
        return Ok(MacroArg { name: None, sigil: None, value });
    }
    let sigil = sigil(input);
    let value = value(input)?;
    let name = match (&sigil, &value) {
        (Some(_), Value::Expr(expr)) => place_name(expr),
        _ => None,
    };
    Ok(MacroArg { name, sigil, value })
}

/// `name =`, `name =>`, `name:`, `a.b =` or `"name" =`, if the input starts with one.
fn name(input: ParseStream) -> Option<String> {
    let ahead = input.fork();
    let mut name = match ahead.parse::<LitStr>() {
        Ok(text) => text.value(),
        Err(_) => ahead.call(Ident::parse_any).ok()?.unraw().to_string(),
    };
    while ahead.peek(Token![.]) {
        ahead.parse::<Token![.]>().ok()?;
        name = format!("{name}.{}", ahead.call(Ident::parse_any).ok()?.unraw());
    }
    let equals = ahead.peek(Token![=]) && !ahead.peek(Token![==]);
    let colon = ahead.peek(Token![:]) && !ahead.peek(Token![::]);
    if ahead.peek(Token![=>]) {
        ahead.parse::<Token![=>]>().ok()?;
    } else if equals {
        ahead.parse::<Token![=]>().ok()?;
    } else if colon {
        ahead.parse::<Token![:]>().ok()?;
    } else {
        return None;
    }
    input.advance_to(&ahead);
    Some(name)
}

fn sigil(input: ParseStream) -> Option<(char, Span)> {
    if let Ok(token) = input.parse::<Token![?]>() {
        return Some(('?', token.span));
    }
    let token = input.parse::<Token![%]>().ok()?;
    Some(('%', token.spans[0]))
}

/// A word of an attribute with its own arguments, or alone.
fn word(input: ParseStream) -> Result<Value> {
    let ahead = input.fork();
    let path = match ahead.fork().call(Path::parse_mod_style) {
        Ok(_) => ahead.call(Path::parse_mod_style)?,
        Err(_) => Path::from(ahead.call(Ident::parse_any)?),
    };
    let value = if ahead.peek(token::Paren) {
        let content;
        let paren = syn::parenthesized!(content in ahead);
        Value::Nested(path, paren, args(Syntax::Attribute, &content))
    } else {
        Value::Expr(Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path }))
    };
    if !at_end(&ahead) {
        return Err(ahead.error("more than a word"));
    }
    input.advance_to(&ahead);
    Ok(value)
}

fn value(input: ParseStream) -> Result<Value> {
    if input.peek(token::Brace) {
        let ahead = input.fork();
        if let Ok(TokenTree::Group(group)) = ahead.parse()
            && is_object(&group.stream())
        {
            input.advance_to(&ahead);
            return Ok(Value::Tree(group));
        }
    }
    if input.peek(token::Bracket) {
        let ahead = input.fork();
        if ahead.parse::<Expr>().is_err()
            && let TokenTree::Group(group) = input.parse()?
        {
            return Ok(Value::Tree(group));
        }
    }
    input.parse().map(Value::Expr)
}

/// The entries of an object literal; entries without a key are spread or raw.
pub(super) fn entries(content: TokenStream) -> Vec<(Option<Expr>, Value)> {
    let parser = |input: ParseStream| {
        let mut entries = Vec::new();
        while !input.is_empty() {
            if separator(input) {
                continue;
            }
            let ahead = input.fork();
            match entry(&ahead) {
                Ok(entry) if at_end(&ahead) => {
                    input.advance_to(&ahead);
                    entries.push(entry);
                }
                _ => entries.push((None, raw(input).value)),
            }
        }
        Ok(entries)
    };
    parser.parse2(content).unwrap_or_default()
}

fn entry(input: ParseStream) -> Result<(Option<Expr>, Value)> {
    let key = input.parse()?;
    input.parse::<Token![:]>()?;
    let value = match value(input)? {
        Value::Expr(Expr::Path(path)) if path.path.is_ident("null") => Value::Null(path.path.segments[0].ident.span()),
        value => value,
    };
    Ok((Some(key), value))
}

/// The items of a bracketed literal.
pub(super) fn elements(content: TokenStream) -> Vec<Value> {
    parse(Syntax::Macro, content).into_iter().map(|arg| arg.value).collect()
}

/// The text of a variable or field, as logging macros name it.
fn place_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Path(path) => path.path.get_ident().map(|ident| ident.unraw().to_string()),
        Expr::Field(field) => {
            let base = place_name(&field.base)?;
            match &field.member {
                syn::Member::Named(ident) => Some(format!("{base}.{}", ident.unraw())),
                syn::Member::Unnamed(index) => Some(format!("{base}.{}", index.index)),
            }
        }
        Expr::Reference(reference) => place_name(&reference.expr),
        _ => None,
    }
}
