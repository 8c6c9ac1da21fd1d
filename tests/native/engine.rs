//! The engine against the contract's rules: what is asked, how often, and what comes of it.

use crate::support::{START, World, config, id, ids, outcome, site, user};
use civitai_permissions::{Ask, Code, Config, Failure, Outcome, State, Step};
use stand_in::{Gate, Rule, Site};

const OPEN: State = State::Granted { personal: false };
const MINE: State = State::Granted { personal: true };

#[track_caller]
fn failure(state: State) -> Failure {
    match state {
        State::Unknown(failure) => failure,
        state => panic!("expected unknown, got {state:?}"),
    }
}

fn rule() -> Rule {
    Rule::default()
}

// What is asked, and how often.

#[test]
fn a_hundred_open_ids_are_one_request() {
    let mut world = World::new(site(|_| false));
    assert_eq!(world.check(10..100, None), [OPEN; 90]);
    assert_eq!(world.sent.len(), 1);
}

#[test]
fn nothing_asked_is_nothing_sent() {
    let mut world = World::new(site(|_| false));
    let ask = world.ask([], None, false);
    world.run();
    assert_eq!((world.done, world.sent.len()), (vec![ask], 0));
}

#[test]
fn repeated_ids_in_any_order_give_one_canonical_url() {
    let mut world = World::new(site(|id| id == 12));
    assert_eq!(world.check([30, 12, 12, 11, 30], None), [OPEN, State::Denied, OPEN]);
    assert_eq!(world.sent, ["/api/v1/permissions/check?entityIds=11,12,30"]);
}

#[test]
fn many_ids_are_split_and_sent_four_at_a_time() {
    let mut world = World::with(Site::empty(), Config { max_batch: 10, ..config() });
    let ask = world.ask(1..=95, None, false);
    let mut flying = Vec::new();
    loop {
        match world.next() {
            Step::Send { request, url } => flying.push((request, url)),
            Step::Wait(wait) => {
                assert_eq!(wait, None, "nothing but an outcome can go on");
                assert!(flying.len() <= 4);
                let Some((request, url)) = flying.pop() else { break };
                world.land(request, &url);
            }
            _ => {}
        }
    }
    assert_eq!((world.sent.len(), world.states(ask).len()), (10, 95));
}

#[test]
fn a_long_list_and_those_who_come_after_it_keep_nobody_waiting() {
    for max_batch in [1, 10] {
        let mut world = World::with(Site::empty(), Config { max_batch, concurrency: 1, ..config() });
        let long = world.ask(1..=1000, None, false);
        let mut later = Vec::new();
        let mut number = 100_000;
        while !world.done.contains(&long) {
            let Step::Send { request, url } = world.next() else { continue };
            if world.sent.len().is_multiple_of(3) {
                number -= 1;
                later.push((world.ask([number], None, false), world.sent.len()));
            }
            world.land(request, &url);
            for (ask, since) in &later {
                assert!(world.done.contains(ask) || world.sent.len() <= since + 3, "{ask:?}");
            }
        }
        assert!(world.sent.len() <= 2 * 1000 / usize::from(max_batch) + 2, "{}", world.sent.len());
    }
}

#[test]
fn every_kind_of_question_gets_its_turn() {
    let mut world = World::with(Site::empty(), Config { max_batch: 1, concurrency: 1, ..config() });
    let lists: Vec<_> = [None, user(1), user(2), user(3)].map(|user| world.ask(1..=30, user, false)).into();
    let mut more = 1000;
    for _ in 0..3000 {
        if let Step::Send { request, url } = world.next() {
            // Two kinds that never end.
            more += 1;
            world.ask([more], None, true);
            world.engine.versions(&ids([more]), true, true, world.now);
            world.land(request, &url);
        }
    }
    assert!(lists.iter().all(|ask| world.done.contains(ask)), "{:?}", world.done.len());
}

// The answer to an id does not depend on what it was asked with (contract §1.6).

