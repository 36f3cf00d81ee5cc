//! The checklist from outside: verdicts with their counts, a decision's whole life, the gate, the project file.

#![expect(clippy::disallowed_methods, reason = "the tests make the trees that are judged")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use launchlint::settings::config::Config;
use serde_json::Value;
use tempfile::TempDir;

/// One of two entry points is rate limited, and both are authenticated.
const APP: &str = r#"from fastapi import Depends, FastAPI, HTTPException, Request
from openai import OpenAI
from pydantic import BaseModel, Field
from slowapi import Limiter

app = FastAPI()
limiter = Limiter(key_func=lambda request: request.state.user_id)
client = OpenAI(timeout=30)


class Question(BaseModel):
    text: str = Field(max_length=2000)


def caller(request: Request):
    if not request.headers.get("authorization"):
        raise HTTPException(status_code=401)
    return request.headers["authorization"]


def answer(text: str) -> str:
    response = client.chat.completions.create(
        model="gpt-4o-2024-08-06", max_tokens=500, messages=[{"role": "user", "content": text}]
    )
    return response.choices[0].message.content


@app.post("/ask")
@limiter.limit("50/hour")
def ask(request: Request, question: Question, user: str = Depends(caller)):
    return answer(question.text)


@app.post("/draft")
def draft(question: Question, user: str = Depends(caller)):
    return answer(question.text)
"#;

fn tree(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// Exit code, output and errors of one run in a folder, on a day.
fn run(folder: &Path, day: &str, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("launchlint").expect("the program is built");
    command.env_remove("LAUNCHLINT_CONFIG").env("NO_COLOR", "1").current_dir(folder);
    let ran = command.args(args).args(["--today", day]).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ran.status.code().unwrap_or(-1), text(&ran.stdout), text(&ran.stderr))
}

fn checklist(folder: &Path, day: &str) -> Value {
    let (code, out, err) = run(folder, day, &["checklist", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).expect("valid JSON")
}

fn item<'v>(checklist: &'v Value, id: &str) -> &'v Value {
    let items = checklist["items"].as_array().expect("items");
    items.iter().find(|item| item["id"] == id).expect("the item")
}

#[test]
fn verdicts_carry_evidence_and_what_was_counted() {
    let folder = tree(&[("app.py", APP)]);
    let judged = checklist(folder.path(), "2026-01-10");
    let limited = item(&judged, "MI-3");
    assert_eq!(limited["verdict"], "fail");
    assert!(
        limited["reason"].as_str().is_some_and(|why| why.contains("1 of 2 LLM entry points rate limited")),
        "{limited}"
    );
    assert_eq!(limited["blocks"], true);
    let line = &limited["evidence"][0];
    assert_eq!((&line["counts"]["subjects"], &line["counts"]["satisfied"]), (&2.into(), &1.into()));
    assert_eq!(
        (&line["failures"][0]["file"], &line["failures"][0]["rule"]),
        (&"app.py".into(), &"missing-rate-limit".into())
    );
    assert!(line["proofs"][0]["what"].as_str().is_some_and(|what| what.contains("50/hour")), "{line}");
    assert_eq!(item(&judged, "AC-2")["verdict"], "needs-attestation", "{}", item(&judged, "AC-2"));
    assert_eq!(item(&judged, "DC-2")["verdict"], "unknown", "no cache, no denominator");
    let package = &judged["packages"][0];
    let cells = package["entry_points"][0]["cells"].as_array().expect("cells");
    let rate = cells.iter().find(|cell| cell["control"] == "rate-limit").expect("a column");
    assert_eq!((&rate["value"], &rate["policy"]), (&"50/hour".into(), &"within".into()));
    assert!(judged.get("score").is_none() && judged.get("grade").is_none());
}

