//! The client against the running stand-in (tests/stand-in), the same in browsers and in Node.
//!
//! `STAND_IN` is its address, given when this is compiled; `npm test` does so.

use civitai_permissions::{AskOptions, CheckError, Checker, Code, UserId, VersionId};
use core::pin::Pin;
use core::task::{Context, Waker};
use js_sys::{Array, Reflect};
use session::Session;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use wasm_bindgen_test::wasm_bindgen_test;

mod exports;
mod session;

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<VersionId> {
    numbers.into_iter().map(|number| VersionId::new(number).expect("an id")).collect()
}

fn plain(verdicts: &[(VersionId, bool)]) -> Vec<(u32, bool)> {
    verdicts.iter().map(|(id, granted)| (id.get(), *granted)).collect()
}

/// CORS and the browser itself hide what a server sees.
fn in_node() -> bool {
    Reflect::has(&js_sys::global(), &"process".into()).expect("a global object")
}

/// What the docs' own two ids end with, after one try.
async fn failure(session: &Session) -> CheckError {
    let config = session.config().retries(0).patience(1000);
    let error = Checker::new(config).check(&ids([2514310, 2402203])).await.expect_err("a fault was ordered");
    assert_eq!(
        (error.verdicts.as_slice(), error.unknown.as_slice()),
        (&[][..], &ids([2402203, 2514310])[..])
    );
    assert!(error.to_string().contains("for 2 of 2 model versions (2402203, 2514310)"), "{error}");
    error
}

#[wasm_bindgen_test]
async fn the_docs_own_example() {
    let session = Session::new("example");
    let verdicts = Checker::new(session.config()).check(&ids([2514310, 2402203])).await.expect("verdicts");
    assert_eq!(plain(&verdicts), [(2402203, false), (2514310, true)]);
    assert_eq!(session.log().await, ["/api/v1/permissions/check?entityIds=2402203,2514310"]);
}

#[wasm_bindgen_test]
async fn a_user_is_granted_what_he_bought_and_owns() {
    let session = Session::new("user");
    let checker = Checker::new(session.config());
    let user = UserId::new(12345).expect("an id");
    let asked = ids([2402203, 900201, 900301, 900401]);
    let verdicts =
        checker.check_with(&asked, AskOptions::default().user(Some(user))).await.expect("verdicts");
    assert_eq!(plain(&verdicts), [(900201, true), (900301, true), (900401, true), (2402203, false)]);
}

#[wasm_bindgen_test]
async fn calls_of_one_turn_share_a_request_and_are_remembered() {
    let session = Session::new("joining");
    let checker = Checker::new(session.config());
    for _ in 0..2 {
        let calls = (3_000_001..=3_000_100).map(|id| {
            let checker = checker.clone();
            future_to_promise(async move {
                let verdicts = checker.check(&ids([id])).await.expect("a verdict");
                assert_eq!(plain(&verdicts), [(id, id % 5 != 0)]);
                Ok(JsValue::UNDEFINED)
            })
        });
        let all: Array = calls.collect();
        JsFuture::from(js_sys::Promise::all(&all)).await.expect("all");
    }
    assert_eq!(session.log().await.len(), 1);
}

#[wasm_bindgen_test]
async fn a_users_denied_ids_cost_as_few_requests_as_stated() {
    let user = UserId::new(12345);
    for (numbers, requests) in [
        // All open; all gated ones his own; others' gated ones; both together.
        (&[2514310, 900108, 900303][..], 1),
        (&[2514310, 900301, 900302, 900401], 2),
        (&[2514310, 900101, 900102, 900103], 3),
        (&[900101, 900301, 900302], 4),
    ] {
        let session = Session::new("counts");
        let ids = ids(numbers.iter().copied());
        Checker::new(session.config())
            .check_with(&ids, AskOptions::default().user(user))
            .await
            .expect("verdicts");
        assert_eq!(session.log().await.len(), requests, "{numbers:?}");
    }
}

/// Begins a call, as an `await` does.
fn begin<F: Future>(call: Pin<&mut F>) {
    assert!(call.poll(&mut Context::from_waker(Waker::noop())).is_pending());
}

