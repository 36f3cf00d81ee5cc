//! Files that are none, and names that are none.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use crate::run::{APP, Case, check, file, tree, write};

fn fifo(path: &Path) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    let status = Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(status.success());
}

/// Files that the program looks for by name, besides those it audits.
const LOOKED_FOR: &[&str] = &[
    "launchlint.toml",
    "launchlint-baseline.json",
    ".launchlintignore",
    ".gitignore",
    "zz_service/.gitignore",
    ".git",
    ".git/info/exclude",
    ".git/HEAD",
    "pyproject.toml",
    "package.json",
    "tsconfig.json",
    "Cargo.toml",
    "SECURITY.md",
];

#[test]
fn pipes_sockets_and_devices() {
    let mut cases: Vec<Case> = Vec::new();
    for name in LOOKED_FOR {
        cases.push(tree(name, move |root| fifo(&root.join(name))));
        cases.push(tree(name, move |root| {
            fs::create_dir_all(root.join(name).parent().expect("a parent")).expect("folders");
            symlink("/dev/zero", root.join(name)).expect("a link");
        }));
        cases.push(tree(name, move |root| {
            fs::create_dir_all(root.join(name).join("inner")).expect("a folder");
        }));
    }
    cases.push(tree("pipe.py", |root| fifo(&root.join("pipe.py"))));
    cases.push(tree("socket.py", |root| drop(UnixListener::bind(root.join("socket.py")).expect("a socket"))));
    cases.push(tree("zero.py", |root| symlink("/dev/zero", root.join("zero.py")).expect("a link")));
    check(cases);
}

#[test]
fn links() {
    check(vec![
        tree("a link to itself", |root| symlink("a.py", root.join("a.py")).expect("a link")),
        tree("folders in a circle", |root| {
            fs::create_dir_all(root.join("a/b")).expect("folders");
            symlink("../..", root.join("a/b/c")).expect("a link");
            symlink(".", root.join("a/here")).expect("a link");
        }),
        tree("out of the tree", |root| {
            symlink("/etc/passwd", root.join("passwd.py")).expect("a link");
            symlink("/", root.join("all")).expect("a link");
            symlink("/proc/self", root.join("process")).expect("a link");
        }),
        tree("hard links", |root| {
            write(&root.join("a.py"), "x = 1\n");
            for n in 0..100 {
                fs::hard_link(root.join("a.py"), root.join(format!("b{n}.py"))).expect("a link");
            }
        }),
        tree("unreadable", |root| {
            write(&root.join("a.py"), "x = 1\n");
            write(&root.join("b/c.py"), "x = 1\n");
            fs::set_permissions(root.join("a.py"), Permissions::from_mode(0o000)).expect("permissions");
            fs::set_permissions(root.join("b"), Permissions::from_mode(0o000)).expect("permissions");
        }),
        tree("many folders within each other", |root| {
            let mut path = root.to_path_buf();
            (0..300).for_each(|_| path.push("deepfolder"));
            write(&path.join("a.py"), "x = 1\n");
        }),
    ]);
}

/// Names that mean something to terminals, workflows, shells, URIs or tables.
pub(crate) const NAMES: &[&[u8]] = &[
    b"new\nline.py",
    b"return\r.py",
    b"::error file=a,line=1::owned.py",
    b"\n::error::owned.py",
    b"100%25%0A.py",
    b"[a](b){c}<d>|e.py",
    b"  spaces  .py",
    b"\x1b[31mred\x1b]8;;http:evil\x07.py",
    "right\u{202e}yp.py".as_bytes(),
    b"invalid\xff\xfe.py",
    b"-rf --help.py",
    b"$(touch owned);`touch owned`.py",
    b"\"'<script>alert(1)<a b=.py",
    b"tab\tback\x08null?#a.py",
    b"=cmd|' a'!A0.py",
    b"]]>.py",
    "\u{85}\u{2028}\u{9b}31m.py".as_bytes(),
    b"\\..\\..\\a.py",
    b"C:evil.py",
];

#[test]
fn names() {
    check(vec![
        tree("odd names", |root| {
            for name in NAMES {
                write(&root.join(OsStr::from_bytes(name)), APP);
                write(&root.join(OsStr::from_bytes(&[b"d", *name].concat())).join("main.py"), APP);
            }
        }),
        tree("names that are one once repaired", |root| {
            write(&root.join(OsStr::from_bytes(b"a\xff.py")), APP);
            write(&root.join(OsStr::from_bytes(b"a\xfe.py")), APP);
        }),
    ]);
}

#[test]
fn own_files_made_to_fail() {
    let accept = |what: &str| format!("# launchlint: ignore[{what}]\n# launchlint: ignore-file[{what}]\nx = 1\n");
    check(vec![
        file("many.py", accept("unauthenticated-llm-endpoint").repeat(20_000)),
        file("long.py", accept(&"a,".repeat(100_000))),
        file("deep.py", accept(&"[".repeat(100_000))),
        file("reason.py", accept(&format!("a] {}", "\u{1b}[2J".repeat(1000)))),
        file(".launchlintignore", format!("!zz_service\n{}\n", "[".repeat(100_000))),
        file(".gitignore", "**/a/".repeat(2_000) + "\n"),
    ]);
}
