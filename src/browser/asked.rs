//! A caller's handle on what it asked: answers arrive in its slot, dropping it cancels the rest.

use super::client::Client;
use super::signal::Listener;
use crate::engine::AskId;
use crate::id::VersionId;
use crate::verdict::{Explanation, ModelVersions, State};
use core::cell::RefCell;
use core::future::poll_fn;
use core::mem::take;
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
#[derive(Debug, Default)]
pub(super) struct Slot(RefCell<Held>);

#[derive(Debug, Default)]
struct Held {
    answers: Vec<Answer>,
    done: bool,
    rejected: Option<JsValue>,
    waker: Option<Waker>,
}

impl Asked {
    pub(super) fn new(client: Rc<Client>, id: AskId, slot: Rc<Slot>) -> Self {
        Self { client, id, slot, listener: None }
    }

    /// All answers, once all are there.
    pub(super) async fn all(&self) -> Result<Vec<Answer>, JsValue> {
        self.fetch(true).await
    }

    /// The answers that arrived since the last call; none: that was all.
    pub(super) async fn more(&self) -> Result<Vec<Answer>, JsValue> {
        self.fetch(false).await
    }

    async fn fetch(&self, all: bool) -> Result<Vec<Answer>, JsValue> {
        poll_fn(|context| {
            let mut held = self.slot.0.borrow_mut();
            if let Some(reason) = &held.rejected {
                return Poll::Ready(Err(reason.clone()));
            }
            if held.done || !(all || held.answers.is_empty()) {
                return Poll::Ready(Ok(take(&mut held.answers)));
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
        self.slot.0.borrow_mut().answers.splice(0..0, answers);
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
        self.client.forget(self.id);
    }
}

impl Slot {
    pub(super) fn put(&self, answer: Answer) {
        self.change(|held| held.answers.push(answer));
    }

    pub(super) fn close(&self) {
        self.change(|held| held.done = true);
    }

    /// The caller gets this instead of answers.
    pub(super) fn reject(&self, reason: JsValue) {
        self.change(|held| {
            held.rejected.get_or_insert(reason);
        });
    }

    fn change(&self, change: impl FnOnce(&mut Held)) {
        let waker = {
            let mut held = self.0.borrow_mut();
            change(&mut held);
            held.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
