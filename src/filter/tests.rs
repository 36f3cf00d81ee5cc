//! Findings through the filter: each case is a file with findings on some of its lines.

use super::{Audited, Filtered, Policy, apply};
use crate::data::nearest;
use crate::finding::{Confidence, Finding, Location, Severity};
use crate::intern::Name;
use crate::ir::Comment;
use crate::settings::RuleSelection;
use crate::source::{Language, LineIndex, PathClass, SourceFile, Span};

struct Case {
    file: SourceFile,
    comments: Option<Vec<Comment>>,
    findings: Vec<Finding>,
    selection: RuleSelection,
    min_severity: Severity,
}

impl Case {
    /// A file of plain text; lines that hold `FOUND(rule)` have a finding of it.
    fn new(text: &str) -> Self {
        let file = SourceFile {
            path: "app/main.py".into(),
            language: Language::Python,
            class: PathClass::Production,
            text: text.into(),
        };
        let findings = text.match_indices("FOUND(").map(|(at, mark)| {
            let rule = text[at + mark.len()..].split(')').next().expect("a closed mark");
            finding(rule, Span::new(at, at + mark.len()))
        });
        let findings = findings.collect();
        let (selection, min_severity) = (RuleSelection::default(), Severity::Note);
        Case { file, comments: None, findings, selection, min_severity }
    }

    fn run(self) -> Filtered {
        let known = ["missing-timeout", "leaked-key", "weak-limit"];
        let resolve = |written: &str| match written {
            "absent-timeout" => Ok("missing-timeout".to_owned()),
            id if known.contains(&id) => Ok(id.to_owned()),
            other => Err(nearest(other, known)),
        };
        let policy = Policy {
            is_trusted: &|_, _, _| true,
            resolve: &resolve,
            selection: &self.selection,
            min_severity: self.min_severity,
            today: "2026-06-01".parse().expect("a day"),
            reported_everywhere: &|rule| rule == "leaked-key",
            gives_way: &|less, more| less == "general" && more == "exact",
        };
        let audited = Audited { file: &self.file, comments: self.comments.as_deref() };
        apply(self.findings, &[audited], &policy)
    }

    /// Lines of kept findings, lines of suppressed ones, and what the notices say.
    fn outcome(self) -> (Vec<u32>, Vec<u32>, String) {
        let index = LineIndex::new(&self.file.text);
        let filtered = self.run();
        let line = |finding: &Finding| index.line(finding.at.span.start);
        let notices = filtered.notices.iter().map(|notice| notice.message.clone() + "\n").collect();
        (filtered.kept.iter().map(line).collect(), filtered.suppressed.iter().map(|(f, _)| line(f)).collect(), notices)
    }
}

fn finding(rule: &str, span: Span) -> Finding {
    Finding {
        rule: rule.into(),
        message: String::new(),
        severity: Severity::Medium,
        confidence: Confidence::High,
        at: Location { path: "app/main.py".into(), span },
        subject: String::new(),
        flow: Vec::new(),
        related: Vec::new(),
        remedy: None,
        masked: Vec::new(),
    }
}

fn quiet(kept: &[u32], suppressed: &[u32]) -> (Vec<u32>, Vec<u32>, String) {
    (kept.into(), suppressed.into(), String::new())
}

#[test]
fn a_suppression_covers_its_line_or_the_next() {
    let behind =
        "a\nFOUND(missing-timeout) # launchlint: ignore[missing-timeout] -- inner call\nFOUND(missing-timeout)\n";
    assert_eq!(Case::new(behind).outcome(), quiet(&[3], &[2]));
    let above = "# launchlint: ignore[missing-timeout] -- inner call\nFOUND(missing-timeout)\nFOUND(missing-timeout)\n";
    assert_eq!(Case::new(above).outcome(), quiet(&[3], &[2]));
    let renamed = "FOUND(missing-timeout) # launchlint: ignore[absent-timeout] -- by its earlier id\n";
    assert_eq!(Case::new(renamed).outcome(), quiet(&[], &[1]));
    let stacked = "<!-- launchlint: ignore[missing-timeout] -- a -->\n{# launchlint: ignore[weak-limit] -- b #}\n@app.post('/')\nFOUND(missing-timeout) FOUND(weak-limit)\n";
    assert_eq!(Case::new(stacked).outcome(), quiet(&[], &[4, 4]));
}

#[test]
fn a_suppression_covers_only_the_rules_it_names() {
    let text = "x # launchlint: ignore[missing-timeout, weak-limit] -- a reason FOUND(missing-timeout) FOUND(weak-limit) FOUND(leaked-key)";
    assert_eq!(Case::new(text).outcome(), quiet(&[1], &[1, 1]));
}

