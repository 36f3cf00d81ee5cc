//! Keeps secrets out of everything that leaves the process.
//!
//! Every rule says which bytes must not be shown ([`crate::finding::Finding::masked`]). They are hidden in every frame, of
//! whatever finding, and wherever the same text turns up again. Does not look for secrets itself.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Location};
use crate::source::Span;

/// Texts shorter than this are hidden where they were found, but not searched for elsewhere: that would star out words.
const SHORTEST: usize = 6;
/// Nor are plain words up to this length: in prose, a star in a word's place tells which word is the secret.
const LONGEST_WORD: usize = 10;

/// The bytes that may not be shown, by file, and their texts.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    spans: BTreeMap<String, Vec<Span>>,
    /// Longest first, so that a secret is hidden whole before a part of it.
    texts: Vec<String>,
}

impl Masks {
    /// The masks of all findings, reported or not, and of further places.
    pub fn collect<'t>(findings: &[Finding], more: &[Location], text_of: impl Fn(&str) -> Option<&'t str>) -> Masks {
        let mut masks = Masks::default();
        let mut texts = BTreeSet::new();
        for place in findings.iter().flat_map(|finding| &finding.masked).chain(more) {
            let spans = masks.spans.entry(place.path.clone()).or_default();
            let Some(text) = text_of(&place.path) else { continue };
            let span = widen(text, place.span);
            spans.push(span);
            let secret = &text[span.start as usize..span.end as usize];
            let lines = secret.lines().map(str::trim).chain([secret]);
            for line in lines.filter(|line| line.len() >= SHORTEST && !is_word(line)) {
                // As it stands, and as a dump or JSON writes it.
                texts.extend([line.to_owned(), line.escape_debug().to_string()]);
            }
        }
        masks.texts = texts.into_iter().collect();
        masks.texts.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        masks
    }

    /// The same without texts that are part of a file's path: the path shows them anyway, and must stay a path.
    pub fn outside_paths<'p>(mut self, paths: impl Iterator<Item = &'p str> + Clone) -> Masks {
        self.texts.retain(|text| !paths.clone().any(|path| path.contains(text.as_str())));
        self
    }

    /// Whether any byte of `span` in a file is masked by place.
    pub fn touch(&self, path: &str, span: Span) -> bool {
        let spans = self.spans.get(path).map_or(&[][..], Vec::as_slice);
        spans.iter().any(|masked| masked.start < span.end && span.start < masked.end)
    }

    /// The bytes of `span` in a file's text with each masked byte as `*`: lengths and line ends stay as they are.
    pub fn window(&self, path: &str, text: &str, span: Span) -> String {
        let span = widen(text, span);
        let mut bytes = text.as_bytes()[span.start as usize..span.end as usize].to_vec();
        for masked in self.spans.get(path).map_or(&[][..], Vec::as_slice) {
            let start = masked.start.clamp(span.start, span.end) - span.start;
            let end = masked.end.clamp(span.start, span.end) - span.start;
            star(&mut bytes[start as usize..end as usize]);
        }
        let mut shown = String::from_utf8_lossy(&bytes).into_owned();
        for secret in &self.texts {
            if shown.contains(secret.as_str()) {
                shown = shown.replace(secret.as_str(), &"*".repeat(secret.len()));
            }
        }
        shown
    }

    /// Prose without any masked text.
    pub fn redact<'p>(&self, prose: &'p str) -> Cow<'p, str> {
        let mut out = Cow::Borrowed(prose);
        for secret in &self.texts {
            if out.contains(secret.as_str()) {
                out = Cow::Owned(out.replace(secret.as_str(), "***"));
            }
        }
        out
    }
}

fn is_word(text: &str) -> bool {
    text.len() <= LONGEST_WORD && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn star(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| !matches!(**byte, b'\n' | b'\r')) {
        *byte = b'*';
    }
}

/// The span moved outwards to character boundaries and into the text.
fn widen(text: &str, span: Span) -> Span {
    let mut start = (span.start as usize).min(text.len());
    let mut end = (span.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::Masks;
    use crate::finding::Location;
    use crate::source::Span;

    const TEXT: &str = "a = 'hünter22'\nb = 'hünter22'\n";

    fn masks() -> Masks {
        let place = Location { path: "a.py".into(), span: Span::new(5, 14) };
        Masks::collect(&[], &[place], |_| Some(TEXT))
    }

    #[test]
    fn masked_bytes_and_their_copies_become_stars_of_the_same_length() {
        let shown = masks().window("a.py", TEXT, Span::new(0, TEXT.len()));
        assert_eq!(shown, "a = '*********'\nb = '*********'\n");
        assert_eq!(shown.len(), TEXT.len());
        assert_eq!(masks().window("b.py", "x = hünter22", Span::new(0, 13)), "x = *********");
    }

    #[test]
    fn a_guessable_word_is_hidden_in_its_place_only() {
        let text = "password: password\n";
        let place = Location { path: "a.yml".into(), span: Span::new(10, 18) };
        let masks = Masks::collect(&[], &[place], |_| Some(text));
        assert_eq!(masks.window("a.yml", text, Span::new(0, text.len())), "password: ********\n");
        assert_eq!(masks.redact("the password is guessable"), "the password is guessable");
    }

    #[test]
    fn paths_stay_paths() {
        let masks = masks().outside_paths(["src/hünter22/a.py"].into_iter());
        assert_eq!(masks.redact("src/hünter22/a.py"), "src/hünter22/a.py");
        assert_eq!(masks.window("a.py", TEXT, Span::new(0, 15)), "a = '*********'", "its place stays hidden");
    }

    #[test]
    fn prose_is_redacted_and_untouched_lines_are_told_apart() {
        assert_eq!(masks().redact("the key hünter22 is live"), "the key *** is live");
        assert!(masks().touch("a.py", Span::new(0, 6)));
        assert!(!masks().touch("a.py", Span::new(15, 30)));
    }

    #[test]
    fn a_span_inside_a_character_or_past_the_end_is_widened() {
        let place = Location { path: "a".into(), span: Span::new(1, 900) };
        let masks = Masks::collect(&[], &[place], |_| Some("éé"));
        assert_eq!(masks.window("a", "éé", Span::new(0, 4)), "****");
    }
}
