//! Members of modules: scopes, exports, barrels and imports.

use std::sync::Arc;

use super::{Linker, Stars};
use crate::intern::Name;
use crate::ir::{Export, ExprId, FnId};
use crate::model::ApiStep;
use crate::project::modules::ModuleRef;
use crate::project::program::{FileId, GExpr};
use crate::project::solver::NodeId;
use crate::project::value::Value;
use crate::project::wildcards::Outside;
use crate::source::Language;

impl Linker<'_> {
    /// A member of a module: a name of its scope, a re-export, or a submodule.
    pub(in crate::project) fn module_member(&mut self, module: ModuleRef, name: Name) -> NodeId {
        if let Some(node) = self.module_members.get(&(module, name)) {
            return *node;
        }
        let node = self.graph.node();
        self.module_members.insert((module, name), node);
        if let ModuleRef::Scope(file, scope) = module {
            match self.program.language(file) {
                Language::TypeScript => self.exported(file, name, node),
                _ => self.scope_member(file, scope, name, node),
            }
        }
        if let Some(sub) = self.modules.submodule(self.program, module, name) {
            self.graph.add(node, Value::Module(sub));
        }
        for sibling in self.modules.siblings(module).to_vec() {
            if let ModuleRef::Scope(file, scope) = sibling {
                self.scope_member(file, scope, name, node);
            }
        }
        node
    }

    pub(super) fn scope_member(&mut self, file: FileId, scope: FnId, name: Name, to: NodeId) {
        if self.scopes[file.0 as usize].binds(scope, name) {
            let variable = self.graph.variable(self.program.gfn(file, scope), name);
            self.graph.copy(variable, to);
            if self.program.language(file) != Language::Rust {
                return;
            }
            // `mod ask; pub use ask::*;` may bring in a function `ask`: modules and values do not share names.
        }
        if let Some(group) = self.wildcards.group_of(file, scope) {
            let from = self.group_member(group, name);
            self.graph.copy(from, to);
        }
    }

    /// A name in modules that take all names from each other.
    fn group_member(&mut self, group: usize, name: Name) -> NodeId {
        if let Some(node) = self.group_members.get(&(group, name)) {
            return *node;
        }
        let node = self.graph.node();
        self.group_members.insert((group, name), node);
        let wildcards = Arc::clone(&self.wildcards);
        for (file, scope) in &wildcards.group(group).scopes {
            if self.scopes[file.0 as usize].binds(*scope, name) {
                let variable = self.graph.variable(self.program.gfn(*file, *scope), name);
                self.graph.copy(variable, node);
            }
        }
        for outside in &wildcards.group(group).outside {
            let from = match outside {
                Outside::Module(module) => self.module_member(*module, name),
                Outside::Import(file, scope, specifier) => self.import_member(*file, *scope, *specifier, name),
            };
            self.graph.copy(from, node);
        }
        node
    }

    pub(super) fn exported(&mut self, file: FileId, name: Name, to: NodeId) {
        let module = self.program.gfn(file, FnId::MODULE);
        let exports = &self.program.facts(file).exports;
        let mut is_found = false;
        for export in exports.iter().filter(|e| e.name == name) {
            is_found = true;
            if let Some(local) = export.local {
                let variable = self.graph.variable(module, local);
                self.graph.copy(variable, to);
            }
            if let Some((specifier, there)) = export.from {
                let from = if there == "*" {
                    self.import_module(file, FnId::MODULE, specifier)
                } else {
                    self.import_member(file, FnId::MODULE, specifier, there)
                };
                self.graph.copy(from, to);
            }
            if let Some(value) = export.value {
                let node = self.exported_value(file, value);
                self.graph.copy(node, to);
            }
        }
        if is_found {
            return;
        }
        for specifier in self.stars(file).leading_to(name) {
            let from = self.import_member(file, FnId::MODULE, specifier, name);
            self.graph.copy(from, to);
        }
        // `module.exports = { a, b }`: members of the exported value.
        for value in exports.iter().filter(|e| e.name == "default").filter_map(|e| e.value) {
            let node = self.exported_value(file, value);
            let member = self.load(node, name);
            self.graph.copy(member, to);
        }
    }

    /// The node of an exported expression; of a file whose turn is yet to come, one that it will fill.
    fn exported_value(&mut self, file: FileId, value: ExprId) -> NodeId {
        let known = self.expr_nodes[file.0 as usize][value.0 as usize];
        if known != NodeId::EMPTY || self.generated[file.0 as usize] {
            return known;
        }
        let at = GExpr { file, expr: value };
        if let Some(promised) = self.promised.get(&at) {
            return *promised;
        }
        let node = self.graph.node();
        self.promised.insert(at, node);
        node
    }

    /// What a file passes on as a whole.
    pub(super) fn stars(&mut self, file: FileId) -> Arc<Stars> {
        if let Some(known) = self.stars.get(&file) {
            return Arc::clone(known);
        }
        let mut stars = Stars::default();
        let passed = self.program.facts(file).exports.iter().filter(|e| e.name == "*").filter_map(|e| e.from);
        for (nth, (specifier, _)) in passed.enumerate() {
            match self.modules.resolve(self.program, file, FnId::MODULE, &specifier) {
                Some(ModuleRef::Scope(target, FnId::MODULE)) if self.is_closed(target) => {
                    for export in &self.program.facts(target).exports {
                        let named = stars.closed.entry(export.name).or_default();
                        if named.last() != Some(&(nth, specifier)) {
                            named.push((nth, specifier));
                        }
                    }
                }
                _ => stars.open.push((nth, specifier)),
            }
        }
        let stars = Arc::new(stars);
        self.stars.insert(file, Arc::clone(&stars));
        stars
    }

    /// Whether a module exports what it names and nothing else.
    pub(super) fn is_closed(&self, file: FileId) -> bool {
        let mut exports = self.program.facts(file).exports.iter();
        let is_named = |e: &Export| e.name != "*" && !(e.name == "default" && e.value.is_some());
        self.program.language(file) == Language::TypeScript && exports.all(is_named)
    }

    /// A module as imported.
    pub(in crate::project) fn import_module(&mut self, file: FileId, scope: FnId, specifier: Name) -> NodeId {
        match self.modules.resolve(self.program, file, scope, &specifier) {
            Some(module) => self.graph.constant(Value::Module(module)),
            None => self.reexported(file, scope, specifier).unwrap_or_else(|| {
                let api = self.matcher.module(self.program.language(file), &specifier);
                self.graph.constant(Value::Api(api))
            }),
        }
    }

    /// A Rust path that starts in the program but leads through what a module re-exports (`pub use inner::*`).
    pub(super) fn reexported(&mut self, file: FileId, scope: FnId, specifier: Name) -> Option<NodeId> {
        if self.program.language(file) != Language::Rust {
            return None;
        }
        let (parent, last) = specifier.rsplit_once("::")?;
        let known = match self.modules.resolve(self.program, file, scope, parent) {
            Some(module) => self.graph.constant(Value::Module(module)),
            None => self.reexported(file, scope, Name::new(parent))?,
        };
        Some(self.load(known, Name::new(last)))
    }

    /// A member of a module as imported.
    pub(in crate::project) fn import_member(
        &mut self,
        file: FileId,
        scope: FnId,
        specifier: Name,
        name: Name,
    ) -> NodeId {
        match self.modules.resolve(self.program, file, scope, &specifier) {
            Some(module) => self.module_member(module, name),
            None => {
                if let Some(module) = self.reexported(file, scope, specifier) {
                    return self.load(module, name);
                }
                let mut api = self.matcher.module(self.program.language(file), &specifier);
                if name != "default" {
                    api = self.matcher.step(api, ApiStep::Member(name));
                }
                self.graph.constant(Value::Api(api))
            }
        }
    }
}
