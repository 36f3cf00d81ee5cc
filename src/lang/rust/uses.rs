//! `use` trees: one import row a name, and an export row where the `use` is visible from outside.

use syn::UseTree;

use super::cx::{Cx, join};
use crate::intern::Name;
use crate::ir::{Export, FnId, ImportKind};
use crate::source::Span;

impl Cx<'_> {
    /// A `use` item.
    pub(super) fn use_item(&mut self, item: &syn::ItemUse) {
        let is_public = !matches!(item.vis, syn::Visibility::Inherited) && self.scope == FnId::MODULE;
        let span = join(self.at(item.use_token.span), self.at(item.semi_token.spans[0]));
        let mut path = Vec::new();
        self.use_tree(&item.tree, &mut path, is_public, span);
    }

    fn use_tree(&mut self, tree: &UseTree, path: &mut Vec<Name>, is_public: bool, item: Span) {
        match tree {
            UseTree::Path(step) => {
                let name = self.name(&step.ident);
                path.push(name);
                self.use_tree(&step.tree, path, is_public, item);
                path.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, path, is_public, item);
                }
            }
            UseTree::Glob(_) => {
                let module = joined(path);
                self.import(module, ImportKind::Wildcard, None, item);
                if is_public {
                    self.export(Name::new("*"), (module, Name::new("*")), item);
                }
            }
            UseTree::Name(leaf) => {
                let name = self.name(&leaf.ident);
                self.use_leaf(path, name, None, is_public, self.at(leaf.ident.span()));
            }
            UseTree::Rename(leaf) => {
                let (name, local) = (self.name(&leaf.ident), self.name(&leaf.rename));
                let span = join(self.at(leaf.ident.span()), self.at(leaf.rename.span()));
                self.use_leaf(path, name, Some(local), is_public, span);
            }
        }
    }

    fn use_leaf(&mut self, path: &[Name], name: Name, rename: Option<Name>, is_public: bool, span: Span) {
        // `use a::b::{self}` binds the module `a::b`; `use a` binds the crate or module `a`.
        let (module, kind, bound, origin) = match path.last() {
            Some(last) if name == "self" => (joined(path), ImportKind::Module, *last, Name::new("*")),
            Some(_) => (joined(path), ImportKind::Member(name), name, name),
            None => (name, ImportKind::Module, name, Name::new("*")),
        };
        let local = rename.unwrap_or(bound);
        // `as _` only brings a trait's methods into scope.
        let local = (local != "_").then_some(local);
        self.import(module, kind, local, span);
        if let Some(local) = local
            && is_public
        {
            self.export(local, (module, origin), span);
        }
    }

    fn export(&mut self, name: Name, from: (Name, Name), span: Span) {
        self.out.facts.exports.push(Export { name, local: None, from: Some(from), value: None, span });
    }
}

fn joined(path: &[Name]) -> Name {
    Name::new(&path.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::"))
}
