//! Credential patterns as data: the schema of `rules/credentials/*.yml` and its compiled form.
//!
//! Expressions are compiled when an anchor first calls for them; [`Patterns::check`] compiles all, for tests and for
//! patterns that a team brings along.

use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};
use regex::bytes::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::data;
use crate::embedded::{EMBEDDED, below};

use super::lean::Lean;
use super::shape;
use super::validate::Validation;

/// What a credential unlocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// A model provider, or a service that stands around one (search, vector store, tracing).
    ModelProvider,
    /// A cloud platform.
    Cloud,
    /// A source host or package registry.
    SourceHost,
    /// Chat, mail and office services.
    ChatPlatform,
    /// Payment.
    Payment,
    /// A database or queue.
    Database,
    /// A signed token.
    Jwt,
    /// A private key.
    PrivateKey,
    /// Known only by its name or its use.
    Generic,
}

/// A pattern file or row that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    /// The file is not what the schema says.
    #[error("{file}: {message}")]
    File {
        /// Its name.
        file: String,
        /// What is wrong with it and where.
        message: String,
    },
    /// A row's expression does not compile or its parts do not fit together.
    #[error("credential pattern `{id}`: {message}")]
    Row {
        /// The row's id.
        id: String,
        /// What is wrong with it.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternFile {
    #[serde(default)]
    patterns: Vec<Row>,
    #[serde(default)]
    vocabulary: Option<Vocabulary>,
}

/// One pattern as written.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) category: Category,
    /// Shape of the value; its group `value`, if any, is the secret part.
    regex: String,
    /// Literals one of which stands near every match.
    keywords: Vec<String>,
    /// The value must be assigned to a name of this shape, and be matched whole.
    #[serde(default)]
    assigned_to: Option<String>,
    /// The value must be assigned to a name that ends in one of these words.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    #[serde(default)]
    pub(crate) validation: Option<Validation>,
    /// Least Shannon entropy, in bits a character.
    #[serde(default)]
    pub(crate) entropy: Option<f64>,
    /// Meant to be seen by everybody.
    #[serde(default)]
    pub(crate) public: bool,
    /// Meant to be seen by everybody if one of these stands near.
    #[serde(default)]
    pub(crate) public_near: Vec<String>,
    /// What somebody chose, not what a service drew by lot: guessable values are samples.
    #[serde(default)]
    pub(crate) chosen: bool,
    /// Opens a sandbox only.
    #[serde(default)]
    pub(crate) test_mode: bool,
    /// Gives way to any other pattern that reads the same place.
    #[serde(default)]
    pub(crate) catch_all: bool,
    /// Spans several lines.
    #[serde(default)]
    pub(crate) block: bool,
    /// Lines that must be found.
    #[serde(default)]
    positive: Vec<String>,
    /// Lines in which nothing may be found.
    #[serde(default)]
    negative: Vec<String>,
    #[serde(skip)]
    value: Lazy,
    #[serde(skip)]
    shape: Shape,
    #[serde(skip)]
    name: Lazy,
}

impl Row {
    /// Whether it reads the value of an assignment instead of a shape anywhere.
    pub(crate) fn is_assigned(&self) -> bool {
        self.assigned_to.is_some() || !self.names.is_empty()
    }

    /// Whether only the name makes it a credential.
    pub(crate) fn is_named_only(&self) -> bool {
        !self.names.is_empty()
    }

    /// The expression of the value: anchored at both ends for assigned rows.
    pub(crate) fn value_regex(&self) -> Option<&Regex> {
        let source = || if self.is_assigned() { format!("^(?:{})$", self.regex) } else { self.regex.clone() };
        self.value.get(source)
    }

    /// Whether the expression of the value matches nowhere in a text: told without the whole expression.
    pub(crate) fn misses(&self, bytes: &[u8]) -> bool {
        let shape = self.shape.0.get_or_init(|| Lean::new(&self.regex).map(Arc::new));
        !self.is_assigned() && shape.as_ref().is_some_and(|shape| shape.is_match(bytes) == Some(false))
    }

    /// Whether a name is one that this row reads. `words` are the name's words.
    pub(crate) fn takes_name(&self, name: &str, words: &[String]) -> bool {
        if self.is_named_only() {
            return self.names.iter().any(|tail| shape::ends_with_words(words, tail));
        }
        let Some(source) = &self.assigned_to else { return false };
        self.name.get(|| source.clone()).is_some_and(|regex| regex.is_match(name.as_bytes()))
    }
}

/// The same for no more than whether it matches.
#[derive(Clone, Default)]
struct Shape(OnceLock<Option<Arc<Lean>>>);

/// An expression compiled at first use.
#[derive(Clone, Default)]
struct Lazy(OnceLock<Result<Regex, String>>);

impl Lazy {
    fn compiled(&self, source: impl Fn() -> String) -> &Result<Regex, String> {
        let build = || RegexBuilder::new(&source()).unicode(false).dot_matches_new_line(false).build();
        self.0.get_or_init(|| build().map_err(|error| error.to_string()))
    }

    fn get(&self, source: impl Fn() -> String) -> Option<&Regex> {
        self.compiled(source).as_ref().ok()
    }
}

