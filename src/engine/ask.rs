//! What a caller gets: one answer for each distinct id, then the end; or nothing after a cancel.

use super::cell::{Place, ascending};
use super::facts::Sight;
use super::gate::left;
use super::{Ask, AskId, Engine, Step};
use crate::api::query::Topic;
use crate::failure::{Code, Failure};
use crate::id::{UserId, VersionId};
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
    user: Option<u32>,
    fresh: bool,
    /// How long the gate had been shut altogether when it began.
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
    /// As `Check`, of versions that the caller knows to be others'.
    Others,
    /// As `Explain`, with bulk look-ups only.
    Glance,
    Explain,
    /// As `Versions`, with bulk look-ups only.
    List,
    Versions,
}

#[derive(Debug)]
struct Item {
    id: u32,
    /// The verdict, and when it came.
    state: Option<(State, Millis)>,
    /// Answers that are still to come.
    pending: u8,
    /// No more look-ups: one of them failed, or they told all they can.
    closed: bool,
    sight: Sight,
    asked_mini: bool,
    asked_version: bool,
}

/// The index's first key for asks: above every topic's.
const ASKS: u32 = u32::MAX;

impl Engine {
    /// Asks which of these versions the user may generate with.
    pub fn ask(&mut self, ask: Ask<'_>, now: Millis) -> AskId {
        self.open(Kind::Check, ask.ids, ask.user, ask.fresh, now)
    }

    /// Asks the same of versions that are not the user's own, as the caller knows: nobody looks their
    /// owners up. A denial that rests on that is not remembered.
    pub fn ask_of_others(&mut self, ask: Ask<'_>, now: Millis) -> AskId {
        self.open(Kind::Others, ask.ids, ask.user, ask.fresh, now)
    }

    /// Asks the same, with reasons. `bulk`: only those that lists tell, without a look-up for each
    /// gated version.
    pub fn explain(&mut self, ask: Ask<'_>, bulk: bool, now: Millis) -> AskId {
        let kind = if bulk { Kind::Glance } else { Kind::Explain };
        self.open(kind, ask.ids, ask.user, ask.fresh, now)
    }

    /// Asks which versions these models have. A model's id has the bounds of a version's. `bulk`:
    /// without a look-up for each model that the list leaves out.
    pub fn versions(&mut self, models: &[VersionId], fresh: bool, bulk: bool, now: Millis) -> AskId {
        let kind = if bulk { Kind::List } else { Kind::Versions };
        self.open(kind, models, None, fresh, now)
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
        result: Result<bool, Failure>,
        now: Millis,
    ) {
        let ask = match waiter {
            Waiter::Cell(place) => return self.owner_told(place, id, result, now),
            Waiter::Ask(ask) => ask,
        };
        let Some(opened) = self.opened(ask) else { return };
        let kind = opened.kind;
        match topic {
            Topic::Check { user } => {
                let Some(state) = self.verdict(ask, user, id, result, now) else { return };
                if matches!(kind, Kind::Check | Kind::Others) {
                    self.answer(ask, id, state);
                } else {
                    self.explained(ask, id, Some(state), now);
                }
            }
            Topic::ModelList if result == Ok(false) && kind == Kind::Versions => {
                let fresh = opened.fresh;
                self.want(waiter, Topic::Model, id, fresh, now);
            }
            Topic::ModelList | Topic::Model => self.listed(ask, id, result, now),
            Topic::VersionList | Topic::Version | Topic::Mini => {
                self.looked_up(ask, topic, id, result);
                self.explained(ask, id, None, now);
            }
        }
    }

    fn open(
        &mut self,
        kind: Kind,
        ids: &[VersionId],
        user: Option<UserId>,
        fresh: bool,
        now: Millis,
    ) -> AskId {
        self.now = now;
        let mut ids = ascending(ids);
        ids.dedup();
        let ask = self.next_ask;
        self.next_ask = self.next_ask.wrapping_add(1);
        let items = match kind {
            Kind::Check | Kind::Others | Kind::List | Kind::Versions => vec![],
            Kind::Glance => ids.iter().map(|id| Item::new(*id as u32, true)).collect(),
            Kind::Explain => ids.iter().map(|id| Item::new(*id as u32, false)).collect(),
        };
        let user = user.map(UserId::get);
        let shut = self.shut.saturating_sub(left(self.shut_until, now, HOUR));
        let opened = Some(Opened { kind, user, fresh, shut, left: ids.len(), cells: vec![], items });
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
        for id in ids {
            let id = id as u32;
            let waiter = Waiter::Ask(ask);
            match kind {
                Kind::List | Kind::Versions => self.want(waiter, Topic::ModelList, id, fresh, now),
                Kind::Check | Kind::Others => self.start_check(ask, user, id, fresh, now),
                Kind::Glance | Kind::Explain => {
                    self.start_check(ask, user, id, fresh, now);
                    self.want(waiter, Topic::VersionList, id, fresh, now);
                }
            }
        }
        AskId(ask)
    }

