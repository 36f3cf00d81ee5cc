//! Model files as written. Field docs are the reference for authors; `deny_unknown_fields` catches slips.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{CallKind, ControlKind, Scope, Setting, SinkKind, SourceKind};
use crate::source::Language;

/// One text or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// A single entry.
    One(String),
    /// A list.
    Many(Vec<String>),
}

impl OneOrMany {
    /// The entries.
    pub fn as_slice(&self) -> &[String] {
        match self {
            OneOrMany::One(text) => std::slice::from_ref(text),
            OneOrMany::Many(texts) => texts,
        }
    }
}

impl Default for OneOrMany {
    fn default() -> Self {
        OneOrMany::Many(Vec::new())
    }
}

/// A file `rules/models/<language>/<stem>.yml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ModelFile {
    /// The name(s) under which the library is published; `models --missing` matches manifests against them.
    pub package: OneOrMany,
    /// The language it is used from.
    pub language: Language,
    /// The versions the rows describe.
    #[serde(default)]
    pub version: Option<String>,
    /// The library's own documentation that the rows follow.
    #[serde(default)]
    pub docs: OneOrMany,
    /// Short names for module specifiers that are no identifiers: `server: next/server`. `*` at the end matches any rest.
    #[serde(default)]
    pub modules: BTreeMap<String, OneOrMany>,
    /// Named objects and the API paths that produce them. `stem:Name` adds to an object of another file.
    #[serde(default)]
    pub objects: BTreeMap<String, OneOrMany>,
    /// Those of `objects` that keep what the program puts into them under a name: `app.state.model = Model()`.
    #[serde(default)]
    pub bags: Vec<String>,
    /// Calls with a meaning.
    #[serde(default)]
    pub calls: Vec<CallRow>,
    /// Values (not calls) with a meaning, such as `request.headers`.
    #[serde(default)]
    pub values: Vec<ValueRow>,
    /// Attributes of elements that do harm.
    #[serde(default)]
    pub attributes: Vec<AttributeRow>,
    /// How the library makes functions reachable from outside.
    #[serde(default)]
    pub entrypoints: Vec<EntryRow>,
    /// How the library puts guards around handlers.
    #[serde(default)]
    pub attach: Vec<AttachRow>,
    /// Which of its values are controls.
    #[serde(default)]
    pub controls: Vec<ControlRow>,
    /// How applications are put together from routers.
    #[serde(default)]
    pub mounts: Vec<MountRow>,
    /// How parameters receive values from other functions.
    #[serde(default)]
    pub dependencies: Vec<DependencyRow>,
}

/// A call with a meaning.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CallRow {
    /// The callee's API path(s), without the final `()`.
    pub call: OneOrMany,
    /// What the call is for.
    #[serde(default)]
    pub is: Option<CallKind>,
    /// For calls that run any sort of model: parts of names of functions and classes in which this one generates nothing
    /// (`embed`, `rerank`).
    #[serde(default)]
    pub unless_named: Vec<String>,
    /// Where its settings stand, or a fixed fact (`max-output: default`).
    #[serde(default)]
    pub settings: BTreeMap<Setting, OneOrMany>,
    /// Arguments that matter.
    #[serde(default)]
    pub sinks: Vec<SinkRow>,
    /// Results (or callback parameters) that matter.
    #[serde(default)]
    pub sources: Vec<SourceRow>,
    /// How data passes through.
    #[serde(default)]
    pub flows: Vec<FlowRow>,
    /// What it hands to its callbacks, where the program leaves that without a type: `{execute.param0: Step}`, with objects
    /// of this file or `stem:Object` of another.
    #[serde(default)]
    pub hands: BTreeMap<String, String>,
    /// The result is a box: what members hold what, besides what is assigned to them later: `{current: arg0}`. A type
    /// argument of the call says what all of them may hold.
    #[serde(default)]
    pub boxes: BTreeMap<String, String>,
    /// It puts a value into a bag under a name, or gives what is in the bag under a name.
    #[serde(default)]
    pub bag: Option<BagRow>,
    /// What it does to the world, to go on from "the tool": `sends a mail`. Calls that only read have none.
    #[serde(default)]
    pub effect: Option<String>,
    /// What makes its sinks harmless: any of these.
    #[serde(default)]
    pub unless: Vec<ConditionRow>,
    /// What its sinks need to do harm: each of these.
    #[serde(default)]
    pub needs: Vec<ConditionRow>,
    /// `lookup` cache calls that scope their own keys, and the like: a note shown as evidence.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a call does to a bag.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BagRow {
    /// The bag: an object of this file among its `bags`.
    pub of: String,
    /// Where the name stands.
    pub key: String,
    /// Where the value stands that is put in; the call gives what is in there without it.
    #[serde(default)]
    pub value: Option<String>,
}

