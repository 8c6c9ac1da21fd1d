//! Contract §1.1 to §1.5 and §1.7.

use serde_json::json;
use stand_in::{Model, Request, Site, Version};

use crate::{NOW, check, get, json, site};

const UNPARSABLE: &str = r#"{"error":"Could not parse provided model versions array."}"#;

/// A site on which only the versions 1, 2, 3, 7, 16 and 1000 exist, all open.
fn small() -> Site {
    let mut site = Site::empty();
    site.add_model(Model::new(5, 50));
    for id in [1, 2, 3, 7, 16, 1000] {
        site.add_version(Version::new(id, 5));
    }
    site
}

/// Every row of the table of §1.3 that ends in 200.
#[test]
fn parses_ids_as_javascript_does() {
    let site = small();
    for (query, body) in [
        ("", "[]"),
        ("entityIds[]=1", "[]"),
        ("entityIds=", r#"{"0":false}"#),
        ("entityIds=,", r#"{"0":false}"#),
        ("entityIds=1,,2", r#"{"0":false,"1":true,"2":true}"#),
        ("entityIds=1,2,", r#"{"0":false,"1":true,"2":true}"#),
        ("entityIds=-1", r#"{"-1":false}"#),
        ("entityIds=2,-1,1", r#"{"1":true,"2":true,"-1":false}"#),
        ("entityIds=0", r#"{"0":false}"#),
        ("entityIds=-0", r#"{"0":false}"#),
        ("entityIds=1,1", r#"{"1":true}"#),
        ("entityIds=%201%20,%C2%A02%0A", r#"{"1":true,"2":true}"#),
        ("entityIds=007", r#"{"7":true}"#),
        ("entityIds=+1", r#"{"1":true}"#),
        ("entityIds=%2B1", r#"{"1":true}"#),
        ("entityIds=0x10", r#"{"16":true}"#),
        ("entityIds=0b11", r#"{"3":true}"#),
        ("entityIds=0o7", r#"{"7":true}"#),
        ("entityIds=1e3", r#"{"1000":true}"#),
        ("entityIds=1.0", r#"{"1":true}"#),
        ("entityIds=1&entityIds=2", r#"{"1":true,"2":true}"#),
        ("entityIds=1%2C2", r#"{"1":true,"2":true}"#),
        ("entityIds=1&userId=", r#"{"1":true}"#),
        ("entityIds=9&userId=0", r#"{"9":false}"#),
        ("entityIds=9&userId=-5", r#"{"9":false}"#),
        ("entityIds=1&userId=%205%20", r#"{"1":true}"#),
        ("entityIds=1&userId=1.5", r#"{"1":true}"#),
        ("entityIds=1&entityType=ModelVersion&permission=Generate", r#"{"1":true}"#),
        ("entityIds=1&cacheBuster=17", r#"{"1":true}"#),
    ] {
        assert_eq!(check(&site, query), (200, body.into()), "{query}");
    }
}

/// Every row of the table of §1.3 that ends in 400.
#[test]
fn refuses_what_the_schema_refuses() {
    let site = small();
    for query in [
        "entityIds=abc",
        "entityIds=1,abc",
        "entityIds=1;2",
        "entityIds=1%202",
        "entityIds=null",
        "entityIds=NaN",
        "entityIds=Infinity",
        "entityIds=inf",
        "entityIds=1e999",
        "entityIds=1_000",
        "entityIds=0x",
        "entityIds=0xg",
        "entityIds=1,2&entityIds=3",
        "entityIds=1&userId=abc",
        "entityIds=1&userId=1&userId=2",
        "entityIds=1&permission=Foo",
        "entityIds=1&permission=generate",
        "entityIds=1&permission=",
        "entityIds=1&permission=Generate&permission=Generate",
        "entityIds=1&entityType=Model",
        "entityIds=1&entityType=",
        // The schema is looked at before the ids are found to be none.
        "permission=Foo",
    ] {
        assert_eq!(check(&site, query), (400, UNPARSABLE.into()), "{query}");
    }
}

/// The rows of §1.3 that pass the schema and fail in the database.
#[test]
fn fails_on_what_is_no_int4() {
    let site = small();
    for query in [
        "entityIds=1.5",
        "entityIds=2147483648",
        "entityIds=1,2147483648",
        "entityIds=-2147483649",
        "entityIds=9007199254740993",
        // Only a denied id makes the database look at such a user.
        "entityIds=9&userId=1.5",
        "entityIds=9&userId=2147483648",
    ] {
        let (status, body) = check(&site, query);
        assert_eq!(status, 500, "{query}");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["message"], "An unexpected error occurred");
        assert!(body["error"].is_object(), "not a text: {body}");
    }
    assert_eq!(check(&site, "entityIds=2147483647"), (200, r#"{"2147483647":false}"#.into()));
}

#[test]
fn a_moderator_is_let_through_before_the_database_sees_the_ids() {
    assert_eq!(
        check(&site(), "entityIds=1.5,900102&userId=30001"),
        (200, r#"{"900102":true,"1.5":true}"#.into())
    );
}

#[test]
fn answers_every_method_alike_but_options() {
    let site = small();
    for method in ["POST", "PUT", "DELETE"] {
        let reply = site.respond(&Request::new(method, "/api/v1/permissions/check?entityIds=1"), NOW);
        assert_eq!((reply.status, reply.text()), (200, r#"{"1":true}"#.into()), "{method}");
    }
    let reply = site.respond(&Request::new("OPTIONS", "/api/v1/permissions/check?entityIds=abc"), NOW);
    assert_eq!((reply.status, reply.text()), (200, String::new()));
    assert_eq!(reply.header("Access-Control-Allow-Methods"), Some("GET"));
}

#[test]
fn sends_its_headers_on_every_status() {
    let site = small();
    for (query, status) in [("entityIds=1", 200), ("", 200), ("entityIds=x", 400), ("entityIds=1.5", 500)] {
        let reply = get(&site, &format!("/api/v1/permissions/check?{query}"));
        assert_eq!(reply.status, status);
        for (name, value) in [
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Headers", "*"),
            ("Access-Control-Allow-Methods", "GET"),
            ("Cache-Control", "public, s-maxage=300, stale-while-revalidate=150"),
            ("Content-Type", "application/json; charset=utf-8"),
            ("X-Frame-Options", "DENY"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{query}");
        }
        assert!(reply.header("ETag").is_some());
        for name in ["Vary", "Access-Control-Expose-Headers", "Access-Control-Max-Age"] {
            assert_eq!(reply.header(name), None);
        }
    }
}

#[test]
fn compares_the_etag() {
    let site = small();
    let target = "/api/v1/permissions/check?entityIds=1";
    let etag = get(&site, target).header("ETag").unwrap().to_owned();
    let ask = |tag: &str| site.respond(&Request::get(target).with("If-None-Match", tag), NOW);
    assert_eq!((ask(&etag).status, ask(&etag).body.len()), (304, 0));
    assert_eq!(ask(&format!("\"x\", W/{etag}")).status, 304);
    assert_eq!(ask("\"x\"").status, 200);
    assert_eq!(ask("*").status, 304);
    assert_ne!(get(&site, "/api/v1/permissions/check?entityIds=9").header("ETag"), Some(&*etag));
}

#[test]
fn blocks_regions_without_cors_headers() {
    let site = small();
    for country in ["GB", "AU"] {
        let request = Request::get("/api/v1/permissions/check?entityIds=1").with("CF-IPCountry", country);
        let reply = site.respond(&request, NOW);
        assert_eq!(reply.status, 451);
        assert_eq!(json(&reply)["code"], "REGION_BLOCKED");
        assert_eq!(reply.header("Access-Control-Allow-Origin"), None);
        assert_eq!(reply.header("Cache-Control"), Some("max-age=0, private, no-cache"));
    }
}

/// §0 rows 1 to 3 and §7: what the docs promise instead.
#[test]
fn can_answer_as_documented() {
    let mut site = small();
    site.documented = true;
    assert_eq!(check(&site, "entityIds=1,9,2"), (200, r#"{"1":true,"2":true}"#.into()));
    assert_eq!(check(&site, "entityIds="), (200, "[]".into()));
    assert_eq!(check(&site, ""), (400, UNPARSABLE.into()));
    assert_eq!(check(&site, "entityIds=1&permission=Foo"), (400, r#"{"error":"Invalid permission"}"#.into()));
}

#[test]
fn says_not_found_in_html_elsewhere() {
    for target in
        ["/api/v1/nothing", "/api/v2/models", "/api/v1/model-versions/by-hash/AA", "/api/v1/models/1/2"]
    {
        let reply = get(&small(), target);
        assert_eq!(reply.status, 404, "{target}");
        assert_eq!(reply.header("Content-Type"), Some("text/html; charset=utf-8"));
        assert_eq!(reply.header("Access-Control-Allow-Origin"), None);
    }
    assert_eq!(json(&get(&small(), "/api/v1/models/9")), json!({ "error": "No model with id 9" }));
}
