//! A transient failure is retried, and a final one is not.

use crate::support::{OPEN, START, World, config, failure, rule, site, user};
use civitai_permissions::{Code, State, Step};
use stand_in::{Rule, Site};

#[test]
fn a_transient_failure_is_retried() {
    for fault in [
        Rule { status: Some(503), ..rule() },
        Rule { status: Some(500), ..rule() },
        Rule { html: true, ..rule() },
        Rule { truncate: Some(5), ..rule() },
        Rule { cut: Some(stand_in::Cut::Middle), ..rule() },
        Rule { hang: true, ..rule() },
        Rule { oversize_bytes: Some(1 << 30), ..rule() },
        Rule { omit: vec![10], ..rule() },
        Rule { status: Some(429), ..rule() },
    ] {
        let mut world = World::new(site(|_| false));
        world.session.faults.set(vec![Rule { times: Some(2), ..fault.clone() }]);
        assert_eq!(world.check([10], None), [OPEN], "{fault:?}");
        assert_eq!(world.sent.len(), 3, "{fault:?}");
    }
}

#[test]
fn before_a_retry_is_a_random_wait() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![Rule { status: Some(502), times: Some(1), ..rule() }]);
    world.ask([10], None, false);
    let Step::Send { request, url, .. } = world.next() else { panic!() };
    world.land(request, &url);
    let Step::Wait(Some(until)) = world.next() else { panic!("it retries at once") };
    assert!((500..=1000).contains(&(until - START)), "{}", until - START);
}

/// Requests for a user within a minute have one URL, so that the CDN cache serves them.
#[test]
fn calls_of_one_minute_share_a_url() {
    let own = |since: u64| {
        let mut world = World::new(site(|_| true));
        world.now = START + since;
        world.check([10], user(5));
        world.sent[1].clone()
    };
    assert_eq!(own(0), own(59_999));
    assert_ne!(own(0), own(60_000));
}

/// Retries within half a minute share the CDN cache.
#[test]
fn retries_share_a_url_for_thirty_seconds() {
    let retry = |since: u64| {
        let mut world = World::new(site(|_| false));
        world.session.faults.set(vec![Rule { status: Some(502), times: Some(1), ..rule() }]);
        world.ask([10], None, false);
        world.now = START + since;
        let Step::Send { request, url, .. } = world.next() else { panic!() };
        world.land(request, &url);
        // The longest first wait.
        world.now += 1000;
        while world.sent.len() < 2 {
            world.next();
        }
        world.sent[1].clone()
    };
    assert_eq!(retry(0), retry(28_000));
    assert_ne!(retry(0), retry(31_000));
}

#[test]
fn what_fails_every_time_is_unknown_with_its_code() {
    for (fault, code, status) in [
        (Rule { status: Some(503), ..rule() }, Code::Http, Some(503)),
        (Rule { html: true, ..rule() }, Code::InvalidResponse, Some(200)),
        (Rule { cut: Some(stand_in::Cut::Before), ..rule() }, Code::Network, None),
        (Rule { hang: true, ..rule() }, Code::Timeout, None),
        (Rule { oversize_bytes: Some(1 << 30), ..rule() }, Code::InvalidResponse, None),
        (Rule { omit: vec![10], ..rule() }, Code::InvalidResponse, Some(200)),
        (Rule { set: [("10".into(), "yes".into())].into(), ..rule() }, Code::InvalidResponse, Some(200)),
        (Rule { status: Some(429), ..rule() }, Code::RateLimited, Some(429)),
    ] {
        let mut world = World::new(site(|_| false));
        world.session.faults.set(vec![fault.clone()]);
        let failure = failure(world.check([10], None)[0]);
        assert_eq!((failure.code, failure.status), (code, status), "{fault:?}");
        assert_eq!(world.sent.len(), 4, "{fault:?}");
    }
}

#[test]
fn what_is_final_is_asked_once() {
    for (status, code) in [
        (401, Code::Unauthorized),
        (451, Code::RegionBlocked),
        (403, Code::Http),
        (404, Code::Http),
        (302, Code::Http),
    ] {
        let mut world = World::new(site(|_| false));
        world.session.faults.set(vec![Rule { status: Some(status), ..rule() }]);
        assert_eq!(failure(world.check([10], None)[0]).code, code);
        assert_eq!(world.sent.len(), 1);
    }
}

#[test]
fn answers_that_arrived_are_not_lost_with_the_rest() {
    let mut world = World::new(site(|id| id == 11));
    world.session.faults.set(vec![Rule { omit: vec![12], ..rule() }]);
    let states = world.check(10..14, None);
    assert_eq!([states[0], states[1], states[3]], [OPEN, State::Denied, OPEN]);
    assert_eq!(failure(states[2]).code, Code::InvalidResponse);
    assert_eq!(world.sent.len(), 4);
    assert!(
        world.sent[1].contains("entityIds=12&t="),
        "only the missing one is asked again: {}",
        world.sent[1]
    );
}

#[test]
fn without_retries_every_request_is_sent_once() {
    // A rejected batch is split all the same.
    for (status, requests) in [(400, 3), (414, 3), (429, 1), (500, 3), (503, 1)] {
        let mut world = World::with(site(|_| false), config().retries(0));
        world.session.faults.set(vec![Rule { status: Some(status), ..rule() }]);
        assert_eq!(failure(world.check(10..12, None)[0]).status, Some(status));
        assert_eq!(world.sent.len(), requests, "{status}");
    }
}

#[test]
fn retries_do_not_multiply_the_load_of_an_outage() {
    let mut world = World::with(Site::empty(), config().max_batch(1));
    world.session.faults.set(vec![Rule { status: Some(502), ..rule() }]);
    world.check(1..=100, None);
    assert!(world.sent.len() <= 116, "{}", world.sent.len());
}
