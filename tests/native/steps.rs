//! Explanations in two steps, and what they cost: the verdict at once, its reason when it is there.

use crate::support::{Line, START, World, ids, models, user};
use civitai_permissions::{AskOptions, Explanation, Generation, State, Step};
use stand_in::{Rule, sample};
use std::collections::BTreeMap;

/// Sixty versions of a crowd, of which each fifth is denied.
fn crowd() -> Vec<u32> {
    (3_000_001..=3_000_060).collect()
}

/// Each explanation with its moment, in the order in which they came.
fn explain(world: &mut World, numbers: &[u32], options: AskOptions) -> Vec<(u64, Explanation)> {
    let start = world.now;
    world.engine.explain(&ids(numbers.iter().copied()), options, world.now);
    let mut explained = Vec::new();
    Line::new(200).run(world, &mut |now, step| {
        if let Step::Explain { explanation, .. } = step {
            explained.push((now - start, explanation.as_ref().clone()));
        }
    });
    explained
}

#[test]
fn sixty_verdicts_come_after_one_round_trip_and_each_reason_after_its_own() {
    let mut world = World::new(sample::site(START));
    let explained = explain(&mut world, &crowd(), AskOptions::default());
    let first: BTreeMap<u32, u64> =
        explained.iter().rev().map(|(at, explained)| (explained.id.get(), *at)).collect();
    assert_eq!(first.len(), 60);
    assert!(first.values().all(|at| *at == 200), "{first:?}");
    // The granted ones need no more than the list, which was asked with the check.
    let complete: Vec<_> = explained.iter().filter(|(_, explained)| explained.complete).collect();
    assert_eq!(complete.len(), 60);
    for (at, explained) in complete {
        // Twelve `mini` requests, four at once.
        let latest = if explained.state == State::Denied { 200 + 3 * 200 } else { 200 };
        assert!(*at <= latest, "{at} {explained:?}");
    }
    assert_eq!(world.sent.len(), 2 + 12, "{:#?}", world.sent);
}

#[test]
fn verdicts_on_behalf_of_a_user_come_after_two_round_trips() {
    let mut world = World::new(sample::site(START));
    let explained = explain(&mut world, &crowd(), AskOptions::default().user(user(500)));
    let first: BTreeMap<u32, u64> =
        explained.iter().rev().map(|(at, explained)| (explained.id.get(), *at)).collect();
    assert!(first.len() == 60 && first.values().all(|at| *at <= 400), "{first:?}");
}

#[test]
fn each_version_is_explained_once_without_its_reason_at_most_and_once_with_it() {
    let mut world = World::new(sample::site(START));
    let numbers = [2_514_310, 2_402_203, 900_103, 900_501, 900_801, sample::UNKNOWN_ID];
    let mut seen: BTreeMap<u32, Vec<bool>> = BTreeMap::new();
    for (_, explained) in explain(&mut world, &numbers, AskOptions::default()) {
        seen.entry(explained.id.get()).or_default().push(explained.complete);
    }
    assert_eq!(seen[&2_514_310], [true], "nothing was missing");
    for number in &numbers[1..] {
        assert_eq!(seen[number], [false, true], "{number}");
    }
    // What is cached is complete at once.
    let again = explain(&mut world, &numbers[..4], AskOptions::default());
    assert!(
        again.len() == 4 && again.iter().all(|(at, explained)| *at == 0 && explained.complete),
        "{again:?}"
    );
}

/// "A page of 60 cards with 12 denied: 1 models, 1 check, 12 mini; the same page again within the hour: 0 mini."
#[test]
fn terms_are_asked_once_an_hour_and_once_for_two_pages() {
    let mut world = World::new(sample::site(START));
    let ask = |world: &mut World| {
        let crowd = ids(crowd());
        world.engine.explain(&crowd, AskOptions::default(), world.now);
        world.engine.explain(&crowd, AskOptions::default(), world.now);
        let sent = world.sent.len();
        world.run();
        let count = |part: &str| world.sent[sent..].iter().filter(|target| target.contains(part)).count();
        [count("/models?"), count("/permissions/"), count("/mini/")]
    };
    assert_eq!(ask(&mut world), [1, 1, 12]);
    assert_eq!(ask(&mut world), [0, 0, 0]);
    for (later, expected) in [(400_000, [1, 1, 0]), (3_599_999, [1, 1, 0]), (3_600_000, [0, 0, 12])] {
        world.now = START + later;
        assert_eq!(ask(&mut world), expected, "{later}");
    }
}

/// The worker dies in between.
#[test]
fn terms_are_kept_over_a_restart() {
    let mut world = World::new(sample::site(START));
    explain(&mut world, &crowd(), AskOptions::default());
    let mut later = World::new(sample::site(START));
    later.now = world.now + 1_800_000;
    assert!(later.engine.restore(&world.engine.snapshot(world.now), later.now));
    let explained = explain(&mut later, &crowd(), AskOptions::default());
    assert!(!later.sent.iter().any(|target| target.contains("/mini/")), "{:#?}", later.sent);
    assert!(
        explained
            .iter()
            .filter(|(_, explained)| explained.complete)
            .all(|(_, explained)| explained.generation != Generation::Gated)
    );
}

