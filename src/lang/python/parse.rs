//! From text to a flat syntax tree, with the repairs the parser needs to survive any input.
//!
//! Every repair keeps the text's length, so that positions in the tree are positions in the file.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use super::grammar::GRAMMAR;
use super::tree::Tree;
use crate::source::Span;

/// How many different widths of indentation the parser is shown. Its scanner saves the widths of all open blocks in a
/// fixed buffer and aborts the process when they do not fit; blocks this deep are beyond what is lowered anyway.
const MAX_WIDTHS: usize = 300;

/// How many stretches of lines are hidden one by one; the last one takes in everything up to the last such line. The
/// parser searches them all at every token.
const MAX_STRETCHES: usize = 50;

/// How many line continuations in a row the parser is shown.
const MAX_CONTINUATIONS: usize = 16;

thread_local! {
    static PARSER: RefCell<Option<tree_sitter::Parser>> = const { RefCell::new(None) };
}

/// A text made fit for the parser.
pub(super) struct Repaired<'t> {
    /// The text, as long as the original.
    pub(super) text: Cow<'t, str>,
    /// Whole lines that the parser must not see.
    pub(super) hidden: Vec<Span>,
}

/// Parses a text. Positions are those in `text`, whatever is hidden.
pub(super) fn parse(repaired: &Repaired<'_>) -> Option<Tree> {
    let hidden = &repaired.hidden;
    if hidden.is_empty() {
        return parse_stretches(&repaired.text, &[]);
    }
    let starts = std::iter::once(0).chain(hidden.iter().map(|span| span.end));
    let ends = hidden.iter().map(|span| span.start).chain([u32::try_from(repaired.text.len()).unwrap_or(u32::MAX)]);
    let shown: Vec<Span> =
        starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| Span { start, end }).collect();
    parse_stretches(&repaired.text, &shown)
}

/// Parses some stretches of a text as if they were all of it; no stretches mean the whole text.
pub(super) fn parse_stretches(text: &str, stretches: &[Span]) -> Option<Tree> {
    PARSER.with_borrow_mut(|slot| {
        let parser = match slot {
            Some(parser) => parser,
            None => {
                let mut parser = tree_sitter::Parser::new();
                parser.set_language(&GRAMMAR.language).ok()?;
                slot.insert(parser)
            }
        };
        let ranges: Vec<_> = stretches.iter().copied().map(range).collect();
        parser.set_included_ranges(&ranges).ok()?;
        let parsed = parser.parse(text, None)?;
        Some(Tree::read(&parsed, text))
    })
}

/// The grammar's scanner never asks for columns, so rows can stay zero.
fn range(span: Span) -> tree_sitter::Range {
    let point = |at: u32| tree_sitter::Point { row: 0, column: at as usize };
    tree_sitter::Range {
        start_byte: span.start as usize,
        end_byte: span.end as usize,
        start_point: point(span.start),
        end_point: point(span.end),
    }
}

/// Makes a text fit for the parser.
pub(super) fn repaired(text: &str) -> Repaired<'_> {
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
    if let Some(plain) = without_long_continuations(fixed.as_bytes()) {
        fixed = Cow::Owned(plain);
    }
    let hidden = too_deep(fixed.as_bytes());
    Repaired { text: fixed, hidden }
}

/// The text with spaces for line continuations of which many follow each other with nothing between: the grammar's scanner
/// looks through all that are left at each of them. `None` if there are none.
fn without_long_continuations(bytes: &[u8]) -> Option<String> {
    let mut out: Option<Vec<u8>> = None;
    let (mut at, mut run) = (0, 0);
    while let Some(found) = memchr::memmem::find(&bytes[at..], b"\\\n") {
        run = if bytes[at..at + found].iter().all(|byte| matches!(byte, b' ' | b'\t')) { run + 1 } else { 1 };
        at += found + 2;
        if run > MAX_CONTINUATIONS {
            out.get_or_insert_with(|| bytes.to_vec())[at - 2..at].fill(b' ');
        }
    }
    out.and_then(|out| String::from_utf8(out).ok())
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

/// The lines whose indentation is wider than the narrowest [`MAX_WIDTHS`] widths of the text, in few stretches.
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
    let mut stretches: Vec<Span> = Vec::new();
    each_indent(bytes, &mut |width, lines| {
        let is_last = stretches.len() >= MAX_STRETCHES;
        match stretches.last_mut() {
            _ if width < limit => {}
            Some(last) if is_last || last.end == lines.start => last.end = lines.end,
            _ => stretches.push(lines),
        }
    });
    stretches
}

/// Calls `visit` with the width of each indentation, counted as the scanner counts, and the lines it takes. A backslash
/// in front of the line end joins the next line's indentation to this one's.
fn each_indent(bytes: &[u8], visit: &mut dyn FnMut(usize, Span)) {
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
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
        let is_indented = width > 0 && at < bytes.len();
        at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1);
        if is_indented {
            visit(width, Span::new(start, at));
        }
    }
}
