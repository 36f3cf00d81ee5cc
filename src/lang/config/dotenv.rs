//! Lines of `NAME=value`: dotenv, INI and properties.

use super::tree::{Entry, Kind, Node};
use crate::source::Span;

/// Whether `[section]` lines open a map.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sections {
    None,
    Headed,
}

/// Reads a text; lines of another form are passed over.
pub(super) fn parse(text: &str, sections: Sections) -> Node {
    let mut top = Vec::new();
    let mut section: Option<Entry> = None;
    let mut at = 0;
    while at < text.len() {
        let line_end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
        let line = text[at..line_end].trim_end_matches('\r');
        if sections == Sections::Headed
            && let Some(header) = header(line, at)
        {
            top.extend(section.replace(header));
            at = line_end + 1;
            continue;
        }
        let read = entry(text, at, line, sections);
        // What follows a value over several lines belongs to its last line.
        at = match &read {
            Some((_, end)) if *end > line_end => {
                memchr::memchr(b'\n', &text.as_bytes()[*end..]).map_or(text.len(), |length| end + length)
            }
            _ => line_end,
        } + 1;
        let Some((entry, end)) = read else { continue };
        match section.as_mut() {
            None => top.push(entry),
            Some(open) => {
                open.value.span.end = Span::new(end, end).end;
                if let Kind::Map(entries) = &mut open.value.kind {
                    entries.push(entry);
                }
            }
        }
    }
    top.extend(section);
    Node::new(Kind::Map(top), Span::new(0, text.len()))
}

fn header(line: &str, at: usize) -> Option<Entry> {
    let name = line.trim().strip_prefix('[')?.strip_suffix(']')?;
    let span = Span::new(at, at + line.len());
    Some(Entry { key: name.to_owned(), key_span: span, value: Node::new(Kind::Map(Vec::new()), span) })
}

/// The entry of a line and where its value ends; a quoted value may go on over lines.
fn entry(text: &str, at: usize, line: &str, sections: Sections) -> Option<(Entry, usize)> {
    let trimmed = line.trim_start();
    if trimmed.starts_with(['#', ';']) || trimmed.starts_with("//") {
        return None;
    }
    let sign = match sections {
        Sections::None => line.find('=')?,
        Sections::Headed => line.find(['=', ':'])?,
    };
    let name = line[..sign].trim();
    let name = name.strip_prefix("export ").unwrap_or(name).trim();
    if name.is_empty() || (sections == Sections::None && name.contains(char::is_whitespace)) {
        return None;
    }
    let key_start = at + line.find(name)?;
    let raw = &line[sign + 1..];
    let start = at + sign + 1 + (raw.len() - raw.trim_start().len());
    let (value, end) = value(text, start, raw.trim());
    let key_span = Span::new(key_start, key_start + name.len());
    Some((Entry { key: name.to_owned(), key_span, value: Node::new(Kind::Str(value), Span::new(start, end)) }, end))
}

fn value(text: &str, start: usize, raw: &str) -> (String, usize) {
    for quote in ['"', '\''] {
        if let Some(body) = raw.strip_prefix(quote) {
            // A value over several lines ends at its quote, if that comes soon.
            let limit = text.floor_char_boundary((start + 1 + 8192).min(text.len()));
            let near = text.get(start + 1..limit).unwrap_or(body);
            if let Some(end) = near.find(quote) {
                return (near[..end].to_owned(), start + end + 2);
            }
        }
    }
    let bare = raw.find(" #").map_or(raw, |at| &raw[..at]).trim_end();
    (bare.to_owned(), start + bare.len())
}
