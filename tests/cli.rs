//! The command line from outside: exit codes, errors, output. The analysis is one that finds the word `FOUND`.

#![expect(clippy::disallowed_methods, reason = "the tests make the trees that are scanned")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use launchlint::catalogue::Catalogue;
use launchlint::cli::{self, Console, Exit, Outcome, Stages};
use launchlint::embedded::EMBEDDED;
use launchlint::finding::{Confidence, Finding, Location, Severity};
use launchlint::rules::card::RuleSet;
use launchlint::settings::Settings;
use launchlint::source::{SourceFile, Span};
use tempfile::TempDir;

/// What one run did.
struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

fn tree(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn analyse(_: &Settings, rules: &RuleSet, files: &[SourceFile]) -> Outcome {
    let card = rules.get("missing-rate-limit").expect("the rule exists");
    let found = files.iter().flat_map(|file| file.text.match_indices("FOUND").map(move |(at, _)| (file, at)));
    let finding = |(file, at): (&SourceFile, usize)| Finding {
        rule: card.id.clone(),
        message: "found".into(),
        severity: if file.text[at..].starts_with("FOUND-NOTE") { Severity::Note } else { card.severity },
        confidence: Confidence::High,
        at: Location { path: file.path.clone(), span: Span::new(at, at + 5) },
        subject: String::new(),
        flow: Vec::new(),
        related: Vec::new(),
        remedy: None,
        masked: Vec::new(),
    };
    Outcome { findings: found.map(finding).collect(), ..Outcome::default() }
}

fn run_in(folder: &Path, args: &[&str]) -> Ran {
    let rules = RuleSet::load(EMBEDDED).expect("the rules are valid");
    let checklist = Catalogue::load(EMBEDDED).expect("the checklist is valid");
    let stages = Stages { rules: &rules, checklist: &checklist, analyse: &analyse };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut console = Console {
        out: &mut out,
        is_out_styled: false,
        is_out_unicode: false,
        width: 100,
        err: &mut err,
        is_err_watched: false,
    };
    let folder = folder.display().to_string();
    let args = args.iter().map(|arg| arg.replace("{}", &folder));
    let exit = cli::run(["launchlint".to_owned()].into_iter().chain(args), &stages, &mut console);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is text").replace(&folder, "{}");
    Ran { exit, out: text(out), err: text(err) }
}

#[test]
fn findings_decide_the_exit_code() {
    let folder = tree(&[("app.py", "x = 1 # FOUND\n"), ("clean/a.py", "x = 1\n"), ("note/a.py", "FOUND-NOTE\n")]);
    let cases: &[(&[&str], Exit)] = &[
        (&["scan", "{}"], Exit::Findings),
        (&["scan", "{}", "--exit-zero"], Exit::Clean),
        (&["scan", "{}/clean"], Exit::Clean),
        (&["scan", "{}/app.py"], Exit::Findings),
        (&["scan", "{}", "--min-severity", "critical"], Exit::Clean),
        (&["scan", "{}", "--exclude-rule", "missing-rate-limit"], Exit::Clean),
        (&["scan", "{}", "--rule", "missing-input-limit,missing-rate-limit"], Exit::Findings),
        (&["scan", "{}", "--rule", "missing-input-limit"], Exit::Clean),
        (&["scan", "{}/note"], Exit::Clean),
        (&["scan", "{}/note", "--min-severity", "note"], Exit::Findings),
        (&["scan", "{}", "--jobs", "1", "--color", "never", "--no-progress", "--no-config"], Exit::Findings),
    ];
    for (args, wanted) in cases {
        let ran = run_in(folder.path(), args);
        assert_eq!(ran.exit, *wanted, "{args:?}: {}", ran.err);
        assert_eq!(ran.err, "", "{args:?}");
    }
    assert!(run_in(folder.path(), &["scan", "{}/note"]).out.contains("a.py:1:1"), "a note is shown");
}

#[test]
fn shards_report_together_what_one_run_reports() {
    let names: Vec<String> = (0..20).map(|number| format!("a{number}.py")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x = 1 # FOUND\n")).collect();
    let folder = tree(&files);
    let found = |args: &[&str]| {
        let ran = run_in(folder.path(), &[&["scan", "{}", "--format", "json", "--exit-zero"], args].concat());
        let report: serde_json::Value = serde_json::from_str(&ran.out).expect("a report");
        let findings = report["findings"].as_array().expect("findings").clone();
        findings.into_iter().map(|finding| finding.to_string()).collect::<Vec<_>>()
    };
    let (whole, first, second) = (found(&[]), found(&["--shard", "1/2"]), found(&["--shard", "2/2"]));
    assert!(!first.is_empty() && !second.is_empty());
    let mut together = [first, second].concat();
    together.sort();
    let mut sorted = whole;
    sorted.sort();
    assert_eq!(together, sorted);
    assert_eq!(run_in(folder.path(), &["scan", "{}", "--shard", "3/2"]).exit, Exit::Failed);
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let folder = tree(&[
        ("app.py", ""),
        ("bad.toml", "[scan]\nexlude = []\n"),
        ("unknown.toml", "[rules]\ndisable = [\"missing-ratelimit\"]\n"),
        ("glob.toml", "[scan]\nexclude = [\"a[\"]\n"),
        ("empty/.gitignore", "*\n"),
    ]);
    let cases: &[(&[&str], &str)] = &[
        (&["scan", "{}/nothing"], "error: `{}/nothing` does not exist\n  help: check the path"),
        (&["scan", "{}/empty"], "error: there is no file to scan"),
        (
            &["scan", "{}", "--rule", "missing-ratelimit"],
            "--rule: there is no rule `missing-ratelimit`\n  help: did you mean `missing-rate-limit`?",
        ),
        (&["scan", "{}", "--exclude-rule", "qqq"], "help: `launchlint rules` lists every rule"),
        (&["scan", "{}", "--config", "{}/no.toml"], "cannot read the configuration `{}/no.toml`"),
        (&["scan", "{}", "--config", "{}/bad.toml"], "{}/bad.toml:2: unknown field `exlude`"),
        (&["scan", "{}", "--config", "{}/bad.toml"], "help: did you mean `exclude`?"),
        (&["scan", "{}", "--config", "{}/unknown.toml"], "{}/unknown.toml:2: there is no rule `missing-ratelimit`"),
        (&["scan", "{}", "--config", "{}/glob.toml"], "{}/glob.toml:2: `a[` is not a path pattern"),
        (&["scan", "{}", "--output", "{}"], "it is a folder"),
        (&["scan", "{}", "--output", "{}/no/out.json"], "create the folder first"),
        (&["scan", "{}", "--format", "xml"], "invalid value 'xml'"),
        (&["scan", "{}", "--jobs", "0"], "invalid value '0'"),
        (&["scna"], "unrecognized subcommand 'scna'"),
        (&["explain", "missing-rate-limits"], "did you mean `missing-rate-limit`?"),
    ];
    for (args, wanted) in cases {
        let ran = run_in(folder.path(), args);
        assert_eq!(ran.exit, Exit::Failed, "{args:?}");
        assert!(ran.err.contains(wanted), "{args:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{args:?}");
    }
}

#[test]
fn a_run_without_code_is_not_called_a_pass() {
    let folder = tree(&[("docs/a.md", "x"), ("media/a.png", "x"), ("code/a.py", "x")]);
    let ran = run_in(folder.path(), &["scan", "{}/docs"]);
    assert_eq!(ran.exit, Exit::Clean);
    assert!(ran.err.contains("warning: no code was analysed"), "{}", ran.err);
    let ran = run_in(folder.path(), &["scan", "{}/media"]);
    assert_eq!(ran.exit, Exit::Clean);
    assert!(ran.err.contains("warning: nothing was analysed"), "{}", ran.err);
    assert_eq!(run_in(folder.path(), &["scan", "{}/code"]).err, "");
}

#[test]
fn the_nearest_configuration_counts_from_its_own_folder() {
    let folder = tree(&[
        (".git/HEAD", ""),
        ("launchlint.toml", "[scan]\nexclude = [\"api/old\"]\n"),
        ("api/old/a.py", "FOUND"),
        ("api/new/a.py", ""),
    ]);
    let ran = run_in(folder.path(), &["scan", "{}/api"]);
    assert_eq!(ran.exit, Exit::Clean, "{}{}", ran.out, ran.err);
    assert_eq!(run_in(folder.path(), &["scan", "{}/api", "--no-config"]).exit, Exit::Findings);
}

#[test]
fn suppressed_findings_do_not_fail_a_run() {
    let folder = tree(&[("a.py", "FOUND # launchlint: ignore[missing-rate-limit] -- behind the gateway's limit\n")]);
    assert_eq!(run_in(folder.path(), &["scan", "{}"]).exit, Exit::Clean);
    let folder = tree(&[("a.py", "FOUND # launchlint: ignore[missing-rate-limit]\n")]);
    let ran = run_in(folder.path(), &["scan", "{}"]);
    assert_eq!(ran.exit, Exit::Findings);
    assert!(ran.out.contains("say why"), "{}", ran.out);
}

#[test]
fn reports_replace_files_whole_and_are_plain() {
    let folder = tree(&[("a.py", "FOUND"), ("out/report.txt", "an earlier and much longer report\n")]);
    let file = folder.path().join("out/report.txt");
    let ran = run_in(folder.path(), &["scan", "{}/a.py", "--output", "{}/out/report.txt"]);
    assert_eq!((ran.exit, ran.out.as_str()), (Exit::Findings, ""));
    let report = fs::read_to_string(&file).expect("the report");
    assert!(
        report.contains("missing-rate-limit") && !report.contains("earlier") && !report.contains('\x1b'),
        "{report}"
    );
    let left: Vec<_> = fs::read_dir(folder.path().join("out")).expect("the folder").collect();
    assert_eq!(left.len(), 1, "no temporary file stays");
    let ran = run_in(folder.path(), &["scan", "{}/a.py", "--color", "always"]);
    assert!(ran.out.contains("\x1b["), "{}", ran.out);
}

#[test]
fn what_tools_read_is_the_same_for_the_same_tree() {
    let folder = tree(&[("a.py", "FOUND"), ("b/c.ts", "FOUND FOUND"), ("d.lock", "\0")]);
    for format in ["json", "sarif"] {
        let first = run_in(folder.path(), &["scan", "{}", "--format", format]).out;
        let json: serde_json::Value = serde_json::from_str(&first).expect("valid JSON");
        assert!(json.is_object());
        assert_eq!(first, run_in(folder.path(), &["scan", "{}", "--format", format, "--jobs", "3"]).out);
    }
}

#[test]
fn leaving_a_finding_out_renames_no_other() {
    let names = |text: &str| -> Vec<String> {
        let folder = tree(&[("a.py", text)]);
        let out = run_in(folder.path(), &["scan", "{}", "--format", "json"]).out;
        let json: serde_json::Value = serde_json::from_str(&out).expect("valid JSON");
        let findings = json["findings"].as_array().expect("findings").clone();
        findings.iter().map(|finding| finding["fingerprint"].as_str().expect("a name").to_owned()).collect()
    };
    let both = names("FOUND\n\nFOUND\n");
    let second = names("# launchlint: ignore[missing-rate-limit] -- behind the gateway's limit\nFOUND\n\nFOUND\n");
    assert_eq!(both.len(), 2);
    assert_eq!(second, both[1..]);
}

#[test]
fn timings_name_every_stage() {
    let folder = tree(&[("a.py", "")]);
    let err = run_in(folder.path(), &["scan", "{}", "--timings"]).err;
    for stage in ["walk", "analysis", "filter", "report"] {
        assert!(err.contains(stage), "{err}");
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = tree(&[]);
    let listed = run_in(folder.path(), &["rules"]);
    assert!(listed.out.lines().any(|line| line.starts_with("missing-rate-limit ")), "{}", listed.out);
    let json = run_in(folder.path(), &["rules", "--format", "json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(listed.out.lines().count()));
    let page = run_in(folder.path(), &["explain", "missing-rate-limit"]).out;
    assert!(page.starts_with("missing-rate-limit ("), "{page}");
    assert!(page.contains("## "), "{page}");
}

/// The built program, without what the environment would add.
fn program() -> Command {
    let mut command = Command::cargo_bin("launchlint").expect("the program is built");
    command.env_remove("LAUNCHLINT_CONFIG").env("NO_COLOR", "1");
    command
}

#[test]
fn the_program_answers_with_its_exit_codes() {
    let folder = tree(&[("a.md", "x")]);
    program().arg("--version").assert().code(0);
    program().args(["scan", "--help"]).assert().code(0);
    program().arg("rules").assert().code(0);
    program().assert().code(2);
    program().args(["scan", "nothing-here"]).current_dir(folder.path()).assert().code(2);
    program().arg("scan").current_dir(folder.path()).assert().code(0);
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let bin = assert_cmd::cargo::cargo_bin("launchlint");
    let line = format!("{} explain missing-rate-limit | true; exit ${{PIPESTATUS[0]}}", bin.display());
    let Ok(done) = std::process::Command::new("bash").args(["-c", &line]).output() else {
        return;
    };
    assert_eq!(done.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&done.stderr), "");
}
