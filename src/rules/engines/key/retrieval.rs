//! Retrieval: does what a query finds depend on who is asking?
//!
//! Two sorts of query count. Searches of vector stores and indices, wherever outsiders reach them: in an application
//! that tells users apart they must be filtered by something of the caller's, unless users put nothing there. And
//! look-ups of records that a prompt is made from: an id that the caller merely sends finds anybody's record, so
//! somebody has to check whose it is.

use std::collections::BTreeMap;

use super::guard::is_guarded;
use super::look::{DEPTH, Looker, Made};
use crate::flow::{Node, Query, Reach, Trail};
use crate::intern::Name;
use crate::ir::{Expr, ExprId, Key, Type};
use crate::model::{CallKind, SinkKind, SourceKind};
use crate::project::{GExpr, GFn, SiteId};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged, Outcome, finding};
use crate::rules::vocabulary::{Sensitive, is_caller, is_conversation, is_privileged, sensitive};

/// Calls of a chain that are followed.
const LINKS: usize = 8;

/// One query and what is known about what restricts it.
struct Lookup {
    at: GExpr,
    filters: Vec<GExpr>,
    /// The keys of filters that are written as objects.
    labels: Vec<Name>,
    made: Made,
    /// Whether the collection that is searched is called after the caller or their tenant.
    is_own_store: bool,
}

/// Findings that tell of several queries, by file and, where it matters, function.
type Groups = BTreeMap<(String, Option<GFn>), usize>;

/// What holds for the application as a whole.
struct Application {
    has_users: bool,
    /// Whether outsiders put text into an index.
    takes_documents: bool,
}

pub(super) fn run(card: &RuleCard, looker: &Looker<'_, '_>, judged: &mut Judged) {
    let application = Application { has_users: looker.has_users(), takes_documents: takes_documents(looker) };
    let mut groups = Groups::new();
    for site in searches(card, looker) {
        search(card, looker, &application, site, &mut groups, judged);
    }
    records(card, looker, &application, judged);
}

fn takes_documents(looker: &Looker<'_, '_>) -> bool {
    let project = looker.project();
    looker.functions().filter(|f| looker.is_reached(*f)).any(|f| {
        let calls = &project.api_calls[f.0 as usize];
        calls.iter().any(|c| looker.cx.models.calls[c.row as usize].raw.is == Some(CallKind::Index))
    })
}

/// Searches that outsiders reach.
fn searches(card: &RuleCard, looker: &Looker<'_, '_>) -> Vec<SiteId> {
    let project = looker.project();
    let mut found = Vec::new();
    for f in looker.functions().filter(|f| looker.is_reached(*f)) {
        if !Context::judges(card, project.program.language(project.program.file_of(f))) {
            continue;
        }
        for call in &project.api_calls[f.0 as usize] {
            let is_search = looker.cx.models.calls[call.row as usize].raw.is == Some(CallKind::Retrieval);
            if is_search && !found.contains(&call.site) {
                found.push(call.site);
            }
        }
    }
    found
}

/// What restricts a query: its own filters, and those of the calls it is chained to.
fn lookup(looker: &Looker<'_, '_>, site: SiteId) -> Lookup {
    let at = looker.project().site(site).at;
    let queries = looker.at_sinks(site, &[SinkKind::RetrievalQuery]);
    let mut filters = Vec::new();
    let mut labels = Vec::new();
    let mut stores = Vec::new();
    for call in looker.chain(at) {
        stores.extend(named_store(looker, call));
        for filter in looker.at_sinks(call, &[SinkKind::RetrievalFilter]) {
            let facts = looker.project().program.facts(filter.file);
            let Expr::Object(entries) = facts.expr(filter.expr) else {
                filters.push(filter);
                continue;
            };
            // Where the query stands among the filters, it is none of them.
            for entry in entries {
                let value = GExpr { file: filter.file, expr: entry.value };
                if !queries.contains(&value) {
                    filters.push(value);
                    labels.extend(if let Key::Name(name) = entry.key { Some(name) } else { None });
                }
            }
        }
    }
    filters.extend(narrowed(looker, at));
    filters.retain(|f| !queries.contains(f));
    let made = looker.made_from(&filters, DEPTH, Reach::Everything);
    let store = looker.made_from(&stores, DEPTH, Reach::Texts);
    Lookup { at, filters, labels, made, is_own_store: looker.is_tied(&store, is_caller) }
}