#[test]
fn thresholds_of_the_project_file_decide() {
    let folder = tree(&[("app.py", APP), ("launchlint.toml", "[policy.MI-3]\nrequests-per-user-per-hour-max = 20\n")]);
    let judged = checklist(folder.path(), "2026-01-10");
    let cells = judged["packages"][0]["entry_points"][0]["cells"].as_array().expect("cells").clone();
    assert!(cells.iter().any(|cell| cell["policy"] == "above"));
    let evidence = item(&judged, "MI-3")["evidence"].as_array().expect("lines").clone();
    let weak = evidence.iter().find(|line| line["rule"] == "weak-rate-limit").expect("a line");
    assert_eq!(weak["counts"]["failed"], 1);
}

#[test]
fn without_a_language_model_no_item_applies() {
    let folder = tree(&[("app.py", "def add(a, b):\n    return a + b\n")]);
    let judged = checklist(folder.path(), "2026-01-10");
    for item in judged["items"].as_array().expect("items") {
        assert_eq!(item["verdict"], "not-applicable", "{item}");
        assert!(item["reason"].as_str().is_some_and(|why| why.contains("no use of a language model")), "{item}");
    }
    let (code, out, _) = run(folder.path(), "2026-01-10", &["check", "--gate", "launch"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("no use of a language model"), "{out}");
}

#[test]
fn an_attestation_passes_an_item_until_it_is_to_be_reviewed() {
    let attested = "[[attestations]]\nitem = \"AC-2\"\nwho = \"Ada\"\nwhen = 2026-01-01\nartefact = \"https://example.org/policy\"\nreview-by = 2026-06-30\n";
    let folder = tree(&[("app.py", APP), ("launchlint.toml", attested)]);
    assert_eq!(item(&checklist(folder.path(), "2026-06-30"), "AC-2")["verdict"], "pass");
    let late = checklist(folder.path(), "2026-07-01");
    assert_eq!(item(&late, "AC-2")["verdict"], "needs-attestation");
    assert_eq!(item(&late, "AC-2")["attestation"]["days_left"], -1);
}

/// Makes the gate depend on MI-3 alone.
const ONLY_LIMITS: &str = "[items.IO-1]\ntrack = \"follow-up\"\n[items.IO-2]\ntrack = \"follow-up\"\n[items.AC-2]\ntrack = \"follow-up\"\n[items.PS-2]\ntrack = \"follow-up\"\n[items.DC-2]\ntrack = \"follow-up\"\n[items.MI-2]\ntrack = \"follow-up\"\n";

#[test]
fn a_decision_lives_from_made_to_orphaned() {
    let folder = tree(&[(".git/HEAD", ""), ("app.py", APP), ("launchlint.toml", ONLY_LIMITS)]);
    let here = folder.path();
    let gate = |day: &str| run(here, day, &["check", "--gate", "launch"]);
    let (code, out, err) = gate("2026-01-10");
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("closed by MI-3"), "{out}");

    // Made: the command writes what the file holds.
    let made = [
        "decide",
        "mitigated",
        "--rule",
        "missing-rate-limit",
        "--because",
        "the \"gateway\" limits",
        "--who",
        "Platform",
    ];
    let (code, out, err) = run(here, "2026-01-10", &made);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("deadline = 2026-01-24"), "the reference is two weeks: {out}");
    let file = fs::read_to_string(here.join("launchlint.toml")).expect("the project file");
    assert!(file.starts_with(ONLY_LIMITS), "what stood there stays");
    Config::parse(&file).expect("still valid");

    // Honoured: the item still fails, the launch is no longer blocked, and the report shows why.
    let (code, out, _) = gate("2026-01-11");
    assert_eq!(code, 0, "{out}");
    let judged = checklist(here, "2026-01-11");
    assert_eq!((&item(&judged, "MI-3")["verdict"], &item(&judged, "MI-3")["blocks"]), (&"fail".into(), &false.into()));
    assert_eq!((&judged["decisions"][0]["covers"], &judged["decisions"][0]["days_left"]), (&1.into(), &13.into()));
    let (_, human, _) = run(here, "2026-01-11", &["checklist"]);
    assert!(human.contains("mitigated, 13 days left"), "{human}");

    // Expiring soon: a warning with the days that are left; the last day still counts.
    let (code, out, _) = gate("2026-01-20");
    assert_eq!(code, 0);
    assert!(out.contains("warning: the decision on missing-rate-limit") && out.contains("in 4 days"), "{out}");
    assert_eq!(gate("2026-01-24").0, 0);

    assert_eq!(faults(here, "2026-01-24"), []);

    // Expired: it blocks again, and that is a finding in the project file.
    let (code, out, _) = gate("2026-01-25");
    assert_eq!(code, 1);
    assert!(out.contains("expired on 2026-01-24, yesterday"), "{out}");
    let [(rule, line)] = faults(here, "2026-01-25").try_into().expect("one finding");
    assert_eq!(rule, "expired-decision");
    let text = fs::read_to_string(here.join("launchlint.toml")).expect("the project file");
    assert_eq!(text.lines().nth(line - 1), Some("[[decisions]]"));
    let (code, out, err) = run(here, "2026-01-25", &["scan"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("low[expired-decision]") && out.contains("launchlint.toml:"), "{out}");
    let json = run(here, "2026-01-25", &["scan", "--exit-zero", "--format", "json"]).1;
    assert_eq!(json.matches("expired on 2026-01-24").count(), 1, "told once: {json}{err}");

    // Orphaned: what it was about is gone, and that is told.
    let fixed = APP.replace(
        "@app.post(\"/draft\")\ndef draft(",
        "@app.post(\"/draft\")\n@limiter.limit(\"50/hour\")\ndef draft(request: Request, ",
    );
    fs::write(here.join("app.py"), fixed).expect("the fix");
    let (code, out, _) = gate("2026-01-11");
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("covers nothing"), "{out}");
    assert_eq!(
        faults(here, "2026-01-11").iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>(),
        ["orphaned-decision"]
    );
    let (code, out, _) =
        run(here, "2026-01-11", &["scan", "--fail-on", "low", "--exclude-rule", "no-adversarial-tests"]);
    assert!(out.contains("note[orphaned-decision]"), "{code} {out}");
    // What was not looked at may still be there.
    let part = run(here, "2026-01-11", &["scan", "app.py", "--exit-zero", "--format", "json"]).1;
    assert!(!part.contains("orphaned-decision"), "{part}");
}

