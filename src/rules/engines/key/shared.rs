//! Places in the process that all callers share: variables of modules, fields of classes, fields of objects made once.

use rustc_hash::FxHashSet;

use super::look::Looker;
use crate::ir::{Expr, ExprId, FnId};
use crate::project::{FileId, GClass, GExpr, GFn, Value};

/// Classes of which every object is made by a module's own statements.
pub(super) fn singletons(looker: &Looker<'_, '_>) -> FxHashSet<GClass> {
    let project = looker.project();
    let mut made_once = FxHashSet::default();
    let mut made_often = FxHashSet::default();
    for site in &project.sites {
        let program = &project.program;
        let once = program.local_fn(site.caller) == FnId::MODULE;
        let at = project.site_at(site.at);
        for value in at.iter().flat_map(|id| project.callees(*id)) {
            if let Value::Class(class) = value {
                if once {
                    made_once.insert(*class)
                } else {
                    made_often.insert(*class)
                };
            }
        }
    }
    made_once.difference(&made_often).copied().collect()
}

/// What a place is, if all callers share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Shared {
    /// A variable of a file.
    Variable(FileId, crate::intern::Name),
    /// A field of a class or of an object made once.
    Field(GClass, crate::intern::Name),
}

/// The shared place that an expression names, seen from a function.
pub(super) fn shared(
    looker: &Looker<'_, '_>,
    singletons: &FxHashSet<GClass>,
    from: GFn,
    at: GExpr,
    depth: usize,
) -> Option<Shared> {
    if depth > 5 {
        return None;
    }
    let project = looker.project();
    let program = &project.program;
    let facts = program.facts(at.file);
    let inner = |expr: ExprId| shared(looker, singletons, from, GExpr { file: at.file, expr }, depth + 1);
    match facts.expr(at.expr) {
        Expr::Name(name) => {
            let owner = project.binder(at.file, program.local_fn(from), *name)?;
            // What a library hands out may be kept for each request.
            let is_librarys = facts.imports.iter().any(|import| import.local == Some(*name))
                && project.definitions_of(at.file, FnId::MODULE, *name, 0).is_empty();
            (owner == FnId::MODULE && !is_librarys).then_some(Shared::Variable(at.file, *name))
        }
        Expr::Field { base, name } => match facts.expr(*base) {
            Expr::Receiver => field(looker, singletons, program.receiver_class(from)?, *name),
            _ => project.values(GExpr { file: at.file, expr: *base }).iter().find_map(|value| match value {
                Value::Class(class) => has_default(looker, *class, *name).then_some(Shared::Field(*class, *name)),
                Value::Instance(class) => field(looker, singletons, *class, *name),
                _ => None,
            }),
        },
        // Locks and cells around the collection itself.
        Expr::Call(call) if call.args.is_empty() => match facts.expr(call.callee) {
            Expr::Field { base, name } if is_access(name) => inner(*base),
            _ => None,
        },
        // An entry under a constant key is the same for everybody.
        Expr::Index { base, index } if facts.str_value(*index).is_some() => inner(*base),
        Expr::Await(e) | Expr::Try(e) | Expr::Cast { value: e, .. } | Expr::Unary { operand: e, .. } => inner(*e),
        _ => None,
    }
}

fn field(
    looker: &Looker<'_, '_>,
    singletons: &FxHashSet<GClass>,
    class: GClass,
    name: crate::intern::Name,
) -> Option<Shared> {
    let is_shared = singletons.contains(&class) || has_default(looker, class, name);
    is_shared.then_some(Shared::Field(class, name))
}

/// Whether a class body gives a field its value, so that all objects share it. Elsewhere than in Python each object has
/// its own.
fn has_default(looker: &Looker<'_, '_>, class: GClass, name: crate::intern::Name) -> bool {
    let program = &looker.project().program;
    let language = program.language(program.file_of_class(class));
    let is_stated = program.class(class).fields.iter().any(|f| f.name == name && f.default.is_some());
    language == crate::source::Language::Python && is_stated && looker.index.stored(class, name).len() < 2
}

fn is_access(name: &str) -> bool {
    matches!(name, "lock" | "write" | "read" | "borrow_mut" | "borrow" | "unwrap" | "await" | "as_mut" | "get_mut")
}