#[test]
fn a_file_wide_suppression_covers_every_line() {
    let text = "FOUND(leaked-key)\n# launchlint: ignore-file[leaked-key] -- revoked keys\n\nFOUND(leaked-key)\n";
    let filtered = Case::new(text).run();
    assert_eq!(filtered.suppressed.len(), 2);
    let (_, suppression) = &filtered.suppressed[0];
    assert_eq!((suppression.line, suppression.reason.as_str()), (2, "revoked keys"));
}

#[test]
fn a_suppression_that_does_nothing_is_told() {
    let cases = [
        ("FOUND(weak-limit) # launchlint: ignore[weak-limit]", "say why"),
        ("FOUND(weak-limit) # launchlint: ignore[weak-limits] -- x", "did you mean `weak-limit`?"),
        ("FOUND(weak-limit) # launchlint: ignore[weak-limit] -- x until=2026-05-31", "expired on 2026-05-31"),
        ("FOUND(weak-limit) # launchlint: ignore[leaked-key] -- x", "`leaked-key` is not needed"),
    ];
    for (text, wanted) in cases {
        let (kept, suppressed, notices) = Case::new(text).outcome();
        assert_eq!((kept, suppressed), (vec![1], vec![]), "{text}");
        assert!(notices.contains(wanted), "{text}: {notices}");
    }
    let last_day = "FOUND(weak-limit) # launchlint: ignore[weak-limit] -- x until=2026-06-01";
    assert_eq!(Case::new(last_day).outcome(), quiet(&[], &[1]));
}

#[test]
fn a_suppression_of_a_rule_that_did_not_run_is_not_called_idle() {
    let mut case = Case::new("x # launchlint: ignore[leaked-key] -- test account");
    case.selection.excluded.insert("leaked-key".into());
    assert_eq!(case.outcome(), quiet(&[], &[]));
}

#[test]
fn comments_of_code_are_taken_from_its_facts() {
    let text = "s = 'launchlint: ignore[weak-limit] -- in a string' FOUND(weak-limit)\n";
    let mut case = Case::new(text);
    case.comments = Some(Vec::new());
    assert_eq!(case.outcome(), quiet(&[1], &[]));
    let text = "/* launchlint: ignore[weak-limit]\n -- too late */ FOUND(weak-limit)\n";
    let mut case = Case::new(text);
    let comment = "launchlint: ignore[weak-limit]\n -- too late";
    case.comments = Some(vec![Comment { text: Name::new(comment), span: Span::new(0, comment.len() + 6) }]);
    let (kept, _, notices) = case.outcome();
    assert_eq!(kept, [2]);
    assert!(notices.contains("say why"));
}

#[test]
fn code_that_does_not_ship_is_reported_for_sure_credentials_only() {
    let text = "FOUND(weak-limit)\nFOUND(leaked-key)\nFOUND(leaked-key)\n# launchlint: ignore[weak-limit] -- x\n";
    let mut case = Case::new(text);
    case.file.class = PathClass::Test;
    case.findings[2].confidence = Confidence::Medium;
    let filtered = case.run();
    assert_eq!((filtered.kept.len(), filtered.outside_production), (1, 2));
    assert_eq!(filtered.notices, []);
}

#[test]
fn severities_are_overridden_before_the_threshold() {
    let mut case = Case::new("FOUND(weak-limit) FOUND(missing-timeout) FOUND(leaked-key)");
    case.min_severity = Severity::High;
    case.selection.severity.insert("weak-limit".into(), Severity::Critical);
    case.selection.excluded.insert("leaked-key".into());
    let filtered = case.run();
    assert_eq!((filtered.kept.len(), filtered.below_threshold), (1, 1));
    assert_eq!(filtered.kept[0].severity, Severity::Critical);
}

#[test]
fn findings_that_are_left_out_stay_masked() {
    let mut case = Case::new(
        "FOUND(leaked-key) # launchlint: ignore[leaked-key] -- revoked\nFOUND(weak-limit)\nFOUND(leaked-key)",
    );
    for finding in &mut case.findings {
        finding.masked.push(finding.at.clone());
    }
    case.selection.excluded.insert("weak-limit".into());
    let left_out: Vec<_> = case.findings[..2].iter().map(|finding| finding.at.clone()).collect();
    assert_eq!(case.run().masked, left_out);
}

#[test]
fn one_place_is_told_once_by_the_rule_that_says_more() {
    let case = || {
        let mut case = Case::new("FOUND(general)");
        let mut exact = case.findings[0].clone();
        exact.rule = "exact".into();
        case.findings.push(exact);
        case
    };
    let both = case().run();
    assert_eq!(both.kept.iter().map(|f| f.rule.as_str()).collect::<Vec<_>>(), ["exact"]);
    assert_eq!(both.kept[0].related.len(), 1);
    // Where the exact rule may not speak, the general one does.
    let mut one = case();
    one.selection.excluded.insert("exact".into());
    assert_eq!(one.run().kept[0].rule, "general");
}
