//! Times as the server writes them: `Retry-After`, and the ends of gates.

/// Milliseconds; as a moment, those since 1970 on a wall clock, which may jump.
pub type Millis = u64;

pub(crate) const SECOND: Millis = 1000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// What a reply's headers say about time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplyTimes {
    /// How long the server asks to wait, in milliseconds.
    pub retry_after: Option<Millis>,
    /// When the origin wrote the reply, by the server's clock: `Date` less `Age`.
    pub as_of: Option<Millis>,
}

/// Reads the headers `Retry-After` (seconds or a date, RFC 9110 §10.2.3), `Date` and `Age`.
///
/// A `Retry-After` that is a date is measured by the reply's own `Date`, since our clock may be wrong. An
/// `Age` outside of a day, or a `Date` more than a day away from `now`, leaves `as_of` unknown.
///
/// # Examples
/// ```
/// use civitai_permissions::reply_times;
/// let date = Some("Thu, 01 Jan 1970 00:01:00 GMT");
/// assert_eq!(reply_times(Some("2"), None, None, 0).retry_after, Some(2000));
/// assert_eq!(reply_times(date, date, None, 0).retry_after, Some(0));
/// assert_eq!(reply_times(None, date, Some("20"), 90_000).as_of, Some(40_000));
/// assert_eq!(reply_times(Some("soon"), None, None, 0).retry_after, None);
/// ```
#[must_use]
pub fn reply_times(
    retry_after: Option<&str>,
    date: Option<&str>,
    age: Option<&str>,
    now: Millis,
) -> ReplyTimes {
    let date = date.and_then(|date| http_date(date.trim_ascii()));
    let age = age.map_or(Some(0), |age| digits(age.trim_ascii()));
    let age = age.and_then(|seconds| seconds.checked_mul(SECOND)).filter(|age| *age <= DAY);
    let given = date.filter(|date| date.abs_diff(now) <= DAY).zip(age);
    ReplyTimes {
        retry_after: retry_after.and_then(|header| wait(header, date.unwrap_or(now))),
        // A server's clock that is ahead of ours must not put an answer into the future.
        as_of: given.map(|(date, age)| date.saturating_sub(age).min(now)),
    }
}

