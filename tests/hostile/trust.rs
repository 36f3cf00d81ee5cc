//! What the audited tree cannot do through the program: run code, reach the network, speak to terminals and hosts.

#![cfg(unix)]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::files::NAMES;
use crate::run::{APP, complaint, launchlint, write};

const FORMATS: [&str; 8] = ["human", "json", "sarif", "github", "gitlab", "junit", "markdown", "agent"];

fn odd_tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let hostile =
        APP.replace("\"user\"", "\"\u{1b}[2J\u{9b}31m\u{202e}::error::owned <script>alert(1)</script> [x](http://a)\"");
    for name in NAMES {
        write(&folder.path().join(std::ffi::OsStr::from_bytes(name)), &hostile);
    }
    write(&folder.path().join("zz_service/main.py"), APP);
    folder
}

/// Whether a terminal would obey it, or show it elsewhere than it stands.
fn is_obeyed(c: char) -> bool {
    c != '\n' && c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[test]
fn no_format_hands_on_what_a_terminal_or_a_workflow_obeys() {
    let folder = odd_tree();
    for format in FORMATS {
        let ran = launchlint(folder.path(), &["scan", "--exit-zero", "--no-progress", "--format", format, "."]);
        assert_eq!(ran.code, Some(0), "{format}: {}", ran.err);
        for text in [&ran.out, &ran.err] {
            // JSON may write what is beyond ASCII as it is: it is read by programs.
            let is_data = matches!(format, "json" | "sarif" | "gitlab" | "agent") && text == &ran.out;
            let obeyed =
                text.chars().find(|c| if is_data { c.is_ascii_control() && *c != '\n' } else { is_obeyed(*c) });
            assert_eq!(obeyed, None, "{format}");
            for line in text.lines().map(str::trim_start) {
                let is_own = ["::error ", "::warning ", "::notice "].iter().any(|own| line.starts_with(own))
                    && line.contains("title=");
                assert!(!line.starts_with("::") || (format == "github" && is_own), "{format}: {line}");
                assert!(!line.contains("::error::owned") || !line.starts_with("::"), "{format}: {line}");
            }
            // Markdown may hold it as inline code, which its own tests judge.
            let is_page = format == "junit";
            assert!(!is_page || !text.contains("<script>"), "{format}");
        }
    }
}

#[test]
fn sarif_names_files_by_relative_encoded_uris() {
    let folder = odd_tree();
    let ran = launchlint(folder.path(), &["scan", "--exit-zero", "--no-progress", "--format", "sarif", "."]);
    let sarif: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert!(results.len() > NAMES.len());
    for result in results {
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a URI");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=@/%".contains(c);
        assert!(uri.chars().all(is_plain), "{uri}");
        assert!(!uri.starts_with('/') && !uri.split('/').any(|part| part == ".."), "{uri}");
    }
}

#[test]
fn errors_quote_the_tree_without_its_escapes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("main.py"), APP);
    for text in [
        "\"\\u001b[2Jx\" = 1\n",
        "[rules]\ndisable = [\"\\u001b[31m\\n::error::owned\"]\n",
        "\u{1b}[31m = 1\n",
        "[scan]\nexclude = [\"[\u{9b}\"]\n",
        "[[[[[[[[",
    ] {
        write(&folder.path().join("launchlint.toml"), text);
        let ran = launchlint(folder.path(), &["scan", "--exit-zero", "."]);
        assert!(!ran.is_hung && !ran.err.contains("panicked"), "{}", ran.err);
        for said in [&ran.out, &ran.err] {
            assert_eq!(said.chars().find(|c| is_obeyed(*c)), None, "{text:?}: {said}");
            assert!(!said.lines().any(|line| line.trim_start().starts_with("::")), "{said}");
        }
    }
}

