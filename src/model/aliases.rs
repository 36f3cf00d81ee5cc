//! Names of models that move to newer versions while dated ones exist.

use serde::Deserialize;

/// `rules/models/aliases.yml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AliasFile {
    /// Endings that mean "the newest", whatever stands before them.
    pub endings: Vec<String>,
    /// Undated names by provider.
    pub providers: Vec<ProviderAliases>,
}

/// The moving names of one provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProviderAliases {
    /// The provider's own list of its models and versions.
    pub docs: String,
    /// Names under which dated versions are published.
    pub names: Vec<String>,
}

impl AliasFile {
    /// Whether a model's name moves. A router's prefix (`provider/name`, `provider:name`) is passed over.
    pub fn is_moving(&self, name: &str) -> bool {
        let name = name.trim().to_ascii_lowercase();
        if self.endings.iter().any(|ending| name.ends_with(ending.as_str())) {
            return true;
        }
        let name = name.rsplit('/').next().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        self.providers.iter().any(|p| p.names.iter().any(|known| known == name))
    }
}

#[cfg(test)]
mod tests {
    use crate::embedded::EMBEDDED;
    use crate::model::ModelSet;

    #[test]
    fn undated_names_move_and_dated_ones_do_not() {
        let models = ModelSet::load(EMBEDDED).expect("loads");
        for name in ["gpt-4o", "openai/gpt-4o-mini", "claude-3-5-haiku-latest", "openai:gpt-4o", "llama3:latest"] {
            assert!(models.aliases.is_moving(name), "{name}");
        }
        for name in ["gpt-4o-2024-08-06", "claude-sonnet-4-20250514", "llama3:8b", "my-deployment", "text-davinci-003"]
        {
            assert!(!models.aliases.is_moving(name), "{name}");
        }
    }
}
