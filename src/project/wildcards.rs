//! Wildcard imports of Python and Rust as a graph. Modules that take all names from each other hold the same names: they are
//! one group, in which a name is looked up once, however many imports lead around in it.
//!
//! TypeScript's `export *` is another thing: see `linker/imports.rs`.

use rustc_hash::FxHashMap;

use super::modules::{ModuleRef, Modules};
use super::program::{FileId, Program};
use crate::intern::Name;
use crate::ir::{FnId, ImportKind};
use crate::source::Language;

/// A scope with wildcard imports.
type Scope = (FileId, FnId);

/// Where a group takes names from that it does not hold itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outside {
    /// A module of the program.
    Module(ModuleRef),
    /// What an import of a file means that leads out of the program, or by ways that are not known yet.
    Import(FileId, FnId, Name),
}

/// Scopes that reach each other through wildcard imports, or one that none leads back to.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) scopes: Vec<Scope>,
    pub(super) outside: Vec<Outside>,
}

/// All wildcard imports of a program.
#[derive(Debug, Default)]
pub(super) struct Wildcards {
    group_of: FxHashMap<Scope, usize>,
    groups: Vec<Group>,
}

impl Wildcards {
    pub(super) fn new(program: &Program, modules: &Modules) -> Self {
        let mut scopes: Vec<Scope> = Vec::new();
        let mut targets: Vec<Vec<Outside>> = Vec::new();
        let mut at: FxHashMap<Scope, usize> = FxHashMap::default();
        for file in program.file_ids().filter(|file| program.language(*file) != Language::TypeScript) {
            for import in program.facts(file).imports.iter().filter(|import| import.kind == ImportKind::Wildcard) {
                let scope = (file, import.scope);
                let node = *at.entry(scope).or_insert_with(|| {
                    scopes.push(scope);
                    targets.push(Vec::new());
                    scopes.len() - 1
                });
                targets[node].push(match modules.resolve(program, file, import.scope, &import.module) {
                    Some(module) => Outside::Module(module),
                    None => Outside::Import(file, import.scope, import.module),
                });
            }
        }
        let inner = |target: &Outside| match target {
            Outside::Module(ModuleRef::Scope(file, scope)) => at.get(&(*file, *scope)).copied(),
            _ => None,
        };
        let edges: Vec<Vec<usize>> = targets.iter().map(|list| list.iter().filter_map(inner).collect()).collect();
        let group_of = components(&edges);
        let mut wildcards = Wildcards::default();
        wildcards.groups.resize_with(group_of.iter().max().map_or(0, |last| last + 1), Group::default);
        for (node, list) in targets.into_iter().enumerate() {
            let group = &mut wildcards.groups[group_of[node]];
            group.scopes.push(scopes[node]);
            group
                .outside
                .extend(list.into_iter().filter(|target| inner(target).map(|to| group_of[to]) != Some(group_of[node])));
            wildcards.group_of.insert(scopes[node], group_of[node]);
        }
        for group in &mut wildcards.groups {
            group.outside.sort_unstable();
            group.outside.dedup();
        }
        wildcards
    }

    /// The group of a scope, if it has wildcard imports.
    pub(super) fn group_of(&self, file: FileId, scope: FnId) -> Option<usize> {
        self.group_of.get(&(file, scope)).copied()
    }

    pub(super) fn group(&self, index: usize) -> &Group {
        &self.groups[index]
    }
}

/// The strongly connected component of each node, numbered from 0 (Kosaraju: what is reached backwards from a node, in the
/// reverse order in which walks forwards end).
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, to) in edges.iter().enumerate().flat_map(|(from, list)| list.iter().map(move |to| (from, *to))) {
        back[to].push(from);
    }
    let mut component = vec![NONE; edges.len()];
    let mut count = 0;
    for root in order_of_ends(edges).into_iter().rev() {
        if component[root] != NONE {
            continue;
        }
        let mut next = vec![root];
        component[root] = count;
        while let Some(node) = next.pop() {
            for from in &back[node] {
                if component[*from] == NONE {
                    component[*from] = count;
                    next.push(*from);
                }
            }
        }
        count += 1;
    }
    component
}

/// All nodes, each behind those that a walk from it meets first.
fn order_of_ends(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut is_met = vec![false; edges.len()];
    let mut order = Vec::with_capacity(edges.len());
    for root in 0..edges.len() {
        if std::mem::replace(&mut is_met[root], true) {
            continue;
        }
        let mut walk = vec![(root, 0)];
        while let Some((node, nth)) = walk.last_mut() {
            let Some(to) = edges[*node].get(*nth).copied() else {
                order.push(*node);
                walk.pop();
                continue;
            };
            *nth += 1;
            if !std::mem::replace(&mut is_met[to], true) {
                walk.push((to, 0));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn nodes_that_reach_each_other_are_one_component() {
        let edges = vec![vec![1], vec![2], vec![0, 3], vec![4], vec![], vec![5, 0]];
        let found = components(&edges);
        assert_eq!((found[0], found[1]), (found[2], found[2]));
        let others: std::collections::BTreeSet<usize> = found.iter().copied().collect();
        assert_eq!(others.len(), 4, "{found:?}");
    }

    #[test]
    fn a_long_chain_is_walked_without_recursion() {
        let edges: Vec<Vec<usize>> = (0..200_000).map(|n| if n == 199_999 { vec![0] } else { vec![n + 1] }).collect();
        assert!(components(&edges).iter().all(|one| *one == 0));
    }
}
