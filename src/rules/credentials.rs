//! The credentials of a run: every reported one of every file, and what sort of place it stands in.
//!
//! Found once and shared by the cards that ask about them, so that each credential belongs to one sort of place and is
//! reported by one rule. Values stay in the files: only places, kinds and marks are held.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::prompts::{PromptLiterals, Prompts};
use crate::finding::Location;
use crate::source::{SourceFile, Span};
use crate::text::{self, Credential, Patterns};

/// Where a credential stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// In the text of a prompt file.
    PromptFile,
    /// In a literal that reaches the prompt of this call.
    PromptLiteral(Location),
    /// In an environment file that is meant to be used.
    EnvFile,
    /// Anywhere else.
    Elsewhere,
}

/// A credential with its place.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// Index of the file among the run's.
    pub(super) file: usize,
    /// What was found.
    pub(super) credential: Credential,
    /// What it stands in.
    pub(super) stand: Stand,
}

/// All reported credentials of a run, in order of file and place.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    pub(super) placed: Vec<Placed>,
}

/// The reported credentials of every file, before their places are judged.
#[derive(Debug)]
pub struct Scanned {
    by_file: Vec<Vec<Credential>>,
    /// Whether anything in a file looks like a credential, reported or not.
    suspect: Vec<bool>,
}

impl Scanned {
    /// Searches every file, whatever it is written in.
    pub fn new(files: &[SourceFile], patterns: &Patterns) -> Scanned {
        patterns.expect(files.iter().map(|file| file.text.len()).sum());
        let (by_file, suspect) = files.par_iter().map(|file| reported(file, patterns)).unzip();
        Scanned { by_file, suspect }
    }

    /// Places whose text may not be shown.
    pub fn hidden(&self, files: &[SourceFile]) -> Vec<Location> {
        let of_file = |(file, found): (&SourceFile, &Vec<Credential>)| {
            let place = |one: &Credential| Location { path: file.path.clone(), span: one.span };
            found.iter().map(place).collect::<Vec<_>>()
        };
        files.iter().zip(&self.by_file).flat_map(of_file).collect()
    }

    /// Whether a file, by its index, holds a credential.
    pub fn is_any_in(&self, file: usize) -> bool {
        self.by_file.get(file).is_some_and(|found| !found.is_empty())
    }

    /// Whether anything in a file, by its index, looks like a credential, be it a placeholder.
    pub fn is_suspect(&self, file: usize) -> bool {
        self.suspect.get(file).copied().unwrap_or(true)
    }

    /// Judges what sort of place each stands in.
    pub fn place(self, files: &[SourceFile], prompts: &Prompts) -> Credentials {
        let scanned = self.by_file;
        let mut placed = Vec::new();
        for ((index, file), found) in files.iter().enumerate().zip(scanned) {
            if found.is_empty() {
                continue;
            }
            let segments = prompts.in_file(index).map(|prompt| prompt.facts.segments.as_slice());
            let spans: Vec<Span> = segments.unwrap_or_default().iter().map(|segment| segment.span).collect();
            let is_env = is_env_file(&file.path);
            placed.extend(found.into_iter().map(|credential| {
                let stand = stand(file, &credential, &spans, is_env, &prompts.literals);
                Placed { file: index, credential, stand }
            }));
        }
        Credentials { placed }
    }
}

impl Credentials {
    /// How many files hold a credential in a place that `is_asked` accepts.
    pub(super) fn files(&self, is_asked: impl Fn(&Placed) -> bool) -> u64 {
        let mut by_file: BTreeMap<usize, ()> = BTreeMap::new();
        by_file.extend(self.placed.iter().filter(|one| is_asked(one)).map(|one| (one.file, ())));
        by_file.len() as u64
    }
}

/// The reported credentials of a file, and whether there is anything that looks like one.
fn reported(file: &SourceFile, patterns: &Patterns) -> (Vec<Credential>, bool) {
    let found = text::scan(&file.text, &file.path, file.class, patterns);
    let is_any = !found.is_empty();
    (found.into_iter().filter(|one| one.verdict.is_reported()).collect(), is_any)
}

fn stand(
    file: &SourceFile,
    credential: &Credential,
    prompt_spans: &[Span],
    is_env: bool,
    literals: &PromptLiterals,
) -> Stand {
    if prompt_spans.iter().any(|span| span.contains(credential.span)) {
        return Stand::PromptFile;
    }
    if let Some(call) = literals.around(&file.path, credential.span) {
        return Stand::PromptLiteral(call.clone());
    }
    if is_env { Stand::EnvFile } else { Stand::Elsewhere }
}

/// Whether a file sets an environment; a template for one is to be copied and filled in.
pub(super) fn is_env_file(path: &str) -> bool {
    const TEMPLATES: [&str; 6] = ["example", "sample", "template", "dist", "defaults", "tmpl"];
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_env = name == ".env" || name == ".envrc" || name.starts_with(".env.") || name.ends_with(".env");
    is_env && !name.split(['.', '-', '_']).any(|part| TEMPLATES.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::is_env_file;

    #[test]
    fn environment_files_are_told_from_their_templates() {
        assert!([".env", "a/.env.production", "prod.env", ".ENV.local"].into_iter().all(is_env_file));
        assert!(![".env.example", "sample.env", ".env.dist", "env.py", "environment.ts"].into_iter().any(is_env_file));
    }
}
