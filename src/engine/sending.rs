//! What is sent, and what comes of it.

use super::age::{self, CdnCache};
use super::lanes::{self, Entry, LaneKey};
use super::owner_rule::Company;
use super::questions::{Answer, Place, Questions, Ticket, Waiter};
use super::requests::{self, Batch, Meaning};
use super::splitting::{Cause, Half};
use super::{Engine, Outcome, Step};
use crate::api::check;
use crate::api::query::{Bypass, Question, Topic};
use crate::failure::{Code, Failure, RequestId};
use crate::time::{MINUTE, Millis, SECOND};

/// What is sent, and what comes of it.
impl Engine {
    /// Notes the time. A clock that was set back takes everything with it that waits for a moment.
    pub(super) fn observe(&mut self, now: Millis) {
        self.pause.observe(now);
        let back = self.now.saturating_sub(now);
        if back > 0 {
            self.requests.clock_went_back(back);
            self.pauses.clock_went_back(back);
        }
        self.now = now;
    }

    /// Puts a question into the lane of those that it may be asked with.
    pub(super) fn enqueue(&mut self, ticket: Ticket, company: Company) {
        let Some(question) = self.questions.question(ticket) else { return };
        let Some(work) = self.questions.work_mut(ticket) else { return };
        work.place = Place::Queued;
        work.company = company;
        let key = LaneKey { topic: question.topic(), company, cdn_cache: work.cdn_cache };
        self.lanes.push(key, Entry { number: question.number(), ticket });
    }

    /// Sends what may be sent.
    pub(super) fn plan(&mut self, now: Millis) {
        let left = self.pause.left(now);
        if self.pauses.count(left, now) || left > self.config.patience {
            self.give_up(now);
        }
        // One at a time: what a driver reports in between may begin a pause.
        if left == 0 && self.requests.have_room(self.config.concurrency) {
            if let Some(batch) = self.requests.take_due(now).or_else(|| self.next_batch()) {
                self.send(batch, now);
            }
        }
    }

    /// When there will be something to send.
    pub(super) fn next_event(&self, now: Millis) -> Option<Millis> {
        if !self.requests.have_room(self.config.concurrency) {
            return None;
        }
        let is_queued = self.lanes.entries().any(|entry| is_queued(&self.questions, entry));
        let queued = is_queued.then_some(0);
        let wait = self.requests.next_due(now).into_iter().chain(queued).min()?;
        Some(now.saturating_add(wait.max(self.pause.left(now))))
    }

    /// The questions of the lane whose turn it is, as many as fit into a request.
    fn next_batch(&mut self) -> Option<Batch> {
        while let Some((key, mut lane)) = self.lanes.take_next() {
            let capacity = match key.company {
                Company::Alone => 1,
                Company::Mixed | Company::Own => key.topic.capacity(&self.config.base, self.config.max_batch),
            };
            let mut drawn = Vec::new();
            while drawn.len() < capacity {
                let Some(entry) = lane.draw() else { break };
                // Those that were dropped since are left out.
                if is_queued(&self.questions, &entry) {
                    drawn.push(entry);
                }
            }
            let (mut tickets, mut last) = (Vec::with_capacity(drawn.len()), 0);
            for entry in lanes::in_order(&drawn) {
                // A question from before a `clear` may stand beside its successor: one request each.
                if entry.number == last {
                    lane.push(entry);
                } else {
                    tickets.push(entry.ticket);
                    last = entry.number;
                }
            }
            self.lanes.put_back(key, lane);
            if !tickets.is_empty() {
                return Some(Batch::new(key, tickets));
            }
        }
        None
    }

