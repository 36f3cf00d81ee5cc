//! Every format over one small checklist with hostile text in every place that the repository or the project file fills.

use std::collections::BTreeMap;

use super::{Page, html, human, json, markdown};
use crate::catalogue::{Role, Track};
use crate::checklist::history::{Record, Share};
use crate::checklist::{
    Attested, Cell, Checklist, Counts, CoverageRow, DecisionRow, EntryRow, Failure, Fault, Line, PackageRow, Proof,
    Row, Scope, State, Verdict,
};
use crate::finding::{Notice, NoticeKind, Severity};
use crate::inventory::{Coverage, EntryPoint, Inventory, LlmCall, Prompt, Spot, Step, Table, Used};
use crate::model::ControlKind;
use crate::report::human::Options;
use crate::report::{LeftOut, Loosened, Summary, Tool};
use crate::settings::Date;
use crate::settings::decision::Ruling;
use crate::surface::Status;

/// Acts on a terminal, in HTML, in an attribute and in Markdown, if it is let.
const HOSTILE: &str = "</summary><script>alert(1)</script>\" onload='x' `|[a](javascript:b)\u{1b}[2J";

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn spot(line: u32) -> Spot {
    Spot { file: format!("app/{HOSTILE}.py"), line }
}

fn row(id: &str, verdict: Verdict, evidence: Vec<Line>) -> Row {
    Row {
        id: id.to_owned(),
        title: "Rate limiting".to_owned(),
        group: "Model and infrastructure".to_owned(),
        track: Track::Blocking,
        severity: Severity::High,
        owner: HOSTILE.to_owned(),
        reviewer: "security engineer".to_owned(),
        verdict,
        reason: format!("1 of 2 LLM entry points rate limited {HOSTILE}"),
        blocks: verdict == Verdict::Fail,
        failures: evidence.iter().map(|line| line.failures.len() as u64).sum(),
        excused: 0,
        evidence,
        attest: Some("that it is right".to_owned()),
        attestation: Some(Attested {
            who: HOSTILE.to_owned(),
            when: day("2026-01-01"),
            artefact: "javascript:alert(1)".to_owned(),
            statement: None,
            review_by: day("2026-01-09"),
            days_left: -1,
        }),
        risk: "One loop spends the budget.".to_owned(),
        passes: "Requests are limited.".to_owned(),
        artefact: "limits".to_owned(),
    }
}

fn line() -> Line {
    let failure = |decision| Failure {
        rule: Some("missing-rate-limit".to_owned()),
        at: spot(4),
        message: HOSTILE.to_owned(),
        severity: Severity::High,
        fingerprint: Some("0123456789abcdef".to_owned()),
        suppressed: None,
        decision,
        is_excused: false,
    };
    Line {
        control: Some("rate-limit".to_owned()),
        rule: Some("missing-rate-limit".to_owned()),
        role: Role::Decides,
        state: State::Fails,
        counts: Counts { subjects: 2, satisfied: 1, failed: 1, ..Counts::default() },
        says: "1 of 2 LLM entry points rate limited".to_owned(),
        failures: vec![failure(Some(0)), failure(None)],
        proofs: vec![Proof { at: spot(2), what: HOSTILE.to_owned() }],
    }
}

fn checklist() -> Checklist {
    let cell = |status, policy| Cell {
        control: ControlKind::RateLimit,
        status,
        value: Some(HOSTILE.to_owned()),
        policy,
        at: vec![spot(2)],
    };
    let entry = |status, policy| EntryRow {
        at: spot(4),
        title: HOSTILE.to_owned(),
        framework: "web".to_owned(),
        cells: vec![cell(status, policy)],
    };
    let coverage = Coverage { present: 1, partial: 0, unknown: 0, total: 2 };
    Checklist {
        today: day("2026-01-10"),
        profile: Some(HOSTILE.to_owned()),
        scope: Scope {
            uses_llm: true,
            llm_calls: 1,
            llm_entry_points: 2,
            unresolved_calls: 3,
            unknown_packages: vec![HOSTILE.to_owned()],
            ..Scope::default()
        },
        totals: BTreeMap::from([("fail", 1), ("pass", 1)]),
        blockers: vec!["MI-3".to_owned()],
        items: vec![row("MI-3", Verdict::Fail, vec![line()]), row("MI-4", Verdict::Pass, Vec::new())],
        packages: vec![PackageRow {
            folder: HOSTILE.to_owned(),
            coverage: vec![CoverageRow {
                control: ControlKind::RateLimit,
                done: "rate limited".to_owned(),
                counts: coverage,
            }],
            entry_points: vec![entry(Status::Present, Some("above")), entry(Status::Absent, None)],
        }],
        decisions: vec![DecisionRow {
            decision: Ruling::Mitigated,
            about: HOSTILE.to_owned(),
            why: Some(HOSTILE.to_owned()),
            who: Some(HOSTILE.to_owned()),
            made: None,
            until: Some(day("2026-01-08")),
            days_left: Some(-2),
            covers: 1,
            items: vec!["MI-3".to_owned()],
            faults: vec![Fault::Expired],
            notes: vec!["expired on 2026-01-08, 2 days ago: what it covers blocks again".to_owned()],
            line: 3,
        }],
    }
}

