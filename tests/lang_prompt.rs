//! Prompt files: who speaks, what is filled in, what is stated; and which files are prompts at all.
//!
//! A case in `fixtures/text/prompt/` is a prompt file and a `.expected` file beside it: a line for what is stated and a line
//! for each segment, `role: text` with holes as `{name}`, an escaped one as `{name}!`.

#![expect(clippy::disallowed_methods, reason = "tests read their own fixtures")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use launchlint::lang::prompt::{Part, PromptFacts, Segment, looks_like_prompt_file, parse};
use launchlint::source::Span;

fn shown(facts: &PromptFacts) -> String {
    let mut lines = Vec::new();
    for (key, stated) in [("version", &facts.version), ("owner", &facts.owner), ("model", &facts.model)] {
        if let Some(stated) = stated {
            lines.push(format!("{key} = {}", stated.text));
        }
    }
    lines.extend(facts.segments.iter().map(|one| format!("{}: {}", role(one), said(one))));
    lines.join("\n")
}

fn role(segment: &Segment) -> String {
    serde_json::to_value(segment.role).expect("a role").as_str().expect("a word").to_owned()
}

fn said(segment: &Segment) -> String {
    let piece = |part: &Part| match part {
        Part::Text { text, .. } => text.replace('\n', "\\n"),
        Part::Hole { name, escaped, .. } => format!("{{{name}}}{}", if *escaped { "!" } else { "" }),
        Part::Include { name, .. } => format!("<{name}>"),
    };
    segment.parts.iter().map(piece).collect()
}

fn misplaced(text: &str, facts: &PromptFacts) -> Vec<String> {
    let slice = |span: Span| &text[span.start as usize..span.end as usize];
    let mut wrong = Vec::new();
    for segment in &facts.segments {
        let mut last = segment.span.start;
        for part in &segment.parts {
            let (span, sound) = match part {
                Part::Text { text, span } => (*span, slice(*span).contains('\\') || slice(*span) == text),
                Part::Hole { name, span, .. } => {
                    (*span, slice(*span).contains(name.as_str()) && slice(*span).ends_with('}'))
                }
                Part::Include { name, span } => (*span, slice(*span).contains(name.as_str())),
            };
            if !sound || span.start < last || !segment.span.contains(span) {
                wrong.push(format!("{part:?} at {:?}", slice(span)));
            }
            last = span.end;
        }
    }
    for stated in [&facts.version, &facts.owner, &facts.model].into_iter().flatten() {
        if !slice(stated.span).contains(&stated.text) {
            wrong.push(format!("stated {} at {:?}", stated.text, slice(stated.span)));
        }
    }
    wrong
}

#[test]
fn prompt_files_are_read_as_their_expectations_say() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/text/prompt"));
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("fixtures exist")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".expected"))
        .collect();
    names.sort();
    assert!(names.len() >= 10, "only {} cases", names.len());
    let mut wrong = Vec::new();
    for name in names {
        let text = fs::read_to_string(folder.join(&name)).expect("a fixture is text");
        let expected = fs::read_to_string(folder.join(format!("{name}.expected"))).expect("a case has an expectation");
        let path = format!("prompts/{name}");
        let (facts, notices) = parse(&path, &text);
        if shown(&facts) != expected.trim_end() || !notices.is_empty() {
            wrong.push(format!("{name}:\n{}\n{notices:?}", shown(&facts)));
        }
        wrong.extend(misplaced(&text, &facts).into_iter().map(|what| format!("{name}: misplaced {what}")));
        if !looks_like_prompt_file(&path, &text) {
            wrong.push(format!("{name}: not taken for a prompt"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_that_only_mention_prompts_are_none() {
    for (path, head) in [
        ("prompts/README.md", "How to write prompts"),
        ("emails/welcome.hbs", "<!DOCTYPE html><html>{{name}}"),
        ("emails/welcome.j2", "Hello {{ name }}, welcome"),
        ("config/services.xml.jinja", "<?xml version=\"1.0\"?>"),
        ("docs/prompt-engineering-guide.md", "# Guide"),
        ("docs/tuning.md", "You are a reader"),
        ("package.json", "{\"prompt\": \"2.0\"}"),
        ("openapi.json", "{\"messages\": [], \"role\": 1, \"content\": 2, \"openapi\": \"3\"}"),
        ("deploy/values.yaml", "system: linux\nprompt: no\n"),
        ("src/prompts.py", "SYSTEM = 'You are a helper'"),
    ] {
        assert!(!looks_like_prompt_file(path, head), "{path}");
    }
    for (path, head) in [
        ("app/answer.prompt", ""),
        ("templates/answer.j2", "You are a helpful assistant for {{ team }}."),
        ("agents/system_prompt.txt", "Be kind"),
        ("llm/prompts/answer.md", "Be kind"),
        ("evals/suite.yaml", "prompts:\n  - a\nproviders:\n  - b\n"),
        ("hub/qa.json", "{\"input_variables\": [], \"template\": \"x\", \"template_format\": \"f-string\"}"),
    ] {
        assert!(looks_like_prompt_file(path, head), "{path}");
    }
}

#[test]
fn no_text_is_shown_by_debug() {
    let (facts, _) = parse("prompts/a.md", "The key is hunter2hunter2 for {user}.");
    let shown = format!("{facts:?}");
    assert!(shown.contains("user") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn hostile_templates_end_soon() {
    let start = Instant::now();
    for unit in ["{", "{{", "{%", "{{{", "{a", "user:\n", "<message role=\"user\">", "---\n", "{{role \"", "é{x}"] {
        let text = unit.repeat(200_000 / unit.len());
        for path in ["a.prompt", "a.j2", "prompts/a.md", "prompts/a.yaml", "prompts/a.json"] {
            let _ = parse(path, &text);
        }
    }
    let (_, notices) = parse("a.prompt", &" ".repeat(3 << 20));
    assert_eq!(notices.len(), 1);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
