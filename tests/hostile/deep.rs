//! Code and settings that nest, chain or repeat deeper than anybody writes.

use crate::run::{Case, check, file};

/// As many brackets as the hostile set wants.
const BRACKETS: usize = 100_000;
/// As many terms of one expression.
const TERMS: usize = 50_000;
/// As many blocks or elements within each other.
const BLOCKS: usize = 10_000;
/// As many where each level is a line indented further than the one before.
const INDENTED: usize = 2_000;

/// `open` and `close` around `inner`, `times` times.
fn nest(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

/// One line a level, each indented one step further.
fn stairs(line: &str, last: &str, times: usize) -> String {
    let mut text: String = (0..times).map(|depth| format!("{}{line}\n", " ".repeat(depth))).collect();
    text += &format!("{}{last}\n", " ".repeat(times));
    text
}

/// `text` with its number in place of each `#`.
fn each(text: &str, times: usize) -> String {
    (0..times).map(|number| text.replace('#', &number.to_string())).collect()
}

#[test]
fn brackets_in_code() {
    let mut cases: Vec<Case> = Vec::new();
    for path in ["a.py", "a.ts", "a.tsx", "a.js", "a.vue", "a.svelte"] {
        for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("{a:", "}"), ("a[", "]")] {
            let before = if path.ends_with("vue") || path.ends_with("svelte") { "<script>\n" } else { "" };
            cases.push(file(path, format!("{before}x = {}\n", nest(open, "1", close, BRACKETS))));
            cases.push(file(path, format!("{before}x = {}\n", open.repeat(BRACKETS))));
        }
        cases.push(file(path, format!("x = {}\n", ")".repeat(BRACKETS))));
    }
    check(cases);
}

#[test]
fn brackets_in_rust() {
    let mut cases: Vec<Case> = Vec::new();
    for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("{", "}"), ("a[", "]"), ("S{a:", "}")] {
        for times in [240, 2_000, BRACKETS] {
            cases.push(file("a.rs", format!("fn f() {{ let x = {}; }}\n", nest(open, "1", close, times))));
            cases.push(file("a.rs", format!("fn f() {{ m!({}); }}\n", nest(open, "1", close, times))));
        }
        cases.push(file("a.rs", format!("fn f() {{ let x = {}", open.repeat(BRACKETS))));
    }
    check(cases);
}

#[test]
fn chains_in_python() {
    check(vec![
        file("sum.py", format!("x = 1{}\n", " + 1".repeat(TERMS))),
        file("power.py", format!("x = 1{}\n", " ** 1".repeat(TERMS))),
        file("and.py", format!("x = a{}\n", " and a or a".repeat(TERMS))),
        file("less.py", format!("x = a{}\n", " < a".repeat(TERMS))),
        file("text.py", format!("x = ({})\n", "'a' ".repeat(TERMS))),
        file("texts.py", format!("x = 'a'{}\n", " + 'a'".repeat(TERMS))),
        file("fields.py", format!("x = a{}\n", ".b".repeat(TERMS))),
        file("calls.py", format!("x = a{}\n", ".b()".repeat(TERMS))),
        file("items.py", format!("x = a{}\n", "[0]".repeat(TERMS))),
        file("applied.py", format!("x = a{}\n", "()".repeat(TERMS))),
        file("not.py", format!("x = {}a\n", "not ".repeat(TERMS))),
        file("minus.py", format!("x = {}1\n", "-".repeat(BRACKETS))),
        file("await.py", format!("async def f():\n    x = {}a\n", "await ".repeat(TERMS))),
        file("lambda.py", format!("x = {}1\n", "lambda: ".repeat(TERMS))),
        file("ternary.py", format!("x = {}1\n", "1 if a else ".repeat(TERMS))),
        file("assign.py", format!("{}1\n", "x = ".repeat(TERMS))),
        file("same.py", each("x# = x\nx = x#\n", TERMS)),
        file("rebound.py", each("x = f(x, #)\n", TERMS)),
        file("doubled.py", format!("x = 'a'\n{}", "x = x + x\n".repeat(INDENTED))),
        file("next.py", each("x# = y#\ny# = z# + x#\n", TERMS)),
        file("with.py", format!("with {} a:\n    pass\n", "a as b, ".repeat(TERMS))),
        file("elif.py", format!("if a:\n    pass\n{}", "elif a:\n    pass\n".repeat(BLOCKS))),
        file("decorators.py", format!("{}def f(): pass\n", "@a.b(1)\n".repeat(BLOCKS))),
        file("imports.py", each("from .m# import n# as o#\n", TERMS)),
        file("dotted.py", format!("import a{}\nfrom {}b import c\n", ".a".repeat(TERMS), ".".repeat(TERMS))),
        file("keywords.py", format!("f({})\n", each("k#=#, ", TERMS))),
        file("params.py", format!("def f({}): pass\n", each("k#=#, ", TERMS))),
        file("functions.py", each("def f#(a):\n    return f#(a)\n", TERMS)),
        file("bitor.py", format!("def f(x: a{}): pass\n", " | a".repeat(TERMS))),
        file("backslash.py", format!("x = 1 {}\n", "\\\n".repeat(BRACKETS))),
        file("star.py", format!("f({})\n", "*a, **b, ".repeat(TERMS))),
        file("walrus.py", format!("x = {}\n", nest("(y := ", "1", ")", BLOCKS))),
        file("fstring.py", format!("x = f'{}'\n", "{a} b ".repeat(TERMS))),
        file("percent.py", format!("x = '{}' % ({})\n", "%s ".repeat(TERMS), "a, ".repeat(TERMS))),
        file("format.py", format!("x = '{}'.format({})\n", "{} ".repeat(TERMS), "a, ".repeat(TERMS))),
    ]);
}