#[test]
fn hostile_settings_baselines_and_imports_end_with_an_answer() {
    let deep = "[".repeat(100_000);
    for (name, args) in
        [("launchlint.toml", None), ("launchlint-baseline.json", None), ("in.sarif", Some("--import=in.sarif"))]
    {
        let objects = "{\"runs\":".repeat(100_000);
        for text in
            [deep.as_str(), &objects, "", "\0", "\u{feff}{}", "a = \"\"\"", "{\"runs\": [{\"results\": 1}]}", "null"]
        {
            let folder = tempfile::tempdir().expect("a temporary folder");
            write(&folder.path().join("zz_service/main.py"), APP);
            write(&folder.path().join(name), text);
            let mut all = vec!["scan", "--format", "json", "--no-progress", "."];
            all.extend(args);
            let ran = launchlint(folder.path(), &all);
            assert!(!ran.is_hung && !ran.err.contains("panicked"), "{name}: {}", ran.err);
            if ran.code == Some(2) {
                assert!(ran.err.starts_with("error: "), "{name}: {}", ran.err);
            } else {
                assert_eq!(complaint(&ran, 1 << 20), None, "{name}");
            }
        }
    }
}

fn git(folder: &Path, args: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.hooksPath=/dev/null"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("git runs");
    assert!(done.success(), "git {args:?}");
}

#[test]
fn no_command_of_a_repository_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "--quiet"]);
    write(&root.join("zz_service/main.py"), "x = 1\n");
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "-m", "first"]);
    write(&root.join(".gitattributes"), "*.py filter=evil diff=evil merge=evil\n");
    write(&root.join("zz_service/main.py"), APP);
    git(root, &["add", "--all"]);
    let owned = root.join("owned");
    let script = root.join("evil.sh");
    write(&script, format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\ncat\n", owned.display()));
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("permissions");
    let evil = script.to_str().expect("a path");
    let keys = [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "merge.evil.driver",
        "gpg.program",
        "credential.helper",
        "pager.ls-tree",
        "pager.cat-file",
        "pager.rev-parse",
        "alias.ls-files",
        "uploadpack.packObjectsHook",
        "trace2.eventTarget",
    ];
    let included: String = keys
        .iter()
        .map(|key| {
            let (section, name) = key.rsplit_once('.').expect("a key");
            let section = section.split_once('.').map_or(section.to_owned(), |(a, b)| format!("{a} \"{b}\""));
            format!("[{section}]\n\t{name} = {evil}\n")
        })
        .collect();
    write(&root.join(".git/included"), included);
    let config = fs::read_to_string(root.join(".git/config")).expect("settings");
    write(&root.join(".git/config"), config + "[include]\n\tpath = included\n");
    for hook in ["post-index-change", "pre-commit", "post-checkout", "reference-transaction", "fsmonitor-watchman"] {
        write(&root.join(".git/hooks").join(hook), fs::read(&script).expect("the script"));
        fs::set_permissions(root.join(".git/hooks").join(hook), fs::Permissions::from_mode(0o755))
            .expect("permissions");
    }
    for how in [&["--diff", "HEAD"][..], &["--staged"], &[]] {
        let args = [&["scan", "--format", "json", "--no-progress", "."][..], how].concat();
        let ran = launchlint(root, &args);
        assert_eq!(complaint(&ran, 1 << 20), None, "{how:?}");
        assert!(!owned.exists(), "{how:?}: {}", fs::read_to_string(&owned).unwrap_or_default());
    }
}

#[test]
fn the_program_opens_no_socket_and_runs_nothing_of_the_tree() {
    let has_strace =
        Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if !has_strace {
        println!("skipped: strace is not installed");
        return;
    }
    let folder = odd_tree();
    let log = tempfile::NamedTempFile::new().expect("a file");
    let status = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=network,execve,execveat", "-o"])
        .arg(log.path())
        .args([env!("CARGO_BIN_EXE_launchlint"), "scan", "--exit-zero", "--no-cache", "--no-progress", "."])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("strace runs");
    let calls = fs::read_to_string(log.path()).expect("the log");
    if !status.success() && !calls.contains("execve(") {
        println!("skipped: this system lets strace follow nothing");
        return;
    }
    let is_call = |line: &&str| line.contains('(') && !line.contains("+++") && !line.contains("---");
    let made: Vec<&str> = calls.lines().filter(is_call).collect();
    assert!(matches!(&made[..], [only] if only.contains("execve(")), "{made:#?}");
}

