//! Questions: what is cached of each, and who waits while it is asked. Callers who ask the same thing share its
//! question, so an id under way is not asked again.

use super::age::CdnCache;
use super::owner_rule::Company;
use super::step::AskId;
use crate::api::query::Question;
use crate::failure::Failure;
use crate::id::VersionId;
use crate::table::Index;
use crate::time::Millis;

/// Answers that are cached at most while nobody asks for them.
const CAPACITY: usize = 50_000;

/// The work on a question: while it is under way, nobody else's has this ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket {
    slot: u32,
    serial: u32,
}

/// An answer, of the latest-sent request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    /// Granted; of a look-up, that the id was there.
    pub(super) yes: bool,
    /// When its request was sent: an answer is as old as its request.
    pub(super) sent: Millis,
    /// When Civitai gave it, by its own clock.
    pub(super) as_of: Option<Millis>,
    /// The request's number; 0 for one from a snapshot, so that any request of this engine is later.
    pub(super) request: u32,
    /// It rests on what only those who asked know ([`AskOptions::not_owned`](super::AskOptions::not_owned)), and is
    /// for those who know the same.
    pub(super) claimed: bool,
}

/// A look-up that failed, and is not repeated before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) failure: Failure,
    pub(super) at: Millis,
    pub(super) until: Millis,
}

/// Who wants to know an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiter {
    Ask(AskId),
    /// A denied question that waits for its owner's name.
    Denied(Ticket),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Queued,
    InBatch,
    /// The list of owners is being asked: that question, once it is known.
    AtOwners(Option<Ticket>),
}

/// A question that is being asked.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) place: Place,
    /// With whom it is asked next, or was last.
    pub(super) company: Company,
    pub(super) cdn_cache: CdnCache,
    /// The last request that asked it, and when that was sent.
    pub(super) request: Option<u32>,
    pub(super) sent: Millis,
    /// Of a denial that waits for its owner.
    pub(super) as_of: Option<Millis>,
    /// How long pauses had lasted when its latest caller came.
    pub(super) paused: Millis,
    serial: u32,
    /// Those who wait, and some who have left. Most questions have one waiter.
    first: Waiter,
    more: Vec<Waiter>,
    /// How many wait.
    waiting: usize,
}

#[derive(Debug)]
struct Entry {
    question: Question,
    answer: Option<Answer>,
    failed: Option<Box<Failed>>,
    work: Option<Box<Work>>,
    /// Whether new callers come here; if not, a newer entry has taken its place, or a `clear` has.
    current: bool,
    /// Asked before a `clear`: its answer is for those who wait, not for the cache.
    forget: bool,
    in_use: bool,
}

#[derive(Debug, Default)]
pub(super) struct Questions {
    entries: Vec<Entry>,
    free: Vec<u32>,
    /// Slots by the questions' keys.
    index: Index,
    /// Entries that hold an answer or a failure, and are not being asked.
    idle: usize,
    working: usize,
    /// Where the search for an idle entry to forget goes on.
    hand: usize,
    serial: u32,
}

impl Questions {
    /// What is cached, however old it is.
    pub(super) fn answer(&self, question: Question) -> Option<&Answer> {
        self.entry(*self.index.get(&question.key())?)?.answer.as_ref()
    }

    /// A failure whose time is not over.
    pub(super) fn failure(&self, question: Question, now: Millis) -> Option<Failure> {
        let failed = self.entry(*self.index.get(&question.key())?)?.failed.as_ref()?;
        let left = failed.until.checked_sub(now).filter(|left| *left > 0 && failed.at <= now)?;
        Some(Failure { retry_after: Some(left), ..failed.failure })
    }

    /// The work that is under way on a question, for those who may join it.
    pub(super) fn under_way(&self, question: Question) -> Option<Ticket> {
        let slot = *self.index.get(&question.key())?;
        let work = self.entry(slot)?.work.as_ref()?;
        Some(Ticket { slot, serial: work.serial })
    }

