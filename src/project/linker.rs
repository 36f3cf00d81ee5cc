//! Drives the constraint graph: what each operation does to each value, members through inheritance, calls.

mod calls;
mod classes;
mod imports;
mod kept;

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::handlers::{Convention, convention_names};
use super::modules::{ModuleRef, Modules};
use super::program::{FileId, GClass, GExpr, GFn, Program};
use super::scope::Scopes;
use super::shadow::Shadows;
use super::solver::{Graph, Holder, NodeId, Op, element, unknown_member};
use super::value::Value;
use super::wildcards::Wildcards;
use crate::intern::Name;
use crate::ir::{CallKind, ClassKind, ExprId, FnKind};
use crate::model::{ApiStep, Matcher, ModelSet, ObjectId};
use crate::source::Language;

/// One call expression.
#[derive(Clone, Debug)]
pub struct Site {
    /// The call, or the decorator or JSX element that calls.
    pub at: GExpr,
    /// The function in whose body it stands.
    pub caller: GFn,
    /// How it is written.
    pub kind: CallKind,
    pub(super) callee: NodeId,
    pub(super) receiver: NodeId,
    pub(super) args: Args,
    pub(super) result: NodeId,
    /// Arguments that are texts written at the call, as bits.
    pub(super) written: u32,
}

/// Keyword name, value and whether it is spread, of each argument; shared, as calls are bound many times.
pub(super) type Args = Arc<[(Option<Name>, NodeId, bool)]>;

/// What a file passes on as a whole (`export * from`), by position and specifier: a barrel of thousands of files must not ask
/// each of them for each name.
#[derive(Debug, Default)]
struct Stars {
    /// Modules that export what they name and nothing else, by name.
    closed: FxHashMap<Name, Vec<(usize, Name)>>,
    /// Modules that may hold any name.
    open: Vec<(usize, Name)>,
}

impl Stars {
    /// The specifiers of the modules that may export a name, in order.
    fn leading_to(&self, name: Name) -> Vec<Name> {
        let mut found = self.open.clone();
        found.extend(self.closed.get(&name).into_iter().flatten());
        found.sort_unstable_by_key(|(nth, _)| *nth);
        found.into_iter().map(|(_, specifier)| specifier).collect()
    }
}

/// Members of a class as asked for so far.
#[derive(Debug, Default)]
pub(super) struct ClassState {
    bases: Vec<NodeId>,
    subclasses: Vec<GClass>,
    exact: FxHashMap<Name, NodeId>,
    /// With how far above the class it was asked for.
    declared: FxHashMap<Name, (NodeId, u8)>,
    /// Holds the class and every class below it, as values; likewise.
    class_side: Option<(NodeId, u8)>,
}

/// The linker's state.
pub(super) struct Linker<'a> {
    pub(super) program: &'a Program,
    pub(super) modules: &'a Modules,
    pub(super) models: &'a ModelSet,
    pub(super) matcher: Matcher,
    pub(super) graph: Graph,
    pub(super) scopes: Vec<Scopes>,
    pub(super) shadows: Vec<Shadows>,
    pub(super) sites: Vec<Site>,
    pub(super) expr_nodes: Vec<Vec<NodeId>>,
    /// Spread entries of literals: their other members come from these nodes.
    pub(super) spreads: FxHashMap<GExpr, Vec<NodeId>>,
    /// Object literals whose methods see them as receiver.
    pub(super) literal_methods: FxHashMap<GFn, GExpr>,
    pub(super) conventions: Vec<Convention>,
    pub(super) convention_names: FxHashSet<Name>,
    /// Exports of such names that come from other files.
    pub(super) passed_on: FxHashMap<(FileId, Name), NodeId>,
    classes: Vec<ClassState>,
    stars: FxHashMap<FileId, Arc<Stars>>,
    /// Exported expressions that were asked for before their files' constraints were made.
    pub(super) promised: FxHashMap<GExpr, NodeId>,
    /// The first calls of each name, of files that ask for attributes by name.
    pub(super) calls_by_name: FxHashMap<FileId, FxHashMap<Name, Vec<ExprId>>>,
    /// What calls say by type arguments, where a library may keep it in what it returns.
    pub(super) call_types: FxHashMap<u32, Vec<NodeId>>,
    /// Whether a file's constraints were made.
    pub(super) generated: Vec<bool>,
    wildcards: Arc<Wildcards>,
    /// What is kept in libraries' objects under a name.
    bag_members: FxHashMap<(ObjectId, Name), NodeId>,
    group_members: FxHashMap<(usize, Name), NodeId>,
    module_members: FxHashMap<(ModuleRef, Name), NodeId>,
    impls: Vec<(FileId, usize)>,
    bound: FxHashSet<(u32, GFn)>,
    pending: Vec<(Op, Value)>,
    /// Functions with functions inside.
    factories: FxHashSet<GFn>,
    /// Classes of the methods that `impl` blocks give them.
    pub(super) owners: FxHashMap<GFn, GClass>,
}

