//! Which files are prompts, judged from path and first bytes.
//!
//! Prefers missing a prompt to reading a document as one: text files count only where their place or their name says so,
//! and template files only if they are not markup.

const WORDS: [&str; 6] =
    ["prompt", "system_message", "system-message", "systemmessage", "system_instruction", "persona"];

/// Whether a file is a prompt, a prompt template or a store of prompts.
pub fn looks_like_prompt_file(path: &str, head: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "prompt" | "prompty" => true,
        "j2" | "jinja" | "jinja2" | "hbs" | "handlebars" | "mustache" | "liquid" | "tmpl" | "poml" => {
            !is_markup(head) && (is_named(folder, name) || speaks(head))
        }
        "md" | "mdx" | "txt" | "xml" => !is_document(name) && is_named(folder, name) && !is_page(head),
        "yaml" | "yml" | "json" | "toml" => is_store(folder, name, head),
        _ => false,
    }
}

/// Whether a folder or the file itself is named for prompts.
fn is_named(folder: &str, name: &str) -> bool {
    let in_folder =
        folder.split('/').any(|part| matches!(part, "prompts" | "prompt" | "prompt_templates" | "prompt-templates"));
    let stem = name.split('.').next().unwrap_or_default();
    let is_about = stem.contains("component") || stem.contains("install") || stem.contains("guide");
    in_folder || (WORDS.iter().any(|word| stem.contains(word)) && !is_about) || name.ends_with(".prompt.md")
}

/// A file that is about prompts or about the project.
fn is_document(name: &str) -> bool {
    ["readme", "changelog", "license", "contributing", "index.", "requirements", "_index."]
        .iter()
        .any(|start| name.starts_with(start))
}

/// A page of a documentation site: front matter with a page's fields, or components.
fn is_page(head: &str) -> bool {
    head.starts_with("---")
        && ["\nsidebar", "\nslug:", "\nlayout:", "\nkeywords:"].iter().any(|field| head.contains(field))
        || head.starts_with("import ")
}

fn is_markup(head: &str) -> bool {
    let start = head.trim_start().to_ascii_lowercase();
    ["<!doctype", "<html", "<?xml", "<mjml", "<table", "<div", "<svg", "<services"]
        .iter()
        .any(|mark| start.starts_with(mark))
        || start.contains("<html")
}

/// Whether the first bytes address a model or mark roles.
fn speaks(head: &str) -> bool {
    let lower = head.to_ascii_lowercase();
    let marks = [
        "you are a",
        "you are an",
        "you are the",
        "you're a",
        "your task is",
        "<|im_start|>",
        "<|system|>",
        "{{role ",
        "role=\"system\"",
    ];
    let has_line = |word: &str| lower.lines().any(|line| line.trim() == word);
    marks.iter().any(|mark| lower.contains(mark)) || has_line("system:") || has_line("[system]")
}

/// A structured file that holds prompts: named for them, or of a shape that nothing else has.
fn is_store(folder: &str, name: &str, head: &str) -> bool {
    if ["package.json", "tsconfig.json", "package-lock.json"].contains(&name) {
        return false;
    }
    let lower = head.to_ascii_lowercase();
    let has_key = |key: &str| {
        lower.contains(&format!("\"{key}\""))
            || lower.lines().any(|line| {
                let line = line.trim_start().trim_start_matches("- ");
                line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with([':', '=']))
            })
    };
    let holds_text =
        ["template", "content", "prompts", "messages", "system", "prompt", "system_prompt", "instructions"];
    let is_template = has_key("template") && (has_key("input_variables") || has_key("template_format"));
    let is_suite = has_key("prompts") && has_key("providers");
    let is_chat = has_key("messages") && has_key("role") && has_key("content") && !lower.contains("openapi");
    is_template || is_suite || (is_named(folder, name) && (is_chat || holds_text.iter().any(|key| has_key(key))))
}
