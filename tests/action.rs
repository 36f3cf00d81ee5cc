//! The action: its `run` steps are executed as they stand in `action.yml`, with the files and variables that a runner gives.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the test plays the runner")]

#[path = "support/repository.rs"]
mod repository;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use repository::{APP, Repository};
use tempfile::TempDir;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A runner with one job's files.
struct Runner {
    files: TempDir,
    inputs: BTreeMap<String, String>,
    /// What the host says besides inputs, by expression.
    context: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
}

/// What a job did.
#[derive(Debug)]
struct Job {
    outputs: BTreeMap<String, String>,
    summary: String,
    log: String,
    code: i32,
}

fn action() -> serde_json::Value {
    let text = fs::read_to_string(root().join("action.yml")).expect("the action is there");
    serde_saphyr::from_str(&text).expect("the action is YAML")
}

impl Runner {
    fn new() -> Runner {
        let program = assert_cmd::cargo::cargo_bin("launchlint").display().to_string();
        Runner {
            files: tempfile::tempdir().expect("a temporary folder"),
            inputs: BTreeMap::new(),
            context: BTreeMap::new(),
            environment: BTreeMap::from([("LAUNCHLINT_PROGRAM".to_owned(), program)]),
        }
    }

    fn input(mut self, name: &str, value: &str) -> Runner {
        self.inputs.insert(name.to_owned(), value.to_owned());
        self
    }

    fn context(mut self, name: &str, value: &str) -> Runner {
        self.context.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs the action's own steps in a folder; the upload is the host's.
    fn run(&self, folder: &Path) -> Job {
        let action = action();
        let mut steps: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut job = Job { outputs: BTreeMap::new(), summary: String::new(), log: String::new(), code: 0 };
        let summary = self.files.path().join("summary");
        fs::write(&summary, "").expect("a file");
        for step in action["runs"]["steps"].as_array().expect("steps") {
            let Some(script) = step["run"].as_str() else { continue };
            assert!(!script.contains("${{"), "an expression in a script can be a script of its own: {script}");
            let output = self.files.path().join("output");
            fs::write(&output, "").expect("a file");
            let mut command = Command::new("bash");
            command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(folder);
            command
                .env("GITHUB_OUTPUT", &output)
                .env("GITHUB_STEP_SUMMARY", &summary)
                .env("RUNNER_TEMP", self.files.path());
            command.env("GITHUB_ACTION_PATH", root()).env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
            command.env_remove("GITHUB_REPOSITORY").env_remove("LAUNCHLINT_CONFIG");
            command.envs(&self.environment);
            for (name, value) in step["env"].as_object().into_iter().flatten() {
                command.env(name, self.expand(value.as_str().unwrap_or_default(), &action, &steps));
            }
            let done = command.output().expect("bash runs");
            job.log.push_str(&String::from_utf8_lossy(&done.stdout));
            job.log.push_str(&String::from_utf8_lossy(&done.stderr));
            let id = step["id"].as_str().unwrap_or_default().to_owned();
            let written = fs::read_to_string(&output).expect("a file");
            let pairs = written.lines().filter_map(|line| line.split_once('='));
            steps.insert(id, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
            job.code = done.status.code().unwrap_or(-1);
            if job.code != 0 {
                break;
            }
        }
        job.summary = fs::read_to_string(&summary).expect("a file");
        for (name, output) in action["outputs"].as_object().expect("outputs") {
            let value = self.expand(output["value"].as_str().expect("a value"), &action, &steps);
            job.outputs.insert(name.clone(), value);
        }
        job
    }

    /// Puts values in place of the expressions that the action uses.
    fn expand(
        &self,
        text: &str,
        action: &serde_json::Value,
        steps: &BTreeMap<String, BTreeMap<String, String>>,
    ) -> String {
        let Some(name) = text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")) else {
            return text.to_owned();
        };
        let name = name.trim();
        let parts: Vec<&str> = name.split('.').collect();
        match parts.as_slice() {
            ["inputs", input] => self.inputs.get(*input).cloned().unwrap_or_else(|| {
                let default = &action["inputs"][*input]["default"];
                default.as_str().unwrap_or_else(|| panic!("no input {input}")).to_owned()
            }),
            ["steps", step, "outputs", output] => {
                steps.get(*step).and_then(|all| all.get(*output)).cloned().unwrap_or_default()
            }
            _ => self.context.get(name).cloned().unwrap_or_default(),
        }
    }
}

#[test]
fn a_push_is_audited_as_a_whole() {
    let repository = Repository::new();
    repository.write("main.py", APP);
    repository.commit("first");
    let job = Runner::new().input("category", "shop").run(repository.path());
    assert_eq!(job.code, 1, "{}", job.log);
    assert_eq!(job.outputs["exit-code"], "1");
    assert_eq!(job.outputs["highest"], "high");
    assert!(job.outputs["findings"].parse::<u32>().expect("a number") >= 2);
    let sarif = fs::read_to_string(&job.outputs["sarif-file"]).expect("SARIF");
    assert!(sarif.contains("\"id\": \"shop/\""));
    assert!(job.log.contains("::error file=main.py,line=9"), "{}", job.log);
    assert!(job.summary.contains("### Coverage") && job.summary.contains("| `POST /ask` |"), "{}", job.summary);
    let relaxed = Runner::new().input("fail-on", "never").run(repository.path());
    assert_eq!((relaxed.code, relaxed.outputs["exit-code"].as_str()), (0, "0"), "{}", relaxed.log);
}

#[test]
fn a_pull_request_is_judged_by_its_change() {
    let repository = Repository::new();
    repository.write("main.py", APP);
    repository.commit("first");
    repository.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let quiet = Runner::new().context("github.base_ref", "main").run(repository.path());
    assert_eq!((quiet.code, quiet.outputs["findings"].as_str()), (0, "0"), "{}", quiet.log);
    assert_eq!(quiet.outputs["highest"], "");
    repository.write("other.py", &APP.replace("/ask", "/tell"));
    repository.commit("second");
    let loud = Runner::new().context("github.base_ref", "main").run(repository.path());
    assert_eq!(loud.code, 1);
    let sarif = fs::read_to_string(&loud.outputs["sarif-file"]).expect("SARIF");
    assert!(sarif.contains("main.py"), "code scanning takes what is absent for fixed");
    assert!(loud.log.contains("file=other.py") && !loud.log.contains("file=main.py"), "{}", loud.log);
}

#[test]
fn hostile_inputs_and_texts_start_nothing() {
    let repository = Repository::new();
    repository.write("a b/main.py", APP);
    repository.write("::error::x/main.py", APP);
    repository.commit("first");
    let hostile = Runner::new()
        .input("category", "$(touch started); `touch started`")
        .input("min-severity", "low")
        .input("paths", ". ;touch started")
        .run(repository.path());
    assert!(!repository.path().join("started").exists(), "{}", hostile.log);
    let job = Runner::new().run(repository.path());
    let mut guard = None;
    for line in job.log.lines().filter(|line| line.starts_with("::")) {
        match (&guard, line.strip_prefix("::stop-commands::")) {
            (None, Some(word)) => guard = Some(format!("::{word}::")),
            (Some(end), _) if line == end => guard = None,
            (Some(_), _) => {}
            (None, None) => assert!(line.contains(" file=") || line.contains(" title=launchlint"), "{line}"),
        }
    }
    assert_eq!(guard, None);
}

#[test]
fn a_run_that_could_not_be_done_fails_the_job() {
    let repository = Repository::new();
    repository.write("main.py", APP);
    repository.write("launchlint.toml", "[scna]\n");
    let job = Runner::new().run(repository.path());
    assert_eq!((job.code, job.outputs["exit-code"].as_str()), (2, "2"), "{}", job.log);
    assert!(job.log.contains("::error title=launchlint::"), "{}", job.log);
}

/// A stand-in for `curl` that takes files from a folder.
fn downloads(folder: &Path) -> PathBuf {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).expect("a folder");
    let script = format!(
        "#!/bin/bash\nwhile [ $# -gt 1 ]; do if [ \"$1\" = --output ]; then out=$2; fi; shift; done\n\
         cp '{}'/\"${{1##*/}}\" \"$out\"\n",
        folder.join("release").display()
    );
    let curl = bin.join("curl");
    fs::write(&curl, script).expect("a file");
    fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).expect("a program");
    bin
}

