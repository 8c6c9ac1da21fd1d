//! The cache as text: what a snapshot carries over a worker's death, and what is refused.

use crate::support::{START, World, config, ids, models, user};
use civitai_permissions::{AskOptions, BaseUrl, Code, Engine, Generation, State, Step};
use proptest::prelude::*;
use stand_in::{Rule, sample};

/// A world that has seen verdicts, reasons and a pause, and its snapshot.
fn snapshot() -> (World, String) {
    let mut world = World::new(sample::site(START));
    world.check([2_514_310, 2_402_203, 900_301], user(sample::BUYER));
    look_up(&mut world, false);
    world.run();
    let text = world.engine.snapshot(world.now);
    (world, text)
}

fn look_up(world: &mut World, bulk: bool) {
    let ids_of_versions = ids([900_104, 900_501, 900_101]);
    world.engine.explain(&ids_of_versions, AskOptions::default().bulk(bulk), world.now);
    world.engine.versions(&models([827_184, 900_100]), AskOptions::default().bulk(bulk), world.now);
}

fn restored(text: &str) -> World {
    let mut world = World::new(sample::site(START));
    assert!(world.engine.restore(text, world.now));
    world
}

#[test]
fn a_restored_engine_asks_nothing_again() {
    let (before, text) = snapshot();
    let mut world = restored(&text);
    let states = world.check([2_514_310, 2_402_203, 900_301], user(sample::BUYER));
    let [open, mine] = [false, true].map(|personal| State::Granted { personal });
    // In ascending order of ids.
    assert_eq!(states, [mine, State::Denied, open]);
    look_up(&mut world, false);
    world.run();
    assert_eq!((world.explanations, world.models), (before.explanations, before.models));
    assert_eq!(world.sent, [""; 0]);
}

#[test]
fn what_is_restored_is_written_in_the_same_words() {
    let (world, text) = snapshot();
    assert_eq!(restored(&text).engine.snapshot(START), text);
    assert_eq!(world.engine.snapshot(START), text);
}

#[test]
fn what_was_cleared_is_not_in_a_snapshot() {
    let (mut world, text) = snapshot();
    let names: Vec<_> =
        world.explanations.iter().flat_map(|one| [&one.version_name, &one.model_name]).collect();
    let names: Vec<String> = names.into_iter().flatten().cloned().collect();
    assert!(names.len() > 3 && names.iter().all(|name| text.contains(name)), "{names:?}");
    let of_model: Vec<u32> = world
        .models
        .iter()
        .flat_map(|model| &model.versions)
        .map(|version| version.version_id.get())
        .collect();
    world.engine.clear(Some(&ids([900_104, 900_501, 900_101].into_iter().chain(of_model))));
    let text = world.engine.snapshot(world.now);
    for name in names {
        assert!(!text.contains(&name), "{name}: {text}");
    }
}

#[test]
fn a_check_that_failed_is_not_in_a_snapshot() {
    let mut world = World::new(sample::site(START));
    let nothing = world.engine.snapshot(START);
    world.session.faults.set(vec![Rule { status: Some(451), ..Rule::default() }]);
    assert!(matches!(world.check([2_514_310], None)[0], State::Unknown(_)));
    assert_eq!(world.engine.snapshot(world.now), nothing);
}

#[test]
fn a_look_up_that_was_under_way_at_a_clear_leaves_no_names() {
    let mut world = World::new(sample::site(START));
    look_up(&mut world, true);
    let mut under_way = Vec::new();
    while let Step::Send { request, url, .. } = world.next() {
        under_way.push((request, url));
    }
    world.engine.clear(None);
    for (request, url) in under_way {
        world.land(request, &url);
    }
    world.run();
    let names = world.explanations.iter().filter_map(|one| one.model_name.clone());
    let names: Vec<String> =
        names.chain(world.models.iter().filter_map(|one| one.model_name.clone())).collect();
    assert!(names.len() > 1, "waiting calls have names");
    let text = world.engine.snapshot(world.now);
    for name in names {
        assert!(!text.contains(&name), "{name}: {text}");
    }
}

