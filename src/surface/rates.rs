//! Rates that limiters are given in parts: a count in one argument, the time that it counts in in another.
//!
//! Both are put together as people write rates (`10/minute`), so that policies can be held against them. A count whose
//! time cannot be told stays a count.

use rustc_hash::FxHashSet;

use super::settings::{number, text};
use crate::ir::{CallExpr, Expr, ExprId};
use crate::model::{ControlRow, Place, PlaceRoot, Row, RowPlaces};
use crate::project::{GExpr, Project, SiteId};

/// Names followed to their definitions.
const MAX_DEPTH: usize = 4;
/// Definitions of one name that are asked for a rate.
const MAX_WAYS: usize = 8;

/// The limit that a control's call states, as written or as a rate.
pub(super) fn limit(project: &Project, row: &Row<ControlRow, RowPlaces>, site: SiteId) -> Option<String> {
    let sites = if row.raw.of_maker { makers(project, site) } else { vec![site] };
    sites.into_iter().find_map(|site| {
        let first = |place: &Place| project.place_exprs(site, place).first().copied();
        let limit = row.places.detail.iter().find_map(first)?;
        let window = row.places.window.iter().find_map(|place| Some((place, first(place)?)));
        let seconds = match window {
            Some((place, at)) => seconds(project, at, unit_of(place, row), 0),
            None => row.raw.window_default.as_deref().and_then(|words| time_in(words, 1.0)),
        };
        let known = number(project, limit, 0).zip(seconds).or_else(|| rate_of_call(project, limit, 0));
        Some(known.map_or_else(|| text(project, limit, 0), |(count, seconds)| spelled(count, seconds)))
    })
}

/// The calls that made what a method is called on.
fn makers(project: &Project, site: SiteId) -> Vec<SiteId> {
    let at = project.site(site).at;
    let facts = project.program.facts(at.file);
    let Expr::Call(call) = facts.expr(at.expr) else { return Vec::new() };
    let Expr::Field { base, .. } = facts.expr(call.callee) else { return Vec::new() };
    let mut found = Makers::default();
    made_by(project, GExpr { file: at.file, expr: *base }, 0, &mut found);
    found.sites
}

/// The calls that made what a name, or a member of a table, stands for: `app.post("/ask", perMinute, ask)`.
pub(super) fn makers_of(project: &Project, at: GExpr) -> Vec<SiteId> {
    let mut found = Makers::default();
    match *project.program.facts(at.file).expr(at.expr) {
        Expr::Name(_) => made_by(project, at, 0, &mut found),
        Expr::Field { base, name } => {
            let members = project.entry_exprs(GExpr { file: at.file, expr: base }, Some(name), 0);
            members.into_iter().for_each(|member| made_by(project, member, 0, &mut found));
        }
        _ => {}
    }
    found.sites
}

/// Calls that make something, and what was looked at for them: names may be assigned from themselves, and often.
#[derive(Default)]
struct Makers {
    sites: Vec<SiteId>,
    seen: FxHashSet<GExpr>,
}

fn made_by(project: &Project, at: GExpr, depth: usize, found: &mut Makers) {
    if !found.seen.insert(at) {
        return;
    }
    let here = |expr: ExprId| GExpr { file: at.file, expr };
    match project.program.facts(at.file).expr(at.expr) {
        Expr::Call(_) => found.sites.extend(project.site_at(at)),
        Expr::Name(_) if depth < MAX_DEPTH => {
            project.definitions(at).into_iter().for_each(|made| made_by(project, made, depth + 1, found));
        }
        Expr::Await(inner) | Expr::Try(inner) | Expr::Cast { value: inner, .. } => {
            made_by(project, here(*inner), depth, found);
        }
        // `redis ? new Limiter(..) : null`, `known ?? new Limiter(..)`
        Expr::Conditional { then, otherwise, .. } => {
            made_by(project, here(*then), depth, found);
            made_by(project, here(*otherwise), depth, found);
        }
        Expr::Binary { left, right, .. } => {
            made_by(project, here(*left), depth, found);
            made_by(project, here(*right), depth, found);
        }
        _ => {}
    }
}