#[test]
fn a_release_is_installed_only_with_its_checksum() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let release = folder.path().join("release");
    fs::create_dir_all(&release).expect("a folder");
    let archive = release.join("launchlint-x86_64-unknown-linux-musl.tar.gz");
    let program = assert_cmd::cargo::cargo_bin("launchlint");
    let mut tar = Command::new("tar");
    tar.arg("-czf").arg(&archive).arg("-C").arg(program.parent().expect("a folder")).arg("launchlint");
    assert!(tar.status().expect("tar runs").success());
    let sums = Command::new("sha256sum").arg(archive.file_name().expect("a name")).current_dir(&release).output();
    fs::write(release.join("SHA256SUMS"), sums.expect("sha256sum runs").stdout).expect("a file");
    let repository = Repository::new();
    repository.write("main.py", APP);
    let path = format!("{}:{}", downloads(folder.path()).display(), std::env::var("PATH").expect("a path"));
    let runner = || {
        let mut runner = Runner::new().input("version", "1.2.3").context("github.action_repository", "o/launchlint");
        runner.environment = BTreeMap::from([("PATH".to_owned(), path.clone())]);
        runner
    };
    let job = runner().run(repository.path());
    assert_eq!(job.outputs["exit-code"], "1", "{}", job.log);
    fs::write(release.join("SHA256SUMS"), format!("{}  launchlint-x86_64-unknown-linux-musl.tar.gz\n", "0".repeat(64)))
        .expect("a file");
    let job = runner().run(repository.path());
    assert!(job.code == 2 && job.log.contains("the checksum of"), "{}", job.log);
    fs::write(release.join("SHA256SUMS"), "").expect("a file");
    let job = runner().run(repository.path());
    assert!(job.code == 2 && job.log.contains("no checksum"), "{}", job.log);
    let job = runner().input("version", "1.2.3; touch x").run(repository.path());
    assert!(job.code == 2 && job.log.contains("must look like"), "{}", job.log);
}
