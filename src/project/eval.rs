//! From expressions and types to nodes.

mod calls;
mod types;

use super::linker::Linker;
use super::program::{FileId, GExpr, Program};
use super::solver::{Holder, NodeId, Op, element, unknown_member};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{
    BinaryOp, CallKind, Element, Entry, Expr, ExprId, FileFacts, FnId, FnKind, ImportKind, Key, Part, UnaryOp,
};
use crate::model::ApiStep;
use crate::source::Language;

impl<'a> Linker<'a> {
    /// The node of an expression; evaluates it once.
    pub(super) fn eval(&mut self, file: FileId, scope: FnId, id: ExprId) -> NodeId {
        let known = self.expr_nodes[file.0 as usize][id.0 as usize];
        if known != NodeId::EMPTY {
            return known;
        }
        let program: &'a Program = self.program;
        let expr = program.facts(file).expr(id);
        let node = self.eval_new(file, scope, id, expr);
        self.expr_nodes[file.0 as usize][id.0 as usize] = node;
        node
    }

    fn eval_new(&mut self, file: FileId, scope: FnId, id: ExprId, expr: &'a Expr) -> NodeId {
        let at = GExpr { file, expr: id };
        match *expr {
            Expr::Name(name) => self.used_name(file, scope, name, id),
            Expr::Receiver => self.receiver(file, scope),
            Expr::Super => self.super_node(file, scope),
            Expr::Str(text) => self.text(text),
            Expr::Num(_) | Expr::Bool(_) | Expr::Null | Expr::Regex(_) => NodeId::EMPTY,
            Expr::Template { ref parts, tag } => self.template(at, scope, parts, tag),
            Expr::Field { base, name } => {
                let base = self.eval(file, scope, base);
                self.load_attribute(self.program.language(file), base, name)
            }
            Expr::Index { base, index } => {
                let key = self.program.facts(file).str_value(index);
                self.eval(file, scope, index);
                let base = self.eval(file, scope, base);
                let node = self.load_element(base);
                match key {
                    Some(key) => self.load(base, key),
                    None => node,
                }
            }
            Expr::Call(ref call) => self.call(at, scope, call),
            Expr::List { ref items, .. } => self.list(at, scope, items),
            Expr::Object(ref entries) => self.object(at, scope, entries),
            Expr::Binary { op, left, right } => {
                let (left, right) = (self.eval(file, scope, left), self.eval(file, scope, right));
                match op {
                    BinaryOp::And | BinaryOp::Or | BinaryOp::Coalesce | BinaryOp::BitOr | BinaryOp::Shift => {
                        self.union(&[left, right])
                    }
                    BinaryOp::Add | BinaryOp::Rem => self.union(&[left, right]),
                    _ => NodeId::EMPTY,
                }
            }
            Expr::Unary { op, operand } => {
                let node = self.eval(file, scope, operand);
                if matches!(op, UnaryOp::Ref | UnaryOp::Deref) { node } else { NodeId::EMPTY }
            }
            Expr::Conditional { test, then, otherwise } => {
                self.eval(file, scope, test);
                let (then, otherwise) = (self.eval(file, scope, then), self.eval(file, scope, otherwise));
                self.union(&[then, otherwise])
            }
            Expr::Lambda(f) => self.graph.constant(Value::Fn(self.program.gfn(file, f))),
            Expr::Class(c) => self.graph.constant(Value::Class(self.program.gclass(file, c))),
            Expr::Await(e) | Expr::Try(e) => self.eval(file, scope, e),
            Expr::Yield(e) => {
                let node = e.map_or(NodeId::EMPTY, |e| self.eval(file, scope, e));
                let returns = self.graph.returns(self.program.gfn(file, scope));
                self.graph.copy(node, returns);
                NodeId::EMPTY
            }
            Expr::Assign { ref target, value } => {
                let node = self.eval(file, scope, value);
                self.bind_pattern(file, scope, target, node);
                node
            }
            Expr::Comprehension { key, element: item, ref clauses, .. } => {
                for clause in clauses {
                    let iter = self.eval(file, scope, clause.iter);
                    let each = self.load_element(iter);
                    self.bind_pattern(file, scope, &clause.pattern, each);
                    for test in &clause.tests {
                        self.eval(file, scope, *test);
                    }
                }
                key.map(|k| self.eval(file, scope, k));
                let item = self.eval(file, scope, item);
                self.collection(at, &[(element(), item), (unknown_member(), item)])
            }
            Expr::Block(ref block) => self.block_value(file, scope, block),
            Expr::Cast { value, ref ty } => {
                let node = self.eval(file, scope, value);
                let typed = self.type_values(file, scope, ty);
                self.union(&[node, typed])
            }
            Expr::Jsx { tag, ref attrs, ref children } => {
                let props = self.object(at, scope, attrs);
                for child in children {
                    self.eval(file, scope, *child);
                }
                let callee = self.eval(file, scope, tag);
                self.call_site(at, scope, CallKind::New, callee, NodeId::EMPTY, vec![(None, props, false)])
            }
            Expr::Opaque(ref parts) => {
                let nodes: Vec<_> = parts.iter().map(|p| self.eval(file, scope, *p)).collect();
                nodes.last().copied().unwrap_or(NodeId::EMPTY)
            }
        }
    }

