//! What JavaScript calls. Arguments are read at once, so that a list changed later does not matter; answers come by
//! promises, which reject with a `PermissionsError` or with the caller's own reason.

use super::answers;
use super::asked::Asked;
use super::client::{Client, Question};
use super::deferred::{self, Deferred};
use super::errors;
use super::ids::{self, Id};
use super::options::{Options, Scope};
use super::separate;
use super::timer::now;
use super::values;
use crate::id::{ModelId, VersionId};
use crate::link::Link;
use js_sys::{Array, Function, Promise};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../js/types.d.ts");

/// Which of these model versions may be generated with: one shot, caches nothing. For JavaScript; in Rust,
/// [`Checker`](crate::Checker) is less trouble.
#[wasm_bindgen(js_name = checkPermissions, unchecked_return_type = "Promise<Verdicts>")]
pub fn check_permissions(
    #[wasm_bindgen(js_name = entityIds, unchecked_param_type = "EntityIds")] entity_ids: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "CheckOptions & CheckerOptions")] options: &JsValue,
) -> Promise {
    promise(check_once(entity_ids, options))
}

/// The id that a number, a bigint or a text names.
///
/// # Errors
/// Says what keeps it from being an id.
#[wasm_bindgen(js_name = parseEntityId)]
pub fn parse_entity_id(
    #[wasm_bindgen(unchecked_param_type = "EntityIdLike")] input: &JsValue,
) -> Result<u32, JsValue> {
    ids::one(input).map(VersionId::get)
}

/// What a link or an AIR names; null: no link or AIR to a model.
#[wasm_bindgen(
    js_name = parseLink,
    unchecked_return_type = "{ modelId: number | null; entityId: number | null } | null"
)]
pub fn parse_link(
    #[wasm_bindgen(unchecked_param_type = "string")] input: &JsValue,
) -> Result<JsValue, JsValue> {
    let link = input.as_string().and_then(|text| text.parse::<Link>().ok());
    link.map_or(Ok(JsValue::NULL), answers::link)
}

/// The resources that a text or a value names, each once, in order of first mention.
#[wasm_bindgen(js_name = findResources, unchecked_return_type = "Resource[]")]
pub fn find_resources_in(
    #[wasm_bindgen(unchecked_param_type = "unknown")] source: &JsValue,
) -> Result<Array, JsValue> {
    values::resources(source).iter().map(answers::resource).collect()
}

/// Takes the function that makes a `PermissionsError` of a message and its details; without it, errors are plain ones
/// with the same fields.
#[wasm_bindgen(js_name = makeErrorsWith)]
pub fn make_errors_with(
    #[wasm_bindgen(unchecked_param_type = "(message: string, details: any) => PermissionsError")]
    make: Function,
) {
    errors::make_with(make);
}

/// Takes the function that makes an object with a promise and its `resolve` and `reject`; without it, promises are plain
/// ones. Its maker can reject the open ones when the instance has trapped.
#[wasm_bindgen(js_name = makePromisesWith)]
pub fn make_promises_with(
    #[wasm_bindgen(
        unchecked_param_type = "() => { promise: Promise<any>; resolve(answer: any): void; reject(reason: any): void }"
    )]
    make: Function,
) {
    deferred::make_with(make);
}

/// For platforms that serve many requests with one instance, such as Cloudflare Workers: from now on calls share the
/// cache and nothing that is under way.
#[wasm_bindgen(js_name = separateCalls)]
pub fn separate_calls() {
    separate::switch_on();
}

/// A checker for the life of an app: it joins calls and caches verdicts.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PermissionChecker(Rc<Client>);

