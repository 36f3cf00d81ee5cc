//! Decides which findings are shown: what files are for, inline suppressions, selected rules and the lowest severity.
//!
//! It changes no finding but its severity where the user overrides it, and drops nothing silently: what is left out is
//! counted or kept beside its suppression. A suppression that does not do what its author meant becomes a notice.

pub mod baseline;
pub mod change;
pub mod decided;
mod directive;
mod lines;
pub mod silencing;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Confidence, Finding, Location, Notice, Severity, Step};
use crate::ir::Comment;
use crate::settings::{Date, RuleSelection};
use crate::source::{PathClass, SourceFile};

use lines::FileSuppressions;

/// A file as the filter needs it.
#[derive(Clone, Copy, Debug)]
pub struct Audited<'a> {
    /// The file.
    pub file: &'a SourceFile,
    /// Its comments that hold the tool's name; absent where nothing told comments from text, so that lines are scanned.
    pub comments: Option<&'a [Comment]>,
}

/// What to show.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    /// The id of a rule that is written by its id or an earlier one; for an unknown one, the nearest that there is.
    pub resolve: &'a dyn Fn(&str) -> Result<String, Option<String>>,
    /// Which rules may speak, and overridden severities.
    pub selection: &'a RuleSelection,
    /// Findings below this are counted, not shown.
    pub min_severity: Severity,
    /// The day that `until=` dates are compared with.
    pub today: Date,
    /// Rules whose sure findings are shown whatever the file is for.
    pub reported_everywhere: &'a dyn Fn(&str) -> bool,
    /// Whether a finding of the first rule says less than one of the second at the same place.
    pub gives_way: &'a dyn Fn(&str, &str) -> bool,
    /// Whether some lines (file, first, last) stood where only trusted people write. A suppression on other lines does
    /// not count, nor does one for a finding on other lines.
    pub is_trusted: &'a dyn Fn(&str, u32, u32) -> bool,
}

/// An inline suppression that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The file it stands in.
    pub path: String,
    /// The line (from 1) it stands on.
    pub line: u32,
    /// Why the finding is accepted.
    pub reason: String,
    /// The last day it holds.
    pub until: Option<Date>,
}

/// Findings, sorted by what becomes of them.
#[derive(Clone, Debug, Default)]
pub struct Filtered {
    /// Shown, in the order they came.
    pub kept: Vec<Finding>,
    /// Accepted by their authors.
    pub suppressed: Vec<(Finding, Suppression)>,
    /// Suppressions that do nothing, ordered.
    pub notices: Vec<Notice>,
    /// Bytes that no report may show, of findings that are not in `kept`: leaving one out must not bare its secret.
    pub masked: Vec<Location>,
    /// How many were left out because their file does not ship.
    pub outside_production: usize,
    /// How many were left out for their severity.
    pub below_threshold: usize,
}

/// Sorts findings by what becomes of them. `files` must have distinct paths.
pub fn apply(findings: Vec<Finding>, files: &[Audited<'_>], policy: &Policy<'_>) -> Filtered {
    let mut filtered = Filtered::default();
    let paths_with_findings: BTreeSet<&str> = findings.iter().map(|finding| finding.at.path.as_str()).collect();
    let mut by_path: BTreeMap<&str, (PathClass, Option<FileSuppressions<'_>>)> = BTreeMap::new();
    for audited in files {
        let path = audited.file.path.as_str();
        let suppressions = FileSuppressions::read(*audited, policy, &mut filtered.notices);
        if suppressions.is_some() || paths_with_findings.contains(path) {
            by_path.insert(path, (audited.file.class, suppressions));
        }
    }
    drop(paths_with_findings);
    for mut finding in findings {
        if let Some(severity) = policy.selection.severity.get(&finding.rule) {
            finding.severity = *severity;
        }
        let place = by_path.get_mut(finding.at.path.as_str());
        let class = place.as_ref().map_or(PathClass::Production, |(class, _)| *class);
        let is_selected = policy.selection.selects(&finding.rule);
        let own = place.filter(|_| is_selected).and_then(|(_, own)| own.as_mut());
        let suppression = own.and_then(|own| own.suppress(&finding, policy));
        let is_shown = is_selected && is_reported(&finding, class, policy);
        if is_shown && suppression.is_none() && finding.severity >= policy.min_severity {
            filtered.kept.push(finding);
            continue;
        }
        filtered.masked.extend_from_slice(&finding.masked);
        match suppression {
            _ if !is_selected => {}
            _ if !is_shown => filtered.outside_production += 1,
            Some(suppression) => filtered.suppressed.push((finding, suppression)),
            None => filtered.below_threshold += 1,
        }
    }
    filtered.tell_once(policy);
    for (class, suppressions) in by_path.into_values() {
        // Where findings are dropped anyway, an idle suppression is no mistake.
        if let Some(own) = suppressions.filter(|_| class == PathClass::Production) {
            own.tell_unused(policy, &mut filtered.notices);
        }
    }
    filtered.masked.sort();
    filtered.masked.dedup();
    filtered.notices.sort();
    filtered.notices.dedup();
    filtered
}

impl Filtered {
    /// Leaves out what another finding of the same place says more exactly; that one names it.
    fn tell_once(&mut self, policy: &Policy<'_>) {
        let says_less =
            |less: &Finding, more: &Finding| less.at == more.at && (policy.gives_way)(&less.rule, &more.rule);
        let mut at = 0;
        while at < self.kept.len() {
            let Some(by) = self.kept.iter().position(|more| says_less(&self.kept[at], more)) else {
                at += 1;
                continue;
            };
            let less = self.kept.remove(at);
            let step = Step { at: less.at, note: format!("`{}` as well: {}", less.rule, less.message) };
            self.kept[by - usize::from(by > at)].related.push(step);
        }
    }
}

/// Code that does not ship is reported only for what harms wherever it lies, such as a live credential.
fn is_reported(finding: &Finding, class: PathClass, policy: &Policy<'_>) -> bool {
    class == PathClass::Production
        || (finding.confidence == Confidence::High && (policy.reported_everywhere)(&finding.rule))
}

#[cfg(test)]
mod tests;
