//! Exports: ES modules, `export =`, and CommonJS.

use tree_sitter::Node;

use super::functions::Around;
use super::kind::{F, Kind};
use super::{Lowerer, span, stmt};
use crate::intern::Name;
use crate::ir::{Block, Decl, Export, Expr, ExprId, FnId, Key, Pattern, StmtKind};
use crate::source::Span;

impl<'t> Lowerer<'t> {
    /// Any statement that starts with `export`; what it declares goes to `out`.
    pub(super) fn export_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let source = self.field(node, F::Source).map(|source| self.string(source));
        if let Some(declaration) = self.field(node, F::Declaration) {
            return self.export_declaration(node, declaration, out);
        }
        if let Some(value) = self.field(node, F::Value) {
            return self.export_value(value, span(node), out);
        }
        let mut wildcard = false;
        for child in self.children(node) {
            match self.kind(child) {
                Kind::ExportClause => self.export_clause(child, source),
                Kind::NamespaceExport => {
                    let name = self.first_named(child).map(|name| self.property_name(name));
                    if let (Some(name), Some(module)) = (name, source) {
                        self.export(name, Reference::From(module, Name::new("*")), span(child));
                    }
                }
                Kind::Star => wildcard = true,
                // `export = value`.
                Kind::Equals => {
                    if let Some(value) = self.first_named(node) {
                        self.export_value(value, span(node), out);
                    }
                }
                _ => {}
            }
        }
        if let (true, Some(module)) = (wildcard, source) {
            self.export(Name::new("*"), Reference::From(module, Name::new("*")), span(node));
        }
    }

    fn export_clause(&mut self, clause: Node<'t>, source: Option<Name>) {
        self.sweep(clause);
        for specifier in self.named(clause) {
            let Some(name) = self.field(specifier, F::Name) else { continue };
            let local = self.property_name(name);
            let name = self.field(specifier, F::Alias).map_or(local, |alias| self.property_name(alias));
            let reference = source.map_or(Reference::Local(local), |module| Reference::From(module, local));
            self.export(name, reference, span(specifier));
        }
    }

    fn export_declaration(&mut self, node: Node<'t>, declaration: Node<'t>, out: &mut Block) {
        let is_default = self.children(node).into_iter().any(|child| self.kind(child) == Kind::KwDefault);
        let around = self.around(node);
        let from = out.len();
        let names = match self.kind(declaration) {
            Kind::FunctionDeclaration | Kind::GeneratorFunctionDeclaration => {
                self.function_declaration(declaration, around, out).into_iter().collect()
            }
            Kind::ClassDeclaration | Kind::AbstractClassDeclaration => {
                self.class_declaration(declaration, around, out).into_iter().collect()
            }
            Kind::LexicalDeclaration | Kind::VariableDeclaration => {
                let is_var = self.kind(declaration) == Kind::VariableDeclaration;
                let imports = self.builder.facts.imports.len();
                self.declaration(declaration, if is_var { Decl::Var } else { Decl::Let }, out);
                let mut names = bound_names(&out[from..]);
                names.extend(self.builder.facts.imports[imports..].iter().filter_map(|import| import.local));
                names
            }
            Kind::InterfaceDeclaration => self.interface(declaration).into_iter().collect(),
            Kind::TypeAlias => self.alias(declaration).into_iter().collect(),
            Kind::AmbientDeclaration => Vec::new(),
            _ => {
                self.stmt(declaration, out);
                self.field(declaration, F::Name).map(|name| self.name(name)).into_iter().collect()
            }
        };
        self.sweep(declaration);
        for local in names {
            let name = if is_default { Name::new("default") } else { local };
            self.export(name, Reference::Local(local), span(node));
        }
    }

    /// The `export` keyword and the decorators before it belong to the declaration.
    fn around(&mut self, node: Node<'t>) -> Around {
        let mut around = Around { start: Some(node.start_byte()), ..Around::default() };
        for child in self.children(node) {
            match self.kind(child) {
                Kind::Decorator => around.decorators.push(self.expr(child)),
                Kind::KwExport => {
                    around.head = Some(child.start_byte());
                    break;
                }
                _ => {}
            }
        }
        around
    }

    /// `export default value` and `export = value`.
    fn export_value(&mut self, value: Node<'t>, span: Span, out: &mut Block) {
        let name = Name::new("default");
        let id = self.expr_bound(value, Some(name));
        let plain = match self.builder.facts.expr(id) {
            Expr::Name(local) => Some(*local),
            _ => None,
        };
        if let Some(local) = plain {
            return self.export(name, Reference::Local(local), span);
        }
        out.push(stmt(StmtKind::Expr(id), span));
        self.export(name, Reference::Value(id), span);
    }

    /// `module.exports = value`, `module.exports.x = value` and `exports.x = value`.
    pub(super) fn note_commonjs(&mut self, place: Node<'t>, value: ExprId, span: Span) {
        if self.scope != FnId::MODULE || self.kind(place) != Kind::Member {
            return;
        }
        let source = self.source(place);
        if source == "module.exports" {
            self.export(Name::new("default"), self.reference(value), span);
            self.export_entries(value, span);
        } else if let Some(name) = source.strip_prefix("module.").unwrap_or(source).strip_prefix("exports.")
            && !name.contains(['.', '[', '(', ' ', '\n'])
        {
            self.export(Name::new(name), self.reference(value), span);
        }
    }

    /// The entries of `module.exports = { a, b: c }` are exports by name.
    fn export_entries(&mut self, value: ExprId, span: Span) {
        let Expr::Object(entries) = self.builder.facts.expr(value) else { return };
        let named: Vec<_> = entries
            .iter()
            .filter_map(|entry| match entry.key {
                Key::Name(name) => Some((name, entry.value)),
                Key::Computed(_) | Key::Spread => None,
            })
            .collect();
        for (name, value) in named {
            self.export(name, self.reference(value), span);
        }
    }

    fn reference(&self, value: ExprId) -> Reference {
        match self.builder.facts.expr(value) {
            Expr::Name(local) => Reference::Local(*local),
            _ => Reference::Value(value),
        }
    }

    fn export(&mut self, name: Name, reference: Reference, span: Span) {
        if self.namespaces > 0 {
            return;
        }
        let (local, from, value) = match reference {
            Reference::Local(local) => (Some(local), None, None),
            Reference::From(module, there) => (None, Some((module, there)), None),
            Reference::Value(value) => (None, None, Some(value)),
        };
        self.builder.facts.exports.push(Export { name, local, from, value, span });
    }
}

/// What stands behind an exported name.
enum Reference {
    Local(Name),
    From(Name, Name),
    Value(ExprId),
}

fn bound_names(stmts: &[crate::ir::Stmt]) -> Vec<Name> {
    let mut names = Vec::new();
    for stmt in stmts {
        if let StmtKind::Assign { targets, .. } = &stmt.kind {
            targets.iter().for_each(|target: &Pattern| target.for_each_name(&mut |name| names.push(name)));
        }
    }
    names
}
