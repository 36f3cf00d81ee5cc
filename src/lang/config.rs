//! Structured configuration as one tree with byte spans: YAML, JSON with comments, TOML, HCL, dotenv, INI, Dockerfiles,
//! and the nested directives of web servers.
//!
//! Rules ask for paths ([`ConfigFacts::select`]) and for settings however they are spelled ([`Node::settings`]). Every
//! parser here is bounded in size, depth and expansion: a file that goes past a bound gives what was read so far, or
//! nothing, and a notice. YAML that is itself a template is read without its tags.
//!
//! It does not know what any key means.

mod directives;
mod docker;
mod dotenv;
mod hcl;
mod json;
mod notebook;
mod toml;
mod tree;
mod untemplate;
mod yaml;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{Notice, NoticeKind};

pub use notebook::{Notebook, notebook};
pub use tree::{Entry, Kind, Node, Selected, Setting};

/// Larger files are data.
pub const MAX_BYTES: usize = 5 << 20;
/// Deeper values are hostile, or nobody's configuration.
pub(crate) const MAX_DEPTH: usize = 128;
/// More nodes than this, aliases counted as often as they are used, are data.
pub(crate) const MAX_NODES: usize = 500_000;

/// The language of a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// YAML, all documents of a file.
    Yaml,
    /// JSON, with comments and trailing commas forgiven; several values in one file are several documents.
    Json,
    /// TOML.
    Toml,
    /// `NAME=value` lines.
    Dotenv,
    /// INI, `.properties` and their like: sections of `name = value`.
    Ini,
    /// A Dockerfile: a map of `env`, `arg` and `instructions`.
    Docker,
    /// Blocks with labels and attributes.
    Hcl,
    /// Nested directives; a block's own arguments stand under `args`.
    Directives,
}

/// A configuration file's documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfigFacts {
    /// Its language.
    pub format: Format,
    /// Its documents in order; all formats but YAML and JSON have one.
    pub documents: Vec<Node>,
}

impl ConfigFacts {
    /// Everything that a dotted path leads to, over all documents, in text order. A part is a key, an index, `*` for
    /// every value of a map or list, or `**` for any number of levels. A key that holds a dot is written in quotes.
    pub fn select(&self, path: &str) -> Vec<Selected<'_>> {
        self.documents.iter().flat_map(|document| document.select(path)).collect()
    }

    /// The first thing that a path leads to.
    pub fn get(&self, path: &str) -> Option<&Node> {
        self.documents.iter().find_map(|document| document.get(path))
    }

    /// The text at a path.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.get(path)?.as_str()
    }
}

/// The language of a configuration file, judged from its path; `None` if it is none.
pub fn format_of(path: &str) -> Option<Format> {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if name.starts_with("dockerfile")
        || name.starts_with("containerfile")
        || matches!(extension, "dockerfile" | "containerfile")
    {
        return Some(Format::Docker);
    }
    if name == ".env" || name.starts_with(".env.") || name.ends_with(".env") || name == ".envrc" {
        return Some(Format::Dotenv);
    }
    if name == "caddyfile" {
        return Some(Format::Directives);
    }
    match extension {
        "tf" | "tfvars" | "hcl" => Some(Format::Hcl),
        "yml" | "yaml" => Some(Format::Yaml),
        "json" | "jsonc" | "json5" | "webmanifest" | "code-workspace" => Some(Format::Json),
        "toml" => Some(Format::Toml),
        "ini" | "cfg" | "conf" | "properties" => Some(Format::Ini),
        _ => None,
    }
}

/// Reads a configuration file. What cannot be read is left out and told in a notice.
pub fn parse(path: &str, text: &str, format: Format) -> (ConfigFacts, Vec<Notice>) {
    if text.len() > MAX_BYTES {
        let message = format!("configuration over {} MB was not read", MAX_BYTES >> 20);
        let facts = ConfigFacts { format, documents: Vec::new() };
        return (facts, vec![Notice::file(NoticeKind::Skipped, path, message)]);
    }
    let (documents, problem) = match format {
        Format::Yaml => yaml::parse(text),
        Format::Json => json::parse(text),
        Format::Toml => toml::parse(text),
        Format::Dotenv => (vec![dotenv::parse(text, dotenv::Sections::None)], None),
        Format::Ini if directives::is_nested(text) => {
            let document = directives::parse(text, directives::Ends::Semicolon);
            return (ConfigFacts { format: Format::Directives, documents: vec![document] }, Vec::new());
        }
        Format::Ini => (vec![dotenv::parse(text, dotenv::Sections::Headed)], None),
        Format::Hcl => (vec![hcl::parse(text)], None),
        Format::Directives => (vec![directives::parse(text, directives::Ends::Line)], None),
        Format::Docker => (vec![docker::parse(text)], None),
    };
    let notices = problem.map(|problem| problem.notice(path)).into_iter().collect();
    (ConfigFacts { format, documents }, notices)
}

/// Why a file was not read to its end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    pub(crate) at: Option<crate::source::Span>,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn at(offset: usize, message: impl Into<String>) -> Self {
        Problem { at: Some(crate::source::Span::new(offset, offset)), message: message.into() }
    }

    fn notice(self, path: &str) -> Notice {
        let mut notice = Notice::file(NoticeKind::Unparsed, path, self.message);
        notice.span = self.at;
        notice
    }
}

/// The variables of a text of `NAME=value` lines, last one wins: what a deployment sees.
pub fn variables(facts: &ConfigFacts) -> BTreeMap<String, String> {
    let settings = facts.documents.iter().flat_map(Node::settings);
    settings.map(|setting| (setting.name.to_owned(), setting.value.to_owned())).collect()
}
