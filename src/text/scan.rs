//! The scan of one file: anchors, then the lines around them, then one verdict for each place.

use regex::bytes::Regex;

use crate::source::{PathClass, Span};

use super::assign;
use super::judge::{Judgement, Subject};
use super::pattern::{Category, Hit, Patterns, Row};
use super::place::Place;
use super::shaped::Shaped;
use super::{Credential, Verdict, fingerprint, shape};

/// How far a value may reach from its anchor on one line.
const REACH: (usize, usize) = (256, 4096);
/// The same for values that span lines.
const BLOCK: usize = 8192;
/// Values longer than this are texts.
const LONGEST: usize = 600;
/// More than this in one file is data, not configuration.
const MOST: usize = 500;

/// Finds everything that looks like a credential in a text, in text order. Places do not overlap.
pub fn scan(text: &str, path: &str, class: PathClass, patterns: &Patterns) -> Vec<Credential> {
    let place = Place::of(path, class, text);
    let hits = patterns.hits(text);
    let mut found = shapes(&place, patterns, &hits);
    if !place.shapes_only {
        found.extend(assigned(&place, patterns, &hits));
    }
    without_overlaps(found, patterns)
}

fn shapes(place: &Place<'_>, patterns: &Patterns, hits: &[Hit]) -> Vec<Credential> {
    let mut by_row: Vec<Vec<(usize, usize)>> = vec![Vec::new(); patterns.rows.len()];
    let mut lines = Lines { text: place.text, start: 0, end: 0 };
    for hit in hits {
        let row = &patterns.rows[hit.row];
        if row.is_assigned() || (place.shapes_only && matches!(row.category, Category::Generic | Category::Database)) {
            continue;
        }
        let window = lines.around(row, hit);
        match by_row[hit.row].last_mut() {
            Some(last) if window.0 <= last.1 => last.1 = last.1.max(window.1),
            _ => by_row[hit.row].push(window),
        }
    }
    let mut found = Vec::new();
    for (row, windows) in patterns.rows.iter().zip(by_row) {
        for (start, end) in windows {
            if row.misses(&place.text.as_bytes()[start..end]) {
                continue;
            }
            let Some(regex) = row.value_regex() else { continue };
            in_window(place, patterns, row, regex, (start, end), &mut found);
        }
    }
    found
}

/// The line of the last hit, so that a long line with many hits is measured once.
struct Lines<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl Lines<'_> {
    fn around(&mut self, row: &Row, hit: &Hit) -> (usize, usize) {
        let bytes = self.text.as_bytes();
        let (low, high) = if row.block {
            (hit.start.saturating_sub(64), hit.end.saturating_add(BLOCK).min(bytes.len()))
        } else {
            if !(self.start <= hit.start && hit.end <= self.end) {
                self.start = memchr::memrchr2(b'\n', b'\r', &bytes[..hit.start]).map_or(0, |at| at + 1);
                self.end = memchr::memchr2(b'\n', b'\r', &bytes[hit.end..]).map_or(bytes.len(), |at| hit.end + at);
            }
            (self.start.max(hit.start.saturating_sub(REACH.0)), self.end.min(hit.end.saturating_add(REACH.1)))
        };
        (self.text.ceil_char_boundary(low), self.text.floor_char_boundary(high))
    }
}

fn in_window(
    place: &Place<'_>,
    patterns: &Patterns,
    row: &Row,
    regex: &Regex,
    (start, end): (usize, usize),
    found: &mut Vec<Credential>,
) {
    for groups in regex.captures_iter(&place.text.as_bytes()[start..end]) {
        let Some(whole) = groups.get(0) else { continue };
        let value = groups.name("value").unwrap_or(whole);
        let (at, to) = (start + whole.start(), start + whole.end());
        let span = (start + value.start(), start + value.end());
        let (Some(matched), Some(secret)) = (place.text.get(at..to), place.text.get(span.0..span.1)) else { continue };
        let bytes = place.text.as_bytes();
        if found.len() >= MOST || !is_bounded(bytes, at, to) || is_masked_after(bytes, to) {
            continue;
        }
        let shaped = Shaped { patterns, place, row, matched, at, value: secret };
        let Some(verdict) = shaped.judge() else { continue };
        let name = assign::name_before(place, at);
        found.push(credential(row, Span::new(span.0, span.1), name, secret, verdict));
    }
}

