//! What is cached, for how long, and what is not.

use crate::support::{MINE, OPEN, START, World, config, failure, ids, limited, outcome, rule, site, user};
use civitai_permissions::{AskOptions, State, Step};
use stand_in::{Gate, Rule, Site};

#[test]
fn a_grant_is_cached_for_five_minutes_and_a_denial_for_one() {
    let mut world = World::new(site(|id| id == 11));
    world.check([10, 11], None);
    world.now += 59_999;
    world.check([10, 11], None);
    assert_eq!(world.sent.len(), 1);
    world.now += 1;
    world.check([10, 11], None);
    assert_eq!(world.sent[1], "/api/v1/permissions/check?entityIds=11");
    world.now = START + 299_999;
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
fn failures_are_not_cached() {
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
    let Step::Send { request, url, .. } = world.next() else { panic!() };
    let (delivery, reply) = world.reply(&url);
    world.now += 14_000;
    world.engine.on_outcome(request, outcome(&delivery, &reply), world.now);
    world.run();
    world.now = START + 300_000;
    world.check([10], None);
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn the_cache_keeps_the_answer_of_the_latest_sent_request() {
    let mut world = World::new(site(|_| true));
    world.ask([10], None, false);
    let Step::Send { request: old, url, .. } = world.next() else { panic!() };
    let (old_delivery, old_reply) = world.reply(&url);
    world.session.site.set_gate(10, None);
    let fresh = world.ask([10], None, true);
    let Step::Send { request: new, url, .. } = world.next() else { panic!() };
    world.land(new, &url);
    world.engine.on_outcome(old, outcome(&old_delivery, &old_reply), world.now);
    world.run();
    assert_eq!(world.states(fresh), [OPEN]);
    assert_eq!(world.check([10], None), [OPEN], "the older answer came later and does not count");
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn a_fresh_ask_bypasses_our_cache_and_the_cdns() {
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
fn a_users_fresh_ask_bypasses_their_own_verdict() {
    let mut world = World::new(site(|_| true));
    world.session.site.buy(5, 10);
    assert_eq!(world.check([10], user(5)), [MINE]);
    let sent = world.sent.len();
    let fresh = world.ask([10], user(5), true);
    world.run();
    assert_eq!((world.states(fresh), world.sent.len()), (vec![MINE], sent + 2));
}

#[test]
fn after_a_clear_nothing_older_counts() {
    let mut world = World::new(site(|_| true));
    let before = world.ask([10], None, false);
    let Step::Send { request: old, url, .. } = world.next() else { panic!() };
    let (old_delivery, old_reply) = world.reply(&url);
    world.session.site.set_gate(10, None);
    world.engine.clear(Some(&ids([10])));
    let after = world.ask([10], None, false);
    let Step::Send { request: new, url, .. } = world.next() else { panic!("it joined an older request") };
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
    let Step::Send { request: old, url, .. } = world.next() else { panic!() };
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
    // Only what is known of gates is cached.
    let mut world = World::with(site(|_| false), config().max_age(0));
    let ends = START + 5000;
    world.session.site.set_gate(10, Some(Gate::until(ends)));
    world.engine.explain(&ids([10]), AskOptions::default().bulk(true), world.now);
    world.run();
    world.now = ends - 1;
    world.ask([10], None, false);
    let Step::Send { request, url, .. } = world.next() else { panic!() };
    let (delivery, reply) = world.reply(&url);
    world.now = ends;
    let after = world.ask([10], None, false);
    world.engine.on_outcome(request, outcome(&delivery, &reply), world.now);
    world.run();
    assert_eq!(world.states(after), [OPEN]);
}

/// As long as the CDN caches an answer (contract §1.7).
#[test]
fn copies_from_before_the_end_of_a_gate_are_bypassed_for_450_seconds() {
    let ends = START + 5000;
    for (later, passed_by) in [(450_000, true), (450_001, false)] {
        let mut world = World::with(site(|_| false), config().max_age(0));
        world.session.site.set_gate(10, Some(Gate::until(ends)));
        world.engine.explain(&ids([10]), AskOptions::default().bulk(true), world.now);
        world.run();
        world.now = ends + later;
        world.check([10], None);
        assert_eq!(world.sent.last().unwrap().contains("&t="), passed_by, "{:#?}", world.sent);
    }
}

#[test]
fn what_waited_past_the_end_of_a_gate_asks_for_no_older_copy() {
    // Only what is known of gates is cached.
    let mut world = World::with(site(|_| false), config().max_age(0));
    let ends = START + 5000;
    world.session.site.set_gate(10, Some(Gate::until(ends)));
    world.engine.explain(&ids([10]), AskOptions::default().bulk(true), world.now);
    world.run();
    world.session.faults.set(vec![limited("10")]);
    world.ask([20], None, false);
    let Step::Send { request, url, .. } = world.next() else { panic!() };
    world.land(request, &url);
    // Queued before the end, behind the pause.
    let waiting = world.ask([10], None, false);
    world.run();
    assert_eq!(world.states(waiting), [OPEN]);
    let asked = world.sent.iter().rfind(|target| target.contains("entityIds=10"));
    assert!(asked.is_some_and(|target| target.contains("&t=")), "{:#?}", world.sent);
}

#[test]
fn a_reply_from_before_a_clear_is_not_cached() {
    let mut world = World::new(site(|_| true));
    world.ask([10], None, false);
    let Step::Send { request, url, .. } = world.next() else { panic!() };
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
    let ends = START + 30_000;
    world.session.site.set_gate(10, Some(Gate::until(ends)));
    world.session.edge = Some(stand_in::Edge::default());
    world.engine.explain(&ids([10]), AskOptions::default(), world.now);
    world.run();
    assert_eq!(world.explanations[0].state, State::Denied);
    world.now = ends - 1;
    assert_eq!(world.check([10], None), [State::Denied]);
    world.now = ends;
    assert_eq!(world.check([10], None), [OPEN], "neither our cache nor the CDN's may give the old answer");
}

#[test]
fn a_clock_that_jumps_back_makes_the_cache_stale() {
    let mut world = World::new(site(|_| false));
    world.check([10], None);
    world.now -= 3_600_000;
    world.check([10], None);
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn the_cache_is_bounded() {
    let mut world = World::with(Site::empty(), config().max_batch(500));
    for start in 0..130 {
        world.check(start * 500 + 1..=start * 500 + 500, None);
    }
    let snapshot = world.engine.snapshot(world.now);
    assert_eq!(snapshot.matches(r#"["check","#).count(), 50_000);
    let sent = world.sent.len();
    world.check([129 * 500 + 7], None);
    assert_eq!(world.sent.len(), sent, "an older one made room for the newest");
}
