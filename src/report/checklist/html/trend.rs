//! Plots of dated results, drawn to scale of time.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::checklist::history::{Record, containment};
use crate::report::markup::escape;
use crate::settings::Date;

const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 120.0;
const LEFT: f64 = 34.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 22.0;

/// One plot: its name, the largest value of its axis, the unit, its points.
struct Plot {
    name: String,
    most: f64,
    unit: &'static str,
    points: Vec<(Date, f64)>,
}

pub(super) fn render(records: &[Record]) -> String {
    if records.is_empty() {
        return "<p class=\"soft\">No results are recorded yet; <code>launchlint history add</code> records one.</p>\n"
            .to_owned();
    }
    let said = containment(records);
    let mean = said.mean_days.map_or("not known yet".to_owned(), |days| format!("{days:.1} days"));
    let mut out = format!(
        "<p>Mean time to contain: <strong>{mean}</strong> ({} findings contained, {} open).</p>\n<div class=\"plots\">\n",
        said.contained, said.open
    );
    for plot in plots(records) {
        figure(&mut out, &plot);
    }
    out.push_str("</div>\n");
    out
}

#[expect(clippy::cast_precision_loss, reason = "a plot needs no more precision")]
fn plots(records: &[Record]) -> Vec<Plot> {
    let counted = |name: &str, value: &dyn Fn(&Record) -> Option<u64>| {
        let points: Vec<(Date, f64)> =
            records.iter().filter_map(|record| Some((record.date, value(record)? as f64))).collect();
        let most = points.iter().map(|(_, value)| *value).fold(1.0, f64::max);
        Plot { name: name.to_owned(), most, unit: "", points }
    };
    let percent = |of: u64, all: u64| (all > 0).then(|| of as f64 * 100.0 / all as f64);
    let mut plots = vec![
        counted("Findings", &|record| Some(record.total())),
        counted("Findings about exposed data", &|record| Some(record.exposure.values().sum())),
        counted("Items that fail", &|record| {
            let fails = record.verdicts.values().filter(|verdict| *verdict == "fail").count() as u64;
            (!record.verdicts.is_empty()).then_some(fails)
        }),
    ];
    let controls: BTreeSet<&String> = records.iter().flat_map(|record| record.coverage.keys()).collect();
    for control in controls {
        let share = |record: &Record| {
            let share = record.coverage.get(control)?;
            Some((record.date, percent(share.of, share.all)?))
        };
        let name = format!("Coverage: {}", control.replace('-', " "));
        plots.push(Plot { name, most: 100.0, unit: "%", points: records.iter().filter_map(share).collect() });
    }
    let blocked = records.iter().filter_map(|record| {
        let share = record.blocked()?;
        Some((record.date, percent(share.of, share.all)?))
    });
    plots.push(Plot { name: "Attacks blocked".into(), most: 100.0, unit: "%", points: blocked.collect() });
    plots.retain(|plot| !plot.points.is_empty());
    plots
}

#[expect(clippy::cast_precision_loss, reason = "a plot needs no more precision")]
fn figure(out: &mut String, plot: &Plot) {
    let (Some((first, _)), Some((last, latest))) = (plot.points.first(), plot.points.last()) else { return };
    let days = first.days_until(*last).max(1) as f64;
    let x = |date: Date| LEFT + (WIDTH - LEFT - RIGHT) * first.days_until(date) as f64 / days;
    let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value / plot.most);
    let name = escape(&plot.name);
    let unit = plot.unit;
    let _ = write!(
        out,
        "<figure><figcaption>{name}: <strong>{latest:.0}{unit}</strong></figcaption>\n\
         <svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{name} from {first} to {last}, now {latest:.0}{unit}\">\n"
    );
    for value in [0.0, plot.most / 2.0, plot.most] {
        let at = y(value);
        let _ = writeln!(
            out,
            "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{:.1}\"/><text class=\"axis\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 4.0,
            tick(value),
        );
    }
    let line: Vec<String> =
        plot.points.iter().map(|(date, value)| format!("{:.1} {:.1}", x(*date), y(*value))).collect();
    let _ = writeln!(out, "<path class=\"curve\" d=\"M{}\"/>", line.join("L"));
    for (date, value) in &plot.points {
        let _ = writeln!(
            out,
            "<circle class=\"point\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"><title>{date}: {value:.0}{unit}</title></circle>",
            x(*date),
            y(*value)
        );
    }
    let _ = write!(
        out,
        "<text class=\"axis\" x=\"{LEFT}\" y=\"{0}\">{first}</text><text class=\"axis\" x=\"{1}\" y=\"{0}\" text-anchor=\"end\">{last}</text>\n</svg></figure>\n",
        HEIGHT - 4.0,
        WIDTH - RIGHT,
    );
}

/// A value at an axis; halves are shown where they are.
fn tick(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
