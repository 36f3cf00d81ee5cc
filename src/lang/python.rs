//! Python: lowers a file to facts.
//!
//! Speaks Python 3.13 (and survives most of Python 2). Names are not resolved, with two exceptions that belong to the
//! language: the receiver of a method, and `typing.cast`. Imports, annotations and decorators are recorded as written.
//!
//! Any input is survived: nesting beyond [`ir::MAX_DEPTH`] and what the grammar refuses is skipped and recorded as
//! unreadable, and the stack needed does not grow with the input (2 MiB suffice, also without optimisation).

mod call;
mod class;
mod compound;
mod expr;
mod function;
mod grammar;
mod import;
mod kind;
mod operator;
mod parse;
mod pattern;
mod recover;
mod stmt;
mod string;
mod tree;
mod types;

use crate::finding::{Notice, NoticeKind};
use crate::intern::Name;
use crate::ir::{self, Builder, ClassId, Expr, ExprId, FnId};
use crate::source::{Language, Span};

use grammar::Field;
use kind::Kind;
use tree::{At, Tree};

/// Lowers the text of a Python file. `path` is only recorded.
pub fn lower(path: &str, text: &str) -> (ir::FileFacts, Vec<Notice>) {
    let mut out = Builder::new(path, Language::Python, Span::new(0, text.len()));
    let repaired = parse::repaired(text);
    let mut body = Vec::new();
    match parse::parse(&repaired) {
        Some(tree) => {
            let text = &*repaired.text;
            out.facts.unreadable.extend(&repaired.hidden);
            let trees = if repaired.hidden.is_empty() { recover::trees(tree, text) } else { vec![tree] };
            let mut cast = None;
            for tree in &trees {
                out.facts.unreadable.extend(&tree.errors);
                out.facts.comments.extend(tree.comments.iter().map(|span| comment(text, *span)));
                let mut lowering = Lowering { cast, ..Lowering::new(tree, text, &mut out) };
                lowering.file(&mut body);
                cast = lowering.cast;
            }
        }
        None => out.facts.unreadable.push(Span::new(0, text.len())),
    }
    let mut facts = out.finish(body);
    merge(&mut facts.unreadable);
    let notices = notice(path, &facts.unreadable).into_iter().collect();
    (facts, notices)
}

fn comment(text: &str, span: Span) -> ir::Comment {
    let words = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    ir::Comment { text: Name::new(words.trim_start_matches('#').trim()), span }
}

/// Sorts spans and joins those that overlap or touch.
fn merge(spans: &mut Vec<Span>) {
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
}

fn notice(path: &str, unreadable: &[Span]) -> Option<Notice> {
    let first = unreadable.first()?;
    let parts = if unreadable.len() == 1 { "part" } else { "parts" };
    let message = format!(
        "{} {parts} of this file could not be read as Python and went unchecked; the rest was checked",
        unreadable.len()
    );
    Some(Notice { span: Some(*first), ..Notice::file(NoticeKind::Unparsed, path, message) })
}

/// Where the code being lowered stands.
#[derive(Clone, Copy, Debug)]
struct Scope {
    /// The function whose statements are being lowered; a class body counts.
    function: FnId,
    /// The innermost function that nested functions can see; a class body does not count.
    enclosing: FnId,
    /// The class whose body is being lowered.
    class: Option<ClassId>,
    /// What the receiver is called here.
    receiver: Option<Name>,
    /// Whether this code runs for type checkers only.
    type_only: bool,
}

/// The state of lowering one file.
struct Lowering<'a> {
    tree: &'a Tree,
    text: &'a str,
    out: &'a mut Builder,
    scope: Scope,
    /// How many expressions and blocks are open.
    depth: usize,
    /// What `typing.cast` is called in this file.
    cast: Option<Name>,
    /// The parentheses that follow a `type` the grammar took for a keyword, and where that `type` stands.
    type_call: Option<(At, u32)>,
    /// The `x as y` whose name the statement around it binds.
    bound_as: Option<At>,
    /// Work left by walks down chains, each using the part above what it found.
    chain: Vec<At>,
}

impl<'a> Lowering<'a> {
    fn new(tree: &'a Tree, text: &'a str, out: &'a mut Builder) -> Self {
        let module = FnId::MODULE;
        let scope = Scope { function: module, enclosing: module, class: None, receiver: None, type_only: false };
        Lowering { tree, text, out, scope, depth: 0, cast: None, type_call: None, bound_as: None, chain: Vec::new() }
    }

    fn kind(&self, at: At) -> Kind {
        self.tree.kind(at)
    }

    fn span(&self, at: At) -> Span {
        self.tree.span(at)
    }

    fn child(&self, at: At, field: Field) -> Option<At> {
        self.tree.child(at, field)
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn source(&self, at: At) -> &'a str {
        self.slice(self.span(at))
    }

    fn name(&self, at: At) -> Name {
        Name::new(self.source(at))
    }

    /// Adds an expression that stands where a node does.
    fn add(&mut self, expr: Expr, at: At) -> ExprId {
        self.out.expr(expr, self.tree.span(at))
    }

    /// Stands for a node that cannot be lowered.
    fn unreadable(&mut self, at: At) -> ExprId {
        self.out.unreadable(self.tree.span(at))
    }

    /// Records a node that cannot be lowered where no expression is wanted.
    fn skip(&mut self, at: At) {
        self.out.facts.unreadable.push(self.tree.span(at));
    }

    /// Runs `work` one level deeper, or gives `None` at the bound.
    fn deeper<T>(&mut self, levels: usize, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth + levels > ir::MAX_DEPTH {
            return None;
        }
        self.depth += levels;
        let result = work(self);
        self.depth -= levels;
        Some(result)
    }

    /// Runs `work` in another scope.
    fn within<T>(&mut self, scope: Scope, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.scope, scope);
        let result = work(self);
        self.scope = outer;
        result
    }
}