fn wait(header: &str, now: Millis) -> Option<Millis> {
    let header = header.trim_ascii();
    match digits(header) {
        Some(seconds) => Some(seconds.saturating_mul(SECOND)),
        None => Some(http_date(header)?.saturating_sub(now)),
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may still send.
fn http_date(text: &str) -> Option<Millis> {
    let mut words = text.split(' ');
    words.next()?.strip_suffix(',')?;
    let day = words.next()?;
    let month = words.next()?;
    let name = MONTHS.iter().position(|name| *name == month)?;
    let date = date(digits(words.next()?)?, name as u64 + 1, digits(day)?)?;
    let moment = date.checked_add(clock_time(words.next()?)?)?;
    (words.next() == Some("GMT") && words.next().is_none()).then_some(moment)
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `2026-08-15T00:00:00.000Z`, as JavaScript writes a date; a date alone means its midnight.
pub(crate) fn iso_date(text: &str) -> Option<Millis> {
    let (day, clock) = text.split_at_checked(10)?;
    if !has(day, b'-', [4, 7]) {
        return None;
    }
    let mut parts = day.splitn(3, '-').map(digits);
    let midnight = date(parts.next()??, parts.next()??, parts.next()??)?;
    if clock.is_empty() {
        return Some(midnight);
    }
    let clock = clock.strip_prefix('T')?.strip_suffix('Z')?;
    let (time, fraction) = clock.split_once('.').unwrap_or((clock, "000"));
    // What JavaScript does not read as a date is none: nobody could show it.
    if fraction.len() != 3 || time.len() != 8 || !has(time, b':', [2, 5]) || time.ends_with("60") {
        return None;
    }
    midnight.checked_add(clock_time(time)?)?.checked_add(digits(fraction)?)
}

fn has(text: &str, sign: u8, places: [usize; 2]) -> bool {
    places.iter().all(|place| text.as_bytes().get(*place) == Some(&sign))
}

fn clock_time(text: &str) -> Option<Millis> {
    let mut parts = text.splitn(3, ':').map(digits);
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    if hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    Some(hours * HOUR + minutes * MINUTE + seconds * SECOND)
}

/// A number in nothing but ASCII digits: `parse` alone takes a plus sign too.
fn digits(text: &str) -> Option<u64> {
    if text.starts_with('+') { None } else { text.parse().ok() }
}

/// The midnight at which a day of the Gregorian calendar begins, from 1970 to 9999.
fn date(year: u64, month: u64, day: u64) -> Option<Millis> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    // Counted in years that begin in March, so that the leap day is a year's last
    // (Howard Hinnant, "chrono-compatible low-level date algorithms").
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year / 400, year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)?.checked_mul(DAY)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_agree_with_the_calendar() {
        assert_eq!(iso_date("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(iso_date("2000-03-01T00:00:00Z"), Some(951_868_800_000));
        assert_eq!(iso_date("2026-08-15T12:34:56.789Z"), Some(1_786_797_296_789));
        assert_eq!(iso_date("2024-02-29"), Some(1_709_164_800_000));
        assert_eq!(http_date("Thu, 01 Jan 1970 23:59:60 GMT"), Some(DAY), "a leap second");
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in [
            "",
            "soon",
            "-1",
            "1.5",
            "Sun, 06 Nov 1994",
            "Sun, 06 Nox 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 GMT x",
            "Sun, 06 Nov 1994 08:49:37:00 GMT",
            "Sun 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(wait(text, 0), None, "{text}");
        }
        for clock in
            ["24:00:00", "00:60:00", "00:00:61", "00:00", "00:00:00.12", "00:00:00.1234", "00:00:00.x00"]
        {
            let text = format!("2026-08-15T{clock}Z");
            assert_eq!(iso_date(&text), None, "{text}");
        }
        // JavaScript reads none of these, and the end of a gate reaches it as it was written.
        for text in [
            "2026-12-01T23:59:60.000Z",
            "2026-02-29T00:00:00.000Z",
            "2026-04-31",
            "2026-1-001",
            "2026-12-01T1:002:03.000Z",
        ] {
            assert_eq!(iso_date(text), None, "{text}");
        }
        for text in ["", "2026", "2026-13-01", "2026-08-15T25:00:00Z", "2026-08-15T00:00:00+01:00", "null"] {
            assert_eq!(iso_date(text), None, "{text}");
        }
    }

    #[test]
    fn retry_after_as_a_date_is_measured_by_the_replys_own_clock() {
        let (date, later) = (Some("Sun, 06 Nov 1994 08:49:37 GMT"), Some("Sun, 06 Nov 1994 08:50:07 GMT"));
        for now in [0, 784_111_777_000, 9_784_111_777_000] {
            assert_eq!(reply_times(later, date, None, now).retry_after, Some(30_000), "{now}");
        }
        assert_eq!(reply_times(later, None, None, 784_111_806_000).retry_after, Some(1000));
    }

    #[test]
    fn a_verdict_is_as_old_as_its_reply_less_its_time_in_the_cache() {
        const DATE: Millis = 784_111_777_000;
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        for (age, as_of) in [
            (None, Some(DATE)),
            (Some("0"), Some(DATE)),
            (Some(" 300 "), Some(DATE - 300_000)),
            (Some("86400"), Some(DATE - DAY)),
            (Some("86401"), None),
            (Some("abc"), None),
            (Some("-1"), None),
            (Some("1e400"), None),
            (Some("18446744073709551615"), None),
        ] {
            assert_eq!(reply_times(None, date, age, DATE).as_of, as_of, "{age:?}");
        }
        assert_eq!(reply_times(None, None, Some("3"), DATE).as_of, None);
        assert_eq!(reply_times(None, date, None, DATE + DAY + 1).as_of, None, "a date of long ago");
        assert_eq!(reply_times(None, date, None, DATE - DAY - 1).as_of, None, "a date far ahead");
        assert_eq!(reply_times(None, date, None, DATE - 5000).as_of, Some(DATE - 5000), "not in the future");
    }

    #[test]
    fn a_date_that_has_passed_asks_for_no_wait() {
        assert_eq!(wait("Thu, 01 Jan 1970 00:00:10 GMT", 20_000), Some(0));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parsers(text in ".*", now in any::<u64>()) {
            let _ = (reply_times(Some(&text), Some(&text), Some(&text), now), iso_date(&text));
        }

        #[test]
        fn seconds_are_seconds(seconds in 0u64..10_000_000) {
            prop_assert_eq!(wait(&seconds.to_string(), 7), Some(seconds * 1000));
        }

        #[test]
        fn a_day_later_is_a_day_more(days in 0u64..2_900_000) {
            // The civil date, by the same author's inverse algorithm.
            let civil = |days: u64| {
                let z = days + 719_468;
                let (era, doe) = (z / 146_097, z % 146_097);
                let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
                let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
                let mp = (5 * doy + 2) / 153;
                let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
                (yoe + era * 400 + u64::from(month <= 2), month, day)
            };
            let (year, month, day) = civil(days);
            prop_assume!(year <= 9999);
            prop_assert_eq!(date(year, month, day), Some(days * DAY));
        }
    }
}
