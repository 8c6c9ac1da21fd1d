//! `GET /api/v1/model-versions/{id}`: contract §2.1.

use serde_json::{Value, json};

use crate::me::SignedIn;
use crate::params::number;
use crate::request::{Reply, Request};
use crate::shape::{CREATED, air, download_url, files, status};
use crate::site::{Availability, Model, Site, Status, UsageControl, Version};

impl Site {
    /// Published versions with a rating; moderators see all that are rated.
    pub(crate) fn show_version(
        &self,
        id: &str,
        request: &Request,
        signed_in: Option<SignedIn<'_>>,
        now_ms: u64,
    ) -> Reply {
        let id = match version_id(id) {
            Ok(id) => id,
            Err(reply) => return reply,
        };
        let sees_all = signed_in.is_some_and(|signed_in| signed_in.user.moderator);
        match self.version(id) {
            Some((version, model))
                if (version.status == Status::Published || sees_all) && version.nsfw_level & 31 != 0 =>
            {
                Reply::json(200, &self.version_json(version, model, request, now_ms))
            }
            _ => model_not_found(),
        }
    }

    fn version_json(&self, version: &Version, model: &Model, request: &Request, now_ms: u64) -> Value {
        let mut value = json!({
            "id": version.id,
            "modelId": model.id,
            "name": version.name,
            "nsfwLevel": version.nsfw_level,
            "createdAt": CREATED,
            "updatedAt": CREATED,
            "status": status(version.status),
            "publishedAt": CREATED,
            "trainedWords": [],
            "trainingStatus": null,
            "trainingDetails": null,
            "baseModel": version.base_model,
            "baseModelType": "Standard",
            "description": null,
            "uploadType": "Created",
            "usageControl": usage_control(version.usage_control),
            "licensingFee": null,
            "air": air(version, model),
            "stats": { "downloadCount": 1000, "thumbsUpCount": 100 },
            "model": { "name": model.name, "type": model.kind, "nsfw": model.nsfw_level & 1 == 0, "poi": model.poi },
            "files": files(version, model, request, false),
            "images": [],
            "downloadUrl": download_url(version, request),
        });
        if let Some(fields) = value.as_object_mut() {
            fields.extend(self.gate_fields(version, now_ms));
        }
        value
    }
}

/// No upper bound in the schema: such an id fails in the database.
fn version_id(text: &str) -> Result<i64, Reply> {
    match number(text) {
        Err(_) => {
            let error = "✖ Invalid input: expected number, received NaN\n  → at id";
            Err(Reply::json(400, &json!({ "error": error })))
        }
        Ok(0.0) => Err(Reply::json(400, &json!({ "error": "Missing modelVersionId" }))),
        Ok(id) if id.fract() != 0.0 || id.abs() > f64::from(i32::MAX) => {
            Err(Reply::json(500, &json!({ "error": "Failed to fetch model version details" })))
        }
        Ok(id) => Ok(id as i64),
    }
}

fn usage_control(control: UsageControl) -> &'static str {
    match control {
        UsageControl::Download => "Download",
        UsageControl::Generation => "Generation",
        UsageControl::InternalGeneration => "InternalGeneration",
    }
}

/// `availability` where an endpoint shows it; `--documented` has the former mark of a gate.
pub(crate) fn availability(availability: Availability, marked: bool) -> &'static str {
    match availability {
        Availability::Public if marked => "EarlyAccess",
        Availability::Public => "Public",
        Availability::Unsearchable => "Unsearchable",
        Availability::Private => "Private",
        Availability::EarlyAccess => "EarlyAccess",
    }
}

/// Says "model" for a version too.
pub(crate) fn model_not_found() -> Reply {
    Reply::json(404, &json!({ "error": "Model not found" }))
}
