//! Source text and positions in it: the one owner of every conversion between bytes, lines and columns.
//!
//! Spans are byte offsets everywhere inside the tool; lines and columns exist only here and in reports.

use serde::{Deserialize, Serialize};

/// A half-open byte range in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` to `end` (clamped so that it is never negative).
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Span { start, end: end.max(start) }
    }

    /// Whether `other` lies within this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Python, and the code cells of notebooks.
    Python,
    /// TypeScript, TSX, JavaScript, JSX and the script blocks of Vue and Svelte files: one language to every rule and model.
    TypeScript,
    /// Rust.
    Rust,
    /// Structured configuration: YAML, TOML, JSON, dotenv and their dialects.
    Config,
    /// A prompt or a prompt template.
    Prompt,
    /// Any other text, read for credentials only.
    Text,
}

impl Language {
    /// Whether files of this language are lowered to [`crate::ir::FileFacts`].
    pub fn is_code(self) -> bool {
        matches!(self, Language::Python | Language::TypeScript | Language::Rust)
    }

    /// The name shown to users.
    pub fn label(self) -> &'static str {
        match self {
            Language::Python => "Python",
            Language::TypeScript => "TypeScript/JavaScript",
            Language::Rust => "Rust",
            Language::Config => "configuration",
            Language::Prompt => "prompt",
            Language::Text => "text",
        }
    }
}

/// What a file is for, judged from its path and first bytes. Anything but `Production` is reported for live-looking credentials only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathClass {
    /// Code that ships.
    Production,
    /// Tests, fixtures, mocks.
    Test,
    /// Examples, demos, tutorials, documentation.
    Example,
    /// Vendored third-party code.
    Vendored,
    /// Generated or minified code.
    Generated,
}

/// A position as people and SARIF write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1 (SARIF `columnKind: utf16CodeUnits`).
    pub column: u32,
}

/// Line starts of one file.
#[derive(Clone, Debug, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes a text. LF, CRLF and a bare CR each end a line.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !is_crlf {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        LineIndex { starts }
    }

    /// The line (from 1) that holds a byte offset.
    pub fn line(&self, offset: u32) -> u32 {
        let after = self.starts.partition_point(|&start| start <= offset);
        u32::try_from(after.max(1)).unwrap_or(u32::MAX)
    }

    /// Line and UTF-16 column of a byte offset in `text`, which must be the text this index was made from.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let mut end = (offset as usize).clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let units = text.get(start..end).map_or(0, |head| head.encode_utf16().count());
        Position { line, column: u32::try_from(units + 1).unwrap_or(u32::MAX) }
    }

    /// The bytes of a line (from 1) without its line end; `None` past the last line.
    pub fn line_span(&self, text: &str, line: u32) -> Option<Span> {
        let start = *self.starts.get(line.checked_sub(1)? as usize)? as usize;
        let end = self.starts.get(line as usize).map_or(text.len(), |&next| next as usize);
        let body = text.get(start..end)?.trim_end_matches(['\n', '\r']);
        Some(Span::new(start, start + body.len()))
    }

    /// How many lines there are.
    pub fn len(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// Whether the text was empty.
    pub fn is_empty(&self) -> bool {
        self.starts.len() <= 1
    }
}

/// A file as discovered and read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path relative to the scanned root, with `/` as separator.
    pub path: String,
    /// What it is written in.
    pub language: Language,
    /// What it is for.
    pub class: PathClass,
    /// Its text; invalid UTF-8 was replaced and told in a notice.
    pub text: String,
}

impl SourceFile {
    /// The file name's extension in lower case, or an empty string.
    pub fn extension(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, Position};

    #[test]
    fn every_line_ending_ends_one_line() {
        let text = "a\nb\r\nc\rd";
        let index = LineIndex::new(text);
        assert_eq!(index.len(), 4);
        assert_eq!(index.line(0), 1);
        assert_eq!(index.line(5), 3);
        let span = index.line_span(text, 2).expect("line 2 exists");
        assert_eq!(&text[span.start as usize..span.end as usize], "b");
        assert_eq!(index.line_span(text, 5), None);
    }

    #[test]
    fn columns_count_utf16_units() {
        let text = "é𝄞x";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 6), Position { line: 1, column: 4 });
        assert_eq!(index.position(text, 999), Position { line: 1, column: 5 });
    }
}
