//! Statements: the dispatch over node kinds, declarations and assignments.

use tree_sitter::Node;

use super::functions::Around;
use super::kind::{F, Kind};
use super::{Lowerer, span, stmt};
use crate::intern::Name;
use crate::ir::{Block, Decl, FnKind, Pattern, StmtKind};

impl<'t> Lowerer<'t> {
    /// The statements of a file or function body, with the directives in front of them.
    pub(super) fn body(&mut self, node: Node<'t>) -> Block {
        let mut nodes = self.named(node);
        let directives = nodes.iter().take_while(|n| self.is_directive(**n)).count();
        for directive in nodes.drain(..directives) {
            if let Some(text) = self.first_named(directive) {
                let text = self.string(text);
                self.builder.facts.directives.push((self.scope, text));
            }
        }
        self.block_of(nodes)
    }

    fn is_directive(&self, node: Node<'t>) -> bool {
        let inner = (self.kind(node) == Kind::ExpressionStatement).then(|| node.named_child(0)).flatten();
        self.kind(node) == Kind::HashBang || inner.is_some_and(|inner| self.kind(inner) == Kind::String)
    }

    /// Statements in order. What follows a `using` declaration is its body.
    fn block_of(&mut self, nodes: Vec<Node<'t>>) -> Block {
        let mut out = Vec::with_capacity(nodes.len());
        let mut using: Vec<usize> = Vec::new();
        for node in nodes {
            let from = out.len();
            self.stmt(node, &mut out);
            if matches!(out.get(from).map(|s| &s.kind), Some(StmtKind::With { body, .. }) if body.is_empty()) {
                using.push(from);
            }
        }
        for at in using.into_iter().rev().take(16) {
            let mut rest = out.split_off(at + 1);
            if let Some(StmtKind::With { body, .. }) = out.last_mut().map(|s| &mut s.kind) {
                body.append(&mut rest);
            }
        }
        out
    }

    /// A statement as a block: braces are opened.
    pub(super) fn block(&mut self, node: Node<'t>) -> Block {
        let lowered = self.deeper(node, |this| {
            if this.kind(node) == Kind::StatementBlock {
                this.sweep(node);
                let nodes = this.named(node);
                return this.block_of(nodes);
            }
            let mut out = Vec::new();
            this.stmt(node, &mut out);
            out
        });
        lowered.unwrap_or_default()
    }

    /// Lowers a statement, which may give none or several.
    pub(super) fn stmt(&mut self, node: Node<'t>, out: &mut Block) {
        if node.is_error() {
            self.salvage(node);
        } else {
            let _ = self.deeper(node, |this| this.stmt_at(node, out));
            self.sweep(node);
        }
        out.append(&mut self.pending);
    }

    fn stmt_at(&mut self, node: Node<'t>, out: &mut Block) {
        match self.kind(node) {
            Kind::ExpressionStatement => self.expression_statement(node, out),
            Kind::LexicalDeclaration => self.declaration(node, Decl::Let, out),
            Kind::VariableDeclaration => self.declaration(node, Decl::Var, out),
            Kind::UsingDeclaration => self.using_declaration(node, out),
            Kind::FunctionDeclaration | Kind::GeneratorFunctionDeclaration => {
                self.function_declaration(node, Around::default(), out);
            }
            Kind::ClassDeclaration | Kind::AbstractClassDeclaration => {
                self.class_declaration(node, Around::default(), out);
            }
            Kind::InterfaceDeclaration => drop(self.interface(node)),
            Kind::TypeAlias => drop(self.alias(node)),
            Kind::EnumDeclaration => {
                let class = self.enumeration(node);
                out.push(stmt(StmtKind::Class(class), span(node)));
            }
            Kind::Module | Kind::InternalModule => self.namespace(node, out),
            Kind::ImportStatement => self.import_statement(node),
            Kind::ExportStatement => self.export_statement(node, out),
            // Declarations without code of their own.
            Kind::AmbientDeclaration
            | Kind::FunctionSignature
            | Kind::EmptyStatement
            | Kind::ImportAlias
            | Kind::HashBang => {}
            _ => self.control(node, out),
        }
    }

    /// `namespace A { .. }`: a block; what it exports stays inside of it.
    fn namespace(&mut self, node: Node<'t>, out: &mut Block) {
        let Some(body) = self.field(node, F::Body) else { return };
        self.namespaces += 1;
        let block = self.block(body);
        self.namespaces -= 1;
        out.push(stmt(StmtKind::Block(block), span(node)));
    }

    /// A function declaration; gives its name.
    pub(super) fn function_declaration(&mut self, node: Node<'t>, around: Around, out: &mut Block) -> Option<Name> {
        let name = self.field(node, F::Name).map(|name| self.name(name));
        let function = self.function(node, FnKind::Function, name, around);
        out.push(stmt(StmtKind::Function(function), span(node)));
        name
    }

