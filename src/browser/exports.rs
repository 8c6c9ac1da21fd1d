//! What JavaScript calls. Arguments are read at once, so that a list changed later does not matter; answers come by
//! promises, which reject with a `PermissionsError` or with the caller's own reason.

use super::answers;
use super::asked::Asked;
use super::client::{Client, Question};
use super::errors;
use super::ids;
use super::options::{Options, Scope};
use super::separate;
use super::timer::now;
use super::values;
use crate::id::{ModelId, VersionId};
use crate::link::Link;
use js_sys::{Array, Function, Promise};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../js/types.d.ts");

/// Which of these model versions may be generated with: one shot, caches nothing. For JavaScript; in Rust,
/// [`Checker`](crate::Checker) is less trouble.
#[wasm_bindgen(js_name = checkPermissions, unchecked_return_type = "Promise<Verdicts>")]
pub fn check_permissions(
    #[wasm_bindgen(js_name = entityIds, unchecked_param_type = "EntityIds")] entity_ids: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "CheckOptions & CheckerOptions")] options: &JsValue,
) -> Promise {
    promise(begin_once(entity_ids, options), Form::Verdicts)
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
        promise(self.begin(entity_ids, options, Topic::Check), Form::Verdicts)
    }

    /// Verdicts with their reasons: one for each distinct id, in order of first mention.
    #[wasm_bindgen(unchecked_return_type = "Promise<Explanation[]>")]
    pub fn explain(
        &self,
        #[wasm_bindgen(js_name = entityIds, unchecked_param_type = "EntityIds")] entity_ids: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ExplainOptions")] options: &JsValue,
    ) -> Promise {
        promise(self.begin(entity_ids, options, Topic::Explain), Form::List)
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
        promise(self.begin_on_page(entity_ids, page, options), Form::List)
    }

    /// What model links lead to: one for each distinct model, in order of first mention.
    #[wasm_bindgen(unchecked_return_type = "Promise<ModelVersions[]>")]
    pub fn versions(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Iterable<ModelIdLike> & object")] models: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ExplainOptions")] options: &JsValue,
    ) -> Promise {
        promise(self.begin_versions(models, options), Form::List)
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
        self.begin(entity_ids, options, Topic::Check).map(|(asked, _)| Reader(asked))
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
        self.begin(entity_ids, options, Topic::Explain).map(|(asked, _)| Reader(asked))
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

    fn begin(&self, ids: &JsValue, options: &JsValue, topic: Topic) -> Begun {
        let scope = if topic == Topic::Check { Scope::Call } else { Scope::LookUp };
        let ids: Vec<VersionId> = ids::list(ids, "entityIds")?;
        begin(&self.0, ids, Options::read(options, scope)?, topic)
    }

    fn begin_on_page(&self, ids: &JsValue, page: &str, options: &JsValue) -> Begun {
        let ids: Vec<VersionId> = ids::list(ids, "entityIds")?;
        let options = Options::read(options, Scope::LookUp)?;
        let asked = ask(&self.0, Question::OnPage(&ids, page), options)?;
        Ok((asked, ids.into_iter().map(VersionId::get).collect()))
    }

    fn begin_versions(&self, models: &JsValue, options: &JsValue) -> Begun {
        let models: Vec<ModelId> = ids::list(models, "models")?;
        let options = Options::read(options, Scope::LookUp)?;
        let asked = ask(&self.0, Question::Versions(&models), options)?;
        Ok((asked, models.into_iter().map(ModelId::get).collect()))
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
        promise(Ok((self.0.clone(), Vec::new())), Form::More)
    }

    /// Throws what its caller gets instead of further answers.
    ///
    /// # Errors
    /// The signal's reason, if it has fired.
    pub fn check(&self) -> Result<(), JsValue> {
        self.0.rejected().map_or(Ok(()), Err)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Check,
    Explain,
}

#[derive(Clone, Copy)]
enum Form {
    Verdicts,
    List,
    More,
}

/// The ask, and the ids that it mentions, in their order.
type Begun = Result<(Rc<Asked>, Vec<u32>), JsValue>;

fn begin_once(ids: &JsValue, options: &JsValue) -> Begun {
    let ids = ids::list(ids, "entityIds")?;
    let mut options = Options::read(options, Scope::Both)?;
    options.config.max_age = 0;
    let client = options.client(false);
    begin(&client, ids, options, Topic::Check)
}

fn begin(client: &Rc<Client>, ids: Vec<VersionId>, options: Options, topic: Topic) -> Begun {
    let question = match topic {
        Topic::Check => Question::Check(&ids),
        Topic::Explain => Question::Explain(&ids),
    };
    let asked = ask(client, question, options)?;
    Ok((asked, ids.into_iter().map(VersionId::get).collect()))
}

/// The arguments are good: asks, unless the signal has fired.
fn ask(client: &Rc<Client>, question: Question<'_>, options: Options) -> Result<Rc<Asked>, JsValue> {
    if let Some(signal) = &options.signal {
        signal.check()?;
    }
    let mut asked = client.ask(question, options.ask);
    if let Some(signal) = options.signal {
        let listener = signal.listen(asked.ending())?;
        asked.listen(listener);
    }
    Ok(Rc::new(asked))
}

/// One future for all, since each kind of its own would cost a kilobyte.
fn promise(begun: Begun, form: Form) -> Promise {
    future_to_promise(async move {
        let (asked, mentioned) = begun?;
        match form {
            Form::Verdicts => answers::verdicts(&asked.all().await?, asked.client()),
            Form::List => Ok(answers::in_order(&asked.all().await?, &mentioned, &asked)?.into()),
            Form::More => Ok(answers::each(&asked.more().await?, asked.client())?.into()),
        }
    })
}