/// A value with a meaning.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ValueRow {
    /// Its API path(s).
    pub value: OneOrMany,
    /// What enters here.
    #[serde(default)]
    pub source: Option<SourceKind>,
    /// The name of the member of a class that it is, where what it makes and finds are instances of that class:
    /// `Order.objects.get(..)`.
    #[serde(default)]
    pub of_class: Option<String>,
    /// The sort of harm it does when assigned to (`element.innerHTML = x`).
    #[serde(default)]
    pub sink: Option<SinkKind>,
    /// Sinks for which what it holds of its object is safe (`path.name` of a path).
    #[serde(default)]
    pub sanitizes: Vec<SinkKind>,
}

/// An attribute of an element that does harm.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AttributeRow {
    /// Its name.
    pub attribute: String,
    /// The key in its value that matters, if its value is an object.
    #[serde(default)]
    pub key: Option<String>,
    /// The attribute that takes the harm away where it stands on the same element (`sandbox` of a frame).
    #[serde(default)]
    pub unless: Option<String>,
    /// The sort of harm.
    pub sink: SinkKind,
}

/// An argument that matters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SinkRow {
    /// Which argument, or part of one.
    pub at: String,
    /// What it is.
    pub kind: SinkKind,
}

/// An argument that decides whether a call's sinks do harm.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConditionRow {
    /// Where it stands; `made.` before a place means a call that made the receiver: `made.autoescape`.
    pub at: String,
    /// Ends of names or literals, one of which stands there (`SafeLoader`); any value but false ones if empty.
    #[serde(default)]
    pub is: Vec<String>,
}

/// A result that matters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SourceRow {
    /// `return`, a part of it, or a callback's parameter (`arg0.param0`).
    pub at: String,
    /// What it is.
    pub kind: SourceKind,
    /// Where the schema stands that it is checked with (`tool-arguments`).
    #[serde(default)]
    pub schema: Option<String>,
}

/// A propagator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FlowRow {
    /// Where data comes from: `arg0`, `receiver`, `args`.
    pub from: String,
    /// Where it goes: `return`, `receiver`, `return.content`. `call` means that the function at `from` is called and
    /// its result is the result.
    pub to: String,
    /// Sinks for which the data is safe afterwards.
    #[serde(default)]
    pub sanitizes: Vec<SinkKind>,
}