    /// A class declaration; gives its name.
    pub(super) fn class_declaration(&mut self, node: Node<'t>, around: Around, out: &mut Block) -> Option<Name> {
        let name = self.field(node, F::Name).map(|name| self.name(name));
        let class = self.class(node, name, around);
        out.push(stmt(StmtKind::Class(class), span(node)));
        name
    }

    fn expression_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let Some(inner) = self.first_named(node) else { return };
        for part in self.sequence_parts(inner) {
            self.effect(part, out);
        }
    }

    /// An expression for its effect: assignments become statements.
    pub(super) fn effect(&mut self, node: Node<'t>, out: &mut Block) {
        let node = self.bare(node);
        match self.kind(node) {
            Kind::AssignmentExpression => self.assign(node, out),
            Kind::AugmentedAssignment => {
                let (Some(left), Some(right)) = (self.field(node, F::Left), self.field(node, F::Right)) else { return };
                let op = Some(self.augmented_op(node));
                let name = self.place_name(left);
                let value = Some(self.expr_bound(right, name));
                let targets = vec![self.pattern(left)];
                self.sweep(node);
                out.push(stmt(StmtKind::Assign { targets, value, ty: None, op, decl: Decl::None }, span(node)));
            }
            Kind::Update => {
                let Some(argument) = self.field(node, F::Argument) else { return };
                let (op, one) = self.step(node);
                let targets = vec![self.pattern(argument)];
                let kind = StmtKind::Assign { targets, value: Some(one), ty: None, op: Some(op), decl: Decl::None };
                out.push(stmt(kind, span(node)));
            }
            Kind::InternalModule => self.namespace(node, out),
            Kind::Unary if self.field(node, F::Operator).is_some_and(|op| self.source(op) == "delete") => {
                let Some(argument) = self.field(node, F::Argument) else { return };
                let place = self.expr(argument);
                out.push(stmt(StmtKind::Delete(place), span(node)));
            }
            _ => {
                let value = self.expr(node);
                out.push(stmt(StmtKind::Expr(value), span(node)));
            }
        }
    }

    /// `a = b = value`; also how one grammar reads `using a = value`.
    fn assign(&mut self, node: Node<'t>, out: &mut Block) {
        let mut places = Vec::new();
        let mut value = node;
        while self.kind(value) == Kind::AssignmentExpression {
            let (Some(left), Some(right)) = (self.field(value, F::Left), self.field(value, F::Right)) else { break };
            self.sweep(value);
            places.push(left);
            value = right;
        }
        let is_using = node.child(0).is_some_and(|first| self.kind(first) == Kind::KwUsing);
        let name = places.last().and_then(|place| self.place_name(*place));
        let value = self.expr_bound(value, name);
        if let [place] = places[..] {
            self.note_commonjs(place, value, span(node));
            if is_using {
                let items = vec![(value, Some(self.pattern(place)))];
                out.push(stmt(StmtKind::With { items, body: Vec::new() }, span(node)));
                return;
            }
        } else {
            places.iter().for_each(|place| self.note_commonjs(*place, value, span(node)));
        }
        let targets = places.into_iter().map(|place| self.pattern(place)).collect();
        let kind = StmtKind::Assign { targets, value: Some(value), ty: None, op: None, decl: Decl::None };
        out.push(stmt(kind, span(node)));
    }

    fn using_declaration(&mut self, node: Node<'t>, out: &mut Block) {
        let mut items = Vec::new();
        for declarator in self.declarators(node) {
            let Some(value) = self.field(declarator, F::Value) else { continue };
            let value = self.expr(value);
            items.push((value, self.field(declarator, F::Name).map(|name| self.pattern(name))));
        }
        out.push(stmt(StmtKind::With { items, body: Vec::new() }, span(node)));
    }

    pub(super) fn declarators(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut nodes = self.named(node);
        nodes.retain(|n| self.kind(*n) == Kind::VariableDeclarator);
        nodes
    }

    /// `const a = 1, {b} = c`; a `require` is an import instead.
    pub(super) fn declaration(&mut self, node: Node<'t>, decl: Decl, out: &mut Block) {
        for declarator in self.declarators(node) {
            self.sweep(declarator);
            let Some(target) = self.field(declarator, F::Name) else { continue };
            let value = self.field(declarator, F::Value);
            if value.is_some_and(|value| self.require_declaration(target, value, span(declarator))) {
                continue;
            }
            let name = self.binding_name(target);
            let value = value.map(|value| self.expr_bound(value, name));
            let ty = self.field(declarator, F::Type).map(|ty| self.annotation(ty));
            let targets: Vec<Pattern> = vec![self.pattern(target)];
            out.push(stmt(StmtKind::Assign { targets, value, ty, op: None, decl }, span(declarator)));
        }
    }
}
