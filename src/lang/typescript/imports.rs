//! Imports: ES modules, `import x = require(..)`, and CommonJS `require`.

use tree_sitter::Node;

use super::kind::{F, Kind};
use super::{Lowerer, span};
use crate::intern::Name;
use crate::ir::{Arg, Expr, ExprId, Import, ImportKind};
use crate::source::Span;

impl<'t> Lowerer<'t> {
    /// `import .. from "m"`.
    pub(super) fn import_statement(&mut self, node: Node<'t>) {
        let type_only =
            self.children(node).get(1).is_some_and(|c| matches!(self.kind(*c), Kind::KwType | Kind::KwTypeof));
        let parts = self.named(node);
        let clause = |kind: Kind| parts.iter().copied().find(|part| self.grammar.kind(*part) == kind);
        if let Some(clause) = clause(Kind::ImportRequireClause) {
            let source = self.field(clause, F::Source).map(|source| self.string(source));
            if let (Some(local), Some(module)) = (self.first_named(clause), source) {
                self.import(module, ImportKind::Module, Some(self.name(local)), type_only, span(node));
            }
            return;
        }
        let clause = clause(Kind::ImportClause);
        let Some(module) = self.field(node, F::Source).map(|source| self.string(source)) else { return };
        match clause {
            Some(clause) => self.import_clause(clause, module, type_only),
            None => self.import(module, ImportKind::SideEffect, None, type_only, span(node)),
        }
    }

    fn import_clause(&mut self, clause: Node<'t>, module: Name, type_only: bool) {
        self.sweep(clause);
        for part in self.named(clause) {
            match self.kind(part) {
                Kind::Identifier => {
                    self.import(module, ImportKind::Default, Some(self.name(part)), type_only, span(part));
                }
                Kind::NamespaceImport => {
                    let local = self.first_named(part).map(|local| self.name(local));
                    self.import(module, ImportKind::Module, local, type_only, span(part));
                }
                Kind::NamedImports => {
                    for specifier in self.named(part) {
                        if self.kind(specifier) == Kind::ImportSpecifier {
                            self.import_specifier(specifier, module, type_only);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn import_specifier(&mut self, node: Node<'t>, module: Name, type_only: bool) {
        let Some(name) = self.field(node, F::Name) else { return };
        let marked = node
            .child(0)
            .is_some_and(|first| first != name && matches!(self.kind(first), Kind::KwType | Kind::KwTypeof));
        let name = self.property_name(name);
        let local = self.field(node, F::Alias).map_or(name, |alias| self.name(alias));
        self.import(module, member(name), Some(local), type_only || marked, span(node));
    }

    /// A declared variable whose value is a `require`: gives imports instead. Whether it was one.
    pub(super) fn require_declaration(&mut self, target: Node<'t>, value: Node<'t>, span: Span) -> bool {
        let Some((module, name)) = self.required(value) else { return false };
        if self.kind(target) == Kind::Identifier {
            let kind = name.map_or(ImportKind::Module, member);
            self.import(module, kind, Some(self.name(target)), false, span);
            return true;
        }
        let bound = match name {
            None if self.kind(target) == Kind::ObjectPattern => self.plain_bindings(target),
            _ => None,
        };
        let Some(bound) = bound else { return false };
        for (name, local) in bound {
            self.import(module, member(name), Some(local), false, span);
        }
        true
    }

    /// The module of `require("m")`, and the member of `require("m").x`.
    fn required(&mut self, value: Node<'t>) -> Option<(Name, Option<Name>)> {
        let value = self.bare(value);
        if self.kind(value) == Kind::Member {
            let object = self.field(value, F::Object)?;
            let name = self.field(value, F::Property).map(|p| self.name(p))?;
            return self.required_module(object).map(|module| (module, Some(name)));
        }
        self.required_module(value).map(|module| (module, None))
    }

    fn required_module(&mut self, call: Node<'t>) -> Option<Name> {
        let function = self.field(call, F::Function).filter(|_| self.kind(call) == Kind::Call)?;
        if self.source(function) != "require" {
            return None;
        }
        let args = self.field(call, F::Arguments).map(|args| self.named(args))?;
        match args.as_slice() {
            [module] if self.kind(*module) == Kind::String => Some(self.string(*module)),
            _ => None,
        }
    }

    /// Keys and variables of `{a, b: c}`; `None` if the pattern does more than that.
    fn plain_bindings(&mut self, pattern: Node<'t>) -> Option<Vec<(Name, Name)>> {
        let mut bound = Vec::new();
        for field in self.named(pattern) {
            match self.kind(field) {
                Kind::ShorthandPropertyPattern => bound.push((self.name(field), self.name(field))),
                Kind::PairPattern => {
                    let (key, value) = (self.field(field, F::Key)?, self.field(field, F::Value)?);
                    bound.push((self.property_name(key), self.binding_name(value)?));
                }
                _ => return None,
            }
        }
        Some(bound)
    }

    /// A `require("m")` that binds nothing still loads the module.
    pub(super) fn note_require(&mut self, callee: ExprId, args: &[Arg], span: Span) {
        let is_require = matches!(self.builder.facts.expr(callee), Expr::Name(name) if name == "require");
        if let ([Arg { value, .. }], true) = (args, is_require)
            && let Some(module) = self.builder.facts.str_value(*value)
        {
            self.import(module, ImportKind::SideEffect, None, false, span);
        }
    }

    fn import(&mut self, module: Name, kind: ImportKind, local: Option<Name>, type_only: bool, span: Span) {
        let scope = self.scope;
        self.builder.facts.imports.push(Import { module, kind, local, scope, type_only, span });
    }
}

fn member(name: Name) -> ImportKind {
    if name == "default" { ImportKind::Default } else { ImportKind::Member(name) }
}
