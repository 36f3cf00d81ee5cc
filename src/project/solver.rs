//! Inclusion constraints over abstract values, solved by a worklist.
//!
//! A node holds the set of values some variable, field, result or expression can have. Constraints only ever add, so
//! the result does not depend on the order of work. Objects are told apart by class (instances) or by the place that
//! makes them (literals); calling contexts are not told apart.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::program::{GClass, GExpr, GFn};
use super::value::Value;
use crate::intern::Name;

/// Index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(pub(super) u32);

impl NodeId {
    /// The node without values.
    pub(super) const EMPTY: NodeId = NodeId(0);
}

/// Values beyond this many in one node are dropped: a node that large tells nothing apart any more.
const MAX_VALUES: usize = 256;

/// Literals and functions beyond these many in one node are dropped sooner: a variable that can be any of so many is
/// data or plumbing that passes through, not a table of handlers.
const MAX_LITERALS: u8 = 12;
const MAX_FUNCTIONS: u8 = 40;

/// What to do with each value a node gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// Read a member into a node.
    Load { name: Name, to: NodeId },
    /// Read an attribute: in a language whose collections have methods there, and no entries.
    LoadAttribute { name: Name, to: NodeId },
    /// Read a member of the instances of a class value.
    LoadOfBase { name: Name, to: NodeId },
    /// Read an element.
    LoadElement { to: NodeId },
    /// Write a member.
    Store { name: Name, from: NodeId },
    /// Call it.
    Call { site: u32 },
    /// Turn classes into their instances.
    Instantiate { to: NodeId },
    /// Pass on functions: what an unknown library function may hand back.
    Callbacks { to: NodeId },
    /// Pass on functions and strings.
    Passing { to: NodeId },
    /// Pass on strings only.
    Texts { to: NodeId },
    /// Pass on strings that are no whole URLs.
    PathTexts { to: NodeId },
    /// Pass on everything but functions.
    Objects { to: NodeId },
    /// Call it without arguments and pass on the result.
    Invoke { to: NodeId },
    /// Read a member of instances of classes of the program only.
    LoadOfInstance { name: Name, to: NodeId },
    /// Read an element of library values only.
    ApiElement { to: NodeId },
    /// Read an element of literals only.
    LiteralElement { to: NodeId },
    /// Pass on objects of a declared type that has no member of this name: the element of a typed collection.
    DeclaredElement { name: Name, to: NodeId },
    /// Pass on everything that is no library value (library methods have paths of their own).
    Transparent { to: NodeId },
    /// Call it with one value as its first argument.
    CallWith { given: NodeId, to: NodeId },
    /// It may make instances of this class, as a member of which it was read.
    OfClass { class: GClass, to: NodeId },
    /// It is the base of this class.
    BaseOf { class: GClass },
    /// It is a handler of an entry row, which may say what its parameters are.
    Handler { row: u32 },
    /// It is a callback of a call row, which says what it is handed.
    Callback { row: u32, hand: u32 },
    /// It is the declared type of a function.
    FunctionType { of: GFn },
    /// It decorates a function, and may make it a handler.
    Decorator { of: GFn },
    /// It is the target of an `impl` block.
    ImplTarget { block: u32 },
    /// It is the interface that an `impl` block gives to a library's type.
    Extends { block: u32 },
}

/// Where a value's members live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    /// A class (its statics and the fields of its instances).
    Class(GClass),
    /// A literal.
    Literal(GExpr),
}

/// The member that stands for all elements.
pub(super) fn element() -> Name {
    static NAME: LazyLock<Name> = LazyLock::new(|| Name::new("[]"));
    *NAME
}

/// The member that stands for what is kept under a key that is not known.
pub(super) fn unknown_member() -> Name {
    static NAME: LazyLock<Name> = LazyLock::new(|| Name::new("[?]"));
    *NAME
}

/// A node with fewer edges or operations than this is searched; the others are also kept in a set.
const FEW: u32 = 12;

