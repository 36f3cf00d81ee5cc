//! Templates whose holes a library fills in: only their names tell what goes there.

use rustc_hash::FxHashSet;

use super::{Judge, Question, shape, source};
use crate::flow::{Node, Piece, is_builder, named_holes};
use crate::ir::{Expr, ImportKind, Part, Pattern, StmtKind};
use crate::project::GExpr;

impl Judge<'_> {
    /// Templates that a library fills in: what their holes are called is all that is known of them.
    pub(super) fn library_holes(&mut self, asked: &[u32]) {
        let filled = self.filled_by_program();
        for spot in asked {
            let Node::Expr(at) = self.region.spots[*spot as usize].node else { continue };
            let Some(call) = self.region.spots[*spot as usize].call else { continue };
            let site = self.cx.project.site(call).at;
            if filled.contains(&site) || filled.contains(&at) || self.is_unused(site) {
                continue;
            }
            let facts = self.cx.project.program.facts(at.file);
            let text: String = match facts.expr(at.expr) {
                Expr::Str(text) => text.to_string(),
                Expr::Template { parts, .. } => {
                    parts.iter().map(|p| if let Part::Text(text) = p { text.as_str() } else { "…" }).collect()
                }
                _ => continue,
            };
            if !text.contains('{') || self.found.contains_key(&at) || !self.is_filled_by_library(*spot) {
                continue;
            }
            let pieces = named_holes(&text);
            let open = pieces.iter().enumerate().find_map(|(number, piece)| match piece {
                Piece::Named(name) if source::is_outside(name) => {
                    let is_open = self.question == Question::Instructs || !shape::is_fenced(&pieces, number);
                    is_open.then(|| name.clone())
                }
                _ => None,
            });
            if let (Some(name), true) = (open, shape::instructs(&pieces)) {
                let nodes = self.region.onward(*spot);
                let flow = self.steps(&nodes[..1], &nodes[1..]);
                self.add(*spot, at, &format!("what fills `{name}`"), None, flow);
            }
        }
    }

    /// Whether a text is bound to a name that nothing reads.
    fn is_unused(&self, site: GExpr) -> bool {
        let program = &self.cx.project.program;
        let facts = program.facts(site.file);
        let top = &facts.functions[0].body;
        let bound = top.iter().find_map(|stmt| match &stmt.kind {
            StmtKind::Assign { targets, value: Some(value), .. } if *value == site.expr => match &targets[..] {
                [Pattern::Name(name, _)] => Some(*name),
                _ => None,
            },
            _ => None,
        });
        let Some(bound) = bound else { return false };
        let is_read = |e: &Expr| matches!(e, Expr::Name(name) | Expr::Field { name, .. } if *name == bound);
        !program.file_ids().any(|file| {
            let facts = program.facts(file);
            facts.exprs.iter().any(is_read) || facts.imports.iter().any(|i| i.kind == ImportKind::Member(bound))
        })
    }

    /// The templates that the program itself formats: their holes are judged where that happens.
    fn filled_by_program(&self) -> FxHashSet<GExpr> {
        let mut found = FxHashSet::default();
        for site in &self.cx.project.sites {
            let facts = self.cx.project.program.facts(site.at.file);
            if let Expr::Call(call) = facts.expr(site.at.expr)
                && let Expr::Field { base, name } = facts.expr(call.callee)
                && matches!(
                    name.as_str(),
                    "format" | "aformat" | "format_messages" | "format_prompt" | "partial" | "replace"
                )
            {
                found.extend(self.index.bound(GExpr { file: site.at.file, expr: *base }));
            }
        }
        found
    }

    /// Whether nothing in the program fills the holes of a text: no call that formats it stands on its way.
    fn is_filled_by_library(&self, spot: u32) -> bool {
        let Some(call) = self.region.spots[spot as usize].call else { return false };
        let site = self.cx.project.site(call).at;
        let is_model_call =
            self.cx.project.llm_calls(self.cx.models, self.cx.project.site(call).caller).any(|c| c.site == call);
        let mut on_way = self.region.onward(spot).into_iter().skip(1);
        let is_formatted = on_way.any(|node| match node {
            Node::Expr(at) => is_builder(self.cx.project, at),
            Node::Param(..) => false,
        });
        let facts = self.cx.project.program.facts(site.file);
        let names_template = match facts.expr(site.expr) {
            Expr::Call(call) => {
                let shown = facts.show(call.callee).to_ascii_lowercase();
                shown.contains("prompt") || shown.contains("template")
            }
            _ => false,
        };
        !is_model_call && !is_formatted && names_template
    }
}
