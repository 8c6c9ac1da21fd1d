//! Who gets which answer: from the cache, or once a question is settled; and what explanations still lack.

use super::age::{self, CdnCache};
use super::asks::{self, Item, Kind, Verdict};
use super::facts::Sight;
use super::owner_rule::{self, Company};
use super::questions::{Answer, Failed, Place, Ticket, Waiter};
use super::reasons::{self, LookUp, Next, Reasons};
use super::requests::Batch;
use super::{AskId, AskOptions, Engine, Step};
use crate::api::query::{Question, Topic};
use crate::failure::{Code, Failure};
use crate::id::{UserId, VersionId};
use crate::time::Millis;
use crate::verdict::State;

/// What a question was answered with.
pub(super) type Settled = Result<Answer, Failure>;

const NOT_FOUND: Failure = Failure { code: Code::Http, status: Some(404), retry_after: None, request: None };

/// Questions that may be asked at once; each takes some 300 bytes.
const MOST_QUESTIONS: usize = 1_000_000;

/// More is asked than memory has room for.
const TOO_MANY: Failure =
    Failure { code: Code::InvalidArgument, status: None, retry_after: None, request: None };

/// Who gets which answer.
impl Engine {
    pub(super) fn open(
        &mut self,
        kind: Kind,
        options: AskOptions,
        count: usize,
        explained: &[VersionId],
        now: Millis,
    ) -> AskId {
        self.observe(now);
        let ask = self.asks.open(kind, options, self.pauses.before(now), count, explained);
        self.questions.reserve(count.min(MOST_QUESTIONS));
        if count == 0 && self.asks.close(ask).is_some() {
            self.out.push_back(Step::Done(ask));
        }
        ask
    }

    /// Every id is asked anonymously first: a grant to an anonymous user is a grant to all.
    pub(super) fn start_check(&mut self, ask: AskId, id: VersionId, options: AskOptions, now: Millis) {
        let AskOptions { user, fresh, not_owned, .. } = options;
        let (waiter, anonymous) = (Waiter::Ask(ask), Question::Check { user: None, id });
        if user.is_some() && !fresh && self.recall(anonymous, now).is_none_or(|answer| !answer.yes) {
            let own = Question::Check { user, id };
            if let Some(answer) = self.recall_as(own, not_owned, now) {
                return self.report(waiter, own, Ok(answer), now);
            }
        }
        self.want(waiter, anonymous, fresh, now);
    }

    /// The verdicts of these versions, if the cache holds all of them: without an ask, and so without steps.
    #[cfg(any(target_arch = "wasm32", test))]
    pub(crate) fn known(
        &self,
        ids: &[VersionId],
        options: AskOptions,
        now: Millis,
    ) -> Option<Vec<(VersionId, State)>> {
        let AskOptions { user, fresh, .. } = options;
        let known = |id: VersionId| {
            let anonymous = self.recall(Question::Check { user: None, id }, now);
            if anonymous.is_some_and(|answer| answer.yes) {
                return Some(State::Granted { personal: false });
            }
            let own = if user.is_none() { anonymous } else { self.recall(Question::Check { user, id }, now) };
            own.map(|answer| if answer.yes { State::Granted { personal: true } } else { State::Denied })
        };
        if fresh {
            return None;
        }
        ids.iter().map(|id| Some((*id, known(*id)?))).collect()
    }

    /// Asks a look-up for an explanation, unless it failed a moment ago.
    pub(super) fn look_up(&mut self, ask: AskId, question: Question, options: AskOptions, now: Millis) {
        let failure = if options.fresh { None } else { self.questions.failure(question, now) };
        match failure {
            Some(failure) if self.recall(question, now).is_none() => {
                self.report(Waiter::Ask(ask), question, Err(failure), now);
            }
            _ => self.want(Waiter::Ask(ask), question, options.fresh, now),
        }
    }

