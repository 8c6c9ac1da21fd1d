//! What a caller gets: one answer for each distinct id, then the end; or nothing after a cancel.

use super::cell::{Place, Told, ascending};
use super::facts::Sight;
use super::pause::left;
use super::reasons::{LookUp, Next, Reasons, next};
use super::{AskId, AskOptions, Engine, Step};
use crate::api::query::Topic;
use crate::failure::{Code, Failure};
use crate::id::{ModelId, UserId, VersionId};
use crate::sort::sort;
use crate::time::{HOUR, Millis};
use crate::verdict::State;
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

/// Who wants to know a cell's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiter {
    Ask(u32),
    /// A denied cell that waits for its owner's name.
    Cell(u32),
}

/// An ask that has not ended.
#[derive(Debug)]
pub(super) struct Opened {
    kind: Kind,
    options: AskOptions,
    /// How long the host's pauses had lasted altogether when it began.
    pub(super) shut: Millis,
    /// Ids without an answer.
    left: usize,
    /// The cells that it waits for, or waited for.
    cells: Vec<u32>,
    /// What an explanation still lacks, in ascending order of ids.
    items: Vec<Item>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Check,
    Explain,
    Versions,
}

#[derive(Debug)]
struct Item {
    id: u32,
    verdict: Option<Verdict>,
    reasons: Reasons,
    /// It was explained already, without its reason.
    told: bool,
    /// Something new was learned since it was last looked at.
    news: bool,
}

#[derive(Debug, Clone, Copy)]
struct Verdict {
    state: State,
    as_of: Option<Millis>,
    came: Millis,
}

/// The index's first key for asks: above every topic's.
const ASKS: u32 = u32::MAX;

impl Engine {
    /// Asks which of these versions the user may generate with, as far as gates go.
    pub fn check(&mut self, ids: &[VersionId], options: AskOptions, now: Millis) -> AskId {
        self.open(Kind::Check, ascending(ids), options, now)
    }

    /// Asks the same, with reasons.
    pub fn explain(&mut self, ids: &[VersionId], options: AskOptions, now: Millis) -> AskId {
        self.open(Kind::Explain, ascending(ids), options, now)
    }

    /// Asks which versions these models have.
    pub fn versions(&mut self, models: &[ModelId], options: AskOptions, now: Millis) -> AskId {
        let mut numbers: Vec<u64> = models.iter().map(|id| u64::from(id.get())).collect();
        sort(&mut numbers);
        self.open(Kind::Versions, numbers, options, now)
    }

    /// Ends an ask without further answers; what nobody else waits for is aborted.
    pub fn cancel(&mut self, ask: AskId) {
        self.out.retain(|step| match step {
            Step::Answer { ask: of, .. }
            | Step::Explain { ask: of, .. }
            | Step::Models { ask: of, .. }
            | Step::Done(of) => *of != ask,
            Step::Send { .. } | Step::Abort(_) | Step::Wait(_) => true,
        });
        let Some(opened) = self.close(ask.0) else { return };
        for place in opened.cells {
            self.leave(Waiter::Ask(ask.0), place);
        }
        self.abort_unwanted();
    }

    /// Notes where somebody waits, so that `cancel` finds it.
    pub(super) fn note_wait(&mut self, waiter: Waiter, place: u32) {
        match waiter {
            Waiter::Ask(ask) => {
                if let Some(opened) = self.opened(ask) {
                    opened.cells.push(place);
                }
            }
            Waiter::Cell(waiting) => {
                if let Some(work) = self.work(waiting) {
                    work.place = Place::AtOwners(Some(place));
                }
            }
        }
    }

    /// Hands a cell's answer to one who waits for it.
    pub(super) fn tell(
        &mut self,
        waiter: Waiter,
        topic: Topic,
        id: u32,
        result: Result<Told, Failure>,
        now: Millis,
    ) {
        let ask = match waiter {
            Waiter::Cell(place) => return self.owner_told(place, id, result, now),
            Waiter::Ask(ask) => ask,
        };
        let Some(&mut Opened { kind, options, .. }) = self.opened(ask) else { return };
        match topic {
            Topic::Check { user } => {
                let Some(state) = self.verdict(ask, user, id, result, now) else { return };
                let as_of = result.ok().and_then(|told| told.as_of);
                if kind == Kind::Check {
                    return self.answer(ask, id, state, as_of);
                }
                if let Some(item) = self.item(ask, id) {
                    item.verdict = Some(Verdict { state, as_of, came: now });
                }
                self.note_news(ask, id);
            }
            Topic::ModelList if !options.bulk && result.is_ok_and(|told| !told.yes) => {
                self.want(waiter, Topic::Model, id, options.fresh, now);
            }
            Topic::ModelList | Topic::Model => self.listed(ask, id, result, now),
            Topic::VersionList | Topic::Version | Topic::Mini => {
                if let Some(item) = self.item(ask, id) {
                    *item.reasons.of(topic) = match result {
                        Ok(Told { yes: true, .. }) => LookUp::Found,
                        Ok(Told { yes: false, .. }) => LookUp::Absent,
                        Err(failure) => LookUp::Failed(failure),
                    };
                }
                self.note_news(ask, id);
            }
        }
    }

