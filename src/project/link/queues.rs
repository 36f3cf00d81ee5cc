//! Queues within the program: what is put in by one function is worked on by another that takes it out.

use std::collections::BTreeMap;

use super::{Edge, EdgeKind, Project, SiteId};
use crate::ir::ExprId;
use crate::model::{ModelSet, QueueEnd, RowRef};
use crate::project::program::{GFn, len32};
use crate::project::value::Value;

/// A queue with more ends than this is plumbing that everything goes through.
const MAX_ENDS: usize = 8;

/// Who uses a queue.
#[derive(Default)]
struct Ends {
    put: Vec<(GFn, ExprId)>,
    take: Vec<GFn>,
}

impl Project {
    /// Edges from functions that put something into a queue to those that take it out.
    pub(super) fn collect_queues(&mut self, models: &ModelSet) {
        if models.calls.iter().all(|row| row.raw.queue.is_none()) {
            return;
        }
        let mut queues: BTreeMap<u32, Ends> = BTreeMap::new();
        for (index, site) in self.sites.iter().enumerate() {
            let Some(end) = self.queue_end(models, SiteId(len32(index))) else { continue };
            for value in self.graph.values(site.receiver) {
                let Value::Made(_, queue) = value else { continue };
                let ends = queues.entry(*queue).or_default();
                match end {
                    QueueEnd::Put => ends.put.push((site.caller, site.at.expr)),
                    QueueEnd::Take => ends.take.push(site.caller),
                }
            }
        }
        for ends in queues.into_values().filter(|ends| ends.put.len() <= MAX_ENDS && ends.take.len() <= MAX_ENDS) {
            for (from, at) in &ends.put {
                for to in ends.take.iter().copied().filter(|to| to != from) {
                    self.edges[from.0 as usize].push(Edge { at: *at, to, kind: EdgeKind::Callback });
                }
            }
        }
    }

    fn queue_end(&self, models: &ModelSet, id: SiteId) -> Option<QueueEnd> {
        let rows = Project::apis(self.callees(id)).flat_map(|api| self.matcher.rows(api));
        rows.filter_map(|row| match row {
            RowRef::Call(row) => models.calls[*row as usize].raw.queue,
            _ => None,
        })
        .next()
    }
}
