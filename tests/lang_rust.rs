//! The Rust front end: one snapshot of facts a fixture, and what must hold for any text.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]

use std::fs;
use std::path::PathBuf;

use launchlint::finding::NoticeKind;
use launchlint::ir::{Expr, FileFacts};
use launchlint::lang::rust::lower;
use launchlint::source::Span;

fn fixtures() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/lang/rust");
    let mut found: Vec<_> = fs::read_dir(root)
        .expect("fixtures exist")
        .map(|entry| entry.expect("readable entry").path())
        .map(|path| {
            let name = path.file_stem().expect("a file name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("readable fixture"))
        })
        .collect();
    found.sort();
    found
}

fn facts(text: &str) -> FileFacts {
    lower("src/a.rs", text).0
}

/// Every span of the facts lies in the text, and names stand where their spans say.
fn check_spans(text: &str, facts: &FileFacts) {
    let slice = |span: Span| text.get(span.start as usize..span.end as usize).expect("a span in the text");
    for (expr, span) in facts.exprs.iter().zip(&facts.spans) {
        let source = slice(*span);
        match expr {
            Expr::Name(name) => assert!(source.contains(name.as_str()), "{name} is not in {source:?}"),
            Expr::Field { name, .. } => assert!(source.contains(name.as_str()), "{name} is not in {source:?}"),
            _ => {}
        }
    }
    for (_, function) in facts.functions() {
        assert!(function.span.contains(function.head), "head outside {:?}", function.name);
        slice(function.head);
    }
}

#[test]
fn facts_of_the_fixtures() {
    for (name, text) in fixtures() {
        let (facts, notices) = lower(&format!("{name}.rs"), &text);
        check_spans(&text, &facts);
        let mut dump = facts.dump();
        for notice in notices {
            dump.push_str(&format!("notice {:?} {}\n", notice.kind, notice.message));
        }
        insta::assert_snapshot!(name, dump);
    }
}

#[test]
fn spans_are_bytes_of_their_own_file() {
    let first = "fn é() { \"日本\".len(); }";
    let second = "\u{feff}#[über]\nfn ß() { /* 日本 */ rufe(\"ä\", x); }";
    for text in [first, second, first, "#!/usr/bin/env rust\nfn f() { g(); }"] {
        let facts = facts(text);
        check_spans(text, &facts);
        assert!(facts.unreadable.is_empty(), "{text}");
    }
    let facts = facts(second);
    let call = facts.exprs.iter().position(|e| matches!(e, Expr::Call(_))).expect("a call");
    let span = facts.spans[call];
    assert_eq!(&second[span.start as usize..span.end as usize], "rufe(\"ä\", x)");
    let head = facts.functions[1].head;
    assert_eq!(&second[head.start as usize..head.end as usize], "fn ß()");
    assert_eq!(&second[facts.functions[1].span.start as usize..][..2], "#[");
}

#[test]
fn captured_names_stand_inside_their_literal() {
    let text = "fn f() { println!(\"é {name:?}\"); println!(\"\\n{other}\"); }";
    let facts = facts(text);
    let place = |wanted: &str| {
        let at = facts.exprs.iter().position(|e| matches!(e, Expr::Name(n) if *n == wanted)).expect("the name");
        &text[facts.spans[at].start as usize..facts.spans[at].end as usize]
    };
    assert_eq!(place("name"), "{name:?}");
    assert_eq!(place("other"), "\"\\n{other}\"");
}

#[test]
fn comments_to_the_tool_are_kept() {
    let text = "fn f() {\n    // launchlint: allow[x] because\n    g(\"// launchlint: no\"); // other\n}";
    let comments = facts(text).comments;
    assert_eq!(comments.len(), 1);
    assert_eq!(comments[0].text.as_str(), "launchlint: allow[x] because");
}

#[test]
fn what_cannot_be_lexed_is_told() {
    for text in ["fn f() { \"open }", "fn f() { ] }", "let x = 'ab';"] {
        let (facts, notices) = lower("a.rs", text);
        assert_eq!(notices.len(), 1, "{text}");
        assert_eq!(notices[0].kind, NoticeKind::Unparsed);
        assert_eq!(facts.unreadable.len(), 1);
    }
    assert!(lower("a.rs", "").1.is_empty());
}

#[test]
fn nesting_never_overflows_a_small_stack() {
    let repeat = |open: &str, close: &str, n: usize| format!("fn f() {{ {}1{}; }}", open.repeat(n), close.repeat(n));
    let shallow = [("{", "}"), ("g(", ")"), ("g(|x| ", ")"), ("match x { A => ", "}"), ("m!(", ")"), ("m!(@ ", ")")];
    for (open, close) in shallow {
        // As deep as is read on the caller's stack, which has 2 MiB here.
        let (_, notices) = lower("a.rs", &repeat(open, close, 39));
        assert!(notices.is_empty(), "{open}: {notices:?}");
        lower("a.rs", &repeat(open, close, 199));
        let (_, notices) = lower("a.rs", &repeat(open, close, 201));
        assert_eq!(notices[0].kind, NoticeKind::Skipped);
    }
}

#[test]
fn long_chains_keep_their_parts() {
    let chains = [
        ("x = ", "a(1) + ", "1", 20_000),
        ("", "a(1) && ", "b", 20_000),
        ("x", ".a(1)", "", 20_000),
        ("x", "(1)?", "", 20_000),
    ];
    for (start, link, end, n) in chains {
        let text = format!("fn f() {{ {start}{}{end}; }}", link.repeat(n));
        let (facts, notices) = lower("a.rs", &text);
        assert!(notices.is_empty(), "{link}: {notices:?}");
        let calls = facts.exprs.iter().filter(|e| matches!(e, Expr::Call(_))).count();
        assert_eq!(calls, n, "{link}");
    }
    for (open, close) in [("!", ""), ("a = ", ""), ("&", ""), ("|| ", ""), ("return ", ""), ("if a {} else ", "{}")] {
        let text = format!("fn f() {{ {}{close}1; }}", open.repeat(3_000));
        let (_, notices) = lower("a.rs", &text);
        assert_eq!(notices.len(), 1, "{open}");
    }
    let (facts, notices) = lower("a.rs", &format!("fn f() {{ {}1; }}", "a + ".repeat(100_000)));
    assert_eq!((facts.unreadable.len(), notices[0].kind), (1, NoticeKind::Skipped));
}

#[test]
fn a_broken_item_costs_only_itself() {
    let text = "fn a() { x(); }\nfn b() { let = ; }\n#[c]\nfn c() { y(); }\nuse d::{e, f};\n";
    let (facts, notices) = lower("a.rs", text);
    let names: Vec<_> = facts.functions().filter_map(|(_, f)| f.name).map(|n| n.as_str()).collect();
    assert_eq!(names, ["a", "c"]);
    assert_eq!(facts.imports.len(), 2);
    assert_eq!((facts.unreadable.len(), notices.len()), (1, 1));
}
