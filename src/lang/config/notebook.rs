//! Notebooks: the code cells as one Python source, with a way back to the notebook's bytes.
//!
//! Shell escapes and magics become comments of the same length, so that the rest parses. Outputs are not read.

use serde::{Deserialize, Serialize};

use super::tree::Node;
use super::{ConfigFacts, Format, json, parse};
use crate::finding::Notice;
use crate::source::Span;

/// The code of a notebook.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Notebook {
    /// All code cells, one after another, each ended by a line end.
    pub source: String,
    /// Where each piece of the source comes from: (offset in the source, offset in the notebook), ascending.
    pieces: Vec<(u32, u32)>,
}

/// Shows the sizes, never the code.
impl std::fmt::Debug for Notebook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes of code in {} pieces", self.source.len(), self.pieces.len())
    }
}

impl Notebook {
    /// The notebook's byte that a byte of the source comes from.
    pub fn origin(&self, offset: u32) -> u32 {
        let after = self.pieces.partition_point(|&(at, _)| at <= offset);
        let Some(&(from, origin)) = after.checked_sub(1).and_then(|at| self.pieces.get(at)) else { return 0 };
        let within = self.pieces.get(after).map_or(u32::MAX, |&(next, _)| next - from - 1);
        origin + (offset - from).min(within)
    }

    /// The notebook's bytes that a span of the source comes from.
    pub fn origin_span(&self, span: Span) -> Span {
        let start = self.origin(span.start);
        let end = if span.end > span.start { self.origin(span.end - 1) + 1 } else { start };
        Span { start, end: end.max(start) }
    }
}

/// Reads a notebook's code. A notebook in another language than Python gives none.
pub fn notebook(path: &str, text: &str) -> (Notebook, Vec<Notice>) {
    let (facts, notices) = parse(path, text, Format::Json);
    let language = ["metadata.kernelspec.language", "metadata.language_info.name"].iter().find_map(|at| facts.text(at));
    if language.is_some_and(|language| !language.eq_ignore_ascii_case("python")) {
        return (Notebook::default(), notices);
    }
    (read(&facts, text), notices)
}

fn read(facts: &ConfigFacts, text: &str) -> Notebook {
    let mut notebook = Notebook::default();
    let cells = facts.select("cells.*").into_iter().chain(facts.select("worksheets.*.cells.*"));
    for cell in cells.map(|found| found.node) {
        if cell.key("cell_type").and_then(Node::as_str) != Some("code") {
            continue;
        }
        let Some(source) = cell.key("source").or_else(|| cell.key("input")) else { continue };
        let begin = notebook.source.len();
        match source.as_str() {
            Some(_) => notebook.append(source, text),
            None => source.items().iter().for_each(|line| notebook.append(line, text)),
        }
        notebook.hide_magics(begin);
        if !notebook.source.ends_with('\n') {
            notebook.source.push('\n');
        }
    }
    notebook
}

impl Notebook {
    fn append(&mut self, part: &Node, text: &str) {
        if part.as_str().is_none() {
            return;
        }
        let (source, pieces) = (&mut self.source, &mut self.pieces);
        json::unescape(text, part.span.start as usize + 1, b'"', |piece, origin| {
            let at = Span::new(source.len(), origin.max(source.len()));
            pieces.push((at.start, u32::try_from(origin).unwrap_or(u32::MAX)));
            source.push_str(piece);
        });
    }

    /// Turns `%magic` and `!shell` lines into comments; a `%%magic` cell is one as a whole.
    fn hide_magics(&mut self, begin: usize) {
        let cell = self.source.split_off(begin);
        let is_foreign = cell.trim_start().strip_prefix("%%").is_some_and(|magic| !is_python_magic(magic));
        for line in cell.split_inclusive('\n') {
            let body = line.trim_start();
            let is_magic = body.starts_with(['%', '!']) || (body.starts_with('?') && body.len() > 1);
            match body.chars().next() {
                Some(first) if is_magic || (is_foreign && first.is_ascii()) => {
                    self.source.push_str(&line[..line.len() - body.len()]);
                    self.source.push('#');
                    self.source.push_str(&body[first.len_utf8()..]);
                }
                Some(_) if is_foreign => self
                    .source
                    .extend(line.chars().map(|c| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) })),
                _ => self.source.push_str(line),
            }
        }
    }
}

fn is_python_magic(magic: &str) -> bool {
    ["time", "timeit", "capture", "prun"].iter().any(|known| magic.starts_with(known))
}
