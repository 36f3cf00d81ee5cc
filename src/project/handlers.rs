//! What frameworks hand to handlers: library values for parameters that the program leaves without a type.
//!
//! Entry rows say it (`types: {arg0: Request}`). Which functions are entry points is told by [`super::entry`] once
//! linking is done; here only values are bound, wherever a row makes a function a handler.

use globset::GlobSet;
use rustc_hash::FxHashSet;

use super::entry::globs;
use super::linker::Linker;
use super::modules::ModuleRef;
use super::program::{FileId, GClass, GFn};
use super::solver::{NodeId, Op};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FnId, Type};
use crate::model::{ApiId, ApiStep, ModelSet, ObjectId, Place, RowRef};
use crate::source::Language;

/// Files whose exports are handlers with parameters that a row states.
pub(super) struct Convention {
    row: u32,
    language: Language,
    files: GlobSet,
}

impl Convention {
    /// All of them; their globs are compiled once a run.
    pub(super) fn all(models: &ModelSet) -> Vec<Convention> {
        let rows = models.entries.iter().zip(0u32..);
        rows.filter(|(row, _)| !row.raw.exports.is_empty() && !row.places.types.is_empty())
            .map(|(row, index)| Convention {
                row: index,
                language: models.files[row.file].1.language,
                files: globs(row.raw.files.as_slice()),
            })
            .collect()
    }
}

/// The names under which rows expect guards and handlers in files.
pub(super) fn convention_names(models: &ModelSet) -> FxHashSet<Name> {
    let guards = models.attaches.iter().flat_map(|row| &row.raw.exports);
    let handlers = models.entries.iter().flat_map(|row| &row.raw.exports);
    guards.chain(handlers).filter_map(|name| name.split('.').next()).map(Name::new).collect()
}

impl<'a> Linker<'a> {
    /// Where the handlers of a registration row stand, if the row says anything about their parameters.
    pub(super) fn typed_handlers(&self, row: u32) -> &'a [Place] {
        let models: &'a ModelSet = self.models;
        let places = &models.entries[row as usize].places;
        if places.types.is_empty() { &[] } else { &places.subject }
    }

    /// Gives a handler's parameters the values that a row states.
    pub(super) fn type_handler(&mut self, row: u32, handler: GFn) {
        let models = self.models;
        for (at, object) in &models.entries[row as usize].places.types {
            self.type_parameter(handler, *at, *object);
        }
    }

    /// Gives a callback's parameter the value that a call row states.
    pub(super) fn type_callback(&mut self, row: u32, hand: u32, callback: GFn) {
        let (_, at, object) = self.models.calls[row as usize].places.hands[hand as usize];
        self.type_parameter(callback, at, object);
    }

    /// Asks for the declared type of a function that is written where a value of the type is expected:
    /// `const routes: Plugin = (app) => ..`.
    pub(super) fn watch_function_type(&mut self, file: FileId, scope: FnId, ty: &Type, value: ExprId) {
        let mut value = value;
        while let Expr::Cast { value: inner, .. } = self.program.facts(file).expr(value) {
            value = *inner;
        }
        if let Expr::Lambda(f) = self.program.facts(file).expr(value) {
            let of = self.program.gfn(file, *f);
            let head = self.type_head(file, scope, ty);
            self.watch(head, Op::FunctionType { of });
        }
    }

    /// Gives a function the parameters of a library's function type: what the models call its member `param0`, `param1`, ...
    pub(super) fn type_function(&mut self, ty: ApiId, f: GFn) {
        for (at, param) in self.program.function(f).params.iter().enumerate() {
            let api = self.matcher.step(ty, ApiStep::Member(Name::new(&format!("param{at}"))));
            if self.matcher.is_known(api) {
                let node = self.graph.constant(Value::Api(api));
                self.bind_pattern(self.program.file_of(f), self.program.local_fn(f), &param.pattern, node);
            }
        }
    }

    fn type_parameter(&mut self, f: GFn, at: usize, object: ObjectId) {
        let Some(param) = self.program.function(f).params.get(at) else { return };
        let api = self.matcher.object(object);
        let node = self.graph.constant(Value::Api(api));
        self.bind_pattern(self.program.file_of(f), self.program.local_fn(f), &param.pattern, node);
    }

    /// Asks what a decorator, or the function whose call it is, makes of a function.
    pub(super) fn watch_decorator(&mut self, file: FileId, scope: FnId, decorator: ExprId, of: GFn) {
        let callee = match self.program.facts(file).expr(decorator) {
            Expr::Call(call) => call.callee,
            _ => decorator,
        };
        let node = self.eval(file, scope, callee);
        self.watch(node, Op::Decorator { of });
    }

    /// A function below a library's decorator.
    pub(super) fn type_decorated(&mut self, decorator: ApiId, f: GFn) {
        for row in self.matcher.rows(decorator).to_vec() {
            if let RowRef::EntryDecorator(row) = row {
                self.type_handler(row, f);
            }
        }
    }

    /// A class whose direct base is a library's.
    pub(super) fn type_methods(&mut self, base: ApiId, class: GClass) {
        let file = self.program.file_of_class(class);
        for row in self.matcher.rows(base).to_vec() {
            let (RowRef::EntrySubclass(row) | RowRef::EntryImplements(row)) = row else { continue };
            for method in &self.program.class(class).methods {
                let f = self.program.gfn(file, *method);
                let names = &self.models.entries[row as usize].raw.methods;
                let name = self.program.function(f).name;
                if names.iter().any(|n| n == "*" || n.split('=').next() == name.map(Name::as_str)) {
                    self.type_handler(row, f);
                }
            }
        }
    }

    /// Exports that a file's place makes handlers.
    pub(super) fn type_exports(&mut self, file: FileId) {
        let models = self.models;
        let (language, path) = (self.program.language(file), self.program.facts(file).path);
        let matching = self.conventions.iter().filter(|c| c.language == language && c.files.is_match(path.as_str()));
        for index in matching.map(|c| c.row).collect::<Vec<_>>() {
            let row = &models.entries[index as usize];
            for export in &self.program.facts(file).exports {
                for name in &row.raw.exports {
                    let (head, member) = name.split_once('.').map_or((name.as_str(), None), |(h, m)| (h, Some(m)));
                    if head != export.name.as_str() && head != "*" {
                        continue;
                    }
                    let node = self.export_node(file, export.local, export.value);
                    let node = member.map_or(node, |member| self.load(node, Name::new(member)));
                    self.watch(node, Op::Handler { row: index });
                    let members = self.load_element(node);
                    self.watch(members, Op::Handler { row: index });
                }
            }
        }
    }

    /// Names that a row makes guards or handlers where a file passes them on: `export { auth as middleware } from "./auth"`.
    pub(super) fn pass_on(&mut self, file: FileId) {
        let facts = self.program.facts(file);
        for export in facts.exports.iter().filter(|export| export.local.is_none() && export.value.is_none()) {
            if self.convention_names.contains(&export.name) {
                let node = self.module_member(ModuleRef::Scope(file, FnId::MODULE), export.name);
                self.passed_on.insert((file, export.name), node);
            }
        }
    }

    fn export_node(&mut self, file: FileId, local: Option<Name>, value: Option<ExprId>) -> NodeId {
        match (local, value) {
            (Some(local), _) => self.graph.variable(self.program.gfn(file, FnId::MODULE), local),
            (None, Some(expr)) => self.eval(file, FnId::MODULE, expr),
            (None, None) => NodeId::EMPTY,
        }
    }
}
