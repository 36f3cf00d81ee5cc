//! Type annotations.

use tree_sitter::Node;

use super::kind::{F, Kind};
use super::{Lowerer, span};
use crate::intern::Name;
use crate::ir::{Import, ImportKind, Type};

impl<'t> Lowerer<'t> {
    /// The type behind a colon.
    pub(super) fn annotation(&mut self, node: Node<'t>) -> Type {
        match self.kind(node) {
            Kind::TypePredicateAnnotation | Kind::TypePredicate => named("boolean"),
            Kind::AssertsAnnotation | Kind::Asserts => Type::Null,
            Kind::TypeAnnotation => match self.first_named(node) {
                Some(ty) => self.ty(ty),
                None => self.bare_keyword(node),
            },
            Kind::Other => self.first_named(node).map_or(Type::Unknown, |ty| self.ty(ty)),
            _ => self.ty(node),
        }
    }

    /// The type of something that may be left out.
    pub(super) fn annotation_of(&mut self, node: Node<'t>, optional: bool) -> Type {
        let ty = self.annotation(node);
        match ty {
            ty if !optional => ty,
            Type::Union(mut types) => {
                types.push(Type::Null);
                union(types)
            }
            ty => Type::Union(vec![ty, Type::Null]),
        }
    }

    /// The types between angle brackets.
    pub(super) fn types(&mut self, node: Node<'t>) -> Vec<Type> {
        let nodes = self.named(node);
        nodes.into_iter().filter(|ty| !ty.is_error()).map(|ty| self.ty(ty)).collect()
    }

    /// Lowers a type.
    pub(super) fn ty(&mut self, node: Node<'t>) -> Type {
        self.sweep(node);
        self.deeper(node, |this| this.ty_at(node)).unwrap_or(Type::Unknown)
    }

    fn ty_at(&mut self, node: Node<'t>) -> Type {
        match self.kind(node) {
            Kind::PredefinedType => match self.source(node) {
                "void" => Type::Null,
                // A `typeof import(..)` that was overwritten before parsing.
                "typeof" => Type::Unknown,
                name => named(name),
            },
            Kind::TypeIdentifier | Kind::Identifier => named(self.source(node)),
            Kind::NestedTypeIdentifier | Kind::NestedIdentifier => Type::Path(self.dotted(node), Vec::new()),
            Kind::ThisType => named("this"),
            Kind::GenericType => {
                let path = self.field(node, F::Name).map(|name| self.dotted(name)).unwrap_or_default();
                let args = self.field(node, F::TypeArguments).map(|args| self.types(args)).unwrap_or_default();
                Type::Path(path, args)
            }
            Kind::ArrayType => Type::Path(vec![Name::new("Array")], vec![self.inner(node)]),
            Kind::ParenthesizedType | Kind::ReadonlyType | Kind::RestType => self.inner(node),
            Kind::OptionalType | Kind::FlowMaybeType => Type::Union(vec![self.inner(node), Type::Null]),
            Kind::UnionType | Kind::IntersectionType => self.combined(node),
            Kind::TupleType => Type::Tuple(self.tuple(node)),
            Kind::FunctionType | Kind::ConstructorType => {
                let params = self.param_types(node);
                let returns = self.field(node, F::ReturnType).or_else(|| self.field(node, F::Type));
                Type::Function(params, returns.map(|ty| Box::new(self.annotation(ty))))
            }
            Kind::ObjectType => self.object_type(node),
            Kind::LiteralType => self.literal_type(node),
            Kind::TemplateLiteralType => named("string"),
            Kind::TypeQuery => match self.first_named(node) {
                Some(value) => Type::TypeOf(self.expr(value)),
                None => Type::Unknown,
            },
            Kind::Member | Kind::Call => self.import_type(node),
            Kind::TypeAnnotation => self.annotation(node),
            _ => Type::Unknown,
        }
    }

    fn inner(&mut self, node: Node<'t>) -> Type {
        match self.first_named(node) {
            Some(inner) => self.ty(inner),
            None => Type::Unknown,
        }
    }

    /// `const` stands in the tree as a bare token.
    fn bare_keyword(&self, node: Node<'t>) -> Type {
        match self.source(node).trim_start_matches(':').trim() {
            "" => Type::Unknown,
            word => named(word),
        }
    }

    /// The segments of `a.b.C`.
    fn dotted(&self, node: Node<'t>) -> Vec<Name> {
        self.source(node).split('.').map(|part| Name::new(part.trim())).collect()
    }

    /// `A | B | C` and `A & B`.
    fn combined(&mut self, node: Node<'t>) -> Type {
        let types: Vec<_> = self.combined_parts(node).into_iter().map(|part| self.ty(part)).collect();
        // A repaired tree may have `|` where the source has `&`.
        let all = self.children(node).into_iter().any(|child| self.source(child) == "&");
        if all { Type::All(types) } else { union(types) }
    }

