//! Names of the public taxonomies that rules refer to.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::data::{self, DataError};
use crate::embedded;

/// Where the taxonomies stand among the embedded files.
pub(crate) const TAXONOMIES: &str = "rules/taxonomies.yml";

/// Weakness classes and risk lists by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taxonomies {
    /// CWE names by number.
    pub cwe: BTreeMap<u32, String>,
    /// OWASP Top 10 for LLM Applications names by id, such as `LLM10:2025`.
    #[serde(rename = "owasp-llm")]
    pub owasp_llm: BTreeMap<String, String>,
}

impl Taxonomies {
    /// Loads the taxonomies from data files sorted by path.
    pub fn load(files: &[(&str, &str)]) -> Result<Taxonomies, DataError> {
        let text = embedded::file(files, TAXONOMIES)
            .ok_or_else(|| DataError::file(TAXONOMIES, "the taxonomies are missing"))?;
        data::parse(TAXONOMIES, text)
    }
}
