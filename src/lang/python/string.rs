//! String literals: plain, raw, bytes, interpolated and implicitly concatenated.

use super::Lowering;
use super::grammar::Field;
use super::kind::Kind;
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
            let text = Name::new(self.slice(text));
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

    /// Where a literal's text stands, if it means what it says.
    pub(super) fn plain(&self, at: At) -> Option<Span> {
        if self.kind(at) != Kind::String || self.tree.child_of(at, Kind::Interpolation).is_some() {
            return None;
        }
        let (prefix, content) = self.literal_parts(at)?;
        let bytes = self.slice(content).as_bytes();
        let has_escape = memchr::memchr2(b'\\', b'\r', bytes).is_some();
        let has_brace = prefix.is_format && memchr::memchr2(b'{', b'}', bytes).is_some();
        (!has_escape && !has_brace).then_some(content)
    }

    /// A literal's prefix and what stands between its quotes. The grammar's own nodes for content are not used: it has
    /// none for some raw strings.
    fn literal_parts(&self, at: At) -> Option<(Prefix, Span)> {
        let start = self.tree.child_of(at, Kind::StringStart)?;
        let opening = self.source(start);
        let letters = opening.trim_end_matches(['"', '\'', '`']);
        let quote = &opening[letters.len()..];
        let rest = Span { start: self.span(start).end, end: self.span(at).end };
        let content = self.slice(rest).strip_suffix(quote).unwrap_or(self.slice(rest));
        let end = rest.start as usize + content.len();
        Some((Prefix::of(letters), Span::new(rest.start as usize, end)))
    }

    fn pieces(&mut self, at: At, pieces: &mut Pieces) {
        let tree = self.tree;
        let Some((prefix, content)) = self.literal_parts(at) else { return };
        let mut from = content.start;
        for hole in tree.children(at).filter(|&c| tree.kind(c) == Kind::Interpolation) {
            let span = self.span(hole);
            decode(self.slice(Span { start: from, end: span.start.max(from) }), prefix, &mut pieces.text);
            self.hole(hole, pieces);
            from = span.end;
        }
        decode(self.slice(Span { start: from, end: content.end.max(from) }), prefix, &mut pieces.text);
    }

    fn hole(&mut self, at: At, pieces: &mut Pieces) {
        let Some(inner) = self.child(at, Field::Expression) else {
            pieces.flush();
            let value = self.unreadable(at);
            pieces.parts.push(Part::Hole { value, spec: None });
            return;
        };
        if self.kind(inner) == Kind::NamedExpression {
            return self.aligned_hole(at, inner, pieces);
        }
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

    /// `{x:=^30}`: the grammar sees a walrus where the language sees a format that starts with `=`.
    fn aligned_hole(&mut self, at: At, walrus: At, pieces: &mut Pieces) {
        pieces.flush();
        let whole = self.span(at);
        let value = self.role(walrus, Field::Name);
        let from = self.child(walrus, Field::Name).map_or(whole.start, |name| self.span(name).end);
        let rest = self.slice(Span { start: from, end: whole.end });
        let spec = rest.trim_start().trim_start_matches(':').trim_end_matches('}');
        pieces.parts.push(Part::Hole { value, spec: Some(Name::new(spec)) });
        // What the grammar could not make of the format is read now.
        self.out.facts.unreadable.retain(|span| !whole.contains(*span));
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