    /// The parts of a union or intersection, whose nodes nest to the left.
    pub(super) fn combined_parts(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let kind = self.kind(node);
        let mut parts = Vec::new();
        let mut left = Some(node);
        while let Some(next) = left.take() {
            let sides = self.named(next);
            for (at, side) in sides.iter().enumerate().rev() {
                if at == 0 && self.kind(*side) == kind {
                    left = Some(*side);
                } else if !side.is_error() {
                    parts.push(*side);
                }
            }
        }
        parts.reverse();
        parts
    }

    fn tuple(&mut self, node: Node<'t>) -> Vec<Type> {
        let mut types = Vec::new();
        for member in self.named(node) {
            types.push(match self.kind(member) {
                Kind::RequiredParameter | Kind::OptionalParameter => {
                    let optional = self.kind(member) == Kind::OptionalParameter;
                    let ty = self.field(member, F::Type);
                    ty.map_or(Type::Unknown, |ty| self.annotation_of(ty, optional))
                }
                _ => self.ty(member),
            });
        }
        types
    }

    fn literal_type(&mut self, node: Node<'t>) -> Type {
        let Some(inner) = self.first_named(node) else { return Type::Unknown };
        match self.kind(inner) {
            Kind::Null | Kind::Undefined => Type::Null,
            Kind::String => Type::Literal(self.string(inner)),
            _ => Type::Literal(self.name(inner)),
        }
    }

    /// `{ a: A, b?: B, m(): C }`; an index signature alone is a `Record`.
    fn object_type(&mut self, node: Node<'t>) -> Type {
        let mut members = Vec::new();
        let mut index = None;
        for member in self.named(node) {
            match self.kind(member) {
                Kind::PropertySignature => members.extend(self.property_signature(member)),
                Kind::MethodSignature => {
                    let Some(name) = self.field(member, F::Name) else { continue };
                    let name = self.property_name(name);
                    let params = self.param_types(member);
                    let returns = self.field(member, F::ReturnType).map(|ty| Box::new(self.annotation(ty)));
                    members.push((name, Type::Function(params, returns)));
                }
                Kind::IndexSignature => index = Some(self.index_signature(member)),
                _ => {}
            }
        }
        index.filter(|_| members.is_empty()).unwrap_or(Type::Object(members))
    }

    /// A property of an object type or interface, with its type.
    pub(super) fn property_signature(&mut self, node: Node<'t>) -> Option<(Name, Type)> {
        let name = self.field(node, F::Name)?;
        let optional = self.children(node).into_iter().any(|child| self.kind(child) == Kind::Question);
        let ty = self.field(node, F::Type).map_or(Type::Unknown, |ty| self.annotation_of(ty, optional));
        Some((self.property_name(name), ty))
    }

    fn index_signature(&mut self, node: Node<'t>) -> Type {
        let key = match self.field(node, F::IndexType) {
            Some(key) => self.ty(key),
            None => {
                let mapped = self.named(node).into_iter().find(|child| self.kind(*child) == Kind::MappedTypeClause);
                let key = mapped.and_then(|mapped| self.field(mapped, F::Type));
                key.map_or(Type::Unknown, |key| self.ty(key))
            }
        };
        let value = self.field(node, F::Type).map_or(Type::Unknown, |ty| self.annotation(ty));
        Type::Path(vec![Name::new("Record")], vec![key, value])
    }

    /// `import("m").A.B`: an import of its own, bound to a name that no source can spell.
    fn import_type(&mut self, node: Node<'t>) -> Type {
        let mut path = Vec::new();
        let mut base = node;
        while let (Kind::Member, Some(object)) = (self.kind(base), self.field(base, F::Object)) {
            path.extend(self.field(base, F::Property).map(|p| self.name(p)));
            base = object;
        }
        let args = self.field(base, F::Arguments).and_then(|args| self.first_named(args));
        let Some(module) = args.filter(|arg| self.kind(*arg) == Kind::String) else { return Type::Unknown };
        let local = Name::new(&format!("import({:?})", self.string(module).as_str()));
        self.builder.facts.imports.push(Import {
            module: self.string(module),
            kind: ImportKind::Module,
            local: Some(local),
            scope: self.scope,
            type_only: true,
            span: span(base),
        });
        path.push(local);
        path.reverse();
        Type::Path(path, Vec::new())
    }
}

fn named(name: &str) -> Type {
    Type::Path(vec![Name::new(name)], Vec::new())
}

/// A union; `null` and `undefined` are one type here.
fn union(mut types: Vec<Type>) -> Type {
    let mut nullable = false;
    types.retain(|ty| *ty != Type::Null || !std::mem::replace(&mut nullable, true));
    Type::Union(types)
}
