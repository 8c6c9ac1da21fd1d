//! One request: `fetch` called, the answer read by its shape.
//!
//! Not with gloo-net: its `send` knows only the global `fetch`, and panics on the `Response` of
//! another realm or of a mock, and on a rejection that is not an `Error`; its `Headers` panic on a
//! getter that throws.

use super::js;
use crate::engine::Outcome;
use crate::time::retry_after;
use js_sys::{Function, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

/// More than any answer can be: 10,000 verdicts take 200 kB.
const LONGEST_BODY: usize = 8 << 20;

/// How a request ended.
pub(super) enum Ended {
    Reply {
        status: u16,
        retry_after: Option<String>,
        body: Vec<u8>,
    },
    /// With what `fetch` or the body's stream threw.
    NoReply(JsValue),
    TooLarge,
}

impl Ended {
    /// What the engine is told.
    pub(super) fn outcome(&self, now: u64) -> Outcome<'_> {
        match self {
            Self::Reply { status, retry_after: header, body } => {
                let retry_after = header.as_deref().and_then(|header| retry_after(header, now));
                Outcome::Reply { status: *status, retry_after, body }
            }
            Self::NoReply(_) => Outcome::NoReply,
            Self::TooLarge => Outcome::TooLarge,
        }
    }
}

/// Sends a GET and reads the answer. Only the inner controller's signal goes out: the caller's may
/// carry any reason, and others may wait for the same request.
pub(super) async fn get(fetch: Option<Function>, url: String, controller: AbortController) -> Ended {
    let ended = read(fetch, &url, &controller).await.unwrap_or_else(Ended::NoReply);
    // Ends what is left of the answer: a body too long, or one that nobody reads.
    controller.abort();
    ended
}

async fn read(fetch: Option<Function>, url: &str, controller: &AbortController) -> Result<Ended, JsValue> {
    let response = send(fetch, url, controller).await?;
    let status = js::get(&response, "status")?.as_f64().unwrap_or(0.0);
    // An opaque answer has the status 0; NaN and fractions become one that no server sends, too.
    let status = status as u16;
    if status < 100 {
        return Err(js_sys::TypeError::new("fetch gave something that is not a readable Response").into());
    }
    let header = js::get(&response, "headers")
        .and_then(|headers| js::call(&headers, "get", &[&JsValue::from_str("Retry-After")]));
    // Without headers there is no header; the answer is one all the same.
    let retry_after = header.ok().and_then(|header| header.as_string());
    if !(200..300).contains(&status) {
        return Ok(Ended::Reply { status, retry_after, body: Vec::new() });
    }
    Ok(match body(&response).await? {
        Some(body) => Ended::Reply { status, retry_after, body },
        None => Ended::TooLarge,
    })
}

async fn send(fetch: Option<Function>, url: &str, controller: &AbortController) -> Result<JsValue, JsValue> {
    let init = Object::new();
    js::set(&init, "method", &JsValue::from_str("GET"));
    js::set(&init, "credentials", &JsValue::from_str("omit"));
    js::set(&init, "signal", &controller.signal());
    // Else the browser itself serves copies as old as 450 s (contract §1.7). Some workers at the edge
    // know no `cache` and throw on it.
    let request = js::global("Request").and_then(|class| js::get(&class, "prototype").ok());
    if request
        .is_some_and(|prototype| js_sys::Reflect::has(&prototype, &JsValue::from_str("cache")) == Ok(true))
    {
        js::set(&init, "cache", &JsValue::from_str("no-store"));
    }
    let fetch = match fetch {
        Some(fetch) => fetch.into(),
        None => js::global("fetch").unwrap_or_default(),
    };
    let fetch: &Function =
        fetch.dyn_ref().ok_or_else(|| JsValue::from(js_sys::TypeError::new("there is no fetch")))?;
    let promise = fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(url), &init)?;
    JsFuture::from(Promise::resolve(&promise)).await
}

/// The whole body, or `None` if it is too long.
async fn body(response: &JsValue) -> Result<Option<Vec<u8>>, JsValue> {
    let stream = js::get(response, "body")?;
    if stream.is_object() && js::method(&stream, "getReader")?.is_some() {
        return chunks(&js::call(&stream, "getReader", &[])?).await;
    }
    // Mocks, and answers without a body, have no stream.
    let whole = match js::method(response, "arrayBuffer")? {
        Some(_) => js::call(response, "arrayBuffer", &[])?,
        None => js::call(response, "text", &[])?,
    };
    let whole = JsFuture::from(Promise::resolve(&whole)).await?;
    let bytes = match whole.as_string() {
        Some(text) => text.into_bytes(),
        None if js::get(&whole, "byteLength").is_ok_and(|length| length.as_f64().is_some()) => {
            Bytes::new(&whole)?.unchecked_ref::<Uint8Array>().to_vec()
        }
        // What is neither text nor bytes is an answer without content.
        None => Vec::new(),
    };
    Ok((bytes.len() <= LONGEST_BODY).then_some(bytes))
}

async fn chunks(reader: &JsValue) -> Result<Option<Vec<u8>>, JsValue> {
    let mut body = Vec::new();
    loop {
        let next = js::call(reader, "read", &[])?;
        let next = JsFuture::from(Promise::resolve(&next)).await?;
        if js::get(&next, "done")?.is_truthy() {
            return Ok(Some(body));
        }
        let chunk = js::get(&next, "value")?;
        // `new Uint8Array(5e9)` would be that many zeros, and wider numbers would be cut.
        if js::get(&chunk, "BYTES_PER_ELEMENT").ok().and_then(|width| width.as_f64()) != Some(1.0) {
            return Err(no_bytes());
        }
        let chunk: Uint8Array = Bytes::new(&chunk)?.unchecked_into();
        if body.len() + chunk.length() as usize > LONGEST_BODY {
            if let Ok(cancelled) = js::call(reader, "cancel", &[]) {
                wasm_bindgen_futures::spawn_local(async move {
                    let _ = JsFuture::from(Promise::resolve(&cancelled)).await;
                });
            }
            return Ok(None);
        }
        body.extend(chunk.to_vec());
    }
}

fn no_bytes() -> JsValue {
    js_sys::TypeError::new("the body holds something else than bytes").into()
}

#[wasm_bindgen]
extern "C" {
    /// A `Uint8Array` whose making may fail, as that of a detached buffer does: what throws through the
    /// wasm instead leaves a promise unsettled.
    #[wasm_bindgen(js_name = Uint8Array)]
    type Bytes;

    #[wasm_bindgen(constructor, catch, js_class = "Uint8Array")]
    fn new(source: &JsValue) -> Result<Bytes, JsValue>;
}
