//! Takes findings out that a decision of the project file excuses, for as long as it counts.
//!
//! A blocker and an expired decision excuse nothing. Decisions that do not do what the team meant become notices.

use std::collections::BTreeSet;

use crate::finding::{Finding, Notice, NoticeKind};
use crate::settings::decision::{self, Decision, Standing, Subject};
use crate::settings::{Date, Plan};

/// What is left, and what was decided about the rest.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// Findings that nothing excuses.
    pub open: Vec<Finding>,
    /// Excused findings, each with the decision that speaks for it: an index into the plan's.
    pub decided: Vec<(Finding, usize)>,
    /// Decisions that excuse nothing any more, or never did.
    pub notices: Vec<Notice>,
}

/// Applies the decisions of a plan. `name_of` gives a finding's fingerprint, `items_of` a rule's checklist items.
///
/// Whether a decision covers anything can be told only where all rules spoke; `is_whole` says so. Those about items and
/// paths may also be about gaps that no rule reports, so that only those about findings and rules can be idle here.
pub fn split(
    findings: Vec<Finding>,
    name_of: &dyn Fn(&Finding) -> String,
    items_of: &dyn Fn(&str) -> Vec<String>,
    plan: &Plan,
    today: Date,
    is_whole: bool,
) -> Split {
    let mut split = Split::default();
    let mut used = BTreeSet::new();
    for finding in findings {
        let (name, items) = (name_of(&finding), items_of(&finding.rule));
        let subject =
            Subject { fingerprint: Some(&name), rule: Some(&finding.rule), items: &items, path: &finding.at.path };
        let decision = decision::decide(&plan.decisions, subject);
        used.extend(decision);
        match decision.filter(|at| plan.decisions[*at].excuses(today)) {
            Some(at) => split.decided.push((finding, at)),
            None => split.open.push(finding),
        }
    }
    for (at, decision) in plan.decisions.iter().enumerate() {
        let is_idle = is_whole && !used.contains(&at) && is_about_findings(decision);
        split.notices.extend(said(decision, plan, today, is_idle));
    }
    split
}

fn is_about_findings(decision: &Decision) -> bool {
    decision.scope.finding.is_some() || decision.scope.rule.is_some()
}

fn said(decision: &Decision, plan: &Plan, today: Date, is_idle: bool) -> Option<Notice> {
    let about = format!("the decision on {} (line {})", decision.scope.label(), decision.line);
    let text = match (decision.standing(today), decision.until) {
        (Standing::Expired(_), Some(until)) => {
            format!("{about} expired on {until}: what it covers is reported again")
        }
        _ if is_idle => format!("{about} covers nothing: no finding matches it; take it out"),
        _ => return None,
    };
    Some(Notice::file(NoticeKind::Ineffective, plan.file.as_deref().unwrap_or_default(), text))
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::finding::{Confidence, Finding, Location, Severity};
    use crate::settings::Plan;
    use crate::settings::decision::{Decision, Ruling, Scope};
    use crate::source::Span;

    fn finding(rule: &str) -> Finding {
        Finding {
            rule: rule.into(),
            message: String::new(),
            severity: Severity::High,
            confidence: Confidence::High,
            at: Location { path: "a.py".into(), span: Span::new(0, 1) },
            subject: String::new(),
            flow: Vec::new(),
            related: Vec::new(),
            remedy: None,
            masked: Vec::new(),
        }
    }

    #[test]
    fn a_decision_excuses_until_it_ends_and_idle_ones_are_told() {
        let about = |rule: &str| Decision {
            ruling: Ruling::Accepted,
            scope: Scope { rule: Some(rule.into()), ..Scope::default() },
            why: None,
            who: None,
            made: None,
            until: "2026-01-14".parse().ok(),
            line: 1,
        };
        let plan = Plan { decisions: vec![about("a"), about("c")], ..Plan::default() };
        let on = |day: &str| {
            let today = day.parse().expect("a day");
            split(vec![finding("a"), finding("b")], &|_| String::new(), &|_| Vec::new(), &plan, today, true)
        };
        let held = on("2026-01-14");
        assert_eq!((held.open.len(), held.decided.len()), (1, 1));
        assert!(held.notices.len() == 1 && held.notices[0].message.contains("on c (line 1) covers nothing"));
        let expired = on("2026-01-15");
        assert_eq!((expired.open.len(), expired.decided.len()), (2, 0));
        assert!(expired.notices.iter().all(|notice| notice.message.contains("expired on 2026-01-14")));
    }
}
