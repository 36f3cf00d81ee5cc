//! One function a fuzz target: takes any bytes, and panics where a promise does not hold.
//!
//! The first byte of an input chooses among variants where there are several; the rest is the text.

use std::collections::BTreeMap;
use std::panic::Location as Caller;
use std::sync::LazyLock;

use launchlint::analysis::{self, Options};
use launchlint::catalogue::Catalogue;
use launchlint::embedded::EMBEDDED;
use launchlint::filter::baseline::Baseline;
use launchlint::filter::change::ChangedLines;
use launchlint::filter::{self, Audited, Policy};
use launchlint::finding::{Confidence, Finding, Location, Notice, NoticeKind, Severity, Step};
use launchlint::ir::FileFacts;
use launchlint::lang::{self, config};
use launchlint::model::ModelSet;
use launchlint::report::{
    Circumstances, Report, Silenced, SilencedBy, Summary, Tool, agent, github, gitlab, human, json, junit, markdown,
    sarif,
};
use launchlint::rules::card::RuleSet;
use launchlint::rules::run::Given;
use launchlint::rules::{imported, page};
use launchlint::settings::config::{Config, Origin};
use launchlint::settings::{Date, Plan, RuleSelection, WalkSettings};
use launchlint::source::{Language, LineIndex, PathClass, SourceFile, Span};
use launchlint::text::{self, Patterns};
use launchlint::walk;

use crate::places::Places;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(EMBEDDED).expect("the rules load"));
static MODELS: LazyLock<ModelSet> = LazyLock::new(|| ModelSet::load(EMBEDDED).expect("the models load"));
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::load(EMBEDDED).expect("the checklist loads"));
static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns::embedded().expect("the patterns load"));

/// A target: it reads some bytes and is not to fail.
type Target = fn(&[u8]);

/// All targets by name.
pub const ALL: [(&str, Target); 14] = [
    ("python", python),
    ("typescript", typescript),
    ("rust", rust),
    ("config", config),
    ("prompt", prompt),
    ("settings", settings),
    ("data", data),
    ("suppression", suppression),
    ("report", report),
    ("cache", cache),
    ("credentials", credentials),
    ("baseline", baseline),
    ("import", import),
    ("program", program),
];

/// The first byte, and the rest as text, as the walk would repair it.
fn choice(data: &[u8]) -> (u8, String) {
    match data.split_first() {
        Some((first, rest)) => (*first, String::from_utf8_lossy(rest).into_owned()),
        None => (0, String::new()),
    }
}

#[track_caller]
fn check_spans<'s>(spans: impl IntoIterator<Item = &'s (u32, u32)>, text: &str) {
    for (start, end) in spans {
        let range = *start as usize..*end as usize;
        assert!(text.get(range).is_some(), "{start}..{end} in {} bytes, seen at {}", text.len(), Caller::caller());
    }
}

#[track_caller]
fn check_notices(notices: &[Notice], text: &str) {
    let spans: Vec<(u32, u32)> = notices.iter().filter_map(|n| n.span).map(|span| (span.start, span.end)).collect();
    check_spans(&spans, text);
    let internal = notices.iter().find(|notice| notice.kind == NoticeKind::Internal);
    assert!(internal.is_none(), "{internal:?}");
}

/// What holds for the facts of every file: places lie in it, indices in their tables, and the kept form comes back.
pub fn check_facts(facts: &FileFacts, text: &str) {
    let places = Places::of(facts);
    check_spans(&places.spans, text);
    assert_eq!(facts.exprs.len(), facts.spans.len());
    assert!(!facts.functions.is_empty());
    for (kind, id) in &places.ids {
        let known = match *kind {
            "ExprId" => facts.exprs.len(),
            "FnId" => facts.functions.len(),
            "ClassId" => facts.classes.len(),
            other => panic!("an index of a kind that is not known here: {other}"),
        };
        assert!((*id as usize) < known, "{kind} {id} of {known}");
    }
    let entry = analysis::encode(facts).expect("facts can be kept");
    let back = analysis::decode(&entry).expect("kept facts can be read");
    assert!(analysis::encode(&back).as_ref() == Some(&entry), "kept facts come back as others");
}

