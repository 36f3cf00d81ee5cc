//! Comments that speak to this tool.

use tree_sitter::Node;

use super::span;
use crate::intern::Name;
use crate::ir::Comment;
use crate::source::Span;

const TOOL: &str = "launchlint";

/// Collects the comments that hold the tool's name. Markup is what stands in `text` but not in the `parsed` copy of it.
pub(super) fn collect(text: &str, parsed: &str, root: Node, found: &mut Vec<Comment>) {
    let hits: Vec<usize> = memchr::memmem::find_iter(text.as_bytes(), TOOL).collect();
    if hits.is_empty() {
        return;
    }
    let mut spans = code_comments(root, &hits);
    markup_comments(text, parsed, &mut spans);
    spans.sort_unstable();
    for span in spans {
        let body = text.get(span.start as usize..span.end as usize).unwrap_or_default();
        if body.contains(TOOL) {
            found.push(Comment { text: Name::new(bare(body)), span });
        }
    }
}

/// The comments around hits; parts of the tree without any are not entered.
fn code_comments(root: Node, hits: &[usize]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        let next = hits.get(hits.partition_point(|at| *at < node.start_byte()));
        let holds = next.is_some_and(|at| *at < node.end_byte());
        if holds && matches!(node.kind(), "comment" | "html_comment") {
            spans.push(span(node));
        }
        if holds && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return spans;
            }
        }
    }
}

/// The `<!-- -->` of a component's markup.
fn markup_comments(text: &str, parsed: &str, spans: &mut Vec<Span>) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("<!--")) {
        let start = from + at;
        from = start + 4;
        let is_markup = parsed.get(start..from) != Some("<!--");
        let end = text.get(from..).filter(|_| is_markup).and_then(|rest| rest.find("-->"));
        if let Some(end) = end {
            from += end + 3;
            spans.push(Span::new(start, from));
        }
    }
}

fn bare(comment: &str) -> &str {
    let inner = comment
        .strip_prefix("//")
        .or_else(|| comment.strip_prefix("/*").map(|c| c.strip_suffix("*/").unwrap_or(c)))
        .or_else(|| comment.strip_prefix("<!--").map(|c| c.strip_suffix("-->").unwrap_or(c)));
    inner.unwrap_or(comment).trim()
}
