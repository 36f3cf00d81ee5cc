//! Rust's shadowing: `let app = app.layer(x)` makes a new variable of the same name.
//!
//! A name that a function binds more than once gets a variable a `let`, so that what is done to a later one does not
//! reach an earlier one. Bindings of other kinds (`if let`, `match`, loops) share the variable visible where they stand.

use rustc_hash::FxHashMap;

use crate::intern::Name;
use crate::ir::{Block, Decl, FileFacts, FnId, Node, Pattern, StmtKind, for_each_child};
use crate::source::{Language, Span};

/// One `let` of a name.
#[derive(Debug)]
struct Version {
    /// Where the pattern names it.
    bound: Span,
    /// Where its uses start: behind the statement, whose value still means an earlier one.
    from: u32,
    /// Where its block ends.
    until: u32,
    /// A name no source can spell.
    name: Name,
}

/// The shadowed names of a file.
#[derive(Debug, Default)]
pub(super) struct Shadows {
    versions: FxHashMap<(FnId, Name), Vec<Version>>,
}

impl Shadows {
    /// Collects them; other languages have none.
    pub(super) fn new(facts: &FileFacts) -> Self {
        let mut shadows = Shadows::default();
        if facts.language != Language::Rust {
            return shadows;
        }
        for (id, function) in facts.functions() {
            shadows.block(facts, id, &function.body);
        }
        shadows.versions.retain(|(f, name), versions| {
            versions.sort_by_key(|v| (v.from, v.bound));
            versions.len() > 1
                || is_inner(facts, *f)
                || facts.function(*f).params.iter().any(|p| binds(&p.pattern, *name))
        });
        shadows
    }

    /// The variable a name means at a place of the function that binds it.
    pub(super) fn used(&self, owner: FnId, name: Name, at: u32) -> Name {
        let Some(versions) = self.versions.get(&(owner, name)) else { return name };
        versions.iter().rev().find(|v| v.from <= at && at < v.until).map_or(name, |v| v.name)
    }

    /// Whether a name at a place of an inner function still means that of the function around it, as the value of
    /// `let client = client.clone()` does.
    pub(super) fn is_outer(&self, facts: &FileFacts, owner: FnId, name: Name, at: u32) -> bool {
        let is_parameter = || facts.function(owner).params.iter().any(|p| binds(&p.pattern, name));
        let versions = self.versions.get(&(owner, name)).filter(|_| is_inner(facts, owner));
        versions.is_some_and(|versions| versions.iter().all(|v| at < v.from) && !is_parameter())
    }

    /// The variable that a pattern at a place binds.
    pub(super) fn bound(&self, owner: FnId, name: Name, at: Span) -> Name {
        let Some(versions) = self.versions.get(&(owner, name)) else { return name };
        let own = versions.iter().find(|v| v.bound == at);
        own.map_or_else(|| self.used(owner, name, at.start), |v| v.name)
    }

    fn block(&mut self, facts: &FileFacts, f: FnId, block: &Block) {
        let until = block.last().map_or(0, |stmt| stmt.span.end);
        for stmt in block {
            if let StmtKind::Assign { targets, decl: Decl::Let, .. } = &stmt.kind {
                targets.iter().for_each(|target| self.pattern(f, target, stmt.span.end, until));
            }
            stmt.for_each_child(&mut |node| self.node(facts, f, node));
        }
    }

    fn node(&mut self, facts: &FileFacts, f: FnId, node: Node<'_>) {
        match node {
            Node::Block(block) => self.block(facts, f, block),
            Node::Expr(id) => for_each_child(facts.expr(id), &mut |child| self.node(facts, f, child)),
            Node::Pattern(_) => {}
        }
    }

    fn pattern(&mut self, f: FnId, pattern: &Pattern, from: u32, until: u32) {
        if let Pattern::Name(name, bound) = *pattern {
            let versions = self.versions.entry((f, name)).or_default();
            let version = Name::new(&format!("{name}#{}", versions.len() + 1));
            versions.push(Version { bound, from, until, name: version });
        }
        pattern.for_each_child(&mut |node| {
            if let Node::Pattern(inner) = node {
                self.pattern(f, inner, from, until);
            }
        });
    }
}

/// Whether a function stands in another one.
fn is_inner(facts: &FileFacts, f: FnId) -> bool {
    facts.function(f).parent.is_some_and(|parent| parent != FnId::MODULE)
}

fn binds(pattern: &Pattern, name: Name) -> bool {
    let mut found = false;
    pattern.for_each_name(&mut |n| found |= n == name);
    found
}