/// What the calls that follow in a chain narrow a query by: `search(text).where(..)`.
fn narrowed(looker: &Looker<'_, '_>, at: GExpr) -> Vec<GExpr> {
    let facts = looker.project().program.facts(at.file);
    let mut found = Vec::new();
    let mut inner = at.expr;
    for _ in 0..LINKS {
        let next = facts.exprs.iter().zip(0..).find_map(|(expr, number)| match expr {
            Expr::Call(call) => match facts.expr(call.callee) {
                Expr::Field { base, name } if *base == inner => Some((ExprId(number), name, call)),
                _ => None,
            },
            _ => None,
        });
        let Some((outer, name, call)) = next else { break };
        if matches!(
            name.as_str(),
            "where" | "filter" | "filter_by" | "eq" | "match" | "only_if" | "with_where" | "andWhere"
        ) {
            found.extend(call.args.iter().map(|a| GExpr { file: at.file, expr: a.value }));
        }
        inner = outer;
    }
    found
}

/// What a call says the collection is called that is searched: one for each tenant keeps them apart.
fn named_store(looker: &Looker<'_, '_>, site: SiteId) -> Vec<GExpr> {
    let project = looker.project();
    let at = project.site(site).at;
    let facts = project.program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return Vec::new() };
    let here = |expr| GExpr { file: at.file, expr };
    let mut found = Vec::new();
    let (Expr::Name(callee) | Expr::Field { name: callee, .. }) = facts.expr(call.callee) else { return found };
    let words = crate::rules::vocabulary::words(callee);
    let opens = words.last().is_some_and(|word| is_store(word));
    found.extend(call.args.first().filter(|a| opens && a.name.is_none()).map(|a| here(a.value)));
    let is_named = |name: Name| crate::rules::vocabulary::words(&name).iter().any(|word| is_store(word));
    for arg in &call.args {
        if arg.name.is_some_and(is_named) {
            found.push(here(arg.value));
        }
        if let Expr::Object(entries) = facts.expr(arg.value) {
            let named = entries.iter().filter(|e| matches!(e.key, Key::Name(name) if is_named(name)));
            found.extend(named.map(|e| here(e.value)));
        }
    }
    found
}

fn is_store(word: &str) -> bool {
    matches!(word, "collection" | "table" | "index" | "namespace" | "partition")
}

/// Whether a store applies its own rules of who reads which row, and to this caller.
fn is_row_secured(looker: &Looker<'_, '_>, site: SiteId) -> bool {
    let at = looker.project().site(site).at;
    let mut keys = Vec::new();
    for call in looker.chain(at) {
        keys.extend(looker.at_sinks(call, &[SinkKind::RowSecurity]));
    }
    let made = looker.made_from(&keys, 2, Reach::Containers);
    !keys.is_empty() && !made.nodes.iter().any(|n| looker.names(*n).iter().any(|name| is_privileged(name)))
}

/// Whether the caller's own credential opens the store: what they can open is theirs.
fn is_callers_own(looker: &Looker<'_, '_>, site: SiteId) -> bool {
    let at = looker.project().site(site).at;
    let facts = looker.project().program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return false };
    let Expr::Field { base, .. } = facts.expr(call.callee) else { return false };
    let made = looker.made_from(&[GExpr { file: at.file, expr: *base }], DEPTH, Reach::Everything);
    let is_credential =
        |node: &Node| looker.names(*node).iter().any(|name| sensitive(name) == Some(Sensitive::Credential));
    is_client_sent(&made) && made.nodes.iter().any(is_credential)
}

fn names_caller(looker: &Looker<'_, '_>, lookup: &Lookup) -> bool {
    lookup.is_own_store
        || looker.is_tied(&lookup.made, is_caller)
        || lookup.labels.iter().any(|name| is_caller(name))
        || lookup.made.nodes.iter().any(|n| looker.text_names(*n).iter().any(|name| is_caller(name)))
}

/// Whether a filter is nothing but constants: it is the same for everybody.
fn is_constant(looker: &Looker<'_, '_>, lookup: &Lookup) -> bool {
    lookup.made.nodes.iter().all(|node| match node {
        Node::Param(f, index, _) => looker.project().program.function(*f).params[*index].default.is_some(),
        Node::Expr(at) => {
            let facts = looker.project().program.facts(at.file);
            match facts.expr(at.expr) {
                Expr::Call(call) => call.args.iter().all(|a| !a.spread),
                _ => true,
            }
        }
    })
}

