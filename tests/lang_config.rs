//! Configuration: paths, spans and settings of every format, and hostile input.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]

use std::time::{Duration, Instant};

use launchlint::finding::NoticeKind;
use launchlint::lang::config::{ConfigFacts, Format, Kind, format_of, notebook, parse, variables};
use launchlint::source::Span;

fn read(path: &str, text: &str) -> ConfigFacts {
    let (facts, notices) = parse(path, text, format_of(path).expect("a configuration path"));
    assert_eq!(notices, Vec::new(), "{path}");
    facts
}

fn slice(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// Each case is a file whose lines `# <path> = <text at the path>` (or `// …`) say what must be found.
#[test]
fn files_answer_paths_with_values_and_places() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/text/config");
    let mut asked = 0;
    let mut wrong = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("fixtures").map(|e| e.expect("entry").path()).collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a fixture is text");
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let facts = read(&name, &text);
        for line in text.lines() {
            let Some(question) = line.trim().strip_prefix("#? ").or_else(|| line.trim().strip_prefix("//? ")) else {
                continue;
            };
            let (path, expected) = question.split_once(" =").expect("a question has an answer");
            let found = facts.select(path);
            let answer: Vec<&str> = found.iter().filter_map(|one| one.node.scalar()).collect();
            asked += 1;
            if answer.join(" | ") != expected.trim() {
                wrong.push(format!("{name}: {path}: expected {expected}, found {}", answer.join(" | ")));
            }
            for one in found {
                let place = slice(&text, one.node.span);
                if one.node.scalar().is_some_and(|value| !place.contains(['\n', '\\']) && !place.contains(value)) {
                    wrong.push(format!("{name}: {path}: its span holds {place:?}"));
                }
                if facts.format != Format::Docker
                    && let Some((key, span)) = one.key
                    && !slice(&text, span).contains(key)
                {
                    wrong.push(format!("{name}: {path}: its key's span holds {:?}", slice(&text, span)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 40, "only {asked} questions");
}

#[test]
fn characters_before_a_value_do_not_move_its_bytes() {
    let text = "title: Größe 𝄞\nkey: wert\n";
    let facts = read("a.yaml", text);
    assert_eq!(slice(text, facts.get("key").expect("a value").span), "wert");
}

#[test]
fn settings_are_the_same_however_they_are_spelled() {
    for text in [
        "environment:\n  A: 1\n  B: two\n",
        "environment:\n  - A=1\n  - B=two\n",
        "environment:\n  - name: A\n    value: 1\n  - {name: B, value: two}\n",
    ] {
        let facts = read("compose.yaml", text);
        let settings = facts.get("environment").expect("a value").settings();
        let pairs: Vec<(&str, &str)> = settings.iter().map(|one| (one.name, one.value)).collect();
        assert_eq!(pairs, [("A", "1"), ("B", "two")], "{text}");
    }
    let facts = read(".env", "A=1\nexport B='two' # why\n");
    assert_eq!(
        variables(&facts).into_iter().collect::<Vec<_>>(),
        [("A".into(), "1".into()), ("B".into(), "two".into())]
    );
}

#[test]
fn hostile_files_end_soon_and_with_a_notice() {
    let bomb = {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let alias = format!("*a{}", level - 1);
            text += &format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 9].join(", "));
        }
        text
    };
    let deep_map: String = (0..5000).map(|level| format!("{}k:\n", " ".repeat(level % 400))).collect();
    let deeper = (0..5000).map(|_| "{a: ").collect::<String>();
    let table: String = format!("x = {}{}", "[".repeat(20_000), "]".repeat(20_000));
    let dotted = format!("{} = 1", vec!["a"; 20_000].join("."));
    let start = Instant::now();
    for (path, text) in [
        ("bomb.yaml", bomb),
        ("brackets.yaml", "[".repeat(40_000)),
        ("braces.yaml", deeper),
        ("dashes.yaml", "- ".repeat(40_000)),
        ("brackets.json", "[".repeat(40_000)),
        ("maps.json", "{\"a\":".repeat(40_000)),
        ("cut.json", "{\"a\": [1, 2, {\"b\": \"c".into()),
        ("brackets.toml", table),
        ("dotted.toml", dotted),
        ("wrong.toml", "a = \nb = [".into()),
        ("tags.yaml", "{{ ".repeat(20_000)),
        ("self.yaml", "a: &a [*a]\n".into()),
        ("huge.json", " ".repeat(launchlint::lang::config::MAX_BYTES + 1)),
    ] {
        let (_, notices) = parse(path, &text, format_of(path).expect("a configuration path"));
        assert_eq!(notices.len(), 1, "{path}: {notices:?}");
        assert!(matches!(notices[0].kind, NoticeKind::Unparsed | NoticeKind::Skipped), "{path}");
    }
    parse("map.yaml", &deep_map, Format::Yaml);
    parse("broken.yaml", "a: \u{FFFD}\u{FFFD}\0\u{1b}", Format::Yaml);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn what_stands_before_a_mistake_is_kept() {
    let (facts, notices) = parse("a.yaml", "a: 1\n---\nb: [\n", Format::Yaml);
    assert_eq!((facts.text("a"), facts.get("a").and_then(|node| node.as_f64()), notices.len()), (None, Some(1.0), 1));
    let (facts, notices) = parse("a.json", "{\"a\": \"b\", \"c\": }", Format::Json);
    assert_eq!((facts.text("a"), notices.len()), (Some("b"), 1));
    let (facts, notices) = parse("a.toml", "a = \"b\"\nc = \n", Format::Toml);
    assert_eq!((facts.text("a"), notices.len()), (Some("b"), 1));
}

#[test]
fn no_value_is_shown_by_debug() {
    let facts = read("a.yaml", "password: hunter2hunter2\nlist: [hunter2hunter2]\nn: 424242\n");
    let shown = format!("{facts:?} {:?}", facts.documents[0].settings());
    assert!(shown.contains("password") && !shown.contains("hunter2") && !shown.contains("424242"), "{shown}");
}

#[test]
fn notebook_code_leads_back_to_the_notebook() {
    let text = r##"{"cells": [
      {"cell_type": "markdown", "source": ["# Title"]},
      {"cell_type": "code", "source": ["%pip install x\n", "a = \"é\"\n", "b = call(a)"], "outputs": []},
      {"cell_type": "code", "source": "%%bash\nls -l"},
      {"cell_type": "code", "source": "c = 1\n!ls"}
    ], "metadata": {"kernelspec": {"language": "python"}}}"##;
    let (found, notices) = notebook("a.ipynb", text);
    assert_eq!(notices, Vec::new());
    assert_eq!(found.source, "#pip install x\na = \"é\"\nb = call(a)\n#%bash\n#s -l\nc = 1\n#ls\n");
    for piece in ["call(a)", "c = 1", "pip install x"] {
        let at = found.source.find(piece).expect("a piece");
        assert_eq!(slice(text, found.origin_span(Span::new(at, at + piece.len()))), piece);
    }
    let at = found.source.find("\"é\"").expect("a piece");
    assert_eq!(slice(text, found.origin_span(Span::new(at, at + 4))), "\\\"é\\");
    let (julia, _) = notebook("b.ipynb", &text.replace("\"python\"", "\"julia\""));
    assert_eq!(julia.source, "");
}

#[test]
fn kinds_follow_the_language() {
    let facts = read("a.yaml", "a: ~\nb: 1.5\nc: 'true'\nd: yes\ne: !Ref Name\n");
    let kind = |path: &str| facts.get(path).map(|node| node.kind.clone());
    assert_eq!(kind("a"), Some(Kind::Null));
    assert_eq!(kind("b"), Some(Kind::Num("1.5".into())));
    assert_eq!(kind("c"), Some(Kind::Str("true".into())));
    assert_eq!(kind("d"), Some(Kind::Str("yes".into())));
    assert_eq!(facts.get("e").and_then(|node| node.tag.as_deref()), Some("Ref"));
}
