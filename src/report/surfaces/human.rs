//! The table for a terminal: a line an entry point, a column a control, then what is covered.

use std::fmt::Write as _;

use super::{COLUMNS, Coverage, EntryPoint, NOTHING, Table};
use crate::report::human::Options;
use crate::report::human::paint::Paint;
use crate::report::text::{clean, count, wrap};
use crate::surface::Status;

/// Names are cut to fit, but never below this.
const NARROWEST_NAME: usize = 16;
/// Names wider than this make the marks hard to follow.
const WIDEST_NAME: usize = 56;
/// Below this many columns the model is not named.
const NARROWEST_MODEL: usize = 16;

/// The whole table; ends with a line end. With `verbose`, each line is followed by its way and its evidence.
pub fn render(table: &Table, options: Options, verbose: bool) -> String {
    let mut writer = Writer::new(table, options);
    let mut file = "";
    for entry in &table.entry_points {
        if entry.at.file != file {
            file = &entry.at.file;
            writer.head(file);
        }
        writer.row(entry);
        if verbose {
            writer.details(entry);
        }
    }
    if table.entry_points.is_empty() {
        writer.paragraph(NOTHING);
    } else {
        writer.legend();
        writer.coverage();
    }
    writer.rest();
    writer.out
}

struct Writer<'t> {
    table: &'t Table,
    options: Options,
    paint: Paint,
    /// Columns for line numbers.
    digits: usize,
    /// Columns for names.
    name: usize,
    /// Columns for models; none if there is no room.
    model: usize,
    out: String,
}

impl<'t> Writer<'t> {
    fn new(table: &'t Table, options: Options) -> Self {
        let entries = &table.entry_points;
        let digits = entries.iter().map(|entry| entry.at.line.to_string().len()).max().unwrap_or(1);
        let widest = entries.iter().map(|entry| title(entry).chars().count()).max().unwrap_or(0);
        let marks: usize = COLUMNS.iter().map(|column| column.head.len() + 1).sum();
        let room = options.width.saturating_sub(2 + digits + 2 + 1 + marks);
        let name = widest.min(WIDEST_NAME).min(room.max(NARROWEST_NAME)).max(NARROWEST_NAME);
        let left = room.saturating_sub(name + 2);
        let model = if left >= NARROWEST_MODEL { left } else { 0 };
        Writer { table, options, paint: Paint { on: options.colour }, digits, name, model, out: String::new() }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn head(&mut self, file: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let lead = 2 + self.digits + 2 + self.name + 1;
        let heads: String = COLUMNS.iter().map(|column| format!(" {}", column.head)).collect();
        let file = clean(file).into_owned();
        let path = self.paint.bold(&file);
        let model = if self.model > 0 { "  model" } else { "" };
        let heads = self.paint.dim(&format!("{heads}{model}"));
        let taken = file.chars().count();
        if taken < lead {
            self.line(&format!("{path}{}{heads}", " ".repeat(lead - taken)));
        } else {
            self.line(&path);
            self.line(&format!("{}{heads}", " ".repeat(lead)));
        }
    }

    fn row(&mut self, entry: &EntryPoint) {
        let digits = self.digits;
        let name = cut(&clean(&title(entry)), self.name);
        let line = self.paint.dim(&format!("{:>digits$}", entry.at.line));
        let mut text = format!("  {line}  {name:<width$} ", width = self.name);
        for column in &COLUMNS {
            let mark = self.mark(entry.status(column.kind));
            let _ = write!(text, " {mark}{}", " ".repeat(column.head.len() - 1));
        }
        if self.model > 0 {
            let _ = write!(text, "  {}", cut(&clean(&self.model_of(entry)), self.model));
        }
        self.line(&text);
    }

    /// The nearest call's model or callee, and how many calls there are besides.
    fn model_of(&self, entry: &EntryPoint) -> String {
        let mut calls = entry.llm_calls.iter().filter_map(|index| self.table.llm_calls.get(*index));
        let Some(nearest) = calls.next() else { return String::new() };
        let more = calls.count();
        let name = nearest.model.as_ref().unwrap_or(&nearest.callee);
        if more > 0 { format!("{name} (+{more})") } else { name.clone() }
    }

    fn sign(&self, status: Status) -> &'static str {
        match (status, self.options.unicode) {
            (Status::Present, true) => "✓",
            (Status::Present, false) => "y",
            (Status::Partial, _) => "~",
            (Status::Absent, true) => "✗",
            (Status::Absent, false) => "N",
            (Status::Unknown, _) => "?",
            (Status::NotApplicable, true) => "–",
            (Status::NotApplicable, false) => "-",
        }
    }

