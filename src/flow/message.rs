//! Messages as code writes them down: a record with a role and contents, and what is said in which role.

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::FlowIndex;
use super::prompt::Slot;
use super::trace::Node;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FileFacts, FnId, Key};
use crate::lang::prompt::Role;
use crate::model::ModelSet;
use crate::project::{GExpr, GFn, SiteId};
use crate::source::PathClass;

/// Ends of files that draw what a person sees.
const PAGES: [&str; 4] = [".tsx", ".jsx", ".vue", ".svelte"];

/// The messages that production code writes down.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// For each content, the role beside it.
    roles: FxHashMap<GExpr, GExpr>,
    /// Contents whose role is written out.
    stated: Vec<(Node, Slot, Option<SiteId>)>,
}

impl Written {
    /// Collects the messages of a program.
    pub(super) fn of(index: &FlowIndex<'_>) -> Written {
        let program = &index.project.program;
        let mut found = Written::default();
        for file in program.file_ids().filter(|f| program.class_of_path(*f) == PathClass::Production) {
            let facts = program.facts(file);
            let is_page = PAGES.iter().any(|end| facts.path.ends_with(end));
            let answers = answers(facts);
            for (expr, number) in facts.exprs.iter().zip(0..) {
                if matches!(expr, Expr::Object(_) | Expr::Call(_))
                    && let Some((role, contents)) = message(index, GExpr { file, expr: ExprId(number) })
                {
                    let is_shown = is_page || answers.contains(&ExprId(number));
                    found.add(facts, expr, role, contents, is_shown);
                }
            }
        }
        found
    }

    fn add(&mut self, facts: &FileFacts, expr: &Expr, role: GExpr, contents: Vec<GExpr>, is_shown: bool) {
        self.roles.extend(contents.iter().map(|content| (*content, role)));
        let is_plain = |name: Name| matches!(name.as_str(), "role" | "content" | "parts");
        let names = match expr {
            Expr::Object(entries) => {
                entries.iter().filter(|e| matches!(e.key, Key::Name(name) if is_plain(name))).count()
            }
            Expr::Call(call) => call.args.iter().filter(|a| a.name.is_some_and(is_plain)).count(),
            _ => 0,
        };
        // What a page shows its reader, or a server answers, is no prompt unless a call takes it.
        if names >= 2
            && !is_shown
            && let Some(role) = stated_role(facts, role.expr)
        {
            self.stated.extend(contents.into_iter().map(|c| (Node::Expr(c), Slot::Text(role), None)));
        }
    }

    /// The role beside a content, if it stands in a message.
    pub(super) fn role(&self, content: GExpr) -> Option<GExpr> {
        self.roles.get(&content).copied()
    }

    /// The contents whose role is written beside them: whatever takes them to the model, they are said in that role.
    pub(super) fn stated(&self) -> &[(Node, Slot, Option<SiteId>)] {
        &self.stated
    }
}

/// Messages that stand in an answer, as servers that speak a provider's protocol write it: `{choices: [{message: ..}]}`.
fn answers(facts: &FileFacts) -> FxHashSet<ExprId> {
    let is_answer = |name: Name| matches!(name.as_str(), "message" | "delta");
    let mut found = FxHashSet::default();
    for expr in &facts.exprs {
        match expr {
            Expr::Object(entries) => {
                let named = entries.iter().filter(|e| matches!(e.key, Key::Name(name) if is_answer(name)));
                found.extend(named.map(|e| e.value));
            }
            Expr::Call(call) => {
                found.extend(call.args.iter().filter(|a| a.name.is_some_and(is_answer)).map(|a| a.value));
            }
            _ => {}
        }
    }
    found
}

