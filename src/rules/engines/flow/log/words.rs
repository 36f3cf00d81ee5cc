//! The words of `rules/vocabulary/logs.yml`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::data;
use crate::embedded::{self, EMBEDDED};
use crate::rules::vocabulary::{Phrases, words};

type Set = BTreeSet<String>;

/// The file's lists; it says itself what they are for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Words {
    pub(super) loggers: Set,
    pub(super) methods: Set,
    ambiguous: Phrases,
    auth: Set,
    text: Set,
    tabular: Set,
    role: Set,
    operator: Set,
    person: Set,
    identity: Phrases,
    pub(super) printing_bases: Set,
    pub(super) printing_decorators: Set,
    pub(super) hiding_types: Set,
    pub(super) hiding_words: Set,
    pub(super) harmless_types: Set,
    producers: Set,
    pub(super) lookups: Set,
    pub(super) inspectors: Set,
    pub(super) bodies: Set,
}

/// The words, read once.
pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    const PATH: &str = "rules/vocabulary/logs.yml";
    data::parse(PATH, embedded::file(EMBEDDED, PATH).unwrap_or_default()).unwrap_or_default()
});

impl Words {
    /// Whether a name is a credential's where people are told apart.
    pub(super) fn is_ambiguous(&self, name: &[String]) -> bool {
        self.ambiguous.end(name)
    }

    /// Whether the words around a name speak of who somebody is, and not of pieces of text.
    pub(super) fn is_auth(&self, around: &BTreeSet<String>) -> bool {
        !around.is_disjoint(&self.auth) && around.is_disjoint(&self.text)
    }

    /// Whether the words around a name speak of tables.
    pub(super) fn is_tabular(&self, around: &BTreeSet<String>) -> bool {
        !around.is_disjoint(&self.tabular)
    }

    /// Whether a path is that of a tool whose output its operator reads.
    pub(super) fn is_operators(&self, path: &str) -> bool {
        words(path).iter().any(|word| self.operator.contains(word))
    }

    /// Whether an address belongs to nobody in particular.
    pub(super) fn is_role(&self, name: &[String]) -> bool {
        name.iter().any(|word| self.role.contains(word))
    }

    /// Whether a class of this name stands for a person.
    pub(super) fn is_person(&self, class: &str) -> bool {
        words(class).last().is_some_and(|word| self.person.contains(word))
    }

    /// Whether a person's member of this name tells who it is.
    pub(super) fn is_identity(&self, name: &str) -> bool {
        self.identity.end(&words(name))
    }

    /// What a function is named for, if it returns that: `get_access_token` gives `access token`.
    pub(super) fn produced(&self, function: &str) -> Option<String> {
        let words = words(function);
        let (verb, rest) = words.split_first()?;
        // `extract_email_from_jwt` returns what stands before the preposition.
        let is_link = |w: &String| {
            matches!(w.as_str(), "from" | "for" | "by" | "with" | "of" | "in" | "to" | "and" | "or" | "if")
        };
        let end = rest.iter().position(is_link).unwrap_or(rest.len());
        (self.producers.contains(verb) && end > 0).then(|| rest[..end].join("_"))
    }
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn lists_are_data() {
        assert!(WORDS.loggers.contains("logger") && WORDS.is_person("KeptUser") && !WORDS.is_person("UserSettings"));
    }

    #[test]
    fn functions_are_told_from_what_they_return() {
        assert_eq!(WORDS.produced("get_access_token").as_deref(), Some("access_token"));
        assert_eq!(WORDS.produced("reset_password"), None);
    }
}