/// What a node got since it was last looked at, as indices: nodes only grow, so indices stay good while work goes on.
pub(super) struct News {
    pub(super) node: NodeId,
    pub(super) values: Range<usize>,
    pub(super) ops: List,
}

/// Items of one node in a vector shared by all, in the order they came: most nodes have none or one, and a vector each
/// would take more than the items.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct List {
    first: u32,
    last: u32,
    pub(super) len: u32,
}

#[derive(Debug)]
struct Lists<T> {
    /// Each item with the index of the next one of its list.
    items: Vec<(T, u32)>,
}

impl<T: Copy + Eq> Lists<T> {
    fn push(&mut self, list: &mut List, item: T) {
        let at = super::program::len32(self.items.len());
        self.items.push((item, at));
        if list.len == 0 {
            list.first = at;
        } else {
            self.items[list.last as usize].1 = at;
        }
        list.last = at;
        list.len += 1;
    }

    /// The items of a list as it was when copied.
    fn iter(&self, list: List) -> impl Iterator<Item = T> {
        let mut at = list.first;
        (0..list.len).map(move |_| {
            let (item, next) = self.items[at as usize];
            at = next;
            item
        })
    }
}

#[derive(Debug, Default)]
struct Node {
    values: Vec<Value>,
    to: List,
    ops: List,
    done: u32,
    queued: bool,
    literals: u8,
    functions: u8,
    /// Index of its table among [`Graph::held`] plus one; 0 while its values are searched.
    held: u32,
}

/// The values of one node by hash, as positions among its values: small enough to stay near the processor while a list of
/// values is copied into the node.
#[derive(Debug)]
struct Held {
    /// Positions plus one; 0 is free. Twice as long as there can be values before it grows.
    slots: Box<[u16]>,
}

impl Held {
    fn new(values: &[Value]) -> Self {
        let mut held = Held { slots: vec![0; 4 * values.len().next_power_of_two()].into_boxed_slice() };
        for at in 0..values.len() {
            held.insert(&values[..at], values[at]);
        }
        held
    }

    /// Notes a value that is about to become the last; `false` if it is among the values already.
    fn insert(&mut self, values: &[Value], value: Value) -> bool {
        if 2 * (values.len() + 1) > self.slots.len() {
            *self = Held::new(values);
        }
        let mask = self.slots.len() - 1;
        let mut at = FxBuildHasher.hash_one(value) as usize & mask;
        while let Some(known) = (self.slots[at] as usize).checked_sub(1) {
            if values[known] == value {
                return false;
            }
            at = (at + 1) & mask;
        }
        self.slots[at] = u16::try_from(values.len() + 1).unwrap_or(u16::MAX);
        true
    }
}

/// The constraint graph. What an operation does to a value is decided by [`super::generate`], which drives the work.
#[derive(Debug)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    targets: Lists<NodeId>,
    ops: Lists<Op>,
    edges: FxHashSet<(NodeId, NodeId)>,
    /// Of nodes with more than a few values, which they hold.
    held: Vec<Held>,
    watched: FxHashSet<(NodeId, Op)>,
    queue: Vec<NodeId>,
    variables: FxHashMap<(GFn, Name), NodeId>,
    returns: FxHashMap<GFn, NodeId>,
    fields: FxHashMap<(Holder, Name), NodeId>,
    constants: FxHashMap<Value, NodeId>,
    edge_count: usize,
    /// How many operations were applied to values.
    pub(super) steps: u64,
}

impl Graph {
    pub(super) fn new() -> Self {
        Graph {
            nodes: vec![Node::default()],
            targets: Lists { items: Vec::new() },
            ops: Lists { items: Vec::new() },
            edges: FxHashSet::default(),
            held: Vec::new(),
            watched: FxHashSet::default(),
            queue: Vec::new(),
            variables: FxHashMap::default(),
            returns: FxHashMap::default(),
            fields: FxHashMap::default(),
            constants: FxHashMap::default(),
            edge_count: 0,
            steps: 0,
        }
    }

