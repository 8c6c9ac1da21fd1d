//! Dates from Unix milliseconds.

/// `2026-08-15T00:00:00.000Z`, as JavaScript writes it.
pub(crate) fn iso(ms: u64) -> String {
    let Parts { year, month, day, hour, minute, second, .. } = Parts::of(ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1000)
}

/// `Sat, 15 Aug 2026 00:00:00 GMT`, as the `Date` header wants it.
pub(crate) fn http(ms: u64) -> String {
    const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Parts { days, year, month, day, hour, minute, second } = Parts::of(ms);
    let weekday = WEEKDAYS.iter().cycle().nth((days % 7) as usize).unwrap_or(&"");
    let month = MONTHS.get(month as usize - 1).unwrap_or(&"");
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

struct Parts {
    days: u64,
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

impl Parts {
    /// The civil calendar by counting years from March, so that a leap day comes last
    /// (Howard Hinnant, "chrono-compatible low-level date algorithms").
    fn of(ms: u64) -> Self {
        let seconds = ms / 1000;
        let days = seconds / 86_400;
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Self {
            days,
            year: era * 400 + year_of_era + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * from_march + 2) / 5 + 1,
            hour: seconds / 3600 % 24,
            minute: seconds / 60 % 60,
            second: seconds % 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{http, iso};

    #[test]
    fn known_dates() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(951_782_400_123), "2000-02-29T00:00:00.123Z");
        assert_eq!(iso(1_786_752_000_000), "2026-08-15T00:00:00.000Z");
        assert_eq!(iso(1_798_761_599_999), "2026-12-31T23:59:59.999Z");
        assert_eq!(http(1_786_752_000_000), "Sat, 15 Aug 2026 00:00:00 GMT");
        assert_eq!(http(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
