//! The terminal report: findings by rule with code frames, then what was examined.
//!
//! Writes a string; whoever prints it decides where, how wide and whether in colour.

mod frame;
pub(super) mod paint;
mod summary;

use super::Report;
use super::text::{claim, clean, wrap};
use super::view::{Shown, View};
use crate::finding::{Confidence, Location, Severity};

use paint::Paint;

/// How to write for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns.
    pub width: usize,
    /// Whether to write terminal colours.
    pub colour: bool,
    /// Whether frames may use box-drawing characters.
    pub unicode: bool,
}

impl Options {
    /// Without colours and box drawing.
    pub fn plain(width: usize) -> Self {
        Options { width, colour: false, unicode: false }
    }
}

/// Prose is kept narrower than a wide terminal, as nobody reads lines that long.
const WIDEST_PROSE: usize = 100;
/// Findings of low severity of one rule that are shown with their code; the others get a line each.
const IN_FULL: usize = 5;
/// Findings of one rule on one line that are shown with that line; the others get a line each.
const ON_ONE_LINE: usize = 3;

struct Writer<'v, 'a> {
    view: &'v View<'a>,
    options: Options,
    paint: Paint,
    out: String,
}

/// The whole report as text; ends with a line end.
pub fn render(report: &Report<'_>, options: Options) -> String {
    let view = View::new(report);
    let mut writer = Writer { view: &view, options, paint: Paint { on: options.colour }, out: String::new() };
    for (rule, findings) in view.by_rule() {
        writer.rule(rule, &findings);
    }
    writer.notices();
    writer.summary();
    writer.out
}

impl Writer<'_, '_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Prose behind a short label such as `fix: `, its further lines aligned below the first.
    fn prose(&mut self, indent: usize, label: &str, text: &str) {
        let hang = indent + label.len();
        let width = self.options.width.min(WIDEST_PROSE).saturating_sub(hang).max(20);
        let text = self.view.prose(text).into_owned();
        for (line, nth) in wrap(&clean(&text), width).into_iter().zip(0..) {
            let lead = match nth {
                0 => format!("{}{}", " ".repeat(indent), self.paint.dim(label)),
                _ => " ".repeat(hang),
            };
            self.line(&format!("{lead}{line}"));
        }
    }

    fn rule(&mut self, rule: &str, findings: &[Shown<'_>]) {
        let worst = findings.first().map_or(Severity::Note, |shown| shown.finding.severity);
        let card = self.view.card(rule);
        let items = card.map(|card| card.checklist.join(", ")).unwrap_or_default();
        let name = self.paint.severity(worst, &format!("{worst}[{}]:", clean(rule)));
        let about = card.map(|card| format!(" {}", self.paint.bold(&card.summary))).unwrap_or_default();
        let items = if items.is_empty() { items } else { self.paint.dim(&format!(" ({items})")) };
        self.line(&format!("{name}{about}{items}"));
        let mut was_brief = false;
        for (nth, shown) in findings.iter().enumerate() {
            let is_brief = self.is_brief(findings, nth);
            if !is_brief || !was_brief {
                self.out.push('\n');
            }
            was_brief = is_brief;
            if is_brief {
                self.brief(shown);
            } else {
                self.finding(shown, worst);
            }
        }
        let needs_advice = findings.iter().any(|shown| shown.finding.remedy.is_none());
        if let Some(card) = card.filter(|_| needs_advice) {
            self.out.push('\n');
            self.prose(2, "fix: ", &card.remedy);
        }
        self.out.push('\n');
    }

    /// Whether a finding of a rule gets a line only: one of many of low severity, or of many in the same place.
    fn is_brief(&self, findings: &[Shown<'_>], nth: usize) -> bool {
        let finding = |nth: usize| findings[nth].finding;
        if nth >= IN_FULL && finding(nth).severity <= Severity::Low {
            return true;
        }
        let line = |nth: usize| self.view.line(&finding(nth).at);
        let earlier =
            |nth: usize, before: usize| finding(nth).at.path == finding(before).at.path && line(nth) == line(before);
        nth.checked_sub(ON_ONE_LINE).is_some_and(|first| (first..nth).all(|before| earlier(nth, before)))
    }

    /// One line for one of many findings of a rule that say the same.
    fn brief(&mut self, shown: &Shown<'_>) {
        let spot = clean(&self.view.spot(&shown.finding.at)).into_owned();
        let message = self.view.prose(&shown.finding.message).into_owned();
        // Not the name first: a line that begins with one could be an order to whoever runs the job.
        let line = format!("  - {}  {}", self.linked(&shown.finding.at, &spot), clean(claim(&message)));
        self.line(&line);
    }

    fn finding(&mut self, shown: &Shown<'_>, worst: Severity) {
        let finding = shown.finding;
        let severity = (finding.severity != worst).then(|| finding.severity.label());
        let doubt = (finding.confidence == Confidence::Low).then_some("low confidence");
        let asides: Vec<_> = severity.into_iter().chain(doubt).collect();
        let label = if asides.is_empty() { String::new() } else { format!("{}: ", asides.join(", ")) };
        self.prose(0, "", &format!("{label}{}", finding.message));
        let frame = frame::frame(self.view, finding, self.options);
        let frame_text = self.linked_frame(&frame.text, &finding.at);
        self.out.push_str(&frame_text);
        if !frame.shows_flow {
            self.steps(shown);
        }
        for step in &finding.related {
            let text = format!("{}: {}", self.view.spot(&step.at), step.note);
            self.prose(2, "see: ", &text);
        }
        if let Some(remedy) = &finding.remedy {
            self.prose(2, "fix: ", remedy);
        }
    }

    /// A text that leads to a place, where the terminal follows links.
    fn linked(&self, at: &Location, text: &str) -> String {
        match self.view.report.circumstances.links_to {
            Some(root) => {
                let path = super::sarif::uri(&at.path);
                format!("\u{1b}]8;;{root}{path}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
            }
            None => text.to_owned(),
        }
    }

    /// A frame whose head leads to its place.
    fn linked_frame(&self, frame: &str, at: &Location) -> String {
        let spot = clean(&self.view.spot(at)).into_owned();
        frame.replacen(&spot, &self.linked(at, &spot), 1)
    }

    /// The way from source to sink, one aligned line a step.
    fn steps(&mut self, shown: &Shown<'_>) {
        let flow = &shown.finding.flow;
        let spots: Vec<_> = flow.iter().map(|step| clean(&self.view.spot(&step.at)).into_owned()).collect();
        let column = spots.iter().map(|spot| spot.chars().count()).max().unwrap_or(0);
        let digits = flow.len().to_string().len();
        for ((step, spot), nth) in flow.iter().zip(&spots).zip(1..) {
            let note = self.view.prose(&step.note).into_owned();
            let number = self.paint.dim(&format!("{nth:>digits$}."));
            let pad = " ".repeat(column - spot.chars().count());
            let spot = self.linked(&step.at, spot);
            self.line(format!("  {number} {spot}{pad}  {}", clean(&note)).trim_end());
        }
    }
}
