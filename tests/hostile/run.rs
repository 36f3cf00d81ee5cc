//! Runs the program on a hostile tree beside a small vulnerable one, and says what went wrong.
//!
//! Time is the processor's, not the wall's, and memory is the highest that the system saw, so that a busy machine
//! changes nothing.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What the neighbour must still be reported for.
const EXPECTED: &str = "unauthenticated-llm-endpoint";

/// An endpoint that anybody can use.
pub(crate) const APP: &str = "\
from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()
client = OpenAI()


@app.post(\"/chat\")
def chat(question: str):
    messages = [{\"role\": \"user\", \"content\": question}]
    reply = client.chat.completions.create(model=\"gpt-4o\", messages=messages)
    return {\"answer\": reply.choices[0].message.content}
";

/// Processor time that a case may take; a debug build is some ten times slower than what users run.
const MOST_SECONDS: f64 = if cfg!(debug_assertions) { 10.0 } else { 5.0 };

/// Memory beside the size of the files.
const MOST_MEMORY: u64 = 256 << 20;

/// A busy machine may take this long.
const MOST_PATIENCE: Duration = Duration::from_secs(150);

/// One hostile tree.
pub(crate) struct Case {
    /// What it is.
    pub(crate) name: &'static str,
    /// Makes it in a folder.
    pub(crate) make: Box<dyn Fn(&Path)>,
}

/// A tree of one file.
pub(crate) fn file(path: &'static str, content: impl Into<Vec<u8>>) -> Case {
    let content = content.into();
    Case { name: path, make: Box::new(move |root| write(&root.join(path), &content)) }
}

/// A tree that a function makes.
pub(crate) fn tree(name: &'static str, make: impl Fn(&Path) + 'static) -> Case {
    Case { name, make: Box::new(make) }
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(path, content).expect("a file");
}

/// How a run went.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it printed.
    pub(crate) out: String,
    /// What it said.
    pub(crate) err: String,
    /// Processor seconds.
    pub(crate) seconds: f64,
    /// The highest resident memory in bytes; 0 where the system does not tell.
    pub(crate) memory: u64,
    /// Whether it was ended because it took too long.
    pub(crate) is_hung: bool,
}

/// Runs the program in a folder.
pub(crate) fn launchlint(folder: &Path, args: &[&str]) -> Ran {
    let spool = tempfile::tempdir().expect("a temporary folder");
    let (out, err) = (spool.path().join("out"), spool.path().join("err"));
    let stream = |path: &Path| Stdio::from(fs::File::create(path).expect("a file"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_launchlint"))
        .args(args)
        .current_dir(folder)
        .env("LAUNCHLINT_CACHE_DIR", spool.path().join("cache"))
        .env("XDG_CACHE_HOME", spool.path().join("cache"))
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(stream(&out))
        .stderr(stream(&err))
        .spawn()
        .expect("it starts");
    let begun = Instant::now();
    let (mut seconds, mut memory, mut is_hung) = (0.0_f64, 0, false);
    let status = loop {
        let (used, highest) = used(child.id());
        (seconds, memory) = (seconds.max(used), memory.max(highest));
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if seconds > MOST_SECONDS || begun.elapsed() > MOST_PATIENCE || memory > 4 << 30 {
            is_hung = true;
            child.kill().expect("it can be ended");
        }
        std::thread::sleep(Duration::from_millis(4));
    };
    let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).expect("its output")).into_owned();
    Ran { code: status.code(), out: text(&out), err: text(&err), seconds, memory, is_hung }
}

/// Processor seconds and highest memory of a running process, where the system tells.
fn used(process: u32) -> (f64, u64) {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let highest = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kilobytes: u64 = highest.trim().trim_end_matches(" kB").parse().unwrap_or(0);
    // A tick is a hundredth of a second on every system that has this file.
    ((ticks(11) + ticks(12)) / 100.0, kilobytes << 10)
}

/// Runs each case beside the vulnerable neighbour; all that went wrong is told at once.
pub(crate) fn check(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        (case.make)(folder.path());
        write(&folder.path().join("zz_service/main.py"), APP);
        let ran = launchlint(folder.path(), &["scan", "--format", "json", "--no-progress", "."]);
        println!("{number:3} {:40} {:6.2} s {:5} MiB", case.name, ran.seconds, ran.memory >> 20);
        wrong.extend(complaint(&ran, size(&folder)).map(|why| format!("{number} {}: {why}", case.name)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What a run beside the neighbour did wrong.
pub(crate) fn complaint(ran: &Ran, size: u64) -> Option<String> {
    let said: String = ran.err.chars().take(400).collect();
    if ran.is_hung {
        return Some(format!("still running after {:.1} s, {} MiB", ran.seconds, ran.memory >> 20));
    }
    if ran.err.contains("panicked") || !matches!(ran.code, Some(0 | 1)) {
        return Some(format!("exit {:?}: {said}", ran.code));
    }
    if ran.memory > MOST_MEMORY + size {
        return Some(format!("{} MiB for files of {} KiB", ran.memory >> 20, size >> 10));
    }
    let json: serde_json::Value = match serde_json::from_str(&ran.out) {
        Ok(json) => json,
        Err(error) => return Some(format!("no JSON: {error}: {said}")),
    };
    let internal = json["notices"].as_array().into_iter().flatten().find(|notice| notice["kind"] == "internal");
    if let Some(notice) = internal {
        return Some(format!("an internal error: {notice}"));
    }
    let is_neighbour = |finding: &serde_json::Value| {
        finding["rule"] == EXPECTED && finding["path"].as_str().is_some_and(|path| path.starts_with("zz_service/"))
    };
    let is_found = json["findings"].as_array().is_some_and(|findings| findings.iter().any(is_neighbour));
    (!is_found).then(|| format!("the neighbour's finding is lost: {said}"))
}

fn size(folder: &TempDir) -> u64 {
    let files = walkdir::WalkDir::new(folder.path()).into_iter().flatten();
    files.filter_map(|entry| entry.metadata().ok().filter(std::fs::Metadata::is_file)).map(|data| data.len()).sum()
}
