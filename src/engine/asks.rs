//! Asks: who wants what, and what each explanation still lacks.

use super::config::AskOptions;
use super::facts::Facts;
use super::questions::Ticket;
use super::reasons::Reasons;
use super::step::AskId;
use crate::id::VersionId;
use crate::table::Table;
use crate::time::Millis;
use crate::verdict::State;
use std::rc::Rc;

/// Ids that may wait for answers at once, over all asks; each takes some 40 bytes.
pub(super) const MOST_WAITING: usize = 4_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Check,
    Explain,
    Versions,
}

/// An ask that has not ended.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) kind: Kind,
    pub(super) options: AskOptions,
    /// How long pauses had lasted when it began.
    pub(super) paused: Millis,
    /// Ids without their last answer.
    left: usize,
    /// What it waits for, or waited for.
    waits: Vec<Ticket>,
    /// Of explanations, in ascending order of ids.
    items: Vec<Item>,
    /// What its caller knows of them, and nobody else.
    page: Option<Rc<Facts>>,
}

/// One version to be explained.
#[derive(Debug)]
pub(super) struct Item {
    id: VersionId,
    pub(super) verdict: Option<Verdict>,
    pub(super) reasons: Reasons,
    /// It was explained already, without its reason.
    pub(super) explained: bool,
    /// Something new was learned since it was last looked at.
    pub(super) news: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Verdict {
    pub(super) state: State,
    pub(super) as_of: Option<Millis>,
    pub(super) came: Millis,
}

#[derive(Debug, Default)]
pub(super) struct Asks {
    open: Table<Ask>,
    next: u32,
    /// Ids that wait, over all asks.
    waiting: usize,
    /// Explanations with something new.
    news: Vec<(AskId, VersionId)>,
}

impl Asks {
    /// Opens an ask for so many ids; `explained` are those to be explained, in ascending order.
    pub(super) fn open(
        &mut self,
        kind: Kind,
        options: AskOptions,
        paused: Millis,
        count: usize,
        explained: &[VersionId],
    ) -> AskId {
        let ask = AskId(self.next);
        self.next = self.next.wrapping_add(1);
        let items = explained.iter().map(|id| Item::new(*id)).collect();
        self.waiting += count;
        let waits = Vec::with_capacity(count);
        self.open.insert(ask.key(), Ask { kind, options, paused, left: count, waits, items, page: None });
        ask
    }

    /// Notes what an ask's caller knows.
    pub(super) fn put_page(&mut self, ask: AskId, page: Rc<Facts>) {
        if let Some(open) = self.open.get_mut(ask.key()) {
            open.page = Some(page);
        }
    }

    pub(super) fn page(&self, ask: AskId) -> Option<Rc<Facts>> {
        self.get(ask)?.page.clone()
    }

    /// Whether more ids wait than memory has room for.
    pub(super) fn are_too_many(&self) -> bool {
        self.waiting > MOST_WAITING
    }

    pub(super) fn get(&self, ask: AskId) -> Option<&Ask> {
        self.open.get(ask.key())
    }

    pub(super) fn is_open(&self, ask: AskId) -> bool {
        self.get(ask).is_some()
    }

    /// Notes what an ask waits for, so that `close` finds it.
    pub(super) fn note_wait(&mut self, ask: AskId, ticket: Ticket) {
        if let Some(ask) = self.open.get_mut(ask.key()) {
            ask.waits.push(ticket);
        }
    }

    /// One id has its last answer; `true` if it was the ask's last one, which ends it.
    pub(super) fn answered(&mut self, ask: AskId) -> bool {
        let Some(open) = self.open.get_mut(ask.key()) else { return false };
        open.left = open.left.saturating_sub(1);
        self.waiting = self.waiting.saturating_sub(1);
        open.left == 0 && self.close(ask).is_some()
    }

    /// Ends an ask; what it waited for.
    pub(super) fn close(&mut self, ask: AskId) -> Option<Vec<Ticket>> {
        let closed = self.open.remove(ask.key())?;
        self.waiting = self.waiting.saturating_sub(closed.left);
        Some(closed.waits)
    }

    /// A version that is being explained.
    pub(super) fn item(&mut self, ask: AskId, id: VersionId) -> Option<&mut Item> {
        let items = &mut self.open.get_mut(ask.key())?.items;
        let place = items.binary_search_by_key(&id, |item| item.id).ok()?;
        items.get_mut(place)
    }

    /// What a reply or the cache answers together is explained once, when the engine is next asked what to do.
    pub(super) fn note_news(&mut self, ask: AskId, id: VersionId) {
        let is_new = self.item(ask, id).is_some_and(|item| !std::mem::replace(&mut item.news, true));
        if is_new {
            self.news.push((ask, id));
        }
    }

    pub(super) fn take_news(&mut self) -> Vec<(AskId, VersionId)> {
        std::mem::take(&mut self.news)
    }

    pub(super) fn have_news(&self) -> bool {
        !self.news.is_empty()
    }
}

impl Item {
    fn new(id: VersionId) -> Self {
        Self { id, verdict: None, reasons: Reasons::STARTED, explained: false, news: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_waits_no_more() {
        let mut asks = Asks::default();
        let options = AskOptions::default();
        let many = asks.open(Kind::Check, options, 0, MOST_WAITING, &[]);
        let one = asks.open(Kind::Check, options, 0, 1, &[]);
        assert!(asks.are_too_many());
        assert!(!asks.answered(many) && !asks.are_too_many());
        assert!(asks.answered(one) && !asks.is_open(one));
        asks.close(many);
        assert_eq!(asks.waiting, 0);
    }
}