    fn mark(&self, status: Status) -> String {
        let sign = self.sign(status);
        match status {
            Status::Present => self.paint.good(sign),
            Status::Absent => self.paint.bad(sign),
            Status::Partial | Status::Unknown => self.paint.doubtful(sign),
            Status::NotApplicable => self.paint.dim(sign),
        }
    }

    /// The way to the model and where controls were seen.
    fn details(&mut self, entry: &EntryPoint) {
        let mut rows: Vec<(&str, String, String)> = Vec::new();
        for (step, nth) in entry.path.iter().zip(0..) {
            let label = if nth == 0 { "path" } else { "" };
            rows.push((label, step.at.to_string(), step.function.clone()));
        }
        for index in &entry.llm_calls {
            let Some(call) = self.table.llm_calls.get(*index) else { continue };
            let model = call.model.as_ref().map(|model| format!(" ({model})")).unwrap_or_default();
            rows.push(("calls", call.at.to_string(), format!("{}{model}", call.callee)));
        }
        for column in &COLUMNS {
            for seen in entry.controls.get(&column.kind).map_or(&[][..], |control| &control.evidence) {
                let value = seen.value.as_ref().map(|value| format!(": {value}")).unwrap_or_default();
                rows.push((column.head, seen.at.to_string(), format!("{}{value}", seen.what)));
            }
        }
        let lead = " ".repeat(2 + self.digits + 2);
        let spots = rows.iter().map(|(_, spot, _)| clean(spot).chars().count()).max().unwrap_or(0);
        for (label, spot, text) in &rows {
            let (spot, label) = (clean(spot), self.paint.dim(&format!("{label:<7}")));
            self.line(&format!("{lead}{label}{spot:<spots$}  {}", clean(text)));
        }
    }

    fn legend(&mut self) {
        let all = [Status::Present, Status::Partial, Status::Absent, Status::Unknown, Status::NotApplicable];
        let parts: Vec<String> =
            all.iter().map(|status| format!("{} {}", self.sign(*status), status.label())).collect();
        let legend = self.paint.dim(&parts.join("   "));
        self.out.push('\n');
        self.line(&legend);
    }

    fn coverage(&mut self) {
        self.out.push('\n');
        for column in &COLUMNS {
            let sentence = Coverage::of(&self.table.entry_points, column.kind).sentence(column.done);
            self.line(&sentence);
        }
    }

    fn rest(&mut self) {
        let calls = count(self.table.llm_calls.len() as u64, "LLM call", "LLM calls");
        let others = count(self.table.other_entry_points, "other entry point", "other entry points");
        let unresolved = count(self.table.unresolved_calls, "call", "calls");
        self.out.push('\n');
        self.paragraph(&format!("{calls} in all; {others} without one in reach; {unresolved} could not be followed"));
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrap(text, self.options.width) {
            self.line(&line);
        }
    }
}

/// Route and name; a route alone if the name says nothing more.
fn title(entry: &EntryPoint) -> String {
    match &entry.route {
        Some(route) if !route.ends_with(&entry.name) => format!("{route} ({})", entry.name),
        Some(route) => route.clone(),
        None => entry.name.clone(),
    }
}

/// A text in at most `width` characters.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}
