//! The automaton over API paths: which model rows a value met in the program satisfies.
//!
//! All paths of all models are one nondeterministic automaton; [`Matcher`] walks it by lazy subset construction, so the
//! number of states is bounded by the models and not by the audited program.

use rustc_hash::{FxHashMap, FxHashSet};

use super::path::PatternStep;
use crate::intern::Name;
use crate::source::Language;

/// A named object of a model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

/// A state: "what this value is", as far as models care. [`ApiId::UNKNOWN`] is an external value that no model speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiId(pub u32);

impl ApiId {
    /// An external value without any model.
    pub const UNKNOWN: ApiId = ApiId(0);
}

/// One step in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApiStep {
    /// A member access.
    Member(Name),
    /// A call or construction; also from a type to its instance.
    Call,
    /// An element of a collection.
    Element,
}

/// A model row that a path completes; the index points into the table of that kind in the model set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowRef {
    /// The path is this object.
    Object(ObjectId),
    /// The path is the callee of a call row.
    Call(u32),
    /// The path is the value of a value row.
    Value(u32),
    /// The path is an entry row's decorator, ...
    EntryDecorator(u32),
    /// ... registration call,
    EntryCall(u32),
    /// ... base class,
    EntrySubclass(u32),
    /// ... class decorator,
    EntryClassDecorator(u32),
    /// ... interface,
    EntryImplements(u32),
    /// ... or value.
    EntryValue(u32),
    /// The path is an attach row's call, ...
    AttachCall(u32),
    /// ... decorator, ...
    AttachDecorator(u32),
    /// ... or provider's key.
    AttachProvided(u32),
    /// The path is a control row's value, ...
    ControlValue(u32),
    /// ... or call.
    ControlCall(u32),
    /// The path is a mount call.
    Mount(u32),
    /// The path is a dependency marker,
    Dependency(u32),
    /// ... or the interface of a dependency row.
    DependencyType(u32),
}

/// One compiled path.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) steps: Vec<PatternStep>,
    pub(super) target: RowRef,
}

/// Where compiled paths start.
#[derive(Clone, Debug, Default)]
pub(super) struct Starts {
    /// By language and exact module specifier.
    pub(super) modules: FxHashMap<(Language, Name), Vec<u32>>,
    /// By language and module specifier prefix (`@scope/*`).
    pub(super) prefixes: Vec<(Language, String, u32)>,
    /// By language: paths over globals.
    pub(super) globals: FxHashMap<Language, Vec<u32>>,
    /// By object.
    pub(super) objects: FxHashMap<ObjectId, Vec<u32>>,
}

type Position = (u32, u16);

#[derive(Clone, Debug)]
struct Node {
    positions: Box<[Position]>,
    rows: Box<[RowRef]>,
    path: Box<str>,
}

/// The automaton and the states met so far.
#[derive(Clone, Debug)]
pub struct Matcher {
    patterns: Vec<Pattern>,
    starts: Starts,
    nodes: Vec<Node>,
    known: FxHashMap<Box<[Position]>, ApiId>,
    edges: FxHashMap<(ApiId, ApiStep), ApiId>,
}

impl Matcher {
    pub(super) fn new(patterns: Vec<Pattern>, starts: Starts) -> Self {
        let unknown = Node { positions: Box::default(), rows: Box::default(), path: "?".into() };
        let known = FxHashMap::from_iter([(Box::default(), ApiId::UNKNOWN)]);
        Matcher { patterns, starts, nodes: vec![unknown], known, edges: FxHashMap::default() }
    }

    /// The state of an external module, by its specifier as the language writes it (`a.b`, `@scope/pkg/sub`, `a::b`).
    pub fn module(&mut self, language: Language, specifier: &str) -> ApiId {
        match language {
            Language::Python => self.dotted(language, specifier.split('.')),
            Language::Rust => self.dotted(language, specifier.split("::")),
            Language::TypeScript | Language::Config | Language::Prompt | Language::Text => {
                let specifier = specifier.strip_prefix("node:").unwrap_or(specifier);
                self.root(language, specifier)
            }
        }
    }

