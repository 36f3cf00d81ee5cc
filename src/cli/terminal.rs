//! What the environment tells about the terminal.

use std::env;

/// Columns of a terminal that does not tell.
const USUAL_WIDTH: usize = 100;

/// Whether a line may be redrawn: not on a dumb terminal, and not in the log of a build.
pub(super) fn can_redraw() -> bool {
    let is_dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    !is_dumb && env::var_os("CI").is_none()
}

/// Whether the terminal is known to follow links in text. Others print them as noise or drop them.
pub(super) fn follows_links() -> bool {
    let told = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(forced) = told("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let named = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"];
    let is_named = told("TERM_PROGRAM").is_some_and(|program| named.contains(&program.as_str()));
    let is_marked =
        ["KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM"].iter().any(|name| told(name).is_some());
    let is_vte =
        told("VTE_VERSION").and_then(|version| version.parse::<u32>().ok()).is_some_and(|version| version >= 5000);
    can_redraw() && (is_named || is_marked || is_vte)
}

/// Whether the locale's characters include box drawing.
pub(super) fn shows_unicode() -> bool {
    // The first that is set decides, as in POSIX.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|it| !it.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Columns to write for.
pub(super) fn width() -> usize {
    let told = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.filter(|columns| (40..=500).contains(columns)).unwrap_or(USUAL_WIDTH)
}
