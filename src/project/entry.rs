//! Entry points: the functions an outside party can trigger, as models describe them.

use globset::{Glob, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashSet;

use super::link::{Project, SiteId};
use super::program::{FileId, GClass, GExpr, GFn};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{CallExpr, Expr, ExprId, FnId};
use crate::model::{ModelSet, Place, PlaceRoot, RowRef};
use crate::source::{Language, PathClass, Span};

/// A way in from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// The function that runs; `None` for an exported object that a platform runs.
    pub handler: Option<GFn>,
    /// The file that declares it.
    pub file: FileId,
    /// Where to point: the handler's head, or its registration if it stands in another file.
    pub span: Span,
    /// Its name.
    pub name: String,
    /// The framework as shown.
    pub framework: String,
    /// HTTP method and path, command or event, as far as known.
    pub route: Option<String>,
    /// What the routers that it is registered on put in front of its path; filled in once these are known.
    pub prefix: String,
    /// The row that says so, in [`ModelSet::entries`].
    pub row: u32,
    /// The decorator or registration call, if there is one.
    pub site: Option<SiteId>,
    /// An exported object's expression or the values to start from, for entries without a handler.
    pub object: Option<GExpr>,
}

impl EntryPoint {
    /// HTTP method and whole path, as callers outside write it.
    pub fn full_route(&self) -> Option<String> {
        let route = self.route.as_deref()?.trim_end();
        if self.prefix.is_empty() {
            // A router's own root, whose prefix is not known.
            let is_root = is_http_method(route) && self.route.as_deref() != Some(route);
            return Some(if is_root { format!("{route} /") } else { route.to_owned() });
        }
        match route.rsplit_once(' ') {
            Some((verb, path)) if path.starts_with('/') => Some(format!("{verb} {}{}", self.prefix, path)),
            None if route.starts_with('/') => Some(format!("{}{route}", self.prefix)),
            None if is_http_method(route) => Some(format!("{route} {}", self.prefix)),
            _ => Some(route.to_owned()),
        }
    }
}

impl Project {
    /// All entry points of production code, sorted by place.
    pub fn entry_points(&self, models: &ModelSet) -> Vec<EntryPoint> {
        let mut finder = Finder { project: self, models, found: Vec::new(), seen: FxHashSet::default() };
        for file in self.program.file_ids() {
            if self.program.class_of_path(file) == PathClass::Production {
                finder.decorators(file);
                finder.classes(file);
                finder.values(file);
            }
        }
        finder.registrations();
        finder.conventions();
        let mut found = finder.found;
        found.sort_by(|a, b| (a.file, a.span, &a.route, a.row).cmp(&(b.file, b.span, &b.route, b.row)));
        found
    }
}

struct Finder<'a> {
    project: &'a Project,
    models: &'a ModelSet,
    found: Vec<EntryPoint>,
    seen: FxHashSet<(GFn, Option<String>)>,
}

