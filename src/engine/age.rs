//! How long an answer may be reused: pure functions of its age, and of the end of a version's gate.

use super::questions::Answer;
use crate::failure::{Code, Failure};
use crate::time::{HOUR, MINUTE, Millis, SECOND};

/// How long the CDN cache may keep an answer (contract §1.7).
const CDN_CACHE: Millis = 450 * SECOND;
/// Terms change seldom, and each costs a request of its own.
const TERMS: Millis = HOUR;

/// Which answers of the CDN cache will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CdnCache {
    Any,
    /// None from before a gate opened.
    AfterEnd,
    Bypassed,
}

/// How long an answer is reused. A denial is reused for a fifth: a purchase must show soon. `terms`: it says what is
/// free behind a gate.
pub(super) fn lifetime(yes: bool, terms: bool, max_age: Millis) -> Millis {
    match (yes, terms) {
        (false, _) => max_age / 5,
        (true, true) if max_age > 0 => max_age.max(TERMS),
        (true, _) => max_age,
    }
}

/// Whether an answer may still be given. One from the future is an effect of the clock.
pub(super) fn holds(answer: &Answer, lifetime: Millis, gate_end: Option<Millis>, now: Millis) -> bool {
    let age = now.checked_sub(answer.sent);
    age.is_some_and(|age| age < lifetime) && !outlived(answer.sent, gate_end, now)
}

/// Whether a gate has ended since something was asked about it.
pub(super) fn outlived(sent: Millis, gate_end: Option<Millis>, now: Millis) -> bool {
    gate_end.is_some_and(|end| sent < end && end <= now)
}

/// Whether an answer has waited too long for others to be given now.
pub(super) fn is_old(sent: Millis, longest: Millis, gate_end: Option<Millis>, now: Millis) -> bool {
    now.checked_sub(sent).is_none_or(|age| age > longest) || outlived(sent, gate_end, now)
}

/// Which answers of the CDN cache will do: one from before a gate opened stays there for a while.
pub(super) fn cdn_cache(fresh: bool, gate_end: Option<Millis>, now: Millis) -> CdnCache {
    match (fresh, gate_end.and_then(|end| now.checked_sub(end))) {
        (true, _) => CdnCache::Bypassed,
        (false, Some(since)) if since <= CDN_CACHE => CdnCache::AfterEnd,
        _ => CdnCache::Any,
    }
}

/// How long a look-up that failed is not repeated for an explanation, unless a fresh one is wanted.
pub(super) fn rest(failure: &Failure) -> Millis {
    let rest = match failure.code {
        Code::Network => 15 * SECOND,
        Code::Timeout => 30 * SECOND,
        Code::InvalidResponse => 5 * MINUTE,
        Code::RegionBlocked => HOUR,
        _ => MINUTE,
    };
    failure.retry_after.unwrap_or(rest).min(HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(yes: bool, sent: Millis) -> Answer {
        Answer { yes, sent, as_of: None, request: 0, claimed: false }
    }

    #[test]
    fn an_answer_outlives_a_gate_that_ended_after_its_sending() {
        for (sent, end, now, outlives) in
            [(4, Some(5), 5, true), (4, Some(5), 4, false), (5, Some(5), 5, false), (4, None, 9, false)]
        {
            assert_eq!(outlived(sent, end, now), outlives, "{sent} {end:?} {now}");
        }
    }

    #[test]
    fn terms_hold_for_an_hour_grants_for_the_maximum_age_and_denials_for_a_fifth() {
        for (yes, terms, max_age, expected) in [
            (true, false, 300_000, 300_000),
            (false, false, 300_000, 60_000),
            (false, true, 300_000, 60_000),
            (true, true, 300_000, HOUR),
            (true, true, 2 * HOUR, 2 * HOUR),
            (true, true, 0, 0),
        ] {
            let lifetime = lifetime(yes, terms, max_age);
            assert_eq!(lifetime, expected, "{yes} {terms}");
            let holds = |age| holds(&answer(yes, 1000), lifetime, None, 1000 + age);
            assert!(lifetime == 0 || holds(lifetime - 1), "{yes} {terms}");
            assert!(!holds(lifetime), "{yes} {terms}");
        }
    }

    #[test]
    fn an_answer_from_the_future_does_not_hold() {
        assert!(!holds(&answer(true, 1001), HOUR, None, 1000));
        assert!(is_old(1001, HOUR, None, 1000));
    }

    #[test]
    fn answers_from_before_the_end_of_a_gate_do_not_do_while_the_cdn_may_keep_some() {
        for (fresh, end, now, cdn_cache) in [
            (false, None, 9, CdnCache::Any),
            (false, Some(10), 9, CdnCache::Any),
            (false, Some(10), 10, CdnCache::AfterEnd),
            (false, Some(10), 10 + CDN_CACHE, CdnCache::AfterEnd),
            (false, Some(10), 11 + CDN_CACHE, CdnCache::Any),
            (true, Some(10), 10, CdnCache::Bypassed),
        ] {
            assert_eq!(super::cdn_cache(fresh, end, now), cdn_cache, "{end:?} {now}");
        }
    }
}
