//! The public words: what is known of a version, and why.

use crate::failure::Failure;
use crate::id::{ModelId, UserId, VersionId};
use crate::time::Millis;

/// What the permission check answers for one version and one user.
///
/// A denial means that paid access is not held. It does not mean that generation is blocked: see
/// [`Generation`].
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase", tag = "state")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No gate applies to this user.
    Granted {
        /// Gated for others: this user bought it, was given it, or owns it.
        personal: bool,
    },
    /// Gated for this user, private, or no such version.
    Denied,
    /// No verdict, and why.
    Unknown(Failure),
}

/// May one generate with a version now?
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Generation {
    /// No gate.
    Open,
    /// Gated, and generation is free.
    Free,
    /// Gated, with free tries.
    Trial,
    /// Gated for others; this user bought it, was given it, or owns it.
    Held,
    /// Gated, and nothing is free.
    Locked,
    /// The site does not offer generation with it, whatever its gate.
    Off,
    /// Gated, and what is free is not known.
    Gated,
    /// No verdict.
    Unknown,
}

impl Generation {
    /// The word as it stands in the npm module's `Explanation`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Free => "free",
            Self::Trial => "trial",
            Self::Held => "held",
            Self::Locked => "locked",
            Self::Off => "off",
            Self::Gated => "gated",
            Self::Unknown => "unknown",
        }
    }

    /// Whether one may generate with it now; `None` where that is not known.
    #[must_use]
    pub const fn usable(self) -> Option<bool> {
        match self {
            Self::Open | Self::Free | Self::Trial | Self::Held => Some(true),
            Self::Locked | Self::Off => Some(false),
            Self::Gated | Self::Unknown => None,
        }
    }
}

/// The kind of a version's gate.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

impl GateKind {
    /// The word as it stands in the npm module's `Explanation`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::EarlyAccess => "earlyAccess",
            Self::Paid => "paid",
            Self::Private => "private",
            Self::Unknown => "unknown",
        }
    }
}

/// How much one may generate for free behind a gate.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trials {
    /// The gate does not cover generation.
    Unlimited,
    /// So many free tries; 0 where the creator grants none. How many a user has left is not public.
    Count(u32),
}

/// A verdict with its reason. `None` means that the API did not say it.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The version.
    #[cfg_attr(feature = "serde", serde(rename = "entityId"))]
    pub id: VersionId,
    /// The verdict.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub state: State,
    /// The decision: may one generate with it now?
    pub generation: Generation,
    /// `generation` as a yes or no; `None` where it is not known.
    pub usable: Option<bool>,
    /// Whether this is the last explanation of this version; `false` while its reason is looked up.
    pub complete: bool,
    /// A look-up for the reason failed: what it would have said is `None`.
    pub incomplete: Option<Failure>,
    /// `Some(false)` where no list and no look-up knows the version.
    pub exists: Option<bool>,
    /// When Civitai gave the verdict, in milliseconds since 1970 by its own clock.
    pub as_of: Option<Millis>,
    /// Why it is denied, or would be for others.
    pub gate: GateKind,
    /// When an early-access gate opens: ISO 8601, as the server wrote it.
    pub ends_at: Option<String>,
    /// What is free behind the gate.
    pub free_trials: Option<Trials>,
    /// Whether the site offers generation with it at all, gates aside.
    pub can_generate: Option<bool>,
    /// Its model.
    pub model_id: Option<ModelId>,
    /// Its model's name, cut at 300 bytes.
    pub model_name: Option<String>,
    /// Its own name, cut at 300 bytes.
    pub version_name: Option<String>,
    /// The user who owns its model.
    pub owner_id: Option<UserId>,
    /// Its AIR, such as `urn:air:sdxl:lora:civitai:827184@2514310`.
    pub air: Option<String>,
}

/// What a model link leads to.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelVersions {
    /// The model that was asked for.
    pub model_id: ModelId,
    /// Its name, cut at 300 bytes.
    pub model_name: Option<String>,
    /// The user who owns it.
    pub owner_id: Option<UserId>,
    /// Why nothing is known of it, if so.
    pub failure: Option<Failure>,
    /// Its published versions, in the API's order: the first one is what its page shows.
    pub versions: Vec<VersionSummary>,
}

/// One version of a model, as a list describes it.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionSummary {
    /// The version.
    pub version_id: VersionId,
    /// Its name, cut at 300 bytes; empty where the API names none.
    pub version_name: String,
    /// The kind of its gate.
    pub gate: GateKind,
    /// When an early-access gate opens: ISO 8601, as the server wrote it.
    pub ends_at: Option<String>,
    /// Whether the site offers generation with it at all; a list can only say no.
    pub can_generate: Option<bool>,
}