#[test]
fn a_mini_that_fails_leaves_gated_and_reports_it_never_locked() {
    for fault in [
        Rule { status: Some(404), ..Rule::default() },
        Rule { status: Some(429), ..Rule::default() },
        Rule { status: Some(503), ..Rule::default() },
        Rule { html: true, ..Rule::default() },
        Rule { hang: true, ..Rule::default() },
        Rule { body: Some(serde_json::json!({})), ..Rule::default() },
    ] {
        let mut world = World::new(sample::site(START));
        world.session.faults.set(vec![Rule { part: "/mini/".into(), ..fault.clone() }]);
        for (_, explained) in explain(&mut world, &[900_103, 900_105], AskOptions::default()) {
            assert_eq!(
                (explained.generation, explained.usable),
                (Generation::Gated, None),
                "{fault:?} {explained:?}"
            );
            let failed = fault.status != Some(404) && fault.body.is_none();
            assert_eq!(
                explained.incomplete.is_some(),
                explained.complete && failed,
                "{fault:?} {explained:?}"
            );
        }
        // Right once it answers.
        world.session.faults.set(vec![]);
        world.now += 300_000;
        let explained = explain(&mut world, &[900_103, 900_105], AskOptions::default());
        let last: BTreeMap<u32, Generation> =
            explained.into_iter().map(|(_, explained)| (explained.id.get(), explained.generation)).collect();
        assert_eq!(last, [(900_103, Generation::Trial), (900_105, Generation::Locked)].into(), "{fault:?}");
    }
}

#[test]
fn what_no_list_and_no_look_up_knows_does_not_exist_and_is_not_locked() {
    let mut world = World::new(sample::site(START));
    let explained = explain(&mut world, &[sample::UNKNOWN_ID, 2_514_310], AskOptions::default());
    let last: BTreeMap<u32, _> = explained
        .into_iter()
        .map(|(_, explained)| (explained.id.get(), (explained.exists, explained.generation)))
        .collect();
    assert_eq!(last[&sample::UNKNOWN_ID], (Some(false), Generation::Gated));
    assert_eq!(last[&2_514_310], (Some(true), Generation::Open));
    // A failed look-up proves nothing about it.
    let mut world = World::new(sample::site(START));
    world.session.faults.set(vec![Rule { part: "/mini/".into(), status: Some(502), ..Rule::default() }]);
    let explained = explain(&mut world, &[sample::UNKNOWN_ID], AskOptions::default()).pop().unwrap().1;
    assert_eq!((explained.exists, explained.incomplete.is_some()), (None, true));
}

#[test]
fn a_gate_that_ends_is_asked_about_again() {
    let mut world = World::new(sample::site(START));
    let ends = START + 600_000;
    world.session.site.set_gate(900_103, Some(stand_in::Gate::until(ends)));
    let generation = |world: &mut World| {
        let sent = world.sent.len();
        let explained = explain(world, &[900_103], AskOptions::default()).pop().unwrap().1;
        (explained.generation, world.sent.len() > sent)
    };
    assert_eq!(generation(&mut world), (Generation::Trial, true));
    world.now = ends;
    assert_eq!(generation(&mut world), (Generation::Open, true));
    // A clock that is five minutes fast: the check still denies, and the gate that is over by it says nothing.
    let mut fast = World::new(sample::site(START));
    fast.session.site.set_gate(900_103, Some(stand_in::Gate::until(START + 200_000)));
    explain(&mut fast, &[900_103], AskOptions::default());
    let mut explained = Vec::new();
    fast.engine.explain(&ids([900_103]), AskOptions::default(), fast.now + 300_000);
    loop {
        match fast.engine.step(fast.now + 300_000) {
            Step::Send { request, url, .. } => {
                let (delivery, reply) = fast.reply(&url);
                let outcome = crate::support::outcome(&delivery, &reply);
                fast.engine.on_outcome(request, outcome, fast.now + 300_000);
            }
            Step::Explain { explanation, .. } => explained.push(explanation),
            Step::Wait(_) => break,
            _ => {}
        }
    }
    assert_eq!(explained.pop().unwrap().generation, Generation::Gated);
}

#[test]
fn a_verdict_says_when_civitai_gave_it() {
    let mut world = World::new(sample::site(START));
    world.session.edge = Some(stand_in::Edge::default());
    let as_of = |world: &mut World, options| {
        let explained = explain(world, &[2_514_310, 900_103], options);
        explained.into_iter().map(|(_, explained)| explained.as_of).collect::<Vec<_>>()
    };
    let start = world.now;
    // By the header, whose time is in whole seconds.
    let given = Some(start);
    assert!(as_of(&mut world, AskOptions::default()).iter().all(|as_of| *as_of == given));
    world.now = start + 30_000;
    assert!(as_of(&mut world, AskOptions::default()).iter().all(|as_of| *as_of == given), "from the cache");
    let mut other = World::new(sample::site(START));
    (other.session, other.now) = (world.session, world.now);
    assert!(
        as_of(&mut other, AskOptions::default()).iter().all(|as_of| *as_of == given),
        "from the CDN cache"
    );
}

#[test]
fn models_are_listed_while_their_versions_are_explained() {
    let mut world = World::new(sample::site(START));
    world.engine.versions(&models([900_100]), AskOptions::default().bulk(true), world.now);
    world.engine.explain(&ids([900_103]), AskOptions::default().bulk(true), world.now);
    world.run();
    assert_eq!((world.models.len(), world.explanations.len()), (1, 1));
}
