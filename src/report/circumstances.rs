//! What a report has to say about its run besides what was found: comparison, silenced findings, where paths count from.

use super::surfaces::Table;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::settings::Date;

/// What a run was compared with, what it left out, and where its report goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances<'a> {
    /// Tells runs over parts of one repository apart where their results are gathered.
    pub category: Option<&'a str>,
    /// Where the scanned root stands in its repository, with a final `/`; empty if it is its top. Hosts count paths from
    /// the top.
    pub prefix: &'a str,
    /// Where a host shows files, such as `https://host/owner/name/blob/<commit>`.
    pub files_at: Option<&'a str>,
    /// The scanned root as a URL with a final `/`, if places in the terminal report shall be links.
    pub links_to: Option<&'a str>,
    /// What the findings were compared with, if only a change is reported.
    pub change: Option<&'a Change>,
    /// The coverage table.
    pub surfaces: Option<&'a Table>,
    /// Findings that somebody accepted, if the report shall hold them.
    pub silenced: &'a [Silenced],
    /// Changes that mend findings.
    pub fixes: &'a [Fix],
    /// How many findings are not in the report.
    pub left_out: LeftOut,
}

/// How many findings are not in a report, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Suppressed by a comment.
    pub suppressed: usize,
    /// In the baseline.
    pub baselined: usize,
    /// Excused by a decision of the project file.
    pub decided: usize,
    /// Below the lowest severity.
    pub below_threshold: usize,
    /// In code that does not ship.
    pub outside_production: usize,
    /// What the settings make the run say less of.
    pub loosened: Loosened,
}

/// Settings that make a run say less, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loosened {
    /// Rules that were switched off.
    pub rules_off: usize,
    /// Files that a setting excludes.
    pub files_excluded: usize,
    /// Rules with a milder severity than their own.
    pub milder_rules: usize,
    /// Limits and values of rules that are not the checklist's own.
    pub values_changed: usize,
    /// Path patterns that say what does not ship.
    pub paths_declared: usize,
}

/// What a change did to the findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What it was compared with, as the user named it.
    pub base: String,
    /// Reported because their line changed.
    pub on_changed_lines: usize,
    /// Reported because they were not there before, though their line did not change.
    pub caused_elsewhere: usize,
    /// Gone with the change.
    pub fixed: usize,
    /// There before and not touched: not reported.
    pub older: usize,
}

/// A finding that somebody accepted.
#[derive(Clone, Debug)]
pub struct Silenced {
    /// What is accepted.
    pub finding: Finding,
    /// Its name.
    pub fingerprint: String,
    /// Where it was accepted.
    pub by: SilencedBy,
    /// Why, as far as somebody wrote it.
    pub reason: String,
    /// The last day it holds.
    pub until: Option<Date>,
}

/// Where a finding was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SilencedBy {
    /// In a comment beside the code.
    Comment,
    /// In the baseline.
    Baseline,
    /// By a decision of the project file.
    Decision,
}

impl Change {
    /// `compared with main: 2 on changed lines, 1 caused elsewhere, 3 fixed, 40 older ones not shown`.
    pub(crate) fn sentence(&self) -> String {
        format!(
            "compared with {}: {} on changed lines, {} caused elsewhere by the change, {} fixed, {} older not shown",
            self.base, self.on_changed_lines, self.caused_elsewhere, self.fixed, self.older
        )
    }
}

impl LeftOut {
    /// `2 suppressed, 3 in the baseline`; `None` if nothing was accepted.
    pub(crate) fn accepted(self) -> Option<String> {
        list(&[
            (self.suppressed, "suppressed by comments", "suppressed by comments"),
            (self.baselined, "in the baseline", "in the baseline"),
            (self.decided, "decided in the project file", "decided in the project file"),
        ])
    }

    /// `1 rule switched off, 3 files excluded`; `None` if no setting makes the run say less.
    pub(crate) fn loosened(self) -> Option<String> {
        let Loosened { rules_off, files_excluded, milder_rules, values_changed, paths_declared } = self.loosened;
        list(&[
            (rules_off, "rule switched off", "rules switched off"),
            (files_excluded, "file excluded", "files excluded"),
            (milder_rules, "rule made milder", "rules made milder"),
            (values_changed, "limit changed", "limits changed"),
            (paths_declared, "path declared not to ship", "paths declared not to ship"),
            (self.below_threshold, "finding below the lowest severity", "findings below the lowest severity"),
        ])
    }

    /// All that makes the report say less than it could, as a sentence; `None` if nothing does.
    pub(crate) fn sentence(self) -> Option<String> {
        let accepted = self.accepted().map(|list| format!("accepted findings are not shown: {list}"));
        let loosened = self.loosened().map(|list| format!("settings make the audit say less: {list}"));
        let parts: Vec<String> = [accepted, loosened].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// Those that there are, each with the word for one and for many.
fn list(parts: &[(usize, &str, &str)]) -> Option<String> {
    let some = parts.iter().filter(|(number, ..)| *number > 0);
    let said: Vec<String> =
        some.map(|(number, one, many)| format!("{number} {}", if *number == 1 { one } else { many })).collect();
    (!said.is_empty()).then(|| said.join(", "))
}
