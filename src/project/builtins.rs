//! Methods of the languages' own types through which values pass. Libraries are models' work, not this table's.

use crate::intern::Name;
use crate::source::Language;

/// What a built-in method does with its receiver and a function argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    /// The result is the receiver (or what it wraps).
    Receiver,
    /// The result is an element of the receiver.
    Element,
    /// The argument function is called with each element; the result is a collection of its results and of the receiver's elements.
    EachElement,
    /// The argument function is called with the receiver (or what it wraps); the result is its result or the receiver.
    Continue,
    /// The arguments become elements of the receiver.
    Push,
    /// The second argument becomes the element at the first.
    Insert,
}

/// The meaning of a method by its name, if the receiver is no class of the program that defines it.
pub(super) fn method(language: Language, name: Name) -> Option<Builtin> {
    match language {
        Language::Python => python(name.as_str()),
        Language::TypeScript => typescript(name.as_str()),
        Language::Rust => rust(name.as_str()),
        Language::Config | Language::Prompt | Language::Text => None,
    }
}

fn python(name: &str) -> Option<Builtin> {
    Some(match name {
        "get" | "pop" | "popleft" | "values" | "items" | "setdefault" => Builtin::Element,
        "copy" | "__aenter__" | "__enter__" => Builtin::Receiver,
        "append" | "appendleft" | "add" | "extend" => Builtin::Push,
        "insert" | "__setitem__" => Builtin::Insert,
        _ => return None,
    })
}

fn typescript(name: &str) -> Option<Builtin> {
    Some(match name {
        "bind" | "call" | "apply" | "slice" | "concat" | "reverse" | "sort" | "flat" | "entries" => Builtin::Receiver,
        "get" | "pop" | "shift" | "at" | "values" => Builtin::Element,
        "map" | "flatMap" | "forEach" | "filter" | "find" | "findLast" | "some" | "every" | "reduce" => {
            Builtin::EachElement
        }
        "then" | "catch" | "finally" => Builtin::Continue,
        "push" | "unshift" | "add" => Builtin::Push,
        "set" => Builtin::Insert,
        _ => return None,
    })
}

fn rust(name: &str) -> Option<Builtin> {
    Some(match name {
        "clone" | "unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" | "as_ref" | "as_mut" | "as_deref"
        | "as_deref_mut" | "borrow" | "borrow_mut" | "lock" | "read" | "write" | "get_ref" | "get_mut"
        | "into_inner" | "to_owned" | "into" | "cloned" | "copied" | "ok" | "err" | "ok_or" | "iter" | "iter_mut"
        | "into_iter" | "boxed" | "upgrade" | "deref" | "as_any" | "take" | "replace" | "get_or_insert" | "await"
        | "instrument" | "in_current_span" | "boxed_local" | "fuse" | "pin" | "collect" | "load" | "load_full"
        | "into_boxed" | "chain" | "rev" | "peekable" | "skip" | "to_vec" => Builtin::Receiver,
        "get" | "next" | "first" | "last" | "pop" | "remove" | "pop_front" | "pop_back" | "values" | "entry"
        | "nth" => Builtin::Element,
        "map" | "and_then" | "then" | "map_err" | "ok_or_else" | "unwrap_or_else" | "or_else" | "map_or"
        | "map_or_else" | "inspect" | "unwrap_or_log" | "then_some" | "map_ok" | "try_fold" => Builtin::Continue,
        "for_each"
        | "filter_map"
        | "flat_map"
        | "filter"
        | "find"
        | "find_map"
        | "fold"
        | "any"
        | "all"
        | "try_for_each"
        | "for_each_concurrent"
        | "buffer_unordered" => Builtin::EachElement,
        "push" | "push_back" | "extend" => Builtin::Push,
        "insert" => Builtin::Insert,
        _ => return None,
    })
}
