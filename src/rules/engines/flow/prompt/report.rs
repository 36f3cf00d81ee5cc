//! What is told about a text: where it starts, what it passes, which call sends it.

use std::collections::BTreeMap;

use super::source::Sort;
use super::{Common, Judge, Told, callee, source};
use crate::finding::Step;
use crate::flow::{Node, Reached};
use crate::ir::Expr;
use crate::project::GExpr;
use crate::rules::engines::flow::{show, subject};
use crate::rules::run::{finding, step};

/// Members of records that a way may lead through: objects of a class are not kept apart, so errors add up.
const MAX_RECORDS: usize = 3;
/// Steps of a path that a report shows.
const SHOWN_STEPS: usize = 14;
/// Of those, the last ones before the text that is found.
const KEPT_AT_TEXT: usize = 3;

impl Judge<'_> {
    pub(super) fn report(&mut self, spot: u32, at: GExpr, sort: Sort, reached: &Reached) {
        let cx = self.cx;
        let way = reached.way(spot);
        let start = self.region.spots[way[0] as usize].node;
        let source = source::describe(cx, start, sort);
        let before: Vec<Node> = way.iter().map(|spot| self.region.spots[*spot as usize].node).collect();
        if self.records(&before) > MAX_RECORDS {
            return;
        }
        let after: Vec<Node> = self.region.onward(spot).into_iter().skip(1).collect();
        let flow = self.steps(&before, &after);
        self.add(spot, at, &source, Some(start), flow);
    }

    /// How often a way leads through a member of a record that was filled in another function.
    fn records(&self, way: &[Node]) -> usize {
        let program = &self.cx.project.program;
        let is_read = |pair: &&[Node]| {
            let (Node::Expr(from), Node::Expr(to)) = (pair[0], pair[1]) else { return false };
            let is_member = match program.facts(to.file).expr(to.expr) {
                Expr::Field { base, .. } => !(from.file == to.file && from.expr == *base),
                _ => false,
            };
            let scope = |at: GExpr| (at.file, self.cx.project.scope_of(at.file, at.expr));
            is_member && scope(from) != scope(to)
        };
        way.windows(2).filter(is_read).count()
    }

    pub(super) fn add(&mut self, spot: u32, at: GExpr, source: &str, start: Option<Node>, flow: Vec<Step>) {
        let cx = self.cx;
        let call = self.region.spots[spot as usize].call;
        let callee = callee(cx, call);
        let sink = format!("the system prompt of {callee}");
        let holes = [("source", source), ("sink", sink.as_str()), ("input", source), ("llm-call", callee.as_str())];
        let place = crate::surface::location(cx.project, at);
        let mut found = finding(self.card, place, subject(cx, at), &holes);
        if let Some(call) = call {
            let site = cx.project.site(call).at;
            found.related.push(step(crate::surface::location(cx.project, site), "the call that sends it"));
        }
        found.flow = flow;
        self.found.insert(at, Told { finding: found, joins: self.joins(spot, start) });
    }

    /// What a text has in common with others that are put together in its function, or come from where it comes from.
    fn joins(&self, spot: u32, start: Option<Node>) -> Vec<(Common, Node)> {
        let mut last = self.region.spots[spot as usize].node;
        let here = self.index.function_of(last);
        let mut at = self.region.spots[spot as usize].toward;
        while let Some(next) = at {
            let node = self.region.spots[next as usize].node;
            let is_outside = self.index.function_of(node) != here;
            // What a function hands to another, and what it gives back to those that asked.
            let handed = (Common::Function(here), if is_outside { last } else { node });
            if is_outside {
                let given_back =
                    start.filter(|_| matches!(node, Node::Expr(_))).map(|start| (Common::Source(start), node));
                return std::iter::once(handed).chain(given_back).collect();
            }
            if self.is_entry(next) {
                return vec![handed];
            }
            last = node;
            at = self.region.spots[next as usize].toward;
        }
        Vec::new()
    }

    /// Of texts that are put together in one expression, the whole is told: `text.replace(..).replace(..)`. Of those that
    /// one function puts together into one text, the first, with the places of the others.
    pub(super) fn tell_once(&mut self) {
        let program = &self.cx.project.program;
        let span = |at: &GExpr| program.facts(at.file).span(at.expr);
        let all: Vec<GExpr> = self.found.keys().copied().collect();
        let is_part =
            |at: &GExpr| all.iter().any(|outer| outer != at && outer.file == at.file && span(outer).contains(span(at)));
        self.found.retain(|at, _| !is_part(at));
        let mut first: BTreeMap<(Common, Node), GExpr> = BTreeMap::new();
        for (at, told) in std::mem::take(&mut self.found) {
            let known = told.joins.iter().find_map(|joins| first.get(joins)).copied();
            if let Some(known) = known.and_then(|known| self.found.get_mut(&known)) {
                known.finding.related.push(step(told.finding.at, "outside text enters the same prompt here, too"));
                continue;
            }
            first.extend(told.joins.iter().map(|joins| (*joins, at)));
            self.found.insert(at, told);
        }
    }

    /// The places of a way to the text that is found and from there to the model, those on one line told once. Of a long
    /// way, both ends and the places around the text are shown.
    pub(super) fn steps(&self, before: &[Node], after: &[Node]) -> Vec<Step> {
        let mut steps = self.told(before, true, after.is_empty());
        if steps.len() > SHOWN_STEPS / 2 {
            steps.drain(SHOWN_STEPS / 2 - KEPT_AT_TEXT..steps.len() - KEPT_AT_TEXT);
        }
        let mut rest = self.told(after, false, true);
        if rest.len() > SHOWN_STEPS / 2 {
            rest.drain(1..rest.len() + 1 - SHOWN_STEPS / 2);
        }
        let is_same = |a: &Step, b: &Step| a.at.path == b.at.path && a.at.span.start == b.at.span.start;
        if let (Some(last), Some(first)) = (steps.last(), rest.first())
            && rest.len() > 1
            && is_same(last, first)
        {
            rest.remove(0);
        }
        steps.extend(rest);
        steps
    }

    fn told(&self, nodes: &[Node], has_start: bool, has_end: bool) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for (number, node) in nodes.iter().enumerate() {
            let shown = show(self.cx, *node);
            let note = match number {
                0 if has_start => format!("`{shown}` starts here"),
                _ if has_end && number + 1 == nodes.len() => format!("`{shown}` is sent"),
                _ => format!("through `{shown}`"),
            };
            let place = self.index.place(*node);
            if steps.last().is_none_or(|last| last.at.path != place.path || last.at.span.start != place.span.start) {
                steps.push(step(place, note));
            }
        }
        steps
    }
}
