//! What a test orders while the server runs: `/stand-in/…`.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::edge::Edge;
use crate::faults::Rule;
use crate::gate::{Gate, Generation, Lasts, Terms};
use crate::request::Reply;
use crate::session::Session;
use crate::site::Site;

/// Does what `/stand-in/{order}` says; pages of any origin may order.
pub fn control(session: &mut Session, method: &str, order: &str, body: &[u8], now_ms: u64) -> Reply {
    let done = match (method, order) {
        ("OPTIONS", _) => Ok(Value::Null),
        ("GET", "faults") => Ok(json!(session.faults.rules().collect::<Vec<_>>())),
        ("POST", "faults") => read(body).map(|rules| set_faults(session, rules)),
        ("DELETE", "faults") => Ok(set_faults(session, Vec::new())),
        ("GET", "log") => Ok(json!(session.log)),
        ("DELETE", "log") => Ok(clear_log(session)),
        ("POST", "clock") => read(body).map(|clock| advance(session, clock, now_ms)),
        ("POST", "settings") => read(body).map(|settings| settle(session, settings)),
        ("POST", "buy") => read(body).and_then(|purchase| buy(&mut session.site, purchase)),
        ("POST", "gate") => {
            let now_ms = session.now(now_ms);
            read(body).and_then(|order| set_gate(&mut session.site, order, now_ms))
        }
        _ => Err(format!(
            "no such order: {method} {order}; there are GET, POST and DELETE faults, GET and DELETE log, \
             POST clock, POST settings, POST buy, POST gate"
        )),
    };
    let reply = match done {
        Ok(value) => Reply::json(200, &value),
        Err(error) => Reply::json(400, &json!({ "error": error })),
    };
    reply
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Allow-Methods", "GET, POST, DELETE")
        .with("Access-Control-Allow-Headers", "*")
        .with("Cache-Control", "no-store")
}

fn set_faults(session: &mut Session, rules: Vec<Rule>) -> Value {
    session.faults.set(rules);
    Value::Null
}

fn clear_log(session: &mut Session) -> Value {
    session.log.clear();
    Value::Null
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Clock {
    advance_ms: i64,
}

fn advance(session: &mut Session, clock: Clock, now_ms: u64) -> Value {
    session.clock_ahead_ms = session.clock_ahead_ms.saturating_add(clock.advance_ms);
    json!({ "nowMs": session.now(now_ms) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    edge: Option<bool>,
    documented: Option<bool>,
    august: Option<bool>,
}

/// An edge that is switched on anew is empty.
fn settle(session: &mut Session, settings: Settings) -> Value {
    if let Some(edge) = settings.edge {
        session.edge = edge.then(Edge::default);
    }
    if let Some(documented) = settings.documented {
        session.site.documented = documented;
    }
    if let Some(august) = settings.august {
        session.site.august = august;
    }
    Value::Null
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Purchase {
    user: u32,
    version: u32,
    /// Permission bits (contract §1.6); absent: all.
    bits: Option<u8>,
}

fn buy(site: &mut Site, purchase: Purchase) -> Result<Value, String> {
    let Purchase { user, version, bits } = purchase;
    if site.version(version.into()).is_none() {
        return Err(no_version(version));
    }
    site.grant(user, version, bits.unwrap_or(Site::GENERATION | Site::DOWNLOAD));
    Ok(Value::Null)
}

/// Neither an end nor for ever: the gate is taken away.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GateOrder {
    version: u32,
    ends_in_ms: Option<u64>,
    #[serde(default)]
    permanent: bool,
    #[serde(default)]
    free: bool,
    trial_limit: Option<u32>,
}

fn set_gate(site: &mut Site, order: GateOrder, now_ms: u64) -> Result<Value, String> {
    let lasts = match (order.ends_in_ms, order.permanent) {
        (None, false) => None,
        (Some(ms), false) => Some(Lasts::Until(now_ms.saturating_add(ms))),
        (None, true) => Some(Lasts::ForEver),
        (Some(_), true) => return Err("a gate has `endsInMs` or is `permanent`, not both".into()),
    };
    let generation =
        if order.free { Generation::Free } else { Generation::Paid { trial_limit: order.trial_limit } };
    let terms = Terms { download: true, generation: Some(generation) };
    if site.set_gate(order.version, lasts.map(|lasts| Gate { lasts, terms })) {
        Ok(Value::Null)
    } else {
        Err(no_version(order.version))
    }
}

fn no_version(id: u32) -> String {
    format!("no version {id}; `stand-in --list` prints those that there are")
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| format!("the order cannot be read: {error}"))
}