#[test]
fn a_creator_with_thirty_gated_of_a_hundred_costs_two_requests() {
    let mut world = World::new(site(|id| id < 40));
    let mut site = site(|id| id < 40);
    for model in 1..=3 {
        site.add_model(stand_in::Model::new(model, 100));
    }
    world.session.site = site;
    let states = world.check(10..100, user(100));
    assert_eq!(states[..30], [MINE; 30]);
    assert_eq!(states[30..], [OPEN; 60]);
    assert_eq!(world.sent.len(), 2, "{:#?}", world.sent);
}

#[test]
fn a_stranger_on_gated_versions_costs_three_requests() {
    for gated in [15, 70] {
        let mut world = World::new(site(|id| id < gated));
        let states = world.check(10..80, user(500));
        let denied = (gated - 10) as usize;
        assert_eq!(states[..denied], vec![State::Denied; denied]);
        assert_eq!(states[denied..], vec![OPEN; 70 - denied]);
        assert_eq!(world.sent.len(), 3, "{:#?}", world.sent);
    }
}

#[test]
fn versions_known_to_be_others_cost_two_requests_and_that_knowledge_is_not_shared() {
    let mut world = World::new(site(|_| true));
    let asked = ids(10..15);
    let ask = Ask { ids: &asked, user: user(500), fresh: false };
    let told = world.engine.ask_of_others(ask, world.now);
    world.run();
    assert_eq!(world.states(told), [State::Denied; 5]);
    assert_eq!(world.sent.len(), 2, "{:#?}", world.sent);
    // One who does not know it finds out.
    assert_eq!(world.check(10..15, user(500)), [State::Denied; 5]);
    assert_eq!(world.sent.len(), 4, "{:#?}", world.sent);
    assert!(world.sent[3].starts_with("/api/v1/models?"), "{:#?}", world.sent);
}

#[test]
fn one_who_does_not_know_whose_a_version_is_gets_the_truth_beside_one_who_is_wrong() {
    let mut world = World::new(site(|_| true));
    let asked = ids([10, 20]);
    let ask = Ask { ids: &asked, user: user(101), fresh: false };
    let wrong = world.engine.ask_of_others(ask, world.now);
    let right = world.ask([10, 20], user(101), false);
    world.run();
    assert_eq!(world.states(right), [MINE, State::Denied]);
    assert_eq!(world.states(wrong), [MINE, State::Denied]);
    let mut world = World::new(site(|_| true));
    let wrong = world.engine.ask_of_others(ask, world.now);
    world.run();
    assert_eq!(world.states(wrong), [State::Denied; 2]);
    assert_eq!(world.check([10, 20], user(101)), [MINE, State::Denied], "nothing of it is remembered");
}

#[test]
fn own_ones_among_those_of_others_cost_four_requests() {
    let mut world = World::new(site(|_| true));
    let mut asked: Vec<u32> = (10..20).collect();
    asked.extend(20..25);
    let states = world.check(asked, user(101));
    assert_eq!(states[..10], [MINE; 10]);
    assert_eq!(states[10..], [State::Denied; 5]);
    assert_eq!(world.sent.len(), 4, "{:#?}", world.sent);
    assert_eq!(
        world.sent[3].split("&t=").next(),
        Some("/api/v1/permissions/check?entityIds=10,11,12,13,14,15,16,17,18,19&userId=101")
    );
}

#[test]
fn one_denied_among_the_bought_is_asked_alone_without_a_look_up() {
    let mut world = World::new(site(|id| id < 13));
    world.session.site.buy(500, 10);
    world.session.site.buy(500, 11);
    assert_eq!(world.check(10..14, user(500)), [MINE, MINE, State::Denied, OPEN]);
    assert_eq!(world.sent.len(), 3);
    assert!(world.sent[2].contains("entityIds=12&userId=500"), "{}", world.sent[2]);
}

