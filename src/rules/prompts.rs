//! The prompt inventory: every prompt that lies in a file, and every one that stands inline in code.
//!
//! A file is a prompt by its format and name, or because code loads it into a prompt. This module lists; whether a
//! prompt is well made is judged by rules.

mod literals;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Location;
use crate::lang::prompt::{self, PromptFacts, Role};
use crate::model::ModelSet;
use crate::project::Project;
use crate::source::{Language, PathClass, SourceFile};

pub(super) use literals::PromptLiterals;

/// Enough of a file to tell what it is.
const HEAD: usize = 4096;
/// How many files a name with a part that is filled in can stand for.
const MOST_FILLED_IN: usize = 64;
/// Shorter literals are parts of a prompt or a user's turn, not instructions that want a version.
const INLINE_MIN: u32 = 160;

/// A prompt in a file of its own.
#[derive(Clone, Debug)]
pub struct PromptFile {
    /// Index of the file among the run's.
    pub file: usize,
    /// Its path.
    pub path: String,
    /// What the file is for.
    pub class: PathClass,
    /// Who speaks, what is filled in, and the version, owner and model that it states.
    pub facts: PromptFacts,
    /// The LLM calls whose prompt it reaches, as far as code shows it; empty if it is a prompt by format only.
    pub used_by: Vec<Location>,
}

impl PromptFile {
    /// The roles that speak, each once.
    pub fn roles(&self) -> BTreeSet<Role> {
        self.facts.segments.iter().map(|segment| segment.role).collect()
    }

    /// The names of what is filled in, each once.
    pub fn holes(&self) -> BTreeSet<&str> {
        self.facts.segments.iter().flat_map(|segment| segment.holes()).map(|(name, _, _)| name).collect()
    }

    /// The version it states.
    pub fn version(&self) -> Option<&str> {
        self.facts.version.as_ref().map(|stated| stated.text.as_str())
    }

    /// The owner it states.
    pub fn owner(&self) -> Option<&str> {
        self.facts.owner.as_ref().map(|stated| stated.text.as_str())
    }

    /// The model it states.
    pub fn model(&self) -> Option<&str> {
        self.facts.model.as_ref().map(|stated| stated.text.as_str())
    }
}

/// A prompt that stands in code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InlinePrompt {
    /// The literal.
    pub at: Location,
    /// The LLM call that it reaches.
    pub used_by: Location,
}

/// All prompts of a run.
#[derive(Clone, Debug, Default)]
pub struct Prompts {
    /// Prompts in files, in order of path.
    pub files: Vec<PromptFile>,
    /// Instructions that stand inline in production code, in order of place.
    pub inline: Vec<InlinePrompt>,
    /// Literals of code that reach a prompt.
    pub(super) literals: PromptLiterals,
}

impl Prompts {
    /// Lists the prompts of a run.
    pub fn find(files: &[SourceFile], project: &Project, models: &ModelSet) -> Prompts {
        let literals = PromptLiterals::of(project, models);
        let used = used_files(files, &literals);
        let mut found = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let used_by: Vec<Location> = used.get(&index).into_iter().flatten().cloned().collect();
            let is_prompt = !used_by.is_empty() || is_prompt(file);
            if !is_prompt || matches!(file.class, PathClass::Vendored | PathClass::Generated) {
                continue;
            }
            let (facts, _) = prompt::parse(&file.path, &file.text);
            if !facts.segments.is_empty() {
                let path = file.path.clone();
                found.push(PromptFile { file: index, path, class: file.class, facts, used_by });
            }
        }
        let inline = inline(files, &literals);
        Prompts { files: found, inline, literals }
    }

    /// The prompt in a file of the run.
    pub fn in_file(&self, file: usize) -> Option<&PromptFile> {
        let at = self.files.binary_search_by_key(&file, |prompt| prompt.file).ok()?;
        self.files.get(at)
    }
}

/// Whether format and name make a file a prompt.
fn is_prompt(file: &SourceFile) -> bool {
    let head = &file.text[..file.text.floor_char_boundary(HEAD)];
    match file.language {
        Language::Prompt => true,
        Language::Config | Language::Text => prompt::looks_like_prompt_file(&file.path, head),
        Language::Python | Language::TypeScript | Language::Rust => false,
    }
}

/// The files whose names are among the literals that make up a prompt's text, with the calls they reach.
///
/// A name is resolved against the folder of the code that holds it and its parents, and then by its end: code joins
/// paths in too many ways to follow each. A name that several files end in names none.
fn used_files(files: &[SourceFile], literals: &PromptLiterals) -> BTreeMap<usize, BTreeSet<Location>> {
    let mut used: BTreeMap<usize, BTreeSet<Location>> = BTreeMap::new();
    let texts: Vec<usize> = (0..files.len()).filter(|index| is_loadable(&files[*index])).collect();
    for name in &literals.file_names {
        let wanted = name.text.trim_start_matches("./").trim_start_matches("../").trim_start_matches('/');
        let candidates: Vec<usize> = texts
            .iter()
            .copied()
            .filter(|index| {
                let path = files[*index].path.as_str();
                match wanted.split_once('*') {
                    Some((head, tail)) => is_filled_in(path, head, tail),
                    None => path == wanted || path.strip_suffix(wanted).is_some_and(|rest| rest.ends_with('/')),
                }
            })
            .collect();
        let near = |index: &&usize| {
            let folder = name.file.rsplit_once('/').map_or("", |(folder, _)| folder);
            files[**index].path.starts_with(folder)
        };
        let chosen = match candidates.as_slice() {
            [one] => Some(*one),
            several => {
                let mut close = several.iter().filter(near);
                close.next().copied().filter(|_| close.next().is_none())
            }
        };
        // A name with a part that is filled in stands for each of the files that it may be.
        let all = candidates.iter().copied().filter(|_| wanted.contains('*')).take(MOST_FILLED_IN);
        for index in chosen.into_iter().chain(all) {
            used.entry(index).or_default().insert(name.call.clone());
        }
    }
    used
}

/// Whether a path ends in a name whose middle is filled in, within one folder.
fn is_filled_in(path: &str, head: &str, tail: &str) -> bool {
    let Some(rest) = path.strip_suffix(tail) else { return false };
    let Some(at) = rest.rfind(head) else { return false };
    let starts = at == 0 || rest[..at].ends_with('/');
    starts && rest.len() > at + head.len() && !rest[at + head.len()..].contains('/')
}

/// Files that code can read as a text.
fn is_loadable(file: &SourceFile) -> bool {
    const EXTENSIONS: [&str; 19] = [
        "md", "txt", "prompt", "prompty", "j2", "jinja", "jinja2", "hbs", "mustache", "xml", "yaml", "yml", "json",
        "toml", "html", "tmpl", "tpl", "liquid", "njk",
    ];
    !file.language.is_code() && EXTENSIONS.contains(&file.extension().as_str())
}

/// Literals of production code that are long enough to be instructions.
fn inline(files: &[SourceFile], literals: &PromptLiterals) -> Vec<InlinePrompt> {
    let mut found = BTreeSet::new();
    for file in files.iter().filter(|file| file.class == PathClass::Production) {
        for (span, call) in literals.in_file(&file.path) {
            if span.end - span.start >= INLINE_MIN {
                let at = Location { path: file.path.clone(), span: *span };
                found.insert(InlinePrompt { at, used_by: call.clone() });
            }
        }
    }
    let mut found: Vec<InlinePrompt> = found.into_iter().collect();
    found.dedup_by(|a, b| a.at == b.at);
    found
}
