//! Snapshots of every format over one sample, and SARIF judged by the real validator where it is installed.

mod rules;
mod sample;
mod validator;

use super::{Change, LeftOut, Report, agent, github, gitlab, human, json, junit, markdown, sarif};
use sample::Sample;

use crate::source::Span;

#[test]
fn human_plain() {
    let sample = Sample::new();
    insta::assert_snapshot!(human::render(&sample.report(), human::Options::plain(100)));
}

#[test]
fn human_in_colour_on_a_narrow_terminal() {
    let sample = Sample::new();
    let options = human::Options { width: 60, colour: true, unicode: true };
    let text = human::render(&sample.report(), options).replace('\u{1b}', "␛");
    insta::assert_snapshot!(text);
}

#[test]
fn human_of_an_empty_run_does_not_look_like_a_pass() {
    let sample = Sample::empty();
    insta::assert_snapshot!(human::render(&sample.report(), human::Options::plain(100)));
}

#[test]
fn json_document() {
    let sample = Sample::new();
    insta::assert_snapshot!(json::render(&sample.report()).expect("serialises"));
}

#[test]
fn sarif_document() {
    let sample = Sample::new();
    insta::assert_snapshot!(sarif::render(&sample.report()).expect("serialises"));
}

#[test]
fn github_annotations() {
    let sample = Sample::new();
    insta::assert_snapshot!(github::render(&sample.report()));
}

#[test]
fn gitlab_code_quality() {
    let sample = Sample::new();
    insta::assert_snapshot!(gitlab::render(&sample.report()).expect("serialises"));
}

#[test]
fn junit_document() {
    let sample = Sample::new();
    insta::assert_snapshot!(junit::render(&sample.report()));
}

#[test]
fn markdown_page() {
    let sample = Sample::new();
    insta::assert_snapshot!(markdown::render(&sample.report()));
}

#[test]
fn agent_lines() {
    let sample = Sample::new();
    insta::assert_snapshot!(agent::render(&sample.report()).expect("serialises"));
}

#[test]
fn hosts_get_paths_from_the_top_and_a_category() {
    let sample = Sample::new();
    let mut report = sample.report();
    report.circumstances.prefix = "services/api/";
    report.circumstances.category = Some("api");
    let sarif = sarif::render(&report).expect("serialises");
    assert!(sarif.contains("\"uri\": \"services/api/app/main.py\"") && sarif.contains("\"id\": \"api/\""), "{sarif}");
    assert!(github::render(&report).contains("file=services/api/app/main.py"));
    assert!(gitlab::render(&report).expect("serialises").contains("\"path\": \"services/api/app/main.py\""));
    assert!(junit::render(&report).contains("classname=\"services/api/app/main.py\""));
}

#[test]
fn accepted_findings_are_marked_where_they_are_asked_for() {
    let mut sample = Sample::new();
    sample.accept_first();
    let text = sarif::render(&sample.report()).expect("serialises");
    let document: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
    let results = document["runs"][0]["results"].as_array().expect("results");
    let suppressed: Vec<_> = results.iter().map(|r| r["suppressions"].as_array().expect("all have it").len()).collect();
    assert_eq!(suppressed.iter().sum::<usize>(), 1, "{text}");
    assert!(text.contains("behind the gateway (until 2027-01-31)"), "{text}");
    assert!(json::render(&sample.report()).expect("serialises").contains("\"by\": \"comment\""));
}

#[test]
fn more_results_than_a_host_takes_are_cut_by_severity_with_a_notification() {
    let mut sample = Sample::new();
    sample.multiply(5_200);
    let text = sarif::render(&sample.report()).expect("serialises");
    let document: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
    let run = &document["runs"][0];
    assert_eq!(run["results"].as_array().map(Vec::len), Some(5_000));
    assert!(run["results"].as_array().expect("results").iter().any(|r| r["ruleId"] == "hardcoded-credential"));
    let said = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(said.contains("milder findings were left out"), "{said}");
}

#[test]
fn places_are_links_where_the_terminal_follows_them() {
    let sample = Sample::new();
    let mut report = sample.report();
    report.circumstances.links_to = Some("file:///srv/shop/");
    let text = human::render(&report, human::Options::plain(100));
    let link = "\u{1b}]8;;file:///srv/shop/app/main.py\u{1b}\\app/main.py:8\u{1b}]8;;\u{1b}\\";
    assert!(text.contains(link), "{text:?}");
    assert!(text.contains("web/app/%5Bid%5D/gro%C3%9Fe%20route.ts"), "{text:?}");
}

#[test]
fn what_was_compared_and_left_out_is_told() {
    let sample = Sample::new();
    let change = Change { base: "main".into(), on_changed_lines: 1, caused_elsewhere: 2, fixed: 3, older: 4 };
    let mut report = sample.report();
    report.circumstances.change = Some(&change);
    report.circumstances.left_out = LeftOut { suppressed: 2, baselined: 3, ..LeftOut::default() };
    for text in [human::render(&report, human::Options::plain(200)), markdown::render(&report)] {
        assert!(text.contains("compared with main: 1 on changed lines, 2 caused elsewhere"), "{text}");
        assert!(text.contains("2 suppressed by comments, 3 in the baseline"), "{text}");
    }
}

/// Every format but the ones for people on a terminal.
fn machine_formats(report: &Report<'_>) -> Vec<String> {
    let results = [json::render(report), sarif::render(report), gitlab::render(report), agent::render(report)];
    let texts = results.map(|text| text.expect("serialises"));
    texts.into_iter().chain([github::render(report), junit::render(report), markdown::render(report)]).collect()
}

#[test]
fn no_format_shows_a_masked_byte_or_an_escape() {
    let sample = Sample::new();
    let report = sample.report();
    let human = human::render(&report, human::Options::plain(100));
    for text in machine_formats(&report).into_iter().chain([human]) {
        assert!(!text.contains(&sample.secret), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn the_order_of_findings_does_not_change_any_format() {
    let sample = Sample::new();
    let mut turned = Sample::new();
    turned.findings.reverse();
    turned.notices.reverse();
    let options = human::Options::plain(100);
    assert_eq!(human::render(&sample.report(), options), human::render(&turned.report(), options));
    assert_eq!(machine_formats(&sample.report()), machine_formats(&turned.report()));
}

#[test]
fn frames_survive_odd_line_ends_and_spans() {
    let mut sample = Sample::new();
    for (text, start, end) in
        [("a\rb\rc\r", 2, 3), ("", 0, 0), ("é", 1, 1), ("x\n", 90, 99), ("\n\n", 1, 9), ("a\r\nb", 0, 4)]
    {
        sample.set_source("app/main.py", text);
        for finding in &mut sample.findings {
            finding.at.path = "app/main.py".to_owned();
            finding.at.span = Span::new(start, end);
        }
        let report = sample.report();
        assert!(human::render(&report, human::Options::plain(0)).contains("app/main.py"));
        assert!(machine_formats(&report).iter().all(|text| !text.is_empty()));
    }
}
