//! The TypeScript front end against `fixtures/lang/typescript`: one snapshot of the facts a file, and inputs no person
//! would write.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use launchlint::ir::{Expr, FileFacts, walk_block};
use launchlint::lang::typescript::lower;

#[test]
fn fixtures_lower_to_their_snapshots() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lang/typescript");
    let mut paths: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let (facts, notices) = lower(name, &text);
        check_spans(&text, &facts);
        let mut shown = facts.dump();
        for comment in &facts.comments {
            let source = &text[comment.span.start as usize..comment.span.end as usize];
            shown += &format!("comment {:?} in {source:?}\n", comment.text);
        }
        for function in facts.functions.iter().filter(|f| f.head != f.span) {
            let head = &text[function.head.start as usize..function.head.end as usize];
            shown += &format!("head {:?} in {}..{}\n", head, function.span.start, function.span.end);
        }
        for notice in notices {
            shown += &format!("notice {:?} {}\n", notice.kind, notice.message);
        }
        insta::assert_snapshot!(name, shown);
    }
}

/// Every span must be a range of whole characters: reports slice the text with them.
fn check_spans(text: &str, facts: &FileFacts) {
    assert_eq!(facts.exprs.len(), facts.spans.len());
    let functions = facts.functions.iter().flat_map(|f| [&f.span, &f.head]);
    let spans = facts.spans.iter().chain(functions).chain(facts.classes.iter().map(|c| &c.span));
    for span in spans.chain(&facts.unreadable) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    }
}

/// Lowers on the stack that the front end says it needs, then does what later stages do: recurse over everything.
fn survives(extension: &'static str, text: String) -> FileFacts {
    let run = move || {
        let (facts, _) = lower(&format!("hostile.{extension}"), &text);
        check_spans(&text, &facts);
        for function in &facts.functions {
            walk_block(&facts, &function.body, &mut |_| {}, &mut |_| {});
        }
        assert!(!facts.dump().is_empty());
        facts
    };
    std::thread::Builder::new().stack_size(4 << 20).spawn(run).unwrap().join().unwrap()
}

fn holds_call(facts: &FileFacts, name: &str) -> bool {
    facts.exprs.iter().any(|expr| match expr {
        Expr::Call(call) => matches!(facts.expr(call.callee), Expr::Name(n) if n == name),
        _ => false,
    })
}

#[test]
fn nesting_without_end_is_cut() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{", "}"), ("f(", ")"), ("`${", "}`"), ("{a:", "}"), ("x=>{", "}")] {
        for extension in ["ts", "tsx", "js"] {
            let text = format!("before();\nx = {}1{};\nafter();", open.repeat(20_000), close.repeat(20_000));
            let facts = survives(extension, text);
            assert!(holds_call(&facts, "before"), "{open} {extension}");
        }
    }
    let facts = survives("ts", format!("before();\nx = {}1{}", "[".repeat(100_000), "]".repeat(100_000)));
    assert!(!facts.unreadable.is_empty());
}

#[test]
fn unclosed_nesting_is_cut() {
    for open in ["[", "(", "{", "f(", "<a>", "`${", "x ? ", "if (x) {", "class A {", "function f() {", "!", "a = "] {
        survives("tsx", format!("before();\nx = {}", open.repeat(5_000)));
    }
    let (open, close) = ("() => { if (x) { return <a b={class { p = f({ k: ", " }) }}/> } }");
    for levels in [20, 60, 2_000] {
        let facts = survives("tsx", format!("x = {}1{};", open.repeat(levels), close.repeat(levels)));
        assert_eq!(facts.unreadable.is_empty(), levels == 20, "{levels}");
    }
}

#[test]
fn long_chains_keep_every_part() {
    let sum = ["\"a\"", "f(x)", "`t${y}`"].repeat(17_000).join(" + ");
    let facts = survives("ts", format!("const text = {sum};"));
    assert!(facts.unreadable.is_empty());
    assert_eq!(facts.exprs.iter().filter(|e| matches!(e, Expr::Call(_))).count(), 17_000);

    let mixed = ["f(x)"; 5_000].join(" + 1 - 2 * 3 < 4 && ");
    assert!(survives("js", format!("const text = {mixed};")).unreadable.is_empty());
    let union = ["'a'"; 5_000].join(" | ");
    assert!(survives("ts", format!("type T = {union};")).unreadable.is_empty());

    let chain = ".then(() => f(x))".repeat(5_000);
    let facts = survives("ts", format!("start(){chain};"));
    assert!(facts.unreadable.is_empty());
    assert_eq!(facts.functions.len(), 5_001);

    let facts = survives("ts", format!("const v = {} last();", "a() ? b() : ".repeat(5_000)));
    assert!(facts.unreadable.is_empty() && holds_call(&facts, "last"));
    let facts = survives("ts", format!("{} {{ last(); }}", "if (a()) { b(); } else ".repeat(5_000)));
    assert!(facts.unreadable.is_empty() && holds_call(&facts, "last"));
    let cases = "case 1: f();".repeat(5_000);
    assert!(survives("ts", format!("switch (x) {{ {cases} }}")).unreadable.is_empty());
}

#[test]
fn deep_markup_is_cut() {
    let facts = survives("tsx", format!("const a = {}{{f()}}{};", "<a>".repeat(10_000), "</a>".repeat(10_000)));
    assert!(!facts.unreadable.is_empty());
    survives("jsx", format!("const a = {};", "<a b={".repeat(5_000)));
}

#[test]
fn odd_bytes_are_survived() {
    let facts = survives("ts", "\u{feff}import a from \"b\";\r\nconst c = call(`x\r\ny`);\r\n".into());
    assert!(facts.unreadable.is_empty() && holds_call(&facts, "call"));
    assert_eq!(facts.imports.len(), 1);
    let facts = survives("js", "#!/usr/bin/env node\n\"use strict\";\ncall();".into());
    assert!(facts.unreadable.is_empty() && facts.directives.len() == 1);
    let facts = survives("ts", "call();\0\0 more(\"a\0b\");".into());
    assert!(holds_call(&facts, "call"));
    for extension in ["ts", "tsx", "js", "vue", "svelte", ""] {
        survives(extension, String::new());
        survives(extension, "é\u{0}𝄞 <script>ü(`${".repeat(50));
        survives(extension, "}{)(][`'\"\\".repeat(500));
    }
}

#[test]
fn many_small_things_stay_cheap() {
    let started = std::time::Instant::now();
    survives("ts", "a!.b && c!.d;\n".repeat(20_000));
    survives("ts", format!("x = {};", "a!.b && ".repeat(20_000)));
    survives("tsx", "x = <p>A & B</p>;\n".repeat(5_000));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn nested_fall_through_does_not_explode() {
    let text = (0..30).fold(String::from("f();"), |inner, _| format!("switch (x) {{ case 1: a(); case 2: {inner} }}"));
    survives("ts", text);
}
