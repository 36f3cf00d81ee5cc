//! What models write: functions that are given to a model as tools, and what their parameters may hold.

use rustc_hash::FxHashMap;

use super::types;
use crate::intern::Name;
use crate::ir::{Expr, FnId};
use crate::model::{CallKind, Place, PlaceRoot, PlaceStep, RowRef, Setting, SinkKind, SourceKind};
use crate::project::{GClass, GExpr, GFn, Project, SiteId, Value};
use crate::rules::run::Context;
use crate::source::PathClass;

/// A function that a model calls.
#[derive(Clone, Debug, Default)]
pub(in crate::rules::engines) struct Tool {
    /// What it is called.
    pub(in crate::rules::engines) name: String,
    /// The parameter that holds all arguments as an object, if it is not each parameter that holds one.
    pub(in crate::rules::engines) whole: Option<usize>,
    /// The schema that arguments are checked with before the function runs.
    pub(in crate::rules::engines) schema: Vec<GExpr>,
    /// The call that registers it.
    pub(in crate::rules::engines) site: Option<SiteId>,
}

/// All tools of a program.
#[derive(Debug, Default)]
pub(in crate::rules) struct Tools {
    by_fn: FxHashMap<GFn, Tool>,
}

impl Tools {
    pub(in crate::rules) fn find(cx: &Context<'_>) -> Tools {
        let mut tools = Tools::default();
        tools.entries(cx);
        tools.decorated(cx);
        tools.registered(cx);
        tools.classes(cx);
        tools
            .by_fn
            .retain(|f, _| cx.project.program.class_of_path(cx.project.program.file_of(*f)) == PathClass::Production);
        tools
    }

    /// All tools, by function.
    pub(in crate::rules::engines) fn iter(&self) -> impl Iterator<Item = (GFn, &Tool)> {
        let mut all: Vec<_> = self.by_fn.iter().map(|(f, tool)| (*f, tool)).collect();
        all.sort_by_key(|(f, _)| *f);
        all.into_iter()
    }

    pub(in crate::rules::engines) fn get(&self, f: GFn) -> Option<&Tool> {
        self.by_fn.get(&f)
    }

    /// Whether a parameter's value, or the part of it called `name`, is written by a model: `None` if it is not at all,
    /// else what confines it, if anything does.
    pub(in crate::rules::engines) fn argument(
        &self,
        cx: &Context<'_>,
        f: GFn,
        index: usize,
        name: Name,
        kind: SinkKind,
    ) -> Option<Option<String>> {
        let tool = self.by_fn.get(&f)?;
        if tool.whole.is_some_and(|whole| whole != index) {
            return None;
        }
        let file = cx.project.program.file_of(f);
        let param = cx.project.program.function(f).params.get(index)?;
        if tool.whole.is_none() && is_injected(cx, file, param) {
            return None;
        }
        if let Some(ty) = param.ty.as_ref().filter(|_| param.name() == Some(name))
            && let Some(why) = types::closed(cx, file, ty)
        {
            return Some(Some(why));
        }
        Some(self.field(cx, f, name, kind))
    }

    /// What the schema of a tool says that confines one of its arguments.
    pub(in crate::rules::engines) fn field(
        &self,
        cx: &Context<'_>,
        f: GFn,
        name: Name,
        kind: SinkKind,
    ) -> Option<String> {
        let tool = self.by_fn.get(&f)?;
        let schemas = tool.schema.iter().flat_map(|s| schema_fields(cx, *s, name));
        schemas.into_iter().find_map(|at| confined(cx, at, kind))
    }

    fn add(&mut self, f: GFn, tool: Tool) {
        self.by_fn.entry(f).or_insert(tool);
    }

    fn entries(&mut self, cx: &Context<'_>) {
        for entry in &cx.surfaces.entries {
            let row = &cx.models.entries[entry.row as usize].raw;
            if let Some(f) = entry.handler.filter(|_| row.channel.as_deref() == Some("tool")) {
                let whole = row.untrusted.as_slice().iter().any(|u| u == "arg0").then_some(0);
                self.add(f, Tool { name: entry.name.clone(), whole, site: entry.site, ..Tool::default() });
            }
        }
    }

