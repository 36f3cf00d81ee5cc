//! The script blocks of Vue and Svelte components.
//!
//! Everything outside of them is blanked byte by byte, so that offsets in the result are offsets in the file. The
//! scanner knows tags, quoted attributes and HTML comments. Of templates it reads one thing: expressions inserted as
//! raw HTML (`{@html x}`, `v-html="x"`), which become calls `$html(x)` in their place.

use super::kind::TSX;
use super::kind::{Grammar, JAVASCRIPT, TYPESCRIPT};

/// The text with all but its scripts blanked, and the grammar its `lang` attributes ask for.
pub(super) fn scripts(text: &str) -> (String, &'static Grammar) {
    let mut grammar: &'static Grammar = &JAVASCRIPT;
    let mut out: Vec<u8> = text.bytes().map(|b| if b == b'\n' || b == b'\r' { b } else { b' ' }).collect();
    let mut at = 0;
    while let Some(block) = next_script(text, at) {
        raw_html(text, at..block.start, &mut out);
        at = block.end;
        out[block.start..block.end].copy_from_slice(&text.as_bytes()[block.start..block.end]);
        // The end tag becomes a statement's end: two blocks must not run together.
        if let Some(gap) = out.get_mut(block.end..block.end + 2) {
            gap.copy_from_slice(b"\n;");
        }
        grammar = match block.lang {
            "ts" | "typescript" => &TYPESCRIPT,
            "tsx" => &TSX,
            _ => grammar,
        };
    }
    raw_html(text, at..text.len(), &mut out);
    // Only whole blocks of a valid text and ASCII were put together.
    (String::from_utf8(out).unwrap_or_default(), grammar)
}

/// Writes the expressions that a stretch of template inserts as raw HTML, each as a call.
fn raw_html(text: &str, within: std::ops::Range<usize>, out: &mut [u8]) {
    for (open, close, call) in [("{@html ", b'}', ";$html("), ("v-html=\"", b'"', " ;$html(")] {
        let mut at = within.start;
        while let Some(found) = text.get(at..within.end).and_then(|rest| rest.find(open)) {
            let start = at + found + open.len();
            let Some(end) = closing(&text.as_bytes()[start..within.end], close).map(|i| start + i) else { break };
            out[at + found..start].copy_from_slice(call.as_bytes());
            out[start..end].copy_from_slice(&text.as_bytes()[start..end]);
            out[end] = b')';
            at = end;
        }
    }
}

/// Where an expression ends, braces in it counted.
fn closing(text: &[u8], close: u8) -> Option<usize> {
    let mut depth = 0usize;
    for (at, &b) in text.iter().enumerate() {
        match b {
            _ if b == close && depth == 0 => return Some(at),
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

struct Script<'a> {
    start: usize,
    end: usize,
    lang: &'a str,
}

fn next_script(text: &str, from: usize) -> Option<Script<'_>> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += memchr::memchr(b'<', &bytes[at..])?;
        if bytes[at..].starts_with(b"<!--") {
            at += memchr::memmem::find(&bytes[at..], b"-->")?;
            continue;
        }
        if !starts_tag(&bytes[at..], b"<script") {
            at += 1;
            continue;
        }
        let tag_end = tag_end(bytes, at)?;
        let tag = &text[at..tag_end];
        at = tag_end;
        if tag.ends_with("/>") {
            continue;
        }
        let close =
            memchr::memchr_iter(b'<', &bytes[tag_end..]).find(|i| starts_tag(&bytes[tag_end + i..], b"</script"));
        let end = close.map_or(bytes.len(), |i| tag_end + i);
        return Some(Script { start: tag_end, end, lang: attribute(tag, "lang").unwrap_or_default() });
    }
}

fn starts_tag(bytes: &[u8], tag: &[u8]) -> bool {
    let Some((head, rest)) = bytes.split_at_checked(tag.len()) else { return false };
    let ends = rest.first().is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
    head.eq_ignore_ascii_case(tag) && ends
}

/// The offset behind a tag's `>`, which does not count inside quotes.
fn tag_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut quote = None;
    for (at, &b) in bytes.iter().enumerate().skip(from) {
        match (quote, b) {
            (Some(open), _) if open == b => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(b),
            (None, b'>') => return Some(at + 1),
            (None, _) => {}
        }
    }
    None
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let at = rest.find(name)?;
        let before = rest[..at].chars().next_back();
        rest = &rest[at + name.len()..];
        let Some(value) = rest.trim_start().strip_prefix('=') else { continue };
        if before.is_some_and(char::is_whitespace) {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let body = quote.map_or(value, |q| value.trim_start_matches(q));
            let end = body.find(|c: char| quote.map_or(c.is_whitespace() || c == '>', |q| c == q));
            return Some(&body[..end.unwrap_or(body.len())]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::scripts;

    #[test]
    fn only_scripts_are_kept_and_offsets_stay() {
        let text = "<!-- <script>no()</script> -->\n<template a='>'>é<script-x>no</script-x></template>\n\
                    <script src=\"x\" />\n<SCRIPT setup lang=\"ts\">yes(1)</SCRIPT>\n<script>\nalso(2)\n</script>";
        let (script, _) = scripts(text);
        assert_eq!(script.len(), text.len());
        assert!(!script.contains("no"));
        assert_eq!(script.find("yes(1)"), text.find("yes(1)"));
        assert_eq!(script.find("also(2)"), text.find("also(2)"));
    }

    #[test]
    fn raw_html_becomes_a_call() {
        let text = "<p>{@html mark({a: 1})}</p>\n<script>let a = 1</script><i v-html=\"a\" />";
        let (script, _) = scripts(text);
        assert_eq!(script.len(), text.len());
        assert!(script.contains(";$html(mark({a: 1}))"));
        assert!(script.contains(" ;$html(a)"));
    }

    #[test]
    fn an_unclosed_script_runs_to_the_end() {
        assert_eq!(scripts("<script>a()").0.trim(), "a()");
        assert_eq!(scripts("<script").0.trim(), "");
        assert_eq!(scripts("<!-- <script>a()").0.trim(), "");
    }
}