#[test]
fn a_lone_id_is_final_at_once() {
    let mut world = World::new(site(|_| true));
    assert_eq!(world.check([10], user(500)), [State::Denied]);
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn ids_that_no_list_tells_are_asked_alone() {
    let mut hidden = site(|_| false);
    for model in [1, 2] {
        let private = stand_in::Availability::Private;
        hidden
            .add_model(stand_in::Model { availability: private, ..stand_in::Model::new(model, 100 + model) });
    }
    let mut world = World::new(hidden);
    // Own and private, somebody else's and private, and one that does not exist.
    assert_eq!(world.check([10, 20, 9000], user(101)), [MINE, State::Denied, State::Denied]);
    assert_eq!(world.sent.len(), 3 + 3, "{:#?}", world.sent);
}

#[test]
fn learned_owners_save_the_look_up() {
    let mut world = World::new(site(|_| true));
    let (mine, other) = (user(101).unwrap(), user(102).unwrap());
    world.engine.learn_owners([(id(10), mine), (id(11), mine), (id(20), other)]);
    assert_eq!(world.check([10, 11, 20], user(101)), [MINE, MINE, State::Denied]);
    assert_eq!(world.sent.len(), 3, "{:#?}", world.sent);
}

#[test]
fn a_denial_that_waited_too_long_for_the_owners_is_asked_again() {
    // As long as a denial is remembered, and at least as long as a call waits.
    for (max_age, waited, requests) in
        [(0, 15_000, 3), (0, 15_001, 4), (300_000, 60_000, 3), (300_000, 60_001, 4)]
    {
        let mut world = World::with(site(|_| true), Config { max_age, ..config() });
        let ask = world.ask([10, 20], user(500), false);
        while !world.done.contains(&ask) {
            let Step::Send { request, url } = world.next() else { continue };
            if url.contains("/models?") {
                world.session.site.buy(500, 10);
                world.session.site.buy(500, 20);
                world.now += waited;
            }
            world.land(request, &url);
        }
        let state = if requests == 3 { State::Denied } else { MINE };
        assert_eq!((world.states(ask), world.sent.len()), (vec![state; 2], requests), "{max_age} {waited}");
    }
}

#[test]
fn a_wrong_owner_in_the_list_is_found_out() {
    let mut world = World::new(site(|_| true));
    let liar = user(500).unwrap();
    world.engine.learn_owners([(id(10), liar), (id(11), liar)]);
    assert_eq!(world.check([10, 11], user(500)), [State::Denied, State::Denied]);
}

#[test]
fn a_look_up_that_fails_leaves_unknown_never_denied() {
    let mut world = World::new(site(|_| true));
    world.session.faults.set(vec![Rule { part: "/models?".into(), status: Some(502), ..rule() }]);
    for state in world.check([10, 20], user(101)) {
        assert_eq!((failure(state).code, failure(state).status), (Code::Http, Some(502)));
    }
}

#[test]
fn a_moderator_is_granted_everything() {
    let mut world = World::new(site(|_| true));
    world.session.site.add_user(stand_in::User { moderator: true, ..stand_in::User::new(9, "mod") });
    assert_eq!(world.check([10, 20, 9000], user(9)), [MINE; 3]);
    assert_eq!(world.sent.len(), 2);
}

// Poison.

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
fn a_refusal_that_sticks_at_the_edge_is_passed_by() {
    let mut world = World::new(site(|_| false));
    world.session.edge = Some(stand_in::Edge::default());
    world.session.faults.set(vec![Rule { status: Some(500), times: Some(1), ..rule() }]);
    assert_eq!(world.check(10..12, None), [OPEN, OPEN]);
    assert_eq!(world.sent.len(), 2);
    assert!(world.sent[1].contains("&t="), "{}", world.sent[1]);
    // Without the parameter the edge still says 500.
    let (_, reply) =
        world.reply(&format!("{}/api/v1/permissions/check?entityIds=10,11", crate::support::BASE));
    assert_eq!(reply.status, 500);
}

// Trying again.

#[test]
fn what_fails_in_passing_is_tried_again() {
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

/// Whoever tries again within half a minute shares the copy at the edge.
#[test]
fn tries_share_an_address_for_thirty_seconds() {
    let retry = |since: u64| {
        let mut world = World::new(site(|_| false));
        world.session.faults.set(vec![Rule { status: Some(502), times: Some(1), ..rule() }]);
        world.ask([10], None, false);
        world.now = START + since;
        let Step::Send { request, url } = world.next() else { panic!() };
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
    for status in [400, 429, 500, 503] {
        let mut world = World::with(site(|_| false), Config { retries: 0, ..config() });
        world.session.faults.set(vec![Rule { status: Some(status), ..rule() }]);
        assert_eq!(failure(world.check(10..12, None)[0]).status, Some(status));
        assert_eq!(world.sent.len(), 1);
    }
}

#[test]
fn tries_do_not_multiply_the_load_of_an_outage() {
    let mut world = World::with(Site::empty(), Config { max_batch: 1, ..config() });
    world.session.faults.set(vec![Rule { status: Some(502), ..rule() }]);
    world.check(1..=100, None);
    assert!(world.sent.len() <= 116, "{}", world.sent.len());
}

// The gate.

fn limited(seconds: &str) -> Rule {
    Rule {
        status: Some(429),
        times: Some(1),
        headers: [("Retry-After".into(), seconds.into())].into(),
        ..rule()
    }
}

#[test]
fn a_pause_is_kept_to_the_millisecond() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("7")]);
    assert_eq!(world.check([10], None), [OPEN]);
    assert_eq!((world.now - crate::support::START, world.sent.len()), (7000, 2));
}

