//! What a file is written in, told by its name.

use super::SkipReason;
use crate::source::Language;

/// What to do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Read it as this.
    Read(Language),
    /// Rows of data: read if small.
    Bulk,
    /// The name does not tell: read if small, and see.
    Sniff,
    /// Leave it out.
    Skip(SkipReason),
}

const PYTHON: &[&str] = &["py", "pyw"];
const TYPESCRIPT: &[&str] = &["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"];
const CONFIG: &[&str] = &[
    "cfg",
    "conf",
    "dockerfile",
    "env",
    "envrc",
    "hcl",
    "ini",
    "ipynb",
    "json",
    "json5",
    "jsonc",
    "properties",
    "tf",
    "tfvars",
    "toml",
    "yaml",
    "yml",
];
const PROMPT: &[&str] = &["prompt", "prompty", "handlebars", "hbs", "j2", "jinja", "jinja2", "mustache"];
const PROSE: &[&str] = &["adoc", "markdown", "md", "mdx", "rst", "txt"];
const TEXT: &[&str] = &[
    "bash", "bat", "c", "cc", "cmd", "cpp", "cs", "dart", "ex", "exs", "fish", "go", "gradle", "graphql", "groovy",
    "h", "hpp", "htm", "html", "java", "kt", "kts", "lua", "mk", "php", "pl", "proto", "ps1", "r", "rb", "scala", "sh",
    "sql", "swift", "tmpl", "tpl", "xml", "zsh",
];
const BULK: &[&str] = &["csv", "jsonl", "log", "ndjson", "tsv"];
const LOCK_FILES: &[&str] = &[
    "bun.lock",
    "cargo.lock",
    "composer.lock",
    "conda-lock.yml",
    "deno.lock",
    "flake.lock",
    "gemfile.lock",
    "go.sum",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "pdm.lock",
    "pipfile.lock",
    "pixi.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "yarn.lock",
];
const NOT_TEXT: &[&str] = &[
    "7z",
    "a",
    "aac",
    "avi",
    "avif",
    "bin",
    "bmp",
    "bz2",
    "class",
    "css",
    "dat",
    "db",
    "dll",
    "doc",
    "docx",
    "dylib",
    "eot",
    "exe",
    "flac",
    "gif",
    "gz",
    "h5",
    "icns",
    "ico",
    "jar",
    "jpeg",
    "jpg",
    "less",
    "lib",
    "lockb",
    "map",
    "mo",
    "mov",
    "mp3",
    "mp4",
    "npy",
    "npz",
    "o",
    "ogg",
    "onnx",
    "otf",
    "parquet",
    "pdf",
    "pickle",
    "pkl",
    "png",
    "po",
    "ppt",
    "pptx",
    "pt",
    "pth",
    "pyc",
    "pyd",
    "pyo",
    "rar",
    "rlib",
    "safetensors",
    "sass",
    "scss",
    "snap",
    "so",
    "sqlite",
    "sqlite3",
    "svg",
    "tar",
    "tgz",
    "tif",
    "tiff",
    "ttf",
    "wasm",
    "wav",
    "webm",
    "webp",
    "whl",
    "woff",
    "woff2",
    "xls",
    "xlsx",
    "xz",
    "zip",
    "zst",
];

/// Folders of version control and tool caches: nothing in them belongs to the product.
pub(super) fn is_bookkeeping(folder: &str) -> bool {
    const NAMES: &[&str] =
        &[".git", ".hg", ".jj", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".svn", ".tox", ".turbo", "__pycache__"];
    NAMES.contains(&folder)
}

/// Folders that a package manager fills.
pub(super) fn holds_packages(folder: &str) -> bool {
    const NAMES: &[&str] = &[".pnpm-store", ".venv", ".yarn", "bower_components", "node_modules", "site-packages"];
    NAMES.contains(&folder)
}

/// What to do with the file at a path relative to the root.
pub(super) fn of(path: &str) -> Kind {
    let path = path.to_ascii_lowercase();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    if LOCK_FILES.contains(&name) {
        return Kind::Skip(SkipReason::LockFile);
    }
    if is_named_config(name) {
        return Kind::Read(Language::Config);
    }
    let Some((stem, extension)) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) else {
        return Kind::Sniff;
    };
    let is = |list: &[&str]| list.contains(&extension);
    if is(PYTHON) {
        Kind::Read(Language::Python)
    } else if is(TYPESCRIPT) {
        Kind::Read(Language::TypeScript)
    } else if extension == "rs" {
        Kind::Read(Language::Rust)
    } else if is(CONFIG) {
        Kind::Read(Language::Config)
    } else if is(PROMPT) {
        template(stem)
    } else if is(PROSE) {
        Kind::Read(if is_prompt_text(folder, stem) { Language::Prompt } else { Language::Text })
    } else if is(TEXT) {
        Kind::Read(Language::Text)
    } else if is(BULK) {
        Kind::Bulk
    } else if extension == "pyi" {
        Kind::Skip(SkipReason::Stub)
    } else if is(NOT_TEXT) {
        Kind::Skip(SkipReason::NotText)
    } else {
        Kind::Sniff
    }
}

/// What a file is written in, once its text is known, too.
pub(super) fn settle(named: Option<Language>, is_bulk: bool, text: &str) -> Language {
    match named {
        Some(Language::Prompt) if is_page(text) => Language::Text,
        Some(language) => language,
        None if is_bulk => Language::Text,
        None => from_first_line(text),
    }
}

