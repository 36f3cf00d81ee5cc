//! Annotations of a GitHub workflow run: one line a finding, in the runner's own command syntax.
//!
//! The host shows ten annotations of a level for each step and drops the rest without a word, so at most ten are written, the
//! worst first and one for each rule and file; the last one then says how many more there are. Everything is escaped: text
//! of the audited repository must not start a command of its own.

use std::collections::BTreeMap;

use super::Report;
use super::text::clean;
use super::view::{Shown, View};
use crate::finding::{Location, Notice, NoticeKind, Severity};

/// What the host shows of one level.
const SHOWN: usize = 10;

/// Levels, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    const ALL: [Level; 3] = [Level::Error, Level::Warning, Level::Notice];

    fn of(severity: Severity) -> Level {
        match severity {
            Severity::Critical | Severity::High => Level::Error,
            Severity::Medium => Level::Warning,
            Severity::Low | Severity::Note => Level::Notice,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        }
    }
}

/// One annotation before it is written.
struct Annotation {
    level: Level,
    /// Name and value.
    properties: Vec<(&'static str, String)>,
    message: String,
}

/// All annotations, one a line; nothing if there is nothing to say.
pub fn render(report: &Report<'_>) -> String {
    let view = View::new(report);
    let mut by_level: BTreeMap<Level, Vec<Annotation>> = BTreeMap::new();
    for notice in silencing(report.notices) {
        by_level.entry(Level::Warning).or_default().push(of_notice(&view, notice));
    }
    if let Some(message) = report.circumstances.left_out.sentence() {
        let properties = vec![("title", format!("{}: what is not shown", report.tool.name))];
        by_level.entry(Level::Notice).or_default().push(Annotation { level: Level::Notice, properties, message });
    }
    for annotation in of_findings(&view) {
        by_level.entry(annotation.level).or_default().push(annotation);
    }
    let mut out = String::new();
    for level in Level::ALL {
        let all = by_level.remove(&level).unwrap_or_default();
        let shown = if all.len() > SHOWN { SHOWN - 1 } else { all.len() };
        let more = all.len() - shown;
        for annotation in all.into_iter().take(shown) {
            annotation.write(&mut out);
        }
        if more > 0 {
            let message = format!("{more} more of this level are in the log and in the job summary");
            let properties = vec![("title", format!("{}: {more} more", report.tool.name))];
            Annotation { level, properties, message }.write(&mut out);
        }
    }
    out
}

/// What makes the audit say less must be seen where the change is reviewed.
fn silencing(notices: &[Notice]) -> Vec<&Notice> {
    let mut found: Vec<&Notice> = notices.iter().filter(|notice| notice.kind == NoticeKind::Silencing).collect();
    found.sort();
    found
}

/// One annotation for each rule and file, worst first; what else the rule found there is named by line.
fn of_findings(view: &View<'_>) -> Vec<Annotation> {
    let mut all = Vec::new();
    for (rule, findings) in view.by_rule() {
        let mut by_file: BTreeMap<&str, Vec<Shown<'_>>> = BTreeMap::new();
        for shown in findings {
            by_file.entry(shown.finding.at.path.as_str()).or_default().push(shown);
        }
        for group in by_file.into_values() {
            let worst = group[0].finding;
            let mut message = view.prose(&worst.message).into_owned();
            let lines: Vec<String> = group[1..].iter().filter_map(|shown| line(view, &shown.finding.at)).collect();
            if !lines.is_empty() {
                message.push_str(&format!(" (also in this file: line {})", lines.join(", ")));
            }
            let title = format!("{} ({})", rule, worst.severity);
            let properties = place(view, &worst.at).into_iter().chain([("title", title)]).collect();
            all.push((worst.severity, Annotation { level: Level::of(worst.severity), properties, message }));
        }
    }
    all.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    all.into_iter().map(|(_, annotation)| annotation).collect()
}

fn of_notice(view: &View<'_>, notice: &Notice) -> Annotation {
    let mut properties = match notice.span {
        Some(span) => place(view, &Location { path: notice.path.clone(), span }),
        None if notice.path.is_empty() => Vec::new(),
        None => vec![("file", format!("{}{}", view.report.circumstances.prefix, notice.path))],
    };
    properties.push(("title", format!("{}: the audit says less", view.report.tool.name)));
    let message = view.prose(&notice.message).into_owned();
    Annotation { level: Level::Warning, properties, message }
}

fn line(view: &View<'_>, at: &Location) -> Option<String> {
    view.place(at).map(|place| place.start.line.to_string())
}

/// File, lines and columns; the region is one line, as the host wants it for columns.
fn place(view: &View<'_>, at: &Location) -> Vec<(&'static str, String)> {
    let mut properties = vec![("file", format!("{}{}", view.report.circumstances.prefix, at.path))];
    if let Some(place) = view.place(at) {
        properties.extend([
            ("line", place.start.line.to_string()),
            ("endLine", place.end.line.to_string()),
            ("col", place.start.column.to_string()),
            ("endColumn", place.end.column.to_string()),
        ]);
    }
    properties
}

impl Annotation {
    fn write(&self, out: &mut String) {
        let properties: Vec<String> =
            self.properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
        out.push_str(&format!("::{} {}::{}\n", self.level.word(), properties.join(","), data(&self.message)));
    }
}

/// A message as the runner reads it.
fn data(text: &str) -> String {
    clean(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value as the runner reads it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("100%\r\n::error::x"), "100%25  ::error::x");
        assert_eq!(property("a,b:c%0A"), "a%2Cb%3Ac%250A");
    }
}