    /// Begins work on a question for its first waiter. Work that is under way on it goes on, for those who wait for it.
    pub(super) fn begin(
        &mut self,
        question: Question,
        cdn_cache: CdnCache,
        waiter: Waiter,
        paused: Millis,
    ) -> Ticket {
        let found = self.index.get(&question.key()).copied();
        let busy = found.is_some_and(|slot| self.entry(slot).is_some_and(|entry| entry.work.is_some()));
        let slot = match found {
            Some(slot) if busy => self.replace(slot),
            Some(slot) => slot,
            None => self.add(question),
        };
        self.serial = self.serial.wrapping_add(1);
        let work = Work {
            place: Place::Queued,
            company: Company::Mixed,
            cdn_cache,
            request: None,
            sent: 0,
            as_of: None,
            paused,
            serial: self.serial,
            first: waiter,
            more: Vec::new(),
            waiting: 1,
        };
        if let Some(entry) = self.entries.get_mut(slot as usize) {
            self.idle -= usize::from(entry.holds_something());
            self.working += 1;
            entry.work = Some(Box::new(work));
        }
        Ticket { slot, serial: self.serial }
    }

    /// Makes room for so many new questions.
    pub(super) fn reserve(&mut self, count: usize) {
        self.entries.reserve(count.saturating_sub(self.free.len()));
        self.index.reserve(count);
    }

    /// How many are being asked.
    pub(super) fn working(&self) -> usize {
        self.working
    }

    pub(super) fn work(&self, ticket: Ticket) -> Option<&Work> {
        self.entry(ticket.slot)?.work.as_deref().filter(|work| work.serial == ticket.serial)
    }

    pub(super) fn work_mut(&mut self, ticket: Ticket) -> Option<&mut Work> {
        let entry = self.entries.get_mut(ticket.slot as usize)?;
        entry.work.as_deref_mut().filter(|work| work.serial == ticket.serial)
    }

    /// The question of work that is under way.
    pub(super) fn question(&self, ticket: Ticket) -> Option<Question> {
        self.work(ticket)?;
        Some(self.entry(ticket.slot)?.question)
    }

    /// Whether the answer to a question is not for the cache.
    pub(super) fn is_forgotten(&self, ticket: Ticket) -> bool {
        self.work(ticket).is_none() || self.entry(ticket.slot).is_none_or(|entry| entry.forget)
    }

    /// Whether somebody waits for it.
    pub(super) fn is_wanted(&self, ticket: Ticket) -> bool {
        self.work(ticket).is_some_and(|work| work.waiting > 0)
    }

    /// Ends the work on a question. What it found out is cached before.
    pub(super) fn end(&mut self, ticket: Ticket) -> Option<Box<Work>> {
        self.work(ticket)?;
        let entry = self.entries.get_mut(ticket.slot as usize)?;
        let work = entry.work.take()?;
        self.working -= 1;
        self.idle += usize::from(entry.holds_something());
        self.tidy(ticket.slot);
        self.make_room(ticket.slot);
        Some(work)
    }

    /// All work that is under way.
    pub(super) fn tickets(&self) -> Vec<Ticket> {
        let tickets = self
            .entries
            .iter()
            .zip(0..)
            .filter_map(|(entry, slot)| Some(Ticket { slot, serial: entry.work.as_ref()?.serial }));
        tickets.collect()
    }

    /// Keeps an answer, unless a later-sent request has answered already.
    pub(super) fn cache(&mut self, question: Question, answer: Answer) {
        let slot = self.find_or_add(question);
        let Some(entry) = self.entries.get_mut(slot as usize) else { return };
        let order = |answer: &Answer| (answer.request, answer.sent);
        if entry.answer.as_ref().is_some_and(|known| order(known) >= order(&answer)) {
            return;
        }
        let held = entry.holds_something();
        entry.answer = Some(answer);
        entry.failed = None;
        self.count_new(slot, held);
    }

    /// Keeps a failure beside what was known before.
    pub(super) fn cache_failure(&mut self, question: Question, failed: Failed) {
        let slot = self.find_or_add(question);
        let Some(entry) = self.entries.get_mut(slot as usize) else { return };
        let held = entry.holds_something();
        entry.failed = Some(Box::new(failed));
        self.count_new(slot, held);
    }

    /// Forgets that a look-up failed or found nothing. What it found stays.
    pub(super) fn forget_failure(&mut self, question: Question) {
        let Some(&slot) = self.index.get(&question.key()) else { return };
        let Some(entry) = self.entries.get_mut(slot as usize) else { return };
        let held = entry.holds_something();
        entry.failed = None;
        entry.answer = entry.answer.filter(|answer| answer.yes);
        self.idle -= usize::from(entry.work.is_none() && held && !entry.holds_something());
        self.tidy(slot);
    }

