//! Guards on one handler: its decorators and wrappers, its parameters, what their types are made by.

use super::{GUARD_DEPTH, Guards, Kinds};
use crate::ir::{Expr, FnId, ParamKind, Type};
use crate::model::{ControlKind, RowRef, Scope};
use crate::project::{EntryPoint, FileId, GClass, GExpr, GFn, SiteId, Value};
use crate::surface::path::subtree;
use crate::surface::{Evidence, location, place};

impl Guards<'_> {
    /// Decorators, wrappers, the registration's other arguments, and the class's decorators.
    pub(super) fn on_handler(&self, entry: &EntryPoint, handler: GFn, kinds: &mut Kinds) {
        let program = &self.project.program;
        let file = program.file_of(handler);
        let function = program.function(handler);
        let owner = program.owner(handler).map(|c| program.class(c).decorators.clone()).unwrap_or_default();
        for decorator in function.decorators.iter().chain(&owner) {
            self.expression(GExpr { file, expr: *decorator }, Some(handler), kinds);
        }
        if let Some(site) = entry.site {
            for row in self.rows(self.project.callees(site)) {
                if let RowRef::ControlCall(row) = row {
                    self.on_registration(row, site, kinds);
                }
                if let RowRef::AttachCall(row) | RowRef::AttachDecorator(row) = row {
                    let row = &self.models.attaches[row as usize];
                    if row.raw.scope == Scope::Handler {
                        for expr in row.places.subject.iter().flat_map(|p| self.project.place_exprs(site, p)) {
                            self.expression(expr, Some(handler), kinds);
                        }
                        for value in self.project.place_values(site, &row.places.subject) {
                            self.value(value, self.project.site(site).at, Some(handler), kinds);
                        }
                    }
                }
            }
        }
        for site in self.passed_to.get(&handler).into_iter().flatten() {
            if Some(*site) == entry.site || self.is_wiring(*site) || !self.is_wrapper(*site) {
                continue;
            }
            let at = self.project.site(*site).at;
            for value in self.project.callees(*site) {
                self.value(*value, at, Some(handler), kinds);
            }
            if let Expr::Call(call) = program.facts(at.file).expr(at.expr) {
                // `client.use(guard).action(handler)`: what stands before the handler in the chain.
                self.expression(GExpr { file: at.file, expr: call.callee }, Some(handler), kinds);
            }
        }
    }

    /// A control that an argument of the registration switches on, such as a route's schema.
    fn on_registration(&self, row: u32, site: SiteId, kinds: &mut Kinds) {
        let control = &self.models.controls[row as usize];
        let given = control.places.detail.iter().flat_map(|place| self.project.place_exprs(site, place)).next();
        if let Some(at) = given {
            let at = location(self.project, at);
            kinds.entry(control.raw.is).or_default().insert(Evidence {
                at,
                what: "the route's options".into(),
                value: None,
            });
        }
    }

    /// Whether a site puts routers together. What is mounted may pass on the handlers in it, and what it is mounted on
    /// names the guards of its other routes: neither is wrapped around the handler.
    pub(super) fn is_wiring(&self, site: SiteId) -> bool {
        self.rows(self.project.callees(site)).iter().any(|row| matches!(row, RowRef::Mount(_)))
    }

    /// Whether a site makes something of a handler, rather than using it while the program runs.
    pub(super) fn is_wrapper(&self, site: SiteId) -> bool {
        let caller = self.project.site(site).caller;
        self.project.program.local_fn(caller) == FnId::MODULE
            || self.project.program.parent(caller).is_some_and(|p| self.project.program.local_fn(p) == FnId::MODULE)
    }

    /// Providers of a function's parameters, and of theirs.
    pub(super) fn on_params(&self, f: GFn, handler: GFn, depth: usize, kinds: &mut Kinds) {
        if depth > GUARD_DEPTH {
            return;
        }
        let file = self.project.program.file_of(f);
        for param in &self.project.program.function(f).params {
            if matches!(param.kind, ParamKind::Rest | ParamKind::KeywordRest) {
                continue;
            }
            let mut exprs: Vec<GExpr> =
                param.default.iter().chain(&param.decorators).map(|e| GExpr { file, expr: *e }).collect();
            if let Some(ty) = &param.ty {
                self.type_exprs(file, ty, &mut exprs);
                self.type_providers((file, f), &param.pattern, is_shapeless(ty), kinds);
            }
            for expr in exprs {
                self.expression(expr, Some(handler), kinds);
                for provider in self.providers(expr) {
                    self.on_params(provider, handler, depth + 1, kinds);
                }
            }
        }
    }

    /// Metadata of annotations, also behind an alias (`CurrentUser = Annotated[User, Depends(..)]`).
    pub(super) fn type_exprs(&self, file: FileId, ty: &Type, exprs: &mut Vec<GExpr>) {
        match ty {
            Type::Annotated(_, metadata) => exprs.extend(metadata.iter().map(|e| GExpr { file, expr: *e })),
            Type::Path(path, args) => {
                if let [name] = path.as_slice() {
                    exprs.extend(self.project.definitions_of(file, FnId::MODULE, *name, 0));
                }
                args.iter().for_each(|a| self.type_exprs(file, a, exprs));
            }
            Type::Union(types) => types.iter().for_each(|t| self.type_exprs(file, t, exprs)),
            _ => {}
        }
    }

    /// Parameters whose own type checks the request while it is made.
    ///
    /// One that takes any shape, such as a whole JSON value, checks nothing.
    pub(super) fn type_providers(
        &self,
        (file, f): (FileId, GFn),
        pattern: &crate::ir::Pattern,
        takes_any: bool,
        kinds: &mut Kinds,
    ) {
        let mut names = Vec::new();
        pattern.for_each_name(&mut |n| names.push(n));
        for name in names {
            for value in self.project.variable(f, name).to_vec() {
                if let Value::Api(api) = value {
                    let at = place(self.project, file, self.project.program.function(f).head);
                    let mut own = Kinds::new();
                    self.control_value(api, &at, &name, &mut own);
                    if takes_any {
                        own.remove(&ControlKind::RequestValidation);
                    }
                    for (kind, evidence) in own {
                        kinds.entry(kind).or_default().extend(evidence);
                    }
                }
                let Value::Declared(class) = value else { continue };
                for api in self.project.library_bases(class) {
                    for row in self.project.matcher.rows(api).to_vec() {
                        if let RowRef::ControlValue(row) = row {
                            self.parsed_into(class, self.models.controls[row as usize].raw.is, f, kinds);
                        }
                    }
                }
                let at = place(self.project, file, self.project.program.function(f).head);
                for provider in self.called_by_library(class) {
                    self.function(provider, &at, GUARD_DEPTH, Some(f), kinds);
                }
            }
        }
    }

    /// A parameter of a schema class: the framework parses the request into it before the handler runs.
    pub(super) fn parsed_into(&self, class: GClass, kind: ControlKind, f: GFn, kinds: &mut Kinds) {
        let name = self.project.program.class(class).name.map_or("a schema", |name| name.as_str());
        let at = place(self.project, self.project.program.file_of(f), self.project.program.function(f).head);
        kinds.entry(kind).or_default().insert(Evidence { at, what: format!("parses into `{name}`"), value: None });
    }

    /// The methods of a class that a library calls because the class implements its interface: extractors, services.
    pub(super) fn called_by_library(&self, class: GClass) -> Vec<GFn> {
        let mut found = Vec::new();
        for api in self.project.library_bases(class) {
            for row in self.project.matcher.rows(api) {
                let RowRef::DependencyType(row) = row else { continue };
                for method in &self.models.dependencies[*row as usize].raw.methods {
                    found.extend(self.project.method(class, crate::intern::Name::new(method)));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Functions given to dependency markers in an expression.
    pub(super) fn providers(&self, at: GExpr) -> Vec<GFn> {
        let mut found = Vec::new();
        for expr in subtree(self.project, at) {
            let Some(site) = self.project.site_at(GExpr { file: at.file, expr }) else { continue };
            for row in self.rows(self.project.callees(site)) {
                if let RowRef::Dependency(row) = row {
                    let values =
                        self.project.place_values(site, &self.models.dependencies[row as usize].places.subject);
                    found.extend(values.iter().flat_map(|v| self.project.targets(*v)));
                }
            }
        }
        found
    }
}

/// Whether a declared type says nothing of what a request must look like: `Json<Value>`, `Json<String>`.
fn is_shapeless(ty: &Type) -> bool {
    const ANY: [&str; 9] = ["Bytes", "HashMap", "BTreeMap", "Map", "RawValue", "String", "Value", "Vec", "str"];
    match ty {
        Type::Path(path, args) if args.is_empty() => path.last().is_none_or(|name| ANY.contains(&name.as_str())),
        Type::Path(path, args) => {
            path.last().is_some_and(|name| ANY.contains(&name.as_str())) || args.iter().all(is_shapeless)
        }
        Type::Annotated(inner, _) => is_shapeless(inner),
        _ => false,
    }
}