#[test]
fn what_a_pause_ends_in_the_middle_of_a_halving_names_the_request_that_was_refused() {
    let mut world = World::with(site(|_| false), Config { concurrency: 1, ..config() });
    let refused = Rule { status: Some(400), times: Some(2), ..rule() };
    world.session.faults.set(vec![refused, Rule { after: 2, ..limited("3600") }]);
    let states = world.check([10, 11, 20, 21], None);
    assert_eq!(world.sent.len(), 3, "{:#?}", world.sent);
    for state in states {
        let failure = failure(state);
        assert_eq!((failure.code, failure.request.is_some()), (Code::RateLimited, true));
    }
}

#[test]
fn nothing_is_sent_to_a_closed_gate() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("7")]);
    world.ask([10], None, false);
    let Step::Send { request, url } = world.next() else { panic!() };
    world.land(request, &url);
    world.ask([20], None, false);
    assert_eq!(world.next(), Step::Wait(Some(world.now + 7000)));
    world.now += 6999;
    assert_eq!(world.next(), Step::Wait(Some(world.now + 1)));
    world.now += 1;
    assert!(matches!(world.next(), Step::Send { .. }));
}

#[test]
fn a_pause_longer_than_anyone_waits_fails_at_once() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("120")]);
    let failure = failure(world.check([10], None)[0]);
    assert_eq!(
        (failure.code, failure.status, failure.retry_after),
        (Code::RateLimited, Some(429), Some(120_000))
    );
    assert!(failure.request.is_some(), "the platform's own error is kept under its request");
    assert_eq!(world.now, crate::support::START);
    // Later callers are told the same, without a request.
    world.now += 60_000;
    let again = self::failure(world.check([20], None)[0]);
    assert_eq!((again.code, again.retry_after), (Code::RateLimited, Some(60_000)));
    assert_eq!(world.sent.len(), 1);
    world.now += 60_000;
    assert_eq!(world.check([20], None), [OPEN]);
}

#[test]
fn all_pauses_of_a_call_together_are_as_long_as_it_waits() {
    let cut = Rule { cut: Some(stand_in::Cut::Before), ..rule() };
    let mut world = World::with(Site::empty(), Config { max_batch: 10, retries: 10, ..config() });
    world.session.faults.set(vec![cut]);
    let states = world.check(1..=1000, None);
    assert!(states.iter().all(|state| failure(*state).code == Code::Network));
    assert!((5_000..=15_000).contains(&(world.now - START)), "{}", world.now - START);
}

#[test]
fn who_comes_late_waits_as_long_as_who_came_early() {
    let mut world = World::new(site(|_| false));
    let pause = |seconds| Rule { times: Some(1), ..limited(seconds) };
    world.session.faults.set(vec![pause("10"), pause("9")]);
    let early = ask_into_a_pause(&mut world);
    assert_eq!(world.next(), Step::Wait(Some(START + 10_000)));
    world.now += 10_000;
    let late = world.ask([20], None, false);
    world.run();
    assert_eq!(failure(world.states(early)[0]).code, Code::RateLimited);
    assert_eq!((world.states(late), world.now - START), (vec![OPEN], 19_000));
}

