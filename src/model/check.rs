//! Loading of model files: parsing, resolution of roots, and errors that say what to write instead.

use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::de::DeserializeOwned;

use super::aliases::AliasFile;
use super::matcher::{Pattern, Starts};
use super::raw::{EndpointFile, ModelFile, OneOrMany};
use super::{
    AttachRow, CallKind, CallRow, ControlRow, DependencyRow, EntryRow, Matcher, MountRow, ObjectId, PathPattern, Place,
    PlaceRoot, PlaceStep, RowRef, Setting, SinkKind, SourceKind, ValueRow,
};
use crate::data;
use crate::intern::Name;
use crate::source::Language;

/// What is wrong with a model file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    /// The file.
    pub file: String,
    /// What is wrong, where, and what to write.
    pub message: String,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}

impl std::error::Error for ModelError {}

/// A row with the file it came from and its places parsed.
#[derive(Clone, Debug)]
pub struct Row<T, P = ()> {
    /// Index into [`ModelSet::files`].
    pub file: usize,
    /// As written.
    pub raw: T,
    /// Its places, parsed.
    pub places: P,
}

/// Parsed places of a call row.
#[derive(Clone, Debug, Default)]
pub struct CallPlaces {
    /// Settings and where they stand.
    pub settings: Vec<(Setting, Vec<Place>)>,
    /// Sinks.
    pub sinks: Vec<(Place, SinkKind)>,
    /// Sources.
    pub sources: Vec<(Place, SourceKind)>,
    /// Callbacks, which of their parameters are handed something, and what.
    pub hands: Vec<(Place, usize, ObjectId)>,
    /// Members of the box that it returns, and what they hold.
    pub boxes: Vec<(Name, Place)>,
    /// The bag that it puts something into or takes it out of, where the name stands, and where the value does.
    pub bag: Option<(ObjectId, Vec<Place>, Option<Vec<Place>>)>,
    /// Propagators and what they sanitize.
    pub flows: Vec<(Place, Place, Vec<SinkKind>)>,
}

/// Parsed places of other rows, by role.
#[derive(Clone, Debug, Default)]
pub struct RowPlaces {
    /// Handler, guard, child or provider.
    pub subject: Vec<Place>,
    /// Route, prefix, or limit.
    pub detail: Vec<Place>,
    /// Untrusted data of an entry point, the key of a limiter, or the guard of a mount.
    pub extra: Vec<Place>,
    /// What a handler's parameters are, by position.
    pub types: Vec<(usize, ObjectId)>,
    /// The application that a mount puts its child into.
    pub onto: Vec<Place>,
    /// The time that a limit counts in.
    pub window: Vec<Place>,
}

/// All models of a run.
#[derive(Clone, Debug)]
pub struct ModelSet {
    /// File stems (`python/openai`) and files.
    pub files: Vec<(String, ModelFile)>,
    /// Call rows.
    pub calls: Vec<Row<CallRow, CallPlaces>>,
    /// Value rows.
    pub values: Vec<Row<ValueRow>>,
    /// Entry rows.
    pub entries: Vec<Row<EntryRow, RowPlaces>>,
    /// Attach rows.
    pub attaches: Vec<Row<AttachRow, RowPlaces>>,
    /// Control rows.
    pub controls: Vec<Row<ControlRow, RowPlaces>>,
    /// Mount rows.
    pub mounts: Vec<Row<MountRow, RowPlaces>>,
    /// Dependency rows.
    pub dependencies: Vec<Row<DependencyRow, RowPlaces>>,
    /// URLs of model endpoints.
    pub endpoints: EndpointFile,
    /// Names of models that move.
    pub aliases: AliasFile,
    /// The automaton before any program was seen; clone it for a run.
    pub matcher: Matcher,
    /// Objects by qualified name (`python/openai:Client`).
    pub objects: FxHashMap<String, ObjectId>,
    /// Objects that carry entry points, guards or mounts: instances of these are told apart.
    pub tracked: FxHashSet<ObjectId>,
    /// Objects that keep what is put into them under a name.
    pub bags: FxHashSet<ObjectId>,
    /// Members of classes that make and find instances of the class.
    pub class_members: FxHashSet<Name>,
}

/// Prefix of embedded model files.
const FOLDER: &str = "rules/models/";

impl ModelSet {
    /// Loads all model files out of (name, text) pairs; files outside `rules/models/` are passed over.
    pub fn load(files: &[(&str, &str)]) -> Result<ModelSet, Vec<ModelError>> {
        let mut loader = Loader::default();
        for (name, text) in files {
            let Some(stem) = name.strip_prefix(FOLDER).and_then(|n| n.strip_suffix(".yml")) else { continue };
            if stem == "endpoints" {
                loader.endpoints = loader.parse(name, text).unwrap_or_default();
            } else if stem == "aliases" {
                loader.aliases = loader.parse(name, text).unwrap_or_default();
            } else if let Some(file) = loader.parse::<ModelFile>(name, text) {
                loader.files.push((stem.to_owned(), file));
            }
        }
        loader.compile()
    }

