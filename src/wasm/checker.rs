//! The client for front ends in Rust (Leptos, Yew, Dioxus).

use super::client::Client;
use crate::engine::{AskOptions, Config};
use crate::failure::{Code, Failure};
use crate::id::{UserId, VersionId};
use crate::verdict::State;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Asks Civitai from a page or a worker. Calls made in one turn of the event loop share requests, and
/// what is known is not asked again; keep one for the whole app, clones are the same one.
///
/// # Examples
/// ```no_run
/// use civitai_permissions::{CheckError, Checker, Config, VersionId};
/// async fn locked(id: VersionId) -> Result<bool, CheckError> {
///     let checker = Checker::new(Config::default());
///     let verdicts = checker.check(&[id]).await?;
///     Ok(verdicts.iter().any(|(_, granted)| !granted))
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Checker(Rc<Client>);

impl Checker {
    /// A checker that knows nothing yet. The config's `patience` is also the time for one request.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self(Rc::new(Client::new(config)))
    }

    /// Which of these versions anybody may generate with, in the order of their ids.
    ///
    /// # Errors
    /// If any of them has no verdict; the error holds those that are known.
    pub async fn check(&self, ids: &[VersionId]) -> Result<Vec<(VersionId, bool)>, CheckError> {
        self.ask(ids, AskOptions::default()).await
    }

    /// The same for a user: what he bought or owns is granted.
    ///
    /// # Errors
    /// If any of them has no verdict; the error holds those that are known.
    pub async fn check_as(
        &self,
        user: UserId,
        ids: &[VersionId],
    ) -> Result<Vec<(VersionId, bool)>, CheckError> {
        self.ask(ids, AskOptions::default().user(Some(user))).await
    }

    /// The same with everything that can be said about a question.
    ///
    /// # Errors
    /// If any of the versions has no verdict; the error holds those that are known.
    pub async fn ask(
        &self,
        ids: &[VersionId],
        options: AskOptions,
    ) -> Result<Vec<(VersionId, bool)>, CheckError> {
        let (mut verdicts, mut unknown) = (Vec::new(), Vec::new());
        for (id, state) in self.0.ask(ids, options).await {
            match state {
                State::Unknown(failure) => unknown.push((id, failure)),
                state => verdicts.push((id, state != State::Denied)),
            }
        }
        verdicts.sort_unstable();
        unknown.sort_unstable_by_key(|(id, _)| *id);
        let Some((_, failure)) = unknown.first().copied() else { return Ok(verdicts) };
        let unknown = unknown.into_iter().map(|(id, _)| id).collect();
        Err(CheckError { failure, verdicts, unknown, base: self.0.base.clone() })
    }

    /// Forgets what is remembered of these versions, or everything.
    pub fn clear(&self, ids: Option<&[VersionId]>) {
        self.0.clear(ids);
    }
}

/// Some versions have no verdict.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckError {
    /// Why the lowest of them has none.
    pub failure: Failure,
    /// Every verdict that is known.
    pub verdicts: Vec<(VersionId, bool)>,
    /// The versions without one, in ascending order: asking for them is the retry.
    pub unknown: Vec<VersionId>,
    base: String,
}

impl CheckError {
    /// The code as it stands in the table of codes.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.failure.code
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = self.unknown.len() + self.verdicts.len();
        f.write_str("no verdict for ")?;
        if of > 1 {
            write!(f, "{} of {of} model versions (", self.unknown.len())?;
        } else {
            f.write_str("model version ")?;
        }
        for (place, id) in self.unknown.iter().take(SHOWN).enumerate() {
            write!(f, "{}{}", if place == 0 { "" } else { ", " }, id.get())?;
        }
        f.write_str(if self.unknown.len() > SHOWN { ", …" } else { "" })?;
        write!(f, "{}: {} ({}", if of > 1 { ")" } else { "" }, self.failure, self.base)?;
        match self.failure.status {
            Some(status) => write!(f, " answered {status})"),
            None => f.write_str(")"),
        }
    }
}

/// Ids named in a message.
const SHOWN: usize = 5;

impl core::error::Error for CheckError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.failure)
    }
}
