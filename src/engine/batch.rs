//! What is sent: cells gathered into requests, requests tried again, taken apart or given up.

use super::cell::{Memory, Place, Told};
use super::lane::Lane;
use super::pause::{LONGEST_BACKOFF, backoff, left};
use super::{Engine, Outcome, Step};
use crate::api::check::verdicts;
use crate::api::query::{Bust, Topic};
use crate::failure::RequestId;
use crate::failure::{Code, Failure};
use crate::id::VersionId;
use crate::sort::sort;
use crate::time::{HOUR, MINUTE, Millis, SECOND};
use alloc::vec::Vec;

/// Further tries that may be under way without an answer to earn them: when everything fails, tries
/// must not multiply the load.
pub(super) const RETRY_BUDGET: u8 = 16;

/// Whom a denied id is asked again with (see `rules`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Together,
    /// Only with others of the same owner.
    Own,
    Alone,
}

/// Which copies of an answer will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Copies,
    /// None from before a gate opened.
    AfterEnd,
    /// None at all.
    Fresh,
}

/// A request that waits, or is under way.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) topic: Topic,
    pub(super) stage: Stage,
    pass: Pass,
    /// In ascending order of ids.
    pub(super) cells: Vec<u32>,
    pub(super) request: u32,
    tries: u8,
    due: Millis,
    /// Refused once already: perhaps one of its ids is to blame.
    suspect: bool,
    /// The batch that it is a half of.
    split: Option<u32>,
    last: Option<Failure>,
}

/// A batch that was refused twice and is now asked in halves. A half that succeeds proves the server
/// well, so the other half holds the culprit; when both fail, the server does.
#[derive(Debug)]
pub(super) struct Split {
    number: u32,
    left: u8,
    proven: bool,
    /// A half was taken back because nobody waited for it: nothing is known of the server.
    unwanted: bool,
    failed: Vec<(Batch, Failure)>,
}

/// How a half ended.
enum Half {
    Answered,
    Refused(Batch, Failure),
    Unwanted,
    Lost,
}

impl Engine {
    /// Sends what may be sent.
    pub(super) fn plan(&mut self, now: Millis) {
        let closed = self.pause.left(now);
        if self.count_pause(now) || closed > self.config.patience {
            self.give_up(now);
        }
        // One at a time: what a driver reports in between may close the gate.
        let next = if closed == 0 && self.has_room() { self.next_batch(now) } else { None };
        if let Some(batch) = next {
            self.send(batch, now);
        }
    }

    /// When there will be something to send.
    pub(super) fn next_event(&self, now: Millis) -> Option<Millis> {
        if !self.has_room() {
            return None;
        }
        let queued = self.lanes.iter().any(|lane| lane.queue.iter().any(|entry| self.queues(lane, *entry)));
        let queued = queued.then_some(0);
        let waiting = self.waiting.iter().map(|batch| left(batch.due, now, LONGEST_BACKOFF));
        let wait = waiting.chain(queued).min()?;
        Some(now.saturating_add(wait.max(self.pause.left(now))))
    }

    /// A request has ended.
    pub(super) fn landed(&mut self, batch: Batch, outcome: Outcome<'_>, now: Millis) {
        let (status, wait, as_of, body) = match outcome {
            Outcome::Reply { status, retry_after, as_of, body } => (status, retry_after, as_of, body),
            Outcome::NoReply => {
                let random = self.random();
                self.pause.silent(now, random);
                return self.again(batch, Code::Network, None, None, now);
            }
            Outcome::TimedOut => return self.again(batch, Code::Timeout, None, None, now),
            Outcome::TooLarge => return self.again(batch, Code::InvalidResponse, None, None, now),
        };
        if status == 429 || (status == 503 && wait.is_some()) {
            let random = self.random();
            self.pause.limited(status, wait, now, random);
            return self.again(batch, Code::RateLimited, Some(status), wait, now);
        }
        self.pause.heard();
        match status {
            200..=299 => match self.read(&batch, body) {
                Some(answers) => self.took(batch, &answers, as_of, status, now),
                None => self.again(batch, Code::InvalidResponse, Some(status), wait, now),
            },
            404 if batch.topic.capacity(&self.config.base, 2) == 1 => {
                self.took(batch, &[Some(false)], as_of, status, now)
            }
            401 => self.end_all(batch, Code::Unauthorized, status, now),
            451 => self.end_all(batch, Code::RegionBlocked, status, now),
            400 | 500 if batch.cells.len() > 1 || batch.split.is_some() => self.refused(batch, status, now),
            500..=599 => self.again(batch, Code::Http, Some(status), wait, now),
            _ => {
                let failure = batch.failure(Code::Http, Some(status), wait);
                self.fail(batch, failure, now);
            }
        }
    }

