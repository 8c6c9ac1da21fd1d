//! Pauses: nothing is sent while the server asks for one.

use crate::support::{OPEN, START, World, config, failure, limited, rule, site};
use civitai_permissions::{AskId, Code, Step};
use stand_in::{Rule, Site};

#[test]
fn a_pause_is_kept_to_the_millisecond() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("7")]);
    assert_eq!(world.check([10], None), [OPEN]);
    assert_eq!((world.now - START, world.sent.len()), (7000, 2));
}

#[test]
fn nothing_is_sent_during_a_pause() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("7")]);
    world.ask([10], None, false);
    let Step::Send { request, url, .. } = world.next() else { panic!() };
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
    assert_eq!(world.now, START);
    // Later callers get the same answer, without a request.
    world.now += 60_000;
    let again = self::failure(world.check([20], None)[0]);
    assert_eq!((again.code, again.retry_after), (Code::RateLimited, Some(60_000)));
    assert_eq!(world.sent.len(), 1);
    world.now += 60_000;
    assert_eq!(world.check([20], None), [OPEN]);
}

#[test]
fn callers_wait_as_long_as_the_config_says() {
    for (seconds, waits) in [("20", true), ("21", false)] {
        let mut world = World::with(site(|_| false), config().patience(20_000));
        world.session.faults.set(vec![limited(seconds)]);
        assert_eq!(world.check([10], None) == [OPEN], waits, "{seconds}");
    }
}

#[test]
fn all_pauses_of_a_call_together_are_as_long_as_it_waits() {
    let cut = Rule { cut: Some(stand_in::Cut::Before), ..rule() };
    let mut world = World::with(Site::empty(), config().max_batch(10).retries(10));
    world.session.faults.set(vec![cut]);
    let states = world.check(1..=1000, None);
    assert!(states.iter().all(|state| failure(*state).code == Code::Network));
    assert!((5_000..=15_000).contains(&(world.now - START)), "{}", world.now - START);
}

#[test]
fn a_late_caller_waits_as_long_as_an_early_one() {
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
    world.engine.set_pause(other.engine.pause());
    let late = world.ask([20], None, false);
    world.run();
    assert_eq!(failure(world.states(early)[0]).code, Code::RateLimited);
    assert_eq!((world.states(late), world.now - START), (vec![OPEN], 19_000));
}

#[test]
fn a_late_caller_keeps_a_request_alive() {
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
fn engines_of_one_host_share_a_pause() {
    let mut first = World::new(site(|_| false));
    first.session.faults.set(vec![limited("120")]);
    first.check([10], None);
    let mut second = World::new(site(|_| false));
    second.engine.set_pause(first.engine.pause());
    assert_eq!(failure(second.check([10], None)[0]).code, Code::RateLimited);
    assert_eq!(second.sent.len(), 0);
}

#[test]
fn a_pause_for_one_does_not_lose_the_answers_of_others() {
    let mut world = World::with(site(|_| false), config().max_batch(5));
    world.session.faults.set(vec![Rule { after: 1, ..limited("120") }]);
    let states = world.check(10..20, None);
    assert_eq!(states[..5], [OPEN; 5]);
    assert!(states[5..].iter().all(|state| failure(*state).code == Code::RateLimited));
}

#[test]
fn a_call_that_ends_during_a_pause_leaves_nothing_to_wait_for() {
    let mut world = World::new(site(|_| false));
    world.session.faults.set(vec![limited("6")]);
    let paused = ask_into_a_pause(&mut world);
    world.engine.cancel(paused);
    let ask = world.ask([20], None, false);
    world.engine.cancel(ask);
    assert_eq!(world.next(), Step::Wait(None));
}

/// An ask whose only request was answered with a pause.
fn ask_into_a_pause(world: &mut World) -> AskId {
    let ask = world.ask([10], None, false);
    let Step::Send { request, url, .. } = world.next() else { panic!() };
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
