//! The answer to an id does not depend on what it was asked with (contract §1.6).

use crate::support::{MINE, OPEN, World, config, failure, ids, rule, site, user};
use civitai_permissions::{AskOptions, Code, State, Step};
use stand_in::Rule;

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
    let others = AskOptions::default().user(user(500)).not_owned(true);
    let explained = world.engine.check(&asked, others, world.now);
    world.run();
    assert_eq!(world.states(explained), [State::Denied; 5]);
    assert_eq!(world.sent.len(), 2, "{:#?}", world.sent);
    // A caller who knows the same gets it from the cache, which is in no snapshot.
    let again = world.engine.check(&asked, others, world.now);
    world.run();
    assert_eq!(world.states(again), [State::Denied; 5]);
    assert_eq!(world.sent.len(), 2, "{:#?}", world.sent);
    assert!(!world.engine.snapshot(world.now).contains(",500,"));
    // A caller who does not know it finds out.
    assert_eq!(world.check(10..15, user(500)), [State::Denied; 5]);
    assert_eq!(world.sent.len(), 4, "{:#?}", world.sent);
    assert!(world.sent[3].starts_with("/api/v1/models?"), "{:#?}", world.sent);
}

#[test]
fn one_who_does_not_know_whose_a_version_is_gets_the_truth_beside_one_who_is_wrong() {
    let mut world = World::new(site(|_| true));
    let asked = ids([10, 20]);
    let others = AskOptions::default().user(user(101)).not_owned(true);
    let wrong = world.engine.check(&asked, others, world.now);
    let right = world.ask([10, 20], user(101), false);
    world.run();
    assert_eq!(world.states(right), [MINE, State::Denied]);
    assert_eq!(world.states(wrong), [MINE, State::Denied]);
    let mut world = World::new(site(|_| true));
    let wrong = world.engine.check(&asked, others, world.now);
    world.run();
    assert_eq!(world.states(wrong), [State::Denied; 2]);
    assert_eq!(world.check([10, 20], user(101)), [MINE, State::Denied], "nothing of it is cached");
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
fn one_denied_among_the_bought_gets_a_single_id_request_without_a_look_up() {
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
fn ids_that_no_list_shows_get_single_id_requests() {
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
fn a_denial_that_waited_too_long_for_the_owners_is_asked_again() {
    // As long as a denial is cached, and at least as long as a call waits.
    for (max_age, waited, requests) in
        [(0, 15_000, 3), (0, 15_001, 4), (300_000, 60_000, 3), (300_000, 60_001, 4)]
    {
        let mut world = World::with(site(|_| true), config().max_age(max_age));
        let ask = world.ask([10, 20], user(500), false);
        while !world.done.contains(&ask) {
            let Step::Send { request, url, .. } = world.next() else { continue };
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
    let lie = r#"{"items":[{"id":1,"userId":500,"modelVersions":[{"id":10},{"id":11}]}]}"#;
    let body = Some(serde_json::from_str(lie).unwrap());
    world.session.faults.set(vec![Rule { part: "/models?".into(), body, ..rule() }]);
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