    /// The strings among the values of some nodes.
    fn texts(&mut self, nodes: &[NodeId]) -> NodeId {
        if nodes.iter().all(|n| *n == NodeId::EMPTY) {
            return NodeId::EMPTY;
        }
        let to = self.graph.node();
        for node in nodes {
            self.watch(*node, Op::Texts { to });
        }
        to
    }

    /// The texts of a node that are no whole URLs.
    fn path_texts(&mut self, node: NodeId) -> NodeId {
        if node == NodeId::EMPTY {
            return node;
        }
        let to = self.graph.node();
        self.watch(node, Op::PathTexts { to });
        to
    }

    fn union(&mut self, nodes: &[NodeId]) -> NodeId {
        let mut some = nodes.iter().copied().filter(|n| *n != NodeId::EMPTY);
        match (some.next(), some.next()) {
            (None, _) => NodeId::EMPTY,
            (Some(one), None) => one,
            (Some(a), Some(b)) => {
                let to = self.graph.node();
                for from in [a, b].into_iter().chain(some) {
                    self.graph.copy(from, to);
                }
                to
            }
        }
    }

    /// A name in an expression.
    fn used_name(&mut self, file: FileId, scope: FnId, name: Name, id: ExprId) -> NodeId {
        let facts = self.program.facts(file);
        if let Some(owner) = self.scopes[file.0 as usize].lookup(facts, scope, name) {
            let (shadows, at) = (&self.shadows[file.0 as usize], facts.span(id).start);
            let version = shadows.used(owner, name, at);
            let version = self.narrowing[file.0 as usize].used(owner, version, at).unwrap_or(version);
            let outer = if shadows.is_outer(facts, owner, name, at) { facts.function(owner).parent } else { None };
            let mut variable = self.graph.variable(self.program.gfn(file, owner), version);
            if let Some(around) = outer {
                let outer = self.used_name(file, around, name, id);
                variable = self.union(&[variable, outer]);
            }
            // `relay::send(relay)`: a path starts with a module, whatever variable has the same name.
            let is_local = facts.language == Language::Rust && facts.function(owner).kind != FnKind::Module;
            let module = if is_local { self.modules.resolve(self.program, file, scope, &name) } else { None };
            return match module {
                Some(module) => {
                    let module = self.graph.constant(Value::Module(module));
                    self.union(&[variable, module])
                }
                None => variable,
            };
        }
        self.name(file, scope, name)
    }

    /// A name where it is used: a variable, an import, a wildcard import's member, or a global of the language.
    pub(super) fn name(&mut self, file: FileId, scope: FnId, name: Name) -> NodeId {
        let facts = self.program.facts(file);
        if let Some(owner) = self.scopes[file.0 as usize].lookup(facts, scope, name) {
            return self.graph.variable(self.program.gfn(file, owner), name);
        }
        if facts.language == Language::Rust {
            match name.as_str() {
                "Self" => return self.self_type(file, scope),
                "crate" | "super" | "self" => return self.import_module(file, scope, name),
                _ => {}
            }
        }
        let wildcards: Vec<usize> = self.scopes[file.0 as usize].wildcards(facts, scope).collect();
        let to = self.graph.node();
        for import in wildcards.into_iter().map(|i| &facts.imports[i]).filter(|i| i.kind == ImportKind::Wildcard) {
            let member = self.import_member(file, import.scope, import.module, name);
            self.graph.copy(member, to);
        }
        let language = self.program.language(file);
        if language == Language::Rust {
            // A path may start with a crate or a child module without an import.
            let module = self.import_module(file, scope, name);
            self.graph.copy(module, to);
        }
        let globals = self.matcher.globals(language);
        let global = self.matcher.step(globals, ApiStep::Member(name));
        if self.matcher.is_known(global) {
            self.graph.add(to, Value::Api(global));
        }
        to
    }

    /// `Self`: the class around, or the type of the `impl` block around.
    fn self_type(&mut self, file: FileId, scope: FnId) -> NodeId {
        let facts = self.program.facts(file);
        let mut at = scope;
        loop {
            if let Some(class) = facts.function(at).owner {
                return self.graph.constant(Value::Class(self.program.gclass(file, class)));
            }
            if let Some(imp) = facts.impls.iter().find(|i| i.methods.contains(&at)) {
                return self.type_head(file, imp.parent.unwrap_or(FnId::MODULE), &imp.target);
            }
            if at == FnId::MODULE {
                return NodeId::EMPTY;
            }
            at = facts.function(at).parent.unwrap_or(FnId::MODULE);
        }
    }