#[test]
fn a_pause_that_another_engine_met_counts_as_well() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("10")]);
    let early = ask_into_a_pause(&mut world);
    assert_eq!(world.next(), Step::Wait(Some(START + 10_000)));
    world.now += 10_000;
    let mut other = World::new(site(|_| false));
    other.now = world.now;
    other.session.faults.set(vec![limited("9")]);
    ask_into_a_pause(&mut other);
    world.engine.set_gate(other.engine.gate());
    let late = world.ask([20], None, false);
    world.run();
    assert_eq!(failure(world.states(early)[0]).code, Code::RateLimited);
    assert_eq!((world.states(late), world.now - START), (vec![OPEN], 19_000));
}

#[test]
fn who_joins_late_keeps_what_is_asked_alive() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("10"), limited("9")]);
    let early = ask_into_a_pause(&mut world);
    assert_eq!(world.next(), Step::Wait(Some(START + 10_000)));
    world.now += 10_000;
    let late = world.ask([10], None, false);
    world.run();
    assert_eq!([world.states(early), world.states(late)], [vec![OPEN], vec![OPEN]]);
}

#[test]
fn engines_of_one_host_share_a_gate() {
    let mut first = World::new(site(|_| false));
    first.session.faults.set(vec![limited("120")]);
    first.check([10], None);
    let mut second = World::new(site(|_| false));
    second.engine.set_gate(first.engine.gate());
    assert_eq!(failure(second.check([10], None)[0]).code, Code::RateLimited);
    assert_eq!(second.sent.len(), 0);
}

#[test]
fn a_pause_for_one_does_not_lose_the_answers_of_others() {
    let mut world = World::with(site(|_| false), Config { max_batch: 5, ..config() });
    world.session.faults.set(vec![Rule { after: 1, ..limited("120") }]);
    let states = world.check(10..20, None);
    assert_eq!(states[..5], [OPEN; 5]);
    assert!(states[5..].iter().all(|state| failure(*state).code == Code::RateLimited));
}

// Joining, leaving.

#[test]
fn callers_of_one_turn_share_a_request_and_each_gets_its_own_answer() {
    let mut world = World::new(site(|id| id == 11));
    let (first, second) = (world.ask([10, 11], None, false), world.ask([11, 12], None, false));
    world.run();
    assert_eq!(world.sent, ["/api/v1/permissions/check?entityIds=10,11,12"]);
    assert_eq!(world.states(first), [OPEN, State::Denied]);
    assert_eq!(world.states(second), [State::Denied, OPEN]);
    assert_eq!(world.done.len(), 2);
}

#[test]
fn an_id_under_way_is_not_asked_again() {
    let mut world = World::new(site(|_| false));
    world.ask([10], None, false);
    let Step::Send { request, url } = world.next() else { panic!() };
    let joined = world.ask([10, 20], None, false);
    assert!(matches!(world.next(), Step::Send { url, .. } if url.ends_with("entityIds=20")));
    world.land(request, &url);
    while !matches!(world.next(), Step::Wait(_)) {}
    assert_eq!(world.states(joined), [OPEN]);
}

#[test]
fn a_request_is_aborted_when_nobody_waits_for_it() {
    let mut world = World::new(site(|_| false));
    let (first, second) = (world.ask([10], None, false), world.ask([10], None, false));
    let Step::Send { request, .. } = world.next() else { panic!() };
    world.engine.cancel(first);
    assert_eq!(world.next(), Step::Wait(None), "the other still waits");
    world.engine.cancel(second);
    assert_eq!(world.next(), Step::Abort(request));
    assert_eq!(world.next(), Step::Wait(None));
    world.engine.on_outcome(request, Outcome::NoReply, world.now);
    assert_eq!(world.next(), Step::Wait(None), "an aborted request has no outcome");
    assert_eq!(world.check([10], None), [OPEN]);
}

#[test]
fn nothing_is_told_after_a_cancel() {
    let mut world = World::new(site(|_| false));
    let ask = world.ask(10..20, None, false);
    let Step::Send { request, url } = world.next() else { panic!() };
    world.land(request, &url);
    assert!(matches!(world.next(), Step::Answer { .. }));
    world.engine.cancel(ask);
    world.engine.cancel(ask);
    assert_eq!(world.next(), Step::Wait(None));
}

