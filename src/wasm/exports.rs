//! What `src/js` calls, which has read the arguments: numbers and bytes in, numbers and bytes out. Moments
//! are milliseconds; ids are decimal, between commas.

use super::{steps, store};
use crate::api::base_url::{BaseUrl, BaseUrlError};
use crate::engine::{AskId, AskOptions, Config};
use crate::id::{IdError, ModelId, UserId, VersionId};
use crate::text::{cut, number, push_number, split};
use crate::time::Millis;
use alloc::vec::Vec;
use core::str::from_utf8;
use wasm_bindgen::prelude::*;

/// Opens an engine and says its number, or what is wrong with the base URL. `place` is the host's origin, a
/// space and the base URL.
#[wasm_bindgen]
pub fn open(
    place: &[u8],
    max_batch: u16,
    concurrency: u8,
    max_age: f64,
    patience: f64,
    retries: u8,
    seed: f64,
) -> Vec<u8> {
    let (host, base) = cut(place, b' ');
    let (max_age, patience) = (max_age as Millis, patience as Millis);
    let base = BaseUrl::parse(text(base.unwrap_or_default()));
    let config = base.map(|base| Config { base, max_batch, concurrency, max_age, retries, patience });
    said(config.map(|config| store::open(config, host, seed)).map_err(BaseUrlError::reason))
}

/// The id that a text names, without white space around it, or what keeps it from being one.
#[wasm_bindgen(js_name = parseEntityId)]
pub fn parse_entity_id(text: &[u8]) -> Vec<u8> {
    said(self::text(text).parse().map(VersionId::get).map_err(IdError::message))
}

// What is asked; src/js/index.js has the same.
const CHECK: u8 = 0;
const EXPLAIN: u8 = 1;
const EXPLAIN_IN_BULK: u8 = 2;
const VERSIONS: u8 = 3;
const CHECK_OF_OTHERS: u8 = 5;

/// Asks; the number is for [`cancel`].
#[wasm_bindgen]
pub fn ask(engine: u32, topic: u8, ids: &[u8], user: u32, fresh: bool, now: f64) -> u32 {
    let now = now as Millis;
    let ids = &versions(ids);
    let options = AskOptions { user: UserId::new(user), fresh, ..AskOptions::default() };
    let models = || ids.iter().filter_map(|id| ModelId::new(id.get())).collect::<Vec<_>>();
    let asked = store::with(engine, |engine| match topic {
        CHECK => engine.check(ids, options, now),
        CHECK_OF_OTHERS => engine.check(ids, options.not_owned(true), now),
        EXPLAIN | EXPLAIN_IN_BULK => engine.explain(ids, options.bulk(topic == EXPLAIN_IN_BULK), now),
        _ => engine.versions(&models(), options.bulk(topic != VERSIONS), now),
    });
    asked.get()
}

/// Ends an ask without further answers.
#[wasm_bindgen]
pub fn cancel(engine: u32, ask: u32) {
    store::with(engine, |engine| engine.cancel(AskId(ask)));
}

/// What to do next, as JSON.
#[wasm_bindgen]
pub fn step(engine: u32, now: f64) -> Vec<u8> {
    let now = now as Millis;
    steps::json(&store::step(engine, now), now)
}

/// How a request ended: see [`store::outcome`].
#[wasm_bindgen]
pub fn outcome(engine: u32, request: u32, status: u16, answer: &[u8], now: f64) {
    store::outcome(engine, request, status, answer, now as Millis);
}

/// Forgets what it remembers of these ids, or everything.
#[wasm_bindgen]
pub fn clear(engine: u32, ids: &[u8], everything: bool) {
    let ids = versions(ids);
    store::with(engine, |engine| engine.clear((!everything).then_some(&ids)));
}

/// What it remembers, as text.
#[wasm_bindgen]
pub fn snapshot(engine: u32, now: f64) -> Vec<u8> {
    let now = now as Millis;
    store::with(engine, |engine| engine.snapshot(now)).into()
}

/// Takes a snapshot back; `false` for what is none of ours.
#[wasm_bindgen]
pub fn restore(engine: u32, snapshot: &[u8], now: f64) -> bool {
    let now = now as Millis;
    store::with(engine, |engine| engine.restore(text(snapshot), now))
}

/// Ends an engine.
#[wasm_bindgen]
pub fn close(engine: u32) {
    store::close(engine);
}

fn versions(ids: &[u8]) -> Vec<VersionId> {
    let numbers = split(ids, b',').into_iter().filter_map(number);
    numbers.filter_map(|number| VersionId::new(u32::try_from(number).ok()?)).collect()
}

/// A number in digits, or words.
fn said(result: Result<u32, &'static str>) -> Vec<u8> {
    let mut said = Vec::new();
    match result {
        Ok(number) => push_number(&mut said, number.into()),
        Err(reason) => said.extend_from_slice(reason.as_bytes()),
    }
    said
}

/// JavaScript encodes only text.
fn text(bytes: &[u8]) -> &str {
    from_utf8(bytes).unwrap_or_default()
}