    fn send(&mut self, mut batch: Batch, now: Millis) {
        batch.request = self.requests.number();
        let topic = batch.lane.topic;
        let (mut ids, mut cdn_cache) = (Vec::with_capacity(batch.tickets.len()), batch.lane.cdn_cache);
        for ticket in &batch.tickets {
            let Some(question) = self.questions.question(*ticket) else { continue };
            ids.push(question.number());
            if let Some(work) = self.questions.work_mut(*ticket) {
                work.place = Place::InBatch;
                work.request = Some(batch.request);
                work.sent = now;
            }
            // A gate may have opened since they were queued.
            let end = self.facts.gate_end(question);
            if cdn_cache == CdnCache::Any && age::cdn_cache(false, end, now) == CdnCache::AfterEnd {
                cdn_cache = CdnCache::AfterEnd;
            }
        }
        let bypass = match (cdn_cache, batch.tries, topic) {
            // Two engines may have one seed, but not at one time.
            (CdnCache::Bypassed, ..) => Bypass::Unique(self.chance.next() ^ now),
            (_, 1.., _) => Bypass::Retry(now / (30 * SECOND), batch.tries),
            (CdnCache::AfterEnd, ..) | (.., Topic::Check { user: Some(_) }) => Bypass::Span(now / MINUTE),
            _ => Bypass::Never,
        };
        let url = topic.url(&self.config.base, &ids, bypass);
        let personal = matches!(topic, Topic::Check { user: Some(_) });
        self.out.push_back(Step::Send { request: RequestId(batch.request), url, personal });
        self.requests.sent(batch);
    }

    /// A request has ended.
    pub(super) fn landed(&mut self, batch: Batch, outcome: Outcome<'_>, now: Millis) {
        let meaning =
            requests::meaning(&outcome, batch.lane.topic, batch.tickets.len(), batch.split.is_some());
        let (status, retry_after, as_of, body) = match outcome {
            Outcome::Reply { status, retry_after, as_of, body } => (Some(status), retry_after, as_of, body),
            _ => (None, None, None, &[][..]),
        };
        let failure = |code| batch.failure(code, status, retry_after);
        match meaning {
            Meaning::NoResponse => {
                let failure = failure(Code::Network);
                self.pause.no_response(now, self.chance.next());
                return self.try_again(batch, failure, now);
            }
            Meaning::Limited => {
                let failure = failure(Code::RateLimited);
                self.pause.limited(status.unwrap_or_default(), retry_after, now, self.chance.next());
                return self.try_again(batch, failure, now);
            }
            _ if status.is_some() => self.pause.responded(),
            _ => {}
        }
        match meaning {
            Meaning::Answers => match self.read(&batch, body) {
                Some(answers) => self.took(batch, &answers, as_of, status, now),
                None => {
                    let failure = failure(Code::InvalidResponse);
                    self.try_again(batch, failure, now);
                }
            },
            Meaning::Absent => self.took(batch, &[Some(false)], as_of, status, now),
            Meaning::EndsAll(code) => {
                let failure = failure(code);
                self.end_all(failure, now);
            }
            Meaning::Split(cause) => {
                // Of a body beyond the limit the status is not known.
                let code = if status.is_some() { Code::Http } else { Code::InvalidResponse };
                let failure = failure(code);
                self.rejected(batch, cause, failure, now);
            }
            Meaning::Transient(code) => {
                let failure = failure(code);
                self.try_again(batch, failure, now);
            }
            Meaning::Final | Meaning::NoResponse | Meaning::Limited => {
                let failure = failure(Code::Http);
                self.fail(batch, failure, now);
            }
        }
    }

    pub(super) fn read(&mut self, batch: &Batch, body: &[u8]) -> Option<Vec<Option<bool>>> {
        let questions = batch.tickets.iter().filter_map(|ticket| self.questions.question(*ticket));
        let ids: Vec<u32> = questions.map(Question::number).collect();
        if matches!(batch.lane.topic, Topic::Check { .. }) {
            return check::read(&ids, body);
        }
        let present = self.facts.learn(batch.lane.topic, &ids, body)?;
        Some(present.into_iter().map(Some).collect())
    }

