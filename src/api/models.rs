//! Replies about models and versions, field by field (contract §2.1, §2.4, §2.5, §4.1).

use crate::api::json::{Json, Malformed};
use crate::api::query::Topic;
use crate::id::{ModelId, VersionId};
use crate::verdict::Trials;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

mod seen;
mod terms;

use seen::{Field, Parent, Seen};
pub(crate) use terms::Terms;

/// What is known of a version; 0 stands for an id that is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct VersionFacts {
    pub(crate) id: u32,
    pub(crate) model: u32,
    pub(crate) owner: u32,
    pub(crate) name: Option<String>,
    pub(crate) terms: Terms,
    /// Whether the generator covers it: necessary, not sufficient (contract §4.1).
    pub(crate) covered: Option<bool>,
    /// The `checkPermission` of contract §4.1: a gate that covers generation, or privacy.
    pub(crate) check_permission: Option<bool>,
    pub(crate) can_generate: Option<bool>,
    pub(crate) trials: Option<Trials>,
    /// `freeTrialLimit` is null: no paid tier for generation. None is sold, or the version is private.
    pub(crate) no_tier: bool,
    /// `mini` asks for a permission and names neither an end nor a tier: private, or sold as a
    /// download only.
    pub(crate) unexplained: bool,
    pub(crate) air: Option<String>,
    /// `mini` calls it private; lists do not say so.
    pub(crate) private: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ModelFacts {
    pub(crate) id: u32,
    pub(crate) owner: u32,
    pub(crate) name: Option<String>,
    /// A model of wildcards, for which `mini` always says that the site cannot generate with it.
    pub(crate) wildcards: Option<bool>,
    pub(crate) versions: Vec<u32>,
}

impl VersionFacts {
    /// By its AIR it may be a model of wildcards: AIRs write "unknown" for every type without a word of its own.
    pub(crate) fn may_be_wildcards(&self) -> bool {
        let kind = self.air.as_deref().and_then(|air| air.rsplit(':').nth(2));
        kind.is_some_and(|kind| is_wildcards(kind) || kind.eq_ignore_ascii_case("unknown"))
    }
}

/// A model with the versions that a reply holds of it.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) facts: ModelFacts,
    pub(crate) versions: Vec<VersionFacts>,
}

/// Reads a reply; `asked` is the id of a reply about a single one.
pub(crate) fn read(topic: Topic, asked: u32, body: &[u8]) -> Result<Vec<Read>, Malformed> {
    Json::read(body, |json| {
        if json.peek() != Some(b'{') {
            return Err(Malformed);
        }
        match topic {
            Topic::Model => {
                let model = model(json)?;
                if model.facts.id == asked { Ok(vec![model]) } else { Err(Malformed) }
            }
            Topic::Version | Topic::Mini => {
                let mut read = Read::default();
                let version = version(json, &mut read.facts)?;
                // `mini` names no id but in its AIR; a reply about another version is none.
                if version.id != asked && (version.id != 0 || matches!(topic, Topic::Version)) {
                    return Err(Malformed);
                }
                read.versions.push(VersionFacts { id: asked, ..version });
                Ok(vec![read])
            }
            Topic::Check { .. } | Topic::VersionList | Topic::ModelList => list(json),
        }
    })
}

fn list(json: &mut Json<'_>) -> Result<Vec<Read>, Malformed> {
    let mut models = None;
    json.object(&mut |json, name| {
        if name == "items" && json.peek() == Some(b'[') {
            let models = models.insert(Vec::new());
            json.array(&mut |json| {
                models.push(model(json)?);
                Ok(())
            })
        } else {
            json.value().map(drop)
        }
    })?;
    models.ok_or(Malformed)
}

fn model(json: &mut Json<'_>) -> Result<Read, Malformed> {
    let mut versions = Vec::new();
    let mut seen = Seen::default();
    json.object(&mut |json, name| {
        if name != "modelVersions" {
            return seen.member(json, Parent::Reply, name);
        }
        json.array(&mut |json| {
            let version = version(json, &mut ModelFacts::default())?;
            if version.id != 0 {
                versions.push(version);
            }
            Ok(())
        })
    })?;
    for version in &mut versions {
        match seen.told(Field::Availability) {
            Some("Private") => version.terms = Terms::Private,
            Some("Public" | "Unsearchable") => {}
            // Nobody says that the model is not private.
            _ if version.terms == Terms::Open => version.terms = Terms::NotPaid,
            _ => {}
        }
    }
    let facts = ModelFacts {
        id: seen.id(Field::Id),
        owner: seen.id(Field::Owner),
        name: seen.text(Field::Name),
        wildcards: seen.told(Field::Kind).map(is_wildcards),
        versions: Vec::new(),
    };
    Ok(Read { facts, versions })
}

fn version(json: &mut Json<'_>, model: &mut ModelFacts) -> Result<VersionFacts, Malformed> {
    let mut seen = Seen::default();
    seen.object(json, Parent::Reply)?;
    model.id = seen.id(Field::Model);
    model.owner = seen.id(Field::Owner);
    model.name = seen.text(Field::ModelName);
    model.wildcards = seen.told(Field::ModelKind).map(is_wildcards);
    let mut facts = VersionFacts {
        id: seen.id(Field::Id),
        name: seen.text(Field::Name),
        terms: seen.terms(),
        covered: seen.flag(Field::Covered),
        check_permission: seen.flag(Field::CheckPermission),
        can_generate: seen.flag(Field::CanGenerate),
        trials: seen.trials(),
        no_tier: seen.no_tier(),
        unexplained: seen.unexplained(),
        air: seen.text(Field::Air),
        ..VersionFacts::default()
    };
    // `…:civitai:{model}@{version}` holds both ids, which `mini` tells nowhere else.
    if let Some(air) = seen.told(Field::Air) {
        let (id, of) = (air.parse().map_or(0, VersionId::get), air.parse().map_or(0, ModelId::get));
        facts.id = if facts.id == 0 { id } else { facts.id };
        model.id = if model.id == 0 { of } else { model.id };
    }
    Ok(facts)
}

fn is_wildcards(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("Wildcards")
}
