//! Where values do harm: arguments of library calls, assigned places, attributes of elements.

use crate::flow::{FlowIndex, Reach};
use crate::ir::{CallExpr, Expr, ExprId, Key};
use crate::model::{ConditionRow, Place, RowRef, SinkKind};
use crate::project::{FileId, GExpr, GFn, Project, SiteId};
use crate::rules::run::Context;

use super::words::WORDS;

/// A value in a harmful place.
#[derive(Clone, Debug)]
pub(super) struct Sink {
    /// The value.
    pub(super) value: GExpr,
    /// The call, assignment or element: where a finding points.
    pub(super) at: GExpr,
    pub(super) kind: SinkKind,
    /// The call, assignment or element as shown.
    pub(super) shown: String,
    /// Why no value does harm here, where none does.
    pub(super) harmless: Option<String>,
}

/// The sinks of some kinds in a function.
pub(super) fn of(cx: &Context<'_>, index: &FlowIndex<'_>, f: GFn, kinds: &[SinkKind]) -> Vec<Sink> {
    let mut found = Vec::new();
    for call in &cx.project.api_calls[f.0 as usize] {
        let row = &cx.models.calls[call.row as usize];
        let mut wanted: Vec<SinkKind> =
            row.places.sinks.iter().map(|(_, k)| *k).filter(|k| kinds.contains(k)).collect();
        wanted.dedup();
        for kind in wanted {
            let places: Vec<&Place> = row.places.sinks.iter().filter(|(_, k)| *k == kind).map(|(p, _)| p).collect();
            found.extend(of_call(cx, index, call.site, call.row, kind, &places));
        }
    }
    let file = cx.project.program.file_of(f);
    assigned(cx, file, f, kinds, &mut found);
    found.sort_by_key(|s| (s.at, s.value, s.kind));
    found.dedup_by_key(|s| (s.at, s.value, s.kind));
    found
}

fn of_call(
    cx: &Context<'_>,
    index: &FlowIndex<'_>,
    site: SiteId,
    row: u32,
    kind: SinkKind,
    places: &[&Place],
) -> Vec<Sink> {
    let at = cx.project.site(site).at;
    let facts = cx.project.program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return Vec::new() };
    let mut values: Vec<GExpr> = places.iter().flat_map(|p| cx.project.place_exprs(site, p)).collect();
    values.sort_unstable();
    values.dedup();
    let mut harmless = spared(cx, index, site, row);
    if kind == SinkKind::Shell {
        match command(cx, index, at, call) {
            Command::Values(parts) => values = parts,
            Command::Fixed(program) => {
                harmless = Some(format!("`{program}` is a fixed program that runs without a shell"))
            }
        }
    }
    let shown = format!("`{}`", super::super::flow::short(&callee(facts, call.callee)));
    let sink = |value| Sink { value, at, kind, shown: shown.clone(), harmless: harmless.clone() };
    values.into_iter().filter(|v| !is_constant(cx, *v)).map(sink).collect()
}

fn callee(facts: &crate::ir::FileFacts, id: ExprId) -> String {
    match facts.expr(id) {
        Expr::Name(_) | Expr::Receiver | Expr::Super => facts.show(id),
        Expr::Field { base, name } => match facts.expr(*base) {
            Expr::Name(_) | Expr::Receiver | Expr::Field { .. } => format!("{}.{name}", callee(facts, *base)),
            _ => name.to_string(),
        },
        _ => "the call".into(),
    }
}

fn is_constant(cx: &Context<'_>, at: GExpr) -> bool {
    matches!(
        cx.project.program.facts(at.file).expr(at.expr),
        Expr::Str(_) | Expr::Num(_) | Expr::Bool(_) | Expr::Null | Expr::Regex(_) | Expr::Lambda(_)
    )
}

/// Why a row's own conditions say that a call does no harm.
fn spared(cx: &Context<'_>, index: &FlowIndex<'_>, site: SiteId, row: u32) -> Option<String> {
    let raw = &cx.models.calls[row as usize].raw;
    let unless = raw.unless.iter().find(|c| is_met(cx, index, site, c));
    let missing = raw.needs.iter().find(|c| !is_met(cx, index, site, c));
    unless.map(|c| format!("`{}` makes it safe", c.at)).or_else(|| missing.map(|c| format!("`{}` is not set so", c.at)))
}

fn is_met(cx: &Context<'_>, index: &FlowIndex<'_>, site: SiteId, condition: &ConditionRow) -> bool {
    let (is_made, text) = match condition.at.strip_prefix("made.") {
        Some(rest) => (true, rest),
        None => (false, condition.at.as_str()),
    };
    let Ok(places) = Place::parse_all(text) else { return false };
    let sites = if is_made { makers(cx, index, site) } else { vec![site] };
    let found = sites.iter().flat_map(|s| places.iter().flat_map(|p| cx.project.place_exprs(*s, p)));
    found.into_iter().any(|at| {
        let facts = cx.project.program.facts(at.file);
        let text = match facts.expr(at.expr) {
            Expr::Name(name) | Expr::Field { name, .. } | Expr::Str(name) => name.to_string(),
            Expr::Bool(value) => value.to_string(),
            Expr::Call(call) => callee(facts, call.callee),
            _ => String::new(),
        };
        if condition.is.is_empty() {
            text != "false"
        } else {
            condition.is.iter().any(|end| text.ends_with(end.as_str()))
        }
    })
}

