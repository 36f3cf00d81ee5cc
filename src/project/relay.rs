//! Shared request helpers: HTTP calls whose address their function is handed.
//!
//! One helper often sends every request of a program. That one of its callers asks a model to generate says nothing about
//! the others, and values mix in it. So such a call counts where the address is decided: at the calls of the helper,
//! through further helpers that hand it on. What is written at a call speaks first; values answer where nothing is.

use rustc_hash::{FxHashMap, FxHashSet};

use super::link::{ApiCall, Project};
use super::program::{GExpr, GFn};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FileFacts, FnId, Key, Part, Pattern, StmtKind, walk_block};
use crate::model::{ModelSet, Setting};

/// How many helpers may stand behind each other.
const MAX_HELPERS: usize = 5;
/// Names and members followed to their definitions.
const MAX_DEPTH: usize = 8;

/// Callers by function: who calls it, and where.
pub type Callers = FxHashMap<GFn, Vec<(GFn, ExprId)>>;

/// A parameter that an address is made of, with the member of it that is.
type Origin = (GFn, usize, Option<Name>);

/// What is known about the address of a request.
#[derive(Debug, Default)]
struct Address {
    texts: FxHashSet<Name>,
    origins: Vec<Origin>,
    /// What was looked at: names may be assigned from themselves, and often.
    seen: FxHashSet<GExpr>,
}

/// What a call of a helper asks for.
enum Asked {
    Generation,
    Other,
    Unknown,
    /// The caller was handed the address, too.
    Handed(Vec<Origin>),
}

impl Project {
    /// Callers of every function.
    pub fn callers(&self) -> Callers {
        let mut callers = Callers::default();
        for (from, edges) in self.edges.iter().enumerate() {
            let from = GFn(super::program::len32(from));
            for edge in edges {
                callers.entry(edge.to).or_default().push((from, edge.at));
            }
        }
        callers
    }

    /// The ways by which an HTTP call of a function is asked to generate, outermost first, where its address is handed to
    /// it. Empty if the call itself decides, or if nobody can be told to ask for generation.
    pub fn asked_by(&self, models: &ModelSet, callers: &Callers, f: GFn, call: ApiCall) -> Vec<Vec<(GFn, ExprId)>> {
        let mut address = Address::default();
        for expr in self.address_exprs(models, call) {
            self.address(expr, 0, &mut address);
        }
        if address.texts.iter().any(|text| models.endpoints.generates(text)) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        let home = self.origins_in(f, address.origins);
        self.lift(models, callers, home, &mut Vec::new(), &mut seen, &mut found);
        found
    }

    /// Origins in a function or one around it.
    fn origins_in(&self, f: GFn, origins: Vec<Origin>) -> Vec<Origin> {
        let mut around = vec![f];
        while let Some(parent) = self.program.parent(around[around.len() - 1]) {
            around.push(parent);
        }
        origins.into_iter().filter(|(owner, ..)| around.contains(owner)).collect()
    }

    fn address_exprs(&self, models: &ModelSet, call: ApiCall) -> Vec<GExpr> {
        let at = self.site(call.site).at;
        let settings = &models.calls[call.row as usize].places.settings;
        let places = settings.iter().filter(|(setting, _)| *setting == Setting::Url).flat_map(|(_, places)| places);
        let mut found: Vec<GExpr> = places.flat_map(|place| self.place_exprs(call.site, place)).collect();
        if found.is_empty()
            && let Expr::Call(written) = self.program.facts(at.file).expr(at.expr)
        {
            found.extend(written.args.first().map(|arg| GExpr { file: at.file, expr: arg.value }));
        }
        found
    }

