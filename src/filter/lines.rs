//! The suppressions of one file: which lines they cover, and which of them did something.

use super::directive::{self, Directive, MARK};
use super::{Audited, Policy, Suppression};
use crate::finding::{Finding, Notice, NoticeKind};
use crate::source::{LineIndex, Span};

/// A finding that covers more lines than this is suppressed at its head only.
const MAX_LINES: u32 = 10;

/// So many lines may stand between a suppression and the code that it covers.
const MAX_PASSED: u32 = 50;

/// The valid suppressions of one file.
pub(super) struct FileSuppressions<'a> {
    path: &'a str,
    index: LineIndex,
    entries: Vec<Entry>,
}

struct Entry {
    span: Span,
    line: u32,
    /// First and last line it covers.
    covers: (u32, u32),
    directive: Directive,
    /// One flag a rule: whether it suppressed anything, or would have but for who may write it.
    used: Vec<bool>,
    /// Whether it was not heard for code that changed since somebody trusted looked at it.
    is_refused: bool,
}

impl<'a> FileSuppressions<'a> {
    /// Reads a file's suppressions; those that are malformed, expired or name no rule become notices instead.
    pub(super) fn read(audited: Audited<'a>, policy: &Policy<'_>, notices: &mut Vec<Notice>) -> Option<Self> {
        let text = audited.file.text.as_str();
        let spans = marks(audited)?;
        let index = LineIndex::new(text);
        let mut own = FileSuppressions { path: &audited.file.path, index, entries: Vec::new() };
        for (span, after_mark) in spans {
            match directive::parse(after_mark) {
                None => {}
                Some(Err(why)) => notices.push(own.notice(span, format!("this comment {why}"))),
                Some(Ok(directive)) => own.admit(span, directive, text, policy, notices),
            }
        }
        Some(own)
    }

    /// Takes a well-formed directive in, less the rules that do not exist.
    fn admit(&mut self, span: Span, mut directive: Directive, text: &str, policy: &Policy<'_>, out: &mut Vec<Notice>) {
        if let Some(date) = directive.until.filter(|date| *date < policy.today) {
            out.push(self.notice(span, format!("this suppression expired on {date}: its findings are shown again")));
            return;
        }
        let mut known = Vec::new();
        for rule in directive.rules {
            match (policy.resolve)(&rule) {
                Ok(id) => known.push(id),
                Err(nearest) => {
                    let hint = nearest.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default();
                    out.push(self.notice(span, format!("`{rule}` is no rule: nothing is suppressed for it{hint}")));
                }
            }
        }
        directive.rules = known;
        let line = self.index.line(span.start);
        let last = self.index.line(span.end.saturating_sub(1).max(span.start));
        if !(policy.is_trusted)(self.path, line, last) {
            let rules = named(&directive.rules);
            let why = format!("this suppression of {rules} does not count: the trusted state does not hold it");
            out.push(Notice { kind: NoticeKind::Silencing, ..self.notice(span, why) });
            return;
        }
        let covers = if directive.is_file_wide { (1, u32::MAX) } else { self.covered(text, line, last) };
        let used = vec![false; directive.rules.len()];
        self.entries.push(Entry { span, line, covers, directive, used, is_refused: false });
    }

    /// The lines that a comment on lines `first..=last` covers.
    ///
    /// A comment behind code covers that line. One on its own covers the next line; further suppressions, decorators
    /// and attributes in between are passed, since findings about a function point below them.
    fn covered(&self, text: &str, first: u32, last: u32) -> (u32, u32) {
        let line_text = |line: u32| {
            let span = self.index.line_span(text, line)?;
            text.get(span.start as usize..span.end as usize).map(str::trim)
        };
        let is_trailing = line_text(first).is_some_and(|line| {
            let before = line.split(MARK).next().unwrap_or_default();
            before.chars().any(|c| c.is_alphanumeric() || ")]};,".contains(c))
        });
        if is_trailing {
            return (first, last);
        }
        let mut to = last + 1;
        // Bounded, as a file may consist of such lines.
        while to < last + MAX_PASSED
            && line_text(to).is_some_and(|line| line.contains(MARK) || line.starts_with('@') || line.starts_with("#["))
        {
            to += 1;
        }
        (first, to)
    }

    /// The suppression that covers a finding, which then counts as used.
    pub(super) fn suppress(&mut self, finding: &Finding, policy: &Policy<'_>) -> Option<Suppression> {
        let first = self.index.line(finding.at.span.start);
        let end = self.index.line(finding.at.span.end.saturating_sub(1).max(finding.at.span.start));
        let last = if end - first < MAX_LINES { end } else { first };
        for entry in &mut self.entries {
            let (from, to) = entry.covers;
            let rule = entry.directive.rules.iter().position(|rule| *rule == finding.rule);
            let Some(rule) = rule.filter(|_| from <= last && first <= to) else {
                continue;
            };
            entry.used[rule] = true;
            if !entry.directive.is_file_wide && !(policy.is_trusted)(self.path, first, last) {
                entry.is_refused = true;
                continue;
            }
            return Some(Suppression {
                path: self.path.to_owned(),
                line: entry.line,
                reason: entry.directive.reason.clone(),
                until: entry.directive.until,
            });
        }
        None
    }

    /// Tells of rules that are suppressed where they find nothing. Rules that did not run could not find anything.
    pub(super) fn tell_unused(&self, policy: &Policy<'_>, out: &mut Vec<Notice>) {
        for entry in &self.entries {
            if entry.is_refused {
                let why =
                    "this suppression does not count for what it covers now: that changed since the trusted state";
                out.push(Notice { kind: NoticeKind::Silencing, ..self.notice(entry.span, why.to_owned()) });
            }
            for (rule, is_used) in entry.directive.rules.iter().zip(&entry.used) {
                if !is_used && policy.selection.selects(rule) {
                    let why = format!("this suppression of `{rule}` is not needed: nothing is found here; remove it");
                    out.push(self.notice(entry.span, why));
                }
            }
        }
    }

    fn notice(&self, span: Span, message: String) -> Notice {
        Notice { kind: NoticeKind::Ineffective, path: self.path.to_owned(), span: Some(span), message }
    }
}

/// Every comment or line that holds the mark: where it stands, and the text after the mark.
pub(super) fn marks(audited: Audited<'_>) -> Option<Vec<(Span, &str)>> {
    let text = audited.file.text.as_str();
    let mut found = Vec::new();
    match audited.comments {
        Some(comments) => {
            for comment in comments {
                let comment_text = comment.text.as_str();
                for (at, _) in comment_text.match_indices(MARK) {
                    let after = comment_text[at + MARK.len()..].lines().next().unwrap_or_default();
                    found.push((comment.span, after));
                }
            }
        }
        None => {
            for at in memchr::memmem::find_iter(text.as_bytes(), MARK) {
                let after = text[at + MARK.len()..].split(['\n', '\r']).next().unwrap_or_default();
                found.push((Span::new(at, at + MARK.len() + after.len()), after));
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Rules as a notice names them.
fn named(rules: &[String]) -> String {
    rules.iter().map(|rule| format!("`{rule}`")).collect::<Vec<_>>().join(", ")
}
