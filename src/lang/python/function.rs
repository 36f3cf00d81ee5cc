//! Functions, lambdas and their parameters.

use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use super::{Lowering, Scope};
use crate::intern::Name;
use crate::ir::{Block, Expr, ExprId, FnId, FnKind, Function, Param, ParamKind, Pattern, Stmt, StmtKind};
use crate::source::Span;

impl Lowering<'_> {
    /// A function or class with or without decorators.
    pub(super) fn definition(&mut self, at: At) -> Option<StmtKind> {
        let lowered = self.deeper(1, |cx| {
            if cx.kind(at) != Kind::DecoratedDefinition {
                return cx.defined(at, Vec::new(), at);
            }
            let tree = cx.tree;
            let decorators: Vec<ExprId> = tree
                .named(at)
                .filter(|&c| tree.kind(c) == Kind::Decorator)
                .filter_map(|decorator| tree.named(decorator).next())
                .map(|decorator| cx.expr(decorator))
                .collect();
            let definition = cx.child(at, Field::Definition)?;
            cx.defined(definition, decorators, at)
        });
        if lowered.is_none() {
            self.skip(at);
        }
        lowered.flatten()
    }

    fn defined(&mut self, at: At, decorators: Vec<ExprId>, whole: At) -> Option<StmtKind> {
        match self.kind(at) {
            Kind::FunctionDefinition => Some(StmtKind::Function(self.function(at, decorators, whole))),
            Kind::ClassDefinition => Some(StmtKind::Class(self.class(at, decorators, whole))),
            _ => None,
        }
    }

    fn function(&mut self, at: At, decorators: Vec<ExprId>, whole: At) -> FnId {
        let name = self.child(at, Field::Name).map(|name| self.name(name));
        let marks: Vec<Name> = decorators.iter().filter_map(|&decorator| self.last_name(decorator)).collect();
        let is_marked = |words: &[&str]| marks.iter().any(|mark| words.contains(&mark.as_str()));
        let owner = self.scope.class;
        let kind = match (owner, name) {
            (None, _) => FnKind::Function,
            _ if is_marked(&["property", "cached_property", "abstractproperty"]) => FnKind::Getter,
            (_, Some(name)) if name == "__init__" => FnKind::Constructor,
            _ => FnKind::Method,
        };
        let mut function = Function::empty(kind, Some(self.scope.enclosing), self.span(whole));
        function.name = name;
        function.owner = owner;
        function.is_async = self.tree.child_of(at, Kind::Async).is_some();
        function.is_static = owner.is_some() && is_marked(&["staticmethod"]);
        function.is_abstract = is_marked(&["abstractmethod", "abstractproperty", "overload"]);
        function.head = self.head_span(at);
        let takes_receiver = owner.is_some() && !function.is_static;
        let id = self.out.function(function);
        if let Some(class) = owner {
            self.out.class_mut(class).methods.push(id);
        }
        let list = self.child(at, Field::Parameters);
        let (params, receiver) = self.params(list, takes_receiver);
        let returns = self.child(at, Field::ReturnType).map(|ty| self.annotation(ty));
        let scope = self.inner_scope(id, &params, receiver);
        let body = self.within(scope, |cx| cx.block(cx.child(at, Field::Body)));
        let is_bodiless = self.is_bodiless(at, &body, owner.is_some());
        let function = self.out.function_mut(id);
        function.params = params;
        function.returns = returns;
        function.decorators = decorators;
        function.body = body;
        function.is_abstract |= is_bodiless;
        id
    }

    /// The scope of a nested function: it sees the receiver around it unless it has a parameter of that name.
    fn inner_scope(&self, function: FnId, params: &[Param], receiver: Option<Name>) -> Scope {
        let outer = self.scope.receiver.filter(|name| !params.iter().any(|param| param.name() == Some(*name)));
        Scope { function, enclosing: function, class: None, receiver: receiver.or(outer), ..self.scope }
    }

    /// From `def` or `async def` to the colon.
    fn head_span(&self, at: At) -> Span {
        let colon = self.tree.child_of(at, Kind::Colon).map(|colon| self.span(colon).end);
        let list = self.child(at, Field::Parameters).map(|list| self.span(list).end);
        let whole = self.span(at);
        Span { start: whole.start, end: colon.or(list).unwrap_or(whole.end) }
    }

    /// The last name of a decorator: `a.b.c(..)` gives `c`.
    fn last_name(&self, decorator: ExprId) -> Option<Name> {
        match self.out.facts.expr(decorator) {
            Expr::Name(name) | Expr::Field { name, .. } => Some(*name),
            Expr::Call(call) => self.last_name(call.callee),
            _ => None,
        }
    }

    /// Whether a body is only `...`, or for a method only `raise NotImplementedError`, with or without a docstring.
    fn is_bodiless(&self, at: At, body: &Block, is_method: bool) -> bool {
        let tree = self.tree;
        let facts = &self.out.facts;
        let is_text = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Expr(e) if facts.str_value(e).is_some());
        let rest = match body.as_slice() {
            [first, rest @ ..] if is_text(first) => rest,
            all => all,
        };
        match rest {
            [] => {
                let Some(block) = self.child(at, Field::Body) else { return false };
                let is_dots = |c: At| tree.named(c).any(|inner| tree.kind(inner) == Kind::Ellipsis);
                tree.named(block).any(is_dots)
            }
            [Stmt { kind: StmtKind::Raise(Some(error)), .. }] => {
                is_method && self.last_name(*error).is_some_and(|name| name == "NotImplementedError")
            }
            _ => false,
        }
    }

    /// A lambda, named after what it is bound to.
    pub(super) fn lambda(&mut self, at: At, name: Option<Name>) -> ExprId {
        let mut function = Function::empty(FnKind::Closure, Some(self.scope.enclosing), self.span(at));
        function.name = name;
        let id = self.out.function(function);
        let (params, receiver) = self.params(self.child(at, Field::Parameters), false);
        let scope = self.inner_scope(id, &params, receiver);
        let body = self.child(at, Field::Body);
        let value = self.within(scope, |cx| body.map(|body| cx.expr(body)));
        let whole = self.span(at);
        let span = body.map_or(whole, |body| self.span(body));
        let function = self.out.function_mut(id);
        function.params = params;
        function.head = Span { start: whole.start, end: span.start.max(whole.start) };
        function.body = vec![Stmt { kind: StmtKind::Return(value), span }];
        self.add(Expr::Lambda(id), at)
    }

    /// Parameters, and the receiver's name if the first one is the receiver.
    fn params(&mut self, list: Option<At>, takes_receiver: bool) -> (Vec<Param>, Option<Name>) {
        let tree = self.tree;
        let (mut params, mut receiver) = (Vec::new(), None);
        let mut may_be_receiver = takes_receiver;
        let mut plain = ParamKind::Plain;
        for at in list.into_iter().flat_map(|list| tree.named(list)) {
            match self.kind(at) {
                Kind::KeywordSeparator => plain = ParamKind::Keyword,
                Kind::PositionalSeparator => {}
                _ => {
                    let param = self.param(at, plain);
                    if param.kind == ParamKind::Rest {
                        plain = ParamKind::Keyword;
                    }
                    if std::mem::take(&mut may_be_receiver) && param.kind == ParamKind::Plain {
                        receiver = param.name();
                    } else {
                        params.push(param);
                    }
                }
            }
        }
        (params, receiver)
    }

    fn param(&mut self, at: At, plain: ParamKind) -> Param {
        let tree = self.tree;
        let target = match self.kind(at) {
            Kind::TypedParameter => tree.named(at).next().unwrap_or(at),
            Kind::DefaultParameter | Kind::TypedDefaultParameter => self.child(at, Field::Name).unwrap_or(at),
            _ => at,
        };
        let (kind, target) = match self.kind(target) {
            Kind::ListSplatPattern => (ParamKind::Rest, tree.named(target).next().unwrap_or(target)),
            Kind::DictionarySplatPattern => (ParamKind::KeywordRest, tree.named(target).next().unwrap_or(target)),
            _ => (plain, target),
        };
        let pattern = self.pattern(target);
        let name = match pattern {
            Pattern::Name(name, _) => Some(name),
            _ => None,
        };
        let ty = self.child(at, Field::Type).map(|ty| self.annotation(ty));
        let default = self.child(at, Field::Value).map(|value| self.named_expr(value, name));
        Param { pattern, ty, default, kind, decorators: Vec::new(), span: self.span(at) }
    }
}