    /// Answers a waiter from the cache, or lets it wait for the answer.
    pub(super) fn want(&mut self, waiter: Waiter, question: Question, fresh: bool, now: Millis) {
        let known = if fresh { None } else { self.recall(question, now) };
        if let Some(answer) = known {
            return self.report(waiter, question, Ok(answer), now);
        }
        if self.asks.are_too_many() || self.questions.working() >= MOST_QUESTIONS {
            return self.report(waiter, question, Err(TOO_MANY), now);
        }
        let paused = match waiter {
            Waiter::Ask(ask) => self.asks.get(ask).map_or(0, |ask| ask.paused),
            Waiter::Denied(ticket) => self.questions.work(ticket).map_or(0, |work| work.paused),
        };
        let end = self.facts.gate_end(question);
        let joined = self.questions.under_way(question).filter(|ticket| {
            // A fresh ask joins no request that was sent before it, and nobody one from before the end of a gate.
            self.questions.work(*ticket).is_some_and(|work| match work.request {
                None => !fresh || work.cdn_cache == CdnCache::Bypassed,
                Some(_) => !fresh && !age::outlived(work.sent, end, now),
            })
        });
        let ticket = match joined {
            Some(ticket) => {
                if let Some(work) = self.questions.work_mut(ticket) {
                    work.join(waiter, paused);
                }
                ticket
            }
            None => {
                let cdn_cache = age::cdn_cache(fresh, end, now);
                let ticket = self.questions.begin(question, cdn_cache, waiter, paused);
                self.enqueue(ticket, Company::Mixed);
                ticket
            }
        };
        match waiter {
            Waiter::Ask(ask) => self.asks.note_wait(ask, ticket),
            Waiter::Denied(denied) => {
                if let Some(work) = self.questions.work_mut(denied) {
                    work.place = Place::AtOwners(Some(ticket));
                }
            }
        }
    }

    /// What is cached, if it is not too old to be true.
    fn recall(&self, question: Question, now: Millis) -> Option<Answer> {
        self.recall_as(question, false, now)
    }

    /// The same for one who may know that the version is not the user's own.
    fn recall_as(&self, question: Question, not_owned: bool, now: Millis) -> Option<Answer> {
        let answer = self.questions.answer(question).filter(|answer| not_owned || !answer.claimed);
        answer.filter(|answer| self.holds(question, answer, now)).copied()
    }

    pub(super) fn holds(&self, question: Question, answer: &Answer, now: Millis) -> bool {
        let lifetime = age::lifetime(answer.yes, self.facts.has_terms(question), self.config.max_age);
        (!answer.yes || self.facts.hold(question))
            && age::holds(answer, lifetime, self.facts.gate_end(question), now)
    }

    /// Ends the work on a question: caches the answer and reports it to all who wait.
    pub(super) fn settle(&mut self, ticket: Ticket, settled: Settled, now: Millis) {
        let Some(question) = self.questions.question(ticket) else { return };
        if self.config.max_age > 0 && !self.questions.is_forgotten(ticket) {
            match settled {
                Ok(answer) => self.questions.cache(question, answer),
                Err(failure) if !matches!(question, Question::Check { .. }) => {
                    let until = now.saturating_add(age::rest(&failure));
                    self.questions.cache_failure(question, Failed { failure, at: now, until });
                }
                _ => {}
            }
        }
        let Some(work) = self.questions.end(ticket) else { return };
        for waiter in work.waiters() {
            self.report(waiter, question, settled, now);
        }
    }

    /// Hands an answer to one who waits for it.
    fn report(&mut self, waiter: Waiter, question: Question, settled: Settled, now: Millis) {
        let ask = match waiter {
            Waiter::Denied(ticket) => return self.owner_found(ticket, settled, now),
            Waiter::Ask(ask) => ask,
        };
        let Some(&asks::Ask { kind, options, .. }) = self.asks.get(ask) else { return };
        match question {
            Question::Check { user, id } => {
                let state = match settled {
                    Err(failure) => State::Unknown(failure),
                    Ok(answer) if answer.yes => State::Granted { personal: user.is_some() },
                    Ok(_) if user == options.user => State::Denied,
                    Ok(_) => {
                        let own = Question::Check { user: options.user, id };
                        return self.want(waiter, own, options.fresh, now);
                    }
                };
                let as_of = settled.ok().and_then(|answer| answer.as_of);
                if kind == Kind::Check {
                    self.answer(ask, Step::Answer { ask, id, state, as_of });
                } else if let Some(item) = self.asks.item(ask, id) {
                    item.verdict = Some(Verdict { state, as_of, came: now });
                    self.asks.note_news(ask, id);
                }
            }
            Question::ModelList(id) if !options.bulk && settled.is_ok_and(|answer| !answer.yes) => {
                self.want(waiter, Question::Model(id), options.fresh, now);
            }
            Question::ModelList(id) | Question::Model(id) => {
                let failure = match settled {
                    Ok(answer) => (!answer.yes).then_some(NOT_FOUND),
                    Err(failure) => Some(failure),
                };
                let model = Box::new(self.facts.summary(id, failure, now));
                self.answer(ask, Step::Models { ask, model });
            }
            Question::VersionList(id) | Question::Version(id) | Question::Mini(id) => {
                if let Some(item) = self.asks.item(ask, id) {
                    *item.reasons.of(question.topic()) = match settled {
                        Ok(Answer { yes: true, sent, .. }) => LookUp::Found { sent },
                        Ok(_) => LookUp::Absent,
                        Err(failure) => LookUp::Failed(failure),
                    };
                    self.asks.note_news(ask, id);
                }
            }
        }
    }

