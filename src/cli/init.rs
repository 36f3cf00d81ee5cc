//! The `init` command: a configuration, a commit hook and a workflow for the repository at hand.
//!
//! It looks at what is there and writes only what is not; a file that exists is never changed, and what would have gone into
//! it is printed instead.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueHint;

use super::failure::Failure;
use super::{Console, configure, output};
use crate::report::text::count;
use crate::settings::WalkSettings;
use crate::settings::config::FILE_NAMES;
use crate::source::{Language, PathClass};
use crate::walk::{self, Discovery};

pub(super) const EXAMPLES: &str = "\
Examples:
  launchlint init --dry-run      show what would be written
  launchlint init                write it, but no file that is there already
  launchlint init --ci gitlab    with a job for GitLab

It writes launchlint.toml, a hook for pre-commit, and a workflow.";

const CONFIG: &str = "launchlint.toml";
const HOOKS: &str = ".pre-commit-config.yaml";
const WORKFLOW: &str = ".github/workflows/launchlint.yml";
const GITLAB: &str = ".gitlab-ci.yml";

/// Options of `init`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// The repository [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    path: Option<PathBuf>,
    /// The host that runs checks [default: the one that is configured already, or GitHub]
    #[arg(long, value_enum, value_name = "HOST")]
    ci: Option<Host>,
    /// Write no hook
    #[arg(long)]
    no_hook: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Host {
    Github,
    Gitlab,
    None,
}

/// What a repository is made of.
struct Stack {
    /// Production files by language.
    files: BTreeMap<Language, u64>,
    /// Folders that hold a manifest of their own.
    parts: Vec<String>,
    host: Host,
}

/// A file that shall be there.
struct Wanted {
    path: &'static str,
    text: String,
}

/// Writes what is missing.
pub(super) fn init(options: &Options, console: &mut Console<'_>) -> Result<(), Failure> {
    let roots = configure::roots(options.path.as_slice())?;
    let folder = roots.base().to_path_buf();
    let discovery = walk::discover(&roots, &WalkSettings::default());
    let stack = Stack::of(&discovery, &folder, options.ci);
    let mut out = stack.describe();
    for wanted in stack.wanted(options.no_hook) {
        let file = folder.join(wanted.path);
        let is_config = wanted.path == CONFIG;
        let is_there = file.exists() || (is_config && FILE_NAMES.iter().any(|name| folder.join(name).exists()));
        let indented: String =
            wanted.text.lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n").collect();
        match (is_there, options.dry_run) {
            (true, _) if is_config => out.push_str(&format!("\nkept     {} (it is there)\n", wanted.path)),
            (true, _) => {
                out.push_str(&format!("\nkept     {} (it is there); it needs this:\n\n{indented}", wanted.path))
            }
            (false, true) => out.push_str(&format!("\nwould write {}:\n\n{indented}", wanted.path)),
            (false, false) => {
                write(&file, &wanted.text)?;
                out.push_str(&format!("\nwrote    {}\n", wanted.path));
            }
        }
    }
    out.push_str(
        "\nNext: `launchlint scan` to see what is found, `launchlint baseline create` to begin with what is new.\n",
    );
    output::to_stream(console.out, &out)
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("cannot write `{}`: {error}", file.display()));
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    output::to_file(file, text)
}

impl Stack {
    fn of(discovery: &Discovery, folder: &Path, asked: Option<Host>) -> Stack {
        let mut files = BTreeMap::new();
        for file in discovery.files.iter().filter(|file| file.class == PathClass::Production) {
            *files.entry(file.language).or_default() += 1;
        }
        let manifests = ["pyproject.toml", "requirements.txt", "package.json", "Cargo.toml"];
        let folder_of = |path: &str| {
            let (folder, name) = path.rsplit_once('/')?;
            manifests.contains(&name).then(|| folder.to_owned())
        };
        let mut parts: Vec<String> = discovery.files.iter().filter_map(|file| folder_of(&file.path)).collect();
        parts.sort();
        parts.dedup();
        let host = asked.unwrap_or_else(|| match folder.join(GITLAB).exists() && !folder.join(".github").exists() {
            true => Host::Gitlab,
            false => Host::Github,
        });
        Stack { files, parts, host }
    }

