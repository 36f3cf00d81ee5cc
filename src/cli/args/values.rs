//! Arguments with a fixed list of values.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::finding::Severity;
use crate::settings::Format;

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(in crate::cli) enum FormatArg {
    /// For people
    #[default]
    Human,
    /// Versioned JSON
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a GitHub workflow run
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// JUnit XML
    Junit,
    /// Markdown with the coverage table, for a job summary
    Markdown,
    /// JSON lines, for coding agents
    Agent,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Format {
        match format {
            FormatArg::Human => Format::Human,
            FormatArg::Json => Format::Json,
            FormatArg::Sarif => Format::Sarif,
            FormatArg::Github => Format::Github,
            FormatArg::Gitlab => Format::Gitlab,
            FormatArg::Junit => Format::Junit,
            FormatArg::Markdown => Format::Markdown,
            FormatArg::Agent => Format::Agent,
        }
    }
}

/// Reads `sarif=out.sarif`.
pub(in crate::cli) fn also(written: &str) -> Result<(FormatArg, PathBuf), String> {
    let shape = "write a format and a file, such as `sarif=out.sarif`";
    let (format, file) = written.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or(shape)?;
    let known: Vec<String> =
        FormatArg::value_variants().iter().filter_map(|f| Some(f.to_possible_value()?.get_name().to_owned())).collect();
    let format = FormatArg::from_str(format, false).map_err(|_| {
        let hint = crate::data::nearest(format, known.iter().map(String::as_str));
        let hint = hint.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        format!("there is no format `{format}`{hint} There are {}", known.join(", "))
    })?;
    Ok((format, PathBuf::from(file)))
}

/// What fails a run.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum FailOn {
    /// Nothing that is found
    Never,
    Note,
    Low,
    Medium,
    High,
    Critical,
}

impl FailOn {
    /// The mildest severity that fails; `None` if none does.
    pub(in crate::cli) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Never => None,
            FailOn::Note => Some(Severity::Note),
            FailOn::Low => Some(Severity::Low),
            FailOn::Medium => Some(Severity::Medium),
            FailOn::High => Some(Severity::High),
            FailOn::Critical => Some(Severity::Critical),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SurfacesFormat {
    /// For people
    #[default]
    Human,
    /// Versioned JSON
    Json,
    /// A Mermaid flowchart
    Mermaid,
    /// One self-contained page
    Html,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ListFormat {
    #[default]
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(in crate::cli) enum ColorArg {
    /// On a terminal, unless the environment says otherwise
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum SeverityArg {
    Note,
    Low,
    Medium,
    High,
    Critical,
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Severity {
        match severity {
            SeverityArg::Note => Severity::Note,
            SeverityArg::Low => Severity::Low,
            SeverityArg::Medium => Severity::Medium,
            SeverityArg::High => Severity::High,
            SeverityArg::Critical => Severity::Critical,
        }
    }
}
