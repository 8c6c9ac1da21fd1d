//! `GET /api/v1/models/{id}` and `GET /api/v1/models`: contract §2.4 and §2.5.

use serde_json::{Map, Value, json};

use crate::gate::Lasts;
use crate::me::{SignedIn, unauthorized};
use crate::params::{Invalid, Query};
use crate::request::{Reply, Request};
use crate::shape::{CREATED, download_url, ends_at, files, object, path_id, status};
use crate::site::{Availability, Model, Site, Status, Version};
use crate::versions::availability;

impl Site {
    /// One model with its published versions; what is null or empty is left out of those.
    pub(crate) fn show_model(&self, id: &str, request: &Request, now_ms: u64) -> Reply {
        let id = match path_id(id) {
            Ok(id) => id,
            Err(reply) => return reply,
        };
        let model = u32::try_from(id).ok().and_then(|id| self.models.get(&id));
        let Some(model) = model.filter(|model| is_shown(model)) else {
            return Reply::json(404, &json!({ "error": format!("No model with id {id}") }));
        };
        let versions = self.published(model).enumerate().map(|(index, version)| {
            let mut fields = self.version_fields(version, model, request, false, now_ms);
            fields.insert("index".into(), json!(index));
            fields.insert("status".into(), json!(status(version.status)));
            fields.insert("createdAt".into(), json!(CREATED));
            fields.insert("covered".into(), json!(version.covered));
            Value::Object(remove_empty(fields))
        });
        let versions = versions.collect();
        Reply::json(200, &self.model_json(model, versions))
    }

    /// A page of models, in an order that owes nothing to the ids asked for.
    pub(crate) fn list_models(
        &self,
        request: &Request,
        signed_in: Option<SignedIn<'_>>,
        now_ms: u64,
    ) -> Reply {
        let query = request.query();
        // Their presence is enough, whatever they say (contract §0 row 14).
        if signed_in.is_none() && (query.has("favorites") || query.has("hidden")) {
            return unauthorized();
        }
        let Ok(wanted) = Wanted::parse(&query) else {
            let message =
                r#"[{"expected":"number","code":"invalid_type","path":[],"message":"Invalid input"}]"#;
            return Reply::json(400, &json!({ "error": { "name": "ZodError", "message": message } }));
        };
        if wanted.page * wanted.limit > 1000 {
            let error = "You've requested too many pages, please use cursors instead";
            return Reply::json(429, &json!({ "error": error }));
        }
        let takes_any =
            |model: &&Model| self.published(model).any(|version| wanted.takes_version(version, now_ms));
        let models = self.models.values().rev().filter(|model| wanted.takes_model(self, model));
        let found: Vec<&Model> = models.filter(takes_any).collect();
        let start = wanted.cursor.unwrap_or(wanted.page.saturating_sub(1) * wanted.limit);
        let next = start + wanted.limit;
        let more = wanted.limit > 0 && next < found.len();
        let page = found.into_iter().skip(start).take(wanted.limit);
        let items: Vec<Value> = page.map(|model| self.list_item(model, &wanted, request, now_ms)).collect();
        let metadata = if more { json!({ "nextCursor": next.to_string() }) } else { json!({}) };
        Reply::json(200, &json!({ "items": items, "metadata": metadata }))
    }

    /// A model with those of its versions that are wanted.
    fn list_item(&self, model: &Model, wanted: &Wanted, request: &Request, now_ms: u64) -> Value {
        let versions = self.published(model).enumerate();
        let versions =
            versions.filter(|(_, version)| wanted.takes_version(version, now_ms)).map(|(index, version)| {
                let mut fields =
                    self.version_fields(version, model, request, wanted.primary_file_only, now_ms);
                fields.insert("index".into(), json!(index));
                fields.insert("supportsGeneration".into(), json!(version.covered));
                Value::Object(fields)
            });
        let versions = versions.collect();
        self.model_json(model, versions)
    }

    /// Newest first, as the site shows them.
    fn published(&self, model: &Model) -> impl Iterator<Item = &Version> {
        let versions = self.of_model.range((model.id, 0)..=(model.id, u32::MAX)).rev();
        let versions = versions.filter_map(|(_, version)| self.versions.get(version));
        versions.filter(|version| version.status == Status::Published)
    }

