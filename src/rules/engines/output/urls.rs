//! Which parts of a text decide where a request goes: those before the host is complete.

use crate::ir::{BinaryOp, Expr, Part};
use crate::project::GExpr;
use crate::rules::run::Context;

/// A piece of a text that is put together.
enum Piece {
    Text(String),
    Value(GExpr),
}

/// The values in a text that can choose its host, and whether the host is complete before the text ends.
pub(super) fn host_parts(cx: &Context<'_>, at: GExpr) -> Option<(Vec<GExpr>, bool)> {
    let mut pieces = Vec::new();
    flatten(cx, at, &mut pieces, 0);
    judge(pieces)
}

/// As [`host_parts`], for `"https://host/{}".format(x)`.
pub(super) fn format_parts(cx: &Context<'_>, at: GExpr) -> Option<(Vec<GExpr>, bool)> {
    let facts = cx.project.program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return None };
    let Expr::Field { base, .. } = facts.expr(call.callee) else { return None };
    let template = facts.str_value(*base)?;
    let mut pieces = Vec::new();
    let mut args = call.args.iter();
    let mut rest = template.as_str();
    while let Some((text, after)) = rest.split_once('{') {
        let (_, tail) = after.split_once('}')?;
        pieces.push(Piece::Text(text.to_owned()));
        pieces.extend(args.next().map(|a| Piece::Value(GExpr { file: at.file, expr: a.value })));
        rest = tail;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    judge(pieces)
}

fn flatten(cx: &Context<'_>, at: GExpr, pieces: &mut Vec<Piece>, depth: usize) {
    let facts = cx.project.program.facts(at.file);
    let here = |expr| GExpr { file: at.file, expr };
    match facts.expr(at.expr) {
        Expr::Str(text) => pieces.push(Piece::Text(text.to_string())),
        Expr::Template { parts, .. } => {
            for part in parts {
                match part {
                    Part::Text(text) => pieces.push(Piece::Text(text.to_string())),
                    Part::Hole { value, .. } => pieces.push(Piece::Value(here(*value))),
                }
            }
        }
        Expr::Binary { op: BinaryOp::Add, left, right } if depth < 40 => {
            flatten(cx, here(*left), pieces, depth + 1);
            flatten(cx, here(*right), pieces, depth + 1);
        }
        Expr::Binary { op: BinaryOp::Rem, left, right } => {
            let Some(template) = facts.str_value(*left) else {
                pieces.push(Piece::Value(at));
                return;
            };
            let (before, after) = template.split_once('%').unwrap_or((&template, ""));
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Value(here(*right)));
            pieces.push(Piece::Text(after.get(1..).unwrap_or_default().to_owned()));
        }
        // `BASE + path`: a constant of the program.
        Expr::Name(_) => match constant(cx, at) {
            Some(text) => pieces.push(Piece::Text(text)),
            None => pieces.push(Piece::Value(at)),
        },
        _ => pieces.push(Piece::Value(at)),
    }
}

/// The one literal that a name stands for.
fn constant(cx: &Context<'_>, at: GExpr) -> Option<String> {
    let definitions = cx.project.definitions(at);
    let [only] = definitions.as_slice() else { return None };
    Some(cx.project.program.facts(only.file).str_value(only.expr)?.to_string())
}

fn judge(pieces: Vec<Piece>) -> Option<(Vec<GExpr>, bool)> {
    let mut text = String::new();
    let mut values = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(piece) => {
                text.push_str(&piece);
                let rest = text.split_once("://").map(|(_, rest)| rest);
                let is_fixed = match rest {
                    Some(rest) => rest.contains(['/', '?', '#']),
                    // Behind a base, or relative: a path begins.
                    None => text.contains(['/', '?', '#']),
                };
                if is_fixed {
                    return Some((values, true));
                }
            }
            Piece::Value(at) => {
                // The scheme and host may stand in the value.
                values.push(at);
                text.push('\u{0}');
            }
        }
    }
    Some((values, false))
}

#[cfg(test)]
mod tests {
    use super::{Piece, judge};
    use crate::ir::ExprId;
    use crate::project::{FileId, GExpr};

    fn value() -> Piece {
        Piece::Value(GExpr { file: FileId(0), expr: ExprId(0) })
    }

    fn parts(pieces: Vec<Piece>) -> (usize, bool) {
        let (values, is_fixed) = judge(pieces).expect("pieces are judged");
        (values.len(), is_fixed)
    }

    #[test]
    fn a_host_ends_at_the_first_slash() {
        let text = |t: &str| Piece::Text(t.into());
        assert_eq!(parts(vec![text("https://api.test/q?x="), value()]), (0, true));
        assert_eq!(parts(vec![text("https://"), value(), text("/x")]), (1, true));
        assert_eq!(parts(vec![value(), text("/items/"), value()]), (1, true));
        assert_eq!(parts(vec![value(), value()]), (2, false));
    }
}
