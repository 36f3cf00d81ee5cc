//! Everything that can become text of a prompt: one graph for the whole program.
//!
//! Grown backwards from every place where library models say that a prompt stands. Each spot of it is a place of the
//! program with the slot of the prompt that it ends in, so that roles are known; its edges lead from what a value is made
//! from to the value. Questions are then asked forwards: which spots does data of some sort reach? It judges nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use super::index::FlowIndex;
use super::message::Written;
use super::prompt::{Slot, seeds, slot_steps};
use super::trace::{Node, Reach, Visit};
use crate::ir::Expr;
use crate::model::ModelSet;
use crate::project::{GExpr, SiteId};

/// Calls that a spot remembers having come in by.
const CONTEXTS: usize = 1;
/// Spots of a region; larger programs are looked at in part.
const MAX_SPOTS: usize = 400_000;

/// A place whose value becomes text of a prompt.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Where.
    pub node: Node,
    /// The slot it ends in.
    pub slot: Slot,
    /// The next spot on a way to the model, `None` at its end.
    pub toward: Option<u32>,
    /// The call that takes the prompt; `None` for a message whose way to the model is not in sight.
    pub call: Option<SiteId>,
    stack: Vec<SiteId>,
}

/// All spots of a program.
#[derive(Debug, Default)]
pub struct Region {
    /// The spots, nearest to the calls first.
    pub spots: Vec<Spot>,
    /// For each spot, those made from it.
    users: Vec<Vec<u32>>,
    /// For each spot, those it is made from.
    parts: Vec<Vec<u32>>,
    known: FxHashMap<(Node, Slot, Vec<SiteId>), u32>,
}

/// Which spots data reaches, and from which spot it came to each.
#[derive(Debug)]
pub struct Reached {
    from: Vec<Option<u32>>,
}

impl Region {
    /// Grows the region of a program.
    pub fn of(index: &FlowIndex<'_>, models: &ModelSet) -> Region {
        let mut region = Region::default();
        for (node, slot, call) in seeds(index, models) {
            region.spot(node, slot, Vec::new(), None, call);
        }
        let written = Written::of(index);
        let mut steps: FxHashMap<(GExpr, Slot), Vec<(Node, Slot)>> = FxHashMap::default();
        region.grow(index, models, &written, 0, &mut steps);
        // Messages that no known call takes: sent by way of another program, a store, an unknown library.
        let known: FxHashSet<Node> = region.spots.iter().map(|spot| spot.node).collect();
        let from = region.spots.len();
        for (node, slot, call) in written.stated().iter().filter(|(node, ..)| !known.contains(node)) {
            region.spot(*node, *slot, Vec::new(), None, *call);
        }
        region.grow(index, models, &written, from, &mut steps);
        region
    }

    /// Looks up what the spots from one on are made from, and what those are made from.
    fn grow(
        &mut self,
        index: &FlowIndex<'_>,
        models: &ModelSet,
        written: &Written,
        from: usize,
        steps: &mut FxHashMap<(GExpr, Slot), Vec<(Node, Slot)>>,
    ) {
        let region = self;
        let mut at = from;
        while at < region.spots.len() && region.spots.len() < MAX_SPOTS {
            let spot = region.spots[at].clone();
            let id = u32::try_from(at).unwrap_or(u32::MAX);
            for (node, slot, stack) in region.steps(index, models, written, &spot, steps) {
                let part = region.spot(node, slot, stack, Some(id), spot.call);
                if !region.users[part as usize].contains(&id) {
                    region.users[part as usize].push(id);
                    region.parts[at].push(part);
                }
            }
            at += 1;
        }
    }

    fn spot(
        &mut self,
        node: Node,
        slot: Slot,
        mut stack: Vec<SiteId>,
        toward: Option<u32>,
        call: Option<SiteId>,
    ) -> u32 {
        stack.drain(..stack.len().saturating_sub(CONTEXTS));
        let key = (node, slot, stack.clone());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let id = u32::try_from(self.spots.len()).unwrap_or(u32::MAX);
        self.spots.push(Spot { node, slot, toward, call, stack });
        self.users.push(Vec::new());
        self.parts.push(Vec::new());
        self.known.insert(key, id);
        id
    }