/// A way in from outside. Exactly one of `decorator`, `call`, `exports`, `directive`, `subclass`, `implements`, `attribute`, `value` is set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EntryRow {
    /// A decorator or attribute's API path: the decorated function is the handler.
    #[serde(default)]
    pub decorator: OneOrMany,
    /// A registration call's API path; `handler` says which argument is the handler.
    #[serde(default)]
    pub call: OneOrMany,
    /// Exported names that are handlers in files matching `files`.
    #[serde(default)]
    pub exports: Vec<String>,
    /// Glob patterns of file paths for `exports` and `directive`.
    #[serde(default)]
    pub files: OneOrMany,
    /// A directive (`use server`): exported functions of such a file, and functions that hold it, are handlers.
    #[serde(default)]
    pub directive: Option<String>,
    /// A base class's API path: `methods` of subclasses are handlers.
    #[serde(default)]
    pub subclass: OneOrMany,
    /// A decorator or attribute on a class or `impl` block: `methods` of it are handlers.
    #[serde(default)]
    pub class_decorator: OneOrMany,
    /// A trait or interface that classes implement: `methods` of implementors are handlers.
    #[serde(default)]
    pub implements: OneOrMany,
    /// A value's API path: module-level variables that hold one are entry points themselves (an exported agent graph).
    #[serde(default)]
    pub value: OneOrMany,
    /// Names (or `*`) of handler methods; a `name=METHOD` pair states the HTTP method.
    #[serde(default)]
    pub methods: Vec<String>,
    /// Where the handler stands among the arguments: `arg1`, `last`, `args`, `arg0.handler`, `arg0.*`. For decorators, where it
    /// stands when the decorator is called by hand: `app.event("x")(ack=.., lazy=[..])`; `arg0` if nothing is said.
    #[serde(default)]
    pub handler: Option<String>,
    /// The function in which the call stands is the handler: a script that runs anew for each input.
    #[serde(default)]
    pub around: bool,
    /// The framework has no router: a handler that hands its request on stands for those it hands it to.
    #[serde(default)]
    pub dispatches: bool,
    /// Where the route stands.
    #[serde(default)]
    pub route: Option<String>,
    /// The framework's name as shown.
    pub framework: String,
    /// What is untrusted: `parameters` (default), `none`, or places such as `arg0.body`.
    #[serde(default)]
    pub untrusted: OneOrMany,
    /// What the handler's parameters are where the program does not annotate them: `{arg0: Request, arg1: Response}`, with
    /// objects of this file or `stem:Object` of another.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// Entry points of this kind that are not HTTP: `websocket`, `bot`, `queue`, `ui`, `rpc`, `graph`, `schedule`, `tool`.
    #[serde(default)]
    pub channel: Option<String>,
    /// Controls that come with the framework for this row, such as authentication by a managed platform.
    #[serde(default)]
    pub controls: Vec<ControlKind>,
}

/// How a guard gets around handlers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AttachRow {
    /// A call whose argument is a guard: `App.use`, `App.add_middleware`, a constructor with `dependencies`.
    #[serde(default)]
    pub call: OneOrMany,
    /// A decorator that makes the decorated function a guard (`@app.before_request`, `@app.middleware("http")`).
    #[serde(default)]
    pub decorator: OneOrMany,
    /// Files that hold a guard for the whole application, by glob, with the exported names that are it.
    #[serde(default)]
    pub files: OneOrMany,
    /// A key's API path: an object that gives it as `provide` makes a guard of all handlers of the package out of what
    /// stands at `guard` in it.
    #[serde(default)]
    pub provided: OneOrMany,
    /// Exported names that are guards in `files`.
    #[serde(default)]
    pub exports: Vec<String>,
    /// Where the guard stands among the arguments: `arg0`, `args`, `dependencies[*]`; unused for decorators.
    #[serde(default)]
    pub guard: Option<String>,
    /// Where a path prefix that restricts it stands.
    #[serde(default)]
    pub prefix: Option<String>,
    /// What it protects.
    pub scope: Scope,
    /// Whether it covers only routes registered before it (axum layers) or after it (Express middleware).
    #[serde(default)]
    pub order: Option<String>,
}

