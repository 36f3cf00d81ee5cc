//! What a run is asked to do, as validated plain data.
//!
//! Two forms exist: [`config::Config`] is `launchlint.toml` as written; [`Settings`] is what later stages see. This
//! module reads no file, no environment and no clock: `cli` does that and hands the text over.

pub mod config;
mod date;
pub mod decision;
mod described;
mod globs;
mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub use date::Date;
pub use globs::{GlobError, PathGlobs};
pub use plan::{Attestation, Plan, Standard};

use crate::finding::Severity;

/// One run, after arguments and configuration were merged and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folders and files to scan, as the user wrote them.
    pub roots: Vec<PathBuf>,
    /// What to read below them.
    pub walk: WalkSettings,
    /// Which rules speak, and how loudly.
    pub rules: RuleSelection,
    /// Findings below this are neither shown nor counted for the exit code.
    pub min_severity: Severity,
    /// The mildest finding that fails the run; notes do so only if asked.
    pub fail_at: Severity,
    /// How the report is written.
    pub format: Format,
    /// Where the report goes; standard output if absent.
    pub output: Option<PathBuf>,
    /// Where facts are kept between runs; nowhere if absent.
    pub cache: Option<PathBuf>,
    /// The day that `until=` dates are compared with.
    pub today: Date,
    /// Credentials that other scanners found.
    pub imported: Vec<Imported>,
    /// What the team wrote down about its launch.
    pub plan: Plan,
    /// Whether the analysis describes what it found besides findings: entry points, calls, prompts, stores.
    pub wants_inventory: bool,
    /// Whether the process goes on after the run, so that memory has to be given back.
    pub is_long_lived: bool,
}

/// A credential that another scanner reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Imported {
    /// The file as the other scanner names it, with `/`.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// The scanner.
    pub tool: String,
    /// The scanner's name for what it found.
    pub kind: String,
}

/// What `walk` reads and how it judges what a file is for.
#[derive(Clone, Debug, Default)]
pub struct WalkSettings {
    /// If not empty, only files that match are read.
    pub include: PathGlobs,
    /// Files and folders that are not read; wins over `include`.
    pub exclude: PathGlobs,
    /// Bounds on what is read.
    pub limits: SizeLimits,
    /// Overrides of the built-in judgement of what a file is for.
    pub classes: ClassGlobs,
    /// Threads that read; at least one is used.
    pub jobs: usize,
    /// Ignore files that stand in for all of the tree's own.
    pub ignores: Option<IgnoreFiles>,
}

/// Ignore files of another state of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreFiles {
    /// Where the scanned root stands in the repository, with a final `/`; empty if it is its top.
    pub prefix: String,
    /// The folder of each file, counted from the repository's top, and its text; later ones win.
    pub files: Vec<(String, String)>,
}

/// The largest files that are read, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeLimits {
    /// Source code and prompts.
    pub code: u64,
    /// Configuration, notebooks and other text.
    pub data: u64,
}

impl Default for SizeLimits {
    fn default() -> Self {
        SizeLimits { code: 1 << 20, data: 2 << 20 }
    }
}

/// The user's word on what files are for. `production` wins over the others, which are tried in field order.
#[derive(Clone, Debug, Default)]
pub struct ClassGlobs {
    /// Ships, whatever its path looks like.
    pub production: PathGlobs,
    /// Tests, fixtures, mocks.
    pub test: PathGlobs,
    /// Examples, demos, documentation.
    pub example: PathGlobs,
    /// Third-party code.
    pub vendored: PathGlobs,
    /// Generated or minified code.
    pub generated: PathGlobs,
}

/// Which rules speak and how loudly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSelection {
    /// If not empty, only these.
    pub only: BTreeSet<String>,
    /// Never these; wins over `only`.
    pub excluded: BTreeSet<String>,
    /// These feed the checklist without findings of their own, unless `only` names them.
    pub quiet: BTreeSet<String>,
    /// Severities that replace a rule's own.
    pub severity: BTreeMap<String, Severity>,
}

impl RuleSelection {
    /// Whether a rule's findings are shown. A rule that is not selected may still have to run for the checklist.
    pub fn selects(&self, rule: &str) -> bool {
        let is_asked = if self.only.is_empty() { !self.quiet.contains(rule) } else { self.only.contains(rule) };
        is_asked && !self.excluded.contains(rule)
    }
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    #[default]
    Human,
    /// The tool's own versioned JSON.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of a GitHub workflow run.
    Github,
    /// GitLab's Code Quality JSON.
    Gitlab,
    /// JUnit XML.
    Junit,
    /// Markdown for a job summary or a comment.
    Markdown,
    /// JSON lines for coding agents.
    Agent,
}

#[cfg(test)]
mod tests {
    use super::RuleSelection;

    #[test]
    fn exclusion_wins_over_selection() {
        let mut rules = RuleSelection::default();
        assert!(rules.selects("a"));
        rules.quiet.insert("a".into());
        assert!(!rules.selects("a"));
        rules.only.insert("a".into());
        assert!(rules.selects("a") && !rules.selects("b"));
        rules.excluded.insert("a".into());
        assert!(!rules.selects("a"));
    }
}
