//! Outside text in prompts: in the role that a model obeys, or spliced into a template that instructs.
//!
//! One finding a template, where it is written: however many calls send it, that is the place to change. The shared
//! [`Region`] knows which places become prompts; here is judged what flows through them.

mod label;
mod library;
mod report;
mod role;
mod shape;
mod source;

use std::cell::RefCell;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use self::source::Sort;
use super::short;
use crate::flow::{FlowIndex, Node, Piece, Reached, Region, Slot, Spot, is_builder};
use crate::ir::Expr;
use crate::lang::prompt::Role;
use crate::project::{GExpr, GFn, SiteId};
use crate::rules::card::RuleCard;
use crate::rules::run::{Context, Judged};
use crate::source::PathClass;

/// What is asked about a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Does outside text instruct by its role?
    Instructs,
    /// Does outside text stand between instructions without a fence?
    Unfenced,
}

pub(super) fn run(card: &RuleCard, cx: &Context<'_>, index: &FlowIndex<'_>, question: Question, judged: &mut Judged) {
    let region = cx.region();
    let mut judge = Judge {
        card,
        cx,
        index,
        region,
        question,
        shapes: FxHashMap::default(),
        checked: RefCell::default(),
        found: BTreeMap::new(),
    };
    judge.all(judged);
    judge.tell_once();
    let Judge { found, .. } = judge;
    if question == Question::Instructs {
        role::run(card, cx, index, region, judged);
    }
    judged.findings.extend(found.into_values().map(|told| told.finding));
}

struct Judge<'a> {
    card: &'a RuleCard,
    cx: &'a Context<'a>,
    index: &'a FlowIndex<'a>,
    region: &'a Region,
    question: Question,
    /// The pieces of texts that are put together, by place; empty for what is part of a larger text.
    shapes: FxHashMap<GExpr, Vec<Piece>>,
    /// Whether a value was compared with fixed ones, by place.
    checked: RefCell<FxHashMap<GExpr, bool>>,
    found: BTreeMap<GExpr, Told>,
}

/// A finding, and what it shares with others.
struct Told {
    finding: crate::finding::Finding,
    /// What its text has in common with others, and the place by which it leaves its function or is said.
    joins: Vec<(Common, Node)>,
}

/// What two texts have in common that one thing to mend makes of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Common {
    /// The function that puts them together.
    Function(GFn),
    /// Where the outside text enters.
    Source(Node),
}