/// The rule and the line of each finding about a decision.
fn faults(folder: &Path, day: &str) -> Vec<(String, usize)> {
    let (code, out, err) = run(folder, day, &["scan", "--exit-zero", "--format", "sarif"]);
    assert_eq!(code, 0, "{err}");
    let sarif: Value = serde_json::from_str(&out).expect("valid JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results").clone();
    let about = results.iter().filter(|result| result["ruleId"].as_str().is_some_and(|id| id.ends_with("-decision")));
    let one = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "launchlint.toml");
        let line = place["region"]["startLine"].as_u64().and_then(|line| usize::try_from(line).ok());
        (result["ruleId"].as_str().unwrap_or_default().to_owned(), line.expect("a line"))
    };
    about.map(one).collect()
}

#[test]
fn a_finding_about_a_decision_cannot_be_decided_away() {
    let everything = "# launchlint: ignore[expired-decision] -- no\n[[decisions]]\ndecision = \"accepted\"\npath = \"**\"\nreason = \"x\"\napprover = \"Ada\"\nexpires = 2026-03-01\n";
    let old = "[[decisions]] # launchlint: ignore[expired-decision] -- no\ndecision = \"accepted\"\nrule = \"missing-rate-limit\"\nreason = \"x\"\napprover = \"Ada\"\nexpires = 2026-01-01\n";
    let about = "[[decisions]]\ndecision = \"accepted\"\nrule = \"expired-decision\"\nreason = \"x\"\napprover = \"Ada\"\nexpires = 2026-03-01\n";
    let folder = tree(&[(".git/HEAD", ""), ("app.py", APP), ("launchlint.toml", &[everything, old, about].concat())]);
    let rules: Vec<String> = faults(folder.path(), "2026-01-10").into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(rules, ["broad-decision", "expired-decision", "orphaned-decision"]);
    // A team can switch the rules off or raise them, as any other.
    let set = |text: &str| {
        fs::write(folder.path().join("launchlint.toml"), [text, everything, old, about].concat()).expect("the file");
        faults(folder.path(), "2026-01-10").len()
    };
    assert_eq!(set("[rules]\ndisable = [\"broad-decision\"]\n"), 2);
}

