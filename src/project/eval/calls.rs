//! Calls as nodes of the constraint graph.

use crate::intern::Name;
use crate::ir::{Arg, CallExpr, CallKind, Expr, ExprId, FnId};
use crate::project::linker::{Linker, Site};
use crate::project::program::{FileId, GExpr, len32};
use crate::project::solver::{NodeId, Op};
use crate::source::Language;

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
            _ => {}
        }
        if language == Language::Rust {
            self.rust_wrapper(file, call, &plain, result);
            // `data::<T>()`, `get::<T>()`: what is asked for by type is of that type.
            types.into_iter().for_each(|node| self.graph.copy(node, result));
        }
        if language == Language::TypeScript {
            self.dynamic_import(file, scope, call, result);
        }
        result
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
