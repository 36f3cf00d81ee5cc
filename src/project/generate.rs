//! From the facts of a file to constraints: definitions, statements and patterns. Expressions are in [`super::eval`].

use std::sync::LazyLock;

use super::builtins;
use super::linker::Linker;
use super::program::{FileId, GExpr};
use super::solver::{Holder, NodeId, Op, element, unknown_member};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{
    Block, Class, ClassId, ClassKind, Expr, ExprId, FileFacts, FnId, FnKind, Function, Import, ImportKind, LoopKind,
    ParamKind, Pattern, Stmt, StmtKind,
};
use crate::source::{Language, Span};

impl<'a> Linker<'a> {
    /// Adds the constraints of a file.
    pub(super) fn generate(&mut self, file: FileId) {
        let facts: &'a FileFacts = self.program.facts(file);
        let (functions, classes) = (facts.functions.len(), facts.classes.len());
        for import in &facts.imports {
            self.generate_import(file, import);
        }
        for id in (0..super::program::len32(classes)).map(ClassId) {
            self.generate_class(file, id);
        }
        for id in (0..super::program::len32(functions)).map(FnId) {
            self.generate_function(file, id);
        }
        for (index, block) in facts.impls.iter().enumerate() {
            let parent = block.parent.unwrap_or(FnId::MODULE);
            let node = self.type_head(file, parent, &block.target);
            self.add_impl(file, index, node);
            for decorator in &block.decorators {
                self.eval(file, parent, *decorator);
            }
        }
        for export in &facts.exports {
            if let Some(value) = export.value {
                let node = self.eval(file, FnId::MODULE, value);
                if let Some(promised) = self.promised.remove(&GExpr { file, expr: value }) {
                    self.graph.copy(node, promised);
                }
            }
        }
        self.type_exports(file);
        self.pass_on(file);
        self.generated[file.0 as usize] = true;
    }

    fn generate_import(&mut self, file: FileId, import: &Import) {
        let Some(local) = import.local else { return };
        let node = match import.kind {
            ImportKind::Module => self.import_module(file, import.scope, import.module),
            ImportKind::Member(name) => self.import_member(file, import.scope, import.module, name),
            ImportKind::Default => self.import_member(file, import.scope, import.module, Name::new("default")),
            ImportKind::Wildcard | ImportKind::SideEffect => return,
        };
        let variable = self.graph.variable(self.program.gfn(file, import.scope), local);
        self.graph.copy(node, variable);
    }

    /// A base without its type arguments: `Base[T]` derives from `Base`.
    fn generic(&self, file: FileId, base: ExprId) -> ExprId {
        match self.program.facts(file).expr(base) {
            Expr::Index { base, .. } => *base,
            _ => base,
        }
    }

    fn generate_class(&mut self, file: FileId, id: ClassId) {
        let class: &'a Class = self.program.facts(file).class(id);
        let gclass = self.program.gclass(file, id);
        let scope = class.parent.unwrap_or(FnId::MODULE);
        let value = self.graph.constant(Value::Class(gclass));
        for base in &class.bases {
            let node = self.eval(file, scope, self.generic(file, *base));
            self.add_base(gclass, node);
        }
        for interface in &class.implements {
            if class.kind == ClassKind::Alias {
                let node = self.type_values(file, scope, interface);
                let alias = self.graph.field(Holder::Class(gclass), Name::new("<alias>"));
                self.graph.copy(node, alias);
                let head = self.type_head(file, scope, interface);
                self.add_base(gclass, head);
                let named = self.graph.field(Holder::Class(gclass), Name::new("<alias head>"));
                self.graph.copy(head, named);
            } else {
                let node = self.type_head(file, scope, interface);
                self.add_base(gclass, node);
            }
        }
        for (_, keyword) in &class.keywords {
            self.eval(file, scope, *keyword);
        }
        let inner = class.body.unwrap_or(scope);
        for field in &class.fields {
            let node = self.graph.field(Holder::Class(gclass), field.name);
            if let Some(default) = field.default {
                let from = self.eval(file, inner, default);
                self.graph.copy(from, node);
            }
            if let Some(ty) = &field.ty {
                let from = self.type_values(file, inner, ty);
                self.graph.copy(from, node);
            }
            for decorator in &field.decorators {
                self.eval(file, inner, *decorator);
            }
        }
        for method in &class.methods {
            let f = self.program.gfn(file, *method);
            if let Some(name) = self.program.function(f).name.filter(|_| !self.program.function(f).is_abstract) {
                let node = self.method_value(f);
                let field = self.graph.field(Holder::Class(gclass), name);
                self.graph.copy(node, field);
            }
        }
        let decorated = self.decorate(file, scope, &class.decorators, value);
        if let Some(name) = class.name {
            let variable = self.graph.variable(self.program.gfn(file, scope), name);
            self.graph.copy(value, variable);
            self.graph.copy(decorated, variable);
        }
    }