#[test]
fn one_version_that_was_cleared_is_asked_for_again_with_its_model() {
    let (mut world, _) = snapshot();
    let (before, sent) = (std::mem::take(&mut world.models), world.sent.len());
    world.engine.clear(Some(&ids([2_514_310])));
    world.engine.versions(&models([827_184, 900_100]), AskOptions::default(), world.now);
    world.engine.explain(&ids([2_514_310]), AskOptions::default().bulk(true), world.now);
    world.run();
    assert_eq!(world.models.len(), 2);
    assert!(before.iter().all(|model| world.models.contains(model)));
    let mut asked: Vec<_> =
        world.sent.drain(sent..).map(|target| target.split('&').next().unwrap().to_owned()).collect();
    asked.sort();
    assert_eq!(
        asked,
        [
            "/api/v1/models?ids=827184",
            "/api/v1/models?modelVersionIds=2514310",
            "/api/v1/permissions/check?entityIds=2514310"
        ]
    );
}

#[test]
fn a_pause_outlives_the_snapshot() {
    let mut world = World::new(sample::site(START));
    let headers = [("Retry-After".into(), "60".into())].into();
    world.session.faults.set(vec![Rule { status: Some(429), headers, ..Rule::default() }]);
    world.check([10], None);
    let mut later = restored(&world.engine.snapshot(world.now));
    later.now += 40_000;
    assert!(
        matches!(later.check([20], None)[0], State::Unknown(failure) if failure.code == Code::RateLimited)
    );
    assert_eq!(later.sent, [""; 0]);
}

#[test]
fn a_pause_lasts_no_longer_after_a_clock_was_set_back() {
    let mut world = World::new(sample::site(START));
    let headers = [("Retry-After".into(), "60".into())].into();
    world.session.faults.set(vec![Rule { status: Some(429), headers, times: Some(1), ..Rule::default() }]);
    world.check([10], None);
    let text = world.engine.snapshot(world.now);
    let mut later = World::new(sample::site(START));
    later.now -= 3_600_000;
    assert!(later.engine.restore(&text, later.now));
    assert_eq!(later.check([20], None), [State::Denied], "a clock that was wrong pauses nothing");
    for back in [1000, 60_000] {
        let mut later = World::new(sample::site(START));
        later.now -= back;
        assert!(later.engine.restore(&text, later.now));
        let failed = later.check([20], None)[0];
        assert!(
            matches!(failed, State::Unknown(failure) if failure.retry_after == Some(60_000)),
            "{failed:?}"
        );
        later.now += 60_000;
        assert_eq!(later.check([20], None), [State::Denied], "{back}");
    }
}

