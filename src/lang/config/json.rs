//! JSON as people write it: comments, trailing commas, single quotes and bare keys are forgiven. Iterative, so that no
//! nesting overflows the stack; a mistake ends the reading and keeps what was read.

use super::tree::{Entry, Kind, Node};
use super::{MAX_DEPTH, MAX_NODES, Problem};
use crate::source::Span;

/// Reads all values of a text.
pub(super) fn parse(text: &str) -> (Vec<Node>, Option<Problem>) {
    let mut reader = Reader { text, at: 0, nodes: 0, open: Vec::new(), documents: Vec::new() };
    if text.starts_with('\u{FEFF}') {
        reader.at = 3;
    }
    let problem = reader.run().err();
    // What is still open ends here, so that a file cut short gives its head.
    while !reader.open.is_empty() {
        reader.close();
    }
    (reader.documents, problem)
}

struct Open {
    start: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(Vec<Entry>, Option<(String, Span)>),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    nodes: usize,
    open: Vec<Open>,
    documents: Vec<Node>,
}

impl Reader<'_> {
    fn run(&mut self) -> Result<(), Problem> {
        while let Some(byte) = self.next_token() {
            match byte {
                b'{' => self.begin(Content::Map(Vec::new(), None))?,
                b'[' => self.begin(Content::List(Vec::new()))?,
                b'}' | b']' => {
                    if !self.closes(byte) {
                        return Err(self.problem("a bracket closes what is not open, or a value is missing"));
                    }
                    self.at += 1;
                    self.close();
                }
                b',' => self.at += 1,
                _ if self.waits_for_key() => self.key()?,
                _ => self.value(byte)?,
            }
        }
        if self.open.is_empty() { Ok(()) } else { Err(self.problem("the text ends inside a value")) }
    }

    fn problem(&self, message: &str) -> Problem {
        Problem::at(self.at, format!("not valid JSON from here on: {message}"))
    }

    /// The next byte that is neither blank nor comment.
    fn next_token(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
                self.at += 1;
            }
            let rest = &bytes[self.at.min(bytes.len())..];
            if rest.starts_with(b"//") || rest.first() == Some(&b'#') {
                self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            } else if rest.starts_with(b"/*") {
                let end = memchr::memmem::find(&rest[2..], b"*/").map_or(rest.len(), |at| at + 4);
                self.at += end;
            } else {
                return rest.first().copied();
            }
        }
    }

    fn begin(&mut self, content: Content) -> Result<(), Problem> {
        if self.waits_for_key() {
            return Err(self.problem("a value stands where a key must"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Problem::at(self.at, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.open.push(Open { start: self.at, content });
        self.at += 1;
        Ok(())
    }

    fn waits_for_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map(_, None), .. }))
    }

    fn closes(&self, byte: u8) -> bool {
        match self.open.last().map(|open| &open.content) {
            Some(Content::Map(_, waiting)) => byte == b'}' && waiting.is_none(),
            Some(Content::List(_)) => byte == b']',
            None => false,
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let kind = match open.content {
            Content::List(items) => Kind::List(items),
            Content::Map(entries, _) => Kind::Map(entries),
        };
        self.place(Node::new(kind, Span::new(open.start, self.at)));
    }

    fn place(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.documents.push(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map(entries, key)) => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, value: node });
                }
            }
        }
    }

    fn key(&mut self) -> Result<(), Problem> {
        let start = self.at;
        let text = self.text_or_word()?;
        let span = Span::new(start, self.at);
        if self.next_token() != Some(b':') {
            return Err(self.problem("a key has no value"));
        }
        self.at += 1;
        if let Some(Open { content: Content::Map(_, key), .. }) = self.open.last_mut() {
            *key = Some((text, span));
        }
        Ok(())
    }

    fn value(&mut self, byte: u8) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Problem::at(self.at, "too many values"));
        }
        let start = self.at;
        let text = self.text_or_word()?;
        let kind = match text.as_str() {
            _ if matches!(byte, b'"' | b'\'') => Kind::Str(text),
            "null" | "undefined" | "NaN" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            number if number.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => Kind::Num(text),
            _ => return Err(Problem::at(start, "not valid JSON from here on: a bare word")),
        };
        self.place(Node::new(kind, Span::new(start, self.at)));
        Ok(())
    }

    fn text_or_word(&mut self) -> Result<String, Problem> {
        let bytes = self.text.as_bytes();
        match bytes.get(self.at) {
            Some(&quote @ (b'"' | b'\'')) => {
                let Some((text, end)) = quoted(self.text, self.at + 1, quote) else {
                    return Err(self.problem("a text has no end"));
                };
                self.at = end;
                Ok(text)
            }
            _ => {
                let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_$+-.".contains(byte) || !byte.is_ascii();
                let length = bytes[self.at..].iter().take_while(|byte| is_word(byte)).count();
                if length == 0 {
                    return Err(self.problem("an unexpected sign"));
                }
                let word = self.text[self.at..self.at + length].to_owned();
                self.at += length;
                Ok(word)
            }
        }
    }
}

/// The text of a quoted value that begins at `start`, and where it ends, its closing quote included.
fn quoted(text: &str, start: usize, quote: u8) -> Option<(String, usize)> {
    let mut out = String::new();
    let end = unescape(text, start, quote, |piece, _| out.push_str(piece))?;
    Some((out, end))
}

/// Walks a quoted value: calls `take` with each decoded piece and the offset it comes from. Returns the end.
pub(super) fn unescape(text: &str, start: usize, quote: u8, mut take: impl FnMut(&str, usize)) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        let run = memchr::memchr2(quote, b'\\', bytes.get(at..)?)?;
        if run > 0 {
            take(&text[at..at + run], at);
        }
        at += run;
        if bytes[at] == quote {
            return Some(at + 1);
        }
        let (decoded, length) = escape(text, at)?;
        take(decoded.encode_utf8(&mut [0; 4]), at);
        at += length;
    }
}

/// The character that an escape stands for, and the escape's length.
fn escape(text: &str, at: usize) -> Option<(char, usize)> {
    let next = text[at + 1..].chars().next()?;
    let plain = match next {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return Some(unicode_escape(text, at)),
        other => other,
    };
    Some((plain, 1 + next.len_utf8()))
}

fn unicode_escape(text: &str, at: usize) -> (char, usize) {
    let unit = |at: usize| text.get(at + 2..at + 6).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(high) = unit(at) else { return (char::REPLACEMENT_CHARACTER, 2) };
    if (0xD800..0xDC00).contains(&high)
        && text.get(at + 6..at + 8) == Some("\\u")
        && let Some(low) = unit(at + 6).filter(|low| (0xDC00..0xE000).contains(low))
    {
        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}
