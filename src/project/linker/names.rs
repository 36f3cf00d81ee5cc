//! Names of members that languages give a meaning of their own.

use crate::source::Language;

/// The member of an instance that is its class: `self.__class__(..)`, `new this.constructor(..)`.
pub(super) fn leads_to_class(member: &str) -> bool {
    matches!(member, "__class__" | "constructor")
}

/// Members of a function, by language, whose call is a call of the function.
pub(super) fn leads_back(language: Language, member: &str) -> bool {
    match language {
        Language::TypeScript => matches!(member, "bind" | "call" | "apply"),
        Language::Python => matches!(member, "__wrapped__" | "__call__"),
        _ => false,
    }
}

/// Whether a name means a method of collections and texts, and hardly an entry that code put in under a computed key.
pub(super) fn is_method_of_language(name: &str) -> bool {
    matches!(
        name,
        "get"
            | "set"
            | "has"
            | "delete"
            | "map"
            | "filter"
            | "forEach"
            | "reduce"
            | "find"
            | "push"
            | "pop"
            | "shift"
            | "slice"
            | "splice"
            | "concat"
            | "join"
            | "includes"
            | "indexOf"
            | "keys"
            | "values"
            | "entries"
            | "some"
            | "every"
            | "sort"
            | "flat"
            | "flatMap"
            | "length"
            | "then"
            | "catch"
            | "finally"
            | "toString"
            | "split"
            | "replace"
            | "trim"
            | "startsWith"
            | "endsWith"
            | "iter"
            | "into_iter"
            | "len"
            | "insert"
            | "push_str"
    )
}
