//! What a change touches: lines, moved files, and whether a finding comes with it.
//!
//! Both trees are given as files that were read the same way. A file that moved is compared with where it was, if enough of
//! its lines are still the same.

use std::collections::{BTreeMap, BTreeSet};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::finding::Finding;
use crate::source::{LineIndex, SourceFile};

/// Files with more lines than this that differ are taken to have changed everywhere: comparing them costs too much.
const MOST_LINES: usize = 20_000;
/// The part of equal lines, in percent, from which a new file is a moved one.
const SAME_LINES: usize = 50;
/// With more new and gone files than this, only equal texts are taken for moved ones.
const MOST_PAIRS: usize = 40_000;

/// Why a finding is part of a change, or that it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its line changed.
    ChangedLine,
    /// It was not there before, though its line did not change.
    Elsewhere,
    /// It was there before and was not touched.
    Older,
}

/// The lines of the later tree that the earlier one does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedLines {
    /// Ranges of lines (from 1, both ends included) by path; files that did not change are absent.
    lines: BTreeMap<String, Vec<(u32, u32)>>,
    /// Where a file was before, by where it is now.
    moved: BTreeMap<String, String>,
}

impl ChangedLines {
    /// Compares two trees.
    pub fn between(before: &[SourceFile], after: &[SourceFile]) -> ChangedLines {
        let old: BTreeMap<&str, &str> = before.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
        let new: BTreeSet<&str> = after.iter().map(|file| file.path.as_str()).collect();
        let gone: BTreeMap<&str, &str> =
            old.iter().filter(|(path, _)| !new.contains(*path)).map(|(path, text)| (*path, *text)).collect();
        let came: Vec<&SourceFile> = after.iter().filter(|file| !old.contains_key(file.path.as_str())).collect();
        let moved = moves(&gone, &came);
        let mut lines = BTreeMap::new();
        for file in after {
            let was = moved.get(&file.path).map_or(file.path.as_str(), String::as_str);
            let changed = match old.get(was) {
                Some(text) if *text == file.text => continue,
                Some(text) => changed(text, &file.text),
                None => vec![(1, u32::MAX)],
            };
            lines.insert(file.path.clone(), changed);
        }
        ChangedLines { lines, moved }
    }

    /// Whether any of the lines changed.
    pub fn touches(&self, path: &str, first: u32, last: u32) -> bool {
        self.lines.get(path).is_some_and(|ranges| ranges.iter().any(|(from, to)| *from <= last && first <= *to))
    }

    /// Where a file is now, by where it was.
    pub fn now_at<'p>(&'p self, before: &'p str) -> &'p str {
        self.moved.iter().find(|(_, was)| was.as_str() == before).map_or(before, |(now, _)| now)
    }

    /// Where a file was, by where it is now.
    pub fn was_at<'p>(&'p self, now: &'p str) -> &'p str {
        self.moved.get(now).map_or(now, String::as_str)
    }

    /// Why a finding is part of the change. `before` holds the names of what was found in the earlier tree, made with the
    /// paths of the later one.
    pub fn cause(&self, finding: &Finding, name: &str, text: Option<&str>, before: &BTreeSet<String>) -> Cause {
        let touched = text.is_some_and(|text| {
            let index = LineIndex::new(text);
            let line = index.line(finding.at.span.start);
            self.touches(&finding.at.path, line, line)
        });
        match (touched, before.contains(name)) {
            (true, _) => Cause::ChangedLine,
            (false, false) => Cause::Elsewhere,
            (false, true) => Cause::Older,
        }
    }
}

/// New files that are gone ones in another place: first those of equal text, then those with most lines in common.
fn moves(gone: &BTreeMap<&str, &str>, came: &[&SourceFile]) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    let mut left: BTreeMap<&str, &str> = gone.clone();
    for file in came.iter().filter(|file| !file.text.trim().is_empty()) {
        if let Some(path) = left.iter().find(|(_, text)| **text == file.text).map(|(path, _)| *path) {
            left.remove(path);
            moved.insert(file.path.clone(), path.to_owned());
        }
    }
    if left.len() * came.len() > MOST_PAIRS {
        return moved;
    }
    for file in came {
        if moved.contains_key(&file.path) {
            continue;
        }
        let rated = left.iter().map(|(path, text)| (alike(text, &file.text), std::cmp::Reverse(*path)));
        if let Some((_, std::cmp::Reverse(path))) = rated.max().filter(|(percent, _)| *percent >= SAME_LINES) {
            left.remove(path);
            moved.insert(file.path.clone(), path.to_owned());
        }
    }
    moved
}

/// The part of lines that two texts share, in percent of the longer one; lines that say little do not count.
fn alike(a: &str, b: &str) -> usize {
    let lines = |text: &'_ str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for line in text.lines().map(str::trim).filter(|line| line.len() > 3) {
            *counts.entry(line.to_owned()).or_default() += 1;
        }
        counts
    };
    let (a, b) = (lines(a), lines(b));
    let total = a.values().sum::<usize>().max(b.values().sum());
    let shared: usize = a.iter().map(|(line, number)| (*number).min(b.get(line).copied().unwrap_or(0))).sum();
    (shared * 100).checked_div(total).unwrap_or(0)
}

/// Ranges of lines of the later text that are new or other.
fn changed(before: &str, after: &str) -> Vec<(u32, u32)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    if old.len().max(new.len()) > MOST_LINES {
        return vec![(1, u32::MAX)];
    }
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let range = |op: DiffOp| match op {
        DiffOp::Insert { new_index, new_len, .. } | DiffOp::Replace { new_index, new_len, .. } => {
            Some((number(new_index + 1), number(new_index + new_len)))
        }
        DiffOp::Equal { .. } | DiffOp::Delete { .. } => None,
    };
    capture_diff_slices(Algorithm::Myers, &old, &new).into_iter().filter_map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::ChangedLines;
    use crate::source::{Language, PathClass, SourceFile};

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.into(), language: Language::Python, class: PathClass::Production, text: text.into() }
    }

    #[test]
    fn changed_lines_are_those_that_the_later_text_has() {
        let changed = ChangedLines::between(
            &[file("a.py", "one\ntwo\nthree\n"), file("same.py", "x\n")],
            &[file("a.py", "one\n2\nthree\nfour\n"), file("new.py", "y\n"), file("same.py", "x\n")],
        );
        let touched: Vec<u32> = (1..=5).filter(|line| changed.touches("a.py", *line, *line)).collect();
        assert_eq!(touched, [2, 4]);
        assert!(changed.touches("new.py", 1, 1) && !changed.touches("same.py", 1, 1));
    }

    #[test]
    fn a_moved_file_is_compared_with_where_it_was() {
        let text = "alpha = 1\nbeta = 2\ngamma = 3\n";
        let changed = ChangedLines::between(
            &[file("old/a.py", text), file("old/b.py", "something = else\nentirely = True\n")],
            &[file("new/a.py", &format!("{text}delta = 4\n"))],
        );
        assert_eq!(changed.was_at("new/a.py"), "old/a.py");
        assert_eq!(changed.now_at("old/a.py"), "new/a.py");
        assert!(!changed.touches("new/a.py", 1, 3) && changed.touches("new/a.py", 4, 4));
        let other = ChangedLines::between(&[file("old/a.py", text)], &[file("new/a.py", "nothing = alike\n")]);
        assert_eq!(other.was_at("new/a.py"), "new/a.py");
    }
}
