//! Places of a call in the linked program: the values, and the expressions, that a model's place means.

use rustc_hash::FxHashMap;

use super::link::{Project, SiteId};
use super::program::{FileId, GExpr, GFn};
use super::value::Value;
use crate::intern::Name;
use crate::ir::{Expr, ExprId, FileFacts, ImportKind, Key, StmtKind, walk_stmts};
use crate::ir::{FnId, Pattern};
use crate::model::{ControlKind, ModelSet, Place, PlaceRoot, PlaceStep};

impl Project {
    /// The values at any of some places of a call.
    pub fn place_values(&self, site: SiteId, places: &[Place]) -> Vec<Value> {
        let mut found: Vec<Value> = places.iter().flat_map(|p| self.values_at_place(site, p)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a call of a control row states what the row is about: a bound on the input needs its bound, wherever the
    /// row says where that stands and the library has no default.
    pub fn is_limited(&self, models: &ModelSet, row: u32, site: SiteId) -> bool {
        let row = &models.controls[row as usize];
        let places = &row.places.detail;
        !matches!(row.raw.is, ControlKind::InputLimit | ControlKind::RequestValidation | ControlKind::Tracing)
            || places.is_empty()
            || places.iter().any(|p| p.root == PlaceRoot::Fixed || !self.place_exprs(site, p).is_empty())
    }

    fn values_at_place(&self, site: SiteId, place: &Place) -> Vec<Value> {
        let positional: Vec<Vec<Value>> =
            self.args(site).filter(|(name, _, _)| name.is_none()).map(|(_, values, _)| values.to_vec()).collect();
        let mut values: Vec<Value> = match place.root {
            PlaceRoot::Arg(at) => positional.get(at).cloned().unwrap_or_default(),
            PlaceRoot::ArgsFrom(at) => positional.get(at..).unwrap_or_default().concat(),
            PlaceRoot::Last => positional.last().cloned().unwrap_or_default(),
            PlaceRoot::Any => self.args(site).flat_map(|(_, values, _)| values.to_vec()).collect(),
            PlaceRoot::Receiver => self.receivers(site).to_vec(),
            PlaceRoot::Return => self.results(site).to_vec(),
            PlaceRoot::Named(name) => {
                let named = self.args(site).filter(|(n, _, _)| *n == Some(name)).flat_map(|(_, v, _)| v.to_vec());
                named.chain(self.members_of(&positional.concat(), Some(name))).collect()
            }
            PlaceRoot::Call | PlaceRoot::Fixed | PlaceRoot::Parameters => Vec::new(),
        };
        for step in &place.steps {
            values = match step {
                PlaceStep::Field(name) => self.members_of(&values, Some(*name)),
                PlaceStep::All => self.members_of(&values, None),
                PlaceStep::Where(..) | PlaceStep::Param(_) => values,
            };
        }
        values
    }

    /// Members of the literals, and methods of the objects, among some values.
    pub fn members_of(&self, values: &[Value], name: Option<Name>) -> Vec<Value> {
        let members = values.iter().flat_map(|value| match value {
            Value::Literal(at) => self.literal_members(*at, name).to_vec(),
            Value::Instance(class) => {
                let file = self.program.file_of_class(*class);
                let methods = self.program.class(*class).methods.iter().map(|method| self.program.gfn(file, *method));
                let is_meant = |f: &GFn| name.is_some() && self.program.function(*f).name == name;
                methods.filter(is_meant).map(Value::Fn).collect()
            }
            _ => Vec::new(),
        });
        members.collect()
    }

    /// The expressions at a place of a call as written, followed through literals and local names.
    pub fn place_exprs(&self, site: SiteId, place: &Place) -> Vec<GExpr> {
        let at = self.site(site).at;
        let facts = self.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return Vec::new() };
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        let positional: Vec<GExpr> = call.args.iter().filter(|a| a.name.is_none()).map(|a| here(a.value)).collect();
        let mut exprs: Vec<GExpr> = match place.root {
            PlaceRoot::Arg(index) => positional.get(index).copied().into_iter().collect(),
            PlaceRoot::ArgsFrom(from) => positional.get(from..).unwrap_or_default().to_vec(),
            PlaceRoot::Last => positional.last().copied().into_iter().collect(),
            PlaceRoot::Any => call.args.iter().map(|a| here(a.value)).collect(),
            PlaceRoot::Named(name) => {
                let named: Vec<_> = call.args.iter().filter(|a| a.name == Some(name)).map(|a| here(a.value)).collect();
                let spread = call.args.iter().filter(|a| a.spread).map(|a| here(a.value));
                if named.is_empty() {
                    positional.iter().copied().chain(spread).flat_map(|e| self.entry_exprs(e, Some(name), 0)).collect()
                } else {
                    named
                }
            }
            PlaceRoot::Receiver => match facts.expr(call.callee) {
                Expr::Field { base, .. } => vec![here(*base)],
                _ => Vec::new(),
            },
            PlaceRoot::Return | PlaceRoot::Call | PlaceRoot::Fixed | PlaceRoot::Parameters => Vec::new(),
        };
        for step in &place.steps {
            exprs = match step {
                PlaceStep::Field(name) => exprs.into_iter().flat_map(|e| self.entry_exprs(e, Some(*name), 0)).collect(),
                PlaceStep::All => exprs.into_iter().flat_map(|e| self.entry_exprs(e, None, 0)).collect(),
                PlaceStep::Where(key, value) => exprs
                    .into_iter()
                    .filter(|e| {
                        let found = self.entry_exprs(*e, Some(*key), 0);
                        found.iter().any(|f| self.program.facts(f.file).str_value(f.expr) == Some(*value))
                    })
                    .collect(),
                PlaceStep::Param(_) => exprs,
            };
        }
        exprs
    }

    /// Entries of a literal expression: those of a key, or all elements; names are followed to what they are bound to.
    pub fn entry_exprs(&self, at: GExpr, key: Option<Name>, depth: usize) -> Vec<GExpr> {
        if depth > 6 {
            return Vec::new();
        }
        let facts = self.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        let mut found = Vec::new();
        match facts.expr(at.expr) {
            Expr::Object(entries) => {
                for entry in entries {
                    match (entry.key, key) {
                        (Key::Name(name), Some(wanted)) if name == wanted => found.push(here(entry.value)),
                        (Key::Name(_) | Key::Computed(_), None) => found.push(here(entry.value)),
                        (Key::Spread, _) => found.extend(self.entry_exprs(here(entry.value), key, depth + 1)),
                        _ => {}
                    }
                }
            }
            Expr::List { items, .. } if key.is_none() => {
                for item in items {
                    let inner = here(item.value);
                    if item.spread { found.extend(self.entry_exprs(inner, None, depth + 1)) } else { found.push(inner) }
                }
            }
            Expr::Call(call) => {
                let named = call.args.iter().filter(|a| key.is_some() && a.name == key);
                found.extend(named.map(|a| here(a.value)));
            }
            Expr::Name(_) => {
                for definition in self.definitions(at) {
                    found.extend(self.entry_exprs(definition, key, depth + 1));
                }
            }
            Expr::Await(e) | Expr::Try(e) | Expr::Cast { value: e, .. } | Expr::Unary { operand: e, .. } => {
                found.extend(self.entry_exprs(here(*e), key, depth + 1));
            }
            _ => {}
        }
        found
    }

    /// The expressions a name is bound to: assignments in its scope, or the imported module's.
    pub fn definitions(&self, at: GExpr) -> Vec<GExpr> {
        let facts = self.program.facts(at.file);
        let Expr::Name(name) = facts.expr(at.expr) else { return Vec::new() };
        let scope = self.scope_of(at.file, at.expr);
        self.definitions_of(at.file, scope, *name, 0)
    }

    /// As [`Project::definitions`], for a name used in a scope.
    pub fn definitions_of(&self, file: FileId, scope: FnId, name: Name, depth: usize) -> Vec<GExpr> {
        let facts = self.program.facts(file);
        let Some(owner) = self.scopes[file.0 as usize].lookup(facts, scope, name) else { return Vec::new() };
        let mut found: Vec<GExpr> =
            self.bound_in(file, owner, name).iter().map(|expr| GExpr { file, expr: *expr }).collect();
        if depth < 5 {
            for import in facts.imports.iter().filter(|i| i.local == Some(name) && i.scope == owner) {
                let Some(super::ModuleRef::Scope(target, inner)) =
                    self.modules.resolve(&self.program, file, owner, &import.module)
                else {
                    continue;
                };
                let there = match import.kind {
                    ImportKind::Member(member) => member,
                    ImportKind::Default => Name::new("default"),
                    _ => continue,
                };
                found.extend(self.exported_definitions(target, inner, there, depth + 1));
            }
        }
        found
    }

    /// Whether a name is imported from a module of the program that is not there.
    pub fn is_missing_import(&self, file: FileId, scope: FnId, name: Name) -> bool {
        let facts = self.program.facts(file);
        let Some(owner) = self.scopes[file.0 as usize].lookup(facts, scope, name) else { return false };
        facts.imports.iter().any(|import| {
            import.local == Some(name)
                && import.scope == owner
                && is_own_module(&import.module)
                && self.modules.resolve(&self.program, file, owner, &import.module).is_none()
        })
    }

    /// The expressions assigned to a name in a function.
    fn bound_in(&self, file: FileId, owner: FnId, name: Name) -> &[ExprId] {
        let f = self.program.gfn(file, owner);
        let bindings =
            self.bindings[f.0 as usize].get_or_init(|| Box::new(Bindings::new(self.program.facts(file), owner)));
        bindings.0.get(&name).map_or(&[], Vec::as_slice)
    }

    fn exported_definitions(&self, file: FileId, scope: FnId, name: Name, depth: usize) -> Vec<GExpr> {
        let facts = self.program.facts(file);
        let mut found = Vec::new();
        for export in facts.exports.iter().filter(|e| e.name == name || e.name == "*") {
            if let Some(local) = export.local {
                found.extend(self.definitions_of(file, FnId::MODULE, local, depth));
            }
            if let Some(value) = export.value {
                found.push(GExpr { file, expr: value });
            }
            if let (Some((module, there)), true) = (export.from, depth < 5)
                && let Some(super::ModuleRef::Scope(target, inner)) =
                    self.modules.resolve(&self.program, file, FnId::MODULE, &module)
            {
                let there = if export.name == "*" { name } else { there };
                found.extend(self.exported_definitions(target, inner, there, depth + 1));
            }
        }
        if found.is_empty() {
            found = self.definitions_of(file, scope, name, depth);
        }
        found
    }

    /// The function in whose scope a name used in `scope` is bound.
    pub fn binder(&self, file: FileId, scope: FnId, name: Name) -> Option<FnId> {
        self.scopes[file.0 as usize].lookup(self.program.facts(file), scope, name)
    }

    /// The innermost function whose body holds an expression.
    pub fn scope_of(&self, file: FileId, expr: ExprId) -> FnId {
        self.nesting[file.0 as usize].innermost(self.program.facts(file).span(expr))
    }
}

/// Whether a specifier can only mean a module of the program itself.
fn is_own_module(specifier: &str) -> bool {
    ["./", "../", "@/", "~/", "crate::", "super::", "self::"].iter().any(|start| specifier.starts_with(start))
        || matches!(specifier, "." | "..")
        || specifier.starts_with('.') && !specifier.contains('/')
}

/// The expressions assigned to names in a function's own statements, collected once.
#[derive(Debug, Default)]
pub(super) struct Bindings(FxHashMap<Name, Vec<ExprId>>);

impl Bindings {
    fn new(facts: &FileFacts, scope: FnId) -> Self {
        let mut found = Bindings::default();
        let mut bind = |pattern: &Pattern, value: ExprId| {
            if let Pattern::Name(name, _) = pattern {
                let values = found.0.entry(*name).or_default();
                // `a = a = f()` binds once.
                if values.last() != Some(&value) {
                    values.push(value);
                }
            }
        };
        walk_stmts(facts, &facts.function(scope).body, &mut |stmt| match &stmt.kind {
            StmtKind::Assign { targets, value: Some(value), .. } => targets.iter().for_each(|t| bind(t, *value)),
            StmtKind::With { items, .. } => {
                items.iter().for_each(|(value, p)| p.iter().for_each(|p| bind(p, *value)));
            }
            _ => {}
        });
        found
    }
}
