//! Which files are parsed, and the parsing: in parallel and each on its own.
//!
//! What ships is parsed, and so is all that it imports. Tests, examples and the like are parsed only where something
//! asks for them, since nothing that ships runs them: their paths stay known, so that imports resolve as they would.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::store::{self, FactStore};
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

/// What a run wants of its files.
pub(super) struct Asked<'a> {
    /// Which files are parsed.
    pub(super) extent: Extent,
    /// Names files, by index, that are wanted whatever they are for.
    pub(super) is_asked: &'a (dyn Fn(usize) -> bool + Sync),
    /// Facts that earlier runs left.
    pub(super) store: Option<&'a dyn FactStore>,
    /// Names files, by index, of which nothing may be kept.
    pub(super) is_secret: &'a (dyn Fn(usize) -> bool + Sync),
}

/// The facts of a tree.
pub(super) struct Lowered {
    /// Every code file; those that were not parsed have no facts.
    pub(super) program: Vec<ProgramFile>,
    pub(super) notices: Vec<Notice>,
    /// How many were parsed.
    pub(super) parsed: usize,
    /// How many were kept by an earlier run.
    pub(super) kept: usize,
}

/// Lowers the files of a tree.
pub(super) fn lower_all(files: &[SourceFile], manifests: &[Manifest], models: &ModelSet, asked: &Asked<'_>) -> Lowered {
    let is_code = |file: &SourceFile| {
        file.language.is_code() && !matches!(file.class, PathClass::Generated | PathClass::Vendored)
    };
    let code: Vec<(usize, &SourceFile)> = files.iter().enumerate().filter(|(_, file)| is_code(file)).collect();
    let is_first =
        |index: usize, file: &SourceFile| asked.extent == Extent::Everything || ships(file) || (asked.is_asked)(index);
    let first: Vec<Option<Parsed>> =
        code.par_iter().map(|(index, file)| is_first(*index, file).then(|| obtain(asked, *index, file))).collect();
    let mut lowered = Lowered { program: Vec::with_capacity(code.len()), notices: Vec::new(), parsed: 0, kept: 0 };
    let mut waiting = Vec::new();
    for ((index, file), parsed) in code.iter().zip(first) {
        match parsed {
            Some(parsed) => {
                let file = lowered.take(parsed);
                lowered.program.extend(file);
            }
            None => {
                waiting.push((*index, *file));
                lowered.program.push(unparsed(file));
            }
        }
    }
    if !waiting.is_empty() {
        follow_imports(&mut lowered, &waiting, manifests, models, asked);
    }
    lowered
}

/// What became of one file.
struct Parsed {
    facts: Option<FileFacts>,
    class: PathClass,
    notices: Vec<Notice>,
    is_kept: bool,
}

impl Lowered {
    /// Counts a file; there is none if its front end failed.
    fn take(&mut self, parsed: Parsed) -> Option<ProgramFile> {
        self.notices.extend(parsed.notices);
        self.parsed += usize::from(!parsed.is_kept);
        self.kept += usize::from(parsed.is_kept);
        let class = parsed.class;
        parsed.facts.map(|facts| ProgramFile { facts, class })
    }
}

/// The facts of a file: kept ones if there are any, else it is parsed, and kept for the next run if nothing is the matter.
fn obtain(asked: &Asked<'_>, index: usize, file: &SourceFile) -> Parsed {
    let Some(store) = asked.store.filter(|_| !(asked.is_secret)(index)) else { return parse(file) };
    let key = store::key(file);
    if let Some(facts) = store.get(&key).and_then(store::decode) {
        return Parsed { facts: Some(facts), class: file.class, notices: Vec::new(), is_kept: true };
    }
    let parsed = parse(file);
    // What a front end says about a file is said again in the next run, so it is asked again.
    if let Some(facts) = parsed.facts.as_ref().filter(|_| parsed.notices.is_empty())
        && let Some(entry) = store::encode(facts)
    {
        store.put(key, entry);
    }
    parsed
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
fn follow_imports(
    lowered: &mut Lowered,
    waiting: &[(usize, &SourceFile)],
    manifests: &[Manifest],
    models: &ModelSet,
    asked: &Asked<'_>,
) {
    let mut program = Program::new(std::mem::take(&mut lowered.program));
    let modules = Modules::new(&program, manifests, models);
    let mut missing: Vec<Option<(usize, &SourceFile)>> = vec![None; program.files.len()];
    for (index, file) in waiting {
        if let Some(id) = program.file_at(&file.path) {
            missing[id.0 as usize] = Some((*index, *file));
        }
    }
    let mut fresh: Vec<FileId> = program.file_ids().filter(|id| missing[id.0 as usize].is_none()).collect();
    while !fresh.is_empty() {
        let mut imported: Vec<FileId> = fresh.par_iter().flat_map_iter(|id| imports(&program, &modules, *id)).collect();
        imported.sort_unstable();
        imported.dedup();
        let next: Vec<(FileId, (usize, &SourceFile))> =
            imported.into_iter().filter_map(|id| Some((id, missing[id.0 as usize].take()?))).collect();
        let parsed: Vec<(FileId, Parsed)> =
            next.par_iter().map(|(id, (index, file))| (*id, obtain(asked, *index, file))).collect();
        fresh = parsed.iter().map(|(id, _)| *id).collect();
        for (id, parsed) in parsed {
            if let Some(file) = lowered.take(parsed) {
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

impl Parsed {
    fn none(file: &SourceFile, notices: Vec<Notice>) -> Parsed {
        Parsed { facts: None, class: file.class, notices, is_kept: false }
    }
}

fn parse(file: &SourceFile) -> Parsed {
    let front_end: fn(&str, &str) -> (FileFacts, Vec<Notice>) = match file.language {
        Language::Python => lang::python::lower,
        Language::TypeScript => lang::typescript::lower,
        Language::Rust => lang::rust::lower,
        Language::Config | Language::Prompt | Language::Text => return Parsed::none(file, Vec::new()),
    };
    match catch_unwind(AssertUnwindSafe(|| front_end(&file.path, &file.text))) {
        Ok((facts, notices)) => Parsed { facts: Some(facts), class: file.class, notices, is_kept: false },
        Err(_) => {
            let message = "the front end failed on this file; it was left out. This is a defect: please report it";
            Parsed::none(file, vec![Notice::file(NoticeKind::Internal, &file.path, message)])
        }
    }
}
