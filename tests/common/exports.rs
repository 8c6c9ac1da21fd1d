//! What JavaScript calls, called as JavaScript does: with values of its own, and answers read from promises.

use super::session::{Session, set};
use civitai_permissions::{PermissionChecker, check_permissions, find_resources_in};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

fn options(session: &Session) -> Object {
    let options = Object::new();
    set(&options, "baseUrl", session.base.as_str());
    options
}

/// A value as JavaScript writes it.
fn value(json: &str) -> JsValue {
    JSON::parse(json).expect("JSON")
}

fn json(value: &JsValue) -> String {
    JSON::stringify(value).map(String::from).expect("a value")
}

fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).expect("an object")
}

async fn answer(promise: Promise) -> JsValue {
    JsFuture::from(promise).await.expect("an answer")
}

/// The code of the PermissionsError that a promise rejects with, and the error.
async fn failure(promise: Promise) -> (String, JsValue) {
    let error = JsFuture::from(promise).await.expect_err("a failure");
    (member(&error, "code").as_string().expect("a PermissionsError"), error)
}

#[wasm_bindgen_test]
async fn check_permissions_takes_every_spelling() {
    let session = Session::new("spellings");
    let ids = value(
        r#"[2514310, "2402203", "urn:air:sdxl:lora:civitai:827184@2514310",
            "https://civitai.com/models/827184?modelVersionId=2514310", "civitai.com/model-versions/2514310"]"#,
    );
    let verdicts = answer(check_permissions(&ids, &options(&session))).await;
    assert_eq!(json(&verdicts), r#"{"2402203":false,"2514310":true}"#);
    assert_eq!(session.log().await, ["/api/v1/permissions/check?entityIds=2402203,2514310"]);
    let set_of_ids = js_sys::Set::new(&value("[2514310]"));
    assert_eq!(
        json(&answer(check_permissions(&set_of_ids, &options(&session))).await),
        r#"{"2514310":true}"#
    );
    let bigint: Array = [JsValue::from(2_514_310_u64)].into_iter().collect();
    assert_eq!(json(&answer(check_permissions(&bigint, &options(&session))).await), r#"{"2514310":true}"#);
}

#[wasm_bindgen_test]
async fn bad_arguments_are_named_before_any_request() {
    let session = Session::new("bad");
    let good = options(&session);
    for (ids, reason, message) in [
        (r#""2514310""#, "NOT_AN_ID", "entityIds is \"2514310\": expected a list"),
        ("[1, 0]", "OUT_OF_RANGE", "entityIds[1] is 0: "),
        (r#"["https://civitai.com/models/827184"]"#, "MODEL_ONLY", "names a model"),
        (r#"["urn:air:sdxl:lora:huggingface:1@2"]"#, "OTHER_SOURCE", "source is civitai"),
    ] {
        let (code, error) = failure(check_permissions(&value(ids), &good)).await;
        let said = member(&error, "message").as_string().unwrap_or_default();
        assert_eq!(
            (code.as_str(), member(&error, "reason").as_string().as_deref()),
            ("INVALID_ARGUMENT", Some(reason))
        );
        assert!(said.contains(message), "{said}");
    }
    set(&good, "token", "0123456789abcdef0123456789abcdef");
    let (_, error) = failure(check_permissions(&value("[1]"), &good)).await;
    assert_eq!(member(&error, "reason").as_string().as_deref(), Some("SECRET"));
    assert!(!member(&error, "message").as_string().unwrap_or_default().contains("0123456789"));
    assert!(session.log().await.is_empty());
}

#[wasm_bindgen_test]
async fn a_failure_holds_what_arrived() {
    let session = Session::new("partial");
    session.order("faults", r#"[{"omit":[2402203]}]"#).await;
    let options = options(&session);
    set(&options, "retries", 0);
    let (code, error) = failure(check_permissions(&value("[2514310, 2402203]"), &options)).await;
    assert_eq!(code, "INVALID_RESPONSE");
    assert_eq!(json(&member(&error, "verdicts")), r#"{"2514310":true}"#);
    assert_eq!(json(&member(&error, "unknown")), "[2402203]");
    let brand = js_sys::Symbol::for_("civitai-permissions.error");
    assert_eq!(Reflect::get(&error, &brand), Ok(JsValue::TRUE));
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_the_reason_itself() {
    let session = Session::new("abort");
    session.order("faults", r#"[{"hang":true}]"#).await;
    let controller = web_sys::AbortController::new().expect("a controller");
    let options = options(&session);
    set(&options, "signal", controller.signal());
    let call = check_permissions(&value("[2514310]"), &options);
    let reason = Object::new();
    controller.abort_with_reason(&reason);
    assert_eq!(JsFuture::from(call).await.expect_err("an abort"), JsValue::from(reason));
}

#[wasm_bindgen_test]
async fn a_checker_joins_explains_and_lists() {
    let session = Session::new("checker");
    let checker = PermissionChecker::new(&options(&session)).expect("options");
    let none = JsValue::UNDEFINED;
    let (one, two) = (checker.check(&value("[2514310]"), &none), checker.check(&value("[2402203]"), &none));
    assert_eq!(json(&answer(one).await), r#"{"2514310":true}"#);
    assert_eq!(json(&answer(two).await), r#"{"2402203":false}"#);
    assert_eq!(session.log().await.len(), 1);

    let explained = Array::from(&answer(checker.explain(&value("[900102, 2514310]"), &none)).await);
    let words: Vec<_> =
        explained.iter().map(|one| member(&one, "generation").as_string().unwrap_or_default()).collect();
    assert_eq!(words, ["trial", "open"]);
    let models =
        Array::from(&answer(checker.versions(&value(r#"["civitai.com/models/827184"]"#), &none)).await);
    assert_eq!(member(&models.get(0), "state").as_string().as_deref(), Some("known"));

    let reader = checker.verdicts(&value("[2514310, 2402203]"), &none).expect("arguments");
    assert_eq!(Array::from(&answer(reader.next()).await).length(), 2);
    assert_eq!(Array::from(&answer(reader.next()).await).length(), 0);

    let other = PermissionChecker::new(&options(&session)).expect("options");
    assert!(other.restore(&checker.snapshot().into()));
    let before = session.log().await.len();
    answer(other.check(&value("[2514310, 2402203]"), &none)).await;
    assert_eq!(session.log().await.len(), before);
}

#[wasm_bindgen_test]
async fn a_fetch_of_ones_own_gets_an_address_and_settings() {
    let fetch = Function::new_with_args(
        "url, init",
        "globalThis.seen = [url, init.method, init.credentials]; return Promise.resolve({ status: 200, text: () => '{\"7\":true}' });",
    );
    let options = Object::new();
    set(&options, "fetch", fetch);
    assert_eq!(json(&answer(check_permissions(&value("[7]"), &options)).await), r#"{"7":true}"#);
    let seen = member(&js_sys::global(), "seen");
    let url = "https://civitai.com/api/v1/permissions/check?entityIds=7";
    assert_eq!(json(&seen), format!(r#"["{url}","GET","omit"]"#));
}

#[wasm_bindgen_test]
fn resources_of_a_workflow() {
    let workflow = value(
        r#"{"steps":[{"input":{"model":"urn:air:sdxl:checkpoint:civitai:101055@128078","seed":2514310}}],
            "resources":[{"modelVersionId":2402203}]}"#,
    );
    let found = find_resources_in(&workflow).expect("resources");
    let ids: Vec<_> = found.iter().map(|one| member(&one, "entityId").as_f64()).collect();
    assert_eq!(ids, [Some(128_078.0), Some(2_402_203.0)]);
}