    /// Takes requests back that nobody waits for any more.
    pub(super) fn abort_unwanted(&mut self) {
        for flying in [true, false] {
            let list = core::mem::take(if flying { &mut self.flying } else { &mut self.waiting });
            let mut kept = Vec::new();
            for batch in list {
                let wanted = batch.cells.iter().any(|place| self.awaited(*place));
                if wanted {
                    kept.push(batch);
                    continue;
                }
                if flying {
                    self.out.push_back(Step::Abort(RequestId(batch.request)));
                }
                for place in &batch.cells {
                    self.drop_work(*place);
                }
                self.half_ended(batch.split, Half::Unwanted, self.now);
            }
            // What a half's end put aside meanwhile stays too.
            let list = if flying { &mut self.flying } else { &mut self.waiting };
            list.append(&mut kept);
        }
    }

    fn has_room(&self) -> bool {
        self.flying.len() < usize::from(self.config.concurrency.max(1))
    }

    fn next_batch(&mut self, now: Millis) -> Option<Batch> {
        let due = self.waiting.iter().position(|batch| left(batch.due, now, LONGEST_BACKOFF) == 0);
        if let Some(place) = due {
            return Some(self.waiting.remove(place));
        }
        while let Some(mut lane) = self.pop_lane() {
            let Lane { topic, stage, pass, .. } = lane;
            let capacity = match stage {
                Stage::Alone => 1,
                Stage::Together | Stage::Own => topic.capacity(&self.config.base, self.config.max_batch),
            };
            let (mut drawn, mut cells, mut last) = (Vec::new(), Vec::new(), 0);
            while drawn.len() < capacity {
                let Some(entry) = lane.draw() else { break };
                // Entries of cells that were dropped since are passed over.
                if self.queues(&lane, entry) {
                    drawn.push(entry);
                }
            }
            sort(&mut drawn);
            for entry in drawn {
                let (id, place) = ((entry >> 32) as u32, entry as u32);
                // A cell from before a `clear` may stand beside its successor: one request each.
                if id == last {
                    lane.queue.push(entry);
                } else if let Some(work) = self.work(place) {
                    work.place = Place::InBatch;
                    cells.push(place);
                    last = id;
                }
            }
            // The other lanes come next: nobody waits for ever behind a busy one.
            if !lane.queue.is_empty() {
                self.push_lane(lane);
            }
            if !cells.is_empty() {
                let (request, tries, due) = (0, 0, 0);
                return Some(Batch {
                    topic,
                    stage,
                    pass,
                    cells,
                    request,
                    tries,
                    due,
                    suspect: false,
                    split: None,
                    last: None,
                });
            }
        }
        None
    }

    fn send(&mut self, mut batch: Batch, now: Millis) {
        self.next_request = self.next_request.wrapping_add(1);
        batch.request = self.next_request;
        for place in &batch.cells {
            if let Some(work) = self.work(*place) {
                work.place = Place::InBatch;
                work.request = Some(batch.request);
                work.sent = now;
            }
        }
        let ids: Vec<u32> = batch.cells.iter().map(|place| self.id_of(*place)).collect();
        // A gate may have opened since they were queued.
        let late = ids.iter().any(|id| self.pass(batch.topic, *id, false, now) == Pass::AfterEnd);
        let pass = if late && batch.pass == Pass::Copies { Pass::AfterEnd } else { batch.pass };
        let bust = match (pass, batch.tries, batch.topic) {
            // Two engines may have one seed, but not at one time.
            (Pass::Fresh, ..) => Bust::Unique(self.random() ^ now),
            (_, 1.., _) => Bust::Retry(now / (30 * SECOND), batch.tries),
            (Pass::AfterEnd, ..) | (.., Topic::Check { user: Some(_) }) => Bust::Span(now / MINUTE),
            _ => Bust::Never,
        };
        let url = batch.topic.url(&self.config.base, ids.into_iter(), bust);
        let personal = matches!(batch.topic, Topic::Check { user: Some(_) });
        self.out.push_back(Step::Send { request: RequestId(batch.request), url, personal });
        self.flying.push(batch);
    }

