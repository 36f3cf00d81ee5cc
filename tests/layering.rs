//! Holds the architecture's invariants: who may import whom, where the world is touched, and what is data.
//!
//! Test code is exempt: a module named `tests`, and everything below it.

#![expect(clippy::disallowed_methods, reason = "the test reads the sources it judges")]

mod support;

use std::fs;
use std::path::Path;

use support::lexer::{Lexed, lex};

/// Layers from the bottom up. A module imports from layers below its own only, so no ring can form.
///
/// Widen this in a commit of its own that says why.
const LAYERS: &[&[&str]] = &[
    &["embedded", "intern", "source"],
    &["data"],
    &["finding", "ir"],
    &["catalogue", "mask"],
    &["settings"],
    &["fingerprint", "lang", "model", "text", "walk"],
    &["project"],
    &["surface"],
    &["flow", "inventory"],
    &["rules"],
    &["filter", "fix"],
    &["checklist"],
    &["report"],
    &["analysis"],
    &["cli"],
];

/// The modules that touch disk, clock and environment.
const EDGE: &[&str] = &["cli", "walk"];

/// Names of libraries and products that may stand in data only.
const LIBRARIES: &[&str] = &[
    "actix",
    "actix_web",
    "anthropic",
    "axum",
    "bedrock",
    "chainlit",
    "chromadb",
    "cohere",
    "django",
    "express-rate-limit",
    "fastapi",
    "fastify",
    "flask",
    "gradio",
    "hono",
    "huggingface",
    "langchain",
    "langfuse",
    "langgraph",
    "langsmith",
    "litellm",
    "llama_index",
    "llamaindex",
    "mistralai",
    "nestjs",
    "nextjs",
    "ollama",
    "openai",
    "openrouter",
    "pinecone",
    "presidio",
    "prisma",
    "pydantic",
    "qdrant",
    "redis",
    "rocket",
    "slowapi",
    "sqlalchemy",
    "starlette",
    "streamlit",
    "tiktoken",
    "upstash",
    "weaviate",
    "zod",
];

/// A source file, less its comments and its tests.
struct Source {
    path: String,
    /// The top-level module it belongs to; `lib` and `main` for the crate roots.
    module: String,
    lexed: Lexed,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
        let entry = entry.expect("the sources are readable");
        let path = entry.path().strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let is_test = path.split('/').any(|segment| matches!(segment, "tests" | "tests.rs"));
        if !path.ends_with(".rs") || is_test {
            continue;
        }
        let text = fs::read_to_string(entry.path()).expect("the sources are readable");
        let module = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        sources.push(Source { path: format!("src/{path}"), module, lexed: lex(without_tests(&text)) });
    }
    assert!(sources.len() > 20, "the sources were found");
    sources
}

/// The text before a file's own test module, which stands last.
fn without_tests(text: &str) -> &str {
    let start = text.find("#[cfg(test)]\nmod ").or_else(|| text.find("#[cfg(test)]\r\nmod "));
    start.map_or(text, |start| &text[..start])
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn fail_if_any(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn modules_import_from_lower_layers_only() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !matches!(source.module.as_str(), "lib" | "main")) {
        let Some(own) = layer(&source.module) else {
            wrong.push(format!("{}: module `{}` has no layer in tests/layering.rs", source.path, source.module));
            continue;
        };
        for (line, imported) in source.lexed.crate_paths() {
            let is_lower = layer(&imported).is_some_and(|other| other < own);
            if imported != source.module && !is_lower {
                wrong.push(format!("{}:{line}: `{}` must not import `{imported}`", source.path, source.module));
            }
        }
    }
    fail_if_any("imports against the layering", &wrong);
}

#[test]
fn no_library_is_named_in_code() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, literal) in &source.lexed.strings {
            let literal = literal.to_ascii_lowercase();
            let words = literal.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'));
            for word in words.filter(|word| LIBRARIES.contains(word)) {
                wrong.push(format!("{}:{line}: `{word}` belongs into rules/models", source.path));
            }
        }
    }
    fail_if_any("library names in string literals", &wrong);
}

#[test]
fn only_the_command_line_prints() {
    let macros = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.module != "cli") {
        for (line, code) in source.lexed.lines() {
            if macros.iter().any(|name| code.contains(name)) {
                wrong.push(format!("{}:{line}: {}", source.path, code.trim()));
            }
        }
    }
    fail_if_any("printing outside of cli", &wrong);
}

#[test]
fn only_the_edge_touches_disk_clock_and_environment() {
    let paths = ["std::fs", "std::env", "std::net", "std::process", "SystemTime", "Instant::now", "File::open"];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !EDGE.contains(&source.module.as_str())) {
        for (line, code) in source.lexed.lines() {
            let is_exit_code = source.module == "main" && code.contains("std::process::ExitCode");
            if paths.iter().any(|path| code.contains(path)) && !is_exit_code {
                wrong.push(format!("{}:{line}: {}", source.path, code.trim()));
            }
        }
    }
    fail_if_any("disk, clock or environment outside of walk and cli", &wrong);
}

#[test]
fn the_checks_see_what_they_look_for() {
    let lexed =
        lex("use crate::{a, b::{c, d}, e as f};\n// crate::g\nlet x = crate::h::i(\"crate::j \\\" openai\"); 'k'");
    let modules: Vec<String> = lexed.crate_paths().into_iter().map(|(_, module)| module).collect();
    assert_eq!(modules, ["a", "b", "e", "h"]);
    assert_eq!(lexed.strings, [(3, "crate::j \\\" openai".to_owned())]);
    let raw = lex("r#\"a \" b\"# b'\\'' 'x: loop {} \"c\" /* \"d\" /* */ \"e\" */ \"f\"");
    let literals: Vec<&str> = raw.strings.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(literals, ["a \" b", "c", "f"]);
}
