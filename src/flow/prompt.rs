//! Where prompts stand: the slots of a prompt, and the steps from one to what it is taken apart into.

use super::index::FlowIndex;
use super::message::{Written, copied, message, roles_of, said_as};
use super::trace::Node;
use crate::intern::Name;
use crate::ir::{CallExpr, Expr, ExprId, Key, Part};
use crate::lang::prompt::Role;
use crate::model::{CallKind, ModelSet, RowRef, Setting, SinkKind};
use crate::project::{ApiCall, GExpr, GFn, Project, SiteId};
use crate::source::PathClass;

/// What a place of the program becomes in a request to a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The body of a raw request, which holds messages or texts under names that the providers share.
    Body,
    /// Messages that state their own roles.
    Messages,
    /// Text that this role speaks.
    Text(Role),
    /// What such a text is taken from, by the name of this member if that is known: a record, a response. Texts in its
    /// other members do not become prompts.
    Holder(Role, Option<Name>),
}

impl Slot {
    /// Whether what stands here is an instruction by its role.
    pub fn instructs(self) -> bool {
        matches!(self, Slot::Text(Role::System | Role::Developer))
    }
}

/// The arguments in production code that models say are prompts, with their slots.
pub(super) fn seeds(index: &FlowIndex<'_>, models: &ModelSet) -> Vec<(Node, Slot, Option<SiteId>)> {
    let project = index.project;
    let mut found = Vec::new();
    for f in (0..project.program.fn_count()).map(GFn) {
        if project.program.class_of_path(project.program.file_of(f)) != PathClass::Production {
            continue;
        }
        for call in &project.api_calls[f.0 as usize] {
            found.extend(stated(project, models, *call).into_iter().map(|(node, slot, site)| (node, slot, Some(site))));
        }
        for call in project.llm_calls(models, f) {
            if models.calls[call.row as usize].raw.is == Some(CallKind::Http) {
                let at = project.site(call.site).at;
                if let Expr::Call(parts) = project.program.facts(at.file).expr(at.expr) {
                    let is_body = |name: Option<Name>| {
                        name.is_none_or(|n| matches!(n.as_str(), "json" | "data" | "body" | "content"))
                    };
                    let url = addresses(project, models, call);
                    let is_url = |e: ExprId| url.contains(&GExpr { file: at.file, expr: e });
                    let args = parts.args.iter().filter(|a| is_body(a.name) && !is_url(a.value));
                    found.extend(
                        args.map(|a| (Node::Expr(GExpr { file: at.file, expr: a.value }), Slot::Body, Some(call.site))),
                    );
                }
            }
        }
    }
    found
}

/// The places of a raw request that say where it goes.
fn addresses(project: &Project, models: &ModelSet, call: ApiCall) -> Vec<GExpr> {
    let places = &models.calls[call.row as usize].places;
    let settings = places.settings.iter().filter(|(s, _)| *s == Setting::Url).flat_map(|(_, places)| places);
    let sinks = places.sinks.iter().filter(|(_, kind)| *kind == SinkKind::Url).map(|(place, _)| place);
    settings.chain(sinks).flat_map(|place| project.place_exprs(call.site, place)).collect()
}

fn stated(project: &Project, models: &ModelSet, call: ApiCall) -> Vec<(Node, Slot, SiteId)> {
    let mut found = Vec::new();
    for (place, kind) in &models.calls[call.row as usize].places.sinks {
        let slot = match kind {
            SinkKind::SystemPrompt | SinkKind::ToolDescription => Slot::Text(Role::System),
            SinkKind::UserPrompt => Slot::Text(Role::User),
            SinkKind::AssistantPrompt => Slot::Text(Role::Assistant),
            SinkKind::Messages => Slot::Messages,
            _ => continue,
        };
        // Tools are described by schemas, too: only a description itself is text.
        let is_schema = |at: GExpr| *kind == SinkKind::ToolDescription && !is_text(project, at);
        let exprs = project.place_exprs(call.site, place).into_iter().filter(|at| !is_schema(*at));
        found.extend(exprs.map(|at| (Node::Expr(at), slot, call.site)));
    }
    found
}

fn is_text(project: &Project, at: GExpr) -> bool {
    matches!(
        project.program.facts(at.file).expr(at.expr),
        Expr::Str(_) | Expr::Template { .. } | Expr::Binary { .. } | Expr::Conditional { .. }
    )
}

/// The steps from a place whose slot decides how it is taken apart; `None` where a value is a value.
pub(super) fn slot_steps(
    index: &FlowIndex<'_>,
    models: &ModelSet,
    written: &Written,
    at: GExpr,
    slot: Slot,
) -> Option<Vec<(GExpr, Slot)>> {
    match slot {
        Slot::Text(role) => spoken(index, models, at, role).or_else(|| member(index, models, written, at, role)),
        Slot::Holder(role, member) => spoken(index, models, at, role).or_else(|| held(index, at, role, member?)),
        Slot::Body => body(index, at),
        Slot::Messages => messages(index, models, at),
    }
}

