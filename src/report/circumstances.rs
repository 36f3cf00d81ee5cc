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
        let parts = [
            (self.suppressed, "suppressed by comments"),
            (self.baselined, "in the baseline"),
            (self.decided, "decided in the project file"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}
