//! TOML: the parser's spanned tree in this tool's form.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::tree::{Entry, Kind, Node};
use super::{MAX_DEPTH, Problem};
use crate::source::Span;

/// Reads a text; what is wrong in it is left out.
pub(super) fn parse(text: &str) -> (Vec<Node>, Option<Problem>) {
    if deepest(text) > MAX_DEPTH {
        let message = format!("nested deeper than {MAX_DEPTH} levels");
        return (Vec::new(), Some(Problem { at: None, message }));
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let problem = errors.first().map(|error| Problem {
        at: error.span().map(|at| Span::new(at.start, at.end)),
        message: format!("not valid TOML: {}", error.message()),
    });
    let node = Node::new(map(table.get_ref()), Span::new(0, text.len()));
    (vec![node], problem)
}

/// Bracket depth and the longest dotted key: both become depth of the tree. Brackets in texts count too, which can only
/// refuse a file that holds an absurd text.
fn deepest(text: &str) -> usize {
    let (mut depth, mut deepest, mut dots) = (0usize, 0usize, 0usize);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'.' => dots += 1,
            b'\n' => dots = 0,
            b'=' | b' ' | b'"' | b'\'' => dots = 0,
            _ => {}
        }
        deepest = deepest.max(depth + dots);
    }
    deepest
}

fn map(table: &DeTable<'_>) -> Kind {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: span(key.span()),
            value: node(value.get_ref(), value.span()),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Kind::Map(entries)
}

fn node(value: &DeValue<'_>, at: Range<usize>) -> Node {
    let kind = match value {
        DeValue::String(text) => Kind::Str(text.to_string()),
        DeValue::Integer(number) => Kind::Num(number.to_string()),
        DeValue::Float(number) => Kind::Num(number.to_string()),
        DeValue::Boolean(value) => Kind::Bool(*value),
        DeValue::Datetime(time) => Kind::Str(time.to_string()),
        DeValue::Array(items) => Kind::List(items.iter().map(|item| node(item.get_ref(), item.span())).collect()),
        DeValue::Table(table) => map(table),
    };
    Node::new(kind, span(at))
}

fn span(at: Range<usize>) -> Span {
    Span::new(at.start, at.end)
}
