//! Where prompts stand and who speaks in them: the slots of a prompt, and how messages state their roles.

use super::index::FlowIndex;
use super::trace::Node;
use crate::intern::Name;
use crate::ir::{CallExpr, Expr, ExprId, Key, Part};
use crate::lang::prompt::Role;
use crate::model::{CallKind, ModelSet, RowRef, SinkKind};
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
                    let args = parts.args.iter().filter(|a| is_body(a.name));
                    found.extend(
                        args.map(|a| (Node::Expr(GExpr { file: at.file, expr: a.value }), Slot::Body, Some(call.site))),
                    );
                }
            }
        }
    }
    found
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
    at: GExpr,
    slot: Slot,
) -> Option<Vec<(GExpr, Slot)>> {
    match slot {
        Slot::Text(role) => spoken(index, models, at, role).or_else(|| member(index, at, role)),
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
    let wanted = Slot::Text(wanted);
    let is_same = |slot: &Slot| *slot == wanted || (slot.instructs() && wanted.instructs());
    let said = roles_of(index, models, role).iter().any(is_same);
    Some(contents.into_iter().filter(|_| said).map(|c| (c, wanted)).collect())
}

/// The message that another one repeats: role and content are members of the same thing.
fn copied(index: &FlowIndex<'_>, role: GExpr, contents: &[GExpr]) -> Option<GExpr> {
    let facts = index.project.program.facts(role.file);
    let holder = |at: &GExpr| match facts.expr(at.expr) {
        Expr::Field { base, .. } | Expr::Index { base, .. } if at.file == role.file => Some(*base),
        _ => None,
    };
    let base = holder(&role)?;
    let shown = facts.show(base);
    contents
        .iter()
        .any(|c| holder(c).is_some_and(|b| facts.show(b) == shown))
        .then_some(GExpr { file: role.file, expr: base })
}

/// A member of something: what the program stores there, else what it is taken from.
fn member(index: &FlowIndex<'_>, at: GExpr, role: Role) -> Option<Vec<(GExpr, Slot)>> {
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
            let is_own = index.project.callees(site).iter().any(|v| !index.project.targets(*v).is_empty());
            let member = call.args.first().filter(|_| name.as_str() == "get").and_then(|a| facts.str_value(a.value));
            return (!is_own).then(|| vec![(here(*base), Slot::Holder(role, member))]);
        }
        _ => return None,
    };
    // What the program stores is not all: requests are parsed into objects, too.
    let mut found: Vec<_> = stored.into_iter().map(|e| (e, Slot::Text(role))).collect();
    found.push((base, Slot::Holder(role, Some(member))));
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

/// The contents of messages that stand in production code with their roles written beside them: whatever takes them to the
/// model, they are said in that role.
pub(super) fn written(index: &FlowIndex<'_>) -> Vec<(Node, Slot, Option<SiteId>)> {
    let program = &index.project.program;
    let mut found = Vec::new();
    for file in program.file_ids().filter(|f| program.class_of_path(*f) == PathClass::Production) {
        let facts = program.facts(file);
        for (expr, number) in facts.exprs.iter().zip(0..) {
            let names: Vec<Name> = match expr {
                Expr::Object(entries) => {
                    entries.iter().filter_map(|e| if let Key::Name(name) = e.key { Some(name) } else { None }).collect()
                }
                Expr::Call(call) => call.args.iter().filter_map(|a| a.name).collect(),
                _ => continue,
            };
            if !names.iter().any(|n| *n == "role") || !names.iter().any(|n| *n == "content" || *n == "parts") {
                continue;
            }
            let Some((role, contents)) = message(index, GExpr { file, expr: ExprId(number) }) else { continue };
            if let Some(role) = stated_role(facts, role.expr) {
                found.extend(contents.into_iter().map(|c| (Node::Expr(c), Slot::Text(role), None)));
            }
        }
    }
    found
}

/// The role that is written at a place, as text or as a constant named for it.
fn stated_role(facts: &crate::ir::FileFacts, at: ExprId) -> Option<Role> {
    match facts.expr(at) {
        Expr::Str(_) => speaks(facts, at),
        Expr::Field { name, .. } | Expr::Name(name) if name.starts_with(char::is_uppercase) => word(name),
        Expr::Call(call) => match facts.expr(call.callee) {
            Expr::Field { base, name } if matches!(name.as_str(), "to_string" | "into" | "to_owned") => {
                stated_role(facts, *base)
            }
            _ => None,
        },
        Expr::Cast { value, .. } => stated_role(facts, *value),
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

/// The role and the contents of an expression that is a message: an object or a construction with both, or a pair.
pub fn message(index: &FlowIndex<'_>, at: GExpr) -> Option<(GExpr, Vec<GExpr>)> {
    const ROLES: [&str; 4] = ["role", "type", "speaker", "from"];
    const CONTENTS: [&str; 4] = ["content", "parts", "text", "message"];
    let facts = index.project.program.facts(at.file);
    let here = |expr: ExprId| GExpr { file: at.file, expr };
    let named: Vec<(Name, ExprId)> = match facts.expr(at.expr) {
        Expr::Object(entries) => entries
            .iter()
            .filter_map(|e| if let Key::Name(name) = e.key { Some((name, e.value)) } else { None })
            .collect(),
        Expr::Call(call) => {
            let named: Vec<_> = call.args.iter().filter_map(|a| Some((a.name?, a.value))).collect();
            let plain: Vec<ExprId> = call.args.iter().filter(|a| a.name.is_none()).map(|a| a.value).collect();
            if let [role, content] = plain[..]
                && named.is_empty()
                && speaks(facts, role).is_some()
            {
                return Some((here(role), vec![here(content)]));
            }
            named
        }
        Expr::List { items, .. } => {
            let [role, content] = &items[..] else { return None };
            speaks(facts, role.value)?;
            return Some((here(role.value), vec![here(content.value)]));
        }
        _ => return None,
    };
    let role = ROLES.iter().find_map(|role| {
        let (_, value) = named.iter().find(|(name, _)| name == role)?;
        (*role == "role" || speaks(facts, *value).is_some()).then_some(*value)
    })?;
    let contents: Vec<GExpr> =
        named.iter().filter(|(name, _)| CONTENTS.contains(&name.as_str())).map(|(_, value)| here(*value)).collect();
    (!contents.is_empty()).then(|| (here(role), contents))
}

/// The role that a literal states.
fn speaks(facts: &crate::ir::FileFacts, at: ExprId) -> Option<Role> {
    Role::of(facts.str_value(at)?.as_str())
}

/// The slots that the value of a role can mean; a role that nothing tells is taken for the user's.
fn roles_of(index: &FlowIndex<'_>, models: &ModelSet, role: GExpr) -> Vec<Slot> {
    let mut found = Vec::new();
    for at in index.reachable(models, role, 3, super::Reach::Exact) {
        let facts = index.project.program.facts(at.file);
        found.extend(match facts.expr(at.expr) {
            Expr::Str(_) => speaks(facts, at.expr),
            // A member of an enumeration, or a constant: `Role.System`, `SYSTEM_ROLE`.
            Expr::Field { name, .. } | Expr::Name(name) => word(name),
            _ => None,
        });
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        found.push(Role::User);
    }
    found.into_iter().map(Slot::Text).collect()
}

fn word(name: &str) -> Option<Role> {
    let lower = name.to_ascii_lowercase();
    let word = lower.trim_end_matches("_role").trim_start_matches("role_");
    Role::of(word)
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