    fn took(
        &mut self,
        mut batch: Batch,
        answers: &[Option<bool>],
        as_of: Option<Millis>,
        status: Option<u16>,
        now: Millis,
    ) {
        self.requests.earn();
        self.take_lists(&batch, answers, as_of);
        let forgotten = batch.tickets.iter().filter(|ticket| self.questions.is_forgotten(**ticket));
        let forgotten: Vec<Question> =
            forgotten.filter_map(|ticket| self.questions.question(*ticket)).collect();
        let missing = self.answered(&batch, answers, as_of, now);
        for question in forgotten {
            self.facts.forget_late(question);
        }
        self.half_ended(batch.split.take(), Half::Answered, now);
        if !missing.is_empty() {
            batch.tickets = missing;
            let failure = batch.failure(Code::InvalidResponse, status, None);
            self.try_again(batch, failure, now);
        }
    }

    /// A list of models says of their versions what a list by versions does.
    fn take_lists(&mut self, batch: &Batch, answers: &[Option<bool>], as_of: Option<Millis>) {
        for (ticket, answer) in batch.tickets.iter().zip(answers) {
            let Some(sent) = self.questions.work(*ticket).map(|work| work.sent) else { continue };
            match self.questions.question(*ticket) {
                Some(Question::VersionList(id)) if *answer == Some(false) => self.facts.left_the_list(id),
                Some(Question::ModelList(id))
                    if *answer == Some(true)
                        && self.config.max_age > 0
                        && !self.questions.is_forgotten(*ticket) =>
                {
                    let answer = Answer { yes: true, sent, as_of, request: batch.request, claimed: false };
                    for version in self.facts.versions_of(id) {
                        self.questions.cache(Question::VersionList(version), answer);
                    }
                }
                _ => {}
            }
        }
    }

    /// Retries, if there are retries left.
    fn try_again(&mut self, mut batch: Batch, failure: Failure, now: Millis) {
        batch.tickets.retain(|ticket| self.keep_wanted(*ticket));
        if batch.tickets.is_empty() {
            return self.half_ended(batch.split, Half::Unwanted, now);
        }
        if !self.requests.may_retry(&batch, self.config.retries) {
            return self.fail(batch, failure, now);
        }
        let is_list = matches!(batch.lane.topic, Topic::VersionList | Topic::ModelList);
        if failure.code == Code::Timeout && is_list && batch.tries > 0 && batch.tickets.len() > 1 {
            // Late again: a shorter list may be in time.
            return self.rejected(batch, Cause::TooLarge, failure, now);
        }
        // Where the server said how long, the host's pause keeps the time.
        let at_once = failure.code == Code::RateLimited;
        self.requests.retry(batch, failure, at_once, now, self.chance.next());
    }

    /// A batch was rejected. 400 and 500 stick in the CDN cache (contract §1.7): once more past it, then in halves.
    fn rejected(&mut self, mut batch: Batch, cause: Cause, failure: Failure, now: Millis) {
        if cause == Cause::TooLarge {
            self.half_ended(batch.split.take(), Half::Unwanted, now);
            return self.halve(batch, cause, failure);
        }
        if let Some(split) = batch.split.take() {
            return self.half_ended(Some(split), Half::Rejected(batch, failure), now);
        }
        if !batch.suspect && self.requests.may_retry(&batch, self.config.retries) {
            batch.suspect = true;
            return self.try_again(batch, failure, now);
        }
        self.halve(batch, cause, failure);
    }

    fn halve(&mut self, mut batch: Batch, cause: Cause, failure: Failure) {
        batch.tickets.retain(|ticket| self.keep_wanted(*ticket));
        if batch.tickets.len() < 2 {
            // Those that it shared the batch with have left.
            batch.last = Some(failure);
            if !batch.tickets.is_empty() {
                self.requests.wait(batch);
            }
            return;
        }
        let lower = batch.tickets.drain(..batch.tickets.len() / 2).collect();
        let upper = std::mem::take(&mut batch.tickets);
        let tries = if failure.code == Code::Timeout { batch.tries + 1 } else { 1 };
        let split = self.splits.open(cause);
        for tickets in [lower, upper] {
            self.requests.wait(batch.half(tickets, split, tries, failure));
        }
    }

