//! A caller's handle on what it asked: answers arrive in its slot, dropping it cancels the rest.

use super::answers;
use super::client::Client;
use super::deferred::Deferred;
use super::signal::Listener;
use crate::engine::AskId;
use crate::id::VersionId;
use crate::verdict::{Explanation, ModelVersions, State};
use core::cell::RefCell;
use core::fmt;
use core::future::poll_fn;
use core::mem::{replace, take};
use core::task::{Poll, Waker};
use std::rc::Rc;
use wasm_bindgen::JsValue;

#[derive(Debug)]
pub(super) enum Answer {
    Verdict(VersionId, State),
    Explanation(Box<Explanation>),
    Model(Box<ModelVersions>),
}

impl Answer {
    /// Of the version or of the model.
    pub(super) fn id(&self) -> u32 {
        match self {
            Self::Verdict(id, _) => id.get(),
            Self::Explanation(explanation) => explanation.id.get(),
            Self::Model(model) => model.model_id.get(),
        }
    }

    /// Whether there is nothing left to learn.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::Verdict(_, state) => !matches!(state, State::Unknown(_)),
            Self::Explanation(explanation) => {
                let known = !matches!(explanation.state, State::Unknown(_));
                known && explanation.complete && explanation.incomplete.is_none()
            }
            Self::Model(model) => model.failure.is_none(),
        }
    }
}

#[derive(Debug)]
pub(super) struct Asked {
    client: Rc<Client>,
    id: AskId,
    slot: Rc<Slot>,
    /// Listens to the caller's signal as long as the ask lasts.
    listener: Option<Listener>,
}

/// Where answers wait until they are fetched.
#[derive(Default)]
pub(super) struct Slot(RefCell<Held>);

#[derive(Default)]
struct Held {
    answers: Vec<Answer>,
    done: bool,
    rejected: Option<JsValue>,
    waker: Option<Waker>,
    call: Option<Call>,
}

/// A call that waits for all answers.
pub(super) struct Call {
    pub(super) asked: Rc<Asked>,
    pub(super) promise: Deferred,
    /// Of a list, in this order; else of verdicts by id.
    pub(super) mentioned: Option<Vec<u32>>,
}

/// A call that has ended, and how.
pub(super) type Ended = (Call, All);

/// All answers, or what the caller gets instead.
pub(super) type All = Result<Vec<Answer>, JsValue>;

impl Asked {
    pub(super) fn new(client: Rc<Client>, id: AskId, slot: Rc<Slot>) -> Self {
        Self { client, id, slot, listener: None }
    }

    /// Keeps a call until all answers are there: faster than a future, and thousands may wait at once.
    pub(super) fn keep(self: Rc<Self>, promise: Deferred, mentioned: Option<Vec<u32>>) {
        let slot = self.slot.clone();
        answers::settle(slot.change(|held| held.call = Some(Call { asked: self, promise, mentioned })));
    }

    /// All answers, once all are there.
    pub(super) async fn all(&self) -> All {
        self.fetch(true).await
    }

    /// The answers that arrived since the last call; none: that was all.
    pub(super) async fn more(&self) -> All {
        self.fetch(false).await
    }

    async fn fetch(&self, all: bool) -> All {
        poll_fn(|context| {
            let mut held = self.slot.0.borrow_mut();
            if let Some(ready) = held.ready(all) {
                return Poll::Ready(ready);
            }
            held.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// What its caller gets instead of answers, if anything.
    pub(super) fn rejected(&self) -> Option<JsValue> {
        self.slot.0.borrow().rejected.clone()
    }

    /// Answers that were known before.
    pub(super) fn put_first(&self, answers: Vec<Answer>) {
        let mut held = self.slot.0.borrow_mut();
        let late = replace(&mut held.answers, answers);
        held.answers.extend(late);
    }

    /// Whose answers these are.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Ends when this signal fires.
    pub(super) fn listen(&mut self, listener: Listener) {
        self.listener = Some(listener);
    }

    /// Rejects its caller and cancels the rest; not the handle itself, which may be gone by then.
    pub(super) fn ending(&self) -> impl Fn(JsValue) + 'static {
        let (client, id, slot) = (Rc::downgrade(&self.client), self.id, self.slot.clone());
        move |reason| {
            slot.reject(reason);
            if let Some(client) = client.upgrade() {
                client.forget(id);
            }
        }
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if self.slot.0.borrow().done {
            self.client.leave(self.id);
        } else {
            self.client.forget(self.id);
        }
    }
}

impl Slot {
    /// Who waits for it is to be woken once the client's state is not borrowed any more.
    pub(super) fn put(&self, answer: Answer) -> Option<Waker> {
        let mut held = self.0.borrow_mut();
        held.answers.push(answer);
        held.waker.take()
    }

    /// All answers are there: the call that waited for them.
    pub(super) fn close(&self) -> Option<Ended> {
        self.change(|held| held.done = true)
    }

    /// The caller gets this instead of answers.
    pub(super) fn reject(&self, reason: JsValue) {
        answers::settle(self.change(|held| {
            held.rejected.get_or_insert(reason);
        }));
    }

    fn change(&self, change: impl FnOnce(&mut Held)) -> Option<Ended> {
        let (waker, ended) = {
            let mut held = self.0.borrow_mut();
            change(&mut held);
            (held.waker.take(), held.ended())
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        ended
    }
}

impl Held {
    fn ended(&mut self) -> Option<Ended> {
        self.call.as_ref()?;
        let all = self.ready(true)?;
        Some((self.call.take()?, all))
    }

    /// All answers, or those that are there.
    fn ready(&mut self, all: bool) -> Option<All> {
        if let Some(reason) = &self.rejected {
            return Some(Err(reason.clone()));
        }
        (self.done || !(all || self.answers.is_empty())).then(|| Ok(take(&mut self.answers)))
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot")
    }
}
