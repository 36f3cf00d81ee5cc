//! The front end for TypeScript, TSX, JavaScript, JSX and the script blocks of Vue and Svelte files.
//!
//! It parses with tree-sitter, which always yields a tree, and lowers what the tree holds; parts the grammar could not
//! read are salvaged as far as calls and templates can be found in them, and told in one notice a file. It does not
//! check types, resolve names, or read the markup of Vue and Svelte components.
//!
//! Stack: lowering recurses at most [`crate::ir::MAX_DEPTH`] levels, chains of operators, calls, `else if` and `? :`
//! not counted. 4 MiB are enough for a file that uses all of them, in a debug build too.

mod blocks;
mod calls;
mod chains;
mod classes;
mod comments;
mod control;
mod exports;
mod exprs;
mod functions;
mod imports;
mod jsx;
mod kind;
mod literals;
mod patterns;
mod repair;
mod salvage;
mod stmts;
mod switch;
mod text;
mod types;

use std::borrow::Cow;

use rustc_hash::FxHashSet;
use tree_sitter::{Node, TreeCursor};

use crate::finding::{Notice, NoticeKind};
use crate::intern::Name;
use crate::ir::{Builder, ExprId, FileFacts, FnId, MAX_DEPTH, Stmt, StmtKind};
use crate::source::{Language, Span};
use kind::{F, Grammar, Kind};

/// Lowers one file. The grammar follows from the extension of `path`; spans are byte offsets in `text`, also for
/// script blocks inside components. Never fails: what could not be read is in `unreadable` and told in one notice.
pub fn lower(path: &str, text: &str) -> (FileFacts, Vec<Notice>) {
    let (source, grammar) = reading(path, text);
    let mut builder = Builder::new(path, Language::TypeScript, Span::new(0, text.len()));
    let facts = match repair::parse(&source, grammar) {
        Some(tree) => {
            let root = tree.root_node();
            comments::collect(text, &source, root, &mut builder.facts.comments);
            let mut lowerer = Lowerer::new(text, grammar, builder);
            let top = lowerer.module(root);
            lowerer.builder.finish(top)
        }
        None => {
            builder.unreadable(Span::new(0, text.len()));
            builder.finish(Vec::new())
        }
    };
    finish(path, facts)
}

/// What is parsed for a file: its text, or its script blocks alone with everything else blanked.
fn reading<'a>(path: &str, text: &'a str) -> (Cow<'a, str>, &'static Grammar) {
    let extension = path.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "ts" | "mts" | "cts" => (text.into(), &kind::TYPESCRIPT),
        "vue" | "svelte" => {
            let (script, grammar) = blocks::scripts(text);
            (script.into(), grammar)
        }
        "js" | "jsx" | "mjs" | "cjs" => (text.into(), &kind::JAVASCRIPT),
        _ => (text.into(), &kind::TSX),
    }
}

fn finish(path: &str, mut facts: FileFacts) -> (FileFacts, Vec<Notice>) {
    salvage::merge(&mut facts.unreadable);
    let notices = facts.unreadable.first().map(|first| Notice {
        kind: NoticeKind::Unparsed,
        path: path.into(),
        span: Some(*first),
        message: format!(
            "{} of this file could not be parsed; what stands there may be missing from the result",
            match facts.unreadable.len() {
                1 => "one part".into(),
                n => format!("{n} parts"),
            }
        ),
    });
    (facts, notices.into_iter().collect())
}

/// The state of lowering one file.
struct Lowerer<'t> {
    text: &'t str,
    grammar: &'static Grammar,
    builder: Builder,
    /// The function whose body is being lowered.
    scope: FnId,
    /// How many levels of expressions, blocks, types and patterns surround the current one.
    depth: usize,
    /// How many namespaces surround the current statement: what they export is not the file's.
    namespaces: usize,
    /// Broken parts already salvaged, by node.
    salvaged: FxHashSet<usize>,
    /// Statements salvaged from inside an expression; they go behind the statement that holds it.
    pending: Vec<Stmt>,
    /// How many statements may still be copied into `switch` arms that fall through.
    copies: usize,
    /// Cursors to walk children with, kept for reuse.
    cursors: Vec<TreeCursor<'t>>,
}

impl<'t> Lowerer<'t> {
    fn new(text: &'t str, grammar: &'static Grammar, builder: Builder) -> Self {
        Lowerer {
            text,
            grammar,
            builder,
            scope: FnId::MODULE,
            depth: 0,
            namespaces: 0,
            salvaged: FxHashSet::default(),
            pending: Vec::new(),
            copies: switch::COPIES,
            cursors: Vec::new(),
        }
    }

    /// The whole file.
    fn module(&mut self, root: Node<'t>) -> Vec<Stmt> {
        if root.has_error() {
            salvage::missing(root, &mut self.builder.facts.unreadable);
        }
        if root.is_error() {
            self.salvage(root);
            return std::mem::take(&mut self.pending);
        }
        self.body(root)
    }

    fn kind(&self, node: Node) -> Kind {
        self.grammar.kind(node)
    }

    fn field(&self, node: Node<'t>, field: F) -> Option<Node<'t>> {
        self.grammar.field(node, field)
    }

    /// The source behind a node. The tree may stem from a repaired copy of the same length: this reads the original.
    fn source(&self, node: Node) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn name(&self, node: Node) -> Name {
        Name::new(self.source(node))
    }

    /// All children, tokens included, comments left out.
    fn children(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        self.collect(node, |_| true)
    }

    /// The named children without comments.
    fn named(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        self.collect(node, |child| child.is_named())
    }

    fn collect(&mut self, node: Node<'t>, wanted: impl Fn(Node) -> bool) -> Vec<Node<'t>> {
        let mut found = Vec::new();
        let mut cursor = self.cursors.pop().unwrap_or_else(|| node.walk());
        cursor.reset(node);
        let mut more = cursor.goto_first_child();
        while more {
            let child = cursor.node();
            if wanted(child) && !matches!(self.kind(child), Kind::Comment | Kind::HtmlComment) {
                found.push(child);
            }
            more = cursor.goto_next_sibling();
        }
        self.cursors.push(cursor);
        found
    }

    /// The first named child that is no comment.
    fn first_named(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        let first = node.named_child(0)?;
        if self.kind(first) == Kind::Comment { self.named(node).into_iter().next() } else { Some(first) }
    }

    /// Runs `lower` one level deeper, or records the span as unreadable if that is too deep.
    fn deeper<T>(&mut self, node: Node<'t>, lower: impl FnOnce(&mut Self) -> T) -> Result<T, ExprId> {
        if self.depth >= MAX_DEPTH {
            return Err(self.builder.unreadable(span(node)));
        }
        self.depth += 1;
        let lowered = lower(self);
        self.depth -= 1;
        Ok(lowered)
    }
}

fn span(node: Node) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

fn stmt(kind: StmtKind, span: Span) -> Stmt {
    Stmt { kind, span }
}
