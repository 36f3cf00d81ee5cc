//! Programs with very much of one thing: each is written in a minute by a script, and no loop over all pairs survives them.

use crate::run::{check, file, tree, write};

/// `text` with its number in place of each `#`, and the next one in place of each `@`.
fn each(text: &str, times: usize) -> String {
    (0..times).map(|n| text.replace('#', &n.to_string()).replace('@', &(n + 1).to_string())).collect()
}

#[test]
fn long_chains_of_names() {
    let ask = "from openai import OpenAI\n";
    let send = |what: &str| format!("    return OpenAI().responses.create(model='m', input={what})\n");
    check(vec![
        file("aliases.py", format!("x0 = input()\n{}print(x5000)\n", each("x@ = x#\n", 5_000))),
        file(
            "clients.py",
            format!(
                "{ask}x0 = OpenAI()\n{}def f(q):\n    return x5000.responses.create(model='m', input=q)\n",
                each("x@ = x#\n", 5_000)
            ),
        ),
        file("locals.py", format!("{ask}def f(q):\n    x0 = q\n{}{}", each("    x@ = x#\n", 5_000), send("x5000"))),
        file(
            "texts.py",
            format!("{ask}def f(q):\n    x0 = q\n{}{}", each("    x@ = f'You are {x#}'\n", 2_000), send("x2000")),
        ),
        file(
            "appended.py",
            format!("{ask}def f(q):\n    m = []\n{}{}", each("    m.append(q + '#')\n", 3_000), send("m")),
        ),
        file(
            "logged.py",
            format!("{ask}import logging\ndef f(q):\n{}{}", each("    logging.info('# %s', q)\n", 2_000), send("q")),
        ),
        file("sum.py", format!("{ask}def f(q):\n    p = 'a'{}\n{}", " + q".repeat(2_000), send("p"))),
        file(
            "branches.py",
            format!("def f(a, q):\n    x = 0\n{}    return x\n", each("    if a == #:\n        x = q + '#'\n", 10_000)),
        ),
        file("aliases.ts", format!("let x0 = process.env;\n{}console.log(x5000);\n", each("const x@ = x#;\n", 5_000))),
        file("spreads.ts", format!("let x0 = {{ a: 1 }};\n{}", each("const x@ = { ...x#, b#: x# };\n", 2_000))),
        file("constants.rs", each("const A#: &str = A@;\n", 5_000)),
    ]);
}

#[test]
fn wide_and_deep_families_of_classes() {
    check(vec![
        file("calls.py", each("class A#(A@):\n    def m#(self): return self.m@()\n", 5_000)),
        file(
            "circle.py",
            (0..3_000)
                .map(|n| format!("class A{n}(A{}):\n    def m(self): return self.nope()\n", (n + 1) % 3_000))
                .collect::<String>(),
        ),
        file("calls.ts", each("export class A# extends A@ { m#() { return this.m@(); } }\n", 5_000)),
        file(
            "interfaces.ts",
            each("interface A# extends A@, B@ { f#: A# }\n", 5_000) + "function z(a: A0) { a.zz.yy(); }\n",
        ),
        file("traits.rs", each("trait A#: A@ { fn m#(&self) { self.m@() } }\n", 5_000)),
        file("impls.rs", String::from("struct A;\n") + &each("impl B# for A { fn f(&self) { self.g#() } }\n", 5_000)),
        file("aliases.rs", each("type A# = A@;\n", 5_000) + "fn z(a: A0) { a.go(); }\n"),
    ]);
}

#[test]
fn very_many_of_one_thing() {
    let comment = "/* launchlint: ignore[no-such-rule] -- a */ // #\n";
    check(vec![
        file("functions.py", each("def f#(a):\n    return f@(a)\n", 15_000)),
        file("imports.py", each("import m#\n", 50_000)),
        file("keys.py", format!("D = {{{}}}\nx = D['k1']\n", each("'k#': 'v#',\n", 40_000))),
        file(
            "handlers.py",
            each("def h#(q): return q\n", 3_000)
                + "D = {"
                + &each("'k#': h#,\n", 3_000)
                + "}\ndef go(k, q): return D[k](q)\n"
                + &each("r# = go('k#', 1)\n", 3_000),
        ),
        file("comments.ts", each(comment, 15_000)),
        file("arms.rs", format!("fn f(a: u32) -> u32 {{ match a {{ {}_ => 1 }} }}\n", each("# => g(#),\n", 20_000))),
        file("dense.py", (0..400).map(|n| format!("def f{n}(x):\n{}", each("    f#(x)\n", 400))).collect::<String>()),
        file("tokens.txt", "eyJhbGciOiJIUzI1NiJ9.".repeat(10_000)),
    ]);
}

#[test]
fn trees_of_thousands_of_files() {
    check(vec![
        tree("imports in a circle of 2000", |root| {
            for n in 0..2_000 {
                let next = (n + 1) % 2_000;
                write(
                    &root.join(format!("p/m{n}.py")),
                    format!("from p.m{next} import f{next}\ndef f{n}(a):\n    return f{next}(a)\n"),
                );
            }
        }),
        tree("a barrel of 1500 files", |root| {
            for n in 0..1_500 {
                write(&root.join(format!("b{n}.ts")), format!("export const v{n} = {n};\n"));
                write(
                    &root.join(format!("u{n}.ts")),
                    format!("import {{ v{n}, nope{n} }} from './index'; v{n}(); nope{n}();\n"),
                );
            }
            write(&root.join("index.ts"), each("export * from './b#';\n", 1_500));
        }),
        tree("a chain of 1500 barrels", |root| {
            for n in 0..1_500 {
                write(
                    &root.join(format!("b{n}.ts")),
                    format!("export * from './b{}';\nexport const v{n} = 1;\n", n + 1),
                );
            }
            write(&root.join("b1500.ts"), "export const last = () => 1;\n");
            write(&root.join("main.ts"), "import { last, nope } from './b0'; last(); nope();\n");
        }),
        tree("stars in a chain of 1500", |root| {
            for n in 0..1_500 {
                write(&root.join(format!("s{n}.py")), format!("from s{} import *\nv{n} = 1\n", n + 1));
            }
            write(&root.join("main.py"), "from s0 import *\nlast()\n");
        }),
        tree("200 modules that take everything from each other", |root| {
            let (mut python, mut rust) = (String::new(), String::new());
            for n in 0..200 {
                python.push_str(&format!("from p{n} import *\n"));
                rust.push_str(&format!("pub use crate::r{n}::*;\n"));
            }
            for n in 0..200 {
                let next = (n + 1) % 200;
                write(&root.join(format!("p{n}.py")), format!("{python}def p_{n}(a):\n    return p_{next}(a)\n"));
                let own = format!("{rust}pub fn r_{n}(a: u32) -> u32 {{ r_{next}(a) }}\n");
                write(&root.join(format!("mesh/src/r{n}.rs")), own);
            }
            write(&root.join("mesh/src/lib.rs"), each("pub mod r#;\n", 200));
            write(&root.join("mesh/Cargo.toml"), "[package]\nname = \"mesh\"\nversion = \"0.1.0\"\n");
        }),
    ]);
}
