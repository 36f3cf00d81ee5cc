//! Colours, or their absence.

use annotate_snippets::renderer::{AnsiColor, Effects, Style};

use crate::finding::Severity;

#[derive(Clone, Copy)]
pub(super) struct Paint {
    pub(super) on: bool,
}

impl Paint {
    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        let colour = match severity {
            Severity::Critical | Severity::High => AnsiColor::BrightRed,
            Severity::Medium => AnsiColor::Yellow,
            Severity::Low => AnsiColor::BrightBlue,
            Severity::Note => AnsiColor::BrightGreen,
        };
        self.wrap(colour.on_default().effects(Effects::BOLD), text)
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.wrap(Style::new().effects(Effects::BOLD), text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.wrap(Style::new().effects(Effects::DIMMED), text)
    }

    fn wrap(self, style: Style, text: &str) -> String {
        if self.on && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
