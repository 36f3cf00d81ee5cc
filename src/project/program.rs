//! All files of a run with global ids for their functions and classes.

use std::fmt;

use rustc_hash::FxHashMap;

use crate::intern::Name;
use crate::ir::{Class, ClassId, ExprId, FileFacts, FnId, FnKind, Function};
use crate::source::{Language, PathClass};

/// Index of a file in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A function of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GFn(pub u32);

/// A class of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GClass(pub u32);

/// An expression of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GExpr {
    /// Its file.
    pub file: FileId,
    /// Its index there.
    pub expr: ExprId,
}

/// A file with what was judged about it.
#[derive(Clone, Debug)]
pub struct ProgramFile {
    /// Its facts.
    pub facts: FileFacts,
    /// What it is for.
    pub class: PathClass,
}

/// All code files, sorted by path.
pub struct Program {
    /// The files.
    pub files: Vec<ProgramFile>,
    by_path: FxHashMap<Name, FileId>,
    fn_base: Vec<u32>,
    class_base: Vec<u32>,
    fn_file: Vec<u32>,
    class_file: Vec<u32>,
    owners: FxHashMap<GFn, GClass>,
}

impl Program {
    /// Puts files together. Their order is made canonical, so ids do not depend on who was parsed first.
    pub fn new(mut files: Vec<ProgramFile>) -> Self {
        files.sort_by_key(|f| f.facts.path);
        let mut program = Program {
            by_path: FxHashMap::default(),
            fn_base: Vec::new(),
            class_base: Vec::new(),
            fn_file: Vec::new(),
            class_file: Vec::new(),
            owners: FxHashMap::default(),
            files,
        };
        for (file, index) in program.files.iter().zip(0u32..) {
            program.by_path.insert(file.facts.path, FileId(index));
            program.fn_base.push(len32(program.fn_file.len()));
            program.class_base.push(len32(program.class_file.len()));
            program.fn_file.extend(std::iter::repeat_n(index, file.facts.functions.len()));
            program.class_file.extend(std::iter::repeat_n(index, file.facts.classes.len()));
        }
        program
    }

    /// All file ids.
    pub fn file_ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..len32(self.files.len())).map(FileId)
    }

    /// A file's facts.
    pub fn facts(&self, file: FileId) -> &FileFacts {
        &self.files[file.0 as usize].facts
    }

    /// What a file is for.
    pub fn class_of_path(&self, file: FileId) -> PathClass {
        self.files[file.0 as usize].class
    }

    /// A file's language.
    pub fn language(&self, file: FileId) -> Language {
        self.facts(file).language
    }

    /// The file at a path.
    pub fn file_at(&self, path: &str) -> Option<FileId> {
        self.by_path.get(&Name::new(path)).copied()
    }

    /// The global id of a file's function.
    pub fn gfn(&self, file: FileId, id: FnId) -> GFn {
        GFn(self.fn_base[file.0 as usize] + id.0)
    }

    /// The global id of a file's class.
    pub fn gclass(&self, file: FileId, id: ClassId) -> GClass {
        GClass(self.class_base[file.0 as usize] + id.0)
    }

    /// How many functions there are.
    pub fn fn_count(&self) -> u32 {
        len32(self.fn_file.len())
    }

    /// How many classes there are.
    pub fn class_count(&self) -> u32 {
        len32(self.class_file.len())
    }

    /// The file of a function.
    pub fn file_of(&self, f: GFn) -> FileId {
        FileId(self.fn_file[f.0 as usize])
    }

    /// A function's index in its file.
    pub fn local_fn(&self, f: GFn) -> FnId {
        FnId(f.0 - self.fn_base[self.file_of(f).0 as usize])
    }

    /// A function.
    pub fn function(&self, f: GFn) -> &Function {
        self.facts(self.file_of(f)).function(self.local_fn(f))
    }

    /// The function around a function, in the same file.
    pub fn parent(&self, f: GFn) -> Option<GFn> {
        let function = self.function(f);
        if self.local_fn(f) == FnId::MODULE {
            return None;
        }
        Some(self.gfn(self.file_of(f), function.parent.unwrap_or(FnId::MODULE)))
    }

    /// The file of a class.
    pub fn file_of_class(&self, c: GClass) -> FileId {
        FileId(self.class_file[c.0 as usize])
    }

    /// A class.
    pub fn class(&self, c: GClass) -> &Class {
        let file = self.file_of_class(c);
        self.facts(file).class(ClassId(c.0 - self.class_base[file.0 as usize]))
    }

    /// Tells to which classes the methods found in `impl` blocks belong.
    pub(super) fn set_owners(&mut self, owners: FxHashMap<GFn, GClass>) {
        self.owners = owners;
    }

    /// The class whose receiver a function sees: its own, or that of the function it is nested in.
    pub fn receiver_class(&self, f: GFn) -> Option<GClass> {
        let mut at = Some(f);
        while let Some(f) = at {
            if let Some(owner) = self.owner(f) {
                return Some(owner);
            }
            at = self.parent(f);
        }
        None
    }

    /// The class a method belongs to.
    pub fn owner(&self, f: GFn) -> Option<GClass> {
        let own = self.function(f).owner.map(|c| self.gclass(self.file_of(f), c));
        own.or_else(|| self.owners.get(&f).copied())
    }

    /// `Class.method`, `outer.inner` or the plain name, for people.
    pub fn fn_name(&self, f: GFn) -> String {
        let function = self.function(f);
        let own = match (function.name, function.kind) {
            (_, FnKind::Module) if self.local_fn(f) == FnId::MODULE => return "<module>".into(),
            (Some(name), _) => name.to_string(),
            (None, FnKind::AsyncBlock) => "<async block>".into(),
            (None, _) => "<anonymous>".into(),
        };
        match self.owner(f).and_then(|c| self.class(c).name) {
            Some(class) => format!("{class}.{own}"),
            None => own,
        }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("files", &self.files.len()).finish_non_exhaustive()
    }
}

/// A length as an id; programs with more than four billion items do not fit in memory anyway.
pub(super) fn len32(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