impl<'a> Linker<'a> {
    pub(super) fn new(program: &'a Program, modules: &'a Modules, models: &'a ModelSet) -> Self {
        let (scopes, shadows) =
            program.files.par_iter().map(|f| (Scopes::new(&f.facts), Shadows::new(&f.facts))).unzip();
        let expr_nodes = program.file_ids().map(|f| vec![NodeId::EMPTY; program.facts(f).exprs.len()]).collect();
        let classes = (0..program.class_count()).map(|_| ClassState::default()).collect();
        let factories = (0..program.fn_count()).filter_map(|f| program.parent(GFn(f))).collect();
        Linker {
            program,
            modules,
            models,
            matcher: models.matcher.clone(),
            graph: Graph::new(),
            scopes,
            shadows,
            sites: Vec::new(),
            expr_nodes,
            spreads: FxHashMap::default(),
            literal_methods: FxHashMap::default(),
            conventions: Convention::all(models),
            convention_names: convention_names(models),
            passed_on: FxHashMap::default(),
            classes,
            stars: FxHashMap::default(),
            promised: FxHashMap::default(),
            calls_by_name: FxHashMap::default(),
            call_types: FxHashMap::default(),
            generated: vec![false; program.files.len()],
            wildcards: Arc::new(Wildcards::new(program, modules)),
            bag_members: FxHashMap::default(),
            group_members: FxHashMap::default(),
            module_members: FxHashMap::default(),
            impls: Vec::new(),
            bound: FxHashSet::default(),
            pending: Vec::new(),
            factories,
            owners: FxHashMap::default(),
        }
    }

    /// Works until nothing changes.
    pub(super) fn solve(&mut self) {
        loop {
            while let Some((op, value)) = self.pending.pop() {
                self.apply(op, value);
            }
            let Some(mut news) = self.graph.next() else { return };
            while let Some(op) = self.graph.next_op(&mut news.ops) {
                for at in news.values.clone() {
                    let value = self.graph.values(news.node)[at];
                    self.apply(op, value);
                }
            }
        }
    }

    /// Registers an operation on a node; what the node holds already is queued, so that chains of any length cost no stack.
    pub(super) fn watch(&mut self, node: NodeId, op: Op) {
        let known = self.graph.watch(node, op);
        let values = self.graph.values(node)[..known].iter();
        self.pending.extend(values.map(|value| (op, *value)));
    }

    pub(super) fn load(&mut self, node: NodeId, name: Name) -> NodeId {
        if node == NodeId::EMPTY {
            return node;
        }
        let to = self.graph.node();
        self.watch(node, Op::Load { name, to });
        to
    }

    /// Reads an attribute. What a Python collection holds is reached by index only: `d.get` is a method, whatever is in `d`.
    pub(super) fn load_attribute(&mut self, language: Language, node: NodeId, name: Name) -> NodeId {
        if node == NodeId::EMPTY || language != Language::Python {
            return self.load(node, name);
        }
        let to = self.graph.node();
        self.watch(node, Op::LoadAttribute { name, to });
        to
    }

    pub(super) fn load_element(&mut self, node: NodeId) -> NodeId {
        if node == NodeId::EMPTY {
            return node;
        }
        let to = self.graph.node();
        self.watch(node, Op::LoadElement { to });
        to
    }

    pub(super) fn instantiate(&mut self, node: NodeId) -> NodeId {
        if node == NodeId::EMPTY {
            return node;
        }
        let to = self.graph.node();
        self.watch(node, Op::Instantiate { to });
        to
    }

