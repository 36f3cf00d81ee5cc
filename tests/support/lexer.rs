//! Parts Rust text into code and string literals, and drops comments. Knows just enough for tests over the sources.

/// A file in parts.
#[derive(Default)]
pub(crate) struct Lexed {
    /// Code with blanks for literals and comments; line breaks are kept.
    pub(crate) code: String,
    /// String literals as written, without quotes, with the line (from 1) they start on.
    pub(crate) strings: Vec<(usize, String)>,
}

impl Lexed {
    /// The lines of the code, numbered from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Every top-level module of the crate that the code names, with its line; groups are taken apart.
    pub(crate) fn crate_paths(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (at, start) in self.code.match_indices("crate::") {
            let is_word_end = self.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if is_word_end || self.code[..at].ends_with('$') {
                continue;
            }
            let line = self.code[..at].matches('\n').count() + 1;
            let rest = &self.code[at + start.len()..];
            match rest.strip_prefix('{') {
                Some(group) => found.extend(members(group).into_iter().map(|module| (line, module))),
                None => found.push((line, word(rest))),
            }
        }
        found
    }
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first words of a use group's members, up to its closing brace.
fn members(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut start = 0;
    let mut found = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.push(word(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found.retain(|module| !module.is_empty());
    found
}

/// Lexes Rust text.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexed = Lexed::default();
    let mut rest = text;
    let mut line = 1;
    while let Some(c) = rest.chars().next() {
        let length = token(rest);
        let (token, tail) = rest.split_at(length);
        let is_comment = token.starts_with("//") || token.starts_with("/*");
        if length == c.len_utf8() && c != '"' {
            lexed.code.push(c);
        } else {
            if !is_comment && !token.starts_with('\'') {
                lexed
                    .strings
                    .push((line, token.trim_start_matches(['r', 'b', '#']).trim_matches(['"', '#']).to_owned()));
            }
            lexed.code.push(' ');
            lexed.code.extend(token.chars().filter(|c| *c == '\n'));
        }
        line += token.matches('\n').count();
        rest = tail;
    }
    lexed
}

/// Bytes of the comment or literal that starts here, or of one character.
fn token(text: &str) -> usize {
    let single = text.chars().next().map_or(0, char::len_utf8);
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return block_comment(text);
    }
    if let Some(hashes) = raw_string(text) {
        let end = format!("\"{}", "#".repeat(hashes));
        let open = text.find('"').unwrap_or_default() + 1;
        return text[open..].find(&end).map_or(text.len(), |at| open + at + end.len());
    }
    match text.as_bytes() {
        [b'"', ..] => quoted(text, 1, b'"'),
        [b'\'', b'\\', ..] => quoted(text, 1, b'\''),
        // A character, unless it is a lifetime.
        [b'\'', ..] => {
            let inner = text[1..].chars().next().map_or(0, char::len_utf8);
            if text[1 + inner..].starts_with('\'') { inner + 2 } else { single }
        }
        _ => single,
    }
}

/// How many hashes a raw string that starts here has.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix("r").or_else(|| text.strip_prefix("br"))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn quoted(text: &str, open: usize, quote: u8) -> usize {
    let bytes = text.as_bytes();
    let mut at = open;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        if text.as_bytes()[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if text.as_bytes()[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}
