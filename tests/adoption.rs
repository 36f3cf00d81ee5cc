//! What helps to adopt the tool: formats of other hosts, set-up, completions, manual pages, merged reports.

#![expect(clippy::disallowed_methods, reason = "the tests make the repositories that are scanned and run validators")]

#[path = "support/repository.rs"]
mod repository;

use std::path::{Path, PathBuf};
use std::process::Command;

use repository::{APP, Repository};

fn repository() -> Repository {
    let repository = Repository::new();
    repository.write("services/api/[id]/main.py", APP);
    repository.commit("first");
    repository
}

#[test]
fn one_run_writes_several_reports() {
    let repository = repository();
    let ran = repository.run(&[
        "scan",
        "services/api",
        "--format",
        "agent",
        "--category",
        "api",
        "--also",
        "sarif=out.sarif",
        "--also",
        "gitlab=quality.json",
        "--also",
        "junit=junit.xml",
        "--also",
        "markdown=summary.md",
        "--also",
        "github=notes.txt",
    ]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    for line in ran.out.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        assert!(line["kind"].is_string());
    }
    let sarif: serde_json::Value = serde_json::from_str(&repository.read("out.sarif")).expect("is JSON");
    assert_eq!(sarif["runs"][0]["automationDetails"]["id"], "api/");
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "services/api/%5Bid%5D/main.py", "hosts count paths from the repository's top");
    let quality: serde_json::Value = serde_json::from_str(&repository.read("quality.json")).expect("is JSON");
    assert_eq!(quality[0]["location"]["path"], "services/api/[id]/main.py");
    assert!(repository.read("notes.txt").contains("::error file=services/api/[id]/main.py,line=9"));
    assert!(repository.read("summary.md").contains("| `POST /ask` |"), "{}", repository.read("summary.md"));
    assert!(repository.read("junit.xml").contains("<testsuite name=\"missing-rate-limit\""));
}

