//! Discovery over trees made for the purpose, hostile ones among them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{Discovery, RootError, Roots, SkipReason, discover};
use crate::finding::NoticeKind;
use crate::settings::{PathGlobs, SizeLimits, WalkSettings};
use crate::source::{Language, PathClass};

/// A tree of files in a fresh folder.
fn tree(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

fn scan(roots: &[&Path], settings: &WalkSettings) -> Discovery {
    let roots: Vec<PathBuf> = roots.iter().map(|root| root.to_path_buf()).collect();
    discover(&Roots::resolve(&roots).expect("the roots exist"), settings)
}

fn paths(found: &Discovery) -> Vec<&str> {
    found.files.iter().map(|file| file.path.as_str()).collect()
}

fn globs(patterns: &[&str]) -> PathGlobs {
    PathGlobs::new(patterns.iter().copied()).expect("valid patterns")
}

/// The notices as `kind path message`, for tests that look for one.
fn told(found: &Discovery) -> String {
    let lines = found.notices.iter().map(|n| format!("{:?} {} {}\n", n.kind, n.path, n.message));
    lines.collect()
}

#[test]
fn a_tree_is_read_in_order_whatever_the_threads_do() {
    let folder = tree(&[("b/z.py", b"z"), ("a.ts", b"a"), ("b/a.rs", b"r"), (".env", b"K=v"), (".git/config", b"x")]);
    for jobs in [0, 1, 4] {
        let found = scan(&[folder.path()], &WalkSettings { jobs, ..WalkSettings::default() });
        assert_eq!(paths(&found), [".env", "a.ts", "b/a.rs", "b/z.py"]);
        assert_eq!(found.files[3].language, Language::Python);
        assert_eq!(found.notices, []);
        assert_eq!(found.seen, 4);
    }
}

#[test]
fn ignore_files_hide_and_so_do_settings() {
    let folder = tree(&[
        (".gitignore", b"secret.py\nlogs/\n"),
        (".launchlintignore", b"legacy/\n"),
        (".ignore", b"kept.py\n"),
        ("secret.py", b""),
        ("logs/a.py", b""),
        ("legacy/a.py", b""),
        ("kept.py", b""),
        ("cut/a.py", b""),
    ]);
    let settings =
        WalkSettings { exclude: globs(&["cut", "nothing/*"]), include: globs(&["*.py"]), ..Default::default() };
    let found = scan(&[folder.path()], &settings);
    assert_eq!(paths(&found), ["kept.py"]);
    assert!(told(&found).contains("`nothing/*` matched nothing"));
    assert!(!told(&found).contains("`cut`"));
}

#[test]
fn ignore_files_above_the_root_count_only_in_its_repository() {
    let folder = tree(&[(".gitignore", b"*.py\n"), ("app/a.py", b""), ("app/b.ts", b"")]);
    let app = folder.path().join("app");
    assert_eq!(paths(&scan(&[&app], &WalkSettings::default())), ["a.py", "b.ts"]);
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    assert_eq!(paths(&scan(&[&app], &WalkSettings::default())), ["b.ts"]);
}

#[test]
fn purpose_is_judged_below_the_root_only() {
    let folder = tree(&[("tests/examples/app/main.py", b""), ("tests/examples/app/tests/test_main.py", b"")]);
    let found = scan(&[&folder.path().join("tests/examples/app")], &WalkSettings::default());
    let classes: Vec<PathClass> = found.files.iter().map(|file| file.class).collect();
    assert_eq!(classes, [PathClass::Production, PathClass::Test]);
}

#[test]
fn the_users_globs_decide_purpose_first() {
    let folder = tree(&[("examples/shop/a.py", b""), ("examples/b.py", b""), ("src/sandbox/c.py", b"")]);
    let mut settings = WalkSettings::default();
    settings.classes.production = globs(&["examples/shop"]);
    settings.classes.test = globs(&["sandbox"]);
    let found = scan(&[folder.path()], &settings);
    let classes: Vec<PathClass> = found.files.iter().map(|file| file.class).collect();
    assert_eq!(classes, [PathClass::Example, PathClass::Production, PathClass::Test]);
}

#[test]
fn several_roots_share_a_base_and_no_file_is_met_twice() {
    let folder = tree(&[("api/a.py", b""), ("api/b/c.py", b""), ("web/a.ts", b""), ("other/x.py", b"")]);
    let at = |path: &str| folder.path().join(path);
    let found = scan(&[&at("web"), &at("api"), &at("api/b/c.py")], &WalkSettings::default());
    assert_eq!(paths(&found), ["api/a.py", "api/b/c.py", "web/a.ts"]);
    let found = scan(&[&at("api/a.py")], &WalkSettings::default());
    assert_eq!(paths(&found), ["a.py"]);
    let found = scan(&[&at("api/a.py")], &WalkSettings { exclude: globs(&["a.py"]), ..Default::default() });
    assert_eq!(paths(&found), [""; 0], "excludes hold for files that are named, too");
}

#[test]
fn roots_that_cannot_be_scanned_are_errors() {
    let folder = tree(&[("a.py", b"")]);
    let missing = Roots::resolve(&[folder.path().join("nothing")]);
    assert!(matches!(missing, Err(RootError::Missing(_))));
    let below_file = Roots::resolve(&[folder.path().join("a.py/b")]);
    assert!(matches!(below_file, Err(RootError::Missing(_))));
}

#[test]
fn files_that_are_not_for_reading_are_counted() {
    let folder = tree(&[
        ("big.py", &[b'x'; 3000]),
        ("big.csv", &[b'x'; 3000]),
        ("package-lock.json", b"{}"),
        ("logo.png", b"\x89PNG"),
        ("blob", b"a\0b"),
        ("data.yaml", b"a: \0"),
        ("odd.py", b"x = '\xE9' # a comment that is long enough to keep it text"),
        ("node_modules/a/index.js", b""),
        ("run", b"#!/usr/bin/env python3\n"),
    ]);
    let limits = SizeLimits { code: 2000, data: 2000 };
    let found = scan(&[folder.path()], &WalkSettings { limits, ..Default::default() });
    assert_eq!(paths(&found), ["odd.py", "run"]);
    assert_eq!(found.files[1].language, Language::Python);
    assert_eq!(found.skipped[&SkipReason::TooBig], 2);
    assert_eq!(found.skipped[&SkipReason::LockFile], 1);
    assert_eq!(found.skipped[&SkipReason::NotText], 3);
    let told = told(&found);
    assert!(told.contains("Skipped big.py skipped: larger than 2000 bytes"), "{told}");
    assert!(told.contains("Skipped data.yaml skipped: it holds binary data"), "{told}");
    assert!(told.contains("Repaired odd.py"), "{told}");
    assert!(told.contains("Outside node_modules "), "{told}");
    assert_eq!(found.notices.len(), 4, "{told}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = tree(&[("secret.py", b"outside")]);
    let folder = tree(&[("a/real.py", b"")]);
    let at = |path: &str| folder.path().join(path);
    symlink(at("a"), at("a/loop")).expect("a link");
    symlink(at("a/real.py"), at("twin.py")).expect("a link");
    symlink(outside.path().join("secret.py"), at("away.py")).expect("a link");
    symlink(outside.path(), at("away")).expect("a link");
    symlink("nowhere", at("dead.py")).expect("a link");
    let found = scan(&[folder.path()], &WalkSettings::default());
    assert_eq!(paths(&found), ["a/real.py"]);
    assert_eq!(found.skipped[&SkipReason::Link], 5);
    let named: Vec<&str> = found.notices.iter().map(|notice| notice.path.as_str()).collect();
    assert_eq!(named, ["away", "away.py", "dead.py"]);
    // A root may be a link: the user named it.
    symlink(at("a"), outside.path().join("root")).expect("a link");
    let found = scan(&[&outside.path().join("root")], &WalkSettings::default());
    assert_eq!(paths(&found), ["real.py"]);
}

#[cfg(unix)]
#[test]
fn pipes_and_sockets_do_not_block() {
    let folder = tree(&[("a.py", b"")]);
    let pipe = folder.path().join("pipe.py");
    let made = Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket.ts"));
    let found = scan(&[folder.path()], &WalkSettings::default());
    assert_eq!(paths(&found), ["a.py"]);
    assert_eq!(found.skipped[&SkipReason::Special], found.notices.len());
    assert!(matches!(Roots::resolve(&[pipe]), Err(RootError::Special(_))));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_stay_apart() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tree(&[]);
    for name in [b"a\xFF.py", b"a\xFE.py"] {
        fs::write(folder.path().join(OsStr::from_bytes(name)), "x").expect("a file");
    }
    let found = scan(&[folder.path()], &WalkSettings::default());
    assert_eq!(paths(&found), ["a\u{FFFD}.py"]);
    let kinds: Vec<NoticeKind> = found.notices.iter().map(|notice| notice.kind).collect();
    assert_eq!(kinds, [NoticeKind::Skipped, NoticeKind::Repaired]);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_opened_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tree(&[("a.py", b""), ("closed/b.py", b""), ("c.py", b"")]);
    let deny = |path: &str| {
        let path = folder.path().join(path);
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("permissions");
    };
    deny("c.py");
    deny("closed");
    let is_enforced = fs::read(folder.path().join("c.py")).is_err();
    let found = scan(&[folder.path()], &WalkSettings::default());
    let reset = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path().join("closed"), reset).expect("permissions");
    // A superuser may read everything.
    if is_enforced {
        assert_eq!(paths(&found), ["a.py"]);
        assert_eq!(
            told(&found),
            "Unreadable c.py not scanned: permission denied\nUnreadable closed not scanned: permission denied\n"
        );
    }
}
