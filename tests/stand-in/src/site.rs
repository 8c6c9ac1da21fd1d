//! The data: users, models, versions, their gates and who was let through.

use std::collections::{BTreeMap, BTreeSet};

use crate::gate::Gate;

/// Everything that the API knows.
#[derive(Debug, Clone, Default)]
pub struct Site {
    pub(crate) users: BTreeMap<u32, User>,
    pub(crate) models: BTreeMap<u32, Model>,
    pub(crate) versions: BTreeMap<u32, Version>,
    /// (model, version), to find a model's versions without looking at all.
    pub(crate) of_model: BTreeSet<(u32, u32)>,
    /// `EntityAccess` rows: (user, version) to permission bits.
    pub(crate) grants: BTreeMap<(u32, u32), u8>,
    /// Answer as the documentation pages say instead of as the source does
    /// (contract §0 row 8, §7): `earlyAccessEndsAt` and `earlyAccessConfig`
    /// instead of `paidAccess`, and unknown ids left out of a check.
    pub documented: bool,
    /// Answer as before September 2026: `mini` without its newer fields and without the terms of expired gates.
    pub august: bool,
}

impl Site {
    /// May generate (contract §1.6); what a check asks for.
    pub const GENERATION: u8 = 1;
    /// May download.
    pub const DOWNLOAD: u8 = 2;

    /// A site without anything.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds or replaces a user.
    pub fn add_user(&mut self, user: User) {
        self.users.insert(user.id, user);
    }

    /// Adds or replaces a model.
    pub fn add_model(&mut self, model: Model) {
        self.models.insert(model.id, model);
    }

    /// Adds or replaces a version. Without its model it counts as unknown.
    pub fn add_version(&mut self, version: Version) {
        if let Some(former) = self.versions.get(&version.id) {
            self.of_model.remove(&(former.model_id, former.id));
        }
        self.of_model.insert((version.model_id, version.id));
        self.versions.insert(version.id, version);
    }

    /// Gives a user the permission bits on a version.
    pub fn grant(&mut self, user: u32, version: u32, bits: u8) {
        self.grants.insert((user, version), bits);
    }

    /// The user pays for everything that the version's gate sells.
    pub fn buy(&mut self, user: u32, version: u32) {
        self.grant(user, version, Self::GENERATION | Self::DOWNLOAD);
    }

    /// Sets or takes away a version's gate; false: no such version.
    pub fn set_gate(&mut self, version: u32, gate: Option<Gate>) -> bool {
        self.versions.get_mut(&version).map(|version| version.gate = gate).is_some()
    }

    /// All users, by id.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// All versions whose model exists, with it, by id.
    pub fn versions(&self) -> impl Iterator<Item = (&Version, &Model)> {
        self.versions.values().filter_map(|version| Some((version, self.models.get(&version.model_id)?)))
    }

    /// A version with its model; any number may be asked for.
    pub fn version(&self, id: i64) -> Option<(&Version, &Model)> {
        let version = self.versions.get(&u32::try_from(id).ok()?)?;
        Some((version, self.models.get(&version.model_id)?))
    }

    /// A user; any number may be asked for.
    pub fn user(&self, id: i64) -> Option<&User> {
        self.users.get(&u32::try_from(id).ok()?)
    }
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct User {
    /// The number that `userId` means.
    pub id: u32,
    /// The name on the profile.
    pub username: String,
    /// A moderator passes every gate.
    pub moderator: bool,
    /// Whether the account is in good standing.
    pub standing: Standing,
    /// The API key, and the value of the session cookie.
    pub token: Option<String>,
}

impl User {
    /// An ordinary active user without a token.
    pub fn new(id: u32, username: &str) -> Self {
        Self { id, username: username.into(), moderator: false, standing: Standing::Active, token: None }
    }
}

/// `status` of `/me` (contract §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In good standing.
    Active,
    /// May not post.
    Muted,
    /// Has no session at all.
    Banned,
}

/// A model: what versions belong to.
#[derive(Debug, Clone)]
pub struct Model {
    /// The number in `/models/{id}`.
    pub id: u32,
    /// Its title.
    pub name: String,
    /// The user who made it, and so owns its versions.
    pub owner: u32,
    /// `type` as the API writes it: `LORA`, `Checkpoint`.
    pub kind: String,
    /// Of the whole model; `Private` covers every version.
    pub availability: Availability,
    /// Whether it is out.
    pub status: Status,
    /// Bits; 1 is PG, and lists without `nsfw=true` want that bit.
    pub nsfw_level: u32,
    /// Shows a real person: in no list (contract §2.5).
    pub poi: bool,
    /// Shows somebody who looks young: left out under `nsfw=true`.
    pub minor: bool,
    /// Put away by its owner: in no list.
    pub archived: bool,
}

impl Model {
    /// A published LoRA that everybody sees.
    pub fn new(id: u32, owner: u32) -> Self {
        Self {
            id,
            name: format!("Model {id}"),
            owner,
            kind: "LORA".into(),
            availability: Availability::Public,
            status: Status::Published,
            nsfw_level: 1,
            poi: false,
            minor: false,
            archived: false,
        }
    }
}

/// A version of a model: what a check is about.
#[derive(Debug, Clone)]
pub struct Version {
    /// The number that `entityIds` means.
    pub id: u32,
    /// The model that it belongs to.
    pub model_id: u32,
    /// Its name beside the model's.
    pub name: String,
    /// What it is an example of, in `stand-in --list`. Not part of the API.
    pub example: &'static str,
    /// `Illustrious`, `SD 1.5` and so on.
    pub base_model: String,
    /// The version's own; see [`Model::availability`].
    pub availability: Availability,
    /// Whether it is out. Not consulted by a check (contract §0 row 6).
    pub status: Status,
    /// Bits; a version without any is not shown (contract §2.1).
    pub nsfw_level: u32,
    /// What the owner lets others do with it.
    pub usage_control: UsageControl,
    /// The `PaidAccess` row.
    pub gate: Option<Gate>,
    /// Whether the site's generator has it (`covered`, `supportsGeneration`).
    pub covered: bool,
}

impl Version {
    /// A published version that the generator has and that nothing gates.
    pub fn new(id: u32, model_id: u32) -> Self {
        Self {
            id,
            model_id,
            name: "v1.0".into(),
            example: "",
            base_model: "Illustrious".into(),
            availability: Availability::Public,
            status: Status::Published,
            nsfw_level: 1,
            usage_control: UsageControl::Download,
            gate: None,
            covered: true,
        }
    }

    /// The same version behind a gate.
    #[must_use]
    pub fn gated(mut self, gate: Gate) -> Self {
        self.gate = Some(gate);
        self
    }
}

/// Who finds a model or version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// Everybody.
    Public,
    /// Everybody who has the link.
    Unsearchable,
    /// Its owner and moderators.
    Private,
    /// The former mark of a gate; no version has it since 2026-08-05 (contract §2.1).
    EarlyAccess,
}

/// How far a model or version has come; those that change an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Out.
    Published,
    /// Not yet out.
    Draft,
    /// Gone.
    Deleted,
}

/// What the owner lets others do with a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageControl {
    /// Everything.
    Download,
    /// Generate on the site only.
    Generation,
    /// For the site's own use: `canGenerate` is false (contract §4.1).
    InternalGeneration,
}
