//! Types: references, lifetimes and `dyn`/`impl` are dropped, paths and their arguments stay.

use syn::{GenericArgument, GenericParam, PathArguments, TypeParamBound, WherePredicate};

use super::cx::Cx;
use crate::intern::Name;
use crate::ir::Type;

impl Cx<'_> {
    /// A type as written; a type parameter with trait bounds is the traits it is bound to.
    pub(super) fn ty(&mut self, ty: &syn::Type) -> Type {
        if self.room() == 0 {
            return Type::Unknown;
        }
        self.deeper(1, |cx| cx.ty_inner(ty))
    }

    fn ty_inner(&mut self, ty: &syn::Type) -> Type {
        match ty {
            syn::Type::Array(array) => self.sequence(&array.elem),
            syn::Type::Slice(slice) => self.sequence(&slice.elem),
            syn::Type::FnPtr(function) => {
                let params = function.inputs.iter().map(|arg| self.ty(&arg.ty)).collect();
                Type::Function(params, self.returned(&function.output).map(Box::new))
            }
            syn::Type::Group(group) => self.ty(&group.elem),
            syn::Type::Paren(paren) => self.ty(&paren.elem),
            syn::Type::Ptr(pointer) => self.ty(&pointer.elem),
            syn::Type::Reference(reference) => self.ty(&reference.elem),
            syn::Type::ImplTrait(opaque) => self.all_of(opaque.bounds.iter()),
            syn::Type::TraitObject(object) => self.all_of(object.bounds.iter()),
            syn::Type::Path(path) => self.qualified(path.qself.as_ref(), &path.path),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Type::Null,
            syn::Type::Tuple(tuple) => Type::Tuple(tuple.elems.iter().map(|elem| self.ty(elem)).collect()),
            _ => Type::Unknown,
        }
    }

    fn sequence(&mut self, elem: &syn::Type) -> Type {
        let elem = self.ty(elem);
        Type::Path(vec![Name::new("Array")], vec![elem])
    }

    fn qualified(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> Type {
        if let (None, Some(ident)) = (qself, path.get_ident()) {
            let name = self.name(ident);
            if let Some((_, bound)) = self.bounds.iter().rev().find(|(param, _)| *param == name) {
                return bound.clone();
            }
        }
        match (qself, self.path_type(path)) {
            // `<T as Trait>::Out` is `Trait::Out`, `<T>::Out` is `T::Out`.
            (Some(qself), Type::Path(segments, args)) if qself.position == 0 => match self.ty(&qself.ty) {
                Type::Path(mut base, _) => {
                    base.extend(segments);
                    Type::Path(base, args)
                }
                _ => Type::Path(segments, args),
            },
            (_, ty) => ty,
        }
    }

    /// A path as a type; `Fn(A) -> B` is a function type.
    pub(super) fn path_type(&mut self, path: &syn::Path) -> Type {
        let segments = path.segments.iter().map(|segment| self.name(&segment.ident)).collect();
        match path.segments.last().map(|segment| &segment.arguments) {
            Some(PathArguments::Parenthesized(signature)) => {
                let params = signature.inputs.iter().map(|arg| self.ty(&arg.ty)).collect();
                Type::Function(params, self.returned(&signature.output).map(Box::new))
            }
            _ => Type::Path(segments, self.path_args(path)),
        }
    }

    /// The type arguments of a path's last segment that has any, values of associated types included.
    pub(super) fn path_args(&mut self, path: &syn::Path) -> Vec<Type> {
        let args = path.segments.iter().rev().find_map(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(args) => Some(args),
            _ => None,
        });
        args.map(|args| self.angle_args(args)).unwrap_or_default()
    }

    /// The types in `<..>`.
    pub(super) fn angle_args(&mut self, args: &syn::AngleBracketedGenericArguments) -> Vec<Type> {
        let mut types = Vec::new();
        for arg in &args.args {
            match arg {
                GenericArgument::Type(ty) => types.push(self.ty(ty)),
                GenericArgument::AssocType(assoc) => types.push(self.ty(&assoc.ty)),
                _ => {}
            }
        }
        types
    }

    /// A declared return type.
    pub(super) fn returned(&mut self, output: &syn::ReturnType) -> Option<Type> {
        match output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some(self.ty(ty)),
        }
    }

    /// The traits of a list of bounds; lifetimes and `?Sized` say nothing about values.
    pub(super) fn traits<'a>(&mut self, bounds: impl Iterator<Item = &'a TypeParamBound>) -> Vec<Type> {
        let mut types = Vec::new();
        for bound in bounds {
            if let TypeParamBound::Trait(bound) = bound
                && bound.maybe.is_none()
            {
                types.push(self.path_type(&bound.path));
            }
        }
        types
    }

    fn all_of<'a>(&mut self, bounds: impl Iterator<Item = &'a TypeParamBound>) -> Type {
        all(self.traits(bounds))
    }

    /// Lowers something where the type parameters of `generics` stand for their bounds.
    pub(super) fn with_generics<T>(&mut self, generics: &syn::Generics, lower: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.bounds.len();
        for param in &generics.params {
            if let GenericParam::Type(param) = param {
                let bound = self.traits(param.bounds.iter());
                self.bind(&param.ident, bound);
            }
        }
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            if let WherePredicate::Type(predicate) = predicate
                && let syn::Type::Path(path) = &predicate.bounded_ty
                && let Some(ident) = path.path.get_ident()
                && ident != "Self"
            {
                let bound = self.traits(predicate.bounds.iter());
                self.bind(ident, bound);
            }
        }
        let result = lower(self);
        self.bounds.truncate(outer);
        result
    }

    fn bind(&mut self, param: &syn::Ident, bounds: Vec<Type>) {
        if !bounds.is_empty() {
            let name = self.name(param);
            self.bounds.push((name, all(bounds)));
        }
    }
}

/// One type, or all of several.
fn all(mut types: Vec<Type>) -> Type {
    match types.len() {
        0 => Type::Unknown,
        1 => types.remove(0),
        _ => Type::All(types),
    }
}
