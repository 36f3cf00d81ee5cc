//! The table as a Mermaid flowchart: entry points, the functions on the way, LLM calls.
//!
//! Solid arrows are the way to the nearest call; a dotted one says that another call is reached, too, on a way not drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{EntryPoint, NOTHING, Table};
use crate::report::text::clean;

/// The flowchart's source; ends with a line end.
pub fn render(table: &Table) -> String {
    let mut chart = Chart::default();
    for (entry, nth) in table.entry_points.iter().zip(0usize..) {
        let id = format!("entry{nth}");
        let label = label(&[entry.title(), &entry.at.to_string()]);
        let _ = writeln!(chart.nodes, "  {id}([{label}])");
        chart.way(&id, entry, table);
    }
    if table.entry_points.is_empty() {
        let _ = writeln!(chart.nodes, "  nothing[{}]", label(&[NOTHING]));
    }
    let mut out = format!("flowchart LR\n{}", chart.nodes);
    for (from, arrow, to) in &chart.edges {
        let _ = writeln!(out, "  {from} {arrow} {to}");
    }
    out
}

#[derive(Default)]
struct Chart {
    nodes: String,
    edges: BTreeSet<(String, &'static str, String)>,
    steps: BTreeMap<(String, u32, String), String>,
    calls: BTreeSet<usize>,
}

impl Chart {
    /// The first step is the entry point's own function, so it gets no node of its own.
    fn way(&mut self, id: &str, entry: &EntryPoint, table: &Table) {
        let mut from = id.to_owned();
        for step in entry.path.iter().skip(1) {
            let key = (step.at.file.clone(), step.at.line, step.function.clone());
            let fresh = format!("step{}", self.steps.len());
            let nodes = &mut self.nodes;
            let to = self.steps.entry(key).or_insert_with(|| {
                let _ = writeln!(nodes, "  {fresh}[{}]", label(&[&step.function, &step.at.to_string()]));
                fresh
            });
            let before = std::mem::replace(&mut from, to.clone());
            self.edges.insert((before, "-->", to.clone()));
        }
        for (index, nth) in entry.llm_calls.iter().zip(0usize..) {
            let Some(call) = table.llm_calls.get(*index) else { continue };
            let to = format!("llm{index}");
            if self.calls.insert(*index) {
                let model = call.model.as_deref().unwrap_or_default();
                let _ = writeln!(self.nodes, "  {to}{{{{{}}}}}", label(&[&call.callee, model, &call.at.to_string()]));
            }
            let (start, arrow) = if nth == 0 { (from.as_str(), "-->") } else { (id, "-.->") };
            self.edges.insert((start.to_owned(), arrow, to));
        }
    }
}

/// A quoted label of several lines. Whatever could mean something to Mermaid or to HTML is written as a character code.
fn label(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().filter(|line| !line.is_empty()).map(|line| escape(line)).collect();
    format!("\"{}\"", lines.join("<br/>"))
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in clean(text).chars() {
        match c {
            c if c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '_' | '-' | '/' | ':' | '…') => out.push(c),
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    out
}
