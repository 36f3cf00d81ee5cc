//! Facts of Python files: one snapshot a fixture, and inputs that are hostile in shape or size.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread;

use launchlint::ir::{FileFacts, MAX_DEPTH, Node, StmtKind, for_each_child};
use launchlint::lang::python;

/// The stack of a pool's worker threads, which the tool must do with also where nothing is optimised.
const STACK: usize = 2 << 20;

#[test]
fn each_fixture_lowers_to_its_facts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lang/python");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the folder is readable").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        let text = fs::read_to_string(&path).expect("the fixture is readable");
        let name = path.file_name().expect("a fixture has a name").to_string_lossy();
        let (facts, notices) = python::lower(&name, &text);
        assert_sound(&facts, &text);
        let mut shown = facts.dump();
        for comment in &facts.comments {
            let _ = writeln!(shown, "comment {:?}", comment.text);
        }
        for notice in notices {
            let _ = writeln!(shown, "notice {}", notice.message);
        }
        for span in &facts.unreadable {
            let _ = writeln!(shown, "unread {:?}", &text[span.start as usize..span.end as usize]);
        }
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(&*name, shown) });
    }
}

#[test]
fn hostile_shapes_are_survived_on_a_small_stack() {
    let shapes = hostile();
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || {
        for (label, text) in shapes {
            let (facts, _) = python::lower(label, &text);
            assert_sound(&facts, &text);
            let depth = depth(&facts);
            // What stands for the rest is a level of its own.
            assert!(depth <= MAX_DEPTH + 1, "{label}: nests {depth} deep");
        }
    });
    worker.expect("the thread starts").join().expect("no shape overflows the stack");
}

#[test]
fn what_follows_a_hostile_line_is_still_read() {
    for (label, text) in hostile() {
        let text = format!("{text}\nlast = 1\n");
        let (facts, notices) = python::lower(label, &text);
        let is_last = matches!(
            facts.functions[0].body.last().map(|stmt| &stmt.kind),
            Some(StmtKind::Assign { value: Some(_), .. })
        );
        assert!(is_last || !notices.is_empty(), "{label}: neither read nor told");
    }
}

#[test]
fn long_chains_lose_nothing() {
    for (operator, text) in [(" + ", "x"), (" and ", "y"), (" or ", "z"), (" | ", "w")] {
        let source = vec![text; 50_000].join(operator);
        let (facts, notices) = python::lower("chain.py", &source);
        assert!(notices.is_empty(), "{notices:?}");
        let names = facts.exprs.iter().filter(|expr| matches!(expr, launchlint::ir::Expr::Name(_))).count();
        assert_eq!(names, 50_000);
        assert!(depth(&facts) < 40, "a long chain is balanced");
    }
}

#[test]
fn line_endings_and_marks_change_no_fact() {
    let unix = "def f(a):\n    if a:\n        return 'x'\n    return \"\"\"1\n2\"\"\"\n\nclass A:\n    x = 1\n";
    let (expected, _) = python::lower("a.py", unix);
    let variants =
        [unix.replace('\n', "\r\n"), unix.replace('\n', "\r"), format!("\u{feff}{unix}"), format!("\x0c\n{unix}\x0c")];
    for text in variants {
        let (facts, notices) = python::lower("a.py", &text);
        assert!(notices.is_empty(), "{text:?}: {notices:?}");
        assert_eq!(facts.dump(), expected.dump(), "{text:?}");
        assert_sound(&facts, &text);
    }
}

#[test]
fn a_head_is_the_signature_alone() {
    let text = "@mark\nasync def f(\n    a: int = 1,\n) -> dict[str, int]:\n    return a\n";
    let (facts, _) = python::lower("a.py", text);
    let head = facts.functions[1].head;
    let head = &text[head.start as usize..head.end as usize];
    assert_eq!(head, "async def f(\n    a: int = 1,\n) -> dict[str, int]:");
    let whole = facts.functions[1].span;
    assert!(text[whole.start as usize..].starts_with("@mark"));
}

