//! The public words: what is known of a version, and why.

use crate::failure::Failure;
use alloc::string::String;
use alloc::vec::Vec;

/// What is known of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The user may generate with it, as far as gates go.
    Granted {
        /// Gated for others: this user bought or owns it.
        personal: bool,
    },
    /// Gated for this user.
    Denied,
    /// No verdict, and why.
    Unknown(Failure),
}

/// Why a version is denied, or would be for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateKind {
    /// Open to everybody.
    None,
    /// Gated until a moment.
    EarlyAccess,
    /// Gated for good.
    Paid,
    /// Private to its owner.
    Private,
    /// Not known.
    Unknown,
}

/// How much may be generated though the gate is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trials {
    /// The gate does not cover generation.
    Unlimited,
    /// So many trial generations; 0 where the creator grants none.
    Count(u32),
}

/// A verdict with its reason; `None` where the API does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the names are the fields of the npm module's `Explanation`, where they are documented"
)]
pub struct Explanation {
    pub id: u32,
    pub state: State,
    pub gate: GateKind,
    /// ISO 8601, as the server wrote it.
    pub ends_at: Option<String>,
    pub can_generate: Option<bool>,
    pub can_generate_now: Option<bool>,
    pub free_trials: Option<Trials>,
    pub model_id: Option<u32>,
    pub model_name: Option<String>,
    pub version_name: Option<String>,
    pub owner_id: Option<u32>,
}

/// What a model link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelVersions {
    /// The model that was asked for.
    pub model_id: u32,
    /// Its name.
    pub model_name: Option<String>,
    /// Its owner's user id.
    pub owner_id: Option<u32>,
    /// Why nothing is known of it, if so.
    pub failure: Option<Failure>,
    /// Its published versions, in the API's order.
    pub versions: Vec<VersionSummary>,
}

/// One version of a model, as a list tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionSummary {
    /// The version.
    pub version_id: u32,
    /// Its name; empty where the API tells none.
    pub version_name: String,
    /// What the list says of its gate.
    pub gate: GateKind,
    /// When an early-access gate opens: ISO 8601, as the server wrote it.
    pub ends_at: Option<String>,
    /// Whether the site offers generation with it at all.
    pub can_generate: Option<bool>,
}
