//! The backward walk.

mod steps;

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::index::FlowIndex;
use crate::finding::Location;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FnId};
use crate::model::{ModelSet, PlaceRoot, RowRef, SourceKind};
use crate::project::{GExpr, GFn, Project, SiteId};

/// A place where a value can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// An expression's value.
    Expr(GExpr),
    /// A parameter's value, or the part of it that a name in its pattern takes.
    Param(GFn, usize, Name),
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A library says that data of this sort enters here.
    Source(SourceKind),
    /// A parameter of a function that outsiders call.
    EntryParam(GFn, Name),
    /// The caller of the trace recognised it; the text says as what.
    Named(String),
}

/// A way from an origin to the sink: places in that order.
#[derive(Clone, Debug)]
pub struct Trail {
    /// What it starts with.
    pub origin: Origin,
    /// Every place on the way, the sink last.
    pub places: Vec<(Node, Location)>,
}

/// What a trace asks.
pub struct Query<'q> {
    /// Recognises origins by what they are called or look like.
    pub named: &'q dyn Fn(Node) -> Option<String>,
    /// Whether an origin that models or entry points state is asked for.
    pub wants: &'q dyn Fn(&Origin) -> bool,
    /// How many calls up or down the walk may go.
    pub depth: usize,
    /// What counts as the value.
    pub reach: Reach,
}

/// How much of what a value is made from a walk follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The value itself: an entry looked up in a collection, or a member of an object, is not the whole.
    Exact,
    /// Also the containers that entries and members are taken from: a part of untrusted data is untrusted.
    Containers,
    /// As [`Reach::Containers`], and through constructors, callbacks and unknown functions: what a text is put together
    /// from.
    Texts,
    /// Everything that has a part in it, through hashes and unknown functions: what a key derives from.
    Everything,
}

/// What a caller knows better about a place than the walk does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing: the walk goes on as ever.
    Follow,
    /// The value is not what stands behind it any more.
    Stop,
    /// It is made from these, in the same call, and from nothing else.
    Only(Vec<GExpr>),
}

/// The places from one on the way to the sink, nearest to the origin first.
pub struct Way<'v> {
    visits: &'v [Visit],
    at: Option<usize>,
}

impl Iterator for Way<'_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        let visit = self.visits.get(self.at?)?;
        self.at = visit.from;
        Some(visit.node)
    }
}

/// Places looked at before a trace gives up.
const MAX_PLACES: usize = 1500;

#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) node: Node,
    /// Calls entered on the way: the walk leaves a function through the call it came in by.
    pub(super) stack: Vec<SiteId>,
    pub(super) from: Option<usize>,
    pub(super) depth: usize,
}