#[test]
fn a_wrong_report_is_told_with_the_nearest() {
    let ran = repository().run(&["scan", "--also", "sarfi=x"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `sarif`?"), "{}", ran.err);
}

#[test]
fn the_threshold_that_fails_is_apart_from_the_one_that_shows() {
    let repository = repository();
    assert_eq!(repository.run(&["scan", "--fail-on", "never"]).code, 0);
    assert_eq!(repository.run(&["scan", "--fail-on", "critical"]).code, 0);
    let ran = repository.run(&["scan", "--fail-on", "high"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("low["), "milder findings are still shown: {}", ran.out);
}

#[test]
fn a_repository_is_set_up_without_touching_what_is_there() {
    let repository = repository();
    let shown = repository.run(&["init", "--dry-run"]);
    assert!(shown.out.contains("would write launchlint.toml") && shown.out.contains("1 file Python"), "{}", shown.out);
    assert!(!repository.path().join("launchlint.toml").exists());
    repository.write(".pre-commit-config.yaml", "repos: []\n");
    let done = repository.run(&["init"]);
    assert!(done.out.contains("wrote    launchlint.toml"), "{}{}", done.out, done.err);
    assert!(done.out.contains("kept     .pre-commit-config.yaml"), "{}", done.out);
    assert_eq!(repository.read(".pre-commit-config.yaml"), "repos: []\n");
    assert!(repository.read(".github/workflows/launchlint.yml").contains("permissions: {}"));
    let ran = repository.run(&["scan"]);
    assert_ne!(ran.code, 2, "the configuration that was written is valid: {}", ran.err);
    let again = repository.run(&["init"]);
    assert!(!again.out.contains("wrote"), "{}", again.out);
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let repository = repository();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = repository.run(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("baseline"), "{shell}: {}", ran.err);
    }
    assert!(repository.run(&["man"]).out.contains(".TH launchlint 1"));
    assert_eq!(repository.run(&["man", "--to", "."]).code, 0);
    assert!(repository.read("launchlint-scan.1").contains("\\-\\-staged"));
}

#[test]
fn reports_of_many_repositories_make_one_table() {
    let repository = repository();
    repository.run(&["scan", "--format", "json", "--output", "shop.json"]);
    repository.run(&["scan", "--format", "sarif", "--output", "chat.sarif"]);
    let table = repository.run(&["merge", "shop.json", "search=chat.sarif"]);
    assert_eq!(table.code, 0, "{}", table.err);
    assert!(table.out.contains("shop") && table.out.contains("search"), "{}", table.out);
    assert_eq!(repository.run(&["merge", "shop.json", "--fail-on", "high"]).code, 1);
    let page = repository.run(&["merge", "--format", "markdown", "shop.json", "chat.sarif"]).out;
    assert!(page.contains("| `missing-rate-limit` | 2 | 2 |"), "{page}");
    let sarif = repository.run(&["merge", "--format", "sarif", "a=chat.sarif", "b=chat.sarif"]).json();
    assert_eq!(sarif["runs"][1]["automationDetails"]["id"], "b/");
    assert!(repository.run(&["merge", "shop.json", "shop.json"]).err.contains("two reports are called `shop`"));
    assert_eq!(repository.run(&["merge", "--format", "sarif", "shop.json"]).code, 2);
    let json = repository.run(&["merge", "--format", "json", "shop.json", "chat.sarif"]).json();
    assert_eq!(json["fleet"].as_array().map(Vec::len), Some(2));
}

/// A program that validates, named by the environment; the check is skipped where it is absent.
#[allow(clippy::print_stderr, reason = "a skipped check must be seen")]
fn validator(variable: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|file| file.exists());
    if named.is_none() {
        eprintln!("skipped: set {variable} to run this check");
    }
    named
}

#[test]
fn junit_reports_hold_to_their_schema() {
    // A Python that has `xmlschema`, and the schema that Jenkins' plugin for such reports publishes.
    let (Some(python), Some(schema)) = (validator("LAUNCHLINT_PYTHON"), validator("LAUNCHLINT_JUNIT_XSD")) else {
        return;
    };
    let repository = repository();
    repository.run(&["scan", "--format", "junit", "--output", "junit.xml"]);
    let code = "import sys, xmlschema; xmlschema.validate(sys.argv[1], sys.argv[2])";
    let done = Command::new(python).args(["-c", code]).arg(repository.path().join("junit.xml")).arg(schema).output();
    let done = done.expect("the validator runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn gitlab_reports_hold_to_their_schema() {
    let Some(check) = validator("CHECK_JSONSCHEMA") else { return };
    let repository = repository();
    repository.run(&["scan", "--format", "gitlab", "--output", "quality.json"]);
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/code-quality.json");
    let done = Command::new(check).arg("--schemafile").arg(schema).arg(repository.path().join("quality.json")).output();
    let done = done.expect("the validator runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

#[test]
fn reports_offer_the_changes_that_are_safe() {
    let repository = repository();
    let sarif = repository.run(&["scan", "--format", "sarif"]).json();
    let results = sarif["runs"][0]["results"].as_array().expect("results").clone();
    let fixed = results.iter().find(|result| result["ruleId"] == "unbounded-generation").expect("an unbounded call");
    let replacement = &fixed["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], ", max_output_tokens=1024");
    assert_eq!(replacement["deletedRegion"]["startLine"], 10);
    let lines = repository.run(&["scan", "--format", "agent"]).out;
    assert!(lines.contains("\"make\":\"launchlint fix --rule unbounded-generation --apply\""), "{lines}");
}

#[test]
fn a_suppression_is_a_comment_of_the_file_it_stands_in() {
    let key = ["sk", "-ant-", "api03-", "Zx81Qm2ZxT9Kc4RbW1vYp0aLs7Dq3", "Ng5Hj6Fk8Tz-Rw2Mx9Uc4Vb1Oe7Ip3"].concat();
    let cases = [
        ("a.py", "# {}\nAPI_KEY = \"@@\"\n"),
        ("b.ts", "// {}\nexport const apiKey = \"@@\";\n"),
        ("c.tsx", "export const a = () => (\n  <div>\n    {/* {} */}\n    <Chat apiKey=\"@@\" />\n  </div>\n);\n"),
        ("d.rs", "// {}\nconst API_KEY: &str = \"@@\";\n"),
        ("e.yaml", "llm:\n  # {}\n  api_key: @@\n"),
        ("f.toml", "[llm]\napi_key = \"@@\" # {}\n"),
        ("g.html", "<!-- {} -->\n<a api-key=\"@@\">x</a>\n"),
        ("h.vue", "<script lang=\"ts\">\n/* {} */\nconst apiKey = \"@@\";\n</script>\n"),
        ("Dockerfile", "FROM scratch\n# {}\nENV API_KEY=@@\n"),
        ("prompts/i.j2", "{# {} #}\nLook it up at %%.\n"),
        ("j.env", "# {}\nANTHROPIC_API_KEY=@@\n"),
    ];
    for (path, text) in cases {
        let repository = Repository::new();
        let address = ["postgres", "://app:", "Zx81Qm2ZxT9Kc", "@db.shop.internal:5432/app"].concat();
        let bare = text.replace("@@", &key).replace("%%", &address);
        repository.write(path, &bare.replace("{}", "nothing"));
        let found = repository.run(&["scan", "--format", "json"]).json()["findings"].clone();
        let rules: Vec<&str> = found.as_array().expect("findings").iter().filter_map(|f| f["rule"].as_str()).collect();
        assert!(!rules.is_empty(), "{path}: nothing is found to suppress: {bare}");
        let comment = format!("launchlint: ignore[{}] -- a key of the sandbox", rules.join(", "));
        repository.write(path, &bare.replace("{}", &comment));
        let ran = repository.run(&["scan", "--format", "json"]);
        assert_eq!(ran.json()["findings"].as_array().map(Vec::len), Some(0), "{path}: {}", ran.out);
        assert_eq!(ran.json()["notices"].as_array().map(Vec::len), Some(0), "{path}: {}", ran.out);
    }
}