impl Finder<'_> {
    /// Functions below a decorator or attribute that makes them handlers.
    fn decorators(&mut self, file: FileId) {
        let facts = self.project.program.facts(file);
        for (id, function) in facts.functions() {
            for decorator in &function.decorators {
                for row in self.callee_rows(GExpr { file, expr: *decorator }) {
                    if let RowRef::EntryDecorator(row) = row {
                        let f = self.project.program.gfn(file, id);
                        let route = self.route_of(file, *decorator, row);
                        let site = self.project.site_at(GExpr { file, expr: *decorator });
                        self.add(f, file, row, route, site);
                    }
                }
            }
        }
    }

    /// The rows completed by what a decorator calls or is.
    fn callee_rows(&self, at: GExpr) -> Vec<RowRef> {
        let facts = self.project.program.facts(at.file);
        let callee = match facts.expr(at.expr) {
            Expr::Call(call) => GExpr { file: at.file, expr: call.callee },
            _ => at,
        };
        let mut rows: Vec<RowRef> = Project::apis(self.project.values(callee))
            .flat_map(|api| self.project.matcher.rows(api).to_vec())
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// Method name and route text of a decorator or registration call.
    fn route_of(&self, file: FileId, call: ExprId, row: u32) -> Option<String> {
        let facts = self.project.program.facts(file);
        let row = &self.models.entries[row as usize];
        let Expr::Call(call) = facts.expr(call) else { return None };
        let path = row.places.detail.iter().find_map(|place| literal_at(self.project, file, call, place));
        let verb = match facts.expr(call.callee) {
            Expr::Field { name, .. } | Expr::Name(name) if is_http_method(name) => Some(name.to_ascii_uppercase()),
            _ => row.raw.channel.as_deref().filter(|c| *c == "websocket").map(|_| "WS".to_owned()),
        };
        match (verb, path) {
            (Some(verb), Some(path)) => Some(format!("{verb} {path}")),
            (None, Some(path)) => Some(path),
            (verb, None) => verb,
        }
    }

    fn add(&mut self, handler: GFn, file: FileId, row: u32, route: Option<String>, site: Option<SiteId>) {
        if !self.seen.insert((handler, route.clone())) {
            return;
        }
        let program = &self.project.program;
        let home = program.file_of(handler);
        if program.class_of_path(home) != PathClass::Production {
            return;
        }
        let framework = self.models.entries[row as usize].raw.framework.clone();
        let is_script = program.local_fn(handler) == FnId::MODULE;
        let own = site.map(|site| self.project.site(site).at).filter(|at| is_script && at.file == home);
        let span = own.map_or(program.function(handler).head, |at| program.facts(home).span(at.expr));
        let name = program.fn_name(handler);
        let _ = file;
        self.found.push(EntryPoint {
            handler: Some(handler),
            file: home,
            span,
            name,
            framework,
            route,
            prefix: String::new(),
            row,
            site,
            object: None,
        });
    }

    /// Handlers given to a registration call.
    fn registrations(&mut self) {
        for index in 0..self.project.sites.len() {
            let id = SiteId(super::program::len32(index));
            let site = self.project.site(id);
            let file = site.at.file;
            if self.project.program.class_of_path(file) != PathClass::Production {
                continue;
            }
            let apis: Vec<_> = Project::apis(self.project.callees(id)).collect();
            let mut rows: Vec<_> =
                apis.iter().flat_map(|api| self.project.matcher.rows(*api).iter().copied()).collect();
            rows.sort_unstable();
            rows.dedup();
            for row in rows {
                if let RowRef::EntryCall(row) = row {
                    self.registration(id, file, row);
                }
            }
            self.decorated_by_hand(id, file);
        }
    }

    /// What one registration call makes a handler.
    fn registration(&mut self, id: SiteId, file: FileId, row: u32) {
        let models = self.models;
        let entry = &models.entries[row as usize];
        if entry.raw.around {
            return self.add(self.project.site(id).caller, file, row, None, Some(id));
        }
        let given = self.project.place_values(id, &entry.places.subject);
        let mut handlers: Vec<GFn> = given.iter().flat_map(|v| self.handler_functions(*v)).collect();
        if entry.raw.dispatches {
            handlers = handlers.into_iter().flat_map(|f| self.project.dispatched(f)).collect();
        }
        let route = self.route_of(file, self.project.site(id).at.expr, row);
        for handler in handlers {
            self.add(handler, file, row, route.clone(), Some(id));
        }
    }

    /// Functions that a decorator is applied to by a call: `router.post("/ask")(answer)`.
    fn decorated_by_hand(&mut self, id: SiteId, file: FileId) {
        let Some(decorator) = self.project.applied_decorator(id) else { return };
        let mut rows: Vec<RowRef> = Project::apis(self.project.callees(decorator))
            .flat_map(|api| self.project.matcher.rows(api).to_vec())
            .collect();
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            let RowRef::EntryDecorator(row) = row else { continue };
            let places = &self.models.entries[row as usize].places.subject;
            let given = match places.as_slice() {
                [] => self.project.first_arg(id),
                places => self.project.place_values(id, places),
            };
            let route = self.route_of(file, self.project.site(decorator).at.expr, row);
            for handler in given.iter().flat_map(|v| self.handler_functions(*v)).collect::<Vec<_>>() {
                self.add(handler, file, row, route.clone(), Some(decorator));
            }
        }
    }

    fn handler_functions(&self, value: Value) -> Vec<GFn> {
        match value {
            // A class or object given as a handler is called through `__call__`, never constructed per request.
            Value::Class(_) => Vec::new(),
            value => self.project.targets(value),
        }
    }

    /// Methods of classes that derive from, implement, or are decorated with what a row names.
    fn classes(&mut self, file: FileId) {
        let facts = self.project.program.facts(file);
        for (id, class) in facts.classes() {
            let gclass = self.project.program.gclass(file, id);
            for api in self.project.library_bases(gclass) {
                for row in self.project.matcher.rows(api).to_vec() {
                    if let RowRef::EntrySubclass(row) | RowRef::EntryImplements(row) = row {
                        self.methods(gclass, row, None);
                    }
                }
            }
            for decorator in &class.decorators {
                for row in self.callee_rows(GExpr { file, expr: *decorator }) {
                    if let RowRef::EntryClassDecorator(row) = row {
                        self.methods(gclass, row, Some((file, *decorator)));
                    }
                }
            }
        }
        for imp in &facts.impls {
            for decorator in &imp.decorators {
                for row in self.callee_rows(GExpr { file, expr: *decorator }) {
                    if let RowRef::EntryClassDecorator(row) = row {
                        for method in &imp.methods {
                            self.method(self.project.program.gfn(file, *method), row, None);
                        }
                    }
                }
            }
        }
    }

    /// The handlers among a class's methods; a decorator that makes them so says where they are registered.
    fn methods(&mut self, class: GClass, row: u32, decorator: Option<(FileId, ExprId)>) {
        let names = self.models.entries[row as usize].raw.methods.clone();
        let own: Vec<GFn> = if names.iter().any(|n| n == "*") {
            let file = self.project.program.file_of_class(class);
            self.project.program.class(class).methods.iter().map(|m| self.project.program.gfn(file, *m)).collect()
        } else {
            let names = names.iter().map(|n| n.split('=').next().unwrap_or(n));
            let members = names.flat_map(|n| self.project.own_member(class, Name::new(n)).to_vec());
            members.filter_map(|v| if let Value::Fn(f) = v { Some(f) } else { None }).collect()
        };
        for f in own {
            self.method(f, row, decorator);
        }
    }

    fn method(&mut self, f: GFn, row: u32, decorator: Option<(FileId, ExprId)>) {
        let raw = &self.models.entries[row as usize].raw;
        let Some(name) = self.project.program.function(f).name else { return };
        let listed = raw.methods.iter().find(|m| *m == "*" || m.split('=').next() == Some(name.as_str()));
        let Some(listed) = listed else { return };
        let verb = listed
            .split_once('=')
            .map(|(_, verb)| verb.to_owned())
            .or_else(|| is_http_method(&name).then(|| name.to_ascii_uppercase()));
        let route = if listed == "*" { Some(name.to_string()) } else { verb };
        let handlers = if raw.dispatches { self.project.dispatched(f) } else { vec![f] };
        let path = decorator.and_then(|(file, at)| self.route_of(file, at, row)).filter(|path| path.starts_with('/'));
        let route = match (route, path) {
            (Some(verb), Some(path)) if listed != "*" => Some(format!("{verb} {path}")),
            (route, _) => route,
        };
        let site = decorator.and_then(|(file, expr)| self.project.site_at(GExpr { file, expr }));
        for f in handlers {
            self.add(f, self.project.program.file_of(f), row, route.clone(), site);
        }
    }

    /// Module-level variables that hold an object which a platform serves.
    fn values(&mut self, file: FileId) {
        let facts = self.project.program.facts(file);
        for stmt in &facts.function(FnId::MODULE).body {
            let crate::ir::StmtKind::Assign { targets, value: Some(value), .. } = &stmt.kind else { continue };
            let at = GExpr { file, expr: *value };
            let mut rows: Vec<_> = Project::apis(self.project.values(at))
                .flat_map(|api| self.project.matcher.rows(api).to_vec())
                .collect();
            rows.sort_unstable();
            rows.dedup();
            let Some(row) = rows.iter().find_map(|r| if let RowRef::EntryValue(row) = r { Some(*row) } else { None })
            else {
                continue;
            };
            let mut name = String::new();
            targets.iter().for_each(|t| t.for_each_name(&mut |n| name = n.to_string()));
            // Where modules say what they export, nothing else can be served.
            let is_hidden = facts.language == Language::TypeScript
                && !facts.exports.iter().any(|e| e.local.is_some_and(|local| local.as_str() == name));
            if is_hidden {
                continue;
            }
            let framework = self.models.entries[row as usize].raw.framework.clone();
            let site = self.project.site_at(at);
            let entry = EntryPoint {
                handler: None,
                file,
                span: stmt.span,
                name,
                framework,
                route: None,
                prefix: String::new(),
                row,
                site,
                object: Some(at),
            };
            self.found.push(entry);
        }
    }

    /// Files whose place or directive makes their exports handlers.
    fn conventions(&mut self) {
        for (row, index) in self.models.entries.iter().zip(0u32..) {
            let raw = &row.raw;
            if raw.exports.is_empty() && raw.directive.is_none() {
                continue;
            }
            let globs = globs(raw.files.as_slice());
            let language = self.models.files[row.file].1.language;
            for file in self.project.program.file_ids() {
                let facts = self.project.program.facts(file);
                let is_production = self.project.program.class_of_path(file) == PathClass::Production;
                if facts.language != language
                    || !is_production
                    || !(globs.is_empty() || globs.is_match(facts.path.as_str()))
                {
                    continue;
                }
                match &raw.directive {
                    Some(directive) => self.directive(file, index, directive),
                    None => self.exports(file, index, &raw.exports.clone()),
                }
            }
        }
    }

    fn directive(&mut self, file: FileId, row: u32, directive: &str) {
        let facts = self.project.program.facts(file);
        let holders: Vec<FnId> = facts.directives.iter().filter(|(_, d)| *d == directive).map(|(f, _)| *f).collect();
        for holder in holders {
            if holder == FnId::MODULE {
                self.exports(file, row, &["*".to_owned()]);
            } else {
                self.add(self.project.program.gfn(file, holder), file, row, None, None);
            }
        }
    }

    fn exports(&mut self, file: FileId, row: u32, names: &[String]) {
        let facts = self.project.program.facts(file);
        for export in &facts.exports {
            if export.name == "*" {
                continue;
            }
            let Some(listed) = names.iter().find(|n| *n == "*" || n.split('.').next() == Some(export.name.as_str()))
            else {
                continue;
            };
            let values: Vec<Value> = self.project.exported(file, export).to_vec();
            // A directive makes functions callable wherever they are used: these have no path.
            let route = self.models.entries[row as usize].raw.directive.is_none();
            let route = route.then(|| self.convention_route(file, &export.name));
            let handlers: Vec<GFn> = match listed.split_once('.') {
                // `default.fetch`: this member of an exported object only.
                Some((_, member)) => {
                    let members = self.project.members_of(&values, Some(Name::new(member)));
                    members.iter().flat_map(|v| self.handler_functions(*v)).collect()
                }
                None => {
                    let own = values.iter().flat_map(|v| self.handler_functions(*v));
                    own.chain(self.object_handlers(&values)).collect()
                }
            };
            for handler in handlers {
                let before = self.found.len();
                self.add(handler, file, row, route.clone(), None);
                // The handler's own line if it stands here; else the export that makes it one.
                if let Some(entry) = self.found.get_mut(before)
                    && entry.file != file
                {
                    entry.file = file;
                    entry.span = export.span;
                    entry.name = export.name.to_string();
                }
            }
        }
    }

    /// `export default { fetch(request) {..} }`: the methods of an exported object.
    fn object_handlers(&self, values: &[Value]) -> Vec<GFn> {
        self.project.members_of(values, None).iter().flat_map(|v| self.handler_functions(*v)).collect()
    }

    /// `POST /api/chat` out of `app/api/chat/route.ts`.
    fn convention_route(&self, file: FileId, export: &str) -> String {
        let path = self.project.program.facts(file).path.as_str();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let start = ["app/", "pages/", "routes/", "server/"].iter().find_map(|base| {
            if folder.starts_with(base) {
                Some(base.len() - 1)
            } else {
                folder.find(&format!("/{base}")).map(|at| at + base.len())
            }
        });
        let below = start.map_or(folder, |at| &folder[at..]);
        // Folders in parentheses group files and are no part of the path.
        let mut segments: Vec<&str> =
            below.split('/').filter(|s| !(s.is_empty() || s.starts_with('(') && s.ends_with(')'))).collect();
        let mut stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let mut verb = export;
        if let Some((rest, method)) = stem.rsplit_once('.')
            && is_http_method(method)
        {
            (stem, verb) = (rest, method);
        }
        if !matches!(stem, "route" | "index" | "page" | "layout") && !stem.starts_with(['+', '_']) {
            segments.push(stem);
        }
        let route = format!("/{}", segments.join("/"));
        if is_http_method(verb) { format!("{} {route}", verb.to_ascii_uppercase()) } else { route }
    }
}

/// A string literal at a place of a call as written.
fn literal_at(project: &Project, file: FileId, call: &CallExpr, place: &Place) -> Option<String> {
    let facts = project.program.facts(file);
    let positional: Vec<_> = call.args.iter().filter(|a| a.name.is_none()).collect();
    let arg = match place.root {
        PlaceRoot::Arg(at) => positional.get(at)?.value,
        PlaceRoot::Named(name) => call.args.iter().find(|a| a.name == Some(name))?.value,
        _ => return None,
    };
    match facts.expr(arg) {
        Expr::Str(text) => Some(text.to_string()),
        Expr::Template { .. } => Some(facts.show(arg).trim_matches('`').to_owned()),
        _ => None,
    }
}

fn is_http_method(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "get" | "post" | "put" | "patch" | "delete" | "head" | "options" | "websocket" | "all"
    )
}

/// Compiles globs; an invalid one matches nothing (the model loader's tests catch it).
pub(crate) fn globs(patterns: &[String]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        if let Ok(glob) = Glob::new(pattern) {
            builder.add(glob);
        }
    }
    builder.build().unwrap_or_default()
}