fn inventory() -> Inventory {
    let call = LlmCall {
        at: spot(9),
        callee: HOSTILE.to_owned(),
        function: "answer".to_owned(),
        model: Some(HOSTILE.to_owned()),
        max_output: None,
        timeout: None,
    };
    let entry = EntryPoint {
        at: spot(4),
        name: HOSTILE.to_owned(),
        framework: HOSTILE.to_owned(),
        route: None,
        llm_calls: vec![0],
        path: vec![Step { at: spot(5), function: HOSTILE.to_owned() }],
        controls: BTreeMap::new(),
    };
    Inventory {
        table: Table { entry_points: vec![entry], other_entry_points: 0, llm_calls: vec![call], unresolved_calls: 3 },
        named_models: vec![Some(HOSTILE.to_owned())],
        prompts: vec![Prompt { at: spot(1), kind: "file", name: HOSTILE.to_owned(), sha256: None }],
        tools: vec![Used { at: spot(1), kind: "tool", callee: HOSTILE.to_owned(), library: HOSTILE.to_owned() }],
        ..Inventory::default()
    }
}

fn with_page<T>(checklist: &Checklist, write: impl FnOnce(&Page<'_>) -> T) -> T {
    let record = |date: &str, of| Record {
        version: 1,
        date: day(date),
        coverage: BTreeMap::from([(HOSTILE.to_owned(), Share { of, all: 4 })]),
        ..Record::default()
    };
    let notice = Notice::file(NoticeKind::Unparsed, HOSTILE, HOSTILE);
    write(&Page {
        tool: Tool { name: "launchlint", version: "0.0.0", home: None },
        checklist,
        inventory: &inventory(),
        summary: &Summary::default(),
        notices: &[notice],
        project_file: Some("launchlint.toml"),
        history: &[record("2026-01-01", 1), record("2026-01-10", 3)],
        left_out: LeftOut {
            suppressed: 2,
            loosened: Loosened { rules_off: 1, ..Loosened::default() },
            ..LeftOut::default()
        },
    })
}

#[test]
fn the_page_is_one_file_that_asks_for_nothing() {
    let page = with_page(&checklist(), html::render);
    for forbidden in
        ["http://", "https://", "<script", "<img", "<link", "<iframe", "url(", "@import", " style=", "\u{1b}"]
    {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("default-src 'none'; style-src 'sha256-"), "a strict policy");
    assert!(!page.contains("href=\"javascript") && !page.contains("href='javascript"), "links stay in the page");
    // Every attribute is closed: hostile quotes did not open new ones.
    assert!(!page.contains("onload='") && !page.contains("onload=\""), "{page}");
    for part in ["items", "coverage", "paths", "decisions", "inventory", "trend", "limits"] {
        assert!(page.contains(&format!("<section id=\"{part}\">")), "{part}");
    }
}

#[test]
fn every_element_that_opens_closes() {
    let page = with_page(&checklist(), html::render);
    for name in [
        "section", "details", "summary", "table", "thead", "tbody", "tr", "ul", "li", "dl", "svg", "figure", "div",
        "main",
    ] {
        let opened = page.matches(&format!("<{name}>")).count() + page.matches(&format!("<{name} ")).count();
        assert_eq!(opened, page.matches(&format!("</{name}>")).count(), "{name}");
    }
}

#[test]
fn text_of_the_repository_acts_in_no_format() {
    let checklist = checklist();
    let text = with_page(&checklist, |page| human::render(page, Options::plain(100), true));
    assert!(!text.contains('\u{1b}'));
    let text = with_page(&checklist, markdown::render);
    // Between backticks nothing acts, and names of files hold none.
    let plain = text.replace("\\`", "");
    let acting: Vec<&str> = plain.split('`').step_by(2).collect();
    let acting = acting.concat();
    assert!(!acting.contains("<script") && !acting.contains("[a](javascript"), "{text}");
    assert!(!text.contains('\u{1b}') && plain.matches('`').count() % 2 == 0, "{text}");
    let text = with_page(&checklist, json::render).expect("serialises");
    serde_json::from_str::<serde_json::Value>(&text).expect("valid JSON");
}

#[test]
fn reports_say_what_blocks_and_how_long_decisions_last() {
    let checklist = checklist();
    let formats = [
        with_page(&checklist, |page| human::render(page, Options::plain(100), false)),
        with_page(&checklist, markdown::render),
        with_page(&checklist, html::render),
    ];
    for text in formats {
        assert!(text.contains("MI-3") && text.contains("expired"), "{text}");
        assert!(text.contains("1 of 2 LLM entry points rate limited"), "{text}");
    }
}

#[test]
fn a_repository_without_a_model_does_not_look_like_a_pass() {
    let mut checklist = checklist();
    checklist.scope = Scope::default();
    checklist.blockers.clear();
    for text in [with_page(&checklist, markdown::render), with_page(&checklist, html::render)] {
        assert!(text.contains("No use of a language model was found") && text.contains("Nothing to judge"), "{text}");
    }
}