    fn describe(&self) -> String {
        let files: Vec<String> = self
            .files
            .iter()
            .filter(|(language, _)| language.is_code())
            .map(|(language, number)| format!("{} {}", count(*number, "file", "files"), language.label()))
            .collect();
        let what = if files.is_empty() {
            "no Python, TypeScript, JavaScript or Rust code".to_owned()
        } else {
            files.join(", ")
        };
        let parts = if self.parts.is_empty() { String::new() } else { format!("; parts: {}", self.parts.join(", ")) };
        format!("found    {what}{parts}\n")
    }

    fn wanted(&self, no_hook: bool) -> Vec<Wanted> {
        let mut all = vec![Wanted { path: CONFIG, text: config() }];
        if !no_hook {
            all.push(Wanted { path: HOOKS, text: hooks() });
        }
        match self.host {
            Host::Github => all.push(Wanted { path: WORKFLOW, text: workflow() }),
            Host::Gitlab => all.push(Wanted { path: GITLAB, text: gitlab() }),
            Host::None => {}
        }
        all
    }
}

fn config() -> String {
    "# Settings of launchlint. Every key is optional; a misspelt one is an error.

[scan]
# Paths that are not read, besides what .gitignore and .launchlintignore hide.
exclude = []

[rules]
# Rules that do not run, and severities that replace a rule's own.
disable = []
# severity = { unpinned-model = \"note\" }

[paths]
# What files are for, where their paths mislead: code below `production` is judged whatever its name looks like.
production = []
"
    .to_owned()
}

fn hooks() -> String {
    "repos:
  - repo: local
    hooks:
      - id: launchlint
        name: launchlint (what the commit brings)
        entry: launchlint scan --staged
        language: system
        pass_filenames: false
        require_serial: true
"
    .to_owned()
}

/// The workflow installs this very version, so that its findings do not change before somebody updates it.
fn workflow() -> String {
    format!(
        "name: launchlint

on:
  push:
    branches: [main]
  pull_request:

permissions: {{}}

jobs:
  launchlint:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
      security-events: write # to upload to code scanning
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
          fetch-depth: 0 # to compare with the base of a pull request
      - run: cargo install launchlint --locked --version {version}
      - name: Audit
        env:
          BASE: ${{{{ github.base_ref }}}}
        run: |
          changed=()
          if [ -n \"$BASE\" ]; then changed=(--diff \"origin/$BASE\"); fi
          launchlint scan --format github \"${{changed[@]}}\" --also markdown=summary.md
      - name: Whole repository for code scanning
        if: ${{{{ !cancelled() && github.event_name == 'push' }}}}
        run: launchlint scan --exit-zero --format sarif --output launchlint.sarif
      - if: ${{{{ !cancelled() && github.event_name == 'push' }}}}
        uses: {upload}
        with:
          sarif_file: launchlint.sarif
          category: launchlint
      - if: ${{{{ !cancelled() }}}}
        run: cat summary.md >> \"$GITHUB_STEP_SUMMARY\"
",
        version = env!("CARGO_PKG_VERSION"),
        upload = UPLOAD,
    )
}

/// The action that uploads to code scanning, pinned.
const UPLOAD: &str = "github/codeql-action/upload-sarif@ff0a06e83cb2de871e5a09832bc6a81e7276941f # v3.28.18";

fn gitlab() -> String {
    format!(
        "launchlint:
  image: rust:1.95
  script:
    - cargo install launchlint --locked --version {version}
    - launchlint scan --format gitlab --output gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
",
        version = env!("CARGO_PKG_VERSION")
    )
}
