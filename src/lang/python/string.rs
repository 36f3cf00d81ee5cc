//! String literals: plain, raw, bytes, interpolated and implicitly concatenated.

use super::Lowering;
use super::kind::{Field, Kind};
use super::tree::At;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, Part};
use crate::source::Span;

/// The literal pieces read so far.
#[derive(Default)]
struct Pieces {
    parts: Vec<Part>,
    text: String,
}

impl Pieces {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(Name::new(&self.text)));
            self.text.clear();
        }
    }
}

/// What the letters in front of the quote say.
#[derive(Clone, Copy, Default)]
struct Prefix {
    is_raw: bool,
    is_bytes: bool,
    is_format: bool,
}

impl Prefix {
    fn of(start: &str) -> Self {
        let mut prefix = Prefix::default();
        for letter in start.bytes() {
            match letter.to_ascii_lowercase() {
                b'r' => prefix.is_raw = true,
                b'b' => prefix.is_bytes = true,
                b'f' | b't' => prefix.is_format = true,
                _ => {}
            }
        }
        prefix
    }
}

impl Lowering<'_> {
    /// A literal or several side by side.
    pub(super) fn string(&mut self, at: At) -> ExprId {
        if let Some(text) = self.plain(at) {
            let text = Name::new(text);
            return self.add(Expr::Str(text), at);
        }
        let tree = self.tree;
        let mut pieces = Pieces::default();
        if self.kind(at) == Kind::ConcatenatedString {
            tree.named(at).filter(|&c| tree.kind(c) == Kind::String).for_each(|c| self.pieces(c, &mut pieces));
        } else {
            self.pieces(at, &mut pieces);
        }
        if pieces.parts.is_empty() {
            let text = Name::new(&pieces.text);
            return self.add(Expr::Str(text), at);
        }
        pieces.flush();
        self.add(Expr::Template { parts: pieces.parts.into(), tag: None }, at)
    }

    /// The text of one literal that means what it says.
    fn plain(&self, at: At) -> Option<&str> {
        if self.kind(at) != Kind::String {
            return None;
        }
        let mut children = self.tree.children(at);
        let start = children.next().filter(|&start| self.kind(start) == Kind::StringStart)?;
        let Some(content) = children.next() else { return Some("") };
        if self.kind(content) != Kind::StringContent || children.next().is_some() {
            return None;
        }
        let text = self.source(content);
        let is_format = Prefix::of(self.source(start)).is_format;
        let is_plain = memchr::memchr2(b'\\', b'\r', text.as_bytes()).is_none();
        (is_plain && !(is_format && memchr::memchr2(b'{', b'}', text.as_bytes()).is_some())).then_some(text)
    }

    /// The only stretch of a literal without escapes, as a place in the file.
    pub(super) fn plain_content(&self, at: At) -> Option<Span> {
        self.plain(at)?;
        self.tree.child_of(at, Kind::StringContent).map(|content| self.span(content))
    }

    fn pieces(&mut self, at: At, pieces: &mut Pieces) {
        let tree = self.tree;
        let mut prefix = Prefix::default();
        for child in tree.children(at) {
            match self.kind(child) {
                Kind::StringStart => prefix = Prefix::of(self.source(child)),
                Kind::StringContent => decode(self.source(child), prefix, &mut pieces.text),
                Kind::Interpolation => self.hole(child, pieces),
                _ => {}
            }
        }
    }

    fn hole(&mut self, at: At, pieces: &mut Pieces) {
        let Some(inner) = self.child(at, Field::Expression) else {
            pieces.flush();
            let value = self.unreadable(at);
            pieces.parts.push(Part::Hole { value, spec: None });
            return;
        };
        // `{x=}` writes its own source first.
        let (outer, end) = (self.span(at), self.span(inner).end);
        let rest = self.slice(Span { start: end, end: outer.end });
        let blank = rest.len() - rest.trim_start().len();
        if rest[blank..].starts_with('=') {
            let after = &rest[blank + 1..];
            let blank = blank + 1 + (after.len() - after.trim_start().len());
            let shown = Span::new(outer.start as usize + 1, end as usize + blank);
            pieces.text.push_str(self.slice(shown));
        }
        pieces.flush();
        let value = self.expr(inner);
        let spec = self.spec(at);
        pieces.parts.push(Part::Hole { value, spec });
    }

    fn spec(&self, at: At) -> Option<Name> {
        let conversion = self.child(at, Field::TypeConversion).map(|c| self.source(c).trim_start_matches('!'));
        let format = self.child(at, Field::FormatSpecifier).map(|f| self.source(f));
        match (conversion, format) {
            (None, None) => None,
            (Some(conversion), None) => Some(Name::new(conversion)),
            (None, Some(format)) => Some(Name::new(format.strip_prefix(':').unwrap_or(format))),
            (Some(conversion), Some(format)) => Some(Name::new(&format!("{conversion}{format}"))),
        }
    }
}

/// Appends what a stretch of a literal stands for.
fn decode(written: &str, prefix: Prefix, into: &mut String) {
    let mut rest = written;
    while let Some(at) = rest.find(['\\', '\r', '{', '}']) {
        into.push_str(&rest[..at]);
        let (special, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        rest = match special {
            b'\\' if !prefix.is_raw => escape(after, prefix, into),
            b'\r' => {
                into.push('\n');
                after.strip_prefix('\n').unwrap_or(after)
            }
            _ => {
                into.push(char::from(special));
                let is_doubled = prefix.is_format && special != b'\\' && after.as_bytes().first() == Some(&special);
                if is_doubled { &after[1..] } else { after }
            }
        };
    }
    into.push_str(rest);
}

/// Appends what the escape whose backslash was just read stands for; gives what follows it.
fn escape<'t>(after: &'t str, prefix: Prefix, into: &mut String) -> &'t str {
    let mut chars = after.chars();
    let simple = match chars.next() {
        Some('n') => '\n',
        Some('t') => '\t',
        Some('r') => '\r',
        Some('a') => '\x07',
        Some('b') => '\x08',
        Some('f') => '\x0c',
        Some('v') => '\x0b',
        Some(quote @ ('\\' | '\'' | '"')) => quote,
        Some('\n') => return chars.as_str(),
        Some('\r') => return after[1..].strip_prefix('\n').unwrap_or(&after[1..]),
        Some('x') => return code(after, 1, 2, 16, into),
        Some('u') if !prefix.is_bytes => return code(after, 1, 4, 16, into),
        Some('U') if !prefix.is_bytes => return code(after, 1, 8, 16, into),
        Some('0'..='7') => return octal(after, into),
        _ => {
            // Not an escape: the backslash stays.
            into.push('\\');
            return after;
        }
    };
    into.push(simple);
    chars.as_str()
}

/// Appends the character whose number is written in `digits` digits after `skip` bytes.
fn code<'t>(after: &'t str, skip: usize, digits: usize, radix: u32, into: &mut String) -> &'t str {
    let written = after.get(skip..skip + digits);
    let written = written.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    match written.and_then(|written| u32::from_str_radix(written, radix).ok()) {
        Some(number) => {
            into.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
            &after[skip + digits..]
        }
        None => {
            into.push('\\');
            after
        }
    }
}

fn octal<'t>(after: &'t str, into: &mut String) -> &'t str {
    let digits = after.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    code(after, 0, digits, 8, into)
}
