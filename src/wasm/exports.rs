//! What `src/js` calls. Arguments are read at once, so that a list changed later does not matter;
//! answers come by promises, which reject with a `PermissionsError` or with the caller's own reason.

use super::asked::Asked;
use super::driver::{Driver, Question};
use super::errors;
use super::ids::{self, Kind};
use super::js;
use super::options::{Options, Scope};
use super::out;
use crate::engine::Ask;
use crate::version_id::VersionId;
use js_sys::{Function, Promise};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// The `checkPermissions` of the npm module, for JavaScript: checks once and remembers nothing. In
/// Rust, [`Checker`](crate::Checker) is less trouble.
#[wasm_bindgen(js_name = checkPermissions)]
pub fn check_permissions(ids: &JsValue, options: &JsValue) -> Promise {
    promise(begin_once(ids, options), Form::Verdicts)
}

/// Takes the function that makes a `PermissionsError` of a message and its details.
#[wasm_bindgen(js_name = makeErrorsWith)]
pub fn make_errors_with(make: Function) {
    errors::make_with(make);
}

/// The id that a number, a bigint or a text names.
///
/// # Errors
/// Says what keeps it from being an id.
#[wasm_bindgen(js_name = parseEntityId)]
pub fn parse_entity_id(input: &JsValue) -> Result<u32, JsValue> {
    ids::one(input).map(VersionId::get)
}

/// A checker that joins calls and remembers.
#[wasm_bindgen(js_name = Checker)]
#[derive(Debug)]
pub struct JsChecker(Rc<Driver>);

#[wasm_bindgen(js_class = Checker)]
impl JsChecker {
    /// A checker that knows nothing yet.
    ///
    /// # Errors
    /// Names the option that is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        Ok(Self(Options::read(options, Scope::Checker)?.driver(true)))
    }

    /// Verdicts by id.
    pub fn check(&self, ids: &JsValue, options: &JsValue) -> Promise {
        promise(self.begin(ids, options, Topic::Check), Form::Verdicts)
    }

    /// Verdicts with their reasons.
    pub fn explain(&self, ids: &JsValue, options: &JsValue) -> Promise {
        promise(self.begin(ids, options, Topic::Explain), Form::List)
    }

    /// What models consist of.
    pub fn versions(&self, ids: &JsValue, options: &JsValue) -> Promise {
        promise(self.begin(ids, options, Topic::Versions), Form::List)
    }

    /// Verdicts as they arrive.
    ///
    /// # Errors
    /// Names what is wrong with the arguments; or the signal's reason.
    pub fn stream(&self, ids: &JsValue, options: &JsValue) -> Result<Stream, JsValue> {
        self.begin(ids, options, Topic::Check).map(|(asked, _)| Stream(asked))
    }

    /// Forgets what it remembers of these ids, or everything.
    ///
    /// # Errors
    /// Names the id that is none.
    pub fn clear(&self, ids: &JsValue) -> Result<(), JsValue> {
        let ids = if ids.is_undefined() { None } else { Some(ids::list(ids, Kind::Versions)?) };
        self.0.engine(|engine| engine.clear(ids.as_deref()));
        Ok(())
    }

    /// What it remembers, as text.
    #[must_use]
    pub fn snapshot(&self) -> String {
        let now = js::now();
        self.0.engine(|engine| engine.snapshot(now))
    }

    /// Takes a snapshot back; `false` for what is none of ours.
    #[must_use]
    pub fn restore(&self, snapshot: &JsValue) -> bool {
        let now = js::now();
        snapshot.as_string().is_some_and(|text| self.0.engine(|engine| engine.restore(&text, now)))
    }

    /// Rejects whoever waits with this.
    pub fn end(&self, reason: &JsValue) {
        self.0.end(reason);
    }

    fn begin(&self, ids: &JsValue, options: &JsValue, topic: Topic) -> Begun {
        let kind = if topic == Topic::Versions { Kind::Models } else { Kind::Versions };
        let scope = if topic == Topic::Check { Scope::Call } else { Scope::LookUp };
        let ids = ids::list(ids, kind)?;
        begin(&self.0, ids, Options::read(options, scope)?, topic)
    }
}

/// Verdicts as they arrive; freeing it cancels the rest.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Stream(Rc<Asked>);

#[wasm_bindgen]
impl Stream {
    /// Those that arrived since the last call; an empty list: that was all.
    pub fn next(&self) -> Promise {
        promise(Ok((self.0.clone(), Vec::new())), Form::More)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Check,
    Explain,
    Versions,
}

#[derive(Clone, Copy)]
enum Form {
    Verdicts,
    List,
    More,
}

type Begun = Result<(Rc<Asked>, Vec<VersionId>), JsValue>;

fn begin_once(ids: &JsValue, options: &JsValue) -> Begun {
    let ids = ids::list(ids, Kind::Versions)?;
    let mut options = Options::read(options, Scope::Both)?;
    options.config.max_age = 0;
    let driver = options.driver(false);
    begin(&driver, ids, options, Topic::Check)
}

/// The arguments are good: asks, unless the signal has fired.
fn begin(driver: &Rc<Driver>, ids: Vec<VersionId>, options: Options, topic: Topic) -> Begun {
    if let Some(signal) = &options.signal {
        signal.check()?;
    }
    let ask = Ask { ids: &ids, user: options.user, fresh: options.fresh };
    let mut asked = driver.ask(match topic {
        Topic::Check => Question::Check(ask),
        Topic::Explain => Question::Explain { ask, bulk: options.bulk },
        Topic::Versions => Question::Versions { models: &ids, fresh: options.fresh, bulk: options.bulk },
    });
    if let Some(signal) = options.signal {
        signal.watch(&mut asked)?;
    }
    Ok((Rc::new(asked), ids))
}

/// One future for all, since each kind of its own would cost a kilobyte.
fn promise(begun: Begun, form: Form) -> Promise {
    future_to_promise(async move {
        let (asked, mentioned) = begun?;
        let driver = &asked.driver;
        match form {
            Form::Verdicts => out::verdicts(&asked.all().await?, driver),
            Form::List => Ok(out::in_order(&asked.all().await?, &mentioned, driver).into()),
            Form::More => Ok(out::each(&asked.more().await?, driver).into()),
        }
    })
}
