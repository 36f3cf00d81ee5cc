//! Classes.

use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use super::{Lowering, Scope};
use crate::intern::Name;
use crate::ir::{self, Class, ClassId, ClassKind, Expr, ExprId, FnId, FnKind, Function, Pattern, StmtKind};

impl Lowering<'_> {
    /// A class with nothing in it yet.
    pub(super) fn empty_class(&self, kind: ClassKind, at: At) -> Class {
        Class {
            name: None,
            kind,
            parent: Some(self.scope.function),
            bases: Vec::new(),
            keywords: Vec::new(),
            implements: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            decorators: Vec::new(),
            body: None,
            span: self.span(at),
        }
    }

    pub(super) fn class(&mut self, at: At, decorators: Vec<ExprId>, whole: At) -> ClassId {
        let mut class = self.empty_class(ClassKind::Class, whole);
        class.name = self.child(at, Field::Name).map(|name| self.name(name));
        class.decorators = decorators;
        if let Some(list) = self.child(at, Field::Superclasses) {
            let tree = self.tree;
            for at in tree.named(list) {
                let arg = self.argument(at);
                match arg.name {
                    Some(name) => class.keywords.push((name, arg.value)),
                    None if self.kind(at) == Kind::DictionarySplat => {
                        class.keywords.push((Name::new("**"), arg.value));
                    }
                    None => class.bases.push(arg.value),
                }
            }
        }
        class.kind = self.class_kind(&class.bases);
        let id = self.out.class(class);
        if let Some(body) = self.child(at, Field::Body)
            && self.deeper(1, |cx| cx.class_body(id, body)).is_none()
        {
            self.skip(body);
        }
        id
    }

    /// What the standard library's own bases make of a class.
    fn class_kind(&self, bases: &[ExprId]) -> ClassKind {
        let facts = &self.out.facts;
        for &base in bases {
            let base = match facts.expr(base) {
                Expr::Index { base, .. } => *base,
                _ => base,
            };
            let (Expr::Name(name) | Expr::Field { name, .. }) = facts.expr(base) else { continue };
            match name.as_str() {
                "Enum" | "IntEnum" | "StrEnum" | "Flag" | "IntFlag" => return ClassKind::Enum,
                "Protocol" => return ClassKind::Interface,
                _ => {}
            }
        }
        ClassKind::Class
    }

    fn class_body(&mut self, class: ClassId, body: At) {
        let tree = self.tree;
        let mut block = Vec::new();
        for at in tree.children(body) {
            let outer = self.scope;
            let function = self.out.facts.class(class).body.unwrap_or(outer.function);
            let scope = Scope { function, class: Some(class), ..outer };
            if self.within(scope, |cx| cx.member(class, at)) {
                continue;
            }
            let scope = Scope { function: self.body_function(class, body), ..scope };
            self.within(scope, |cx| cx.statement(at, &mut block));
        }
        if let Some(function) = self.out.facts.class(class).body {
            self.out.function_mut(function).body = block;
        }
    }

    /// The function that holds a class body's other statements.
    fn body_function(&mut self, class: ClassId, body: At) -> FnId {
        if let Some(function) = self.out.facts.class(class).body {
            return function;
        }
        let mut function = Function::empty(FnKind::ClassBody, Some(self.scope.enclosing), self.span(body));
        function.owner = Some(class);
        let id = self.out.function(function);
        self.out.class_mut(class).body = Some(id);
        id
    }

    /// Lowers a statement that makes fields or a method, or does nothing; others are left.
    fn member(&mut self, class: ClassId, at: At) -> bool {
        let tree = self.tree;
        match self.kind(at) {
            Kind::PassStatement => true,
            Kind::FunctionDefinition => {
                self.definition(at);
                true
            }
            Kind::DecoratedDefinition => {
                let definition = self.child(at, Field::Definition).map(|definition| self.kind(definition));
                let is_method = definition == Some(Kind::FunctionDefinition);
                if is_method {
                    self.definition(at);
                }
                is_method
            }
            Kind::ExpressionStatement => match tree.named(at).next() {
                Some(inner) if self.kind(inner) == Kind::Assignment => self.fields(class, inner),
                Some(inner) => self.kind(inner) == Kind::Ellipsis,
                None => false,
            },
            _ => false,
        }
    }

    /// `a: T = v`, `a = v`, `a = b = v`.
    fn fields(&mut self, class: ClassId, at: At) -> bool {
        if !self.binds_names(at) {
            return false;
        }
        let StmtKind::Assign { targets, value, ty, .. } = self.assignment(at) else { return false };
        let span = self.span(at);
        for target in targets {
            if let Pattern::Name(name, _) = target {
                let field = ir::Field { name, ty: ty.clone(), default: value, decorators: Vec::new(), span };
                self.out.class_mut(class).fields.push(field);
            }
        }
        true
    }

    /// Whether every target of an assignment is a plain name.
    fn binds_names(&self, at: At) -> bool {
        let mut next = Some(at);
        while let Some(at) = next {
            if self.child(at, Field::Left).is_none_or(|left| self.kind(left) != Kind::Identifier) {
                return false;
            }
            next = self.child(at, Field::Right).filter(|&right| self.kind(right) == Kind::Assignment);
        }
        true
    }
}
