//! Classes, interfaces, enums and type aliases.

use tree_sitter::Node;

use super::functions::Around;
use super::kind::{F, Kind};
use super::{Lowerer, span};
use crate::intern::Name;
use crate::ir::{Class, ClassId, ClassKind, Expr, ExprId, Field, FnId, FnKind, Function, Type};
use crate::source::Span;

impl<'t> Lowerer<'t> {
    /// Lowers a class declaration or expression.
    pub(super) fn class(&mut self, node: Node<'t>, name: Option<Name>, around: Around) -> ClassId {
        let whole = Span::new(around.start.unwrap_or(node.start_byte()), node.end_byte());
        let id = self.reserve(ClassKind::Class, name, whole);
        let mut decorators = around.decorators;
        for child in self.named(node) {
            match self.kind(child) {
                Kind::Decorator => decorators.push(self.expr(child)),
                Kind::ClassHeritage => self.heritage(child, id),
                _ => {}
            }
        }
        self.builder.class_mut(id).decorators = decorators;
        if let Some(body) = self.field(node, F::Body) {
            self.class_body(body, id);
        }
        self.sweep(node);
        id
    }

    fn reserve(&mut self, kind: ClassKind, name: Option<Name>, span: Span) -> ClassId {
        self.builder.class(Class {
            name,
            kind,
            parent: Some(self.scope),
            bases: Vec::new(),
            keywords: Vec::new(),
            implements: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            decorators: Vec::new(),
            body: None,
            span,
        })
    }

    fn heritage(&mut self, node: Node<'t>, id: ClassId) {
        for clause in self.named(node) {
            match self.kind(clause) {
                Kind::ExtendsClause => {
                    for base in self.named(clause) {
                        if self.kind(base) != Kind::TypeArguments {
                            let base = self.expr(base);
                            self.builder.class_mut(id).bases.push(base);
                        }
                    }
                }
                Kind::ImplementsClause => {
                    let types = self.types(clause);
                    self.builder.class_mut(id).implements = types;
                }
                _ => {
                    let base = self.expr(clause);
                    self.builder.class_mut(id).bases.push(base);
                }
            }
        }
    }

    fn class_body(&mut self, body: Node<'t>, id: ClassId) {
        let mut waiting: Vec<Node<'t>> = Vec::new();
        for member in self.named(body) {
            match self.kind(member) {
                Kind::Decorator => {
                    waiting.push(member);
                    continue;
                }
                Kind::MethodDefinition | Kind::AbstractMethodSignature => {
                    let start = waiting.first().map(|d| d.start_byte());
                    let decorators = waiting.drain(..).map(|d| self.expr(d)).collect();
                    self.method(member, id, Around { start, decorators, head: None, owner: Some(id) });
                }
                Kind::PublicFieldDefinition | Kind::FieldDefinition => self.class_field(member, id),
                Kind::ClassStaticBlock => self.static_block(member, id),
                Kind::Error => self.salvage(member),
                // Overloads and index signatures say nothing that the implementation does not.
                _ => {}
            }
            waiting.clear();
        }
    }

    fn method(&mut self, node: Node<'t>, class: ClassId, around: Around) {
        let name = self.field(node, F::Name).map(|name| self.member_name(name));
        let kind = if name.is_some_and(|n| n == "constructor") { FnKind::Constructor } else { FnKind::Method };
        let method = self.function(node, kind, name, around);
        self.builder.class_mut(class).methods.push(method);
    }

    /// A member's name; a computed one that is no literal stays as written.
    fn member_name(&mut self, node: Node<'t>) -> Name {
        let inner = match self.kind(node) {
            Kind::ComputedPropertyName => self.first_named(node).filter(|inner| self.kind(*inner) == Kind::String),
            _ => None,
        };
        self.property_name(inner.unwrap_or(node))
    }

    fn class_field(&mut self, node: Node<'t>, class: ClassId) {
        let Some(name) = self.field(node, F::Name).or_else(|| self.field(node, F::Property)) else { return };
        self.sweep(node);
        let name = self.member_name(name);
        let decorators = self.decorators(node);
        let ty = self.field(node, F::Type).map(|ty| self.annotation(ty));
        let default = self.field(node, F::Value).map(|value| self.expr_bound(value, Some(name)));
        // A function in a field has the instance as its receiver, like a method.
        if let Some(Expr::Lambda(function)) = default.map(|value| self.builder.facts.expr(value)) {
            let function = *function;
            self.builder.function_mut(function).owner = Some(class);
        }
        self.builder.class_mut(class).fields.push(Field { name, ty, default, decorators, span: span(node) });
    }

