//! Snapshots of every format over one table with one of everything, hostile text among it.

use super::{Control, EntryPoint, LlmCall, Seen, Spot, Step, Table, html, human, json, mermaid};
use crate::model::ControlKind;
use crate::report::human::Options;
use crate::surface::Status;

fn spot(file: &str, line: u32) -> Spot {
    Spot { file: file.to_owned(), line }
}

fn found(status: Status, evidence: &[(u32, &str, Option<&str>)]) -> Control {
    let seen = |(line, what, value): &(u32, &str, Option<&str>)| Seen {
        at: spot("app/main.py", *line),
        what: (*what).to_owned(),
        value: value.map(str::to_owned),
    };
    Control { status, evidence: evidence.iter().map(seen).collect() }
}

fn call(line: u32, callee: &str, model: Option<&str>) -> LlmCall {
    LlmCall {
        at: spot("app/answers.py", line),
        callee: callee.to_owned(),
        function: "answer".to_owned(),
        model: model.map(str::to_owned),
        max_output: model.map(|_| "512".to_owned()),
        timeout: None,
    }
}

fn step(file: &str, line: u32, function: &str) -> Step {
    Step { at: spot(file, line), function: function.to_owned() }
}

fn table() -> Table {
    let guarded = EntryPoint {
        at: spot("app/main.py", 9),
        name: "ask".to_owned(),
        framework: "web".to_owned(),
        route: Some("POST /ask".to_owned()),
        llm_calls: vec![0, 1],
        path: vec![step("app/main.py", 12, "ask"), step("app/answers.py", 7, "answer")],
        controls: [
            (ControlKind::RateLimit, found(Status::Present, &[(8, "limiter", Some("5/minute")), (3, "limiter", None)])),
            (ControlKind::InputLimit, found(Status::Partial, &[(10, "length check", Some("4000"))])),
            (ControlKind::RequestValidation, found(Status::Present, &[(9, "schema", None)])),
            (ControlKind::Authentication, found(Status::Absent, &[])),
            (ControlKind::OutputCheck, found(Status::Unknown, &[])),
            (ControlKind::PiiRedaction, found(Status::NotApplicable, &[])),
        ]
        .into(),
    };
    let hostile = EntryPoint {
        at: spot("web/<script>/route.ts", 120),
        name: "</summary><script>alert(\"1\")</script>\u{1b}[2J & more that is long enough to be cut".to_owned(),
        framework: "web".to_owned(),
        route: None,
        llm_calls: vec![1],
        path: vec![step("web/<script>/route.ts", 121, "\"]; click x")],
        controls: [(ControlKind::RateLimit, found(Status::Absent, &[]))].into(),
    };
    Table {
        entry_points: vec![guarded, hostile],
        other_entry_points: 1,
        llm_calls: vec![call(7, "client.complete", Some("large")), call(31, "client.stream", None)],
        unresolved_calls: 3,
    }
}

#[test]
fn human_table() {
    insta::assert_snapshot!(human::render(&table(), Options { width: 120, colour: false, unicode: true }, false));
}

#[test]
fn human_table_with_evidence_on_a_narrow_plain_terminal() {
    insta::assert_snapshot!(human::render(&table(), Options::plain(70), true));
}

#[test]
fn json_document() {
    insta::assert_snapshot!(json::render(&table()).expect("serialises"));
}

#[test]
fn mermaid_chart() {
    insta::assert_snapshot!(mermaid::render(&table()));
}

#[test]
fn html_page() {
    insta::assert_snapshot!(html::render(&table()));
}

#[test]
fn text_from_the_repository_cannot_act() {
    let page = html::render(&table());
    assert!(!page.contains("<script") && !page.contains('\u{1b}'), "{page}");
    let chart = mermaid::render(&table());
    assert!(!chart.contains("\"];") && !chart.contains("<script"), "{chart}");
}

#[test]
fn an_empty_table_does_not_look_like_a_pass() {
    let table = Table::default();
    for text in [human::render(&table, Options::plain(100), false), mermaid::render(&table), html::render(&table)] {
        assert!(text.contains("not a pass"), "{text}");
    }
}
