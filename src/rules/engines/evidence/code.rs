//! What the text of a code file tells without being parsed: its string literals and the modules it imports.
//!
//! Tests and evaluations do not ship, so the analysis lowers them only where something else asks for them.

use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use crate::source::{SourceFile, Span};

static IMPORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // Boundaries of ASCII words: those of Unicode would keep every file with one other letter from the fast automaton.
    let forms = [
        r"^[ \t]*from[ \t]+([0-9A-Za-z_.]+)[ \t]+import(?-u:\b)",
        r"^[ \t]*import[ \t]+([0-9A-Za-z_.]+)[ \t]*(?:,|;|#|\r?$|as(?-u:\b))",
        r#"(?-u:\b)from[ \t]+["']([^"'\n]+)["']"#,
        r#"(?-u:\b)(?:import|require)[ \t]*\(?[ \t]*["']([^"'\n]+)["']"#,
        r"^[ \t]*(?:pub[ \t]+)?use[ \t]+([0-9A-Za-z_]+)",
    ];
    Regex::new(&format!("(?m:{})", forms.join("|"))).ok()
});

/// Where the modules stand that files import, looked for when the first card asks about a file.
pub(in crate::rules) struct Imports(Vec<OnceLock<Box<[Span]>>>);

impl Imports {
    /// Of that many files.
    pub(in crate::rules) fn new(files: usize) -> Imports {
        Imports((0..files).map(|_| OnceLock::new()).collect())
    }

    /// What [`imports`] tells of a file.
    pub(super) fn of<'t>(&self, index: usize, file: &'t SourceFile) -> impl Iterator<Item = (Span, &'t str)> {
        let spans = self.0[index].get_or_init(|| imports(&file.text).map(|(span, _)| span).collect());
        spans.iter().filter_map(|span| Some((*span, file.text.get(span.start as usize..span.end as usize)?)))
    }
}

/// The modules that a file imports, with where they stand.
fn imports(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let found = IMPORT.as_ref().into_iter().flat_map(|regex| regex.captures_iter(text));
    found.filter_map(|groups| {
        let module = groups.iter().skip(1).flatten().next()?;
        Some((Span::new(module.start(), module.end()), module.as_str()))
    })
}

/// The string literals of a file, as written. What stands in a comment between quotes is one, too; a literal that runs on
/// over lines is one if its quotes are threefold or slanted.
pub(super) fn strings(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\'' | b'`')).map(|n| at + n) {
        let quote = bytes[open];
        let is_triple = bytes[open..].starts_with(&[quote; 3]) && quote != b'`';
        let width = if is_triple { 3 } else { 1 };
        let start = open + width;
        let end = close(bytes, start, quote, is_triple);
        match end {
            Some(end) => {
                found.extend(text.get(start..end));
                at = end + width;
            }
            // An apostrophe, or a literal that never ends.
            None => at = open + 1,
        }
    }
    found
}

fn close(bytes: &[u8], start: usize, quote: u8, is_triple: bool) -> Option<usize> {
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' if !is_triple && quote != b'`' => return None,
            _ if is_triple && bytes[at..].starts_with(&[quote; 3]) => return Some(at),
            _ if !is_triple && byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{imports, strings};

    #[test]
    fn imports_of_each_language_are_told() {
        let text = "from a.b import c\nimport d\nimport x from \"@e/f\";\nconst y = require('g');\nuse h::i;\n";
        let modules: Vec<&str> = imports(text).map(|(_, module)| module).collect();
        assert_eq!(modules, ["a.b", "d", "@e/f", "g", "h"]);
    }

    #[test]
    fn literals_end_where_their_quotes_do() {
        let text = "a = 'b' + \"c \\\" d\"\n# don't\ne = \"\"\"f\ng\"\"\"\nh = `i\nj`\n";
        assert_eq!(strings(text), ["b", "c \\\" d", "f\ng", "i\nj"]);
    }
}
