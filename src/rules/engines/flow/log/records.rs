//! What objects show of themselves when they are logged.
//!
//! A class's own string form shows the members it names; without one, some classes print all their fields. Which bases
//! and decorators make a class do so is data.

use rustc_hash::FxHashMap;

use super::evidence::Sort;
use super::members;
use super::types::leaves;
use super::words::WORDS;
use crate::intern::Name;
use crate::ir::{Class, Expr, Field, Type};
use crate::project::{FileId, GClass, GFn};
use crate::rules::run::Context;
use crate::source::Language;

/// How an object becomes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// By its conversion to a string.
    Text,
    /// With all its members, as debuggers and serialisers show it.
    Whole,
}

/// How deep fields of fields are looked into.
const DEPTH: usize = 3;

/// String forms of the program's classes.
pub(super) struct Records<'a> {
    cx: &'a Context<'a>,
    /// Rust's own `Display` and `Debug`.
    written: FxHashMap<(GClass, Form), GFn>,
    /// Classes by name, where one of that name is known in a language.
    named: FxHashMap<(Language, Name), Option<GClass>>,
}

impl<'a> Records<'a> {
    pub(super) fn new(cx: &'a Context<'a>) -> Self {
        let mut records = Records { cx, written: FxHashMap::default(), named: FxHashMap::default() };
        for file in cx.project.program.file_ids() {
            records.collect(file);
        }
        records
    }

    fn collect(&mut self, file: FileId) {
        let program = &self.cx.project.program;
        let facts = program.facts(file);
        for (id, class) in facts.classes() {
            if let Some(name) = class.name {
                let gclass = program.gclass(file, id);
                self.named.entry((facts.language, name)).and_modify(|known| *known = None).or_insert(Some(gclass));
            }
        }
        for block in &facts.impls {
            let form = match &block.interface {
                Some(Type::Path(path, _)) => match path.last().map_or("", |n| n.as_str()) {
                    "Display" => Form::Text,
                    "Debug" => Form::Whole,
                    _ => continue,
                },
                _ => continue,
            };
            for method in &block.methods {
                let f = program.gfn(file, *method);
                if let Some(owner) = program.owner(f) {
                    self.written.insert((owner, form), f);
                }
            }
        }
    }

    /// What a value of a class shows, and of which sort it is: the worst member.
    pub(super) fn shown(&self, class: GClass, form: Form) -> Option<(Sort, String)> {
        self.shown_within(class, form, 0)
    }

    fn shown_within(&self, class: GClass, form: Form, depth: usize) -> Option<(Sort, String)> {
        let project = self.cx.project;
        let method = |name: &str| project.method(class, Name::new(name)).first().copied();
        match project.program.language(project.program.file_of_class(class)) {
            Language::Python => match method("__str__").or_else(|| method("__repr__")) {
                Some(f) => self.of_method(class, f),
                None if self.prints_fields(class) => self.of_fields(class, depth),
                None => None,
            },
            Language::Rust => match (self.written.get(&(class, form)), form) {
                (Some(f), _) => self.of_method(class, *f),
                (None, Form::Whole) if self.derives_debug(class) => self.of_fields(class, depth),
                _ => None,
            },
            Language::TypeScript => match form {
                Form::Text => method("toString").and_then(|f| self.of_method(class, f)),
                Form::Whole if method("toJSON").is_none() => self.of_fields(class, depth),
                Form::Whole => None,
            },
            _ => None,
        }
    }

    /// The worst of the members that a string form names.
    fn of_method(&self, class: GClass, f: GFn) -> Option<(Sort, String)> {
        let names = members::shown_by(self.cx.project, f);
        let all_fields = names.iter().any(|n| matches!(n.as_str(), "__dict__"));
        let own = names.into_iter().filter_map(|name| Some((self.member_sort(class, &name)?, name.to_string())));
        let worst = own.max_by_key(|(sort, _)| *sort);
        if worst.is_none() && all_fields { self.of_fields(class, 0) } else { worst }
    }

    fn of_fields(&self, class: GClass, depth: usize) -> Option<(Sort, String)> {
        let project = self.cx.project;
        let mut found: Vec<(Sort, String)> = Vec::new();
        for owner in project.ancestors(class) {
            let file = project.program.file_of_class(owner);
            for field in &project.program.class(owner).fields {
                if self.is_hidden(file, field) || field.ty.as_ref().is_some_and(is_harmless) {
                    continue;
                }
                match self.member_sort(class, &field.name) {
                    Some(sort) => found.push((sort, field.name.to_string())),
                    None if depth < DEPTH => {
                        found.extend(
                            self.nested(class, owner, field, depth).map(|(s, n)| (s, format!("{}.{n}", field.name))),
                        );
                    }
                    None => {}
                }
            }
        }
        // The first of the worst, so that the message is stable.
        let worst = found.iter().map(|(sort, _)| *sort).max()?;
        found.into_iter().find(|(sort, _)| *sort == worst)
    }