    /// Whether a call row is an LLM call.
    pub fn is_llm(&self, call: u32) -> bool {
        self.calls[call as usize].raw.is == Some(CallKind::Llm)
    }
}

#[derive(Default)]
struct Loader {
    files: Vec<(String, ModelFile)>,
    endpoints: EndpointFile,
    aliases: AliasFile,
    errors: Vec<ModelError>,
    patterns: Vec<Pattern>,
    starts: Starts,
    objects: FxHashMap<String, ObjectId>,
    tracked: FxHashSet<ObjectId>,
}

/// Where a path stands, for resolving its head and naming it in errors.
struct Context<'a> {
    stem: &'a str,
    file: &'a ModelFile,
}

impl Loader {
    fn parse<T: DeserializeOwned>(&mut self, name: &str, text: &str) -> Option<T> {
        if let Some(value) = data::quick(name, text) {
            return Some(value);
        }
        match serde_saphyr::from_str::<T>(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(ModelError { file: name.to_owned(), message: with_nearest(&error.to_string()) });
                None
            }
        }
    }

    fn compile(mut self) -> Result<ModelSet, Vec<ModelError>> {
        let files = std::mem::take(&mut self.files);
        for (stem, file) in &files {
            for name in file.objects.keys() {
                self.declare_object(stem, name);
            }
        }
        let mut set = ModelSet {
            files: Vec::new(),
            calls: Vec::new(),
            values: Vec::new(),
            entries: Vec::new(),
            attaches: Vec::new(),
            controls: Vec::new(),
            mounts: Vec::new(),
            dependencies: Vec::new(),
            endpoints: std::mem::take(&mut self.endpoints),
            aliases: std::mem::take(&mut self.aliases),
            matcher: Matcher::new(Vec::new(), Starts::default()),
            objects: FxHashMap::default(),
            tracked: FxHashSet::default(),
            bags: FxHashSet::default(),
            class_members: FxHashSet::default(),
        };
        for (index, (stem, file)) in files.iter().enumerate() {
            let cx = Context { stem, file };
            for (name, paths) in &file.objects {
                let id = self.objects[&qualified(stem, name)];
                self.paths(&cx, paths, RowRef::Object(id));
            }
            for name in &file.bags {
                set.bags.extend(self.typed(&cx, "bags", name));
            }
            self.compile_calls(&cx, index, &mut set);
            self.compile_entries(&cx, index, &mut set);
            self.compile_guards(&cx, index, &mut set);
        }
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        set.matcher = Matcher::new(self.patterns, self.starts);
        set.objects = self.objects;
        set.tracked = self.tracked;
        set.files = files;
        Ok(set)
    }

    fn declare_object(&mut self, stem: &str, name: &str) {
        let next = ObjectId(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        self.objects.entry(qualified(stem, name)).or_insert(next);
    }

    fn compile_calls(&mut self, cx: &Context<'_>, file: usize, set: &mut ModelSet) {
        for raw in &cx.file.calls {
            let row = index(set.calls.len());
            self.paths(cx, &raw.call, RowRef::Call(row));
            let mut places = CallPlaces::default();
            for (setting, at) in &raw.settings {
                places.settings.push((*setting, self.places(cx, at.as_slice())));
            }
            for sink in &raw.sinks {
                places.sinks.extend(self.places(cx, [&sink.at]).into_iter().map(|p| (p, sink.kind)));
            }
            let conditions = raw.unless.iter().chain(&raw.needs);
            self.places(cx, conditions.map(|c| c.at.strip_prefix("made.").unwrap_or(&c.at)));
            self.places(cx, raw.sources.iter().filter_map(|s| s.schema.as_deref()));
            for source in &raw.sources {
                places.sources.extend(self.places(cx, [&source.at]).into_iter().map(|p| (p, source.kind)));
            }
            places.hands = self.hands(cx, raw);
            places.bag = raw.bag.as_ref().and_then(|bag| {
                let object = self.typed(cx, "bag", &bag.of)?;
                let value = bag.value.as_ref().map(|value| self.places(cx, [value]));
                Some((object, self.places(cx, [&bag.key]), value))
            });
            for (member, at) in &raw.boxes {
                places.boxes.extend(self.places(cx, [at]).into_iter().map(|place| (Name::new(member), place)));
            }
            for flow in &raw.flows {
                for from in self.places(cx, [&flow.from]) {
                    for to in self.places(cx, [&flow.to]) {
                        places.flows.push((from.clone(), to, flow.sanitizes.clone()));
                    }
                }
            }
            set.calls.push(Row { file, raw: raw.clone(), places });
        }
        for raw in &cx.file.values {
            self.paths(cx, &raw.value, RowRef::Value(index(set.values.len())));
            set.class_members.extend(raw.of_class.as_deref().map(Name::new));
            set.values.push(Row { file, raw: raw.clone(), places: () });
        }
    }

    fn compile_entries(&mut self, cx: &Context<'_>, file: usize, set: &mut ModelSet) {
        for raw in &cx.file.entrypoints {
            let row = index(set.entries.len());
            self.paths(cx, &raw.decorator, RowRef::EntryDecorator(row));
            self.paths(cx, &raw.call, RowRef::EntryCall(row));
            self.paths(cx, &raw.subclass, RowRef::EntrySubclass(row));
            self.paths(cx, &raw.class_decorator, RowRef::EntryClassDecorator(row));
            self.paths(cx, &raw.implements, RowRef::EntryImplements(row));
            self.paths(cx, &raw.value, RowRef::EntryValue(row));
            let places = RowPlaces {
                subject: self.places(cx, &raw.handler),
                detail: self.places(cx, &raw.route),
                extra: self.places(cx, raw.untrusted.as_slice()),
                types: self.types(cx, raw),
                ..RowPlaces::default()
            };
            set.entries.push(Row { file, raw: raw.clone(), places });
        }
        for raw in &cx.file.mounts {
            self.paths(cx, &raw.call, RowRef::Mount(index(set.mounts.len())));
            let places = RowPlaces {
                subject: self.places(cx, &raw.child),
                detail: self.places(cx, &raw.prefix),
                extra: self.places(cx, &raw.guard),
                onto: self.places(cx, &raw.onto),
                ..RowPlaces::default()
            };
            set.mounts.push(Row { file, raw: raw.clone(), places });
        }
    }

    fn compile_guards(&mut self, cx: &Context<'_>, file: usize, set: &mut ModelSet) {
        for raw in &cx.file.attach {
            let row = index(set.attaches.len());
            self.paths(cx, &raw.call, RowRef::AttachCall(row));
            self.paths(cx, &raw.decorator, RowRef::AttachDecorator(row));
            self.paths(cx, &raw.provided, RowRef::AttachProvided(row));
            let places = RowPlaces {
                subject: self.places(cx, &raw.guard),
                detail: self.places(cx, &raw.prefix),
                ..RowPlaces::default()
            };
            set.attaches.push(Row { file, raw: raw.clone(), places });
        }
        for raw in &cx.file.controls {
            let row = index(set.controls.len());
            self.paths(cx, &raw.value, RowRef::ControlValue(row));
            self.paths(cx, &raw.call, RowRef::ControlCall(row));
            let places = RowPlaces {
                detail: self.places(cx, &raw.limit),
                extra: self.places(cx, &raw.key),
                window: self.places(cx, &raw.window),
                ..RowPlaces::default()
            };
            set.controls.push(Row { file, raw: raw.clone(), places });
        }
        for raw in &cx.file.dependencies {
            self.paths(cx, &raw.call, RowRef::Dependency(index(set.dependencies.len())));
            self.paths(cx, &raw.implements, RowRef::DependencyType(index(set.dependencies.len())));
            let subject = self.places(cx, &raw.provider);
            set.dependencies.push(Row {
                file,
                raw: raw.clone(),
                places: RowPlaces { subject, ..RowPlaces::default() },
            });
        }
    }

    /// What callbacks are handed: where they stand, which parameter, which object.
    fn hands(&mut self, cx: &Context<'_>, raw: &CallRow) -> Vec<(Place, usize, ObjectId)> {
        let mut hands = Vec::new();
        for (at, object) in &raw.hands {
            let Some(id) = self.typed(cx, at, object) else { continue };
            for mut place in self.places(cx, [at]) {
                match place.steps.pop() {
                    Some(PlaceStep::Param(index)) => hands.push((place, index, id)),
                    _ => self
                        .error(cx, format!("`{at}` in `hands` is no callback's parameter; end it in `.param0`, ...")),
                }
            }
        }
        hands
    }

    /// The object of a name that says what something is.
    fn typed(&mut self, cx: &Context<'_>, at: &str, object: &str) -> Option<ObjectId> {
        let name = qualified(cx.stem, object);
        let found = self.objects.get(&name).copied();
        if found.is_none() {
            let nearest = nearest(&name, self.objects.keys().map(String::as_str));
            self.error(cx, format!("type of `{at}`: no object `{name}`{nearest}"));
        }
        found
    }

    /// The objects that a handler's parameters are.
    fn types(&mut self, cx: &Context<'_>, raw: &EntryRow) -> Vec<(usize, ObjectId)> {
        let mut types = Vec::new();
        for (at, object) in &raw.types {
            let Some(id) = self.typed(cx, at, object) else { continue };
            match Place::parse(at) {
                Ok(Place { root: PlaceRoot::Arg(index), steps }) if steps.is_empty() => types.push((index, id)),
                _ => self.error(cx, format!("`{at}` in `types` is no parameter; write `arg0`, `arg1`, ...")),
            }
        }
        types
    }

    fn places<S: AsRef<str>>(&mut self, cx: &Context<'_>, texts: impl IntoIterator<Item = S>) -> Vec<Place> {
        let mut places = Vec::new();
        for text in texts {
            match Place::parse_all(text.as_ref()) {
                Ok(parsed) => places.extend(parsed),
                Err(message) => self.error(cx, message),
            }
        }
        places
    }

    fn paths(&mut self, cx: &Context<'_>, texts: &OneOrMany, target: RowRef) {
        for text in texts.as_slice() {
            match PathPattern::parse(text) {
                Ok(path) => self.path(cx, text, path, target),
                Err(message) => self.error(cx, message),
            }
        }
    }

    fn path(&mut self, cx: &Context<'_>, text: &str, path: PathPattern, target: RowRef) {
        let pattern = index(self.patterns.len());
        self.patterns.push(Pattern { steps: path.steps, target });
        for head in &path.head {
            let language = cx.file.language;
            if head == "global" {
                self.starts.globals.entry(language).or_default().push(pattern);
            } else if head.contains(':') || cx.file.objects.contains_key(head) {
                self.start_at_object(cx, text, head, pattern);
            } else if let Some(specifiers) = cx.file.modules.get(head) {
                for specifier in specifiers.as_slice() {
                    self.start_at_module(language, specifier, pattern);
                }
            } else {
                self.start_at_module(language, head, pattern);
            }
        }
    }

    fn start_at_object(&mut self, cx: &Context<'_>, text: &str, head: &str, pattern: u32) {
        let name = qualified(cx.stem, head);
        if let Some(object) = self.objects.get(&name) {
            let target = self.patterns[pattern as usize].target;
            if matches!(
                target,
                RowRef::EntryCall(_) | RowRef::EntryDecorator(_) | RowRef::AttachCall(_) | RowRef::Mount(_)
            ) {
                self.tracked.insert(*object);
            }
            self.starts.objects.entry(*object).or_default().push(pattern);
        } else {
            let nearest = nearest(&name, self.objects.keys().map(String::as_str));
            self.error(cx, format!("path `{text}`: no object `{name}`{nearest}"));
        }
    }

    fn start_at_module(&mut self, language: Language, specifier: &str, pattern: u32) {
        if let Some(prefix) = specifier.strip_suffix('*') {
            self.starts.prefixes.push((language, prefix.to_owned(), pattern));
        } else {
            self.starts.modules.entry((language, Name::new(specifier))).or_default().push(pattern);
        }
    }

    fn error(&mut self, cx: &Context<'_>, message: String) {
        self.errors.push(ModelError { file: format!("{FOLDER}{}.yml", cx.stem), message });
    }
}

