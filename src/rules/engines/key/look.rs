//! What values are made from, and which functions outsiders reach.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::flow::{FlowIndex, Node, Origin, Query, Reach};
use crate::ir::{Expr, ExprId, FnId, Key, Part, Type};
use crate::model::{CallKind, RowRef, SinkKind, SourceKind};
use crate::project::{EdgeKind, GExpr, GFn, Project, SiteId, Value};
use crate::rules::run::Context;
use crate::rules::vocabulary::is_caller;
use crate::source::PathClass;

/// How many calls up or down a value is followed.
pub(super) const DEPTH: usize = 6;
/// Links of a chain of calls that are followed.
const CHAIN: usize = 24;
/// Texts longer than this are prose; only the conditions of queries are looked for in them.
const SHORT: usize = 60;

/// Everything a value is made from.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Every place on the way, nearest first.
    pub(super) nodes: Vec<Node>,
    /// Where models say that data of interest enters.
    pub(super) sources: Vec<SourceKind>,
    /// Parameters of handlers.
    pub(super) sent: Vec<(GFn, crate::intern::Name)>,
}

/// The program, indexed for questions about stores.
pub(super) struct Looker<'c, 'a> {
    pub(super) cx: &'c Context<'a>,
    pub(super) index: &'c FlowIndex<'a>,
    /// By function that outsiders reach: the function before it on the shortest way, with the expression that leads on.
    reached: FxHashMap<GFn, Option<(GFn, ExprId)>>,
}

impl<'c, 'a> Looker<'c, 'a> {
    pub(super) fn new(cx: &'c Context<'a>) -> Self {
        let index = cx.index();
        let mut reached: FxHashMap<GFn, Option<(GFn, ExprId)>> = FxHashMap::default();
        let mut queue = VecDeque::new();
        for handler in cx.surfaces.entries.iter().filter_map(|e| e.handler) {
            if reached.insert(handler, None).is_none() {
                queue.push_back(handler);
            }
        }
        while let Some(f) = queue.pop_front() {
            for edge in &cx.project.edges[f.0 as usize] {
                if let Entry::Vacant(place) = reached.entry(edge.to) {
                    place.insert(Some((f, edge.at)));
                    queue.push_back(edge.to);
                }
            }
        }
        Looker { cx, index, reached }
    }