#[test]
fn past_commits_become_results() {
    let folder = tree(&[("app.py", APP)]);
    let here = folder.path();
    let git = |args: &[&str], day: &str| {
        let mut command = std::process::Command::new("git");
        command.current_dir(here).args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            "init.defaultBranch=main",
        ]);
        command
            .env("GIT_COMMITTER_DATE", format!("{day}T12:00:00Z"))
            .env("GIT_AUTHOR_DATE", format!("{day}T12:00:00Z"));
        assert!(command.args(args).output().expect("git runs").status.success(), "{args:?}");
    };
    git(&["init", "-q"], "2026-01-01");
    git(&["add", "."], "2026-01-01");
    git(&["commit", "-qm", "first"], "2026-01-01");
    git(&["tag", "v1"], "2026-01-01");
    fs::write(here.join("app.py"), APP.replace("@app.post(\"/draft\")", "")).expect("a fix");
    git(&["commit", "-qam", "second"], "2026-01-08");
    let (code, out, err) = run(here, "2026-02-01", &["history", "add", "--from-commit", "v1", "--from-commit", "HEAD"]);
    assert_eq!(code, 0, "{out}{err}");
    let mut command = Command::cargo_bin("launchlint").expect("the program is built");
    let ran = command.current_dir(here).args(["history", "show", "--format", "json"]).output().expect("it runs");
    let shown: Value = serde_json::from_slice(&ran.stdout).expect("valid JSON");
    let records = shown["records"].as_array().expect("records");
    assert_eq!((&records[0]["date"], &records[1]["date"]), (&"2026-01-01".into(), &"2026-01-08".into()));
    assert_eq!(
        (&records[0]["coverage"]["rate-limit"]["all"], &records[1]["coverage"]["rate-limit"]["all"]),
        (&2.into(), &1.into())
    );
    assert_eq!(shown["containment"]["mean_days"], 7.0);
    let (code, _, err) = run(here, "2026-02-01", &["history", "add", "--from-commit", "nowhere"]);
    assert!(code == 2 && err.contains("there is no commit `nowhere`"), "{err}");
}

#[test]
fn decisions_reach_items_paths_and_findings_and_blockers_block() {
    let folder = tree(&[(".git/HEAD", ""), ("app.py", APP)]);
    let here = folder.path();
    let with = |text: &str| {
        fs::write(here.join("launchlint.toml"), format!("{ONLY_LIMITS}{text}")).expect("the project file");
        let (code, out, err) = run(here, "2026-01-10", &["check", "--gate", "launch"]);
        assert!(code == 0 || code == 1, "{err}");
        (code, out)
    };
    let accepted = "reason = \"internal\"\napprover = \"Ada\"\nexpires = 2026-03-01\n";
    let judged = checklist(here, "2026-01-10");
    let failure = &item(&judged, "MI-3")["evidence"][0]["failures"][0];
    let name = failure["fingerprint"].as_str().expect("a name");
    assert_eq!(with(&format!("[[decisions]]\ndecision = \"accepted\"\nitem = \"MI-3\"\n{accepted}")).0, 0);
    assert_eq!(
        with(&format!("[[decisions]]\ndecision = \"accepted\"\nitem = \"MI-3\"\npath = \"app.py\"\n{accepted}")).0,
        0
    );
    assert_eq!(
        with(&format!("[[decisions]]\ndecision = \"accepted\"\nfinding = \"{}\"\n{accepted}", &name[..10])).0,
        0
    );
    let (code, out) =
        with(&format!("[[decisions]]\ndecision = \"accepted\"\nitem = \"MI-3\"\npath = \"other.py\"\n{accepted}"));
    assert!(code == 1 && out.contains("covers nothing"), "{out}");
    let (code, out) = with(&format!("[[decisions]]\ndecision = \"accepted\"\npath = \"**\"\n{accepted}"));
    assert!(code == 0 && out.contains("over-broad"), "{out}");
    // A narrow blocker wins over a broad acceptance, and blocks also on the follow-up track.
    let narrow = format!(
        "[[decisions]]\ndecision = \"accepted\"\nitem = \"MI-3\"\n{accepted}[[decisions]]\ndecision = \"blocker\"\nrule = \"missing-rate-limit\"\n"
    );
    let (code, out) = with(&narrow);
    assert!(code == 1 && out.contains("decided: blocker"), "{out}");
    let (code, _) = with(&format!("[items.MI-3]\ntrack = \"follow-up\"\n{narrow}"));
    assert_eq!(code, 1);
    assert_eq!(with("[items.MI-3]\ntrack = \"follow-up\"\n").0, 0);
}

