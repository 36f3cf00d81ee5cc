//! The words of `rules/vocabulary/output.yml`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::data;
use crate::embedded::{self, EMBEDDED};

/// Words by what they say of a value; the file's comments are the reference.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::rules::engines) struct Words {
    interpreters: BTreeSet<String>,
    pub(in crate::rules::engines) shell_flags: BTreeSet<String>,
    pub(in crate::rules::engines) extracts: BTreeSet<String>,
    pub(in crate::rules::engines) lookups: BTreeSet<String>,
    pub(in crate::rules::engines) metadata: BTreeSet<String>,
    pub(in crate::rules::engines) closed_types: BTreeSet<String>,
    pub(in crate::rules::engines) rebuilds: BTreeSet<String>,
    pub(in crate::rules::engines) contains: BTreeSet<String>,
    pub(in crate::rules::engines) begins: BTreeSet<String>,
    pub(in crate::rules::engines) harmless: BTreeSet<String>,
    pub(in crate::rules::engines) matches: BTreeSet<String>,
    pub(in crate::rules::engines) hosts: BTreeSet<String>,
    private: BTreeSet<String>,
    pub(in crate::rules::engines) resolves: BTreeSet<String>,
    pub(in crate::rules::engines) below: BTreeSet<String>,
    pub(in crate::rules::engines) asks: BTreeSet<String>,
}

/// The words, read once; a test below holds that they can be.
pub(in crate::rules::engines) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    const PATH: &str = "rules/vocabulary/output.yml";
    data::parse(PATH, embedded::file(EMBEDDED, PATH).unwrap_or_default()).unwrap_or_default()
});

impl Words {
    /// Whether a program takes code or commands as its arguments.
    pub(in crate::rules::engines) fn is_interpreter(&self, program: &str) -> bool {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program).trim();
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        self.interpreters.contains(name) || self.interpreters.contains(bare)
    }

    /// Whether a word or text speaks of private networks.
    pub(in crate::rules::engines) fn is_private(&self, text: &str) -> bool {
        self.private.contains(text) || (text.len() < 60 && self.private.iter().any(|w| w.len() > 3 && text.contains(w)))
    }
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn words_are_data() {
        assert!(WORDS.is_interpreter("/bin/bash"));
        assert!(WORDS.is_interpreter("python3.12"));
        assert!(!WORDS.is_interpreter("git"));
        assert!(WORDS.closed_types.contains("int"));
    }
}
