//! Holes that the text itself says are outsiders': by a label before them, or by the name that a template gives them.

use super::source::Sort;
use super::{Judge, Question, shape, source};
use crate::flow::{Node, Piece, Reached};
use crate::ir::{Expr, ExprId};
use crate::project::GExpr;

impl Judge<'_> {
    /// Reports templates with a hole that a label announces, where nothing tells where its text comes from: `open` are the
    /// spots that what is unknown reaches.
    pub(super) fn labelled_holes(&mut self, own: &[u32], open: &Reached) {
        for spot in own {
            let Node::Expr(at) = self.region.spots[*spot as usize].node else { continue };
            if self.found.contains_key(&at) || !self.is_template(*spot) {
                continue;
            }
            let Some(part) = self.labelled_hole(*spot, at, open) else { continue };
            let reached = self.region.reach(&[part], |_| false);
            if reached.holds(*spot) {
                self.report(*spot, at, Sort::Called, &reached);
            }
        }
    }

    fn labelled_hole(&self, spot: u32, at: GExpr, open: &Reached) -> Option<u32> {
        let pieces = self.shapes.get(&at)?;
        pieces.iter().enumerate().find_map(|(number, piece)| {
            let Piece::Hole(hole) = piece else { return None };
            let part = self.region.beside(spot, *hole)?;
            let is_said = self.announces(&label(&pieces[..number]))
                || self.name_given(at, hole.expr).is_some_and(|name| self.announces(&name));
            let is_free = is_said
                && open.holds(part)
                && !self.holds_no_text(part)
                && !self.is_checked(part)
                && !self.is_quoted(*hole);
            (is_free && (self.question == Question::Instructs || !shape::is_fenced(pieces, number))).then_some(part)
        })
    }

    fn announces(&self, name: &str) -> bool {
        source::announces(name) || (self.question == Question::Unfenced && source::labels(name))
    }

    /// The name of the hole that a call fills with a value: `format(query=x)`.
    fn name_given(&self, at: GExpr, value: ExprId) -> Option<String> {
        let Expr::Call(call) = self.cx.project.program.facts(at.file).expr(at.expr) else { return None };
        let arg = call.args.iter().find(|a| a.value == value)?;
        arg.name.map(|name| name.to_string())
    }
}

/// What announces the hole behind some pieces: the words before the colon that ends them, `User query:`.
fn label(before: &[Piece]) -> String {
    let Some(Piece::Text(text)) = before.last() else { return String::new() };
    let text = text.trim_end();
    let Some(said) = text.strip_suffix([':', '=']) else { return String::new() };
    let line = said.lines().last().unwrap_or_default();
    let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    // A whole sentence is no label.
    if words.len() > 3 { String::new() } else { words.join("_").to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::label;
    use crate::flow::Piece;

    #[test]
    fn a_label_ends_in_a_colon() {
        let said = |text: &str| label(&[Piece::Text(text.into())]);
        assert_eq!(said("Classify.\n\nUser query: "), "user_query");
        assert_eq!(said("**Search results:**\n"), "");
        assert_eq!(said("Answer what the user asks in the following question and be brief: "), "");
        assert_eq!(said("no label "), "");
    }
}
