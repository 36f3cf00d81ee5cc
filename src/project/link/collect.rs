//! The call graph, read off the solved constraints.

use rustc_hash::FxHashSet;

use super::{ApiCall, Edge, EdgeKind, Project, SiteId};
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FnKind, exprs_in_block};
use crate::model::{CallKind, ModelSet, PlaceRoot, RowRef};
use crate::project::linker::Site;
use crate::project::program::{FileId, GExpr, GFn};
use crate::project::value::Value;

impl Project {
    /// Whether an argument of a site is a parameter, of the caller or of a function around it.
    pub(super) fn hands_on_parameter(&self, site: &Site, position: usize) -> bool {
        let facts = self.program.facts(site.at.file);
        let Expr::Call(call) = facts.expr(site.at.expr) else { return false };
        let Some(arg) = call.args.get(position).filter(|_| call.args.len() == site.args.len()) else { return false };
        let is_own = self.expr_nodes[site.at.file.0 as usize][arg.value.0 as usize] == site.args[position].1;
        is_own && self.is_parameter(site, arg.value)
    }

    /// Whether what is called at a site is a parameter, of the caller or of a function around it.
    pub(super) fn parameter_behind(&self, site: &Site) -> bool {
        let facts = self.program.facts(site.at.file);
        let Expr::Call(call) = facts.expr(site.at.expr) else { return false };
        self.is_parameter(site, call.callee)
    }

    pub(super) fn is_parameter(&self, site: &Site, expr: ExprId) -> bool {
        let facts = self.program.facts(site.at.file);
        let Expr::Name(name) = facts.expr(facts.uncast(expr)) else { return false };
        let scope = self.program.local_fn(site.caller);
        let Some(owner) = self.scopes[site.at.file.0 as usize].lookup(facts, scope, *name) else { return false };
        facts.function(owner).params.iter().any(|p| p.name() == Some(*name))
    }

