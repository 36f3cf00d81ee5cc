//! Snapshots of every format over one sample, and SARIF judged by the real validator where it is installed.

mod rules;
mod sample;
mod validator;

use super::{human, json, sarif};
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
fn no_format_shows_a_masked_byte_or_an_escape() {
    let sample = Sample::new();
    let report = sample.report();
    let texts = [
        human::render(&report, human::Options::plain(100)),
        json::render(&report).expect("serialises"),
        sarif::render(&report).expect("serialises"),
    ];
    for text in texts {
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
    assert_eq!(json::render(&sample.report()).ok(), json::render(&turned.report()).ok());
    assert_eq!(sarif::render(&sample.report()).ok(), sarif::render(&turned.report()).ok());
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
        assert!(json::render(&report).is_ok() && sarif::render(&report).is_ok());
    }
}