    /// Forgets what is cached of these versions, or everything. Who waits still gets an answer, but what was sent
    /// before is not cached, and nobody joins it.
    /// `ids` are in ascending order.
    pub(super) fn clear(&mut self, ids: Option<&[VersionId]>) {
        for slot in 0..self.entries.len() as u32 {
            let Some(entry) = self.entries.get_mut(slot as usize) else { continue };
            let is_meant = match (ids, entry.question.version()) {
                (None, _) => true,
                (Some(ids), Some(id)) => ids.binary_search(&id).is_ok(),
                // A list of a model names its versions; without their records it is asked again.
                (Some(_), None) => false,
            };
            if !entry.in_use || !is_meant {
                continue;
            }
            self.idle -= usize::from(entry.work.is_none() && entry.holds_something());
            entry.answer = None;
            entry.failed = None;
            if entry.work.as_ref().is_some_and(|work| work.request.is_some()) {
                entry.forget = true;
                if std::mem::take(&mut entry.current) {
                    self.index.remove(&entry.question.key());
                }
            }
            self.tidy(slot);
        }
    }

    /// All that is cached.
    pub(super) fn cached(&self) -> impl Iterator<Item = (Question, Option<&Answer>, Option<&Failed>)> {
        let in_use = self.entries.iter().filter(|entry| entry.in_use);
        in_use.map(|entry| (entry.question, entry.answer.as_ref(), entry.failed.as_deref()))
    }

    fn entry(&self, slot: u32) -> Option<&Entry> {
        self.entries.get(slot as usize)
    }

    fn find_or_add(&mut self, question: Question) -> u32 {
        self.index.get(&question.key()).copied().unwrap_or_else(|| self.add(question))
    }

    fn add(&mut self, question: Question) -> u32 {
        let entry = Entry {
            question,
            answer: None,
            failed: None,
            work: None,
            current: true,
            forget: false,
            in_use: true,
        };
        let slot = self.free.pop().unwrap_or(self.entries.len() as u32);
        match self.entries.get_mut(slot as usize) {
            Some(unused) => *unused = entry,
            None => self.entries.push(entry),
        }
        self.index.insert(question.key(), slot);
        slot
    }

    /// A new entry for the same question; the old one's work goes on.
    fn replace(&mut self, slot: u32) -> u32 {
        let Some(old) = self.entries.get_mut(slot as usize) else { return slot };
        old.current = false;
        let (question, answer, failed) = (old.question, old.answer.take(), old.failed.take());
        let new = self.add(question);
        if let Some(entry) = self.entries.get_mut(new as usize) {
            (entry.answer, entry.failed) = (answer, failed);
            self.idle += usize::from(entry.holds_something());
        }
        new
    }

    /// Something new is cached.
    fn count_new(&mut self, slot: u32, held: bool) {
        let is_idle = self.entry(slot).is_some_and(|entry| entry.work.is_none());
        self.idle += usize::from(is_idle && !held);
        self.make_room(slot);
    }

    /// Beyond the capacity another entry is forgotten: the next one round that is idle.
    fn make_room(&mut self, slot: u32) {
        if self.idle <= CAPACITY {
            return;
        }
        for _ in 0..self.entries.len() {
            let place = self.hand as u32;
            self.hand = (self.hand + 1) % self.entries.len();
            let Some(entry) = self.entries.get_mut(place as usize) else { continue };
            if place != slot && entry.work.is_none() && entry.holds_something() {
                (entry.answer, entry.failed) = (None, None);
                self.idle -= 1;
                return self.tidy(place);
            }
        }
    }

    /// Gives an entry back that is neither cached nor asked.
    fn tidy(&mut self, slot: u32) {
        let Some(entry) = self.entries.get_mut(slot as usize) else { return };
        if entry.work.is_some() || entry.holds_something() || !entry.in_use {
            return;
        }
        entry.in_use = false;
        if entry.current {
            self.index.remove(&entry.question.key());
        }
        self.free.push(slot);
    }
}

impl Entry {
    fn holds_something(&self) -> bool {
        self.answer.is_some() || self.failed.is_some()
    }
}

impl Work {
    pub(super) fn join(&mut self, waiter: Waiter, paused: Millis) {
        self.paused = self.paused.max(paused);
        self.more.push(waiter);
        self.waiting += 1;
    }