    pub(super) fn project(&self) -> &'a Project {
        self.cx.project
    }

    /// Whether outsiders reach a function.
    pub(super) fn is_reached(&self, f: GFn) -> bool {
        self.reached.contains_key(&f)
    }

    /// The functions from an entry point's handler to a function, the handler first, each with the expression that
    /// leads on; the last one leads nowhere.
    pub(super) fn way(&self, to: GFn) -> Vec<(GFn, Option<ExprId>)> {
        let mut way = vec![(to, None)];
        let mut at = to;
        while let Some(Some((from, via))) = self.reached.get(&at) {
            way.push((*from, Some(*via)));
            at = *from;
        }
        way.reverse();
        way
    }

    /// The functions of production code.
    pub(super) fn functions(&self) -> impl Iterator<Item = GFn> + use<'a> {
        let program = &self.cx.project.program;
        (0..program.fn_count()).map(GFn).filter(|f| program.class_of_path(program.file_of(*f)) == PathClass::Production)
    }

    /// Everything some values are made from.
    pub(super) fn made_from(&self, starts: &[GExpr], depth: usize, reach: Reach) -> Made {
        let made = RefCell::new(Made::default());
        for start in starts {
            let named = |node: Node| {
                made.borrow_mut().nodes.push(node);
                None
            };
            let wants = |origin: &Origin| {
                match origin {
                    Origin::Source(kind) => made.borrow_mut().sources.push(*kind),
                    Origin::EntryParam(f, name) => made.borrow_mut().sent.push((*f, *name)),
                    Origin::Named(_) => {}
                }
                false
            };
            self.index.trace(self.cx.models, *start, &Query { named: &named, wants: &wants, depth, reach });
        }
        made.into_inner()
    }

    /// The identifiers that a place is written with.
    pub(super) fn names(&self, node: Node) -> Vec<String> {
        let program = &self.cx.project.program;
        match node {
            Node::Param(f, index, name) => {
                let mut found = vec![name.to_string()];
                let mut ty = program.function(f).params.get(index).and_then(|p| p.ty.as_ref());
                while let Some(Type::Annotated(inner, _)) = ty {
                    ty = Some(inner);
                }
                if let Some(Type::Path(path, _)) = ty {
                    found.extend(path.last().map(ToString::to_string));
                }
                found
            }
            Node::Expr(at) => {
                let facts = program.facts(at.file);
                match facts.expr(at.expr) {
                    Expr::Name(name) | Expr::Field { name, .. } => vec![name.to_string()],
                    Expr::Call(call) => {
                        let mut found: Vec<String> =
                            call.args.iter().filter_map(|a| a.name).map(|n| n.to_string()).collect();
                        if let Expr::Name(name) | Expr::Field { name, .. } = facts.expr(call.callee) {
                            found.push(name.to_string());
                        }
                        found
                    }
                    Expr::Object(entries) => {
                        let keys = entries.iter().filter_map(|e| if let Key::Name(n) = e.key { Some(n) } else { None });
                        keys.map(|n| n.to_string()).collect()
                    }
                    _ => Vec::new(),
                }
            }
        }
    }

    /// The identifiers in a short text, or in the conditions of a query.
    pub(super) fn text_names(&self, node: Node) -> Vec<String> {
        let Node::Expr(at) = node else { return Vec::new() };
        let facts = self.cx.project.program.facts(at.file);
        let mut texts = Vec::new();
        match facts.expr(at.expr) {
            Expr::Str(text) => texts.push(text.to_string()),
            Expr::Template { parts, .. } => {
                texts.extend(
                    parts.iter().filter_map(|p| if let Part::Text(t) = p { Some(t.to_string()) } else { None }),
                );
            }
            _ => {}
        }
        let whole = texts.join(" ");
        let lower = whole.to_ascii_lowercase();
        let text = match lower.find("where ") {
            Some(at) => &lower[at..],
            None if whole.len() <= SHORT => whole.as_str(),
            None => return Vec::new(),
        };
        let names = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|n| n.len() > 4);
        names.map(str::to_owned).collect()
    }

    /// Whether models say that a value is the caller, or it is called so.
    pub(super) fn is_tied(&self, made: &Made, is: fn(&str) -> bool) -> bool {
        made.sources.contains(&SourceKind::Principal)
            || made.nodes.iter().any(|node| self.names(*node).iter().any(|name| is(name)))
    }

    /// The call rows of a call site.
    pub(super) fn rows(&self, site: SiteId) -> Vec<u32> {
        let project = self.cx.project;
        let mut found = Vec::new();
        for api in Project::apis(project.callees(site)) {
            found.extend(project.matcher.rows(api).iter().filter_map(|r| match r {
                RowRef::Call(row) => Some(*row),
                _ => None,
            }));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The expressions at the places of a sort that rows of a call name.
    pub(super) fn at_sinks(&self, site: SiteId, wanted: &[SinkKind]) -> Vec<GExpr> {
        let mut found = Vec::new();
        for row in self.rows(site) {
            let places =
                self.cx.models.calls[row as usize].places.sinks.iter().filter(|(_, kind)| wanted.contains(kind));
            for expr in places.flat_map(|(place, _)| self.cx.project.place_exprs(site, place)) {
                if !found.contains(&expr) {
                    found.push(expr);
                }
            }
        }
        found
    }

    /// Whether rows say that a call is of a sort.
    pub(super) fn is(&self, site: SiteId, kind: CallKind) -> bool {
        self.rows(site).into_iter().any(|row| self.cx.models.calls[row as usize].raw.is == Some(kind))
    }

    /// What an LLM call, or any other call, computes from: its prompts where they are known, else its arguments.
    pub(super) fn inputs(&self, site: SiteId) -> Vec<GExpr> {
        const PROMPTS: [SinkKind; 4] =
            [SinkKind::SystemPrompt, SinkKind::UserPrompt, SinkKind::AssistantPrompt, SinkKind::Messages];
        let prompts = self.at_sinks(site, &PROMPTS);
        if !prompts.is_empty() {
            return prompts;
        }
        let at = self.cx.project.site(site).at;
        match self.cx.project.program.facts(at.file).expr(at.expr) {
            Expr::Call(call) => call.args.iter().map(|a| GExpr { file: at.file, expr: a.value }).collect(),
            _ => Vec::new(),
        }
    }

    /// The calls a value is the result of, outermost first: fluent chains, wrappers, what a variable or field was set
    /// to.
    pub(super) fn chain(&self, from: GExpr) -> Vec<SiteId> {
        let mut found = Vec::new();
        let mut queue = VecDeque::from([from]);
        let mut seen = Vec::new();
        while let Some(at) = queue.pop_front() {
            if seen.len() > CHAIN || seen.contains(&at) {
                continue;
            }
            seen.push(at);
            for reached in self.index.reachable(self.cx.models, at, 2, Reach::Exact) {
                let facts = self.cx.project.program.facts(reached.file);
                let Expr::Call(call) = facts.expr(reached.expr) else { continue };
                if let Some(site) = self.cx.project.site_at(reached)
                    && !found.contains(&site)
                {
                    found.push(site);
                    if let Expr::Field { base, .. } = facts.expr(call.callee) {
                        queue.push_back(GExpr { file: reached.file, expr: *base });
                    }
                }
            }
            if let Expr::Field { base, .. } = self.cx.project.program.facts(at.file).expr(at.expr) {
                queue.push_back(GExpr { file: at.file, expr: *base });
            }
        }
        found
    }

    /// Whether the application tells its users apart: a function that outsiders reach asks who is calling, or is given
    /// that by something that admits callers. A password in front of it all makes no users.
    pub(super) fn has_users(&self) -> bool {
        use crate::model::ControlKind;
        use crate::surface::Status;
        let is_admitted = self.cx.surfaces.surfaces.iter().any(|s| {
            let control = s.controls.get(&ControlKind::Authentication);
            control.is_some_and(|c| matches!(c.status, Status::Present | Status::Partial))
        });
        let mut handlers = self.cx.surfaces.entries.iter().filter_map(|e| e.handler);
        handlers.any(|f| self.is_given_caller(f, is_admitted))
            || self.functions().any(|f| self.is_reached(f) && self.asks_who(f))
    }

    /// Whether a handler has a parameter that is the caller: one that a framework fills, or any where callers are
    /// admitted.
    fn is_given_caller(&self, f: GFn, is_admitted: bool) -> bool {
        let program = &self.cx.project.program;
        let facts = program.facts(program.file_of(f));
        program.function(f).params.iter().any(|param| {
            let mut is_caller_named = false;
            param.pattern.for_each_name(&mut |name| is_caller_named |= is_caller(&name));
            let is_filled = param.default.is_some_and(|d| matches!(facts.expr(d), Expr::Call(_)))
                || matches!(&param.ty, Some(Type::Annotated(..)))
                || matches!(&param.pattern, crate::ir::Pattern::Variant { .. });
            is_caller_named && (is_admitted || is_filled)
        })
    }

    /// Whether a function calls something that tells who is calling.
    fn asks_who(&self, f: GFn) -> bool {
        self.cx.project.api_calls[f.0 as usize].iter().any(|call| {
            let sources = &self.cx.models.calls[call.row as usize].places.sources;
            sources.iter().any(|(_, kind)| *kind == SourceKind::Principal)
        })
    }

    /// The functions that a function calls directly, itself first.
    pub(super) fn with_callees(&self, f: GFn) -> Vec<GFn> {
        let edges = self.cx.project.edges[f.0 as usize].iter();
        let direct = edges.filter(|e| e.kind != EdgeKind::Callback).map(|e| e.to);
        std::iter::once(f).chain(direct).collect()
    }

    /// Whether a node is an expression at a call site, and which.
    pub(super) fn site_of(&self, node: Node) -> Option<SiteId> {
        match node {
            Node::Expr(at) => self.cx.project.site_at(at),
            Node::Param(..) => None,
        }
    }

    /// The function around an expression.
    pub(super) fn function_at(&self, at: GExpr) -> GFn {
        let scope: FnId = self.cx.project.scope_of(at.file, at.expr);
        self.cx.project.program.gfn(at.file, scope)
    }

    /// Whether an expression stands in a file's own statements, and so runs once for all callers.
    pub(super) fn is_module_level(&self, at: GExpr) -> bool {
        self.cx.project.scope_of(at.file, at.expr) == FnId::MODULE
    }

    /// Functions a value is, where it is one.
    pub(super) fn functions_of(&self, at: GExpr) -> Vec<GFn> {
        let values = self.cx.project.values(at).iter();
        values.filter_map(|v| if let Value::Fn(f) = v { Some(*f) } else { None }).collect()
    }
}
