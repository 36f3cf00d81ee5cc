//! What the tool says: findings about the audited code, notices about its own work.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// How bad a finding is if true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails a run by default.
    Note,
    /// Fix when convenient.
    Low,
    /// Fix before launch.
    Medium,
    /// Fix now.
    High,
    /// Exploitable as it stands.
    Critical,
}

/// How likely a finding is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// The analysis had to assume something it says.
    Low,
    /// Usually right.
    Medium,
    /// Every step was resolved.
    High,
}

impl Severity {
    /// All, mildest first.
    pub const ALL: [Severity; 5] =
        [Severity::Note, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word used in options and reports.
    pub fn label(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A place in the audited repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// Path relative to the scanned root.
    pub path: String,
    /// Bytes in that file.
    pub span: Span,
}

/// One step of a finding's path, or a place that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Step {
    /// Where.
    pub at: Location,
    /// What happens there, in a few words.
    pub note: String,
}

/// One judged problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// What, why, what to do; one terminal line.
    pub message: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Where to point; kept to one line by reports that need it.
    pub at: Location,
    /// The function, route or field it is about: part of the fingerprint, so it must not hold line numbers.
    pub subject: String,
    /// From source to sink, or from entry point to LLM call; empty if the place says it all.
    pub flow: Vec<Step>,
    /// Other places that matter.
    pub related: Vec<Step>,
    /// A fix in words, for this code.
    pub remedy: Option<String>,
    /// Bytes within `at` and `flow` files that no report may show, such as a secret's value.
    pub masked: Vec<Location>,
}

/// Why the tool speaks about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// A file could not be read.
    Unreadable,
    /// A file, or part of it, could not be parsed.
    Unparsed,
    /// A file was left out for its size, shape or kind.
    Skipped,
    /// A link, a pipe or a folder of installed packages: met, and not part of what is audited.
    Outside,
    /// A file says that it is generated, or is packed as tools do: only searched for credentials.
    Generated,
    /// Text was repaired before it was read (invalid UTF-8, a byte-order mark).
    Repaired,
    /// A suppression or a setting does not do what its author meant.
    Ineffective,
    /// A change makes the audit say less: a suppression, a baseline entry, a looser setting.
    Silencing,
    /// The tool failed on something; the rest went on.
    Internal,
}

/// Something the user should know about the run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Notice {
    /// Sort of notice.
    pub kind: NoticeKind,
    /// The file, relative to the scanned root; empty if it is about the run.
    pub path: String,
    /// Where in it, if known.
    pub span: Option<Span>,
    /// What happened and what it means for the result.
    pub message: String,
}

impl Notice {
    /// Whether something that belongs to the audited code was not, or not wholly, judged.
    pub fn is_gap(&self) -> bool {
        match self.kind {
            NoticeKind::Unreadable | NoticeKind::Unparsed | NoticeKind::Skipped | NoticeKind::Internal => true,
            NoticeKind::Outside
            | NoticeKind::Generated
            | NoticeKind::Repaired
            | NoticeKind::Ineffective
            | NoticeKind::Silencing => false,
        }
    }

    /// A notice about a whole file.
    pub fn file(kind: NoticeKind, path: &str, message: impl Into<String>) -> Self {
        Notice { kind, path: path.into(), span: None, message: message.into() }
    }
}
