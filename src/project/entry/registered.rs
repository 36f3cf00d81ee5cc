//! Handlers that calls register: given to a registration, named by a decorator that is applied by hand, or around the call.

use super::Finder;
use crate::model::RowRef;
use crate::project::link::{Project, SiteId};
use crate::project::program::{FileId, GFn, len32};
use crate::source::PathClass;

impl Finder<'_> {
    /// Handlers given to a registration call.
    pub(super) fn registrations(&mut self) {
        for index in 0..self.project.sites.len() {
            let id = SiteId(len32(index));
            let site = self.project.site(id);
            let file = site.at.file;
            if self.project.program.class_of_path(file) != PathClass::Production {
                continue;
            }
            let apis: Vec<_> = Project::apis(self.project.callees(id)).collect();
            let mut rows: Vec<_> =
                apis.iter().flat_map(|api| self.project.matcher.rows(*api).iter().copied()).collect();
            rows.sort_unstable();
            rows.dedup();
            for row in rows {
                if let RowRef::EntryCall(row) = row {
                    self.registration(id, file, row);
                }
            }
            self.decorated_by_hand(id, file);
        }
    }

    /// What one registration call makes a handler.
    fn registration(&mut self, id: SiteId, file: FileId, row: u32) {
        let models = self.models;
        let entry = &models.entries[row as usize];
        if entry.raw.around {
            return self.add(self.project.site(id).caller, file, row, None, Some(id));
        }
        let given = self.project.place_values(id, &entry.places.subject);
        let mut handlers: Vec<GFn> = given.iter().flat_map(|v| self.handler_functions(*v)).collect();
        if entry.raw.dispatches {
            handlers = handlers.into_iter().flat_map(|f| self.project.dispatched(f)).collect();
        }
        let route = self.route_of(file, self.project.site(id).at.expr, row);
        for handler in handlers {
            self.add(handler, file, row, route.clone(), Some(id));
        }
    }

    /// Functions that a decorator is applied to by a call: `router.post("/ask")(answer)`.
    fn decorated_by_hand(&mut self, id: SiteId, file: FileId) {
        let Some(decorator) = self.project.applied_decorator(id) else { return };
        let mut rows: Vec<RowRef> = Project::apis(self.project.callees(decorator))
            .flat_map(|api| self.project.matcher.rows(api).to_vec())
            .collect();
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            let RowRef::EntryDecorator(row) = row else { continue };
            let places = &self.models.entries[row as usize].places.subject;
            let given = match places.as_slice() {
                [] => self.project.first_arg(id),
                places => self.project.place_values(id, places),
            };
            let route = self.route_of(file, self.project.site(decorator).at.expr, row);
            for handler in given.iter().flat_map(|v| self.handler_functions(*v)).collect::<Vec<_>>() {
                self.add(handler, file, row, route.clone(), Some(decorator));
            }
        }
    }
}
