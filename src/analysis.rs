//! The stages between reading and reporting, joined: facts, links, surfaces, rules.
//!
//! Generated and vendored files are not lowered: they are searched for credentials only. Files are lowered in parallel and each on its own: a file that makes a front end fail costs that file and a notice.

mod table;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::catalogue::Catalogue;
use crate::embedded::EMBEDDED;
use crate::finding::{Notice, NoticeKind};
use crate::ir::{Comment, FileFacts};
use crate::lang;
use crate::model::ModelSet;
use crate::project::{Manifest, ProgramFile, Project};
use crate::rules;
use crate::rules::card::{RuleError, RuleSet};
use crate::rules::credentials::Credentials;
use crate::rules::run::{Context, Judged};
use crate::source::{Language, PathClass, SourceFile};
use crate::surface::{self, Surfaces};
use crate::text::Patterns;

pub use table::{dump_calls, dump_facts, table};

/// A program with its coverage table.
#[derive(Debug)]
pub struct Linked {
    /// The linked program.
    pub project: Project,
    /// Entry points, LLM calls and controls.
    pub surfaces: Surfaces,
    /// What the stages say about themselves.
    pub notices: Vec<Notice>,
}

/// Everything a report needs to know of a run.
#[derive(Debug)]
pub struct Audit {
    /// The program and its coverage table.
    pub linked: Linked,
    /// What the rules say.
    pub judged: Judged,
    /// By path, for every file whose comments were told from its text: those that hold the tool's name.
    pub comments: BTreeMap<String, Vec<Comment>>,
}

/// Links files and runs every rule on them.
///
/// # Errors
///
/// A card that its engine does not understand.
pub fn audit(
    files: &[SourceFile],
    rules: &RuleSet,
    models: &ModelSet,
    patterns: &Patterns,
) -> Result<Audit, Vec<RuleError>> {
    let catalogue = Catalogue::load(EMBEDDED)?;
    let linked = link(files, models);
    let Linked { project, surfaces, .. } = &linked;
    let credentials = Credentials::find(files, project, models, patterns);
    let cx = Context::new(files, models, (project, surfaces), &credentials, &catalogue);
    let mut judged = rules::run::run(rules, &cx)?;
    judged.notices.extend(linked.notices.iter().cloned());
    let facts = project.program.files.iter().map(|f| &f.facts);
    let comments = facts.map(|f| (f.path.to_string(), f.comments.clone())).collect();
    Ok(Audit { linked, judged, comments })
}

/// Lowers, links and surveys files.
pub fn link(files: &[SourceFile], models: &ModelSet) -> Linked {
    let lowered: Vec<(Option<ProgramFile>, Vec<Notice>)> = files.par_iter().map(lower).collect();
    let mut notices = Vec::new();
    let mut program = Vec::new();
    for (file, said) in lowered {
        notices.extend(said);
        program.extend(file);
    }
    let manifests: Vec<Manifest> = files
        .iter()
        .filter(|f| Manifest::is_manifest(&f.path))
        .map(|f| Manifest { path: f.path.clone(), text: f.text.clone() })
        .collect();
    let project = Project::link(program, &manifests, models);
    let surfaces = surface::survey(&project, models);
    Linked { project, surfaces, notices }
}

fn lower(file: &SourceFile) -> (Option<ProgramFile>, Vec<Notice>) {
    if matches!(file.class, PathClass::Generated | PathClass::Vendored) {
        return (None, Vec::new());
    }
    let front_end: fn(&str, &str) -> (FileFacts, Vec<Notice>) = match file.language {
        Language::Python => lang::python::lower,
        Language::TypeScript => lang::typescript::lower,
        Language::Rust => lang::rust::lower,
        Language::Config | Language::Prompt | Language::Text => return (None, Vec::new()),
    };
    match catch_unwind(AssertUnwindSafe(|| front_end(&file.path, &file.text))) {
        Ok((facts, notices)) => (Some(ProgramFile { facts, class: file.class }), notices),
        Err(_) => {
            let message = "the front end failed on this file; it was left out. This is a defect: please report it";
            (None, vec![Notice::file(NoticeKind::Internal, &file.path, message)])
        }
    }
}
