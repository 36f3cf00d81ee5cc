//! What libraries keep for the program: boxes that a call returns, and bags into which values are put under a name.

use std::sync::Arc;

use super::{Linker, Site};
use crate::intern::Name;
use crate::ir::Expr;
use crate::model::{ApiId, ObjectId, Place, PlaceRoot, RowRef};
use crate::project::solver::{Holder, NodeId};
use crate::project::value::Value;

impl Linker<'_> {
    /// Puts what a call is given, and what its type arguments name, into the box that it returns.
    pub(super) fn fill_box(&mut self, index: u32, row: u32) {
        let models = self.models;
        let boxes = &models.calls[row as usize].places.boxes;
        if boxes.is_empty() {
            return;
        }
        let Site { at, args, result, receiver, .. } = self.sites[index as usize].clone();
        let types = self.call_types.get(&index).cloned().unwrap_or_default();
        for (member, place) in boxes {
            let field = self.graph.field(Holder::Literal(at), *member);
            for node in self.place_nodes(place, &args, receiver).into_iter().chain(types.iter().copied()) {
                self.graph.copy(node, field);
            }
        }
        self.graph.add(result, Value::Literal(at));
    }

    /// Puts what a call is given into a bag, or takes out what it asks for.
    pub(super) fn use_bag(&mut self, index: u32, row: u32) {
        let models = self.models;
        let Some((bag, keys, values)) = &models.calls[row as usize].places.bag else { return };
        let Some(key) = keys.iter().find_map(|place| self.written_at(index, place)) else { return };
        let kept = self.bag_member(*bag, key);
        let (args, result, receiver) = {
            let site = &self.sites[index as usize];
            (Arc::clone(&site.args), site.result, site.receiver)
        };
        let places = values.as_deref().unwrap_or_default();
        let given: Vec<NodeId> = places.iter().flat_map(|place| self.place_nodes(place, &args, receiver)).collect();
        given.into_iter().for_each(|node| self.graph.copy(node, kept));
        self.graph.copy(kept, result);
    }

    /// The text that a call's argument is written as.
    fn written_at(&self, index: u32, place: &Place) -> Option<Name> {
        let at = self.sites[index as usize].at;
        let facts = self.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return None };
        let arg = match place.root {
            PlaceRoot::Arg(nth) => call.args.iter().filter(|arg| arg.name.is_none()).nth(nth),
            PlaceRoot::Named(name) => call.args.iter().find(|arg| arg.name == Some(name)),
            _ => None,
        };
        facts.str_value(arg?.value)
    }

    /// Whether what a library's member of a class makes and finds are instances of the class.
    pub(super) fn makes_of_class(&self, api: ApiId) -> bool {
        let is_so = |row: &RowRef| matches!(row, RowRef::Value(row) if self.models.values[*row as usize].raw.of_class.is_some());
        self.matcher.rows(api).iter().any(is_so)
    }

    /// The bags among what a library value is.
    pub(super) fn bags_of(&self, api: ApiId) -> Vec<ObjectId> {
        let bags = &self.models.bags;
        let objects = self.matcher.rows(api).iter().filter_map(|row| match row {
            RowRef::Object(object) if bags.contains(object) => Some(*object),
            _ => None,
        });
        objects.collect()
    }

    /// The node of what bags of a kind keep under a name. They are told apart by nothing else: a program mostly has one.
    pub(super) fn bag_member(&mut self, bag: ObjectId, name: Name) -> NodeId {
        if let Some(node) = self.bag_members.get(&(bag, name)) {
            return *node;
        }
        let node = self.graph.node();
        self.bag_members.insert((bag, name), node);
        node
    }
}