impl FlowIndex<'_> {
    /// The nearest origin that a query asks for.
    pub fn trace(&self, models: &ModelSet, start: GExpr, query: &Query<'_>) -> Option<Trail> {
        self.walk(models, Node::Expr(start), query, &|_| Turn::Follow)
    }

    /// As [`FlowIndex::trace`], from any place, and past no place that `through` holds back.
    pub fn trace_through(
        &self,
        models: &ModelSet,
        start: Node,
        query: &Query<'_>,
        through: &dyn Fn(Node) -> bool,
    ) -> Option<Trail> {
        let turn = |mut way: Way<'_>| match way.next() {
            Some(node) if !through(node) => Turn::Only(Vec::new()),
            _ => Turn::Follow,
        };
        self.walk(models, start, query, &turn)
    }

    /// As [`FlowIndex::trace`], but asks the caller at each place where the walk goes on; the way begins with that place.
    pub fn trace_past(
        &self,
        models: &ModelSet,
        start: GExpr,
        query: &Query<'_>,
        turn: &dyn Fn(Way<'_>) -> Turn,
    ) -> Option<Trail> {
        self.walk(models, Node::Expr(start), query, turn)
    }

    fn walk(&self, models: &ModelSet, start: Node, query: &Query<'_>, turn: &dyn Fn(Way<'_>) -> Turn) -> Option<Trail> {
        let mut visits = vec![Visit { node: start, stack: Vec::new(), from: None, depth: 0 }];
        let mut seen: FxHashSet<(Node, Option<SiteId>)> = FxHashSet::default();
        let mut queue = VecDeque::from([0]);
        while let Some(at) = queue.pop_front() {
            let Visit { node, depth: before, ref stack, .. } = visits[at];
            if !seen.insert((node, stack.last().copied())) || visits.len() > MAX_PLACES {
                continue;
            }
            let turned = turn(Way { visits: &visits, at: Some(at) });
            if turned == Turn::Stop {
                continue;
            }
            if let Some(origin) = self.origin(models, node, query) {
                return Some(self.trail(&visits, at, origin));
            }
            let next = match turned {
                Turn::Only(exprs) => exprs.into_iter().map(|e| (Node::Expr(e), stack.clone(), 0)).collect(),
                Turn::Follow | Turn::Stop => self.contributors(models, &visits[at], query.reach),
            };
            for (node, stack, cost) in next {
                let depth = before + cost;
                if depth <= query.depth {
                    visits.push(Visit { node, stack, from: Some(at), depth });
                    queue.push_back(visits.len() - 1);
                }
            }
        }
        None
    }

    /// The expressions whose value an expression can hold, nearest first.
    pub fn reachable(&self, models: &ModelSet, start: GExpr, depth: usize, reach: Reach) -> Vec<GExpr> {
        let mut found = Vec::new();
        let collected = std::cell::RefCell::new(&mut found);
        let named = |node: Node| {
            if let Node::Expr(at) = node {
                collected.borrow_mut().push(at);
            }
            None
        };
        let query = Query { named: &named, wants: &|_| false, depth, reach };
        self.trace(models, start, &query);
        found
    }

    fn trail(&self, visits: &[Visit], end: usize, origin: Origin) -> Trail {
        let mut places = Vec::new();
        let mut at = Some(end);
        while let Some(index) = at {
            let node = visits[index].node;
            let place = self.place(node);
            if places.last().is_none_or(|(_, last): &(Node, Location)| *last != place) {
                places.push((node, place));
            }
            at = visits[index].from;
        }
        Trail { origin, places }
    }

    /// Where a node stands.
    pub fn place(&self, node: Node) -> Location {
        match node {
            Node::Expr(at) => crate::surface::location(self.project, at),
            Node::Param(f, index, _) => {
                let file = self.project.program.file_of(f);
                let span = self.project.program.function(f).params[index].span;
                crate::surface::place(self.project, file, span)
            }
        }
    }

    fn origin(&self, models: &ModelSet, node: Node, query: &Query<'_>) -> Option<Origin> {
        if let Some(what) = (query.named)(node) {
            return Some(Origin::Named(what));
        }
        match node {
            Node::Param(f, index, name) => {
                let entry = Origin::EntryParam(f, name);
                let is_entry = || self.is_handler(f) && (query.wants)(&entry) && !self.is_injected(models, f, index);
                is_entry().then_some(entry)
            }
            Node::Expr(at) => {
                let mut first: Option<SourceKind> = None;
                self.each_source(models, at, &mut |kind| {
                    if first.is_none_or(|known| kind < known) && (query.wants)(&Origin::Source(kind)) {
                        first = Some(kind);
                    }
                });
                first.map(Origin::Source)
            }
        }
    }

    /// Sources that models state for an expression.
    pub fn stated_sources(&self, models: &ModelSet, at: GExpr) -> Vec<SourceKind> {
        let mut found = Vec::new();
        self.each_source(models, at, &mut |kind| found.push(kind));
        found.sort_unstable();
        found.dedup();
        found
    }

    fn each_source(&self, models: &ModelSet, at: GExpr, visit: &mut dyn FnMut(SourceKind)) {
        let rows = |values| Project::apis(values).flat_map(|api| self.project.matcher.rows(api));
        for row in rows(self.project.values(at)) {
            if let RowRef::Value(row) = row {
                models.values[*row as usize].raw.source.into_iter().for_each(&mut *visit);
            }
        }
        if let Some(site) = self.project.site_at(at) {
            for row in rows(self.project.callees(site)) {
                if let RowRef::Call(row) = row {
                    let sources = models.calls[*row as usize].places.sources.iter();
                    let sources = sources.filter(|(place, _)| place.root == PlaceRoot::Return);
                    sources.for_each(|(_, kind)| visit(self.narrowed(at, *kind)));
                }
            }
        }
    }

    /// One header that a call names is what the caller says, and not all headers; its name tells what else it is.
    fn narrowed(&self, at: GExpr, kind: SourceKind) -> SourceKind {
        let facts = self.project.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return kind };
        let named = call.args.first().and_then(|arg| facts.str_value(arg.value));
        match named {
            Some(_) if kind == SourceKind::Headers => SourceKind::Untrusted,
            _ => kind,
        }
    }

    /// What models say enters at an expression.
    pub fn sources(&self, models: &ModelSet, at: GExpr) -> Vec<SourceKind> {
        self.stated_sources(models, at)
    }

    /// Whether the framework fills a handler's parameter.
    pub fn is_given(&self, models: &ModelSet, f: GFn, index: usize) -> bool {
        self.is_injected(models, f, index)
    }

    /// Whether a handler's parameter is filled by the framework and not by the caller: dependencies and shared state.
    pub(super) fn is_injected(&self, models: &ModelSet, f: GFn, index: usize) -> bool {
        let program = &self.project.program;
        let file = program.file_of(f);
        let param = &program.function(f).params[index];
        let mut exprs: Vec<ExprId> = param.default.iter().copied().collect();
        if let Some(crate::ir::Type::Annotated(_, metadata)) = &param.ty {
            exprs.extend(metadata);
        }
        let is_marker = exprs.iter().any(|e| {
            let Some(site) = self.project.site_at(GExpr { file, expr: *e }) else { return false };
            Project::apis(self.project.callees(site))
                .any(|api| self.project.matcher.rows(api).iter().any(|r| matches!(r, RowRef::Dependency(_))))
        });
        let head = match &param.ty {
            Some(crate::ir::Type::Path(path, _)) => path.last().map_or("", |n| n.as_str()),
            _ => "",
        };
        let _ = models;
        is_marker
            || matches!(
                head,
                "State" | "Extension" | "Data" | "BackgroundTasks" | "Session" | "AsyncSession" | "Response"
            )
    }

    /// The function in whose body a node stands.
    pub fn function_of(&self, node: Node) -> GFn {
        match node {
            Node::Param(f, ..) => f,
            Node::Expr(at) => {
                let scope: FnId = self.project.scope_of(at.file, at.expr);
                self.project.program.gfn(at.file, scope)
            }
        }
    }
}
