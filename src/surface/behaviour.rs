//! Controls known by what code does: code that answers 429 limits a rate, code that answers 401 or 403 authenticates,
//! whatever it is called.
//!
//! Answers inside `except`/`catch` are left out: passing on a provider's own 429 limits nobody. So are answers in a
//! branch that tests for the same status, which pass on an upstream's answer.

use crate::intern::Name;
use crate::ir::{
    BinaryOp, Block, CallExpr, Expr, ExprId, FileFacts, Key, ListKind, Node, Part, Stmt, StmtKind, for_each_child,
};
use crate::model::ControlKind;
use crate::project::{GFn, Project};
use crate::source::Span;

/// A place that turns callers away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    /// What for.
    pub(super) kind: ControlKind,
    /// The statement.
    pub(super) span: Span,
    /// The expression that says so.
    pub(super) expr: ExprId,
    /// What it answers, in a few words.
    pub(super) what: String,
}

/// All rejections a function's own body makes, in order.
pub(super) fn rejections(project: &Project, f: GFn) -> Vec<Rejection> {
    let facts = project.program.facts(project.program.file_of(f));
    let mut found = Vec::new();
    block(facts, &project.program.function(f).body, &mut found);
    found
}

fn block(facts: &FileFacts, statements: &Block, found: &mut Vec<Rejection>) {
    for stmt in statements {
        statement(facts, stmt, false, found);
    }
}

/// A branch. What one that gives up says on its way out (`sender.send(Err(..)); return`) is an answer, too.
fn branch(facts: &FileFacts, statements: &Block, found: &mut Vec<Rejection>) {
    let gives_up = statements.last().is_some_and(|stmt| matches!(stmt.kind, StmtKind::Return(None)));
    for stmt in statements {
        statement(facts, stmt, gives_up, found);
    }
}

fn statement(facts: &FileFacts, stmt: &Stmt, gives_up: bool, found: &mut Vec<Rejection>) {
    match &stmt.kind {
        StmtKind::Return(Some(e)) | StmtKind::Value(e) => answer(facts, stmt.span, *e, true, found),
        StmtKind::Raise(Some(e)) => answer(facts, stmt.span, *e, true, found),
        StmtKind::Expr(e) => answer(facts, stmt.span, *e, gives_up, found),
        StmtKind::If { test, .. } if gives_up => {
            answer(facts, stmt.span, *test, true, found);
            statement(facts, stmt, false, found);
        }
        StmtKind::Assign { value: Some(e), .. } => nested_blocks(facts, *e, found),
        StmtKind::If { test, then, otherwise } => {
            nested_blocks(facts, *test, found);
            if !tests_status(facts, *test) {
                branch(facts, then, found);
            }
            branch(facts, otherwise, found);
        }
        StmtKind::Try { body, finally, .. } => {
            block(facts, body, found);
            block(facts, finally, found);
        }
        StmtKind::Loop { body, .. } | StmtKind::With { body, .. } | StmtKind::Block(body) => block(facts, body, found),
        StmtKind::Match { arms, .. } => arms.iter().for_each(|arm| block(facts, &arm.body, found)),
        _ => {}
    }
}

/// Blocks inside expressions (`let x = match .. { None => return Err(..) }`).
fn nested_blocks(facts: &FileFacts, expr: ExprId, found: &mut Vec<Rejection>) {
    for_each_child(facts.expr(expr), &mut |node| match node {
        Node::Expr(child) => nested_blocks(facts, child, found),
        Node::Block(inner) => block(facts, inner, found),
        Node::Pattern(_) => {}
    });
}

/// A condition that compares something with an HTTP status.
fn tests_status(facts: &FileFacts, test: ExprId) -> bool {
    let mut is_test = false;
    visit(facts, test, &mut |expr| {
        if let Expr::Binary { op: BinaryOp::Eq | BinaryOp::In, left, right } = facts.expr(expr) {
            is_test |= [left, right].into_iter().any(|e| status_of(facts, *e).is_some());
        }
    });
    is_test
}

