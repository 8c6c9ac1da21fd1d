//! Canonical URLs: equal questions give equal URLs, so that strangers share Civitai's edge cache.

use crate::api::base_url::BaseUrl;
use crate::text::{push_number, text};
use alloc::string::String;
use alloc::vec::Vec;

/// The longest URL that is sent, in bytes.
pub(crate) const MAX_URL: usize = 8000;
/// Room for everything in a URL but the base URL and the ids.
const FIXED: usize = 160;
/// `2147483647,`
const LONGEST_ID: usize = 11;

/// What is asked, and in whose name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// May this user, or nobody in particular, generate with these versions? (contract §1)
    Check { user: Option<u32> },
    /// The models of these versions, with these versions only (contract §2.5).
    VersionList,
    /// These models with their versions (contract §2.5).
    ModelList,
    /// One model, also where the list leaves it out (contract §2.4).
    Model,
    /// One version (contract §2.1).
    Version,
    /// One version's terms (contract §4.1).
    Mini,
}

/// An ignored parameter that makes a URL pass by copies at the edge (contract §1.7: errors and
/// answers stay there for up to 450 s).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bust {
    Never,
    /// Shared by all who ask within this span.
    Span(u64),
    /// Shared by all who retry for the nth time within this span.
    Retry(u64, u8),
    /// Shared with nobody.
    Unique(u64),
}

impl Topic {
    /// How many ids fit into one request, however long they are.
    pub(crate) fn capacity(self, base: &BaseUrl, max_batch: u16) -> usize {
        let fitting = MAX_URL.saturating_sub(base.as_str().len() + FIXED) / LONGEST_ID;
        match self {
            Self::Check { .. } => usize::from(max_batch).clamp(1, fitting.max(1)),
            // A page of the list holds 100 models (contract §2.5).
            Self::VersionList | Self::ModelList => usize::from(max_batch.clamp(1, 100)),
            Self::Model | Self::Version | Self::Mini => 1,
        }
    }

    /// The request for these ids, which are in ascending order.
    pub(crate) fn url(self, base: &BaseUrl, ids: impl Iterator<Item = u32>, bust: Bust) -> String {
        let mut url = Vec::from(base.as_str());
        let path: &str = match self {
            Self::Check { .. } => "/api/v1/permissions/check?entityIds=",
            Self::VersionList => "/api/v1/models?modelVersionIds=",
            Self::ModelList => "/api/v1/models?ids=",
            Self::Model => "/api/v1/models/",
            Self::Version => "/api/v1/model-versions/",
            Self::Mini => "/api/v1/model-versions/mini/",
        };
        url.extend_from_slice(path.as_bytes());
        for (count, id) in ids.enumerate() {
            if count > 0 {
                url.push(b',');
            }
            push_number(&mut url, u64::from(id));
        }
        match self {
            Self::Check { user: None } | Self::Model | Self::Version | Self::Mini => {}
            Self::Check { user: Some(user) } => {
                url.extend_from_slice(b"&userId=");
                push_number(&mut url, u64::from(user));
            }
            // Without `nsfw=true` the list holds PG models only (contract §2.5).
            Self::VersionList | Self::ModelList => url.extend_from_slice(b"&nsfw=true&primaryFileOnly=true"),
        }
        let (number, more) = match bust {
            Bust::Never => return text(url),
            Bust::Span(number) | Bust::Unique(number) => (number, None),
            Bust::Retry(number, count) => (number, Some(count)),
        };
        let has_query = !matches!(self, Self::Model | Self::Version | Self::Mini);
        url.push(if has_query { b'&' } else { b'?' });
        url.extend_from_slice(b"t=");
        push_number(&mut url, number);
        if let Some(count) = more {
            url.push(b'.');
            push_number(&mut url, u64::from(count));
        }
        text(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url(topic: Topic, ids: &[u32], bust: Bust) -> String {
        topic.url(&BaseUrl::default(), ids.iter().copied(), bust)
    }

    #[test]
    fn defaults_are_left_out() {
        let nobody = Topic::Check { user: None };
        assert_eq!(
            url(nobody, &[1, 2], Bust::Never),
            "https://civitai.com/api/v1/permissions/check?entityIds=1,2"
        );
        assert_eq!(
            url(Topic::Check { user: Some(5) }, &[1], Bust::Span(7)),
            "https://civitai.com/api/v1/permissions/check?entityIds=1&userId=5&t=7"
        );
        assert_eq!(
            url(nobody, &[1], Bust::Retry(9, 2)),
            "https://civitai.com/api/v1/permissions/check?entityIds=1&t=9.2"
        );
    }

    #[test]
    fn look_ups_ask_for_all_ratings_and_few_bytes() {
        assert_eq!(
            url(Topic::VersionList, &[1, 2], Bust::Never),
            "https://civitai.com/api/v1/models?modelVersionIds=1,2&nsfw=true&primaryFileOnly=true"
        );
        assert_eq!(
            url(Topic::ModelList, &[9], Bust::Unique(4)),
            "https://civitai.com/api/v1/models?ids=9&nsfw=true&primaryFileOnly=true&t=4"
        );
        assert_eq!(url(Topic::Model, &[9], Bust::Never), "https://civitai.com/api/v1/models/9");
        assert_eq!(
            url(Topic::Version, &[3], Bust::Span(1)),
            "https://civitai.com/api/v1/model-versions/3?t=1"
        );
        assert_eq!(url(Topic::Mini, &[3], Bust::Never), "https://civitai.com/api/v1/model-versions/mini/3");
    }

    proptest! {
        #[test]
        fn no_url_is_too_long(path in "[a-z]{0,1980}", max_batch: u16, user in 1u32..=2_147_483_647) {
            let base = BaseUrl::parse(&format!("https://{path}x")).unwrap();
            let topic = Topic::Check { user: Some(user) };
            let count = topic.capacity(&base, max_batch);
            prop_assert!(count >= usize::from(max_batch.clamp(1, 500)));
            let ids = (0..count as u32).map(|n| 2_147_483_647 - n);
            let url = topic.url(&base, ids, Bust::Retry(u64::MAX, u8::MAX));
            prop_assert!(url.len() <= MAX_URL);
        }
    }
}
