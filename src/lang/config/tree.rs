//! The tree of a configuration file and the questions it answers.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// A value and where it stands.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its bytes, quotes included. Values that an alias brings in keep the place they were written at.
    pub span: Span,
    /// A YAML tag without its `!`, such as `Ref` or `secret`: the value is not what it reads as.
    pub tag: Option<String>,
}

/// Sorts of values.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// Keys and values in text order; a key may occur twice.
    Map(Vec<Entry>),
    /// Values in text order.
    List(Vec<Node>),
    /// Text, with escapes resolved.
    Str(String),
    /// A number as written.
    Num(String),
    /// `true` or `false`.
    Bool(bool),
    /// Nothing.
    Null,
}

/// One key of a map.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The key; other keys than text are left out.
    pub key: String,
    /// The key's bytes.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// What a path led to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selected<'a> {
    /// The value.
    pub node: &'a Node,
    /// The key it has in its map, with the key's bytes.
    pub key: Option<(&'a str, Span)>,
}

/// A named value, however it was spelled.
#[derive(Clone, Copy, PartialEq)]
pub struct Setting<'a> {
    /// The name.
    pub name: &'a str,
    /// The value's text.
    pub value: &'a str,
    /// Where the value stands; for `NAME=value` items, the whole item.
    pub span: Span,
    /// The value's YAML tag.
    pub tag: Option<&'a str>,
}

impl Node {
    /// A value without a tag.
    pub fn new(kind: Kind, span: Span) -> Self {
        Node { kind, span, tag: None }
    }

    /// Its text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Its text as written, if it is a single value: text, a number or a truth value.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(text) | Kind::Num(text) => Some(text),
            Kind::Bool(true) => Some("true"),
            Kind::Bool(false) => Some("false"),
            Kind::Map(_) | Kind::List(_) | Kind::Null => None,
        }
    }

    /// Its truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Its number.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.kind {
            Kind::Num(text) => text.replace('_', "").parse().ok(),
            _ => None,
        }
    }

    /// Its keys; none if it is no map.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Its items; none if it is no list.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The value of a key; of one that occurs twice, the last.
    pub fn key(&self, key: &str) -> Option<&Node> {
        self.entries().iter().rfind(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Everything that a path leads to; see [`super::ConfigFacts::select`].
    pub fn select(&self, path: &str) -> Vec<Selected<'_>> {
        let mut found = vec![Selected { node: self, key: None }];
        for part in parts(path) {
            found = match part {
                "**" => found.iter().flat_map(|at| at.node.descendants()).collect(),
                part => found.iter().flat_map(|at| at.node.step(part)).collect(),
            };
        }
        found
    }

    /// The first thing that a path leads to.
    pub fn get(&self, path: &str) -> Option<&Node> {
        self.select(path).into_iter().next().map(|found| found.node)
    }

    fn step<'a>(&'a self, part: &str) -> Vec<Selected<'a>> {
        let of_entry = |entry: &'a Entry| Selected { node: &entry.value, key: Some((&entry.key, entry.key_span)) };
        match &self.kind {
            Kind::Map(entries) => {
                entries.iter().filter(|entry| part == "*" || entry.key == part).map(of_entry).collect()
            }
            Kind::List(items) if part == "*" => items.iter().map(|node| Selected { node, key: None }).collect(),
            Kind::List(items) => {
                let item = part.parse::<usize>().ok().and_then(|at| items.get(at));
                item.map(|node| Selected { node, key: None }).into_iter().collect()
            }
            Kind::Str(_) | Kind::Num(_) | Kind::Bool(_) | Kind::Null => Vec::new(),
        }
    }

    /// This value and all below it, in text order.
    pub fn descendants(&self) -> Vec<Selected<'_>> {
        let mut found = Vec::new();
        let mut open = vec![Selected { node: self, key: None }];
        while let Some(next) = open.pop() {
            found.push(next);
            open.extend(next.node.step("*").into_iter().rev());
        }
        found
    }

    /// The named values directly below: keys of a map, `NAME=value` items and `{name, value}` items of a list.
    pub fn settings(&self) -> Vec<Setting<'_>> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().filter_map(|entry| setting(&entry.key, &entry.value)).collect(),
            Kind::List(items) => items.iter().filter_map(item_setting).collect(),
            Kind::Str(_) | Kind::Num(_) | Kind::Bool(_) | Kind::Null => Vec::new(),
        }
    }
}

fn setting<'a>(name: &'a str, value: &'a Node) -> Option<Setting<'a>> {
    Some(Setting { name, value: value.scalar()?, span: value.span, tag: value.tag.as_deref() })
}

fn item_setting(item: &Node) -> Option<Setting<'_>> {
    if let Some((name, value)) = item.as_str().and_then(|text| text.split_once('=')) {
        return Some(Setting { name: name.trim(), value, span: item.span, tag: item.tag.as_deref() });
    }
    let name = item.key("name").or_else(|| item.key("key"))?.as_str()?;
    setting(name, item.key("value")?)
}

/// The parts of a dotted path; quoted parts may hold dots.
fn parts(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (part, after) = match rest.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
            Some((part, after)) => (part, after.strip_prefix('.').unwrap_or(after)),
            None => rest.split_once('.').unwrap_or((rest, "")),
        };
        parts.push(part);
        rest = after;
    }
    parts
}

/// Shows the form, never a value: a configuration's values may be secrets.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tag) = &self.tag {
            write!(f, "!{tag} ")?;
        }
        self.kind.fmt(f)?;
        write!(f, "@{}..{}", self.span.start, self.span.end)
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Map(entries) => f.debug_list().entries(entries).finish(),
            Kind::List(items) => f.debug_list().entries(items).finish(),
            Kind::Str(text) => write!(f, "text of {}", text.chars().count()),
            Kind::Num(_) => f.write_str("number"),
            Kind::Bool(value) => write!(f, "{value}"),
            Kind::Null => f.write_str("null"),
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.key, self.value)
    }
}

impl fmt::Debug for Setting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: text of {}", self.name, self.value.chars().count())
    }
}
