//! Requests: under way, waiting for a retry, and what a reply means for them.

use super::lanes::LaneKey;
use super::pause::backoff;
use super::questions::Ticket;
use super::splitting::Cause;
use super::step::Outcome;
use crate::api::query::Topic;
use crate::failure::{Code, Failure, RequestId};
use crate::time::Millis;

/// Retries that may be under way without an answer to earn them: when everything fails, retries must not multiply the
/// load.
const RETRY_BUDGET: u8 = 16;

/// A request that waits, or is under way.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) lane: LaneKey,
    /// In ascending order of ids.
    pub(super) tickets: Vec<Ticket>,
    pub(super) request: u32,
    /// Retries so far.
    pub(super) tries: u8,
    due: Millis,
    /// Rejected once already: perhaps one of its ids is to blame.
    pub(super) suspect: bool,
    /// The split that it is a half of.
    pub(super) split: Option<u32>,
    pub(super) last: Option<Failure>,
}

/// What a reply means, before its body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Answers,
    /// 404 for the one id that was asked about: there is no such id.
    Absent,
    /// The host asks for a pause.
    Limited,
    /// No response.
    NoResponse,
    Transient(Code),
    Split(Cause),
    /// It holds for everything that could be asked.
    EndsAll(Code),
    Final,
}

/// What an outcome means for a request about so many ids. `is_half`: it is half of a split batch.
pub(super) fn meaning(outcome: &Outcome<'_>, topic: Topic, ids: usize, is_half: bool) -> Meaning {
    let several = ids > 1;
    let (status, retry_after) = match *outcome {
        Outcome::Reply { status, retry_after, .. } => (status, retry_after),
        Outcome::NoReply => return Meaning::NoResponse,
        Outcome::TimedOut => return Meaning::Transient(Code::Timeout),
        Outcome::TooLarge if several => return Meaning::Split(Cause::TooLarge),
        Outcome::TooLarge => return Meaning::Transient(Code::InvalidResponse),
    };
    match status {
        429 => Meaning::Limited,
        503 if retry_after.is_some() => Meaning::Limited,
        200..=299 => Meaning::Answers,
        404 if topic.is_single() => Meaning::Absent,
        401 => Meaning::EndsAll(Code::Unauthorized),
        451 => Meaning::EndsAll(Code::RegionBlocked),
        400 | 500 if several || is_half => Meaning::Split(Cause::Rejected),
        413 | 414 | 431 if several => Meaning::Split(Cause::TooLarge),
        500..=599 => Meaning::Transient(Code::Http),
        _ => Meaning::Final,
    }
}

#[derive(Debug)]
pub(super) struct Requests {
    under_way: Vec<Batch>,
    waiting: Vec<Batch>,
    next: u32,
    /// Retries that may still be made; answers earn them back.
    budget: u8,
    most: u8,
}

impl Requests {
    pub(super) fn new(retries: u8) -> Self {
        let most = RETRY_BUDGET.max(retries);
        Self { under_way: Vec::new(), waiting: Vec::new(), next: 0, budget: most, most }
    }

    pub(super) fn have_room(&self, concurrency: u8) -> bool {
        self.under_way.len() < usize::from(concurrency.max(1))
    }

    /// The next number.
    pub(super) fn number(&mut self) -> u32 {
        self.next = self.next.wrapping_add(1);
        self.next
    }

    pub(super) fn sent(&mut self, batch: Batch) {
        self.under_way.push(batch);
    }

    /// A request has ended; `None` for one that is not under way.
    pub(super) fn landed(&mut self, request: RequestId) -> Option<Batch> {
        let place = self.under_way.iter().position(|batch| batch.request == request.0)?;
        Some(self.under_way.swap_remove(place))
    }

    /// The next one whose time has come.
    pub(super) fn take_due(&mut self, now: Millis) -> Option<Batch> {
        let place = self.waiting.iter().position(|batch| batch.due <= now)?;
        Some(self.waiting.remove(place))
    }

    /// How long until one is due.
    pub(super) fn next_due(&self, now: Millis) -> Option<Millis> {
        self.waiting.iter().map(|batch| batch.due.saturating_sub(now)).min()
    }

    /// Waits for its turn, without a pause.
    pub(super) fn wait(&mut self, batch: Batch) {
        self.waiting.push(batch);
    }

    /// An answer earns a retry back.
    pub(super) fn earn(&mut self) {
        self.budget = self.budget.saturating_add(1).min(self.most);
    }

