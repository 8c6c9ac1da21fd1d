//! A caller's handle on what it asked: answers arrive in its slot, dropping it cancels the rest.

use super::abort::Listener;
use super::driver::Driver;
use crate::catalog::{Explanation, ModelVersions};
use crate::engine::{AskId, State};
use crate::version_id::VersionId;
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

#[derive(Debug)]
pub(super) struct Asked {
    pub(super) driver: Rc<Driver>,
    pub(super) id: AskId,
    pub(super) slot: Rc<Slot>,
    /// Listens to the caller's signal as long as the ask lasts.
    pub(super) listener: Option<Listener>,
}

impl Asked {
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
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.driver.forget(self.id);
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
        self.change(|held| held.rejected = Some(reason));
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
