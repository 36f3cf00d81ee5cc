//! Rates as people write them: `100/hour`, `5 per minute`, `10/2 minutes`.

/// Requests an hour that a text allows; several limits hold together, so the lowest counts.
pub(crate) fn hourly(text: &str) -> Option<f64> {
    text.split([';', ',', '|']).filter_map(one).min_by(f64::total_cmp)
}

fn one(text: &str) -> Option<f64> {
    let text = text.trim().trim_matches(['"', '\'', '`']).to_ascii_lowercase();
    let (count, window) = text.split_once('/').or_else(|| text.split_once(" per "))?;
    let count: f64 = count.trim().replace('_', "").parse().ok()?;
    let window = window.trim();
    let digits = window.len() - window.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let times: f64 = if digits == 0 { 1.0 } else { window[..digits].parse().ok()? };
    let seconds = match window[digits..].trim() {
        "s" | "sec" | "second" | "seconds" => 1.0,
        "m" | "min" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        "month" | "months" => 2_592_000.0,
        "year" | "years" => 31_536_000.0,
        _ => return None,
    };
    (times > 0.0).then(|| count * 3_600.0 / (times * seconds))
}

#[cfg(test)]
mod tests {
    use super::hourly;

    #[test]
    fn rates_are_read_as_written() {
        assert_eq!(hourly("100/hour"), Some(100.0));
        assert_eq!(hourly("5 per minute"), Some(300.0));
        assert_eq!(hourly("\"10/2 minutes\""), Some(300.0));
        assert_eq!(hourly("1000/day;10/second"), Some(1_000.0 / 24.0));
        assert_eq!(hourly("1/0.5 seconds"), Some(7_200.0));
        assert_eq!(hourly("settings.RATE"), None);
        assert_eq!(hourly("60"), None);
    }
}
