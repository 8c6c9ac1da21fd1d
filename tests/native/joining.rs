//! Calls share requests, and end without harm to others.

use crate::support::{OPEN, World, config, failure, rule, site, user};
use civitai_permissions::{Code, Outcome, State, Step};
use stand_in::Rule;

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
    let Step::Send { request, url, .. } = world.next() else { panic!() };
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
fn when_many_callers_of_an_id_leave_the_others_still_get_its_verdict() {
    let mut world = World::new(site(|_| false));
    let asks: Vec<_> = (0..40).map(|_| world.ask([10], None, false)).collect();
    let Step::Send { request, url, .. } = world.next() else { panic!() };
    let (leaving, staying) = asks.split_at(35);
    leaving.iter().for_each(|ask| world.engine.cancel(*ask));
    world.land(request, &url);
    world.run();
    assert_eq!(world.done, staying);
    assert!(staying.iter().all(|ask| world.states(*ask) == [OPEN]));
}

#[test]
fn nothing_is_reported_after_a_cancel() {
    let mut world = World::new(site(|_| false));
    let ask = world.ask(10..20, None, false);
    let Step::Send { request, url, .. } = world.next() else { panic!() };
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
    let mut world = World::with(site(|_| false), config().max_batch(2).concurrency(2));
    let (first, second) = (world.ask(10..18, None, false), world.ask(20..22, user(5), false));
    world.session.faults.set(vec![Rule { status: Some(451), ..rule() }]);
    world.run();
    assert_eq!(world.sent.len(), 1);
    for ask in [first, second] {
        assert!(world.states(ask).iter().all(|state| failure(*state).code == Code::RegionBlocked));
    }
    assert_eq!(world.done.len(), 2);
}
