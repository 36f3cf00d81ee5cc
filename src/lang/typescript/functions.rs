//! Functions of every form, and their parameters.

use tree_sitter::Node;

use super::kind::{F, Kind};
use super::{Lowerer, span, stmt};
use crate::intern::Name;
use crate::ir::{Block, ClassId, ExprId, Field, FnId, FnKind, Function, Param, ParamKind, Pattern, StmtKind, Type};
use crate::source::Span;

/// What stands around a declaration and belongs to it.
#[derive(Default)]
pub(super) struct Around {
    /// Where the declaration starts, with its decorators.
    pub(super) start: Option<usize>,
    /// Where its head starts: the `export` keyword.
    pub(super) head: Option<usize>,
    /// Decorators that stand outside of the declaration's node.
    pub(super) decorators: Vec<ExprId>,
    /// The class it is a member of.
    pub(super) owner: Option<ClassId>,
}

/// What the keywords in front of a function say.
#[derive(Default)]
struct Modifiers {
    head: Option<usize>,
    is_async: bool,
    is_generator: bool,
    is_static: bool,
    is_getter: bool,
    decorators: Vec<ExprId>,
}

impl<'t> Lowerer<'t> {
    /// Lowers a function, method or signature.
    pub(super) fn function(&mut self, node: Node<'t>, kind: FnKind, name: Option<Name>, around: Around) -> FnId {
        let whole = Span::new(around.start.unwrap_or(node.start_byte()), node.end_byte());
        let id = self.builder.function(Function::empty(kind, Some(self.scope), whole));
        let modifiers = self.modifiers(node);
        let outer = std::mem::replace(&mut self.scope, id);
        let waiting = std::mem::take(&mut self.pending);
        let params = self.params(node, around.owner.filter(|_| name.is_some_and(|n| n == "constructor")));
        let returns = self.field(node, F::ReturnType).map(|ty| self.annotation(ty));
        self.sweep(node);
        let body_node = self.field(node, F::Body);
        let mut body = body_node.map(|body| self.function_body(body)).unwrap_or_default();
        body.append(&mut self.pending);
        self.pending = waiting;
        self.scope = outer;

        let head_start = around.head.or(modifiers.head).unwrap_or(node.start_byte());
        let head = Span::new(head_start, self.signature_end(node));
        let function = self.builder.function_mut(id);
        function.name = name;
        function.owner = around.owner;
        function.params = params;
        function.returns = returns;
        function.decorators = [around.decorators, modifiers.decorators].concat();
        function.body = body;
        function.head = head;
        function.is_async = modifiers.is_async;
        function.is_generator = modifiers.is_generator;
        function.is_static = modifiers.is_static;
        function.is_abstract = body_node.is_none();
        if modifiers.is_getter {
            function.kind = FnKind::Getter;
        }
        id
    }

    fn modifiers(&mut self, node: Node<'t>) -> Modifiers {
        let mut found = Modifiers::default();
        for child in self.children(node) {
            match self.kind(child) {
                Kind::Decorator => {
                    found.decorators.push(self.expr(child));
                    continue;
                }
                Kind::KwAsync => found.is_async = true,
                Kind::Star => found.is_generator = true,
                Kind::KwStatic => found.is_static = true,
                Kind::KwGet => found.is_getter = true,
                Kind::KwStaticGet => (found.is_static, found.is_getter) = (true, true),
                Kind::FormalParameters | Kind::StatementBlock => break,
                _ => {}
            }
            found.head.get_or_insert(child.start_byte());
        }
        found
    }

    /// Where the signature ends: behind the return type, or the parameters.
    fn signature_end(&self, node: Node<'t>) -> usize {
        let last = [F::ReturnType, F::Parameters, F::Parameter].into_iter().find_map(|f| self.field(node, f));
        last.map_or(node.end_byte(), |last| last.end_byte())
    }

    fn function_body(&mut self, node: Node<'t>) -> Block {
        if self.kind(node) == Kind::StatementBlock {
            return self.body(node);
        }
        let value = self.expr(node);
        vec![stmt(StmtKind::Return(Some(value)), span(node))]
    }

    /// The parameters of a function; those of a class's constructor may declare fields.
    fn params(&mut self, node: Node<'t>, fields_of: Option<ClassId>) -> Vec<Param> {
        if let Some(only) = self.field(node, F::Parameter) {
            return self.param(only).into_iter().collect();
        }
        let Some(list) = self.field(node, F::Parameters) else { return Vec::new() };
        self.sweep(list);
        let nodes = self.named(list);
        let mut params = Vec::with_capacity(nodes.len());
        for node in nodes {
            let Some(param) = self.param(node) else { continue };
            if let Some(class) = fields_of {
                self.parameter_property(node, &param, class);
            }
            params.push(param);
        }
        params
    }

    /// `constructor(private readonly x: X)` declares a field.
    fn parameter_property(&mut self, node: Node<'t>, param: &Param, class: ClassId) {
        let declares = self.children(node).into_iter().any(|child| {
            matches!(self.kind(child), Kind::AccessibilityModifier | Kind::KwReadonly | Kind::OverrideModifier)
        });
        if let Some(name) = param.name().filter(|_| declares) {
            let (ty, span) = (param.ty.clone(), param.span);
            let field = Field { name, ty, default: param.default, decorators: param.decorators.clone(), span };
            self.builder.class_mut(class).fields.push(field);
        }
    }

    /// One parameter; `None` for a `this` type and what could not be read.
    fn param(&mut self, node: Node<'t>) -> Option<Param> {
        let span = span(node);
        let mut param = Param {
            pattern: Pattern::Wild,
            ty: None,
            default: None,
            kind: ParamKind::Plain,
            decorators: Vec::new(),
            span,
        };
        let mut target = node;
        match self.kind(node) {
            Kind::RequiredParameter | Kind::OptionalParameter => {
                self.sweep(node);
                target = self.field(node, F::Pattern).or_else(|| self.field(node, F::Name))?;
                if self.kind(target) == Kind::This {
                    return None;
                }
                let optional = self.kind(node) == Kind::OptionalParameter;
                param.ty = self.field(node, F::Type).map(|ty| self.annotation_of(ty, optional));
                for child in self.named(node) {
                    if self.kind(child) == Kind::Decorator {
                        param.decorators.push(self.expr(child));
                    }
                }
                let name = self.place_name(target);
                param.default = self.field(node, F::Value).map(|value| self.expr_bound(value, name));
            }
            Kind::AssignmentPattern => {
                target = self.field(node, F::Left)?;
                let name = self.place_name(target);
                param.default = self.field(node, F::Right).map(|value| self.expr_bound(value, name));
            }
            Kind::Error => return None,
            _ => {}
        }
        if self.kind(target) == Kind::RestPattern {
            param.kind = ParamKind::Rest;
            target = self.first_named(target)?;
        }
        param.pattern = self.pattern(target);
        Some(param)
    }

    /// The types of a function type's parameters.
    pub(super) fn param_types(&mut self, node: Node<'t>) -> Vec<Type> {
        let params = self.params(node, None);
        params.into_iter().map(|param| param.ty.unwrap_or(Type::Unknown)).collect()
    }
}