    fn half_ended(&mut self, split: Option<u32>, half: Half, now: Millis) {
        let Some(ended) = split.and_then(|split| self.splits.half_ended(split, half)) else { return };
        for (mut batch, failure) in ended.rejected {
            batch.tickets.retain(|ticket| self.keep_wanted(*ticket));
            if ended.go_on && batch.tickets.len() > 1 {
                self.halve(batch, Cause::Rejected, failure);
            } else {
                self.fail(batch, failure, now);
            }
        }
    }

    fn fail(&mut self, batch: Batch, failure: Failure, now: Millis) {
        for ticket in batch.tickets {
            self.settle(ticket, Err(failure), now);
        }
        self.half_ended(batch.split, Half::Lost, now);
    }

    /// The pause outlasts some callers' patience: of what is not under way, theirs fails now.
    fn give_up(&mut self, now: Millis) {
        let failure = self.pause.failure(now);
        for batch in self.requests.take_waiting() {
            if batch.tickets.iter().any(|ticket| self.has_patience(*ticket)) {
                self.requests.wait(batch);
            } else {
                let request = batch.last.and_then(|last| last.request);
                self.fail(batch, Failure { request, ..failure }, now);
            }
        }
        for (key, mut lane) in self.lanes.take_all() {
            let waiting = lane.entries().filter(|entry| is_queued(&self.questions, entry));
            let gone: Vec<Ticket> =
                waiting.map(|entry| entry.ticket).filter(|ticket| !self.has_patience(*ticket)).collect();
            for ticket in gone {
                self.settle(ticket, Err(failure), now);
            }
            lane.retain(|entry| is_queued(&self.questions, entry));
            self.lanes.put_back(key, lane);
        }
    }

    /// Whether a caller still waits for the end of the pause.
    fn has_patience(&self, ticket: Ticket) -> bool {
        let work = self.questions.work(ticket);
        work.is_some_and(|work| self.pauses.are_bearable(work.paused, self.config.patience))
    }

    /// 401 and 451 hold for everything that could be asked.
    fn end_all(&mut self, failure: Failure, now: Millis) {
        let (under_way, _) = self.requests.take_unwanted(|_| false);
        self.out.extend(under_way.iter().map(|batch| Step::Abort(RequestId(batch.request))));
        drop(self.lanes.take_all());
        self.splits.clear();
        for ticket in self.questions.tickets() {
            self.settle(ticket, Err(failure), now);
        }
    }

    /// One who waited has left. What nobody waits for is not asked; what is part of a request stays until nobody waits
    /// for the request.
    pub(super) fn leave(&mut self, ticket: Ticket) {
        let Some(work) = self.questions.work_mut(ticket) else { return };
        work.leave(|waiter| match waiter {
            Waiter::Ask(ask) => !self.asks.is_open(*ask),
            Waiter::Denied(_) => false,
        });
        let place = work.place;
        if self.questions.is_wanted(ticket) || place == Place::InBatch {
            return;
        }
        self.questions.end(ticket);
        if let Place::AtOwners(Some(owners)) = place {
            self.leave(owners);
        }
    }

    /// Takes requests back that nobody waits for any more.
    pub(super) fn abort_unwanted(&mut self) {
        let questions = &self.questions;
        let is_wanted = |batch: &Batch| batch.tickets.iter().any(|ticket| questions.is_wanted(*ticket));
        let (under_way, waiting) = self.requests.take_unwanted(is_wanted);
        self.out.extend(under_way.iter().map(|batch| Step::Abort(RequestId(batch.request))));
        for batch in under_way.into_iter().chain(waiting) {
            for ticket in batch.tickets {
                self.questions.end(ticket);
            }
            self.half_ended(batch.split, Half::Unwanted, self.now);
        }
    }

    /// Whether somebody waits for a question; one that nobody waits for is dropped.
    pub(super) fn keep_wanted(&mut self, ticket: Ticket) -> bool {
        let wanted = self.questions.is_wanted(ticket);
        if !wanted {
            self.questions.end(ticket);
        }
        wanted
    }
}

/// Whether a question still waits in a lane.
fn is_queued(questions: &Questions, entry: &Entry) -> bool {
    questions.work(entry.ticket).is_some_and(|work| work.place == Place::Queued)
}
