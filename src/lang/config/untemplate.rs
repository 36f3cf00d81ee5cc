//! YAML that is a template (Helm, Jinja): read as if its tags were not there.
//!
//! Tags that stand alone on a line are blanked, others become a word of the same length, so that every place stays where
//! it is. Values that held a tag get their own text back: nobody takes a look-up for a literal. Branches of a condition
//! are all read, one after another.

use super::tree::{Kind, Node};

/// The text without its tags, byte for byte as long; `None` if it has none.
pub(super) fn blanked(text: &str) -> Option<String> {
    if !text.contains("{{") && !text.contains("{%") {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    let mut closings = [("{{", "}}", 0usize), ("{%", "%}", 0usize)];
    while let Some(open) = memchr::memchr(b'{', &text.as_bytes()[at..]).map(|length| at + length) {
        at = open + 1;
        let Some((_, closing, next)) = closings.iter_mut().find(|(opening, ..)| text[open..].starts_with(*opening))
        else {
            continue;
        };
        if *next < open + 2 {
            let found = memchr::memmem::find(&text.as_bytes()[open + 2..], closing.as_bytes());
            *next = found.map_or(usize::MAX, |length| open + 2 + length);
        }
        if *next == usize::MAX {
            continue;
        }
        at = *next + 2;
        for byte in &mut bytes[open..at] {
            if !matches!(*byte, b'\n' | b'\r') {
                *byte = 0;
            }
        }
    }
    // Zero marks a tag's byte until it is known whether the line holds anything else.
    for line in bytes.split_mut(|&byte| byte == b'\n') {
        let is_alone = line.iter().all(|&byte| byte == 0 || byte.is_ascii_whitespace());
        let filler = if is_alone { b' ' } else { b'_' };
        line.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = filler);
    }
    String::from_utf8(bytes).ok()
}

/// Gives values that held a tag the text that the file has for them.
pub(super) fn restore(node: &mut Node, text: &str) {
    match &mut node.kind {
        Kind::Map(entries) => entries.iter_mut().for_each(|entry| restore(&mut entry.value, text)),
        Kind::List(items) => items.iter_mut().for_each(|item| restore(item, text)),
        Kind::Str(_) | Kind::Num(_) | Kind::Bool(_) | Kind::Null => {
            let raw = text.get(node.span.start as usize..node.span.end as usize).unwrap_or_default();
            if raw.contains("{{") || raw.contains("{%") {
                node.kind = Kind::Str(raw.trim().trim_matches(['"', '\'']).to_owned());
            }
        }
    }
}
