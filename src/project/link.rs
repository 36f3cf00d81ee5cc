//! The linked program: call graph, values of expressions, calls that models know.

mod collect;

use std::sync::{LazyLock, OnceLock};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::linker::{Linker, Site};
use super::modules::{Manifest, Modules};
use super::nesting::Nesting;
use super::places::Bindings;
use super::program::{FileId, GClass, GExpr, GFn, Program, ProgramFile};
use super::scope::Scopes;
use super::solver::{Holder, NodeId, Solved, element};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{Export, ExprId, FnId};
use crate::model::{ApiId, CallKind, Matcher, ModelSet};
use crate::source::PathClass;

/// The method that runs when an instance is called.
static CALL: LazyLock<Name> = LazyLock::new(|| Name::new("__call__"));
/// The methods that run when a class is.
static CONSTRUCTORS: LazyLock<[Name; 4]> =
    LazyLock::new(|| ["__init__", "constructor", "__post_init__", "__new__"].map(Name::new));

/// Index of a call site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(pub u32);

/// Why one function may run another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// It calls it.
    Call,
    /// It hands it to something outside the program, which may call it.
    Callback,
    /// It reads a property that runs it.
    Getter,
    /// A parameter of it is provided by it.
    Provider,
}

/// An edge of the call graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Where, in the caller's file.
    pub at: ExprId,
    /// The function that may run.
    pub to: GFn,
    /// Why.
    pub kind: EdgeKind,
}

/// A call to a library that a model row describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiCall {
    /// The call.
    pub site: SiteId,
    /// The callee's path.
    pub api: ApiId,
    /// The row, in [`ModelSet::calls`].
    pub row: u32,
}

/// The linked program.
#[derive(Debug)]
pub struct Project {
    /// Its files.
    pub program: Program,
    /// The library states met.
    pub matcher: Matcher,
    /// All call sites.
    pub sites: Vec<Site>,
    /// Call graph edges by caller, in source order.
    pub edges: Vec<Vec<Edge>>,
    /// Calls that model rows describe, by caller, in source order.
    pub api_calls: Vec<Vec<ApiCall>>,
    /// Calls that run a library function which they are given, likewise: the rows are the function's.
    handed: Vec<Vec<ApiCall>>,
    /// Call sites in executable code whose callee could not be resolved at all.
    pub unresolved: u64,
    graph: Solved,
    expr_nodes: Vec<Vec<NodeId>>,
    site_of: FxHashMap<GExpr, SiteId>,
    passed_on: FxHashMap<(FileId, Name), NodeId>,
    bases: Vec<Vec<NodeId>>,
    subclasses: Vec<Vec<GClass>>,
    pub(super) scopes: Vec<Scopes>,
    pub(super) modules: Modules,
    pub(super) nesting: Vec<Nesting>,
    /// By function, made when first asked for.
    pub(super) bindings: Vec<OnceLock<Box<Bindings>>>,
}

impl Project {
    /// Links files.
    pub fn link(files: Vec<ProgramFile>, manifests: &[Manifest], models: &ModelSet) -> Project {
        let mut program = Program::new(files);
        let modules = Modules::new(&program, manifests, models);
        let mut linker = Linker::new(&program, &modules, models);
        for file in linker.program.file_ids() {
            linker.generate(file);
        }
        linker.solve();
        let classes = (0..linker.program.class_count()).map(GClass);
        let bases = classes.clone().map(|c| linker.bases(c).to_vec()).collect();
        let subclasses = classes.map(|c| linker.subclasses(c).to_vec()).collect();
        let Linker { matcher, graph, sites, expr_nodes, scopes, owners, passed_on, .. } = linker;
        let graph = graph.settle();
        program.set_owners(owners);
        let mut site_of = FxHashMap::default();
        for (site, index) in sites.iter().zip(0..) {
            // A decorator that is a call has two sites: the call, then the application of its result.
            site_of.entry(site.at).or_insert(SiteId(index));
        }
        let count = program.fn_count() as usize;
        let nesting = program.files.par_iter().map(|file| Nesting::new(&file.facts)).collect();
        let mut project = Project {
            program,
            matcher,
            sites,
            edges: vec![Vec::new(); count],
            api_calls: vec![Vec::new(); count],
            handed: vec![Vec::new(); count],
            unresolved: 0,
            graph,
            expr_nodes,
            site_of,
            passed_on,
            bases,
            subclasses,
            scopes,
            modules,
            nesting,
            bindings: (0..count).map(|_| OnceLock::new()).collect(),
        };
        project.collect_calls(models);
        project.collect_getters();
        project.collect_async_blocks();
        let program = &project.program;
        let is_test = |f: GFn| program.class_of_path(program.file_of(f)) == PathClass::Test;
        for (edges, caller) in project.edges.iter_mut().zip((0..).map(GFn)) {
            // What ships runs no test code, whatever a test's stand-in implements.
            edges.retain(|e| is_test(caller) || !is_test(e.to));
            edges.sort_unstable();
            edges.dedup();
        }
        for calls in &mut project.api_calls {
            calls.sort_unstable();
            calls.dedup();
        }
        project
    }

