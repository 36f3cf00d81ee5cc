//! Prompts and prompt templates: who speaks where, and what is filled in.
//!
//! Reads template files (with front matter, role markers, holes of the usual template languages), plain prompt texts, and
//! stores that keep prompts in YAML, JSON or TOML. All spans are bytes of the file.
//!
//! It does not judge a prompt, and it does not know which code loads it.

mod discover;
mod roles;
mod store;
mod template;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::config::{self, ConfigFacts, Format};
use crate::finding::{Notice, NoticeKind};
use crate::source::Span;

pub use discover::looks_like_prompt_file;
pub use template::Syntax;

/// Larger files are data.
const MAX_BYTES: usize = 2 << 20;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The operator's instructions.
    System,
    /// The same, under its newer name.
    Developer,
    /// The person who uses the application.
    User,
    /// The model.
    Assistant,
    /// A tool's result.
    Tool,
    /// The file does not say: usually an instruction template.
    Unmarked,
}

impl Role {
    /// The role behind the word that a file uses for it.
    pub fn of(word: &str) -> Option<Role> {
        Some(match word.to_ascii_lowercase().as_str() {
            "system" => Role::System,
            "developer" => Role::Developer,
            "user" | "human" => Role::User,
            "assistant" | "ai" | "model" | "chatbot" | "bot" => Role::Assistant,
            "tool" | "function" => Role::Tool,
            _ => return None,
        })
    }

    /// Whether what stands here instructs the model.
    pub fn instructs(self) -> bool {
        matches!(self, Role::System | Role::Developer | Role::Unmarked)
    }
}

/// A piece of a segment.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// Fixed text.
    Text {
        /// The text, escapes of the file's format resolved.
        text: String,
        /// Its bytes.
        span: Span,
    },
    /// A value that is filled in.
    Hole {
        /// What is filled in: a name or a dotted path, filters aside.
        name: String,
        /// The hole's bytes, its signs included.
        span: Span,
        /// Whether the template escapes the value for its markup.
        escaped: bool,
    },
    /// Another template that is put in here.
    Include {
        /// Its name.
        name: String,
        /// Its bytes.
        span: Span,
    },
}

/// Shows the form of fixed text, never the text: prompts may hold secrets.
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Text { text, .. } => write!(f, "text of {}", text.chars().count()),
            Part::Hole { name, escaped, .. } => write!(f, "{{{name}{}}}", if *escaped { " escaped" } else { "" }),
            Part::Include { name, .. } => write!(f, "include {name}"),
        }
    }
}

/// What one speaker says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Who speaks.
    pub role: Role,
    /// Its bytes, role marker aside.
    pub span: Span,
    /// Its text and holes in order.
    pub parts: Vec<Part>,
}

impl Segment {
    /// The fixed text, each hole written as `{name}`.
    pub fn text(&self) -> String {
        let piece = |part: &Part| match part {
            Part::Text { text, .. } => text.clone(),
            Part::Hole { name, .. } => format!("{{{name}}}"),
            Part::Include { .. } => String::new(),
        };
        self.parts.iter().map(piece).collect()
    }

    /// The holes: name, place, and whether the value is escaped.
    pub fn holes(&self) -> impl Iterator<Item = (&str, Span, bool)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole { name, span, escaped } => Some((name.as_str(), *span, *escaped)),
            Part::Text { .. } | Part::Include { .. } => None,
        })
    }
}

/// Something a prompt file says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// What it says.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// Everything known of one prompt file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromptFacts {
    /// How holes are written; for stores, the first that occurs.
    pub syntax: Syntax,
    /// What is said, in text order.
    pub segments: Vec<Segment>,
    /// The settings before the template, or the whole store.
    pub front_matter: Option<ConfigFacts>,
    /// Version, if stated.
    pub version: Option<Stated>,
    /// Owner or author, if stated.
    pub owner: Option<Stated>,
    /// Model, if stated.
    pub model: Option<Stated>,
}