    fn receiver(&mut self, file: FileId, scope: FnId) -> NodeId {
        let facts = self.program.facts(file);
        let mut at = scope;
        while at != FnId::MODULE {
            if let Some(class) = facts.function(at).owner {
                let class = self.program.gclass(file, class);
                let is_class_side = takes_class(facts, at);
                return if is_class_side {
                    self.class_side(class)
                } else {
                    self.graph.constant(Value::Declared(class))
                };
            }
            if let Some(literal) = self.literal_methods.get(&self.program.gfn(file, at)) {
                return self.graph.constant(Value::Literal(*literal));
            }
            if facts.language == Language::Rust && facts.impls.iter().any(|i| i.methods.contains(&at)) {
                let class = self.self_type(file, at);
                return self.instantiate(class);
            }
            at = facts.function(at).parent.unwrap_or(FnId::MODULE);
        }
        NodeId::EMPTY
    }

    /// `super`: the bases of the class around. In Rust it is a path head and was handled as a name.
    fn super_node(&mut self, file: FileId, scope: FnId) -> NodeId {
        let Some(class) = self.program.receiver_class(self.program.gfn(file, scope)) else { return NodeId::EMPTY };
        let bases = self.bases(class).to_vec();
        let instances: Vec<_> = bases.into_iter().map(|b| self.instantiate(b)).collect();
        self.union(&instances)
    }

    fn text(&mut self, text: Name) -> NodeId {
        let endpoints = &self.models.endpoints;
        let is_endpoint = text.len() < 400 && endpoints.mentions(&text);
        if is_endpoint { self.graph.constant(Value::Text(text)) } else { NodeId::EMPTY }
    }

    fn template(&mut self, at: GExpr, scope: FnId, parts: &[Part], tag: Option<ExprId>) -> NodeId {
        let mut nodes = Vec::new();
        let mut has_host = false;
        for part in parts {
            match part {
                Part::Text(text) => {
                    has_host |= text.contains("://");
                    nodes.push(self.text(*text));
                }
                // What follows a host is no whole URL, whatever else the hole's value may hold elsewhere.
                Part::Hole { value, .. } if has_host => {
                    let value = self.eval(at.file, scope, *value);
                    nodes.push(self.path_texts(value));
                }
                Part::Hole { value, .. } => nodes.push(self.eval(at.file, scope, *value)),
            }
        }
        let text = self.texts(&nodes);
        match tag {
            Some(tag) => {
                let receiver = self.receiver_of(at.file, scope, tag);
                let callee = self.eval(at.file, scope, tag);
                self.call_site(at, scope, CallKind::Plain, callee, receiver, vec![(None, text, false)])
            }
            None => text,
        }
    }

    fn collection(&mut self, at: GExpr, members: &[(Name, NodeId)]) -> NodeId {
        if !members.is_empty()
            && members.iter().all(|(_, node)| *node == NodeId::EMPTY)
            && !self.spreads.contains_key(&at)
        {
            // Nothing but constants: no call can go through it.
            return NodeId::EMPTY;
        }
        for (name, node) in members {
            let field = self.graph.field(Holder::Literal(at), *name);
            self.graph.copy(*node, field);
        }
        self.graph.constant(Value::Literal(at))
    }

    fn list(&mut self, at: GExpr, scope: FnId, items: &[Element]) -> NodeId {
        let mut members = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let node = self.eval(at.file, scope, item.value);
            if item.spread {
                self.spreads.entry(at).or_default().push(node);
                continue;
            }
            members.push((element(), node));
            if items.len() <= 8 {
                members.push((super::generate::index_name(index), node));
            }
        }
        self.collection(at, &members)
    }

    fn object(&mut self, at: GExpr, scope: FnId, entries: &[Entry]) -> NodeId {
        let mut members = Vec::new();
        for entry in entries {
            if let Expr::Lambda(f) = self.program.facts(at.file).expr(entry.value) {
                let f = self.program.gfn(at.file, *f);
                if self.program.function(f).kind == FnKind::Method {
                    self.literal_methods.insert(f, at);
                }
            }
            let node = self.eval(at.file, scope, entry.value);
            match entry.key {
                Key::Spread => self.spreads.entry(at).or_default().push(node),
                Key::Name(name) => members.extend([(name, node), (element(), node)]),
                Key::Computed(key) => {
                    let constant = self.program.facts(at.file).str_value(key);
                    self.eval(at.file, scope, key);
                    members.extend([(constant.unwrap_or_else(unknown_member), node), (element(), node)]);
                }
            }
        }
        self.collection(at, &members)
    }

    fn block_value(&mut self, file: FileId, scope: FnId, block: &crate::ir::Block) -> NodeId {
        self.generate_block(file, scope, block);
        let mut values = Vec::new();
        super::blocks::values(block, &mut values);
        let nodes: Vec<_> = values.into_iter().map(|v| self.eval(file, scope, v)).collect();
        self.union(&nodes)
    }
}

/// Whether a method's receiver is the class itself and no instance of it.
fn takes_class(facts: &FileFacts, f: FnId) -> bool {
    let function = facts.function(f);
    let is_marked = |decorator: &ExprId| matches!(facts.expr(*decorator), Expr::Name(name) if name == "classmethod");
    match facts.language {
        Language::Python => {
            function.decorators.iter().any(is_marked)
                || function.name.is_some_and(|name| name == "__new__" || name == "__init_subclass__")
        }
        _ => function.is_static,
    }
}