#[test]
fn blocks_in_python() {
    check(vec![
        file("if.py", stairs("if a:", "pass", INDENTED)),
        file("def.py", stairs("def f(a):", "return a", INDENTED)),
        file("class.py", stairs("class A:", "pass", INDENTED)),
        file("with.py", stairs("with a as b:", "pass", INDENTED)),
        file("try.py", stairs("try:", "pass", INDENTED)),
        file("types.py", format!("def f(x: {}): pass\n", nest("List[", "a", "]", BLOCKS))),
        file("dicts.py", format!("x = {}\n", nest("{'a': ", "1", "}", BRACKETS))),
        file("pattern.py", format!("match a:\n    case {}: pass\n", nest("[", "1", "]", BLOCKS))),
        file("patterns.py", format!("match a:\n    case 1{}: pass\n", " | 1".repeat(TERMS))),
        file("comprehension.py", format!("x = {}\n", nest("[", "1", " for a in b]", BLOCKS))),
        file("fors.py", format!("x = [1 {}]\n", "for a in b if c ".repeat(BLOCKS))),
        file("nested_f.py", format!("x = {}\n", nest("f'{", "a", "}'", BLOCKS))),
        file("quotes.py", "\"\"\"'".repeat(BRACKETS)),
        file("base.py", each("class A#(A#):\n    x: A#\n", BLOCKS)),
        file("chain.py", (0..BLOCKS).map(|n| format!("class A{n}(A{}):\n    pass\n", n + 1)).collect::<String>()),
    ]);
}

#[test]
fn chains_in_typescript() {
    check(vec![
        file("sum.ts", format!("x = 1{};\n", " + 1".repeat(TERMS))),
        file("texts.ts", format!("x = 'a'{};\n", " + 'a'".repeat(TERMS))),
        file("power.ts", format!("x = 1{};\n", " ** 1".repeat(TERMS))),
        file("or.ts", format!("x = a{};\n", " || a ?? a && a".repeat(TERMS))),
        file("comma.ts", format!("x = (a{});\n", ", a".repeat(TERMS))),
        file("fields.ts", format!("x = a{};\n", ".b".repeat(TERMS))),
        file("optional.ts", format!("x = a{};\n", "?.b?.()".repeat(TERMS))),
        file("calls.ts", format!("x = a{};\n", ".b(c => c)".repeat(BLOCKS))),
        file("then.ts", format!("x = a{};\n", "!".repeat(TERMS))),
        file("not.ts", format!("x = {}a;\n", "!".repeat(BRACKETS))),
        file("typeof.ts", format!("x = {}a;\n", "typeof void ".repeat(TERMS))),
        file("await.ts", format!("async function f() {{ x = {}a; }}\n", "await ".repeat(TERMS))),
        file("new.ts", format!("x = {}a;\n", "new ".repeat(TERMS))),
        file("arrows.ts", format!("x = {}1;\n", "a => ".repeat(TERMS))),
        file("ternary.ts", format!("x = {}1;\n", "a ? 1 : ".repeat(TERMS))),
        file("assign.ts", format!("{}1;\n", "x = ".repeat(TERMS))),
        file("rebound.ts", each("x = f(x, #);\n", TERMS)),
        file("next.ts", each("let x# = y#; let y# = z# + x#;\n", TERMS)),
        file("else.ts", format!("{} {{}}\n", "if (a) {} else ".repeat(BLOCKS))),
        file("cases.ts", format!("switch (a) {{ {} }}\n", each("case #: f(); ", BLOCKS))),
        file("labels.ts", format!("{}f();\n", "a: ".repeat(TERMS))),
        file("union.ts", format!("type A = a{};\n", " | a".repeat(TERMS))),
        file("as.ts", format!("x = a{};\n", " as b".repeat(TERMS))),
        file("template.ts", format!("x = `{}`;\n", "${a} b ".repeat(TERMS))),
        file("imports.ts", each("import { a# } from './m#';\nexport * from './m#';\n", TERMS)),
        file("functions.ts", each("export function f#(a) { return f#(a); }\n", BLOCKS)),
        file("bundle.min.js", each("function f#(e,t){return e.n(t),f#(e)};", TERMS)),
        file("bundle.js", each("!function(e){var t=e.a;t.b(t.c(#))}(x),", BLOCKS)),
    ]);
}

