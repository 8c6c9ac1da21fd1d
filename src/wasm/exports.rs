//! What `src/js` calls, which has read the arguments. Answers go to the caller's [`Call`].

use super::driver::{Answer, Caller, Driver, Question, Transport};
use super::host::{Host, now};
use crate::base_url::BaseUrl;
use crate::engine::{Ask, AskId, Config};
use crate::version_id::{UserId, VersionId};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// The `checkPermissions` of the npm module: checks once and remembers nothing. The checker that it
/// returns is there to cancel the rest with. In Rust, [`Checker`](crate::Checker) is less trouble.
///
/// # Errors
/// Says what is wrong with the base URL.
#[wasm_bindgen(js_name = checkPermissions)]
pub fn check_permissions(
    base: &str,
    numbers: &[f64],
    fetch: JsValue,
    ids: Vec<u32>,
    user: u32,
    fresh: bool,
    call: Call,
) -> Result<JsChecker, JsValue> {
    let checker = JsChecker(driver(base, numbers, fetch, false)?);
    checker.ask(CHECK, ids, user, fresh, call);
    Ok(checker)
}

/// The id that a text names, without white space around it.
///
/// # Errors
/// Says what keeps it from being one.
#[wasm_bindgen(js_name = parseEntityId)]
pub fn parse_entity_id(text: &str) -> Result<u32, JsValue> {
    VersionId::read(text.as_bytes()).map(VersionId::get).map_err(|error| JsValue::from_str(error.reason()))
}

/// A checker that joins calls and remembers.
#[wasm_bindgen(js_name = Checker)]
#[derive(Debug)]
pub struct JsChecker(Rc<Driver<Call>>);

// What is asked; src/js/index.js has the same.
const CHECK: u8 = 0;
const EXPLAIN: u8 = 1;
const EXPLAIN_IN_BULK: u8 = 2;
const VERSIONS: u8 = 3;
const CHECK_OF_OTHERS: u8 = 5;

#[wasm_bindgen(js_class = Checker)]
impl JsChecker {
    /// A checker that knows nothing yet.
    ///
    /// # Errors
    /// Says what is wrong with the base URL.
    #[wasm_bindgen(constructor)]
    pub fn new(base: &str, numbers: &[f64], fetch: JsValue) -> Result<Self, JsValue> {
        driver(base, numbers, fetch, true).map(Self)
    }

    /// Asks; the number is for [`Self::cancel`].
    pub fn ask(&self, topic: u8, ids: Vec<u32>, user: u32, fresh: bool, call: Call) -> u32 {
        let ids = &versions(ids);
        let ask = Ask { ids, user: UserId::new(user), fresh };
        let question = match topic {
            CHECK | CHECK_OF_OTHERS => Question::Check { ask, others: topic != CHECK },
            EXPLAIN | EXPLAIN_IN_BULK => Question::Explain { ask, bulk: topic == EXPLAIN_IN_BULK },
            _ => Question::Versions { models: ids, fresh, bulk: topic != VERSIONS },
        };
        self.0.ask(question, call).get()
    }

    /// Ends an ask without further answers.
    pub fn cancel(&self, ask: u32) {
        self.0.forget(AskId(ask));
    }

    /// Forgets what it remembers of these ids, or everything.
    pub fn clear(&self, ids: Option<Vec<u32>>) {
        let ids = ids.map(versions);
        self.0.engine(|engine| engine.clear(ids.as_deref()));
    }

    /// What it remembers, as text.
    #[must_use]
    pub fn snapshot(&self) -> String {
        let now = now();
        self.0.engine(|engine| engine.snapshot(now))
    }

    /// Takes a snapshot back; `false` for what is none of ours.
    #[must_use]
    pub fn restore(&self, snapshot: &str) -> bool {
        let now = now();
        self.0.engine(|engine| engine.restore(snapshot, now))
    }
}

#[wasm_bindgen]
extern "C" {
    /// A call of JavaScript's that waits for answers: see `src/js/call.js`.
    #[derive(Debug, Clone)]
    pub type Call;

    #[wasm_bindgen(method, structural)]
    fn answer(this: &Call, json: &str, cause: &JsValue);

    #[wasm_bindgen(method, structural)]
    fn done(this: &Call);
}

impl Caller for Call {
    fn answer(&self, answer: Answer, host: &Host) {
        let request = answer.failure().and_then(|failure| failure.request);
        let cause = request.map_or(JsValue::UNDEFINED, |request| host.cause(request.get()));
        self.answer(&answer.json(), &cause);
    }

    fn done(&self) {
        self.done();
    }
}

/// The numbers in the order of src/js/index.js, which has seen to their bounds. What does not join calls
/// remembers nothing either.
#[inline(never)]
fn driver(base: &str, numbers: &[f64], fetch: JsValue, joins: bool) -> Result<Rc<Driver<Call>>, JsValue> {
    let base = BaseUrl::parse(base).map_err(|error| JsValue::from_str(error.reason()))?;
    let mut config = Config { base, ..Config::default() };
    if let [max_batch, concurrency, max_age, timeout, retries] = numbers {
        config.max_batch = *max_batch as u16;
        config.concurrency = *concurrency as u8;
        config.max_age = if joins { *max_age as u64 } else { 0 };
        config.patience = *timeout as u64;
        config.retries = *retries as u8;
    }
    Ok(Driver::new(config, Transport { fetch, joins }))
}

fn versions(ids: Vec<u32>) -> Vec<VersionId> {
    ids.into_iter().filter_map(VersionId::new).collect()
}
