//! Rule pages: what users read about a rule, and the code blocks in it that tests run.
//!
//! # Block grammar
//!
//! A fenced block below `## Found` or `## Not found` opens with its language and the words `group=<name>` and
//! `file=<path>`:
//!
//! ````text
//! ```python group=a file=app/main.py
//! async def chat(body: Body):  # error: [missing-rate-limit]
//! ```
//! ````
//!
//! Blocks of one group are one small repository, scanned together; a group stands in one section. A line that must be
//! found ends in a comment `error: [<rule id>]`, written in any of `#`, `//`, `--`, `/* */`, `{/* */}`, `<!-- -->` and `{# #}`;
//! every other line must not be found. Each group below `## Found` has a mark, none below `## Not found` has one. Marks are
//! cut out of the text in place, so that line numbers stay. Blocks in other sections are for reading only.
//!
//! `<20 random characters>` (or `capitals`, or `hex`) stands for that many of them in a credential and becomes such a text
//! in the case, so that no page holds what looks like a live key.
//!
//! The runner is not here: this module only turns a page into cases.

mod blocks;
mod marks;
mod random;

use std::collections::BTreeMap;

use self::blocks::Block;
use crate::data::{self, DataError};

/// The sections of every page, in order.
pub const SECTIONS: [&str; 8] = [
    "What it finds",
    "Why it matters",
    "Found",
    "Not found",
    "What to do",
    "How to suppress",
    "Blind spots",
    "References",
];

/// A rule's page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Where it stands.
    pub path: String,
    /// The whole Markdown text.
    pub text: String,
}

/// One small repository out of a page and what must be found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageCase {
    /// The group's name, unique in its page.
    pub group: String,
    /// Line of the page where its first block opens.
    pub line: u32,
    /// `(path, text)` with the marks cut out, in the order of the page.
    pub files: Vec<(String, String)>,
    /// `(path, line)` of each finding, sorted; empty for a safe twin.
    pub expected: Vec<(String, u32)>,
}

impl Page {
    /// Reads a page and checks its title and its sections.
    pub fn parse(id: &str, path: &str, text: &str) -> Result<Page, Vec<DataError>> {
        let page = Page { path: path.to_owned(), text: text.to_owned() };
        let errors = page.shape(id);
        if errors.is_empty() { Ok(page) } else { Err(errors) }
    }

    /// The text below a heading, trimmed.
    pub fn section(&self, title: &str) -> Option<&str> {
        let headings = blocks::headings(&self.text);
        let at = headings.iter().position(|heading| heading.level == 2 && heading.title == title)?;
        let end = headings[at + 1..].iter().find(|next| next.level <= 2).map_or(self.text.len(), |next| next.start);
        Some(self.text[headings[at].end..end].trim())
    }

    /// The test cases of the page, in order.
    pub fn cases(&self, id: &str) -> Result<Vec<PageCase>, Vec<DataError>> {
        let mut cases: Vec<PageCase> = Vec::new();
        let mut sections = BTreeMap::new();
        let mut errors = Vec::new();
        for block in blocks::blocks(&self.text) {
            if let Err(error) = self.add(id, &block, &mut cases, &mut sections) {
                errors.push(error);
            }
        }
        for case in &cases {
            let is_found = sections.get(&case.group).is_some_and(|section| section == "Found");
            if is_found == case.expected.is_empty() {
                let what = if is_found { "has no mark below `Found`" } else { "has a mark below `Not found`" };
                errors.push(self.error(case.line, format!("the group `{}` {what}", case.group)));
            }
        }
        if errors.is_empty() { Ok(cases) } else { Err(errors) }
    }

    fn add(
        &self,
        id: &str,
        block: &Block<'_>,
        cases: &mut Vec<PageCase>,
        sections: &mut BTreeMap<String, String>,
    ) -> Result<(), DataError> {
        if !matches!(block.section, "Found" | "Not found") {
            return Ok(());
        }
        let (group, file) = self.names(block)?;
        let section = sections.entry(group.to_owned()).or_insert_with(|| block.section.to_owned());
        if section != block.section {
            return Err(self.error(block.line, format!("the group `{group}` stands in two sections")));
        }
        let marked = marks::cut(block.body);
        if let Some((line, wrong)) = marked.marks.iter().find(|(_, rule)| rule != id) {
            return Err(self.error(block.line + line, format!("a mark names `{wrong}` on the page of `{id}`")));
        }
        let at = cases.iter().position(|case| case.group == group).unwrap_or_else(|| {
            cases.push(PageCase { group: group.into(), line: block.line, files: Vec::new(), expected: Vec::new() });
            cases.len() - 1
        });
        let case = &mut cases[at];
        if case.files.iter().any(|(path, _)| path == file) {
            return Err(self.error(block.line, format!("the file `{file}` stands twice in group `{group}`")));
        }
        case.files.push((file.to_owned(), random::expand(&marked.text)));
        case.expected.extend(marked.marks.into_iter().map(|(line, _)| (file.to_owned(), line)));
        case.expected.sort();
        Ok(())
    }

    /// The group and the file that a block's opening line names.
    fn names<'b>(&self, block: &Block<'b>) -> Result<(&'b str, &'b str), DataError> {
        let (mut group, mut file) = (None, None);
        for word in block.info.split_whitespace().skip(1) {
            match word.split_once('=') {
                Some(("group", name)) => group = Some(name),
                Some(("file", path)) => file = Some(path),
                _ => {
                    let error = self.error(block.line, format!("unknown word `{word}` in the block's opening line"));
                    let key = word.split('=').next().unwrap_or(word);
                    return Err(DataError { nearest: data::nearest(key, ["group", "file"]), ..error });
                }
            }
        }
        let missing = |what: &str| self.error(block.line, format!("the block does not say its `{what}=`"));
        Ok((group.ok_or_else(|| missing("group"))?, file.ok_or_else(|| missing("file"))?))
    }

    /// What is wrong with the title and the sections.
    fn shape(&self, id: &str) -> Vec<DataError> {
        let headings = blocks::headings(&self.text);
        let mut errors = Vec::new();
        if headings.first().is_none_or(|first| first.level != 1 || first.title != id) {
            errors.push(self.error(1, format!("the page must begin with `# {id}`")));
        }
        let sections: Vec<_> = headings.iter().filter(|heading| heading.level == 2).collect();
        for heading in sections.iter().filter(|heading| !SECTIONS.contains(&heading.title)) {
            errors.push(DataError::unknown(&self.path, heading.line, "section", heading.title, SECTIONS));
        }
        let order: Vec<_> = sections.iter().map(|heading| heading.title).collect();
        if errors.is_empty() && order != SECTIONS {
            let missing = SECTIONS.iter().find(|title| !order.contains(title));
            errors.push(match missing {
                Some(title) => self.error(1, format!("the section `## {title}` is missing")),
                None => self.error(1, format!("the sections must be, in order: {}", SECTIONS.join(", "))),
            });
        }
        errors
    }

    fn error(&self, line: u32, message: String) -> DataError {
        DataError::line(&self.path, line, message)
    }
}

#[cfg(test)]
mod tests;
