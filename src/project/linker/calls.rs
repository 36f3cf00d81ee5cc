//! Calls: which functions a call goes to, and what it hands them.

use std::sync::Arc;

use super::{Linker, Site};
use crate::intern::Name;
use crate::ir::{ClassKind, ParamKind};
use crate::model::{ApiId, ApiStep, Place, PlaceRoot, RowRef};
use crate::project::program::{GClass, GFn};
use crate::project::solver::{Holder, NodeId, Op};
use crate::project::value::Value;
use crate::source::Language;

impl Linker<'_> {
    pub(super) fn apply_instantiate(&mut self, value: Value, to: NodeId) {
        match value {
            Value::Class(class) if self.program.class(class).kind == ClassKind::Alias => {
                let alias = self.graph.field(Holder::Class(class), Name::new("<alias>"));
                self.graph.copy(alias, to);
                // `type Input = { model: Model }`: a shape of its own.
                if !self.program.class(class).fields.is_empty() {
                    self.graph.add(to, Value::Declared(class));
                }
            }
            Value::Class(class) => self.graph.add(to, Value::Declared(class)),
            Value::Api(api) => {
                let next = self.matcher.step(api, ApiStep::Call);
                self.graph.add(to, Value::Api(next));
            }
            _ => {}
        }
    }

    pub(super) fn apply_invoke(&mut self, value: Value, to: NodeId) {
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

    pub(super) fn apply_call_with(&mut self, value: Value, given: NodeId, to: NodeId) {
        if let Value::Fn(f) = value {
            let program = self.program;
            if let Some(param) = program.function(f).params.first() {
                self.bind_pattern(self.program.file_of(f), self.program.local_fn(f), &param.pattern, given);
            }
            let returns = self.graph.returns(f);
            self.graph.copy(returns, to);
        }
    }

    pub(super) fn apply_call(&mut self, index: u32, value: Value) {
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

    pub(super) fn call_api(&mut self, index: u32, api: ApiId) {
        let Site { args, result, receiver, .. } = self.sites[index as usize].clone();
        let next = self.matcher.step(api, ApiStep::Call);
        let made = if self.is_tracked(next) { Value::Made(next, index) } else { Value::Api(next) };
        self.graph.add(result, made);
        let models = self.models;
        let mut is_modelled = false;
        for at in 0..self.matcher.rows(api).len() {
            let row = self.matcher.rows(api)[at];
            match row {
                RowRef::Call(row) => {
                    is_modelled = true;
                    for ((place, ..), hand) in models.calls[row as usize].places.hands.iter().zip(0..) {
                        for node in self.place_nodes(place, &args, receiver) {
                            self.watch(node, Op::Callback { row, hand });
                        }
                    }
                    self.fill_box(index, row);
                    self.use_bag(index, row);
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
    pub(super) fn returns_closure(&self, f: GFn) -> bool {
        self.factories.contains(&f)
    }

    /// Its result may be any function it is given, and holds the texts written in the call: `urljoin(base, "/v1")`. A
    /// text that merely flows in is data to a function nobody described.
    pub(in crate::project) fn pass_args(&mut self, index: u32) {
        let Site { args, result, written, .. } = &self.sites[index as usize];
        let (args, result, written) = (Arc::clone(args), *result, *written);
        for (at, (_, node, _)) in args.iter().enumerate() {
            let is_written = at < 32 && written & (1 << at) != 0;
            self.watch(*node, if is_written { Op::Passing { to: result } } else { Op::Callbacks { to: result } });
        }
    }

    /// Whether a library object must be told apart by where it is made: routers, applications, guards' owners.
    pub(super) fn is_tracked(&self, api: ApiId) -> bool {
        self.matcher.rows(api).iter().any(|row| matches!(row, RowRef::Object(o) if self.models.tracked.contains(o)))
    }

    /// The argument nodes a place means, as far as it starts at an argument or the receiver.
    pub(super) fn place_nodes(
        &mut self,
        place: &Place,
        args: &[(Option<Name>, NodeId, bool)],
        receiver: NodeId,
    ) -> Vec<NodeId> {
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

    pub(super) fn bind_args(&mut self, index: u32, f: GFn) {
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

    pub(super) fn construct(&mut self, index: u32, class: GClass) {
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
}
