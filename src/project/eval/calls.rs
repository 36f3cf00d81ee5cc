//! Calls as nodes of the constraint graph.

use rustc_hash::FxHashMap;

use crate::intern::Name;
use crate::ir::{Arg, CallExpr, CallKind, Expr, ExprId, FnId};
use crate::project::linker::{Linker, Site};
use crate::project::program::{FileId, GExpr, len32};
use crate::project::solver::{NodeId, Op};
use crate::source::Language;

/// Attributes that one place may ask for.
const MAX_NAMES: usize = 16;
/// Calls of one name that are asked what they hand over.
const MAX_CALLS: usize = 32;

impl<'a> Linker<'a> {
    pub(super) fn receiver_of(&mut self, file: FileId, scope: FnId, callee: ExprId) -> NodeId {
        match *self.program.facts(file).expr(callee) {
            Expr::Field { base, .. } => self.eval(file, scope, base),
            _ => NodeId::EMPTY,
        }
    }

    pub(super) fn call(&mut self, at: GExpr, scope: FnId, call: &CallExpr) -> NodeId {
        let file = at.file;
        let receiver = self.receiver_of(file, scope, call.callee);
        let callee = self.eval(file, scope, call.callee);
        let args: Vec<_> =
            call.args.iter().map(|a: &Arg| (a.name, self.eval(file, scope, a.value), a.spread)).collect();
        let types: Vec<NodeId> = call.types.iter().map(|ty| self.type_values(file, scope, ty)).collect();
        let plain: Vec<NodeId> = args.iter().map(|(_, node, _)| *node).collect();
        let site = len32(self.sites.len());
        let result = self.call_site(at, scope, call.kind, callee, receiver, args);
        let language = self.program.language(file);
        match *self.program.facts(file).expr(call.callee) {
            Expr::Field { name, .. } => self.builtin_call(language, name, receiver, &plain, result),
            // `Some(x)`, `Ok(x)`, `Box::new(x)`: wrappers of the language itself.
            Expr::Name(name)
                if language == Language::Rust && matches!(name.as_str(), "Some" | "Ok" | "Err" | "vec") =>
            {
                plain.iter().for_each(|n| self.graph.copy(*n, result));
            }
            Expr::Name(name)
                if language == Language::Python
                    && matches!(
                        name.as_str(),
                        "list" | "iter" | "aiter" | "anext" | "next" | "reversed" | "sorted" | "enumerate" | "tuple"
                    ) =>
            {
                plain.iter().for_each(|n| self.graph.copy(*n, result));
            }
            Expr::Name(name) if language == Language::Python && name == "getattr" => {
                if let (Some(object), Some(attribute)) = (plain.first(), call.args.get(1)) {
                    for name in self.attribute_names(file, scope, attribute.value) {
                        let member = self.load_attribute(language, *object, name);
                        self.graph.copy(member, result);
                    }
                }
            }
            _ => {}
        }
        if language == Language::Rust {
            self.rust_wrapper(file, call, &plain, result);
            // `data::<T>()`, `get::<T>()`: what is asked for by type is of that type.
            types.iter().for_each(|node| self.graph.copy(*node, result));
        }
        if language == Language::TypeScript {
            if !types.is_empty() {
                self.call_types.insert(site, types);
            }
            self.dynamic_import(file, scope, call, result);
        }
        result
    }

    /// The names that an attribute can be asked for by: as written, or as the calls in this file of the function around
    /// write them for its parameter (`self._run("generate")`, `getattr(self, name)`).
    fn attribute_names(&mut self, file: FileId, scope: FnId, at: ExprId) -> Vec<Name> {
        let facts = self.program.facts(file);
        let name = match facts.expr(at) {
            Expr::Str(text) => return vec![*text],
            Expr::Name(name) => *name,
            _ => return Vec::new(),
        };
        let Some(owner) = self.scopes[file.0 as usize].lookup(facts, scope, name) else { return Vec::new() };
        let function = facts.function(owner);
        let Some(index) = function.params.iter().position(|param| param.name() == Some(name)) else {
            return Vec::new();
        };
        let Some(called) = function.name else { return Vec::new() };
        let mut found = Vec::new();
        for at in self.calls_named(file, called) {
            let Expr::Call(call) = facts.expr(at) else { continue };
            let named = call.args.iter().find(|arg| arg.name == Some(name));
            let given = named.or_else(|| call.args.iter().filter(|arg| arg.name.is_none()).nth(index));
            found.extend(given.and_then(|arg| facts.str_value(arg.value)).filter(|_| found.len() < MAX_NAMES));
        }
        found
    }

