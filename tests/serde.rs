//! The feature `serde`: the npm module's names of members, and back.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends by panicking"
)]

use civitai_permissions::{
    AskOptions, Config, Engine, Explanation, Link, ModelId, Outcome, Resource, Step, UserId, VersionId,
    find_resources,
};
use serde_json::{Value, json};

/// What is explained when every request is answered so.
fn explained(status: u16, body: &[u8]) -> Explanation {
    let mut engine = Engine::new(Config::default().retries(0), 1);
    engine.explain(&[VersionId::new(5).unwrap()], AskOptions::default(), 0);
    loop {
        match engine.step(0) {
            Step::Send { request, .. } => {
                engine.on_outcome(
                    request,
                    Outcome::Reply { status, retry_after: None, as_of: Some(7), body },
                    0,
                );
            }
            Step::Explain { explanation, .. } if explanation.complete => return *explanation,
            Step::Wait(None) => panic!("no explanation"),
            _ => {}
        }
    }
}

#[test]
fn an_explanation_has_the_names_of_the_npm_module() {
    let explanation = explained(200, br#"{"5":true}"#);
    let value = serde_json::to_value(&explanation).unwrap();
    for (name, expected) in [
        ("entityId", json!(5)),
        ("state", json!("granted")),
        ("personal", json!(false)),
        ("generation", json!("open")),
        ("usable", json!(true)),
        ("complete", json!(true)),
        ("asOf", json!(7)),
        ("gate", json!("none")),
    ] {
        assert_eq!(value[name], expected, "{name}");
    }
    for name in [
        "exists",
        "endsAt",
        "freeTrials",
        "canGenerate",
        "modelId",
        "modelName",
        "versionName",
        "ownerId",
        "air",
    ] {
        assert!(value.get(name).is_some(), "{name}");
    }
    assert_eq!(serde_json::from_value::<Explanation>(value).unwrap(), explanation);
}

#[test]
fn a_failure_stands_beside_the_state_that_it_explains() {
    let explanation = explained(451, b"");
    let value = serde_json::to_value(&explanation).unwrap();
    assert_eq!(
        (&value["state"], &value["code"], &value["status"]),
        (&json!("unknown"), &json!("REGION_BLOCKED"), &json!(451))
    );
    assert_eq!(serde_json::from_value::<Explanation>(value).unwrap(), explanation);
}

#[test]
fn an_id_is_a_number_and_no_other_number_is_one() {
    assert_eq!(serde_json::to_value(VersionId::new(5)).unwrap(), json!(5));
    assert_eq!(serde_json::from_value::<ModelId>(json!(5)).ok(), ModelId::new(5));
    for bad in [json!(0), json!(2_147_483_648_u32), json!("5"), json!(1.5), Value::Null] {
        assert!(serde_json::from_value::<UserId>(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn what_was_found_has_the_names_of_the_npm_module() {
    let found: Vec<Resource> = find_resources("civitai:1@2");
    let expected = json!([{ "text": "civitai:1@2", "entityId": 2, "modelId": 1, "source": "civitai" }]);
    assert_eq!(serde_json::to_value(&found).unwrap(), expected);
    let link: Link = "civitai.com/models/1".parse().unwrap();
    assert_eq!(serde_json::to_value(link).unwrap(), json!({ "modelId": 1, "entityId": null }));
}
