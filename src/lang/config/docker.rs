//! Dockerfiles: variables (`env`, `arg`) and all instructions in order.

use super::tree::{Entry, Kind, Node};
use crate::source::Span;

/// Reads a text into a map of `env`, `arg` (maps) and `instructions` (a list of `{name, arguments}`).
pub(super) fn parse(text: &str) -> Node {
    let whole = Span::new(0, text.len());
    let (mut env, mut arg, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for (name, start, end) in instructions(text) {
        let arguments = start + text[start..end].find(char::is_whitespace).unwrap_or(end - start);
        let body = Span::new(arguments + (text[arguments..end].len() - text[arguments..end].trim_start().len()), end);
        match name.as_str() {
            "ENV" => env.extend(assignments(text, body)),
            "ARG" => arg.extend(assignments(text, body)),
            _ => {}
        }
        let value = text[body.start as usize..body.end as usize].replace("\\\r\n", " ").replace("\\\n", " ");
        let name_span = Span::new(start, arguments);
        let part = |key: &str, text: String, span: Span| Entry {
            key: key.into(),
            key_span: span,
            value: Node::new(Kind::Str(text), span),
        };
        let entries = vec![part("name", name, name_span), part("arguments", value, body)];
        all.push(Node::new(Kind::Map(entries), Span::new(start, end)));
    }
    let part = |key: &str, kind: Kind| Entry { key: key.into(), key_span: whole, value: Node::new(kind, whole) };
    let parts = vec![part("env", Kind::Map(env)), part("arg", Kind::Map(arg)), part("instructions", Kind::List(all))];
    Node::new(Kind::Map(parts), whole)
}

/// Each instruction in capitals, with its bytes, continuation lines included.
fn instructions(text: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let mut end = line_end(text, at);
        let line = &text[at..end];
        let start = at + (line.len() - line.trim_start().len());
        let word: String = line.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
        if !word.is_empty() {
            while end < text.len() && text[at..end].trim_end().ends_with('\\') {
                end = line_end(text, end + 1);
            }
            let body = text[start..end].trim_end();
            found.push((word.to_ascii_uppercase(), start, start + body.len()));
        }
        at = end + 1;
    }
    found
}

fn line_end(text: &str, from: usize) -> usize {
    let from = from.min(text.len());
    memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |length| from + length)
}

/// `NAME=value NAME="value"`, `NAME value` and a bare `NAME`.
fn assignments(text: &str, body: Span) -> Vec<Entry> {
    let (start, end) = (body.start as usize, body.end as usize);
    let source = &text[start..end];
    let first = source.split_whitespace().next().unwrap_or_default();
    if !first.contains('=') {
        let rest = source[first.len()..].trim_start();
        let value = if rest.is_empty() { Kind::Null } else { Kind::Str(rest.to_owned()) };
        let value = Node::new(value, Span::new(end - rest.len(), end));
        return vec![Entry { key: first.to_owned(), key_span: Span::new(start, start + first.len()), value }];
    }
    let mut found = Vec::new();
    let mut at = start;
    while at < end {
        let rest = &text[at..end];
        let skipped = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\\').len();
        at += skipped;
        let Some(sign) = text[at..end].find('=') else { break };
        let key = text[at..at + sign].to_owned();
        let (value, to) = word(&text[..end], at + sign + 1);
        let key_span = Span::new(at, at + sign);
        found.push(Entry { key, key_span, value: Node::new(Kind::Str(value), Span::new(at + sign + 1, to)) });
        at = to.max(at + sign + 1);
    }
    found
}

/// One word of a shell-like line, quotes taken off, and where it ends.
fn word(text: &str, start: usize) -> (String, usize) {
    let quote = text[start..].chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote
        && let Some(length) = text[start + 1..].find(quote)
    {
        return (text[start + 1..start + 1 + length].to_owned(), start + length + 2);
    }
    let length = text[start..].find(char::is_whitespace).unwrap_or(text.len() - start);
    (text[start..start + length].to_owned(), start + length)
}
