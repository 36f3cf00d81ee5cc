//! What a team decided about a failure: what it covers, who answers for it, and how long it counts.
//!
//! A decision changes no finding and hides none; it says whether a failure still blocks a launch.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::described::Described;
use super::{Date, PathGlobs};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// Fixed before launch.
    Blocker,
    /// A compensating control holds until a deadline.
    Mitigated,
    /// Tolerated until it expires.
    Accepted,
}

impl Ruling {
    /// All, strictest first.
    pub const ALL: [Ruling; 3] = [Ruling::Blocker, Ruling::Mitigated, Ruling::Accepted];

    /// The word used in files and reports.
    pub fn label(self) -> &'static str {
        match self {
            Ruling::Blocker => "blocker",
            Ruling::Mitigated => "mitigated",
            Ruling::Accepted => "accepted",
        }
    }
}

impl Described for Ruling {
    fn schema() -> Value {
        json!({"enum": Ruling::ALL.map(Ruling::label)})
    }
}

/// What a decision is about. Parts that are given must all match.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The beginning of a fingerprint.
    pub finding: Option<String>,
    /// A rule's id.
    pub rule: Option<String>,
    /// A checklist item's id.
    pub item: Option<String>,
    /// Where.
    pub path: Option<PathGlobs>,
}

/// A failure as decisions see it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its fingerprint, if it is a finding.
    pub fingerprint: Option<&'a str>,
    /// Its rule, if it is a finding.
    pub rule: Option<&'a str>,
    /// The checklist items that it bears on.
    pub items: &'a [String],
    /// The file it stands in, relative to the scanned root.
    pub path: &'a str,
}

impl Scope {
    /// Whether a failure is meant.
    pub fn covers(&self, subject: Subject<'_>) -> bool {
        let is_finding = self
            .finding
            .as_deref()
            .is_none_or(|start| subject.fingerprint.is_some_and(|name| !start.is_empty() && name.starts_with(start)));
        is_finding
            && self.rule.as_deref().is_none_or(|rule| subject.rule == Some(rule))
            && self.item.as_ref().is_none_or(|item| subject.items.contains(item))
            && self.path.as_ref().is_none_or(|path| path.is_match(subject.path))
    }

    /// How narrow it is: a finding is narrower than a path, a path narrower than a rule, a rule narrower than an item.
    pub fn narrowness(&self) -> u8 {
        let is_given = [self.item.is_some(), self.rule.is_some(), self.path.is_some(), self.finding.is_some()];
        is_given.iter().zip([1, 2, 4, 8]).filter(|(is_given, _)| **is_given).map(|(_, weight)| weight).sum()
    }

    /// Whether its path means every file.
    pub fn is_everywhere(&self) -> bool {
        let is_any = |pattern: &String| pattern.chars().all(|c| matches!(c, '*' | '/' | '.'));
        self.path.as_ref().is_some_and(|path| path.patterns().iter().any(is_any))
    }

    /// The scope in words, as in `MI-3 in services/legacy`.
    pub fn label(&self) -> String {
        let what: Vec<&str> =
            [&self.finding, &self.rule, &self.item].into_iter().filter_map(|part| part.as_deref()).collect();
        let place = self.path.as_ref().map(|path| path.patterns().join(", "));
        match (what.is_empty(), place) {
            (false, Some(place)) => format!("{} in {place}", what.join(" ")),
            (true, Some(place)) => format!("everything in {place}"),
            (_, None) => what.join(" "),
        }
    }
}

/// One decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What was decided.
    pub ruling: Ruling,
    /// What it is about.
    pub scope: Scope,
    /// The compensating control, or the reason.
    pub why: Option<String>,
    /// Its owner, or who approved it.
    pub who: Option<String>,
    /// The day it was made, if written down.
    pub made: Option<Date>,
    /// The last day it counts; `None` only for a blocker.
    pub until: Option<Date>,
    /// The line of the project file it starts on.
    pub line: usize,
}

/// Where a decision stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It blocks, whatever the day.
    Blocks,
    /// It holds for so many more days.
    Holds(i64),
    /// It ended so many days ago.
    Expired(i64),
}

/// Decisions that end within so many days are pointed out.
pub const SOON: i64 = 7;

impl Decision {
    /// Where it stands on a day; the last day still counts.
    pub fn standing(&self, today: Date) -> Standing {
        match (self.ruling, self.until) {
            (Ruling::Blocker, _) | (_, None) => Standing::Blocks,
            (_, Some(until)) => match today.days_until(until) {
                left if left >= 0 => Standing::Holds(left),
                past => Standing::Expired(-past),
            },
        }
    }

    /// Whether it excuses more than its author can have looked at: every file, or different defects at once where it
    /// names neither a rule nor a finding.
    pub fn is_over_broad(&self, defects: usize) -> bool {
        let is_wide = self.scope.finding.is_none() && self.scope.rule.is_none();
        self.ruling != Ruling::Blocker && is_wide && (self.scope.is_everywhere() || defects > 1)
    }

    /// Whether it keeps what it covers from blocking a launch.
    pub fn excuses(&self, today: Date) -> bool {
        matches!(self.standing(today), Standing::Holds(_))
    }
}

/// The decision that speaks for a failure: the narrowest that covers it, the later one of equals; by index.
///
/// A narrow decision wins over a broad one even where it has expired: whoever looked closely meant it to end.
pub fn decide(decisions: &[Decision], subject: Subject<'_>) -> Option<usize> {
    let covering = decisions.iter().enumerate().filter(|(_, decision)| decision.scope.covers(subject));
    covering.max_by_key(|(at, decision)| (decision.scope.narrowness(), *at)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::{Decision, Ruling, Scope, Standing, Subject, decide};
    use crate::settings::{Date, PathGlobs};

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn decision(ruling: Ruling, scope: Scope, until: Option<&str>) -> Decision {
        Decision { ruling, scope, why: None, who: None, made: None, until: until.map(day), line: 1 }
    }

    #[test]
    fn a_decision_holds_through_its_last_day() {
        let mitigated = decision(Ruling::Mitigated, Scope::default(), Some("2026-01-14"));
        assert_eq!(mitigated.standing(day("2026-01-01")), Standing::Holds(13));
        assert_eq!(mitigated.standing(day("2026-01-14")), Standing::Holds(0));
        assert_eq!(mitigated.standing(day("2026-01-15")), Standing::Expired(1));
        assert!(!decision(Ruling::Blocker, Scope::default(), None).excuses(day("2026-01-01")));
    }

    #[test]
    fn the_narrowest_decision_speaks() {
        let item = Scope { item: Some("MI-3".into()), ..Scope::default() };
        let path = Scope { path: Some(PathGlobs::new(["old"]).expect("a pattern")), ..item.clone() };
        let finding = Scope { finding: Some("0123abcd".into()), ..Scope::default() };
        let all = [item, path, finding].map(|scope| decision(Ruling::Accepted, scope, Some("2026-01-14")));
        let items = ["MI-3".to_owned()];
        let of = |fingerprint, path| {
            decide(
                &all,
                Subject { fingerprint: Some(fingerprint), rule: Some("missing-rate-limit"), items: &items, path },
            )
        };
        assert_eq!(of("ffff", "new/a.py"), Some(0));
        assert_eq!(of("ffff", "old/a.py"), Some(1));
        assert_eq!(of("0123abcdef", "old/a.py"), Some(2));
        let other = Subject { fingerprint: None, rule: None, items: &[], path: "new/a.py" };
        assert_eq!(decide(&all, other), None);
    }
}