/// A match must not be cut out of a longer word; `\n` and its like before it are escapes, not words.
fn is_bounded(bytes: &[u8], start: usize, end: usize) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let before = start.checked_sub(1).map(|at| bytes[at]);
    let is_escape = start >= 2 && bytes[start - 2] == b'\\' && matches!(before, Some(b'n' | b't' | b'r'));
    let starts = is_escape || !before.is_some_and(is_word) || !bytes.get(start).copied().is_some_and(is_word);
    let ends = end == 0 || !is_word(bytes[end - 1]) || !bytes.get(end).copied().is_some_and(is_word);
    starts && ends
}

/// What goes on in stars or dots is the head of a key that somebody masked.
fn is_masked_after(bytes: &[u8], end: usize) -> bool {
    let tail = bytes.get(end..end + 3).unwrap_or_default();
    tail.first().is_some_and(|first| b"*#.".contains(first) && tail.iter().all(|byte| byte == first))
}

fn assigned(place: &Place<'_>, patterns: &Patterns, hits: &[Hit]) -> Vec<Credential> {
    let mut found = Vec::new();
    let mut read_to = 0;
    let mut last: Option<(usize, usize)> = None;
    for hit in hits.iter().filter(|hit| patterns.rows[hit.row].is_assigned()) {
        if hit.start < read_to || last == Some((hit.start, hit.end)) || found.len() >= MOST {
            continue;
        }
        last = Some((hit.start, hit.end));
        let Some(literal) = assign::at(place, hit.start, hit.end) else { continue };
        let words = shape::words(literal.name);
        if literal.end - literal.start > LONGEST {
            read_to = literal.end;
            continue;
        }
        let value = &place.text[literal.start..literal.end];
        let subject = Subject { patterns, place, name: literal.name, words: &words, value, site: literal.site };
        // Rows stand in the order of their files, the vendors' before the generic ones of equal weight.
        let mut best: Option<(&Row, Judgement)> = None;
        for row in patterns.rows.iter().filter(|row| row.is_assigned()) {
            let Some(verdict) = subject.judge(row, literal.start) else { continue };
            if best.as_ref().is_none_or(|(held, weight)| rank(row, &verdict) > rank(held, weight)) {
                best = Some((row, verdict));
            }
        }
        if let Some((row, verdict)) = best {
            read_to = literal.end;
            found.push(credential(row, Span::new(literal.start, literal.end), Some(literal.name), value, verdict));
        }
    }
    found
}

fn rank(row: &Row, verdict: &Judgement) -> (bool, bool, crate::finding::Confidence) {
    (verdict.verdict.is_reported(), row.category != Category::Generic, verdict.confidence)
}

fn credential(row: &Row, span: Span, name: Option<&str>, value: &str, judged: Judgement) -> Credential {
    let is_guessable = judged.verdict != Verdict::LiveLooking || judged.confidence == crate::finding::Confidence::Low;
    Credential {
        pattern: row.id.clone(),
        kind: row.kind.clone(),
        category: row.category,
        span,
        verdict: judged.verdict,
        reason: judged.reason,
        fingerprint: fingerprint(&row.id, name, value, is_guessable),
        name: name.map(str::to_owned),
        confidence: judged.confidence,
    }
}

/// Keeps, of places that overlap, what a vendor's form vouches for before what a name suggests, and what silences for a
/// known reason before a guess.
fn without_overlaps(mut found: Vec<Credential>, patterns: &Patterns) -> Vec<Credential> {
    let order = |one: &Credential| {
        let is_generic = one.category == Category::Generic;
        let is_catch_all = patterns.rows.iter().any(|row| row.catch_all && row.id == one.pattern);
        let shorter = u32::MAX - (one.span.end - one.span.start);
        (is_generic, is_catch_all, shorter, one.span.start, one.pattern.clone())
    };
    found.sort_by_cached_key(order);
    let mut kept: Vec<Credential> = Vec::new();
    let mut taken = std::collections::BTreeMap::new();
    for one in found {
        let before = taken.range(..one.span.end).next_back().map(|(_, &end)| end);
        if before.is_none_or(|end| end <= one.span.start) {
            taken.insert(one.span.start, one.span.end);
            kept.push(one);
        }
    }
    kept.sort_by_key(|one| one.span);
    kept
}
