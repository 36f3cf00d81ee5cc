//! `primaryLocationLineHash`: the fingerprint by which code scanning follows an alert through edits.
//!
//! The service computes the same value itself and warns where ours differs, so the algorithm is not ours to improve: a
//! rolling hash over the next hundred UTF-16 units from the line's start, without blanks and tabs.

use std::collections::BTreeMap;

use crate::source::Span;

/// How many units a hash covers.
const WINDOW: usize = 100;
const BASE: u64 = 37;
/// Stands for the end of the file.
const END: u16 = u16::MAX;
const TAB: u16 = b'\t' as u16;
const BLANK: u16 = b' ' as u16;
const LF: u16 = b'\n' as u16;
const CR: u16 = b'\r' as u16;

/// A line's hash and the bytes that it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LineHash {
    pub(super) text: String,
    pub(super) span: Span,
}

/// The hashes of all lines of a file.
pub(super) struct LineHashes(Vec<LineHash>);

/// The last hundred units, their hash, and the lines that began among them.
struct Roller {
    units: [u16; WINDOW],
    /// The byte at which a line began, where it did.
    starts: [Option<usize>; WINDOW],
    at: usize,
    hash: u64,
    seen: BTreeMap<u64, u32>,
    out: Vec<LineHash>,
}

impl LineHashes {
    /// Hashes a file.
    pub(super) fn new(text: &str) -> Self {
        let mut roller = Roller {
            units: [0; WINDOW],
            starts: [None; WINDOW],
            at: 0,
            hash: 0,
            seen: BTreeMap::new(),
            out: Vec::new(),
        };
        let mut line_start = Some(());
        let mut after_cr = false;
        for (byte, unit) in units(text) {
            if matches!(unit, BLANK | TAB) || (after_cr && unit == LF) {
                after_cr = false;
                continue;
            }
            after_cr = unit == CR;
            let unit = if unit == CR { LF } else { unit };
            roller.emit(byte);
            // A line starts where its first counted unit stands: leading blanks belong to no hash.
            roller.starts[roller.at] = line_start.take().map(|()| byte);
            if unit == LF {
                line_start = Some(());
            }
            roller.push(unit);
        }
        for _ in 0..WINDOW {
            roller.emit(text.len());
            roller.push(0);
        }
        LineHashes(roller.out)
    }

    /// The hash of a line, counted from 1.
    pub(super) fn line(&self, number: u32) -> Option<&LineHash> {
        self.0.get(number.checked_sub(1)? as usize)
    }
}

/// The text's UTF-16 units with the byte each stands at, and the mark of its end.
fn units(text: &str) -> impl Iterator<Item = (usize, u16)> {
    let unit = |(byte, c): (usize, char)| {
        let mut buffer = [0; 2];
        c.encode_utf16(&mut buffer).to_vec().into_iter().map(move |unit| (byte, unit))
    };
    text.char_indices().flat_map(unit).chain([(text.len(), END)])
}

impl Roller {
    /// Writes down the hash of the line that began a window ago, if one did; `end` is the byte that was reached.
    fn emit(&mut self, end: usize) {
        let Some(start) = self.starts[self.at].take() else { return };
        let nth = self.seen.entry(self.hash).or_default();
        *nth += 1;
        self.out.push(LineHash { text: format!("{:x}:{nth}", self.hash), span: Span::new(start, end) });
    }

    fn push(&mut self, unit: u16) {
        let window = u32::try_from(WINDOW).unwrap_or(u32::MAX);
        let oldest = u64::from(self.units[self.at]).wrapping_mul(BASE.wrapping_pow(window));
        self.hash = self.hash.wrapping_mul(BASE).wrapping_add(u64::from(unit)).wrapping_sub(oldest);
        self.units[self.at] = unit;
        self.at = (self.at + 1) % WINDOW;
    }
}

#[cfg(test)]
mod tests {
    use super::LineHashes;

    fn hashes(text: &str) -> Vec<String> {
        LineHashes::new(text).0.into_iter().map(|hash| hash.text).collect()
    }

    #[test]
    fn known_values() {
        assert_eq!(hashes(""), ["c129715d7a2bc9a3:1"]);
        let lines = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        assert_eq!(hashes(" a\nb\n  \t\tc\n d"), lines);
        assert_eq!(hashes(" a\r\nb\r\n  \t\tc\r\n d"), lines);
        assert_eq!(hashes(" a\rb\r  \t\tc\r d"), lines);
    }

    #[test]
    fn equal_lines_are_counted_and_every_line_has_a_hash() {
        let many = "x\n".repeat(300);
        let all = hashes(&many);
        assert_eq!(all.len(), 301);
        assert!(all[1].ends_with(":2"), "{}", all[1]);
    }

    #[test]
    fn a_hash_knows_the_bytes_it_covers() {
        let text = format!("{}\nb\n", "a".repeat(150));
        let all = LineHashes::new(&text);
        assert_eq!(all.line(1).map(|hash| (hash.span.start, hash.span.end)), Some((0, 100)));
        assert_eq!(all.line(2).map(|hash| (hash.span.start, hash.span.end)), Some((151, 153)));
        assert_eq!(all.line(9), None);
    }
}
