//! Contract §2.4 and §2.5.

use serde_json::{Value, json};
use stand_in::{Gate, Model, Request, Site, Version};

use crate::{NOW, get, json, site};

fn models(query: &str) -> Value {
    let reply = get(&site(), &format!("/api/v1/models?{query}"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    json(&reply)
}

fn ids(list: &Value, key: &str) -> Vec<u64> {
    list[key].as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()).collect()
}

/// The versions of the only model in a list.
fn versions(query: &str) -> Vec<u64> {
    let list = models(query);
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{query}");
    ids(&list["items"][0], "modelVersions")
}

#[test]
fn one_model_leaves_out_what_is_empty() {
    let body = json(&get(&site(), "/api/v1/models/827184"));
    assert_eq!((&body["userId"], &body["creator"]["username"]), (&json!(20_001), &json!("harbour_lights")));
    assert_eq!((&body["availability"], &body["supportsGeneration"]), (&json!("Public"), &json!(true)));
    let [open, gated, expired] = body["modelVersions"].as_array().unwrap().as_slice() else {
        panic!("{body}")
    };
    assert_eq!((&open["id"], &gated["id"]), (&json!(2_514_310), &json!(2_402_203)));
    assert_eq!(gated["paidAccess"], json!({ "permanent": false, "endsAt": "2026-08-21T00:00:00.000Z" }));
    assert_eq!(gated["earlyAccessDeadline"], "2026-08-21T00:00:00.000Z");
    for ungated in [open, expired] {
        for absent in
            ["paidAccess", "earlyAccessDeadline", "description", "trainedWords", "supportsGeneration"]
        {
            assert_eq!(ungated.get(absent), None, "{absent}");
        }
        assert_eq!((&ungated["covered"], &ungated["status"]), (&json!(true), &json!("Published")));
    }
}

#[test]
fn one_model_shows_permanent_gates_without_a_deadline() {
    let body = json(&get(&site(), "/api/v1/models/900100"));
    let wash =
        body["modelVersions"].as_array().unwrap().iter().find(|version| version["id"] == 900_103).unwrap();
    assert_eq!(wash["paidAccess"], json!({ "permanent": true, "endsAt": null }));
    assert_eq!(wash.get("earlyAccessDeadline"), None);
}

#[test]
fn one_model_is_refused() {
    let refusal = |why: &str| (400, json!({ "error": format!("✖ {why}\n  → at id") }));
    let no_model = |id: u32| (404, json!({ "error": format!("No model with id {id}") }));
    for (id, expected) in [
        ("x", refusal("Invalid input: expected number, received NaN")),
        ("0", refusal("Too small: expected number to be >0")),
        ("2147483648", refusal("Too big: expected number to be <=2147483647")),
        ("123", no_model(123)),
        // Private, and of a real person.
        ("900500", no_model(900_500)),
        ("900800", no_model(900_800)),
    ] {
        let reply = get(&site(), &format!("/api/v1/models/{id}"));
        assert_eq!((reply.status, json(&reply)), expected, "{id}");
    }
    // Wider than the list (§4.2).
    for id in [900_600, 900_900, 901_000, 901_100] {
        assert_eq!(get(&site(), &format!("/api/v1/models/{id}")).status, 200, "{id}");
    }
}

#[test]
fn a_list_has_paid_access_null_and_supports_generation() {
    let list = models("ids=827184,900700&nsfw=true");
    assert_eq!(ids(&list, "items"), [900_700, 827_184], "not in the order asked");
    let open = &list["items"][1]["modelVersions"][0];
    assert!(open.get("paidAccess").is_some_and(Value::is_null));
    assert_eq!(open["supportsGeneration"], true);
    for absent in ["covered", "status", "createdAt"] {
        assert_eq!(open.get(absent), None, "{absent}");
    }
    let uncovered = &list["items"][0]["modelVersions"][1];
    assert_eq!((&uncovered["id"], &uncovered["supportsGeneration"]), (&json!(900_702), &json!(false)));
}

#[test]
fn a_list_takes_ids_in_both_forms_and_refuses_others() {
    assert_eq!(ids(&models("ids=827184&ids=900100"), "items"), [900_100, 827_184]);
    for query in ["ids=a", "ids=1,2&ids=3", "modelVersionIds=x", "limit=101", "limit=-1", "limit=x"] {
        let reply = get(&site(), &format!("/api/v1/models?{query}"));
        assert_eq!((reply.status, &json(&reply)["error"]["name"]), (400, &json!("ZodError")), "{query}");
    }
}

#[test]
fn a_list_has_gaps() {
    let wanted = "ids=827184,900400,900500,900600,900800,900900,901000,901100,901200";
    // Private, of a real person and archived models are never in it.
    assert_eq!(ids(&models(&format!("{wanted}&nsfw=true")), "items"), [901_200, 901_100, 900_600, 827_184]);
    // PG only by default; minors are left out under nsfw=true only.
    assert_eq!(ids(&models(wanted), "items"), [901_200, 900_900, 900_600, 827_184]);
    // A draft is not among the versions.
    assert_eq!(versions("ids=901200"), [901_203, 901_202]);
}

#[test]
fn version_ids_lead_to_their_models_and_to_no_other_versions() {
    assert_eq!(versions("modelVersionIds=2402203&nsfw=true"), [2_402_203]);
    assert_eq!(versions("modelVersionIds=900101,900103&nsfw=true"), [900_103, 900_101]);
    // Unlisted versions need `ids` or `username`.
    assert_eq!(models("modelVersionIds=900601&nsfw=true")["items"], json!([]));
    assert_eq!(versions("ids=900600&modelVersionIds=900601"), [900_601]);
    assert_eq!(versions("username=kestrel_studio&modelVersionIds=900601"), [900_601]);
}

#[test]
fn filters_read_even_false_as_true() {
    assert_eq!(versions("ids=900700&supportsGeneration=false"), [900_703]);
    assert_eq!(versions("ids=900100&earlyAccess=false"), [900_107, 900_102, 900_101]);
    assert_eq!(ids(&models("types=Checkpoint"), "items"), [900_700, 827_184]);
    assert_eq!(models("types=Checkpoint,LORA")["items"], json!([]));
    assert_eq!(ids(&models("query=watercolours"), "items"), [900_100]);
    assert_eq!(models("ids=827184&baseModels=Pony")["items"], json!([]));
}

#[test]
fn a_list_sends_all_files_unless_told() {
    let files =
        |query: &str| models(query)["items"][0]["modelVersions"][0]["files"].as_array().unwrap().len();
    assert_eq!((files("ids=827184"), files("ids=827184&primaryFileOnly=true")), (2, 1));
}

#[test]
fn a_list_comes_in_pages() {
    let first = models("limit=2&username=kestrel_studio");
    assert_eq!(ids(&first, "items"), [902_500, 902_300]);
    let next = first["metadata"]["nextCursor"].as_str().unwrap();
    let second = models(&format!("limit=2&username=kestrel_studio&cursor={next}"));
    assert_eq!(ids(&second, "items"), [902_200, 901_200]);
    assert_eq!(ids(&models("limit=2&username=kestrel_studio&page=2"), "items"), [902_200, 901_200]);
    assert_eq!(models("limit=0")["items"], json!([]));
    assert_eq!(models("nsfw=true")["items"].as_array().unwrap().len(), 100);
    assert_eq!(models("ids=827184")["metadata"], json!({}));
    let reply = get(&site(), "/api/v1/models?limit=100&page=11");
    let error = json!({ "error": "You've requested too many pages, please use cursors instead" });
    assert_eq!((reply.status, json(&reply)), (429, error));
}

#[test]
fn personal_filters_want_a_session_by_their_presence() {
    for query in ["favorites=true", "favorites=false", "hidden"] {
        let reply = get(&site(), &format!("/api/v1/models?{query}"));
        assert_eq!((reply.status, reply.text()), (401, r#"{"error":"Unauthorized"}"#.into()));
        let request = Request::get(&format!("/api/v1/models?{query}&token=token-of-12345"));
        assert_eq!(site().respond(&request, NOW).status, 200);
    }
}

#[test]
fn can_show_the_documented_shape() {
    let mut site = Site::empty();
    site.documented = true;
    site.add_model(Model::new(7, 1));
    site.add_version(Version::new(70, 7));
    site.add_version(Version::new(71, 7).gated(Gate::until(NOW + 1000)));
    let body = json(&get(&site, "/api/v1/models?ids=7"));
    let [gated, open] = body["items"][0]["modelVersions"].as_array().unwrap().as_slice() else {
        panic!("{body}")
    };
    assert_eq!((&gated["availability"], &open["availability"]), (&json!("EarlyAccess"), &json!("Public")));
    assert_eq!(gated["earlyAccessEndsAt"], "2026-08-15T00:00:01.000Z");
    assert_eq!((gated.get("paidAccess"), open.get("paidAccess")), (None, None));
}