    fn apply(&mut self, op: Op, value: Value) {
        self.graph.steps += 1;
        match op {
            Op::Transparent { to } => return self.graph.add(to, value),
            Op::Objects { to } => {
                if !matches!(value, Value::Fn(_)) {
                    self.graph.add(to, value);
                }
                return;
            }
            Op::LoadElement { to } if matches!(value, Value::Made(..)) => self.graph.add(to, value),
            _ => {}
        }
        // Only identity tells made objects apart; everything else they do is their library's.
        let value = match value {
            Value::Made(api, _) => Value::Api(api),
            other => other,
        };
        match op {
            Op::Load { name, to } => self.apply_load(value, name, to),
            Op::LoadAttribute { name, to } => {
                if !matches!(value, Value::Literal(_)) {
                    self.apply_load(value, name, to);
                }
            }
            Op::LoadOfBase { name, to } => self.apply_load_of_base(value, name, to),
            Op::LoadElement { to } => self.apply_load_element(value, to),
            Op::Store { name, from } => self.apply_store(value, name, from),
            Op::Call { site } => self.apply_call(site, value),
            Op::Instantiate { to } => self.apply_instantiate(value, to),
            Op::Callbacks { to } => {
                if matches!(value, Value::Fn(_)) {
                    self.graph.add(to, value);
                }
            }
            Op::Passing { to } => {
                if matches!(value, Value::Fn(_) | Value::Text(_)) {
                    self.graph.add(to, value);
                }
            }
            Op::Invoke { to } => self.apply_invoke(value, to),
            Op::LoadOfInstance { name, to } => {
                if matches!(value, Value::Instance(_) | Value::Declared(_)) {
                    self.apply_load(value, name, to);
                }
            }
            Op::ApiElement { to } => {
                if matches!(value, Value::Api(_)) {
                    self.apply_load_element(value, to);
                }
            }
            Op::LiteralElement { to } => {
                if matches!(value, Value::Literal(_)) {
                    self.apply_load_element(value, to);
                }
            }
            // `Dict[str, Plugin]` stands for the plugin: what has no `get` of its own is what the dictionary gives.
            Op::DeclaredElement { name, to } => {
                if let Value::Declared(class) = value
                    && self.own_method(class, name).is_none()
                {
                    self.graph.add(to, value);
                }
            }
            Op::Texts { to } => {
                if matches!(value, Value::Text(_)) {
                    self.graph.add(to, value);
                }
            }
            Op::PathTexts { to } => {
                if matches!(value, Value::Text(text) if !text.contains("://")) {
                    self.graph.add(to, value);
                }
            }
            Op::Transparent { .. } | Op::Objects { .. } => {}
            Op::CallWith { given, to } => self.apply_call_with(value, given, to),
            Op::OfClass { class, to } => {
                if let Value::Api(api) = value
                    && self.makes_of_class(api)
                {
                    self.graph.add(to, Value::Declared(class));
                }
            }
            Op::BaseOf { class } => match value {
                Value::Class(base) => self.add_subclass(base, class),
                Value::Api(base) => self.type_methods(base, class),
                _ => {}
            },
            Op::Handler { row } => {
                if let Value::Fn(handler) = value {
                    self.type_handler(row, handler);
                }
            }
            Op::Callback { row, hand } => {
                if let Value::Fn(callback) = value {
                    self.type_callback(row, hand, callback);
                }
            }
            Op::FunctionType { of } => {
                if let Value::Api(ty) = value {
                    self.type_function(ty, of);
                }
            }
            Op::Decorator { of } => {
                if let Value::Api(api) = value {
                    self.type_decorated(api, of);
                }
            }
            Op::ImplTarget { block } => self.apply_impl(block, value),
            Op::Extends { block } => self.apply_extension(block, value),
        }
    }

    fn apply_load(&mut self, value: Value, name: Name, to: NodeId) {
        match value {
            Value::Api(api) => {
                let next = self.matcher.step(api, ApiStep::Member(name));
                self.graph.add(to, Value::Api(next));
                for bag in self.bags_of(api) {
                    let kept = self.bag_member(bag, name);
                    self.graph.copy(kept, to);
                }
            }
            Value::Instance(class) | Value::Declared(class) if leads_to_class(&name) => {
                let side = self.class_side(class);
                self.graph.copy(side, to);
            }
            Value::Instance(class) => {
                let member = self.member(class, name);
                self.graph.copy(member, to);
            }
            Value::Declared(class) => {
                let member = self.declared_member(class, name);
                self.graph.copy(member, to);
            }
            Value::Class(class) if self.models.class_members.contains(&name) => {
                let member = self.graph.node();
                self.load_static(class, name, member);
                self.graph.copy(member, to);
                self.watch(member, Op::OfClass { class, to });
            }
            Value::Class(class) => self.load_static(class, name, to),
            Value::Literal(at) => {
                let own = self.graph.field(Holder::Literal(at), name);
                self.graph.copy(own, to);
                if !is_method_of_language(&name) {
                    let unknown = self.graph.field(Holder::Literal(at), unknown_member());
                    self.graph.copy(unknown, to);
                }
                for index in 0..self.spreads.get(&at).map_or(0, Vec::len) {
                    self.watch(self.spreads[&at][index], Op::Load { name, to });
                }
            }
            Value::Module(module) => {
                let member = self.module_member(module, name);
                self.graph.copy(member, to);
            }
            // A function's own members that lead back to it.
            Value::Fn(f) if leads_back(self.program.language(self.program.file_of(f)), &name) => {
                self.graph.add(to, value)
            }
            // A method of a string: the result still holds its text.
            Value::Text(_) => self.graph.add(to, value),
            Value::Fn(_) | Value::Made(..) => {}
        }
    }

