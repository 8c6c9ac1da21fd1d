//! A host's pause: while the server asks for one, or does not respond at all, nothing is sent.

use crate::failure::{Code, Failure};
use crate::time::{HOUR, MINUTE, Millis, SECOND};

/// When a host may be asked again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pause {
    /// Until then; 0: no pause.
    pub(crate) until: Millis,
    /// The status that began it; 0: no response did.
    pub(super) status: u16,
    /// Requests in a row that got no response, up to [`MOST_UNANSWERED`].
    pub(super) unanswered: u8,
    /// How often in a row it began without a time from the server.
    pub(super) begun: u8,
    /// The latest moment that was seen.
    pub(super) seen: Millis,
}

/// A 429 looks like no response from a web page (contract §1.8), so it takes three of them.
const MOST_UNANSWERED: u8 = 3;
/// `Retry-After` is honoured up to this.
const LONGEST: Millis = HOUR;

impl Pause {
    /// Notes the time. A wall clock that is set back a little takes the end along, so that no pause gets longer. One
    /// that is set back by more was wrong, and nobody knows how much of the pause is over: it ends, and the host may
    /// ask for another.
    pub(super) fn observe(&mut self, now: Millis) {
        let back = self.seen.saturating_sub(now);
        self.until = if back > MINUTE { 0 } else { self.until.saturating_sub(back) };
        self.seen = now;
    }

    /// How long it still lasts.
    pub(super) fn left(&self, now: Millis) -> Millis {
        self.until.saturating_sub(now).min(LONGEST)
    }

    /// The failure of those who cannot wait for its end.
    pub(super) fn failure(&self, now: Millis) -> Failure {
        let limited = self.status != 0;
        Failure {
            code: if limited { Code::RateLimited } else { Code::Network },
            status: limited.then_some(self.status),
            retry_after: Some(self.left(now)),
            request: None,
        }
    }

    /// A response that asks for no pause.
    pub(super) fn responded(&mut self) {
        self.unanswered = 0;
        self.begun = 0;
    }

    /// 429, or 503 with `Retry-After`.
    pub(super) fn limited(&mut self, status: u16, retry_after: Option<Millis>, now: Millis, random: u64) {
        self.unanswered = 0;
        let length = match retry_after {
            Some(length) if length > 0 => length.min(LONGEST),
            // None, 0, or a date that our clock has passed.
            _ => self.backoff(now, random),
        };
        self.begin(status, length, now);
    }

    /// No response at all.
    pub(super) fn no_response(&mut self, now: Millis, random: u64) {
        self.unanswered = (self.unanswered + 1).min(MOST_UNANSWERED);
        if self.unanswered == MOST_UNANSWERED {
            let length = self.backoff(now, random);
            self.begin(0, length, now);
        }
    }

    /// Requests that were under way together are one offence: only the first one doubles the pause.
    fn backoff(&mut self, now: Millis, random: u64) -> Millis {
        if self.left(now) == 0 {
            self.begun = self.begun.saturating_add(1);
        }
        backoff(self.begun.saturating_sub(1), random)
    }

    fn begin(&mut self, status: u16, length: Millis, now: Millis) {
        if length > self.left(now) {
            self.until = now.saturating_add(length);
            self.status = status;
        }
        self.seen = now;
    }
}

/// All pauses so far, added up: a caller waits for [`Config::patience`](super::Config::patience) at most, however often
/// a pause begins anew.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    /// How long they have lasted once the present one ends.
    total: Millis,
    until: Millis,
}

impl Pauses {
    /// Adds a pause that still lasts so long; `false` if it was counted already.
    pub(super) fn count(&mut self, left: Millis, now: Millis) -> bool {
        let new = left.saturating_sub(self.until.saturating_sub(now));
        self.total += new;
        self.until = now.saturating_add(left);
        new > 0
    }

    /// How long they have lasted until now.
    pub(super) fn before(&self, now: Millis) -> Millis {
        self.total.saturating_sub(self.until.saturating_sub(now))
    }

    /// Whether one who came when they had lasted so long has the patience to wait for the end.
    pub(super) fn are_bearable(&self, before: Millis, patience: Millis) -> bool {
        self.total.saturating_sub(before) <= patience
    }