    /// One who waited has left. `is_gone` finds those in the list, which is cleaned up now and then.
    pub(super) fn leave(&mut self, is_gone: impl Fn(&Waiter) -> bool) {
        self.waiting = self.waiting.saturating_sub(1);
        if self.more.len() > 2 * self.waiting + 8 {
            self.more.retain(|waiter| !is_gone(waiter));
        }
    }

    pub(super) fn waiters(&self) -> impl Iterator<Item = Waiter> + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(number: u32) -> Question {
        Question::Mini(VersionId::new(number).unwrap())
    }

    fn answer() -> Answer {
        Answer { yes: true, sent: 0, as_of: None, request: 0, claimed: false }
    }

    fn failed() -> Failed {
        let code = crate::failure::Code::Network;
        let failure = Failure { code, status: None, retry_after: None, request: None };
        Failed { failure, at: 5, until: 10 }
    }

    fn caching(ids: u32) -> Questions {
        let mut questions = Questions::default();
        (1..=ids).for_each(|number| questions.cache(question(number), answer()));
        questions
    }

    const ASK: Waiter = Waiter::Ask(AskId(0));

    #[test]
    fn what_makes_room_counts_no_more() {
        let questions = caching(CAPACITY as u32 + 10);
        assert_eq!((questions.idle, questions.index.len()), (CAPACITY, CAPACITY));
        assert!(questions.answer(question(CAPACITY as u32 + 10)).is_some(), "the newest stays");
    }

    #[test]
    fn what_is_cleared_counts_no_more() {
        let mut questions = caching(3);
        questions.cache_failure(question(3), failed());
        assert_eq!(questions.idle, 3);
        questions.clear(Some(&[VersionId::new(2).unwrap()]));
        assert_eq!(questions.idle, 2);
        questions.clear(None);
        assert_eq!((questions.idle, questions.free.len()), (0, questions.entries.len()));
        assert!(questions.index.is_empty());
    }

    #[test]
    fn a_look_up_in_vain_is_forgotten_and_one_that_found_something_is_not() {
        let mut questions = caching(2);
        questions.cache(question(3), Answer { yes: false, ..answer() });
        questions.cache_failure(question(2), failed());
        questions.cache_failure(question(4), failed());
        assert_eq!(questions.idle, 4);
        (1..=5).for_each(|number| questions.forget_failure(question(number)));
        let kept = [1, 2, 3, 4].map(|number| questions.answer(question(number)).is_some());
        assert_eq!((kept, questions.failure(question(2), 7)), ([true, true, false, false], None));
        assert_eq!((questions.idle, questions.index.len()), (2, 2));
    }

    #[test]
    fn what_is_being_asked_is_not_idle_and_ends_as_it_was() {
        let mut questions = caching(2);
        let ticket = questions.begin(question(1), CdnCache::Any, ASK, 0);
        assert_eq!(questions.idle, 1);
        let newer = questions.begin(question(1), CdnCache::Bypassed, ASK, 0);
        assert_eq!((questions.idle, questions.under_way(question(1))), (1, Some(newer)));
        assert!(questions.end(ticket).is_some() && questions.end(ticket).is_none());
        assert!(questions.end(newer).is_some());
        assert_eq!((questions.idle, questions.index.len(), questions.free.len()), (2, 2, 1));
    }

    #[test]
    fn a_failure_is_answered_until_its_time_and_an_answer_ends_it() {
        let mut questions = Questions::default();
        questions.cache_failure(question(1), failed());
        let left = |questions: &Questions, now| {
            questions.failure(question(1), now).map(|failure| failure.retry_after)
        };
        assert_eq!(left(&questions, 7), Some(Some(3)));
        assert_eq!(
            (left(&questions, 10), left(&questions, 4)),
            (None, None),
            "over, or a clock that was set back"
        );
        questions.cache(question(1), answer());
        assert_eq!(left(&questions, 7), None);
    }

    #[test]
    fn who_comes_and_goes_leaves_no_list_behind() {
        let mut questions = Questions::default();
        let ticket = questions.begin(question(1), CdnCache::Any, ASK, 0);
        let work = questions.work_mut(ticket).unwrap();
        for number in 1..10_000 {
            work.join(Waiter::Ask(AskId(number)), 0);
            work.leave(|waiter| *waiter != ASK);
        }
        assert!(work.waiters().count() < 20 && work.waiters().any(|waiter| waiter == ASK));
        assert!(questions.is_wanted(ticket));
    }
}