/// A message that is looked up as a whole gives what it says, and nothing in another role than the one asked for.
fn spoken(index: &FlowIndex<'_>, models: &ModelSet, at: GExpr, wanted: Role) -> Option<Vec<(GExpr, Slot)>> {
    let (role, contents) = message(index, at)?;
    if let Some(copied) = copied(index, role, &contents) {
        return Some(vec![(copied, Slot::Holder(wanted, None))]);
    }
    let said = contents.into_iter().flat_map(|content| said_as(index, models, role, content, wanted));
    Some(said.map(|content| (content, Slot::Text(wanted))).collect())
}

/// A member of something: what the program stores there, else what it is taken from.
fn member(
    index: &FlowIndex<'_>,
    models: &ModelSet,
    written: &Written,
    at: GExpr,
    role: Role,
) -> Option<Vec<(GExpr, Slot)>> {
    let facts = index.project.program.facts(at.file);
    let here = |expr: ExprId| GExpr { file: at.file, expr };
    let (base, member, stored) = match facts.expr(at.expr) {
        Expr::Field { name, .. } if super::text::is_measure(name) => return Some(Vec::new()),
        Expr::Field { base, name } => (here(*base), *name, index.bound(at)),
        Expr::Index { base, index: key } => {
            let key = facts.str_value(*key)?;
            (here(*base), key, index.project.entry_exprs(here(*base), Some(key), 0))
        }
        Expr::Call(call) => {
            let Expr::Field { base, name } = facts.expr(call.callee) else { return None };
            if !matches!(name.as_str(), "get" | "pop" | "json" | "text" | "body" | "formData" | "values" | "items") {
                return None;
            }
            // Where the program defines the method, its results are followed.
            let site = index.project.site_at(at)?;
            let is_own = index.project.callees(site).iter().any(|v| index.project.is_callable(*v));
            let member = call.args.first().filter(|_| name.as_str() == "get").and_then(|a| facts.str_value(a.value));
            return (!is_own).then(|| vec![(here(*base), Slot::Holder(role, member))]);
        }
        _ => return None,
    };
    let known = index.members(base, member, &[]);
    let is_known = known.is_some();
    let mut stored: Vec<GExpr> = known.map_or(stored, |found| found.into_iter().map(|(at, _)| at).collect());
    if matches!(role, Role::System | Role::Developer) {
        stored.retain(|value| !index.is_of_last(*value));
    }
    let said = stored.into_iter().flat_map(|content| match written.role(content) {
        // What a message of the program says is said in the role that stands beside it.
        Some(beside) if copied(index, beside, &[content]).is_none() => said_as(index, models, beside, content, role),
        _ => vec![content],
    });
    let mut found: Vec<_> = said.map(|content| (content, Slot::Text(role))).collect();
    // What the program stores is not all: requests are parsed into objects, too.
    if !is_known {
        found.push((base, Slot::Holder(role, Some(member))));
    }
    Some(found)
}

/// Where a member of something is looked for in a record that code writes down: in its entry of that name, else in what
/// may hold it further inside.
fn held(index: &FlowIndex<'_>, at: GExpr, role: Role, member: Name) -> Option<Vec<(GExpr, Slot)>> {
    let facts = index.project.program.facts(at.file);
    let here = |expr: ExprId| GExpr { file: at.file, expr };
    let is_flat = |e: ExprId| matches!(facts.expr(e), Expr::Str(_) | Expr::Template { .. });
    match facts.expr(at.expr) {
        Expr::Object(entries) => {
            let named = entries.iter().filter(|e| matches!(e.key, Key::Name(name) if name == member));
            let mut found: Vec<_> = named.map(|e| (here(e.value), Slot::Text(role))).collect();
            let is_said = !found.is_empty();
            let inner = entries.iter().filter(|e| match e.key {
                Key::Name(_) => !is_said && !is_flat(e.value),
                Key::Spread => true,
                Key::Computed(_) => false,
            });
            found.extend(inner.map(|e| (here(e.value), Slot::Holder(role, Some(member)))));
            Some(found)
        }
        Expr::Template { .. } | Expr::Str(_) => Some(Vec::new()),
        _ => None,
    }
}

/// The slot that the value of a key has in the body of a request.
fn keyed(key: &str) -> Option<Slot> {
    Some(match key {
        "messages" | "input" | "contents" | "history" | "chat_history" => Slot::Messages,
        "system" | "system_prompt" | "systemPrompt" | "system_instruction" | "systemInstruction" | "instructions"
        | "preamble" => Slot::Text(Role::System),
        "prompt" | "inputs" | "message" => Slot::Text(Role::User),
        _ => return None,
    })
}