#[test]
fn blocks_in_typescript() {
    check(vec![
        file("block.ts", nest("{", "f();", "}", BRACKETS)),
        file("if.ts", nest("if (a) {", "f();", "}", BLOCKS)),
        file("function.ts", nest("function f(a) {", "f();", "}", BLOCKS)),
        file("class.ts", nest("class A { b() {", "f();", "} }", BLOCKS)),
        file("closures.ts", nest("f(() => {", "f();", "});", BLOCKS)),
        file("object.ts", format!("x = {};", nest("{ a: ", "1", "}", BLOCKS))),
        file("element.tsx", format!("x = {};", nest("<a>", "b", "</a>", BLOCKS))),
        file("open.tsx", format!("x = {};", "<a>".repeat(BLOCKS))),
        file("fragment.tsx", format!("x = {};", nest("<>", "b", "</>", BLOCKS))),
        file("holes.tsx", format!("x = {};", nest("<a>{b && ", "b", "}</a>", BLOCKS))),
        file("props.tsx", format!("x = <a {} />;", each("b#={#} ", TERMS))),
        file("generic.ts", format!("type A = {};", nest("A<", "b", ">", BLOCKS))),
        file("less.ts", format!("x = {}", "a<".repeat(TERMS))),
        file("array.ts", format!("type A = {};", nest("[", "b", "]", TERMS))),
        file("conditional.ts", format!("type A = {} b;", "a extends b ? c : ".repeat(BLOCKS))),
        file("template.ts", format!("x = {};", nest("`${", "a", "}`", BLOCKS))),
        file("pattern.ts", format!("const {} = a;", nest("{ a: ", "b", "}", BLOCKS))),
        file("regex.ts", format!("x = /{}/;", nest("(", "a", ")", BRACKETS))),
        file("comment.ts", "/*".repeat(BRACKETS)),
        file("text.ts", "`'\"".repeat(BRACKETS)),
        file("a.vue", format!("<template>{}</template>", nest("<div>", "a", "</div>", BLOCKS))),
        file("b.vue", "<script>".repeat(BLOCKS)),
        file("a.svelte", nest("{#if a}", "a", "{/if}", BLOCKS)),
        file("recursive.ts", "type A = A[] | { a: A };\ninterface B extends B { b: B }\nclass C extends C { c: C }\n"),
        file("bases.ts", (0..BLOCKS).map(|n| format!("class A{n} extends A{} {{}}\n", n + 1)).collect::<String>()),
    ]);
}

