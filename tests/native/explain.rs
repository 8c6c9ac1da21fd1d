//! Reasons: what `explain` and `versions` return, and what they cost.

use crate::support::{MINE, OPEN, START, World, ids, models, outcome, user};
use civitai_permissions::{
    AskOptions, Explanation, GateKind, Generation, ModelId, State, Step, Trials, UserId,
};
use stand_in::{Rule, Session, sample};

fn world() -> World {
    World::new(sample::site(START))
}

fn explain(world: &mut World, numbers: &[u32], user: Option<UserId>) -> Vec<Explanation> {
    let before = world.explanations.len();
    world.engine.explain(&ids(numbers.iter().copied()), AskOptions::default().user(user), world.now);
    world.run();
    let mut explained = world.explanations.split_off(before);
    explained.sort_by_key(|explanation| explanation.id);
    explained
}

fn one(number: u32, user: Option<UserId>) -> Explanation {
    let mut world = world();
    let mut explained = explain(&mut world, &[number], user);
    assert_eq!(explained.len(), 1);
    explained.remove(0)
}

#[test]
fn an_open_version_has_no_gate_and_costs_two_requests() {
    let mut world = world();
    let explained = explain(&mut world, &[2_514_310], None);
    let [explained] = &explained[..] else { panic!("{explained:?}") };
    assert_eq!((explained.id.get(), explained.state, explained.gate), (2_514_310, OPEN, GateKind::None));
    assert_eq!((explained.generation, explained.usable), (Generation::Open, Some(true)));
    assert_eq!((explained.complete, explained.incomplete, explained.exists), (true, None, Some(true)));
    // Coverage alone does not say that the site offers it (contract §4.1).
    assert_eq!(
        (explained.ends_at.as_deref(), explained.free_trials, explained.can_generate),
        (None, None, None)
    );
    assert_eq!(explained.model_id.map(ModelId::get), Some(827_184));
    assert_eq!(explained.model_name.as_deref(), Some("WAI-illustrious-SDXL"));
    assert_eq!(explained.version_name.as_deref(), Some("v16.0"));
    assert_eq!(explained.owner_id.map(UserId::get), Some(sample::CREATOR));
    assert_eq!(explained.as_of, Some(START));
    assert_eq!(world.sent.len(), 2, "{:#?}", world.sent);
}

#[test]
fn every_kind_of_gate_has_its_own_explanation() {
    let tries = |count| Some(Trials::Count(count));
    use Generation::{Free, Locked, Off, Trial};
    for (id, gate, generation, trials) in [
        (2_402_203, GateKind::EarlyAccess, Trial, tries(10)),
        (900_102, GateKind::EarlyAccess, Trial, tries(10)),
        (900_103, GateKind::Paid, Trial, tries(10)),
        (900_104, GateKind::Paid, Free, Some(Trials::Unlimited)),
        (900_105, GateKind::Paid, Locked, tries(0)),
        (900_106, GateKind::Paid, Locked, tries(0)),
        (900_107, GateKind::EarlyAccess, Trial, tries(10)),
        (900_702, GateKind::EarlyAccess, Off, tries(10)),
        (900_901, GateKind::EarlyAccess, Trial, tries(10)),
    ] {
        let explained = one(id, None);
        assert_eq!((explained.state, explained.gate), (State::Denied, gate), "{id}: {explained:?}");
        assert_eq!(
            (explained.generation, explained.free_trials),
            (generation, trials),
            "{id}: {explained:?}"
        );
        let dated = explained.ends_at.is_some();
        assert_eq!(dated, gate == GateKind::EarlyAccess && id != 900_107, "{id}: {explained:?}");
    }
}

