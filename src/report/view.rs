//! What all formats need of a report: findings in order, positions, masks, fingerprints.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Report;
use crate::finding::{Finding, Location};
use crate::fingerprint;
use crate::mask::Masks;
use crate::rules::card::RuleCard;
use crate::source::{LineIndex, Position, Span};

/// One line of a file, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// First character.
    pub(crate) start: Position,
    /// One past the last character, on the same line.
    pub(crate) end: Position,
    /// The same in bytes.
    pub(crate) span: Span,
}

/// A finding with its name.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'v> {
    pub(crate) finding: &'v Finding,
    pub(crate) fingerprint: &'v str,
}

/// A report prepared for writing.
pub(crate) struct View<'a> {
    pub(crate) report: Report<'a>,
    pub(crate) masks: Masks,
    fingerprints: Cow<'a, [String]>,
    lines: BTreeMap<&'a str, LineIndex>,
}

impl<'a> View<'a> {
    pub(crate) fn new(report: &Report<'a>) -> Self {
        let report = *report;
        let sources = report.sources;
        let masks = Masks::collect(report.findings, report.masked, |path| sources.text(path));
        let fingerprints = match report.fingerprints {
            given if given.len() == report.findings.len() => Cow::Borrowed(given),
            _ => Cow::Owned(fingerprint::fingerprints(report.findings, &masks, |path| sources.text(path))),
        };
        let mut view = View { report, masks, fingerprints, lines: BTreeMap::new() };
        let silenced = report.circumstances.silenced.iter().map(|silenced| &silenced.finding);
        for finding in report.findings.iter().chain(silenced) {
            let steps = finding.flow.iter().chain(&finding.related).map(|step| step.at.path.as_str());
            steps.chain([finding.at.path.as_str()]).for_each(|path| view.index(path));
        }
        report.circumstances.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| view.index(&edit.path));
        report.notices.iter().for_each(|notice| view.index(&notice.path));
        view
    }

    fn index(&mut self, path: &'a str) {
        if let Some(text) = self.report.sources.text(path) {
            self.lines.entry(path).or_insert_with(|| LineIndex::new(text));
        }
    }

    /// A file's text and its lines.
    pub(crate) fn source(&self, path: &str) -> Option<(&'a str, &LineIndex)> {
        Some((self.report.sources.text(path)?, self.lines.get(path)?))
    }

    /// Where a location stands, kept to its first line; an empty one is its whole line. `None` if the file is not known.
    pub(crate) fn place(&self, at: &Location) -> Option<Place> {
        let (text, index) = self.source(&at.path)?;
        let number = index.line(at.span.start.min(u32::try_from(text.len()).unwrap_or(u32::MAX)));
        let line = index.line_span(text, number)?;
        let (start, end) = (at.span.start.clamp(line.start, line.end), at.span.end.clamp(line.start, line.end));
        let indent = text[line.start as usize..line.end as usize].len()
            - text[line.start as usize..line.end as usize].trim_start().len();
        let whole = (line.start + u32::try_from(indent).unwrap_or(0), line.end);
        let (start, end) = if start < end { (start, end) } else { whole };
        let (first, last) = (index.position(text, start), index.position(text, end));
        Some(Place { start: first, end: last, span: Span { start, end } })
    }

    /// `path:line`, or the path alone if the file is not known.
    pub(crate) fn spot(&self, at: &Location) -> String {
        match self.place(at) {
            Some(place) => format!("{}:{}", at.path, place.start.line),
            None => at.path.clone(),
        }
    }

    /// The line that a place starts on, where its source is known.
    pub(crate) fn line(&self, at: &Location) -> Option<u32> {
        self.source(&at.path).map(|(_, index)| index.line(at.span.start))
    }

    /// Prose about a finding, without any masked text.
    pub(crate) fn prose<'p>(&self, text: &'p str) -> Cow<'p, str> {
        self.masks.redact(text)
    }

    /// The card of a finding's rule.
    pub(crate) fn card(&self, rule: &str) -> Option<&'a RuleCard> {
        self.report.rules.get(rule)
    }

    /// All findings by place, then rule.
    pub(crate) fn by_place(&self) -> Vec<Shown<'_>> {
        let pairs = self.report.findings.iter().zip(self.fingerprints.iter());
        let mut all: Vec<_> = pairs.map(|(finding, name)| Shown { finding, fingerprint: name }).collect();
        all.sort_by(|a, b| key(a).cmp(&key(b)));
        all
    }

    /// Findings by rule, the worst rule first; within a rule the worst finding first.
    pub(crate) fn by_rule(&self) -> Vec<(&'a str, Vec<Shown<'_>>)> {
        let mut groups: BTreeMap<&'a str, Vec<Shown<'_>>> = BTreeMap::new();
        let findings: &'a [Finding] = self.report.findings;
        for (finding, name) in findings.iter().zip(self.fingerprints.iter()) {
            groups.entry(&finding.rule).or_default().push(Shown { finding, fingerprint: name });
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        for (_, group) in &mut groups {
            group.sort_by(|a, b| (Reverse(a.finding.severity), key(a)).cmp(&(Reverse(b.finding.severity), key(b))));
        }
        groups.sort_by_key(|(rule, group)| (group.first().map(|worst| Reverse(worst.finding.severity)), *rule));
        groups
    }
}

fn key<'s>(shown: &Shown<'s>) -> (&'s Location, &'s str, &'s str, &'s str) {
    (&shown.finding.at, &shown.finding.rule, &shown.finding.subject, &shown.finding.message)
}
