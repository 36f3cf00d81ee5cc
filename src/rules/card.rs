//! Rule cards: who a rule is, how bad, what it serves, how it is detected and what it says.
//!
//! Loads and validates `rules/<id>.yml` with its page. Runs nothing: an engine reads [`Detect`] and judges.

mod load;
mod template;

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use template::Template;

use super::page::Page;
use crate::catalogue::Taxonomies;
use crate::data::{self, DataError};
use crate::finding::{Confidence, Severity};
use crate::source::Language;

/// What is wrong with a card, its page, or the data they refer to.
pub type RuleError = DataError;

/// Where a rule stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Proven on real repositories.
    Stable,
    /// New: on, and said to be new.
    Preview,
    /// Gone; its id is kept so that old configuration gets a clear answer.
    Removed,
}

impl Status {
    /// The word used in files and reports.
    pub fn label(self) -> &'static str {
        match self {
            Status::Stable => "stable",
            Status::Preview => "preview",
            Status::Removed => "removed",
        }
    }
}

/// What a rule does unless configuration says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// Reports findings.
    #[default]
    On,
    /// Feeds the coverage table only.
    Coverage,
}

/// How a rule looks: the engine, and the engine's own parameters as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Detect {
    /// The engine's name.
    pub engine: String,
    /// The other keys, for the engine to read.
    pub params: serde_json::Map<String, serde_json::Value>,
    file: String,
    line: u32,
}

impl Detect {
    /// Reads the parameters into the engine's own type; an error names the card and its line.
    pub fn params<T: DeserializeOwned>(&self) -> Result<T, RuleError> {
        let value = serde_json::Value::Object(self.params.clone());
        serde_json::from_value(value).map_err(|error| self.error(format!("detect: {error}")))
    }

    /// An error about this part of the card.
    pub fn error(&self, message: impl Into<String>) -> RuleError {
        DataError::line(&self.file, self.line, message)
    }
}

/// One rule.
#[derive(Clone, Debug)]
pub struct RuleCard {
    /// Stable id: kebab-case, names the problem.
    pub id: String,
    /// What it is about, in one line.
    pub summary: String,
    /// Where it stands in its life.
    pub status: Status,
    /// Version of the tool that brought it.
    pub since: String,
    /// How bad a finding is if true.
    pub severity: Severity,
    /// How likely a finding is true; SARIF calls it precision.
    pub confidence: Confidence,
    /// Checklist items it bears on.
    pub checklist: Vec<String>,
    /// Weakness classes.
    pub cwe: Vec<u32>,
    /// OWASP Top 10 for LLM Applications entries, such as `LLM10:2025`.
    pub owasp: Vec<String>,
    /// Languages it judges.
    pub languages: Vec<Language>,
    /// How it looks.
    pub detect: Detect,
    /// What a finding says.
    pub message: Template,
    /// What to do, in words.
    pub remedy: String,
    /// Earlier ids.
    pub aliases: Vec<String>,
    /// Rules that say the same more exactly: where one of them speaks, this one is silent.
    pub gives_way: Vec<String>,
    /// What it does by default.
    pub activation: Activation,
    /// Its page.
    pub page: Page,
}

/// All rules, and the taxonomies they refer to.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    cards: BTreeMap<String, RuleCard>,
    aliases: BTreeMap<String, String>,
    /// Names of the weakness classes and risks that cards refer to.
    pub taxonomies: Taxonomies,
}

/// An id that no rule has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// The id as written.
    pub id: String,
    /// The nearest rule id.
    pub nearest: Option<String>,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown rule `{}`", self.id)?;
        match &self.nearest {
            Some(id) => write!(f, "; did you mean `{id}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownRule {}

/// An option that a rule does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownOption {
    /// The rule.
    pub rule: String,
    /// The key as written.
    pub key: String,
    /// The nearest key of its card.
    pub nearest: Option<String>,
}

impl RuleSet {
    /// Loads every card and page from data files sorted by path, or says everything that is wrong with them.
    pub fn load(files: &[(&str, &str)]) -> Result<RuleSet, Vec<RuleError>> {
        load::load(files)
    }

    /// The rule with exactly this id.
    pub fn get(&self, id: &str) -> Option<&RuleCard> {
        self.cards.get(id)
    }

    /// The rule with this id or earlier id.
    pub fn resolve(&self, id_or_alias: &str) -> Result<&RuleCard, UnknownRule> {
        let id = self.aliases.get(id_or_alias).map_or(id_or_alias, String::as_str);
        self.get(id).ok_or_else(|| UnknownRule {
            id: id_or_alias.to_owned(),
            nearest: data::nearest(id_or_alias, self.cards.keys().map(String::as_str)),
        })
    }

    /// All rules by id.
    pub fn iter(&self) -> impl Iterator<Item = &RuleCard> {
        self.cards.values()
    }

    /// The same rules with other values for keys of `detect` that their cards have, by rule and key.
    ///
    /// # Errors
    ///
    /// A key that a card does not have.
    pub fn with_options(
        &self,
        options: &BTreeMap<String, BTreeMap<String, serde_json::Value>>,
    ) -> Result<RuleSet, UnknownOption> {
        let mut rules = self.clone();
        for (rule, values) in options {
            let Some(card) = rules.cards.get_mut(rule) else { continue };
            for (key, value) in values {
                let Some(known) = card.detect.params.get_mut(key) else {
                    let keys = card.detect.params.keys().map(String::as_str);
                    let nearest = data::nearest(key, keys);
                    return Err(UnknownOption { rule: rule.clone(), key: key.clone(), nearest });
                };
                *known = value.clone();
            }
        }
        Ok(rules)
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.cards.len()
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }
}

#[cfg(test)]
mod tests;
