//! Prompts kept in YAML, JSON or TOML: chat messages, templates and lists of prompts, wherever in the tree they stand.

use super::template::Syntax;
use super::{Part, Role, Segment, roles};
use crate::lang::config::{ConfigFacts, Entry, Kind, Node};
use crate::source::Span;

/// Keys whose text is a prompt, with the role that the key gives it.
const KEYS: [(&str, Role); 18] = [
    ("system", Role::System),
    ("system_prompt", Role::System),
    ("systemprompt", Role::System),
    ("system_message", Role::System),
    ("systemmessage", Role::System),
    ("system_instruction", Role::System),
    ("instructions", Role::System),
    ("developer", Role::Developer),
    ("developer_message", Role::Developer),
    ("user", Role::User),
    ("user_prompt", Role::User),
    ("user_message", Role::User),
    ("prompt", Role::Unmarked),
    ("template", Role::Unmarked),
    ("prompt_template", Role::Unmarked),
    ("prefix", Role::Unmarked),
    ("suffix", Role::Unmarked),
    ("prompts", Role::Unmarked),
];

/// All prompts of a store, in text order.
pub(super) fn segments(facts: &ConfigFacts, text: &str, syntax: Syntax) -> Vec<Segment> {
    let mut reader = Reader { text, syntax, found: Vec::new() };
    facts.documents.iter().for_each(|document| reader.node(document, Role::Unmarked));
    reader.found.sort_by_key(|segment| segment.span);
    reader.found.dedup_by(|a, b| a.span == b.span);
    reader.found
}

struct Reader<'a> {
    text: &'a str,
    syntax: Syntax,
    found: Vec<Segment>,
}

impl Reader<'_> {
    /// Recursion is bounded by the depth that the configuration reader allows.
    fn node(&mut self, node: &Node, role: Role) {
        match &node.kind {
            Kind::Map(entries) => self.map(node, entries, role),
            Kind::List(items) => match spoken_pair(items) {
                Some((role, content)) => self.texts(content, role),
                None => items.iter().for_each(|item| self.node(item, role)),
            },
            Kind::Str(_) | Kind::Num(_) | Kind::Bool(_) | Kind::Null => {}
        }
    }

    fn map(&mut self, node: &Node, entries: &[Entry], role: Role) {
        if let Some(role) = node.key("role").and_then(Node::as_str).and_then(Role::of)
            && let Some(content) = node.key("content").or_else(|| node.key("parts")).or_else(|| node.key("text"))
        {
            return self.texts(content, role);
        }
        // A serialised message class names its role in its id.
        let role = node
            .key("id")
            .and_then(|id| id.items().last())
            .and_then(Node::as_str)
            .and_then(role_of_class)
            .unwrap_or(role);
        for entry in entries {
            let key = entry.key.to_ascii_lowercase().replace('-', "_");
            match KEYS.iter().find(|(name, _)| *name == key) {
                Some((_, keyed)) => {
                    let spoken = if *keyed == Role::Unmarked { role } else { *keyed };
                    self.texts(&entry.value, spoken);
                    self.node(&entry.value, spoken);
                }
                None if matches!(key.as_str(), "tests" | "vars" | "assert" | "examples" | "metadata") => {}
                None => self.node(&entry.value, role),
            }
        }
    }

    /// A text, or a list of texts and text parts.
    fn texts(&mut self, node: &Node, role: Role) {
        match &node.kind {
            Kind::Str(text) if !text.starts_with("file:") && !text.trim().is_empty() => self.text(node.span, role),
            Kind::List(items) => {
                for item in items {
                    match item.key("text").or_else(|| item.key("content")) {
                        Some(part) if item.key("role").is_none() => self.texts(part, role),
                        _ if item.as_str().is_some() => self.texts(item, role),
                        _ => {}
                    }
                }
            }
            Kind::Str(_) | Kind::Map(_) | Kind::Num(_) | Kind::Bool(_) | Kind::Null => {}
        }
    }

    /// Holes are found in the file's own bytes, so that their places are exact; escapes are resolved in the text only.
    fn text(&mut self, span: Span, role: Role) {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(raw) = self.text.get(start..end) else { return };
        let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\'') && raw.len() > 1 && raw.ends_with(*c));
        let triple = raw.len() >= 6 && (raw.starts_with("\"\"\"") || raw.starts_with("'''"));
        let width = if triple { 3 } else { usize::from(quote.is_some()) };
        let mut inner = roles::segments(self.text, Span::new(start + width, end - width), self.syntax, role);
        if quote == Some('"') {
            inner.iter_mut().flat_map(|segment| &mut segment.parts).for_each(resolve_escapes);
        }
        self.found.extend(inner);
    }
}

fn resolve_escapes(part: &mut Part) {
    if let Part::Text { text, .. } = part
        && text.contains('\\')
    {
        *text = text
            .replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("\\r", "")
            .replace("\\\"", "\"")
            .replace("\\\\", "\\");
    }
}

/// `["system", "text"]`.
fn spoken_pair(items: &[Node]) -> Option<(Role, &Node)> {
    let [role, content] = items else { return None };
    content.as_str()?;
    Some((Role::of(role.as_str()?)?, content))
}

/// `SystemMessage…`, `HumanMessage…`, `AIMessage…`.
fn role_of_class(class: &str) -> Option<Role> {
    let (word, _) = class.split_once("Message")?;
    Role::of(word)
}
