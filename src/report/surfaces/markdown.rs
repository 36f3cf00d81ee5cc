//! The table as Markdown: a line an entry point, a column a control, then what is covered.

use super::{COLUMNS, Coverage, EntryPoint, NOTHING, Table};
use crate::report::markdown::{cell, code};
use crate::report::text::count;
use crate::surface::Status;

/// The whole table, cut at about `most` bytes with a count of what is left out; ends with a line end.
pub fn render(table: &Table, most: usize) -> String {
    if table.entry_points.is_empty() {
        return format!("{}.\n", cell(NOTHING));
    }
    let heads: String = COLUMNS.iter().map(|column| format!(" {} |", column.head)).collect();
    let rule = "---|".repeat(COLUMNS.len() + 2);
    let mut out = format!("| entry point | where |{heads}\n|{rule}\n");
    for (entry, nth) in table.entry_points.iter().zip(0..) {
        if out.len() > most {
            let more = table.entry_points.len() - nth;
            out.push_str(&format!("\n{} more.\n", count(more as u64, "entry point", "entry points")));
            break;
        }
        out.push_str(&row(entry));
    }
    out.push('\n');
    for column in &COLUMNS {
        out.push_str(&format!("- {}\n", Coverage::of(&table.entry_points, column.kind).sentence(column.done)));
    }
    out.push_str("\n✅ present, 🟡 partly, ❌ absent, ❔ unknown, – not applicable\n");
    out
}

fn row(entry: &EntryPoint) -> String {
    let marks: String = COLUMNS.iter().map(|column| format!(" {} |", mark(entry.status(column.kind)))).collect();
    format!("| {} | {} |{marks}\n", code(entry.title()), code(&entry.at.to_string()))
}

fn mark(status: Status) -> &'static str {
    match status {
        Status::Present => "✅",
        Status::Partial => "🟡",
        Status::Absent => "❌",
        Status::Unknown => "❔",
        Status::NotApplicable => "–",
    }
}
