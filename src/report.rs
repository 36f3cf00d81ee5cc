//! What users and other tools get to see: findings as text, JSON, SARIF and what other hosts read; the coverage table
//! ([`surfaces`]).
//!
//! A report is plain data in and a text out. Nothing here judges, reads a disk or prints, and no format shows a byte that
//! a finding masks.

pub mod agent;
pub mod checklist;
pub mod fleet;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod inventory;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod surfaces;

mod circumstances;
mod markup;
pub(crate) mod text;
mod view;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::finding::{Finding, Location, Notice};
use crate::rules::card::RuleSet;
use crate::source::SourceFile;

pub use circumstances::{Change, Circumstances, LeftOut, Loosened, Silenced, SilencedBy};

/// The text of files by path, for code frames and columns.
pub trait Sources {
    /// The text of a file, if it was read.
    fn text(&self, path: &str) -> Option<&str>;
}

impl Sources for BTreeMap<String, String> {
    fn text(&self, path: &str) -> Option<&str> {
        self.get(path).map(String::as_str)
    }
}

impl Sources for BTreeMap<String, SourceFile> {
    fn text(&self, path: &str) -> Option<&str> {
        self.get(path).map(|file| file.text.as_str())
    }
}

/// Files sorted by path.
impl Sources for [SourceFile] {
    fn text(&self, path: &str) -> Option<&str> {
        let at = self.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        Some(&self[at].text)
    }
}

/// Files sorted by path.
impl Sources for Vec<SourceFile> {
    fn text(&self, path: &str) -> Option<&str> {
        self.as_slice().text(path)
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug)]
pub struct Tool<'a> {
    /// The tool's name.
    pub name: &'a str,
    /// Its semantic version.
    pub version: &'a str,
    /// Where it is described; rule pages are taken to stand below it, at `<home>/rules/<id>`. SARIF validators want it.
    pub home: Option<&'a str>,
}

/// What was examined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Files read, by the label of their language.
    pub files_by_language: BTreeMap<String, u64>,
    /// Files not read, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// LLM calls found.
    pub llm_calls: u64,
    /// Entry points found.
    pub entry_points: u64,
    /// Entry points from which an LLM call can be reached.
    pub llm_entry_points: u64,
    /// Calls that could not be resolved.
    pub unresolved: u64,
    /// LLM packages that manifests name and no model describes: what goes through them was not seen.
    pub unknown_libraries: Vec<String>,
    /// How long the run took; left out where the output must not depend on it.
    pub elapsed: Option<Duration>,
}

impl Summary {
    /// How many files were read.
    pub fn files(&self) -> u64 {
        self.files_by_language.values().sum()
    }
}

/// Everything that a report is made of.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// Who speaks.
    pub tool: Tool<'a>,
    /// What was found; reports sort it themselves.
    pub findings: &'a [Finding],
    /// The fingerprint of each finding, in the order of `findings`, as made from all findings of the run. If it is not of the
    /// same length, fingerprints are made from `findings` alone, and equal lines may swap names when some are filtered.
    pub fingerprints: &'a [String],
    /// What the tool says about its own work.
    pub notices: &'a [Notice],
    /// What was examined.
    pub summary: &'a Summary,
    /// All rules.
    pub rules: &'a RuleSet,
    /// The checklist.
    pub checklist: &'a Catalogue,
    /// The text of files with findings.
    pub sources: &'a dyn Sources,
    /// Bytes that no report may show besides those that `findings` mask, such as those of suppressed findings.
    pub masked: &'a [Location],
    /// What the run was compared with, what it left out, and where its report goes.
    pub circumstances: Circumstances<'a>,
}

#[cfg(test)]
mod tests;
