//! Takes findings out that a decision of the project file excuses, for as long as it counts.
//!
//! A blocker and an expired decision excuse nothing. What is wrong with the decisions themselves is not judged here: rules
//! of their own do that.

use crate::finding::Finding;
use crate::settings::decision::{self, Subject};
use crate::settings::{Date, Plan};

/// What is left, and what was decided about the rest.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// Findings that nothing excuses.
    pub open: Vec<Finding>,
    /// Excused findings, each with the decision that speaks for it: an index into the plan's.
    pub decided: Vec<(Finding, usize)>,
}

/// Applies the decisions of a plan. `name_of` gives a finding's fingerprint, `items_of` a rule's checklist items.
pub fn split(
    findings: Vec<Finding>,
    name_of: &dyn Fn(&Finding) -> String,
    items_of: &dyn Fn(&str) -> Vec<String>,
    plan: &Plan,
    today: Date,
) -> Split {
    let mut split = Split::default();
    for finding in findings {
        let (name, items) = (name_of(&finding), items_of(&finding.rule));
        let subject =
            Subject { fingerprint: Some(&name), rule: Some(&finding.rule), items: &items, path: &finding.at.path };
        let decision = decision::decide(&plan.decisions, subject);
        match decision.filter(|at| plan.decisions[*at].excuses(today)) {
            Some(at) => split.decided.push((finding, at)),
            None => split.open.push(finding),
        }
    }
    split
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
    fn a_decision_excuses_until_it_ends() {
        let decision = Decision {
            ruling: Ruling::Accepted,
            scope: Scope { rule: Some("a".into()), ..Scope::default() },
            why: None,
            who: None,
            made: None,
            until: "2026-01-14".parse().ok(),
            line: 1,
        };
        let plan = Plan { decisions: vec![decision], ..Plan::default() };
        let on = |day: &str| {
            let today = day.parse().expect("a day");
            let split = split(vec![finding("a"), finding("b")], &|_| String::new(), &|_| Vec::new(), &plan, today);
            (split.open.len(), split.decided.len())
        };
        assert_eq!(on("2026-01-14"), (1, 1));
        assert_eq!(on("2026-01-15"), (2, 0));
    }
}