    fn lift(
        &self,
        models: &ModelSet,
        callers: &Callers,
        origins: Vec<Origin>,
        way: &mut Vec<(GFn, ExprId)>,
        seen: &mut FxHashSet<(GFn, ExprId)>,
        found: &mut Vec<Vec<(GFn, ExprId)>>,
    ) {
        let mut helpers: Vec<GFn> = origins.iter().map(|(f, ..)| *f).collect();
        helpers.sort_unstable();
        helpers.dedup();
        if way.len() >= MAX_HELPERS {
            return;
        }
        for helper in helpers {
            let handed: Vec<&Origin> = origins.iter().filter(|(f, ..)| *f == helper).collect();
            for (caller, at) in callers.get(&helper).into_iter().flatten() {
                if !seen.insert((*caller, *at)) {
                    continue;
                }
                way.push((*caller, *at));
                match self.asked(models, *caller, *at, &handed) {
                    Asked::Generation => found.push(way.iter().rev().copied().collect()),
                    Asked::Handed(origins) => self.lift(models, callers, origins, way, seen, found),
                    Asked::Other | Asked::Unknown => {}
                }
                way.pop();
            }
        }
    }

    /// What one call of a helper asks for.
    fn asked(&self, models: &ModelSet, caller: GFn, at: ExprId, handed: &[&Origin]) -> Asked {
        let file = self.program.file_of(caller);
        let facts = self.program.facts(file);
        let Expr::Call(call) = facts.expr(at) else { return Asked::Unknown };
        let mut address = Address::default();
        let mut values: FxHashSet<Name> = FxHashSet::default();
        for (helper, index, key) in handed {
            let name = self.program.function(*helper).params.get(*index).and_then(crate::ir::Param::name);
            let named = call.args.iter().find(|arg| arg.name.is_some() && arg.name == name);
            let arg = named.or_else(|| call.args.iter().filter(|arg| arg.name.is_none()).nth(*index));
            let Some(arg) = arg else { continue };
            let given = GExpr { file, expr: arg.value };
            match key {
                Some(key) => {
                    self.member(given, *key, 0, &mut address);
                    values.extend(texts(&self.members_of(self.values(given), Some(*key))));
                }
                None => {
                    self.address(given, 0, &mut address);
                    values.extend(texts(self.values(given)));
                }
            }
        }
        let endpoints = &models.endpoints;
        let is_path = |text: &Name| text.starts_with('/') || text.contains("://") || endpoints.is_other(text);
        if address.texts.iter().any(|text| endpoints.generates(text)) {
            return Asked::Generation;
        }
        if address.texts.iter().any(is_path) {
            return Asked::Other;
        }
        let origins = self.origins_in(caller, address.origins);
        if !origins.is_empty() {
            return Asked::Handed(origins);
        }
        if values.iter().any(|text| endpoints.generates(text)) { Asked::Generation } else { Asked::Unknown }
    }

    /// Texts written in an expression and what it names, and the parameters it is made of.
    fn address(&self, at: GExpr, depth: usize, found: &mut Address) {
        if depth > MAX_DEPTH || !found.seen.insert(at) {
            return;
        }
        let facts = self.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        match facts.expr(at.expr) {
            Expr::Str(text) => {
                found.texts.insert(*text);
            }
            Expr::Template { parts, .. } => {
                for part in parts {
                    match part {
                        Part::Text(text) => {
                            found.texts.insert(*text);
                        }
                        Part::Hole { value, .. } => self.address(here(*value), depth + 1, found),
                    }
                }
            }
            Expr::Name(name) => {
                let definitions = self.definitions(at);
                if definitions.is_empty() {
                    self.named(at, *name, depth, found);
                }
                definitions.into_iter().for_each(|d| self.address(d, depth + 1, found));
            }
            Expr::Field { base, name } => self.member(here(*base), *name, depth, found),
            Expr::Index { base, index } => match facts.str_value(*index) {
                Some(key) => self.member(here(*base), key, depth, found),
                None => self.address(here(*base), depth + 1, found),
            },
            Expr::Call(call) => {
                call.args.iter().for_each(|arg| self.address(here(arg.value), depth + 1, found));
                if let Expr::Field { base, .. } = facts.expr(call.callee) {
                    self.address(here(*base), depth + 1, found);
                }
            }
            other => crate::ir::for_each_child(other, &mut |node| {
                if let crate::ir::Node::Expr(child) = node {
                    self.address(here(child), depth + 1, found);
                }
            }),
        }
    }