    fn read(&mut self, batch: &Batch, body: &[u8]) -> Option<Vec<Option<bool>>> {
        let ids: Vec<u32> = batch.cells.iter().map(|place| self.id_of(*place)).collect();
        if matches!(batch.topic, Topic::Check { .. }) {
            let ids: Vec<VersionId> = ids.into_iter().filter_map(VersionId::new).collect();
            return verdicts(&ids, body);
        }
        let present = self.catalog.learn(batch.topic, &ids, body)?;
        Some(present.into_iter().map(Some).collect())
    }

    fn took(
        &mut self,
        mut batch: Batch,
        answers: &[Option<bool>],
        as_of: Option<Millis>,
        status: u16,
        now: Millis,
    ) {
        self.budget = self.budget.saturating_add(1).min(RETRY_BUDGET.max(self.config.retries));
        if batch.topic == Topic::ModelList {
            self.remember_listed(&batch, answers, as_of);
        }
        let late =
            |place: &u32| self.cells.get(*place as usize).filter(|cell| cell.forget).map(|cell| cell.id);
        let late: Vec<u32> = batch.cells.iter().filter_map(late).collect();
        let missing = self.answered(&batch, answers, as_of, now);
        for id in late {
            self.catalog.forget_told(batch.topic, id);
        }
        self.half_ended(batch.split.take(), Half::Answered, now);
        if !missing.is_empty() {
            batch.cells = missing;
            self.again(batch, Code::InvalidResponse, Some(status), None, now);
        }
    }

    /// A list of models tells of their versions what a list by versions does.
    fn remember_listed(&mut self, batch: &Batch, answers: &[Option<bool>], as_of: Option<Millis>) {
        for (place, answer) in batch.cells.iter().zip(answers) {
            let forget = self.cells.get(*place as usize).is_none_or(|cell| cell.forget);
            let Some(work) = self.work(*place) else { continue };
            let memory = Memory::new(Told { yes: true, as_of }, work.sent, batch.request);
            if *answer == Some(true) && !forget {
                for version in self.catalog.versions_of(self.id_of(*place)) {
                    self.remember(Topic::VersionList, version, memory);
                }
            }
        }
    }

    /// Tries once more, if there are tries left.
    fn again(
        &mut self,
        mut batch: Batch,
        code: Code,
        status: Option<u16>,
        wait: Option<Millis>,
        now: Millis,
    ) {
        let failure = batch.failure(code, status, wait);
        batch.cells.retain(|place| self.wanted(*place));
        if batch.cells.is_empty() {
            return self.half_ended(batch.split, Half::Unwanted, now);
        }
        if batch.tries >= self.config.retries || self.budget == 0 {
            return self.fail(batch, failure, now);
        }
        self.budget -= 1;
        // Where the server said how long, the gate keeps the time.
        let pause = if code == Code::RateLimited { 0 } else { backoff(batch.tries, self.random()) };
        batch.tries += 1;
        batch.due = now.saturating_add(pause);
        batch.last = Some(failure);
        self.waiting.push(batch);
    }

    /// 400 or 500: one bad id refuses the whole batch (contract §1.3), and a refusal sticks at the
    /// edge (contract §1.7). So: once more past the copies, then in halves.
    fn refused(&mut self, mut batch: Batch, status: u16, now: Millis) {
        let failure = batch.failure(Code::Http, Some(status), None);
        if let Some(split) = batch.split.take() {
            self.half_ended(Some(split), Half::Refused(batch, failure), now);
        } else if self.config.retries == 0 {
            self.fail(batch, failure, now);
        } else if !batch.suspect && batch.tries < self.config.retries && self.budget > 0 {
            batch.suspect = true;
            self.again(batch, Code::Http, Some(status), None, now);
        } else {
            self.halve(batch, failure);
        }
    }