    pub(super) fn node(&mut self) -> NodeId {
        let id = NodeId(super::program::len32(self.nodes.len()));
        self.nodes.push(Node::default());
        id
    }

    /// The node of a variable bound by a function.
    pub(super) fn variable(&mut self, scope: GFn, name: Name) -> NodeId {
        if let Some(node) = self.variables.get(&(scope, name)) {
            return *node;
        }
        let node = self.node();
        self.variables.insert((scope, name), node);
        node
    }

    /// The node of what a function returns or yields.
    pub(super) fn returns(&mut self, f: GFn) -> NodeId {
        if let Some(node) = self.returns.get(&f) {
            return *node;
        }
        let node = self.node();
        self.returns.insert(f, node);
        node
    }

    /// The node of a member, without inheritance.
    pub(super) fn field(&mut self, holder: Holder, name: Name) -> NodeId {
        if let Some(node) = self.fields.get(&(holder, name)) {
            return *node;
        }
        let node = self.node();
        self.fields.insert((holder, name), node);
        node
    }

    /// A node that holds just this value.
    pub(super) fn constant(&mut self, value: Value) -> NodeId {
        if let Some(node) = self.constants.get(&value) {
            return *node;
        }
        let node = self.node();
        self.add(node, value);
        self.constants.insert(value, node);
        node
    }

    pub(super) fn values(&self, node: NodeId) -> &[Value] {
        &self.nodes[node.0 as usize].values
    }

    pub(super) fn add(&mut self, to: NodeId, value: Value) {
        if to == NodeId::EMPTY {
            return;
        }
        let node = &mut self.nodes[to.0 as usize];
        let (is_literal, is_function) = (matches!(value, Value::Literal(_)), matches!(value, Value::Fn(_)));
        let is_full = (is_literal && node.literals >= MAX_LITERALS) || (is_function && node.functions >= MAX_FUNCTIONS);
        if is_full || node.values.len() >= MAX_VALUES {
            return;
        }
        // Most nodes hold few values, and those are searched; once there are more, they have a table.
        if node.values.len() < FEW as usize {
            if node.values.contains(&value) {
                return;
            }
        } else {
            if node.held == 0 {
                self.held.push(Held::new(&node.values));
                node.held = super::program::len32(self.held.len());
            }
            if !self.held[node.held as usize - 1].insert(&node.values, value) {
                return;
            }
        }
        node.literals += u8::from(is_literal);
        node.functions += u8::from(is_function);
        if node.values.is_empty() {
            // Most nodes hold one value for good.
            node.values.reserve_exact(1);
        }
        node.values.push(value);
        if !node.queued {
            node.queued = true;
            self.queue.push(to);
        }
    }

    /// Everything in `from` is also in `to`.
    pub(super) fn copy(&mut self, from: NodeId, to: NodeId) {
        if from == to || from == NodeId::EMPTY || to == NodeId::EMPTY {
            return;
        }
        let node = &mut self.nodes[from.0 as usize];
        if !is_new(&mut self.edges, from, &self.targets, node.to, to) {
            return;
        }
        self.targets.push(&mut node.to, to);
        let done = node.done as usize;
        self.edge_count += 1;
        for index in 0..done {
            let value = self.nodes[from.0 as usize].values[index];
            self.add(to, value);
        }
    }

    /// Registers an operation; returns how many of the node's values it must be applied to at once.
    #[must_use]
    pub(super) fn watch(&mut self, id: NodeId, op: Op) -> usize {
        if id == NodeId::EMPTY {
            return 0;
        }
        let node = &mut self.nodes[id.0 as usize];
        if !is_new(&mut self.watched, id, &self.ops, node.ops, op) {
            return 0;
        }
        self.ops.push(&mut node.ops, op);
        node.done as usize
    }

