//! Prints the facts of the given source files, or with `--check` only verifies that their spans are sound.
#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::env;
use std::fs;
use std::time::{Duration, Instant};

use launchlint::ir::{FileFacts, Pattern, Stmt, walk_block};
use launchlint::lang;
use launchlint::source::Span;

fn main() {
    let (options, paths): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|arg| arg.starts_with("--"));
    let is_check = options.iter().any(|option| option == "--check");
    let (mut files, mut unreadable, mut broken, mut bytes) = (0, 0, 0, 0);
    let mut spent = Duration::ZERO;
    for path in &paths {
        let Ok(read) = fs::read(path) else { continue };
        let text = String::from_utf8_lossy(&read);
        let start = Instant::now();
        let (facts, notices) = lang::python::lower(path, &text);
        spent += start.elapsed();
        if !is_check {
            println!("{}", facts.dump());
            continue;
        }
        files += 1;
        bytes += text.len();
        for span in &facts.unreadable {
            unreadable += (span.end - span.start) as usize;
        }
        for notice in notices {
            println!("{path}: {} {:?}", notice.message, notice.span);
        }
        for span in unsound(&facts, &text) {
            broken += 1;
            println!("{path}: unsound span {span:?}");
        }
    }
    if is_check {
        println!("{files} files, {bytes} bytes, {unreadable} unreadable, {broken} unsound spans, {spent:?}");
    }
}

/// Spans out of bounds or within a character.
fn unsound(facts: &FileFacts, text: &str) -> Vec<Span> {
    let mut spans = facts.spans.clone();
    spans.extend(facts.functions.iter().flat_map(|f| [f.span, f.head]));
    spans.extend(facts.functions.iter().flat_map(|f| f.params.iter().map(|p| p.span)));
    spans.extend(facts.classes.iter().map(|c| c.span));
    spans.extend(facts.classes.iter().flat_map(|c| c.fields.iter().map(|f| f.span)));
    spans.extend(facts.imports.iter().map(|i| i.span));
    spans.extend(facts.comments.iter().map(|c| c.span));
    spans.extend(&facts.unreadable);
    for function in &facts.functions {
        let mut on_stmt = |stmt: &Stmt| {
            spans.push(stmt.span);
            stmt.for_each_child(&mut |node| {
                if let launchlint::ir::Node::Pattern(Pattern::Name(_, span)) = node {
                    spans.push(*span);
                }
            });
        };
        walk_block(facts, &function.body, &mut on_stmt, &mut |_| {});
    }
    spans.retain(|span| text.get(span.start as usize..span.end as usize).is_none());
    spans
}
