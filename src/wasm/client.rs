//! What a Rust [`Checker`](super::Checker) holds: an engine, its drive, and who waits for answers.

use super::host::{Driver, now, origin_of, random};
use super::{steps, store};
use crate::engine::{AskId, AskOptions, Config, Step};
use crate::id::VersionId;
use crate::text::text;
use crate::time::Millis;
use crate::verdict::State;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::future::poll_fn;
use core::mem::take;
use core::task::{Poll, Waker};
use wasm_bindgen::prelude::*;

#[derive(Debug)]
pub(super) struct Client {
    engine: u32,
    /// Where requests go, for messages.
    pub(super) base: String,
    driver: Driver,
    waiting: Rc<Waiting>,
}

impl Client {
    /// A request takes as long as the config's patience at most.
    pub(super) fn new(config: Config) -> Self {
        let (base, timeout) = (String::from(config.base.as_str()), config.patience as f64);
        let engine = store::open(config, origin_of(&base).as_bytes(), random() * 9e15);
        let waiting = Rc::<Waiting>::default();
        let steps = waiting.clone();
        let step: Closure<dyn Fn(f64) -> String> =
            Closure::new(move |now| text(steps::json(&steps.next(engine, now as Millis), now as Millis)));
        let report: Closure<Report> = Closure::new(move |request, status, answer: Vec<u8>, now| {
            store::outcome(engine, request, status, &answer, now as Millis);
        });
        // They go with the driver: it may be calling one of them when this is dropped.
        let driver = Driver::new(timeout, &step.into_js_value(), &report.into_js_value());
        Self { engine, base, driver, waiting }
    }

    /// All answers, once all are there. Who drops this cancels the rest.
    pub(super) async fn ask(&self, ids: &[VersionId], options: AskOptions) -> Vec<(VersionId, State)> {
        let now = now() as Millis;
        let slot = Rc::<RefCell<Slot>>::default();
        let id = store::with(self.engine, |engine| engine.check(ids, options, now));
        self.waiting.0.borrow_mut().push((id, slot.clone()));
        self.driver.soon();
        let _asked = Asked { client: self, id };
        poll_fn(|context| {
            let mut slot = slot.borrow_mut();
            if slot.done {
                return Poll::Ready(take(&mut slot.verdicts));
            }
            slot.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    pub(super) fn clear(&self, ids: Option<&[VersionId]>) {
        store::with(self.engine, |engine| engine.clear(ids));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.driver.close();
        store::close(self.engine);
    }
}

/// A request's number, its status or an event below it, the answer, the moment.
type Report = dyn Fn(u32, u16, Vec<u8>, f64);

/// Who waits, and for what.
#[derive(Debug, Default)]
struct Waiting(RefCell<Vec<(AskId, Rc<RefCell<Slot>>)>>);

/// Where answers wait until all are there.
#[derive(Debug, Default)]
struct Slot {
    verdicts: Vec<(VersionId, State)>,
    done: bool,
    waker: Option<Waker>,
}

impl Waiting {
    /// The next step that is not an answer: those are handed out.
    fn next(&self, engine: u32, now: Millis) -> Step {
        loop {
            match store::step(engine, now) {
                Step::Answer { ask, id, state, .. } => {
                    if let Some(slot) = self.of(ask) {
                        slot.borrow_mut().verdicts.push((id, state));
                    }
                }
                Step::Done(ask) => {
                    let Some(slot) = self.of(ask) else { continue };
                    slot.borrow_mut().done = true;
                    // It may call back.
                    let waker = slot.borrow_mut().waker.take();
                    waker.into_iter().for_each(Waker::wake);
                }
                step => return step,
            }
        }
    }

    fn of(&self, ask: AskId) -> Option<Rc<RefCell<Slot>>> {
        self.0.borrow().iter().find(|(id, _)| *id == ask).map(|(_, slot)| slot.clone())
    }
}

/// A call under way.
struct Asked<'a> {
    client: &'a Client,
    id: AskId,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.client.waiting.0.borrow_mut().retain(|(id, _)| *id != self.id);
        store::with(self.client.engine, |engine| engine.cancel(self.id));
        self.client.driver.pump();
    }
}
