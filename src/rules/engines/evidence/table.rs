//! Rows of cases: CSV and TSV, JSON lines, and lists of objects in JSON, YAML or TOML.

use crate::lang::config::{Kind, Node};
use crate::rules::run::Context;
use crate::source::SourceFile;

/// More rows than this are a data set that nobody judged by hand; reading on changes no verdict.
const ROWS_MAX: usize = 5_000;

/// Named values of one row.
pub(super) type Row = Vec<(String, String)>;

/// The rows of a file; none if it is no table.
pub(super) fn rows(cx: &Context<'_>, index: usize, file: &SourceFile) -> Vec<Row> {
    match file.extension().as_str() {
        "csv" => separated(&file.text, ','),
        "tsv" => separated(&file.text, '\t'),
        "jsonl" | "ndjson" => file.text.lines().take(ROWS_MAX).filter_map(json_line).collect(),
        "json" | "yaml" | "yml" | "toml" => {
            let Some(facts) = cx.configs.of(index, file) else { return Vec::new() };
            let lists = facts.documents.iter().flat_map(|document| lists(document, 0));
            lists.take(ROWS_MAX).filter(|row| !row.is_empty()).collect()
        }
        _ => Vec::new(),
    }
}

fn json_line(line: &str) -> Option<Row> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(value.as_object()?.iter().map(|(key, value)| (key.to_ascii_lowercase(), text(value))).collect())
}

/// Objects that are items of a list, wherever the list stands within a few levels.
fn lists(node: &Node, depth: usize) -> Vec<Row> {
    match &node.kind {
        Kind::List(items) => items.iter().map(row).collect(),
        Kind::Map(entries) if depth < 3 => entries.iter().flat_map(|entry| lists(&entry.value, depth + 1)).collect(),
        _ => Vec::new(),
    }
}

fn row(node: &Node) -> Row {
    if let Some(text) = node.as_str() {
        return vec![(String::new(), text.to_owned())];
    }
    let mut found = Row::new();
    for entry in node.entries() {
        if let Some(text) = entry.value.scalar() {
            found.push((entry.key.to_ascii_lowercase(), text.to_owned()));
        }
        // Cases keep their variables one level down.
        for inner in entry.value.entries() {
            found.extend(inner.value.scalar().map(|text| (inner.key.to_ascii_lowercase(), text.to_owned())));
        }
    }
    found
}

fn separated(text: &str, separator: char) -> Vec<Row> {
    let mut records = records(text, separator).into_iter();
    let Some(head) = records.next() else { return Vec::new() };
    let head: Vec<String> = head.iter().map(|name| name.trim().to_ascii_lowercase()).collect();
    let named = |record: Vec<String>| head.iter().cloned().zip(record).collect();
    records.take(ROWS_MAX).map(named).collect()
}

/// Records with quoted fields; a quote is doubled inside them.
fn records(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let (mut record, mut field, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' if is_quoted || field.trim().is_empty() => is_quoted = !is_quoted,
            _ if is_quoted => field.push(c),
            '\r' => {}
            '\n' => {
                record.push(std::mem::take(&mut field));
                if record.iter().any(|field| !field.trim().is_empty()) {
                    records.push(std::mem::take(&mut record));
                }
                record.clear();
            }
            _ if c == separator => record.push(std::mem::take(&mut field)),
            _ => field.push(c),
        }
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}

#[cfg(test)]
mod tests {
    use super::separated;

    #[test]
    fn quoted_fields_hold_separators_quotes_and_lines() {
        let rows = separated("Prompt,category\n\"a, \"\"b\"\"\nc\",x\n\nd,y", ',');
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0][0], ("prompt".to_owned(), "a, \"b\"\nc".to_owned()));
        assert_eq!(rows[1][1].1, "y");
    }
}