fn search(
    card: &RuleCard,
    looker: &Looker<'_, '_>,
    application: &Application,
    site: SiteId,
    groups: &mut Groups,
    judged: &mut Judged,
) {
    let lookup = lookup(looker, site);
    let chained = looker.chain(lookup.at);
    if chained.iter().any(|s| *s != site && looker.is(*s, CallKind::Retrieval)) {
        return;
    }
    // Reading by id or listing all is no search: similarity knows no owner, an id does.
    if looker.at_sinks(site, &[SinkKind::RetrievalQuery]).is_empty() {
        return;
    }
    let at = crate::surface::location(looker.project(), lookup.at);
    let reader = looker.function_at(lookup.at);
    if names_caller(looker, &lookup) {
        judged.record(card, at, Outcome::Satisfied, "filtered by the caller");
    } else if is_callers_own(looker, site) {
        judged.record(card, at, Outcome::Satisfied, "the caller brings the store's credential");
    } else if is_row_secured(looker, site) {
        judged.record(card, at, Outcome::Satisfied, "the store applies its own rules to this caller");
    } else if !application.has_users {
        judged.record(card, at, Outcome::Exempt, "the application has no users to keep apart");
    } else if is_client_sent(&lookup.made) {
        if is_guarded(looker, reader, &sent_ids(looker, &lookup.made)) {
            judged.record(card, at, Outcome::Satisfied, "the id is checked against the caller");
        } else {
            tell(card, looker, &lookup, Told::Sent, None, groups, judged);
        }
    } else if !lookup.filters.is_empty() && !is_constant(looker, &lookup) {
        judged.record(card, at, Outcome::Unknown, "what its filter is made from could not be followed");
    } else if application.takes_documents {
        tell(card, looker, &lookup, Told::Open, None, groups, judged);
    } else {
        judged.record(card, at, Outcome::Exempt, "users put nothing into an index: it is the same for all");
    }
}

fn is_client_sent(made: &Made) -> bool {
    !made.sent.is_empty() || made.sources.contains(&SourceKind::Untrusted)
}

/// What the ids that a caller sends are called on their way to the query.
fn sent_ids(looker: &Looker<'_, '_>, made: &Made) -> Vec<Name> {
    let mut found: Vec<Name> = made.sent.iter().map(|(_, name)| *name).collect();
    for node in &made.nodes {
        if let Node::Expr(at) = node
            && let Expr::Name(name) | Expr::Field { name, .. } = looker.project().program.facts(at.file).expr(at.expr)
            && is_id(name)
        {
            found.push(*name);
        }
    }
    found
}

fn is_id(name: &str) -> bool {
    let words = crate::rules::vocabulary::words(name);
    words.last().is_some_and(|w| matches!(w.as_str(), "id" | "ids" | "uuid" | "slug"))
}

/// Look-ups of records that prompts are made from.
fn records(card: &RuleCard, looker: &Looker<'_, '_>, application: &Application, judged: &mut Judged) {
    let mut done: Vec<SiteId> = Vec::new();
    let mut calls: Vec<usize> = looker.cx.surfaces.surfaces.iter().flat_map(|s| s.llm_calls.iter().copied()).collect();
    calls.sort_unstable();
    calls.dedup();
    for call in calls.into_iter().map(|i| &looker.cx.surfaces.llm_calls[i]) {
        let program = &looker.project().program;
        if !Context::judges(card, program.language(program.file_of(call.function))) {
            continue;
        }
        for prompt in looker.inputs(call.call.site) {
            let made = looker.made_from(&[prompt], DEPTH, Reach::Everything);
            for site in made.nodes.iter().filter_map(|n| looker.site_of(*n)) {
                if !done.contains(&site) && looker.is(site, CallKind::Lookup) {
                    // The last call of a chain speaks for those before it.
                    done.push(site);
                    done.extend(looker.chain(looker.project().site(site).at));
                    record(card, looker, application, prompt, site, judged);
                }
            }
        }
    }
}

fn record(
    card: &RuleCard,
    looker: &Looker<'_, '_>,
    application: &Application,
    prompt: GExpr,
    site: SiteId,
    judged: &mut Judged,
) {
    let lookup = lookup(looker, site);
    let at = crate::surface::location(looker.project(), lookup.at);
    let reader = looker.function_at(lookup.at);
    if !looker.is_reached(reader) {
        return;
    }
    let ids = sent_ids(looker, &lookup.made);
    if names_caller(looker, &lookup) {
        judged.record(card, at, Outcome::Satisfied, "found by the caller");
    } else if is_row_secured(looker, site) {
        judged.record(card, at, Outcome::Satisfied, "the store applies its own rules to this caller");
    } else if !is_client_sent(&lookup.made) || !ids.iter().any(|id| is_id(id)) {
        judged.record(card, at, Outcome::Exempt, "no id that a caller sends finds it");
    } else if is_guarded(looker, reader, &ids) {
        judged.record(card, at, Outcome::Satisfied, "the record is checked against the caller");
    } else if !application.has_users && (is_unguessable(looker, &lookup.made) || !is_private(looker, &lookup)) {
        judged.record(card, at, Outcome::Exempt, "without users, whoever knows the id may read the record");
    } else {
        let trail = way(looker, prompt, lookup.at);
        tell(card, looker, &lookup, Told::Record, trail, &mut Groups::new(), judged);
    }
}

