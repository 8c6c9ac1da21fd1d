//! What links name: one table for this and for the extension's own reader of links.

use civitai_permissions::Link;
use serde_json::Value;

#[test]
fn every_case_of_the_shared_table_is_read() {
    let table: Value = serde_json::from_str(include_str!("../fixtures/links.json")).expect("JSON");
    let cases = table["cases"].as_array().expect("a list");
    assert!(cases.len() > 60, "{}", cases.len());
    for case in cases {
        let text = case["link"].as_str().expect("a link");
        let expected = |name: &str| case.get(name).and_then(Value::as_u64);
        let link: Option<Link> = text.parse().ok();
        let model = link.and_then(|link| link.model).map(|id| u64::from(id.get()));
        let version = link.and_then(|link| link.version).map(|id| u64::from(id.get()));
        assert_eq!((model, version), (expected("model"), expected("version")), "{text}");
    }
}