#[test]
fn a_cancel_before_the_first_step_sends_nothing() {
    let mut world = World::new(site(|_| true));
    let ask = world.ask(10..20, user(5), false);
    world.engine.cancel(ask);
    assert_eq!(world.next(), Step::Wait(None));
}

#[test]
fn a_refused_region_ends_every_ask_that_waits() {
    let mut world = World::with(site(|_| false), Config { max_batch: 2, concurrency: 2, ..config() });
    let (first, second) = (world.ask(10..18, None, false), world.ask(20..22, user(5), false));
    world.session.faults.set(vec![Rule { status: Some(451), ..rule() }]);
    world.run();
    assert_eq!(world.sent.len(), 1);
    for ask in [first, second] {
        assert!(world.states(ask).iter().all(|state| failure(*state).code == Code::RegionBlocked));
    }
    assert_eq!(world.done.len(), 2);
}

// Memory.

#[test]
fn a_grant_is_remembered_five_minutes_and_a_denial_one() {
    let mut world = World::new(site(|id| id == 11));
    world.check([10, 11], None);
    world.now += 59_999;
    world.check([10, 11], None);
    assert_eq!(world.sent.len(), 1);
    world.now += 1;
    world.check([10, 11], None);
    assert_eq!(world.sent[1], "/api/v1/permissions/check?entityIds=11");
    world.now = crate::support::START + 299_999;
    world.check([10], None);
    assert_eq!(world.sent.len(), 2);
    world.now += 1;
    world.check([10], None);
    assert_eq!(world.sent.len(), 3);
}

#[test]
fn a_personal_grant_outlives_the_denial_to_everybody_else() {
    let mut world = World::new(site(|_| true));
    world.session.site.buy(5, 10);
    assert_eq!(world.check([10], user(5)), [MINE]);
    let sent = world.sent.len();
    world.now += 100_000;
    assert_eq!(world.check([10], user(5)), [MINE]);
    assert_eq!(world.sent.len(), sent, "{:#?}", world.sent);
}

#[test]
fn failures_are_not_remembered() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![Rule { status: Some(403), times: Some(1), ..rule() }]);
    assert_eq!(failure(world.check([10], None)[0]).status, Some(403));
    assert_eq!(world.check([10], None), [OPEN]);
}

#[test]
fn what_one_user_may_says_nothing_of_another() {
    let mut world = World::new(site(|_| true));
    world.session.site.buy(5, 10);
    assert_eq!(world.check([10], user(5)), [MINE]);
    assert_eq!(world.check([10], user(6)), [State::Denied]);
    assert_eq!(world.check([10], None), [State::Denied]);
    assert_eq!(world.sent.len(), 3, "{:#?}", world.sent);
    assert_eq!(world.check([10], user(5)), [MINE]);
    assert_eq!(world.sent.len(), 3);
}