    /// A member of something: of a constant table, or of a parameter.
    fn member(&self, base: GExpr, name: Name, depth: usize, found: &mut Address) {
        let entries = self.entry_exprs(base, Some(name), 0);
        if entries.is_empty() {
            match self.program.facts(base.file).expr(base.expr) {
                Expr::Name(of) => {
                    if let Some((f, index, None)) = self.parameter(base, *of) {
                        found.origins.push((f, index, Some(name)));
                    }
                    // Made by a function: what that was told.
                    for definition in self.definitions(base) {
                        let made = awaited(self.program.facts(definition.file), definition.expr);
                        if let Expr::Call(_) = self.program.facts(definition.file).expr(made) {
                            self.address(GExpr { file: definition.file, expr: made }, depth + 1, found);
                        }
                    }
                }
                // `{ ...request, signal }`: what it spreads may hold it.
                Expr::Object(entries) if depth < MAX_DEPTH => {
                    for entry in entries.iter().filter(|entry| matches!(entry.key, Key::Spread)) {
                        let spread = GExpr { file: base.file, expr: entry.value };
                        self.member(spread, name, depth + 1, found);
                    }
                }
                _ => {}
            }
        }
        entries.into_iter().for_each(|entry| self.address(entry, depth + 1, found));
    }

    /// A name that no statement assigns as a whole: a parameter, or a part of something taken apart.
    fn named(&self, at: GExpr, name: Name, depth: usize, found: &mut Address) {
        if let Some(origin) = self.parameter(at, name) {
            found.origins.push(origin);
            return;
        }
        let facts = self.program.facts(at.file);
        let scope = self.scope_of(at.file, at.expr);
        let Some(owner) = self.scopes[at.file.0 as usize].lookup(facts, scope, name) else { return };
        for (value, key) in taken_apart(facts, owner, name) {
            let value = GExpr { file: at.file, expr: value };
            match (facts.expr(value.expr), key) {
                (Expr::Name(_) | Expr::Object(_), Some(key)) => self.member(value, key, depth + 1, found),
                _ => self.address(value, depth + 1, found),
            }
        }
    }

    /// The parameter that a name is, whole or as a member taken out of it.
    fn parameter(&self, at: GExpr, name: Name) -> Option<Origin> {
        let facts = self.program.facts(at.file);
        let scope = self.scope_of(at.file, at.expr);
        let owner = self.scopes[at.file.0 as usize].lookup(facts, scope, name)?;
        let f = self.program.gfn(at.file, owner);
        facts.function(owner).params.iter().enumerate().find_map(|(index, param)| {
            if param.name() == Some(name) {
                return Some((f, index, None));
            }
            key_of(&param.pattern, name).map(|key| (f, index, Some(key)))
        })
    }
}

/// The key under which a pattern takes a name out of an object.
fn key_of(pattern: &Pattern, name: Name) -> Option<Name> {
    match pattern {
        Pattern::Object { fields, .. } => fields.iter().find_map(|(key, inner)| {
            let mut is_bound = false;
            inner.for_each_name(&mut |bound| is_bound |= bound == name);
            is_bound.then_some(*key)
        }),
        Pattern::Default(inner, _) | Pattern::Bind(_, inner) => key_of(inner, name),
        _ => None,
    }
}

/// The values that a function's statements take apart into a name, with the key that it stands under.
fn taken_apart(facts: &FileFacts, owner: FnId, name: Name) -> Vec<(ExprId, Option<Name>)> {
    let mut found = Vec::new();
    walk_block(
        facts,
        &facts.function(owner).body,
        &mut |stmt| {
            let StmtKind::Assign { targets, value: Some(value), .. } = &stmt.kind else { return };
            for target in targets {
                let mut is_bound = false;
                target.for_each_name(&mut |bound| is_bound |= bound == name);
                if is_bound {
                    found.push((awaited(facts, *value), key_of(target, name)));
                }
            }
        },
        &mut |_| {},
    );
    found
}

/// What is behind `await` and casts.
fn awaited(facts: &FileFacts, mut at: ExprId) -> ExprId {
    while let Expr::Await(inner) | Expr::Try(inner) | Expr::Cast { value: inner, .. } = facts.expr(at) {
        at = *inner;
    }
    at
}

fn texts(values: &[Value]) -> Vec<Name> {
    values.iter().filter_map(|value| if let Value::Text(text) = value { Some(*text) } else { None }).collect()
}