fn code(front_end: fn(&str, &str) -> (FileFacts, Vec<Notice>), path: &str, text: &str) {
    let (facts, notices) = front_end(path, text);
    check_facts(&facts, text);
    check_notices(&notices, text);
}

/// The Python front end, and notebooks.
pub fn python(data: &[u8]) {
    let (first, text) = choice(data);
    let path = if first == b'n' { "a/b.ipynb" } else { "a/b.py" };
    code(lang::python::lower, path, &text);
}

/// The TypeScript front end in all its dialects.
pub fn typescript(data: &[u8]) {
    let (first, text) = choice(data);
    let path = match first {
        b'x' => "a/b.tsx",
        b'j' => "a/b.js",
        b'v' => "a/b.vue",
        b's' => "a/b.svelte",
        _ => "a/b.ts",
    };
    code(lang::typescript::lower, path, &text);
}

/// The Rust front end.
pub fn rust(data: &[u8]) {
    let (_, text) = choice(data);
    code(lang::rust::lower, "src/b.rs", &text);
}

/// Every configuration format, and queries over what comes out.
pub fn config(data: &[u8]) {
    use config::Format;
    let (first, text) = choice(data);
    let (path, format) = match first {
        b'j' => ("a.json", Format::Json),
        b't' => ("a.toml", Format::Toml),
        b'e' => (".env", Format::Dotenv),
        b'i' => ("a.ini", Format::Ini),
        b'd' => ("Dockerfile", Format::Docker),
        b'h' => ("a.tf", Format::Hcl),
        b'n' => ("nginx.conf", Format::Directives),
        _ => ("a.yaml", Format::Yaml),
    };
    let (facts, notices) = config::parse(path, &text, format);
    check_spans(&Places::of(&facts).spans, &text);
    check_notices(&notices, &text);
    for query in ["**", "a.*.b", "**.env.*", "services.*.environment"] {
        let _ = facts.select(query);
    }
    if first == b'j' {
        drop(config::notebook(path, &text));
    }
}

/// Prompt files: templates, stores and front matter.
pub fn prompt(data: &[u8]) {
    let (first, text) = choice(data);
    let path = match first {
        b'h' => "prompts/a.hbs",
        b'm' => "prompts/a.md",
        b't' => "prompts/a.txt",
        b'p' => "prompts/a.prompt",
        b'y' => "prompts/a.yaml",
        b's' => "prompts/a.json",
        _ => "prompts/a.jinja",
    };
    let (facts, notices) = lang::prompt::parse(path, &text);
    check_spans(&Places::of(&facts).spans, &text);
    check_notices(&notices, &text);
}

/// The project file.
pub fn settings(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let config = match Config::parse(&text) {
        Ok(config) => config,
        Err(error) => {
            let lines = LineIndex::new(&text).len() as usize;
            assert!(error.line.is_none_or(|line| line >= 1 && line <= lines), "{error}");
            return;
        }
    };
    let origin = Origin { text: &text, root: "a/b" };
    drop(Plan::new(&config, origin, &CATALOGUE));
    let (mut walk, mut rules) = (WalkSettings::default(), RuleSelection::default());
    drop(config.apply(origin, &mut walk, &mut rules));
    drop(RULES.with_options(&config.rules.options));
}

/// What a team may hand over in the form of our own files: rule cards with pages, models, checklists, credential patterns.
pub fn data(data: &[u8]) {
    let (first, text) = choice(data);
    match first {
        b'm' => drop(ModelSet::load(&[("rules/models/python/a.yml", &text)])),
        b'l' => drop(Catalogue::load(&[("rules/checklist.yml", &text)])),
        b'c' => drop(Patterns::load([("rules/credentials/a.yml", text.as_str())]).map(|patterns| patterns.check())),
        b'p' => {
            if let Ok(page) = page::Page::parse("a-rule", "rules/a-rule.md", &text) {
                drop(page.cases("a-rule"));
            }
        }
        _ => {
            let (card, page) = text.split_once("\n---\n").unwrap_or((&text, ""));
            drop(RuleSet::load(&[("rules/a-rule.md", page), ("rules/a-rule.yml", card)]));
        }
    }
}

