//! `launchlint.toml` as written, and its merge into run settings.
//!
//! A key that is not known is an error with its line and the nearest known name: a misspelt `exclude` must not silently
//! widen a scan.

mod size;
mod team;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

pub use size::Size;
pub use team::{AttestationEntry, DecisionEntry, ItemEntry};

use super::described::{Described, section};
use super::{ClassGlobs, GlobError, PathGlobs, RuleSelection, SizeLimits, WalkSettings};
use crate::data::nearest;
use crate::finding::Severity;

/// File names that hold the configuration, in the order they are looked for.
pub const FILE_NAMES: [&str; 2] = ["launchlint.toml", ".launchlint.toml"];

section! {
    /// The project file of launchlint: what is read, what must hold, who answers for it, and what was decided.
    pub struct Config {
        /// The kind of product, which sets tracks and severities: `chatbot`, `code-assistant`, `research-assistant`,
        /// `medical`, `agent` or `rag`.
        pub profile: Option<String>,
        /// What is read.
        pub scan: Scan,
        /// Which rules speak.
        pub rules: Rules,
        /// What files are for, where their paths mislead.
        pub paths: Paths,
        /// Thresholds by checklist item and name; the checklist's reference values hold where nothing is said.
        pub policy: BTreeMap<String, BTreeMap<String, f64>>,
        /// Owner, reviewer, track and severity by checklist item or group.
        pub items: BTreeMap<String, ItemEntry>,
        /// Statements about what reading a repository cannot show.
        pub attestations: Vec<toml::Spanned<AttestationEntry>>,
        /// What was decided about failures.
        pub decisions: Vec<toml::Spanned<DecisionEntry>>,
    }

    /// `[scan]`: what is read.
    pub struct Scan {
        /// Paths that are not read.
        pub exclude: Vec<String>,
        /// If not empty, only these are read.
        pub include: Vec<String>,
        /// Larger files are skipped and named: bytes, or text such as `"2 MiB"`.
        pub max_file_size: Option<Size>,
    }

    /// `[rules]`: which rules speak and how loudly.
    pub struct Rules {
        /// Rules that do not run.
        pub disable: Vec<String>,
        /// Severities that replace a rule's own.
        pub severity: BTreeMap<String, Severity>,
        /// Values that replace those of a rule's `detect`, by rule and key.
        pub options: BTreeMap<String, BTreeMap<String, Value>>,
    }

    /// `[paths]`: what files are for. A file under one of these is judged by it, whatever its name looks like.
    pub struct Paths {
        /// Ships; wins over the other lists.
        pub production: Vec<String>,
        /// Tests, fixtures, mocks.
        pub test: Vec<String>,
        /// Examples, demos, documentation.
        pub example: Vec<String>,
        /// Third-party code.
        pub vendored: Vec<String>,
        /// Generated or minified code.
        pub generated: Vec<String>,
    }
}

/// Where a configuration comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'a> {
    /// What it was read from, to find the line of a value that is wrong.
    pub text: &'a str,
    /// The scanned root as seen from the configuration's folder, from which its patterns count; empty if they are one.
    pub root: &'a str,
}

impl Origin<'_> {
    /// The line of the first quoted `word`, for values that turn out to be wrong later.
    pub fn line_of(&self, word: &str) -> Option<usize> {
        let quotes = [format!("\"{word}\""), format!("'{word}'"), word.to_owned()];
        let at = quotes.iter().find_map(|quoted| self.text.find(quoted.as_str()));
        at.map(|at| line_of(self.text, at))
    }

    /// The line that holds a byte of the text.
    pub fn line_at(&self, offset: usize) -> usize {
        line_of(self.text, offset)
    }
}

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The line (from 1) it stands on, if known.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead, if known.
    pub hint: Option<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl Config {
    /// Reads the text of a `launchlint.toml`.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| explain(text, &error))
    }

    /// The JSON Schema of the file, for editors.
    pub fn json_schema() -> Value {
        let mut schema = Self::schema();
        schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
        schema["title"] = FILE_NAMES[0].into();
        schema
    }

    /// Adds this configuration to settings; rules that are already selected there stay.
    pub fn apply(
        &self,
        origin: Origin<'_>,
        walk: &mut WalkSettings,
        rules: &mut RuleSelection,
    ) -> Result<(), ConfigError> {
        let globs = |patterns: &[String]| match PathGlobs::new(patterns) {
            Ok(globs) => Ok(globs.counted_from(origin.root)),
            Err(error) => Err(locate(origin.text, error)),
        };
        walk.exclude = globs(&self.scan.exclude)?;
        walk.include = globs(&self.scan.include)?;
        if let Some(Size(bytes)) = self.scan.max_file_size {
            walk.limits = SizeLimits { code: bytes, data: bytes };
        }
        walk.classes = ClassGlobs {
            production: globs(&self.paths.production)?,
            test: globs(&self.paths.test)?,
            example: globs(&self.paths.example)?,
            vendored: globs(&self.paths.vendored)?,
            generated: globs(&self.paths.generated)?,
        };
        // A rule that the command line asks for by name runs even if the file disables it.
        let asked = &rules.only;
        let disabled: Vec<String> = self.rules.disable.iter().filter(|rule| !asked.contains(*rule)).cloned().collect();
        rules.excluded.extend(disabled);
        for (rule, severity) in &self.rules.severity {
            rules.severity.entry(rule.clone()).or_insert(*severity);
        }
        Ok(())
    }
}

