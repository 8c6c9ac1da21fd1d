//! Ordered faults.

use serde_json::{Value, json};
use stand_in::{Cut, Delivery, Reply, Request, Session};

use crate::{NOW, site};

const CHECK: &str = "/api/v1/permissions/check?entityIds=2514310,2402203";

fn session(rules: Value) -> Session {
    let mut session = Session::new(site());
    session.faults.set(serde_json::from_value(rules).unwrap());
    session
}

fn ask(session: &mut Session, target: &str) -> Reply {
    session.answer(&Request::get(target), NOW).reply
}

fn statuses(session: &mut Session, targets: &[&str]) -> Vec<u16> {
    targets.iter().map(|target| ask(session, target).status).collect()
}

#[test]
fn concern_the_requests_that_they_name() {
    let mut session = session(json!([
        { "match": "permissions/check", "after": 1, "times": 2, "status": 500 },
        { "match": "/models", "status": 503, "headers": { "Retry-After": "2" } },
    ]));
    assert_eq!(statuses(&mut session, &[CHECK; 5]), [200, 500, 500, 200, 200]);
    assert_eq!(statuses(&mut session, &["/api/v1/models?ids=827184"; 2]), [503, 503]);
    assert_eq!(ask(&mut session, "/api/v1/models").header("Retry-After"), Some("2"));
    assert_eq!(statuses(&mut session, &["/api/v1/me"]), [401]);
}

#[test]
fn the_first_that_applies_has_the_request() {
    let mut session = session(json!([{ "status": 500, "times": 1 }, { "status": 400, "times": 1 }]));
    assert_eq!(statuses(&mut session, &[CHECK; 3]), [500, 400, 200]);
}

#[test]
fn statuses_come_as_the_contract_has_them() {
    for (status, body, cors) in [
        (400, r#"{"error":"Could not parse provided model versions array."}"#, true),
        (401, r#"{"error":"Unauthorized"}"#, true),
        (500, "An unexpected error occurred", true),
        (451, "REGION_BLOCKED", false),
        (429, "<!DOCTYPE html>", false),
        (403, "<!DOCTYPE html>", false),
        (503, "<!DOCTYPE html>", false),
    ] {
        let reply = ask(&mut session(json!([{ "status": status }])), CHECK);
        assert_eq!(reply.status, status);
        assert!(reply.text().contains(body), "{status}: {}", reply.text());
        assert_eq!(reply.header("Access-Control-Allow-Origin").is_some(), cors, "{status}");
    }
}

#[test]
fn cors_can_be_forced_on_and_off() {
    let reply = ask(&mut session(json!([{ "status": 429, "cors": true }])), CHECK);
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    let reply = ask(&mut session(json!([{ "cors": false }])), CHECK);
    assert_eq!((reply.status, reply.header("Access-Control-Allow-Origin")), (200, None));
}

#[test]
fn bodies_can_be_anything() {
    let body = |rule: Value| ask(&mut session(json!([rule])), CHECK).text();
    assert!(body(json!({ "html": true })).starts_with("<!DOCTYPE html>"));
    assert_eq!(body(json!({ "truncate": 12 })), r#"{"2402203":f"#);
    assert_eq!(body(json!({ "body": { "2514310": "yes" } })), r#"{"2514310":"yes"}"#);
    assert_eq!(body(json!({ "body": "<" })), "<");
    assert_eq!(
        body(json!({ "status": 400, "body": { "error": "Invalid permission" } })),
        r#"{"error":"Invalid permission"}"#
    );
    let html = ask(&mut session(json!([{ "html": true }])), CHECK);
    assert_eq!((html.status, html.header("Access-Control-Allow-Origin")), (200, Some("*")));
}

#[test]
fn lies_alter_an_answer() {
    let mut session = session(json!([{ "omit": [2_514_310], "set": { "2402203": "yes", "5": true } }]));
    let reply = ask(&mut session, CHECK);
    assert_eq!(reply.text(), r#"{"2402203":"yes","5":true}"#);
    assert_eq!(reply.header("ETag"), None, "that was the tag of the true answer");
}

#[test]
fn a_list_can_lack_models_and_members_and_hold_words_that_nobody_knows() {
    const LIST: &str = "/api/v1/models?ids=900300,900200&nsfw=true";
    let list = |rule: Value| {
        let reply = ask(&mut session(json!([rule])), LIST);
        serde_json::from_slice::<Value>(&reply.body).unwrap()["items"].clone()
    };
    let ids = |items: &Value| items.as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    let ids: Vec<Value> = ids(&list(json!({ "match": "/models?", "hide": [900_200] })));
    assert_eq!(ids, [900_300]);

    let stripped = list(json!({ "strip": ["availability"] }));
    assert_eq!(stripped[0].get("availability"), None);
    assert_eq!(stripped[0]["modelVersions"][0].get("availability"), None);
    assert_eq!(stripped[0]["name"], "Buyer's First Style");

    let replaced = list(json!({ "replace": { "availability": "MembersOnly", "paidAccess": null } }));
    assert_eq!(replaced[1]["availability"], "MembersOnly");
    assert_eq!(replaced[1]["modelVersions"][0]["availability"], "MembersOnly");
    assert_eq!(replaced[1]["modelVersions"][0]["paidAccess"], Value::Null);
}

#[test]
fn what_fails_at_the_models_says_nothing_in_particular() {
    for (target, words) in
        [("/api/v1/models?ids=1", "went wrong"), ("/api/v1/models/1", "went wrong"), (CHECK, "unexpected")]
    {
        let reply = ask(&mut session(json!([{ "status": 500 }])), target);
        assert!(reply.text().contains(words), "{target}: {}", reply.text());
    }
}

#[test]
fn poison_fails_exactly_the_checks_that_hold_it() {
    let mut session = session(json!([{ "poison": [7] }, { "poison": [8], "status": 400 }]));
    let check = |ids: &str| format!("/api/v1/permissions/check?entityIds={ids}");
    for (ids, status) in [("1,7,9", 500), ("7", 500), ("77,1", 200), ("1,9", 200), ("8", 400), ("9%2C7", 500)]
    {
        assert_eq!(ask(&mut session, &check(ids)).status, status, "{ids}");
    }
    assert_eq!(ask(&mut session, "/api/v1/models?ids=7").status, 200);
}

#[test]
fn what_only_a_server_can_do_is_told_to_it() {
    let delivery = |rule: Value| session(json!([rule])).answer(&Request::get(CHECK), NOW).delivery;
    assert_eq!(delivery(json!({ "latencyMs": 5 })), Delivery { latency_ms: 5, ..Delivery::default() });
    assert_eq!(delivery(json!({ "cut": "before" })).cut, Some(Cut::Before));
    assert_eq!(delivery(json!({ "cut": "middle" })).cut, Some(Cut::Middle));
    assert!(delivery(json!({ "hang": true })).hang);
    assert_eq!(delivery(json!({ "oversizeBytes": 9 })).oversize_bytes, Some(9));
    assert_eq!(delivery(json!({ "bytesPerSecond": 9 })).bytes_per_second, Some(9));
    // A slow failure is both, though one happens in the site and one in front.
    let both = json!([{ "latencyMs": 5 }, { "status": 500, "latencyMs": 7 }]);
    let answer = session(both).answer(&Request::get(CHECK), NOW);
    assert_eq!((answer.reply.status, answer.delivery.latency_ms), (500, 12));
}