#[wasm_bindgen_test]
async fn one_of_two_callers_leaves_and_the_other_is_answered() {
    let session = Session::new("leaving");
    session.order("faults", r#"[{"latencyMs":200}]"#).await;
    let checker = Checker::new(session.config());
    let asked = ids([2514310]);
    let mut leaver = Box::pin(checker.check(&asked));
    begin(leaver.as_mut());
    let mut stayer = Box::pin(checker.check(&asked));
    begin(stayer.as_mut());
    drop(leaver);
    assert_eq!(plain(&stayer.await.expect("a verdict")), [(2514310, true)]);
    assert_eq!(session.log().await.len(), 1);
}

#[wasm_bindgen_test]
async fn who_leaves_early_cancels_the_rest() {
    let session = Session::new("early");
    session.order("faults", r#"[{"match":"3000001","latencyMs":400}]"#).await;
    let config = session.config().max_batch(1).concurrency(1);
    let checker = Checker::new(config);
    let asked = ids(3_000_001..=3_000_020);
    let mut call = Box::pin(checker.check(&asked));
    begin(call.as_mut());
    // Another call to wait for, that is sent once the first one's request is under way.
    let other = Checker::new(session.config());
    other.check(&ids([2514310])).await.expect("a verdict");
    drop(call);
    assert_eq!(
        other.check(&ids([2402203])).await.map(|verdicts| plain(&verdicts)).ok(),
        Some(vec![(2402203, false)])
    );
    let crowd = session.log().await.into_iter().filter(|target| target.contains("=30000")).count();
    assert_eq!(crowd, 1, "19 requests were never sent");
}

#[wasm_bindgen_test]
async fn failures_have_their_codes() {
    for (fault, code) in [
        (r#"[{"status":400}]"#, Code::Http),
        (r#"[{"status":401}]"#, Code::Unauthorized),
        (r#"[{"status":500}]"#, Code::Http),
        (r#"[{"html":true}]"#, Code::InvalidResponse),
        (r#"[{"truncate":9}]"#, Code::InvalidResponse),
        (r#"[{"oversizeBytes":20000000}]"#, Code::InvalidResponse),
        (r#"[{"cut":"before"}]"#, Code::Network),
        (r#"[{"cut":"middle"}]"#, Code::Network),
        (r#"[{"hang":true}]"#, Code::Timeout),
    ] {
        let session = Session::new("codes");
        session.order("faults", fault).await;
        assert_eq!(failure(&session).await.code(), code, "{fault}");
    }
}

#[wasm_bindgen_test]
async fn what_cors_hides_is_no_answer_in_a_page() {
    for (status, code) in [(451, Code::RegionBlocked), (403, Code::Http)] {
        let session = Session::new("hidden");
        session.order("faults", &format!(r#"[{{"status":{status}}}]"#)).await;
        let error = failure(&session).await;
        let seen = if in_node() { (code, Some(status)) } else { (Code::Network, None) };
        assert_eq!((error.code(), error.failure.status), seen);
    }
}

#[wasm_bindgen_test]
async fn a_pause_that_is_asked_for_is_kept() {
    let session = Session::elsewhere("gate");
    let fault = r#"[{"status":429,"cors":true,"headers":{"Retry-After":"600","Access-Control-Expose-Headers":"Retry-After"}}]"#;
    session.order("faults", fault).await;
    let error = failure(&session).await;
    assert_eq!((error.code(), error.failure.retry_after), (Code::RateLimited, Some(600_000)));
    assert_eq!(failure(&session).await.code(), Code::RateLimited, "by the host's gate, for another checker");
    assert_eq!(session.log().await.len(), 1);
}

#[wasm_bindgen_test]
async fn a_poisonous_id_fails_alone() {
    let session = Session::new("poison");
    session.order("faults", r#"[{"poison":[3000007]}]"#).await;
    let error = Checker::new(session.config()).check(&ids(3_000_001..=3_000_016)).await.expect_err("poison");
    assert_eq!((error.unknown.as_slice(), error.verdicts.len()), (&ids([3_000_007])[..], 15));
}

#[wasm_bindgen_test]
async fn a_500_that_sticks_at_the_edge_is_passed_by() {
    let session = Session::new("sticky");
    session.order("settings", r#"{"edge":true}"#).await;
    session.order("faults", r#"[{"times":1,"status":500}]"#).await;
    let verdicts = Checker::new(session.config()).check(&ids([2514310])).await.expect("a verdict");
    assert_eq!(plain(&verdicts), [(2514310, true)]);
}

/// `stale-while-revalidate` lets a browser itself serve old verdicts (contract §1.7).
#[wasm_bindgen_test]
async fn no_copy_of_the_browsers_own_is_served() {
    let session = Session::new("stale");
    for (granted, order) in
        [(true, r#"{"version":2514310,"permanent":true}"#), (false, r#"{"version":2514310}"#)]
    {
        let verdicts = Checker::new(session.config()).check(&ids([2514310])).await.expect("a verdict");
        assert_eq!(plain(&verdicts), [(2514310, granted)]);
        session.order("gate", order).await;
    }
}