/// The calls that the receiver of a call comes from.
fn makers(cx: &Context<'_>, index: &FlowIndex<'_>, site: SiteId) -> Vec<SiteId> {
    let at = cx.project.site(site).at;
    let facts = cx.project.program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return Vec::new() };
    let Expr::Field { base, .. } = facts.expr(call.callee) else { return Vec::new() };
    let receiver = GExpr { file: at.file, expr: *base };
    let behind = index.reachable(cx.models, receiver, 3, Reach::Everything);
    behind.into_iter().filter_map(|at| cx.project.site_at(at)).collect()
}

/// What a call that starts a process runs.
enum Command {
    /// Text that chooses what runs: a program's name, a line for a shell, code for an interpreter.
    Values(Vec<GExpr>),
    /// Always this program, which takes arguments as such.
    Fixed(String),
}

fn command(cx: &Context<'_>, index: &FlowIndex<'_>, at: GExpr, call: &CallExpr) -> Command {
    let facts = cx.project.program.facts(at.file);
    let mut parts: Vec<GExpr> = Vec::new();
    // `Command::new("sh").arg(x)`: the program stands in the receiver.
    if let Expr::Field { base, name } = facts.expr(call.callee)
        && name != "new"
    {
        parts.extend(builder(cx, index, GExpr { file: at.file, expr: *base }));
    }
    for arg in &call.args {
        let is_argv = arg.name.is_none_or(|n| matches!(n.as_str(), "args" | "cmd" | "command"));
        if is_argv {
            parts.extend(argv(cx, GExpr { file: at.file, expr: arg.value }));
        }
    }
    let is_shell = call.args.iter().any(|a| {
        let flag = |name: &str, value: ExprId| {
            WORDS.shell_flags.contains(name) && !matches!(facts.expr(value), Expr::Bool(false) | Expr::Null)
        };
        match (a.name, facts.expr(a.value)) {
            (Some(name), _) => flag(&name, a.value),
            (None, Expr::Object(entries)) => {
                entries.iter().any(|e| matches!(e.key, Key::Name(name) if flag(&name, e.value)))
            }
            _ => false,
        }
    });
    let head = parts.first().and_then(|p| cx.project.program.facts(p.file).str_value(p.expr));
    match head {
        Some(program) if !is_shell && !program.trim().contains(' ') && !WORDS.is_interpreter(&program) => {
            Command::Fixed(program.to_string())
        }
        Some(_) => Command::Values(parts),
        None if is_shell => Command::Values(parts),
        None => Command::Values(parts.into_iter().take(1).collect()),
    }
}

/// The parts of a list of arguments, or the argument itself.
fn argv(cx: &Context<'_>, at: GExpr) -> Vec<GExpr> {
    let facts = cx.project.program.facts(at.file);
    let literal = match facts.expr(at.expr) {
        Expr::List { .. } => Some(at),
        Expr::Name(_) => cx
            .project
            .definitions(at)
            .into_iter()
            .find(|d| matches!(cx.project.program.facts(d.file).expr(d.expr), Expr::List { .. })),
        _ => None,
    };
    let Some(list) = literal else { return vec![at] };
    let facts = cx.project.program.facts(list.file);
    let Expr::List { items, .. } = facts.expr(list.expr) else { return vec![at] };
    items.iter().map(|item| GExpr { file: list.file, expr: item.value }).collect()
}

/// The program that a fluent builder of a command was made with.
fn builder(cx: &Context<'_>, index: &FlowIndex<'_>, receiver: GExpr) -> Option<GExpr> {
    index.reachable(cx.models, receiver, 2, Reach::Everything).into_iter().find_map(|at| {
        let facts = cx.project.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return None };
        let is_new = matches!(facts.expr(call.callee), Expr::Field { name, .. } if name == "new");
        let program = call.args.first()?.value;
        is_new.then_some(GExpr { file: at.file, expr: program })
    })
}

/// Places that are assigned to and attributes of elements.
fn assigned(cx: &Context<'_>, file: FileId, f: GFn, kinds: &[SinkKind], found: &mut Vec<Sink>) {
    let facts = cx.project.program.facts(file);
    let here = |expr: ExprId| GExpr { file, expr };
    let written = cx.holds().written(&cx.project.program, f);
    for element in &written.elements {
        let Expr::Jsx { attrs, .. } = facts.expr(*element) else { continue };
        for row in cx.models.files.iter().flat_map(|(_, file)| &file.attributes) {
            let named = |wanted: &str| attrs.iter().find(|a| matches!(a.key, Key::Name(n) if n == wanted));
            let Some(entry) = named(&row.attribute).filter(|_| kinds.contains(&row.sink)) else { continue };
            let values = match &row.key {
                Some(key) => cx.project.entry_exprs(here(entry.value), Some(crate::intern::Name::new(key)), 0),
                None => vec![here(entry.value)],
            };
            let harmless = row.unless.as_deref().filter(|u| named(u).is_some()).map(|u| format!("`{u}` confines it"));
            found.extend(values.into_iter().map(|value| Sink {
                value,
                at: here(entry.value),
                kind: row.sink,
                shown: format!("`{}`", row.attribute),
                harmless: harmless.clone(),
            }));
        }
    }
    for (place, value) in written.places.iter().copied() {
        let rows = Project::apis(cx.project.values(here(place))).flat_map(|api| cx.project.matcher.rows(api));
        for row in rows {
            if let RowRef::Value(row) = row
                && let Some(kind) = cx.models.values[*row as usize].raw.sink.filter(|k| kinds.contains(k))
            {
                let shown = format!("`{}`", super::super::flow::short(&callee(facts, place)));
                found.push(Sink { value: here(value), at: here(place), kind, shown, harmless: None });
            }
        }
    }
}
