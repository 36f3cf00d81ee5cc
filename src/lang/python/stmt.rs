//! Simple statements, and the dispatch over all statements.

use super::grammar::Field;
use super::kind::Kind;
use super::tree::At;
use super::{Lowering, operator};
use crate::intern::Name;
use crate::ir::{Block, CallExpr, CallKind, Class, ClassKind, Decl, Expr, Pattern, Stmt, StmtKind};
use crate::source::Span;

impl Lowering<'_> {
    /// Lowers a whole file.
    pub(super) fn file(&mut self, into: &mut Block) {
        match self.kind(At::ROOT) {
            Kind::Error => self.broken(At::ROOT, into),
            _ => self.statements(At::ROOT, into),
        }
    }

    /// Lowers the statements that stand directly in a node.
    pub(super) fn statements(&mut self, at: At, into: &mut Block) {
        let tree = self.tree;
        for child in tree.children(at) {
            self.statement(child, into);
        }
    }

    /// Lowers a node's statements as a block one level deeper.
    pub(super) fn block(&mut self, at: Option<At>) -> Block {
        let Some(at) = at else { return Block::new() };
        let mut block = Block::new();
        if self.deeper(1, |cx| cx.statements(at, &mut block)).is_none() {
            self.skip(at);
        }
        block
    }

    /// Lowers one statement to none, one or several.
    pub(super) fn statement(&mut self, at: At, into: &mut Block) {
        let kind = self.kind(at);
        let lowered = match kind {
            Kind::ExpressionStatement => return self.expression_statement(at, into),
            Kind::Assignment | Kind::AugmentedAssignment => Some(self.assignment(at)),
            Kind::Call | Kind::Await => Some(StmtKind::Expr(self.expr(at))),
            Kind::ReturnStatement => Some(StmtKind::Return(self.first_expr(at))),
            Kind::RaiseStatement => Some(StmtKind::Raise(self.first_expr(at))),
            Kind::IfStatement => Some(self.if_statement(at)),
            Kind::ForStatement | Kind::WhileStatement => return self.loop_statement(at, into),
            Kind::TryStatement => Some(self.try_statement(at)),
            Kind::WithStatement => Some(self.with_statement(at)),
            Kind::MatchStatement => Some(self.match_statement(at)),
            Kind::FunctionDefinition | Kind::ClassDefinition | Kind::DecoratedDefinition => self.definition(at),
            Kind::ImportStatement | Kind::ImportFromStatement | Kind::FutureImportStatement => {
                return self.import(at);
            }
            Kind::AssertStatement => self.first_expr(at).map(StmtKind::Assert),
            Kind::DeleteStatement => return self.delete(at, into),
            Kind::GlobalStatement | Kind::NonlocalStatement => Some(self.global(at)),
            Kind::BreakStatement => Some(StmtKind::Break),
            Kind::ContinueStatement => Some(StmtKind::Continue),
            Kind::TypeAliasStatement => self.type_alias(at),
            Kind::PrintStatement | Kind::ExecStatement => Some(self.old_call(at)),
            Kind::Block => return self.statements(at, into),
            Kind::Error => return self.broken(at, into),
            _ => None,
        };
        into.extend(lowered.map(|kind| Stmt { kind, span: self.span(at) }));
    }

    /// Lowers the statements a stretch of broken code still holds; what lies between them is unreadable.
    fn broken(&mut self, at: At, into: &mut Block) {
        let tree = self.tree;
        let whole = self.span(at);
        let mut read_to = whole.start;
        let already = into.len();
        for child in tree.children(at).filter(|&child| tree.kind(child).is_statement()) {
            let span = self.span(child);
            // What is left of a signature looks like a call.
            let before = self.slice(Span { start: whole.start, end: span.start }).trim_end();
            if before.ends_with("def") || before.ends_with("class") {
                continue;
            }
            if self.deeper(1, |cx| cx.statement(child, into)).is_some() {
                self.gap(read_to, span.start);
                read_to = span.end;
            }
        }
        // An empty error is a made-up token's place.
        if into.len() == already && whole.start == whole.end {
            self.skip(at);
        }
        self.gap(read_to, whole.end);
    }

    fn gap(&mut self, from: u32, to: u32) {
        let gap = Span { start: from, end: to.max(from) };
        let text = self.slice(gap);
        let kept = text.trim();
        if !kept.is_empty() {
            let start = from as usize + (text.len() - text.trim_start().len());
            self.out.facts.unreadable.push(Span::new(start, start + kept.len()));
        }
    }

    fn expression_statement(&mut self, at: At, into: &mut Block) {
        let tree = self.tree;
        let mut parts = tree.named(at);
        let Some(first) = parts.next() else {
            // Only a made-up node, which is recorded already.
            return;
        };
        let span = self.span(at);
        let kind = match self.kind(first) {
            // `...` as a statement does nothing.
            Kind::Ellipsis if parts.next().is_none() => return,
            Kind::Assignment | Kind::AugmentedAssignment => self.assignment(first),
            _ if parts.next().is_some() || self.source(at).ends_with(',') => StmtKind::Expr(self.tuple_of(at)),
            _ => StmtKind::Expr(self.expr(first)),
        };
        into.push(Stmt { kind, span });
    }

    /// `a = v`, `a = b = v`, `a: T = v`, `a += v`.
    pub(super) fn assignment(&mut self, at: At) -> StmtKind {
        let mut targets = Vec::new();
        let (mut ty, mut op) = (None, None);
        let mut next = Some(at);
        let mut value = None;
        while let Some(at) = next.take() {
            if let Some(left) = self.child(at, Field::Left) {
                targets.push(self.pattern(left));
            }
            if let Some(annotation) = self.child(at, Field::Type) {
                ty = Some(self.annotation(annotation));
            }
            if let Some(token) = self.child(at, Field::Operator) {
                op = Some(operator::assigned(self.kind(token)));
            }
            match self.child(at, Field::Right) {
                Some(right) if matches!(self.kind(right), Kind::Assignment | Kind::AugmentedAssignment) => {
                    next = Some(right);
                }
                right => value = right,
            }
        }
        let name = match targets.as_slice() {
            [Pattern::Name(name, _)] => Some(*name),
            _ => None,
        };
        let value = value.map(|value| self.named_expr(value, name));
        StmtKind::Assign { targets, value, ty, op, decl: Decl::None }
    }

    fn first_expr(&mut self, at: At) -> Option<crate::ir::ExprId> {
        let first = self.tree.named(at).next()?;
        Some(self.expr(first))
    }

    fn delete(&mut self, at: At, into: &mut Block) {
        let tree = self.tree;
        let span = self.span(at);
        for list in tree.named(at) {
            let targets = match self.kind(tree.bare(list)) {
                Kind::ExpressionList | Kind::Tuple | Kind::List => tree.named(tree.bare(list)).collect(),
                _ => vec![list],
            };
            for target in targets {
                let kind = StmtKind::Delete(self.expr(target));
                into.push(Stmt { kind, span });
            }
        }
    }

    fn global(&self, at: At) -> StmtKind {
        StmtKind::Global(self.tree.named(at).map(|name| self.name(name)).collect())
    }

    /// `type X = T`.
    fn type_alias(&mut self, at: At) -> Option<StmtKind> {
        let left = self.child(at, Field::Left)?;
        let right = self.child(at, Field::Right)?;
        if let Some(head) = self.called_head(left) {
            return Some(self.type_place(at, left, right, head));
        }
        let written = self.source(left);
        let name = written.split('[').next().unwrap_or(written).trim();
        let aliased = self.annotation(right);
        let class =
            Class { name: Some(Name::new(name)), implements: vec![aliased], ..self.empty_class(ClassKind::Alias, at) };
        Some(StmtKind::Class(self.out.class(class)))
    }

    /// The parentheses at the head of `(x).a`: what stands behind a `type` that is no keyword.
    fn called_head(&self, left: At) -> Option<At> {
        let mut head = self.tree.named(left).next()?;
        while let Some(inner) = self.link(head) {
            head = inner;
        }
        matches!(self.kind(head), Kind::ParenthesizedExpression | Kind::Tuple).then_some(head)
    }

    /// `type(x).a = v`, which the grammar takes for a type alias.
    fn type_place(&mut self, at: At, left: At, right: At, head: At) -> StmtKind {
        let tree = self.tree;
        let outer = self.type_call.replace((head, self.span(at).start));
        let place = tree.named(left).next().map_or(Pattern::Wild, |place| self.pattern(place));
        self.type_call = outer;
        let value = Some(self.expr(right));
        StmtKind::Assign { targets: vec![place], value, ty: None, op: None, decl: Decl::None }
    }

    /// Python 2's `print a` and `exec a`, as calls.
    fn old_call(&mut self, at: At) -> StmtKind {
        let tree = self.tree;
        let written = self.source(at);
        let word = if written.starts_with("print") { "print" } else { "exec" };
        let start = self.span(at).start as usize;
        let callee = self.out.expr(Expr::Name(Name::new(word)), Span::new(start, start + word.len()));
        let args = tree.named(at).map(|arg| self.argument(arg)).collect();
        let call = CallExpr { callee, args, kind: CallKind::Plain, types: Vec::new() };
        StmtKind::Expr(self.add(Expr::Call(Box::new(call)), at))
    }
}
