//! Replies about models and versions, field by field (contract §2.1, §2.4, §2.5, §4.1).

use super::terms::{Config, Paid, Presence, Told};
use super::{ModelFacts, VersionFacts};
use crate::json::{Json, Malformed, Value};
use crate::query::Topic;
use crate::version_id::{self, VersionId};
use alloc::string::String;
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
    let mut read = Read::default();
    let mut private = false;
    json.object(&mut |json, name| {
        if name == "modelVersions" {
            return json.array(&mut |json| {
                let version = version(json, &mut ModelFacts::default())?;
                if version.id != 0 {
                    read.versions.push(version);
                }
                Ok(())
            });
        }
        let value = json.value()?;
        match name {
            "id" => read.facts.id = id(&value),
            "userId" => read.facts.owner = id(&value),
            "name" => read.facts.name = text(value),
            "availability" => private = text(value).as_deref() == Some("Private"),
            _ => {}
        }
        Ok(())
    })?;
    if private {
        for version in &mut read.versions {
            version.terms = super::Terms::Private;
        }
    }
    Ok(read)
}

fn version(json: &mut Json<'_>, model: &mut ModelFacts) -> Result<VersionFacts, Malformed> {
    let mut facts = VersionFacts::default();
    let mut told = Told::default();
    json.object(&mut |json, name| {
        match name {
            "paidAccess" => {
                told.paid = paid(json)?;
                return Ok(());
            }
            "earlyAccessConfig" => {
                told.config = config(json)?;
                return Ok(());
            }
            "model" => {
                return json.object(&mut |json, name| {
                    let value = json.value()?;
                    if name == "name" {
                        model.name = text(value);
                    }
                    Ok(())
                });
            }
            _ => {}
        }
        let value = json.value()?;
        match name {
            "id" => facts.id = id(&value),
            "modelId" => model.id = id(&value),
            "userId" => model.owner = id(&value),
            "name" | "versionName" => facts.name = text(value),
            "modelName" => model.name = text(value),
            "air" => air(value, &mut facts, model),
            "availability" => told.availability = text(value),
            "earlyAccessEndsAt" | "earlyAccessDeadline" => told.deadline = presence(value, text),
            "checkPermission" => told.check_permission = flag(&value),
            "freeTrialLimit" => told.trial_limit = presence(value, |value| whole(&value)),
            "canGenerate" => facts.can_generate = flag(&value),
            "supportsGeneration" | "covered" => facts.covered = flag(&value),
            _ => {}
        }
        Ok(())
    })?;
    facts.terms = told.terms();
    facts.trials = told.trials();
    facts.no_tier = told.no_tier();
    facts.unexplained = told.unexplained();
    facts.check_permission = told.check_permission;
    Ok(facts)
}

/// `…:civitai:{model}@{version}` holds both ids, which `mini` tells nowhere else.
fn air(value: Value, version: &mut VersionFacts, model: &mut ModelFacts) {
    if let Some((of, id)) = text(value).and_then(|air| version_id::air(air.as_bytes()).ok()) {
        version.id = id.get();
        model.id = of.get();
    }
}

fn paid(json: &mut Json<'_>) -> Result<Presence<Paid>, Malformed> {
    let mut paid = Paid::default();
    let there = members(json, &mut |name, value| match name {
        "permanent" => paid.permanent = flag(&value) == Some(true),
        "endsAt" => paid.ends_at = text(value),
        _ => {}
    })?;
    Ok(there.map(|()| paid))
}

fn config(json: &mut Json<'_>) -> Result<Presence<Config>, Malformed> {
    let mut config = Config::default();
    let there = members(json, &mut |name, value| match name {
        "permanent" => config.permanent = flag(&value) == Some(true),
        "chargeForGeneration" => config.charges_for_generation = flag(&value) == Some(true),
        "freeGeneration" => config.free_generation = flag(&value) == Some(true),
        "generationTrialLimit" => config.trial_limit = whole(&value),
        _ => {}
    })?;
    Ok(there.map(|()| config))
}

/// Hands out an object's members that are values; anything but an object is null or absent.
fn members(json: &mut Json<'_>, take: &mut dyn FnMut(&str, Value)) -> Result<Presence<()>, Malformed> {
    if json.peek() != Some(b'{') {
        return Ok(presence(json.value()?, |_| None));
    }
    json.object(&mut |json, name| {
        take(name, json.value()?);
        Ok(())
    })?;
    Ok(Presence::Is(()))
}

fn presence<T>(value: Value, read: impl FnOnce(Value) -> Option<T>) -> Presence<T> {
    match value {
        Value::Null => Presence::Null,
        value => read(value).map_or(Presence::Absent, Presence::Is),
    }
}

fn id(value: &Value) -> u32 {
    whole(value).and_then(VersionId::new).map_or(0, VersionId::get)
}

fn whole(value: &Value) -> Option<u32> {
    match value {
        Value::Whole(number) => u32::try_from(*number).ok(),
        _ => None,
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(yes) => Some(*yes),
        _ => None,
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