fn visit(facts: &FileFacts, expr: ExprId, see: &mut dyn FnMut(ExprId)) {
    see(expr);
    for_each_child(facts.expr(expr), &mut |node| {
        if let Node::Expr(child) = node {
            visit(facts, child, see);
        }
    });
}

fn answer(facts: &FileFacts, span: Span, expr: ExprId, leaves: bool, found: &mut Vec<Rejection>) {
    nested_blocks(facts, expr, found);
    let mut best: Option<(ControlKind, ExprId, String)> = None;
    visit(facts, expr, &mut |e| {
        if best.is_none()
            && let Some((kind, what)) = rejection_in(facts, e, leaves)
        {
            best = Some((kind, e, what));
        }
    });
    if let Some((kind, expr, what)) = best {
        found.push(Rejection { kind, span, expr, what });
    }
}

/// What an expression says about turning the caller away.
fn rejection_in(facts: &FileFacts, expr: ExprId, leaves: bool) -> Option<(ControlKind, String)> {
    match facts.expr(expr) {
        Expr::Call(call) => call_rejection(facts, call, leaves),
        // `return body, 429`
        Expr::List { kind: ListKind::Tuple, items } if leaves => {
            let (_, rest) = items.split_first()?;
            let status = rest.iter().find_map(|item| Some((status_of(facts, item.value)?, item.value)));
            status.map(|(kind, at)| (kind, format!("answers {}", facts.show(at))))
        }
        Expr::Field { name, .. } | Expr::Name(name) if leaves => named(name),
        _ => None,
    }
}

fn call_rejection(facts: &FileFacts, call: &CallExpr, leaves: bool) -> Option<(ControlKind, String)> {
    let callee = match facts.expr(call.callee) {
        Expr::Name(name) | Expr::Field { name, .. } => Some(*name),
        _ => None,
    };
    for arg in &call.args {
        let is_status = arg.name.is_none_or(|n| n.contains("status") || n.contains("code"));
        if is_status && let Some(kind) = status_of(facts, arg.value) {
            return Some((kind, format!("answers {}", facts.show(arg.value))));
        }
        if let Expr::Object(entries) = facts.expr(arg.value) {
            for entry in entries {
                if let Key::Name(key) = entry.key
                    && (key.contains("status") || key.contains("Status") || key == "code")
                    && let Some(kind) = status_of(facts, entry.value)
                {
                    return Some((kind, format!("answers {}", facts.show(entry.value))));
                }
            }
        }
        if leaves && let Some(text) = text_of(facts, arg.value) {
            let coded = || callee.and_then(|callee| code(&callee, &text));
            if let Some(found) = phrase(&text).or_else(coded) {
                return Some(found);
            }
        }
    }
    let callee = callee?;
    if callee.to_ascii_lowercase().contains("redirect") {
        let to = call.args.iter().find_map(|a| text_of(facts, a.value))?;
        return is_login(&to).then(|| (ControlKind::Authentication, format!("redirects to {to}")));
    }
    named(&callee)
}

/// 429, 401, 403 as a number or by its well-known name.
fn status_of(facts: &FileFacts, expr: ExprId) -> Option<ControlKind> {
    match facts.expr(expr) {
        Expr::Num(text) => match text.as_str() {
            "429" => Some(ControlKind::RateLimit),
            "401" | "403" => Some(ControlKind::Authentication),
            _ => None,
        },
        Expr::Field { name, .. } | Expr::Name(name) => status_name(name),
        _ => None,
    }
}

fn status_name(name: &str) -> Option<ControlKind> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    match plain.trim_start_matches("http") {
        "429toomanyrequests" | "toomanyrequests" => Some(ControlKind::RateLimit),
        "401unauthorized" | "unauthorized" | "403forbidden" | "forbidden" => Some(ControlKind::Authentication),
        _ => None,
    }
}

