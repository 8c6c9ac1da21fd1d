//! The memory as text: what it carries over a worker's death, and what it refuses.

use crate::support::{START, World, config, ids, models, user};
use civitai_permissions::{AskOptions, BaseUrl, Code, Engine, State, Step};
use proptest::prelude::*;
use stand_in::{Rule, sample};

/// A world that has seen verdicts, reasons and a pause, and its memory.
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
    let (mut before, text) = snapshot();
    let mut world = restored(&text);
    let states = world.check([2_514_310, 2_402_203, 900_301], user(sample::BUYER));
    let [open, mine] = [false, true].map(|personal| State::Granted { personal });
    // In ascending order of ids.
    assert_eq!(states, [mine, State::Denied, open]);
    look_up(&mut world, false);
    world.run();
    for told in &mut before.explanations {
        // Not yet in the snapshot.
        (told.as_of, told.air) = (None, None);
    }
    assert_eq!((world.explanations, world.models), (before.explanations, before.models));
    assert_eq!(world.sent, [""; 0]);
}

#[test]
fn what_is_restored_is_told_in_the_same_words() {
    let (world, text) = snapshot();
    assert_eq!(restored(&text).engine.snapshot(START), text);
    assert_eq!(world.engine.snapshot(START), text);
}

#[test]
fn what_was_cleared_is_not_told() {
    let (mut world, text) = snapshot();
    let names: Vec<_> =
        world.explanations.iter().flat_map(|told| [&told.version_name, &told.model_name]).collect();
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
    let names = world.explanations.iter().filter_map(|told| told.model_name.clone());
    let names: Vec<String> =
        names.chain(world.models.iter().filter_map(|told| told.model_name.clone())).collect();
    assert!(names.len() > 1, "who waits is told");
    let text = world.engine.snapshot(world.now);
    for name in names {
        assert!(!text.contains(&name), "{name}: {text}");
    }
}

#[test]
fn one_version_that_was_cleared_is_asked_for_again_with_its_model() {
    let (mut world, _) = snapshot();
    let (told, sent) = (std::mem::take(&mut world.models), world.sent.len());
    world.engine.clear(Some(&ids([2_514_310])));
    world.engine.versions(&models([827_184, 900_100]), AskOptions::default(), world.now);
    world.engine.explain(&ids([2_514_310]), AskOptions::default().bulk(true), world.now);
    world.run();
    assert_eq!(world.models.len(), 2);
    assert!(told.iter().all(|model| world.models.contains(model)));
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
fn a_closed_gate_stays_closed() {
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
fn a_pause_that_is_known_already_keeps_its_reason() {
    let mut engine = Engine::new(config(), 1);
    for status in [429, 503] {
        let gate = format!("\nb\thttps://civitai.test\ng\t{}\t{status}\t0\t1", START + 5000);
        assert!(engine.restore(&signed(&gate), START));
    }
    assert!(engine.snapshot(START).contains("\t429\t"));
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
    let other_version = text.replacen("permissions 1 ", "permissions 2 ", 1);
    for text in
        ["", "{}", "null", "\n", "civitai-permissions 1 ", &text[..text.len() - 1], &damaged, &other_version]
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
fn signed(lines: &str) -> String {
    let hash = lines
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("civitai-permissions 1 {hash}{lines}")
}

#[test]
fn every_kind_of_fact_is_told_as_it_was_read() {
    let lines = [
        "b\thttps://civitai.test",
        "g\t1795132805000\t429\t2\t1",
        "v\t1\t9\t5\t=a\\tb\\nc\\\\d\topen\t2\t0\t1\t-",
        "v\t2\t9\t5\t=\tnotPaid\t0\t1\t2\tnone",
        "v\t3\t9\t5\t-\tnotPaid\t1\t1\t0\tunexplained",
        "v\t4\t9\t5\t-\t2026-12-01T00:00:00.000Z\t2\t1\t2\tunlimited",
        "v\t5\t9\t5\t-\tpaid\t2\t1\t2\t10",
        "v\t6\t9\t5\t-\tpending\t2\t2\t2\t-",
        "v\t7\t9\t5\t-\tprivate\t2\t2\t2\t-",
        "v\t8\t0\t0\t-\tunknown\t2\t2\t2\t-",
        "m\t9\t5\t=x\t1\t2\t3",
        "m\t10\t0\t-",
        "a\t0\t1\t1\t1795132800000",
        "a\t2147483648\t1\t1\t1795132800000",
    ];
    let text = signed(&lines.map(|line| format!("\n{line}")).concat());
    let mut engine = Engine::new(config(), 1);
    assert!(engine.restore(&text, START));
    assert_eq!(engine.snapshot(START).lines().skip(1).collect::<Vec<_>>(), lines);
}

#[test]
fn what_stands_before_a_wrong_line_is_not_taken_either() {
    let gate = START + 5000;
    let lines =
        format!("\nb\thttps://civitai.test\ng\t{gate}\t429\t0\t1\na\t0\t1\t1\t{START}\nm\t9\t5\t=x\nx");
    let mut engine = Engine::new(config(), 1);
    assert!(!engine.restore(&signed(&lines), START));
    assert_eq!(engine.snapshot(START), Engine::new(config(), 1).snapshot(START));
}

#[test]
fn a_right_checksum_does_not_make_wrong_fields_right() {
    let base = "\nb\thttps://civitai.test";
    assert!(Engine::new(config(), 1).restore(&signed(base), START));
    for line in [
        "x",
        "a",
        "a\t0\t0\t1\t5",
        "a\t0\t1\t2\t5",
        "a\t0\t1\t1",
        "a\t0\t1\t1\t5\t6",
        "a\t2147483653\t1\t1\t5",
        "a\t0\t2147483648\t1\t5",
        "a\t0\t1\t1\t-5",
        "g\t1\t2\t3",
        "g\t1\t70000\t0\t0",
        "m\t1\t1\tx",
        "m\t1\t1\t-\t0",
        "v\t1\t1\t1\t-\tsoon\t2\t2\t2\t-",
        "v\t1\t1\t1\t=\\q\topen\t2\t2\t2\t-",
        "v\t1\t1\t1\t-\topen\t3\t2\t2\t-",
        "v\t1\t1\t1\t-\topen\t2\t2\t2\tmany",
        "b\thttps://x",
    ] {
        let text = signed(&format!("{base}\n{line}"));
        assert!(!Engine::new(config(), 1).restore(&text, START), "{line}");
    }
    let two = signed(&format!("\nb\thttps://x{base}"));
    assert!(!Engine::new(config(), 1).restore(&two, START), "a base URL of somebody else before ours");
}

proptest! {
    #[test]
    fn no_text_breaks_it(lines in "(\n[bgvmax](\t(-|=|=[a-z\\\\\t]{0,3}|[0-9]{1,11}|open|unlimited|2026-01-01|https://civitai.test)){0,9}){0,4}") {
        let mut engine = Engine::new(config(), 1);
        if engine.restore(&signed(&lines), START) {
            let told = engine.snapshot(START);
            let mut again = Engine::new(config(), 1);
            prop_assert!(again.restore(&told, START));
            prop_assert_eq!(again.snapshot(START), told);
        }
        engine.restore(&lines, START);
    }
}
