//! Which files are parsed, and the parsing: in parallel and each on its own.
//!
//! What ships is parsed, and so is all that it imports. Tests, examples and the like are parsed only where something
//! asks for them, since nothing that ships runs them: their paths stay known, so that imports resolve as they would.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::finding::{Notice, NoticeKind};
use crate::ir::{Builder, Expr, FileFacts, FnId, ImportKind};
use crate::lang;
use crate::model::ModelSet;
use crate::project::{FileId, Manifest, ModuleRef, Modules, Program, ProgramFile};
use crate::source::{Language, PathClass, SourceFile, Span};

/// The tool's own name: comments that hold it may speak to the tool.
const OWN_NAME: &str = env!("CARGO_PKG_NAME");

/// Which files a run parses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// What ships, and what it imports.
    #[default]
    Shipping,
    /// Every file of a language that is understood.
    Everything,
}

/// The facts of a tree.
pub(super) struct Lowered {
    /// Every code file; those that were not parsed have no facts.
    pub(super) program: Vec<ProgramFile>,
    pub(super) notices: Vec<Notice>,
    /// How many were parsed.
    pub(super) parsed: usize,
}

/// Lowers the files of a tree; `is_asked` names files that are wanted whatever they are for.
pub(super) fn lower_all(
    files: &[SourceFile],
    manifests: &[Manifest],
    models: &ModelSet,
    extent: Extent,
    is_asked: &(dyn Fn(usize) -> bool + Sync),
) -> Lowered {
    let is_code = |file: &SourceFile| {
        file.language.is_code() && !matches!(file.class, PathClass::Generated | PathClass::Vendored)
    };
    let code: Vec<(usize, &SourceFile)> = files.iter().enumerate().filter(|(_, file)| is_code(file)).collect();
    let is_first = |index: usize, file: &SourceFile| extent == Extent::Everything || ships(file) || is_asked(index);
    let first: Vec<Option<Parsed>> =
        code.par_iter().map(|(index, file)| is_first(*index, file).then(|| parse(file))).collect();
    let mut lowered = Lowered { program: Vec::with_capacity(code.len()), notices: Vec::new(), parsed: 0 };
    let mut waiting = Vec::new();
    for ((_, file), parsed) in code.iter().zip(first) {
        match parsed {
            Some(parsed) => lowered.program.extend(lowered_file(parsed, &mut lowered.notices, &mut lowered.parsed)),
            None => {
                waiting.push(*file);
                lowered.program.push(unparsed(file));
            }
        }
    }
    if !waiting.is_empty() {
        follow_imports(&mut lowered, &waiting, manifests, models);
    }
    lowered
}

type Parsed = (Option<FileFacts>, PathClass, Vec<Notice>);

fn lowered_file(parsed: Parsed, notices: &mut Vec<Notice>, count: &mut usize) -> Option<ProgramFile> {
    let (facts, class, said) = parsed;
    notices.extend(said);
    *count += 1;
    facts.map(|facts| ProgramFile { facts, class })
}

/// Whether a file is part of the product, or may say something to this tool.
fn ships(file: &SourceFile) -> bool {
    // A Rust module below `src` belongs to its crate without being imported by name.
    let is_module = file.language == Language::Rust && file.path.split('/').any(|part| part == "src");
    file.class == PathClass::Production || is_module || file.text.contains(OWN_NAME)
}

/// Stands for a file that nothing asked for: it can be imported and holds nothing.
fn unparsed(file: &SourceFile) -> ProgramFile {
    let whole = Span::new(0, file.text.len());
    let facts = Builder::new(&file.path, file.language, whole).finish(Vec::new());
    ProgramFile { facts, class: file.class }
}

/// Parses what parsed files import, and what that imports, until nothing is missing.
fn follow_imports(lowered: &mut Lowered, waiting: &[&SourceFile], manifests: &[Manifest], models: &ModelSet) {
    let mut program = Program::new(std::mem::take(&mut lowered.program));
    let modules = Modules::new(&program, manifests, models);
    let mut missing: Vec<Option<&SourceFile>> = vec![None; program.files.len()];
    for file in waiting {
        if let Some(id) = program.file_at(&file.path) {
            missing[id.0 as usize] = Some(*file);
        }
    }
    let mut fresh: Vec<FileId> = program.file_ids().filter(|id| missing[id.0 as usize].is_none()).collect();
    while !fresh.is_empty() {
        let mut imported: Vec<FileId> = fresh.par_iter().flat_map_iter(|id| imports(&program, &modules, *id)).collect();
        imported.sort_unstable();
        imported.dedup();
        let next: Vec<(FileId, &SourceFile)> =
            imported.into_iter().filter_map(|id| Some((id, missing[id.0 as usize].take()?))).collect();
        let parsed: Vec<(FileId, Parsed)> = next.par_iter().map(|(id, file)| (*id, parse(file))).collect();
        fresh = parsed.iter().map(|(id, _)| *id).collect();
        for (id, parsed) in parsed {
            if let Some(file) = lowered_file(parsed, &mut lowered.notices, &mut lowered.parsed) {
                program.files[id.0 as usize] = file;
            }
        }
    }
    lowered.program = program.files;
}

/// The files of the program that a file imports or passes on.
fn imports(program: &Program, modules: &Modules, id: FileId) -> Vec<FileId> {
    let facts = program.facts(id);
    let mut found = Vec::new();
    let mut add = |scope: FnId, specifier: &str, member: Option<crate::intern::Name>| {
        let Some(module) = modules.resolve(program, id, scope, specifier) else { return };
        let inner = member.and_then(|name| modules.submodule(program, module, name));
        for module in [Some(module), inner].into_iter().flatten() {
            if let ModuleRef::Scope(file, _) = module {
                found.push(file);
            }
        }
    };
    for import in &facts.imports {
        let member = if let ImportKind::Member(name) = import.kind { Some(name) } else { None };
        add(import.scope, &import.module, member);
    }
    for (specifier, member) in facts.exports.iter().filter_map(|export| export.from) {
        add(FnId::MODULE, &specifier, Some(member));
    }
    if facts.language == Language::TypeScript {
        for expr in &facts.exprs {
            if let Expr::Call(call) = expr
                && let Expr::Name(callee) = facts.expr(call.callee)
                && (*callee == "import" || *callee == "require")
                && let Some(specifier) = call.args.first().and_then(|arg| facts.str_value(arg.value))
            {
                add(FnId::MODULE, &specifier, None);
            }
        }
    }
    found
}

fn parse(file: &SourceFile) -> Parsed {
    let front_end: fn(&str, &str) -> (FileFacts, Vec<Notice>) = match file.language {
        Language::Python => lang::python::lower,
        Language::TypeScript => lang::typescript::lower,
        Language::Rust => lang::rust::lower,
        Language::Config | Language::Prompt | Language::Text => return (None, file.class, Vec::new()),
    };
    match catch_unwind(AssertUnwindSafe(|| front_end(&file.path, &file.text))) {
        Ok((facts, notices)) => (Some(facts), file.class, notices),
        Err(_) => {
            let message = "the front end failed on this file; it was left out. This is a defect: please report it";
            (None, file.class, vec![Notice::file(NoticeKind::Internal, &file.path, message)])
        }
    }
}
