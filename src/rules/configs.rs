//! The configuration files of a run as trees. Each is read when the first engine asks for it: most are never asked for.

use std::sync::OnceLock;

use crate::lang::config::{self, ConfigFacts};
use crate::source::{Language, SourceFile};

/// Trees by index among the run's files.
#[derive(Debug, Default)]
pub struct Configs(Vec<OnceLock<Option<ConfigFacts>>>);

impl Configs {
    /// For these files; reads none of them yet.
    pub fn new(files: &[SourceFile]) -> Configs {
        Configs(files.iter().map(|_| OnceLock::new()).collect())
    }

    /// The tree of a file; `None` if it is no configuration. What its reader has to say is told where it is read for
    /// credentials, and once is enough.
    pub fn of(&self, index: usize, file: &SourceFile) -> Option<&ConfigFacts> {
        let read = || {
            let is_candidate = matches!(file.language, Language::Config | Language::Text | Language::Prompt);
            let format = config::format_of(&file.path).filter(|_| is_candidate)?;
            Some(config::parse(&file.path, &file.text, format).0)
        };
        self.0.get(index)?.get_or_init(read).as_ref()
    }
}
