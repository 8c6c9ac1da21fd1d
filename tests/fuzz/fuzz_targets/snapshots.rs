//! Any text as a snapshot, with a right checksum: no panic, and what is read is written again.
#![no_main]

use civitai_permissions::{AskOptions, Config, Engine, ModelId, Step, VersionId};
use libfuzzer_sys::fuzz_target;

const NOW: u64 = 1_795_132_800_000;

fuzz_target!(|lists: &str| {
    let json = format!(r#"{{"base":[["https://civitai.com"]],{lists}}}"#);
    let checksum = json.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut engine = Engine::new(Config::default(), 1);
    if !engine.restore(&format!("civitai-permissions 2 {checksum}\n{json}"), NOW) {
        assert_eq!(engine.snapshot(NOW), Engine::new(Config::default(), 1).snapshot(NOW));
        return;
    }
    let text = engine.snapshot(NOW);
    let mut again = Engine::new(Config::default(), 1);
    assert!(again.restore(&text, NOW));
    assert_eq!(again.snapshot(NOW), text);
    let ids: Vec<VersionId> = (1..20).filter_map(VersionId::new).collect();
    let models: Vec<_> = ids.iter().filter_map(|id| ModelId::new(id.get())).collect();
    again.explain(&ids, AskOptions::default(), NOW);
    again.versions(&models, AskOptions::default(), NOW);
    while !matches!(again.step(NOW), Step::Wait(_)) {}
});