#[test]
fn a_pause_that_is_known_already_keeps_its_reason() {
    let mut engine = Engine::new(config(), 1);
    for status in [429, 503] {
        let pause = format!(r#""pause":[[{},{status},0,1,{START}]]"#, START + 5000);
        assert!(engine.restore(&signed(&of_base(&pause)), START));
    }
    assert!(engine.snapshot(START).contains(",429,"));
}

/// A failed request is not repeated before its time, though the worker that sent it has died.
#[test]
fn a_failed_look_up_is_not_repeated_before_its_time() {
    let mut world = World::new(sample::site(START));
    world.session.faults.set(vec![Rule { part: "/mini/".into(), status: Some(403), ..Rule::default() }]);
    let explain = |world: &mut World, options| {
        let sent = world.sent.len();
        world.engine.explain(&ids([900_103]), options, world.now);
        world.run();
        let explained = world.explanations.pop().unwrap();
        let minis = world.sent[sent..].iter().filter(|target| target.contains("/mini/")).count();
        (explained.generation, explained.incomplete.and_then(|failure| failure.retry_after), minis)
    };
    let plain = AskOptions::default();
    assert_eq!(explain(&mut world, plain), (Generation::Gated, None, 1));
    assert_eq!(explain(&mut world, plain), (Generation::Gated, Some(60_000), 0));
    let mut later = restored(&world.engine.snapshot(world.now));
    later.now += 59_999;
    assert_eq!(explain(&mut later, plain), (Generation::Gated, Some(1), 0));
    assert_eq!(explain(&mut later, plain.fresh(true)), (Generation::Trial, None, 1));
    let mut later = restored(&world.engine.snapshot(world.now));
    later.now += 60_000;
    assert_eq!(explain(&mut later, plain), (Generation::Trial, None, 1));
}

#[test]
fn ages_go_on_while_nobody_is_there() {
    let (_, text) = snapshot();
    let mut world = restored(&text);
    world.now += 60_000;
    world.check([2_514_310, 2_402_203], None);
    assert_eq!(world.sent, ["/api/v1/permissions/check?entityIds=2402203"]);
    let mut late = World::new(sample::site(START));
    late.now += 300_000;
    assert!(late.engine.restore(&text, late.now));
    late.check([2_514_310], None);
    assert_eq!(late.sent.len(), 1);
}

#[test]
fn what_is_not_ours_is_ignored_as_a_whole() {
    let (_, text) = snapshot();
    let damaged = text.replacen("2514310", "2514311", 1);
    let other_version = text.replacen("permissions 2 ", "permissions 3 ", 1);
    for text in
        ["", "{}", "null", "\n", "civitai-permissions 2 ", &text[..text.len() - 1], &damaged, &other_version]
    {
        let mut engine = Engine::new(config(), 1);
        assert!(!engine.restore(text, START), "{text}");
        assert_eq!(engine.snapshot(START), Engine::new(config(), 1).snapshot(START));
    }
    let base = BaseUrl::parse("https://civitai.red").unwrap();
    assert!(!Engine::new(config().base(base), 1).restore(&text, START));
}

#[test]
fn what_is_known_already_stays() {
    let (_, text) = snapshot();
    let mut world = World::new(sample::site(START));
    world.session.site.set_gate(2_402_203, None);
    world.now += 1000;
    world.check([2_402_203], None);
    assert!(world.engine.restore(&text, world.now));
    assert_eq!(world.check([2_402_203], None), [State::Granted { personal: false }]);
}

#[test]
fn facts_that_are_known_already_stay() {
    let (_, text) = snapshot();
    let mut world = World::new(sample::site(START));
    world.session.site.set_gate(900_101, None);
    world.now += 1000;
    let ask = |world: &mut World| {
        world.engine.explain(&ids([900_101]), AskOptions::default().bulk(true), world.now);
        world.run();
        world.explanations.pop().unwrap()
    };
    let known = ask(&mut world);
    assert!(world.engine.restore(&text, world.now));
    assert_eq!(ask(&mut world), known);
}

/// The checksum is no secret: with a right one, every field is still checked.
fn signed(json: &str) -> String {
    let hash = json
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("civitai-permissions 2 {hash}\n{json}")
}

fn of_base(lists: &str) -> String {
    format!(r#"{{"base":[["https://civitai.test"]],{lists}}}"#)
}

#[test]
fn every_kind_of_fact_is_written_as_it_was_read() {
    let lists = [
        r#""pause":[[1795132805000,429,2,1,1795132800000]]"#,
        concat!(
            r#""versions":[[true,1,9,5,"a\"\u000ab\\c",null,"open",null,null],"#,
            r#"[false,2,9,5,"",null,"notPaid",false,null,null,true,true,null,true,false],"#,
            r#"[true,3,9,null,null,"civitai:9@3","2026-12-01T00:00:00.000Z",true,"unlimited"],"#,
            r#"[true,4,null,5,null,null,"paid",null,10,"2026-12-01T00:00:00.000Z",false,false,0,false,true],"#,
            r#"[true,5,null,null,null,null,"pending",null,null],"#,
            r#"[true,6,null,null,null,null,"private",null,null],"#,
            r#"[true,7,null,null,null,null,null,null,null]]"#
        ),
        r#""models":[[9,5,"x",false,1,2,3],[10,null,null,null]]"#,
        concat!(
            r#""answers":[["check",null,1,true,1795132800000,1795132799000],["check",7,1,false,1795132800000,null],"#,
            r#"["versionList",1,true,1795132800000,null],["modelList",9,true,1795132800000,null],"#,
            r#"["model",9,true,1795132800000,null],["version",1,true,1795132800000,null],"#,
            r#"["mini",2,true,1795132800000,null]]"#
        ),
        r#""failures":[["mini",5,"HTTP",502,1795132790000,1795132850000],["versionList",6,"NETWORK",null,1795132790000,1795132850000]]"#,
    ];
    let text = signed(&of_base(&lists.join(",")));
    let mut engine = Engine::new(config(), 1);
    assert!(engine.restore(&text, START));
    assert_eq!(engine.snapshot(START), text);
}

#[test]
fn an_answer_was_not_given_at_a_moment_that_is_still_to_come() {
    for given in [START + 1, u64::MAX] {
        let row = format!(r#""answers":[["check",null,1,true,{START},{given}]]"#);
        let mut engine = Engine::new(config(), 1);
        assert!(engine.restore(&signed(&of_base(&row)), START));
        let kept = r#"["check",null,1,true,1795132800000,null]"#;
        assert!(engine.snapshot(START).contains(kept));
    }
}

#[test]
fn rows_before_a_wrong_one_are_not_restored_either() {
    let pause = START + 5000;
    let lists = format!(
        r#""pause":[[{pause},429,0,1,{START}]],"answers":[["check",null,1,true,{START},null]],"models":[[9,5,7]]"#
    );
    let mut engine = Engine::new(config(), 1);
    assert!(!engine.restore(&signed(&of_base(&lists)), START));
    assert_eq!(engine.snapshot(START), Engine::new(config(), 1).snapshot(START));
}

#[test]
fn a_right_checksum_does_not_make_wrong_fields_right() {
    let restore = |lists: &str| Engine::new(config(), 1).restore(&signed(&of_base(lists)), START);
    assert!(restore(r#""answers":[["check",null,1,true,5,null]]"#));
    assert!(restore(r#""versions":[[true,1,null,null,null,null,null,null,null]]"#));
    for lists in [
        r#""x":[[1]]"#,
        r#""answers":[7]"#,
        r#""answers":[[]]"#,
        r#""answers":[["check",null,0,true,5,null]]"#,
        r#""answers":[["check",0,1,true,5,null]]"#,
        r#""answers":[["check",null,1,1,5,null]]"#,
        r#""answers":[["check",null,1,true,5]]"#,
        r#""answers":[["check",null,1,true,5,null,6]]"#,
        r#""answers":[["check",null,2147483648,true,5,null]]"#,
        r#""answers":[["check",null,1,true,-5,null]]"#,
        r#""answers":[["else",1,true,5,null]]"#,
        r#""failures":[["mini",1,"OOPS",null,5,6]]"#,
        r#""failures":[["mini",1,"HTTP",70000,5,6]]"#,
        r#""pause":[[1,2,3]]"#,
        r#""pause":[[1,70000,0,0,1]]"#,
        r#""models":[[1,1]]"#,
        r#""models":[[1,1,"x",null,0]]"#,
        r#""models":[[1,1,"x",2]]"#,
        r#""versions":[[true,1,null,null,null,null,"soon",null,null]]"#,
        r#""versions":[[true,1,null,null,null,null,null,null,"many"]]"#,
        r#""versions":[[true,1,null,null,null,null,null,null,null,null]]"#,
        r#""base":[["https://x"]]"#,
    ] {
        assert!(!restore(lists), "{lists}");
    }
    let without_a_base = signed(r#"{"answers":[]}"#);
    assert!(!Engine::new(config(), 1).restore(&without_a_base, START));
}

proptest! {
    #[test]
    fn no_text_breaks_it(
        rows in r#"("(versions|models|answers|failures|pause)":\[(\[(null|true|"(check|mini|model|open|HTTP|x)"|[0-9]{1,11}|,){0,15}\],?){0,3}\],?){0,4}"#
    ) {
        let text = signed(&of_base(&rows));
        let mut engine = Engine::new(config(), 1);
        if engine.restore(&text, START) {
            let text = engine.snapshot(START);
            let mut again = Engine::new(config(), 1);
            prop_assert!(again.restore(&text, START));
            prop_assert_eq!(again.snapshot(START), text);
        }
        engine.restore(&rows, START);
    }
}