    /// Everybody is asked about first (design: a grant to nobody in particular is a grant to all).
    fn start_check(&mut self, ask: u32, user: Option<u32>, id: u32, fresh: bool, now: Millis) {
        let (waiter, anonymous) = (Waiter::Ask(ask), Topic::Check { user: None });
        if user.is_some() && !fresh && self.recall(anonymous, id, now) != Some(true) {
            let own = Topic::Check { user };
            if let Some(yes) = self.recall(own, id, now) {
                return self.tell(waiter, own, id, Ok(yes), now);
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
        result: Result<bool, Failure>,
        now: Millis,
    ) -> Option<State> {
        match result {
            Err(failure) => Some(State::Unknown(failure)),
            Ok(true) => Some(State::Granted { personal: asked_for.is_some() }),
            Ok(false) => {
                let Opened { user, fresh, .. } = *self.opened(ask)?;
                if asked_for == user {
                    return Some(State::Denied);
                }
                self.want(Waiter::Ask(ask), Topic::Check { user }, id, fresh, now);
                None
            }
        }
    }

    fn answer(&mut self, ask: u32, id: u32, state: State) {
        if let Some(id) = VersionId::new(id) {
            self.out.push_back(Step::Answer { ask: AskId(ask), id, state });
        }
        self.end_one(ask);
    }

    fn listed(&mut self, ask: u32, id: u32, result: Result<bool, Failure>, now: Millis) {
        let failure = match result {
            Ok(true) => None,
            Ok(false) => {
                Some(Failure { code: Code::Http, status: Some(404), retry_after: None, request: None })
            }
            Err(failure) => Some(failure),
        };
        let model = Box::new(self.catalog.summary(id, failure, now));
        self.out.push_back(Step::Models { ask: AskId(ask), model });
        self.end_one(ask);
    }

    /// Notes what a look-up made visible, and whether another one can tell more.
    fn looked_up(&mut self, ask: u32, topic: Topic, id: u32, result: Result<bool, Failure>) {
        let Some(item) = self.item(ask, id) else { return };
        match topic {
            Topic::Mini => item.sight.mini = result == Ok(true),
            _ => {
                item.sight.gate |= result.is_ok();
                item.sight.listed |= topic == Topic::VersionList && result == Ok(true);
            }
        }
        // `mini` knows only published versions, and so does the last look-up (contract §2.1, §4.1).
        item.closed |= result.is_err() || (topic == Topic::Mini && result == Ok(false));
    }

    /// One of the answers that an explanation is made of: asks for what is still missing, or ends it.
    fn explained(&mut self, ask: u32, id: u32, state: Option<State>, now: Millis) {
        let Some(&mut Opened { fresh, .. }) = self.opened(ask) else { return };
        let Some(item) = self.item(ask, id) else { return };
        item.state = state.map(|state| (state, now)).or(item.state);
        item.pending = item.pending.saturating_sub(1);
        let (Some((state, came)), 0) = (item.state, item.pending) else { return };
        let (closed, asked_mini, asked_version, mut sight) =
            (item.closed, item.asked_mini, item.asked_version, item.sight);
        // Where the check itself failed, more requests would only meet the same trouble.
        let more = if closed || matches!(state, State::Unknown(_)) {
            None
        } else if !asked_mini && (state == State::Denied || !self.catalog.knows(id)) {
            Some(Topic::Mini)
        } else if !asked_version && self.catalog.needs_gate(id, state, now) {
            Some(Topic::Version)
        } else {
            None
        };
        let Some(topic) = more else {
            // The look-ups took so long that the verdict is no longer news.
            if self.is_old(id, came, now) && !matches!(state, State::Unknown(_)) {
                return self.check_again(ask, id, now);
            }
            sight.mini |= !fresh && self.recall(Topic::Mini, id, now) == Some(true);
            let explanation = Box::new(self.catalog.explain(id, state, sight, now));
            self.out.push_back(Step::Explain { ask: AskId(ask), explanation });
            return self.end_one(ask);
        };
        if let Some(item) = self.item(ask, id) {
            item.pending = 1;
            item.asked_mini |= topic == Topic::Mini;
            item.asked_version |= topic == Topic::Version;
        }
        self.want(Waiter::Ask(ask), topic, id, fresh, now);
    }

    fn check_again(&mut self, ask: u32, id: u32, now: Millis) {
        let Some(&mut Opened { user, fresh, .. }) = self.opened(ask) else { return };
        if let Some(item) = self.item(ask, id) {
            item.state = None;
            item.pending = 1;
        }
        self.start_check(ask, user, id, fresh, now);
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
        matches!(opened, Some(Some(opened)) if opened.kind == Kind::Others)
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
    fn new(id: u32, closed: bool) -> Self {
        let (asked_mini, asked_version) = (false, false);
        Self { id, state: None, pending: 2, closed, sight: Sight::default(), asked_mini, asked_version }
    }
}