    pub(super) fn collect_calls(&mut self, models: &ModelSet) {
        let arguments = self.sites.iter().flat_map(|s| s.args.iter().map(|(_, node, _)| *node));
        let passed: FxHashSet<GFn> = arguments
            .flat_map(|node| {
                self.graph.values(node).iter().filter_map(|v| if let Value::Fn(f) = v { Some(*f) } else { None })
            })
            .collect();
        for (index, site) in self.sites.iter().enumerate() {
            let id = SiteId(crate::project::program::len32(index));
            let caller = site.caller.0 as usize;
            let values = self.graph.values(site.callee);
            if values.is_empty() {
                self.unresolved += 1;
            }
            let given = self.parameter_behind(site);
            for value in values {
                for to in self.targets(*value) {
                    // A call of a parameter is told at the places that pass the function, which keeps callers apart.
                    let is_future = self.program.function(to).kind == FnKind::AsyncBlock;
                    if !is_future && (!given || !passed.contains(&to)) {
                        self.edges[caller].push(Edge { at: site.at.expr, to, kind: EdgeKind::Call });
                    }
                }
                let api = match value {
                    Value::Api(api) | Value::Made(api, _) => *api,
                    _ => continue,
                };
                for row in self.matcher.rows(api) {
                    match row {
                        RowRef::Call(row) => {
                            self.api_calls[caller].push(ApiCall { site: id, api, row: *row });
                            let handed = self.handed_on(models, id, *row);
                            self.handed[caller].extend(handed);
                        }
                        RowRef::Dependency(_) => {
                            for (_, node, _) in site.args.iter() {
                                let targets: Vec<GFn> =
                                    self.graph.values(*node).iter().flat_map(|v| self.targets(*v)).collect();
                                for to in targets {
                                    self.edges[caller].push(Edge { at: site.at.expr, to, kind: EdgeKind::Provider });
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
            let is_inside = values
                .iter()
                .any(|v| matches!(v, Value::Fn(_) | Value::Class(_) | Value::Declared(_) | Value::Instance(_)));
            // What is written to a log is not called.
            let is_logged = !is_inside && self.only_logs(values, models);
            for (position, (_, node, _)) in site.args.iter().enumerate().filter(|_| !is_logged) {
                let given = self.graph.values(*node);
                // A parameter handed on: told at the places that pass the function, as for calls of a parameter.
                let is_handed_on = self.hands_on_parameter(site, position);
                let functions = if is_inside {
                    given.iter().filter_map(|v| if let Value::Fn(f) = v { Some(*f) } else { None }).collect()
                } else {
                    self.functions_in(given)
                };
                for to in functions.into_iter().filter(|to| !is_handed_on || !passed.contains(to)) {
                    // A future runs on behalf of the function that makes it, not of all that handle its results.
                    if self.program.function(to).kind != FnKind::AsyncBlock {
                        self.edges[caller].push(Edge { at: site.at.expr, to, kind: EdgeKind::Callback });
                    }
                }
            }
        }
    }

    /// Whether a call writes a log record and does nothing else that is known.
    fn only_logs(&self, callees: &[Value], models: &ModelSet) -> bool {
        let mut rows = Self::apis(callees).flat_map(|api| self.matcher.rows(api)).peekable();
        rows.peek().is_some()
            && rows.all(
                |row| matches!(row, RowRef::Call(row) if models.calls[*row as usize].raw.is == Some(CallKind::Log)),
            )
    }

    /// Library functions that a call runs which it is given: `to_thread(client.create, ..)`, `add_task(agent.invoke, ..)`.
    fn handed_on(&self, models: &ModelSet, site: SiteId, row: u32) -> Vec<ApiCall> {
        let flows = &models.calls[row as usize].places.flows;
        let mut found = Vec::new();
        for (from, ..) in flows.iter().filter(|(_, to, _)| to.root == PlaceRoot::Call) {
            for api in Project::apis(&self.place_values(site, std::slice::from_ref(from))) {
                let rows = self.matcher.rows(api).iter();
                found.extend(rows.filter_map(|row| match row {
                    RowRef::Call(row) => Some(ApiCall { site, api, row: *row }),
                    _ => None,
                }));
            }
        }
        found
    }

    /// Async blocks: whoever drives the future that a function makes runs them on its behalf.
    pub(super) fn collect_async_blocks(&mut self) {
        for file in self.program.file_ids() {
            let facts = self.program.facts(file);
            if !facts.functions.iter().any(|f| f.kind == FnKind::AsyncBlock) {
                continue;
            }
            for (id, function) in facts.functions() {
                for at in exprs_in_block(facts, &function.body) {
                    if let Expr::Lambda(block) = *facts.expr(at)
                        && facts.function(block).kind == FnKind::AsyncBlock
                    {
                        let to = self.program.gfn(file, block);
                        self.edges[self.program.gfn(file, id).0 as usize].push(Edge { at, to, kind: EdgeKind::Call });
                    }
                }
            }
        }
    }

    /// Reads of properties that run a getter.
    pub(super) fn collect_getters(&mut self) {
        let program = &self.program;
        let mut getters: FxHashSet<Name> = FxHashSet::default();
        for file in program.file_ids() {
            let functions = program.facts(file).functions.iter().filter(|f| f.kind == FnKind::Getter);
            getters.extend(functions.filter_map(|f| f.name));
        }
        if getters.is_empty() {
            return;
        }
        let mut found = Vec::new();
        for file in program.file_ids() {
            let facts = program.facts(file);
            for (id, function) in facts.functions() {
                for expr in exprs_in_block(facts, &function.body) {
                    if let Expr::Field { base, name } = facts.expr(expr)
                        && getters.contains(name)
                    {
                        let caller = program.gfn(file, id);
                        found.extend(self.getters_of(file, *base, *name).into_iter().map(|to| (caller, expr, to)));
                    }
                }
            }
        }
        for (caller, at, to) in found {
            self.edges[caller.0 as usize].push(Edge { at, to, kind: EdgeKind::Getter });
        }
    }

    pub(super) fn getters_of(&self, file: FileId, base: ExprId, name: Name) -> Vec<GFn> {
        let mut found = Vec::new();
        for value in self.values(GExpr { file, expr: base }) {
            if let Value::Instance(class) | Value::Declared(class) = value {
                for class in self.ancestors(*class) {
                    let file = self.program.file_of_class(class);
                    let facts = self.program.facts(file);
                    let own = self.program.class(class).methods.iter().find(|m| facts.function(**m).name == Some(name));
                    if let Some(method) = own.filter(|m| facts.function(**m).kind == FnKind::Getter) {
                        found.push(self.program.gfn(file, *method));
                        break;
                    }
                }
            }
        }
        found
    }

    /// Whether a function, one around it, or its class has a name with one of these parts.
    pub(super) fn is_named(&self, f: GFn, parts: &[String]) -> bool {
        let holds = |name: Option<Name>| {
            name.is_some_and(|name| parts.iter().any(|part| name.to_ascii_lowercase().contains(part.as_str())))
        };
        let mut around = (!parts.is_empty()).then_some(f);
        while let Some(f) = around {
            let owner = self.program.owner(f).and_then(|class| self.program.class(class).name);
            if holds(self.program.function(f).name) || holds(owner) {
                return true;
            }
            around = self.program.parent(f);
        }
        false
    }
}