/// What of a content is said in a role: itself where the role beside it can be that one; where role and content are both
/// handed in, what the calls that hand in that role give.
pub(super) fn said_as(
    index: &FlowIndex<'_>,
    models: &ModelSet,
    role: GExpr,
    content: GExpr,
    wanted: Role,
) -> Vec<GExpr> {
    let slot = Slot::Text(wanted);
    let is_same = |found: Slot| found == slot || (found.instructs() && slot.instructs());
    if let (Some((f, role)), Some((g, content))) = (parameter(index, role), parameter(index, content))
        && f == g
        && !index.callers(f).is_empty()
    {
        let calls = index.callers(f).iter().filter(|site| {
            let given = argument(index, **site, f, role);
            given.is_some_and(|given| {
                stated_role(index.project.program.facts(given.file), given.expr)
                    .is_some_and(|role| is_same(Slot::Text(role)))
            })
        });
        return calls.filter_map(|site| argument(index, *site, f, content)).collect();
    }
    if roles_of(index, models, role).into_iter().any(is_same) { vec![content] } else { Vec::new() }
}

/// The parameter of the function around it that an expression names, by number.
fn parameter(index: &FlowIndex<'_>, at: GExpr) -> Option<(GFn, usize)> {
    let facts = index.project.program.facts(at.file);
    let Expr::Name(name) = facts.expr(at.expr) else { return None };
    let (scope, owner): (FnId, FnId) = index.binder(at, *name)?;
    let number = facts.function(owner).params.iter().position(|p| p.name() == Some(*name))?;
    (scope == owner).then(|| (index.project.program.gfn(at.file, owner), number))
}

/// What a call hands to a parameter; its default where it hands nothing.
fn argument(index: &FlowIndex<'_>, site: SiteId, f: GFn, number: usize) -> Option<GExpr> {
    let program = &index.project.program;
    let at = index.project.site(site).at;
    let param = &program.function(f).params[number];
    let Expr::Call(call) = program.facts(at.file).expr(at.expr) else { return None };
    let named = call.args.iter().find(|a| a.name.is_some() && a.name == param.name());
    let given = named.or_else(|| call.args.iter().filter(|a| a.name.is_none() && !a.spread).nth(number));
    let default = || Some(GExpr { file: program.file_of(f), expr: param.default? });
    given.map(|arg| GExpr { file: at.file, expr: arg.value }).or_else(default)
}

/// The message that another one repeats: role and content are members of the same thing.
pub(super) fn copied(index: &FlowIndex<'_>, role: GExpr, contents: &[GExpr]) -> Option<GExpr> {
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
    let role = ROLES
        .iter()
        .find_map(|role| {
            let (_, value) = named.iter().find(|(name, _)| name == role)?;
            (*role == "role" || speaks(facts, *value).is_some()).then_some(*value)
        })
        .or_else(|| {
            let mut sure = named.iter().filter(|(name, value)| names_role(facts, *value) || is_role_name(name));
            sure.next().map(|(_, value)| *value)
        })?;
    let contents: Vec<GExpr> =
        named.iter().filter(|(name, _)| CONTENTS.contains(&name.as_str())).map(|(_, value)| here(*value)).collect();
    (!contents.is_empty()).then(|| (here(role), contents))
}

/// Whether a member is called after who speaks.
fn is_role_name(name: &str) -> bool {
    name.ends_with("_role") || matches!(name, "message_type" | "messageType" | "msg_type" | "messageRole")
}

/// Whether a value is a constant of an enumeration of roles: `MessageType.USER`, whatever the member is called that it
/// goes into.
fn names_role(facts: &crate::ir::FileFacts, at: ExprId) -> bool {
    match facts.expr(at) {
        Expr::Field { base, name } => match facts.expr(*base) {
            Expr::Name(of) | Expr::Field { name: of, .. } => {
                ["Role", "Type", "Sender", "Speaker", "Author"].iter().any(|end| of.ends_with(end))
                    && word(name).is_some()
            }
            _ => false,
        },
        _ => false,
    }
}

/// The role that a literal states.
pub(super) fn speaks(facts: &crate::ir::FileFacts, at: ExprId) -> Option<Role> {
    Role::of(facts.str_value(at)?.as_str())
}

/// The slots that the value of a role can mean; a role that nothing tells is taken for the user's.
pub(super) fn roles_of(index: &FlowIndex<'_>, models: &ModelSet, role: GExpr) -> Vec<Slot> {
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
    // `TOOL_RESPONSE`, `USER_REMINDER`: who speaks stands first.
    Role::of(word).or_else(|| Role::of(word.split('_').next().unwrap_or_default()))
}
