//! Imports of all kinds, in any scope.

use super::Lowering;
use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use crate::intern::Name;
use crate::ir::{Import, ImportKind};
use crate::source::Span;

impl Lowering<'_> {
    pub(super) fn import(&mut self, at: At) {
        match self.kind(at) {
            Kind::ImportStatement => self.modules(at),
            Kind::FutureImportStatement => self.members(at, Name::new("__future__")),
            _ => {
                let module = self.child(at, Field::ModuleName).map(|module| self.module(module));
                self.members(at, module.unwrap_or_else(|| Name::new("")));
            }
        }
    }

    /// A module's name as written, but for the spaces Python allows in it.
    fn module(&self, at: At) -> Name {
        let written = self.source(at);
        if written.contains(|c: char| c.is_whitespace() || c == '\\') {
            Name::new(&written.replace(|c: char| c.is_whitespace() || c == '\\', ""))
        } else {
            Name::new(written)
        }
    }

    /// `import a`, `import a.b`, `import a.b as c`.
    fn modules(&mut self, at: At) {
        let tree = self.tree;
        for item in tree.children(at).filter(|&c| tree.field(c) == Field::Name) {
            let span = self.span(item);
            if let Some((name, alias)) = self.aliased(item) {
                let module = self.module(name);
                self.bind(module, ImportKind::Module, Some(alias), span);
                continue;
            }
            let module = self.module(item);
            let first = module.split('.').next().map_or(module, Name::new);
            self.bind(first, ImportKind::Module, Some(first), span);
            if first != module {
                self.bind(module, ImportKind::SideEffect, None, span);
            }
        }
    }

    /// `from a import b`, `from .a import b as c`, `from a import *`.
    fn members(&mut self, at: At, module: Name) {
        let tree = self.tree;
        for item in tree.children(at).filter(|&c| tree.field(c) == Field::Name) {
            let span = self.span(item);
            let (member, local) = match self.aliased(item) {
                Some((name, alias)) => (self.name(name), alias),
                None => (self.name(item), self.name(item)),
            };
            if member == "cast" && matches!(module.as_str(), "typing" | "typing_extensions") {
                self.cast = Some(local);
            }
            self.bind(module, ImportKind::Member(member), Some(local), span);
        }
        if let Some(star) = tree.child_of(at, Kind::WildcardImport) {
            let span = self.span(star);
            self.bind(module, ImportKind::Wildcard, None, span);
        }
    }

    /// The parts of `name as alias`.
    fn aliased(&self, at: At) -> Option<(At, Name)> {
        if self.kind(at) != Kind::AliasedImport {
            return None;
        }
        let alias = self.child(at, Field::Alias)?;
        Some((self.child(at, Field::Name)?, self.name(alias)))
    }

    fn bind(&mut self, module: Name, kind: ImportKind, local: Option<Name>, span: Span) {
        let (scope, type_only) = (self.scope.function, self.scope.type_only);
        self.out.facts.imports.push(Import { module, kind, local, scope, type_only, span });
    }
}