    pub(super) fn clock_went_back(&mut self, by: Millis) {
        self.until = self.until.saturating_sub(by);
    }
}

/// 1 s doubling to 30 s, of which up to half is left to chance, so that clients do not march in step.
pub(super) fn backoff(tries: u8, random: u64) -> Millis {
    let longest = (SECOND << tries.min(5)).min(30 * SECOND);
    longest - random % (longest / 2)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn retry_after_is_honoured_up_to_an_hour() {
        let mut pause = Pause::default();
        pause.limited(429, Some(60 * SECOND), 1000, 0);
        assert_eq!(pause.left(1000), 60 * SECOND);
        assert_eq!(pause.left(61_000), 0);
        pause.limited(429, Some(30 * HOUR), 1000, 0);
        assert_eq!(pause.left(1000), HOUR);
        assert_eq!(pause.failure(1000).status, Some(429));
    }

    #[test]
    fn a_shorter_pause_does_not_end_it_earlier() {
        let mut pause = Pause::default();
        pause.limited(429, Some(60 * SECOND), 0, 0);
        pause.limited(503, Some(SECOND), 0, 0);
        assert_eq!((pause.left(0), pause.status), (60 * SECOND, 429));
        pause.limited(503, Some(60 * SECOND), 0, 0);
        assert_eq!((pause.left(0), pause.status), (60 * SECOND, 429), "nor does an equal one say why");
    }

    #[test]
    fn the_third_request_without_a_response_begins_it_and_any_response_starts_anew() {
        let mut pause = Pause::default();
        pause.no_response(0, 0);
        pause.no_response(0, 0);
        assert_eq!(pause.left(0), 0);
        pause.no_response(0, 0);
        assert_eq!(pause.left(0), SECOND);
        pause.no_response(5000, 0);
        assert_eq!(pause.left(5000), 2 * SECOND);
        assert_eq!(pause.failure(5000).code, Code::Network);
        pause.responded();
        pause.no_response(9000, 0);
        assert_eq!(pause.left(9000), 0);
    }

    #[test]
    fn what_was_under_way_together_is_one_offence() {
        let mut pause = Pause::default();
        for moment in [0, 10, 20, 30] {
            pause.limited(429, None, moment, 0);
        }
        assert_eq!(pause.left(30), SECOND);
        pause.limited(429, None, 2000, 0);
        assert_eq!(pause.left(2000), 2 * SECOND);
    }

    #[test]
    fn a_clock_that_is_set_back_makes_no_pause_longer() {
        let start = 100 * HOUR;
        for (back, left) in [(SECOND, 3 * SECOND), (MINUTE, 3 * SECOND), (MINUTE + 1, 0), (100 * HOUR, 0)] {
            let mut pause = Pause::default();
            pause.limited(429, Some(5 * SECOND), start, 0);
            pause.observe(start + 2 * SECOND);
            let now = start + 2 * SECOND - back;
            pause.observe(now);
            assert_eq!(pause.left(now), left, "{back}");
            pause.observe(now + 3 * SECOND);
            assert_eq!(pause.left(now + 3 * SECOND), 0, "{back}");
        }
    }

    #[test]
    fn a_clock_that_is_set_forward_ends_it() {
        let mut pause = Pause::default();
        pause.limited(429, Some(60 * SECOND), HOUR, 0);
        pause.observe(3 * HOUR);
        assert_eq!(pause.left(3 * HOUR), 0);
    }

    #[test]
    fn pauses_that_overlap_count_once() {
        let mut pauses = Pauses::default();
        assert!(pauses.count(10, 0) && !pauses.count(10, 0) && !pauses.count(4, 6));
        assert_eq!(pauses.before(6), 6);
        assert!(pauses.count(10, 6));
        assert_eq!(pauses.before(16), 16);
        assert!(pauses.are_bearable(0, 16) && !pauses.are_bearable(0, 15) && pauses.are_bearable(1, 15));
    }

    proptest! {
        #[test]
        fn backoff_grows_within_its_bounds(tries: u8, random: u64) {
            let length = backoff(tries, random);
            prop_assert!((SECOND / 2..=30 * SECOND).contains(&length));
            prop_assert!(length <= backoff(tries.saturating_add(1), 0));
        }
    }
}
