//! Macro invocations by shape: no macro is expanded, and only those of the standard library are known by name.
//!
//! Arguments become expressions, format strings templates, `{ "key": value }` bodies objects. Where nothing fits,
//! `loose` looks for expressions. Templates for other code (`#name`, `$name`) run nowhere and are skipped.

use proc_macro2::{Delimiter, Group, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{Macro, Token};

use super::cx::{Cx, join, plain};
use super::macro_args::{self, MacroArg, Syntax, Value};
use super::macro_arms::{self, MacroArm};
use super::macro_shape::{self, Shape};
use super::stmts::Tail;
use crate::intern::Name;
use crate::ir::{
    Arg, Arm, Block, CallKind, Decl, Element, Entry, Expr, ExprId, FnKind, Function, Key, ListKind, Part, Pattern,
    Stmt, StmtKind,
};
use crate::source::Span;

/// Macros that leave the function. `bail` is no macro of std, but the shape of its name is an idiom.
const DIVERGING: [&str; 5] = ["panic", "todo", "unimplemented", "unreachable", "bail"];

/// Macros that leave the function unless their first argument holds. `debug_assert!` does nothing in a release build.
const CHECKS: [&str; 2] = ["assert", "ensure"];

impl Cx<'_> {
    /// A macro where a value is expected.
    pub(super) fn macro_call(&mut self, mac: &Macro) -> ExprId {
        let span = self.macro_span(mac);
        if self.room() == 0 {
            return self.out.unreadable(span);
        }
        let shape = Shape::of(mac);
        self.deeper(1, |cx| match cx.macro_arms(mac, shape, Tail::Value) {
            Some(Armed::Match(stmt)) => cx.push(Expr::Block(Box::new(vec![stmt])), span),
            Some(Armed::Map(id)) => id,
            None => cx.invocation(mac, shape, span),
        })
    }

    fn macro_span(&self, mac: &Macro) -> Span {
        let group = self.group(mac.delimiter.span());
        let first = mac.path.segments.first().map(|segment| self.at(segment.ident.span()));
        join(first.unwrap_or(group), group)
    }

    fn macro_name(&self, mac: &Macro) -> Name {
        mac.path.segments.last().map_or(Name::new(""), |segment| self.name(&segment.ident))
    }

    fn invocation(&mut self, mac: &Macro, shape: Shape, span: Span) -> ExprId {
        let name = self.macro_name(mac);
        if name == "vec" && !shape.has_semicolon {
            return self.bracketed(mac.tokens.clone(), span);
        }
        let (callee, _) = self.path(None, &mac.path);
        let args = match name.as_str() {
            "matches" => self.matches_args(&mac.tokens),
            _ => None,
        };
        let args = args.unwrap_or_else(|| self.macro_args(mac, shape, name));
        self.call(CallKind::Macro, callee, args, span)
    }

    fn macro_args(&mut self, mac: &Macro, shape: Shape, name: Name) -> Vec<Arg> {
        if shape.yields
            && let Some(stmts) = macro_shape::statements(&mac.tokens)
        {
            return vec![plain(self.generator(&stmts, self.group(mac.delimiter.span())))];
        }
        if shape.is_keyed {
            let span = self.group(mac.delimiter.span());
            return vec![plain(self.object(mac.tokens.clone(), span))];
        }
        if shape.has_statements
            && !macro_shape::is_code_template(&mac.tokens)
            && let Some(stmts) = macro_shape::statements(&mac.tokens)
        {
            return vec![plain(self.inline(&stmts, mac))];
        }
        let parsed = macro_args::parse(Syntax::Macro, mac.tokens.clone());
        if parsed.iter().any(|arg| matches!(arg.value, Value::Raw(_))) {
            if macro_shape::is_code_template(&mac.tokens) {
                return Vec::new();
            }
            if let Some(stmts) = macro_shape::statements(&mac.tokens) {
                return vec![plain(self.inline(&stmts, mac))];
            }
        }
        let args = self.lower_args(parsed);
        self.fill_format(name, args)
    }

    /// Statements that run where the macro stands.
    fn inline(&mut self, stmts: &[syn::Stmt], mac: &Macro) -> ExprId {
        let body = self.statements(stmts, Tail::Value);
        let span = self.group(mac.delimiter.span());
        self.push(Expr::Block(Box::new(body)), span)
    }

    /// Statements that yield: they run when the result is polled.
    fn generator(&mut self, stmts: &[syn::Stmt], span: Span) -> ExprId {
        let mut function = Function::empty(FnKind::AsyncBlock, Some(self.scope), span);
        (function.is_async, function.is_generator) = (true, true);
        let id = self.out.function(function);
        let body = self.within(id, |cx| cx.statements(stmts, Tail::Return));
        self.out.function_mut(id).body = body;
        self.push(Expr::Lambda(id), span)
    }

    /// `matches!(value, pattern if guard)`: a binding test like that of `if let`.
    fn matches_args(&mut self, tokens: &TokenStream) -> Option<Vec<Arg>> {
        let parser = |input: ParseStream| {
            let value: syn::Expr = input.parse()?;
            input.parse::<Token![,]>()?;
            let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
            let guard = match input.parse::<Token![if]>() {
                Ok(_) => Some(input.parse::<syn::Expr>()?),
                Err(_) => None,
            };
            input.parse::<Option<Token![,]>>()?;
            Ok((value, pattern, guard))
        };
        let (value, pattern, guard) = parser.parse2(tokens.clone()).ok()?;
        let value = self.expr(&value);
        let target = Box::new(self.pattern(&pattern));
        let span = self.span(value);
        let mut args = vec![plain(self.push(Expr::Assign { target, value }, span))];
        args.extend(guard.map(|guard| plain(self.expr(&guard))));
        Some(args)
    }

    /// Arguments as calls have them.
    pub(super) fn lower_args(&mut self, args: Vec<MacroArg>) -> Vec<Arg> {
        let mut lowered = Vec::new();
        for MacroArg { name, sigil, value } in args {
            let Some(mut value) = self.value_of(value) else { continue };
            if let Some((sigil, at)) = sigil {
                let span = join(self.at(at), self.span(value));
                let spec = Some(Name::new(sigil.encode_utf8(&mut [0; 4])));
                let parts = Box::new([Part::Hole { value, spec }]);
                value = self.push(Expr::Template { parts, tag: None }, span);
            }
            lowered.push(Arg { name: name.map(|name| Name::new(&name)), value, spread: false });
        }
        lowered
    }

    /// The expression of an argument; `None` for tokens in which there is nothing to see.
    fn value_of(&mut self, value: Value) -> Option<ExprId> {
        if self.room() == 0 {
            return None;
        }
        self.deeper(1, |cx| match value {
            Value::Null(span) => {
                let span = cx.at(span);
                Some(cx.push(Expr::Null, span))
            }
            Value::Expr(expr) => Some(cx.expr(&expr)),
            Value::Tree(group) => Some(cx.tree(&group)),
            Value::Nested(path, paren, args) => {
                let (callee, _) = cx.path(None, &path);
                let args = cx.lower_args(args);
                let span = join(cx.span(callee), cx.group(&paren.span));
                Some(cx.call(CallKind::Plain, callee, args, span))
            }
            Value::Raw(tokens) => {
                let parts = cx.loose_parts(tokens);
                let (first, last) = (*parts.first()?, *parts.last()?);
                let span = join(cx.span(first), cx.span(last));
                Some(cx.push(Expr::Opaque(parts.into()), span))
            }
        })
    }

    /// A braced or bracketed literal that is no Rust expression.
    pub(super) fn tree(&mut self, group: &Group) -> ExprId {
        let span = self.at(group.span());
        match group.delimiter() {
            Delimiter::Brace => self.object(group.stream(), span),
            _ => self.bracketed(group.stream(), span),
        }
    }

    fn bracketed(&mut self, content: TokenStream, span: Span) -> ExprId {
        let mut items = Vec::new();
        for value in macro_args::elements(content) {
            items.extend(self.value_of(value).map(|value| Element { value, spread: false }));
        }
        self.push(Expr::List { kind: ListKind::List, items: items.into() }, span)
    }

    fn object(&mut self, content: TokenStream, span: Span) -> ExprId {
        let mut lowered = Vec::new();
        for (key, value) in macro_args::entries(content) {
            let key = key.map_or(Key::Spread, |key| self.key(&key));
            lowered.extend(self.value_of(value).map(|value| Entry { key, value }));
        }
        self.push(Expr::Object(lowered.into()), span)
    }

    fn key(&mut self, key: &syn::Expr) -> Key {
        match key {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Key::Name(Name::new(&text.value())),
            other => Key::Computed(self.expr(other)),
        }
    }

    fn macro_arms(&mut self, mac: &Macro, shape: Shape, tail: Tail) -> Option<Armed> {
        if !shape.has_arrow || macro_shape::is_code_template(&mac.tokens) {
            return None;
        }
        let arms = macro_arms::arms(mac.tokens.clone())?;
        let span = self.macro_span(mac);
        let (callee, _) = self.path(None, &mac.path);
        if arms.iter().all(|arm| arm.key.is_some()) {
            let mut entries = Vec::new();
            for arm in &arms {
                let key = arm.key.as_ref().map_or(Key::Spread, |key| self.key(key));
                entries.push(Entry { key, value: self.expr(&arm.body) });
            }
            let object = self.push(Expr::Object(entries.into()), span);
            return Some(Armed::Map(self.call(CallKind::Macro, callee, vec![plain(object)], span)));
        }
        let subject = self.call(CallKind::Macro, callee, Vec::new(), span);
        let arms = arms.iter().map(|arm| self.macro_arm(arm, tail)).collect();
        Some(Armed::Match(Stmt { kind: StmtKind::Match { subject, arms }, span }))
    }

    /// An arm that waits for its source, or one that matches.
    fn macro_arm(&mut self, arm: &MacroArm, tail: Tail) -> Arm {
        let mut pattern = match (&arm.pattern, &arm.key) {
            (Some(pattern), _) => self.pattern(pattern),
            (None, Some(key)) => Pattern::Literal(self.expr(key)),
            (None, None) => Pattern::Wild,
        };
        let guard = arm.guard.as_ref().map(|guard| self.expr(guard));
        let mut body = Vec::new();
        if let Some(source) = &arm.source {
            let source = self.expr(source);
            let span = self.span(source);
            let value = Some(self.push(Expr::Await(source), span));
            let targets = vec![std::mem::replace(&mut pattern, Pattern::Wild)];
            let kind = StmtKind::Assign { targets, value, ty: None, op: None, decl: Decl::Let };
            body.push(Stmt { kind, span });
        }
        body.extend(self.arm_body(&arm.body, tail));
        Arm { pattern, guard, body }
    }

    /// A macro in statement position.
    pub(super) fn macro_statement(&mut self, mac: &Macro, tail: Tail, out: &mut Block) {
        let span = self.macro_span(mac);
        if self.room() == 0 {
            let id = self.out.unreadable(span);
            return out.push(self.valued(id, tail));
        }
        let shape = Shape::of(mac);
        if let Some(armed) = self.deeper(1, |cx| cx.macro_arms(mac, shape, tail)) {
            let stmt = match armed {
                Armed::Match(stmt) if tail != Tail::Return => stmt,
                Armed::Match(stmt) => {
                    let stmt = retail(stmt);
                    let span = stmt.span;
                    let id = self.push(Expr::Block(Box::new(vec![stmt])), span);
                    self.valued(id, tail)
                }
                Armed::Map(id) => self.valued(id, tail),
            };
            out.push(stmt);
            return;
        }
        let name = self.macro_name(mac);
        if shape.starts_item && self.item_macro_items(mac, out) {
            return;
        }
        let id = self.deeper(1, |cx| cx.invocation(mac, shape, span));
        if DIVERGING.contains(&name.as_str()) {
            out.push(Stmt { kind: StmtKind::Raise(Some(id)), span });
        } else if CHECKS.contains(&name.as_str())
            && let Expr::Call(call) = &mut self.out.facts.exprs[id.0 as usize]
            && !call.args.is_empty()
        {
            let test = call.args.remove(0).value;
            out.push(self.leave_unless(test, id));
        } else {
            out.push(self.valued(id, tail));
        }
    }
}

/// What a macro with arms is.
enum Armed {
    /// Alternatives.
    Match(Stmt),
    /// Keys and values.
    Map(ExprId),
}

/// The values of arms lowered for a `return` are those of a block that is returned.
fn retail(mut stmt: Stmt) -> Stmt {
    if let StmtKind::Match { arms, .. } = &mut stmt.kind {
        for last in arms.iter_mut().filter_map(|arm| arm.body.last_mut()) {
            if let StmtKind::Return(Some(id)) = last.kind {
                last.kind = StmtKind::Value(id);
            }
        }
    }
    stmt
}
