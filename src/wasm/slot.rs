//! A Rust caller's handle on what it asked: answers arrive in its slot, dropping it cancels the rest.

use super::driver::{Answer, Caller, Driver};
use super::host::Host;
use crate::engine::{AskId, State};
use crate::version_id::VersionId;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::future::poll_fn;
use core::mem::take;
use core::task::{Poll, Waker};

/// Where answers wait until all are there.
#[derive(Debug, Clone, Default)]
pub(super) struct Slot(Rc<RefCell<Held>>);

#[derive(Debug, Default)]
struct Held {
    verdicts: Vec<(VersionId, State)>,
    done: bool,
    waker: Option<Waker>,
}

#[derive(Debug)]
pub(super) struct Asked {
    pub(super) driver: Rc<Driver<Slot>>,
    pub(super) id: AskId,
    pub(super) slot: Slot,
}

impl Asked {
    /// All answers, once all are there.
    pub(super) async fn all(&self) -> Vec<(VersionId, State)> {
        poll_fn(|context| {
            let mut held = self.slot.0.borrow_mut();
            if held.done {
                return Poll::Ready(take(&mut held.verdicts));
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

impl Caller for Slot {
    fn answer(&self, answer: Answer, _: &Host) {
        if let Answer::Verdict(id, state) = answer {
            self.0.borrow_mut().verdicts.push((id, state));
        }
    }

    fn done(&self) {
        let waker = {
            let mut held = self.0.borrow_mut();
            held.done = true;
            held.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
