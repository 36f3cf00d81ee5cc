//! Configuration of web servers in nested directives: `name arguments;` or, without semicolons, one a line.
//!
//! A directive becomes an entry whose value is its arguments as text; a block becomes a map of its directives, with the
//! block's own arguments under [`ARGS`]. Code blocks of embedded languages are passed over.

use super::tree::{Entry, Kind, Node};
use super::{MAX_DEPTH, MAX_NODES};
use crate::source::Span;

/// The key of a block's own arguments.
pub(super) const ARGS: &str = "args";

/// How a directive ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// In a semicolon.
    Semicolon,
    /// With its line.
    Line,
}

pub(super) fn parse(text: &str, ends: Ends) -> Node {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, ends, nodes: 0 };
    let mut entries = Vec::new();
    while reader.at < text.len() {
        entries.extend(reader.body(0));
    }
    Node::new(Kind::Map(entries), Span::new(0, text.len()))
}

/// Whether a text is made of directives with semicolons, as opposed to `name = value` lines.
pub(super) fn is_nested(text: &str) -> bool {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let has = |end: char| lines().any(|line| line.ends_with(end) && !line.starts_with('['));
    has(';') && (has('{') || lines().all(|line| line.ends_with([';', '{', '}'])))
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    ends: Ends,
    nodes: usize,
}

impl Reader<'_> {
    /// Directives up to a closing brace or the end.
    fn body(&mut self, depth: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        loop {
            self.skip();
            match self.bytes.get(self.at) {
                None => return entries,
                Some(b'}') => {
                    self.at += 1;
                    return entries;
                }
                Some(b';') => self.at += 1,
                Some(_) => {
                    self.nodes += 1;
                    if depth > MAX_DEPTH || self.nodes > MAX_NODES {
                        self.at = self.bytes.len();
                        return entries;
                    }
                    let entry = self.directive(depth);
                    entries.push(entry);
                }
            }
        }
    }

    fn skip(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if *byte == b'#' {
                self.at = memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |n| self.at + n);
            } else if byte.is_ascii_whitespace() {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn directive(&mut self, depth: usize) -> Entry {
        let start = self.at;
        let stop = self.stop();
        let head = self.text[start..stop].trim_end();
        let length = head.find(char::is_whitespace).unwrap_or(head.len());
        let (key, rest) = head.split_at(length);
        let args = rest.trim_start();
        let args_start = start + head.len() - args.len();
        let args_span = Span::new(args_start, start + head.len());
        let text = args.trim_matches(['"', '\'']).to_owned();
        let key_span = Span::new(start, start + key.len());
        let arguments = Node::new(Kind::Str(text), args_span);
        self.at = stop;
        let is_block = self.bytes.get(stop) == Some(&b'{');
        if self.at < self.bytes.len() {
            self.at += 1;
        }
        let value = if is_block && key.ends_with("_block") {
            self.code();
            arguments
        } else if is_block {
            let own = Entry { key: ARGS.to_owned(), key_span: args_span, value: arguments };
            let mut entries = vec![own];
            entries.extend(self.body(depth + 1));
            Node::new(Kind::Map(entries), Span::new(start, self.at))
        } else {
            arguments
        };
        Entry { key: key.to_owned(), key_span, value }
    }

    /// Where the directive's head ends: at a semicolon, a block's brace, or its line's end.
    fn stop(&self) -> usize {
        let mut at = self.at;
        let mut quote = None;
        while let Some(&byte) = self.bytes.get(at) {
            match (quote, byte) {
                (_, b'\\') => at += 1,
                (Some(open), _) if byte == open => quote = None,
                (Some(_), b'\n') if self.ends == Ends::Line => return at,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b';') if self.ends == Ends::Semicolon => return at,
                (None, b'\n') if self.ends == Ends::Line => return at,
                // `${name}` and `{placeholder}` are parts of an argument.
                (None, b'{') if self.opens_block(at) => return at,
                (None, b'}') if self.ends == Ends::Semicolon && !self.text[self.at..at].contains('{') => return at,
                (None, _) => {}
            }
            at += 1;
        }
        self.bytes.len()
    }

    fn opens_block(&self, at: usize) -> bool {
        let is_apart = at == self.at || self.bytes[at - 1].is_ascii_whitespace() || self.ends == Ends::Semicolon;
        let is_variable = at > 0 && self.bytes[at - 1] == b'$';
        let next = self.bytes.get(at + 1).copied().unwrap_or(b'\n');
        let opens = self.ends == Ends::Semicolon || next.is_ascii_whitespace();
        is_apart && opens && !is_variable
    }

    /// Passes over the code of an embedded language.
    fn code(&mut self) {
        let mut open = 1usize;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' => open += 1,
                b'}' => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ends, is_nested, parse};

    #[test]
    fn blocks_nest_and_arguments_are_text() {
        let tree = parse(
            "http {\n  limit_req_zone $binary_remote_addr zone=llm:10m rate=5r/s; # comment\n  server {\n    location /api/ {\n      limit_req zone=llm burst=10;\n      proxy_pass http://app:8000;\n    }\n  }\n}\n",
            Ends::Semicolon,
        );
        assert_eq!(tree.get("http.server.location.args").and_then(|node| node.as_str()), Some("/api/"));
        assert_eq!(tree.get("**.limit_req").and_then(|node| node.as_str()), Some("zone=llm burst=10"));
    }

    #[test]
    fn lines_end_directives_where_there_are_no_semicolons() {
        let text =
            "*:8081 {\n\treverse_proxy {\n\t\tto web:8080\n\t}\n\thandle /chat* {\n\t\tbasic_auth {$USER}\n\t}\n}\n";
        let tree = parse(text, Ends::Line);
        assert_eq!(tree.get("**.to").and_then(|node| node.as_str()), Some("web:8080"));
        assert_eq!(tree.get("**.handle.args").and_then(|node| node.as_str()), Some("/chat*"));
        assert_eq!(tree.get("**.basic_auth").and_then(|node| node.as_str()), Some("{$USER}"));
    }

    #[test]
    fn settings_files_are_told_from_directives() {
        assert!(is_nested("server {\n  listen 80;\n}\n") && is_nested("limit_req zone=a;\n"));
        assert!(!is_nested("[a]\nx = 1\n") && !is_nested("key = {a;b}\n"));
    }

    #[test]
    fn hostile_texts_end() {
        for text in ["a {", "}", "a \"", "a_block {{", ";;;", "a\\", "${", "é {"] {
            parse(text, Ends::Semicolon);
            parse(text, Ends::Line);
        }
        parse(&"a {\n".repeat(5000), Ends::Semicolon);
    }
}
