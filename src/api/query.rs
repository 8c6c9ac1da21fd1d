//! Questions and their canonical URLs: equal questions give equal URLs, so that strangers share Civitai's CDN cache.

use super::base_url::BaseUrl;
use crate::digits;
use crate::id::{ModelId, UserId, VersionId};
use std::fmt::Write as _;

/// The longest URL that is sent, in bytes.
pub(crate) const MAX_URL: usize = 8000;
/// Room for everything in a URL but the base URL and the ids.
const FIXED: usize = 160;
/// `2147483647,`
const LONGEST_ID: usize = 11;

/// One question about one id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// May this user, or an anonymous one, generate with this version? (contract §1)
    Check { user: Option<UserId>, id: VersionId },
    /// The model of this version, from a list (contract §2.5).
    VersionList(VersionId),
    /// This model with its versions, from a list (contract §2.5).
    ModelList(ModelId),
    /// The same of one model, also where the list leaves it out (contract §2.4).
    Model(ModelId),
    /// This version (contract §2.1).
    Version(VersionId),
    /// The terms of this version (contract §4.1).
    Mini(VersionId),
}

/// What questions of one request have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Check { user: Option<UserId> },
    VersionList,
    ModelList,
    Model,
    Version,
    Mini,
}

impl Question {
    pub(crate) fn topic(self) -> Topic {
        match self {
            Self::Check { user, .. } => Topic::Check { user },
            Self::VersionList(_) => Topic::VersionList,
            Self::ModelList(_) => Topic::ModelList,
            Self::Model(_) => Topic::Model,
            Self::Version(_) => Topic::Version,
            Self::Mini(_) => Topic::Mini,
        }
    }

    /// The id's number, as a URL holds it.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Check { id, .. } | Self::VersionList(id) | Self::Version(id) | Self::Mini(id) => id.get(),
            Self::ModelList(id) | Self::Model(id) => id.get(),
        }
    }

    /// A number of its own for each question.
    pub(crate) fn key(self) -> u64 {
        u64::from(self.topic().code()) << 32 | u64::from(self.number())
    }

    /// The version that it is about.
    pub(crate) fn version(self) -> Option<VersionId> {
        match self {
            Self::Check { id, .. } | Self::VersionList(id) | Self::Version(id) | Self::Mini(id) => Some(id),
            Self::ModelList(_) | Self::Model(_) => None,
        }
    }
}

/// An ignored parameter that makes a URL bypass the CDN cache, which keeps errors and answers for up to 450 s
/// (contract §1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bypass {
    Never,
    /// Shared by all who ask within this span.
    Span(u64),
    /// Shared by all who retry for the nth time within this span.
    Retry(u64, u8),
    /// Shared with nobody.
    Unique(u64),
}

impl Topic {
    /// A number of its own for each: that of a check is its user's, and users' numbers have 31 bits.
    pub(crate) fn code(self) -> u32 {
        match self {
            Self::Check { user } => user.map_or(0, UserId::get),
            Self::VersionList => 1 << 31,
            Self::ModelList => 1 << 31 | 1,
            Self::Model => 1 << 31 | 2,
            Self::Version => 1 << 31 | 3,
            Self::Mini => 1 << 31 | 4,
        }
    }

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

    /// Whether a request for it names one id in its path, so that 404 means "no such id".
    pub(crate) fn is_single(self) -> bool {
        matches!(self, Self::Model | Self::Version | Self::Mini)
    }

    /// The request for these ids, which are in ascending order.
    pub(crate) fn url(self, base: &BaseUrl, ids: &[u32], bypass: Bypass) -> String {
        let path = match self {
            Self::Check { .. } => "/api/v1/permissions/check?entityIds=",
            Self::VersionList => "/api/v1/models?modelVersionIds=",
            Self::ModelList => "/api/v1/models?ids=",
            Self::Model => "/api/v1/models/",
            Self::Version => "/api/v1/model-versions/",
            Self::Mini => "/api/v1/model-versions/mini/",
        };
        let mut url = String::with_capacity(base.as_str().len() + FIXED + ids.len() * LONGEST_ID);
        url.push_str(base.as_str());
        url.push_str(path);
        for (count, id) in ids.iter().enumerate() {
            if count > 0 {
                url.push(',');
            }
            digits::push(&mut url, *id);
        }
        let mut put = |text: std::fmt::Arguments<'_>| {
            let _ = url.write_fmt(text); // Writing to a String cannot fail.
        };
        match self {
            Self::Check { user: None } | Self::Model | Self::Version | Self::Mini => {}
            Self::Check { user: Some(user) } => put(format_args!("&userId={user}")),
            // Without `nsfw=true` the list holds PG models only (contract §2.5).
            Self::VersionList | Self::ModelList => put(format_args!("&nsfw=true&primaryFileOnly=true")),
        }
        let sign = if self.is_single() { '?' } else { '&' };
        match bypass {
            Bypass::Never => {}
            Bypass::Span(number) | Bypass::Unique(number) => put(format_args!("{sign}t={number}")),
            Bypass::Retry(number, count) => put(format_args!("{sign}t={number}.{count}")),
        }
        url
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url(topic: Topic, ids: &[u32], bypass: Bypass) -> String {
        topic.url(&BaseUrl::default(), ids, bypass)
    }

    #[test]
    fn defaults_are_left_out() {
        let anonymous = Topic::Check { user: None };
        assert_eq!(
            url(anonymous, &[1, 2], Bypass::Never),
            "https://civitai.com/api/v1/permissions/check?entityIds=1,2"
        );
        assert_eq!(
            url(Topic::Check { user: UserId::new(5) }, &[1], Bypass::Span(7)),
            "https://civitai.com/api/v1/permissions/check?entityIds=1&userId=5&t=7"
        );
        assert_eq!(
            url(anonymous, &[1], Bypass::Retry(9, 2)),
            "https://civitai.com/api/v1/permissions/check?entityIds=1&t=9.2"
        );
    }

    #[test]
    fn look_ups_ask_for_all_ratings_and_few_bytes() {
        assert_eq!(
            url(Topic::VersionList, &[1, 2], Bypass::Never),
            "https://civitai.com/api/v1/models?modelVersionIds=1,2&nsfw=true&primaryFileOnly=true"
        );
        assert_eq!(
            url(Topic::ModelList, &[9], Bypass::Unique(4)),
            "https://civitai.com/api/v1/models?ids=9&nsfw=true&primaryFileOnly=true&t=4"
        );
        assert_eq!(url(Topic::Model, &[9], Bypass::Never), "https://civitai.com/api/v1/models/9");
        assert_eq!(
            url(Topic::Version, &[3], Bypass::Span(1)),
            "https://civitai.com/api/v1/model-versions/3?t=1"
        );
        assert_eq!(url(Topic::Mini, &[3], Bypass::Never), "https://civitai.com/api/v1/model-versions/mini/3");
    }

    proptest! {
        #[test]
        fn no_url_is_too_long(path in "[a-z]{0,1980}", max_batch: u16, user in 1u32..=2_147_483_647) {
            let base = BaseUrl::parse(&format!("https://{path}x")).unwrap();
            let topic = Topic::Check { user: UserId::new(user) };
            let count = topic.capacity(&base, max_batch);
            prop_assert!(count >= usize::from(max_batch.clamp(1, 500)));
            let ids: Vec<u32> = (0..count as u32).map(|n| 2_147_483_647 - n).collect();
            let url = topic.url(&base, &ids, Bypass::Retry(u64::MAX, u8::MAX));
            prop_assert!(url.len() <= MAX_URL);
        }
    }
}