    fn decorated(&mut self, cx: &Context<'_>) {
        let program = &cx.project.program;
        for file in program.file_ids() {
            let facts = program.facts(file);
            for (id, function) in facts.functions() {
                for decorator in &function.decorators {
                    let at = GExpr { file, expr: *decorator };
                    let callee = match facts.expr(*decorator) {
                        Expr::Call(call) => GExpr { file, expr: call.callee },
                        _ => at,
                    };
                    if is_tool(cx, cx.project.values(callee)) {
                        let f = program.gfn(file, id);
                        self.add(f, Tool { name: program.fn_name(f), site: cx.project.site_at(at), ..Tool::default() });
                    }
                }
            }
        }
    }

    /// Functions that are handed to a call which makes a tool of them, or that stand in a list of tools.
    fn registered(&mut self, cx: &Context<'_>) {
        for call in cx.project.api_calls.iter().flatten() {
            let row = &cx.models.calls[call.row as usize];
            for (setting, places) in &row.places.settings {
                if *setting == Setting::Tools {
                    let values = cx.project.place_values(call.site, places);
                    for f in direct(cx, &values) {
                        self.add(f, Tool { name: cx.project.program.fn_name(f), ..Tool::default() });
                    }
                }
            }
            if row.raw.is != Some(CallKind::Tool) {
                continue;
            }
            let mut is_told = false;
            for (source, raw) in row
                .raw
                .sources
                .iter()
                .flat_map(|s| Place::parse_all(&s.at).unwrap_or_default().into_iter().map(move |p| (p, s)))
            {
                if raw.kind != SourceKind::ToolArguments || !matches!(source.steps.last(), Some(PlaceStep::Param(_))) {
                    continue;
                }
                is_told = true;
                let Some(PlaceStep::Param(index)) = source.steps.last() else { continue };
                let schema = raw.schema.as_deref().map(|s| Place::parse_all(s).unwrap_or_default()).unwrap_or_default();
                let schema: Vec<GExpr> = schema.iter().flat_map(|p| cx.project.place_exprs(call.site, p)).collect();
                for value in cx.project.place_values(call.site, std::slice::from_ref(&source)) {
                    if let Value::Fn(f) = value {
                        let name = tool_name(cx, call.site).unwrap_or_else(|| cx.project.program.fn_name(f));
                        let tool = Tool { name, whole: Some(*index), schema: schema.clone(), site: Some(call.site) };
                        self.add(f, tool);
                    }
                }
            }
            if !is_told {
                let given: Vec<Value> = cx.project.args(call.site).flat_map(|(_, values, _)| values.to_vec()).collect();
                for value in given {
                    if let Value::Fn(f) = value {
                        let name = tool_name(cx, call.site).unwrap_or_else(|| cx.project.program.fn_name(f));
                        self.add(f, Tool { name, site: Some(call.site), ..Tool::default() });
                    }
                }
            }
        }
    }

    /// Methods of classes that derive from a library's tool class: its row names them.
    fn classes(&mut self, cx: &Context<'_>) {
        for class in (0..cx.project.program.class_count()).map(GClass) {
            for api in cx.project.library_bases(class) {
                for row in cx.project.matcher.rows(api) {
                    let RowRef::Call(row) = row else { continue };
                    let row = &cx.models.calls[*row as usize];
                    if row.raw.is != Some(CallKind::Tool) {
                        continue;
                    }
                    for (place, kind) in &row.places.sources {
                        let PlaceRoot::Named(name) = place.root else { continue };
                        if *kind != SourceKind::ToolArguments || !place.steps.is_empty() {
                            continue;
                        }
                        let class_name =
                            cx.project.program.class(class).name.map(|n| n.to_string()).unwrap_or_default();
                        for f in cx.project.method(class, name) {
                            self.add(f, Tool { name: class_name.clone(), ..Tool::default() });
                        }
                    }
                }
            }
        }
    }
}