fn finding(rule: &str, path: &str, span: Span) -> Finding {
    Finding {
        rule: rule.to_owned(),
        message: "a message".to_owned(),
        severity: Severity::High,
        confidence: Confidence::High,
        at: Location { path: path.to_owned(), span },
        subject: "f".to_owned(),
        flow: Vec::new(),
        related: Vec::new(),
        remedy: None,
        masked: Vec::new(),
    }
}

const DAY: &str = "2026-06-01";

fn day() -> Date {
    DAY.parse().expect("a day")
}

/// Suppressions in comments: whatever they say, no finding is lost, and none is silenced whose rule they do not name.
pub fn suppression(data: &[u8]) {
    const KNOWN: [&str; 2] = ["unauthenticated-llm-endpoint", "missing-rate-limit"];
    let (first, text) = choice(data);
    let path = if first == b't' { "a.txt" } else { "a.py" };
    let file = SourceFile { path: path.into(), language: Language::Text, class: PathClass::Production, text };
    let lines = LineIndex::new(&file.text);
    let starts = (1..=lines.len()).filter_map(|line| lines.line_span(&file.text, line));
    let findings: Vec<Finding> = starts.take(64).map(|span| finding(KNOWN[0], path, span)).collect();
    let count = findings.len();
    let selection = RuleSelection::default();
    let policy = Policy {
        is_trusted: &|_, _, _| true,
        resolve: &|rule| KNOWN.iter().find(|known| **known == rule).map(|_| rule.to_owned()).ok_or(None),
        selection: &selection,
        min_severity: Severity::Note,
        today: day(),
        reported_everywhere: &|_| true,
        gives_way: &|_, _| false,
    };
    let filtered = filter::apply(findings, &[Audited { file: &file, comments: None }], &policy);
    check_notices(&filtered.notices, &file.text);
    assert_eq!(filtered.kept.len() + filtered.suppressed.len(), count);
    assert!(filtered.suppressed.is_empty() || file.text.contains(KNOWN[0]), "silenced without being named");
}

/// Reports over hostile texts: SARIF is read back, nothing that is masked appears, nothing speaks to a terminal.
pub fn report(data: &[u8]) {
    let words = String::from_utf8_lossy(data).into_owned();
    let mut pieces = words.splitn(6, '\n');
    let mut piece = || pieces.next().unwrap_or_default().to_owned();
    let (path, message, subject, reason, base) = (piece(), piece(), piece(), piece(), piece());
    let body = piece();
    const SECRET: &str = "q7Zk0Wv9Xb3LmT5R";
    let text = format!("{body}{SECRET}{body}\n");
    let masked = Location { path: path.clone(), span: Span::new(body.len(), body.len() + SECRET.len()) };
    let whole = Span::new(0, text.len());
    let mut one = finding("unauthenticated-llm-endpoint", &path, Span::new(body.len(), text.len()));
    one.message = message.clone();
    one.subject = subject;
    one.remedy = Some(reason.clone());
    one.masked = vec![masked];
    one.flow = vec![Step { at: Location { path: path.clone(), span: whole }, note: message.clone() }];
    let silenced = Silenced {
        finding: one.clone(),
        fingerprint: "0".repeat(32),
        by: SilencedBy::Comment,
        reason: reason.clone(),
        until: Some(day()),
    };
    let change = launchlint::report::Change { base, ..Default::default() };
    let sources: BTreeMap<String, String> = [(path.clone(), text)].into();
    let notices = [Notice { span: Some(whole), ..Notice::file(NoticeKind::Unparsed, &path, message) }];
    let report = Report {
        tool: Tool { name: "launchlint", version: "0.0.0", home: None },
        findings: &[one],
        fingerprints: &[],
        notices: &notices,
        summary: &Summary { unknown_libraries: vec![reason], ..Summary::default() },
        rules: &RULES,
        checklist: &CATALOGUE,
        sources: &sources,
        masked: &[],
        circumstances: Circumstances { silenced: &[silenced], change: Some(&change), ..Circumstances::default() },
    };
    let machine = [sarif::render(&report), json::render(&report), gitlab::render(&report)];
    let machine = machine.map(|text| text.expect("a report"));
    let log: serde_json::Value = serde_json::from_str(&machine[0]).expect("SARIF is JSON");
    assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(2));
    check_uri(&log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
    imported::parse(&machine[0]).expect("our own log can be imported");
    for text in &machine[1..] {
        serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    }
    let style = human::Options { width: 80, colour: false, unicode: true };
    let shown = [human::render(&report, style), github::render(&report), markdown::render(&report)];
    let lines = [agent::render(&report).expect("a report"), junit::render(&report)];
    for text in shown.iter().chain(&machine).chain(&lines) {
        let is_own = words.contains(SECRET);
        assert!(is_own || !text.contains(SECRET), "a secret is shown: {text}");
    }
    let obeyed = shown.iter().find_map(|text| text.chars().find(|c| *c != '\n' && c.is_control()));
    assert_eq!(obeyed, None);
}

