//! Attaches a limiter that another entry point of the same file has, written the way it is written there.

use super::{Context, Draft, Edit, append, indent, insert, slice};
use crate::finding::Finding;
use crate::ir::{Arg, CallExpr, Expr, ExprId, FileFacts};
use crate::model::ControlKind;
use crate::source::{SourceFile, Span};
use crate::surface::{Status, Surface};

/// Attaches the limiter to the entry point that lacks one.
pub(super) fn attach(finding: &Finding, cx: &Context<'_>) -> Option<Draft> {
    let path_of = |surface: &Surface| cx.project.program.facts(surface.entry.file).path.to_string();
    let mut surfaces = cx.surfaces.surfaces.iter();
    let bare = surfaces.find(|s| s.entry.span == finding.at.span && path_of(s) == finding.at.path)?;
    let file = cx.file(&finding.at.path)?;
    let facts = cx.project.program.facts(bare.entry.file);
    for donor in cx.surfaces.surfaces.iter().filter(|donor| donor.entry.file == bare.entry.file) {
        let control = donor.controls.get(&ControlKind::RateLimit).filter(|control| control.status == Status::Present);
        for seen in control.map_or(&[][..], |control| &control.evidence) {
            if seen.at.path != finding.at.path {
                continue;
            }
            let pair = Pair { cx, facts, file, donor, bare };
            let made = pair.decorator(seen.at.span).or_else(|| pair.argument(seen.at.span));
            if let Some((limiter, edits)) = made {
                let like = donor.entry.route.as_deref().unwrap_or(&donor.entry.name);
                return Some(Draft {
                    title: format!("Limit it as {like} is: `{limiter}`"),
                    then: Some("choose the number that this entry point needs".to_owned()),
                    edits,
                });
            }
        }
    }
    None
}

struct Pair<'a> {
    cx: &'a Context<'a>,
    facts: &'a FileFacts,
    file: &'a SourceFile,
    donor: &'a Surface,
    bare: &'a Surface,
}

impl Pair<'_> {
    /// A decorator of the donor's handler that is the limiter.
    fn decorator(&self, limiter: Span) -> Option<(String, Vec<Edit>)> {
        let program = &self.cx.project.program;
        let (donor, bare) = (program.function(self.donor.entry.handler?), program.function(self.bare.entry.handler?));
        let is_limiter = |id: &&ExprId| {
            let span = self.facts.span(**id);
            // The route's own decorator may hold the limiter among its arguments: that is no decorator to copy.
            span == limiter || (span.contains(limiter) && !self.is_route(**id))
        };
        let decorator = donor.decorators.iter().find(is_limiter)?;
        let is_needed = |param: &crate::ir::Param| param.name().is_some_and(|name| name == "request");
        // Limiters that read the request want it among the parameters; adding one changes the signature.
        if donor.params.iter().any(is_needed) && !bare.params.iter().any(is_needed) {
            return None;
        }
        let text = slice(&self.file.text, self.facts.span(*decorator)).to_owned();
        let last = bare.decorators.last()?;
        let end = self.facts.span(*last).end as usize;
        let lead = indent(&self.file.text, self.facts.span(*last).start as usize);
        let edit = insert(&self.file.path, end, format!("\n{lead}@{}", text.trim_start_matches('@')));
        Some((text.trim_start_matches('@').to_owned(), vec![edit]))
    }

    fn is_route(&self, decorator: ExprId) -> bool {
        let site = self.donor.entry.site.map(|site| self.cx.project.site(site).at.expr);
        site == Some(decorator)
    }

    /// An argument of the call that registers the donor, or of its route's decorator.
    fn argument(&self, limiter: Span) -> Option<(String, Vec<Edit>)> {
        let (from, to) = (self.call(self.donor)?, self.call(self.bare)?);
        let at = from.1.args.iter().position(|arg| self.facts.span(arg.value).contains(limiter))?;
        let arg: &Arg = &from.1.args[at];
        let text = slice(&self.file.text, self.facts.span(arg.value)).to_owned();
        match arg.name {
            Some(name) => {
                if to.1.args.iter().any(|arg| arg.spread || arg.name == Some(name)) {
                    return None;
                }
                let last = self.facts.span(to.1.args.last()?.value);
                let close = self.facts.span(to.0).end as usize - 1;
                let open = self.facts.span(to.1.callee).end as usize;
                let item = format!("{name}={text}");
                Some((item.clone(), append(&self.file.path, &self.file.text, open, last, close, &item)))
            }
            None => {
                // Only a name can be attached twice: what is written out may hold a state of its own.
                if !matches!(self.facts.expr(arg.value), Expr::Name(_) | Expr::Field { .. }) {
                    return None;
                }
                let behind = to.1.args.get(at).filter(|_| to.1.args.len() < from.1.args.len())?;
                let start = self.facts.span(behind.value).start as usize;
                Some((text.clone(), vec![insert(&self.file.path, start, format!("{text}, "))]))
            }
        }
    }

    fn call(&self, surface: &Surface) -> Option<(ExprId, &CallExpr)> {
        let at = self.cx.project.site(surface.entry.site?).at;
        match self.facts.expr(at.expr) {
            Expr::Call(call) if at.file == surface.entry.file => Some((at.expr, call)),
            _ => None,
        }
    }
}
