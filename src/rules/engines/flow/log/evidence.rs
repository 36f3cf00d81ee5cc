//! What a place on the way to a log says about its value.

use std::collections::BTreeSet;

use super::members::is_comparison;
use super::records;
use super::words::WORDS;
use crate::flow::{FlowIndex, Node, drops_value, is_measure, masks};
use crate::intern::Name;
use crate::ir::{ClassKind, Expr, ExprId, Key, Type, UnaryOp};
use crate::model::SourceKind;
use crate::project::{GExpr, GFn, Project, Value};
use crate::rules::run::Context;
use crate::rules::vocabulary::{Sensitive, sensitive, words_of};

/// Sorts of leaked data, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// All that was sent with a request.
    Body,
    /// Tells who a person is.
    Personal,
    /// Headers, which hold cookies and tokens.
    Headers,
    /// The whole environment or all settings.
    Environment,
    /// Grants access.
    Credential,
}

impl Sort {
    /// Whether others can get in with it.
    pub(super) fn grants_access(self) -> bool {
        self >= Sort::Headers
    }

    /// The words in messages.
    pub(super) fn label(self) -> &'static str {
        match self {
            Sort::Body => "all that the caller sent",
            Sort::Personal => Sensitive::Personal.label(),
            Sort::Headers => Sensitive::Headers.label(),
            Sort::Environment => "the whole environment",
            Sort::Credential => Sensitive::Credential.label(),
        }
    }
}

impl From<Sensitive> for Sort {
    fn from(sensitive: Sensitive) -> Sort {
        match sensitive {
            Sensitive::Credential => Sort::Credential,
            Sensitive::Personal => Sort::Personal,
            Sensitive::Headers => Sort::Headers,
        }
    }
}

/// Reads places.
pub(super) struct Reader<'a> {
    pub(super) cx: &'a Context<'a>,
    pub(super) index: &'a FlowIndex<'a>,
}

