//! What a limiter counts by, as its key function or key argument is written.

use std::cell::OnceCell;

use super::origins::{Origins, Trace};
use crate::finding::Location;
use crate::ir::{Expr, StmtKind, walk_stmts};
use crate::model::{ControlKind, ModelSet, Place, RowRef};
use crate::project::{GExpr, Project, SiteId, Value};

/// Looks up what limiters count by; made once for a program.
#[derive(Debug)]
pub(crate) struct LimiterKeys<'a> {
    project: &'a Project,
    models: &'a ModelSet,
    /// Made when the first limiter is asked about: most programs have none.
    trace: OnceCell<Trace<'a>>,
}

impl<'a> LimiterKeys<'a> {
    pub(crate) fn new(project: &'a Project, models: &'a ModelSet) -> Self {
        LimiterKeys { project, models, trace: OnceCell::new() }
    }

    fn trace(&self) -> &Trace<'a> {
        self.trace.get_or_init(|| Trace::new(self.project, self.models))
    }

    /// The key of the limiter at a place: what is written there, what names in it stand for, and what functions
    /// return. `None` if no key is stated.
    pub(crate) fn key(&self, at: &Location) -> Option<String> {
        let project = self.project;
        let file = project.program.file_at(&at.path)?;
        let facts = project.program.facts(file);
        let sites = (0u32..).map(SiteId).zip(&project.sites);
        for (site, _) in sites.filter(|(_, s)| s.at.file == file && facts.span(s.at.expr) == at.span) {
            for place in key_places(project, self.models, site) {
                if let Some(expr) = self.key_expr(site, &place) {
                    let mut text = String::new();
                    describe(project, expr, 0, &mut text);
                    return Some(text);
                }
            }
        }
        None
    }

    /// The key given at the site, or where its limiter was made.
    fn key_expr(&self, site: SiteId, place: &Place) -> Option<GExpr> {
        let project = self.project;
        if let Some(expr) = project.place_exprs(site, place).first() {
            return Some(*expr);
        }
        let at = project.site(site).at;
        let Expr::Call(call) = project.program.facts(at.file).expr(at.expr) else { return None };
        let Expr::Field { base, .. } = project.program.facts(at.file).expr(call.callee) else { return None };
        let mut origins = Origins::default();
        self.trace().walk(GExpr { file: at.file, expr: *base }, 0, &mut origins);
        let mut seen: Vec<GExpr> = origins.seen.into_iter().collect();
        seen.sort_unstable();
        let mut made = seen.into_iter().filter_map(|e| project.site_at(e));
        made.find_map(|made| project.place_exprs(made, place).first().copied())
    }
}

fn key_places(project: &Project, models: &ModelSet, site: SiteId) -> Vec<Place> {
    let mut found = Vec::new();
    for api in Project::apis(project.callees(site)) {
        for row in project.matcher.rows(api) {
            if let RowRef::ControlCall(row) = row {
                let row = &models.controls[*row as usize];
                if row.raw.is == ControlKind::RateLimit {
                    found.extend(row.places.extra.iter().cloned());
                }
            }
        }
    }
    found
}

/// The expression as written, then what names in it are bound to and what functions behind it return.
fn describe(project: &Project, at: GExpr, depth: usize, text: &mut String) {
    let facts = project.program.facts(at.file);
    text.push_str(&facts.show(at.expr));
    text.push(' ');
    if depth > 2 {
        return;
    }
    for definition in project.definitions(at) {
        describe(project, definition, depth + 1, text);
    }
    for value in project.values(at) {
        let Value::Fn(f) = value else { continue };
        let file = project.program.file_of(*f);
        let mut found = Vec::new();
        walk_stmts(project.program.facts(file), &project.program.function(*f).body, &mut |stmt| {
            if let StmtKind::Return(Some(expr)) = &stmt.kind {
                found.push(*expr);
            }
        });
        for expr in found {
            describe(project, GExpr { file, expr }, depth + 1, text);
        }
    }
}