    /// The last answer about one id.
    pub(super) fn answer(&mut self, ask: AskId, step: Step) {
        self.out.push_back(step);
        if self.asks.answered(ask) {
            self.out.push_back(Step::Done(ask));
        }
    }

    /// Asks for what explanations still lack, and gives out those with something new.
    pub(super) fn explain_news(&mut self, now: Millis) {
        while self.asks.have_news() {
            for (ask, id) in self.asks.take_news() {
                self.explain_one(ask, id, now);
            }
        }
    }

    fn explain_one(&mut self, ask: AskId, id: VersionId, now: Millis) {
        let Some(&asks::Ask { options, .. }) = self.asks.get(ask) else { return };
        let Some(item) = self.asks.item(ask, id) else { return };
        item.news = false;
        let Item { verdict: Some(verdict), mut reasons, explained, .. } = *item else { return };
        if reasons.mini.found().is_some_and(|sent| self.is_outdated(id, sent, now)) {
            reasons.mini = LookUp::NotAsked;
        }
        let sight = self.sight(id, &reasons, options.fresh, now);
        let page = self.asks.page(ask).filter(|page| page.know(id));
        let facts = page.as_deref().unwrap_or(&self.facts);
        let (known, gate_known) = (facts.know(id), facts.know_gate(id, sight, now));
        let next = reasons::next(verdict.state, &reasons, options.bulk, known, gate_known);
        if let Next::Ask(look_up) = next {
            if let Some(item) = self.asks.item(ask, id) {
                *item.reasons.of(look_up) = LookUp::Asked;
            }
            let question = if look_up == Topic::Mini { Question::Mini(id) } else { Question::Version(id) };
            self.look_up(ask, question, options, now);
            // The cache may have answered.
            if self.asks.item(ask, id).is_some_and(|item| item.news) {
                return;
            }
        }
        let complete = next == Next::Complete;
        if complete && !matches!(verdict.state, State::Unknown(_)) && self.is_old(id, verdict.came, now) {
            // The look-ups took so long that the verdict is no longer news.
            if let Some(item) = self.asks.item(ask, id) {
                item.verdict = None;
            }
            return self.start_check(ask, id, options, now);
        }
        if explained && !complete {
            return;
        }
        if let Some(item) = self.asks.item(ask, id) {
            item.explained = true;
        }
        let facts = page.as_deref().unwrap_or(&self.facts);
        let mut explanation = Box::new(facts.explain(id, verdict.state, sight, now));
        explanation.complete = complete;
        explanation.incomplete = reasons.failure();
        explanation.exists = reasons.exists();
        explanation.as_of = verdict.as_of;
        let step = Step::Explain { ask, explanation };
        if complete { self.answer(ask, step) } else { self.out.push_back(step) }
    }

    /// Cached terms came before the list, which now says otherwise than it did then.
    fn is_outdated(&self, id: VersionId, sent: Millis, now: Millis) -> bool {
        !self.facts.hold(Question::Mini(id)) && !self.is_new(sent, now)
    }

    /// Whether a look-up is no older than any answer is.
    fn is_new(&self, sent: Millis, now: Millis) -> bool {
        now.saturating_sub(sent) <= self.config.max_age.max(self.config.patience)
    }

    /// Which look-ups an explanation may speak from.
    fn sight(&self, id: VersionId, reasons: &Reasons, fresh: bool, now: Millis) -> Sight {
        // Cached terms serve though nobody asked for them.
        let cached = if fresh { None } else { self.recall(Question::Mini(id), now) };
        let mini = reasons.mini.found().or(cached.filter(|answer| answer.yes).map(|answer| answer.sent));
        Sight {
            row: reasons.has_row(),
            listed: reasons.list.found().is_some(),
            mini: mini.is_some(),
            mini_is_new: mini.is_some_and(|sent| self.is_new(sent, now)),
        }
    }

