//! Changes, baselines and fixes, by the built program on real Git repositories.

#![expect(clippy::disallowed_methods, reason = "the tests make the repositories that are scanned")]

#[path = "support/repository.rs"]
mod repository;

use repository::{Ran, Repository};

const LIMITS: &str = "\
from slowapi import Limiter
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address)
";

const APP: &str = "\
from fastapi import FastAPI, Request
from openai import AsyncOpenAI

from limits import limiter

app = FastAPI()
client = AsyncOpenAI(timeout=30)


@app.post(\"/ask\")
@limiter.limit(\"20/hour\")
async def ask(request: Request, text: str):
    response = await client.responses.create(model=\"gpt-4o-2024-08-06\", input=text)
    return {\"answer\": response.output_text}


@app.post(\"/tell\")
@limiter.limit(\"20/hour\")
async def tell(request: Request, text: str):
    response = await client.responses.create(model=\"gpt-4o-2024-08-06\", input=text)
    return {\"answer\": response.output_text}
";

fn repository() -> Repository {
    let repository = Repository::new();
    repository.write("app/limits.py", LIMITS);
    repository.write("app/main.py", APP);
    repository.write("README.md", "A product.\n");
    repository.commit("first");
    repository
}

fn rules(ran: &Ran) -> Vec<(String, u64)> {
    let json = ran.json();
    let findings = json["findings"].as_array().expect("findings");
    let one = |finding: &serde_json::Value| {
        (finding["rule"].as_str().expect("a rule").to_owned(), finding["start"]["line"].as_u64().unwrap_or(0))
    };
    findings.iter().map(one).collect()
}

#[test]
fn a_change_is_reported_where_it_stands_and_where_it_does_harm() {
    let repository = repository();
    let all = repository.run(&["scan", "--format", "json"]);
    assert!(!rules(&all).is_empty(), "older findings exist: {}", all.out);
    let none = repository.run(&["scan", "--format", "json", "--diff", "HEAD"]);
    assert_eq!((none.code, rules(&none).len()), (0, 0), "{}{}", none.out, none.err);
    assert_eq!(none.json()["summary"]["change"]["older"].as_u64(), Some(rules(&all).len() as u64));

    // Lines above move everything, which is no change of what is found.
    repository.write("app/main.py", &format!("# A comment.\n# Another one.\n{APP}"));
    let moved = repository.run(&["scan", "--format", "json", "--diff", "HEAD"]);
    assert_eq!(rules(&moved), [], "{}", moved.out);

    // The limiter of one route goes: the finding stands on a line that did not change.
    repository.write("app/main.py", &APP.replacen("@limiter.limit(\"20/hour\")\n", "", 1));
    let removed = repository.run(&["scan", "--format", "json", "--diff", "HEAD"]);
    assert_eq!(rules(&removed), [("missing-rate-limit".to_owned(), 11)], "{}", removed.out);
    assert_eq!(removed.json()["summary"]["change"]["caused_elsewhere"], 1);
    assert_eq!(removed.code, 1);
    let markdown = repository.run(&["scan", "--format", "markdown", "--diff", "HEAD"]).out;
    assert!(markdown.contains("1 caused elsewhere by the change") && markdown.contains("### Coverage"), "{markdown}");
}

#[test]
fn a_cause_in_another_file_is_found() {
    let repository = repository();
    repository.write(
        "app/limits.py",
        "class Nothing:\n    def limit(self, text):\n        return lambda f: f\n\n\nlimiter = Nothing()\n",
    );
    let ran = repository.run(&["scan", "--format", "json", "--diff", "HEAD"]);
    let found = rules(&ran);
    let missing = found.iter().filter(|(rule, _)| rule == "missing-rate-limit").count();
    assert_eq!(missing, 2, "both routes lost their limiter in a file that did not change: {}", ran.out);
}

#[test]
fn only_what_is_staged_counts() {
    let repository = repository();
    let bare = APP.replace("@limiter.limit(\"20/hour\")\n", "");
    repository.write("app/main.py", &bare);
    assert_eq!(repository.run(&["scan", "--staged", "--format", "json"]).code, 0, "nothing is staged");
    repository.git(&["add", "app/main.py"]);
    repository.write("app/main.py", APP);
    let staged = repository.run(&["scan", "--staged", "--format", "json"]);
    assert_eq!(staged.code, 1, "the index counts, not the working tree: {}", staged.out);
    assert_eq!(rules(&staged).iter().filter(|(rule, _)| rule == "missing-rate-limit").count(), 2);
}

#[test]
fn what_is_kept_of_states_is_found_again() {
    let (repository, kept) = (repository(), tempfile::tempdir().expect("a folder"));
    // Less code than this is not worth keeping anything of.
    for number in 0..5 {
        repository.write(&format!("app/data{number}.py"), &format!("TEXT = '{}'\n", "a b c ".repeat(40_000)));
    }
    repository.commit("data");
    repository.write("app/main.py", &APP.replacen("@limiter.limit(\"20/hour\")\n", "", 1));
    repository.git(&["add", "--all"]);
    let run = || {
        let environment = [("LAUNCHLINT_CACHE_DIR", kept.path())];
        rules(&repository.run_with(&["scan", "--format", "json", "--staged"], &environment))
    };
    let names = || {
        let entries = std::fs::read_dir(kept.path()).expect("the folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    let (first, made) = (run(), names());
    assert!(!first.is_empty());
    assert_eq!(made.len(), 2, "facts and answers of one tree, though both states were read as copies: {made:?}");
    assert_eq!((run(), names()), (first, made));
}

#[test]
fn a_first_commit_is_new_as_a_whole() {
    let repository = Repository::new();
    repository.write("app/main.py", &APP.replace("@limiter.limit(\"20/hour\")\n", ""));
    repository.git(&["add", "."]);
    let ran = repository.run(&["scan", "--staged", "--format", "json"]);
    assert!(rules(&ran).iter().any(|(rule, _)| rule == "missing-rate-limit"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_moved_file_brings_nothing_new() {
    let repository = repository();
    repository.git(&["mv", "app/main.py", "app/server.py"]);
    let ran = repository.run(&["scan", "--format", "json", "--diff", "HEAD"]);
    assert_eq!(rules(&ran), [], "{}", ran.out);
}

#[test]
fn what_makes_the_audit_say_less_is_told() {
    let repository = repository();
    let bare = APP.replacen("@limiter.limit(\"20/hour\")\n", "", 1);
    let silenced =
        bare.replacen("async def ask", "# launchlint: ignore[missing-rate-limit] -- trust me\nasync def ask", 1);
    repository.write("app/main.py", &silenced);
    repository.write("app/admin.py", "import os\n");
    repository.commit("an admin page");
    repository
        .write("launchlint.toml", "[scan]\nexclude = [\"app/limits.py\"]\n[rules]\ndisable = [\"missing-timeout\"]\n");
    repository.write(".gitignore", "app/admin.py\n");
    let ran = repository.run(&["scan", "--format", "github", "--diff", "HEAD~1"]);
    for wanted in [
        "this change suppresses `missing-rate-limit`%3A \"trust me\"",
        "adds `missing-timeout` to `rules.disable`",
        "adds `app/limits.py` to `scan.exclude`",
        "file=app/limits.py",
    ] {
        let wanted = wanted.replace("%3A", ":");
        assert!(ran.out.contains(&wanted), "{wanted}: {}{}", ran.out, ran.err);
    }
    let ran = repository.run(&["scan", "--format", "json", "--diff", "HEAD"]);
    let said = ran.json()["notices"].to_string();
    assert!(said.contains("hides the file from the audit"), "{said}");
    assert!(!said.contains("trust me"), "the suppression was there before: {said}");
}

#[test]
fn an_unknown_base_is_told() {
    let repository = repository();
    let ran = repository.run(&["scan", "--diff", "no-such-branch"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no commit `no-such-branch`") && ran.err.contains("fetch"), "{}", ran.err);
}

#[test]
fn nothing_that_a_repository_configures_runs() {
    let repository = repository();
    let trap = repository.path().join("trap");
    let script = format!("#!/bin/sh\ntouch '{}'\n", trap.display());
    repository.write("trap.sh", &script);
    repository.git(&["update-index", "--add", "--chmod=+x", "trap.sh"]);
    std::process::Command::new("chmod").arg("+x").arg(repository.path().join("trap.sh")).status().expect("chmod");
    let command = repository.path().join("trap.sh").display().to_string();
    repository.write(".gitattributes", "*.py diff=trap filter=trap\n");
    for (key, value) in [
        ("core.fsmonitor", command.as_str()),
        ("diff.external", &command),
        ("diff.trap.command", &command),
        ("diff.trap.textconv", &command),
        ("filter.trap.clean", &command),
        ("filter.trap.smudge", &command),
        ("core.pager", &command),
        ("core.hooksPath", "."),
        ("core.sshCommand", &command),
    ] {
        repository.configure(key, value);
    }
    repository.write("post-index-change", &script);
    repository.write("app/main.py", &format!("# Other.\n{APP}"));
    for args in [&["scan", "--diff", "HEAD"][..], &["scan", "--staged"], &["baseline", "create"], &["fix"]] {
        let ran = repository.run(args);
        assert_ne!(ran.code, 2, "{}", ran.err);
        assert!(!trap.exists(), "{args:?} started a program of the repository");
    }
}

#[test]
fn a_baseline_is_kept_over_moves_and_told_when_stale() {
    let repository = repository();
    assert_eq!(repository.run(&["scan"]).code, 1);
    let created = repository.run(&["baseline", "create", "--reason", "before the review"]);
    assert!(created.out.contains("added"), "{}{}", created.out, created.err);
    assert_eq!(repository.run(&["baseline", "create"]).code, 2, "it is not replaced by accident");
    let ran = repository.run(&["scan", "--format", "json"]);
    assert_eq!((ran.code, rules(&ran).len()), (0, 0), "{}", ran.out);
    assert!(ran.json()["summary"]["left_out"]["baselined"].as_u64() > Some(0), "{}", ran.out);
    let from_inside =
        repository.run(&["scan", "app", "--format", "json", "--rule", "unbounded-generation,missing-input-limit"]);
    assert_eq!(from_inside.code, 0, "paths count from the baseline: {}", from_inside.out);

    repository.write("app/main.py", &format!("# Above.\n\n{}", APP.replacen("@limiter.limit(\"20/hour\")\n", "", 1)));
    let ran = repository.run(&["scan", "--format", "json"]);
    assert_eq!(rules(&ran), [("missing-rate-limit".to_owned(), 13)], "{}", ran.out);

    repository.write("app/main.py", "x = 1\n");
    let ran = repository.run(&["scan", "--format", "json"]);
    assert!(ran.json()["notices"].to_string().contains("stale baseline"), "{}", ran.out);
    let pruned = repository.run(&["baseline", "prune"]);
    assert!(pruned.out.contains(": 0 findings accepted"), "{}{}", pruned.out, pruned.err);
    let ran = repository.run(&["scan", "--format", "json"]);
    assert!(!ran.json()["notices"].to_string().contains("stale"), "{}", ran.out);
}

#[test]
fn a_growing_baseline_is_told_in_a_change() {
    let repository = repository();
    repository.run(&["baseline", "create"]);
    repository.commit("a baseline");
    repository.write("app/main.py", &APP.replacen("@limiter.limit(\"20/hour\")\n", "", 1));
    repository.run(&["baseline", "update"]);
    let ran = repository.run(&["scan", "--format", "json", "--diff", "HEAD"]);
    assert_eq!(ran.code, 0);
    let said = ran.json()["notices"].to_string();
    assert!(said.contains("adds 1 to the baseline: `missing-rate-limit` in app/main.py"), "{said}");
}

#[test]
fn a_file_that_is_ignored_and_added_by_force_is_told() {
    let repository = repository();
    repository.write("app/more.py", APP);
    repository.write(".gitignore", "app/more.py\n*.log\n");
    repository.write("a.log", "never added");
    repository.git(&["add", "--force", "app/more.py", ".gitignore"]);
    for args in [&["scan", "--staged", "--format", "json"][..], &["scan", "--diff", "HEAD", "--format", "json"]] {
        let said = repository.run(args).json()["notices"].to_string();
        assert!(said.contains("Git holds it, and an ignore file names it") && said.contains("app/more.py"), "{said}");
        assert!(!said.contains("a.log"), "{said}");
    }
    repository.git(&["commit", "--quiet", "--message", "hidden"]);
    let said = repository.run(&["scan", "--diff", "HEAD", "--format", "json"]).json()["notices"].to_string();
    assert!(!said.contains("an ignore file names it"), "{said}");
}

#[test]
fn a_file_that_says_it_is_generated_hides_nothing_unseen() {
    let repository = repository();
    let head = "# Code generated by a tool. DO NOT EDIT.\n";
    repository.write("app/main.py", &format!("{head}{APP}"));
    repository.write("app/more.py", &format!("{head}{APP}"));
    let said = repository.run(&["scan", "--format", "json", "--diff", "HEAD"]).json()["notices"].to_string();
    assert!(said.contains("takes the file out of the analysis"), "{said}");
    assert!(said.contains("brings a file that is not analysed"), "{said}");
    let shown = repository.run(&["scan"]);
    assert!(shown.out.contains("generated  2 files by what they say or look like"), "{}", shown.out);
    let trusted = repository.run(&["scan", "--format", "json", "--trusted-config", "HEAD"]);
    let said = trusted.json()["notices"].to_string();
    assert!(said.contains("does not ship, which does not count"), "{said}");
    assert!(said.contains("brings a file that is not analysed") && !said.contains("takes the file out"), "{said}");
    repository.commit("generated");
    let said = repository.run(&["scan", "--format", "json", "--diff", "HEAD"]).json()["notices"].to_string();
    assert!(!said.contains("this change"), "{said}");
}

#[test]
fn fixes_are_a_diff_first_and_mend_what_they_say() {
    let repository = Repository::new();
    let key = ["sk", "-ant-", "api03-", "Zx81Qm2ZxT9Kc4RbW1vYp0aLs7Dq3", "Ng5Hj6Fk8Tz-Rw2Mx9Uc4Vb1Oe7Ip3"].concat();
    let app = APP
        .replacen("@limiter.limit(\"20/hour\")\nasync def tell", "async def tell", 1)
        .replace("AsyncOpenAI(timeout=30)", &format!("AsyncOpenAI(api_key=\"{key}\", timeout=30)"));
    repository.write("app/limits.py", LIMITS);
    repository.write("app/main.py", &app);
    let password = ["MPsHg5LH", "wNxBMRBl", "DVGBz3"].concat();
    repository.write("app/db.py", &format!("DATABASE_URL = \"postgresql://app:{password}@db.internal:5432/app\"\n"));
    repository.write(
        "web/route.ts",
        "import OpenAI from \"openai\";\n\nconst openai = new OpenAI({ timeout: 30000 });\n\nexport async function ask(text: string) {\n  \
         return openai.chat.completions.create({\n    model: \"gpt-4o-2024-08-06\",\n    messages: [{ role: \"user\", content: text }],\n  });\n}\n",
    );
    repository.commit("first");
    let shown = repository.run(&["fix", "--dry-run"]);
    assert_eq!(shown.code, 1, "{}{}", shown.out, shown.err);
    assert!(!shown.out.contains(&key) && !shown.out.contains(&password), "a diff shows no credential: {}", shown.out);
    for wanted in
        ["max_output_tokens=1024", "+@limiter.limit(\"20/hour\")", "os.environ[\"API_KEY\"]", "+import os", "revoke"]
            .into_iter()
            .chain(["+DATABASE_URL = os.environ[\"DATABASE_URL\"]"])
    {
        assert!(shown.out.contains(wanted), "{wanted}: {}", shown.out);
    }
    assert_eq!(repository.read("app/main.py"), app, "nothing was written");
    let applied = repository.run(&["fix", "--apply"]);
    assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);
    let after = repository.run(&["scan", "--format", "json"]);
    let left = rules(&after);
    for mended in ["hardcoded-credential", "unbounded-generation", "missing-rate-limit"] {
        assert!(left.iter().all(|(rule, _)| rule != mended), "{mended}: {}", after.out);
    }
    assert_eq!(repository.run(&["fix"]).code, 0, "what is fixed stays fixed");
}

#[test]
fn the_text_of_a_schema_is_bounded() {
    let repository = Repository::new();
    repository.write(
        "main.py",
        "from fastapi import FastAPI\nfrom openai import AsyncOpenAI\nfrom pydantic import BaseModel\n\napp = FastAPI()\nclient = \
         AsyncOpenAI()\n\n\nclass Question(BaseModel):\n    text: str\n\n\n@app.post(\"/ask\")\nasync def ask(question: Question):\n    \
         response = await client.responses.create(model=\"m\", input=question.text)\n    return {\"answer\": response.output_text}\n",
    );
    let found = |ran: &Ran| rules(ran).iter().filter(|(rule, _)| rule == "missing-input-limit").count();
    assert_eq!(found(&repository.run(&["scan", "--format", "json"])), 1);
    let applied = repository.run(&["fix", "--apply", "--rule", "missing-input-limit"]);
    assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);
    let text = repository.read("main.py");
    assert!(
        text.contains("text: str = Field(max_length=40000)") && text.contains("from pydantic import Field"),
        "{text}"
    );
    assert_eq!(found(&repository.run(&["scan", "--format", "json"])), 0);
}
