//! A Git repository in a temporary folder, and runs of the built program in it.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A route that nothing guards.
pub(crate) const APP: &str = "\
from fastapi import FastAPI
from openai import AsyncOpenAI

app = FastAPI()
client = AsyncOpenAI()


@app.post(\"/ask\")
async def ask(text: str):
    response = await client.responses.create(model=\"gpt-4o-2024-08-06\", input=text)
    return {\"answer\": response.output_text}
";

/// A repository.
pub(crate) struct Repository {
    folder: TempDir,
}

/// What one run did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

impl Repository {
    pub(crate) fn new() -> Repository {
        let repository = Repository { folder: tempfile::tempdir().expect("a temporary folder") };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
        fs::write(file, text).expect("a file");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("a file")
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    pub(crate) fn configure(&self, key: &str, value: &str) {
        self.git(&["config", key, value]);
    }

    pub(crate) fn git(&self, args: &[&str]) {
        let done = Command::new("git")
            .args(args)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_NAME", "a")
            .env("GIT_AUTHOR_EMAIL", "a@example.com")
            .env("GIT_COMMITTER_NAME", "a")
            .env("GIT_COMMITTER_EMAIL", "a@example.com")
            .output()
            .expect("git runs");
        assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// Runs the built program in the repository, without what the environment would add.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[])
    }

    /// As [`Repository::run`], with more in the environment.
    pub(crate) fn run_with(&self, args: &[&str], environment: &[(&str, &Path)]) -> Ran {
        let done = Command::new(assert_cmd::cargo::cargo_bin("launchlint"))
            .args(args)
            .envs(environment.iter().copied())
            .current_dir(self.path())
            .env_remove("LAUNCHLINT_CONFIG")
            .env_remove("PRE_COMMIT_FROM_REF")
            .env_remove("GITHUB_REPOSITORY")
            .env("NO_COLOR", "1")
            .output()
            .expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is text");
        Ran { code: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) }
    }
}
