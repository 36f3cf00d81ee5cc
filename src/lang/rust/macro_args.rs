//! The arguments of macros and attributes as syntax. No macro is expanded: its tokens are read by shape.
//!
//! Next to plain expressions this knows `name = value` and `name: value`, the `?value` and `%value` of structured
//! logging, `{ "key": value }` bodies, and arms (`pattern = source => body`, `key => value`). What has no known shape
//! is kept as tokens.

use proc_macro2::{Delimiter, Group, Spacing, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Expr, Ident, LitStr, Pat, Path, Result, Token, token};

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

/// One `=>` arm.
pub(super) struct MacroArm {
    /// What is matched or bound; `None` if the arm has a key.
    pub(super) pattern: Option<Pat>,
    /// What the pattern is bound to.
    pub(super) source: Option<Expr>,
    /// The key of a `key => value` arm.
    pub(super) key: Option<Expr>,
    /// Its `if` guard.
    pub(super) guard: Option<Expr>,
    /// What follows the arrow.
    pub(super) body: Expr,
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

fn separator(input: ParseStream) -> bool {
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

/// The arms of a macro whose body has arrows; `None` if one cannot be read.
pub(super) fn arms(tokens: TokenStream) -> Option<Vec<MacroArm>> {
    let parser = |input: ParseStream| {
        skip_directive(input);
        let mut arms = Vec::new();
        while !input.is_empty() {
            if !separator(input) {
                arms.push(arm(input)?);
            }
        }
        Ok(arms)
    };
    parser.parse2(tokens).ok()
}

/// Skips words before the arms that end with `;`.
fn skip_directive(input: ParseStream) {
    if input.peek(Ident) && input.peek2(Token![;]) {
        let _ = input.parse::<Ident>();
    }
}

fn arm(input: ParseStream) -> Result<MacroArm> {
    let mut arm = arm_head(input)?;
    input.parse::<Token![=>]>()?;
    arm.body = if input.peek(token::Brace) {
        let block = input.parse()?;
        Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block })
    } else {
        input.parse()?
    };
    Ok(arm)
}

fn arm_head(input: ParseStream) -> Result<MacroArm> {
    let body = Expr::Verbatim(TokenStream::new());
    let mut head = MacroArm { pattern: None, source: None, key: None, guard: None, body };
    if input.peek(Token![else]) {
        input.parse::<Token![else]>()?;
        return Ok(head);
    }
    let ahead = input.fork();
    if let Ok(pattern) = Pat::parse_multi_with_leading_vert(&ahead)
        && ahead.peek(Token![=])
        && !ahead.peek(Token![=>])
    {
        input.advance_to(&ahead);
        input.parse::<Token![=]>()?;
        head.pattern = Some(pattern);
        head.source = Some(input.parse()?);
        if input.peek(Token![,]) && input.peek2(Token![if]) {
            input.parse::<Token![,]>()?;
            input.parse::<Token![if]>()?;
            head.guard = Some(input.parse()?);
        }
        return Ok(head);
    }
    let ahead = input.fork();
    if let Ok(key) = ahead.parse::<Expr>()
        && ahead.peek(Token![=>])
        && is_key(&key)
    {
        input.advance_to(&ahead);
        head.key = Some(key);
        return Ok(head);
    }
    head.pattern = Some(Pat::parse_multi_with_leading_vert(input)?);
    if input.parse::<Token![if]>().is_ok() {
        head.guard = Some(input.parse()?);
    }
    Ok(head)
}

/// Whether an expression before an arrow is a key rather than a pattern.
fn is_key(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::MethodCall(_) | Expr::Macro(_) | Expr::Field(_) => true,
        Expr::Path(path) => path.path.segments.len() > 1 || !path.path.is_ident("_"),
        _ => false,
    }
}
