//! One request: `fetch` called, the reply read by its shape, since tests and frameworks hand in replies that are no
//! `Response`.
//!
//! gloo-net builds what the browser's `fetch` is called with. Its `send` is not used: it knows only the global `fetch`,
//! and panics on the `Response` of another realm or of a mock, and on a rejection that is not an `Error`.

use super::promise::settled;
use super::shape;
use super::timer::now;
use crate::engine::Outcome;
use crate::time::{ReplyTimes, reply_times};
use core::cell::{Cell, RefCell};
use gloo_net::http::{Method, RequestBuilder};
use js_sys::{ArrayBuffer, Function, JsString, Reflect, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestInit, RequestRedirect};

/// More than any reply can be: 10,000 verdicts take 200 kB.
const LONGEST_BODY: usize = 8 << 20;
/// What a part of a body counts at least: a stream of empty ones would never end, nor let the timer come.
const LEAST_PART: usize = 16;

/// How a request ended.
pub(super) enum Ended {
    Reply {
        status: u16,
        times: ReplyTimes,
        body: Vec<u8>,
    },
    /// With what `fetch` or the body's stream threw.
    NoReply(JsValue),
    TimedOut,
    TooLarge,
}

impl Ended {
    /// What the engine gets.
    pub(super) fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Reply { status, times: ReplyTimes { retry_after, as_of, .. }, body } => {
                Outcome::Reply { status: *status, retry_after: *retry_after, as_of: *as_of, body }
            }
            Self::NoReply(_) => Outcome::NoReply,
            Self::TimedOut => Outcome::TimedOut,
            Self::TooLarge => Outcome::TooLarge,
        }
    }
}

pub(super) struct Request {
    fetch: Option<Function>,
    url: String,
    /// It carries a user's id.
    personal: bool,
    /// Only this inner signal goes out: the caller's may carry any reason, and others may wait for the same reply.
    controller: AbortController,
    aborted: Cell<bool>,
    /// The reply's body, or its reader: a `fetch` of one's own need not follow the signal.
    body: RefCell<JsValue>,
}

impl Request {
    pub(super) fn new(fetch: Option<Function>, url: String, personal: bool) -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        Ok(Self { fetch, url, personal, controller, aborted: Cell::new(false), body: RefCell::default() })
    }

    /// Sends a GET and reads the reply; nothing is sent if it was aborted before its turn came.
    pub(super) async fn send(&self) -> Ended {
        if self.aborted.get() {
            return Ended::NoReply(JsValue::UNDEFINED);
        }
        self.reply().await.unwrap_or_else(Ended::NoReply)
    }

    /// Ends it, whatever `fetch` makes of the signal.
    pub(super) fn abort(&self) {
        self.aborted.set(true);
        self.controller.abort();
        self.discard();
    }

    async fn reply(&self) -> Result<Ended, JsValue> {
        let response = settled(&self.fetch()?).await?;
        let response: &Response = response.unchecked_ref();
        if let Ok(body) = response.body() {
            self.body.replace(body);
        }
        if self.aborted.get() {
            self.discard();
        }
        // An opaque reply has the status 0.
        let status = response.status()?.as_f64().filter(|status| (100.0..=999.0).contains(status));
        let Some(status) = status.filter(|status| status.fract() == 0.0) else {
            return Err(TypeError::new("fetch returned something that is not a readable Response").into());
        };
        let status = status as u16;
        let times = times(response);
        if !(200..300).contains(&status) {
            self.discard();
            return Ok(Ended::Reply { status, times, body: Vec::new() });
        }
        Ok(match self.read(response).await? {
            Some(body) => Ended::Reply { status, times, body },
            None => Ended::TooLarge,
        })
    }

    fn fetch(&self) -> Result<JsValue, JsValue> {
        let url = JsValue::from_str(&self.url);
        match &self.fetch {
            Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &url, &self.init()),
            // Unbound, as the platform's own demands; with the URL as text, which mocks of it read.
            None => match scope().fetch().unwrap_or_default().dyn_ref::<Function>() {
                Some(fetch) if in_browser() => {
                    fetch.call2(&JsValue::UNDEFINED, &url, self.request()?.as_ref())
                }
                Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &url, &self.init()),
                None => Err(TypeError::new("there is no fetch").into()),
            },
        }
    }

    /// What the browser's `fetch` gets.
    fn request(&self) -> Result<web_sys::Request, JsValue> {
        let request = RequestBuilder::new(&self.url)
            .method(Method::GET)
            .credentials(RequestCredentials::Omit)
            .cache(RequestCache::NoStore)
            .redirect(self.redirect())
            .abort_signal(Some(&self.controller.signal()));
        Ok(request.build().map_err(|_| TypeError::new("the request could not be made"))?.into())
    }

    /// A redirect would carry a user's id wherever it points.
    const fn redirect(&self) -> RequestRedirect {
        if self.personal { RequestRedirect::Error } else { RequestRedirect::Follow }
    }

    /// The same for servers, where a `Request` takes a third of a fetch's time, and for a `fetch` of one's own.
    fn init(&self) -> RequestInit {
        let init = RequestInit::new();
        init.set_method("GET");
        init.set_credentials(RequestCredentials::Omit);
        init.set_signal(Some(&self.controller.signal()));
        if self.personal {
            init.set_redirect(self.redirect());
        }
        // Else a browser itself serves copies as old as 450 s (CONTRACT §1.7). Some workers at the edge know no `cache`
        // and throw on it.
        if knows_cache() {
            init.set_cache(RequestCache::NoStore);
        }
        init
    }

    /// The whole body, or `None` if it is too long.
    async fn read(&self, response: &Response) -> Result<Option<Vec<u8>>, JsValue> {
        let body = response.body()?;
        if body.is_object() && body.unchecked_ref::<Stream>().reader_maker()?.is_function() {
            let reader = body.unchecked_ref::<Stream>().get_reader()?;
            self.body.replace(reader.clone());
            return chunks(reader.unchecked_ref()).await;
        }
        // Mocks, and replies without a body, have no stream.
        let whole = match shape::method(response, "arrayBuffer")? {
            Some(_) => response.array_buffer()?,
            None => response.text()?,
        };
        let whole = settled(&whole).await?;
        let bytes = match whole.as_string() {
            Some(text) => text.into_bytes(),
            None if is_bytes(&whole) => Bytes::new(&whole)?.unchecked_ref::<Uint8Array>().to_vec(),
            // What is neither text nor bytes is a reply without content.
            None => Vec::new(),
        };
        Ok((bytes.len() <= LONGEST_BODY).then_some(bytes))
    }

    /// Ends what is left of the reply, which nobody reads.
    fn discard(&self) {
        let body = self.body.take();
        if let Ok(cancelled) = body.unchecked_ref::<Stream>().cancel() {
            wasm_bindgen_futures::spawn_local(async move {
                let _ = settled(&cancelled).await;
            });
        }
    }
}

