//! What JavaScript calls. Arguments are read at once, so that a list changed later does not matter; answers come by
//! promises, which reject with a `PermissionsError` or with the caller's own reason.

use super::answers;
use super::asked::Asked;
use super::client::{Client, Question};
use super::errors;
use super::ids;
use super::options::{Options, Scope};
use super::timer::now;
use crate::engine::Ask;
use crate::id::{ModelId, VersionId};
use js_sys::{Function, Promise};
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

/// Takes the function that makes a `PermissionsError` of a message and its details; without it, errors are plain ones
/// with the same fields.
#[wasm_bindgen(js_name = makeErrorsWith)]
pub fn make_errors_with(
    #[wasm_bindgen(unchecked_param_type = "(message: string, details: any) => PermissionsError")]
    make: Function,
) {
    errors::make_with(make);
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

    /// What model links lead to: one for each distinct model, in order of first mention.
    #[wasm_bindgen(unchecked_return_type = "Promise<ModelVersions[]>")]
    pub fn versions(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Iterable<ModelIdLike> & object")] models: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ExplainOptions")] options: &JsValue,
    ) -> Promise {
        promise(self.begin(models, options, Topic::Versions), Form::List)
    }

    /// Verdicts as they arrive.
    ///
    /// # Errors
    /// Names what is wrong with the arguments; or the signal's reason.
    pub fn verdicts(
        &self,
        #[wasm_bindgen(js_name = entityIds, unchecked_param_type = "EntityIds")] entity_ids: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CheckOptions")] options: &JsValue,
    ) -> Result<VerdictReader, JsValue> {
        self.begin(entity_ids, options, Topic::Check).map(|(asked, _)| VerdictReader(asked))
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

    /// Rejects whoever waits with this.
    pub fn end(&self, reason: &JsValue) {
        self.0.end(reason);
    }

    fn begin(&self, ids: &JsValue, options: &JsValue, topic: Topic) -> Begun {
        let scope = if topic == Topic::Check { Scope::Call } else { Scope::LookUp };
        let ids = match topic {
            Topic::Versions => {
                let models: Vec<ModelId> = ids::list(ids, "models")?;
                models.into_iter().filter_map(|model| VersionId::new(model.get())).collect()
            }
            _ => ids::list(ids, "entityIds")?,
        };
        begin(&self.0, ids, Options::read(options, scope)?, topic)
    }
}

/// Verdicts as they arrive; freeing it cancels the rest.
#[wasm_bindgen]
#[derive(Debug)]
pub struct VerdictReader(Rc<Asked>);

#[wasm_bindgen]
impl VerdictReader {
    /// Those that arrived since the last call; an empty list: that was all.
    #[wasm_bindgen(unchecked_return_type = "Promise<Verdict[]>")]
    pub fn next(&self) -> Promise {
        promise(Ok((self.0.clone(), Vec::new())), Form::More)
    }

    /// Throws what its caller gets instead of further verdicts.
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
    let ids = ids::list(ids, "entityIds")?;
    let mut options = Options::read(options, Scope::Both)?;
    options.config.max_age = 0;
    let client = options.client(false);
    begin(&client, ids, options, Topic::Check)
}

/// The arguments are good: asks, unless the signal has fired.
fn begin(client: &Rc<Client>, ids: Vec<VersionId>, options: Options, topic: Topic) -> Begun {
    if let Some(signal) = &options.signal {
        signal.check()?;
    }
    let Options { user, fresh, not_owned, bulk, signal, .. } = options;
    let ask = Ask { ids: &ids, user, fresh };
    let mut asked = client.ask(match topic {
        Topic::Check => Question::Check { ask, not_owned },
        Topic::Explain => Question::Explain { ask, bulk },
        Topic::Versions => Question::Versions { models: &ids, fresh, bulk },
    });
    if let Some(signal) = signal {
        let listener = signal.listen(asked.ending())?;
        asked.listen(listener);
    }
    Ok((Rc::new(asked), ids))
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
