//! HCL, the language of Terraform and its relatives, as far as settings need it.
//!
//! A block becomes nested maps under its type and labels, so that `resource.<type>.<name>.<attribute>` is a path.
//! Literals become values; every other expression is kept as text with the tag `expr`, because nobody here evaluates
//! it. A line that does not parse is passed over, so one odd expression never costs the file.

use rustc_hash::FxHashMap;

use super::tree::{Entry, Kind, Node};
use super::{MAX_DEPTH, MAX_NODES};
use crate::source::Span;

/// The tag of values that are expressions, or strings with interpolations.
const EXPR: &str = "expr";

pub(super) fn parse(text: &str) -> Node {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, nodes: 0, ends: None };
    let entries = reader.body(0);
    Node::new(Kind::Map(entries), Span::new(0, text.len()))
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    nodes: usize,
    /// Where each line stands that could end a heredoc, by its text; made when the first heredoc is met.
    ends: Option<FxHashMap<&'a str, Vec<usize>>>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Blanks and comments; line ends, too, if asked.
    fn skip(&mut self, over_lines: bool) {
        while let Some(byte) = self.peek() {
            let rest = &self.bytes[self.at..];
            if byte == b'#' || rest.starts_with(b"//") {
                self.skip_line();
            } else if rest.starts_with(b"/*") {
                let close = memchr::memmem::find(rest, b"*/").map_or(rest.len(), |length| length + 2);
                self.at += close;
            } else if byte == b' ' || byte == b'\t' || byte == b'\r' || (over_lines && byte == b'\n') {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn skip_line(&mut self) {
        self.at = memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |length| self.at + length);
    }

    /// Entries up to a closing brace or the end.
    fn body(&mut self, depth: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        loop {
            self.skip(true);
            match self.peek() {
                None => return entries,
                Some(b'}') => {
                    self.at += 1;
                    return entries;
                }
                Some(b',') => self.at += 1,
                Some(_) => match self.entry(depth) {
                    Some(entry) => entries.push(entry),
                    // Another form: passed over, but never without a step ahead.
                    None => {
                        let before = self.at;
                        self.skip_line();
                        self.at = self.at.max(before + 1).min(self.bytes.len());
                    }
                },
            }
        }
    }

    /// `key = value`, `key: value` or `type "label" { … }`.
    fn entry(&mut self, depth: usize) -> Option<Entry> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            self.at = self.bytes.len();
            return None;
        }
        let (key, key_span) = self.word()?;
        self.skip(false);
        match self.peek()? {
            b'=' | b':' => {
                self.at += 1;
                self.skip(true);
                Some(Entry { key, key_span, value: self.value(depth + 1)? })
            }
            b'{' | b'"' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.block(key, key_span, depth),
            _ => None,
        }
    }

    fn block(&mut self, key: String, key_span: Span, depth: usize) -> Option<Entry> {
        let mut labels = vec![(key, key_span)];
        while self.peek()? != b'{' {
            labels.push(self.word()?);
            self.skip(false);
        }
        let start = self.at;
        self.at += 1;
        let entries = self.body(depth + labels.len());
        let span = Span::new(start, self.at);
        let mut value = Node::new(Kind::Map(entries), span);
        while labels.len() > 1 {
            let (key, key_span) = labels.pop()?;
            value = Node::new(Kind::Map(vec![Entry { key, key_span, value }]), span);
        }
        let (key, key_span) = labels.pop()?;
        Some(Entry { key, key_span, value })
    }

    /// A name or a quoted one.
    fn word(&mut self) -> Option<(String, Span)> {
        let start = self.at;
        if self.peek()? == b'"' {
            let text = self.quoted()?;
            return Some((text, Span::new(start, self.at)));
        }
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || *byte >= 0x80;
        let length = self.bytes[start..].iter().take_while(|byte| is_part(byte)).count();
        self.at += length;
        (length > 0).then(|| (self.text[start..self.at].to_owned(), Span::new(start, self.at)))
    }

    /// The text between quotes, common escapes resolved; strings end in their line.
    fn quoted(&mut self) -> Option<String> {
        let mut out = String::new();
        let mut at = self.at + 1;
        let mut open = 0usize;
        loop {
            match *self.bytes.get(at)? {
                b'"' if open == 0 => break,
                b'\n' => return None,
                b'\\' => {
                    let escaped = self.text[at + 1..].chars().next()?;
                    out.push(match escaped {
                        'n' => '\n',
                        't' => '\t',
                        other => other,
                    });
                    at += 1 + escaped.len_utf8();
                }
                byte => {
                    if self.bytes[at..].starts_with(b"${") || self.bytes[at..].starts_with(b"%{") {
                        open += 1;
                    } else if byte == b'}' && open > 0 {
                        open -= 1;
                    }
                    let c = self.text[at..].chars().next()?;
                    out.push(c);
                    at += c.len_utf8();
                }
            }
        }
        self.at = at + 1;
        Some(out)
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        if depth <= MAX_DEPTH
            && let Some(node) = self.literal(depth)
            && self.is_at_end_of_value()
        {
            return Some(node);
        }
        self.at = start;
        Some(self.expression())
    }

    fn literal(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        let kind = match self.peek()? {
            b'"' => {
                let text = self.quoted()?;
                let is_expr = text.contains("${") || text.contains("%{");
                let node = Node::new(Kind::Str(text), Span::new(start, self.at));
                return Some(Node { tag: is_expr.then(|| EXPR.to_owned()), ..node });
            }
            b'[' => self.list(depth)?,
            b'{' => {
                self.at += 1;
                Kind::Map(self.body(depth + 1))
            }
            b'<' if self.bytes[self.at..].starts_with(b"<<") => self.heredoc()?,
            b'-' | b'0'..=b'9' => {
                let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'+');
                self.at += self.bytes[start..].iter().take_while(is_part).count();
                Kind::Num(self.text[start..self.at].to_owned())
            }
            _ => match self.word()?.0.as_str() {
                "true" => Kind::Bool(true),
                "false" => Kind::Bool(false),
                "null" => Kind::Null,
                _ => return None,
            },
        };
        Some(Node::new(kind, Span::new(start, self.at)))
    }

    fn list(&mut self, depth: usize) -> Option<Kind> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip(true);
            match self.peek()? {
                b']' => {
                    self.at += 1;
                    return Some(Kind::List(items));
                }
                b',' => self.at += 1,
                _ => {
                    let before = self.at;
                    items.push(self.value(depth + 1)?);
                    if self.at == before {
                        return None;
                    }
                }
            }
        }
    }

    /// `<<WORD` or `<<-WORD` up to the line that holds the word alone.
    fn heredoc(&mut self) -> Option<Kind> {
        let head = self.text[self.at..].lines().next()?;
        let word = head.trim_start_matches("<<").trim_start_matches('-').trim();
        let body = self.at + head.len() + 1;
        let text = self.text;
        let lines = self.ends.get_or_insert_with(|| ends(text)).get(word)?;
        let at = *lines.get(lines.partition_point(|at| *at < body))?;
        self.at = at + text[at..].lines().next()?.trim_end().len();
        Some(Kind::Str(text[body..at].to_owned()))
    }

    fn is_at_end_of_value(&mut self) -> bool {
        self.skip(false);
        matches!(self.peek(), None | Some(b'\n' | b',' | b']' | b'}'))
    }

    /// Anything else, brackets balanced, up to the end of its line, item or body.
    fn expression(&mut self) -> Node {
        let start = self.at;
        let mut open = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'(' | b'[' | b'{' => open += 1,
                b')' | b']' | b'}' if open > 0 => open -= 1,
                b']' | b'}' => break,
                b'\n' | b',' if open == 0 => break,
                b'"' if self.quoted().is_some() => continue,
                _ => {}
            }
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or_default().trim_end();
        let node = Node::new(Kind::Str(text.to_owned()), Span::new(start, start + text.len()));
        Node { tag: Some(EXPR.to_owned()), ..node }
    }
}

