//! Format strings among a macro's arguments become templates that hold the arguments they show.

use super::cx::Cx;
use super::format::{self, Piece, Source};
use crate::intern::Name;
use crate::ir::{Arg, Expr, ExprId, Part};
use crate::source::Span;

/// Where std's formatting macros take their format string.
fn format_position(name: &str) -> Option<usize> {
    Some(match name {
        "format" | "format_args" | "print" | "println" | "eprint" | "eprintln" => 0,
        "panic" | "todo" | "unimplemented" | "unreachable" => 0,
        "write" | "writeln" | "assert" | "debug_assert" => 1,
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => 2,
        _ => return None,
    })
}

impl Cx<'_> {
    /// Turns the format string among `args`, if there is one, into a template. Arguments it shows go into its holes,
    /// the others stay. The first text whose holes can all be filled is the format string of a macro that std does
    /// not define: a guess that takes `{name}` in any text for a hole, as such macros rarely take other text.
    pub(super) fn fill_format(&mut self, name: Name, mut args: Vec<Arg>) -> Vec<Arg> {
        let known = format_position(&name);
        let is_text = |arg: &Arg| arg.name.is_none() && matches!(self.out.facts.expr(arg.value), Expr::Str(_));
        let at = match known {
            Some(at) => Some(at).filter(|at| args.get(*at).is_some_and(is_text)),
            None => args.iter().position(is_text),
        };
        let Some(at) = at else { return args };
        let Some(text) = self.out.facts.str_value(args[at].value) else { return args };
        let Some(pieces) = format::parse(&text) else { return args };
        let has_holes = pieces.iter().any(|piece| matches!(piece, Piece::Hole { .. }));
        if !has_holes && known.is_none() {
            return args;
        }
        let literal = args[at].value;
        let mut shown = vec![false; args.len()];
        let Some(parts) = self.parts(&pieces, literal, &args[at + 1..], &mut shown[at + 1..]) else { return args };
        let filled = match &parts[..] {
            [] => Expr::Str(Name::new("")),
            [Part::Text(text)] => Expr::Str(*text),
            _ => Expr::Template { parts: parts.into(), tag: None },
        };
        self.out.facts.exprs[literal.0 as usize] = filled;
        let mut shown = shown.into_iter();
        args.retain(|_| !shown.next().unwrap_or(false));
        args
    }

    /// The template's parts; `None` if a hole has nothing to show.
    fn parts(&mut self, pieces: &[Piece], literal: ExprId, args: &[Arg], shown: &mut [bool]) -> Option<Vec<Part>> {
        let mut next = 0;
        let mut parts = Vec::new();
        for piece in pieces {
            let (source, spec, at) = match piece {
                Piece::Text(text) => {
                    parts.push(Part::Text(Name::new(text)));
                    continue;
                }
                Piece::Hole { source, spec, at } => (source, spec.as_deref(), *at),
            };
            next += format::extra_args(spec);
            let index = match source {
                Source::Next => {
                    next += 1;
                    Some(next - 1)
                }
                Source::Index(index) => Some(*index),
                Source::Name(name) => args.iter().position(|arg| arg.name.is_some_and(|known| known == name.as_str())),
            };
            let value = match (index, source) {
                (Some(index), _) => {
                    *shown.get_mut(index)? = true;
                    args.get(index)?.value
                }
                (None, Source::Name(name)) => self.captured(name, literal, at),
                (None, _) => return None,
            };
            parts.push(Part::Hole { value, spec: spec.map(Name::new) });
        }
        Some(parts)
    }

    fn captured(&mut self, name: &str, literal: ExprId, at: (usize, usize)) -> ExprId {
        let span = self.inside(literal, at);
        let expr = if name == "self" { Expr::Receiver } else { Expr::Name(Name::new(name)) };
        self.push(expr, span)
    }

    /// The place of some bytes of a string literal's value; the whole literal if it holds escapes.
    fn inside(&self, literal: ExprId, at: (usize, usize)) -> Span {
        let span = self.span(literal);
        let exact = || {
            let value = self.out.facts.str_value(literal)?;
            let source = self.text.get(span.start as usize..span.end as usize)?;
            let open = source.find('"')? + 1;
            source[open..].starts_with(value.as_str()).then(|| {
                let start = span.start as usize + open;
                Span::new(start + at.0, start + at.1)
            })
        };
        exact().unwrap_or(span)
    }
}
