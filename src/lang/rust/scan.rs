//! One pass over the bytes of a Rust file before it is parsed: how deep it nests, how long its longest expression may
//! be, and the comments that speak to this tool (the parser drops comments).
//!
//! It knows just enough of the lexical grammar to tell brackets and comments from strings; it never rejects a text.

use crate::source::Span;

/// Comments that hold this word are kept.
const TOOL: &str = "launchlint";

/// What the scan saw.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Deepest nesting of brackets.
    pub(super) depth: usize,
    /// Most tokens in a row that could each make the parser or the tree one level deeper without a bracket.
    pub(super) run: usize,
    /// Text and place of comments that name the tool.
    pub(super) comments: Vec<(String, Span)>,
}

/// Scans a file.
pub(super) fn scan(text: &str) -> Scan {
    let mut scanner =
        Scanner { text, bytes: text.as_bytes(), at: 0, level: Level::default(), outer: vec![], found: Scan::default() };
    while scanner.at < scanner.bytes.len() {
        scanner.step();
    }
    scanner.found
}

/// Counters of one bracket level.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Tokens since the last separator.
    run: usize,
    /// Open angle brackets; a comma does not close them.
    angles: usize,
    /// The run that a closing brace ended, in case the expression goes on.
    ended: usize,
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    level: Level,
    outer: Vec<Level>,
    found: Scan,
}

impl Scanner<'_> {
    fn step(&mut self) {
        let byte = self.bytes[self.at];
        match byte {
            b'/' if self.peek(1) == b'/' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'"' => self.string(),
            b'\'' => self.quote(),
            b'(' | b'[' | b'{' => self.open(),
            b')' | b']' | b'}' => self.close(byte == b'}'),
            b';' => self.separator(true),
            b',' => self.separator(false),
            b'#' => self.at += 1,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(),
            _ if byte.is_ascii_whitespace() => self.at += 1,
            _ => self.punct(byte),
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn count(&mut self) {
        self.level.run += 1;
        self.found.run = self.found.run.max(self.level.run + self.level.angles);
    }

    fn punct(&mut self, byte: u8) {
        if self.level.ended > 0 {
            self.level.run = std::mem::take(&mut self.level.ended);
        }
        let arrow = self.at > 0 && matches!(self.bytes[self.at - 1], b'-' | b'=');
        match byte {
            b'<' => self.level.angles += 1,
            b'>' if !arrow => self.level.angles = self.level.angles.saturating_sub(1),
            _ => {}
        }
        self.count();
        self.at += 1;
    }

    fn separator(&mut self, ends_statement: bool) {
        self.level = if ends_statement { Level::default() } else { Level { run: 0, ended: 0, ..self.level } };
        self.at += 1;
    }

    fn open(&mut self) {
        self.count();
        self.outer.push(self.level);
        self.level = Level::default();
        self.found.depth = self.found.depth.max(self.outer.len());
        self.at += 1;
    }

    fn close(&mut self, brace: bool) {
        self.level = self.outer.pop().unwrap_or_default();
        if brace {
            self.level = Level { run: 0, angles: 0, ended: self.level.run };
        }
        self.at += 1;
    }

    /// An identifier, keyword, number, or the prefix of a raw string.
    fn word(&mut self) {
        let start = self.at;
        while matches!(self.peek(0), b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..) {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        if matches!(word, b"r" | b"br" | b"cr") && self.raw_string() {
            return;
        }
        if word == b"else" {
            self.level.run = std::mem::take(&mut self.level.ended);
        } else {
            self.level.ended = 0;
        }
        self.count();
    }

    /// Skips a raw string whose `#`s and quote start here; leaves a raw identifier alone.
    fn raw_string(&mut self) -> bool {
        let hashes = self.bytes[self.at..].iter().take_while(|b| **b == b'#').count();
        if self.peek(hashes) != b'"' {
            return false;
        }
        let mut at = self.at + hashes + 1;
        loop {
            let Some(quote) = memchr::memchr(b'"', &self.bytes[at.min(self.bytes.len())..]) else {
                self.at = self.bytes.len();
                return true;
            };
            at += quote + 1;
            if self.bytes[at..].iter().take(hashes).filter(|b| **b == b'#').count() == hashes {
                self.at = at + hashes;
                return true;
            }
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(found) = memchr::memchr2(b'"', b'\\', &self.bytes[self.at.min(self.bytes.len())..]) {
            self.at += found;
            if self.bytes[self.at] == b'"' {
                self.at += 1;
                return;
            }
            self.at += 2;
        }
        self.at = self.bytes.len();
    }

    /// A character literal, or the quote of a lifetime or label.
    fn quote(&mut self) {
        let rest = &self.text[self.at + 1..];
        let mut chars = rest.char_indices();
        match (chars.next(), chars.next()) {
            (Some((_, '\\')), _) => {
                let end = self.bytes.get(self.at + 3..).and_then(|tail| memchr::memchr(b'\'', tail));
                self.at = end.map_or(self.bytes.len(), |end| self.at + 3 + end + 1);
            }
            (Some(_), Some((at, '\''))) => self.at += 1 + at + 1,
            _ => self.at += 1,
        }
    }

    fn line_comment(&mut self) {
        let start = self.at;
        let end = memchr::memchr(b'\n', &self.bytes[start..]).map_or(self.bytes.len(), |end| start + end);
        self.at = end;
        let end = start + self.text[start..end].trim_end().len();
        self.comment(start, end, self.text[start..end].trim_start_matches(['/', '!']));
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut open = 0_usize;
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => open += 1,
                (b'*', b'/') => open -= 1,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            self.at += 2;
            if open == 0 {
                break;
            }
        }
        self.at = self.at.min(self.bytes.len());
        let body = self.text[start..self.at].trim_start_matches("/*").trim_end_matches("*/");
        self.comment(start, self.at, body);
    }

    fn comment(&mut self, start: usize, end: usize, body: &str) {
        if body.contains(TOOL) {
            self.found.comments.push((body.trim().to_owned(), Span::new(start, end)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::scan;

    #[test]
    fn brackets_in_strings_chars_and_comments_do_not_nest() {
        let text = r##"fn f<'a>(x: &'a str) { g('(', '\'', "[[\"[[", r#"{{"{{"#, b'{'); /* ((( /* */ */ } // (((("##;
        let found = scan(text);
        assert_eq!(found.depth, 2);
        assert!(found.comments.is_empty());
    }

    #[test]
    fn comments_that_name_the_tool_are_kept_without_markers() {
        let text = "let a = \"// launchlint: no\"; // launchlint: allow[x] reason\n/* launchlint: b */ é\n";
        let texts: Vec<_> = scan(text).comments.into_iter().map(|(t, s)| (t, s.start)).collect();
        assert_eq!(texts, [("launchlint: allow[x] reason".to_owned(), 29), ("launchlint: b".to_owned(), 60)]);
    }

    #[test]
    fn runs_end_at_separators_and_go_on_after_braces() {
        assert!(scan(&"a(b); ".repeat(900)).run < 10);
        assert!(scan(&"fn f() {} ".repeat(900)).run < 10);
        assert!(scan(&"[1, -2, 3], ".repeat(900)).run < 10);
        assert!(scan(&format!("x = {};", "S {} + ".repeat(900))).run >= 900);
        assert!(scan(&format!("x = {};", "if a {} else ".repeat(900))).run >= 900);
        assert!(scan(&"Vec<u8, ".repeat(900)).run >= 900);
    }
}
