//! Colours, or their absence.

use annotate_snippets::renderer::{AnsiColor, Effects, Style};

use crate::finding::Severity;

#[derive(Clone, Copy)]
pub(in crate::report) struct Paint {
    pub(in crate::report) on: bool,
}

impl Paint {
    pub(in crate::report) fn severity(self, severity: Severity, text: &str) -> String {
        let colour = match severity {
            Severity::Critical | Severity::High => AnsiColor::BrightRed,
            Severity::Medium => AnsiColor::Yellow,
            Severity::Low => AnsiColor::BrightBlue,
            Severity::Note => AnsiColor::BrightGreen,
        };
        self.wrap(colour.on_default().effects(Effects::BOLD), text)
    }

    /// What is as it should be.
    pub(in crate::report) fn good(self, text: &str) -> String {
        self.wrap(AnsiColor::Green.on_default(), text)
    }

    /// What is not.
    pub(in crate::report) fn bad(self, text: &str) -> String {
        self.wrap(AnsiColor::BrightRed.on_default().effects(Effects::BOLD), text)
    }

    /// What is neither for sure.
    pub(in crate::report) fn doubtful(self, text: &str) -> String {
        self.wrap(AnsiColor::Yellow.on_default(), text)
    }

    pub(in crate::report) fn bold(self, text: &str) -> String {
        self.wrap(Style::new().effects(Effects::BOLD), text)
    }

    pub(in crate::report) fn dim(self, text: &str) -> String {
        self.wrap(Style::new().effects(Effects::DIMMED), text)
    }

    fn wrap(self, style: Style, text: &str) -> String {
        if self.on && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
