//! What class a value can be of, as far as that can be believed.
//!
//! The linker lets every value go wherever it may; through containers, wrappers and retried functions that is far. Where a
//! declared type stands on the way, only what fits it is believed; where nothing is declared and the classes are many, none
//! is. Flows go along the members and methods of the classes that are left.

use rustc_hash::FxHashSet;

use super::index::FlowIndex;
use crate::intern::Name;
use crate::ir::{Expr, Type};
use crate::project::{GClass, GExpr, GFn, SiteId, Value};

/// Classes that a value can be of when nothing is declared, before nothing is believed.
const MAX_CLASSES: usize = 6;
/// Functions that a call of a parameter can go to, before it counts as unknown.
const MAX_HANDED_IN: usize = 4;

impl FlowIndex<'_> {
    /// The classes that the value of an expression is believed to be of, or to be.
    pub(super) fn holders(&self, at: GExpr) -> Vec<GClass> {
        let mut declared = Vec::new();
        let mut found: Vec<GClass> = Vec::new();
        for value in self.project.values(at) {
            match value {
                Value::Declared(class) => declared.push(*class),
                Value::Instance(class) | Value::Class(class) => found.push(*class),
                _ => {}
            }
        }
        if !declared.is_empty() {
            found.retain(|class| declared.iter().any(|d| self.fits(*class, *d)));
            found.extend(declared);
        } else if self.is_plain(at) {
            return Vec::new();
        }
        found.sort_unstable();
        found.dedup();
        if found.len() > MAX_CLASSES && !self.are_related(&found) {
            return Vec::new();
        }
        found
    }

    /// Whether one class is the other, or derives from it.
    fn fits(&self, class: GClass, declared: GClass) -> bool {
        class == declared
            || self.project.ancestors(class).contains(&declared)
            || self.project.ancestors(declared).contains(&class)
    }

    /// Whether classes have an ancestor in common: the implementations of one interface.
    fn are_related(&self, classes: &[GClass]) -> bool {
        let mut common: Option<FxHashSet<GClass>> = None;
        for class in classes {
            let ancestors: FxHashSet<GClass> = self.project.ancestors(*class).into_iter().collect();
            common = Some(match common {
                Some(common) => common.intersection(&ancestors).copied().collect(),
                None => ancestors,
            });
        }
        common.is_some_and(|common| !common.is_empty())
    }

    /// Whether an expression names a parameter that is declared to be of a type of the language.
    fn is_plain(&self, at: GExpr) -> bool {
        let facts = self.project.program.facts(at.file);
        let Expr::Name(name) = facts.expr(at.expr) else { return false };
        let Some((_, owner)) = self.binder(at, *name) else { return false };
        let param = facts.function(owner).params.iter().find(|p| p.name() == Some(*name));
        matches!(param.and_then(|p| p.ty.as_ref()), Some(ty) if is_of_language(ty))
    }

    /// As seen from rules: the functions of the program whose results a call can have.
    pub fn answered_by(&self, site: SiteId) -> Vec<GFn> {
        self.answering(site)
    }

    /// The functions whose results a call can have. One that was handed in can be any that the program hands in there, and
    /// a method that of any class whose instances get there: where that cannot be believed, a call tells nothing.
    pub(super) fn answering(&self, site: SiteId) -> Vec<GFn> {
        let mut found: Vec<GFn> = Vec::new();
        for value in self.project.callees(site) {
            match value {
                Value::Fn(f) => found.push(*f),
                other => found.extend(self.project.targets(*other)),
            }
        }
        let at = self.project.site(site).at;
        let facts = self.project.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return found };
        if let Some(decorated) = self.decorated(GExpr { file: at.file, expr: call.callee })
            && found.contains(&decorated)
        {
            return vec![decorated];
        }
        match facts.expr(call.callee) {
            Expr::Name(_)
                if found.len() > MAX_HANDED_IN && self.is_handed_in(GExpr { file: at.file, expr: call.callee }) =>
            {
                found.clear();
            }
            Expr::Field { base, name } if !found.is_empty() => {
                self.retain_methods(GExpr { file: at.file, expr: *base }, *name, &mut found);
            }
            _ => {}
        }
        found
    }

    /// The one function that a callee, or the receiver of a called method, names where a decorator has made an object of
    /// it: objects of one decorator hold each their own function.
    fn decorated(&self, callee: GExpr) -> Option<GFn> {
        let facts = self.project.program.facts(callee.file);
        let named = match facts.expr(callee.expr) {
            Expr::Field { base, .. } => *base,
            _ => callee.expr,
        };
        if !matches!(facts.expr(named), Expr::Name(_)) {
            return None;
        }
        let values = self.project.values(GExpr { file: callee.file, expr: named });
        let is_object = values.iter().any(|value| matches!(value, Value::Instance(_)));
        let mut functions = values.iter().filter_map(|value| if let Value::Fn(f) = value { Some(*f) } else { None });
        let only = functions.next().filter(|_| functions.next().is_none())?;
        (is_object && !self.project.program.function(only).decorators.is_empty()).then_some(only)
    }

    /// Keeps what the classes believed of a receiver have.
    fn retain_methods(&self, receiver: GExpr, name: Name, found: &mut Vec<GFn>) {
        let values = self.project.values(receiver);
        if !values.iter().any(|value| matches!(value, Value::Instance(_) | Value::Declared(_))) {
            return;
        }
        let believed = self.holders(receiver);
        let classes: FxHashSet<GClass> = believed.iter().flat_map(|class| self.project.ancestors(*class)).collect();
        let is_elsewhere = values.iter().any(|value| matches!(value, Value::Module(_) | Value::Literal(_)));
        found.retain(|f| match self.project.program.owner(*f) {
            Some(owner) => classes.contains(&owner),
            // A function that a class holds under that name.
            None => is_elsewhere || believed.iter().any(|class| self.project.method(*class, name).contains(f)),
        });
    }

    fn is_handed_in(&self, at: GExpr) -> bool {
        let facts = self.project.program.facts(at.file);
        let Expr::Name(name) = facts.expr(at.expr) else { return false };
        self.binder(at, *name)
            .is_some_and(|(_, owner)| facts.function(owner).params.iter().any(|p| p.name() == Some(*name)))
    }
}

/// Whether values of a type have no members that a program defines.
fn is_of_language(ty: &Type) -> bool {
    match ty {
        Type::Path(path, _) => path.last().is_some_and(|head| {
            matches!(
                head.as_str(),
                "dict"
                    | "Dict"
                    | "list"
                    | "List"
                    | "str"
                    | "int"
                    | "float"
                    | "bool"
                    | "bytes"
                    | "tuple"
                    | "set"
                    | "string"
                    | "number"
                    | "boolean"
                    | "Record"
                    | "Map"
                    | "Array"
                    | "String"
                    | "Vec"
                    | "HashMap"
            )
        }),
        Type::Union(all) => all.iter().all(|ty| matches!(ty, Type::Null) || is_of_language(ty)),
        Type::Annotated(inner, _) => is_of_language(inner),
        Type::Null => true,
        _ => false,
    }
}