async fn chunks(reader: &Reader) -> Result<Option<Vec<u8>>, JsValue> {
    let mut body = Vec::new();
    let mut counted = 0;
    while counted <= LONGEST_BODY {
        let next = settled(&reader.read()?).await?;
        let next: &Chunk = next.unchecked_ref();
        if next.done()?.is_truthy() {
            return Ok(Some(body));
        }
        let value = next.value()?;
        // `new Uint8Array(5e9)` would be that many zeros, and wider numbers would be cut.
        if value.unchecked_ref::<Bytes>().bytes_per_element()?.as_f64() != Some(1.0) {
            return Err(TypeError::new("the body holds something else than bytes").into());
        }
        let part: Uint8Array = Bytes::new(&value)?.unchecked_into();
        counted += (part.length() as usize).max(LEAST_PART);
        if counted > LONGEST_BODY {
            break;
        }
        if body.is_empty() { body = part.to_vec() } else { body.extend(part.to_vec()) }
    }
    Ok(None)
}

/// Without headers there is no time; the reply is one all the same.
fn times(response: &Response) -> ReplyTimes {
    let headers = response.headers().unwrap_or_default();
    let [retry_after, date, age] =
        [&RETRY_AFTER, &DATE, &AGE].map(|name| name.with(|name| header(&headers, name)));
    reply_times(retry_after.as_deref(), date.as_deref(), age.as_deref(), now())
}

fn header(headers: &JsValue, name: &JsString) -> Option<String> {
    let text = headers.unchecked_ref::<Headers>().get(name).ok()?.as_string()?;
    // A mock's may have more lines.
    text.lines().next().map(str::to_owned)
}

fn is_bytes(value: &JsValue) -> bool {
    ArrayBuffer::is_view(value)
        || shape::get(value, "byteLength").is_ok_and(|length| length.as_f64().is_some())
}

/// A page or a worker of a browser; Node, Deno and Bun have a `process`, workers at the edge know no `cache`.
fn in_browser() -> bool {
    !in_node() && knows_cache()
}

/// Whether the platform names the cause of a failed request.
pub(super) fn in_node() -> bool {
    IN_NODE.with(|in_node| *in_node)
}

fn knows_cache() -> bool {
    let request = scope().request().unwrap_or_default();
    let prototype = request.unchecked_ref::<Class>().prototype().unwrap_or_default();
    prototype.is_object() && CACHE.with(|cache| Reflect::has(&prototype, cache)) == Ok(true)
}

/// Where globals are looked up each time: tests and polyfills replace them.
fn scope() -> Scope {
    js_sys::global().unchecked_into()
}

thread_local! {
    static IN_NODE: bool = shape::path(&js_sys::global(), &["process", "versions", "node"]).is_string();
    static CACHE: JsString = JsString::from("cache");
    static RETRY_AFTER: JsString = JsString::from("Retry-After");
    static DATE: JsString = JsString::from("Date");
    static AGE: JsString = JsString::from("Age");
}

#[wasm_bindgen]
extern "C" {
    type Scope;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn fetch(this: &Scope) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = Request)]
    fn request(this: &Scope) -> Result<JsValue, JsValue>;

    type Class;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn prototype(this: &Class) -> Result<JsValue, JsValue>;

    type Response;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn status(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn headers(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn body(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = arrayBuffer)]
    fn array_buffer(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn text(this: &Response) -> Result<JsValue, JsValue>;

    type Headers;
    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &Headers, name: &JsString) -> Result<JsValue, JsValue>;

    /// A body, or its reader.
    type Stream;
    #[wasm_bindgen(method, getter, structural, catch, js_name = getReader)]
    fn reader_maker(this: &Stream) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = getReader)]
    fn get_reader(this: &Stream) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn cancel(this: &Stream) -> Result<JsValue, JsValue>;

    type Reader;
    #[wasm_bindgen(method, structural, catch)]
    fn read(this: &Reader) -> Result<JsValue, JsValue>;

    type Chunk;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn done(this: &Chunk) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn value(this: &Chunk) -> Result<JsValue, JsValue>;

    /// A `Uint8Array` whose making may fail, as that of a detached buffer does.
    #[wasm_bindgen(js_name = Uint8Array)]
    type Bytes;
    #[wasm_bindgen(constructor, catch, js_class = "Uint8Array")]
    fn new(source: &JsValue) -> Result<Bytes, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = BYTES_PER_ELEMENT)]
    fn bytes_per_element(this: &Bytes) -> Result<JsValue, JsValue>;
}