    fn open(&mut self, kind: Kind, mut ids: Vec<u64>, options: AskOptions, now: Millis) -> AskId {
        self.now = now;
        ids.dedup();
        let ask = self.next_ask;
        self.next_ask = self.next_ask.wrapping_add(1);
        let items = match kind {
            Kind::Check | Kind::Versions => vec![],
            Kind::Explain => ids.iter().map(|id| Item::new(*id as u32)).collect(),
        };
        let shut = self.shut.saturating_sub(left(self.shut_until, now, HOUR));
        let opened = Some(Opened { kind, options, shut, left: ids.len(), cells: vec![], items });
        let place = self.vacant.pop().unwrap_or_else(|| {
            self.opened.push(None);
            self.opened.len() as u32 - 1
        });
        if let Some(slot) = self.opened.get_mut(place as usize) {
            *slot = opened;
        }
        self.index.set((ASKS, ask), place);
        if ids.is_empty() {
            self.end(ask);
        }
        let (waiter, AskOptions { user, fresh, .. }) = (Waiter::Ask(ask), options);
        for id in ids {
            let id = id as u32;
            match kind {
                Kind::Versions => self.want(waiter, Topic::ModelList, id, fresh, now),
                Kind::Check => self.start_check(ask, user, id, fresh, now),
                Kind::Explain => {
                    self.start_check(ask, user, id, fresh, now);
                    self.want(waiter, Topic::VersionList, id, fresh, now);
                }
            }
        }
        AskId(ask)
    }

    /// Everybody is asked about first (design: a grant to nobody in particular is a grant to all).
    fn start_check(&mut self, ask: u32, user: Option<UserId>, id: u32, fresh: bool, now: Millis) {
        let user = user.map(UserId::get);
        let (waiter, anonymous) = (Waiter::Ask(ask), Topic::Check { user: None });
        if user.is_some() && !fresh && self.recall(anonymous, id, now).is_none_or(|told| !told.yes) {
            let own = Topic::Check { user };
            if let Some(told) = self.recall(own, id, now) {
                return self.tell(waiter, own, id, Ok(told), now);
            }
        }
        self.want(waiter, anonymous, id, fresh, now);
    }

    /// What a check's answer means to an ask; `None`: it asks on.
    fn verdict(
        &mut self,
        ask: u32,
        asked_for: Option<u32>,
        id: u32,
        result: Result<Told, Failure>,
        now: Millis,
    ) -> Option<State> {
        match result {
            Err(failure) => Some(State::Unknown(failure)),
            Ok(Told { yes: true, .. }) => Some(State::Granted { personal: asked_for.is_some() }),
            Ok(Told { yes: false, .. }) => {
                let AskOptions { user, fresh, .. } = self.opened(ask)?.options;
                let user = user.map(UserId::get);
                if asked_for == user {
                    return Some(State::Denied);
                }
                self.want(Waiter::Ask(ask), Topic::Check { user }, id, fresh, now);
                None
            }
        }
    }

    fn answer(&mut self, ask: u32, id: u32, state: State, as_of: Option<Millis>) {
        if let Some(id) = VersionId::new(id) {
            self.out.push_back(Step::Answer { ask: AskId(ask), id, state, as_of });
        }
        self.end_one(ask);
    }

    fn listed(&mut self, ask: u32, id: u32, result: Result<Told, Failure>, now: Millis) {
        let failure = match result {
            Ok(Told { yes: true, .. }) => None,
            Ok(Told { yes: false, .. }) => {
                Some(Failure { code: Code::Http, status: Some(404), retry_after: None, request: None })
            }
            Err(failure) => Some(failure),
        };
        if let Some(id) = ModelId::new(id) {
            let model = Box::new(self.catalog.summary(id, failure, now));
            self.out.push_back(Step::Models { ask: AskId(ask), model });
        }
        self.end_one(ask);
    }

    /// What a reply or the cache answers together is explained once, when the engine is next asked what to do.
    fn note_news(&mut self, ask: u32, id: u32) {
        let Some(item) = self.item(ask, id) else { return };
        if !core::mem::replace(&mut item.news, true) {
            self.news.push_back((ask, id));
        }
    }

