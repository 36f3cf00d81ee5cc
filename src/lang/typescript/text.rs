//! The values behind literals: escapes, JSX character references and JSX whitespace.

/// The text between a string's quotes with its escapes resolved; CRLF in templates reads as LF, as the language says.
pub(super) fn unescape(raw: &str) -> Option<String> {
    if !raw.contains(['\\', '\r']) {
        return None;
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => escape(&mut rest, &mut out),
            '\r' => {
                skip(&mut rest, '\n');
                out.push('\n');
            }
            _ => out.push(c),
        }
    }
    Some(out)
}

/// What follows a backslash.
fn escape(rest: &mut std::str::Chars, out: &mut String) {
    let Some(c) = rest.next() else { return };
    match c {
        'n' => out.push('\n'),
        't' => out.push('\t'),
        'r' => out.push('\r'),
        'b' => out.push('\u{8}'),
        'f' => out.push('\u{c}'),
        'v' => out.push('\u{b}'),
        '0'..='7' => octal(c, rest, out),
        'x' => out.push(hex(rest, 2).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)),
        'u' => unicode(rest, out),
        '\r' => skip(rest, '\n'),
        '\n' | '\u{2028}' | '\u{2029}' => {}
        other => out.push(other),
    }
}

fn octal(first: char, rest: &mut std::str::Chars, out: &mut String) {
    let mut value = first.to_digit(8).unwrap_or(0);
    while let Some(digit) = rest.clone().next().and_then(|c| c.to_digit(8)) {
        if value * 8 + digit > 0xff {
            break;
        }
        value = value * 8 + digit;
        rest.next();
    }
    out.extend(char::from_u32(value));
}

fn unicode(rest: &mut std::str::Chars, out: &mut String) {
    let unit = if rest.as_str().starts_with('{') {
        rest.next();
        let digits: String = rest.by_ref().take_while(|c| *c != '}').collect();
        u32::from_str_radix(&digits, 16).ok()
    } else {
        hex(rest, 4)
    };
    let paired = unit.filter(|u| (0xd800..0xdc00).contains(u)).and_then(|high| {
        let mut ahead = rest.clone();
        let low = (ahead.next() == Some('\\') && ahead.next() == Some('u')).then(|| hex(&mut ahead, 4))??;
        let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        *rest = ahead;
        Some(0x10000 + ((high - 0xd800) << 10) + low)
    });
    out.push(paired.or(unit).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
}

fn hex(rest: &mut std::str::Chars, digits: usize) -> Option<u32> {
    let text = rest.as_str().get(..digits)?;
    let value = u32::from_str_radix(text, 16).ok()?;
    rest.nth(digits - 1);
    Some(value)
}

fn skip(rest: &mut std::str::Chars, wanted: char) {
    if rest.as_str().starts_with(wanted) {
        rest.next();
    }
}

/// JSX text as it is rendered: lines are trimmed and joined by one space, character references are resolved.
pub(super) fn jsx_text(raw: &str) -> String {
    let lines: Vec<&str> = raw.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    entities(&lines.join(" "))
}

/// Resolves numeric references and the few named ones that carry syntax; others stay as written.
pub(super) fn entities(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(34).position(|b| b == b';');
        let known = end.and_then(|end| Some((entity(&rest[1..end])?, end + 1)));
        let (text, len) = known.unwrap_or(('&', 1));
        out.push(text);
        rest = &rest[len..];
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
        return code.ok().and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{entities, jsx_text, unescape};

    #[test]
    fn escapes_resolve_as_the_language_says() {
        let cases = [
            (r"a\nb\t\\", "a\nb\t\\"),
            (r"\x41\u0042\u{1F600}", "AB\u{1F600}"),
            (r"\uD83D\uDE00", "\u{1F600}"),
            (r"\uD83D!", "\u{FFFD}!"),
            ("a\\\r\nb\\\nc", "abc"),
            (r"\101\0\q\'", "A\0q'"),
            ("x\r\ny", "x\ny"),
            (r"\u{zz}\x", "\u{FFFD}\u{FFFD}"),
        ];
        for (raw, value) in cases {
            assert_eq!(unescape(raw).as_deref(), Some(value), "{raw:?}");
        }
        assert_eq!(unescape("plain"), None);
    }

    #[test]
    fn jsx_text_reads_as_rendered() {
        assert_eq!(jsx_text("\n   Terms &amp; more\n   here \n"), "Terms & more here");
        assert_eq!(entities("a & b &lt;i&gt; &#65;&#x42; &unknown; &"), "a & b <i> AB &unknown; &");
    }
}
