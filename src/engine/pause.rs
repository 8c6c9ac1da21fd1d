//! One pause per host: while the server asks for one, or does not respond at all.

use crate::failure::{Code, Failure};
use crate::time::{HOUR, Millis, SECOND};

/// When a host may be asked again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pause {
    /// Closed until then; 0: open.
    pub(crate) until: Millis,
    /// How long it was closed for.
    pub(crate) pause: Millis,
    /// The status that closed it; 0: silence did.
    pub(crate) status: u16,
    /// Requests in a row that got no answer, up to [`SILENCES`].
    pub(crate) silent: u8,
    /// How often in a row it was closed without being told for how long.
    pub(crate) closings: u8,
}

/// A 429 looks like silence from a web page (contract §1.8), so silence counts from the third time.
const SILENCES: u8 = 3;
/// `Retry-After` is honoured up to this.
const LONGEST: Millis = HOUR;

impl Pause {
    /// How long it stays closed. A wall clock jumps: a step back may stretch the pause to twice its
    /// length; a wait beyond that cannot be, and is over.
    pub(crate) fn left(&self, now: Millis) -> Millis {
        left(self.until, now, self.pause * 2)
    }

    /// As a snapshot tells it, which does not say how long it was closed for.
    pub(crate) fn restored(self, now: Millis) -> Self {
        Self { pause: left(self.until, now, LONGEST), ..self }
    }

    /// The failure of those who cannot wait for it.
    pub(crate) fn failure(&self, now: Millis) -> Failure {
        let limited = self.status != 0;
        Failure {
            code: if limited { Code::RateLimited } else { Code::Network },
            status: limited.then_some(self.status),
            retry_after: Some(self.left(now)),
            request: None,
        }
    }

    /// An answer that asks for no pause.
    pub(crate) fn heard(&mut self) {
        self.silent = 0;
        self.closings = 0;
    }

    /// 429, or 503 with `Retry-After`.
    pub(crate) fn limited(&mut self, status: u16, retry_after: Option<Millis>, now: Millis, random: u64) {
        self.silent = 0;
        let pause = match retry_after {
            Some(pause) if pause > 0 => pause.min(LONGEST),
            // None, 0, or a date that our clock has passed.
            _ => self.backoff(now, random),
        };
        self.close(status, pause, now);
    }

    /// No answer at all.
    pub(crate) fn silent(&mut self, now: Millis, random: u64) {
        self.silent = (self.silent + 1).min(SILENCES);
        if self.silent == SILENCES {
            let pause = self.backoff(now, random);
            self.close(0, pause, now);
        }
    }

    /// Requests that were under way together are one offence: only the first one doubles the pause.
    fn backoff(&mut self, now: Millis, random: u64) -> Millis {
        if self.left(now) == 0 {
            self.closings = self.closings.saturating_add(1);
        }
        backoff(self.closings.saturating_sub(1), random)
    }

    fn close(&mut self, status: u16, pause: Millis, now: Millis) {
        if pause > self.left(now) {
            self.until = now.saturating_add(pause);
            self.pause = pause;
            self.status = status;
        }
    }
}

/// 1 s doubling to 30 s, of which up to half is left to chance, so that clients do not march in step.
pub(crate) fn backoff(tries: u8, random: u64) -> Millis {
    let longest = (SECOND << tries.min(5)).min(LONGEST_BACKOFF);
    longest - random % (longest / 2)
}

pub(crate) const LONGEST_BACKOFF: Millis = 30 * SECOND;

/// How long it is until a moment that lies at most `longest` ahead; a moment further off is an
/// effect of the clock, and over.
pub(crate) fn left(until: Millis, now: Millis, longest: Millis) -> Millis {
    until.checked_sub(now).filter(|left| *left <= longest).unwrap_or(0)
}

#[cfg(test)]
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
    fn a_shorter_pause_does_not_open_it_earlier() {
        let mut pause = Pause::default();
        pause.limited(429, Some(60 * SECOND), 0, 0);
        pause.limited(503, Some(SECOND), 0, 0);
        assert_eq!((pause.left(0), pause.status), (60 * SECOND, 429));
        pause.limited(503, Some(60 * SECOND), 0, 0);
        assert_eq!((pause.left(0), pause.status), (60 * SECOND, 429), "nor does an equal one say why");
    }

    #[test]
    fn the_third_silence_closes_it_and_any_answer_forgets() {
        let mut pause = Pause::default();
        pause.silent(0, 0);
        pause.silent(0, 0);
        assert_eq!(pause.left(0), 0);
        pause.silent(0, 0);
        assert_eq!(pause.left(0), SECOND);
        pause.silent(5000, 0);
        assert_eq!(pause.left(5000), 2 * SECOND);
        assert_eq!(pause.failure(5000).code, Code::Network);
        pause.heard();
        pause.silent(9000, 0);
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
    fn a_clock_that_steps_back_stretches_a_pause_to_twice_its_length_at_most() {
        let (mut pause, start) = (Pause::default(), 100 * HOUR);
        pause.limited(429, Some(5 * SECOND), start, 0);
        assert_eq!(pause.left(start - SECOND), 6 * SECOND);
        assert_eq!(pause.left(start - 6 * SECOND), 0);
        pause.limited(429, None, start, 0);
        assert_eq!(pause.left(start - 6 * SECOND), 0, "a shorter pause within it changes nothing");
    }

    #[test]
    fn a_clock_that_jumps_back_opens_it() {
        let mut pause = Pause::default();
        pause.limited(429, Some(60 * SECOND), 100 * HOUR, 0);
        assert_eq!(pause.left(98 * HOUR), 0);
    }

    proptest! {
        #[test]
        fn backoff_grows_within_its_bounds(tries: u8, random: u64) {
            let pause = backoff(tries, random);
            prop_assert!((SECOND / 2..=LONGEST_BACKOFF).contains(&pause));
            prop_assert!(pause <= backoff(tries.saturating_add(1), 0));
        }
    }
}
