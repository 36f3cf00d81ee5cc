//! Lists of expressions in cards, joined into one that ignores case.
//!
//! Compiled when first asked, and kept for the process: most cards look into no file of most repositories.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use regex::Regex;
use serde::{Deserialize, Deserializer};

static COMPILED: LazyLock<Mutex<BTreeMap<String, Option<Regex>>>> = LazyLock::new(Mutex::default);

/// Matches where any of a list of expressions does; an empty list never does.
#[derive(Clone, Debug, Default)]
pub(in crate::rules::engines) struct Words {
    list: Vec<String>,
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
        Ok(Words { list: Vec::deserialize(deserializer)?, regex: OnceLock::new() })
    }
}

impl Words {
    pub(in crate::rules::engines) fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// Whether the list was empty.
    pub(in crate::rules::engines) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Where the first match starts.
    pub(in crate::rules::engines) fn find(&self, text: &str) -> Option<usize> {
        self.regex()?.find(text).map(|found| found.start())
    }

    /// What the first group holds in the first match.
    pub(in crate::rules::engines) fn first_group<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.regex()?.captures(text)?.get(1).map(|group| group.as_str())
    }

    /// How many different texts match.
    pub(in crate::rules::engines) fn kinds(&self, text: &str) -> usize {
        let Some(regex) = self.regex() else { return 0 };
        let found: std::collections::BTreeSet<String> =
            regex.find_iter(text).map(|found| found.as_str().to_ascii_lowercase()).collect();
        found.len()
    }

    fn regex(&self) -> Option<&Regex> {
        if self.list.is_empty() {
            return None;
        }
        let joined = || format!("(?im:{})", ascii(&self.list.join("|")));
        self.regex.get_or_init(|| compiled(joined())).as_ref()
    }
}

fn compiled(pattern: String) -> Option<Regex> {
    let mut known = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let entry = known.entry(pattern);
    let compile = |pattern: &String| {
        let regex = Regex::new(pattern);
        debug_assert!(regex.is_ok(), "a card's expression is wrong: {pattern}");
        regex.ok()
    };
    entry.or_insert_with_key(compile).clone()
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
            }
        }
    }
}