fn check_uri(uri: &serde_json::Value) {
    let uri = uri.as_str().expect("a URI");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=@/%".contains(c);
    assert!(uri.chars().all(is_plain), "{uri}");
    assert!(!uri.starts_with('/') && !uri.split('/').any(|part| part == ".."), "{uri}");
}

/// Facts that something else left: they are read or passed over.
pub fn cache(data: &[u8]) {
    let Some(facts) = analysis::decode(data) else { return };
    let entry = analysis::encode(&facts).expect("what was read can be kept");
    assert!(analysis::decode(&entry).is_some());
}

/// Credentials in any text: places lie in it, and no part of the value is kept.
pub fn credentials(data: &[u8]) {
    let (first, text) = choice(data);
    let path = match first {
        b'e' => ".env",
        b'y' => "a.yaml",
        b'p' => "a.py",
        _ => "a.txt",
    };
    let found = text::scan(&text, path, PathClass::Production, &PATTERNS);
    check_spans(&Places::of(&found).spans, &text);
}

/// Baselines: what is written is read back, and what changed lines make of two texts.
pub fn baseline(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(mut read) = Baseline::parse(&text) {
        let written = read.to_text().expect("a baseline can be written");
        read.entries.sort();
        assert_eq!(Baseline::parse(&written), Ok(read));
    }
    let (before, after) = text.split_once('\u{1}').unwrap_or((&text, ""));
    let file = |text: &str| SourceFile {
        path: "a.py".into(),
        language: Language::Python,
        class: PathClass::Production,
        text: text.into(),
    };
    let lines = ChangedLines::between(&[file(before)], &[file(after)]);
    let _ = lines.touches("a.py", 1, 3);
}

/// Reports of other scanners.
pub fn import(data: &[u8]) {
    if let Ok((found, _)) = imported::parse(&String::from_utf8_lossy(data)) {
        for one in found {
            assert!(!one.tool.chars().chain(one.kind.chars()).any(char::is_control), "{one:?}");
        }
    }
}

/// A small repository through every stage. Files part at lines `>>> <path>`.
pub fn program(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut files: BTreeMap<String, SourceFile> = BTreeMap::new();
    for piece in text.split(">>> ").skip(1).take(6) {
        let (path, body) = piece.split_once('\n').unwrap_or((piece, ""));
        let Some(language) = walk::language_of(path, body) else { continue };
        let file = SourceFile { path: path.into(), language, class: PathClass::Production, text: body.into() };
        files.insert(path.to_owned(), file);
    }
    let files: Vec<SourceFile> = files.into_values().collect();
    let given = Given { today: Some(day()), imported: Vec::new() };
    let options = Options { given: Some(&given), catalogue: Some(&CATALOGUE), ..Options::default() };
    let audit = analysis::audit_with(&files, &RULES, &MODELS, &PATTERNS, options).expect("the rules run");
    for notice in &audit.judged.notices {
        assert!(notice.kind != NoticeKind::Internal, "{notice:?}");
    }
    let all = audit.judged.findings.iter();
    for at in all.flat_map(|f| [&f.at].into_iter().chain(&f.masked).chain(f.flow.iter().map(|step| &step.at))) {
        let file = files.iter().find(|file| file.path == at.path).expect("findings stand in files");
        check_spans(&[(at.span.start, at.span.end)], &file.text);
    }
}