/// Constructors and constants that are named for the rejection.
fn named(name: &Name) -> Option<(ControlKind, String)> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let plain = plain.trim_start_matches("http").trim_start_matches("error").trim_start_matches("err");
    let has = |parts: &[&str]| parts.iter().any(|p| plain.starts_with(p) && !plain.ends_with("handler"));
    if has(&["429", "toomanyrequests", "ratelimitexceeded", "quotaexceeded", "ratelimitreached", "usagelimitexceeded"])
    {
        return Some((ControlKind::RateLimit, format!("answers `{name}`")));
    }
    if has(&[
        "401unauthorized",
        "unauthorized",
        "403forbidden",
        "forbidden",
        "unauthenticated",
        "notauthenticated",
        "permissiondenied",
        "accessdenied",
    ]) {
        return Some((ControlKind::Authentication, format!("answers `{name}`")));
    }
    None
}

fn text_of(facts: &FileFacts, expr: ExprId) -> Option<String> {
    match facts.expr(expr) {
        Expr::Str(text) => Some(text.to_string()),
        Expr::Template { parts, .. } => {
            let texts = parts.iter().filter_map(|p| if let Part::Text(text) = p { Some(text.as_str()) } else { None });
            Some(texts.collect::<Vec<_>>().join(" "))
        }
        Expr::Object(entries) => {
            let texts: Vec<String> = entries.iter().filter_map(|e| text_of(facts, e.value)).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        _ => None,
    }
}

/// An error made from a code: `new ApiError("rate_limit:chat")`.
fn code(callee: &str, text: &str) -> Option<(ControlKind, String)> {
    let callee = callee.to_ascii_lowercase();
    let is_error =
        ["error", "exception", "reject", "abort", "fail", "deny", "problem"].iter().any(|w| callee.contains(w));
    if !is_error || text.len() > 40 || text.contains(' ') {
        return None;
    }
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let starts = |list: &[&str]| list.iter().any(|word| plain.starts_with(word));
    let kind = if starts(&["ratelimit", "toomanyrequests", "quotaexceeded", "usagelimit"]) {
        ControlKind::RateLimit
    } else if starts(&["unauthorized", "unauthenticated", "forbidden", "accessdenied", "notauthenticated"]) {
        ControlKind::Authentication
    } else {
        return None;
    };
    Some((kind, format!("answers \"{text}\"")))
}

/// Messages that turn a caller away.
fn phrase(text: &str) -> Option<(ControlKind, String)> {
    if text.len() > 200 {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let holds = |list: &[&str]| list.iter().any(|p| lower.contains(p));
    if holds(&[
        "rate limit exceeded",
        "rate limited",
        "too many requests",
        "quota exceeded",
        "daily limit",
        "monthly limit",
        "usage limit",
        "limit reached",
        "exceeded your token limit",
        "exceeded your message limit",
        "exceeded your limit",
        "token quota",
        "too many messages",
        "out of credits",
        "insufficient credits",
        "not enough credits",
    ]) || speaks_of_quota(&lower)
    {
        return Some((ControlKind::RateLimit, format!("answers \"{text}\"")));
    }
    if holds(&[
        "unauthorized",
        "unauthenticated",
        "not authenticated",
        "authentication required",
        "not logged in",
        "must be logged in",
        "must be signed in",
        "not signed in",
        "invalid token",
        "access denied",
        "permission denied",
        "login required",
        "invalid api key",
    ]) {
        return Some((ControlKind::Authentication, format!("answers \"{text}\"")));
    }
    None
}

/// "You have met your maximum 24 hour chat quota", "Quota for today is used up".
fn speaks_of_quota(lower: &str) -> bool {
    let is_over = ["exceed", "reached", "used up", "exhausted", "have met", "hit your", "hit the"];
    lower.contains("quota") && is_over.iter().any(|word| lower.contains(word))
}

fn is_login(target: &str) -> bool {
    let lower = target.to_ascii_lowercase();
    ["/login", "/signin", "/sign-in", "/auth", "/log-in", "/sign_in"].iter().any(|p| lower.contains(p))
}
