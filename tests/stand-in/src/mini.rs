//! `GET /api/v1/model-versions/mini/{id}`: contract §4.1.

use serde_json::{Map, Value, json};

use crate::gate::{Gate, Generation};
use crate::me::SignedIn;
use crate::request::{Reply, Request};
use crate::shape::{CREATED, air, download_url, ends_at, file_name, object, path_id};
use crate::site::{Availability, Model, Site, Status, UsageControl, User, Version};
use crate::versions::{availability, model_not_found};

impl Site {
    /// Published versions; their owner and moderators see others too.
    pub(crate) fn show_mini(
        &self,
        id: &str,
        request: &Request,
        signed_in: Option<SignedIn<'_>>,
        now_ms: u64,
    ) -> Reply {
        let id = match path_id(id) {
            Ok(id) => id,
            Err(reply) => return reply,
        };
        // The schema wants a number where the query has a text.
        if request.query().has("epoch") {
            let error = "✖ Invalid input: expected number, received string\n  → at epoch";
            return Reply::json(400, &json!({ "error": error }));
        }
        let Some((version, model)) = self.version(id) else { return model_not_found() };
        let privileged = signed_in.is_some_and(|signed_in| is_own_or_moderated(signed_in.user, model));
        if version.status != Status::Published && !privileged {
            return model_not_found();
        }
        if request
            .query()
            .number("modelFileId")
            .ok()
            .flatten()
            .is_some_and(|file| file != f64::from(version.id))
        {
            return Reply::json(404, &json!({ "error": "Missing model file" }));
        }
        let mut mini = mini_json(version, model, request, privileged, now_ms);
        if !self.august {
            mini.extend(since_september(version, request, now_ms));
        }
        Reply::json(200, &Value::Object(mini))
    }
}

fn mini_json(
    version: &Version,
    model: &Model,
    request: &Request,
    privileged: bool,
    now_ms: u64,
) -> Map<String, Value> {
    let gate = version.gate.as_ref().filter(|gate| gate.is_active(now_ms));
    let check_permission = gate.is_some_and(|gate| !is_free(gate)) || is_private(version, model);
    let mut mini = object(json!({
        "air": air(version, model),
        "versionName": version.name,
        "modelName": model.name,
        "userId": model.owner,
        "baseModel": version.base_model,
        "availability": availability(version.availability, false),
        "publishedAt": CREATED,
        "size": 223_124.5,
        "fileType": "Model",
        "fileName": file_name(version, model),
        "hashes": { "AutoV2": format!("{:010X}", version.id) },
        "downloadUrls": [download_url(version, request)],
        "format": "SafeTensor",
        "canGenerate": can_generate(version, model, privileged),
        "isFeatured": false,
        "requireAuth": gate.is_some(),
        "checkPermission": check_permission,
        "additionalResourceCharge": false,
        "minor": model.minor,
        "sfwOnly": false,
        "fees": [],
        "payoutEnabled": false,
    }));
    if check_permission {
        mini.extend(terms(gate));
    }
    mini
}

fn terms(gate: Option<&Gate>) -> Map<String, Value> {
    object(json!({
        "earlyAccessEndsAt": gate.and_then(ends_at),
        "freeTrialLimit": gate.and_then(free_trial_limit),
    }))
}

/// The newer fields; and the terms of a gate that has expired, which say nothing of today.
fn since_september(version: &Version, request: &Request, now_ms: u64) -> Map<String, Value> {
    let url = format!("{}?fileId={}", download_url(version, request), version.id);
    let mut more = object(json!({ "isPromoted": false, "evictable": false, "downloadUrls": [url] }));
    let expired = version.gate.as_ref().filter(|gate| !gate.is_active(now_ms));
    if expired.is_some() {
        more.extend(terms(expired));
    }
    more
}

/// Says nothing of the gate.
fn can_generate(version: &Version, model: &Model, privileged: bool) -> bool {
    // Nothing of this type is a resource of its own in the generator, so the answer tells nothing of it.
    model.kind != "Wildcards"
        && version.covered
        && version.status != Status::Deleted
        && version.usage_control != UsageControl::InternalGeneration
        && (privileged || !is_private(version, model))
}

fn is_own_or_moderated(user: &User, model: &Model) -> bool {
    user.moderator || user.id == model.owner
}

fn is_private(version: &Version, model: &Model) -> bool {
    version.availability == Availability::Private || model.availability == Availability::Private
}

fn is_free(gate: &Gate) -> bool {
    matches!(gate.terms.generation, Some(Generation::Free))
}

/// 10 where a paid tier does not say; nothing without such a tier (contract §1.6).
fn free_trial_limit(gate: &Gate) -> Option<u32> {
    match gate.terms.generation {
        Some(Generation::Paid { trial_limit }) => Some(trial_limit.unwrap_or(10)),
        Some(Generation::Free) | None => None,
    }
}
