//! A calendar day, as suppressions write it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Value, json};

use super::described::Described;

/// A day of the proleptic Gregorian calendar; orders by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// The day that lies `days` after 1970-01-01 (UTC).
    pub fn from_unix_days(days: i64) -> Self {
        // Counts in eras of 400 years that start on 1 March, so that the leap day comes last in its year.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        Date {
            year: i32::try_from(year).unwrap_or(i32::MAX),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }

    /// The day of a year, month and day that a calendar holds.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        (day > 0 && day <= days_in(year, month)).then_some(Date { year, month, day })
    }

    /// Days since 1970-01-01 (UTC); negative before it.
    pub fn unix_days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let from_march = if month > 2 { month - 3 } else { month + 9 };
        let of_year = (153 * from_march + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
    }

    /// The day that lies `days` later.
    pub fn plus(self, days: i64) -> Self {
        Date::from_unix_days(self.unix_days() + days)
    }

    /// How many days later `other` lies; negative if it lies earlier.
    pub fn days_until(self, other: Date) -> i64 {
        other.unix_days() - self.unix_days()
    }
}

impl Default for Date {
    fn default() -> Self {
        Date::from_unix_days(0)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads a text or a bare date of TOML.
impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => text,
            toml::Value::Datetime(date) if date.time.is_none() => date.to_string(),
            other => other.to_string(),
        };
        text.parse().map_err(|()| de::Error::custom(format!("`{text}` is no day; write it as 2026-01-31")))
    }
}

impl Described for Date {
    fn schema() -> Value {
        json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
    }
}

impl FromStr for Date {
    type Err = ();

    /// Reads `YYYY-MM-DD`; a day that no calendar holds is an error.
    fn from_str(text: &str) -> Result<Self, ()> {
        let is_shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !is_shaped {
            return Err(());
        }
        let year = text[..4].parse().map_err(drop)?;
        let month = text[5..7].parse().map_err(drop)?;
        let day = text[8..].parse().map_err(drop)?;
        if day == 0 || day > days_in(year, month) {
            return Err(());
        }
        Ok(Date { year, month, day })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Days of a month; none for a month that does not exist.
fn days_in(year: i32, month: u8) -> u8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn unix_days_become_calendar_days() {
        for (days, text) in [(0, "1970-01-01"), (-1, "1969-12-31"), (11_016, "2000-02-29"), (20_454, "2026-01-01")] {
            assert_eq!(Date::from_unix_days(days).to_string(), text);
            assert_eq!(text.parse(), Ok(Date::from_unix_days(days)));
            assert_eq!(Date::from_unix_days(days).unix_days(), days);
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2025-02-29", "2025-13-01", "2025-00-10", "2025-01-00", "2025-1-01", "tomorrow", "2025-01-0é"] {
            assert_eq!(text.parse::<Date>(), Err(()), "{text}");
        }
    }
}