/// Words that decide what a name or a value is; the lists are explained in the data file.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Vocabulary {
    pub(crate) placeholders: Vec<String>,
    pub(crate) lookups: Vec<String>,
    pub(crate) test_marks: Vec<String>,
    pub(crate) default_passwords: Vec<String>,
    pub(crate) public_names: Vec<String>,
    pub(crate) placeholder_names: Vec<String>,
    pub(crate) public_remarks: Vec<String>,
    pub(crate) jwt_public_claims: Vec<PublicClaim>,
    pub(crate) signing_words: Vec<String>,
}

/// A claim of a signed token that tells that it is public or a sample.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicClaim {
    pub(crate) claim: String,
    pub(crate) value: String,
    pub(crate) reason: String,
}

/// The examples of one pattern, as templates.
#[derive(Clone, Debug)]
pub struct Examples {
    /// The pattern's id.
    pub id: String,
    /// Templates of lines that must be found as live-looking or public, by this pattern.
    pub positive: Vec<String>,
    /// Templates of lines in which nothing may be reported.
    pub negative: Vec<String>,
}

/// All credential patterns, ready to scan with. Cheap to share, expensive to make: make one for a run.
pub struct Patterns {
    pub(crate) rows: Vec<Row>,
    pub(crate) vocabulary: Vocabulary,
    anchors: AhoCorasick,
    /// The same as a larger table that is searched faster.
    table: OnceLock<Option<AhoCorasick>>,
    /// For each anchor: the rows that it calls for, and its text.
    calls: Vec<(String, Vec<usize>)>,
}

fn searcher(calls: &[(String, Vec<usize>)], kind: Option<AhoCorasickKind>) -> Result<AhoCorasick, BuildError> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(kind)
        .build(calls.iter().map(|(text, _)| text))
}

/// A place where a row may match.
pub(crate) struct Hit {
    pub(crate) row: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Patterns {
    /// Reads pattern files, each given as (name, text).
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Patterns, PatternError> {
        let mut rows: Vec<Row> = Vec::new();
        let mut vocabulary = Vocabulary::default();
        for (file, text) in files {
            let parsed: PatternFile = data::quick(file, text)
                .map_or_else(|| serde_saphyr::from_str(text), Ok)
                .map_err(|error| PatternError::File { file: file.into(), message: error.to_string() })?;
            rows.extend(parsed.patterns);
            if let Some(words) = parsed.vocabulary {
                vocabulary = words;
            }
        }
        for (at, row) in rows.iter().enumerate() {
            let twice = rows[..at].iter().any(|other| other.id == row.id);
            let message = match () {
                () if twice => "the id is used twice",
                () if row.keywords.is_empty() => "it has no keywords, so nothing would ever call for it",
                () if row.assigned_to.is_some() && !row.names.is_empty() => {
                    "`assigned-to` and `names` exclude each other"
                }
                () => continue,
            };
            return Err(PatternError::Row { id: row.id.clone(), message: message.into() });
        }
        Patterns::index(rows, vocabulary)
    }

    /// The patterns that come with the tool.
    pub fn embedded() -> Result<Patterns, PatternError> {
        Patterns::load(below(EMBEDDED, "rules/credentials/").iter().copied())
    }

    /// Compiles every expression and reports those that fail.
    pub fn check(&self) -> Vec<PatternError> {
        let mut errors = Vec::new();
        for row in &self.rows {
            row.value_regex();
            row.takes_name("", &[]);
            for lazy in [&row.value, &row.name] {
                if let Some(Err(message)) = lazy.0.get() {
                    errors.push(PatternError::Row { id: row.id.clone(), message: message.clone() });
                }
            }
        }
        errors
    }

    /// Every pattern's examples.
    pub fn examples(&self) -> Vec<Examples> {
        let of =
            |row: &Row| Examples { id: row.id.clone(), positive: row.positive.clone(), negative: row.negative.clone() };
        self.rows.iter().map(of).collect()
    }

    fn index(rows: Vec<Row>, vocabulary: Vocabulary) -> Result<Patterns, PatternError> {
        let mut calls: Vec<(String, Vec<usize>)> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            for keyword in &row.keywords {
                match calls.iter_mut().find(|(text, _)| text == keyword) {
                    Some((_, list)) => list.push(at),
                    None => calls.push((keyword.clone(), vec![at])),
                }
            }
        }
        let anchors = searcher(&calls, None)
            .map_err(|error| PatternError::File { file: "keywords".into(), message: error.to_string() })?;
        Ok(Patterns { rows, vocabulary, anchors, table: OnceLock::new(), calls })
    }

    /// Prepares for this many bytes of text: a table that takes time to make is worth it only where there is much to read.
    pub fn expect(&self, bytes: usize) {
        const MUCH: usize = 4 << 20;
        if bytes >= MUCH {
            self.table.get_or_init(|| searcher(&self.calls, Some(AhoCorasickKind::DFA)).ok());
        }
    }

    /// All places where a row may match, in text order. A shape's anchor must stand in its own case.
    pub(crate) fn hits(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let anchors = self.table.get().and_then(Option::as_ref).unwrap_or(&self.anchors);
        for found in anchors.find_overlapping_iter(text) {
            let (anchor, rows) = &self.calls[found.pattern().as_usize()];
            let same_case = text.as_bytes().get(found.range()) == Some(anchor.as_bytes());
            for &row in rows {
                if same_case || self.rows[row].is_assigned() {
                    hits.push(Hit { row, start: found.start(), end: found.end() });
                }
            }
        }
        hits
    }
}