    /// Sizes of the constraint graph, for people who look into its cost.
    pub fn statistics(&self) -> String {
        self.graph.statistics()
    }

    /// How many operations linking applied to values: the measure of its work.
    pub fn steps(&self) -> u64 {
        self.graph.steps
    }

    /// What an expression can stand for.
    pub fn values(&self, at: GExpr) -> &[Value] {
        self.graph.values(self.expr_nodes[at.file.0 as usize][at.expr.0 as usize])
    }

    /// What a variable of a function can stand for.
    pub fn variable(&self, scope: GFn, name: Name) -> &[Value] {
        self.graph.known_variable(scope, name).map_or(&[], |node| self.graph.values(node))
    }

    /// What an export of a file is, by its name or expression there or in the file that it comes from.
    pub fn exported(&self, file: FileId, export: &Export) -> &[Value] {
        match (export.local, export.value) {
            (Some(local), _) => self.variable(self.program.gfn(file, FnId::MODULE), local),
            (None, Some(expr)) => self.values(GExpr { file, expr }),
            (None, None) => self.passed_on.get(&(file, export.name)).map_or(&[], |node| self.graph.values(*node)),
        }
    }

    /// The call site of a call, decorator or element expression.
    pub fn site_at(&self, at: GExpr) -> Option<SiteId> {
        self.site_of.get(&at).copied()
    }

    /// A call site.
    pub fn site(&self, id: SiteId) -> &Site {
        &self.sites[id.0 as usize]
    }

    /// What is called at a site.
    pub fn callees(&self, id: SiteId) -> &[Value] {
        self.graph.values(self.site(id).callee)
    }

    /// What the method called at a site is called on.
    pub fn receivers(&self, id: SiteId) -> &[Value] {
        self.graph.values(self.site(id).receiver)
    }

    /// What a call at a site can return.
    pub fn results(&self, id: SiteId) -> &[Value] {
        self.graph.values(self.site(id).result)
    }

    /// The arguments of a site: keyword name, values, and whether it is spread.
    pub fn args(&self, id: SiteId) -> impl Iterator<Item = (Option<Name>, &[Value], bool)> {
        self.site(id).args.iter().map(|(name, node, spread)| (*name, self.graph.values(*node), *spread))
    }