    /// Takes the first operation off a list.
    pub(super) fn next_op(&self, list: &mut List) -> Option<Op> {
        list.len = list.len.checked_sub(1)?;
        let (op, next) = self.ops.items[list.first as usize];
        list.first = next;
        Some(op)
    }

    /// The next node with news and operations. Plain copies are done here.
    pub(super) fn next(&mut self) -> Option<News> {
        loop {
            let id = self.queue.pop()?;
            let node = &mut self.nodes[id.0 as usize];
            node.queued = false;
            let values = node.done as usize..node.values.len();
            node.done = super::program::len32(node.values.len());
            let (ops, mut to) = (node.ops, node.to);
            while to.len > 0 {
                let (target, next) = self.targets.items[to.first as usize];
                (to.first, to.len) = (next, to.len - 1);
                for at in values.clone() {
                    let value = self.nodes[id.0 as usize].values[at];
                    self.add(target, value);
                }
            }
            if ops.len > 0 && !values.is_empty() {
                return Some(News { node: id, values, ops });
            }
        }
    }

    /// What is left when all is solved: what only solving needs is dropped.
    pub(super) fn settle(self) -> Solved {
        let Graph { nodes, variables, fields, edge_count, steps, .. } = self;
        let count = nodes.iter().map(|node| node.values.len()).sum();
        let mut solved = Solved {
            ends: Vec::with_capacity(nodes.len()),
            values: Vec::with_capacity(count),
            variables,
            fields,
            edges: edge_count,
            steps,
        };
        for node in nodes {
            solved.values.extend(node.values);
            solved.ends.push(super::program::len32(solved.values.len()));
        }
        solved
    }
}

/// Whether an item is not among a node's own yet. Most nodes have few, and those are searched; once there are more, all
/// are kept in the set.
fn is_new<T: Copy + Eq + std::hash::Hash>(
    set: &mut FxHashSet<(NodeId, T)>,
    node: NodeId,
    lists: &Lists<T>,
    known: List,
    item: T,
) -> bool {
    if known.len < FEW {
        return !lists.iter(known).any(|known| known == item);
    }
    if known.len == FEW {
        set.extend(lists.iter(known).map(|known| (node, known)));
    }
    set.insert((node, item))
}

/// A solved graph: the values of its nodes, one behind the other.
#[derive(Debug)]
pub(super) struct Solved {
    /// Where each node's values end.
    ends: Vec<u32>,
    values: Vec<Value>,
    variables: FxHashMap<(GFn, Name), NodeId>,
    fields: FxHashMap<(Holder, Name), NodeId>,
    edges: usize,
    /// How many operations were applied to values.
    pub(super) steps: u64,
}

impl Solved {
    pub(super) fn values(&self, node: NodeId) -> &[Value] {
        let at = node.0 as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[start as usize..self.ends[at] as usize]
    }

    pub(super) fn known_variable(&self, scope: GFn, name: Name) -> Option<NodeId> {
        self.variables.get(&(scope, name)).copied()
    }

    pub(super) fn known_field(&self, holder: Holder, name: Name) -> Option<NodeId> {
        self.fields.get(&(holder, name)).copied()
    }

    pub(super) fn statistics(&self) -> String {
        let starts = [0].iter().chain(&self.ends);
        let largest = starts.zip(&self.ends).map(|(start, end)| end - start).max().unwrap_or_default();
        let mut kinds: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for value in &self.values {
            let kind = match value {
                Value::Fn(_) => "functions",
                Value::Class(_) => "classes",
                Value::Instance(_) | Value::Declared(_) => "instances",
                Value::Literal(_) => "literals",
                Value::Module(_) => "modules",
                Value::Api(_) | Value::Made(..) => "library values",
                Value::Text(_) => "texts",
            };
            *kinds.entry(kind).or_default() += 1;
        }
        let (nodes, edges, steps, values) = (self.ends.len(), self.edges, self.steps, self.values.len());
        format!("{nodes} nodes, {edges} edges, {steps} steps, {values} values, largest {largest}, {kinds:?}")
    }
}