#[test]
fn chains_in_rust() {
    let body = |inner: String| format!("fn f() {{ {inner} }}\n");
    check(vec![
        file("sum.rs", body(format!("let x = 1{};", " + 1".repeat(TERMS)))),
        file("range.rs", body(format!("let x = 1{};", "..1".repeat(TERMS)))),
        file("and.rs", body(format!("let x = a{};", " && a || a".repeat(TERMS)))),
        file("fields.rs", body(format!("let x = a{};", ".b".repeat(TERMS)))),
        file("calls.rs", body(format!("let x = a{};", ".b()".repeat(TERMS)))),
        file("try.rs", body(format!("let x = a{};", "?".repeat(TERMS)))),
        file("await.rs", body(format!("let x = a{};", ".await".repeat(TERMS)))),
        file("applied.rs", body(format!("let x = a{};", "()".repeat(TERMS)))),
        file("items.rs", body(format!("let x = a{};", "[0]".repeat(TERMS)))),
        file("as.rs", body(format!("let x = a{};", " as u8".repeat(TERMS)))),
        file("not.rs", body(format!("let x = {}a;", "!".repeat(BRACKETS)))),
        file("minus.rs", body(format!("let x = {}a;", "-".repeat(BRACKETS)))),
        file("deref.rs", body(format!("let x = {}a;", "*".repeat(BRACKETS)))),
        file("refs.rs", body(format!("let x = {}a;", "& ".repeat(BRACKETS)))),
        file("closures.rs", body(format!("let x = {}1;", "|a| ".repeat(TERMS)))),
        file("return.rs", body(format!("let x = {}1;", "return ".repeat(TERMS)))),
        file("break.rs", body(format!("let x = {}1;", "break ".repeat(TERMS)))),
        file("assign.rs", body(format!("{}1;", "x = ".repeat(TERMS)))),
        file("else.rs", body(format!("{} {{}}", "if a {} else ".repeat(BLOCKS)))),
        file("labels.rs", body(format!("{} {{}}", "'a: ".repeat(TERMS)))),
        file("types.rs", format!("type A = {}u8;\n", "&".repeat(TERMS))),
        file("pointers.rs", format!("type A = {}u8;\n", "*const ".repeat(TERMS))),
        file("fns.rs", format!("type A = {}u8;\n", "fn() -> ".repeat(TERMS))),
        file("bounds.rs", format!("type A = dyn A{};\n", " + A".repeat(TERMS))),
        file("path.rs", format!("use a{};\n", "::a".repeat(TERMS))),
        file("patterns.rs", body(format!("match a {{ 1{} => 1 }}", " | 1".repeat(TERMS)))),
        file("refpat.rs", body(format!("let {}a = b;", "& ".repeat(TERMS)))),
        file("binds.rs", body(format!("let {}a = b;", "a @ ".repeat(TERMS)))),
        file("attributes.rs", format!("{}fn f() {{}}\n", "#[a(b)]\n".repeat(BLOCKS))),
        file("functions.rs", each("fn f#(a: A) -> A { f#(a) }\n", BLOCKS)),
        file("macro.rs", body(format!("m!(1{});", " + 1".repeat(TERMS)))),
        file("format.rs", body(format!("format!(\"{}\", {});", "{} ".repeat(TERMS), "a, ".repeat(TERMS)))),
        file("json.rs", body(format!("json!({});", nest("{ \"a\": ", "1", "}", BLOCKS)))),
    ]);
}

#[test]
fn blocks_in_rust() {
    check(vec![
        file("if.rs", format!("fn f() {{ {} }}\n", nest("if a {", "f();", "}", BLOCKS))),
        file("fns.rs", nest("fn f() {", "f();", "}", BLOCKS)),
        file("mods.rs", nest("mod a {", "", "}", BLOCKS)),
        file("match.rs", format!("fn f() {{ {} }}\n", nest("match a { b => ", "c", "}", BLOCKS))),
        file("types.rs", format!("type A = {};\n", nest("Vec<", "u8", ">", BLOCKS))),
        file("less.rs", format!("type A = {};\n", "A<".repeat(BLOCKS))),
        file("turbofish.rs", format!("fn f() {{ {}; }}\n", nest("a::<", "u8", ">", BLOCKS))),
        file("qself.rs", format!("type A = {};\n", nest("<", "u8", " as A>::B", BLOCKS))),
        file("use.rs", format!("use {};\n", nest("a::{", "b", "}", BLOCKS))),
        file("macros.rs", format!("fn f() {{ {}; }}\n", nest("m!(", "1", ")", BLOCKS))),
        file("rules.rs", format!("macro_rules! m {{ {} => {{}} }}\n", nest("(", "", ")", BLOCKS))),
        file("pattern.rs", format!("fn f() {{ let {} = a; }}\n", nest("(", "a", ")", BLOCKS))),
        file("comment.rs", nest("/*", "", "*/", BRACKETS)),
        file("comments.rs", "/*".repeat(BRACKETS)),
        file("raw.rs", format!("const A: &str = r{};\n", "#".repeat(BRACKETS))),
        file("quotes.rs", "\"'".repeat(BRACKETS)),
        file("attribute.rs", format!("#[a{}]\nfn f() {{}}\n", nest("(", "", ")", BLOCKS))),
        file("recursive.rs", "struct A { a: Box<A> }\ntype B = Vec<B>;\ntrait C: C {}\nimpl C for dyn C {}\n"),
        file("closures.rs", format!("fn f() {{ {}; }}\n", nest("f(|| {", "1", "})", BLOCKS))),
        file("async.rs", format!("fn f() {{ {}; }}\n", nest("async { ", "1", "}", BLOCKS))),
        file("let_else.rs", format!("fn f() {{ {} }}\n", nest("let a = b else {", "", "};", BLOCKS))),
    ]);
}