    /// The first calls in a file of what has a name, counted once a file: a file may ask for thousands of attributes.
    fn calls_named(&mut self, file: FileId, name: Name) -> Vec<ExprId> {
        let facts = self.program.facts(file);
        let index = self.calls_by_name.entry(file).or_insert_with(|| {
            let mut index: FxHashMap<Name, Vec<ExprId>> = FxHashMap::default();
            for (expr, at) in facts.exprs.iter().zip(0u32..) {
                let Expr::Call(call) = expr else { continue };
                let (Expr::Name(callee) | Expr::Field { name: callee, .. }) = facts.expr(call.callee) else { continue };
                let calls = index.entry(*callee).or_default();
                if calls.len() < MAX_CALLS {
                    calls.push(ExprId(at));
                }
            }
            index
        });
        index.get(&name).cloned().unwrap_or_default()
    }

    /// `Arc::new(x)`, `Box::pin(x)`: the smart pointers of std are transparent.
    pub(super) fn rust_wrapper(&mut self, file: FileId, call: &CallExpr, args: &[NodeId], result: NodeId) {
        let facts = self.program.facts(file);
        let Expr::Field { base, name } = facts.expr(call.callee) else { return };
        let head = match facts.expr(*base) {
            Expr::Name(head) | Expr::Field { name: head, .. } => head,
            _ => return,
        };
        let is_pointer = matches!(
            head.as_str(),
            "Arc" | "Rc" | "Box" | "Mutex" | "RwLock" | "RefCell" | "Cell" | "OnceCell" | "Cow" | "Pin"
        );
        if is_pointer && matches!(name.as_str(), "new" | "pin" | "clone" | "from" | "Owned" | "Borrowed" | "downgrade")
        {
            args.iter().for_each(|n| self.graph.copy(*n, result));
        }
    }

    /// `await import("./x")` and `require("./x")` in expression position.
    pub(super) fn dynamic_import(&mut self, file: FileId, scope: FnId, call: &CallExpr, result: NodeId) {
        let facts = self.program.facts(file);
        let is_import = matches!(facts.expr(call.callee), Expr::Name(n) if *n == "import" || *n == "require");
        let specifier = call.args.first().and_then(|a| facts.str_value(a.value));
        if let (true, Some(specifier)) = (is_import, specifier) {
            let module = self.import_module(file, scope, specifier);
            self.graph.copy(module, result);
        }
    }

    /// Which arguments of a call are texts written at the call, as bits: all of a macro's, which formats them.
    pub(super) fn written_texts(&self, at: GExpr, kind: CallKind) -> u32 {
        let facts = self.program.facts(at.file);
        let Expr::Call(call) = facts.expr(at.expr) else { return u32::MAX };
        if kind == CallKind::Macro {
            return u32::MAX;
        }
        let is_written = |arg: &Arg| matches!(facts.expr(arg.value), Expr::Str(_) | Expr::Template { .. });
        call.args.iter().take(32).enumerate().filter(|(_, arg)| is_written(arg)).fold(0, |bits, (i, _)| bits | 1 << i)
    }

    /// Registers a call and returns the node of its result.
    pub(in crate::project) fn call_site(
        &mut self,
        at: GExpr,
        scope: FnId,
        kind: CallKind,
        callee: NodeId,
        receiver: NodeId,
        args: Vec<(Option<Name>, NodeId, bool)>,
    ) -> NodeId {
        let result = self.graph.node();
        let site = len32(self.sites.len());
        let caller = self.program.gfn(at.file, scope);
        let written = self.written_texts(at, kind);
        self.sites.push(Site { at, caller, kind, callee, receiver, args: args.into(), result, written });
        if kind == CallKind::Macro || callee == NodeId::EMPTY {
            self.pass_args(site);
        }
        self.watch(callee, Op::Call { site });
        result
    }
}
