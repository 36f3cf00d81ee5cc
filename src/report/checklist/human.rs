//! The checklist for a terminal: items by group with their evidence, coverage, decisions, and what blocks the launch.

use super::{Page, decided, folder, head, is_grave, quieter, scope, span};
use crate::catalogue::Track;
use crate::checklist::{Cell, Line, PackageRow, Row, State, Verdict};
use crate::report::human::Options;
use crate::report::human::paint::Paint;
use crate::report::text::{claim, clean, wrap};
use crate::surface::Status;

/// Prose is kept narrower than a wide terminal, as nobody reads lines that long.
const WIDEST: usize = 110;
/// Most failures and proofs that are shown of a line unless all are asked for.
const SHOWN: usize = 3;
/// Columns for the name of an entry point.
const NAME: usize = 44;

struct Writer<'p> {
    page: &'p Page<'p>,
    paint: Paint,
    width: usize,
    unicode: bool,
    verbose: bool,
    out: String,
}

/// The whole checklist as text; ends with a line end.
pub fn render(page: &Page<'_>, options: Options, verbose: bool) -> String {
    let width = options.width.min(WIDEST);
    let paint = Paint { on: options.colour };
    let mut writer = Writer { page, paint, width, unicode: options.unicode, verbose, out: String::new() };
    writer.opening();
    let mut group = "";
    for row in &page.checklist.items {
        if row.group != group {
            group = &row.group;
            let head = writer.paint.bold(group);
            writer.line(&format!("\n{head}"));
        }
        writer.item(row);
    }
    writer.coverage();
    writer.decisions();
    writer.closing();
    writer.out
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// Prose with its further lines aligned below the first.
    fn prose(&mut self, lead: &str, text: &str) {
        let hang = lead.chars().count();
        for (line, nth) in wrap(&clean(text), self.width.saturating_sub(hang).max(24)).into_iter().zip(0..) {
            let lead = if nth == 0 { lead.to_owned() } else { " ".repeat(hang) };
            self.line(&format!("{lead}{line}"));
        }
    }

    fn opening(&mut self) {
        let checklist = self.page.checklist;
        let profile = checklist.profile.as_ref().map(|id| format!(", profile {}", clean(id))).unwrap_or_default();
        let title = self.paint.bold(&format!("Launch checklist on {}{profile}", checklist.today));
        self.line(&title);
        self.prose("", &scope(checklist));
    }

    fn verdict(&self, verdict: Verdict) -> String {
        let label = format!("{:<17}", verdict.label());
        match verdict {
            Verdict::Pass => self.paint.good(&label),
            Verdict::Fail => self.paint.bad(&label),
            Verdict::Partial | Verdict::Unknown | Verdict::NeedsAttestation => self.paint.doubtful(&label),
            Verdict::NotApplicable => self.paint.dim(&label),
        }
    }

    fn item(&mut self, row: &Row) {
        let verdict = self.verdict(row.verdict);
        let mut asides = vec![if row.track == Track::Blocking { "blocking" } else { "follow-up" }.to_owned()];
        if row.blocks {
            asides.push(self.paint.bad("blocks the launch"));
        } else if row.failures > 0 && row.excused == row.failures {
            asides.push("decided".to_owned());
        }
        let title = self.paint.bold(&format!("{} {}", row.id, row.title));
        self.line(&format!("  {verdict} {title} ({})", asides.join(", ")));
        if row.verdict == Verdict::NotApplicable && !self.verbose {
            return;
        }
        self.prose("      ", &row.reason);
        let verbose = self.verbose;
        for line in row.evidence.iter().filter(|line| is_told(row, line, verbose)) {
            self.evidence(line);
        }
        if let Some(attested) = &row.attestation {
            let left =
                if attested.days_left < 0 { "expired".into() } else { format!("{} days left", attested.days_left) };
            self.prose(
                "      attested: ",
                &format!("by {} on {} ({left}): {}", attested.who, attested.when, attested.artefact),
            );
        }
        if self.verbose {
            self.prose("      passes: ", &row.passes);
            self.prose("      owner: ", &format!("{}; reviewer: {}", row.owner, row.reviewer));
        } else if row.verdict == Verdict::Fail {
            self.prose("      owner: ", &row.owner);
        }
    }

    fn evidence(&mut self, line: &Line) {
        if self.verbose {
            self.prose("      - ", &line.says);
        }
        let most = if self.verbose { usize::MAX } else { SHOWN };
        for failure in line.failures.iter().take(most) {
            let aside = decided(failure, self.page.checklist).map(|said| format!(" [{said}]")).unwrap_or_default();
            let name = match (&failure.fingerprint, self.verbose) {
                (Some(name), true) => format!(" {name}"),
                _ => String::new(),
            };
            let says = if self.verbose { &failure.message } else { claim(&failure.message) };
            self.spot(&failure.at.to_string(), &format!("{says}{name}{aside}"));
        }
        if line.failures.len() > most {
            self.line(&format!("        and {} more", line.failures.len() - most));
        }
        let most = if self.verbose { usize::MAX } else { 0 };
        for proof in line.proofs.iter().take(most) {
            self.spot(&proof.at.to_string(), &format!("seen: {}", proof.what));
        }
    }

    /// A place, and what is to be said of it behind it where one line holds both, else below it.
    fn spot(&mut self, at: &str, says: &str) {
        let (at, says) = (clean(at), clean(says));
        if at.chars().count() + says.chars().count() + 10 <= self.width {
            self.line(&format!("        {at}  {says}"));
            return;
        }
        self.line(&format!("        {at}"));
        self.prose("          ", &says);
    }

    fn coverage(&mut self) {
        for package in &self.page.checklist.packages {
            self.package(package);
        }
    }

    fn package(&mut self, package: &PackageRow) {
        let title = self.paint.bold(&format!("Control coverage: {}", clean(folder(&package.folder))));
        self.line(&format!("\n{title}"));
        let heads: String = package.coverage.iter().map(|row| format!(" {:<6}", head(row.control))).collect();
        let heads = self.paint.dim(&heads);
        self.line(&format!("  {:NAME$}{heads}", ""));
        for entry in &package.entry_points {
            let name: String = clean(&entry.title).chars().take(NAME).collect();
            let mut text = format!("  {name:<NAME$}");
            for cell in &entry.cells {
                text.push_str(&format!(" {}", self.cell(cell)));
            }
            self.line(&text);
        }
        let totals: String = package
            .coverage
            .iter()
            .map(|row| format!(" {:<6}", format!("{}/{}", row.counts.present, row.counts.total)))
            .collect();
        let totals = self.paint.bold(&totals);
        self.line(&format!("  {:<NAME$}{totals}", "covered"));
    }

    fn cell(&self, cell: &Cell) -> String {
        let sign = match (cell.status, self.unicode) {
            (Status::Present, true) => "✓",
            (Status::Present, false) => "y",
            (Status::Partial, _) => "~",
            (Status::Absent, true) => "✗",
            (Status::Absent, false) => "n",
            (Status::Unknown, _) => "?",
            (Status::NotApplicable, _) => "-",
        };
        let high = if cell.policy == Some("above") { " high" } else { "" };
        let text = format!("{:<6}", format!("{sign}{high}"));
        match cell.status {
            Status::Present if high.is_empty() => self.paint.good(&text),
            Status::Absent => self.paint.bad(&text),
            Status::Present | Status::Partial | Status::Unknown => self.paint.doubtful(&text),
            Status::NotApplicable => self.paint.dim(&text),
        }
    }

    fn decisions(&mut self) {
        if self.page.checklist.decisions.is_empty() {
            return;
        }
        let title = self.paint.bold("Decisions");
        self.line(&format!("\n{title}"));
        for decision in &self.page.checklist.decisions {
            let said = [&decision.why, &decision.who].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ");
            let said = if said.is_empty() { said } else { format!(": {said}") };
            let head = format!(
                "{} {}{} (covers {}){said}",
                decision.decision.label(),
                decision.about,
                span(decision),
                decision.covers
            );
            self.prose("  ", &head);
            for (fault, note) in decision.faults.iter().zip(&decision.notes) {
                let word = if is_grave(fault) { "wrong" } else { "note" };
                self.prose("    ", &format!("{word}: {note}"));
            }
        }
    }

    fn closing(&mut self) {
        let checklist = self.page.checklist;
        let totals: Vec<String> = Verdict::ALL
            .iter()
            .map(|verdict| (verdict, checklist.totals.get(verdict.label()).copied().unwrap_or(0)))
            .filter(|(_, items)| *items > 0)
            .map(|(verdict, items)| format!("{items} {}", verdict.label()))
            .collect();
        self.line("");
        for sentence in quieter(self.page) {
            self.prose("", &sentence);
        }
        self.line(&format!("{} items: {}", checklist.items.len(), totals.join(", ")));
        let gate = match checklist.blockers.as_slice() {
            [] if checklist.scope.uses_llm => self.paint.good("Nothing blocks the launch."),
            [] => "Nothing to judge: no use of a language model was found.".to_owned(),
            ids => self.paint.bad(&format!("The launch is blocked by {}.", ids.join(", "))),
        };
        self.line(&gate);
    }
}

/// Whether a line is worth its place where not everything is asked for.
fn is_told(row: &Row, line: &Line, verbose: bool) -> bool {
    verbose || (row.verdict != Verdict::Pass && matches!(line.state, State::Fails | State::Weak))
}
