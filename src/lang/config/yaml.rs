//! YAML from parser events: bounded depth, bounded alias expansion, byte spans, and whatever was read before an error.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::tree::{Entry, Kind, Node};
use super::{MAX_DEPTH, MAX_NODES, Problem, untemplate};
use crate::source::Span;

/// Reads all documents. A problem ends the reading; the documents before it are kept. A template that is no valid YAML
/// is read without its tags.
pub(super) fn parse(text: &str) -> (Vec<Node>, Option<Problem>) {
    let (documents, problem) = read(text);
    if problem.is_some()
        && let Some(plain) = untemplate::blanked(text)
        && let (mut documents, None) = read(&plain)
    {
        documents.iter_mut().for_each(|document| untemplate::restore(document, text));
        return (documents, None);
    }
    (documents, problem)
}

fn read(text: &str) -> (Vec<Node>, Option<Problem>) {
    let mut builder = Builder {
        offsets: Offsets::new(text),
        documents: Vec::new(),
        open: Vec::new(),
        anchors: BTreeMap::new(),
        nodes: 0,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let outcome = match next {
            Ok((event, span)) => builder.event(event, span),
            Err(error) => {
                let offset = builder.offsets.byte(error.marker().index());
                Err(Problem::at(offset, format!("not valid YAML from here on: {}", error.info())))
            }
        };
        if let Err(problem) = outcome {
            return (builder.documents, Some(problem));
        }
    }
    (builder.documents, None)
}

struct Builder {
    offsets: Offsets,
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
}

/// A collection that has begun.
struct Open {
    start: usize,
    anchor: usize,
    tag: Option<String>,
    before: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    /// Entries, aliases merged in by `<<`, and the key that waits for its value.
    Map(Vec<Entry>, Vec<Node>, Option<Node>),
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: saphyr_parser::Span) -> Result<(), Problem> {
        let span = Span::new(self.offsets.byte(span.start.index()), self.offsets.byte(span.end.index()));
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = named(tag.as_deref());
                let node = Node { kind: scalar(text, style, tag.as_deref()), span, tag };
                self.count(1, span)?;
                self.remember(anchor, &node, 1);
                self.place(node);
            }
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(Problem::at(span.start as usize, "an alias refers to what holds it"));
                };
                self.count(size, span)?;
                self.place(node);
            }
            Event::SequenceStart(anchor, tag) => self.begin(Content::List(Vec::new()), anchor, tag.as_deref(), span)?,
            Event::MappingStart(anchor, tag) => {
                self.begin(Content::Map(Vec::new(), Vec::new(), None), anchor, tag.as_deref(), span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::DocumentEnd => self.anchors.clear(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        Ok(())
    }

    fn count(&mut self, more: usize, span: Span) -> Result<(), Problem> {
        self.nodes += more;
        if self.nodes > MAX_NODES {
            return Err(Problem::at(span.start as usize, "too many values, or aliases that multiply them"));
        }
        Ok(())
    }

    fn begin(&mut self, content: Content, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Problem::at(span.start as usize, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.count(1, span)?;
        let before = self.nodes - 1;
        self.open.push(Open { start: span.start as usize, anchor, tag: named(tag), before, content });
        Ok(())
    }

    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        let kind = match open.content {
            Content::List(items) => Kind::List(items),
            Content::Map(entries, merged, _) => Kind::Map(merge(entries, merged)),
        };
        let last = match &kind {
            Kind::List(items) => items.last().map(|node| node.span.end),
            Kind::Map(entries) => entries.iter().map(|entry| entry.value.span.end).max(),
            _ => None,
        };
        // A block collection's end event stands at the next token: the last value's end is where it ends.
        let end = if span.end > span.start { span.end } else { last.unwrap_or(span.end) };
        let node = Node { kind, span: Span::new(open.start, end as usize), tag: open.tag };
        let size = self.nodes - open.before;
        self.remember(open.anchor, &node, size);
        self.place(node);
    }

    fn remember(&mut self, anchor: usize, node: &Node, size: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
    }

    fn place(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.documents.push(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(entries, merged, key)) => match key.take() {
                None => *key = Some(node),
                Some(name) if name.as_str() == Some("<<") => merged.push(node),
                Some(name) => {
                    let key_span = name.span;
                    if let Some(text) = name.scalar() {
                        entries.push(Entry { key: text.to_owned(), key_span, value: node });
                    }
                }
            },
        }
    }
}

/// Adds what `<<` brings in; a map's own keys win.
fn merge(mut entries: Vec<Entry>, merged: Vec<Node>) -> Vec<Entry> {
    let mut queue: Vec<Node> = merged.into_iter().rev().collect();
    while let Some(node) = queue.pop() {
        match node.kind {
            Kind::List(items) => queue.extend(items.into_iter().rev()),
            Kind::Map(more) => {
                let known: std::collections::BTreeSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
                entries.extend(more.into_iter().filter(|entry| !known.contains(&entry.key)));
            }
            Kind::Str(_) | Kind::Num(_) | Kind::Bool(_) | Kind::Null => {}
        }
    }
    entries
}

fn named(tag: Option<&Tag>) -> Option<String> {
    tag.filter(|tag| !tag.is_yaml_core_schema()).map(|tag| tag.suffix.clone())
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&str>) -> Kind {
    if style != ScalarStyle::Plain || tag.is_some() {
        return Kind::Str(text.into_owned());
    }
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        plain if is_number(plain) => Kind::Num(text.into_owned()),
        _ => Kind::Str(text.into_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts = body.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.');
    starts
        && (body.parse::<f64>().is_ok()
            || body.strip_prefix("0x").is_some_and(|hex| u64::from_str_radix(hex, 16).is_ok()))
}

/// Byte offsets of characters: the parser counts characters.
struct Offsets {
    length: usize,
    /// Empty for ASCII text, where both are the same.
    bytes: Vec<u32>,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let table = || text.char_indices().map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect();
        Offsets { length: text.len(), bytes: if text.is_ascii() { Vec::new() } else { table() } }
    }

    fn byte(&self, chars: usize) -> usize {
        if self.bytes.is_empty() {
            return chars.min(self.length);
        }
        self.bytes.get(chars).map_or(self.length, |&at| at as usize)
    }
}