#[wasm_bindgen]
impl PermissionChecker {
    /// A checker that knows nothing yet.
    ///
    /// # Errors
    /// Names the option that is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "CheckerOptions")] options: &JsValue,
    ) -> Result<Self, JsValue> {
        Ok(Self(Options::read(options, Scope::Checker)?.client(true)))
    }

    /// Verdicts by id.
    #[wasm_bindgen(unchecked_return_type = "Promise<Verdicts>")]
    pub fn check(
        &self,
        #[wasm_bindgen(js_name = entityIds, unchecked_param_type = "EntityIds")] entity_ids: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CheckOptions")] options: &JsValue,
    ) -> Promise {
        promise(self.begin_check(entity_ids, options))
    }

    /// Verdicts with their reasons: one for each distinct id, in order of first mention.
    #[wasm_bindgen(unchecked_return_type = "Promise<Explanation[]>")]
    pub fn explain(
        &self,
        #[wasm_bindgen(js_name = entityIds, unchecked_param_type = "EntityIds")] entity_ids: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ExplainOptions")] options: &JsValue,
    ) -> Promise {
        promise(self.begin_explain(entity_ids, None, options))
    }

    /// The same with what a page of Civitai's tells of them, for the extension: see
    /// [`Engine::explain_on_page`](crate::Engine::explain_on_page).
    #[wasm_bindgen(js_name = explainOnPage, unchecked_return_type = "Promise<Explanation[]>")]
    pub fn explain_on_page(
        &self,
        #[wasm_bindgen(js_name = entityIds, unchecked_param_type = "EntityIds")] entity_ids: &JsValue,
        page: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "ExplainOptions")] options: &JsValue,
    ) -> Promise {
        promise(self.begin_explain(entity_ids, Some(page), options))
    }

    /// What model links lead to: one for each distinct model, in order of first mention.
    #[wasm_bindgen(unchecked_return_type = "Promise<ModelVersions[]>")]
    pub fn versions(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Iterable<ModelIdLike> & object")] models: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ExplainOptions")] options: &JsValue,
    ) -> Promise {
        promise(self.begin_versions(models, options))
    }

    /// Verdicts as they arrive.
    ///
    /// # Errors
    /// Names what is wrong with the arguments; or the signal's reason.
    pub fn verdicts(
        &self,
        #[wasm_bindgen(js_name = entityIds, unchecked_param_type = "EntityIds")] entity_ids: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CheckOptions")] options: &JsValue,
    ) -> Result<Reader, JsValue> {
        let (ids, options) = arguments(entity_ids, "entityIds", options, Scope::Call)?;
        ask(&self.0, Question::Check(&ids), options).map(Reader)
    }

    /// Verdicts with their reasons as they arrive: with `complete: false` as soon as the verdict is known, and once more.
    ///
    /// # Errors
    /// Names what is wrong with the arguments; or the signal's reason.
    pub fn explanations(
        &self,
        #[wasm_bindgen(js_name = entityIds, unchecked_param_type = "EntityIds")] entity_ids: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ExplainOptions")] options: &JsValue,
    ) -> Result<Reader, JsValue> {
        let (ids, options) = arguments(entity_ids, "entityIds", options, Scope::LookUp)?;
        ask(&self.0, Question::Explain(&ids), options).map(Reader)
    }

    /// Drops what is cached of these ids, or everything.
    ///
    /// # Errors
    /// Names the id that is none.
    pub fn clear(
        &self,
        #[wasm_bindgen(js_name = entityIds, unchecked_optional_param_type = "EntityIds")]
        entity_ids: &JsValue,
    ) -> Result<(), JsValue> {
        let ids = if entity_ids.is_undefined() { None } else { Some(ids::list(entity_ids, "entityIds")?) };
        self.0.engine(|engine| engine.clear(ids.as_deref()));
        Ok(())
    }

    /// The cache as text.
    #[must_use]
    pub fn snapshot(&self) -> String {
        let now = now();
        self.0.engine(|engine| engine.snapshot(now))
    }

    /// Takes a snapshot back; `false` for what is none of ours.
    #[must_use]
    pub fn restore(&self, #[wasm_bindgen(unchecked_param_type = "string")] snapshot: &JsValue) -> bool {
        let now = now();
        snapshot.as_string().is_some_and(|text| self.0.engine(|engine| engine.restore(&text, now)))
    }

    /// Rejects the waiting call with this.
    pub fn end(&self, reason: &JsValue) {
        self.0.end(reason);
    }

    fn begin_check(&self, ids: &JsValue, options: &JsValue) -> Result<Begun, JsValue> {
        let (ids, options) = arguments(ids, "entityIds", options, Scope::Call)?;
        if let Some(known) = self.0.known(&ids, options.ask) {
            return answers::known(known.into_iter()).map(Begun::Known);
        }
        Ok(Begun::Check(ask(&self.0, Question::Check(&ids), options)?))
    }

    fn begin_explain(&self, ids: &JsValue, page: Option<&str>, options: &JsValue) -> Result<Begun, JsValue> {
        let (ids, options) = arguments::<VersionId>(ids, "entityIds", options, Scope::LookUp)?;
        let question = page.map_or(Question::Explain(&ids), |page| Question::OnPage(&ids, page));
        let asked = ask(&self.0, question, options)?;
        Ok(Begun::List(asked, ids.into_iter().map(VersionId::get).collect()))
    }

    fn begin_versions(&self, models: &JsValue, options: &JsValue) -> Result<Begun, JsValue> {
        let (models, options) = arguments::<ModelId>(models, "models", options, Scope::LookUp)?;
        let asked = ask(&self.0, Question::Versions(&models), options)?;
        Ok(Begun::List(asked, models.into_iter().map(ModelId::get).collect()))
    }
}