    /// Asks for what explanations still lack, and gives out those with something new.
    pub(super) fn explain_news(&mut self, now: Millis) {
        while let Some((ask, id)) = self.news.pop_front() {
            self.explain_one(ask, id, now);
        }
    }

    fn explain_one(&mut self, ask: u32, id: u32, now: Millis) {
        let Some(&mut Opened { options, .. }) = self.opened(ask) else { return };
        let Some(item) = self.item(ask, id) else { return };
        item.news = false;
        let (Some(verdict), reasons, told) = (item.verdict, item.reasons, item.told) else { return };
        let (known, gate_known) = (self.catalog.knows(id), self.catalog.knows_gate(id, now));
        let next = next(verdict.state, &reasons, options.bulk, known, gate_known);
        if let Next::Ask(topic) = next {
            if let Some(item) = self.item(ask, id) {
                *item.reasons.of(topic) = LookUp::Asked;
            }
            self.want(Waiter::Ask(ask), topic, id, options.fresh, now);
            // The cache may have answered.
            if self.item(ask, id).is_some_and(|item| item.news) {
                return;
            }
        }
        let complete = next == Next::Complete;
        if complete && self.is_old(id, verdict.came, now) && !matches!(verdict.state, State::Unknown(_)) {
            // The look-ups took so long that the verdict is no longer news.
            if let Some(item) = self.item(ask, id) {
                item.verdict = None;
            }
            return self.start_check(ask, options.user, id, options.fresh, now);
        }
        if told && !complete {
            return;
        }
        let remembered = !options.fresh && self.recall(Topic::Mini, id, now).is_some_and(|told| told.yes);
        let sight = Sight {
            complete,
            failure: reasons.failure(),
            exists: reasons.exists(),
            as_of: verdict.as_of,
            gate: reasons.tell_gate(),
            listed: reasons.list == LookUp::Found,
            mini: reasons.mini == LookUp::Found || remembered,
        };
        if let Some(id) = VersionId::new(id) {
            let explanation = Box::new(self.catalog.explain(id, verdict.state, sight, now));
            self.out.push_back(Step::Explain { ask: AskId(ask), explanation });
        }
        if complete {
            return self.end_one(ask);
        }
        if let Some(item) = self.item(ask, id) {
            item.told = true;
        }
    }

    fn item(&mut self, ask: u32, id: u32) -> Option<&mut Item> {
        let items = &mut self.opened(ask)?.items;
        let place = items.binary_search_by_key(&id, |item| item.id).ok()?;
        items.get_mut(place)
    }

    fn end_one(&mut self, ask: u32) {
        let Some(opened) = self.opened(ask) else { return };
        opened.left -= 1;
        if opened.left == 0 {
            self.end(ask);
        }
    }

    fn end(&mut self, ask: u32) {
        if self.close(ask).is_some() {
            self.out.push_back(Step::Done(AskId(ask)));
        }
    }

    pub(super) fn opened(&mut self, ask: u32) -> Option<&mut Opened> {
        let place = self.index.get((ASKS, ask))?;
        self.opened.get_mut(place as usize)?.as_mut()
    }

    /// Whether this waiter knows that the version is not the user's own.
    pub(super) fn knows_others(&self, waiter: &Waiter) -> bool {
        let Waiter::Ask(ask) = waiter else { return false };
        let opened = self.index.get((ASKS, *ask)).and_then(|place| self.opened.get(place as usize));
        matches!(opened, Some(Some(opened)) if opened.options.not_owned)
    }

    fn close(&mut self, ask: u32) -> Option<Opened> {
        let place = self.index.get((ASKS, ask))?;
        self.index.remove((ASKS, ask));
        self.vacant.push(place);
        self.opened.get_mut(place as usize)?.take()
    }

    /// Takes a waiter off a cell. A cell that nobody waits for is not asked; one that is part of a
    /// request stays until nobody waits for the request.
    fn leave(&mut self, waiter: Waiter, place: u32) {
        let Some(work) = self.work(place) else { return };
        if let Some(seat) = work.waiters.iter().position(|other| *other == waiter) {
            work.waiters.swap_remove(seat);
        }
        if !work.waiters.is_empty() || work.place == Place::InBatch {
            return;
        }
        if let Place::AtOwners(Some(owners)) = work.place {
            self.leave(Waiter::Cell(place), owners);
        }
        self.drop_work(place);
    }
}

impl Item {
    fn new(id: u32) -> Self {
        Self { id, verdict: None, reasons: Reasons::STARTED, told: false, news: false }
    }
}
