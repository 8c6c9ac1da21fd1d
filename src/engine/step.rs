//! What goes in and out while an engine runs: steps out, outcomes in.

#[cfg(doc)]
use super::Engine;
use crate::failure::RequestId;
use crate::id::VersionId;
use crate::time::Millis;
use crate::verdict::{Explanation, ModelVersions, State};

/// One caller's question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub(crate) u32);

impl AskId {
    /// The ask's number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// For a table.
    pub(crate) fn key(self) -> u64 {
        u64::from(self.0)
    }
}

impl Step {
    /// Whose answer it is.
    pub(super) fn ask(&self) -> Option<AskId> {
        match self {
            Self::Answer { ask, .. }
            | Self::Explain { ask, .. }
            | Self::Models { ask, .. }
            | Self::Done(ask) => Some(*ask),
            Self::Send { .. } | Self::Abort(_) | Self::Wait(_) => None,
        }
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// The server answered.
    Reply {
        /// The status.
        status: u16,
        /// What `Retry-After` says, see [`reply_times`](crate::reply_times).
        retry_after: Option<Millis>,
        /// When the origin wrote it, see [`reply_times`](crate::reply_times).
        as_of: Option<Millis>,
        /// The whole body.
        body: &'a [u8],
    },
    /// No answer came, or none that may be read.
    NoReply,
    /// No answer came in time.
    TimedOut,
    /// The body is longer than any answer can be.
    TooLarge,
}

/// What a driver has to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send a GET without credentials and without headers of our own; report with [`Engine::on_outcome`].
    Send {
        /// Under this number.
        request: RequestId,
        /// To this address.
        url: String,
        /// It carries a user's id: follow no redirect, which could lead to another host.
        personal: bool,
    },
    /// Nobody waits for it any more; no outcome is due.
    Abort(RequestId),
    /// An answer to [`Engine::check`].
    Answer {
        /// For this caller.
        ask: AskId,
        /// About this version.
        id: VersionId,
        /// The verdict.
        state: State,
        /// When Civitai gave it, by its own clock.
        as_of: Option<Millis>,
    },
    /// An answer to [`Engine::explain`]: each version once with `complete: false` as soon as its verdict is
    /// known, if its reason takes longer, and once with `complete: true`.
    Explain {
        /// For this caller.
        ask: AskId,
        /// What is known.
        explanation: Box<Explanation>,
    },
    /// An answer to [`Engine::versions`].
    Models {
        /// For this caller.
        ask: AskId,
        /// What is known.
        model: Box<ModelVersions>,
    },
    /// Once per ask, after its last answer.
    Done(AskId),
    /// Nothing to do until this moment, or, if `None`, until the next event.
    Wait(Option<Millis>),
}