/// A value that is a control wherever it is attached or called on the way to the LLM call.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ControlRow {
    /// What it protects against.
    pub is: ControlKind,
    /// API path(s) of the guard value: a middleware class, a decorator, or the result of a call.
    #[serde(default)]
    pub value: OneOrMany,
    /// API path(s) of a function whose call is the check or makes the guard.
    #[serde(default)]
    pub call: OneOrMany,
    /// Where the limit's value stands among that call's arguments.
    #[serde(default)]
    pub limit: Option<String>,
    /// Where the key function or key stands (whom the limit counts).
    #[serde(default)]
    pub key: Option<String>,
    /// Where the time stands that the limit counts in: a text with a unit, a length of time, or a number. A place that is
    /// called by a unit (`seconds`) says what the number counts in.
    #[serde(default)]
    pub window: Option<String>,
    /// What a window that is a number counts in where its place does not say it (`ms`); seconds if nothing does.
    #[serde(default)]
    pub window_unit: Option<String>,
    /// The window where none is stated, as text.
    #[serde(default)]
    pub window_default: Option<String>,
    /// Limit and window stand at the call that made what the control is a method of: `new Limiter(..).consume(user)`.
    #[serde(default)]
    pub of_maker: bool,
}

/// A call that puts a child router into an application, or, without `child`, makes a router that has a prefix.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MountRow {
    /// The call's API path.
    pub call: OneOrMany,
    /// Where the child stands.
    #[serde(default)]
    pub child: Option<String>,
    /// Where the path prefix stands.
    #[serde(default)]
    pub prefix: Option<String>,
    /// Where guards of the child stand (`dependencies[*]`).
    #[serde(default)]
    pub guard: Option<String>,
    /// Where the application stands that the child is put into, if that is not what the call is a method of:
    /// `Api(app)` with `child: return`, `onto: arg0`.
    #[serde(default)]
    pub onto: Option<String>,
}

/// How a parameter's value is provided before the handler runs: by a function given to a marker call, or by methods of
/// the parameter's own type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DependencyRow {
    /// The marker call's API path (`fastapi.Depends`).
    #[serde(default)]
    pub call: OneOrMany,
    /// Where the provider function stands among the marker's arguments.
    #[serde(default)]
    pub provider: Option<String>,
    /// A trait or base class: parameters whose type implements it are provided by its `methods` (axum extractors).
    #[serde(default)]
    pub implements: OneOrMany,
    /// Those methods.
    #[serde(default)]
    pub methods: Vec<String>,
}

/// `rules/models/endpoints.yml`: URLs that raw HTTP calls to a model hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EndpointFile {
    /// Fragments of a URL that mean a generative call, such as `/chat/completions`; those with `$` behind them end it.
    pub generate: Vec<String>,
    /// Fragments that mean another call to the same hosts (embeddings, models, moderation); these win.
    pub other: Vec<String>,
    /// What a request to generate holds, for addresses that stand in configuration alone.
    #[serde(default)]
    pub bodies: Vec<BodyRow>,
}

impl EndpointFile {
    /// Whether a text speaks of a model's URL at all.
    pub fn mentions(&self, text: &str) -> bool {
        // A base that a path is put behind elsewhere: `https://host/v1`.
        let base = text.split_once("://").map(|(_, base)| base.trim_end_matches('/')).filter(|base| base.len() > 7);
        self.generate
            .iter()
            .chain(&self.other)
            .any(|fragment| holds(text, fragment) || base.is_some_and(|base| fragment.starts_with(base)))
    }

    /// Whether a text means a generative call.
    pub fn generates(&self, text: &str) -> bool {
        self.generate.iter().any(|fragment| holds(text, fragment)) && !self.is_other(text)
    }

    /// Whether a text means another call to the same hosts.
    pub fn is_other(&self, text: &str) -> bool {
        self.other.iter().any(|fragment| holds(text, fragment))
    }
}

/// Whether a fragment stands in a text; one with `$` behind it stands at its end.
fn holds(text: &str, fragment: &str) -> bool {
    fragment.strip_suffix('$').map_or_else(|| text.contains(fragment), |end| text.ends_with(end))
}

/// Keys of a request's body that together mean a generative call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BodyRow {
    /// The key of the text that is sent.
    pub key: String,
    /// One of these stands beside it.
    pub with: Vec<String>,
}