    fn generate_function(&mut self, file: FileId, id: FnId) {
        let function: &'a Function = self.program.facts(file).function(id);
        let f = self.program.gfn(file, id);
        let outer = function.parent.unwrap_or(FnId::MODULE);
        for param in &function.params {
            self.generate_param(file, id, outer, param);
        }
        let returns = self.graph.returns(f);
        if let Some(ty) = &function.returns {
            let node = self.type_values(file, outer, ty);
            self.graph.copy(node, returns);
        }
        if function.kind == FnKind::Module && id != FnId::MODULE {
            // An inline module is a namespace.
            if let (Some(name), Some(module)) = (function.name, self.inline_module(file, id)) {
                let variable = self.graph.variable(self.program.gfn(file, outer), name);
                self.graph.add(variable, Value::Module(module));
            }
        } else if id != FnId::MODULE && function.kind != FnKind::ClassBody {
            let value = self.graph.constant(Value::Fn(f));
            let decorated = self.decorate(file, outer, &function.decorators, value);
            let is_item = function.kind == FnKind::Function && function.owner.is_none();
            if let (true, Some(name)) = (is_item, function.name) {
                let variable = self.graph.variable(self.program.gfn(file, outer), name);
                self.graph.copy(value, variable);
                // A wrapper that a decorator of the program makes calls the function it was given. Binding the name to
                // the function itself keeps the functions that share a decorator apart; what the wrapper checks is
                // found by asking what the decorator does.
                self.watch(decorated, Op::Objects { to: variable });
            }
        }
        self.generate_block(file, id, &function.body);
    }

    fn inline_module(&self, file: FileId, id: FnId) -> Option<super::modules::ModuleRef> {
        self.modules.resolve(self.program, file, id, "self")
    }

    fn generate_param(&mut self, file: FileId, id: FnId, outer: FnId, param: &crate::ir::Param) {
        if let Some(ty) = &param.ty {
            let node = self.type_values(file, outer, ty);
            let node =
                if param.kind == ParamKind::Plain || param.kind == ParamKind::Keyword { node } else { NodeId::EMPTY };
            self.bind_pattern(file, id, &param.pattern, node);
        }
        if let Some(default) = param.default {
            let node = self.eval(file, outer, default);
            self.bind_pattern(file, id, &param.pattern, node);
        }
        for decorator in &param.decorators {
            self.eval(file, outer, *decorator);
        }
        // Defaults inside the pattern.
        self.bind_pattern(file, id, &param.pattern, NodeId::EMPTY);
    }

    /// The value of a decorated definition: what the decorators make of it.
    fn decorate(&mut self, file: FileId, scope: FnId, decorators: &[ExprId], value: NodeId) -> NodeId {
        let mut current = value;
        let decorated = self.graph.values(value).first().copied();
        for decorator in decorators.iter().rev() {
            let callee = self.eval(file, scope, *decorator);
            if let Some(Value::Fn(f)) = decorated {
                self.watch_decorator(file, scope, *decorator, f);
            }
            let at = GExpr { file, expr: *decorator };
            current = self.call_site(
                at,
                scope,
                crate::ir::CallKind::Plain,
                callee,
                NodeId::EMPTY,
                vec![(None, current, false)],
            );
        }
        current
    }

    pub(super) fn generate_block(&mut self, file: FileId, scope: FnId, block: &Block) {
        for stmt in block {
            self.generate_stmt(file, scope, stmt);
        }
    }