#[test]
fn a_pages_own_data_replaces_both_look_ups_and_is_decided_by_the_same_rule() {
    use Generation::{Free, Gated, Locked, Off, Open, Trial};
    let paid = r#""paidAccess":{"endsAt":null,"permanent":true}"#;
    let kind = r#""type":"LORA""#;
    for (model, version, open, gate, generation) in [
        (kind, format!(r#""canGenerate":true,{paid}"#), false, GateKind::Paid, Gated),
        (kind, format!(r#""canGenerate":true,"freeTrialLimit":0,{paid}"#), false, GateKind::Paid, Locked),
        (kind, format!(r#""canGenerate":true,"freeTrialLimit":9,{paid}"#), false, GateKind::Paid, Trial),
        (kind, format!(r#""canGenerate":false,"freeTrialLimit":9,{paid}"#), false, GateKind::Paid, Off),
        (
            kind,
            format!(r#""canGenerate":true,"earlyAccessConfig":{{"freeGeneration":true}},{paid}"#),
            false,
            GateKind::Paid,
            Free,
        ),
        // Nobody says that the site offers generation with it.
        (kind, format!(r#""freeTrialLimit":9,{paid}"#), false, GateKind::Paid, Gated),
        (
            r#""type":"Wildcards""#,
            format!(r#""canGenerate":false,"freeTrialLimit":9,{paid}"#),
            false,
            GateKind::Paid,
            Trial,
        ),
        (
            kind,
            format!(r#""availability":"Private","canGenerate":false,"freeTrialLimit":9,{paid}"#),
            false,
            GateKind::Private,
            Locked,
        ),
        // Its end has passed: what the page still tells of it says nothing of a gate of today.
        (
            kind,
            r#""canGenerate":true,"freeTrialLimit":9,"paidAccess":{"endsAt":"2026-11-19T00:00:00.000Z","permanent":false}"#.into(),
            false,
            GateKind::Unknown,
            Gated,
        ),
        (kind, format!(r#""canGenerate":true,"freeTrialLimit":0,{paid}"#), true, GateKind::None, Open),
        (kind, format!(r#""canGenerate":false,{paid}"#), true, GateKind::None, Off),
    ] {
        let page = format!(r#"{{"items":[{{"id":1,"name":"Model","userId":8,{model},"modelVersions":[{{"id":10,"name":"Own",{version}}}]}}]}}"#);
        let mut world = World::new(crate::support::site(|_| !open));
        let options = AskOptions::default().bulk(true);
        world.engine.explain_on_page(&ids([10]), page.as_bytes(), options, world.now);
        world.run();
        assert_eq!(world.sent, ["/api/v1/permissions/check?entityIds=10"], "{page}");
        let explained = world.explanations.remove(0);
        assert_eq!((explained.gate, explained.generation), (gate, generation), "{page}");
        assert_eq!((explained.version_name.as_deref(), explained.owner_id.map(UserId::get)), (Some("Own"), Some(8)));
        assert_eq!((explained.model_id.map(ModelId::get), explained.exists), (Some(1), Some(true)));
        assert_eq!(explained.as_of, Some(START));
        // Only the check's answer is cached.
        let explained = explain(&mut world, &[10], None).remove(0);
        assert_eq!(explained.version_name.as_deref(), Some("v1.0"), "{explained:?}");
    }
}

#[test]
fn a_version_that_its_page_does_not_hold_is_looked_up() {
    let mut world = world();
    for page in ["", "[]", r#"{"items":[{"id":9,"modelVersions":[{"id":1,"name":"x"}]}]}"#] {
        world.engine.explain_on_page(&ids([2_402_203]), page.as_bytes(), AskOptions::default(), world.now);
        world.run();
        assert_eq!(
            world.explanations.pop().map(|explained| explained.generation),
            Some(Generation::Trial),
            "{page}"
        );
    }
}

#[test]
fn a_version_that_the_site_cannot_generate_with_is_off() {
    let explained = one(900_701, None);
    assert_eq!((explained.state, explained.gate), (OPEN, GateKind::None));
    assert_eq!((explained.can_generate, explained.generation), (Some(false), Generation::Off));
}

#[test]
fn what_is_private_is_called_private() {
    let stranger = one(900_501, user(500));
    assert_eq!((stranger.state, stranger.gate), (State::Denied, GateKind::Private), "{stranger:?}");
    let owner = one(900_401, user(sample::BUYER));
    assert_eq!(owner.state, MINE);
}

#[test]
fn bought_and_owned_ones_are_personal() {
    for (id, gate) in [
        (900_201, GateKind::EarlyAccess),
        (900_202, GateKind::Paid),
        (900_301, GateKind::EarlyAccess),
        (900_302, GateKind::Paid),
    ] {
        let explained = one(id, user(sample::BUYER));
        assert_eq!((explained.state, explained.gate), (MINE, gate), "{explained:?}");
    }
    assert_eq!(one(900_303, user(sample::BUYER)).state, OPEN);
}

#[test]
fn an_expired_gate_is_no_gate() {
    let explained = one(2_167_369, None);
    assert_eq!((explained.state, explained.gate, explained.ends_at), (OPEN, GateKind::None, None));
}

#[test]
fn what_nobody_knows_stays_null() {
    let mut world = world();
    let explained = explain(&mut world, &[sample::UNKNOWN_ID], None).remove(0);
    assert_eq!((explained.state, explained.gate), (State::Denied, GateKind::Unknown));
    assert_eq!(
        (explained.generation, explained.usable, explained.exists),
        (Generation::Gated, None, Some(false))
    );
    assert_eq!((explained.free_trials, explained.model_id), (None, None));
    assert_eq!(world.sent.len(), 3, "{:#?}", world.sent);
    // That it is in no list is an answer too.
    explain(&mut world, &[sample::UNKNOWN_ID], None);
    assert_eq!(world.sent.len(), 3, "{:#?}", &world.sent[3..]);
}

#[test]
fn a_hundred_open_ones_cost_two_requests_and_each_gated_one_more() {
    let mut world = world();
    let crowd: Vec<u32> = (3_000_001..=3_000_100).collect();
    let explained = explain(&mut world, &crowd, None);
    assert_eq!(explained.len(), 100);
    let denied = explained.iter().filter(|explained| explained.state == State::Denied).count();
    assert_eq!(denied, 20);
    assert_eq!(world.sent.len(), 2 + denied);
    explain(&mut world, &crowd, None);
    assert_eq!(world.sent.len(), 2 + denied, "the second time everything is remembered");
}

#[test]
fn in_bulk_reasons_cost_two_requests_whatever_is_gated() {
    let mut world = world();
    world.engine.explain(&ids([2_514_310, 2_402_203, 900_103]), AskOptions::default().bulk(true), world.now);
    world.run();
    world.explanations.sort_by_key(|explained| explained.id);
    let explained: Vec<_> =
        world.explanations.iter().map(|explained| (explained.gate, explained.free_trials)).collect();
    assert_eq!(explained, [(GateKind::Paid, None), (GateKind::EarlyAccess, None), (GateKind::None, None)]);
    assert_eq!(world.sent.len(), 2, "{:#?}", world.sent);
}

#[test]
fn in_bulk_free_tries_are_reported_while_they_are_cached() {
    let mut world = world();
    explain(&mut world, &[900_103], None);
    let mut in_bulk = |fresh, later| {
        world.now += later;
        world.engine.explain(&ids([900_103]), AskOptions::default().fresh(fresh).bulk(true), world.now);
        world.run();
        world.explanations.pop().unwrap().free_trials
    };
    assert_eq!(in_bulk(false, 0), Some(Trials::Count(10)));
    assert_eq!(in_bulk(true, 0), None, "what was known before is not fresh");
    // Terms are cached for an hour.
    assert_eq!(in_bulk(false, 400_000), Some(Trials::Count(10)));
    assert_eq!(in_bulk(false, 3_600_000), None);
}

#[test]
fn a_fresh_explanation_reports_what_its_own_look_ups_found() {
    let mut world = world();
    world.engine.explain(&ids([900_103]), AskOptions::default().fresh(true), world.now);
    world.run();
    assert_eq!(world.explanations[0].free_trials, Some(Trials::Count(10)));
}

#[test]
fn after_a_fresh_ask_terms_that_failed_or_were_absent_are_looked_up_again() {
    for status in [404, 503] {
        for in_bulk in [true, false] {
            let mut world = world();
            let fault = Rule { part: "/mini/".into(), status: Some(status), ..Rule::default() };
            world.session.faults.set(vec![fault]);
            assert_eq!(explain(&mut world, &[900_103], None)[0].generation, Generation::Gated);
            world.session.faults.set(vec![]);
            let sent = world.sent.len();
            let again = explain(&mut world, &[900_103], None);
            assert_eq!((again[0].generation, world.sent.len()), (Generation::Gated, sent), "{status}");
            if in_bulk {
                let options = AskOptions::default().fresh(true).bulk(true);
                world.engine.explain(&ids([900_103]), options, world.now);
            } else {
                world.ask([900_103], None, true);
            }
            world.run();
            let later = explain(&mut world, &[900_103], None);
            assert_eq!(later[0].generation, Generation::Trial, "{status} {in_bulk}");
        }
    }
}

#[test]
fn that_no_tier_is_sold_is_known_of_listed_versions_only() {
    let mini =
        r#"{"air":"urn:air:sdxl:lora:civitai:900100@900103","checkPermission":true,"freeTrialLimit":null}"#;
    for (in_list, trials) in [(true, Some(Trials::Count(0))), (false, None)] {
        let mut world = world();
        let body = Some(serde_json::from_str(mini).unwrap());
        let mut faults = vec![Rule { part: "/mini/".into(), body, ..Rule::default() }];
        if !in_list {
            let body = Some(serde_json::json!({ "items": [] }));
            faults.push(Rule { part: "/models?".into(), body, ..Rule::default() });
        }
        world.session.faults.set(faults);
        let explained = explain(&mut world, &[900_103], None).remove(0);
        assert_eq!((explained.state, explained.free_trials), (State::Denied, trials), "{explained:?}");
    }
}

#[test]
fn versions_of_a_model_that_left_the_list_are_looked_up_again() {
    let mut world = world();
    let list = |world: &mut World| {
        world.engine.versions(&models([900_100]), AskOptions::default().bulk(true), world.now);
        world.run();
    };
    list(&mut world);
    let kestrel = world.session.site.version(900_103).unwrap().1.clone();
    let private = stand_in::Availability::Private;
    world.session.site.add_model(stand_in::Model { availability: private, ..kestrel });
    world.now += 400_000;
    list(&mut world);
    assert!(world.models.pop().unwrap().failure.is_some());
    let sent = world.sent.len();
    world.engine.explain(&ids([900_103]), AskOptions::default().bulk(true), world.now);
    world.run();
    assert!(world.sent[sent..].iter().any(|target| target.contains("modelVersionIds=")), "{:#?}", world.sent);
}

#[test]
fn owners_from_reasons_save_the_look_up_of_the_check() {
    let mut world = world();
    explain(&mut world, &[900_101, 900_102], None);
    let before = world.sent.len();
    assert_eq!(world.check([900_101, 900_102], user(500)), [State::Denied; 2]);
    assert_eq!(world.sent.len(), before + 1, "{:#?}", &world.sent[before..]);
}

#[test]
fn reasons_lost_to_an_outage_leave_the_verdict() {
    let mut world = world();
    world.session.faults.set(vec![Rule { part: "/models?".into(), status: Some(502), ..Rule::default() }]);
    let explained = explain(&mut world, &[2_402_203], None).remove(0);
    assert_eq!(
        (explained.state, explained.gate, explained.incomplete.map(|failure| failure.status)),
        (State::Denied, GateKind::EarlyAccess, Some(Some(502)))
    );
    // What is free was still looked up.
    assert_eq!(explained.generation, Generation::Trial);
}

#[test]
fn a_verdict_lost_to_an_outage_leaves_the_reasons() {
    let mut world = world();
    world.session.faults.set(vec![Rule {
        part: "/permissions/".into(),
        status: Some(502),
        ..Rule::default()
    }]);
    let explained = explain(&mut world, &[2_402_203], None).remove(0);
    assert!(matches!(explained.state, State::Unknown(_)));
    assert_eq!((explained.gate, explained.generation), (GateKind::EarlyAccess, Generation::Unknown));
}

#[test]
fn a_refused_region_ends_the_look_ups_too() {
    let mut world = world();
    // In no list, so that its terms would be looked up by themselves.
    let region = Rule { part: "/permissions/".into(), status: Some(451), ..Rule::default() };
    world.session.faults.set(vec![region]);
    world.engine.explain(&ids([900_801]), AskOptions::default(), world.now);
    let mut sent = Vec::new();
    while let Step::Send { request, url, .. } = world.next() {
        sent.push((request, url));
    }
    // The list answers first.
    for (request, url) in sent.into_iter().rev() {
        world.land(request, &url);
    }
    world.run();
    assert!(matches!(world.explanations[0].state, State::Unknown(_)));
    assert_eq!(world.sent.len(), 2, "{:#?}", world.sent);
}

#[test]
fn the_documented_fields_are_read_as_well() {
    let mut world = world();
    world.session.site.documented = true;
    for (id, gate) in
        [(2_402_203, GateKind::EarlyAccess), (900_103, GateKind::Paid), (900_104, GateKind::Paid)]
    {
        let explained = explain(&mut world, &[id], None).remove(0);
        assert_eq!((explained.state, explained.gate), (State::Denied, gate), "{explained:?}");
    }
}

#[test]
fn the_versions_of_models_come_in_bulk() {
    let mut world = world();
    world.engine.versions(&models([827_184, 900_100, 900_700]), AskOptions::default(), world.now);
    world.run();
    assert_eq!(world.sent, ["/api/v1/models?ids=827184,900100,900700&nsfw=true&primaryFileOnly=true"]);
    world.models.sort_by_key(|model| model.model_id);
    let [docs, kestrel, elsewhere] = &world.models[..] else { panic!() };
    assert_eq!(
        (docs.model_name.as_deref(), docs.owner_id.map(UserId::get)),
        (Some("WAI-illustrious-SDXL"), Some(sample::CREATOR))
    );
    let gates: Vec<_> =
        docs.versions.iter().map(|version| (version.version_id.get(), version.gate)).collect();
    assert!(
        gates.contains(&(2_514_310, GateKind::None)) && gates.contains(&(2_402_203, GateKind::EarlyAccess))
    );
    assert_eq!(kestrel.versions.len(), 8);
    assert_eq!(
        elsewhere.versions.iter().find(|version| version.version_id.get() == 900_701).unwrap().can_generate,
        Some(false)
    );
}

#[test]
fn models_that_the_list_leaves_out_are_asked_one_by_one() {
    let mut world = world();
    // In no list but by itself: minor; in none at all: private, and one that does not exist.
    world.engine.versions(&models([827_184, 900_900, 900_500, 123]), AskOptions::default(), world.now);
    world.run();
    assert_eq!(world.sent.len(), 4, "{:#?}", world.sent);
    let by_id = |id| world.models.iter().find(|model| model.model_id.get() == id).unwrap();
    assert_eq!(by_id(900_900).failure, None);
    // `models/{id}` leaves nulls out, so an absent gate is not known to be none (contract §2.4).
    assert_eq!(by_id(900_900).versions[0].gate, GateKind::EarlyAccess);
    for gone in [900_500, 123] {
        assert_eq!(by_id(gone).failure.unwrap().status, Some(404));
        assert!(by_id(gone).versions.is_empty());
    }
}

#[test]
fn in_bulk_the_list_is_the_last_word() {
    let mut world = world();
    world.engine.versions(&models([827_184, 900_900, 900_500]), AskOptions::default().bulk(true), world.now);
    world.run();
    assert_eq!(world.sent.len(), 1);
    assert_eq!(world.models.iter().filter(|model| model.failure.is_some()).count(), 2);
}

#[test]
fn what_a_list_of_models_holds_is_not_looked_up_again() {
    let mut world = world();
    world.engine.versions(&models([827_184]), AskOptions::default(), world.now);
    world.run();
    world.check([2_402_203], None);
    assert_eq!(world.sent.len(), 2);
    let explained = explain(&mut world, &[2_402_203], None).remove(0);
    assert_eq!((explained.gate, explained.free_trials), (GateKind::EarlyAccess, Some(Trials::Count(10))));
    assert_eq!(world.sent[2..], ["/api/v1/model-versions/mini/2402203"]);
}

#[test]
fn a_reply_about_something_else_teaches_nothing() {
    for body in [
        r#"{"items":[{"id":1,"userId":5,"modelVersions":[{"id":7,"name":"x"}]}]}"#,
        r#"{"items":[]}"#,
        r#"{"items":[{"id":1,"userId":500,"modelVersions":[{"id":"900101"},null,3]},7]}"#,
    ] {
        let mut world = World { session: Session::new(sample::site(START)), ..world() };
        let body = Some(serde_json::from_str(body).unwrap());
        world.session.faults.set(vec![Rule { part: "/models?".into(), body, ..Rule::default() }]);
        // Without an owner each gets a single-id request, whatever the list held.
        assert_eq!(world.check([900_101, 900_301], user(sample::BUYER)), [State::Denied, MINE]);
    }
}

#[test]
fn a_list_teaches_nothing_of_versions_that_were_not_asked() {
    let mut world = world();
    let lie = r#"{"items":[{"id":900300,"userId":500,"modelVersions":[{"id":900301},{"id":900302}]}]}"#;
    let body = Some(serde_json::from_str(lie).unwrap());
    world.session.faults.set(vec![Rule { part: "/models?".into(), body, ..Rule::default() }]);
    let mine = State::Granted { personal: true };
    world.check([900_101, 900_102], user(sample::BUYER));
    world.session.faults.set(vec![]);
    assert_eq!(world.check([900_103, 900_301, 900_302], user(sample::BUYER)), [State::Denied, mine, mine]);
}

#[test]
fn what_left_the_list_has_no_known_gate_any_more() {
    let mut world = world();
    assert_eq!(explain(&mut world, &[900_103], None)[0].gate, GateKind::Paid);
    let kestrel = world.session.site.version(900_103).unwrap().1.clone();
    let private = stand_in::Availability::Private;
    world.session.site.add_model(stand_in::Model { availability: private, ..kestrel });
    world.session.site.set_gate(900_103, None);
    world.now += 400_000;
    assert_eq!(explain(&mut world, &[900_103], None)[0].gate, GateKind::Private);
}

#[test]
fn a_list_that_leaves_the_gate_out_takes_it_back() {
    let mut world = world();
    world.engine.versions(&models([900_100]), AskOptions::default().bulk(true), world.now);
    world.run();
    let list = r#"{"items":[{"id":900100,"modelVersions":[{"id":900103,"name":"Wash"}]}]}"#;
    let body = Some(serde_json::from_str(list).unwrap());
    world.session.faults.set(vec![Rule { part: "/models?".into(), body, ..Rule::default() }]);
    world.engine.versions(&models([900_100]), AskOptions::default().fresh(true).bulk(true), world.now);
    world.run();
    assert_eq!(world.models[1].versions[0].gate, GateKind::Unknown);
    // Owner and name stay known, though this reply names no owner.
    assert_eq!(
        (world.models[1].owner_id.map(UserId::get), world.models[1].versions.len()),
        (Some(sample::SELLER), 1)
    );
}

#[test]
fn a_private_version_has_no_price() {
    let mut hidden = sample::site(START);
    let mut version = hidden.version(900_103).unwrap().0.clone();
    version.availability = stand_in::Availability::Private;
    hidden.add_version(version);
    let explained = explain(&mut World::new(hidden), &[900_103], None).remove(0);
    assert_eq!((explained.gate, explained.free_trials), (GateKind::Private, None));
    assert_eq!(explained.generation, Generation::Locked);
}

/// Found by the simulation's seed 21507.
#[test]
fn a_private_version_that_a_list_by_models_shows_has_no_price_either() {
    let mut hidden = sample::site(START);
    let mut version = hidden.version(900_104).unwrap().0.clone();
    version.availability = stand_in::Availability::Private;
    hidden.add_version(version);
    let mut world = World::new(hidden);
    world.engine.versions(&models([900_100]), AskOptions::default().bulk(true), world.now);
    world.run();
    assert_eq!(explain(&mut world, &[900_104], None)[0].free_trials, None);
}

#[test]
fn that_our_clock_has_passed_the_end_of_a_gate_does_not_open_it() {
    let mut world = world();
    let gated = explain(&mut world, &[2_402_203], None).remove(0);
    assert_eq!((gated.gate, gated.ends_at.is_some()), (GateKind::EarlyAccess, true));
    // A clock that is fast by ten years, and a cached list that knows nothing newer.
    let (real, fast) = (world.now, world.now + 10 * 365 * 86_400_000);
    world.engine.explain(&ids([2_402_203]), AskOptions::default().bulk(true), fast);
    loop {
        match world.engine.step(fast) {
            Step::Send { request, url, .. } => {
                let (delivery, reply) = world.reply(&url);
                world.engine.on_outcome(request, outcome(&delivery, &reply), fast);
            }
            Step::Explain { explanation, .. } => {
                assert_eq!((explanation.state, explanation.gate), (State::Denied, GateKind::Unknown));
                assert_eq!(explanation.ends_at, None);
                break;
            }
            Step::Wait(None) => panic!("no explanation"),
            _ => {}
        }
    }
    assert_eq!(world.now, real);
}

#[test]
fn a_listed_open_version_is_not_looked_up_by_itself() {
    let mut world = world();
    world.session.site.documented = true;
    explain(&mut world, &[2_514_310], None);
    assert_eq!(world.sent.len(), 2, "{:#?}", world.sent);
}

#[test]
fn a_version_in_no_list_is_looked_up_by_itself() {
    let mut world = world();
    let explained = explain(&mut world, &[900_801], None).remove(0);
    assert_eq!((explained.state, explained.version_name.as_deref()), (OPEN, Some("v1.0")));
    assert!(explained.model_name.is_some(), "{explained:?}");
    assert_eq!(world.sent.len(), 3, "{:#?}", world.sent);
}

#[test]
fn a_body_that_is_no_list_is_an_invalid_response() {
    for body in ["[]", "null", "{}", r#"{"items":{}}"#, r#""x""#] {
        let mut world = world();
        let body = Some(serde_json::from_str(body).unwrap());
        world.session.faults.set(vec![Rule { part: "/models?".into(), body, ..Rule::default() }]);
        world.engine.versions(&models([827_184]), AskOptions::default(), world.now);
        world.run();
        assert_eq!(world.models[0].failure.unwrap().code.as_str(), "INVALID_RESPONSE");
    }
}
