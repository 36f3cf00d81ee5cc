//! Format strings of `format!` and its kin: text and holes, as `std::fmt` defines them.

/// A piece of a format string.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text with `{{` and `}}` resolved.
    Text(String),
    /// A hole.
    Hole {
        /// What goes in.
        source: Source,
        /// What follows the colon, if anything.
        spec: Option<String>,
        /// Bytes of the hole in the format string, braces included.
        at: (usize, usize),
    },
}

/// What a hole shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The next positional argument.
    Next,
    /// A positional argument.
    Index(usize),
    /// A named argument or a captured variable.
    Name(String),
}

/// Reads a format string; `None` if it is not one.
pub(super) fn parse(format: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    while let Some(found) = format[at..].find(['{', '}']) {
        text.push_str(&format[at..at + found]);
        at += found;
        let brace = &format[at..=at];
        if format[at + 1..].starts_with(brace) {
            text.push_str(brace);
            at += 2;
            continue;
        }
        let end = at + format[at..].find('}').filter(|_| brace == "{")?;
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(hole(&format[at + 1..end], (at, end + 1))?);
        at = end + 1;
    }
    text.push_str(&format[at..]);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Some(pieces)
}

fn hole(inner: &str, at: (usize, usize)) -> Option<Piece> {
    let (source, spec) = match inner.split_once(':') {
        Some((source, spec)) => (source.trim(), Some(spec.trim_end().to_owned())),
        None => (inner.trim(), None),
    };
    let source = match source {
        "" => Source::Next,
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => Source::Index(digits.parse().ok()?),
        name if is_identifier(name) => Source::Name(name.trim_start_matches("r#").to_owned()),
        _ => return None,
    };
    let spec = spec.filter(|spec| !spec.is_empty());
    Some(Piece::Hole { source, spec, at })
}

fn is_identifier(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '#') && !name.starts_with(|c: char| c.is_numeric())
}

/// How many positional arguments a specification takes before the value: one for `.*`.
pub(super) fn extra_args(spec: Option<&str>) -> usize {
    usize::from(spec.is_some_and(|spec| spec.contains(".*")))
}

#[cfg(test)]
mod tests {
    use super::{Piece, Source, parse};

    fn hole(source: Source, spec: Option<&str>, at: (usize, usize)) -> Piece {
        Piece::Hole { source, spec: spec.map(str::to_owned), at }
    }

    #[test]
    fn texts_holes_and_escapes() {
        let pieces = parse("é{{{}}} {name:?}{1:>8}").expect("valid");
        let text = |t: &str| Piece::Text(t.to_owned());
        let expected = [
            text("é{"),
            hole(Source::Next, None, (4, 6)),
            text("} "),
            hole(Source::Name("name".into()), Some("?"), (9, 17)),
            hole(Source::Index(1), Some(">8"), (17, 23)),
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn other_braces_are_no_format() {
        for text in ["{", "}", "{\"key\": 1}", "{a b}", "a{2,3}"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
