//! Contract §3.

use serde_json::json;
use stand_in::{Reply, Request};

use crate::{NOW, json, site};

fn me(request: &Request) -> Reply {
    site().respond(request, NOW)
}

fn user(request: Request) -> Option<u64> {
    let reply = me(&request);
    match reply.status {
        200 => json(&reply)["id"].as_u64(),
        401 => None,
        status => panic!("{status}"),
    }
}

#[test]
fn names_the_tokens_owner() {
    let reply = me(&Request::get("/api/v1/me").with("Authorization", "Bearer token-of-12345"));
    let body = json(&reply);
    assert_eq!(reply.status, 200);
    assert_eq!((&body["id"], &body["username"]), (&json!(12_345), &json!("first_buyer")));
    assert_eq!((&body["status"], &body["isMember"]), (&json!("active"), &json!(false)));
    assert!(body.get("tokenScope").is_some());
}

#[test]
fn finds_the_token_where_the_contract_looks() {
    let ask = || Request::get("/api/v1/me");
    let cookie = "theme=dark; civ-token=token-of-12345";
    assert_eq!(user(ask().with("Authorization", "Whatever token-of-12345")), Some(12_345));
    assert_eq!(user(ask().with("Authorization", "token-of-12345")), None, "the second word counts");
    assert_eq!(user(Request::get("/api/v1/me?token=token-of-12345")), Some(12_345));
    assert_eq!(user(Request::get("/api/v1/me?token=token-of-12345").with("Authorization", "Bearer x")), None);
    assert_eq!(user(ask().with("Cookie", cookie)), Some(12_345));
    assert_eq!(
        user(ask().with("Cookie", cookie).with("Authorization", "Bearer x")),
        None,
        "no way back to the cookie"
    );
    assert_eq!(user(ask().with("Authorization", "Bearer token-of-40001")), None, "banned");
    assert_eq!(user(ask()), None);
}

#[test]
fn a_cookie_shows_less_than_a_token() {
    let reply = me(&Request::get("/api/v1/me").with("Cookie", "civ-token=token-of-12345"));
    assert_eq!((reply.status, json(&reply).get("tokenScope")), (200, None));
}

#[test]
fn refuses_with_exactly_this_body_and_keeps_it_private() {
    let reply = me(&Request::get("/api/v1/me"));
    assert_eq!((reply.status, reply.text()), (401, r#"{"error":"Unauthorized"}"#.into()));
    assert_eq!(reply.header("Cache-Control"), Some("max-age=0, private, no-cache"));
}

#[test]
fn lets_only_civitais_own_origins_read_it() {
    for (origin, allowed) in [
        ("https://civitai.com", "https://civitai.com"),
        ("https://civitai.red", "https://civitai.red"),
        ("https://example.org", "https://civitai.com"),
    ] {
        let reply = me(&Request::get("/api/v1/me").with("Origin", origin));
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some(allowed));
        assert_eq!(reply.header("Access-Control-Allow-Credentials"), Some("true"));
    }
    assert_eq!(me(&Request::new("OPTIONS", "/api/v1/me")).status, 200);
    let reply = me(&Request::new("POST", "/api/v1/me"));
    assert_eq!((reply.status, json(&reply)), (405, json!({ "error": "Method not allowed" })));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("https://civitai.com"));
}
