//! Drives the constraint graph: what each operation does to each value, members through inheritance, calls.

use std::collections::VecDeque;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::handlers::Convention;
use super::modules::{ModuleRef, Modules};
use super::program::{FileId, GClass, GExpr, GFn, Program};
use super::scope::Scopes;
use super::shadow::Shadows;
use super::solver::{Graph, Holder, NodeId, Op, element, unknown_member};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{CallKind, ClassKind, Export, FnId, FnKind, ImportKind, ParamKind};
use crate::model::{ApiId, ApiStep, Matcher, ModelSet, Place, PlaceRoot, RowRef};
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

/// How many levels of classes below one are searched for its members: nobody derives so deeply.
const MAX_LEVELS: u8 = 48;
/// How many bases of a class are searched.
const MAX_BASES: usize = 64;

/// What became of asking for a node of a class below another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Below {
    /// It was there.
    Known,
    /// It was there, for a class further above: what lies below may not have been reached.
    Nearer,
    /// It was made.
    New,
}

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
    classes: Vec<ClassState>,
    stars: FxHashMap<FileId, Arc<Stars>>,
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
            classes,
            stars: FxHashMap::default(),
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
            Value::Fn(_) | Value::Module(_) | Value::Api(_) | Value::Made(..) | Value::Text(_) => {}
        }
    }

    fn apply_instantiate(&mut self, value: Value, to: NodeId) {
        match value {
            Value::Class(class) if self.program.class(class).kind == ClassKind::Alias => {
                let alias = self.graph.field(Holder::Class(class), Name::new("<alias>"));
                self.graph.copy(alias, to);
            }
            Value::Class(class) => self.graph.add(to, Value::Declared(class)),
            Value::Api(api) => {
                let next = self.matcher.step(api, ApiStep::Call);
                self.graph.add(to, Value::Api(next));
            }
            _ => {}
        }
    }

    fn apply_invoke(&mut self, value: Value, to: NodeId) {
        match value {
            Value::Fn(f) => {
                let returns = self.graph.returns(f);
                self.graph.copy(returns, to);
            }
            Value::Class(class) => self.graph.add(to, Value::Instance(class)),
            Value::Instance(class) | Value::Declared(class) => {
                let call = self.member(class, Name::new("__call__"));
                self.watch(call, Op::Invoke { to });
            }
            Value::Api(api) => {
                let next = self.matcher.step(api, ApiStep::Call);
                self.graph.add(to, Value::Api(next));
            }
            Value::Literal(_) | Value::Module(_) | Value::Text(_) | Value::Made(..) => {}
        }
    }

    fn apply_call_with(&mut self, value: Value, given: NodeId, to: NodeId) {
        if let Value::Fn(f) = value {
            let program = self.program;
            if let Some(param) = program.function(f).params.first() {
                self.bind_pattern(self.program.file_of(f), self.program.local_fn(f), &param.pattern, given);
            }
            let returns = self.graph.returns(f);
            self.graph.copy(returns, to);
        }
    }

    fn apply_call(&mut self, index: u32, value: Value) {
        let result = self.sites[index as usize].result;
        match value {
            Value::Fn(f) => {
                if self.bound.insert((index, f)) {
                    self.bind_args(index, f);
                }
                let returns = self.graph.returns(f);
                self.graph.copy(returns, result);
                if self.returns_closure(f) {
                    // A wrapper factory: what it returns calls what it is given. See `link` for the other half.
                    self.pass_args(index);
                }
            }
            Value::Class(class) => {
                self.graph.add(result, Value::Instance(class));
                self.construct(index, class);
            }
            Value::Instance(class) | Value::Declared(class) => {
                let call = self.member(class, Name::new("__call__"));
                self.watch(call, Op::Call { site: index });
            }
            Value::Api(api) => self.call_api(index, api),
            // A method of a text: `base.join(path)`, `text.format(..)`.
            Value::Text(_) => {
                self.graph.add(result, value);
                for (_, node, _) in Arc::clone(&self.sites[index as usize].args).iter() {
                    self.watch(*node, Op::Passing { to: result });
                }
            }
            Value::Literal(_) | Value::Module(_) | Value::Made(..) => {}
        }
    }

    fn call_api(&mut self, index: u32, api: ApiId) {
        let Site { args, result, receiver, .. } = self.sites[index as usize].clone();
        let next = self.matcher.step(api, ApiStep::Call);
        let made = if self.is_tracked(next) { Value::Made(next, index) } else { Value::Api(next) };
        self.graph.add(result, made);
        let models = self.models;
        let mut is_modelled = false;
        for index in 0..self.matcher.rows(api).len() {
            let row = self.matcher.rows(api)[index];
            match row {
                RowRef::Call(row) => {
                    is_modelled = true;
                    for ((place, ..), hand) in models.calls[row as usize].places.hands.iter().zip(0..) {
                        for node in self.place_nodes(place, &args, receiver) {
                            self.watch(node, Op::Callback { row, hand });
                        }
                    }
                    for (from, to, _) in &models.calls[row as usize].places.flows {
                        for node in self.place_nodes(from, &args, receiver) {
                            match to.root {
                                _ if node == NodeId::EMPTY => {}
                                PlaceRoot::Call => self.watch(node, Op::Invoke { to: result }),
                                PlaceRoot::Return if to.steps.is_empty() => self.graph.copy(node, result),
                                _ => {}
                            }
                        }
                    }
                }
                RowRef::EntryCall(row) => {
                    for place in self.typed_handlers(row) {
                        for node in self.place_nodes(place, &args, receiver) {
                            self.watch(node, Op::Handler { row });
                        }
                    }
                }
                RowRef::Dependency(row) => {
                    is_modelled = true;
                    for place in &models.dependencies[row as usize].places.subject {
                        for node in self.place_nodes(place, &args, receiver) {
                            self.watch(node, Op::Invoke { to: result });
                        }
                    }
                }
                _ => {}
            }
        }
        if !is_modelled {
            // An unknown wrapper (`withX(handler)`) most likely calls what it is given.
            self.pass_args(index);
        }
    }

    /// Whether a function makes closures, so that its result may call its arguments later.
    fn returns_closure(&self, f: GFn) -> bool {
        self.factories.contains(&f)
    }

    /// Its result may be any function it is given, and holds the texts written in the call: `urljoin(base, "/v1")`. A
    /// text that merely flows in is data to a function nobody described.
    pub(super) fn pass_args(&mut self, index: u32) {
        let Site { args, result, written, .. } = &self.sites[index as usize];
        let (args, result, written) = (Arc::clone(args), *result, *written);
        for (at, (_, node, _)) in args.iter().enumerate() {
            let is_written = at < 32 && written & (1 << at) != 0;
            self.watch(*node, if is_written { Op::Passing { to: result } } else { Op::Callbacks { to: result } });
        }
    }

    /// Whether a library object must be told apart by where it is made: routers, applications, guards' owners.
    fn is_tracked(&self, api: ApiId) -> bool {
        self.matcher.rows(api).iter().any(|row| matches!(row, RowRef::Object(o) if self.models.tracked.contains(o)))
    }

    /// The argument nodes a place means, as far as it starts at an argument or the receiver.
    fn place_nodes(&mut self, place: &Place, args: &[(Option<Name>, NodeId, bool)], receiver: NodeId) -> Vec<NodeId> {
        let positional: Vec<NodeId> =
            args.iter().filter(|(name, _, _)| name.is_none()).map(|(_, node, _)| *node).collect();
        let mut nodes: Vec<NodeId> = match place.root {
            PlaceRoot::Arg(at) => positional.get(at).copied().into_iter().collect(),
            PlaceRoot::ArgsFrom(at) => positional.get(at..).unwrap_or_default().to_vec(),
            PlaceRoot::Last => positional.last().copied().into_iter().collect(),
            PlaceRoot::Any => args.iter().map(|(_, node, _)| *node).collect(),
            PlaceRoot::Receiver => vec![receiver],
            PlaceRoot::Named(name) => {
                let named: Vec<_> =
                    args.iter().filter(|(n, _, _)| *n == Some(name)).map(|(_, node, _)| *node).collect();
                if named.is_empty() {
                    positional.into_iter().map(|node| self.load(node, name)).collect()
                } else {
                    named
                }
            }
            PlaceRoot::Return | PlaceRoot::Call | PlaceRoot::Fixed | PlaceRoot::Parameters => Vec::new(),
        };
        for step in &place.steps {
            nodes = nodes
                .into_iter()
                .map(|node| match step {
                    crate::model::PlaceStep::Field(name) => self.load(node, *name),
                    crate::model::PlaceStep::All => self.load_element(node),
                    crate::model::PlaceStep::Where(..) | crate::model::PlaceStep::Param(_) => node,
                })
                .collect();
        }
        nodes
    }

    fn bind_args(&mut self, index: u32, f: GFn) {
        let args = Arc::clone(&self.sites[index as usize].args);
        let params = &self.program.function(f).params;
        let mut position = 0;
        for &(name, node, is_spread) in args.iter() {
            let target = match name {
                Some(name) => params
                    .iter()
                    .position(|p| p.name() == Some(name))
                    .or_else(|| params.iter().position(|p| p.kind == ParamKind::KeywordRest)),
                None => {
                    let at = params
                        .iter()
                        .position(|p| p.kind == ParamKind::Rest)
                        .map_or(position, |rest| position.min(rest));
                    position += 1;
                    (at < params.len()).then_some(at)
                }
            };
            let Some(param) = target.and_then(|at| params.get(at)) else { continue };
            let node = if is_spread { self.load_element(node) } else { node };
            let file = self.program.file_of(f);
            let scope = self.program.local_fn(f);
            self.bind_pattern(file, scope, &param.pattern, node);
        }
    }

    fn construct(&mut self, index: u32, class: GClass) {
        let (args, language) = {
            let site = &self.sites[index as usize];
            (Arc::clone(&site.args), self.program.language(site.at.file))
        };
        let constructor = match language {
            Language::Python => Some(Name::new("__init__")),
            Language::TypeScript => Some(Name::new("constructor")),
            _ => None,
        };
        // Only classes without a constructor of their own take their fields from the call: records.
        let is_record =
            language != Language::TypeScript && constructor.is_none_or(|name| self.own_method(class, name).is_none());
        let fields: Vec<Name> = self.program.class(class).fields.iter().filter(|_| is_record).map(|f| f.name).collect();
        let mut position = 0;
        for (name, node, _) in args.iter() {
            let field = name.or_else(|| fields.get(position).copied());
            position += usize::from(name.is_none());
            if let Some(field) = field.filter(|f| fields.contains(f) || language == Language::Rust) {
                let to = self.graph.field(Holder::Class(class), field);
                self.graph.copy(*node, to);
            }
        }
        let Some(constructor) = constructor else { return };
        let member = self.member(class, constructor);
        self.watch(member, Op::Call { site: index });
        // The constructor's result is no value of the call.
    }

    /// A member of exactly this class: its own, or inherited.
    pub(super) fn member(&mut self, class: GClass, name: Name) -> NodeId {
        if let Some(node) = self.classes[class.0 as usize].exact.get(&name) {
            return *node;
        }
        let node = self.graph.node();
        self.classes[class.0 as usize].exact.insert(name, node);
        let field = self.graph.field(Holder::Class(class), name);
        self.graph.copy(field, node);
        if self.own_method(class, name).is_none() {
            for index in 0..self.classes[class.0 as usize].bases.len() {
                let base = self.classes[class.0 as usize].bases[index];
                self.watch(base, Op::LoadOfBase { name, to: node });
            }
        }
        node
    }

    /// A member of this class or any class below it.
    fn declared_member(&mut self, class: GClass, name: Name) -> NodeId {
        self.spread_below(class, Some(name), 0)
    }

    /// A class and those below it as values: the receiver of a method that is called on the class itself.
    pub(super) fn class_side(&mut self, class: GClass) -> NodeId {
        self.spread_below(class, None, 0)
    }

    /// The node that holds a member, or without one the class itself, of a class and of those below it. Without recursion
    /// and not without end: code may derive as deep as it likes, and in circles.
    fn spread_below(&mut self, class: GClass, member: Option<Name>, level: u8) -> NodeId {
        let (top, how) = self.node_below(class, member, level);
        let mut waiting = VecDeque::new();
        waiting.extend((how != Below::Known).then_some((class, top, level, how)));
        while let Some((class, node, level, how)) = waiting.pop_front() {
            match member {
                _ if how == Below::Nearer => {}
                Some(name) => {
                    let exact = self.member(class, name);
                    self.graph.copy(exact, node);
                }
                None => self.graph.add(node, Value::Class(class)),
            }
            if level >= MAX_LEVELS {
                continue;
            }
            for subclass in self.classes[class.0 as usize].subclasses.clone() {
                let (below, how) = self.node_below(subclass, member, level + 1);
                waiting.extend((how != Below::Known).then_some((subclass, below, level + 1, how)));
                self.graph.copy(below, node);
            }
        }
        top
    }

    /// The node of [`Linker::spread_below`] for one class.
    fn node_below(&mut self, class: GClass, member: Option<Name>, level: u8) -> (NodeId, Below) {
        let state = &mut self.classes[class.0 as usize];
        let known = match member {
            Some(name) => state.declared.get_mut(&name),
            None => state.class_side.as_mut(),
        };
        if let Some((node, known)) = known {
            let how = if level < *known { Below::Nearer } else { Below::Known };
            *known = level.min(*known);
            return (*node, how);
        }
        let node = self.graph.node();
        let state = &mut self.classes[class.0 as usize];
        match member {
            Some(name) => drop(state.declared.insert(name, (node, level))),
            None => state.class_side = Some((node, level)),
        }
        (node, Below::New)
    }

    fn own_method(&self, class: GClass, name: Name) -> Option<GFn> {
        let file = self.program.file_of_class(class);
        let facts = self.program.facts(file);
        let found = self.program.class(class).methods.iter().find(|m| facts.function(**m).name == Some(name));
        found.filter(|m| !facts.function(**m).is_abstract).map(|m| self.program.gfn(file, *m))
    }

    /// Makes `node` a base of a class.
    pub(super) fn add_base(&mut self, class: GClass, node: NodeId) {
        if self.classes[class.0 as usize].bases.len() >= MAX_BASES {
            return;
        }
        self.classes[class.0 as usize].bases.push(node);
        self.watch(node, Op::BaseOf { class });
        let mut members: Vec<_> = self.classes[class.0 as usize].exact.iter().map(|(n, node)| (*n, *node)).collect();
        members.sort_unstable();
        for (name, to) in members {
            if self.own_method(class, name).is_none() {
                self.watch(node, Op::LoadOfBase { name, to });
            }
        }
    }

    fn add_subclass(&mut self, base: GClass, class: GClass) {
        if base == class || self.classes[base.0 as usize].subclasses.contains(&class) {
            return;
        }
        self.classes[base.0 as usize].subclasses.push(class);
        if let Some((to, level)) = self.classes[base.0 as usize].class_side.filter(|(_, level)| *level < MAX_LEVELS) {
            let below = self.spread_below(class, None, level + 1);
            self.graph.copy(below, to);
        }
        let mut members: Vec<_> = self.classes[base.0 as usize].declared.iter().map(|(n, node)| (*n, *node)).collect();
        members.sort_unstable();
        for (name, (to, level)) in members.into_iter().filter(|(_, (_, level))| *level < MAX_LEVELS) {
            let below = self.spread_below(class, Some(name), level + 1);
            self.graph.copy(below, to);
        }
    }

    /// The node of a class's bases, for asking what it derives from.
    pub(super) fn bases(&self, class: GClass) -> &[NodeId] {
        &self.classes[class.0 as usize].bases
    }

    /// The classes known to derive from or implement a class directly.
    pub(super) fn subclasses(&self, class: GClass) -> &[GClass] {
        &self.classes[class.0 as usize].subclasses
    }

    /// Registers an `impl` block to be attached once its target is known.
    pub(super) fn add_impl(&mut self, file: FileId, index: usize, target: NodeId) {
        let block = super::program::len32(self.impls.len());
        self.impls.push((file, index));
        self.watch(target, Op::ImplTarget { block });
    }

    fn apply_impl(&mut self, block: u32, value: Value) {
        let (file, index) = self.impls[block as usize];
        let Value::Class(class) = value else {
            if let (Value::Api(_), Some(interface)) = (value, &self.program.facts(file).impls[index].interface) {
                let parent = self.program.facts(file).impls[index].parent.unwrap_or(FnId::MODULE);
                let node = self.type_head(file, parent, interface);
                self.watch(node, Op::Extends { block });
            }
            return;
        };
        let imp = &self.program.facts(file).impls[index];
        for method in &imp.methods {
            let f = self.program.gfn(file, *method);
            if let Some(name) = self.program.function(f).name {
                let field = self.graph.field(Holder::Class(class), name);
                self.graph.add(field, Value::Fn(f));
            }
            self.owners.insert(f, class);
        }
        if let Some(interface) = &imp.interface {
            let node = self.type_head(file, imp.parent.unwrap_or(FnId::MODULE), interface);
            self.add_base(class, node);
        }
    }

    /// An interface of the program implemented for a library's type: a value known by the interface alone may be that
    /// type. The library's own class has no members here, so they go where the interface's users look them up.
    fn apply_extension(&mut self, block: u32, value: Value) {
        let Value::Class(interface) = value else { return };
        let (file, index) = self.impls[block as usize];
        for method in &self.program.facts(file).impls[index].methods {
            let f = self.program.gfn(file, *method);
            if let Some(name) = self.program.function(f).name {
                let member = self.declared_member(interface, name);
                self.graph.add(member, Value::Fn(f));
            }
        }
    }

    /// A member of a module: a name of its scope, a re-export, or a submodule.
    pub(super) fn module_member(&mut self, module: ModuleRef, name: Name) -> NodeId {
        if let Some(node) = self.module_members.get(&(module, name)) {
            return *node;
        }
        let node = self.graph.node();
        self.module_members.insert((module, name), node);
        if let ModuleRef::Scope(file, scope) = module {
            match self.program.language(file) {
                Language::TypeScript => self.exported(file, name, node),
                _ => self.scope_member(file, scope, name, node),
            }
        }
        if let Some(sub) = self.modules.submodule(self.program, module, name) {
            self.graph.add(node, Value::Module(sub));
        }
        for sibling in self.modules.siblings(module).to_vec() {
            if let ModuleRef::Scope(file, scope) = sibling {
                self.scope_member(file, scope, name, node);
            }
        }
        node
    }

    fn scope_member(&mut self, file: FileId, scope: FnId, name: Name, to: NodeId) {
        if self.scopes[file.0 as usize].binds(scope, name) {
            let variable = self.graph.variable(self.program.gfn(file, scope), name);
            self.graph.copy(variable, to);
            if self.program.language(file) != Language::Rust {
                return;
            }
            // `mod ask; pub use ask::*;` may bring in a function `ask`: modules and values do not share names.
        }
        let facts = self.program.facts(file);
        for import in facts.imports.iter().filter(|i| i.kind == ImportKind::Wildcard && i.scope == scope) {
            let from = self.import_member(file, import.scope, import.module, name);
            self.graph.copy(from, to);
        }
    }

    fn exported(&mut self, file: FileId, name: Name, to: NodeId) {
        let module = self.program.gfn(file, FnId::MODULE);
        let exports = &self.program.facts(file).exports;
        let mut is_found = false;
        for export in exports.iter().filter(|e| e.name == name) {
            is_found = true;
            if let Some(local) = export.local {
                let variable = self.graph.variable(module, local);
                self.graph.copy(variable, to);
            }
            if let Some((specifier, there)) = export.from {
                let from = if there == "*" {
                    self.import_module(file, FnId::MODULE, specifier)
                } else {
                    self.import_member(file, FnId::MODULE, specifier, there)
                };
                self.graph.copy(from, to);
            }
            if let Some(value) = export.value {
                let node = self.expr_nodes[file.0 as usize][value.0 as usize];
                self.graph.copy(node, to);
            }
        }
        if is_found {
            return;
        }
        for specifier in self.stars(file).leading_to(name) {
            let from = self.import_member(file, FnId::MODULE, specifier, name);
            self.graph.copy(from, to);
        }
        // `module.exports = { a, b }`: members of the exported value.
        for value in exports.iter().filter(|e| e.name == "default").filter_map(|e| e.value) {
            let node = self.expr_nodes[file.0 as usize][value.0 as usize];
            let member = self.load(node, name);
            self.graph.copy(member, to);
        }
    }

    /// What a file passes on as a whole.
    fn stars(&mut self, file: FileId) -> Arc<Stars> {
        if let Some(known) = self.stars.get(&file) {
            return Arc::clone(known);
        }
        let mut stars = Stars::default();
        let passed = self.program.facts(file).exports.iter().filter(|e| e.name == "*").filter_map(|e| e.from);
        for (nth, (specifier, _)) in passed.enumerate() {
            match self.modules.resolve(self.program, file, FnId::MODULE, &specifier) {
                Some(ModuleRef::Scope(target, FnId::MODULE)) if self.is_closed(target) => {
                    for export in &self.program.facts(target).exports {
                        let named = stars.closed.entry(export.name).or_default();
                        if named.last() != Some(&(nth, specifier)) {
                            named.push((nth, specifier));
                        }
                    }
                }
                _ => stars.open.push((nth, specifier)),
            }
        }
        let stars = Arc::new(stars);
        self.stars.insert(file, Arc::clone(&stars));
        stars
    }

    /// Whether a module exports what it names and nothing else.
    fn is_closed(&self, file: FileId) -> bool {
        let mut exports = self.program.facts(file).exports.iter();
        let is_named = |e: &Export| e.name != "*" && !(e.name == "default" && e.value.is_some());
        self.program.language(file) == Language::TypeScript && exports.all(is_named)
    }

    /// A module as imported.
    pub(super) fn import_module(&mut self, file: FileId, scope: FnId, specifier: Name) -> NodeId {
        match self.modules.resolve(self.program, file, scope, &specifier) {
            Some(module) => self.graph.constant(Value::Module(module)),
            None => self.reexported(file, scope, specifier).unwrap_or_else(|| {
                let api = self.matcher.module(self.program.language(file), &specifier);
                self.graph.constant(Value::Api(api))
            }),
        }
    }

    /// A Rust path that starts in the program but leads through what a module re-exports (`pub use inner::*`).
    fn reexported(&mut self, file: FileId, scope: FnId, specifier: Name) -> Option<NodeId> {
        if self.program.language(file) != Language::Rust {
            return None;
        }
        let (parent, last) = specifier.rsplit_once("::")?;
        let known = match self.modules.resolve(self.program, file, scope, parent) {
            Some(module) => self.graph.constant(Value::Module(module)),
            None => self.reexported(file, scope, Name::new(parent))?,
        };
        Some(self.load(known, Name::new(last)))
    }

    /// A member of a module as imported.
    pub(super) fn import_member(&mut self, file: FileId, scope: FnId, specifier: Name, name: Name) -> NodeId {
        match self.modules.resolve(self.program, file, scope, &specifier) {
            Some(module) => self.module_member(module, name),
            None => {
                if let Some(module) = self.reexported(file, scope, specifier) {
                    return self.load(module, name);
                }
                let mut api = self.matcher.module(self.program.language(file), &specifier);
                if name != "default" {
                    api = self.matcher.step(api, ApiStep::Member(name));
                }
                self.graph.constant(Value::Api(api))
            }
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
