//! Which controls guard an entry point: on its handler, its parameters, its application, its files, or on the path.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::apps::{Apps, made, own_nodes};
use super::path::{Found, is_direct, subtree};
use super::{Control, Evidence, LlmCall, Status, behaviour, limits, location, place};
use crate::ir::{Expr, FnId, ParamKind, Type, exprs_in_block};
use crate::model::{ApiId, ControlKind, ModelSet, RowRef, Scope};
use crate::project::{EntryPoint, FileId, GClass, GExpr, GFn, Project, SiteId, Value};
use crate::source::{PathClass, Span};

/// How many calls deep a guard's own code is searched for what it does.
const GUARD_DEPTH: usize = 5;
/// How many classes a guard may be made of.
const MAX_SERVICES: usize = 8;
/// How many calls deep code on the path before the LLM call is searched.
const PATH_DEPTH: usize = 3;

/// A guard around all handlers of some applications.
#[derive(Debug)]
struct AppGuard {
    nodes: Vec<u32>,
    only_earlier: bool,
    prefix: Option<String>,
    at: GExpr,
    exprs: Vec<GExpr>,
    values: Vec<Value>,
}

/// What is known about guards before any entry point is looked at.
pub(super) struct Guards<'a> {
    project: &'a Project,
    models: &'a ModelSet,
    apps: Apps,
    app_guards: Vec<AppGuard>,
    file_guards: Vec<(FileId, Span, Vec<Value>)>,
    /// Control rows by the function that calls them.
    control_calls: FxHashMap<GFn, Vec<(u32, SiteId)>>,
    /// Sites that are given a function directly.
    passed_to: FxHashMap<GFn, Vec<SiteId>>,
    nested: FxHashMap<GFn, Vec<GFn>>,
    memo: RefCell<Memo>,
}

type Kinds = BTreeMap<ControlKind, BTreeSet<Evidence>>;

/// What a function does as a guard, by the depth to which it was searched.
type Memo = FxHashMap<(GFn, usize), Vec<(ControlKind, Evidence)>>;

impl<'a> Guards<'a> {
    pub(super) fn new(project: &'a Project, models: &'a ModelSet, entries: &[EntryPoint]) -> Self {
        let mut guards = Guards {
            project,
            models,
            apps: Apps::new(project, models),
            app_guards: Vec::new(),
            file_guards: Vec::new(),
            control_calls: FxHashMap::default(),
            passed_to: FxHashMap::default(),
            nested: FxHashMap::default(),
            memo: RefCell::default(),
        };
        let handlers: FxHashSet<GFn> = entries.iter().filter_map(|e| e.handler).collect();
        for index in 0..project.program.fn_count() {
            if let Some(parent) = project.program.parent(GFn(index)) {
                guards.nested.entry(parent).or_default().push(GFn(index));
            }
        }
        guards.collect_sites(&handlers);
        guards.collect_decorated();
        guards.collect_files();
        guards
    }