fn body(index: &FlowIndex<'_>, at: GExpr) -> Option<Vec<(GExpr, Slot)>> {
    let facts = index.project.program.facts(at.file);
    let here = |expr: ExprId| GExpr { file: at.file, expr };
    match facts.expr(at.expr) {
        Expr::Object(entries) => {
            let slots = entries.iter().filter_map(|entry| match entry.key {
                Key::Name(name) => Some((here(entry.value), keyed(&name)?)),
                Key::Spread => Some((here(entry.value), Slot::Body)),
                Key::Computed(_) => None,
            });
            Some(slots.collect())
        }
        Expr::Call(call) if call.args.iter().any(|a| a.name.is_some_and(|n| keyed(&n).is_some())) => {
            let slots = call.args.iter().filter_map(|a| Some((here(a.value), keyed(&a.name?)?)));
            Some(slots.collect())
        }
        Expr::Str(_) | Expr::Template { .. } => Some(Vec::new()),
        Expr::List { .. } => Some(vec![(at, Slot::Messages)]),
        _ => None,
    }
}

/// The contents of messages, each under the role that stands beside it.
fn messages(index: &FlowIndex<'_>, models: &ModelSet, at: GExpr) -> Option<Vec<(GExpr, Slot)>> {
    let facts = index.project.program.facts(at.file);
    let here = |expr: ExprId| GExpr { file: at.file, expr };
    if let Some((role, contents)) = message(index, at) {
        if let Some(copied) = copied(index, role, &contents) {
            return Some(vec![(copied, Slot::Messages)]);
        }
        let slots = roles_of(index, models, role).into_iter();
        return Some(slots.flat_map(|slot| contents.iter().map(move |c| (*c, slot))).collect());
    }
    match facts.expr(at.expr) {
        Expr::Object(entries) => {
            let holds = |name: &str| matches!(name, "messages" | "content" | "parts" | "text" | "input");
            let inner = entries.iter().filter(|e| match e.key {
                Key::Name(name) => holds(&name),
                Key::Spread => true,
                Key::Computed(_) => false,
            });
            Some(inner.map(|e| (here(e.value), Slot::Messages)).collect())
        }
        Expr::Str(_) | Expr::Template { .. } => Some(vec![(at, Slot::Text(Role::User))]),
        Expr::Binary { left, right, .. }
            if is_text(index.project, here(*left)) || is_text(index.project, here(*right)) =>
        {
            let is_list = |e: &ExprId| matches!(facts.expr(*e), Expr::List { .. });
            (!is_list(left) && !is_list(right)).then(|| vec![(at, Slot::Text(Role::User))])
        }
        // The arguments of a message class or a template are known by its own row.
        Expr::Call(_) if is_seeded(index.project, models, at) => Some(Vec::new()),
        Expr::Call(call) if is_format(facts, call) => Some(vec![(at, Slot::Text(Role::User))]),
        _ => None,
    }
}

fn is_format(facts: &crate::ir::FileFacts, call: &CallExpr) -> bool {
    matches!(facts.expr(call.callee), Expr::Field { name, .. } if matches!(name.as_str(), "format" | "join"))
}

fn is_seeded(project: &Project, models: &ModelSet, at: GExpr) -> bool {
    let Some(site) = project.site_at(at) else { return false };
    let rows = Project::apis(project.callees(site)).flat_map(|api| project.matcher.rows(api));
    let mut calls =
        rows.filter_map(|row| if let RowRef::Call(row) = row { Some(&models.calls[*row as usize]) } else { None });
    calls.any(|row| {
        let is_prompt = |kind: &SinkKind| {
            matches!(
                kind,
                SinkKind::SystemPrompt | SinkKind::UserPrompt | SinkKind::AssistantPrompt | SinkKind::Messages
            )
        };
        row.raw.is != Some(CallKind::Llm) && row.places.sinks.iter().any(|(_, kind)| is_prompt(kind))
    })
}

/// Whether an expression puts a text together.
pub fn is_builder(project: &Project, at: GExpr) -> bool {
    let facts = project.program.facts(at.file);
    match facts.expr(at.expr) {
        Expr::Template { parts, .. } => parts.iter().any(|p| matches!(p, Part::Hole { .. })),
        Expr::Binary { op, .. } => matches!(op, crate::ir::BinaryOp::Add | crate::ir::BinaryOp::Rem),
        Expr::Call(call) => {
            matches!(facts.expr(call.callee), Expr::Name(n) | Expr::Field { name: n, .. } if matches!(n.as_str(),
                "format" | "join" | "concat" | "replace" | "replaceAll" | "format_map" | "substitute" | "safe_substitute" | "render"))
        }
        _ => false,
    }
}