    fn load_static(&mut self, class: GClass, name: Name, to: NodeId) {
        let is_variant = {
            let c = self.program.class(class);
            c.kind == ClassKind::Enum && c.fields.iter().any(|f| f.name == name)
        };
        if is_variant {
            self.graph.add(to, Value::Class(class));
        }
        if self.program.class(class).kind == ClassKind::Alias {
            // `type Router = axum::Router<State>`: what is asked of the name is asked of what it stands for.
            let head = self.graph.field(Holder::Class(class), Name::new("<alias head>"));
            self.watch(head, Op::Load { name, to });
        }
        let member = self.declared_member(class, name);
        self.graph.copy(member, to);
    }

    fn apply_load_of_base(&mut self, value: Value, name: Name, to: NodeId) {
        match value {
            Value::Class(class) => {
                let member = self.member(class, name);
                self.graph.copy(member, to);
            }
            Value::Api(api) => {
                let instance = self.matcher.step(api, ApiStep::Call);
                let next = self.matcher.step(instance, ApiStep::Member(name));
                if self.matcher.is_known(next) {
                    self.graph.add(to, Value::Api(next));
                }
            }
            _ => {}
        }
    }

    fn apply_load_element(&mut self, value: Value, to: NodeId) {
        match value {
            Value::Literal(at) => {
                let all = self.graph.field(Holder::Literal(at), element());
                self.graph.copy(all, to);
                for index in 0..self.spreads.get(&at).map_or(0, Vec::len) {
                    self.watch(self.spreads[&at][index], Op::LoadElement { to });
                }
            }
            Value::Api(api) => {
                let next = self.matcher.step(api, ApiStep::Element);
                self.graph.add(to, Value::Api(next));
            }
            Value::Class(_) | Value::Module(_) => {}
            // What a generator yields stands in its result node as it is.
            other => self.graph.add(to, other),
        }
    }

    fn apply_store(&mut self, value: Value, name: Name, from: NodeId) {
        match value {
            Value::Instance(class) | Value::Declared(class) | Value::Class(class) => {
                let field = self.graph.field(Holder::Class(class), name);
                self.graph.copy(from, field);
            }
            Value::Literal(at) => {
                let field = self.graph.field(Holder::Literal(at), name);
                self.graph.copy(from, field);
                let all = self.graph.field(Holder::Literal(at), element());
                self.graph.copy(from, all);
            }
            Value::Module(ModuleRef::Scope(file, id)) => {
                let variable = self.graph.variable(self.program.gfn(file, id), name);
                self.graph.copy(from, variable);
            }
            Value::Api(api) => {
                for bag in self.bags_of(api) {
                    let kept = self.bag_member(bag, name);
                    self.graph.copy(from, kept);
                }
            }
            Value::Fn(_) | Value::Module(_) | Value::Made(..) | Value::Text(_) => {}
        }
    }

    /// What a getter's value is: what it returns.
    pub(super) fn method_value(&mut self, f: GFn) -> NodeId {
        if self.program.function(f).kind == FnKind::Getter {
            self.graph.returns(f)
        } else {
            self.graph.constant(Value::Fn(f))
        }
    }
}

/// The member of an instance that is its class: `self.__class__(..)`, `new this.constructor(..)`.
fn leads_to_class(member: &str) -> bool {
    matches!(member, "__class__" | "constructor")
}

/// Members of a function, by language, whose call is a call of the function.
fn leads_back(language: Language, member: &str) -> bool {
    match language {
        Language::TypeScript => matches!(member, "bind" | "call" | "apply"),
        Language::Python => matches!(member, "__wrapped__" | "__call__"),
        _ => false,
    }
}

/// Whether a name means a method of collections and texts, and hardly an entry that code put in under a computed key.
fn is_method_of_language(name: &str) -> bool {
    matches!(
        name,
        "get"
            | "set"
            | "has"
            | "delete"
            | "map"
            | "filter"
            | "forEach"
            | "reduce"
            | "find"
            | "push"
            | "pop"
            | "shift"
            | "slice"
            | "splice"
            | "concat"
            | "join"
            | "includes"
            | "indexOf"
            | "keys"
            | "values"
            | "entries"
            | "some"
            | "every"
            | "sort"
            | "flat"
            | "flatMap"
            | "length"
            | "then"
            | "catch"
            | "finally"
            | "toString"
            | "split"
            | "replace"
            | "trim"
            | "startsWith"
            | "endsWith"
            | "iter"
            | "into_iter"
            | "len"
            | "insert"
            | "push_str"
    )
}
