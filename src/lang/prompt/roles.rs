//! Role markers: cuts a template into what each speaker says.

use std::sync::LazyLock;

use regex::Regex;

use super::template::{self, Syntax};
use super::{Part, Role, Segment};
use crate::source::Span;

/// The spellings of "from here on, X speaks" and "here X ends", in the order of the groups.
const MARKERS: [&str; 7] = [
    r"(?m:^[ \t]*(?:#{1,4}[ \t]*)?(system|developer|user|assistant|tool|function|human)[ \t]*(?:\[[^\]\n]{0,200}\])?:[ \t]*\r?$)",
    r#"\{\{~?#?\s*(?:role|message)\s+(?:role\s*=\s*)?["'](\w+)["'][^}]{0,200}\}\}"#,
    r#"<message\s+role\s*=\s*["'](\w+)["'][^>]{0,200}>"#,
    r#"\{%-?\s*(?:chat|message|block)\s+(?:role\s*=\s*)?["']?(system|developer|user|assistant|tool)["']?\s*-?%\}"#,
    r"<\|im_start\|>(\w+)",
    r"<\|(system|user|assistant)\|>",
    r"(</message>|\{\{/message\}\}|\{%-?\s*end(?:chat|message|block)\s*-?%\}|<\|im_end\|>|<\|end\|>)",
];

static MARKER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?i:{})", MARKERS.join("|"))).ok());

/// The role of a whole file without markers, by its name.
pub(super) fn role_of_path(path: &str) -> Role {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    if words.contains(&"system") {
        Role::System
    } else if words.contains(&"user") {
        Role::User
    } else {
        Role::Unmarked
    }
}

/// Cuts the bytes `span` of a text at its markers. Text before the first marker has the role `before`; blank segments are
/// left out.
pub(super) fn segments(text: &str, span: Span, syntax: Syntax, before: Role) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut role = before;
    let mut start = span.start as usize;
    let body = &text[..span.end as usize];
    let Some(marker) = MARKER.as_ref() else { return found };
    let mut at = start;
    while let Some(groups) = marker.captures_at(body, at) {
        let Some(whole) = groups.get(0) else { break };
        at = whole.end().max(at + 1);
        let next = match groups.get(MARKERS.len()) {
            Some(_) => Role::Unmarked,
            None => {
                match (1..MARKERS.len()).find_map(|group| groups.get(group)).and_then(|word| Role::of(word.as_str())) {
                    Some(role) => role,
                    None => continue,
                }
            }
        };
        found.extend(segment(text, Span::new(start, whole.start()), syntax, role));
        (role, start) = (next, whole.end());
        if !body.is_char_boundary(at) {
            break;
        }
    }
    found.extend(segment(text, Span::new(start, body.len()), syntax, role));
    found
}

/// One segment, blank edges cut off; `None` if nothing is left.
pub(super) fn segment(text: &str, span: Span, syntax: Syntax, role: Role) -> Option<Segment> {
    let raw = text.get(span.start as usize..span.end as usize)?;
    let start = span.start as usize + (raw.len() - raw.trim_start().len());
    let span = Span::new(start, start + raw.trim().len());
    let parts = template::parts(text, span, syntax);
    let is_blank = |part: &Part| matches!(part, Part::Text { text, .. } if text.trim().is_empty());
    (!parts.iter().all(is_blank)).then_some(Segment { role, span, parts })
}
