//! Comments that speak to this tool.

use tree_sitter::Node;

use super::span;
use crate::intern::Name;
use crate::ir::Comment;
use crate::source::Span;

const TOOL: &str = "launchlint";

/// Collects the comments that hold the tool's name, `<!-- -->` of component markup included.
pub(super) fn collect(text: &str, root: Node, found: &mut Vec<Comment>) {
    for at in memchr::memmem::find_iter(text.as_bytes(), TOOL) {
        let node = root.descendant_for_byte_range(at, at + 1);
        let span = match node.filter(|node| matches!(node.kind(), "comment" | "html_comment")) {
            Some(node) => span(node),
            None => match markup_comment(text, at).filter(|_| node.is_none_or(|n| n == root)) {
                Some(span) => span,
                None => continue,
            },
        };
        if found.last().is_none_or(|last| last.span != span) {
            let body = text.get(span.start as usize..span.end as usize).unwrap_or_default();
            found.push(Comment { text: Name::new(bare(body)), span });
        }
    }
}

/// The `<!-- -->` around an offset outside of all scripts.
fn markup_comment(text: &str, at: usize) -> Option<Span> {
    let start = text.get(..at)?.rfind("<!--")?;
    let end = start + text.get(start..)?.find("-->")? + 3;
    (end > at).then(|| Span::new(start, end))
}

fn bare(comment: &str) -> &str {
    let inner = comment
        .strip_prefix("//")
        .or_else(|| comment.strip_prefix("/*").map(|c| c.strip_suffix("*/").unwrap_or(c)))
        .or_else(|| comment.strip_prefix("<!--").map(|c| c.strip_suffix("-->").unwrap_or(c)));
    inner.unwrap_or(comment).trim()
}
