//! A session of the stand-in: a site, faults, clock, edge and log of one's own.

use civitai_permissions::{BaseUrl, Config};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

pub struct Session {
    pub base: String,
}

impl Session {
    /// Browsers and Node share one stand-in, so each run takes names of its own.
    pub fn new(name: &str) -> Self {
        // Without a host of that name, each test says so in its failure.
        let stand_in = option_env!("STAND_IN").unwrap_or("http://give-STAND_IN-when-compiling");
        Self { base: format!("{stand_in}/s/{name}-{:x}", (js_sys::Math::random() * 1e15) as u64) }
    }

    /// On another host of the same stand-in, for what pauses a host.
    pub fn elsewhere(name: &str) -> Self {
        Self { base: Self::new(name).base.replace("127.0.0.1", "localhost") }
    }

    pub fn config(&self) -> Config {
        Config::default().base(BaseUrl::parse(&self.base).expect("a base URL"))
    }

    /// `POST /stand-in/{order}`, see tests/stand-in/README.md.
    pub async fn order(&self, order: &str, body: &str) {
        let init = Object::new();
        set(&init, "method", "POST");
        set(&init, "body", body);
        self.control(order, &init).await;
    }

    /// The targets of the requests so far.
    pub async fn log(&self) -> Vec<String> {
        let log: Array = self.control("log", &Object::new()).await.unchecked_into();
        log.iter().filter_map(|entry| Reflect::get(&entry, &"target".into()).ok()?.as_string()).collect()
    }

    async fn control(&self, order: &str, init: &Object) -> JsValue {
        let fetch: Function =
            Reflect::get(&js_sys::global(), &"fetch".into()).expect("fetch").unchecked_into();
        let url = format!("{}/stand-in/{order}", self.base);
        let reply = settled(fetch.call2(&JsValue::UNDEFINED, &url.into(), init)).await;
        let text: Function = Reflect::get(&reply, &"text".into()).expect("a Response").unchecked_into();
        let text = settled(text.call0(&reply)).await.as_string().expect("text");
        let ok = Reflect::get(&reply, &"ok".into()).expect("a Response");
        assert!(ok.is_truthy(), "the stand-in refuses {order}: {text}");
        JSON::parse(&text).unwrap_or(JsValue::NULL)
    }
}

async fn settled(promise: Result<JsValue, JsValue>) -> JsValue {
    let promise: Promise = promise.expect("a promise").unchecked_into();
    JsFuture::from(promise).await.expect("the stand-in answers")
}

pub fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    Reflect::set(object, &name.into(), &value.into()).expect("an object");
}