/// The functions among some values and among the elements of lists there.
fn direct(cx: &Context<'_>, values: &[Value]) -> Vec<GFn> {
    let members: Vec<Value> = cx.project.members_of(values, None);
    let all = values.iter().chain(&members);
    all.filter_map(|v| if let Value::Fn(f) = v { Some(*f) } else { None }).collect()
}

fn is_tool(cx: &Context<'_>, values: &[Value]) -> bool {
    Project::apis(values)
        .flat_map(|api| cx.project.matcher.rows(api))
        .any(|row| matches!(row, RowRef::Call(row) if cx.models.calls[*row as usize].raw.is == Some(CallKind::Tool)))
}

/// The name that a registering call states.
fn tool_name(cx: &Context<'_>, site: SiteId) -> Option<String> {
    let place = Place::parse("name").ok()?;
    let at = cx.project.place_exprs(site, &place).into_iter().next()?;
    cx.project.program.facts(at.file).str_value(at.expr).map(|n| n.to_string())
}

/// Parameters that the framework fills: contexts, states, and what is marked as such.
fn is_injected(cx: &Context<'_>, file: crate::project::FileId, param: &crate::ir::Param) -> bool {
    let head = param.ty.as_ref().map(types::head).unwrap_or_default();
    let name = param.name().map(|n| n.to_string()).unwrap_or_default();
    let is_context = |text: &str| {
        ["Context", "Runtime", "State", "Config", "Injected", "Manager", "Deps", "Session", "Toolbox", "Callback"]
            .iter()
            .any(|end| text.contains(end))
    };
    let facts = cx.project.program.facts(file);
    let is_marked = match &param.ty {
        Some(crate::ir::Type::Annotated(_, metadata)) => metadata.iter().any(|m| is_context(&facts.show(*m))),
        _ => false,
    };
    is_marked
        || is_context(&head)
        || matches!(name.as_str(), "ctx" | "context" | "config" | "run_manager" | "runtime" | "state" | "self")
}

/// The entries of a name in a schema: keys of the object literals in its calls.
fn schema_fields(cx: &Context<'_>, at: GExpr, name: Name) -> Vec<GExpr> {
    let mut found = Vec::new();
    let mut todo = vec![(at, 0)];
    while let Some((at, depth)) = todo.pop() {
        if depth > 5 {
            continue;
        }
        let facts = cx.project.program.facts(at.file);
        match facts.expr(at.expr) {
            Expr::Object(_) => found.extend(cx.project.entry_exprs(at, Some(name), 0)),
            Expr::Call(call) => {
                todo.extend(call.args.iter().map(|a| (GExpr { file: at.file, expr: a.value }, depth + 1)));
                if let Expr::Field { base, .. } = facts.expr(call.callee) {
                    todo.push((GExpr { file: at.file, expr: *base }, depth + 1));
                }
            }
            Expr::Name(_) => todo.extend(cx.project.definitions(at).into_iter().map(|d| (d, depth + 1))),
            _ => {}
        }
    }
    found
}

/// What a field's schema lets through, if that does no harm: a link of its chain of calls is a row that sanitizes.
fn confined(cx: &Context<'_>, at: GExpr, kind: SinkKind) -> Option<String> {
    let facts = cx.project.program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Call(call) => {
            let site = cx.project.site_at(at)?;
            let rows = Project::apis(cx.project.callees(site)).flat_map(|api| cx.project.matcher.rows(api));
            for row in rows {
                if let RowRef::Call(row) = row
                    && cx.models.calls[*row as usize].places.flows.iter().any(|(_, _, s)| s.contains(&kind))
                {
                    return Some("its schema allows fixed values only".into());
                }
            }
            let Expr::Field { base, .. } = facts.expr(call.callee) else { return None };
            confined(cx, GExpr { file: at.file, expr: *base }, kind)
        }
        Expr::Name(_) => cx.project.definitions(at).into_iter().find_map(|d| confined(cx, d, kind)),
        _ => None,
    }
}

/// The function of a file around an expression.
pub(in crate::rules::engines) fn function_at(cx: &Context<'_>, at: GExpr) -> (GFn, FnId) {
    let scope = cx.project.scope_of(at.file, at.expr);
    (cx.project.program.gfn(at.file, scope), scope)
}
