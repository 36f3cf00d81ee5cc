//! From text to a flat syntax tree, with the repairs the parser needs to survive any input.
//!
//! Every repair keeps the text's length, so that positions in the tree are positions in the file.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use super::kind::GRAMMAR;
use super::tree::Tree;
use crate::source::Span;

/// How many different widths of indentation the parser is shown. Its scanner saves the widths of all open blocks in a
/// fixed buffer and aborts the process when they do not fit; blocks this deep are beyond what is lowered anyway.
const MAX_WIDTHS: usize = 300;

thread_local! {
    static PARSER: RefCell<Option<tree_sitter::Parser>> = const { RefCell::new(None) };
}

/// Parses a text, or only a stretch of it as if it were a file of its own; positions are those of the whole text.
pub(super) fn parse(text: &str, stretch: Option<Span>) -> Option<Tree> {
    PARSER.with_borrow_mut(|slot| {
        let parser = match slot {
            Some(parser) => parser,
            None => {
                let mut parser = tree_sitter::Parser::new();
                parser.set_language(&GRAMMAR.language).ok()?;
                slot.insert(parser)
            }
        };
        let ranges: Vec<_> = stretch.map(range).into_iter().collect();
        parser.set_included_ranges(&ranges).ok()?;
        let parsed = parser.parse(text, None)?;
        Some(Tree::read(&parsed, text))
    })
}

fn range(span: Span) -> tree_sitter::Range {
    tree_sitter::Range {
        start_byte: span.start as usize,
        end_byte: span.end as usize,
        start_point: tree_sitter::Point { row: 0, column: span.start as usize },
        end_point: tree_sitter::Point { row: 0, column: span.end as usize },
    }
}

/// The text as it can be parsed, and the stretches of it that had to be blanked.
pub(super) fn repaired(text: &str) -> (Cow<'_, str>, Vec<Span>) {
    let bytes = text.as_bytes();
    let mut fixed = Cow::Borrowed(text);
    // The scanner takes a NUL for the end of a string; Python refuses it.
    if memchr::memchr(0, bytes).is_some() {
        fixed = Cow::Owned(text.replace('\0', " "));
    }
    // A bare carriage return ends a line in Python but not in the grammar.
    if memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n')) {
        fixed = Cow::Owned(with_line_feeds(&fixed));
    }
    let lines = too_deep(fixed.as_bytes());
    if !lines.is_empty() {
        let mut blanked = fixed.into_owned().into_bytes();
        lines.iter().for_each(|line| blanked[line.start as usize..line.end as usize].fill(b' '));
        fixed = Cow::Owned(String::from_utf8_lossy(&blanked).into_owned());
    }
    (fixed, lines)
}

fn with_line_feeds(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_bare = c == '\r' && chars.peek() != Some(&'\n');
        out.push(if is_bare { '\n' } else { c });
    }
    out
}

/// The lines whose indentation is wider than the narrowest [`MAX_WIDTHS`] widths of the text.
fn too_deep(bytes: &[u8]) -> Vec<Span> {
    // There are no more widths than the widest is wide, which spares nearly every file the second pass.
    let mut widest = 0;
    each_indent(bytes, &mut |width, _| widest = widest.max(width));
    if widest < MAX_WIDTHS {
        return Vec::new();
    }
    let mut widths = BTreeSet::new();
    each_indent(bytes, &mut |width, _| {
        widths.insert(width);
    });
    let Some(&limit) = widths.iter().nth(MAX_WIDTHS) else { return Vec::new() };
    let mut lines = Vec::new();
    each_indent(bytes, &mut |width, at| {
        if width >= limit {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
            lines.push(Span::new(at, end));
        }
    });
    lines
}

/// Calls `visit` with the width of each line's indentation, counted as the scanner counts, and where the indented text
/// starts. A backslash in front of the line end joins the next line's indentation to this one's.
fn each_indent(bytes: &[u8], visit: &mut dyn FnMut(usize, usize)) {
    let mut at = 0;
    while at < bytes.len() {
        let mut width = 0;
        loop {
            match bytes.get(at) {
                Some(b' ') => width += 1,
                Some(b'\t') => width += 8,
                Some(b'\r' | b'\x0c' | b'\n') => width = 0,
                Some(b'\\') if bytes.get(at + 1) == Some(&b'\n') => at += 1,
                Some(b'\\') if bytes[at + 1..].starts_with(b"\r\n") => at += 2,
                _ => break,
            }
            at += 1;
        }
        if width > 0 && at < bytes.len() {
            visit(width, at);
        }
        at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1);
    }
}