    /// Whether an answer that was asked for then has waited too long for others to be given now.
    fn is_old(&self, id: VersionId, sent: Millis, now: Millis) -> bool {
        let longest = self.config.patience.max(self.config.max_age / 5);
        age::is_old(sent, longest, self.facts.gate_end(Question::Version(id)), now)
    }
}

/// What a denial on behalf of a user means: see [`owner_rule`].
impl Engine {
    /// Hands out the answers to a request; returns the questions without one.
    pub(super) fn answered(
        &mut self,
        batch: &Batch,
        answers: &[Option<bool>],
        as_of: Option<Millis>,
        now: Millis,
    ) -> Vec<Ticket> {
        let user = match batch.lane.topic {
            Topic::Check { user } if batch.tickets.len() > 1 => user,
            _ => None,
        };
        let (mut missing, mut denied) = (Vec::new(), Vec::new());
        for (ticket, answer) in batch.tickets.iter().zip(answers) {
            let Some(sent) = self.questions.work(*ticket).map(|work| work.sent) else { continue };
            match (answer, user) {
                (None, _) => missing.push(*ticket),
                (Some(false), Some(_)) => denied.push(*ticket),
                (Some(yes), _) => {
                    self.settle(
                        *ticket,
                        Ok(Answer { yes: *yes, sent, as_of, request: batch.request, claimed: false }),
                        now,
                    );
                }
            }
        }
        if let Some(user) = user {
            denied.retain(|ticket| self.keep_wanted(*ticket));
            let several = denied.len() > 1;
            for ticket in denied {
                self.denied_in_batch(ticket, several, user, as_of, now);
            }
        }
        missing
    }

    fn denied_in_batch(
        &mut self,
        ticket: Ticket,
        several: bool,
        user: UserId,
        as_of: Option<Millis>,
        now: Millis,
    ) {
        let owner = self.question_version(ticket).and_then(|id| self.facts.owner_of(id));
        let not_owned = self.questions.work(ticket).is_some_and(|work| {
            let knows = |waiter| match waiter {
                Waiter::Ask(ask) => self.asks.get(ask).is_none_or(|ask| ask.options.not_owned),
                Waiter::Denied(_) => false,
            };
            work.waiters().all(knows)
        });
        let Some(work) = self.questions.work_mut(ticket) else { return };
        work.as_of = as_of;
        let next = owner_rule::after_denial(work.company, several, owner, user, not_owned);
        self.follow(ticket, next, now);
    }

    /// The list of owners has answered for a denied question.
    fn owner_found(&mut self, ticket: Ticket, settled: Settled, now: Millis) {
        let Some(work) = self.questions.work(ticket) else { return };
        let Some(Question::Check { user: Some(user), id }) = self.questions.question(ticket) else { return };
        if !matches!(work.place, Place::AtOwners(_)) {
            return;
        }
        // A later step that fails leaves the id unknown, never denied.
        if let Err(failure) = settled {
            return self.settle(ticket, Err(failure), now);
        }
        let old = self.is_old(id, work.sent, now);
        self.follow(ticket, owner_rule::after_owner(self.facts.owner_of(id), user, old), now);
    }

    fn follow(&mut self, ticket: Ticket, next: owner_rule::Next, now: Millis) {
        let Some(work) = self.questions.work_mut(ticket) else { return };
        let request = work.request.unwrap_or_default();
        let denial = Answer { yes: false, sent: work.sent, as_of: work.as_of, request, claimed: false };
        match next {
            owner_rule::Next::Denied => self.settle(ticket, Ok(denial), now),
            owner_rule::Next::DeniedForThem => {
                self.settle(ticket, Ok(Answer { claimed: true, ..denial }), now)
            }
            owner_rule::Next::Ask(company) => self.enqueue(ticket, company),
            owner_rule::Next::LookUpOwner => {
                work.place = Place::AtOwners(None);
                if let Some(id) = self.question_version(ticket) {
                    self.want(Waiter::Denied(ticket), Question::VersionList(id), false, now);
                }
            }
        }
    }

    fn question_version(&self, ticket: Ticket) -> Option<VersionId> {
        self.questions.question(ticket)?.version()
    }
}
