//! The texts that people have, and what they name.

use civitai_permissions::{Resource, find_resources};
use proptest::prelude::*;
use serde_json::Value;
use std::fs;

#[test]
fn every_kind_of_text_names_what_it_names() {
    let table: Value = serde_json::from_str(include_str!("../fixtures/resources.json")).expect("JSON");
    let cases = table["cases"].as_array().expect("a list");
    assert!(cases.len() >= 20, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let file = case["file"].as_str().expect("a file");
        let path = format!("{}/tests/fixtures/resources/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(path).expect(file);
        let named: Vec<(u32, u32, String)> = find_resources(&text).into_iter().map(ids).collect();
        let expected = case["named"].as_array().expect("a list").iter().map(|named| {
            let id = |index: usize| u32::try_from(named[index].as_u64().unwrap_or_default()).expect("an id");
            (id(0), id(1), named[2].as_str().unwrap_or("civitai").to_owned())
        });
        let expected: Vec<_> = expected.collect();
        if named != expected {
            wrong.push(format!("{file}: {named:?}\n  instead of {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_token_stays_in_what_was_found() {
    let found = find_resources(include_str!("../fixtures/resources/download.sh"));
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|found| !found.text.contains("0123")), "{found:?}");
}

fn ids(found: Resource) -> (u32, u32, String) {
    (found.model.map_or(0, u32::from), found.version.map_or(0, u32::from), found.source)
}

proptest! {
    #[test]
    fn no_text_makes_it_fail(text in r#"([ -~]|[\[\]{}:,"\\@/%]|\PC|civitai(:[0-9]|\.com/models/[0-9])|modelVersionIds?|urn:air:|https://|\\u[0-9a-f]{4}|\n){0,60}"#) {
        for found in find_resources(&text) {
            prop_assert!(found.version.is_some() || found.model.is_some() || found.source != "civitai");
            prop_assert!(!found.text.is_empty());
        }
    }

    #[test]
    fn what_is_named_anywhere_is_found(before in "[ -~]{0,20}", after in "[ -~]{0,20}") {
        let text = format!("{before} urn:air:sdxl:lora:civitai:827184@2514310 {after}");
        prop_assert!(find_resources(&text).into_iter().map(ids).any(|(_, version, _)| version == 2_514_310), "{}", text);
    }
}