/// Where the lines of a single word stand, by that word.
fn ends(text: &str) -> FxHashMap<&str, Vec<usize>> {
    let mut found: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let word = line.trim();
        if !word.is_empty() && !word.contains(char::is_whitespace) {
            found.entry(word).or_default().push(at);
        }
        at += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn blocks_are_paths_and_literals_are_values() {
        let tree = parse(
            "# logs\nresource \"aws_cloudwatch_log_group\" \"chat\" {\n  name = \"chat\" // name\n  retention_in_days = 7\n  tags = { team = \"ai\", on = true }\n  rule {\n    days = 3\n  }\n}\n",
        );
        let days = tree.get("resource.aws_cloudwatch_log_group.chat.retention_in_days");
        assert_eq!(days.and_then(|node| node.as_f64()), Some(7.0));
        assert_eq!(tree.get("resource.*.*.tags.team").and_then(|node| node.as_str()), Some("ai"));
        assert_eq!(tree.get("resource.*.*.rule.days").and_then(|node| node.as_f64()), Some(3.0));
    }

    #[test]
    fn expressions_are_kept_as_text_and_cost_nothing_else() {
        let tree = parse(
            "a = var.days * 24\nb = [\"x\", var.y, 3]\nc = \"${var.p}/log\"\n?? broken\nd = <<-EOT\n  text }\n  EOT\ne = f({\n  x = 1\n})\nlast = 1\n",
        );
        assert_eq!(tree.get("a").and_then(|node| node.tag.as_deref()), Some("expr"));
        assert_eq!(tree.get("b").map(|node| node.items().len()), Some(3));
        assert_eq!(tree.get("c").and_then(|node| node.tag.as_deref()), Some("expr"));
        assert_eq!(tree.get("d").and_then(|node| node.as_str()), Some("  text }\n"));
        assert_eq!(tree.get("last").and_then(|node| node.as_f64()), Some(1.0));
    }

    #[test]
    fn hostile_texts_end() {
        for text in ["a = [", "a \"b", "a {", "a = \"${", "}}}}", "a = [[[[", "é = {", "a = <<X\n", "a = \"é\\é\""] {
            parse(text);
        }
        parse(&"a {".repeat(5000));
        parse(&format!("a = {}", "[".repeat(5000)));
    }
}
