//! Guards around many handlers: on applications and routers, by decorators of hooks, in files that a framework runs first.

use super::{AppGuard, GUARD_DEPTH, Guards, Kinds, is_production};
use crate::ir::{Expr, ExprId, FnId, Key};
use crate::model::{RowRef, Scope};
use crate::project::{EntryPoint, FileId, GExpr, GFn, SiteId, Value};
use crate::surface::apps::{made, own_nodes};
use crate::surface::place;
use rustc_hash::FxHashSet;

impl Guards<'_> {
    pub(super) fn collect_sites(&mut self, handlers: &FxHashSet<GFn>) {
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
            if is_production(self.project, site.at.file) {
                self.decorated_by_hand(id);
            }
        }
    }

    /// Functions that a call of a decorator makes guards: `app.before_request(check)`, `app.middleware("http")(check)`.
    fn decorated_by_hand(&mut self, id: SiteId) {
        let Some(decorator) = self.project.applied_decorator(id) else { return };
        for row in self.rows(self.project.callees(decorator)) {
            let RowRef::AttachDecorator(row) = row else { continue };
            let given = self.project.args(id).next().map(|(_, values, _)| values.to_vec()).unwrap_or_default();
            let functions = given.into_iter().filter(|value| matches!(value, Value::Fn(_))).collect();
            self.decorated_guard(row, self.project.site(decorator).at, functions);
        }
    }

    /// Functions that a decorator makes guards of the application that it is of.
    fn decorated_guard(&mut self, row: u32, at: GExpr, values: Vec<Value>) {
        let row = &self.models.attaches[row as usize];
        if row.raw.scope == Scope::App && row.raw.guard.is_none() {
            let nodes = self.project.site_at(at).map(|s| own_nodes(self.project, s)).unwrap_or_default();
            self.app_guards.push(AppGuard { nodes, only_earlier: false, prefix: None, at, exprs: Vec::new(), values });
        }
    }

    pub(super) fn attach_call(&mut self, id: SiteId, row: u32) {
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
    pub(super) fn mount_guard(&mut self, id: SiteId, row: u32) {
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
    pub(super) fn collect_decorated(&mut self) {
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
                        self.decorated_guard(row, at, vec![Value::Fn(self.project.program.gfn(file, id))]);
                    }
                }
            }
        }
    }

    pub(super) fn collect_files(&mut self) {
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
                    let values = self.project.exported(file, export).to_vec();
                    self.file_guards.push((file, export.span, values));
                }
            }
        }
    }

    /// Guards that a container is given under a key: `{ provide: KEY, useClass: Guard }` guards what its package serves.
    pub(super) fn collect_provided(&mut self) {
        if self.models.attaches.iter().all(|row| row.raw.provided.as_slice().is_empty()) {
            return;
        }
        let project = self.project;
        for file in project.program.file_ids().filter(|f| is_production(project, *f)) {
            let facts = project.program.facts(file);
            for (expr, index) in facts.exprs.iter().zip(0u32..) {
                let Expr::Object(entries) = expr else { continue };
                let at = GExpr { file, expr: ExprId(index) };
                let keyed = |name: &str| {
                    entries.iter().find(|e| matches!(e.key, Key::Name(key) if key == name)).map(|e| e.value)
                };
                let Some(key) = keyed("provide") else { continue };
                for row in self.rows(project.values(GExpr { file, expr: key })) {
                    let RowRef::AttachProvided(row) = row else { continue };
                    let guard = self.models.attaches[row as usize].raw.guard.as_deref().unwrap_or_default();
                    let given = guard.split('|').filter_map(keyed);
                    let values = given.flat_map(|expr| project.values(GExpr { file, expr }).to_vec()).collect();
                    self.file_guards.push((file, facts.span(at.expr), values));
                }
            }
        }
    }

    pub(super) fn on_app(&self, entry: &EntryPoint, kinds: &mut Kinds) {
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

    pub(super) fn on_files(&self, entry: &EntryPoint, kinds: &mut Kinds) {
        let path = self.project.program.facts(entry.file).path.as_str();
        for (file, span, values) in &self.file_guards {
            let guard = self.project.program.facts(*file).path.as_str();
            let folder = guard.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !path.starts_with(package_root(folder)) {
                continue;
            }
            let mut own = Kinds::new();
            for value in values {
                let at = place(self.project, *file, *span);
                if let Value::Class(class) = value {
                    self.class(*class, &at, entry.handler, &mut own);
                }
                if let Value::Api(api) | Value::Made(api, _) = value {
                    self.control_value(*api, &at, "a guard of the application", &mut own);
                }
                for f in self.project.targets(*value) {
                    self.function(f, &at, GUARD_DEPTH, entry.handler, &mut own);
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
    pub(super) fn excluded_by_config(&self, file: FileId, entry: &EntryPoint) -> bool {
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
}

/// The folder of the package that a file with guards belongs to: what stands above its sources.
fn package_root(folder: &str) -> &str {
    match folder.rsplit_once("/src/") {
        Some((root, _)) => root,
        None => folder.strip_suffix("src").unwrap_or(if folder.starts_with("src/") { "" } else { folder }),
    }
}

pub(super) fn prefix_covers(prefix: Option<&str>, entry: &EntryPoint) -> bool {
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