#[test]
fn a_decided_finding_is_a_suppression_in_sarif_only_if_asked_for() {
    let decided = "[[decisions]]\ndecision = \"accepted\"\nrule = \"missing-rate-limit\"\nreason = \"internal tool\"\napprover = \"Ada\"\nexpires = 2026-03-01\n";
    let folder = tree(&[(".git/HEAD", ""), ("app.py", APP), ("launchlint.toml", decided)]);
    let results = |day: &str, more: &[&str]| -> Vec<Value> {
        let args = [&["scan", "--exit-zero", "--format", "sarif", "--rule", "missing-rate-limit"][..], more].concat();
        let (code, out, err) = run(folder.path(), day, &args);
        assert_eq!(code, 0, "{err}");
        let sarif: Value = serde_json::from_str(&out).expect("valid JSON");
        sarif["runs"][0]["results"].as_array().expect("results").clone()
    };
    assert!(results("2026-01-10", &[]).is_empty(), "hosts would reopen it");
    let kept = results("2026-01-10", &["--sarif-include", "suppressed"]);
    let suppression = &kept[0]["suppressions"][0];
    assert_eq!((&suppression["kind"], &suppression["status"]), (&"external".into(), &"accepted".into()));
    assert_eq!(suppression["justification"], "accepted, internal tool, Ada (until 2026-03-01)");
    assert_eq!(results("2026-03-02", &[]).len(), 1, "past its date it is reported again");
    let (_, out, _) = run(folder.path(), "2026-01-10", &["scan", "--exit-zero", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).expect("valid JSON");
    assert_eq!(json["summary"]["left_out"]["decided"], 1);
}

#[test]
fn the_gate_of_a_pull_request_judges_what_is_new() {
    let folder = tree(&[(".git/HEAD", ""), ("app.py", APP), ("launchlint.toml", ONLY_LIMITS)]);
    let here = folder.path();
    let gate = || run(here, "2026-01-10", &["check", "--gate", "pr"]);
    assert_eq!(gate().0, 1, "everything is new");
    assert_eq!(run(here, "2026-01-10", &["baseline", "create"]).0, 0);
    let (code, out, err) = gate();
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(run(here, "2026-01-10", &["check", "--gate", "launch"]).0, 1, "the launch asks for everything");
    let more = format!(
        "{APP}\n\n@app.post(\"/more\")\ndef more(question: Question, user: str = Depends(caller)):\n    return answer(question.text)\n"
    );
    fs::write(here.join("app.py"), more).expect("a change");
    let (code, out, _) = gate();
    assert!(code == 1 && out.contains("`more`") && !out.contains("`draft`"), "{out}");
}

#[test]
fn results_are_kept_and_shown_over_time() {
    let folder = tree(&[(".git/HEAD", ""), ("app.py", APP), ("cases.csv", "prompt,response\na,blocked\nb,accepted\n")]);
    let here = folder.path();
    let add = |day: &str, more: &[&str]| {
        let (code, _, err) = run(here, day, &[&["history", "add"][..], more].concat());
        assert_eq!(code, 0, "{err}");
    };
    add("2026-01-01", &["--commit", "abc123", "--cases", "cases.csv"]);
    let (_, sarif, _) = run(here, "2026-01-05", &["scan", "--exit-zero", "--format", "sarif"]);
    fs::write(here.join("old.sarif.json"), sarif).expect("a report");
    fs::write(here.join("app.py"), APP.replace("@app.post(\"/draft\")", "")).expect("a fix");
    add("2026-01-11", &[]);
    let show = |more: &[&str]| {
        let mut command = Command::cargo_bin("launchlint").expect("the program is built");
        let args = [&["history", "show"][..], more].concat();
        let ran = command.current_dir(here).args(args).output().expect("it runs");
        String::from_utf8_lossy(&ran.stdout).into_owned()
    };
    let shown = show(&[]);
    assert!(shown.contains("2026-01-01  abc123") && shown.contains("mean time to contain: 10.0 days"), "{shown}");
    assert!(shown.contains("1/2") && shown.contains("1/1"), "coverage of rate limits: {shown}");
    add("2026-01-05", &["--from-sarif", "old.sarif.json"]);
    let json: Value = serde_json::from_str(&show(&["--format", "json"])).expect("valid JSON");
    assert_eq!(json["records"].as_array().map(Vec::len), Some(3));
    assert_eq!(json["records"][0]["attacks"]["blocked"], 1);
    assert_eq!(json["containment"]["mean_days"], 10.0);
    let (code, page, _) = run(here, "2026-01-11", &["checklist", "--format", "html"]);
    assert!(code == 0 && page.contains("Coverage: rate limit") && page.contains("<svg"), "plots are in the page");
    let before = fs::read_to_string(here.join(".launchlint/history.jsonl")).expect("the file");
    fs::write(here.join(".launchlint/history.jsonl"), format!("{before}nonsense\n")).expect("a broken line");
    let (code, _, err) = run(here, "2026-01-12", &["history", "add"]);
    assert!(code == 2 && err.contains("history.jsonl:4"), "{err}");
}

#[test]
fn what_decide_cannot_mean_is_not_written() {
    let folder = tree(&[(".git/HEAD", ""), ("launchlint.toml", "profile = \"rag\"\n")]);
    let cases: &[(&[&str], &str)] = &[
        (&["decide", "accepted", "--item", "MI-3", "--because", "x", "--who", "y"], "needs `expires`"),
        (&["decide", "mitigated", "--item", "MI3", "--because", "x", "--who", "y"], "did you mean `MI-3`?"),
        (&["decide", "blocker"], "needs `finding`, `rule`, `item` or `path`"),
        (&["decide", "blocker", "--rule", "missing-ratelimit"], "did you mean `missing-rate-limit`?"),
        (&["decide", "mitigated", "--item", "MI-3", "--until", "soon"], "`soon` is no day"),
    ];
    for (args, wanted) in cases {
        let (code, _, err) = run(folder.path(), "2026-01-10", args);
        assert_eq!(code, 2, "{args:?}");
        assert!(err.contains(wanted), "{args:?}: {err}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("launchlint.toml")).expect("the file"), "profile = \"rag\"\n");
}

#[test]
fn the_schema_of_the_project_file_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/launchlint.schema.json");
    let current = serde_json::to_string_pretty(&Config::json_schema()).expect("serialises") + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::create_dir_all(path.parent().expect("a parent")).expect("the folder");
        fs::write(&path, &current).expect("the schema");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == current, "run with UPDATE_SCHEMA=1");
    let mut command = Command::cargo_bin("launchlint").expect("the program is built");
    let printed = command.arg("schema").output().expect("it runs").stdout;
    assert_eq!(String::from_utf8_lossy(&printed), current);
}