/// Inputs that are deep, long, or not quite text.
fn hostile() -> Vec<(&'static str, String)> {
    let indented =
        |levels: usize, line: &str| (0..levels).map(|n| format!("{}{line}\n", " ".repeat(n))).collect::<String>();
    let wrap =
        |open: &str, inner: &str, close: &str, n: usize| format!("x = {}{inner}{}\n", open.repeat(n), close.repeat(n));
    vec![
        ("open brackets", format!("x = {}", "[".repeat(100_000))),
        ("brackets", wrap("[", "", "]", 100_000)),
        ("parentheses", wrap("(", "1", ")", 100_000)),
        ("braces", wrap("{'a': ", "1", "}", 5_000)),
        ("calls", wrap("f(", "1", ")", 5_000)),
        ("subscripts", wrap("a[", "1", "]", 5_000)),
        ("methods", format!("x = q{}\n", ".m(1)".repeat(20_000))),
        ("mixed operators", format!("x = {}1\n", "a + b - ".repeat(20_000))),
        ("comparison", format!("x = {}1\n", "a < ".repeat(20_000))),
        ("nested comparisons", wrap("a < (", "b", ") < 1", 120)),
        ("not", wrap("not ", "y", "", 20_000)),
        ("minus", wrap("-", "y", "", 20_000)),
        ("power", wrap("a ** ", "y", "", 10_000)),
        ("lambdas", wrap("lambda: ", "y", "", 10_000)),
        ("conditionals", wrap("a if b else ", "y", "", 10_000)),
        ("awaits", wrap("await ", "y", "", 5_000)),
        ("yields", wrap("(yield ", "1", ")", 3_000)),
        ("interpolations", wrap("f\"{", "1", "}\"", 200)),
        ("annotation", format!("x: {}int{}\n", "List[".repeat(5_000), "]".repeat(5_000))),
        ("union", format!("x: {}int = 1\n", "A | ".repeat(10_000))),
        ("targets", format!("{}1\n", "a = ".repeat(20_000))),
        ("tuple target", format!("{}a{} = b\n", "(".repeat(5_000), ",)".repeat(5_000))),
        ("case", format!("match x:\n  case {}y{}:\n    pass\n", "[".repeat(5_000), "]".repeat(5_000))),
        ("elif", format!("if a:\n  f()\n{}else:\n  g()\n", "elif b:\n  f()\n".repeat(10_000))),
        ("indentation", indented(2_000, "if a:")),
        ("functions", indented(400, "def f(a=lambda: 1):")),
        ("classes", indented(400, "class A:")),
        ("deep string", format!("{}{}f(f\"{{x}}\")\n", indented(600, "if a:"), " ".repeat(600))),
        ("nul", "a = 1\nb = \"x\0y\"\0\n\0c = 2\n".to_owned()),
        ("junk", "def (: ] } %d $ \u{1f600}\n".repeat(500)),
        ("decorators", format!("{}def g(): pass\n", "@f\n".repeat(10_000))),
        ("empty", String::new()),
    ]
}

/// Every span is a stretch of the text.
fn assert_sound(facts: &FileFacts, text: &str) {
    let mut spans = facts.spans.clone();
    spans.extend(facts.functions.iter().flat_map(|function| [function.span, function.head]));
    spans.extend(facts.classes.iter().map(|class| class.span));
    spans.extend(facts.imports.iter().map(|import| import.span));
    spans.extend(&facts.unreadable);
    for span in spans {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{}: {span:?}", facts.path);
    }
}

/// How deep statements and expressions nest, walked without recursion.
fn depth(facts: &FileFacts) -> usize {
    let mut deepest = 0;
    let mut open: Vec<(Node<'_>, usize)> =
        facts.functions.iter().map(|function| (Node::Block(&function.body), 0)).collect();
    while let Some((node, depth)) = open.pop() {
        deepest = deepest.max(depth);
        match node {
            Node::Expr(id) => for_each_child(facts.expr(id), &mut |child| open.push((child, depth + 1))),
            Node::Pattern(pattern) => pattern.for_each_child(&mut |child| open.push((child, depth + 1))),
            Node::Block(block) => {
                for stmt in block {
                    stmt.for_each_child(&mut |child| open.push((child, depth + 1)));
                }
            }
        }
    }
    deepest
}
