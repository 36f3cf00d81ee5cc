//! Functions of the languages themselves that turn values into text or into less than the value.

/// Calls whose result still holds their argument: conversions and string building.
pub(super) fn keeps_text(name: &str) -> bool {
    matches!(
        name,
        "str"
            | "repr"
            | "format"
            | "join"
            | "dumps"
            | "stringify"
            | "String"
            | "encode"
            | "decode"
            | "concat"
            | "trim"
            | "strip"
            | "lstrip"
            | "rstrip"
            | "replace"
            | "replaceAll"
            | "lower"
            | "upper"
            | "toLowerCase"
            | "toUpperCase"
            | "title"
            | "toString"
            | "to_string"
            | "as_str"
            | "to_owned"
            | "into"
            | "clone"
            | "unwrap"
            | "expect"
            | "unwrap_or_default"
            | "unwrap_or"
            | "as_ref"
            | "as_deref"
            | "copy"
            | "dict"
            | "model_dump"
            | "model_dump_json"
            | "json"
            | "parse"
            | "loads"
            | "from"
            | "format_map"
            | "safe_substitute"
            | "substitute"
            | "dedent"
            | "splitlines"
            | "split"
            | "slice"
            | "substring"
            | "list"
            | "tuple"
            | "sorted"
            | "reversed"
            | "map"
            | "filter"
            | "text"
            | "render"
            | "get"
            | "pop"
            | "values"
            | "items"
            | "push_str"
            | "trim_end"
            | "trim_start"
            | "normalize"
            | "padStart"
            | "at"
            | "next"
            | "body"
            | "formData"
            | "getAll"
            | "to_str"
            | "to_vec"
            | "iter"
            | "collect"
            | "into_iter"
            | "cloned"
            | "ok"
            | "and_then"
            | "unwrap_or_else"
            | "unescape"
            | "println"
            | "vec"
    )
}

/// Calls whose result says something about their argument but does not hold it.
pub(super) fn drops_value(name: &str) -> bool {
    matches!(
        name,
        "len"
            | "bool"
            | "int"
            | "float"
            | "type"
            | "isinstance"
            | "hash"
            | "id"
            | "sum"
            | "min"
            | "max"
            | "count"
            | "Boolean"
            | "Number"
            | "parseInt"
            | "parseFloat"
            | "is_some"
            | "is_none"
            | "is_empty"
            | "is_ok"
            | "is_err"
            | "startswith"
            | "startsWith"
            | "endsWith"
            | "endswith"
            | "includes"
            | "has"
            | "exists"
            | "indexOf"
            | "keys"
            | "isArray"
            | "any"
            | "all"
    )
}

/// Members that say something about a value but are not it.
pub(super) fn is_measure(name: &str) -> bool {
    matches!(name, "length" | "size" | "status" | "status_code" | "ok" | "byteLength" | "__name__" | "__class__")
}

/// Functions that make a value safe to show, by what they are called.
pub(super) fn masks(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["mask", "redact", "hash", "digest", "obfuscat", "anonym", "scrub", "censor", "sha256", "encrypt", "pseudonym"]
        .iter()
        .any(|w| lower.contains(w))
}