/// `slidingWindow(10, "10 s")`: a count and a time with its unit.
fn rate_of_call(project: &Project, at: GExpr, depth: usize) -> Option<(f64, f64)> {
    let facts = project.program.facts(at.file);
    let here = |expr: ExprId| GExpr { file: at.file, expr };
    match facts.expr(at.expr) {
        Expr::Call(call) => {
            let mut positional = call.args.iter().filter(|arg| arg.name.is_none());
            let count = number(project, here(positional.next()?.value), 0)?;
            let window = here(positional.next()?.value);
            // A bare number may be anything.
            number(project, window, 0).is_none().then(|| seconds(project, window, 1.0, 0)).flatten().map(|s| (count, s))
        }
        Expr::Name(_) if depth < MAX_DEPTH => {
            project.definitions(at).into_iter().take(MAX_WAYS).find_map(|made| rate_of_call(project, made, depth + 1))
        }
        _ => None,
    }
}

/// What a number at a window's place counts in: what the place is called, or what the row says.
fn unit_of(place: &Place, row: &Row<ControlRow, RowPlaces>) -> f64 {
    let named = match place.root {
        PlaceRoot::Named(name) => factor(name.as_str()),
        _ => None,
    };
    named.or_else(|| row.raw.window_unit.as_deref().and_then(factor)).unwrap_or(1.0)
}

/// The seconds of a window: a text with a unit, a number of a unit, or a length of time of the language.
fn seconds(project: &Project, at: GExpr, unit: f64, depth: usize) -> Option<f64> {
    let facts = project.program.facts(at.file);
    if let Some(count) = number(project, at, 0) {
        return Some(count * unit);
    }
    match facts.expr(at.expr) {
        Expr::Str(words) => time_in(words, unit),
        Expr::Call(call) => duration(project, at, call),
        Expr::Name(_) if depth < MAX_DEPTH => {
            project.definitions(at).into_iter().take(MAX_WAYS).find_map(|made| seconds(project, made, unit, depth + 1))
        }
        _ => None,
    }
}

/// `Duration::from_secs(60)`, `timedelta(minutes=1)`.
fn duration(project: &Project, at: GExpr, call: &CallExpr) -> Option<f64> {
    let facts = project.program.facts(at.file);
    let (Expr::Name(callee) | Expr::Field { name: callee, .. }) = facts.expr(call.callee) else { return None };
    let value = |expr: ExprId| number(project, GExpr { file: at.file, expr }, 0);
    if callee == "timedelta" {
        let parts = call.args.iter().filter_map(|arg| Some(value(arg.value)? * factor(arg.name?.as_str())?));
        let whole: f64 = parts.sum();
        return (whole > 0.0).then_some(whole);
    }
    let unit = match callee.as_str() {
        "from_secs" | "from_secs_f64" => 1.0,
        "from_millis" => 0.001,
        "from_mins" => 60.0,
        "from_hours" => 3_600.0,
        _ => return None,
    };
    Some(value(call.args.first()?.value)? * unit)
}

/// `10 s`, `1m`, `minute`; a bare number counts in `unit`.
fn time_in(words: &str, unit: f64) -> Option<f64> {
    let words = words.trim().to_ascii_lowercase();
    let digits = words.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let count = &words[..words.len() - digits.len()];
    let count: f64 = if count.is_empty() { 1.0 } else { count.parse().ok()? };
    match digits.trim() {
        "" if !words.is_empty() => Some(count * unit),
        named => factor(named).map(|factor| count * factor),
    }
}

/// The seconds of a unit of time by its usual names.
fn factor(name: &str) -> Option<f64> {
    Some(match name.to_ascii_lowercase().as_str() {
        "ms" | "millisecond" | "milliseconds" | "windowms" => 0.001,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 604_800.0,
        _ => return None,
    })
}

/// A rate in the largest unit that its window is whole in.
fn spelled(count: f64, seconds: f64) -> String {
    let units = [("day", 86_400.0), ("hour", 3_600.0), ("minute", 60.0), ("second", 1.0)];
    let whole = units.iter().find(|(_, unit)| seconds >= *unit && (seconds / unit).fract() == 0.0);
    match whole {
        Some((name, unit)) if seconds == *unit => format!("{count}/{name}"),
        Some((name, unit)) => format!("{count}/{} {name}s", seconds / unit),
        None => format!("{count}/{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::{spelled, time_in};

    #[test]
    fn windows_are_read_and_rates_written_as_people_do() {
        assert_eq!(time_in("10 s", 1.0), Some(10.0));
        assert_eq!(time_in("1m", 1.0), Some(60.0));
        assert_eq!(time_in("minute", 1.0), Some(60.0));
        assert_eq!(time_in("60000", 0.001), Some(60.0));
        assert_eq!(time_in("soon", 1.0), None);
        assert_eq!(spelled(10.0, 60.0), "10/minute");
        assert_eq!(spelled(10.0, 900.0), "10/15 minutes");
        assert_eq!(spelled(2.0, 0.5), "2/0.5 seconds");
    }
}
