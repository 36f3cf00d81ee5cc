//! The coverage table: every entry point that reaches an LLM call, the way there, and the controls on it.
//!
//! Each format is a function of a [`Table`]. Nothing here says whether a control is enough, and an empty table is not
//! called safe.

pub mod html;
pub mod human;
pub mod json;
pub mod mermaid;

pub use crate::inventory::{Control, Coverage, EntryPoint, LlmCall, Seen, Spot, Step, Table};
use crate::model::ControlKind;

/// A control as a column of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) kind: ControlKind,
    /// Its key in JSON.
    pub(crate) key: &'static str,
    /// Its head in tables.
    pub(crate) head: &'static str,
    /// What an entry point with it is.
    pub(crate) done: &'static str,
}

/// The columns, in order. Controls of tools belong to tools, not to entry points, and have none.
pub(crate) const COLUMNS: [Column; 8] = [
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

/// What a table without rows means.
const NOTHING: &str =
    "no entry point reaches an LLM call, as far as calls could be followed: that is unknown, not a pass";

#[cfg(test)]
mod tests;
