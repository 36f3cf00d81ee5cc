//! The pieces of a text that code puts together: fixed text and holes, in order.

use super::index::FlowIndex;
use crate::intern::Name;
use crate::ir::{BinaryOp, CallExpr, Expr, ExprId, Part};
use crate::project::{GExpr, ModuleRef, Value};

/// How far constants are looked up.
const DEEPEST: usize = 5;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as written.
    Text(String),
    /// What an expression gives.
    Hole(GExpr),
    /// A hole of a template that a library fills in, by name.
    Named(String),
}

impl FlowIndex<'_> {
    /// The pieces of a text, constants put in.
    pub fn pieces(&self, at: GExpr) -> Vec<Piece> {
        let mut found = Vec::new();
        self.expand(at, 0, &mut found);
        found
    }

    fn expand(&self, at: GExpr, depth: usize, found: &mut Vec<Piece>) {
        let facts = self.project.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        let is_looked_up = depth < DEEPEST && matches!(facts.expr(at.expr), Expr::Name(_) | Expr::Field { .. });
        let bound = if is_looked_up { self.bound(at) } else { Vec::new() };
        match facts.expr(at.expr) {
            Expr::Str(text) => found.push(Piece::Text(text.to_string())),
            Expr::Template { parts, .. } => {
                for part in parts {
                    match part {
                        Part::Text(text) => found.push(Piece::Text(text.to_string())),
                        Part::Hole { value, .. } => self.expand(here(*value), depth, found),
                    }
                }
            }
            Expr::Binary { op: BinaryOp::Add, left, right } => {
                self.expand(here(*left), depth, found);
                self.expand(here(*right), depth, found);
            }
            Expr::Binary { op: BinaryOp::Rem, left, right } if self.constant(here(*left), depth).is_some() => {
                let text = self.constant(here(*left), depth).unwrap_or_default();
                let mut values: Vec<GExpr> = match facts.expr(*right) {
                    Expr::List { items, .. } => items.iter().map(|i| here(i.value)).collect(),
                    _ => vec![here(*right)],
                };
                values.reverse();
                for (number, piece) in text.split("%s").enumerate() {
                    if number > 0 {
                        found.extend(values.pop().map(Piece::Hole));
                    }
                    found.push(Piece::Text(piece.to_owned()));
                }
            }
            Expr::Call(call) => self.call_pieces(at, call, depth, found),
            Expr::Await(e) | Expr::Cast { value: e, .. } | Expr::Unary { operand: e, .. } => {
                self.expand(here(*e), depth, found)
            }
            Expr::Name(_) | Expr::Field { .. } if depth < DEEPEST => match &bound[..] {
                [one] if self.is_literal(*one, depth + 1) => self.expand(*one, depth + 1, found),
                // A text that is added to on some ways: what it begins with, and the rest.
                all => {
                    if let Some(first) = all.iter().find(|b| all.len() > 1 && self.is_literal(**b, depth + 1)) {
                        self.expand(*first, depth + 1, found);
                    }
                    found.push(Piece::Hole(at));
                }
            },
            _ => found.push(Piece::Hole(at)),
        }
    }

    fn call_pieces(&self, at: GExpr, call: &CallExpr, depth: usize, found: &mut Vec<Piece>) {
        let facts = self.project.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        let Expr::Field { base, name } = facts.expr(call.callee) else { return found.push(Piece::Hole(at)) };
        let base = here(*base);
        let arg = |index: usize| call.args.get(index).map(|a| here(a.value));
        match name.as_str() {
            "format" | "format_map" | "substitute" | "safe_substitute" | "render" => match self.constant(base, depth) {
                Some(text) => fill(&text, call, at, found),
                None => {
                    found.push(Piece::Hole(base));
                    found.extend(call.args.iter().map(|a| Piece::Hole(here(a.value))));
                }
            },
            "join" => {
                // `sep.join(list)` or `list.join(sep)`.
                let (list, separator) = match self.constant(base, depth) {
                    Some(separator) => (arg(0), separator),
                    None => (Some(base), arg(0).and_then(|a| self.constant(a, depth)).unwrap_or_default()),
                };
                let items = list.map(|list| self.project.entry_exprs(list, None, 0)).unwrap_or_default();
                if items.is_empty() {
                    found.extend(list.map(Piece::Hole));
                }
                for (number, item) in items.into_iter().enumerate() {
                    if number > 0 {
                        found.push(Piece::Text(separator.clone()));
                    }
                    self.expand(item, depth + 1, found);
                }
            }
            "concat" => {
                self.expand(base, depth, found);
                call.args.iter().for_each(|a| self.expand(here(a.value), depth, found));
            }
            "replace" | "replaceAll" if call.args.len() >= 2 => {
                let mut inner = Vec::new();
                self.expand(base, depth, &mut inner);
                let marker = arg(0).and_then(|a| self.constant(a, depth)).unwrap_or_default();
                for piece in inner {
                    match piece {
                        Piece::Text(text) if !marker.is_empty() && text.contains(&marker) => {
                            for (number, part) in text.split(&marker).enumerate() {
                                if number > 0 {
                                    found.extend(arg(1).map(Piece::Hole));
                                }
                                found.push(Piece::Text(part.to_owned()));
                            }
                        }
                        other => found.push(other),
                    }
                }
            }
            "trim" | "strip" | "to_string" | "toString" | "into" | "to_owned" | "dedent" | "trimEnd" | "rstrip" => {
                self.expand(base, depth, found)
            }
            _ => found.push(Piece::Hole(at)),
        }
    }

    /// Whether an expression is text as written, or put together from such.
    fn is_literal(&self, at: GExpr, depth: usize) -> bool {
        let facts = self.project.program.facts(at.file);
        match facts.expr(at.expr) {
            Expr::Str(_) | Expr::Template { .. } => true,
            Expr::Binary { op: BinaryOp::Add, left, right } => {
                self.is_literal(GExpr { file: at.file, expr: *left }, depth)
                    || self.is_literal(GExpr { file: at.file, expr: *right }, depth)
            }
            Expr::Call(_) => depth < DEEPEST && self.constant(at, depth + 1).is_some(),
            _ => false,
        }
    }

    /// The text that an expression stands for, if code says it.
    pub fn constant(&self, at: GExpr, depth: usize) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        let facts = self.project.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        match facts.expr(at.expr) {
            Expr::Str(text) => Some(text.to_string()),
            // What stands in the holes of a template that is filled twice is as good as text.
            Expr::Template { parts, .. } => Some(
                parts
                    .iter()
                    .map(|p| match p {
                        Part::Text(text) => text.to_string(),
                        Part::Hole { .. } => "…".to_owned(),
                    })
                    .collect(),
            ),
            Expr::Binary { op: BinaryOp::Add, left, right } => {
                Some(self.constant(here(*left), depth + 1)? + &self.constant(here(*right), depth + 1)?)
            }
            Expr::Name(_) | Expr::Field { .. } => {
                self.bound(at).into_iter().find_map(|bound| self.constant(bound, depth + 1))
            }
            // A template's class, a method of the text, or a function of it.
            Expr::Call(call) => {
                let named = call.args.iter().find(|a| a.name.is_some_and(|n| n == "template"));
                let first = call.args.first().filter(|a| a.name.is_none());
                let receiver = match facts.expr(call.callee) {
                    Expr::Field { base, .. } if call.args.is_empty() => Some(*base),
                    _ => None,
                };
                let is_loader = matches!(facts.expr(call.callee), Expr::Name(n) | Expr::Field { name: n, .. } if matches!(n.as_str(), "get" | "getenv" | "open"));
                let inner = named.map(|a| a.value).or(receiver).or(first.map(|a| a.value)).filter(|_| !is_loader)?;
                self.constant(here(inner), depth + 1)
            }
            Expr::Await(e) | Expr::Cast { value: e, .. } | Expr::Unary { operand: e, .. } => {
                self.constant(here(*e), depth + 1)
            }
            _ => None,
        }
    }

    /// The expressions that a name or a member of a module or class is bound to.
    pub fn bound(&self, at: GExpr) -> Vec<GExpr> {
        let facts = self.project.program.facts(at.file);
        let Expr::Field { base, name } = facts.expr(at.expr) else { return self.project.definitions(at) };
        let base = GExpr { file: at.file, expr: *base };
        let mut found = self.project.entry_exprs(base, Some(*name), 0);
        for value in self.project.values(base) {
            if let Value::Module(ModuleRef::Scope(file, scope)) = value {
                found.extend(self.project.definitions_of(*file, *scope, *name, 0));
            }
        }
        for class in self.holders(base) {
            found.extend(self.stored(class, *name));
            found.extend(self.constructed(class, *name));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A text with `{name}`, `{}` and `$name` holes, filled with the arguments of a call.
fn fill(text: &str, call: &CallExpr, at: GExpr, found: &mut Vec<Piece>) {
    let here = |expr: ExprId| GExpr { file: at.file, expr };
    let mut plain = call.args.iter().filter(|a| a.name.is_none());
    for piece in named_holes(text) {
        let Piece::Named(name) = &piece else {
            found.push(piece);
            continue;
        };
        let wanted = name.split(['.', '[', ':', '!']).next().unwrap_or_default();
        let named = call.args.iter().find(|a| a.name == Some(Name::new(wanted)));
        match named.or_else(|| if wanted.is_empty() { plain.next() } else { None }) {
            Some(arg) => found.push(Piece::Hole(here(arg.value))),
            None => found.push(piece),
        }
    }
    // What the text does not show was passed as a whole.
    found.extend(call.args.iter().filter(|a| a.spread).map(|a| Piece::Hole(here(a.value))));
}

/// A text cut at its `{name}`, `{{name}}`, `{{ name }}` and `{}` holes.
pub fn named_holes(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut run = 0;
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|o| o + at) {
        let wide = text[open..].starts_with("{{");
        let (body, closing) = if wide { (open + 2, "}}") } else { (open + 1, "}") };
        let Some(close) = text[body..].find(closing).map(|c| c + body) else { break };
        let name = text[body..close].trim();
        let is_name = name.len() < 60 && name.chars().all(|c| c.is_alphanumeric() || "_.-[]:!$".contains(c));
        if is_name && (!name.is_empty() || !wide) {
            found.push(Piece::Text(text[run..open].to_owned()));
            found.push(Piece::Named(name.to_owned()));
            run = close + closing.len();
            at = run;
        } else {
            at = body;
        }
    }
    found.push(Piece::Text(text[run..].to_owned()));
    found
}
