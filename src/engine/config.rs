//! What a caller sets: how an engine behaves, and how one asks.

use crate::api::base_url::BaseUrl;
use crate::id::UserId;
use crate::time::{Millis, SECOND};

/// How an engine behaves.
///
/// # Examples
/// ```
/// use civitai_permissions::Config;
/// let config = Config::default().max_batch(50).retries(1);
/// assert_eq!((config.max_batch, config.concurrency), (50, 4));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// Where the API is. Default `https://civitai.com`.
    pub base: BaseUrl,
    /// Ids in one request. Default 200.
    pub max_batch: u16,
    /// Requests under way at once. Default 4.
    pub concurrency: u8,
    /// How long a grant is reused, in milliseconds; a denial a fifth of it. Default 300,000, the CDN's own
    /// `s-maxage` (contract §1.7); 0 caches nothing.
    pub max_age: Millis,
    /// Retries of a request after a transient failure. Default 3. Splitting a rejected batch is no retry.
    pub retries: u8,
    /// How long a call waits while the host's pause lasts, all its pauses together, in milliseconds; what
    /// would wait longer fails at once. Default 15,000.
    pub patience: Millis,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base: BaseUrl::default(),
            max_batch: 200,
            concurrency: 4,
            max_age: 300 * SECOND,
            retries: 3,
            patience: 15 * SECOND,
        }
    }
}

impl Config {
    /// Sets [`base`](Self::base).
    #[must_use]
    pub fn base(self, base: BaseUrl) -> Self {
        Self { base, ..self }
    }

    /// Sets [`max_batch`](Self::max_batch).
    #[must_use]
    pub fn max_batch(self, max_batch: u16) -> Self {
        Self { max_batch, ..self }
    }

    /// Sets [`concurrency`](Self::concurrency).
    #[must_use]
    pub fn concurrency(self, concurrency: u8) -> Self {
        Self { concurrency, ..self }
    }

    /// Sets [`max_age`](Self::max_age).
    #[must_use]
    pub fn max_age(self, max_age: Millis) -> Self {
        Self { max_age, ..self }
    }

    /// Sets [`retries`](Self::retries).
    #[must_use]
    pub fn retries(self, retries: u8) -> Self {
        Self { retries, ..self }
    }

    /// Sets [`patience`](Self::patience).
    #[must_use]
    pub fn patience(self, patience: Millis) -> Self {
        Self { patience, ..self }
    }
}

/// How one caller asks. The default: anonymously, from the cache where possible, with all look-ups.
///
/// # Examples
/// ```
/// use civitai_permissions::{AskOptions, UserId};
/// let options = AskOptions::default().user(UserId::new(12345)).fresh(true);
/// assert!(options.fresh && !options.bulk);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AskOptions {
    /// On whose behalf; `None`: anonymously.
    pub user: Option<UserId>,
    /// Bypass our cache and the CDN's.
    pub fresh: bool,
    /// The caller knows that none of these versions is the user's own: no look-up of owners. A denial that
    /// rests on that is not cached.
    pub not_owned: bool,
    /// Lists only: no request for each denied version or missing model.
    pub bulk: bool,
}

impl AskOptions {
    /// Sets [`user`](Self::user).
    #[must_use]
    pub const fn user(self, user: Option<UserId>) -> Self {
        Self { user, ..self }
    }

    /// Sets [`fresh`](Self::fresh).
    #[must_use]
    pub const fn fresh(self, fresh: bool) -> Self {
        Self { fresh, ..self }
    }

    /// Sets [`not_owned`](Self::not_owned).
    #[must_use]
    pub const fn not_owned(self, not_owned: bool) -> Self {
        Self { not_owned, ..self }
    }

    /// Sets [`bulk`](Self::bulk).
    #[must_use]
    pub const fn bulk(self, bulk: bool) -> Self {
        Self { bulk, ..self }
    }
}
