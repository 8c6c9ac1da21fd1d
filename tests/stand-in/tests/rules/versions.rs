//! Contract §2.1.

use serde_json::{Value, json};
use stand_in::Request;

use crate::{NOW, get, json, site};

fn version(id: &str) -> (u16, Value) {
    let reply = get(&site(), &format!("/api/v1/model-versions/{id}"));
    (reply.status, json(&reply))
}

#[test]
fn shows_a_version_with_the_public_form_of_its_gate() {
    for (id, paid_access) in [
        ("2514310", Value::Null),
        ("2402203", json!({ "permanent": false, "endsAt": "2026-08-21T00:00:00.000Z" })),
        ("900103", json!({ "permanent": true, "endsAt": null })),
        ("900107", json!({ "permanent": false, "endsAt": null })),
        ("2167369", Value::Null),
    ] {
        let (status, body) = version(id);
        assert_eq!((status, &body["paidAccess"]), (200, &paid_access), "{id}");
        assert!(body.get("paidAccess").is_some(), "present even when null");
        // What the docs show here and the source does not have (§0 row 8, §2.1).
        for absent in
            ["availability", "earlyAccessEndsAt", "earlyAccessConfig", "covered", "canGenerate", "userId"]
        {
            assert_eq!(body.get(absent), None);
        }
    }
    let (_, body) = version("2514310");
    assert_eq!(body["modelId"], 827_184);
    assert_eq!(body["model"]["name"], "WAI-illustrious-SDXL");
    assert_eq!(body["air"], "urn:air:sdxl:checkpoint:civitai:827184@2514310");
}

#[test]
fn refuses_ids() {
    let nan = json!({ "error": "✖ Invalid input: expected number, received NaN\n  → at id" });
    let failed = json!({ "error": "Failed to fetch model version details" });
    for (id, reply) in [
        ("abc", (400, nan)),
        ("0", (400, json!({ "error": "Missing modelVersionId" }))),
        ("2147483648", (500, failed.clone())),
        ("1.5", (500, failed)),
        ("999999999", (404, json!({ "error": "Model not found" }))),
        ("-1", (404, json!({ "error": "Model not found" }))),
    ] {
        assert_eq!(version(id), reply, "{id}");
    }
}

#[test]
fn hides_what_is_not_out_or_not_rated() {
    let ask = |id: u32, token: &str| {
        let request = Request::get(&format!("/api/v1/model-versions/{id}"));
        site().respond(&request.with("Authorization", &format!("Bearer {token}")), NOW).status
    };
    let (draft, unrated) = (901_201, 901_202);
    assert_eq!((version("901201").0, version("901202").0), (404, 404));
    assert_eq!((ask(draft, "token-of-30001"), ask(unrated, "token-of-30001")), (200, 404));
    assert_eq!(ask(draft, "token-of-20002"), 404, "its owner neither");
    // Neither the model's privacy nor the version's availability counts here.
    assert_eq!((version("900501").0, version("900601").0), (200, 200));
}

#[test]
fn takes_no_other_method_and_no_preflight() {
    for method in ["OPTIONS", "POST"] {
        for path in ["model-versions/2514310", "model-versions/mini/2514310", "models"] {
            let reply = site().respond(&Request::new(method, &format!("/api/v1/{path}")), NOW);
            assert_eq!((reply.status, json(&reply)), (405, json!({ "error": "Method not allowed" })));
            assert_eq!(reply.header("Access-Control-Allow-Origin"), None);
        }
    }
}

#[test]
fn is_shared_only_without_a_session() {
    let ask = |token: &str| {
        let request = Request::get("/api/v1/model-versions/2514310");
        site().respond(&request.with("Authorization", token), NOW)
    };
    let private = "max-age=0, private, no-cache";
    assert_eq!(ask("Bearer token-of-12345").header("Cache-Control"), Some(private));
    let shared = "public, s-maxage=300, stale-while-revalidate=150";
    assert_eq!(ask("Bearer wrong").header("Cache-Control"), Some(shared));
    assert_eq!(ask("Bearer token-of-12345").header("Access-Control-Allow-Origin"), Some("*"));
}

#[test]
fn can_show_the_documented_shape() {
    let mut site = site();
    site.documented = true;
    let body = json(&get(&site, "/api/v1/model-versions/900102"));
    assert_eq!(body.get("paidAccess"), None);
    assert_eq!(body["earlyAccessEndsAt"], "2026-08-18T00:00:00.000Z");
    assert_eq!(body["earlyAccessConfig"]["chargeForGeneration"], true);
    assert_eq!(body["earlyAccessConfig"]["generationTrialLimit"], 10);
    let body = json(&get(&site, "/api/v1/model-versions/2514310"));
    assert_eq!((&body["earlyAccessEndsAt"], &body["earlyAccessConfig"]), (&Value::Null, &Value::Null));
}
