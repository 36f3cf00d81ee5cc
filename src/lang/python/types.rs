//! Annotations.
//!
//! Only the special forms of `typing` that change what a type is made of are understood, whatever module they are
//! reached through; everything else is a path with arguments, as written.

use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use super::{Lowering, parse};
use crate::intern::Name;
use crate::ir::Type;
use crate::source::Span;

impl Lowering<'_> {
    /// Lowers an annotation.
    pub(super) fn annotation(&mut self, at: At) -> Type {
        let at = self.tree.bare(at);
        match self.deeper(1, |cx| cx.type_of(at)) {
            Some(ty) => ty,
            None => {
                self.skip(at);
                Type::Unknown
            }
        }
    }

    fn type_of(&mut self, at: At) -> Type {
        let tree = self.tree;
        match self.kind(at) {
            Kind::Type | Kind::ConstrainedType => match tree.named(at).next() {
                Some(inner) => self.type_of(tree.bare(inner)),
                None => Type::Unknown,
            },
            Kind::Identifier => Type::Path(vec![self.name(at)], Vec::new()),
            Kind::Attribute | Kind::MemberType => match self.path(at) {
                Some(path) => Type::Path(path, Vec::new()),
                None => Type::Unknown,
            },
            Kind::None => Type::Null,
            Kind::String => self.quoted(at),
            Kind::BinaryOperator | Kind::UnionType => self.union(at),
            Kind::Subscript | Kind::GenericType => self.generic(at),
            // A call makes the type: what it is made with matters as metadata does.
            Kind::Call => Type::Annotated(Box::new(Type::Unknown), vec![self.expr(at)]),
            Kind::List => Type::Tuple(tree.named(at).map(|item| self.annotation(item)).collect()),
            _ => Type::Unknown,
        }
    }

    /// `a.b.c` as its names.
    fn path(&self, at: At) -> Option<Vec<Name>> {
        let mut names = Vec::new();
        let mut next = at;
        loop {
            match self.kind(next) {
                Kind::Identifier => {
                    names.push(self.name(next));
                    names.reverse();
                    return Some(names);
                }
                Kind::Attribute => {
                    names.push(self.name(self.child(next, Field::Attribute)?));
                    next = self.child(next, Field::Object)?;
                }
                Kind::MemberType => {
                    let mut parts = self.tree.named(next);
                    let base = parts.next()?;
                    names.push(self.name(parts.last()?));
                    next = base;
                }
                Kind::Type => next = self.tree.named(next).next()?,
                _ => return None,
            }
        }
    }

    /// `A | B | C`.
    fn union(&mut self, at: At) -> Type {
        let tree = self.tree;
        let mut sides = Vec::new();
        let mut next = at;
        while matches!(self.kind(next), Kind::BinaryOperator | Kind::UnionType) {
            let is_union = self.kind(next) == Kind::UnionType || tree.child_of(next, Kind::Bar).is_some();
            let mut parts = tree.named(next);
            let (Some(left), Some(right), true) = (parts.next(), parts.next(), is_union) else { break };
            sides.push(right);
            next = if self.kind(left) == Kind::Type { tree.named(left).next().unwrap_or(left) } else { left };
        }
        if sides.is_empty() {
            return Type::Unknown;
        }
        sides.push(next);
        sides.reverse();
        flat_union(sides.into_iter().map(|side| self.annotation(side)).collect())
    }

    /// `Base[args]`.
    fn generic(&mut self, at: At) -> Type {
        let tree = self.tree;
        let (base, args): (Option<At>, Vec<At>) = if self.kind(at) == Kind::Subscript {
            let args = tree.children(at).filter(|&c| tree.field(c) == Field::Subscript);
            (self.child(at, Field::Value), args.collect())
        } else {
            let list = tree.child_of(at, Kind::TypeParameter);
            (tree.named(at).next(), list.map(|list| tree.named(list).collect()).unwrap_or_default())
        };
        let Some(path) = base.and_then(|base| self.path(base)) else { return Type::Unknown };
        let args = self.flat_args(args);
        match path.last().map(|name| name.as_str()) {
            Some("Optional") => {
                let mut types = self.annotations(&args);
                types.push(Type::Null);
                flat_union(types)
            }
            Some("Union") => flat_union(self.annotations(&args)),
            Some("Annotated") => self.annotated(&args),
            Some("Literal") => flat_union(args.iter().map(|&arg| self.literal_type(arg)).collect()),
            Some("Callable") => self.callable(&args),
            Some("tuple" | "Tuple") if !args.iter().any(|&arg| self.is_ellipsis(arg)) => {
                Type::Tuple(self.annotations(&args))
            }
            _ => {
                let args: Vec<At> = args.into_iter().filter(|&arg| !self.is_ellipsis(arg)).collect();
                Type::Path(path, self.annotations(&args))
            }
        }
    }

    /// `X[(a, b)]` means `X[a, b]`.
    fn flat_args(&self, args: Vec<At>) -> Vec<At> {
        match args.as_slice() {
            [only] if self.kind(self.unwrapped(*only)) == Kind::Tuple => {
                self.tree.named(self.unwrapped(*only)).collect()
            }
            _ => args,
        }
    }

    fn unwrapped(&self, at: At) -> At {
        match self.kind(at) {
            Kind::Type => self.tree.named(at).next().map_or(at, |inner| self.tree.bare(inner)),
            _ => self.tree.bare(at),
        }
    }

    fn is_ellipsis(&self, at: At) -> bool {
        self.kind(self.unwrapped(at)) == Kind::Ellipsis
    }

    fn annotations(&mut self, args: &[At]) -> Vec<Type> {
        args.iter().map(|&arg| self.annotation(arg)).collect()
    }

    fn annotated(&mut self, args: &[At]) -> Type {
        let Some((first, metadata)) = args.split_first() else { return Type::Unknown };
        let inner = self.annotation(*first);
        let metadata = metadata.iter().map(|&item| self.expr(self.unwrapped(item))).collect();
        Type::Annotated(Box::new(inner), metadata)
    }

    fn literal_type(&mut self, at: At) -> Type {
        let at = self.unwrapped(at);
        match self.kind(at) {
            Kind::None => Type::Null,
            Kind::String | Kind::ConcatenatedString => {
                let text = self.expr(at);
                self.out.facts.str_value(text).map_or(Type::Unknown, Type::Literal)
            }
            Kind::Attribute | Kind::Subscript | Kind::GenericType => self.annotation(at),
            _ => Type::Literal(self.name(at)),
        }
    }

    fn callable(&mut self, args: &[At]) -> Type {
        let [params, returns] = args else { return Type::Function(Vec::new(), None) };
        let list = self.unwrapped(*params);
        let params = match self.kind(list) {
            Kind::List => self.tree.named(list).collect(),
            _ => Vec::new(),
        };
        let params = self.annotations(&params);
        Type::Function(params, Some(Box::new(self.annotation(*returns))))
    }

    /// A type in quotes, read as if it were not.
    fn quoted(&mut self, at: At) -> Type {
        let Some(content) = self.plain(at) else { return Type::Unknown };
        let written = self.slice(content);
        let is_path = |byte: u8| byte == b'_' || byte == b'.' || byte.is_ascii_alphanumeric();
        if written != "None" && written.bytes().all(is_path) {
            return Type::Path(written.split('.').map(Name::new).collect(), Vec::new());
        }
        self.reparsed(content)
    }

    fn reparsed(&mut self, stretch: Span) -> Type {
        let Some(tree) = parse::parse_stretches(self.text, &[stretch]) else { return Type::Unknown };
        let Some(statement) = tree.named(At::ROOT).next() else { return Type::Unknown };
        let Some(inner) = tree.named(statement).next() else { return Type::Unknown };
        let (scope, depth, cast) = (self.scope, self.depth, self.cast);
        let mut lowering = Lowering { scope, depth, cast, ..Lowering::new(&tree, self.text, &mut *self.out) };
        lowering.annotation(inner)
    }
}

/// A union without unions in it and at most one `None`; of a single type it is that type.
fn flat_union(types: Vec<Type>) -> Type {
    let mut flat = Vec::with_capacity(types.len());
    for ty in types {
        match ty {
            Type::Union(inner) => flat.extend(inner),
            ty => flat.push(ty),
        }
    }
    let mut has_null = false;
    flat.retain(|ty| *ty != Type::Null || !std::mem::replace(&mut has_null, true));
    if flat.len() == 1 { flat.swap_remove(0) } else { Type::Union(flat) }
}