    /// The library paths among some values.
    pub fn apis(values: &[Value]) -> impl Iterator<Item = ApiId> + '_ {
        values.iter().filter_map(|v| match v {
            Value::Api(api) | Value::Made(api, _) => Some(*api),
            _ => None,
        })
    }

    /// The members of a literal: named ones, or all if `name` is `None`.
    pub fn literal_members(&self, at: GExpr, name: Option<Name>) -> &[Value] {
        let name = name.unwrap_or_else(element);
        self.graph.known_field(Holder::Literal(at), name).map_or(&[], |node| self.graph.values(node))
    }

    /// A class's own members of a name, inherited ones left out.
    pub fn own_member(&self, class: GClass, name: Name) -> &[Value] {
        self.graph.known_field(Holder::Class(class), name).map_or(&[], |node| self.graph.values(node))
    }

    /// Library classes and interfaces a class derives from, directly or through classes of the program.
    pub fn library_bases(&self, class: GClass) -> Vec<ApiId> {
        let mut found = Vec::new();
        for class in self.ancestors(class) {
            for base in &self.bases[class.0 as usize] {
                found.extend(Self::apis(self.graph.values(*base)));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A class and all classes of the program it derives from.
    pub fn ancestors(&self, class: GClass) -> Vec<GClass> {
        // Nobody derives so deeply; a longer chain was made to be walked again and again.
        const MOST: usize = 64;
        let mut found = vec![class];
        let mut next = 0;
        while let Some(class) = found.get(next).copied().filter(|_| found.len() < MOST) {
            next += 1;
            for base in &self.bases[class.0 as usize] {
                for value in self.graph.values(*base) {
                    if let Value::Class(base) = value
                        && !found.contains(base)
                    {
                        found.push(*base);
                    }
                }
            }
        }
        found
    }

    /// Classes that derive from a class directly.
    pub fn subclasses(&self, class: GClass) -> &[GClass] {
        &self.subclasses[class.0 as usize]
    }

    /// The functions that run when a value is called.
    pub fn targets(&self, value: Value) -> Vec<GFn> {
        match value {
            Value::Fn(f) => vec![f],
            Value::Class(class) => self.constructors(class),
            Value::Instance(class) | Value::Declared(class) => self.method(class, *CALL),
            Value::Literal(_) | Value::Module(_) | Value::Api(_) | Value::Made(..) | Value::Text(_) => Vec::new(),
        }
    }

    /// Whether a function runs when a value is called.
    pub fn is_callable(&self, value: Value) -> bool {
        match value {
            Value::Fn(_) => true,
            other => !self.targets(other).is_empty(),
        }
    }

    fn constructors(&self, class: GClass) -> Vec<GFn> {
        CONSTRUCTORS.iter().flat_map(|name| self.method(class, *name)).collect()
    }

    /// The methods of this name that an instance of a class has: the nearest in its ancestry.
    pub fn method(&self, class: GClass, name: Name) -> Vec<GFn> {
        for class in self.ancestors(class) {
            let own: Vec<GFn> = self
                .own_member(class, name)
                .iter()
                .filter_map(|v| if let Value::Fn(f) = v { Some(*f) } else { None })
                .collect();
            if !own.is_empty() {
                return own;
            }
        }
        Vec::new()
    }

    /// Functions a value is or holds: itself, entries of an object literal, elements of a list, two levels deep. Literals
    /// with more members than anybody writes as handlers are passed over.
    pub fn functions_in(&self, values: &[Value]) -> Vec<GFn> {
        const MAX_MEMBERS: usize = 24;
        let mut found = FxHashSet::default();
        let mut layer: Vec<&[Value]> = vec![values];
        for _ in 0..3 {
            let mut next = Vec::new();
            for value in layer.into_iter().flatten() {
                match value {
                    Value::Fn(f) => {
                        found.insert(*f);
                    }
                    Value::Literal(at) => {
                        let members = self.literal_members(*at, None);
                        if members.len() <= MAX_MEMBERS {
                            next.push(members);
                        }
                    }
                    _ => {}
                }
            }
            layer = next;
        }
        let mut found: Vec<GFn> = found.into_iter().collect();
        found.sort_unstable();
        found
    }

    /// What a call in a function is for, where its row says so of calls in a function of that name.
    pub fn call_kind(&self, models: &ModelSet, f: GFn, call: ApiCall) -> Option<CallKind> {
        let row = &models.calls[call.row as usize].raw;
        row.is.filter(|_| !self.is_named(f, &row.unless_named))
    }

    /// The LLM calls of a function: rows that say so, and HTTP requests whose URL is a model endpoint.
    pub fn llm_calls(&self, models: &ModelSet, f: GFn) -> impl Iterator<Item = ApiCall> {
        let called = self.api_calls[f.0 as usize].iter().filter(move |call| match self.call_kind(models, f, **call) {
            Some(CallKind::Llm) => true,
            Some(CallKind::Http) => self.is_model_endpoint(models, **call),
            _ => false,
        });
        let handed = self.handed[f.0 as usize].iter();
        called.chain(handed.filter(move |call| self.call_kind(models, f, **call) == Some(CallKind::Llm))).copied()
    }
}
