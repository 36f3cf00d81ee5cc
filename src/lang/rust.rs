//! The Rust front end: `syn` parses, this lowers, comments come from a scan of the text.
//!
//! It expands no macro and evaluates no `cfg` but `test`: code that only tests run is dropped. One broken item does not
//! cost the file: the others are parsed one by one. A file that nests too deeply for any stack is refused with a notice.

mod attrs;
mod chains;
mod classes;
mod closures;
mod cx;
mod exprs;
mod format;
mod items;
mod loose;
mod macro_args;
mod macro_arms;
mod macro_shape;
mod macros;
mod patterns;
mod recover;
mod scan;
mod stmts;
mod templates;
mod types;
mod uses;

use crate::finding::{Notice, NoticeKind};
use crate::intern::Name;
use crate::ir::{Comment, FileFacts};
use crate::source::Span;
use cx::Cx;
use scan::Scan;

/// Nesting of brackets that is parsed on the caller's stack: a debug build needs about 25 KiB a level, and threads may
/// have 2 MiB.
const SHALLOW: usize = 40;

/// Deepest nesting of brackets that is read at all. Code that people write stays below 40.
const DEEPEST: usize = 200;

/// Tokens in a row, each of which may deepen the tree, that are parsed on the caller's stack.
const SHORT: usize = 400;

/// Most such tokens that are read at all.
const LONGEST: usize = 140_000;

/// Stack for what nests in brackets: [`DEEPEST`] levels with room to spare.
const BASE_STACK: usize = 64 << 20;

/// Stack for each token that may deepen the tree. The hungriest, nested reference types, take about 4 KiB; stack is
/// reserved here, and used by hostile files only.
const TOKEN_STACK: usize = 6 << 10;

/// Lowers a Rust file.
///
/// Never fails: what cannot be read is skipped, recorded in [`FileFacts::unreadable`] and told in a notice.
pub fn lower(path: &str, text: &str) -> (FileFacts, Vec<Notice>) {
    let scan = scan::scan(text);
    if scan.depth > DEEPEST {
        return refuse(path, text, &scan, "brackets nest too deeply");
    }
    if scan.run > LONGEST {
        return refuse(path, text, &scan, "an expression is too long");
    }
    if scan.depth <= SHALLOW && scan.run <= SHORT {
        return read(path, text, &scan);
    }
    on_big_stack(path, text, &scan)
        .unwrap_or_else(|| refuse(path, text, &scan, "no thread with a large stack to be had"))
}

/// Lowers on a thread of its own; `None` if there is none to have. A panic there is the caller's.
fn on_big_stack(path: &str, text: &str, scan: &Scan) -> Option<(FileFacts, Vec<Notice>)> {
    std::thread::scope(|scope| {
        let stack = BASE_STACK + scan.run * TOKEN_STACK;
        let builder = std::thread::Builder::new().stack_size(stack);
        let thread = builder.spawn_scoped(scope, || read(path, text, scan)).ok()?;
        match thread.join() {
            Ok(lowered) => Some(lowered),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn read(path: &str, text: &str, scan: &Scan) -> (FileFacts, Vec<Notice>) {
    // The parser keeps every text of a thread until told otherwise; no span outlives this function.
    proc_macro2::extra::invalidate_current_thread_spans();
    let base = shebang(text);
    let mut cx = Cx::new(path, text, base);
    let (top_level, mut notices) = recover::file(&mut cx, path, &text[base..]);
    if let ([], Some(span)) = (&notices[..], cx.out.facts.unreadable.first()) {
        let message = "nests too deeply here: the innermost code was not checked".into();
        notices.push(Notice { kind: NoticeKind::Skipped, path: path.into(), span: Some(*span), message });
    }
    let mut facts = cx.out.finish(top_level);
    facts.comments = comments(scan);
    proc_macro2::extra::invalidate_current_thread_spans();
    (facts, notices)
}

/// The length of a `#!` line, which is no inner attribute.
fn shebang(text: &str) -> usize {
    let is_attribute = text.strip_prefix("#!").is_some_and(|rest| rest.trim_start().starts_with('['));
    if !text.starts_with("#!") || is_attribute {
        return 0;
    }
    text.find('\n').unwrap_or(text.len())
}

fn refuse(path: &str, text: &str, scan: &Scan, reason: &str) -> (FileFacts, Vec<Notice>) {
    let mut cx = Cx::new(path, text, 0);
    let whole = Span::new(0, text.len());
    cx.out.facts.unreadable.push(whole);
    let mut facts = cx.out.finish(Vec::new());
    facts.comments = comments(scan);
    let message = format!("{reason}: nothing in this file was checked");
    (facts, vec![Notice::file(NoticeKind::Skipped, path, message)])
}

fn comments(scan: &Scan) -> Vec<Comment> {
    scan.comments.iter().map(|(text, span)| Comment { text: Name::new(text), span: *span }).collect()
}
