//! Text that is safe and easy to read on a terminal: control characters made visible, lines wrapped, words counted.

use std::borrow::Cow;

/// A text from the audited repository with nothing left in it that a terminal would obey, on one line.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => out.push(' '),
            '\u{7f}' => out.push('\u{2421}'),
            c if c < ' ' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
            c if is_hostile(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Control characters, and those that reorder or hide what stands around them.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{e0000}'..='\u{e007f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The text in lines of at most `width` characters where words allow it.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let len = word.chars().count();
        match lines.last_mut() {
            Some(line) if used + 1 + len <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + len;
            }
            _ => {
                // A runner takes `::` for a command at the start of a line only.
                lines.push(if word.starts_with("::") { word.replacen("::", ":", 1) } else { word.to_owned() });
                used = len;
            }
        }
    }
    lines
}

/// What a message says is so, without why it matters and what to do: the part before its first colon. Colons inside code
/// do not count, nor the one of `not found: `.
pub(crate) fn claim(message: &str) -> &str {
    let mut is_code = false;
    for (at, c) in message.char_indices() {
        is_code ^= c == '`';
        if !is_code && message[at..].starts_with(": ") && &message[..at] != "not found" {
            return &message[..at];
        }
    }
    message
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::{claim, clean, wrap};

    #[test]
    fn nothing_a_terminal_obeys_is_left() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\nc\u{202e}d"), "a\u{241b}[31mb\u{2407} c\u{fffd}d");
        assert_eq!(clean("plain é"), "plain é");
    }

    #[test]
    fn a_claim_is_what_stands_before_the_reason() {
        assert_eq!(claim("`a: b` reaches `c`: read it: now"), "`a: b` reaches `c`");
        assert_eq!(claim("not found: a memo: nobody knows"), "not found: a memo");
        assert_eq!(claim("no reason"), "no reason");
    }

    #[test]
    fn words_are_kept_whole() {
        assert_eq!(wrap("aa bb cc dddddddd e", 5), ["aa bb", "cc", "dddddddd", "e"]);
        assert!(wrap("", 5).is_empty());
    }
}
