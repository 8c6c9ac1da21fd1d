//! `/stand-in/…`: what a test orders while it runs.

use serde_json::{Value, json};
use stand_in::control::control;
use stand_in::{Request, Session};

use crate::{DAY, NOW, site};

fn order(session: &mut Session, method: &str, order: &str, body: Value) -> (u16, Value) {
    let reply = control(session, method, order, body.to_string().as_bytes(), NOW);
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    (reply.status, serde_json::from_slice(&reply.body).unwrap())
}

fn verdict(session: &mut Session, query: &str) -> String {
    session.answer(&Request::get(&format!("/api/v1/permissions/check?{query}")), NOW).reply.text()
}

#[test]
fn a_purchase_is_seen_at_once() {
    let mut session = Session::new(site());
    assert_eq!(verdict(&mut session, "entityIds=2402203&userId=12345"), r#"{"2402203":false}"#);
    let purchase = json!({ "user": 12_345, "version": 2_402_203 });
    assert_eq!(order(&mut session, "POST", "buy", purchase), (200, Value::Null));
    assert_eq!(verdict(&mut session, "entityIds=2402203&userId=12345"), r#"{"2402203":true}"#);
    assert_eq!(verdict(&mut session, "entityIds=2402203"), r#"{"2402203":false}"#);
    let download = json!({ "user": 12_345, "version": 900_103, "bits": 2 });
    order(&mut session, "POST", "buy", download);
    assert_eq!(verdict(&mut session, "entityIds=900103&userId=12345"), r#"{"900103":false}"#);
    assert_eq!(order(&mut session, "POST", "buy", json!({ "user": 1, "version": 1 })).0, 400);
}

#[test]
fn gates_open_and_close() {
    let mut session = Session::new(site());
    order(&mut session, "POST", "gate", json!({ "version": 2_514_310, "endsInMs": 1000 }));
    assert_eq!(verdict(&mut session, "entityIds=2514310"), r#"{"2514310":false}"#);
    let reply = order(&mut session, "POST", "clock", json!({ "advanceMs": 1000 }));
    assert_eq!(reply, (200, json!({ "nowMs": NOW + 1000 })));
    assert_eq!(verdict(&mut session, "entityIds=2514310"), r#"{"2514310":true}"#);
    order(&mut session, "POST", "gate", json!({ "version": 2_514_310, "permanent": true, "trialLimit": 3 }));
    let mini = session.answer(&Request::get("/api/v1/model-versions/mini/2514310"), NOW).reply;
    assert!(mini.text().contains(r#""freeTrialLimit":3"#));
    order(&mut session, "POST", "gate", json!({ "version": 2_514_310 }));
    assert_eq!(verdict(&mut session, "entityIds=2514310"), r#"{"2514310":true}"#);
    assert_eq!(order(&mut session, "POST", "gate", json!({ "version": 1 })).0, 400);
    let both = json!({ "version": 2_514_310, "permanent": true, "endsInMs": 5 });
    assert_eq!(order(&mut session, "POST", "gate", both).0, 400);
}

#[test]
fn the_clock_ends_the_samples_gates() {
    let mut session = Session::new(site());
    order(&mut session, "POST", "clock", json!({ "advanceMs": 7 * DAY }));
    assert_eq!(verdict(&mut session, "entityIds=2402203"), r#"{"2402203":true}"#);
    order(&mut session, "POST", "clock", json!({ "advanceMs": -7 * i64::try_from(DAY).unwrap() }));
    assert_eq!(verdict(&mut session, "entityIds=2402203"), r#"{"2402203":false}"#);
}

#[test]
fn faults_are_set_told_and_taken_away() {
    let mut session = Session::new(site());
    assert_eq!(order(&mut session, "POST", "faults", json!([{ "status": 500 }])).0, 200);
    let (_, reply) = order(&mut session, "GET", "faults", Value::Null);
    assert_eq!(reply[0]["status"], 500);
    order(&mut session, "DELETE", "faults", Value::Null);
    assert_eq!(order(&mut session, "GET", "faults", Value::Null), (200, json!([])));
}

#[test]
fn settings_switch_edge_and_shape() {
    let mut session = Session::new(site());
    order(&mut session, "POST", "settings", json!({ "edge": true, "documented": true }));
    assert!(session.edge.is_some() && session.site.documented);
    order(&mut session, "POST", "settings", json!({ "edge": false }));
    assert!(session.edge.is_none() && session.site.documented && !session.site.august);
    order(&mut session, "POST", "settings", json!({ "august": true }));
    assert!(session.site.august);
}

#[test]
fn a_wrong_order_says_what_was_wrong() {
    let mut session = Session::new(site());
    for (method, name, body, words) in [
        ("POST", "faults", json!([{ "mach": "x" }]), "unknown field `mach`"),
        ("POST", "faults", json!({}), "expected a sequence"),
        ("POST", "clock", json!({ "advance": 1 }), "unknown field `advance`"),
        ("POST", "buy", json!({ "user": 1 }), "missing field `version`"),
        ("GET", "nothing", Value::Null, "no such order: GET nothing"),
        ("PUT", "faults", json!([]), "no such order: PUT faults"),
    ] {
        let (status, reply) = order(&mut session, method, name, body);
        assert_eq!(status, 400);
        assert!(reply["error"].as_str().unwrap().contains(words), "{reply}");
    }
    assert_eq!(order(&mut session, "OPTIONS", "faults", Value::Null).0, 200);
}