    fn model_json(&self, model: &Model, versions: Vec<Value>) -> Value {
        let covered = self.published(model).any(|version| version.covered);
        let creator = self.users.get(&model.owner).map(|user| user.username.as_str());
        json!({
            "id": model.id,
            "name": model.name,
            "description": "<p>Made up for tests.</p>",
            "allowNoCredit": true,
            "allowCommercialUse": ["Image"],
            "allowDerivatives": true,
            "allowDifferentLicense": true,
            "type": model.kind,
            "minor": model.minor,
            "sfwOnly": false,
            "poi": model.poi,
            "nsfw": model.nsfw_level & 1 == 0,
            "nsfwLevel": model.nsfw_level,
            "availability": availability(model.availability, false),
            "userId": model.owner,
            "cosmetic": null,
            "supportsGeneration": covered,
            "stats": { "downloadCount": 1000, "thumbsUpCount": 100 },
            "creator": { "username": creator, "image": null },
            "tags": [],
            "modelVersions": versions,
        })
    }

    /// What a version has in both.
    fn version_fields(
        &self,
        version: &Version,
        model: &Model,
        request: &Request,
        primary_only: bool,
        now_ms: u64,
    ) -> Map<String, Value> {
        let gate = version.gate.as_ref().filter(|gate| gate.is_active(now_ms));
        let mut fields = object(json!({
            "id": version.id,
            "name": version.name,
            "baseModel": version.base_model,
            "baseModelType": "Standard",
            "publishedAt": CREATED,
            "availability": availability(version.availability, self.documented && gate.is_some()),
            "nsfwLevel": version.nsfw_level,
            "description": null,
            "trainedWords": [],
            "vaeId": null,
            "earlyAccessDeadline": gate.and_then(ends_at),
            "stats": { "downloadCount": 1000, "thumbsUpCount": 100 },
            "files": files(version, model, request, primary_only),
            "images": [],
            "downloadUrl": download_url(version, request),
        }));
        fields.extend(self.gate_fields(version, now_ms));
        fields
    }
}

/// A list's parameters (contract §2.5).
struct Wanted {
    ids: Vec<f64>,
    version_ids: Vec<f64>,
    username: Option<String>,
    name: Option<String>,
    types: Vec<String>,
    base_models: Vec<String>,
    nsfw: bool,
    covered_only: bool,
    early_access_only: bool,
    primary_file_only: bool,
    limit: usize,
    page: usize,
    cursor: Option<usize>,
}

impl Wanted {
    fn parse(query: &Query) -> Result<Self, Invalid> {
        let texts = |key| query.all(key).into_iter().map(str::to_owned).collect();
        let limit = query.number("limit")?.unwrap_or(100.0);
        if !(0.0..=100.0).contains(&limit) || limit.fract() != 0.0 {
            return Err(Invalid);
        }
        Ok(Self {
            ids: query.numbers("ids")?,
            version_ids: query.numbers("modelVersionIds")?,
            username: query.one("username").map(str::to_owned),
            name: query.one("query").map(str::to_lowercase),
            types: texts("types"),
            base_models: texts("baseModels"),
            nsfw: query.one("nsfw") == Some("true"),
            // `false` too reads as true here.
            covered_only: query.has("supportsGeneration"),
            early_access_only: query.has("earlyAccess"),
            primary_file_only: query.one("primaryFileOnly") == Some("true"),
            limit: limit as usize,
            page: query.number("page")?.unwrap_or(1.0) as usize,
            cursor: query.number("cursor")?.map(|cursor| cursor as usize),
        })
    }

    fn takes_model(&self, site: &Site, model: &Model) -> bool {
        let named = |name: &String| site.users.get(&model.owner).is_some_and(|user| user.username == *name);
        is_shown(model)
            && !model.archived
            && if self.nsfw { !model.minor } else { model.nsfw_level & 1 != 0 }
            && (self.ids.is_empty() || self.ids.contains(&f64::from(model.id)))
            && self.username.as_ref().is_none_or(named)
            && self.name.as_ref().is_none_or(|name| model.name.to_lowercase().contains(name))
            && (self.types.is_empty() || self.types.contains(&model.kind))
    }

    fn takes_version(&self, version: &Version, now_ms: u64) -> bool {
        let unlisted_too = !self.ids.is_empty() || self.username.is_some();
        (unlisted_too || version.availability == Availability::Public)
            && (self.version_ids.is_empty() || self.version_ids.contains(&f64::from(version.id)))
            && (self.base_models.is_empty() || self.base_models.contains(&version.base_model))
            && (!self.covered_only || version.covered)
            && (!self.early_access_only || is_timed(version, now_ms))
    }
}

/// Neither endpoint shows what is not out, private or of a real person.
fn is_shown(model: &Model) -> bool {
    model.status == Status::Published && model.availability != Availability::Private && !model.poi
}

fn is_timed(version: &Version, now_ms: u64) -> bool {
    version.is_gated(now_ms) && version.gate.as_ref().is_some_and(|gate| gate.lasts != Lasts::ForEver)
}

fn remove_empty(fields: Map<String, Value>) -> Map<String, Value> {
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    fields.into_iter().filter(|(_, value)| !is_empty(value)).collect()
}