/// Turns the parser's error into one with a line and, for a misspelt name, the name that was meant.
fn explain(text: &str, error: &toml::de::Error) -> ConfigError {
    let line = error.span().map(|span| line_of(text, span.start));
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    // serde names the unknown word first and the known ones after it, each in backticks.
    let is_unknown = message.starts_with("unknown ");
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let meant = words.split_first().filter(|_| is_unknown).and_then(|(first, known)| nearest(first, known.to_vec()));
    let hint = meant.map(|name| format!("did you mean `{name}`?"));
    ConfigError { line, message, hint }
}

/// A pattern's error at the first line that holds the pattern.
fn locate(text: &str, error: GlobError) -> ConfigError {
    let line = Origin { text, root: "" }.line_of(&error.pattern);
    ConfigError { line, message: error.to_string(), hint: None }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::{Config, Origin, RuleSelection, WalkSettings};
    use crate::finding::Severity;

    #[test]
    fn a_full_file_reaches_the_settings() {
        let text = r#"
[scan]
exclude = ["legacy"]
max-file-size = "3 MiB"
[rules]
disable = ["unpinned-model", "missing-timeout"]
severity = { missing-rate-limit = "low" }
[paths]
production = ["examples/shop"]
"#;
        let config = Config::parse(text).expect("the file is valid");
        let mut walk = WalkSettings::default();
        let mut rules = RuleSelection::default();
        rules.only.insert("unpinned-model".into());
        config.apply(Origin { text, root: "" }, &mut walk, &mut rules).expect("the values are valid");
        assert!(walk.exclude.is_match("legacy/a.py"));
        assert_eq!(walk.limits.code, 3 << 20);
        assert!(walk.classes.production.is_match("examples/shop/a.py"));
        assert_eq!(rules.severity["missing-rate-limit"], Severity::Low);
        assert!(rules.selects("unpinned-model"), "the command line asked for it");
        assert!(!rules.selects("missing-timeout"));
    }

    #[test]
    fn a_misspelt_key_is_told_with_line_and_nearest_name() {
        let error = Config::parse("[scan]\ninclude = []\nexlude = []\n").expect_err("the key is unknown");
        assert_eq!(error.line, Some(3));
        assert_eq!(error.hint.as_deref(), Some("did you mean `exclude`?"));
        let error = Config::parse("[rules.severity]\nx = \"hihg\"\n").expect_err("the value is unknown");
        assert_eq!((error.line, error.hint.as_deref()), (Some(2), Some("did you mean `high`?")));
        let error = Config::parse("[scna]\n").expect_err("the table is unknown");
        assert_eq!((error.line, error.hint.as_deref()), (Some(1), Some("did you mean `scan`?")));
    }

    #[test]
    fn a_broken_pattern_is_told_with_its_line() {
        let text = "[scan]\nexclude = [\n  \"a\",\n  \"b[\",\n]\n";
        let config = Config::parse(text).expect("the shape is valid");
        let error =
            config.apply(Origin { text, root: "" }, &mut WalkSettings::default(), &mut RuleSelection::default());
        assert_eq!(error.expect_err("the pattern is broken").line, Some(4));
    }
}