#[test]
fn an_age_counts_from_the_sending() {
    let mut world = World::new(site(|_| false));
    world.ask([10], None, false);
    let Step::Send { request, url } = world.next() else { panic!() };
    let (delivery, reply) = world.reply(&url);
    world.now += 14_000;
    world.engine.on_outcome(request, outcome(&delivery, &reply), world.now);
    world.run();
    world.now = crate::support::START + 300_000;
    world.check([10], None);
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn memory_keeps_the_answer_of_the_latest_sent_request() {
    let mut world = World::new(site(|_| true));
    world.ask([10], None, false);
    let Step::Send { request: old, url } = world.next() else { panic!() };
    let (old_delivery, old_reply) = world.reply(&url);
    world.session.site.set_gate(10, None);
    let fresh = world.ask([10], None, true);
    let Step::Send { request: new, url } = world.next() else { panic!() };
    world.land(new, &url);
    world.engine.on_outcome(old, outcome(&old_delivery, &old_reply), world.now);
    world.run();
    assert_eq!(world.states(fresh), [OPEN]);
    assert_eq!(world.check([10], None), [OPEN], "the older answer came later and does not count");
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn a_fresh_ask_passes_memory_and_edge_by() {
    let mut world = World::new(site(|_| true));
    world.session.edge = Some(stand_in::Edge::default());
    assert_eq!(world.check([10], None), [State::Denied]);
    world.session.site.set_gate(10, None);
    assert_eq!(world.check([10], None), [State::Denied]);
    let fresh = world.ask([10], None, true);
    world.run();
    assert_eq!(world.states(fresh), [OPEN]);
    assert_eq!(world.check([10], None), [OPEN]);
}

#[test]
fn after_a_clear_nothing_older_counts() {
    let mut world = World::new(site(|_| true));
    let before = world.ask([10], None, false);
    let Step::Send { request: old, url } = world.next() else { panic!() };
    let (old_delivery, old_reply) = world.reply(&url);
    world.session.site.set_gate(10, None);
    world.engine.clear(Some(&ids([10])));
    let after = world.ask([10], None, false);
    let Step::Send { request: new, url } = world.next() else { panic!("it joined an older request") };
    world.land(new, &url);
    world.engine.on_outcome(old, outcome(&old_delivery, &old_reply), world.now);
    world.run();
    assert_eq!((world.states(before), world.states(after)), (vec![State::Denied], vec![OPEN]));
    assert_eq!(world.check([10], None), [OPEN]);
}

/// Found by a reader, and by the simulation's seed 916633.
#[test]
fn a_clear_reaches_what_a_fresh_ask_left_behind() {
    let mut world = World::new(site(|_| true));
    world.ask([10], None, false);
    let Step::Send { request: old, url } = world.next() else { panic!() };
    let (delivery, reply) = world.reply(&url);
    let fresh = world.ask([10], None, true);
    let Step::Send { .. } = world.next() else { panic!() };
    world.engine.clear(None);
    world.engine.cancel(fresh);
    world.engine.on_outcome(old, outcome(&delivery, &reply), world.now);
    world.run();
    world.session.site.set_gate(10, None);
    assert_eq!(world.check([10], None), [OPEN]);
}

#[test]
fn nobody_joins_a_request_from_before_the_end_of_a_gate() {
    // Nothing is remembered but what is known of gates.
    let mut world = World::with(site(|_| false), Config { max_age: 0, ..config() });
    let ends = START + 5000;
    world.session.site.set_gate(10, Some(Gate::until(ends)));
    world.engine.explain(Ask { ids: &ids([10]), user: None, fresh: false }, true, world.now);
    world.run();
    world.now = ends - 1;
    world.ask([10], None, false);
    let Step::Send { request, url } = world.next() else { panic!() };
    let (delivery, reply) = world.reply(&url);
    world.now = ends;
    let after = world.ask([10], None, false);
    world.engine.on_outcome(request, outcome(&delivery, &reply), world.now);
    world.run();
    assert_eq!(world.states(after), [OPEN]);
}

/// As long as the edge keeps an answer (contract §1.7).
#[test]
fn copies_from_before_the_end_of_a_gate_are_passed_by_for_450_seconds() {
    let ends = START + 5000;
    for (later, passed_by) in [(450_000, true), (450_001, false)] {
        let mut world = World::with(site(|_| false), Config { max_age: 0, ..config() });
        world.session.site.set_gate(10, Some(Gate::until(ends)));
        world.engine.explain(Ask { ids: &ids([10]), user: None, fresh: false }, true, world.now);
        world.run();
        world.now = ends + later;
        world.check([10], None);
        assert_eq!(world.sent.last().unwrap().contains("&t="), passed_by, "{:#?}", world.sent);
    }
}

#[test]
fn what_waited_past_the_end_of_a_gate_asks_for_no_older_copy() {
    // Nothing is remembered but what is known of gates.
    let mut world = World::with(site(|_| false), Config { max_age: 0, ..config() });
    let ends = START + 5000;
    world.session.site.set_gate(10, Some(Gate::until(ends)));
    world.engine.explain(Ask { ids: &ids([10]), user: None, fresh: false }, true, world.now);
    world.run();
    world.session.faults.set(vec![limited("10")]);
    world.ask([20], None, false);
    let Step::Send { request, url } = world.next() else { panic!() };
    world.land(request, &url);
    // Queued before the end, behind the pause.
    let waiting = world.ask([10], None, false);
    world.run();
    assert_eq!(world.states(waiting), [OPEN]);
    let asked = world.sent.iter().rfind(|target| target.contains("entityIds=10"));
    assert!(asked.is_some_and(|target| target.contains("&t=")), "{:#?}", world.sent);
}

#[test]
fn who_leaves_at_a_closed_gate_leaves_nothing_to_wait_for() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("6")]);
    let paused = ask_into_a_pause(&mut world);
    world.engine.cancel(paused);
    let ask = world.ask([20], None, false);
    world.engine.cancel(ask);
    assert_eq!(world.next(), Step::Wait(None));
}

