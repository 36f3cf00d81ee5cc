//! What every part of the Rust lowering shares: the facts under construction, the current scope, spans and nesting.

use proc_macro2::LineColumn;
use proc_macro2::extra::DelimSpan;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned;

use crate::intern::Name;
use crate::ir::{Arg, Builder, CallExpr, CallKind, Expr, ExprId, FnId, MAX_DEPTH, Type};
use crate::source::{Language, Span};

/// The lowering of one file.
pub(super) struct Cx<'t> {
    /// The facts so far.
    pub(super) out: Builder,
    /// The file's text.
    pub(super) text: &'t str,
    /// The function whose body is being lowered.
    pub(super) scope: FnId,
    /// Type parameters in scope and what they are bound to, innermost last.
    pub(super) bounds: Vec<(Name, Type)>,
    lines: Lines,
    depth: usize,
}

impl<'t> Cx<'t> {
    /// An empty lowering of a file of which only what follows its first `base` bytes is parsed.
    pub(super) fn new(path: &str, text: &'t str, base: usize) -> Self {
        let out = Builder::new(path, Language::Rust, Span::new(0, text.len()));
        Cx { out, text, scope: FnId::MODULE, bounds: Vec::new(), lines: Lines::new(text, base), depth: 0 }
    }

    /// A token's place in the file.
    pub(super) fn at(&self, span: proc_macro2::Span) -> Span {
        let start = self.lines.byte(self.text, span.start());
        let end = self.lines.byte(self.text, span.end());
        Span::new(start, end)
    }

    /// A bracketed group's place, brackets included.
    pub(super) fn group(&self, span: &DelimSpan) -> Span {
        self.at(span.join())
    }

    /// The place of any syntax. It prints the tokens to find the last one: not for large or nested nodes.
    pub(super) fn whole(&self, node: &impl Spanned) -> Span {
        self.at(node.span())
    }

    /// An identifier without `r#`.
    pub(super) fn name(&self, ident: &syn::Ident) -> Name {
        let span = self.at(ident.span());
        match self.text.get(span.start as usize..span.end as usize) {
            Some(text) if !text.is_empty() => Name::new(text.strip_prefix("r#").unwrap_or(text)),
            _ => Name::new(&ident.unraw().to_string()),
        }
    }

    /// Adds an expression.
    pub(super) fn push(&mut self, expr: Expr, span: Span) -> ExprId {
        self.out.expr(expr, span)
    }

    /// Adds a plain name.
    pub(super) fn ident(&mut self, ident: &syn::Ident) -> ExprId {
        let (name, span) = (self.name(ident), self.at(ident.span()));
        self.push(Expr::Name(name), span)
    }

    /// Adds a call without explicit types.
    pub(super) fn call(&mut self, kind: CallKind, callee: ExprId, args: Vec<Arg>, span: Span) -> ExprId {
        self.push(Expr::Call(Box::new(CallExpr { callee, args, kind, types: Vec::new() })), span)
    }

    /// The place of an expression that was lowered.
    pub(super) fn span(&self, id: ExprId) -> Span {
        self.out.facts.span(id)
    }

    /// Levels of nesting that are left.
    pub(super) fn room(&self) -> usize {
        MAX_DEPTH.saturating_sub(self.depth)
    }

    /// Lowers something `levels` deeper.
    pub(super) fn deeper<T>(&mut self, levels: usize, lower: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += levels;
        let result = lower(self);
        self.depth -= levels;
        result
    }

    /// Lowers something in the scope of another function.
    pub(super) fn within<T>(&mut self, scope: FnId, lower: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.scope, scope);
        let result = lower(self);
        self.scope = outer;
        result
    }
}

/// Line starts of the parsed text, to turn the parser's lines and columns (in characters) into bytes. Its own byte
/// offsets cost a tree insertion each, which is a third of the time it takes to parse.
struct Lines(Vec<Line>);

struct Line {
    start: usize,
    is_ascii: bool,
}

impl Lines {
    fn new(text: &str, base: usize) -> Self {
        let mut lines = Vec::new();
        let mut start = base;
        for line in text[base..].split_inclusive('\n') {
            lines.push(Line { start, is_ascii: line.is_ascii() });
            start += line.len();
        }
        lines.push(Line { start, is_ascii: true });
        Lines(lines)
    }

    fn byte(&self, text: &str, at: LineColumn) -> usize {
        let Some(line) = self.0.get(at.line.saturating_sub(1)) else { return text.len() };
        let width = match text.get(line.start..) {
            Some(rest) if !line.is_ascii => rest.char_indices().nth(at.column).map_or(rest.len(), |(width, _)| width),
            _ => at.column,
        };
        (line.start + width).min(text.len())
    }
}

/// From the start of one span to the end of another.
pub(super) fn join(first: Span, last: Span) -> Span {
    Span { start: first.start, end: last.end.max(first.start) }
}

/// An unnamed argument.
pub(super) fn plain(value: ExprId) -> Arg {
    Arg { name: None, value, spread: false }
}

/// A named argument.
pub(super) fn named(name: Name, value: ExprId) -> Arg {
    Arg { name: Some(name), value, spread: false }
}