#[test]
fn settings_and_documents() {
    check(vec![
        file("a.json", nest("[", "1", "]", BRACKETS)),
        file("b.json", "[".repeat(BRACKETS)),
        file("c.json", nest("{\"a\":", "1", "}", BRACKETS)),
        file("d.json", "{\"a\":".repeat(BRACKETS)),
        file("package.json", nest("{\"dependencies\":", "1", "}", BRACKETS)),
        file("tsconfig.json", nest("{\"compilerOptions\":{\"paths\":", "1", "}}", BRACKETS)),
        file("tsconfig.json", "{\"extends\": \"./tsconfig.json\"}"),
        file("wide.json", format!("[{}0]", each("{\"a#\": #},", TERMS))),
        file("a.yaml", nest("[", "1", "]", BRACKETS)),
        file("b.yaml", nest("{a: ", "1", "}", BRACKETS)),
        file("c.yaml", "[".repeat(BRACKETS)),
        file("d.yaml", "- ".repeat(BLOCKS)),
        file("e.yaml", stairs("a:", "b", INDENTED)),
        file("f.yaml", "? ".repeat(BLOCKS)),
        file("g.yaml", each("a#: b\n", TERMS)),
        file("h.yaml", "a: &a\n  b: *a\n  <<: *a\n"),
        file("i.yaml", format!("{}x\n", "!a ".repeat(BLOCKS))),
        file("j.yaml", "---\na: b\n".repeat(TERMS)),
        file("bomb.yaml", bomb("[", "]")),
        file("merge.yaml", bomb("{<<: [", "]}")),
        file("docker-compose.yml", bomb("[", "]")),
        file(".github/workflows/ci.yml", stairs("a:", "b", INDENTED)),
        file("a.toml", format!("a = {}\n", nest("[", "1", "]", BRACKETS))),
        file("b.toml", format!("a = {}\n", "[".repeat(BRACKETS))),
        file("c.toml", format!("a = {}\n", nest("{a = ", "1", "}", BRACKETS))),
        file("d.toml", format!("a{} = 1\n", ".a".repeat(TERMS))),
        file("e.toml", format!("[a{}]\nb = 1\n", ".a".repeat(TERMS))),
        file("f.toml", each("[[a]]\nb = #\n", TERMS)),
        file("pyproject.toml", format!("[project]\ndependencies = {}\n", nest("[", "\"a\"", "]", BRACKETS))),
        file("Cargo.toml", format!("[dependencies]\na = {}\n", nest("{a = ", "1", "}", BRACKETS))),
        file("a.ipynb", nest("{\"cells\":[", "1", "]}", BRACKETS)),
        file("b.ipynb", notebook(&format!("x = {}", nest("(", "1", ")", BRACKETS)), 1)),
        file("c.ipynb", notebook("x = f(#)", 5_000)),
        file("a.ini", each("[a#]\nb = #\n", TERMS)),
        file(".env", each("A#=${A#}\n", TERMS)),
        file("README.md", nest("> ", "a", "", BRACKETS)),
        file("list.md", stairs("- a", "b", INDENTED)),
        file("link.md", nest("[", "a", "](b)", BRACKETS)),
        file("fence.md", "```python\n".repeat(TERMS)),
        file("table.md", format!("{}\n", "| a ".repeat(BRACKETS)).repeat(3)),
        file("a.html", nest("<div>", "a", "</div>", BRACKETS)),
        file("requirements.txt", each("a#[b]>=#; c\n", TERMS)),
        file("self/requirements.txt", "-r requirements.txt\n-c requirements.txt\n".repeat(100)),
    ]);
}

