//! What is asked together, and in which turn.

use crate::support::{OPEN, World, config, models, site, user};
use civitai_permissions::{AskOptions, State, Step};
use stand_in::Site;

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
    let mut world = World::with(Site::empty(), config().max_batch(10));
    let ask = world.ask(1..=95, None, false);
    let mut flying = Vec::new();
    loop {
        match world.next() {
            Step::Send { request, url, .. } => flying.push((request, url)),
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
fn a_long_list_and_the_calls_after_it_keep_no_caller_waiting() {
    for max_batch in [1, 10] {
        let mut world = World::with(Site::empty(), config().max_batch(max_batch).concurrency(1));
        let long = world.ask(1..=1000, None, false);
        let mut later = Vec::new();
        let mut number = 100_000;
        while !world.done.contains(&long) {
            let Step::Send { request, url, .. } = world.next() else { continue };
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
    let mut world = World::with(Site::empty(), config().max_batch(1).concurrency(1));
    let lists: Vec<_> = [None, user(1), user(2), user(3)].map(|user| world.ask(1..=30, user, false)).into();
    let mut more = 1000;
    for _ in 0..3000 {
        if let Step::Send { request, url, .. } = world.next() {
            // Two kinds that never end.
            more += 1;
            world.ask([more], None, true);
            world.engine.versions(&models([more]), AskOptions::default().fresh(true).bulk(true), world.now);
            world.land(request, &url);
        }
    }
    assert!(lists.iter().all(|ask| world.done.contains(ask)), "{:?}", world.done.len());
    for kind in ["userId=1&", "userId=2&", "userId=3&", "models?ids="] {
        assert!(
            world.sent[..20].iter().any(|target| target.contains(kind)),
            "{kind}: {:#?}",
            &world.sent[..20]
        );
    }
}