    /// What a spot is made from. Names mean the same in every context, so they are looked up once.
    fn steps(
        &self,
        index: &FlowIndex<'_>,
        models: &ModelSet,
        written: &Written,
        spot: &Spot,
        memo: &mut FxHashMap<(GExpr, Slot), Vec<(Node, Slot)>>,
    ) -> Vec<(Node, Slot, Vec<SiteId>)> {
        let with_stack = |found: &[(Node, Slot)]| found.iter().map(|(n, s)| (*n, *s, spot.stack.clone())).collect();
        let Node::Expr(at) = spot.node else { return self.plain_steps(index, models, spot) };
        if let Some(found) = memo.get(&(at, spot.slot)) {
            return with_stack(found);
        }
        if let Some(found) = slot_steps(index, models, written, at, spot.slot) {
            let found = found.into_iter().map(|(at, slot)| (Node::Expr(at), slot)).collect::<Vec<_>>();
            let steps = with_stack(&found);
            memo.insert((at, spot.slot), found);
            return steps;
        }
        let found = self.plain_steps(index, models, spot);
        if matches!(index.project.program.facts(at.file).expr(at.expr), Expr::Name(_)) {
            memo.insert((at, spot.slot), found.iter().map(|(node, slot, _)| (*node, *slot)).collect());
        }
        found
    }

    fn plain_steps(&self, index: &FlowIndex<'_>, models: &ModelSet, spot: &Spot) -> Vec<(Node, Slot, Vec<SiteId>)> {
        let visit = Visit { node: spot.node, stack: spot.stack.clone(), from: None, depth: 0 };
        let is_holder = matches!((spot.slot, spot.node), (Slot::Holder(..), Node::Expr(_)));
        let reach = if is_holder { Reach::Containers } else { Reach::Texts };
        let found = index.contributors(models, &visit, reach).into_iter();
        found.map(|(node, stack, _)| (node, spot.slot, stack)).collect()
    }

    /// The spots that what stands at `sources` reaches, sources first. What reaches a spot that `stops` does not go on.
    pub fn reach(&self, sources: &[u32], stops: impl Fn(u32) -> bool) -> Reached {
        let mut reached = Reached { from: vec![None; self.spots.len()] };
        let mut queue: std::collections::VecDeque<u32> = sources.iter().copied().collect();
        for source in sources {
            reached.from[*source as usize] = Some(*source);
        }
        while let Some(at) = queue.pop_front() {
            if stops(at) {
                continue;
            }
            for user in &self.users[at as usize] {
                if reached.from[*user as usize].is_none() {
                    reached.from[*user as usize] = Some(at);
                    queue.push_back(*user);
                }
            }
        }
        reached
    }

    /// The spots that a spot is made from.
    pub fn parts(&self, spot: u32) -> &[u32] {
        &self.parts[spot as usize]
    }

    /// The spots made from a spot.
    pub fn users(&self, spot: u32) -> &[u32] {
        &self.users[spot as usize]
    }

    /// The spot of an expression in the context and slot of another.
    pub fn beside(&self, spot: u32, at: GExpr) -> Option<u32> {
        let Spot { slot, stack, .. } = &self.spots[spot as usize];
        self.known.get(&(Node::Expr(at), *slot, stack.clone())).copied()
    }

    /// The way from a spot to the model's call, itself first.
    pub fn onward(&self, spot: u32) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut at = Some(spot);
        while let Some(spot) = at {
            nodes.push(self.spots[spot as usize].node);
            at = self.spots[spot as usize].toward;
        }
        nodes
    }
}

impl Reached {
    /// Whether data reaches a spot.
    pub fn holds(&self, spot: u32) -> bool {
        self.from[spot as usize].is_some()
    }

    /// The way that data takes to a spot, its source first.
    pub fn way(&self, spot: u32) -> Vec<u32> {
        let mut way = vec![spot];
        while let Some(before) = way.last().and_then(|at| self.from[*at as usize])
            && Some(&before) != way.last()
        {
            way.push(before);
        }
        way.reverse();
        way
    }
}
