//! The syntax tree as one flat array in source order.
//!
//! A parser's tree can be as deep as the file is long, and finding a child or sibling in it costs a search. One pass of
//! a cursor turns it into an array where a node's subtree is a contiguous run: no recursion, no allocation a node, and
//! children are found by skipping runs. Punctuation and comments are left out; comments that name this tool are kept
//! beside the array.

use super::grammar::{Field, GRAMMAR, Grammar};
use super::kind::Kind;
use crate::source::Span;

/// Index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(u32);

impl At {
    /// The file's root.
    pub(super) const ROOT: At = At(0);
}

#[derive(Clone, Copy, Debug)]
struct Node {
    kind: Kind,
    field: Field,
    start: u32,
    end: u32,
    /// Index one past the node's subtree.
    after: u32,
}

/// A flat syntax tree.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// Parse errors that do not stand among statements (those are left to the lowering of statements).
    pub(super) errors: Vec<Span>,
    /// Comments that hold the tool's name.
    pub(super) comments: Vec<Span>,
}

impl Tree {
    /// Reads a parser's tree of `text`.
    pub(super) fn read(parsed: &tree_sitter::Tree, text: &str) -> Tree {
        let grammar = &*GRAMMAR;
        let root = parsed.root_node();
        let length = root.end_byte().saturating_sub(root.start_byte());
        let mut tree = Tree { nodes: Vec::with_capacity(length / 4 + 1), ..Tree::default() };
        let mut cursor = parsed.walk();
        let mut open: Vec<usize> = Vec::new();
        loop {
            let parent = open.last().map(|&at| tree.nodes[at].kind);
            if let Some(at) = tree.keep(grammar, &cursor, parent, text) {
                if !tree.nodes[at].kind.is_leaf() && cursor.goto_first_child() {
                    open.push(at);
                    continue;
                }
                tree.close(at);
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return tree;
                }
                open.pop().into_iter().for_each(|at| tree.close(at));
            }
        }
    }

    fn close(&mut self, at: usize) {
        self.nodes[at].after = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
    }

    /// Adds the cursor's node if it is one to keep.
    fn keep(
        &mut self,
        grammar: &Grammar,
        cursor: &tree_sitter::TreeCursor<'_>,
        parent: Option<Kind>,
        text: &str,
    ) -> Option<usize> {
        let node = cursor.node();
        let mut kind = grammar.kind(node.kind_id());
        let span = Span::new(node.start_byte(), node.end_byte());
        if kind == Kind::Comment {
            let comment = text.get(span.start as usize..span.end as usize).unwrap_or_default();
            if comment.contains("launchlint") {
                self.comments.push(span);
            }
            return None;
        }
        if span.start == span.end && node.is_missing() {
            self.errors.push(span);
            kind = if kind.is_named() { Kind::Missing } else { Kind::Skip };
        }
        if kind.is_dropped() {
            return None;
        }
        if kind == Kind::Error && !parent.is_none_or(Kind::holds_statements) {
            self.errors.push(span);
        }
        let field = grammar.field(cursor.field_id());
        self.nodes.push(Node { kind, field, start: span.start, end: span.end, after: 0 });
        Some(self.nodes.len() - 1)
    }

    /// How much could not be read: bytes of errors, and one for each node the parser made up.
    pub(super) fn damage(&self) -> usize {
        let made_up = self.errors.iter().filter(|span| span.start == span.end).count();
        let mut bytes = 0;
        let mut at = 0;
        while let Some(node) = self.nodes.get(at) {
            if node.kind == Kind::Error && at > 0 {
                bytes += (node.end - node.start) as usize;
                at = node.after as usize;
            } else {
                at += 1;
            }
        }
        let is_lost = self.nodes.first().is_some_and(|root| root.kind == Kind::Error);
        made_up + if is_lost { bytes.max(self.fragments()) } else { bytes }
    }

    /// Bytes of a lost file that are not in whole statements.
    fn fragments(&self) -> usize {
        let is_whole = |at: &At| self.kind(*at).is_statement();
        let bytes = |at: At| self.span(at).end - self.span(at).start;
        let whole: u32 = self.children(At::ROOT).filter(is_whole).map(bytes).sum();
        (bytes(At::ROOT) - whole) as usize
    }

    /// The stretch of a text that holds all its errors, if there are any.
    pub(super) fn damaged_part(&self, length: usize) -> Option<Span> {
        let root = self.nodes.first()?;
        let is_broken = |node: &&Node| matches!(node.kind, Kind::Error | Kind::Missing);
        let errors = self.nodes.iter().skip(1).filter(is_broken).map(|node| Span { start: node.start, end: node.end });
        let all = errors.chain(self.errors.iter().copied());
        let joined = all.reduce(|a, b| Span { start: a.start.min(b.start), end: a.end.max(b.end) });
        match (root.kind, joined) {
            // The parser gave up at some point; nothing tells where what follows is whole again.
            (Kind::Error, joined) => Some(Span::new(joined.map_or(0, |span| span.start as usize), length)),
            (_, joined) => joined,
        }
    }

    fn node(&self, at: At) -> &Node {
        &self.nodes[at.0 as usize]
    }

    /// What a node is.
    pub(super) fn kind(&self, at: At) -> Kind {
        self.node(at).kind
    }

    /// Its role in its parent.
    pub(super) fn field(&self, at: At) -> Field {
        self.node(at).field
    }

    /// Where it stands.
    pub(super) fn span(&self, at: At) -> Span {
        let node = self.node(at);
        Span { start: node.start, end: node.end }
    }

    /// How many nodes its subtree has, itself included.
    pub(super) fn size(&self, at: At) -> u32 {
        self.node(at).after - at.0
    }

    /// All kept children: nodes, tokens and errors.
    pub(super) fn children(&self, at: At) -> impl Iterator<Item = At> + '_ {
        let end = self.node(at).after;
        let mut next = at.0 + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = At(next);
                next = self.node(child).after;
                child
            })
        })
    }

    /// Children that are whole nodes of the grammar.
    pub(super) fn named(&self, at: At) -> impl Iterator<Item = At> + '_ {
        self.children(at).filter(|&child| self.kind(child).is_named())
    }

    /// The first child in a role.
    pub(super) fn child(&self, at: At, field: Field) -> Option<At> {
        self.children(at).find(|&child| self.field(child) == field)
    }

    /// The first child of a kind.
    pub(super) fn child_of(&self, at: At, kind: Kind) -> Option<At> {
        self.children(at).find(|&child| self.kind(child) == kind)
    }

    /// The node itself, or what stands inside its parentheses.
    pub(super) fn bare(&self, mut at: At) -> At {
        while self.kind(at) == Kind::ParenthesizedExpression {
            let Some(inner) = self.named(at).next() else { break };
            at = inner;
        }
        at
    }
}
