//! Lists of expressions in cards, joined into one that ignores case.
//!
//! Compiled when first asked, and kept for the process: most cards look into no file of most repositories.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use regex::{Regex, bytes};
use serde::{Deserialize, Deserializer};

use crate::text::lean::Lean;

/// Longer texts are worth an expression that skips to where it may match.
const SHORT: usize = 16 << 10;

/// Matches where any of a list of expressions does; an empty list never does.
#[derive(Clone, Debug, Default)]
pub(in crate::rules::engines) struct Words {
    list: Vec<String>,
    /// For texts that are ASCII, as most are: compiles many times faster, as `.` and `[^x]` are one byte there.
    plain: OnceLock<Option<bytes::Regex>>,
    /// The same for no more than whether it matches.
    lean: OnceLock<Option<Arc<Lean>>>,
    regex: OnceLock<Option<Regex>>,
}

/// Something that a text must say, by any of several expressions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::rules::engines) struct Statement {
    /// What it is, as a message names it.
    pub(in crate::rules::engines) is: String,
    /// The expressions.
    pub(in crate::rules::engines) any: Words,
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Words { list: Vec::deserialize(deserializer)?, ..Words::default() })
    }
}

impl Words {
    /// Matches where one of several does.
    pub(in crate::rules::engines) fn any_of<'w>(all: impl Iterator<Item = &'w Words>) -> Words {
        Words { list: all.flat_map(|words| words.list.iter().cloned()).collect(), ..Words::default() }
    }

    pub(in crate::rules::engines) fn is_match(&self, text: &str) -> bool {
        if let Some(told) = self.quickly(text) {
            return told;
        }
        match self.plain(text) {
            Some(regex) => regex.is_match(text.as_bytes()),
            None => self.regex().is_some_and(|regex| regex.is_match(text)),
        }
    }

    /// Whether the list was empty.
    pub(in crate::rules::engines) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Where the first match starts.
    pub(in crate::rules::engines) fn find(&self, text: &str) -> Option<usize> {
        if self.quickly(text) == Some(false) {
            return None;
        }
        match self.plain(text) {
            Some(regex) => regex.find(text.as_bytes()).map(|found| found.start()),
            None => self.regex()?.find(text).map(|found| found.start()),
        }
    }

    /// What the first group holds in the first match.
    pub(in crate::rules::engines) fn first_group<'t>(&self, text: &'t str) -> Option<&'t str> {
        if self.quickly(text) == Some(false) {
            return None;
        }
        match self.plain(text) {
            Some(regex) => regex.captures(text.as_bytes())?.get(1).and_then(|group| text.get(group.range())),
            None => self.regex()?.captures(text)?.get(1).map(|group| group.as_str()),
        }
    }

    /// How many different texts match.
    pub(in crate::rules::engines) fn kinds(&self, text: &str) -> usize {
        let Some(regex) = self.regex() else { return 0 };
        let found: std::collections::BTreeSet<String> =
            regex.find_iter(text).map(|found| found.as_str().to_ascii_lowercase()).collect();
        found.len()
    }

    /// Whether it matches a short text, without the whole expression.
    fn quickly(&self, text: &str) -> Option<bool> {
        if self.list.is_empty() {
            return Some(false);
        }
        if text.len() > SHORT || !text.is_ascii() {
            return None;
        }
        let compile = || LEAN.get(self.pattern("im-u"), |pattern| Lean::new(pattern).map(Arc::new).ok_or(()));
        self.lean.get_or_init(compile).as_ref()?.is_match(text.as_bytes())
    }

    fn pattern(&self, flags: &str) -> String {
        format!("(?{flags}:{})", ascii(&self.list.join("|")))
    }

    /// The expression for ASCII, if the text is that and the expression can be had so.
    fn plain(&self, text: &str) -> Option<&bytes::Regex> {
        if self.list.is_empty() || !text.is_ascii() {
            return None;
        }
        let compile = || PLAIN.get(self.pattern("im-u"), bytes::Regex::new);
        self.plain.get_or_init(compile).as_ref()
    }

    fn regex(&self) -> Option<&Regex> {
        if self.list.is_empty() {
            return None;
        }
        let compile = || {
            let regex = COMPILED.get(self.pattern("im"), Regex::new);
            debug_assert!(regex.is_some(), "a card's expression is wrong: {:?}", self.list);
            regex
        };
        self.regex.get_or_init(compile).as_ref()
    }
}

