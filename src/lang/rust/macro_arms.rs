//! Macro bodies with arrows as syntax: `pattern = source => body`, `pattern if guard => body`, `key => value`.

use proc_macro2::TokenStream;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Expr, Ident, Pat, Result, Token, token};

use super::macro_args::separator;

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
