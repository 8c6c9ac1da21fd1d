//! Replies about models and versions, field by field (contract §2.1, §2.4, §2.5, §4.1).

use super::seen::{Field, Parent, Seen};
use super::{ModelFacts, VersionFacts};
use crate::json::{Json, Malformed};
use crate::query::Topic;
use crate::version_id;
use alloc::vec;
use alloc::vec::Vec;

/// A model with the versions that a reply holds of it.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) facts: ModelFacts,
    pub(super) versions: Vec<VersionFacts>,
}

/// Reads a reply; `asked` is the id of a reply about a single one.
pub(super) fn reply(topic: Topic, asked: u32, body: &[u8]) -> Result<Vec<Read>, Malformed> {
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
    if seen.told(Field::Availability) == Some("Private") {
        for version in &mut versions {
            version.terms = super::Terms::Private;
        }
    }
    let facts = ModelFacts {
        id: seen.id(Field::Id),
        owner: seen.id(Field::Owner),
        name: seen.text(Field::Name),
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
        ..VersionFacts::default()
    };
    // `…:civitai:{model}@{version}` holds both ids, which `mini` tells nowhere else.
    if let Some((of, id)) = seen.told(Field::Air).and_then(|air| version_id::air(air.as_bytes()).ok()) {
        facts.id = if facts.id == 0 { id.get() } else { facts.id };
        model.id = if model.id == 0 { of.get() } else { model.id };
    }
    Ok(facts)
}
