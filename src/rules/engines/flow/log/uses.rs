//! Values that the program itself uses as credentials, whatever they are called: what it hands to a client as its key, or
//! sends as an authorization header.

use rustc_hash::FxHashSet;

use crate::flow::{FlowIndex, Node, Query, Reach};
use crate::intern::Name;
use crate::ir::{Expr, Key};
use crate::model::{RowRef, SinkKind};
use crate::project::{GExpr, Project, SiteId};
use crate::rules::run::Context;
use crate::rules::vocabulary::{Sensitive, sensitive};
use crate::source::PathClass;

/// Where such values come from: parameters, and expressions that are no names.
pub(super) struct Uses {
    nodes: FxHashSet<Node>,
    /// Places of lists, by what the list is.
    parts: FxHashSet<(Vec<GExpr>, Name)>,
}

impl Uses {
    pub(super) fn new(cx: &Context<'_>, index: &FlowIndex<'_>) -> Self {
        let mut uses = Uses { nodes: FxHashSet::default(), parts: FxHashSet::default() };
        let project = cx.project;
        for site in (0..project.sites.len()).map(|i| SiteId(u32::try_from(i).unwrap_or(u32::MAX))) {
            let at = project.site(site).at;
            if project.program.class_of_path(at.file) == PathClass::Production {
                for expr in stated(cx, site) {
                    uses.add(cx, index, expr);
                }
            }
        }
        for file in project.program.file_ids() {
            if project.program.class_of_path(file) == PathClass::Production {
                for expr in headers(cx, file) {
                    uses.add(cx, index, expr);
                }
            }
        }
        uses
    }

    pub(super) fn contains(&self, project: &Project, node: Node) -> bool {
        let is_part = |node| part(project, node).is_some_and(|part| self.parts.contains(&part));
        self.nodes.contains(&node) || is_part(node)
    }

    fn add(&mut self, cx: &Context<'_>, index: &FlowIndex<'_>, expr: GExpr) {
        let found = std::cell::RefCell::new(Vec::new());
        let named = |node: Node| {
            found.borrow_mut().push(node);
            None
        };
        let query = Query { named: &named, wants: &|_| false, depth: 0, reach: Reach::Exact };
        // A part of a text is used, and not the text: `address.split(":")[3]`.
        let is_whole = |node: Node| match node {
            Node::Param(..) => true,
            Node::Expr(at) => !matches!(cx.project.program.facts(at.file).expr(at.expr), Expr::Index { .. }),
        };
        index.trace_through(cx.models, Node::Expr(expr), &query, &is_whole);
        let found = found.into_inner();
        self.parts.extend(found.iter().filter_map(|node| part(cx.project, *node)));
        self.nodes.extend(found.into_iter().filter(|node| match node {
            Node::Param(..) => true,
            Node::Expr(at) => {
                matches!(cx.project.program.facts(at.file).expr(at.expr), Expr::Index { .. } | Expr::Field { .. })
            }
        }));
    }
}

/// The list and the place in it that an expression names by number.
fn part(project: &Project, node: Node) -> Option<(Vec<GExpr>, Name)> {
    let Node::Expr(at) = node else { return None };
    let facts = project.program.facts(at.file);
    let Expr::Index { base, index } = facts.expr(at.expr) else { return None };
    let Expr::Num(number) = facts.expr(*index) else { return None };
    let list = project.definitions(GExpr { file: at.file, expr: *base });
    (!list.is_empty()).then_some((list, *number))
}

/// Arguments that a model says to be credentials.
fn stated(cx: &Context<'_>, site: SiteId) -> Vec<GExpr> {
    let apis = Project::apis(cx.project.callees(site));
    let rows = apis.flat_map(|api| cx.project.matcher.rows(api));
    let places = rows.flat_map(|row| match row {
        RowRef::Call(row) => cx.models.calls[*row as usize].places.sinks.as_slice(),
        _ => &[],
    });
    let credentials = places.filter(|(_, kind)| *kind == SinkKind::Credential);
    credentials.flat_map(|(place, _)| cx.project.place_exprs(site, place)).collect()
}

/// Values of entries that are called as credentials are: `{"Authorization": value}`.
fn headers(cx: &Context<'_>, file: crate::project::FileId) -> Vec<GExpr> {
    let facts = cx.project.program.facts(file);
    let mut found = Vec::new();
    for expr in &facts.exprs {
        if let Expr::Object(entries) = expr {
            for entry in entries {
                if let Key::Name(name) = entry.key
                    && name.eq_ignore_ascii_case("authorization")
                    && sensitive(&name) == Some(Sensitive::Credential)
                {
                    found.push(GExpr { file, expr: entry.value });
                }
            }
        }
    }
    found
}