    fn dotted<'a>(&mut self, language: Language, mut parts: impl Iterator<Item = &'a str>) -> ApiId {
        let root = parts.next().unwrap_or_default();
        let root = self.root(language, root);
        parts.fold(root, |at, part| self.step(at, ApiStep::Member(Name::new(part))))
    }

    fn root(&mut self, language: Language, specifier: &str) -> ApiId {
        let mut at: Vec<Position> = Vec::new();
        if let Some(exact) = self.starts.modules.get(&(language, Name::new(specifier))) {
            at.extend(exact.iter().map(|p| (*p, 0)));
        }
        for (of, prefix, pattern) in &self.starts.prefixes {
            if *of == language && specifier.starts_with(prefix.as_str()) {
                at.push((*pattern, 0));
            }
        }
        self.state(at, || specifier.into())
    }

    /// The state of the language's global scope.
    pub fn globals(&mut self, language: Language) -> ApiId {
        let at = self.starts.globals.get(&language).into_iter().flatten().map(|p| (*p, 0)).collect();
        self.state(at, || "global".into())
    }

    /// The state of a value that is this object, however it was made. An object without a path is unknown.
    pub fn object(&mut self, object: ObjectId) -> ApiId {
        let is_it = |p: &&Pattern| p.target == RowRef::Object(object);
        let Some((pattern, found)) = self.patterns.iter().zip(0u32..).map(|(p, i)| (i, p)).find(|(_, p)| is_it(p))
        else {
            return ApiId::UNKNOWN;
        };
        let end = u16::try_from(found.steps.len()).unwrap_or(u16::MAX);
        self.state(vec![(pattern, end)], || "parameter".into())
    }

    /// The state one step further.
    pub fn step(&mut self, from: ApiId, step: ApiStep) -> ApiId {
        if from == ApiId::UNKNOWN {
            return from;
        }
        if let Some(known) = self.edges.get(&(from, step)) {
            return *known;
        }
        let node = &self.nodes[from.0 as usize];
        let mut at = Vec::new();
        for &(pattern, position) in &node.positions {
            match (self.patterns[pattern as usize].steps.get(position as usize), step) {
                (Some(PatternStep::Member(names)), ApiStep::Member(name))
                    if names.is_empty() || names.contains(&name) =>
                {
                    at.push((pattern, position + 1));
                }
                (Some(PatternStep::Deep), ApiStep::Member(_)) => at.push((pattern, position)),
                (Some(PatternStep::Call), ApiStep::Call) | (Some(PatternStep::Element), ApiStep::Element) => {
                    at.push((pattern, position + 1));
                }
                _ => {}
            }
        }
        let path = node.path.clone();
        let to = self.state(at, || match step {
            ApiStep::Member(name) => format!("{path}.{name}"),
            ApiStep::Call => format!("{path}()"),
            ApiStep::Element => format!("{path}[]"),
        });
        self.edges.insert((from, step), to);
        to
    }

    /// Whether any path continues or ends at this state.
    pub fn is_known(&self, id: ApiId) -> bool {
        id != ApiId::UNKNOWN
    }

    /// The rows completed at this state, sorted.
    pub fn rows(&self, id: ApiId) -> &[RowRef] {
        &self.nodes[id.0 as usize].rows
    }

    /// One path that leads to this state, for people.
    pub fn path(&self, id: ApiId) -> &str {
        &self.nodes[id.0 as usize].path
    }

    /// The state of a set of positions, closed over objects and `**`.
    fn state(&mut self, mut at: Vec<Position>, path: impl FnOnce() -> String) -> ApiId {
        let mut seen: FxHashSet<Position> = at.iter().copied().collect();
        let mut rows = Vec::new();
        let mut next = 0;
        while let Some(&(pattern, position)) = at.get(next) {
            next += 1;
            let Pattern { steps, target } = &self.patterns[pattern as usize];
            match (steps.get(position as usize), target) {
                (None, RowRef::Object(object)) => {
                    rows.push(*target);
                    let starts = self.starts.objects.get(object).into_iter().flatten();
                    at.extend(starts.map(|p| (*p, 0)).filter(|p| seen.insert(*p)));
                }
                (None, _) => rows.push(*target),
                (Some(PatternStep::Deep), _) if seen.insert((pattern, position + 1)) => {
                    at.push((pattern, position + 1))
                }
                (Some(_), _) => {}
            }
        }
        at.sort_unstable();
        at.dedup();
        let key: Box<[Position]> = at.into();
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        rows.sort_unstable();
        rows.dedup();
        let id = ApiId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { positions: key.clone(), rows: rows.into(), path: path().into() });
        self.known.insert(key, id);
        id
    }
}