    fn halve(&mut self, mut batch: Batch, failure: Failure) {
        let upper = batch.cells.split_off(batch.cells.len() / 2);
        let number = self.next_split;
        self.next_split = number.wrapping_add(1);
        self.splits.push(Split { number, left: 2, proven: false, unwanted: false, failed: Vec::new() });
        for cells in [core::mem::take(&mut batch.cells), upper] {
            let (split, last) = (Some(number), Some(failure));
            // Tries that went elsewhere do not count against a half.
            self.waiting.push(Batch { cells, split, last, due: 0, tries: 1, ..batch });
        }
    }

    fn half_ended(&mut self, split: Option<u32>, half: Half, now: Millis) {
        let place = self.splits.iter().position(|other| Some(other.number) == split);
        let Some(place) = place else { return };
        let Some(split) = self.splits.get_mut(place) else { return };
        split.left -= 1;
        match half {
            Half::Answered => split.proven = true,
            Half::Refused(batch, failure) => split.failed.push((batch, failure)),
            Half::Unwanted => split.unwanted = true,
            Half::Lost => {}
        }
        if split.left > 0 {
            return;
        }
        let split = self.splits.swap_remove(place);
        for (mut batch, failure) in split.failed {
            batch.cells.retain(|place| self.wanted(*place));
            if (split.proven || split.unwanted) && batch.cells.len() > 1 {
                self.halve(batch, failure);
            } else {
                self.fail(batch, failure, now);
            }
        }
    }

    fn fail(&mut self, batch: Batch, failure: Failure, now: Millis) {
        for place in batch.cells {
            self.settle(place, Err(failure), now);
        }
        self.half_ended(batch.split, Half::Lost, now);
    }

    /// Adds a pause that is new to those before; `false` if none is.
    fn count_pause(&mut self, now: Millis) -> bool {
        let closed = self.pause.left(now);
        let new = closed.saturating_sub(left(self.shut_until, now, HOUR));
        self.shut += new;
        self.shut_until = now.saturating_add(closed);
        new > 0
    }

    /// The gate opens later than some wait: of what is not under way, theirs fails now.
    fn give_up(&mut self, now: Millis) {
        let failure = self.pause.failure(now);
        for batch in core::mem::take(&mut self.waiting) {
            if batch.cells.iter().any(|place| self.waits_longer(*place)) {
                self.waiting.push(batch);
            } else {
                let request = batch.last.and_then(|last| last.request);
                self.fail(batch, Failure { request, ..failure }, now);
            }
        }
        for _ in 0..self.lanes.len() {
            let Some(mut lane) = self.pop_lane() else { return };
            for entry in lane.empty() {
                if !self.queues(&lane, entry) {
                    continue;
                }
                if self.waits_longer(entry as u32) {
                    lane.queue.push(entry);
                } else {
                    self.settle(entry as u32, Err(failure), now);
                }
            }
            if !lane.queue.is_empty() {
                self.push_lane(lane);
            }
        }
    }

    /// Whether a caller still waits for the gate, all its closings together.
    fn waits_longer(&mut self, place: u32) -> bool {
        let (shut, patience) = (self.shut, self.config.patience);
        self.work(place).is_some_and(|work| shut.saturating_sub(work.shut) <= patience)
    }

    /// 401 and 451 hold for everything that could be asked.
    fn end_all(&mut self, batch: Batch, code: Code, status: u16, now: Millis) {
        let failure = batch.failure(code, Some(status), None);
        for other in core::mem::take(&mut self.flying) {
            self.out.push_back(Step::Abort(RequestId(other.request)));
        }
        self.waiting.clear();
        while self.pop_lane().is_some() {}
        self.splits.clear();
        for place in 0..self.cells.len() as u32 {
            self.settle(place, Err(failure), now);
        }
    }
}

impl Batch {
    fn failure(&self, code: Code, status: Option<u16>, retry_after: Option<Millis>) -> Failure {
        Failure { code, status, retry_after, request: Some(RequestId(self.request)) }
    }
}
