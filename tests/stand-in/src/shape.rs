//! What the model and version endpoints have in common.

use serde_json::{Map, Value, json};

use crate::gate::{Gate, Generation, Lasts};
use crate::params::number;
use crate::request::{Reply, Request};
use crate::site::{Model, Site, Status, Version};
use crate::time::iso;

/// When everything of the stand-in was made.
pub(crate) const CREATED: &str = "2025-12-18T08:55:00.000Z";

impl Site {
    /// The fields of a version that speak of its gate.
    pub(crate) fn gate_fields(&self, version: &Version, now_ms: u64) -> Map<String, Value> {
        let gate = version.gate.as_ref().filter(|gate| gate.is_active(now_ms));
        let fields = if self.documented {
            json!({ "earlyAccessEndsAt": gate.and_then(ends_at), "earlyAccessConfig": gate.map(early_access_config) })
        } else {
            json!({ "paidAccess": gate.map(paid_access) })
        };
        object(fields)
    }
}

/// The whole public form of a gate; terms are not shown (contract §2.1).
fn paid_access(gate: &Gate) -> Value {
    json!({ "permanent": gate.lasts == Lasts::ForEver, "endsAt": ends_at(gate) })
}

/// The form until 2026-07-27 (contract §2.1).
fn early_access_config(gate: &Gate) -> Value {
    let mut config = object(json!({
        "timeframe": 15,
        "permanent": gate.lasts == Lasts::ForEver,
        "chargeForDownload": gate.terms.download,
        "chargeForGeneration": matches!(gate.terms.generation, Some(Generation::Paid { .. })),
        "freeGeneration": matches!(gate.terms.generation, Some(Generation::Free)),
        "generationTrialLimit": 10,
        "donationGoalEnabled": false,
    }));
    if gate.terms.download {
        config.insert("downloadPrice".into(), json!(500));
    }
    if let Some(Generation::Paid { trial_limit }) = gate.terms.generation {
        config.insert("generationPrice".into(), json!(100));
        config.insert("generationTrialLimit".into(), json!(trial_limit.unwrap_or(10)));
    }
    Value::Object(config)
}

/// When the gate opens, where that is known.
pub(crate) fn ends_at(gate: &Gate) -> Option<String> {
    gate.ends_at().map(iso)
}

/// `urn:air:{ecosystem}:{type}:civitai:{model}@{version}` (contract §6).
pub(crate) fn air(version: &Version, model: &Model) -> String {
    let ecosystem = match &*version.base_model {
        "SD 1.5" => "sd1",
        "Flux.1 D" => "flux1",
        _ => "sdxl",
    };
    format!("urn:air:{ecosystem}:{}:civitai:{}@{}", model.kind.to_lowercase(), model.id, version.id)
}

/// Two files each, so that `primaryFileOnly` has something to leave out.
pub(crate) fn files(version: &Version, model: &Model, request: &Request, primary_only: bool) -> Value {
    let primary = json!({
        "id": version.id,
        "sizeKB": 223_124.5,
        "name": file_name(version, model),
        "type": "Model",
        "pickleScanResult": "Success",
        "virusScanResult": "Success",
        "scannedAt": CREATED,
        "metadata": { "format": "SafeTensor" },
        "hashes": { "AutoV2": format!("{:010X}", version.id) },
        "primary": true,
        "downloadUrl": download_url(version, request),
    });
    let training = json!({ "id": version.id + 1, "sizeKB": 5120.0, "name": "training.zip", "type": "Training Data", "metadata": {} });
    if primary_only { json!([primary]) } else { json!([primary, training]) }
}

pub(crate) fn file_name(version: &Version, model: &Model) -> String {
    let words = format!("{} {}", model.name, version.name);
    let name: String = words.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    format!("{name}.safetensors")
}

/// Links name the host that was asked (contract §2.1).
pub(crate) fn download_url(version: &Version, request: &Request) -> String {
    let host = request.header("Host").unwrap_or("civitai.com");
    format!("https://{host}/api/download/models/{}", version.id)
}

pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Published => "Published",
        Status::Draft => "Draft",
        Status::Deleted => "Deleted",
    }
}

/// An id in a path that its schema lets through, or the reply that refuses it (contract §2.4).
pub(crate) fn path_id(text: &str) -> Result<i64, Reply> {
    const MAX: f64 = i32::MAX as f64;
    let refuse = |why: &str| Err(Reply::json(400, &json!({ "error": format!("✖ {why}\n  → at id") })));
    match number(text) {
        Err(_) => refuse("Invalid input: expected number, received NaN"),
        Ok(id) if id.fract() != 0.0 => refuse("Invalid input: expected int, received number"),
        Ok(id) if id <= 0.0 => refuse("Too small: expected number to be >0"),
        Ok(id) if id > MAX => refuse("Too big: expected number to be <=2147483647"),
        Ok(id) => Ok(id as i64),
    }
}

/// The members of a `json!({…})`.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
