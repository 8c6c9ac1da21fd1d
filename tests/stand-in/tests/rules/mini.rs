//! Contract §4.1.

use serde_json::{Value, json};
use stand_in::Request;

use crate::{NOW, get, json, site};

fn mini(path: &str) -> (u16, Value) {
    let reply = get(&site(), &format!("/api/v1/model-versions/mini/{path}"));
    (reply.status, json(&reply))
}

#[test]
fn tells_whether_a_check_is_needed_and_on_what_terms() {
    let absent = None;
    let null = Some(Value::Null);
    let ends = |day: u32| Some(json!(format!("2026-08-{day}T00:00:00.000Z")));
    for (id, check_permission, ends_at, tries) in [
        ("2514310", false, absent.clone(), absent.clone()),
        // Of a gate that has expired, which says nothing of today.
        ("2167369", false, Some(json!("2026-07-16T00:00:00.000Z")), Some(json!(10))),
        ("2402203", true, ends(21), Some(json!(10))),
        ("900101", true, ends(28), Some(json!(10))),
        ("900102", true, ends(18), Some(json!(10))),
        ("900103", true, null.clone(), Some(json!(10))),
        // Generation is free: no check, though a check would deny it (§0 row 7).
        ("900104", false, absent.clone(), absent.clone()),
        ("900105", true, null.clone(), Some(json!(0))),
        ("900106", true, null.clone(), null.clone()),
        ("900107", true, null.clone(), Some(json!(10))),
        ("900501", true, null.clone(), null.clone()),
        ("902201", false, absent.clone(), absent.clone()),
        ("902202", true, ends(20), Some(json!(0))),
        ("902203", true, ends(17), null.clone()),
        // Private: tries and end are those of a gate that does not matter.
        ("902601", true, ends(22), Some(json!(10))),
        ("902602", true, Some(json!("2026-07-16T00:00:00.000Z")), Some(json!(10))),
    ] {
        let (status, body) = mini(id);
        assert_eq!((status, &body["checkPermission"]), (200, &json!(check_permission)), "{id}");
        assert_eq!(body.get("earlyAccessEndsAt"), ends_at.as_ref(), "{id}");
        assert_eq!(body.get("freeTrialLimit"), tries.as_ref(), "{id}");
    }
}

#[test]
fn before_september_an_expired_gate_left_nothing_and_fields_were_fewer() {
    let mut site = site();
    let keys = |site: &stand_in::Site, id| {
        let body = json(&get(site, &format!("/api/v1/model-versions/mini/{id}")));
        ["earlyAccessEndsAt", "freeTrialLimit", "isPromoted", "evictable"].map(|key| body.get(key).is_some())
    };
    assert_eq!(keys(&site, 2_167_369), [true; 4]);
    assert_eq!(keys(&site, 2_514_310), [false, false, true, true]);
    site.august = true;
    assert_eq!(keys(&site, 2_167_369), [false; 4]);
    assert_eq!(keys(&site, 902_602), [true, true, false, false]);
}

#[test]
fn coverage_says_nothing_of_the_gate() {
    for (id, can_generate) in [
        ("2514310", true),
        ("2402203", true),
        ("900701", false),
        ("900702", false),
        ("900703", false),
        ("900501", false),
        ("901001", false),
        // Always, for this type.
        ("902301", false),
        ("902302", false),
    ] {
        assert_eq!(mini(id).1["canGenerate"], can_generate, "{id}");
    }
    let request = Request::get("/api/v1/model-versions/mini/900501");
    let owners = site().respond(&request.with("Authorization", "Bearer token-of-20002"), NOW);
    assert_eq!(json(&owners)["canGenerate"], true);
}

#[test]
fn names_owner_and_availability() {
    let (_, body) = mini("900601");
    assert_eq!((&body["userId"], &body["availability"]), (&json!(20_002), &json!("Unsearchable")));
    assert_eq!((&body["modelName"], &body["versionName"]), (&json!("Kestrel By Link"), &json!("By link")));
}

#[test]
fn shows_drafts_to_their_owner_and_moderators() {
    let ask = |token: &str| {
        let request = Request::get("/api/v1/model-versions/mini/901201");
        site().respond(&request.with("Authorization", token), NOW).status
    };
    assert_eq!(mini("901201").0, 404);
    assert_eq!(ask("Bearer token-of-12345"), 404);
    assert_eq!((ask("Bearer token-of-20002"), ask("Bearer token-of-30001")), (200, 200));
}

#[test]
fn refuses_ids_and_parameters() {
    let refusal = |why: &str| (400, json!({ "error": format!("✖ {why}\n  → at id") }));
    let model_not_found = (404, json!({ "error": "Model not found" }));
    for (path, reply) in [
        ("abc", refusal("Invalid input: expected number, received NaN")),
        ("1.5", refusal("Invalid input: expected int, received number")),
        ("0", refusal("Too small: expected number to be >0")),
        ("2147483648", refusal("Too big: expected number to be <=2147483647")),
        ("999999999", model_not_found),
        ("2514310?modelFileId=1", (404, json!({ "error": "Missing model file" }))),
    ] {
        assert_eq!(mini(path), reply, "{path}");
    }
    // The schema wants a number where a query has text (§0, other errors).
    assert_eq!(mini("2514310?epoch=3").0, 400);
    assert_eq!(mini("2514310?modelFileId=2514310").0, 200);
}
