//! Tables of the project file that describe themselves: one declaration gives the type, its reader and its JSON Schema.
//!
//! The documentation of a field is the description that editors show, so the two cannot differ.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A type that a JSON Schema can be made of.
pub(crate) trait Described {
    /// Whether a key of this type must be there.
    const REQUIRED: bool = true;

    /// What a value must look like.
    fn schema() -> Value;
}

impl Described for String {
    fn schema() -> Value {
        json!({"type": "string", "minLength": 1})
    }
}

impl Described for f64 {
    fn schema() -> Value {
        json!({"type": "number"})
    }
}

impl Described for Value {
    fn schema() -> Value {
        json!(true)
    }
}

impl<T: Described> Described for Option<T> {
    const REQUIRED: bool = false;

    fn schema() -> Value {
        T::schema()
    }
}

impl<T: Described> Described for Vec<T> {
    const REQUIRED: bool = false;

    fn schema() -> Value {
        json!({"type": "array", "items": T::schema()})
    }
}

impl<T: Described> Described for BTreeMap<String, T> {
    const REQUIRED: bool = false;

    fn schema() -> Value {
        json!({"type": "object", "additionalProperties": T::schema()})
    }
}

impl<T: Described> Described for toml::Spanned<T> {
    const REQUIRED: bool = T::REQUIRED;

    fn schema() -> Value {
        T::schema()
    }
}

/// One key of a table: name, documentation, schema, whether it must be there.
pub(super) type Field = (&'static str, &'static [&'static str], Value, bool);

/// The schema of a table with exactly these keys.
pub(super) fn object(about: &[&str], fields: Vec<Field>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, doc, schema, is_required) in fields {
        let name = name.replace('_', "-");
        let mut described = match schema {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        described.insert("description".into(), json!(prose(doc)));
        properties.insert(name.clone(), Value::Object(described));
        if is_required {
            required.push(name);
        }
    }
    let mut schema = json!({
        "type": "object",
        "description": prose(about),
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The lines of a documentation comment as one text.
fn prose(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// A table whose keys may all be left out.
macro_rules! section {
    ($($(#[doc = $about:literal])+ pub struct $name:ident { $($(#[doc = $doc:literal])+ pub $field:ident: $type:ty,)* })+) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name { $($(#[doc = $doc])+ pub $field: $type,)* }

        impl $crate::settings::described::Described for $name {
            const REQUIRED: bool = false;

            fn schema() -> serde_json::Value {
                $crate::settings::described::table_schema!([$($about),+] $([$($doc),+] $field: $type,)*)
            }
        }
    )+};
}

/// A table of which every key that is no `Option` must be there.
macro_rules! entry {
    ($($(#[doc = $about:literal])+ pub struct $name:ident { $($(#[doc = $doc:literal])+ pub $field:ident: $type:ty,)* })+) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, serde::Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name { $($(#[doc = $doc])+ pub $field: $type,)* }

        impl $crate::settings::described::Described for $name {
            fn schema() -> serde_json::Value {
                $crate::settings::described::table_schema!([$($about),+] $([$($doc),+] $field: $type,)*)
            }
        }
    )+};
}

macro_rules! table_schema {
    ([$($about:literal),+] $([$($doc:literal),+] $field:ident: $type:ty,)*) => {
        $crate::settings::described::object(&[$($about),+], vec![$((
            stringify!($field),
            &[$($doc),+],
            <$type as $crate::settings::described::Described>::schema(),
            <$type as $crate::settings::described::Described>::REQUIRED,
        )),*])
    };
}

pub(super) use {entry, section, table_schema};
