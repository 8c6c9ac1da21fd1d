//! Any bytes as a reply: no panic, no verdict that serde_json does not see, every ask ends.
#![no_main]

use civitai_permissions::{AskOptions, Config, Engine, ModelId, Outcome, State, Step, UserId, VersionId, verdicts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let ids: Vec<VersionId> = [1, 2, 10, 2_147_483_647].into_iter().filter_map(VersionId::new).collect();
    let oracle = serde_json::from_slice::<serde_json::Value>(bytes).ok();
    if let (Some(answer), Some(oracle)) = (verdicts(&ids, bytes), &oracle) {
        for (id, verdict) in ids.iter().zip(answer) {
            assert_eq!(verdict, oracle.get(id.get().to_string()).and_then(|value| value.as_bool()));
        }
    }
    // The same bytes answer every request of a check, an explanation and a list.
    let mut engine = Engine::new(Config::default().retries(1), 1);
    let user = UserId::new(7);
    let models: Vec<_> = ids.iter().filter_map(|id| ModelId::new(id.get())).collect();
    let asks = [
        engine.check(&ids, AskOptions::default().user(user), 0),
        engine.explain(&ids, AskOptions::default().user(user), 0),
        engine.versions(&models, AskOptions::default(), 0),
    ];
    let (mut now, mut done) = (0, 0);
    for _ in 0..10_000 {
        match engine.step(now) {
            Step::Send { request, .. } => {
                engine.on_outcome(request, Outcome::Reply { status: 200, retry_after: None, as_of: None, body: bytes }, now);
            }
            Step::Answer { id, state: State::Granted { .. } | State::Denied, .. } => {
                assert!(oracle.as_ref().is_none_or(|oracle| oracle[id.get().to_string()].is_boolean()));
            }
            Step::Done(_) => done += 1,
            Step::Wait(Some(until)) => now = until,
            Step::Wait(None) => break,
            _ => {}
        }
    }
    assert_eq!(done, asks.len());
});
