//! Names for findings that survive line moves and unrelated edits.
//!
//! A fingerprint is made of rule, path, subject and the text of the line with its white space evened out and its secrets
//! hidden; equal ones are told apart by their order in the file. It holds no line number, so code above may change.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::finding::Finding;
use crate::mask::Masks;
use crate::source::LineIndex;

/// The fingerprint of each finding, in the order given.
///
/// `findings` must be all of a run: the order among equal ones is part of the name.
pub fn fingerprints<'t>(findings: &[Finding], masks: &Masks, text_of: impl Fn(&str) -> Option<&'t str>) -> Vec<String> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|&at| (&findings[at].at, &findings[at].rule, &findings[at].subject));
    let mut seen: BTreeMap<[u8; 32], u32> = BTreeMap::new();
    let mut out = vec![String::new(); findings.len()];
    let mut lines = Lines { masks, text_of: &text_of, file: None, line: None };
    for at in order {
        let finding = &findings[at];
        let base = digest(&[&finding.rule, &finding.at.path, &finding.subject, lines.normalised(finding)]);
        let nth = seen.entry(base).or_default();
        out[at] = hex(&digest(&[&hex(&base), &nth.to_string()])[..16]);
        *nth += 1;
    }
    out
}

/// The lines of findings in the order of their places: a file is divided into lines once, and a line is read once however
/// many findings stand on it.
struct Lines<'a, 't, F> {
    masks: &'a Masks,
    text_of: &'a F,
    file: Option<(&'a str, Option<(&'t str, LineIndex)>)>,
    /// The last line, by its start in its file, as it counts.
    line: Option<(usize, String)>,
}

impl<'a, 't, F: Fn(&str) -> Option<&'t str>> Lines<'a, 't, F> {
    /// The finding's line with runs of white space as one blank and runs of hidden characters as one star.
    fn normalised(&mut self, finding: &'a Finding) -> &str {
        let path = finding.at.path.as_str();
        if self.file.as_ref().is_none_or(|(known, _)| *known != path) {
            self.file = Some((path, (self.text_of)(path).map(|text| (text, LineIndex::new(text)))));
            self.line = None;
        }
        let Some((_, Some((text, index)))) = &self.file else { return "" };
        let Some(span) = index.line_span(text, index.line(finding.at.span.start)) else { return "" };
        let start = span.start as usize;
        if self.line.as_ref().is_none_or(|(known, _)| *known != start) {
            self.line = Some((start, normalised(&self.masks.window(path, text, span))));
        }
        self.line.as_ref().map_or("", |(_, line)| line)
    }
}

fn normalised(shown: &str) -> String {
    let mut out = String::with_capacity(shown.len());
    for word in shown.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for char in word.chars() {
            if char != '*' || !out.ends_with('*') {
                out.push(char);
            }
        }
    }
    out
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::fingerprints;
    use crate::finding::{Confidence, Finding, Location, Severity};
    use crate::mask::Masks;
    use crate::source::Span;

    fn finding(start: usize) -> Finding {
        Finding {
            rule: "r".into(),
            message: String::new(),
            severity: Severity::High,
            confidence: Confidence::High,
            at: Location { path: "a.py".into(), span: Span::new(start, start + 1) },
            subject: "ask".into(),
            flow: Vec::new(),
            related: Vec::new(),
            remedy: None,
            masked: Vec::new(),
        }
    }

    fn of(text: &str, starts: &[usize]) -> Vec<String> {
        let findings: Vec<_> = starts.iter().map(|start| finding(*start)).collect();
        fingerprints(&findings, &Masks::default(), |_| Some(text))
    }

    #[test]
    fn a_fingerprint_survives_moves_and_reformatting() {
        let before = of("call(x)\n", &[0]);
        assert_eq!(before, of("# new\n\n    call(x)  \n", &[7 + 4]));
        assert_ne!(before, of("call(y)\n", &[0]));
    }

    #[test]
    fn equal_lines_are_told_apart_in_the_order_of_the_file() {
        let both = of("call(x)\ncall(x)\n", &[8, 0]);
        assert_ne!(both[0], both[1]);
        assert_eq!(both[1], of("call(x)\n", &[0])[0]);
    }
}