/// Answers as they arrive; freeing it cancels the rest.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Reader(Rc<Asked>);

#[wasm_bindgen]
impl Reader {
    /// Those that arrived since the last call; an empty list: that was all.
    #[wasm_bindgen(unchecked_return_type = "Promise<(Verdict | Explanation)[]>")]
    pub fn next(&self) -> Promise {
        let deferred = Deferred::new();
        let promise = deferred.promise();
        let asked = self.0.clone();
        spawn_local(async move {
            let more = asked.more().await;
            let answers = more.and_then(|answers| answers::each(&answers, asked.client()));
            deferred.settle(answers.map(JsValue::from));
        });
        promise
    }

    /// Throws what its caller gets instead of further answers.
    ///
    /// # Errors
    /// The signal's reason, if it has fired.
    pub fn check(&self) -> Result<(), JsValue> {
        self.0.rejected().map_or(Ok(()), Err)
    }
}

/// A call that has begun.
enum Begun {
    /// It has ended, too.
    Known(JsValue),
    Check(Rc<Asked>),
    /// With the ids that it mentions, in their order.
    List(Rc<Asked>, Vec<u32>),
}

fn check_once(ids: &JsValue, options: &JsValue) -> Result<Begun, JsValue> {
    let (ids, mut options) = arguments(ids, "entityIds", options, Scope::Both)?;
    options.config().max_age = 0;
    let client = options.client(false);
    Ok(Begun::Check(ask(&client, Question::Check(&ids), options)?))
}

/// The arguments of a call, unless its signal has fired.
fn arguments<T: Id>(
    ids: &JsValue,
    name: &str,
    options: &JsValue,
    scope: Scope,
) -> Result<(Vec<T>, Options), JsValue> {
    let ids = ids::list(ids, name)?;
    let options = Options::read(options, scope)?;
    if let Some(signal) = &options.signal {
        signal.check()?;
    }
    Ok((ids, options))
}

fn ask(client: &Rc<Client>, question: Question<'_>, options: Options) -> Result<Rc<Asked>, JsValue> {
    let mut asked = client.ask(question, options.ask);
    if let Some(signal) = options.signal {
        let listener = signal.listen(asked.ending())?;
        asked.listen(listener);
    }
    Ok(Rc::new(asked))
}

/// Settled as soon as all answers are there.
fn promise(begun: Result<Begun, JsValue>) -> Promise {
    let (asked, mentioned) = match begun {
        Err(error) => return Promise::reject(&error),
        Ok(Begun::Known(verdicts)) => return Promise::resolve(&verdicts),
        Ok(Begun::Check(asked)) => (asked, None),
        Ok(Begun::List(asked, mentioned)) => (asked, Some(mentioned)),
    };
    let deferred = Deferred::new();
    let promise = deferred.promise();
    asked.keep(deferred, mentioned);
    promise
}
