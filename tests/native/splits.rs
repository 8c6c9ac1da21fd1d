//! Splitting: a batch that is too large, or late again and again, is sent in halves.

use crate::support::{OPEN, World, config, failure, models, rule, site};
use civitai_permissions::{AskOptions, Code, Outcome, State, Step};

/// Answers each request about more ids than `most` in this way, and all others rightly.
fn run(world: &mut World, most: usize, refuse: &Outcome<'_>) {
    loop {
        match world.next() {
            Step::Send { request, url, .. } => {
                let list = url.split('=').nth(1).unwrap_or_default().split('&').next().unwrap_or_default();
                if list.split(',').count() > most {
                    world.engine.on_outcome(request, *refuse, world.now);
                } else {
                    world.land(request, &url);
                }
            }
            Step::Wait(Some(until)) => world.now = until,
            Step::Wait(None) => return,
            _ => {}
        }
    }
}

fn reply(status: u16) -> Outcome<'static> {
    Outcome::Reply { status, retry_after: None, as_of: None, body: b"" }
}

#[test]
fn what_is_too_large_is_split_until_it_fits_with_retries_or_without() {
    for refuse in [reply(413), reply(414), reply(431), Outcome::TooLarge] {
        for retries in [0, 3] {
            let mut world = World::with(site(|_| false), config().retries(retries));
            let ask = world.ask(10..90, None, false);
            run(&mut world, 7, &refuse);
            assert_eq!(world.states(ask), vec![OPEN; 80], "{refuse:?} {retries}");
            // 80, 40, 20, 10, 5: one round of each, and nothing twice.
            assert_eq!(world.sent.len(), 1 + 2 + 4 + 8 + 16, "{refuse:?} {retries}");
            let mut distinct = world.sent.clone();
            distinct.sort();
            distinct.dedup();
            assert_eq!(distinct.len(), world.sent.len(), "{refuse:?} {retries}");
        }
    }
}

#[test]
fn bad_ids_in_both_halves_of_what_was_too_large_are_found() {
    let mut world = World::with(site(|_| false), config().retries(0));
    world.session.faults.set(vec![stand_in::Rule { part: "check".into(), poison: vec![11, 24], ..rule() }]);
    let ask = world.ask(10..26, None, false);
    run(&mut world, 8, &reply(413));
    let states = world.states(ask);
    let open = states.iter().filter(|state| **state == OPEN).count();
    assert_eq!(open, 14, "{states:?}");
}

#[test]
fn a_list_of_models_that_is_too_large_is_asked_in_halves() {
    let mut world = World::new(site(|_| false));
    world.engine.versions(&models(1..=9), AskOptions::default().bulk(true), world.now);
    run(&mut world, 3, &Outcome::TooLarge);
    assert_eq!(world.models.iter().filter(|model| model.failure.is_none()).count(), 9);
    assert_eq!(world.sent.len(), 7, "{:#?}", world.sent);
}

#[test]
fn a_server_that_refuses_every_size_ends() {
    for status in [413, 414, 431] {
        let mut world = World::new(site(|_| false));
        let ask = world.ask(10..74, None, false);
        run(&mut world, 0, &reply(status));
        assert!(world.states(ask).into_iter().all(|state| failure(state).status == Some(status)));
        assert_eq!(world.sent.len(), 2 * 64 - 1);
    }
}

#[test]
fn a_list_that_is_late_again_is_asked_in_halves() {
    let mut world = World::new(site(|_| false));
    world.engine.versions(&models(1..=8), AskOptions::default().bulk(true), world.now);
    run(&mut world, 4, &Outcome::TimedOut);
    assert!(world.models.iter().all(|model| model.failure.is_none()), "{:?}", world.models);
    assert_eq!(world.sent.len(), 2 + 2, "{:#?}", world.sent);
    // Halves have no more retries than the whole.
    let mut world = World::new(site(|_| false));
    world.engine.versions(&models(1..=8), AskOptions::default().bulk(true), world.now);
    run(&mut world, 0, &Outcome::TimedOut);
    assert!(
        world.models.iter().all(|model| model.failure.is_some_and(|failure| failure.code == Code::Timeout))
    );
    assert_eq!(world.sent.len(), 1 + 1 + 2 + 4, "{:#?}", world.sent);
}

#[test]
fn without_retries_a_bad_id_still_fails_alone() {
    let mut world = World::with(site(|_| false), config().retries(0));
    world.session.faults.set(vec![stand_in::Rule { part: "check".into(), poison: vec![17], ..rule() }]);
    let states = world.check(10..26, None);
    assert_eq!(states.iter().filter(|state| **state == OPEN).count(), 15, "{states:?}");
    assert!(matches!(states[7], State::Unknown(failure) if failure.status == Some(500)));
    assert!(world.sent.len() <= 1 + 2 * 4, "{:#?}", world.sent);
}

#[test]
fn what_others_wait_for_no_more_is_not_split_any_further() {
    let mut world = World::new(site(|_| false));
    let leaver = world.ask(10..40, None, false);
    let stayer = world.ask([50], None, false);
    let Step::Send { request, .. } = world.next() else { panic!() };
    world.engine.cancel(leaver);
    world.engine.on_outcome(request, reply(414), world.now);
    world.run();
    assert_eq!((world.states(stayer), world.sent.len()), (vec![OPEN], 2), "{:#?}", world.sent);
}