/// An ask whose only request was answered with a pause.
fn ask_into_a_pause(world: &mut World) -> civitai_permissions::AskId {
    let ask = world.ask([10], None, false);
    let Step::Send { request, url } = world.next() else { panic!() };
    world.land(request, &url);
    ask
}

#[test]
fn a_pause_of_nothing_is_a_pause() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("0")]);
    assert_eq!(world.check([10], None), [OPEN]);
    assert!(world.now - START >= 500);
}

#[test]
fn a_refusal_after_other_trouble_is_taken_apart_all_the_same() {
    let mut world = World::new(site(|_| false));
    let poison = Rule { part: "check".into(), poison: vec![17], ..rule() };
    let cut = Rule { times: Some(3), cut: Some(stand_in::Cut::Before), ..rule() };
    world.session.faults.set(vec![cut, poison]);
    let states = world.check(10..26, None);
    assert_eq!(states.iter().filter(|state| **state == OPEN).count(), 15, "{states:?}");
}

#[test]
fn who_leaves_during_a_halving_takes_nobodys_answer_along() {
    let mut world = World::new(site(|_| false));
    let first = world.ask(10..14, None, false);
    let second = world.ask(14..18, None, false);
    world.session.faults.set(vec![Rule { part: "check".into(), poison: vec![16], ..rule() }]);
    let mut halves = Vec::new();
    loop {
        match world.next() {
            Step::Send { request, url } if !url.contains("10,11,12,13,14") => halves.push((request, url)),
            Step::Send { request, url } => {
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

#[test]
fn a_reply_from_before_a_clear_is_not_remembered() {
    let mut world = World::new(site(|_| true));
    world.ask([10], None, false);
    let Step::Send { request, url } = world.next() else { panic!() };
    let (delivery, reply) = world.reply(&url);
    world.engine.clear(None);
    world.engine.on_outcome(request, outcome(&delivery, &reply), world.now);
    world.run();
    world.session.site.set_gate(10, None);
    assert_eq!(world.check([10], None), [OPEN]);
}

#[test]
fn no_answer_outlives_the_end_of_a_gate() {
    let mut world = World::new(site(|_| false));
    let ends = crate::support::START + 30_000;
    world.session.site.set_gate(10, Some(Gate::until(ends)));
    world.session.edge = Some(stand_in::Edge::default());
    world.engine.explain(
        civitai_permissions::Ask { ids: &ids([10]), user: None, fresh: false },
        false,
        world.now,
    );
    world.run();
    assert_eq!(world.explanations[0].state, State::Denied);
    world.now = ends - 1;
    assert_eq!(world.check([10], None), [State::Denied]);
    world.now = ends;
    assert_eq!(world.check([10], None), [OPEN], "neither memory nor edge may say the old answer");
}

#[test]
fn a_clock_that_jumps_back_makes_memory_stale() {
    let mut world = World::new(site(|_| false));
    world.check([10], None);
    world.now -= 3_600_000;
    world.check([10], None);
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn memory_is_bounded() {
    let mut world = World::with(Site::empty(), Config { max_batch: 500, ..config() });
    for start in 0..130 {
        world.check(start * 500 + 1..=start * 500 + 500, None);
    }
    let remembered = world.engine.snapshot(world.now).lines().filter(|line| line.starts_with("a\t")).count();
    assert_eq!(remembered, 50_000);
    let sent = world.sent.len();
    world.check([129 * 500 + 7], None);
    assert_eq!(world.sent.len(), sent, "an older one made room for the newest");
}