/// Reads a prompt file.
pub fn parse(path: &str, text: &str) -> (PromptFacts, Vec<Notice>) {
    let syntax = template::syntax_of(path, text);
    let empty =
        PromptFacts { syntax, segments: Vec::new(), front_matter: None, version: None, owner: None, model: None };
    if text.len() > MAX_BYTES {
        let message = format!("prompt over {} MB was not read", MAX_BYTES >> 20);
        return (empty, vec![Notice::file(NoticeKind::Skipped, path, message)]);
    }
    match config::format_of(path) {
        Some(format @ (Format::Yaml | Format::Json | Format::Toml)) => {
            let (facts, notices) = config::parse(path, text, format);
            let segments = store::segments(&facts, text, syntax);
            (stated(PromptFacts { segments, front_matter: Some(facts), ..empty }, text, 0), notices)
        }
        _ => template_file(path, text, empty),
    }
}

fn template_file(path: &str, text: &str, empty: PromptFacts) -> (PromptFacts, Vec<Notice>) {
    let (head, body) = front_matter(text);
    let (front, notices) = match head {
        // The text is cut, not moved: spans stay the file's.
        Some(end) => {
            let (facts, notices) = config::parse(path, &text[..end], Format::Yaml);
            (Some(facts), notices)
        }
        None => (None, Vec::new()),
    };
    let segments = roles::segments(text, Span::new(body, text.len()), empty.syntax, roles::role_of_path(path));
    (stated(PromptFacts { segments, front_matter: front, ..empty }, text, body), notices)
}

/// Where front matter ends and where the template begins.
fn front_matter(text: &str) -> (Option<usize>, usize) {
    let start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let rest = &text[start..];
    if !(rest.starts_with("---\n") || rest.starts_with("---\r\n")) {
        return (None, start);
    }
    let mut at = start;
    for (number, line) in rest.split_inclusive('\n').enumerate() {
        if number > 0 && line.trim_end() == "---" {
            return (Some(at), at + line.len());
        }
        at += line.len();
    }
    (None, start)
}

const VERSION: [&str; 3] = ["version", "prompt_version", "metadata.version"];
const OWNER: [&str; 7] = ["owner", "author", "authors.0", "maintainer", "team", "metadata.owner", "metadata.author"];
const MODEL: [&str; 9] = [
    "model",
    "model.name",
    "model.id",
    "model.configuration.name",
    "model.configuration.azure_deployment",
    "config.model",
    "metadata.model",
    "model_name",
    "llm.model",
];

/// Fills in what the front matter, or a comment at the template's head, says.
fn stated(mut facts: PromptFacts, text: &str, body: usize) -> PromptFacts {
    let find = |paths: &[&str]| {
        let front = facts.front_matter.as_ref()?;
        let node = paths.iter().find_map(|path| front.get(path).filter(|node| node.scalar().is_some()))?;
        Some(Stated { text: node.scalar()?.to_owned(), span: node.span })
    };
    let (version, owner, model) = (find(&VERSION), find(&OWNER), find(&MODEL));
    facts.version = version.or_else(|| in_comment(text, body, &["version", "prompt-version"]));
    facts.owner = owner.or_else(|| in_comment(text, body, &["owner", "author", "maintainer"]));
    facts.model = model.or_else(|| in_comment(text, body, &["model"]));
    facts
}

/// `version: 3` in a comment among the template's first lines.
fn in_comment(text: &str, body: usize, keys: &[&str]) -> Option<Stated> {
    let mut at = body;
    for line in text[body..].split_inclusive('\n').take(12) {
        let marks = ["{#", "<!--", "{{!", "#", "//", "*", "@"];
        let trimmed = line.trim_start();
        let content = trimmed.trim_start_matches(['{', '#', '<', '!', '-', '/', '*', '@', ' ']);
        if marks.iter().any(|mark| trimmed.starts_with(mark))
            && let Some((key, value)) = content.split_once(':')
            && keys.contains(&key.trim().to_ascii_lowercase().as_str())
        {
            let value = value.trim().trim_end_matches(['}', '#', '-', '>', '*', '/']).trim_end();
            let start = at + line.find(value).unwrap_or(0);
            let is_short = !value.is_empty() && value.len() <= 100;
            return is_short.then(|| Stated { text: value.to_owned(), span: Span::new(start, start + value.len()) });
        }
        at += line.len();
    }
    None
}