    fn generate_stmt(&mut self, file: FileId, scope: FnId, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Expr(e)
            | StmtKind::Assert(e)
            | StmtKind::Delete(e)
            | StmtKind::Value(e)
            | StmtKind::Raise(Some(e)) => {
                self.eval(file, scope, *e);
            }
            StmtKind::Assign { targets, value, ty, .. } => {
                let node = value.map_or(NodeId::EMPTY, |v| self.eval(file, scope, v));
                let typed = ty.as_ref().map(|ty| self.type_values(file, scope, ty));
                if let (Some(ty), Some(value)) = (ty, value) {
                    self.watch_function_type(file, scope, ty, *value);
                }
                for target in targets {
                    self.bind_pattern(file, scope, target, node);
                    if let Some(typed) = typed {
                        self.bind_pattern(file, scope, target, typed);
                    }
                }
            }
            StmtKind::Return(Some(e)) => {
                let node = self.eval(file, scope, *e);
                let returns = self.graph.returns(self.program.gfn(file, scope));
                self.graph.copy(node, returns);
            }
            StmtKind::If { test, then, otherwise } => {
                self.eval(file, scope, *test);
                self.generate_block(file, scope, then);
                self.generate_block(file, scope, otherwise);
            }
            StmtKind::Loop { kind, pattern, subject, body } => {
                let subject = subject.map_or(NodeId::EMPTY, |s| self.eval(file, scope, s));
                if let Some(pattern) = pattern {
                    let node = if *kind == LoopKind::For { self.load_element(subject) } else { subject };
                    self.bind_pattern(file, scope, pattern, node);
                }
                self.generate_block(file, scope, body);
            }
            StmtKind::Match { subject, arms } => {
                let subject = self.eval(file, scope, *subject);
                for arm in arms {
                    self.bind_pattern(file, scope, &arm.pattern, subject);
                    arm.guard.map(|g| self.eval(file, scope, g));
                    self.generate_block(file, scope, &arm.body);
                }
            }
            StmtKind::Try { body, handlers, finally } => {
                self.generate_block(file, scope, body);
                for handler in handlers {
                    let mut caught = NodeId::EMPTY;
                    for ty in &handler.types {
                        let node = self.eval(file, scope, *ty);
                        caught = self.instantiate(node);
                    }
                    if let Some(pattern) = &handler.pattern {
                        self.bind_pattern(file, scope, pattern, caught);
                    }
                    self.generate_block(file, scope, &handler.body);
                }
                self.generate_block(file, scope, finally);
            }
            StmtKind::With { items, body } => {
                for (value, pattern) in items {
                    let node = self.eval(file, scope, *value);
                    let entered = self.enter(node);
                    if let Some(pattern) = pattern {
                        self.bind_pattern(file, scope, pattern, entered);
                    }
                }
                self.generate_block(file, scope, body);
            }
            StmtKind::Block(body) => self.generate_block(file, scope, body),
            StmtKind::Function(_) | StmtKind::Class(_) | StmtKind::Global(_) | StmtKind::Break | StmtKind::Continue => {
            }
            StmtKind::Return(None) | StmtKind::Raise(None) => {}
        }
    }

    /// What a context manager binds: itself (libraries mostly return it), or what `__enter__` returns.
    fn enter(&mut self, node: NodeId) -> NodeId {
        let to = self.graph.node();
        self.graph.copy(node, to);
        for name in ["__enter__", "__aenter__"] {
            let method = self.graph.node();
            self.watch(node, Op::LoadOfInstance { name: Name::new(name), to: method });
            self.watch(method, Op::Invoke { to });
        }
        to
    }

    /// Binds a value to a pattern.
    pub(super) fn bind_pattern(&mut self, file: FileId, scope: FnId, pattern: &Pattern, node: NodeId) {
        match pattern {
            Pattern::Name(name, at) => self.bind_name(file, scope, *name, Some(*at), node),
            Pattern::Bind(name, inner) => {
                self.bind_name(file, scope, *name, None, node);
                self.bind_pattern(file, scope, inner, node);
            }
            Pattern::Place(place) => self.bind_place(file, scope, *place, node),
            Pattern::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let part = if node == NodeId::EMPTY { node } else { self.load(node, index_name(index)) };
                    let from = self.load_item(node);
                    let either = self.either(part, from);
                    self.bind_pattern(file, scope, item, either);
                }
            }
            Pattern::Variant { path, items } => {
                let held = self.declared_payload(path, node);
                for (index, item) in items.iter().enumerate() {
                    let part = if node == NodeId::EMPTY { node } else { self.load(node, index_name(index)) };
                    let held = self.either(held, node);
                    let either = self.either(held, part);
                    self.bind_pattern(file, scope, item, either);
                }
            }
            Pattern::Object { fields, .. } => {
                for (key, inner) in fields {
                    let part = if key.is_empty() || node == NodeId::EMPTY { node } else { self.load(node, *key) };
                    self.bind_pattern(file, scope, inner, part);
                }
            }
            Pattern::Rest(inner) => self.bind_pattern(file, scope, inner, node),
            Pattern::Default(inner, default) => {
                let default = self.eval(file, scope, *default);
                let either = self.either(default, node);
                self.bind_pattern(file, scope, inner, either);
            }
            Pattern::Or(items) => items.iter().for_each(|item| self.bind_pattern(file, scope, item, node)),
            Pattern::Literal(e) => {
                self.eval(file, scope, *e);
            }
            Pattern::Wild => {}
        }
    }

    /// What two nodes hold, as one: a pattern within patterns must be bound once, or the work doubles at each level.
    fn either(&mut self, a: NodeId, b: NodeId) -> NodeId {
        if a == NodeId::EMPTY || a == b {
            return b;
        }
        if b == NodeId::EMPTY {
            return a;
        }
        let both = self.graph.node();
        self.graph.copy(a, both);
        self.graph.copy(b, both);
        both
    }

    /// What an enum of the program declares a variant to hold: `Model::Small(client)`.
    fn declared_payload(&mut self, path: &[Name], node: NodeId) -> NodeId {
        let [_, .., variant] = path else { return NodeId::EMPTY };
        if node == NodeId::EMPTY {
            return node;
        }
        let to = self.graph.node();
        self.watch(node, Op::LoadOfInstance { name: *variant, to });
        to
    }

    /// Elements at unknown positions, for destructuring what a library returned.
    fn load_item(&mut self, node: NodeId) -> NodeId {
        if node == NodeId::EMPTY {
            return node;
        }
        let to = self.graph.node();
        self.watch(node, Op::ApiElement { to });
        to
    }

    fn bind_name(&mut self, file: FileId, scope: FnId, name: Name, at: Option<Span>, node: NodeId) {
        if node == NodeId::EMPTY {
            return;
        }
        let facts = self.program.facts(file);
        let owner = self.scopes[file.0 as usize].lookup(facts, scope, name).unwrap_or(scope);
        let version = at.map_or(name, |at| self.shadows[file.0 as usize].bound(owner, name, at));
        let variable = self.graph.variable(self.program.gfn(file, owner), version);
        self.graph.copy(node, variable);
    }

    fn bind_place(&mut self, file: FileId, scope: FnId, place: ExprId, node: NodeId) {
        let (base, name) = match self.program.facts(file).expr(place) {
            crate::ir::Expr::Field { base, name } => (*base, *name),
            crate::ir::Expr::Index { base, index } => {
                let key = self.program.facts(file).str_value(*index);
                (*base, key.unwrap_or_else(unknown_member))
            }
            _ => {
                self.eval(file, scope, place);
                return;
            }
        };
        if let crate::ir::Expr::Index { index, .. } = *self.program.facts(file).expr(place) {
            self.eval(file, scope, index);
        }
        let base = self.eval(file, scope, base);
        self.watch(base, Op::Store { name, from: node });
        // Reading the place elsewhere in the same statement (augmented assignment) uses its own node.
        let is_unknown = name == unknown_member();
        let to = if is_unknown { self.load_element(base) } else { self.load(base, name) };
        self.expr_nodes[file.0 as usize][place.0 as usize] = to;
    }

    /// What built-in collection methods do to their receiver and arguments.
    pub(super) fn builtin_call(
        &mut self,
        language: Language,
        name: Name,
        receiver: NodeId,
        args: &[NodeId],
        result: NodeId,
    ) {
        let Some(builtin) = builtins::method(language, name) else { return };
        match builtin {
            builtins::Builtin::Receiver => self.watch(receiver, Op::Transparent { to: result }),
            builtins::Builtin::Element => {
                self.watch(receiver, Op::LiteralElement { to: result });
                self.watch(receiver, Op::DeclaredElement { name, to: result });
            }
            builtins::Builtin::Push => {
                for arg in args {
                    self.watch(receiver, Op::Store { name: element(), from: *arg });
                }
            }
            builtins::Builtin::Insert => {
                for arg in args.iter().skip(1) {
                    self.watch(receiver, Op::Store { name: unknown_member(), from: *arg });
                }
            }
            builtins::Builtin::EachElement | builtins::Builtin::Continue => {
                let given = if builtin == builtins::Builtin::Continue { receiver } else { self.load_element(receiver) };
                if !matches!(
                    name.as_str(),
                    "map" | "forEach" | "for_each" | "some" | "every" | "reduce" | "fold" | "any" | "all"
                ) {
                    self.watch(receiver, Op::Transparent { to: result });
                }
                for arg in args {
                    self.watch(*arg, Op::CallWith { given, to: result });
                }
            }
        }
    }
}

/// The member name of a position.
pub(super) fn index_name(index: usize) -> Name {
    static FIRST: LazyLock<Vec<Name>> = LazyLock::new(|| (0..32).map(|i| Name::new(&format!("{i}"))).collect());
    FIRST.get(index).copied().unwrap_or_else(|| Name::new(&index.to_string()))
}
