//! Nesting that no bound cuts off: what doubles its work at each level is caught here, not by a hundred thousand brackets.

use crate::run::{Case, check, file};

/// Deep enough that doubled work would never end, and shallow enough that everything is kept.
const LEVELS: usize = 36;

fn nest(open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(LEVELS), close.repeat(LEVELS))
}

/// One program for many constructs, so that a run tries them all.
fn all(path: &'static str, forms: &[(&str, &str, &str)], around: impl Fn(&str) -> String) -> Case {
    let text: String = forms.iter().map(|(open, inner, close)| around(&nest(open, inner, close)) + "\n").collect();
    file(path, text)
}

/// `line` once a level, `#` for the level and `@` for the one before.
fn chain(line: &str) -> String {
    let one = |level: usize| line.replace('#', &(level + 1).to_string()).replace('@', &level.to_string());
    (0..LEVELS).map(one).collect()
}

#[test]
fn patterns_are_bound_once() {
    let python = [("(", "a", ",)"), ("[", "a", "]"), ("(b, ", "a", ")"), ("[*", "a", "]"), ("[a, ", "b", ", c]")];
    let cases = [("[", "a", "]"), ("C(", "a", ")"), ("C(x=", "a", ")"), ("{\"a\": ", "a", "}"), ("(1 | ", "a", ")")];
    let script = [
        ("{ a: ", "b", " }"),
        ("[", "b", "]"),
        ("{ a: [", "b", "] = [] }"),
        ("{ a: ", "b", " = {} }"),
        ("[...", "b", "]"),
        ("{ x, a: ", "b", ", ...y }"),
    ];
    let rust =
        [("Some(", "a", ")"), ("(", "a", ",)"), ("[", "a", ", ..]"), ("S { a: ", "b", " }"), ("x @ (", "b", ")")];
    check(vec![
        all("a.py", &python, |p| format!("{p} = x\nfor {p} in x: pass\ny = [a for {p} in x]")),
        all("b.py", &cases, |p| format!("match x:\n    case {p}: pass")),
        all("a.ts", &script, |p| format!("{{ const {p} = x; }}\nf(({p}) => b);\n(function ({p}) {{ b(); }})(x);")),
        all("a.rs", &rust, |p| format!("fn f({p}: A) {{ let {p} = x; match x {{ {p} => 1, _ => 2 }}; f(x); }}")),
    ]);
}

#[test]
fn expressions_are_evaluated_once() {
    let python = [
        ("f(", "q", ")"),
        ("(lambda: ", "q", ")"),
        ("(lambda z: z)(", "q", ")"),
        ("f'{", "q", "}'"),
        ("[x for x in ", "q", "]"),
        ("(a if q else ", "q", ")"),
        ("(a or ", "q", ")"),
        ("('a' + ", "q", ")"),
        ("('%s' % ", "q", ")"),
        ("'{}'.format(", "q", ")"),
        ("','.join([", "q", "])"),
        ("dict(a=", "q", ")"),
        ("{**", "q", "}"),
        ("(x := ", "q", ")"),
        ("d.get('x', ", "q", ")"),
    ];
    let script = [
        ("f(", "q", ")"),
        ("(() => ", "q", ")"),
        ("((z) => z)(", "q", ")"),
        ("`${", "q", "}`"),
        ("(a ? b : ", "q", ")"),
        ("(a ?? ", "q", ")"),
        ("('a' + ", "q", ")"),
        ("[...", "q", "]"),
        ("({ ...", "q", " })"),
        ("x.then(r => ", "q", ")"),
        ("x.map(r => (", "q", "))"),
        ("new A(", "q", ")"),
        ("(async () => await ", "q", ")"),
        ("q[", "q", "]++"),
        ("--q[", "q", "]"),
        ("(q[", "q", "] += 1)"),
        ("(q[", "q", "] = 1)"),
        ("-- ", "q", ""),
    ];
    let rust = [
        ("f(", "q", ")"),
        ("Some(", "q", ")"),
        ("format!(\"{}\", ", "q", ")"),
        ("vec![", "q", "]"),
        ("json!({ \"a\": ", "q", " })"),
        ("if a { ", "q", " } else { c }"),
        ("match a { b => ", "q", ", _ => c }"),
        ("a.map(|x| ", "q", ")"),
        ("async move { ", "q", " }.await"),
    ];
    let ask = "from openai import OpenAI\n";
    let asks = "import OpenAI from 'openai';\n";
    let mut cases = vec![
        all("a.rs", &rust, |e| format!("fn f(q: A) -> A {{ let x = {e}; tracing::info!(\"{{}}\", x); x }}")),
        all(
            "a.tsx",
            &[("<A>{b && ", "c", "}</A>"), ("<A b={() => ", "c", "} />"), ("<A b={<B c={", "d", "} />} />")],
            |e| format!("x = {e};"),
        ),
    ];
    for form in python {
        let text = nest(form.0, form.1, form.2);
        let body = format!(
            "{ask}def f(q, d):\n    x = {text}\n    return OpenAI().responses.create(model='m', input=x)\nf(f, f)\n"
        );
        cases.push(file("ask.py", body));
    }
    for form in script {
        let text = nest(form.0, form.1, form.2);
        let body = format!(
            "{asks}async function f(q, x) {{ const y = {text}; return new OpenAI().responses.create({{ model: 'm', input: y }}); }}\nf(f, f);\n"
        );
        cases.push(file("ask.ts", body));
    }
    check(cases);
}