    /// What the value of a field shows.
    fn nested(&self, of: GClass, owner: GClass, field: &Field, depth: usize) -> Option<(Sort, String)> {
        let project = self.cx.project;
        let language = project.program.language(project.program.file_of_class(owner));
        let mut names = Vec::new();
        field.ty.iter().for_each(|ty| leaves(ty, &mut names));
        let mut classes: Vec<GClass> = names.iter().filter_map(|n| self.class_named(language, *n)).collect();
        classes.retain(|c| *c != of && *c != owner);
        classes.sort_unstable();
        classes.dedup();
        let shown = classes.into_iter().find_map(|c| self.shown_within(c, Form::Whole, depth + 1));
        // Somebody's address deep inside of a document is not what a log of the document is about.
        shown.filter(|(sort, _)| sort.grants_access() || depth == 0)
    }

    /// The class of a name, where there is only one.
    pub(super) fn class_named(&self, language: Language, name: Name) -> Option<GClass> {
        self.named.get(&(language, name)).copied().flatten()
    }

    /// What a member's name says, in a class.
    fn member_sort(&self, class: GClass, name: &str) -> Option<Sort> {
        let known = crate::rules::vocabulary::sensitive(name).map(Sort::from);
        let class = self.cx.project.program.class(class).name;
        let is_person = || class.is_some_and(|n| WORDS.is_person(&n)) && WORDS.is_identity(name);
        known.or_else(|| is_person().then_some(Sort::Personal))
    }

    fn is_hidden(&self, file: FileId, field: &Field) -> bool {
        let facts = self.cx.project.program.facts(file);
        let says_so = |expr| match facts.expr(expr) {
            Expr::Call(call) => call.args.iter().any(|arg| {
                let is_off = matches!(facts.expr(arg.value), Expr::Bool(false));
                let is_on = matches!(facts.expr(arg.value), Expr::Bool(true));
                arg.name.is_some_and(|n| (n == "repr" && is_off) || (n == "exclude" && is_on))
            }),
            _ => false,
        };
        let marks = field.decorators.iter().any(|d| {
            let text = facts.show(*d).to_ascii_lowercase();
            WORDS.hiding_words.iter().any(|word| text.contains(word.as_str()))
        });
        field.ty.as_ref().is_some_and(hides) || field.default.is_some_and(says_so) || marks
    }

    fn prints_fields(&self, class: GClass) -> bool {
        let project = self.cx.project;
        project.ancestors(class).into_iter().any(|c| {
            let facts = project.program.facts(project.program.file_of_class(c));
            let class: &Class = project.program.class(c);
            let last = |text: String| text.rsplit('.').next().unwrap_or_default().to_owned();
            let base = class.bases.iter().any(|b| WORDS.printing_bases.contains(&last(facts.show(*b))));
            let decorated = class.decorators.iter().any(|d| match facts.expr(*d) {
                Expr::Call(call) => {
                    let is_silent = call.args.iter().any(|a| {
                        a.name.is_some_and(|n| n == "repr") && matches!(facts.expr(a.value), Expr::Bool(false))
                    });
                    !is_silent && WORDS.printing_decorators.contains(&last(facts.show(call.callee)))
                }
                _ => WORDS.printing_decorators.contains(&last(facts.show(*d))),
            });
            base || decorated
        })
    }

    fn derives_debug(&self, class: GClass) -> bool {
        let project = self.cx.project;
        let facts = project.program.facts(project.program.file_of_class(class));
        project.program.class(class).decorators.iter().any(|d| match facts.expr(*d) {
            Expr::Call(call) => call.args.iter().any(|a| {
                let shown = facts.show(a.value);
                shown == "Debug" || shown.ends_with(".Debug")
            }),
            _ => false,
        })
    }
}

/// Whether values of a type tell nothing: truth values, numbers, functions.
pub(super) fn is_harmless(ty: &Type) -> bool {
    match ty {
        Type::Function(..) | Type::Null => true,
        Type::Path(path, args) if args.is_empty() => {
            path.last().is_some_and(|n| WORDS.harmless_types.contains(n.as_str()))
        }
        Type::Path(path, args) => {
            path.last().is_some_and(|n| WORDS.harmless_types.contains(n.as_str())) || args.iter().all(is_harmless)
        }
        Type::Union(types) => types.iter().all(is_harmless) && types.iter().any(|t| *t != Type::Null),
        Type::Annotated(inner, _) => is_harmless(inner),
        _ => false,
    }
}

/// Whether a type hides what it holds.
pub(super) fn hides(ty: &Type) -> bool {
    let is_listed = |path: &[Name]| path.last().is_some_and(|n| WORDS.hiding_types.contains(n.as_str()));
    match ty {
        Type::Path(path, args) => is_listed(path) || args.iter().any(hides),
        Type::Union(types) | Type::All(types) | Type::Tuple(types) => types.iter().any(hides),
        Type::Annotated(inner, _) => hides(inner),
        _ => false,
    }
}