/// `stem:Name`; a name that already has a stem gets this file's language in front (`langchain:Chat` in `python/x` is
/// `python/langchain:Chat`).
fn qualified(stem: &str, name: &str) -> String {
    match name.split_once(':') {
        Some((other, object)) => {
            let folder = stem.split_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{other}:{object}")
        }
        None => format!("{stem}:{name}"),
    }
}

fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// "; did you mean `x`?" if a known name is at most a third of its letters away.
fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> String {
    let bound = (wanted.chars().count() / 3).max(1);
    let best = known.map(|k| (strsim::osa_distance(wanted, k), k)).filter(|(distance, _)| *distance <= bound).min();
    best.map(|(_, k)| format!("; did you mean `{k}`?")).unwrap_or_default()
}

/// Adds the nearest name to an error that holds "unknown field `x`, expected one of a, b".
fn with_nearest(message: &str) -> String {
    let Some((_, tail)) = message.split_once("unknown ") else { return message.to_owned() };
    let Some((wrong, tail)) = tail.split_once('`').and_then(|(_, t)| t.split_once('`')) else {
        return message.to_owned();
    };
    let known = tail.lines().next().unwrap_or_default().split([',', ' ', '`']).filter(|word| !word.is_empty());
    format!("{message}{}", nearest(wrong, known))
}

#[cfg(test)]
mod tests;
