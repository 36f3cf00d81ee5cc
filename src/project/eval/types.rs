//! Types as nodes of the constraint graph.

use crate::ir::{FnId, Type};
use crate::project::linker::Linker;
use crate::project::program::FileId;
use crate::project::solver::NodeId;

impl<'a> Linker<'a> {
    /// The instances a type stands for. Arguments count too, so that wrappers (`Arc<T>`, `Promise<T>`, `State<T>`) are transparent.
    pub(in crate::project) fn type_values(&mut self, file: FileId, scope: FnId, ty: &Type) -> NodeId {
        match ty {
            Type::Path(_, args) => {
                let head = self.type_head(file, scope, ty);
                let mut nodes = vec![self.instantiate(head)];
                nodes.extend(args.iter().map(|a| self.type_values(file, scope, a)));
                self.union(&nodes)
            }
            Type::Union(types) | Type::All(types) | Type::Tuple(types) => {
                let nodes: Vec<_> = types.iter().map(|t| self.type_values(file, scope, t)).collect();
                self.union(&nodes)
            }
            Type::Annotated(inner, metadata) => {
                let mut nodes = vec![self.type_values(file, scope, inner)];
                nodes.extend(metadata.iter().map(|m| self.eval(file, scope, *m)));
                self.union(&nodes)
            }
            Type::TypeOf(e) => self.eval(file, scope, *e),
            Type::Function(..) | Type::Object(_) | Type::Literal(_) | Type::Null | Type::Unknown => NodeId::EMPTY,
        }
    }

    /// The class (or library type) that a type's name means.
    pub(in crate::project) fn type_head(&mut self, file: FileId, scope: FnId, ty: &Type) -> NodeId {
        match ty {
            Type::Path(path, _) => {
                let Some((first, rest)) = path.split_first() else { return NodeId::EMPTY };
                let mut node = self.name(file, scope, *first);
                for name in rest {
                    node = self.load(node, *name);
                }
                node
            }
            Type::Annotated(inner, _) => self.type_head(file, scope, inner),
            Type::TypeOf(e) => self.eval(file, scope, *e),
            Type::All(types) => {
                let nodes: Vec<_> = types.iter().map(|t| self.type_head(file, scope, t)).collect();
                self.union(&nodes)
            }
            Type::Union(_)
            | Type::Tuple(_)
            | Type::Function(..)
            | Type::Object(_)
            | Type::Literal(_)
            | Type::Null
            | Type::Unknown => NodeId::EMPTY,
        }
    }
}
