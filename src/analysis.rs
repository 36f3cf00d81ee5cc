//! The stages between reading and reporting, joined: facts, links, surfaces, rules.
//!
//! Files are lowered in parallel and each on its own: a file that makes a front end fail costs that file and a notice.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::finding::{Notice, NoticeKind};
use crate::ir::FileFacts;
use crate::lang;
use crate::model::ModelSet;
use crate::project::{Manifest, ProgramFile, Project};
use crate::source::{Language, SourceFile};
use crate::surface::{self, Surfaces};

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