/// What an extensionless or unknown file is written in, told by its first line.
fn from_first_line(text: &str) -> Language {
    let line = text.lines().next().unwrap_or_default();
    let Some(command) = line.strip_prefix("#!") else {
        return Language::Text;
    };
    let programs = command.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or_default());
    // `env` and its options stand before the program.
    let program = programs.into_iter().find(|word| *word != "env" && !word.starts_with('-') && !word.contains('='));
    match program.map(|program| program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')) {
        Some("python" | "pypy") => Language::Python,
        Some("node" | "deno" | "bun" | "ts-node" | "tsx") => Language::TypeScript,
        _ => Language::Text,
    }
}

/// Whether a template makes a page or a mail, which starts with markup that no prompt starts with.
fn is_page(text: &str) -> bool {
    let head: String = text.trim_start().chars().take("<!doctype".len()).collect();
    let head = head.to_ascii_lowercase();
    head.starts_with("<!doctype") || head.starts_with("<html")
}

/// Configuration whose name tells more than its extension.
fn is_named_config(name: &str) -> bool {
    let starts = [".env", "dockerfile", "containerfile"];
    let is_started = starts
        .iter()
        .any(|start| name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_'])));
    is_started || matches!(name, ".envrc" | ".npmrc" | ".pypirc" | "caddyfile" | "procfile" | "pipfile")
}

/// A template is a prompt unless a second extension says that it makes something else, such as `nginx.conf.j2`.
fn template(stem: &str) -> Kind {
    let makes = stem.rsplit_once('.').map(|(_, inner)| inner);
    let is_other = makes.is_some_and(|inner| {
        [PYTHON, TYPESCRIPT, CONFIG, TEXT, NOT_TEXT].iter().any(|list| list.contains(&inner)) || inner == "rs"
    });
    Kind::Read(if is_other { Language::Text } else { Language::Prompt })
}

/// Whether prose is a prompt: it lies below a folder of prompts, or its name ends in the word.
///
/// A guide such as `prompt-engineering.md` stays prose; the price is that a prompt with such a name is missed.
fn is_prompt_text(folder: &str, stem: &str) -> bool {
    let is_prompt = |word: &str| matches!(word, "prompt" | "prompts");
    let words = |name: &str| -> Vec<String> { name.split(['-', '_', '.', ' ']).map(str::to_owned).collect() };
    let is_below = folder.split('/').any(|segment| {
        let words = words(segment);
        words.first().is_some_and(|word| is_prompt(word)) || words.last().is_some_and(|word| is_prompt(word))
    });
    let is_about = matches!(stem, "changelog" | "contributing" | "license" | "readme" | "requirements");
    (is_below && !is_about) || words(stem).last().is_some_and(|word| is_prompt(word))
}

#[cfg(test)]
mod tests {
    use super::{Kind, from_first_line, is_page, of};
    use crate::source::Language::{Config, Prompt, Python, Rust, Text, TypeScript};
    use crate::walk::SkipReason;

    #[test]
    fn names_tell_languages() {
        let cases = [
            ("a/main.py", Kind::Read(Python)),
            ("types.pyi", Kind::Skip(SkipReason::Stub)),
            ("app/api/chat/route.ts", Kind::Read(TypeScript)),
            ("web/App.VUE", Kind::Read(TypeScript)),
            ("src/lib.rs", Kind::Read(Rust)),
            ("lab.ipynb", Kind::Read(Config)),
            (".env", Kind::Read(Config)),
            (".env.production", Kind::Read(Config)),
            (".environment", Kind::Sniff),
            ("docker/Dockerfile", Kind::Read(Config)),
            ("Dockerfile.gpu", Kind::Read(Config)),
            ("dockerfiles", Kind::Sniff),
            ("nginx/nginx.conf", Kind::Read(Config)),
            ("infra/main.tf", Kind::Read(Config)),
            ("package.json", Kind::Read(Config)),
            ("package-lock.json", Kind::Skip(SkipReason::LockFile)),
            ("web/pnpm-lock.yaml", Kind::Skip(SkipReason::LockFile)),
            ("system.prompt", Kind::Read(Prompt)),
            ("templates/answer.jinja2", Kind::Read(Prompt)),
            ("templates/answer.md.j2", Kind::Read(Prompt)),
            ("templates/nginx.conf.j2", Kind::Read(Text)),
            ("prompts/answer.md", Kind::Read(Prompt)),
            ("prompts/README.md", Kind::Read(Text)),
            ("app/system_prompts/a/b.txt", Kind::Read(Prompt)),
            ("app/system-prompt.txt", Kind::Read(Prompt)),
            ("guides/prompt-engineering.md", Kind::Read(Text)),
            ("README.md", Kind::Read(Text)),
            ("rows.csv", Kind::Bulk),
            ("logo.PNG", Kind::Skip(SkipReason::NotText)),
            ("Makefile", Kind::Sniff),
            (".gitignore", Kind::Sniff),
            ("key.pem", Kind::Sniff),
        ];
        for (path, wanted) in cases {
            assert_eq!(of(path), wanted, "{path}");
        }
    }

    #[test]
    fn pages_are_told_from_prompts() {
        assert!(is_page("\n<!DOCTYPE html>") && is_page("<html lang=en>"));
        assert!(!is_page("<instructions>") && !is_page("") && !is_page("You are"));
    }

    #[test]
    fn first_lines_tell_languages() {
        assert_eq!(from_first_line("#!/usr/bin/env python3\n"), Python);
        assert_eq!(from_first_line("#!/usr/bin/python3.11 -u\n"), Python);
        assert_eq!(from_first_line("#!/usr/bin/env -S node --no-warnings\n"), TypeScript);
        assert_eq!(from_first_line("#!/bin/sh\n"), Text);
        assert_eq!(from_first_line("python\n"), Text);
        assert_eq!(from_first_line(""), Text);
    }
}