impl Judge<'_> {
    fn all(&mut self, judged: &mut Judged) {
        let count = u32::try_from(self.region.spots.len()).unwrap_or(u32::MAX);
        let asked: Vec<u32> = (0..count).filter(|spot| self.is_asked(*spot)).collect();
        self.collect_shapes(&asked);
        let templates: FxHashSet<u32> = asked.iter().copied().filter(|spot| self.is_template(*spot)).collect();
        let mut subjects: FxHashSet<GExpr> = FxHashSet::default();
        for spot in &asked {
            if let Node::Expr(at) = self.region.spots[*spot as usize].node
                && (templates.contains(spot) || self.is_entry(*spot))
            {
                subjects.insert(at);
            }
        }
        let unknown: Vec<u32> = asked.iter().copied().filter(|spot| self.is_unknown(*spot)).collect();
        let open = self.region.reach(&unknown, |_| false);
        let sort_of = |spot: &u32| {
            let node = self.region.spots[*spot as usize].node;
            let sort = source::sort(self.cx, self.index, node)?;
            // A name decides only where the program does not tell what the value is.
            (sort != Sort::Called || open.holds(*spot)).then_some((*spot, sort))
        };
        let sorts: Vec<(u32, Sort)> = asked.iter().filter_map(sort_of).collect();
        let fenced = self.fenced(&asked);
        let own: Vec<u32> = asked.iter().copied().filter(|spot| !self.is_in_larger(*spot, &templates)).collect();
        for sort in Sort::ALL {
            // What a model wrote is judged where it does harm; here it would flag every conversation.
            if sort == Sort::Written {
                continue;
            }
            let sources: Vec<u32> = sorts.iter().filter(|(_, s)| *s == sort).map(|(spot, _)| *spot).collect();
            // A name speaks for the hole that bears it, not for what is made of it.
            let named: FxHashSet<u32> = sources.iter().copied().filter(|_| sort == Sort::Called).collect();
            let reached = self.region.reach(&sources, |spot| {
                let is_past = sort == Sort::Called
                    && !named.contains(&spot)
                    && !self.is_part_of_text(spot)
                    && !self.is_renamed(spot);
                is_past
                    || fenced.contains(&spot)
                    || templates.contains(&spot)
                    || self.is_whole_message(spot)
                    || self.is_checked(spot)
                    || self.holds_no_text(spot)
            });
            for spot in &own {
                self.judge(*spot, sort, &reached, &templates);
            }
        }
        self.labelled_holes(&own, &open);
        self.library_holes(&asked);
        let checked = judged.checked(self.card);
        checked.subjects += subjects.len() as u64;
        checked.satisfied += subjects.iter().filter(|at| !self.found.contains_key(at)).count() as u64;
    }

    /// The holes that a fence stands around, in whatever text: what is put there stays fenced where that text goes.
    fn fenced(&self, asked: &[u32]) -> FxHashSet<u32> {
        let mut found = FxHashSet::default();
        if self.question == Question::Instructs {
            return found;
        }
        for spot in asked {
            let Node::Expr(at) = self.region.spots[*spot as usize].node else { continue };
            for (number, piece) in self.shapes.get(&at).into_iter().flatten().enumerate() {
                if let Piece::Hole(hole) = piece
                    && shape::is_fenced(&self.shapes[&at], number)
                {
                    found.extend(self.region.beside(*spot, *hole));
                }
            }
        }
        found
    }

    /// Whether a spot belongs to the question: its slot and its language.
    fn is_asked(&self, spot: u32) -> bool {
        let id = spot;
        let spot = &self.region.spots[spot as usize];
        let is_slot = match self.question {
            // Words put into the model's mouth weigh as much as orders, but a history that is replayed is a history.
            Question::Instructs => match spot.slot {
                Slot::Text(Role::System | Role::Developer) | Slot::Holder(Role::System | Role::Developer, _) => true,
                // Words put into the model's mouth weigh as much as orders, but a history that is replayed is a history.
                Slot::Text(Role::Assistant) => self.is_written_in_message(id) || !self.is_builder_at(id),
                Slot::Holder(Role::Assistant, _) => true,
                _ => false,
            },
            Question::Unfenced => {
                matches!(
                    spot.slot,
                    Slot::Text(Role::User | Role::Unmarked) | Slot::Holder(Role::User | Role::Unmarked, _)
                )
            }
        };
        let file = match spot.node {
            Node::Expr(at) => at.file,
            Node::Param(f, ..) => self.cx.project.program.file_of(f),
        };
        is_slot
            && Context::judges(self.card, self.cx.project.program.language(file))
            && self.cx.project.program.class_of_path(file) == PathClass::Production
    }

    fn is_builder_at(&self, spot: u32) -> bool {
        matches!(self.region.spots[spot as usize].node, Node::Expr(at) if is_builder(self.cx.project, at))
    }

    /// Whether a text stands in the message that says it.
    fn is_written_in_message(&self, spot: u32) -> bool {
        let mut entry = &self.region.spots[spot as usize];
        let is_kept =
            entry.toward.is_some_and(|next| matches!(self.region.spots[next as usize].slot, Slot::Holder(..)));
        if is_kept {
            return false;
        }
        while let Some(next) = entry.toward.map(|next| &self.region.spots[next as usize])
            && next.slot == entry.slot
        {
            entry = next;
        }
        match (self.region.spots[spot as usize].node, entry.node) {
            (Node::Expr(at), Node::Expr(message)) => {
                let facts = self.cx.project.program.facts(at.file);
                at.file == message.file && facts.span(message.expr).contains(facts.span(at.expr))
            }
            _ => false,
        }
    }

    fn collect_shapes(&mut self, asked: &[u32]) {
        for spot in asked {
            let Node::Expr(at) = self.region.spots[*spot as usize].node else { continue };
            if !self.shapes.contains_key(&at) && is_builder(self.cx.project, at) {
                let pieces = if self.is_inner(*spot, at) { Vec::new() } else { self.index.pieces(at) };
                self.shapes.insert(at, pieces);
            }
        }
    }

    /// Whether a text is written as a part of a larger one.
    fn is_inner(&self, spot: u32, at: GExpr) -> bool {
        let facts = self.cx.project.program.facts(at.file);
        let span = facts.span(at.expr);
        self.region.users(spot).iter().any(|user| match self.region.spots[*user as usize].node {
            Node::Expr(outer) => {
                outer.file == at.file
                    && facts.span(outer.expr).contains(span)
                    && matches!(facts.expr(outer.expr), Expr::Binary { .. })
                    && is_builder(self.cx.project, outer)
            }
            Node::Param(..) => false,
        })
    }

    /// Whether a spot is a template that the question is about: it puts a text together, and the text says something.
    fn is_template(&self, spot: u32) -> bool {
        let Node::Expr(at) = self.region.spots[spot as usize].node else { return false };
        let is_text = matches!(self.region.spots[spot as usize].slot, Slot::Text(_));
        let Some(pieces) = self.shapes.get(&at).filter(|_| is_text) else { return false };
        let has_hole = pieces.iter().any(|p| !matches!(p, Piece::Text(_)));
        has_hole
            && match self.question {
                Question::Instructs => shape::words(pieces) >= 1,
                Question::Unfenced => shape::instructs(pieces) || self.fills_named_prompt(at),
            }
    }

    /// Whether a call fills in a text that nothing shows, but that is named for a prompt.
    fn fills_named_prompt(&self, at: GExpr) -> bool {
        let facts = self.cx.project.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return false };
        let Expr::Field { base, name } = facts.expr(call.callee) else { return false };
        let (Expr::Name(filled) | Expr::Field { name: filled, .. }) = facts.expr(*base) else { return false };
        let filled = filled.to_ascii_lowercase();
        matches!(name.as_str(), "format" | "replace" | "replaceAll" | "substitute" | "safe_substitute" | "render")
            && ["prompt", "template", "instruction", "instructions"].iter().any(|end| filled.ends_with(end))
            && self.index.constant(GExpr { file: at.file, expr: *base }, 0).is_none()
    }

    /// Whether a text is said as it is in a message that instructs and is sent: what reads that message tells no more.
    fn is_whole_message(&self, spot: u32) -> bool {
        let this = &self.region.spots[spot as usize];
        self.question == Question::Instructs && this.slot.instructs() && this.call.is_some() && self.is_entry(spot)
    }

    /// Whether a text enters its slot here: the argument or message content as written.
    fn is_entry(&self, spot: u32) -> bool {
        let this = &self.region.spots[spot as usize];
        matches!(this.slot, Slot::Text(_))
            && this.toward.is_none_or(|next| {
                // What stands in a record that a text is read from is not yet said by anybody.
                let next = self.region.spots[next as usize].slot;
                next != this.slot && !matches!(next, Slot::Holder(..))
            })
    }

    /// Whether a spot is a text or list written inside of a larger one.
    fn is_part_of_text(&self, spot: u32) -> bool {
        let Node::Expr(at) = self.region.spots[spot as usize].node else { return false };
        match self.cx.project.program.facts(at.file).expr(at.expr) {
            Expr::Binary { .. } => self.shapes.get(&at).is_some_and(Vec::is_empty),
            Expr::List { .. } | Expr::Await(_) | Expr::Cast { .. } | Expr::Unary { .. } => true,
            _ => false,
        }
    }

    /// Whether a text becomes data of another template: it is handed over as an argument or read from a record there, and
    /// that template is the place to change.
    fn is_in_larger(&self, spot: u32, templates: &FxHashSet<u32>) -> bool {
        let mut is_handed = false;
        let mut at = self.region.spots[spot as usize].toward;
        while let Some(next) = at {
            if is_handed && templates.contains(&next) {
                return true;
            }
            is_handed |= match self.region.spots[next as usize].node {
                Node::Param(..) => true,
                Node::Expr(e) => {
                    let facts = self.cx.project.program.facts(e.file);
                    matches!(facts.expr(e.expr), Expr::Field { .. } | Expr::Index { .. })
                }
            };
            at = self.region.spots[next as usize].toward;
        }
        false
    }

    /// Whether nothing that outsiders word passes a spot: numbers, and who the framework says is asking.
    fn holds_no_text(&self, spot: u32) -> bool {
        let Spot { node, slot, .. } = &self.region.spots[spot as usize];
        match *node {
            Node::Param(f, index, _) => !source::is_text(self.cx, f, index),
            Node::Expr(at) => {
                matches!(slot, Slot::Holder(..))
                    && matches!(self.cx.project.program.facts(at.file).expr(at.expr), Expr::Field { name, .. } if *name == "user")
            }
        }
    }

    /// Whether a spot only gives another name to what reaches it.
    fn is_renamed(&self, spot: u32) -> bool {
        match self.region.spots[spot as usize].node {
            Node::Param(..) => true,
            Node::Expr(at) => matches!(self.cx.project.program.facts(at.file).expr(at.expr), Expr::Name(_)),
        }
    }

    /// Whether nothing in the program tells where the value of a spot comes from.
    fn is_unknown(&self, spot: u32) -> bool {
        self.region.parts(spot).is_empty()
            && !self.is_imported(spot)
            && match self.region.spots[spot as usize].node {
                Node::Param(..) => true,
                Node::Expr(at) => matches!(
                    self.cx.project.program.facts(at.file).expr(at.expr),
                    Expr::Name(_) | Expr::Field { .. } | Expr::Call(_) | Expr::Index { .. } | Expr::Receiver
                ),
            }
    }

    /// Whether a spot is a name that an import binds: what the program ships with.
    fn is_imported(&self, spot: u32) -> bool {
        let Node::Expr(at) = self.region.spots[spot as usize].node else { return false };
        let facts = self.cx.project.program.facts(at.file);
        let Expr::Name(name) = facts.expr(at.expr) else { return false };
        facts.imports.iter().any(|import| import.local == Some(*name))
    }

    fn is_checked(&self, spot: u32) -> bool {
        match self.region.spots[spot as usize].node {
            Node::Expr(at) => *self.checked.borrow_mut().entry(at).or_insert_with(|| self.index.is_allow_listed(at)),
            Node::Param(..) => false,
        }
    }

    fn judge(&mut self, spot: u32, sort: Sort, reached: &Reached, templates: &FxHashSet<u32>) {
        let Node::Expr(at) = self.region.spots[spot as usize].node else { return };
        if !reached.holds(spot) || self.found.contains_key(&at) {
            return;
        }
        let is_template = templates.contains(&spot);
        let asks = match self.question {
            Question::Instructs => {
                let is_whole = self.region.spots[spot as usize].slot.instructs() && self.is_entry(spot);
                // A message that nothing is seen to send may be one that is only read or rewritten.
                let is_sent = self.region.spots[spot as usize].call.is_some();
                is_template || (is_whole && is_sent && sort != Sort::Called && !self.is_checked(spot))
            }
            Question::Unfenced => {
                is_template && self.has_open_hole(spot, at, reached) && !self.is_handed_back(spot, reached)
            }
        };
        if asks {
            self.report(spot, at, sort, reached);
        }
    }

    /// Whether a program of the caller's asks for the text and sends it in the caller's name: nothing here sends it.
    fn is_handed_back(&self, spot: u32, reached: &Reached) -> bool {
        if self.region.spots[spot as usize].call.is_some() {
            return false;
        }
        let start = reached.way(spot)[0];
        let Node::Param(f, ..) = self.region.spots[start as usize].node else { return false };
        self.cx.surfaces.entries.iter().any(|entry| {
            entry.handler == Some(f)
                && self.cx.models.entries[entry.row as usize].raw.channel.as_deref() == Some("tool")
        })
    }

    /// Whether a hole that data reaches has no fence.
    fn has_open_hole(&self, spot: u32, at: GExpr, reached: &Reached) -> bool {
        let Some(pieces) = self.shapes.get(&at) else { return false };
        let mut is_known = false;
        for (number, piece) in pieces.iter().enumerate() {
            let Piece::Hole(hole) = piece else { continue };
            let Some(part) = self.region.beside(spot, *hole) else { continue };
            is_known = true;
            if reached.holds(part)
                && !self.is_checked(part)
                && !self.is_quoted(*hole)
                && !shape::is_fenced(pieces, number)
            {
                return true;
            }
        }
        // A hole that is put in by a constant's own template stands elsewhere; the text is judged as a whole then.
        !is_known && pieces.iter().enumerate().any(|(n, p)| matches!(p, Piece::Hole(_)) && !shape::is_fenced(pieces, n))
    }

    /// Whether a value is written in a notation that ends where it ends: JSON, `repr`.
    fn is_quoted(&self, at: GExpr) -> bool {
        let facts = self.cx.project.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return false };
        let name = match facts.expr(call.callee) {
            Expr::Name(name) | Expr::Field { name, .. } => name.as_str(),
            _ => return false,
        };
        matches!(name, "dumps" | "stringify" | "repr" | "escape" | "model_dump_json" | "to_string_pretty")
    }
}

/// The call that takes a prompt, as messages name it.
pub(super) fn callee(cx: &Context<'_>, call: Option<SiteId>) -> String {
    call.map_or_else(|| "the model".into(), |call| call_name(cx, cx.project.site(call).at))
}

/// A call as messages name it.
pub(super) fn call_name(cx: &Context<'_>, site: GExpr) -> String {
    let facts = cx.project.program.facts(site.file);
    match facts.expr(site.expr) {
        Expr::Call(call) => format!("`{}`", short(&facts.show(call.callee))),
        _ => "a model call".into(),
    }
}
