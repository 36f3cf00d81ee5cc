//! What a file's path tells about the literals in it: how values are written there, and whether they are meant to be used.

use crate::source::PathClass;

/// How values are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Source code: literals are quoted.
    Code,
    /// JSON: quoted, a colon before.
    Json,
    /// YAML, INI, properties: bare values are values.
    Bare,
    /// Dotenv, shell, Dockerfiles, compose: bare values, and names in capitals are variables of a deployment.
    Environment,
    /// Markdown and other documents.
    Document,
}

/// A file as the credential scan sees it.
pub(crate) struct Place<'a> {
    pub(crate) class: PathClass,
    pub(crate) form: Form,
    /// A template, a CI job, a development container, seed data: a guessable value there is no defect.
    pub(crate) is_scaffold: bool,
    /// Lock files, translations, data: names and values there are nobody's assignment.
    pub(crate) shapes_only: bool,
    /// From here on the text is test code.
    pub(crate) tests_from: usize,
    pub(crate) text: &'a str,
}

impl<'a> Place<'a> {
    pub(crate) fn of(path: &str, class: PathClass, text: &'a str) -> Self {
        let lower = path.to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or_default();
        let marks = if name.ends_with(".rs") { ["#[cfg(test)]", "#[test]", "::test]"].as_slice() } else { &[] };
        let tests_from = marks.iter().filter_map(|mark| text.find(mark)).min();
        Place {
            class,
            form: form(name, text),
            is_scaffold: is_scaffold(&lower, name),
            shapes_only: is_data(&lower, name),
            tests_from: tests_from.unwrap_or(usize::MAX),
            text,
        }
    }

    /// What the text at an offset is for.
    pub(crate) fn class_at(&self, offset: usize) -> PathClass {
        if offset >= self.tests_from && self.class == PathClass::Production { PathClass::Test } else { self.class }
    }

    /// The line around an offset, cut to a bounded window on long lines.
    pub(crate) fn line_around(&self, offset: usize) -> (usize, &'a str) {
        let (start, end) = window(self.text, offset, offset, 400, 400);
        (start, &self.text[start..end])
    }

    /// Whether a key `example` stands shortly before the offset: a description of an interface shows what it takes.
    pub(crate) fn is_in_example(&self, offset: usize) -> bool {
        const REACH: usize = 160;
        let start = self.text.floor_char_boundary(offset.saturating_sub(REACH));
        let before = self.text.get(start..offset).unwrap_or_default();
        ["example:", "examples:", "example\":", "examples\":", "example':", "example=", "example ="]
            .iter()
            .any(|key| before.contains(key))
    }

    /// Whether the line holds a comment mark before the offset.
    pub(crate) fn is_comment(&self, offset: usize) -> bool {
        let (start, line) = self.line_around(offset);
        let head = line.get(..offset.saturating_sub(start)).unwrap_or_default();
        let trimmed = head.trim_start();
        let opens = ["#", "//", "*", "/*", "<!--", ";", "--"].iter().any(|mark| trimmed.starts_with(mark));
        opens || head.contains(" // ") || head.contains(" # ")
    }
}

/// The line around `start..end`, at most `before` and `after` bytes of it, at character boundaries.
pub(crate) fn window(text: &str, start: usize, end: usize, before: usize, after: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let low = start.saturating_sub(before);
    let from = bytes[low..start].iter().rposition(is_end).map_or(low, |at| low + at + 1);
    let high = end.saturating_add(after).min(bytes.len());
    let to = bytes[end..high].iter().position(is_end).map_or(high, |at| end + at);
    (text.ceil_char_boundary(from), text.floor_char_boundary(to))
}

fn form(name: &str, text: &str) -> Form {
    let ext = name.rsplit_once('.').map_or("", |(_, ext)| ext);
    let is_docker = name.contains("dockerfile") || name.contains("containerfile");
    let is_compose = name.contains("compose") && matches!(ext, "yml" | "yaml");
    let is_dotenv = name.starts_with(".env") || name.contains(".env") || ext == "env";
    if is_docker || is_compose || is_dotenv || matches!(ext, "sh" | "bash" | "zsh" | "ps1" | "bat" | "envrc") {
        return Form::Environment;
    }
    match ext {
        "json" | "jsonc" | "json5" | "ipynb" | "webmanifest" | "map" => Form::Json,
        "yml" | "yaml" | "ini" | "cfg" | "conf" | "properties" | "npmrc" | "pypirc" | "service" | "toml" => Form::Bare,
        "md" | "mdx" | "rst" | "txt" | "adoc" | "html" | "htm" | "org" => Form::Document,
        "" if text.starts_with("#!") => Form::Environment,
        _ => Form::Code,
    }
}

fn is_scaffold(path: &str, name: &str) -> bool {
    const FOLDERS: [&str; 9] = [
        ".github/",
        ".gitlab",
        ".devcontainer",
        ".circleci/",
        ".vscode/",
        "seeds/",
        "/docs/",
        "documentation/",
        ".idea/",
    ];
    const NAMES: [&str; 9] =
        ["example", "sample", "template", ".dist", "seed", "azure-pipelines", "jenkinsfile", "openapi", "swagger"];
    FOLDERS.iter().any(|folder| path.contains(folder)) || NAMES.iter().any(|part| name.contains(part))
}

fn is_data(path: &str, name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "package-lock.json",
        "npm-shrinkwrap.json",
        "pnpm-lock.yaml",
        "go.sum",
        "composer.lock",
        "gemfile.lock",
        "flake.lock",
        "bun.lockb",
        "tokenizer.json",
        "vocab.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
    ];
    const FOLDERS: [&str; 6] = ["/locales/", "/locale/", "/i18n/", "/translations/", "/lang/", "/messages/"];
    const ENDS: [&str; 13] = [
        ".lock", ".svg", ".map", ".min.js", ".min.css", ".csv", ".tsv", ".jsonl", ".css", ".po", ".snap", ".geojson",
        ".patch",
    ];
    NAMES.contains(&name)
        || ENDS.iter().any(|end| name.ends_with(end))
        || FOLDERS.iter().any(|folder| format!("/{path}").contains(folder))
}