    fn decorators(&mut self, node: Node<'t>) -> Vec<ExprId> {
        let nodes = self.named(node);
        let found: Vec<_> = nodes.into_iter().filter(|n| self.kind(*n) == Kind::Decorator).collect();
        found.into_iter().map(|n| self.expr(n)).collect()
    }

    fn static_block(&mut self, node: Node<'t>, class: ClassId) {
        let Some(body) = self.field(node, F::Body) else { return };
        let id = self.class_code(class, span(node));
        let outer = std::mem::replace(&mut self.scope, id);
        let mut block = self.body(body);
        self.scope = outer;
        self.builder.function_mut(id).body.append(&mut block);
    }

    /// The function that holds a class's own statements.
    fn class_code(&mut self, class: ClassId, span: Span) -> FnId {
        if let Some(id) = self.builder.class_mut(class).body {
            return id;
        }
        let mut function = Function::empty(FnKind::ClassBody, Some(self.scope), span);
        function.owner = Some(class);
        function.is_static = true;
        let id = self.builder.function(function);
        self.builder.class_mut(class).body = Some(id);
        id
    }

    /// `interface A extends B { .. }`.
    pub(super) fn interface(&mut self, node: Node<'t>) -> Option<Name> {
        let name = self.field(node, F::Name).map(|name| self.name(name));
        let id = self.reserve(ClassKind::Interface, name, span(node));
        for child in self.named(node) {
            if self.kind(child) == Kind::ExtendsTypeClause {
                let types = self.types(child);
                self.builder.class_mut(id).implements = types;
            }
        }
        if let Some(body) = self.field(node, F::Body) {
            self.members(body, id);
        }
        name
    }

    /// The members of an interface or object type.
    fn members(&mut self, body: Node<'t>, class: ClassId) {
        for member in self.named(body) {
            match self.kind(member) {
                Kind::PropertySignature => {
                    if let Some((name, ty)) = self.property_signature(member) {
                        let ty = Some(ty).filter(|ty| *ty != Type::Unknown);
                        let field = Field { name, ty, default: None, decorators: Vec::new(), span: span(member) };
                        self.builder.class_mut(class).fields.push(field);
                    }
                }
                Kind::MethodSignature => {
                    self.method(member, class, Around { owner: Some(class), ..Around::default() });
                }
                _ => {}
            }
        }
    }

    /// `type A = ..`: object types give fields, everything else is what the alias stands for.
    pub(super) fn alias(&mut self, node: Node<'t>) -> Option<Name> {
        let name = self.field(node, F::Name).map(|name| self.name(name));
        let id = self.reserve(ClassKind::Alias, name, span(node));
        let value = self.field(node, F::Value)?;
        let parts = match self.kind(value) {
            Kind::IntersectionType => self.combined_parts(value),
            _ => vec![value],
        };
        for part in parts {
            if self.kind(part) == Kind::ObjectType && !self.is_index_only(part) {
                self.members(part, id);
            } else {
                let ty = self.ty(part);
                self.builder.class_mut(id).implements.push(ty);
            }
        }
        name
    }

    fn is_index_only(&mut self, node: Node<'t>) -> bool {
        let members = self.named(node);
        !members.is_empty() && members.iter().all(|member| self.kind(*member) == Kind::IndexSignature)
    }

    /// `enum A { B = 1 }`: members are fields.
    pub(super) fn enumeration(&mut self, node: Node<'t>) -> ClassId {
        let name = self.field(node, F::Name).map(|name| self.name(name));
        let id = self.reserve(ClassKind::Enum, name, span(node));
        let members = self.field(node, F::Body).map(|body| self.named(body)).unwrap_or_default();
        for member in members {
            if member.is_error() {
                self.salvage(member);
                continue;
            }
            let is_assigned = self.kind(member) == Kind::EnumAssignment;
            let name = self.field(member, F::Name).filter(|_| is_assigned).unwrap_or(member);
            let name = self.member_name(name);
            let default = self.field(member, F::Value).filter(|_| is_assigned).map(|value| self.expr(value));
            let field = Field { name, ty: None, default, decorators: Vec::new(), span: span(member) };
            self.builder.class_mut(id).fields.push(field);
        }
        id
    }
}