/// Whether an id is declared as one that cannot be guessed.
fn is_unguessable(looker: &Looker<'_, '_>, made: &Made) -> bool {
    made.nodes.iter().any(|node| {
        let Node::Param(f, index, _) = node else { return false };
        let ty = looker.project().program.function(*f).params.get(*index).and_then(|p| p.ty.as_ref());
        matches!(ty, Some(Type::Path(path, _)) if path.last().is_some_and(|n| n.eq_ignore_ascii_case("uuid")))
    })
}

/// Whether a record is somebody's conversation, by what it is called.
fn is_private(looker: &Looker<'_, '_>, lookup: &Lookup) -> bool {
    let facts = looker.project().program.facts(lookup.at.file);
    let Expr::Call(call) = facts.expr(lookup.at.expr) else { return false };
    let told = facts.show(call.callee);
    is_conversation(&told)
        || crate::rules::vocabulary::words(&told).iter().any(|w| {
            matches!(
                w.as_str(),
                "chat" | "chats" | "message" | "messages" | "thread" | "threads" | "session" | "sessions"
            )
        })
}

fn way(looker: &Looker<'_, '_>, prompt: GExpr, record: GExpr) -> Option<Trail> {
    let named = |node: Node| (node == Node::Expr(record)).then(|| "record".to_owned());
    let query = Query { named: &named, wants: &|_| false, depth: DEPTH, reach: Reach::Everything };
    looker.index.trace(looker.cx.models, prompt, &query)
}

#[derive(Clone, Copy)]
enum Told {
    Open,
    Sent,
    Record,
}

fn tell(
    card: &RuleCard,
    looker: &Looker<'_, '_>,
    lookup: &Lookup,
    told: Told,
    trail: Option<Trail>,
    groups: &mut Groups,
    judged: &mut Judged,
) {
    let project = looker.project();
    let at = crate::surface::location(project, lookup.at);
    let facts = project.program.facts(lookup.at.file);
    let callee = match facts.expr(lookup.at.expr) {
        Expr::Call(call) => short(&facts.show(call.callee)),
        _ => "the store".into(),
    };
    let (value, why) = match told {
        Told::Open => (
            format!("`{callee}` searches what all users put there, with no filter by user or tenant"),
            "no filter depends on the caller",
        ),
        Told::Sent => (
            format!("`{callee}` is filtered only by what the caller sends"),
            "its filter is what the caller sends, and nobody checks whose it is",
        ),
        Told::Record => (
            format!("`{callee}` finds the record by an id that the caller sends, and nothing checks whose it is"),
            "an id that the caller sends finds anybody's record",
        ),
    };
    judged.record(card, at.clone(), Outcome::Violated, why);
    // One store is one thing to mend: further searches of it are told with the first.
    let reader: GFn = looker.function_at(lookup.at);
    let group = match told {
        Told::Open => Some((store(looker, reader).unwrap_or_else(|| at.path.clone()), None)),
        Told::Sent => Some((at.path.clone(), Some(reader))),
        Told::Record => None,
    };
    if let Some(first) = group.as_ref().and_then(|g| groups.get(g)) {
        judged.findings[*first].related.push(crate::rules::run::step(at, "the same here"));
        return;
    }
    groups.extend(group.map(|g| (g, judged.findings.len())));
    let subject = project.program.fn_name(reader);
    let mut found = finding(card, at, subject, &[("value", value.as_str())]);
    let steps = looker.way(reader);
    for (f, via) in &steps {
        let Some(via) = via else { continue };
        let file = project.program.file_of(*f);
        let place = crate::surface::location(project, GExpr { file, expr: *via });
        found
            .flow
            .push(crate::rules::run::step(place, format!("`{}` leads to the query", project.program.fn_name(*f))));
    }
    if let Some(trail) = &trail {
        found.flow.extend(crate::rules::engines::flow::steps(looker.cx, trail));
    }
    judged.findings.push(found);
}

/// The interface that a query's function implements: of several stores behind one, an application uses one.
fn store(looker: &Looker<'_, '_>, reader: GFn) -> Option<String> {
    let project = looker.project();
    let class = project.program.receiver_class(reader)?;
    let ancestors = project.ancestors(class);
    let root = ancestors.last().filter(|root| **root != class)?;
    Some(format!("class {}", root.0))
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 50 {
        let tail: Vec<char> = line.chars().rev().take(40).collect();
        return format!("…{}", tail.into_iter().rev().collect::<String>());
    }
    line
}