/// What was compiled before, by pattern.
struct Cache<R>(LazyLock<Mutex<BTreeMap<String, Option<R>>>>);

static COMPILED: Cache<Regex> = Cache(LazyLock::new(Mutex::default));
static PLAIN: Cache<bytes::Regex> = Cache(LazyLock::new(Mutex::default));
static LEAN: Cache<Arc<Lean>> = Cache(LazyLock::new(Mutex::default));

impl<R: Clone> Cache<R> {
    fn get<E>(&self, pattern: String, compile: impl Fn(&str) -> Result<R, E>) -> Option<R> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(pattern).or_insert_with_key(|pattern| compile(pattern).ok()).clone()
    }
}

/// The same expression over ASCII classes, which compile and run many times faster; names in files are ASCII.
fn ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut is_class = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('w') if is_class => out.push_str("0-9A-Za-z_"),
                Some('w') => out.push_str("[0-9A-Za-z_]"),
                Some('d') if is_class => out.push_str("0-9"),
                Some('d') => out.push_str("[0-9]"),
                Some('b') if !is_class => out.push_str(r"(?-u:\b)"),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            _ => {
                is_class = (is_class || c == '[') && c != ']';
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Words, ascii};

    #[test]
    fn classes_become_ascii_where_they_stand() {
        assert_eq!(ascii(r"\bx\w+[\w.-]\d[\]\d]"), r"(?-u:\b)x[0-9A-Za-z_]+[0-9A-Za-z_.-][0-9][\]0-9]");
    }

    #[test]
    fn a_list_matches_where_one_of_it_does_whatever_the_case() {
        let words: Words = serde_json::from_str(r#"["^a b$", "c+"]"#).expect("a list");
        assert!(words.is_match("x\nA B\n") && words.is_match("xCC") && !words.is_match("ab"));
        assert!(
            words.is_match("x\nÄ\nA B\n") && words.is_match("äCC") && !words.is_match("äab"),
            "with other letters, too"
        );
        assert_eq!(words.kinds("c CC cc"), 2);
        assert!(!serde_json::from_str::<Words>("[]").expect("a list").is_match(""));
    }

    #[test]
    fn every_expression_of_every_card_compiles() {
        fn visit(value: &serde_json::Value, out: &mut Vec<String>) {
            match value {
                serde_json::Value::String(text) => out.push(text.clone()),
                serde_json::Value::Array(items) => items.iter().for_each(|item| visit(item, out)),
                serde_json::Value::Object(map) => map.values().for_each(|item| visit(item, out)),
                _ => {}
            }
        }
        let rules = crate::rules::card::RuleSet::load(crate::embedded::EMBEDDED).expect("the rules load");
        for card in rules.iter().filter(|card| ["config", "evidence"].contains(&card.detect.engine.as_str())) {
            let mut texts = Vec::new();
            visit(&serde_json::Value::Object(card.detect.params.clone()), &mut texts);
            // Not every text of a card is an expression, and those that are not happen to be valid ones.
            let signs = |text: &&String| text.contains('\\') || text.contains('^') || text.contains('|');
            for text in texts.iter().filter(signs) {
                assert!(regex::Regex::new(&ascii(text)).is_ok(), "{}: {text}", card.id);
                let plain = format!("(?im-u:{})", ascii(text));
                assert!(regex::bytes::Regex::new(&plain).is_ok() || !text.is_ascii(), "{}: {text}", card.id);
            }
        }
    }
}