    fn rows(&self, values: &[Value]) -> Vec<RowRef> {
        let mut rows: Vec<RowRef> =
            Project::apis(values).flat_map(|api| self.project.matcher.rows(api).to_vec()).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn collect_sites(&mut self, handlers: &FxHashSet<GFn>) {
        for index in 0..self.project.sites.len() {
            let id = SiteId(u32::try_from(index).unwrap_or(u32::MAX));
            let site = self.project.site(id);
            for (_, values, _) in self.project.args(id) {
                for value in values {
                    if let Value::Fn(f) = value
                        && handlers.contains(f)
                    {
                        self.passed_to.entry(*f).or_default().push(id);
                    }
                }
            }
            for row in self.rows(self.project.callees(id)) {
                match row {
                    RowRef::ControlCall(row) => self.control_calls.entry(site.caller).or_default().push((row, id)),
                    RowRef::AttachCall(row) if is_production(self.project, site.at.file) => self.attach_call(id, row),
                    RowRef::Mount(row) if is_production(self.project, site.at.file) => self.mount_guard(id, row),
                    _ => {}
                }
            }
        }
    }

    fn attach_call(&mut self, id: SiteId, row: u32) {
        let row = &self.models.attaches[row as usize];
        if row.raw.scope != Scope::App {
            return;
        }
        let mut nodes = own_nodes(self.project, id);
        if made(self.project.results(id)).contains(&id.0) {
            // A fluent step or a constructor: what it makes, and for a step what it was called on.
            nodes.extend(made(self.project.receivers(id)));
        }
        let exprs: Vec<GExpr> = row.places.subject.iter().flat_map(|p| self.project.place_exprs(id, p)).collect();
        let values = self.project.place_values(id, &row.places.subject);
        let prefix = row.places.detail.iter().flat_map(|p| self.project.place_exprs(id, p)).find_map(|e| {
            let text = self.project.program.facts(e.file).str_value(e.expr)?;
            text.starts_with('/').then(|| text.to_string())
        });
        let only_earlier = row.raw.order.as_deref() == Some("before");
        if !exprs.is_empty() || !values.is_empty() {
            let at = self.project.site(id).at;
            self.app_guards.push(AppGuard { nodes, only_earlier, prefix, at, exprs, values });
        }
    }

    /// Guards given where a child router is mounted cover the child.
    fn mount_guard(&mut self, id: SiteId, row: u32) {
        let row = &self.models.mounts[row as usize];
        let exprs: Vec<GExpr> = row.places.extra.iter().flat_map(|p| self.project.place_exprs(id, p)).collect();
        if exprs.is_empty() {
            return;
        }
        let nodes = made(&self.project.place_values(id, &row.places.subject));
        let values = self.project.place_values(id, &row.places.extra);
        let at = self.project.site(id).at;
        self.app_guards.push(AppGuard { nodes, only_earlier: false, prefix: None, at, exprs, values });
    }

    /// Functions that a decorator makes guards of an application.
    fn collect_decorated(&mut self) {
        let project = self.project;
        for file in project.program.file_ids().filter(|f| is_production(project, *f)) {
            let facts = project.program.facts(file);
            for (id, function) in facts.functions() {
                for decorator in &function.decorators {
                    let at = GExpr { file, expr: *decorator };
                    let rows = self.rows(&self.callee_values(at));
                    let attaches = rows
                        .iter()
                        .filter_map(|r| if let RowRef::AttachDecorator(row) = r { Some(*row) } else { None });
                    for row in attaches.collect::<Vec<_>>() {
                        let row = &self.models.attaches[row as usize];
                        if row.raw.scope == Scope::App && row.raw.guard.is_none() {
                            let nodes =
                                self.project.site_at(at).map(|s| own_nodes(self.project, s)).unwrap_or_default();
                            let values = vec![Value::Fn(self.project.program.gfn(file, id))];
                            self.app_guards.push(AppGuard {
                                nodes,
                                only_earlier: false,
                                prefix: None,
                                at,
                                exprs: Vec::new(),
                                values,
                            });
                        }
                    }
                }
            }
        }
    }

    fn collect_files(&mut self) {
        for row in &self.models.attaches {
            if row.raw.exports.is_empty() {
                continue;
            }
            let globs = crate::project::globs(row.raw.files.as_slice());
            let project = self.project;
            for file in project.program.file_ids().filter(|f| is_production(project, *f)) {
                let facts = project.program.facts(file);
                if !globs.is_match(facts.path.as_str()) {
                    continue;
                }
                for export in facts.exports.iter().filter(|e| row.raw.exports.iter().any(|n| *n == e.name.as_str())) {
                    let values = match (export.local, export.value) {
                        (Some(local), _) => {
                            self.project.variable(self.project.program.gfn(file, FnId::MODULE), local).to_vec()
                        }
                        (None, Some(value)) => self.project.values(GExpr { file, expr: value }).to_vec(),
                        (None, None) => continue,
                    };
                    self.file_guards.push((file, export.span, values));
                }
            }
        }
    }

    fn callee_values(&self, at: GExpr) -> Vec<Value> {
        let callee = match self.project.program.facts(at.file).expr(at.expr) {
            Expr::Call(call) => GExpr { file: at.file, expr: call.callee },
            _ => at,
        };
        self.project.values(callee).to_vec()
    }

    /// All controls of an entry point.
    pub(super) fn controls(
        &self,
        entry: &EntryPoint,
        found: &[Found],
        calls: &[LlmCall],
    ) -> BTreeMap<ControlKind, Control> {
        let mut kinds = Kinds::new();
        for kind in &self.models.entries[entry.row as usize].raw.controls {
            let what = format!("{} platform", entry.framework);
            let at = place(self.project, entry.file, entry.span);
            kinds.entry(*kind).or_default().insert(Evidence { at, what, value: None });
        }
        if let Some(handler) = entry.handler {
            self.on_handler(entry, handler, &mut kinds);
            self.on_params(handler, handler, 0, &mut kinds);
        }
        if let Some(object) = entry.object {
            self.expression(object, None, &mut kinds);
        }
        self.on_app(entry, &mut kinds);
        self.on_files(entry, &mut kinds);
        if let Some(nearest) = found.first() {
            self.on_path(nearest, calls, &mut kinds);
        }
        limits::add(self.project, self.models, entry, found, calls, &mut kinds);
        ControlKind::ALL
            .into_iter()
            .map(|kind| {
                let evidence: Vec<Evidence> = kinds.remove(&kind).unwrap_or_default().into_iter().collect();
                let status = if evidence.is_empty() { Status::Absent } else { Status::Present };
                (kind, Control { status, evidence })
            })
            .collect()
    }

    /// Decorators, wrappers, the registration's other arguments, and the class's decorators.
    fn on_handler(&self, entry: &EntryPoint, handler: GFn, kinds: &mut Kinds) {
        let program = &self.project.program;
        let file = program.file_of(handler);
        let function = program.function(handler);
        let owner = program.owner(handler).map(|c| program.class(c).decorators.clone()).unwrap_or_default();
        for decorator in function.decorators.iter().chain(&owner) {
            self.expression(GExpr { file, expr: *decorator }, Some(handler), kinds);
        }
        if let Some(site) = entry.site {
            for row in self.rows(self.project.callees(site)) {
                if let RowRef::AttachCall(row) | RowRef::AttachDecorator(row) = row {
                    let row = &self.models.attaches[row as usize];
                    if row.raw.scope == Scope::Handler {
                        for expr in row.places.subject.iter().flat_map(|p| self.project.place_exprs(site, p)) {
                            self.expression(expr, Some(handler), kinds);
                        }
                        for value in self.project.place_values(site, &row.places.subject) {
                            self.value(value, self.project.site(site).at, Some(handler), kinds);
                        }
                    }
                }
            }
        }
        for site in self.passed_to.get(&handler).into_iter().flatten() {
            if Some(*site) == entry.site || self.is_wiring(*site) || !self.is_wrapper(*site) {
                continue;
            }
            let at = self.project.site(*site).at;
            for value in self.project.callees(*site) {
                self.value(*value, at, Some(handler), kinds);
            }
            if let Expr::Call(call) = program.facts(at.file).expr(at.expr) {
                // `client.use(guard).action(handler)`: what stands before the handler in the chain.
                self.expression(GExpr { file: at.file, expr: call.callee }, Some(handler), kinds);
            }
        }
    }

    /// Whether a site puts routers together. What is mounted may pass on the handlers in it, and what it is mounted on
    /// names the guards of its other routes: neither is wrapped around the handler.
    fn is_wiring(&self, site: SiteId) -> bool {
        self.rows(self.project.callees(site)).iter().any(|row| matches!(row, RowRef::Mount(_)))
    }

    /// Whether a site makes something of a handler, rather than using it while the program runs.
    fn is_wrapper(&self, site: SiteId) -> bool {
        let caller = self.project.site(site).caller;
        self.project.program.local_fn(caller) == FnId::MODULE
            || self.project.program.parent(caller).is_some_and(|p| self.project.program.local_fn(p) == FnId::MODULE)
    }

    /// Providers of a function's parameters, and of theirs.
    fn on_params(&self, f: GFn, handler: GFn, depth: usize, kinds: &mut Kinds) {
        if depth > GUARD_DEPTH {
            return;
        }
        let file = self.project.program.file_of(f);
        for param in &self.project.program.function(f).params {
            if matches!(param.kind, ParamKind::Rest | ParamKind::KeywordRest) {
                continue;
            }
            let mut exprs: Vec<GExpr> =
                param.default.iter().chain(&param.decorators).map(|e| GExpr { file, expr: *e }).collect();
            if let Some(ty) = &param.ty {
                self.type_exprs(file, ty, &mut exprs);
                self.type_providers(file, f, &param.pattern, kinds);
            }
            for expr in exprs {
                self.expression(expr, Some(handler), kinds);
                for provider in self.providers(expr) {
                    self.on_params(provider, handler, depth + 1, kinds);
                }
            }
        }
    }

    /// Metadata of annotations, also behind an alias (`CurrentUser = Annotated[User, Depends(..)]`).
    fn type_exprs(&self, file: FileId, ty: &Type, exprs: &mut Vec<GExpr>) {
        match ty {
            Type::Annotated(_, metadata) => exprs.extend(metadata.iter().map(|e| GExpr { file, expr: *e })),
            Type::Path(path, args) => {
                if let [name] = path.as_slice() {
                    exprs.extend(self.project.definitions_of(file, FnId::MODULE, *name, 0));
                }
                args.iter().for_each(|a| self.type_exprs(file, a, exprs));
            }
            Type::Union(types) => types.iter().for_each(|t| self.type_exprs(file, t, exprs)),
            _ => {}
        }
    }

    /// Parameters whose own type checks the request while it is made.
    fn type_providers(&self, file: FileId, f: GFn, pattern: &crate::ir::Pattern, kinds: &mut Kinds) {
        let mut names = Vec::new();
        pattern.for_each_name(&mut |n| names.push(n));
        for name in names {
            for value in self.project.variable(f, name).to_vec() {
                if let Value::Api(api) = value {
                    let at = place(self.project, file, self.project.program.function(f).head);
                    self.control_value(api, &at, &name, kinds);
                }
                let Value::Declared(class) = value else { continue };
                for api in self.project.library_bases(class) {
                    for row in self.project.matcher.rows(api).to_vec() {
                        if let RowRef::ControlValue(row) = row {
                            self.parsed_into(class, self.models.controls[row as usize].raw.is, f, kinds);
                        }
                    }
                }
                let at = place(self.project, file, self.project.program.function(f).head);
                for provider in self.called_by_library(class) {
                    self.function(provider, &at, GUARD_DEPTH, Some(f), kinds);
                }
            }
        }
    }

    /// A parameter of a schema class: the framework parses the request into it before the handler runs.
    fn parsed_into(&self, class: GClass, kind: ControlKind, f: GFn, kinds: &mut Kinds) {
        let name = self.project.program.class(class).name.map_or("a schema", |name| name.as_str());
        let at = place(self.project, self.project.program.file_of(f), self.project.program.function(f).head);
        kinds.entry(kind).or_default().insert(Evidence { at, what: format!("parses into `{name}`"), value: None });
    }

    /// The methods of a class that a library calls because the class implements its interface: extractors, services.
    fn called_by_library(&self, class: GClass) -> Vec<GFn> {
        let mut found = Vec::new();
        for api in self.project.library_bases(class) {
            for row in self.project.matcher.rows(api) {
                let RowRef::DependencyType(row) = row else { continue };
                for method in &self.models.dependencies[*row as usize].raw.methods {
                    found.extend(self.project.method(class, crate::intern::Name::new(method)));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Functions given to dependency markers in an expression.
    fn providers(&self, at: GExpr) -> Vec<GFn> {
        let mut found = Vec::new();
        for expr in subtree(self.project, at) {
            let Some(site) = self.project.site_at(GExpr { file: at.file, expr }) else { continue };
            for row in self.rows(self.project.callees(site)) {
                if let RowRef::Dependency(row) = row {
                    let values =
                        self.project.place_values(site, &self.models.dependencies[row as usize].places.subject);
                    found.extend(values.iter().flat_map(|v| self.project.targets(*v)));
                }
            }
        }
        found
    }

    fn on_app(&self, entry: &EntryPoint, kinds: &mut Kinds) {
        let Some(site) = entry.site else { return };
        let start = own_nodes(self.project, site);
        if start.is_empty() {
            return;
        }
        let any = self.apps.covering(&start, false);
        let later = self.apps.covering(&start, true);
        for guard in &self.app_guards {
            let covering = if guard.only_earlier { &later } else { &any };
            if !guard.nodes.iter().any(|n| covering.contains(n)) || !prefix_covers(guard.prefix.as_deref(), entry) {
                continue;
            }
            for expr in &guard.exprs {
                self.expression(*expr, entry.handler, kinds);
            }
            for value in &guard.values {
                self.value(*value, guard.at, entry.handler, kinds);
            }
        }
    }

    fn on_files(&self, entry: &EntryPoint, kinds: &mut Kinds) {
        let path = self.project.program.facts(entry.file).path.as_str();
        for (file, span, values) in &self.file_guards {
            let guard = self.project.program.facts(*file).path.as_str();
            let folder = guard.rsplit_once('/').map_or("", |(folder, _)| folder);
            let root = folder.strip_suffix("src").unwrap_or(folder);
            if !path.starts_with(root) {
                continue;
            }
            let mut own = Kinds::new();
            for value in values {
                for f in self.project.targets(*value) {
                    self.function(f, &place(self.project, *file, *span), GUARD_DEPTH, entry.handler, &mut own);
                }
            }
            if !self.excluded_by_config(*file, entry) {
                for (kind, evidence) in own {
                    kinds.entry(kind).or_default().extend(evidence);
                }
            }
        }
    }

    /// A guard file that states which paths it covers (`export const config = { matcher: [..] }`).
    fn excluded_by_config(&self, file: FileId, entry: &EntryPoint) -> bool {
        let Some(route) = entry.full_route() else { return false };
        let route = route.split_whitespace().last().unwrap_or_default();
        let definitions = self.project.definitions_of(file, FnId::MODULE, crate::intern::Name::new("config"), 5);
        let matchers: Vec<String> = definitions
            .iter()
            .flat_map(|d| self.project.entry_exprs(*d, Some(crate::intern::Name::new("matcher")), 0))
            .flat_map(|m| {
                let items = self.project.entry_exprs(m, None, 0);
                if items.is_empty() { vec![m] } else { items }
            })
            .filter_map(|e| self.project.program.facts(e.file).str_value(e.expr).map(|t| t.to_string()))
            .collect();
        !matchers.is_empty() && !matchers.iter().any(|m| matcher_covers(m, route))
    }

    /// What runs in each function of the path before it leads on.
    fn on_path(&self, found: &Found, calls: &[LlmCall], kinds: &mut Kinds) {
        for (f, via) in &found.hops {
            let file = self.project.program.file_of(*f);
            let facts = self.project.program.facts(file);
            let limit = if via.0 == u32::MAX { calls[found.call].at.span } else { facts.span(*via) };
            let is_before = |span: Span| span.start < limit.start && !span.contains(limit);
            for rejection in behaviour::rejections(self.project, *f) {
                if is_before(rejection.span) {
                    let at = location(self.project, GExpr { file, expr: rejection.expr });
                    kinds.entry(rejection.kind).or_default().insert(Evidence { at, what: rejection.what, value: None });
                }
            }
            for (row, site) in self.control_calls.get(f).into_iter().flatten() {
                let at = self.project.site(*site).at;
                if facts.span(at.expr).start < limit.start
                    || self.models.controls[*row as usize].raw.is != ControlKind::RateLimit
                {
                    self.control_row(*row, *site, kinds);
                }
            }
            for edge in &self.project.edges[f.0 as usize] {
                let on_way = found.hops.iter().any(|(hop, _)| *hop == edge.to);
                if !is_direct(edge.kind) || on_way {
                    continue;
                }
                let at = location(self.project, GExpr { file, expr: edge.at });
                if is_before(facts.span(edge.at)) {
                    self.function(edge.to, &at, PATH_DEPTH, None, kinds);
                } else {
                    let mut after = Kinds::new();
                    self.function(edge.to, &at, PATH_DEPTH, None, &mut after);
                    after.retain(|kind, _| works_after(*kind));
                    for (kind, evidence) in after {
                        kinds.entry(kind).or_default().extend(evidence);
                    }
                }
            }
        }
    }

    /// A guard as written: control rows called in it, what its values are, and what functions named in it do.
    fn expression(&self, at: GExpr, handler: Option<GFn>, kinds: &mut Kinds) {
        for expr in subtree(self.project, at) {
            let here = GExpr { file: at.file, expr };
            if let Some(site) = self.project.site_at(here) {
                for row in self.rows(self.project.callees(site)) {
                    if let RowRef::ControlCall(row) = row {
                        self.control_row(row, site, kinds);
                    }
                }
                for value in self.project.callees(site) {
                    self.value(*value, here, handler, kinds);
                }
            }
            if matches!(
                self.project.program.facts(at.file).expr(expr),
                Expr::Name(_) | Expr::Field { .. } | Expr::Lambda(_)
            ) {
                for value in self.project.values(here) {
                    self.value(*value, here, handler, kinds);
                }
            }
        }
    }

    fn control_row(&self, row: u32, site: SiteId, kinds: &mut Kinds) {
        if !self.project.is_limited(self.models, row, site) {
            return;
        }
        let row = &self.models.controls[row as usize];
        let at = self.project.site(site).at;
        let value = row.places.detail.iter().find_map(|place| {
            let expr = *self.project.place_exprs(site, place).first()?;
            Some(super::settings::text(self.project, expr, 0))
        });
        let what = format!("`{}`", super::callee_text(self.project, at));
        kinds.entry(row.raw.is).or_default().insert(Evidence { at: location(self.project, at), what, value });
    }

    fn value(&self, value: Value, at: GExpr, handler: Option<GFn>, kinds: &mut Kinds) {
        let here = location(self.project, at);
        match value {
            Value::Api(api) | Value::Made(api, _) => {
                self.control_value(api, &here, &super::callee_text(self.project, at), kinds);
            }
            Value::Fn(f) => self.function(f, &here, GUARD_DEPTH, handler, kinds),
            Value::Class(class) | Value::Instance(class) | Value::Declared(class) => {
                self.class(class, &here, handler, kinds)
            }
            Value::Literal(_) => {
                for f in self.project.functions_in(&[value]) {
                    self.function(f, &here, GUARD_DEPTH, handler, kinds);
                }
            }
            Value::Module(_) | Value::Text(_) => {}
        }
    }

    /// A library value that is a control.
    fn control_value(&self, api: ApiId, at: &crate::finding::Location, name: &str, kinds: &mut Kinds) {
        for row in self.project.matcher.rows(api) {
            if let RowRef::ControlValue(row) = row {
                let kind = self.models.controls[*row as usize].raw.is;
                let found = Evidence { at: at.clone(), what: format!("`{name}`"), value: None };
                kinds.entry(kind).or_default().insert(found);
            }
        }
    }

    /// A guard class: what any of its methods does. Where methods stand apart from the class, only those count that a
    /// library calls, also on objects which these make: a value may merely be what a guard works with.
    fn class(&self, class: GClass, at: &crate::finding::Location, handler: Option<GFn>, kinds: &mut Kinds) {
        for class in self.project.ancestors(class) {
            let file = self.project.program.file_of_class(class);
            let methods: Vec<GFn> =
                self.project.program.class(class).methods.iter().map(|m| self.project.program.gfn(file, *m)).collect();
            for method in methods {
                self.function(method, at, GUARD_DEPTH, handler, kinds);
            }
        }
        let mut classes = vec![class];
        let mut next = 0;
        while let Some(class) = classes.get(next).copied() {
            next += 1;
            for method in self.called_by_library(class) {
                self.function(method, at, GUARD_DEPTH, handler, kinds);
                for made in self.made_in(method) {
                    if !classes.contains(&made) && classes.len() < MAX_SERVICES {
                        classes.push(made);
                    }
                }
            }
        }
    }

    /// Classes of the program whose instances a function makes.
    fn made_in(&self, f: GFn) -> Vec<GClass> {
        let file = self.project.program.file_of(f);
        let facts = self.project.program.facts(file);
        let exprs = exprs_in_block(facts, &self.project.program.function(f).body);
        let calls = exprs.into_iter().filter(|e| matches!(facts.expr(*e), Expr::Call(_)));
        let values = calls.flat_map(|expr| self.project.values(GExpr { file, expr }));
        values.filter_map(|v| if let Value::Instance(class) = v { Some(*class) } else { None }).collect()
    }

    /// What a function does as a guard, told at the place where it is attached or called.
    fn function(&self, f: GFn, at: &crate::finding::Location, depth: usize, handler: Option<GFn>, kinds: &mut Kinds) {
        if Some(f) == handler {
            return;
        }
        let key = (f, depth);
        let known = self.memo.borrow().get(&key).cloned();
        let list = known.unwrap_or_else(|| {
            let list = self.search(f, depth, handler);
            self.memo.borrow_mut().insert(key, list.clone());
            list
        });
        let name = self.project.program.fn_name(f);
        for (kind, found) in list {
            let what = format!("`{name}` {}", found.what.trim_start_matches('`'));
            let what = if found.what.starts_with('`') { format!("`{name}` through {}", found.what) } else { what };
            kinds.entry(kind).or_default().insert(Evidence { at: at.clone(), what, value: found.value });
        }
    }

    fn search(&self, f: GFn, depth: usize, handler: Option<GFn>) -> Vec<(ControlKind, Evidence)> {
        let mut kinds = Kinds::new();
        let mut seen = FxHashSet::from_iter([f]);
        let mut layer = vec![f];
        for _ in 0..=depth {
            let mut next = Vec::new();
            for f in layer {
                let file = self.project.program.file_of(f);
                for rejection in behaviour::rejections(self.project, f) {
                    let at = location(self.project, GExpr { file, expr: rejection.expr });
                    kinds.entry(rejection.kind).or_default().insert(Evidence { at, what: rejection.what, value: None });
                }
                for (row, site) in self.control_calls.get(&f).into_iter().flatten() {
                    self.control_row(*row, *site, &mut kinds);
                }
                let called = self.project.edges[f.0 as usize].iter().filter(|e| is_direct(e.kind)).map(|e| e.to);
                let inside = self.nested.get(&f).into_iter().flatten().copied();
                next.extend(called.chain(inside).filter(|g| Some(*g) != handler && seen.insert(*g)));
            }
            layer = next;
        }
        let first = |list: BTreeSet<Evidence>| list.into_iter().next();
        kinds.into_iter().filter_map(|(kind, list)| Some((kind, first(list)?))).collect()
    }
}

/// Whether a control does its work when the model has answered, too.
fn works_after(kind: ControlKind) -> bool {
    matches!(kind, ControlKind::OutputCheck | ControlKind::PiiRedaction | ControlKind::AuditLog | ControlKind::Tracing)
}

fn is_production(project: &Project, file: FileId) -> bool {
    project.program.class_of_path(file) == PathClass::Production
}

fn prefix_covers(prefix: Option<&str>, entry: &EntryPoint) -> bool {
    let (Some(prefix), Some(local), Some(full)) = (prefix, entry.route.as_deref(), entry.full_route()) else {
        return true;
    };
    // A prefix is written relative to the router that the guard is on: any on the way, so either form may fit.
    let stem = prefix.trim_end_matches(['*', '/']);
    let fits = |route: &str| {
        let path = route.split_whitespace().last().unwrap_or_default();
        !path.starts_with('/') || path.starts_with(stem)
    };
    prefix == "/" || fits(local) || fits(&full)
}

/// Whether a path matcher of a guard file covers a route. Negative look-ahead lists exclude what they name.
fn matcher_covers(matcher: &str, route: &str) -> bool {
    if let Some((_, list)) = matcher.split_once("(?!") {
        let first = route.trim_start_matches('/').split('/').next().unwrap_or_default();
        let list = list.split(')').next().unwrap_or_default();
        return !list.split('|').any(|item| !item.is_empty() && item.trim_end_matches('/') == first);
    }
    if matcher == "/" {
        return route == "/";
    }
    let stem = matcher.split([':', '(', '*']).next().unwrap_or(matcher).trim_end_matches('/');
    stem.is_empty() || route == stem || route.starts_with(&format!("{stem}/"))
}

#[cfg(test)]
mod tests {
    use super::matcher_covers;

    #[test]
    fn matchers_cover_what_they_name() {
        assert!(matcher_covers("/api/:path*", "/api/chat"));
        assert!(!matcher_covers("/dashboard/:path*", "/api/chat"));
        assert!(!matcher_covers("/((?!api|static|_next).*)", "/api/chat"));
        assert!(matcher_covers("/((?!_next/static|favicon.ico).*)", "/api/chat"));
        assert!(!matcher_covers("/", "/api/chat"));
    }
}