#[test]
fn infrastructure() {
    check(vec![
        file("a.tf", nest("a {\n", "b = 1\n", "}\n", BLOCKS)),
        file("b.tf", "a {\n".repeat(BLOCKS)),
        file("c.tf", format!("a = {}\n", nest("[", "1", "]", BRACKETS))),
        file("d.tf", format!("a = {}\n", "[".repeat(BRACKETS))),
        file("e.tf", format!("a = {}\n", nest("{ a = ", "1", "}", BRACKETS))),
        file("f.tf", format!("a = {}\n", nest("\"${", "a", "}\"", BLOCKS))),
        file("g.tf", format!("a = {}\n", nest("f(", "1", ")", BRACKETS))),
        file("h.tf", format!("a = \"{}\"\n", "${".repeat(BRACKETS))),
        file("i.tf", "a = <<E\n".repeat(BLOCKS)),
        file("j.tf", each("resource \"a\" \"b#\" {\n  c = #\n}\n", BLOCKS)),
        file("k.tf", format!("a = 1{}\n", " + 1".repeat(TERMS))),
        file("l.tf", "\"".repeat(BRACKETS)),
        file("m.tf", "/*".repeat(BRACKETS)),
        file("n.tf", format!("a = {}b\n", "c ? d : ".repeat(TERMS))),
        file("nginx.conf", nest("http {\n", "a b;\n", "}\n", BLOCKS)),
        file("conf.d/nginx.conf", "server {\n".repeat(BLOCKS)),
        file("nginx/nginx.conf", each("location /# { proxy_pass http://a#; }\n", BLOCKS)),
        file("nginx/b.conf", "a ".repeat(BRACKETS)),
        file("nginx/c.conf", "'\"".repeat(BRACKETS)),
        file("nginx/d.conf", "}".repeat(BRACKETS)),
        file("Caddyfile", nest("a {\n", "b c\n", "}\n", BLOCKS)),
        file("caddy/Caddyfile", "{".repeat(BRACKETS)),
        file("caddy2/Caddyfile", "(a) {\nimport a\n}\nimport a\n"),
        file("Dockerfile", format!("FROM a\nRUN b {}\n", "\\\n".repeat(BRACKETS))),
        file("Dockerfile", format!("FROM a\n{}", "RUN <<E\n".repeat(BLOCKS))),
        file("Dockerfile", format!("FROM a\nCMD {}\n", "[".repeat(BRACKETS))),
        file("Dockerfile", each("FROM a# AS b#\nENV A#=$A#\n", BLOCKS)),
    ]);
}

#[test]
fn prompts() {
    check(vec![
        file("prompts/a.jinja", nest("{% if a %}", "b", "{% endif %}", BLOCKS)),
        file("prompts/b.jinja", "{% if a %}".repeat(BLOCKS)),
        file("prompts/c.jinja", format!("{{{{ {} }}}}", nest("(", "a", ")", BRACKETS))),
        file("prompts/d.jinja", "{{".repeat(BRACKETS)),
        file("prompts/e.jinja", format!("{{{{ a{} }}}}", " | b".repeat(TERMS))),
        file("prompts/f.jinja", "{{ a }} ".repeat(TERMS)),
        file(
            "prompts/g.jinja2",
            "{% include 'g.jinja2' %}{% extends 'g.jinja2' %}\n{% macro a() %}{{ a() }}{% endmacro %}",
        ),
        file("prompts/h.hbs", nest("{{#if a}}", "b", "{{/if}}", BLOCKS)),
        file("prompts/i.mustache", "{{{".repeat(BRACKETS)),
        file("prompts/j.prompt", "{".repeat(BRACKETS)),
        file("prompts/k.txt", "You are {a} ".repeat(TERMS)),
        file("prompts/l.md", "---\n".repeat(TERMS)),
        file("prompts/m.yaml", format!("template: \"{}\"\n", "{a} ".repeat(TERMS))),
        file("prompts/n.jinja", "{#".repeat(BRACKETS)),
        file("prompts/o.jinja", "{% raw %}".repeat(BLOCKS)),
    ]);
}

/// A document that is small on disk and 9^9 values long once its aliases are replaced.
fn bomb(open: &str, close: &str) -> String {
    let mut text = String::from("a0: &a0 {k: v}\n");
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} {open}{aliases}{close}\n");
    }
    text
}

/// A notebook of many cells.
fn notebook(source: &str, cells: usize) -> String {
    let cell = |n: usize| serde_json::json!({"cell_type": "code", "metadata": {}, "outputs": [], "source": [source.replace('#', &n.to_string())]});
    let cells: Vec<_> = (0..cells).map(cell).collect();
    serde_json::json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).to_string()
}
