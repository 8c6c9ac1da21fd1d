//! Any text: the parsers neither panic nor read an id that is not there.
#![no_main]

use civitai_permissions::{BaseUrl, Link, VersionId, find_resources, reply_times};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(id) = text.parse::<VersionId>() {
        assert!((1..=2_147_483_647).contains(&id.get()));
        assert!(text.contains(&id.get().to_string()), "{text:?} gave {id:?}");
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    for found in find_resources(text) {
        assert!(found.version.is_some() || found.model.is_some() || found.source != "civitai");
    }
    if let Ok(link) = text.parse::<Link>() {
        assert!(link.model.is_some() || link.version.is_some());
    }
    if let Ok(base) = BaseUrl::parse(text) {
        assert_eq!(BaseUrl::parse(base.as_str()).as_ref(), Ok(&base));
    }
    let _ = reply_times(Some(text), Some(text), Some(text), 1_795_132_800_000);
});