impl Reader<'_> {
    /// The name of the entry of an object literal that makes it sensitive.
    pub(super) fn entry(&self, at: GExpr, sort: Sort) -> Option<Name> {
        let Expr::Object(entries) = self.cx.project.program.facts(at.file).expr(at.expr) else { return None };
        entries.iter().find_map(|entry| match entry.key {
            Key::Name(key) if self.labelled(&key, GExpr { file: at.file, expr: entry.value }) == Some(sort) => {
                Some(key)
            }
            _ => None,
        })
    }

    /// What a place's name, or the library that fills it, says.
    pub(super) fn sort(&self, node: Node) -> Option<Sort> {
        match node {
            Node::Param(f, index, name) => {
                let function = self.cx.project.program.function(f);
                let ty = function.params[index].ty.as_ref();
                if ty.is_some_and(says_nothing) { None } else { self.of_name(&name, f) }
            }
            Node::Expr(at) => self.of_expr(at),
        }
    }

    /// What the name that a value is logged under says.
    pub(super) fn labelled(&self, name: &str, at: GExpr) -> Option<Sort> {
        let sort = self.of_name(name, self.index.function_of(Node::Expr(at)))?;
        (!self.is_safe(at, 0)).then_some(sort)
    }

    fn of_expr(&self, at: GExpr) -> Option<Sort> {
        let project = self.cx.project;
        let facts = project.program.facts(at.file);
        let f = self.index.function_of(Node::Expr(at));
        if self.is_environment(at) {
            return Some(Sort::Environment);
        }
        match facts.expr(at.expr) {
            Expr::Name(name) => {
                self.of_name(name, f).filter(|_| !self.is_no_value(at) && !self.is_harmless_name(at, *name, 0))
            }
            Expr::Field { base, name } => {
                let sort = self.of_field(at, *base, *name, f)?;
                (!self.is_no_value(at)).then_some(sort)
            }
            Expr::Index { index, .. } => self.of_name(&facts.str_value(*index)?, f),
            Expr::Call(call) => {
                let (callee, base) = match facts.expr(call.callee) {
                    Expr::Name(name) => (*name, None),
                    Expr::Field { name, base } => (*name, Some(*base)),
                    _ => return None,
                };
                if masks(&callee) || drops_value(&callee) {
                    return None;
                }
                if WORDS.bodies.contains(callee.as_str()) && base.is_some_and(|_| self.is_request_data(at)) {
                    return Some(Sort::Body);
                }
                // `settings.get("api_key")`, `os.getenv("API_KEY")`: a look-up by name.
                let looked_up = call.args.first().and_then(|a| facts.str_value(a.value));
                match looked_up {
                    Some(key) if WORDS.lookups.contains(callee.as_str()) => self.of_name(&key, f),
                    _ => self.of_name(&WORDS.produced(&callee)?, f),
                }
            }
            Expr::Object(entries) => {
                let sorts = entries.iter().filter_map(|entry| match entry.key {
                    // Entries of entries are followed on their own, and headers of a request to come are no request's.
                    Key::Name(key) if !self.is_safe(GExpr { file: at.file, expr: entry.value }, 0) => {
                        self.of_name(&key, f).filter(|sort| *sort != Sort::Headers)
                    }
                    _ => None,
                });
                sorts.max()
            }
            _ => None,
        }
    }

    fn of_field(&self, at: GExpr, base: ExprId, name: Name, f: GFn) -> Option<Sort> {
        let project = self.cx.project;
        let facts = project.program.facts(at.file);
        if is_measure(&name) {
            return None;
        }
        if WORDS.bodies.contains(name.as_str()) && self.is_request_data(at) {
            return Some(Sort::Body);
        }
        let sort = self.of_name(&name, f)?;
        // What a server answers with grants nobody anything.
        if sort == Sort::Headers
            && let Expr::Name(owner) | Expr::Field { name: owner, .. } = facts.expr(base)
            && words_of(owner).last().is_some_and(|w| matches!(w.as_str(), "response" | "res" | "resp" | "reply"))
        {
            return None;
        }
        // `Kind.PASSWORD`: a constant that is named for what it tells of.
        let is_constant_like = name.chars().next().is_some_and(char::is_uppercase);
        let owner = match facts.expr(base) {
            Expr::Name(owner) => owner.chars().next().is_some_and(char::is_uppercase),
            _ => false,
        };
        let mut is_resolved = false;
        for value in project.values(GExpr { file: at.file, expr: base }) {
            let (Value::Class(class) | Value::Instance(class) | Value::Declared(class)) = value else { continue };
            is_resolved = true;
            if project.program.class(*class).kind == ClassKind::Enum && owner {
                return None;
            }
            for owner in project.ancestors(*class) {
                let fields = &project.program.class(owner).fields;
                if fields.iter().any(|x| x.name == name && x.ty.as_ref().is_some_and(says_nothing)) {
                    return None;
                }
            }
        }
        if is_constant_like && owner && !is_resolved { None } else { Some(sort) }
    }

    /// What a name says where it stands.
    fn of_name(&self, name: &str, f: GFn) -> Option<Sort> {
        let split = words_of(name);
        match sensitive(name) {
            Some(Sensitive::Personal) if WORDS.is_role(&split) => None,
            Some(Sensitive::Headers) if split.len() == 1 && WORDS.is_tabular(&self.around(f)) => None,
            Some(sort) => Some(sort.into()),
            None if WORDS.is_ambiguous(&split) && WORDS.is_auth(&self.around(f)) => {
                let is_harmless = crate::rules::vocabulary::is_harmless(&split);
                (!is_harmless).then_some(Sort::Credential)
            }
            None => None,
        }
    }

    /// The words of the function, and of the file, that a name stands in.
    fn around(&self, f: GFn) -> BTreeSet<String> {
        let program = &self.cx.project.program;
        let mut found: BTreeSet<String> = words_of(&program.facts(program.file_of(f)).path).iter().cloned().collect();
        let mut at = Some(f);
        while let Some(f) = at {
            found.extend(words_of(&program.fn_name(f)).iter().cloned());
            at = program.parent(f);
        }
        found
    }

    /// Whether an expression stands for a function, a class or a module: nothing that is looked up at run time.
    fn is_no_value(&self, at: GExpr) -> bool {
        let values = self.cx.project.values(at);
        !values.is_empty() && values.iter().all(|v| matches!(v, Value::Fn(_) | Value::Class(_) | Value::Module(_)))
    }

    /// Whether what a name is bound to, or its declared type, says that it is harmless.
    fn is_harmless_name(&self, at: GExpr, name: Name, depth: usize) -> bool {
        let project = self.cx.project;
        let facts = project.program.facts(at.file);
        let bound = project.definitions(at);
        if !bound.is_empty()
            && bound.iter().all(|d| self.is_constant(*d) || (!self.is_collection(*d) && self.is_safe(*d, depth + 1)))
        {
            return true;
        }
        let scope = project.scope_of(at.file, at.expr);
        let Some(owner) = project.binder(at.file, scope, name) else { return false };
        let mut params = facts.function(owner).params.iter().filter(|p| p.name() == Some(name));
        params.any(|p| p.ty.as_ref().is_some_and(says_nothing))
    }

    /// Whether an expression's value cannot be the sensitive thing that its name promises: a literal, an answer to a
    /// question about it, a mask.
    pub(super) fn is_safe(&self, at: GExpr, depth: usize) -> bool {
        let facts = self.cx.project.program.facts(at.file);
        let here = |expr: ExprId| GExpr { file: at.file, expr };
        let is_safe = |expr: ExprId| depth < 4 && self.is_safe(here(expr), depth + 1);
        match facts.expr(at.expr) {
            Expr::Str(_) | Expr::Num(_) | Expr::Bool(_) | Expr::Null | Expr::Lambda(_) | Expr::Regex(_) => true,
            Expr::Unary { op: UnaryOp::Not | UnaryOp::TypeOf, .. } => true,
            Expr::Binary { op, left, right } => is_comparison(*op) || (is_safe(*left) && is_safe(*right)),
            Expr::Conditional { then, otherwise, .. } => is_safe(*then) && is_safe(*otherwise),
            Expr::Call(call) => match facts.expr(call.callee) {
                Expr::Name(name) | Expr::Field { name, .. } => masks(name) || drops_value(name),
                _ => false,
            },
            Expr::Field { name, .. } => is_measure(name) || self.is_no_value(at),
            Expr::List { .. } | Expr::Object(_) => true,
            Expr::Await(e) | Expr::Try(e) | Expr::Cast { value: e, .. } => is_safe(*e),
            Expr::Name(name) => self.is_no_value(at) || (depth < 3 && self.is_harmless_name(at, *name, depth)),
            Expr::Template { parts, .. } => {
                parts.iter().all(|p| if let crate::ir::Part::Hole { value, .. } = p { is_safe(*value) } else { true })
            }
            _ => false,
        }
    }

    /// Whether an expression is a collection of literals: names of keys, not keys.
    fn is_constant(&self, at: GExpr) -> bool {
        let facts = self.cx.project.program.facts(at.file);
        let is_text = |e: ExprId| matches!(facts.expr(e), Expr::Str(_));
        match facts.expr(at.expr) {
            Expr::List { items, .. } => !items.is_empty() && items.iter().all(|i| is_text(i.value)),
            Expr::Object(entries) => !entries.is_empty() && entries.iter().all(|e| is_text(e.value)),
            _ => false,
        }
    }

    fn is_collection(&self, at: GExpr) -> bool {
        matches!(self.cx.project.program.facts(at.file).expr(at.expr), Expr::List { .. } | Expr::Object(_))
    }

    fn is_request_data(&self, at: GExpr) -> bool {
        self.index.stated_sources(self.cx.models, at).contains(&SourceKind::Untrusted)
    }

    /// Whether a place holds something else than what is made from it or stands behind it: one variable of the environment,
    /// an identifier, what went wrong.
    pub(super) fn is_other(&self, node: Node) -> bool {
        let is_telling = |name: &str| {
            let words = words_of(name);
            // The domain of an address is nobody's in particular.
            let is_less =
                words.last().is_some_and(|w| matches!(w.as_str(), "id" | "ids" | "uuid" | "domain" | "domains"));
            is_less || matches!(name, "err" | "error" | "exc" | "exception" | "error_message" | "errorMessage")
        };
        // Names of what is not there.
        let is_absent = |words: &[String]| {
            words.len() > 1 && words.iter().any(|w| matches!(w.as_str(), "missing" | "required" | "unset" | "absent"))
        };
        let Node::Expr(at) = node else { return false };
        let facts = self.cx.project.program.facts(at.file);
        match facts.expr(at.expr) {
            Expr::Index { base, .. } => self.is_environment(GExpr { file: at.file, expr: *base }),
            Expr::Name(name) | Expr::Field { name, .. } => {
                is_absent(&words_of(name)) || (is_telling(name) && sensitive(name).is_none())
            }
            _ => false,
        }
    }

    /// Whether an expression is the process's environment as a whole.
    fn is_environment(&self, at: GExpr) -> bool {
        let project = self.cx.project;
        Project::apis(project.values(at)).any(|api| {
            matches!(project.matcher.path(api), "os.environ" | "global.process.env" | "process.env" | "std.env.vars()")
        })
    }
}

/// Whether values of a type tell nothing, or hide what they hold.
fn says_nothing(ty: &Type) -> bool {
    records::is_harmless(ty) || records::hides(ty)
}
