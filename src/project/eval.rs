//! From expressions and types to nodes.

use super::linker::{Linker, Site};
use super::program::{FileId, GExpr, Program, len32};
use super::solver::{Holder, NodeId, Op, element, unknown_member};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{
    Arg, BinaryOp, CallExpr, CallKind, Element, Entry, Expr, ExprId, FileFacts, FnId, FnKind, ImportKind, Key, Part,
    Type, UnaryOp,
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

    fn receiver_of(&mut self, file: FileId, scope: FnId, callee: ExprId) -> NodeId {
        match *self.program.facts(file).expr(callee) {
            Expr::Field { base, .. } => self.eval(file, scope, base),
            _ => NodeId::EMPTY,
        }
    }

    fn call(&mut self, at: GExpr, scope: FnId, call: &CallExpr) -> NodeId {
        let file = at.file;
        let receiver = self.receiver_of(file, scope, call.callee);
        let callee = self.eval(file, scope, call.callee);
        let args: Vec<_> =
            call.args.iter().map(|a: &Arg| (a.name, self.eval(file, scope, a.value), a.spread)).collect();
        let types: Vec<NodeId> = call.types.iter().map(|ty| self.type_values(file, scope, ty)).collect();
        let plain: Vec<NodeId> = args.iter().map(|(_, node, _)| *node).collect();
        let result = self.call_site(at, scope, call.kind, callee, receiver, args);
        let language = self.program.language(file);
        match *self.program.facts(file).expr(call.callee) {
            Expr::Field { name, .. } => self.builtin_call(language, name, receiver, &plain, result),
            // `Some(x)`, `Ok(x)`, `Box::new(x)`: wrappers of the language itself.
            Expr::Name(name)
                if language == Language::Rust && matches!(name.as_str(), "Some" | "Ok" | "Err" | "vec") =>
            {
                plain.iter().for_each(|n| self.graph.copy(*n, result));
            }
            Expr::Name(name)
                if language == Language::Python
                    && matches!(
                        name.as_str(),
                        "list" | "iter" | "aiter" | "anext" | "next" | "reversed" | "sorted" | "enumerate" | "tuple"
                    ) =>
            {
                plain.iter().for_each(|n| self.graph.copy(*n, result));
            }
            _ => {}
        }
        if language == Language::Rust {
            self.rust_wrapper(file, call, &plain, result);
            // `data::<T>()`, `get::<T>()`: what is asked for by type is of that type.
            types.into_iter().for_each(|node| self.graph.copy(node, result));
        }
        if language == Language::TypeScript {
            self.dynamic_import(file, scope, call, result);
        }
        result
    }

    /// `Arc::new(x)`, `Box::pin(x)`: the smart pointers of std are transparent.
    fn rust_wrapper(&mut self, file: FileId, call: &CallExpr, args: &[NodeId], result: NodeId) {
        let facts = self.program.facts(file);
        let Expr::Field { base, name } = facts.expr(call.callee) else { return };
        let head = match facts.expr(*base) {
            Expr::Name(head) | Expr::Field { name: head, .. } => head,
            _ => return,
        };
        let is_pointer = matches!(
            head.as_str(),
            "Arc" | "Rc" | "Box" | "Mutex" | "RwLock" | "RefCell" | "Cell" | "OnceCell" | "Cow" | "Pin"
        );
        if is_pointer && matches!(name.as_str(), "new" | "pin" | "clone" | "from" | "Owned" | "Borrowed" | "downgrade")
        {
            args.iter().for_each(|n| self.graph.copy(*n, result));
        }
    }

    /// `await import("./x")` and `require("./x")` in expression position.
    fn dynamic_import(&mut self, file: FileId, scope: FnId, call: &CallExpr, result: NodeId) {
        let facts = self.program.facts(file);
        let is_import = matches!(facts.expr(call.callee), Expr::Name(n) if *n == "import" || *n == "require");
        let specifier = call.args.first().and_then(|a| facts.str_value(a.value));
        if let (true, Some(specifier)) = (is_import, specifier) {
            let module = self.import_module(file, scope, specifier);
            self.graph.copy(module, result);
        }
    }

    /// Which arguments of a call are texts written at the call, as bits: all of a macro's, which formats them.
    fn written_texts(&self, at: GExpr, kind: CallKind) -> u32 {
        let facts = self.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return u32::MAX };
        if kind == CallKind::Macro {
            return u32::MAX;
        }
        let is_written = |arg: &Arg| matches!(facts.expr(arg.value), Expr::Str(_) | Expr::Template { .. });
        call.args.iter().take(32).enumerate().filter(|(_, arg)| is_written(arg)).fold(0, |bits, (i, _)| bits | 1 << i)
    }

    /// Registers a call and returns the node of its result.
    pub(super) fn call_site(
        &mut self,
        at: GExpr,
        scope: FnId,
        kind: CallKind,
        callee: NodeId,
        receiver: NodeId,
        args: Vec<(Option<Name>, NodeId, bool)>,
    ) -> NodeId {
        let result = self.graph.node();
        let site = len32(self.sites.len());
        let caller = self.program.gfn(at.file, scope);
        let written = self.written_texts(at, kind);
        self.sites.push(Site { at, caller, kind, callee, receiver, args: args.into(), result, written });
        if kind == CallKind::Macro || callee == NodeId::EMPTY {
            self.pass_args(site);
        }
        self.watch(callee, Op::Call { site });
        result
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

    /// The instances a type stands for. Arguments count too, so that wrappers (`Arc<T>`, `Promise<T>`, `State<T>`) are transparent.
    pub(super) fn type_values(&mut self, file: FileId, scope: FnId, ty: &Type) -> NodeId {
        match ty {
            Type::Path(_, args) => {
                let head = self.type_head(file, scope, ty);
                let mut nodes = vec![self.instantiate(head)];
                nodes.extend(args.iter().map(|a| self.type_values(file, scope, a)));
                self.union(&nodes)
            }
            Type::Union(types) | Type::All(types) | Type::Tuple(types) => {
                let nodes: Vec<_> = types.iter().map(|t| self.type_values(file, scope, t)).collect();
                self.union(&nodes)
            }
            Type::Annotated(inner, metadata) => {
                let mut nodes = vec![self.type_values(file, scope, inner)];
                nodes.extend(metadata.iter().map(|m| self.eval(file, scope, *m)));
                self.union(&nodes)
            }
            Type::TypeOf(e) => self.eval(file, scope, *e),
            Type::Function(..) | Type::Object(_) | Type::Literal(_) | Type::Null | Type::Unknown => NodeId::EMPTY,
        }
    }

    /// The class (or library type) that a type's name means.
    pub(super) fn type_head(&mut self, file: FileId, scope: FnId, ty: &Type) -> NodeId {
        match ty {
            Type::Path(path, _) => {
                let Some((first, rest)) = path.split_first() else { return NodeId::EMPTY };
                let mut node = self.name(file, scope, *first);
                for name in rest {
                    node = self.load(node, *name);
                }
                node
            }
            Type::Annotated(inner, _) => self.type_head(file, scope, inner),
            Type::TypeOf(e) => self.eval(file, scope, *e),
            Type::All(types) => {
                let nodes: Vec<_> = types.iter().map(|t| self.type_head(file, scope, t)).collect();
                self.union(&nodes)
            }
            Type::Union(_)
            | Type::Tuple(_)
            | Type::Function(..)
            | Type::Object(_)
            | Type::Literal(_)
            | Type::Null
            | Type::Unknown => NodeId::EMPTY,
        }
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
