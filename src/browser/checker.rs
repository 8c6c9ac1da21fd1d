//! The client for front ends in Rust (Leptos, Yew, Dioxus).

use super::asked::{Answer, Asked};
use super::client::{Client, Question, Transport};
use super::errors::Unknown;
use crate::engine::{AskOptions, Config};
use crate::failure::{Code, Failure};
use crate::id::{ModelId, VersionId};
use crate::verdict::{Explanation, ModelVersions, State};
use core::fmt;
use std::collections::VecDeque;
use std::rc::Rc;

/// Asks Civitai from a page or a worker: the same client as the npm module's `PermissionChecker`. Calls made in one turn
/// of the event loop share requests, and verdicts are cached; keep one for the whole app, clones are the same one.
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
        let timeout = config.patience;
        Self(Client::new(config, Transport { fetch: None, timeout, joins: true }))
    }

    /// Which of these versions anybody may generate with, as far as gates go, in the order of their ids.
    ///
    /// # Errors
    /// If any of them has no verdict; the error holds those that are known.
    pub async fn check(&self, ids: &[VersionId]) -> Result<Vec<(VersionId, bool)>, CheckError> {
        self.check_with(ids, AskOptions::default()).await
    }

    /// The same with options: for a user, what they bought, were given or own is granted.
    ///
    /// # Errors
    /// If any of the versions has no verdict; the error holds those that are known.
    pub async fn check_with(
        &self,
        ids: &[VersionId],
        options: AskOptions,
    ) -> Result<Vec<(VersionId, bool)>, CheckError> {
        let (mut verdicts, mut unknown) = (Vec::new(), Vec::new());
        for answer in answers(self.0.ask(Question::Check(ids), options)).await {
            match answer {
                Answer::Verdict(id, State::Unknown(failure)) => unknown.push((id, failure)),
                Answer::Verdict(id, state) => verdicts.push((id, state != State::Denied)),
                Answer::Explanation(_) | Answer::Model(_) => {}
            }
        }
        verdicts.sort_unstable();
        unknown.sort_unstable_by_key(|(id, _)| *id);
        let Some((_, failure)) = unknown.first().copied() else { return Ok(verdicts) };
        let unknown = unknown.into_iter().map(|(id, _)| id).collect();
        Err(CheckError { failure, verdicts, unknown, base: self.0.base.clone() })
    }

    /// Each distinct version once, as its verdict is known.
    ///
    /// # Examples
    /// ```no_run
    /// use civitai_permissions::{AskOptions, Checker, VersionId};
    /// async fn show(checker: &Checker, ids: &[VersionId]) {
    ///     let mut verdicts = checker.stream(ids, AskOptions::default());
    ///     while let Some((id, state)) = verdicts.next().await {
    ///         println!("{id}: {state:?}");
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn stream(&self, ids: &[VersionId], options: AskOptions) -> Verdicts {
        Verdicts { asked: self.0.ask(Question::Check(ids), options), here: VecDeque::new() }
    }

    /// Verdicts with their reasons, in the order of the versions' ids.
    pub async fn explain(&self, ids: &[VersionId], options: AskOptions) -> Vec<Explanation> {
        let answers = answers(self.0.ask(Question::Explain(ids), options)).await;
        let mut explanations: Vec<Explanation> = answers
            .into_iter()
            .filter_map(|answer| match answer {
                Answer::Explanation(explanation) if explanation.complete => Some(*explanation),
                _ => None,
            })
            .collect();
        explanations.sort_unstable_by_key(|explanation| explanation.id);
        explanations
    }

    /// What model links lead to, in the order of the models' ids.
    pub async fn versions(&self, models: &[ModelId], options: AskOptions) -> Vec<ModelVersions> {
        let answers = answers(self.0.ask(Question::Versions(models), options)).await;
        let mut versions: Vec<ModelVersions> = answers
            .into_iter()
            .filter_map(|answer| if let Answer::Model(model) = answer { Some(*model) } else { None })
            .collect();
        versions.sort_unstable_by_key(|model| model.model_id);
        versions
    }

    /// Drops what is cached of these versions, or everything.
    pub fn clear(&self, ids: Option<&[VersionId]>) {
        self.0.engine(|engine| engine.clear(ids));
    }
}

/// Nothing here rejects: there is no signal.
async fn answers(asked: Asked) -> Vec<Answer> {
    asked.all().await.unwrap_or_default()
}

/// Verdicts as they arrive, see [`Checker::stream`]; dropping it cancels the rest.
#[derive(Debug)]
pub struct Verdicts {
    asked: Asked,
    here: VecDeque<Answer>,
}

impl Verdicts {
    /// The next verdict; `None` after the last one.
    pub async fn next(&mut self) -> Option<(VersionId, State)> {
        if self.here.is_empty() {
            self.here = self.asked.more().await.unwrap_or_default().into();
        }
        match self.here.pop_front()? {
            Answer::Verdict(id, state) => Some((id, state)),
            Answer::Explanation(_) | Answer::Model(_) => None,
        }
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
        let ids: Vec<u32> = self.unknown.iter().map(|id| id.get()).collect();
        let of = ids.len() + self.verdicts.len();
        let unknown = Unknown { what: "model version", ids: &ids, of, failure: self.failure };
        f.write_str(&unknown.message(&self.base, None))
    }
}

impl core::error::Error for CheckError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.failure)
    }
}
