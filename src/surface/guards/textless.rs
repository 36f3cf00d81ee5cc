//! Entry points that take no text of the caller's: nothing of any length to bound, and no shape to check.
//!
//! Says so only where all of it can be seen: what is handed to the handler is not used, or is a number, a flag or the
//! like by its type, or comes from a provider that takes no more; and nothing in its reach asks for the request.

use rustc_hash::FxHashSet;

use super::Guards;
use crate::ir::{Expr, ExprId, Param, ParamKind, Type};
use crate::model::{PlaceRoot, RowRef, SourceKind};
use crate::project::{EntryPoint, FileId, GExpr, GFn};

/// Types that the caller's text cannot hide in.
const CLOSED: [&str; 33] = [
    "int",
    "float",
    "complex",
    "bool",
    "Decimal",
    "UUID",
    "UUID1",
    "UUID4",
    "date",
    "datetime",
    "time",
    "timedelta",
    "Uuid",
    "NaiveDate",
    "NaiveDateTime",
    "DateTime",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "number",
    "boolean",
    "bigint",
];
/// Types that only hold what they are given arguments of.
const HOLDERS: [&str; 4] = ["Optional", "Option", "Path", "Query"];
/// Providers behind providers.
const DEPTH: usize = 4;
/// Functions that are searched for a use of the request.
const REACH: usize = 400;

impl Guards<'_> {
    /// Whether an entry point takes no text.
    pub(super) fn takes_no_text(&self, entry: &EntryPoint) -> bool {
        let Some(handler) = entry.handler else { return false };
        // What jobs and messages hold is not told by parameters.
        let is_request = self.models.entries[entry.row as usize].raw.channel.as_deref().is_none_or(|c| c == "http");
        is_request && self.holders_are_textless(entry, handler) && !self.asks_for_request(handler)
    }

    /// Whether the parameters that the model says hold the request are; all are if it names none.
    fn holders_are_textless(&self, entry: &EntryPoint, handler: GFn) -> bool {
        let places = &self.models.entries[entry.row as usize].places.extra;
        let positions: Option<Vec<usize>> =
            places.iter().map(|place| if let PlaceRoot::Arg(at) = place.root { Some(at) } else { None }).collect();
        match positions.filter(|at| !at.is_empty()) {
            None => self.params_are_textless(handler, 0),
            Some(held) => {
                let params = self.project.program.function(handler).params.iter().enumerate();
                params.filter(|(at, _)| held.contains(at)).all(|(_, param)| self.is_textless(handler, param, 0))
            }
        }
    }

    fn params_are_textless(&self, f: GFn, depth: usize) -> bool {
        depth <= DEPTH && self.project.program.function(f).params.iter().all(|param| self.is_textless(f, param, depth))
    }

    fn is_textless(&self, f: GFn, param: &Param, depth: usize) -> bool {
        let file = self.project.program.file_of(f);
        let is_rest = matches!(param.kind, ParamKind::Rest | ParamKind::KeywordRest);
        !self.is_used(f, param)
            || (!is_rest && param.ty.as_ref().is_some_and(is_closed))
            || self.is_provided(file, param, depth)
    }

    /// Whether a parameter is filled by providers of the program that take no text themselves.
    fn is_provided(&self, file: FileId, param: &Param, depth: usize) -> bool {
        let mut exprs: Vec<GExpr> = param.default.iter().map(|expr| GExpr { file, expr: *expr }).collect();
        if let Some(ty) = &param.ty {
            self.type_exprs(file, ty, &mut exprs);
        }
        let providers: Vec<GFn> = exprs.into_iter().flat_map(|expr| self.providers(expr)).collect();
        !providers.is_empty() && providers.into_iter().all(|provider| self.params_are_textless(provider, depth + 1))
    }

    /// Whether the body of a function names a parameter. One that is taken apart is used.
    fn is_used(&self, f: GFn, param: &Param) -> bool {
        let Some(name) = param.name() else { return true };
        let facts = self.project.program.facts(self.project.program.file_of(f));
        let span = self.project.program.function(f).span;
        let ids = (0..).map(ExprId).take(facts.exprs.len());
        ids.filter(|id| matches!(facts.expr(*id), Expr::Name(n) if *n == name))
            .any(|id| span.contains(facts.span(id)) && !param.span.contains(facts.span(id)))
    }

    /// Whether something in the reach of a handler asks the framework for what the caller sent.
    fn asks_for_request(&self, handler: GFn) -> bool {
        let mut seen: FxHashSet<GFn> = FxHashSet::default();
        let mut next = vec![handler];
        while let Some(f) = next.pop() {
            if !seen.insert(f) {
                continue;
            }
            if seen.len() > REACH || self.reads_request(f) {
                return true;
            }
            next.extend(self.project.edges[f.0 as usize].iter().map(|edge| edge.to));
            next.extend(self.nested.get(&f).into_iter().flatten());
        }
        false
    }

    fn reads_request(&self, f: GFn) -> bool {
        let is_call = self.project.api_calls[f.0 as usize].iter().any(|call| {
            let sources = &self.models.calls[call.row as usize].raw.sources;
            sources.iter().any(|source| source.kind == SourceKind::Untrusted)
        });
        is_call || self.names_request(f)
    }

    /// Whether a function names a value of a library that holds what a caller sent.
    fn names_request(&self, f: GFn) -> bool {
        let file = self.project.program.file_of(f);
        let facts = self.project.program.facts(file);
        let mut is_found = false;
        crate::ir::walk_block(facts, &self.project.program.function(f).body, &mut |_| {}, &mut |expr| {
            let rows = || self.rows(self.project.values(GExpr { file, expr }));
            is_found = is_found
                || rows().into_iter().any(|row| match row {
                    RowRef::Value(row) => self.models.values[row as usize].raw.source == Some(SourceKind::Untrusted),
                    _ => false,
                });
        });
        is_found
    }
}

fn is_closed(ty: &Type) -> bool {
    match ty {
        Type::Path(path, args) => {
            let head = path.last().map_or("", |name| name.as_str());
            CLOSED.contains(&head) || (HOLDERS.contains(&head) && !args.is_empty() && args.iter().all(is_closed))
        }
        Type::Union(types) | Type::Tuple(types) => types.iter().all(is_closed),
        Type::Annotated(inner, _) => is_closed(inner),
        Type::Literal(_) | Type::Null => true,
        _ => false,
    }
}
