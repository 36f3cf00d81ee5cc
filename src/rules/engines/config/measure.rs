//! Numbers in settings against bounds: plain ones, durations in days or seconds, shares in per cent.

use serde::Deserialize;

use crate::catalogue::Catalogue;
use crate::rules::engines::words::Words;

/// A number and the bound that it must keep.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Measure {
    /// Where the number stands in the text: the first group of an expression.
    #[serde(default)]
    capture: Option<Words>,
    /// What it counts.
    #[serde(default)]
    unit: Unit,
    /// Beyond if above.
    #[serde(default)]
    above: Option<Bound>,
    /// Beyond if below.
    #[serde(default)]
    below: Option<Bound>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Unit {
    #[default]
    Number,
    /// A duration; a bare number is days.
    Days,
    /// A duration; a bare number is seconds.
    Seconds,
    /// A share; a number up to 1 is a ratio.
    Percent,
}

/// A number, or `<item>/<policy>` of the checklist.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Bound {
    Number(f64),
    Policy(String),
}

/// How a text's number stands to the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    Beyond,
    Within,
    NoNumber,
}

impl Measure {
    pub(super) fn compare(&self, text: &str, catalogue: &Catalogue) -> Result<Compared, String> {
        let text = match &self.capture {
            None => text,
            Some(words) => match words.first_group(text) {
                Some(found) => found,
                None => return Ok(Compared::NoNumber),
            },
        };
        let Some(number) = self.unit.read(text.trim()) else { return Ok(Compared::NoNumber) };
        let above = self.above.as_ref().map(|bound| bound.value(catalogue)).transpose()?;
        let below = self.below.as_ref().map(|bound| bound.value(catalogue)).transpose()?;
        let is_beyond = above.is_some_and(|bound| number > bound) || below.is_some_and(|bound| number < bound);
        Ok(if is_beyond { Compared::Beyond } else { Compared::Within })
    }
}

impl Bound {
    fn value(&self, catalogue: &Catalogue) -> Result<f64, String> {
        match self {
            Bound::Number(number) => Ok(*number),
            Bound::Policy(policy) => {
                let found = policy.split_once('/').and_then(|(item, name)| catalogue.policy(item, name));
                found.ok_or_else(|| format!("no policy `{policy}` in the checklist"))
            }
        }
    }
}

impl Unit {
    fn read(self, text: &str) -> Option<f64> {
        match self {
            Unit::Number => text.replace('_', "").parse().ok(),
            Unit::Percent => {
                let is_stated = text.ends_with('%');
                let number: f64 = text.trim_end_matches('%').trim().parse().ok()?;
                Some(if number <= 1.0 && !is_stated { number * 100.0 } else { number })
            }
            Unit::Days => seconds(text, 86_400.0).map(|seconds| seconds / 86_400.0),
            Unit::Seconds => seconds(text, 1.0),
        }
    }
}

/// A duration: `90`, `90d`, `12h`, `2160h0m0s`, `90 days`, `P90D`, `7776000s`; a bare number counts `bare` seconds each.
fn seconds(text: &str, bare: f64) -> Option<f64> {
    if let Ok(number) = text.parse::<f64>() {
        return Some(number * bare);
    }
    // In ISO form the letter for months comes before the `T`, the one for minutes behind it.
    let (is_iso, body) = match text.strip_prefix(['P', 'p']) {
        Some(rest) => (true, rest.to_ascii_lowercase().replace('t', "")),
        None => (false, text.to_ascii_lowercase()),
    };
    let mut total = 0.0;
    let mut rest = body.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let number: f64 = rest.get(..digits)?.parse().ok()?;
        let tail = rest[digits..].trim_start();
        let length = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        total += number * unit_seconds(&tail[..length], is_iso)?;
        rest = tail[length..].trim_start();
    }
    Some(total)
}

fn unit_seconds(unit: &str, is_iso: bool) -> Option<f64> {
    Some(match unit {
        "ms" => 0.001,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" if is_iso => 30.0 * 86_400.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 7.0 * 86_400.0,
        "mo" | "month" | "months" => 30.0 * 86_400.0,
        "y" | "year" | "years" => 365.0 * 86_400.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Unit;

    #[test]
    fn durations_and_shares_are_read_as_people_write_them() {
        for (text, days) in [("90", 90.0), ("90d", 90.0), ("2160h0m0s", 90.0), ("7776000s", 90.0), ("P90D", 90.0)] {
            assert_eq!(Unit::Days.read(text), Some(days), "{text}");
        }
        assert_eq!(Unit::Seconds.read("5m"), Some(300.0));
        assert_eq!(Unit::Days.read("P3M"), Some(90.0));
        assert_eq!(Unit::Percent.read("0.05"), Some(5.0));
        assert_eq!(Unit::Percent.read("5%"), Some(5.0));
        assert_eq!(Unit::Days.read("soon"), None);
    }
}
