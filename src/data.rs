//! Typed reading of the YAML files that hold the tool's own knowledge, with errors that say what to write instead.
//!
//! For files we ship and for files a team adds in the same form. Not for audited files: those are untrusted and are
//! read by `lang`.

use std::cell::Cell;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_saphyr::Error as YamlError;

use crate::embedded;

thread_local! {
    /// Whether a document is being read in its faster form.
    static IS_QUICK: Cell<bool> = const { Cell::new(false) };
}

/// A value with the line that it stands on; a document in its faster form tells none, and has nothing wrong to point at.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Line from 1; 0 if it is not told.
    pub line: u32,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if IS_QUICK.get() {
            return T::deserialize(deserializer).map(|value| Placed { value, line: 0 });
        }
        let spanned = serde_saphyr::Spanned::<T>::deserialize(deserializer)?;
        let line = u32::try_from(spanned.defined.line()).unwrap_or(u32::MAX);
        Ok(Placed { value: spanned.value, line })
    }
}

/// What is wrong in a data file, where, and what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataError {
    /// The file's path.
    pub file: String,
    /// Line from 1; `None` if it is about the whole file.
    pub line: Option<u32>,
    /// What is wrong, in words.
    pub message: String,
    /// The nearest valid key or value.
    pub nearest: Option<String>,
}

impl DataError {
    /// An error about a whole file.
    pub fn file(file: &str, message: impl Into<String>) -> Self {
        DataError { file: file.into(), line: None, message: message.into(), nearest: None }
    }

    /// An error at a line.
    pub fn line(file: &str, line: u32, message: impl Into<String>) -> Self {
        DataError { line: Some(line), ..DataError::file(file, message) }
    }

    /// An error about a `word` that is none of `known`; names the nearest of them.
    pub fn unknown<'a>(
        file: &str,
        line: u32,
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let message = format!("unknown {what} `{word}`");
        DataError { nearest: nearest(word, known), ..DataError::line(file, line, message) }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.nearest {
            Some(word) => write!(f, "; did you mean `{word}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DataError {}

/// Reads one YAML document into `T`. One that ships with the program, and is right, is read in a faster form that tells no
/// lines.
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, DataError> {
    quick(file, text).map_or_else(|| placed(file, text), Ok)
}

/// A document that ships with the program, in its faster form. `None` for any other text, and where something is wrong
/// with it, which its own text tells.
pub fn quick<T: DeserializeOwned>(file: &str, text: &str) -> Option<T> {
    let compiled = embedded::compiled(file, text)?;
    let before = IS_QUICK.replace(true);
    let read = serde_json::from_str(compiled).ok();
    IS_QUICK.set(before);
    read
}

/// Reads a document from its own text, with the lines of all that is [`Placed`].
pub fn placed<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, DataError> {
    serde_saphyr::from_str(text).map_err(|error| explain(file, &error))
}

/// The known word that is closest to `word`, if one is close enough to be what was meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let word = word.to_lowercase();
    let scored = known.into_iter().map(|candidate| {
        let score = strsim::jaro_winkler(&word, &candidate.to_lowercase());
        (candidate, score)
    });
    let close = scored.filter(|(_, score)| *score >= 0.8);
    // Ties go to the first in text order, so that the advice does not depend on the order of `known`.
    close.max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(a.0))).map(|(candidate, _)| candidate.to_owned())
}

fn explain(file: &str, error: &YamlError) -> DataError {
    let error = error.without_snippet();
    let line = error.location().and_then(|at| u32::try_from(at.line()).ok());
    let (message, nearest) = match error {
        YamlError::SerdeUnknownField { field, expected, .. } => {
            (format!("unknown key `{field}`"), nearest(field, expected.iter().copied()))
        }
        YamlError::SerdeUnknownVariant { variant, expected, .. } => {
            (format!("`{variant}` is none of {}", expected.join(", ")), nearest(variant, expected.iter().copied()))
        }
        YamlError::SerdeMissingField { field, .. } => (format!("the key `{field}` is missing"), None),
        YamlError::DuplicateMappingKey { key, .. } => {
            (format!("the key `{}` stands twice", key.as_deref().unwrap_or("?")), None)
        }
        other => (other.to_string(), None),
    };
    DataError { file: file.into(), line, message, nearest }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{nearest, parse};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "read by the parser, whose errors are what is tested")]
        severity: Level,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        High,
        Medium,
    }

    #[test]
    fn errors_name_line_and_nearest_word() {
        let say = |text: &str| parse::<Sample>("r.yml", text).expect_err("is wrong").to_string();
        assert_eq!(say("\nseverty: high\n"), "r.yml:2: unknown key `severty`; did you mean `severity`?");
        assert_eq!(say("severity: hihg\n"), "r.yml:1: `hihg` is none of high, medium; did you mean `high`?");
        assert!(say("{}\n").contains("`severity` is missing"), "{}", say("{}\n"));
        assert!(say("severity: high\nseverity: high\n").contains("stands twice"));
    }

    #[test]
    fn a_far_word_gets_no_advice() {
        assert_eq!(nearest("zebra", ["severity", "status"]), None);
        assert_eq!(nearest("MI3", ["MI-2", "MI-3"]).as_deref(), Some("MI-3"));
    }
}
