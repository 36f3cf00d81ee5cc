//! Members of classes: through bases, below them, and from `impl` blocks.

use std::collections::VecDeque;

use super::Linker;
use crate::intern::Name;
use crate::ir::{ClassKind, FnId};
use crate::project::program::{FileId, GClass, GFn};
use crate::project::solver::{Holder, NodeId, Op};
use crate::project::value::Value;

/// How many levels of classes below one are searched for its members: nobody derives so deeply.
pub(super) const MAX_LEVELS: u8 = 48;

/// How many bases of a class are searched.
pub(super) const MAX_BASES: usize = 64;

/// What became of asking for a node of a class below another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    /// It was there.
    Known,
    /// It was there, for a class further above: what lies below may not have been reached.
    Nearer,
    /// It was made.
    New,
}

impl Linker<'_> {
    /// A member of exactly this class: its own, or inherited.
    pub(in crate::project) fn member(&mut self, class: GClass, name: Name) -> NodeId {
        if let Some(node) = self.classes[class.0 as usize].exact.get(&name) {
            return *node;
        }
        let node = self.graph.node();
        self.classes[class.0 as usize].exact.insert(name, node);
        let field = self.graph.field(Holder::Class(class), name);
        self.graph.copy(field, node);
        if self.own_method(class, name).is_none() {
            for index in 0..self.classes[class.0 as usize].bases.len() {
                let base = self.classes[class.0 as usize].bases[index];
                self.watch(base, Op::LoadOfBase { name, to: node });
            }
        }
        node
    }

    /// A member of this class or any class below it.
    pub(super) fn declared_member(&mut self, class: GClass, name: Name) -> NodeId {
        self.spread_below(class, Some(name), 0)
    }

    /// A class and those below it as values: the receiver of a method that is called on the class itself.
    pub(in crate::project) fn class_side(&mut self, class: GClass) -> NodeId {
        self.spread_below(class, None, 0)
    }

    /// The node that holds a member, or without one the class itself, of a class and of those below it. Without recursion
    /// and not without end: code may derive as deep as it likes, and in circles.
    pub(super) fn spread_below(&mut self, class: GClass, member: Option<Name>, level: u8) -> NodeId {
        let (top, how) = self.node_below(class, member, level);
        let mut waiting = VecDeque::new();
        waiting.extend((how != Below::Known).then_some((class, top, level, how)));
        while let Some((class, node, level, how)) = waiting.pop_front() {
            match member {
                _ if how == Below::Nearer => {}
                Some(name) => {
                    let exact = self.member(class, name);
                    self.graph.copy(exact, node);
                }
                None => self.graph.add(node, Value::Class(class)),
            }
            if level >= MAX_LEVELS {
                continue;
            }
            for subclass in self.classes[class.0 as usize].subclasses.clone() {
                let (below, how) = self.node_below(subclass, member, level + 1);
                waiting.extend((how != Below::Known).then_some((subclass, below, level + 1, how)));
                self.graph.copy(below, node);
            }
        }
        top
    }

    /// The node of [`Linker::spread_below`] for one class.
    pub(super) fn node_below(&mut self, class: GClass, member: Option<Name>, level: u8) -> (NodeId, Below) {
        let state = &mut self.classes[class.0 as usize];
        let known = match member {
            Some(name) => state.declared.get_mut(&name),
            None => state.class_side.as_mut(),
        };
        if let Some((node, known)) = known {
            let how = if level < *known { Below::Nearer } else { Below::Known };
            *known = level.min(*known);
            return (*node, how);
        }
        let node = self.graph.node();
        let state = &mut self.classes[class.0 as usize];
        match member {
            Some(name) => drop(state.declared.insert(name, (node, level))),
            None => state.class_side = Some((node, level)),
        }
        (node, Below::New)
    }

    pub(super) fn own_method(&self, class: GClass, name: Name) -> Option<GFn> {
        let file = self.program.file_of_class(class);
        let facts = self.program.facts(file);
        let found = self.program.class(class).methods.iter().find(|m| facts.function(**m).name == Some(name));
        found.filter(|m| !facts.function(**m).is_abstract).map(|m| self.program.gfn(file, *m))
    }

    /// Makes `node` a base of a class.
    pub(in crate::project) fn add_base(&mut self, class: GClass, node: NodeId) {
        if self.classes[class.0 as usize].bases.len() >= MAX_BASES {
            return;
        }
        self.classes[class.0 as usize].bases.push(node);
        self.watch(node, Op::BaseOf { class });
        let mut members: Vec<_> = self.classes[class.0 as usize].exact.iter().map(|(n, node)| (*n, *node)).collect();
        members.sort_unstable();
        for (name, to) in members {
            if self.own_method(class, name).is_none() {
                self.watch(node, Op::LoadOfBase { name, to });
            }
        }
    }

    pub(super) fn add_subclass(&mut self, base: GClass, class: GClass) {
        if base == class || self.classes[base.0 as usize].subclasses.contains(&class) {
            return;
        }
        self.classes[base.0 as usize].subclasses.push(class);
        if let Some((to, level)) = self.classes[base.0 as usize].class_side.filter(|(_, level)| *level < MAX_LEVELS) {
            let below = self.spread_below(class, None, level + 1);
            self.graph.copy(below, to);
        }
        let mut members: Vec<_> = self.classes[base.0 as usize].declared.iter().map(|(n, node)| (*n, *node)).collect();
        members.sort_unstable();
        for (name, (to, level)) in members.into_iter().filter(|(_, (_, level))| *level < MAX_LEVELS) {
            let below = self.spread_below(class, Some(name), level + 1);
            self.graph.copy(below, to);
        }
    }

    /// The node of a class's bases, for asking what it derives from.
    pub(in crate::project) fn bases(&self, class: GClass) -> &[NodeId] {
        &self.classes[class.0 as usize].bases
    }

    /// The classes known to derive from or implement a class directly.
    pub(in crate::project) fn subclasses(&self, class: GClass) -> &[GClass] {
        &self.classes[class.0 as usize].subclasses
    }

    /// Registers an `impl` block to be attached once its target is known.
    pub(in crate::project) fn add_impl(&mut self, file: FileId, index: usize, target: NodeId) {
        let block = crate::project::program::len32(self.impls.len());
        self.impls.push((file, index));
        self.watch(target, Op::ImplTarget { block });
    }

    pub(super) fn apply_impl(&mut self, block: u32, value: Value) {
        let (file, index) = self.impls[block as usize];
        let Value::Class(class) = value else {
            if let (Value::Api(_), Some(interface)) = (value, &self.program.facts(file).impls[index].interface) {
                let parent = self.program.facts(file).impls[index].parent.unwrap_or(FnId::MODULE);
                let node = self.type_head(file, parent, interface);
                self.watch(node, Op::Extends { block });
            }
            return;
        };
        if self.program.class(class).kind == ClassKind::Alias {
            // `type User = Account; impl Extract for User`: the block is for what the name stands for.
            let head = self.graph.field(Holder::Class(class), Name::new("<alias head>"));
            self.watch(head, Op::ImplTarget { block });
        }
        let imp = &self.program.facts(file).impls[index];
        for method in &imp.methods {
            let f = self.program.gfn(file, *method);
            if let Some(name) = self.program.function(f).name {
                let field = self.graph.field(Holder::Class(class), name);
                self.graph.add(field, Value::Fn(f));
            }
            self.owners.insert(f, class);
        }
        if let Some(interface) = &imp.interface {
            let node = self.type_head(file, imp.parent.unwrap_or(FnId::MODULE), interface);
            self.add_base(class, node);
        }
    }

    /// An interface of the program implemented for a library's type: a value known by the interface alone may be that
    /// type. The library's own class has no members here, so they go where the interface's users look them up.
    pub(super) fn apply_extension(&mut self, block: u32, value: Value) {
        let Value::Class(interface) = value else { return };
        let (file, index) = self.impls[block as usize];
        for method in &self.program.facts(file).impls[index].methods {
            let f = self.program.gfn(file, *method);
            if let Some(name) = self.program.function(f).name {
                let member = self.declared_member(interface, name);
                self.graph.add(member, Value::Fn(f));
            }
        }
    }
}
