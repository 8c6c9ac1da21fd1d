//! Contract §1.7: what sticks in front of the site.

use stand_in::{Edge, Freshness, Reply, Request, Session};

use crate::{NOW, site};

const CHECK: &str = "/api/v1/permissions/check?entityIds=2402203";
const SECOND: u64 = 1000;

fn session() -> Session {
    Session { edge: Some(Edge::default()), ..Session::new(site()) }
}

/// Body, `CF-Cache-Status` and `Age`.
fn ask(session: &mut Session, target: &str, now_ms: u64) -> (String, String, Option<String>) {
    let reply = session.answer(&Request::get(target), now_ms).reply;
    let header = |name| reply.header(name).map(str::to_owned);
    (reply.text(), header("CF-Cache-Status").unwrap(), header("Age"))
}

#[test]
fn keeps_a_verdict_for_300_seconds_and_gives_it_stale_for_150_more() {
    let denied = r#"{"2402203":false}"#;
    let granted = r#"{"2402203":true}"#;
    let mut session = session();
    assert_eq!(ask(&mut session, CHECK, NOW), (denied.into(), "MISS".into(), None));
    session.site.set_gate(2_402_203, None);
    let hit = (denied.into(), "HIT".into(), Some("299".into()));
    assert_eq!(ask(&mut session, CHECK, NOW + 299 * SECOND), hit);
    // Another URL is another entry, so an ignored parameter passes it by.
    assert_eq!(ask(&mut session, &format!("{CHECK}&_=1"), NOW + 299 * SECOND).0, granted);
    let stale = (denied.into(), "STALE".into(), Some("449".into()));
    assert_eq!(ask(&mut session, CHECK, NOW + 449 * SECOND), stale);
    // The stale reply was the last old one: the site was asked behind it.
    assert_eq!(
        ask(&mut session, CHECK, NOW + 450 * SECOND),
        (granted.into(), "HIT".into(), Some("1".into()))
    );
}

#[test]
fn asks_again_when_even_the_stale_time_is_over() {
    let mut session = session();
    ask(&mut session, CHECK, NOW);
    session.site.set_gate(2_402_203, None);
    assert_eq!(ask(&mut session, CHECK, NOW + 450 * SECOND).1, "MISS");
}

#[test]
fn keeps_errors_too() {
    let mut session = session();
    session.faults.set(vec![serde_json::from_str(r#"{ "status": 500, "times": 1 }"#).unwrap()]);
    for _ in 0..2 {
        assert_eq!(session.answer(&Request::get(CHECK), NOW).reply.status, 500);
    }
    assert_eq!(session.answer(&Request::get(CHECK), NOW + 450 * SECOND).reply.status, 200);
    let refused = "/api/v1/permissions/check?entityIds=abc";
    assert_eq!(ask(&mut session, refused, NOW).1, "MISS");
    assert_eq!(ask(&mut session, refused, NOW).1, "HIT");
}

#[test]
fn keeps_nothing_that_comes_from_in_front_or_is_private() {
    let mut session = session();
    session
        .faults
        .set(vec![serde_json::from_str(r#"{ "match": "check", "status": 429, "times": 1 }"#).unwrap()]);
    assert_eq!(session.answer(&Request::get(CHECK), NOW).reply.status, 429);
    assert_eq!(ask(&mut session, CHECK, NOW).1, "MISS");
    let me = "/api/v1/me?token=token-of-12345";
    assert_eq!(
        (ask(&mut session, me, NOW).1, ask(&mut session, me, NOW).1),
        ("DYNAMIC".into(), "DYNAMIC".into())
    );
    let options = session.answer(&Request::new("OPTIONS", CHECK), NOW).reply;
    assert_eq!((options.text(), options.header("CF-Cache-Status")), (String::new(), None));
}

#[test]
fn compares_the_etag_of_what_it_keeps() {
    let mut session = session();
    let etag = session.answer(&Request::get(CHECK), NOW).reply.header("ETag").unwrap().to_owned();
    let known = Request::get(CHECK).with("If-None-Match", &etag);
    assert_eq!(session.answer(&known, NOW).reply.status, 304);
    assert_eq!(session.answer(&Request::get(CHECK), NOW).reply.status, 200);
}

#[test]
fn a_date_comes_with_every_reply() {
    let mut session = session();
    session.clock_ahead_ms = 60_000;
    let reply = session.answer(&Request::get(CHECK), NOW).reply;
    assert_eq!(reply.header("Date"), Some("Sat, 15 Aug 2026 00:01:00 GMT"));
}

#[test]
fn works_alone() {
    let mut edge = Edge::default();
    let reply = Reply::html(200, "x").with("Cache-Control", "public, s-maxage=2");
    edge.put("/a", reply, NOW);
    assert_eq!(edge.get("/a", NOW + 1999).unwrap().1, Freshness::Hit);
    assert_eq!(edge.get("/a", NOW + 2000), None);
    assert_eq!(edge.get("/a", NOW - 1), None, "from the future: the clock was put back");
    assert_eq!(edge.get("/b", NOW), None);
}
