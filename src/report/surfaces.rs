//! The coverage table: every entry point that reaches an LLM call, the way there, and the controls on it.
//!
//! Each format is a function of a [`Table`]. Nothing here says whether a control is enough, and an empty table is not
//! called safe.

pub mod html;
pub mod human;
pub mod json;
pub mod markdown;
pub mod mermaid;

use std::collections::BTreeMap;
use std::fmt;

use crate::model::ControlKind;
use crate::surface::Status;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Path relative to the scanned root.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A function on the way to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it calls the next one, or the model.
    pub at: Spot,
    /// Its name.
    pub function: String,
}

/// A place where a control was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where.
    pub at: Spot,
    /// What it is.
    pub what: String,
    /// Its limit, as written.
    pub value: Option<String>,
}

/// One control of one entry point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Whether it is there.
    pub status: Status,
    /// What was found.
    pub evidence: Vec<Seen>,
}

/// An entry point that reaches an LLM call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// Where it is declared.
    pub at: Spot,
    /// Its name.
    pub name: String,
    /// The framework that runs it.
    pub framework: String,
    /// HTTP method and path, command or event, as far as known.
    pub route: Option<String>,
    /// Indices into [`Table::llm_calls`], nearest first.
    pub llm_calls: Vec<usize>,
    /// The way to the nearest.
    pub path: Vec<Step>,
    /// All controls that were looked for.
    pub controls: BTreeMap<ControlKind, Control>,
}

impl EntryPoint {
    /// What callers know it by: its route, or its name.
    fn title(&self) -> &str {
        self.route.as_deref().unwrap_or(&self.name)
    }

    /// Whether a control is there; unknown if nobody looked.
    fn status(&self, kind: ControlKind) -> Status {
        self.controls.get(&kind).map_or(Status::Unknown, |control| control.status)
    }
}

/// An LLM call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LlmCall {
    /// Where.
    pub at: Spot,
    /// The callee as written.
    pub callee: String,
    /// The function it stands in.
    pub function: String,
    /// The model's name, as written.
    pub model: Option<String>,
    /// The bound on generated tokens, as written.
    pub max_output: Option<String>,
    /// The time-out, as written.
    pub timeout: Option<String>,
}

/// The whole table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Entry points that reach an LLM call, by place.
    pub entry_points: Vec<EntryPoint>,
    /// How many entry points reach none.
    pub other_entry_points: u64,
    /// Every LLM call of production code, by place.
    pub llm_calls: Vec<LlmCall>,
    /// Calls that could not be followed.
    pub unresolved_calls: u64,
}

/// A control as a column of the table.
struct Column {
    kind: ControlKind,
    /// Its key in JSON.
    key: &'static str,
    /// Its head in tables.
    head: &'static str,
    /// What an entry point with it is.
    done: &'static str,
}

/// The columns, in order. Controls of tools belong to tools, not to entry points, and have none.
const COLUMNS: [Column; 8] = [
    column(ControlKind::RateLimit, "rate_limit", "rate", "rate limited"),
    column(ControlKind::InputLimit, "input_limit", "input", "with bounded input"),
    column(ControlKind::RequestValidation, "request_validation", "valid", "with validated requests"),
    column(ControlKind::Authentication, "auth", "auth", "authenticated"),
    column(ControlKind::OutputCheck, "output_check", "output", "with checked output"),
    column(ControlKind::PiiRedaction, "pii_redaction", "pii", "with personal data redacted"),
    column(ControlKind::AuditLog, "audit_log", "audit", "with an audit log"),
    column(ControlKind::Tracing, "tracing", "trace", "traced"),
];

const fn column(kind: ControlKind, key: &'static str, head: &'static str, done: &'static str) -> Column {
    Column { kind, key, head, done }
}

/// How many entry points have a control, out of those that it applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Coverage {
    present: usize,
    partial: usize,
    unknown: usize,
    total: usize,
}

impl Table {
    fn coverage(&self, kind: ControlKind) -> Coverage {
        let mut coverage = Coverage::default();
        for entry in &self.entry_points {
            match entry.status(kind) {
                Status::Present => coverage.present += 1,
                Status::Partial => coverage.partial += 1,
                Status::Unknown => coverage.unknown += 1,
                Status::Absent => {}
                Status::NotApplicable => continue,
            }
            coverage.total += 1;
        }
        coverage
    }
}

impl Coverage {
    /// `7 of 9 rate limited, 1 partly, 1 unknown`.
    fn sentence(self, done: &str) -> String {
        if self.total == 0 {
            return format!("nothing to be counted as {done}");
        }
        let mut text = format!("{} of {} {done}", self.present, self.total);
        if self.partial > 0 {
            text.push_str(&format!(", {} partly", self.partial));
        }
        if self.unknown > 0 {
            text.push_str(&format!(", {} unknown", self.unknown));
        }
        text
    }
}

/// What a table without rows means.
const NOTHING: &str =
    "no entry point reaches an LLM call, as far as calls could be followed: that is unknown, not a pass";

#[cfg(test)]
mod tests;
