//! Why a job could not be done, in words for the person who asked for it: what, where, what to do.

use std::io::Write;

use crate::report::text::clean;

/// An error that ends a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    what: String,
    help: Option<String>,
}

impl Failure {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Failure { what: what.into(), help: None }
    }

    /// Adds what to do about it.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do about it, if known.
    pub(super) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// What is wrong, without what to do about it.
    pub(super) fn what(&self) -> &str {
        &self.what
    }

    /// The same as words about an earlier state, which fails no run.
    pub(super) fn told(&self, state: &str) -> String {
        format!("{state} could not be audited, so everything is taken for new: {}", self.what)
    }

    /// Writes it. If even that fails, nobody is there to be told.
    pub(super) fn print(&self, err: &mut dyn Write) {
        drop(writeln!(err, "error: {}", shown(&self.what)));
        if let Some(help) = &self.help {
            drop(writeln!(err, "  help: {}", shown(help)));
        }
    }
}

/// Words that may quote the audited repository, line by line, with nothing that a terminal or a workflow would obey.
fn shown(words: &str) -> String {
    let line = |line: &str| {
        let line = clean(line).into_owned();
        if line.trim_start().starts_with("::") { format!("\u{2024}{}", line.trim_start()) } else { line }
    };
    words.lines().map(line).collect::<Vec<_>>().join("\n")
}
