//! `await` for what strangers return: promises of other realms, thenables, plain values, promises with a `then` of
//! their own.
//!
//! Not by `JsFuture`, which makes two closures for each promise: each is registered with the garbage collector.

use super::numbered::{Numbered, bound};
use core::cell::RefCell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use js_sys::Function;
use wasm_bindgen::prelude::*;

/// Waits as the language's `await` does: it looks at the constructor of a promise, never at a `then` that was put over
/// its own, and whatever throws on the way is an error here.
pub(super) async fn settled(value: &JsValue) -> Result<JsValue, JsValue> {
    let promise = resolve(value)?;
    let awaited = Awaited(STATES.with_borrow_mut(|states| states.add(State::Pending(None))));
    let (fulfil, reject) =
        SETTLE.with(|(fulfil, reject)| (bound(fulfil, awaited.0), bound(reject, awaited.0)));
    THEN.with(|then| then.call2(&promise, &fulfil, &reject))?;
    awaited.await
}

/// A promise that is awaited, by its number.
struct Awaited(u64);

enum State {
    Pending(Option<Waker>),
    Settled(Result<JsValue, JsValue>),
}

impl Future for Awaited {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        STATES.with_borrow_mut(|states| match states.get_mut(self.0) {
            Some(State::Settled(end)) => Poll::Ready(end.clone()),
            Some(State::Pending(waker)) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Pending,
        })
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        drop(STATES.with_borrow_mut(|states| states.remove(self.0)));
    }
}

/// Unless nobody waits for it any more.
fn settle(number: f64, end: Result<JsValue, JsValue>) {
    let before = STATES.with_borrow_mut(|states| {
        states.get_mut(number as u64).map(|state| core::mem::replace(state, State::Settled(end)))
    });
    if let Some(State::Pending(Some(waker))) = before {
        waker.wake();
    }
}

type Settle = dyn Fn(f64, JsValue);

thread_local! {
    static STATES: RefCell<Numbered<State>> = const { RefCell::new(Numbered::new()) };
    static SETTLE: (Closure<Settle>, Closure<Settle>) = (
        Closure::new(|number, value| settle(number, Ok(value))),
        Closure::new(|number, reason| settle(number, Err(reason))),
    );
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Promise, catch)]
    fn resolve(value: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["Promise", "prototype"], js_name = then)]
    static THEN: Function;
}