    pub(super) fn may_retry(&self, batch: &Batch, retries: u8) -> bool {
        batch.tries < retries && self.budget > 0
    }

    /// Waits for a retry. `at_once`: the host's pause keeps the time.
    pub(super) fn retry(
        &mut self,
        mut batch: Batch,
        failure: Failure,
        at_once: bool,
        now: Millis,
        random: u64,
    ) {
        self.budget = self.budget.saturating_sub(1);
        let pause = if at_once { 0 } else { backoff(batch.tries, random) };
        batch.tries += 1;
        batch.due = now.saturating_add(pause);
        batch.last = Some(failure);
        self.waiting.push(batch);
    }

    /// All that wait, taken out.
    pub(super) fn take_waiting(&mut self) -> Vec<Batch> {
        std::mem::take(&mut self.waiting)
    }

    /// Takes out what nobody wants any more: first what is under way, then what waits.
    pub(super) fn take_unwanted(&mut self, is_wanted: impl Fn(&Batch) -> bool) -> (Vec<Batch>, Vec<Batch>) {
        let split = |list: &mut Vec<Batch>| {
            let (kept, unwanted) = std::mem::take(list).into_iter().partition(&is_wanted);
            *list = kept;
            unwanted
        };
        (split(&mut self.under_way), split(&mut self.waiting))
    }

    pub(super) fn clock_went_back(&mut self, by: Millis) {
        for batch in &mut self.waiting {
            batch.due = batch.due.saturating_sub(by);
        }
    }
}

impl Batch {
    pub(super) fn new(lane: LaneKey, tickets: Vec<Ticket>) -> Self {
        Self { lane, tickets, request: 0, tries: 0, due: 0, suspect: false, split: None, last: None }
    }

    /// One half of a split batch. `tries`: those that went elsewhere do not count against a half.
    pub(super) fn half(&self, tickets: Vec<Ticket>, split: u32, tries: u8, failure: Failure) -> Self {
        let (split, last, due) = (Some(split), Some(failure), 0);
        Self {
            lane: self.lane,
            tickets,
            request: self.request,
            tries,
            due,
            suspect: self.suspect,
            split,
            last,
        }
    }

    pub(super) fn failure(&self, code: Code, status: Option<u16>, retry_after: Option<Millis>) -> Failure {
        Failure { code, status, retry_after, request: Some(RequestId(self.request)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, retry_after: Option<Millis>) -> Outcome<'static> {
        Outcome::Reply { status, retry_after, as_of: None, body: b"" }
    }

    #[test]
    fn each_status_has_one_meaning() {
        let check = Topic::Check { user: None };
        for (status, topic, ids, expected) in [
            (200, check, 9, Meaning::Answers),
            (299, check, 1, Meaning::Answers),
            (302, check, 9, Meaning::Final),
            (400, check, 9, Meaning::Split(Cause::Rejected)),
            (400, check, 1, Meaning::Final),
            (401, check, 1, Meaning::EndsAll(Code::Unauthorized)),
            (403, check, 9, Meaning::Final),
            (404, check, 1, Meaning::Final),
            (404, Topic::VersionList, 1, Meaning::Final),
            (404, Topic::Mini, 1, Meaning::Absent),
            (404, Topic::Model, 1, Meaning::Absent),
            (413, check, 9, Meaning::Split(Cause::TooLarge)),
            (414, Topic::ModelList, 2, Meaning::Split(Cause::TooLarge)),
            (431, check, 9, Meaning::Split(Cause::TooLarge)),
            (414, check, 1, Meaning::Final),
            (429, check, 9, Meaning::Limited),
            (451, check, 9, Meaning::EndsAll(Code::RegionBlocked)),
            (500, check, 9, Meaning::Split(Cause::Rejected)),
            (500, check, 1, Meaning::Transient(Code::Http)),
            (503, check, 9, Meaning::Transient(Code::Http)),
        ] {
            assert_eq!(
                meaning(&reply(status, None), topic, ids, false),
                expected,
                "{status} {topic:?} {ids}"
            );
        }
        assert_eq!(meaning(&reply(503, Some(0)), check, 1, false), Meaning::Limited);
        assert_eq!(meaning(&reply(500, None), check, 1, true), Meaning::Split(Cause::Rejected));
        assert_eq!(meaning(&Outcome::TooLarge, check, 2, false), Meaning::Split(Cause::TooLarge));
        assert_eq!(meaning(&Outcome::NoReply, check, 2, false), Meaning::NoResponse);
    }
}