#[test]
fn programs_that_double_at_each_step() {
    let ask = |first: &str, step: &str, last: &str| {
        format!(
            "from openai import OpenAI\n{first}\n{}def f(q):\n    return OpenAI().responses.create(model='m', input={last})\n",
            chain(step)
        )
    };
    let asks = |first: &str, step: &str, last: &str| {
        format!(
            "import OpenAI from 'openai';\n{first}\n{}export const f = (q) => new OpenAI().responses.create({{ model: 'm', input: {last} }});\n",
            chain(step)
        )
    };
    let last = |name: &str| format!("{name}{LEVELS}");
    let classes = format!(
        "class B0: pass\nclass C0: pass\n{}{}().nope().x()\n",
        chain("class A#(B@, C@): pass\nclass B#(A#): pass\nclass C#(A#): pass\n"),
        last("A")
    );
    let models = format!(
        "from pydantic import BaseModel\nfrom fastapi import FastAPI\nfrom openai import OpenAI\napp = FastAPI()\nclass M0(BaseModel):\n    x: str\n{}@app.post('/x')\ndef h(q: {}):\n    return OpenAI().responses.create(model='m', input=q.a.b.x)\n",
        chain("class M#(BaseModel):\n    a: M@\n    b: M@\n"),
        last("M")
    );
    check(vec![
        file("sum.py", ask("x0 = 'a'", "x# = x@ + x@\n", &last("x"))),
        file("text.py", ask("x0 = 'a'", "x# = f'{x@} {x@}'\n", &last("x"))),
        file("list.py", ask("x0 = ['a']", "x# = [*x@, *x@, x@]\n", &last("x"))),
        file("dict.py", ask("x0 = {'a': 1}", "x# = {'a': x@, 'b': x@, **x@}\n", &last("x"))),
        file("calls.py", ask("def g0(q): return q", "def g#(q): return g@(q) + g@(q)\n", &(last("g") + "(q)"))),
        file("sum.ts", asks("const x0 = 'a';", "const x# = x@ + x@;\n", &last("x"))),
        file("text.ts", asks("const x0 = 'a';", "const x# = `${x@} ${x@}`;\n", &last("x"))),
        file("object.ts", asks("const x0 = { a: 1 };", "const x# = { a: x@, b: x@, ...x@ };\n", &last("x"))),
        file("choice.ts", asks("const x0 = 'a';", "const x# = c ? x@ : x@ + 'b';\n", &last("x"))),
        file(
            "type.ts",
            chain("type X# = { a: X@, b: X@ } | X@;\n") + &format!("function f(x: {}) {{ x.a.b.go(); }}\n", last("X")),
        ),
        file(
            "struct.rs",
            chain("struct S# { a: S@, b: Vec<S@>, c: Option<Box<S@>> }\n")
                + &format!("fn f(s: {}) {{ s.a.b[0].go(); }}\n", last("S")),
        ),
        file("diamonds.py", classes),
        file("models.py", models),
    ]);
}
