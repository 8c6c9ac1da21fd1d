//! One bad id refuses a whole request (contract §1.3): it fails alone.

use crate::support::{OPEN, World, config, failure, limited, rule, site};
use civitai_permissions::{Code, State, Step};
use stand_in::Rule;

#[test]
fn one_bad_id_fails_alone() {
    for culprit in [10, 17, 25] {
        let mut world = World::new(site(|id| id == 11));
        world.session.faults.set(vec![Rule { part: "check".into(), poison: vec![culprit], ..rule() }]);
        let states = world.check(10..26, None);
        for (id, state) in (10..).zip(states) {
            match state {
                State::Unknown(failure) => {
                    assert_eq!(
                        (id, failure.code, failure.status),
                        (i64::from(culprit as u32), Code::Http, Some(500))
                    );
                }
                state => assert_eq!(state, if id == 11 { State::Denied } else { OPEN }),
            }
        }
        assert!(world.sent.len() <= 2 + 2 * 4, "{}: {:#?}", world.sent.len(), world.sent);
    }
}

#[test]
fn a_dead_server_costs_four_requests() {
    for status in [400, 500] {
        let mut world = World::new(site(|_| false));
        world.session.faults.set(vec![Rule { status: Some(status), ..rule() }]);
        for state in world.check(10..60, None) {
            assert_eq!(failure(state).status, Some(status));
        }
        assert_eq!(world.sent.len(), 4, "{:#?}", world.sent);
    }
}

#[test]
fn two_bad_ids_side_by_side_are_both_found() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![Rule { part: "check".into(), poison: vec![10, 11], ..rule() }]);
    let states = world.check(10..26, None);
    assert_eq!(states[2..], [OPEN; 14]);
    assert!(states[..2].iter().all(|state| failure(*state).status == Some(500)));
}

#[test]
fn bad_ids_in_both_halves_look_like_a_dead_server() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![Rule { part: "check".into(), poison: vec![10, 25], ..rule() }]);
    assert!(world.check(10..26, None).iter().all(|state| failure(*state).status == Some(500)));
    assert_eq!(world.sent.len(), 4);
}

#[test]
fn a_refusal_in_the_cdn_cache_is_bypassed() {
    let mut world = World::new(site(|_| false));
    world.session.edge = Some(stand_in::Edge::default());
    world.session.faults.set(vec![Rule { status: Some(500), times: Some(1), ..rule() }]);
    assert_eq!(world.check(10..12, None), [OPEN, OPEN]);
    assert_eq!(world.sent.len(), 2);
    assert!(world.sent[1].contains("&t="), "{}", world.sent[1]);
    // Without the parameter the CDN cache still says 500.
    let (_, reply) =
        world.reply(&format!("{}/api/v1/permissions/check?entityIds=10,11", crate::support::BASE));
    assert_eq!(reply.status, 500);
}

#[test]
fn a_refused_batch_is_split_though_others_have_used_up_the_retries() {
    let mut world = World::with(site(|_| false), config().max_batch(2).concurrency(17));
    world.session.faults.set(vec![
        Rule { status: Some(502), times: Some(16), ..rule() },
        Rule { status: Some(400), times: Some(1), ..rule() },
    ]);
    world.ask(10..42, None, false);
    let mut under_way = Vec::new();
    while let Step::Send { request, url, .. } = world.next() {
        under_way.push((request, url));
    }
    assert_eq!(under_way.len(), 16);
    for (request, url) in under_way {
        world.land(request, &url);
    }
    let refused = world.ask([50, 51], None, false);
    while world.states(refused).len() < 2 {
        match world.next() {
            Step::Send { request, url, .. } => world.land(request, &url),
            Step::Wait(Some(until)) => world.now = until,
            _ => {}
        }
    }
    assert_eq!(world.states(refused), [OPEN; 2]);
    assert!(
        world.sent[17].contains("entityIds=50&") && world.sent[18].contains("entityIds=51&"),
        "{:#?}",
        world.sent
    );
}

#[test]
fn a_half_has_retries_of_its_own() {
    let mut world = World::with(site(|_| false), config().concurrency(1));
    // A fault in front of the site is drawn before one in it.
    world.session.faults.set(vec![
        Rule { status: Some(502), times: Some(1), ..rule() },
        Rule { status: Some(400), times: Some(2), ..rule() },
        Rule { status: Some(502), after: 2, times: Some(4), ..rule() },
    ]);
    assert_eq!(world.check([10, 11], None), [OPEN; 2], "{:#?}", world.sent);
    assert_eq!(world.sent.len(), 9);
}

#[test]
fn a_split_that_a_pause_ends_names_the_request_that_was_refused() {
    let mut world = World::with(site(|_| false), config().concurrency(1));
    let refused = Rule { status: Some(400), times: Some(2), ..rule() };
    world.session.faults.set(vec![refused, Rule { after: 2, ..limited("3600") }]);
    let states = world.check([10, 11, 20, 21], None);
    assert_eq!(world.sent.len(), 3, "{:#?}", world.sent);
    let failures: Vec<_> = states.into_iter().map(failure).collect();
    assert!(failures.iter().all(|failure| failure.code == Code::RateLimited), "{failures:?}");
    // The half that met the pause, and the one still to be sent, both name the request refused last.
    let requests = failures.iter().map(|failure| failure.request.unwrap().get());
    assert_eq!(requests.collect::<Vec<_>>(), [3, 3, 2, 2]);
}

#[test]
fn a_batch_refused_after_other_failures_is_split_all_the_same() {
    let mut world = World::new(site(|_| false));
    let poison = Rule { part: "check".into(), poison: vec![17], ..rule() };
    let cut = Rule { times: Some(3), cut: Some(stand_in::Cut::Before), ..rule() };
    world.session.faults.set(vec![cut, poison]);
    let states = world.check(10..26, None);
    assert_eq!(states.iter().filter(|state| **state == OPEN).count(), 15, "{states:?}");
}

#[test]
fn a_call_that_ends_during_a_split_takes_no_other_answer_along() {
    let mut world = World::new(site(|_| false));
    let first = world.ask(10..14, None, false);
    let second = world.ask(14..18, None, false);
    world.session.faults.set(vec![Rule { part: "check".into(), poison: vec![16], ..rule() }]);
    let mut halves = Vec::new();
    loop {
        match world.next() {
            Step::Send { request, url, .. } if !url.contains("10,11,12,13,14") => halves.push((request, url)),
            Step::Send { request, url, .. } => {
                world.land(request, &url);
            }
            Step::Wait(Some(until)) => world.now = until,
            Step::Wait(None) => break,
            _ => {}
        }
    }
    let refused = halves.iter().find(|(_, url)| url.contains("14,15,16,17")).expect("the upper half");
    world.land(refused.0, &refused.1);
    world.engine.cancel(first);
    world.run();
    let states = world.states(second);
    assert_eq!([states[0], states[1], states[3]], [OPEN; 3], "{states:?}");
    assert_eq!(failure(states[2]).status, Some(500));
}
