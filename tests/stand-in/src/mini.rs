//! `GET /api/v1/model-versions/mini/{id}`: contract §4.1.

use serde_json::{Value, json};

use crate::gate::{Gate, Generation};
use crate::me::SignedIn;
use crate::request::{Reply, Request};
use crate::shape::{CREATED, air, download_url, ends_at, file_name, path_id};
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
        Reply::json(200, &mini_json(version, model, request, privileged, now_ms))
    }
}

fn mini_json(version: &Version, model: &Model, request: &Request, privileged: bool, now_ms: u64) -> Value {
    let gate = version.gate.as_ref().filter(|gate| gate.is_active(now_ms));
    let check_permission = gate.is_some_and(|gate| !is_free(gate)) || is_private(version, model);
    let mut mini = json!({
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
    });
    if check_permission && let Some(mini) = mini.as_object_mut() {
        mini.insert("earlyAccessEndsAt".into(), json!(gate.and_then(ends_at)));
        mini.insert("freeTrialLimit".into(), json!(gate.and_then(free_trial_limit)));
    }
    mini
}

/// Says nothing of the gate.
fn can_generate(version: &Version, model: &Model, privileged: bool) -> bool {
    version.covered
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
