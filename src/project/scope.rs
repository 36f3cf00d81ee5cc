//! Which names each function binds, and where a name used in it comes from.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::intern::Name;
use crate::ir::{Block, Expr, FileFacts, FnId, FnKind, ImportKind, Node, Pattern, StmtKind, for_each_child};
use crate::source::Language;

/// Names bound by each function of a file.
#[derive(Debug)]
pub(super) struct Scopes {
    /// Addresses of names, in order.
    bound: Vec<Box<[usize]>>,
    /// Modules whose names a scope takes over whole, as indices into the file's imports.
    wildcards: FxHashMap<FnId, Vec<usize>>,
}

impl Scopes {
    /// Collects the bindings of a file.
    pub(super) fn new(facts: &FileFacts) -> Self {
        let mut bound: Vec<FxHashSet<Name>> = Vec::with_capacity(facts.functions.len());
        let mut wildcards: FxHashMap<FnId, Vec<usize>> = FxHashMap::default();
        for (_, function) in facts.functions() {
            let mut names = FxHashSet::default();
            let mut outer = FxHashSet::default();
            for param in &function.params {
                param.pattern.for_each_name(&mut |n| {
                    names.insert(n);
                });
            }
            bind_block(facts, &function.body, &mut names, &mut outer);
            names.retain(|n| !outer.contains(n));
            bound.push(names);
        }
        for (index, import) in facts.imports.iter().enumerate() {
            if let Some(local) = import.local {
                bound[import.scope.0 as usize].insert(local);
            } else if import.kind == ImportKind::Wildcard {
                wildcards.entry(import.scope).or_default().push(index);
            }
        }
        bind_items(facts, &mut bound);
        let sorted = |names: FxHashSet<Name>| {
            let mut addresses: Vec<usize> = names.into_iter().map(Name::address).collect();
            addresses.sort_unstable();
            addresses.into_boxed_slice()
        };
        Scopes { bound: bound.into_iter().map(sorted).collect(), wildcards }
    }

    /// Whether a function itself binds a name.
    pub(super) fn binds(&self, scope: FnId, name: Name) -> bool {
        self.bound[scope.0 as usize].binary_search(&name.address()).is_ok()
    }

    /// The function in whose scope a name used in `from` is bound; `None` if the file binds it nowhere.
    pub(super) fn lookup(&self, facts: &FileFacts, from: FnId, name: Name) -> Option<FnId> {
        let mut at = from;
        loop {
            // A class body's names are not visible to the functions in it.
            let is_visible = at == from || facts.function(at).kind != FnKind::ClassBody;
            if is_visible && self.binds(at, name) {
                return Some(at);
            }
            if at == FnId::MODULE || (facts.language == Language::Rust && facts.function(at).kind == FnKind::Module) {
                return None;
            }
            at = facts.function(at).parent.unwrap_or(FnId::MODULE);
        }
    }

    /// Wildcard imports visible from a scope, innermost first.
    pub(super) fn wildcards<'a>(&'a self, facts: &'a FileFacts, from: FnId) -> impl Iterator<Item = usize> + 'a {
        let mut at = Some(from);
        std::iter::from_fn(move || {
            let here = at?;
            let is_root = here == FnId::MODULE
                || (facts.language == Language::Rust && facts.function(here).kind == FnKind::Module);
            at = if is_root { None } else { Some(facts.function(here).parent.unwrap_or(FnId::MODULE)) };
            Some(self.wildcards.get(&here).map_or(&[][..], Vec::as_slice))
        })
        .flatten()
        .copied()
    }
}

/// Functions and classes bind their name in the scope around them, whether or not a statement defines them there.
fn bind_items(facts: &FileFacts, bound: &mut [FxHashSet<Name>]) {
    for (id, function) in facts.functions() {
        let is_item = matches!(function.kind, FnKind::Function | FnKind::Module)
            && id != FnId::MODULE
            && function.owner.is_none();
        if let (true, Some(name)) = (is_item, function.name) {
            bound[function.parent.unwrap_or(FnId::MODULE).0 as usize].insert(name);
        }
    }
    for (_, class) in facts.classes() {
        if let Some(name) = class.name {
            bound[class.parent.unwrap_or(FnId::MODULE).0 as usize].insert(name);
        }
    }
}

fn bind_block(facts: &FileFacts, block: &Block, names: &mut FxHashSet<Name>, outer: &mut FxHashSet<Name>) {
    for stmt in block {
        let is_assignment = matches!(&stmt.kind, StmtKind::Assign { .. });
        let is_declared = !matches!(&stmt.kind, StmtKind::Assign { decl: crate::ir::Decl::None, .. });
        if let StmtKind::Global(list) = &stmt.kind {
            outer.extend(list.iter().copied());
        }
        stmt.for_each_child(&mut |node| match node {
            // A plain assignment declares only where the language has no declarations.
            Node::Pattern(pattern) if is_assignment && !is_declared && facts.language != Language::Python => {
                bind_exprs(facts, pattern, names, outer);
            }
            node => bind_node(facts, node, names, outer),
        });
    }
}

fn bind_exprs(facts: &FileFacts, pattern: &Pattern, names: &mut FxHashSet<Name>, outer: &mut FxHashSet<Name>) {
    pattern.for_each_child(&mut |node| match node {
        Node::Pattern(inner) => bind_exprs(facts, inner, names, outer),
        node => bind_node(facts, node, names, outer),
    });
}

fn bind_node(facts: &FileFacts, node: Node<'_>, names: &mut FxHashSet<Name>, outer: &mut FxHashSet<Name>) {
    match node {
        Node::Block(block) => bind_block(facts, block, names, outer),
        Node::Pattern(pattern) => {
            pattern.for_each_name(&mut |n| {
                names.insert(n);
            });
            bind_exprs(facts, pattern, names, outer);
        }
        Node::Expr(id) => {
            let expr = facts.expr(id);
            let is_js_assignment = facts.language == Language::TypeScript && matches!(expr, Expr::Assign { .. });
            for_each_child(expr, &mut |child| match child {
                Node::Pattern(pattern) if is_js_assignment => bind_exprs(facts, pattern, names, outer),
                child => bind_node(facts, child, names, outer),
            });
        }
    }
}