#[test]
fn a_report_is_whole_or_an_error() {
    let folder = odd_tree();
    let run = |args: &[&str], out: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_launchlint"));
        command.args(["scan", "--no-progress", "--no-cache"]).args(args).current_dir(folder.path());
        command.stdout(out).output().expect("it runs")
    };
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let done = run(&["--exit-zero", "."], full.into());
        assert_eq!(done.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&done.stderr).contains("error: cannot write the report"));
        let done = run(&["--exit-zero", "--output", "/dev/full", "."], Stdio::null());
        assert_eq!(done.status.code(), Some(2));
    }
    let mut reader = Command::new("true").stdin(Stdio::piped()).spawn().expect("true");
    let closed = reader.stdin.take().expect("a pipe");
    reader.wait().expect("it ends");
    let done = run(&["--exit-zero", "."], closed.into());
    assert!(!String::from_utf8_lossy(&done.stderr).contains("panicked"));
    assert_eq!(done.status.code(), Some(0));
    // An interrupted run leaves the earlier report, and nothing beside it.
    let out = tempfile::tempdir().expect("a temporary folder");
    let report = out.path().join("report.json");
    write(&report, "earlier");
    let mut child = Command::new(env!("CARGO_BIN_EXE_launchlint"))
        .args(["scan", "--no-progress", "--no-cache", "--format", "json", "--output"])
        .args([report.as_os_str(), ".".as_ref()])
        .current_dir(folder.path())
        .spawn()
        .expect("it starts");
    std::thread::sleep(std::time::Duration::from_millis(20));
    drop(Command::new("kill").args(["-INT", &child.id().to_string()]).status());
    child.wait().expect("it ends");
    let left = fs::read_to_string(&report).expect("a report");
    assert!(left == "earlier" || serde_json::from_str::<serde_json::Value>(&left).is_ok());
    assert_eq!(fs::read_dir(out.path()).expect("a folder").count(), 1);
}

#[test]
fn pages_run_nothing_of_the_tree() {
    let folder = odd_tree();
    for args in [&["checklist", "--format", "html"][..], &["surfaces", "--format", "html"]] {
        let ran = launchlint(folder.path(), &[args, &["--no-progress", "."]].concat());
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        assert!(ran.out.contains("Content-Security-Policy"), "{args:?}");
        for hostile in ["<script>alert(1)", "<a b=", "<d>|e", "\u{1b}", "\u{202e}"] {
            assert!(!ran.out.contains(hostile), "{args:?}: {hostile:?}");
        }
    }
}

#[test]
fn kept_facts_that_are_damaged_or_foreign_change_no_report() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("zz_service/main.py"), APP);
    // Facts of small trees are not kept.
    for n in 0..4 {
        let text: String = (0..16_000).map(|line| format!("def f{n}_{line}(a):\n    return a\n")).collect();
        write(&folder.path().join(format!("big{n}.py")), text);
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let run = || {
        let done = Command::new(env!("CARGO_BIN_EXE_launchlint"))
            .args(["scan", "--exit-zero", "--no-progress", "--format", "json", "."])
            .current_dir(folder.path())
            .env("LAUNCHLINT_CACHE_DIR", home.path())
            .output()
            .expect("it runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let report: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
        report["findings"].clone()
    };
    let first = run();
    let kept: Vec<_> =
        walkdir::WalkDir::new(home.path()).into_iter().flatten().filter(|e| e.path().is_file()).collect();
    assert!(!kept.is_empty(), "nothing is kept, so that nothing is tested");
    for entry in &kept {
        let whole = fs::read(entry.path()).expect("kept facts");
        let middle = whole.len() / 2;
        let mut flipped = whole.clone();
        flipped[middle..middle + 8].iter_mut().for_each(|byte| *byte ^= 0x5A);
        let mut lengths = whole.clone();
        lengths[16..80.min(whole.len())].fill(0xFF);
        let damaged: [&[u8]; 6] =
            [&[], b"something else", &whole[..middle], &flipped, &lengths, &[whole.as_slice(), &[7; 99]].concat()];
        for bytes in damaged {
            fs::write(entry.path(), bytes).expect("damage");
            assert!(run() == first, "{} bytes of {}", bytes.len(), whole.len());
        }
    }
}
