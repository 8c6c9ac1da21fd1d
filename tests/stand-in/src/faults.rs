//! Faults that a test orders, request by request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::check::{asked_ids, unexpected, unparsable};
use crate::me::unauthorized;
use crate::request::{Reply, Request};
use crate::route::{Class, region_blocked};

/// The rules of a session, in order: the first that applies to a request has it.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Vec<(Rule, u32)>,
}

impl Faults {
    /// Replaces all rules and starts their counts anew.
    pub fn set(&mut self, rules: Vec<Rule>) {
        self.rules = rules.into_iter().map(|rule| (rule, 0)).collect();
    }

    /// The rules, whether used up or not.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    /// The rule for this request at this place, and counts it.
    pub fn take(&mut self, place: Place, request: &Request) -> Option<Rule> {
        self.rules.iter_mut().find_map(|(rule, seen)| {
            if rule.place() != place || !rule.concerns(request) {
                return None;
            }
            *seen += 1;
            let nth = *seen;
            let is_due = nth > rule.after && rule.times.is_none_or(|times| nth <= rule.after + times);
            is_due.then(|| rule.clone())
        })
    }
}

/// Where a fault happens, which decides whether the edge keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before the edge's memory: nothing of it is kept.
    Front,
    /// In the site: the edge keeps what carries the site's headers.
    Origin,
}

/// Which requests a fault concerns, and what happens to them. Every field is optional.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rule {
    /// A part of the target, as it stands in the URL; empty: every request.
    #[serde(rename = "match")]
    pub part: String,
    /// Lets so many requests through before.
    pub after: u32,
    /// Concerns so many requests; absent: all that come.
    pub times: Option<u32>,

    /// Answers with this status, with the body and headers that the contract has for it.
    pub status: Option<u16>,
    /// Sets these headers.
    pub headers: BTreeMap<String, String>,
    /// Answers with this body: a text as it stands, anything else as JSON.
    pub body: Option<Value>,
    /// Answers with a challenge page instead of JSON.
    pub html: bool,
    /// Forces the CORS headers on or off.
    pub cors: Option<bool>,
    /// Cuts the body to so many bytes, in a well-formed reply.
    pub truncate: Option<usize>,

    /// Fails (500, or `status`) every check that holds one of these ids, and no other.
    pub poison: Vec<i64>,
    /// Leaves these ids out of a check's answer.
    pub omit: Vec<i64>,
    /// Puts these members into a check's answer, whatever they are.
    pub set: BTreeMap<String, Value>,
    /// Leaves models with these ids out of a list.
    pub hide: Vec<u64>,
    /// Leaves members of these names out of a JSON answer, wherever they are.
    pub strip: Vec<String>,
    /// Gives members of these names another value in a JSON answer, wherever they are.
    pub replace: BTreeMap<String, Value>,

    /// Waits so long before the first byte.
    pub latency_ms: u64,
    /// Ends the connection too early.
    pub cut: Option<Cut>,
    /// Never answers.
    pub hang: bool,
    /// Sends so many bytes of blanks instead of the body.
    pub oversize_bytes: Option<u64>,
    /// Sends the body no faster than this.
    pub bytes_per_second: Option<u32>,
}

impl Rule {
    /// Whether the fault itself is the answer, and the site is not asked.
    pub(crate) fn answers(&self) -> bool {
        self.status.is_some() || self.body.is_some() || self.html || !self.poison.is_empty()
    }

    /// The answer of such a fault.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let class = Class::of(request.path());
        let status = self.status.unwrap_or(if self.poison.is_empty() { 200 } else { 500 });
        let dress = |reply| class.dress(reply, request, false);
        match status {
            // These come from what is in front of the site, without its headers (contract §1.5, §1.8).
            451 => region_blocked(),
            _ if is_of_the_edge(status) => challenge(status),
            _ if self.html => dress(challenge(status)),
            400 => dress(unparsable()),
            401 => dress(unauthorized()),
            500 if is_of_models(request) => dress(generic_failure()),
            500 => dress(unexpected()),
            _ => dress(Reply::json(status, &json!({}))),
        }
    }

    /// What the fault does to an answer, its own or the site's.
    pub(crate) fn alter(&self, reply: Reply) -> Reply {
        let mut reply = reply;
        if let Some(body) = self.altered(&reply.body) {
            reply.body = body;
            // It was the tag of another body.
            reply.headers.retain(|(name, _)| name != "ETag");
        }
        match self.cors {
            Some(true) => reply = reply.with("Access-Control-Allow-Origin", "*"),
            Some(false) => reply.headers.retain(|(name, _)| !name.starts_with("Access-Control-")),
            None => {}
        }
        self.headers.iter().fold(reply, |reply, (name, value)| reply.with(name, value))
    }

    /// How the reply travels.
    pub(crate) fn delivery(&self) -> Delivery {
        Delivery {
            latency_ms: self.latency_ms,
            cut: self.cut,
            hang: self.hang,
            oversize_bytes: self.oversize_bytes,
            bytes_per_second: self.bytes_per_second,
        }
    }

    /// Another body; `None`: it stays as it is.
    fn altered(&self, body: &[u8]) -> Option<Vec<u8>> {
        let ordered = match &self.body {
            Some(Value::String(text)) => Some(text.clone().into_bytes()),
            Some(value) => Some(value.to_string().into_bytes()),
            None if self.lies() => self.lie(body),
            None => None,
        };
        let Some(length) = self.truncate else { return ordered };
        let mut body = ordered.unwrap_or_else(|| body.to_vec());
        body.truncate(length);
        Some(body)
    }

    fn lies(&self) -> bool {
        !self.omit.is_empty()
            || !self.set.is_empty()
            || !self.hide.is_empty()
            || !self.strip.is_empty()
            || !self.replace.is_empty()
    }

    /// The site's answer without what is left out, and with what is put in.
    fn lie(&self, body: &[u8]) -> Option<Vec<u8>> {
        let Ok(mut answer) = serde_json::from_slice::<Value>(body) else { return None };
        if let Some(members) = answer.as_object_mut() {
            members.retain(|id, _| !self.omit.iter().any(|omitted| omitted.to_string() == *id));
            members.extend(self.set.clone());
        }
        if let Some(items) = answer.get_mut("items").and_then(Value::as_array_mut) {
            items.retain(|item| {
                !item.get("id").and_then(Value::as_u64).is_some_and(|id| self.hide.contains(&id))
            });
        }
        self.edit_members(&mut answer);
        Some(answer.to_string().into_bytes())
    }

    fn edit_members(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| !self.strip.contains(name));
                for (name, member) in members {
                    match self.replace.get(name) {
                        Some(other) => *member = other.clone(),
                        None => self.edit_members(member),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.edit_members(item)),
            _ => {}
        }
    }

    fn place(&self) -> Place {
        let is_the_sites = match self.status {
            _ if self.html => false,
            None => self.body.is_some() || !self.poison.is_empty() || self.lies(),
            Some(status) => !is_of_the_edge(status) || !self.poison.is_empty(),
        };
        if is_the_sites { Place::Origin } else { Place::Front }
    }

    fn concerns(&self, request: &Request) -> bool {
        let holds_poison = || {
            let ids = asked_ids(request);
            self.poison.iter().any(|id| ids.contains(id))
        };
        request.target.contains(&self.part) && (self.poison.is_empty() || holds_poison())
    }
}

/// Statuses that the site's handlers never give: they come from what is in front of it.
fn is_of_the_edge(status: u16) -> bool {
    matches!(status, 403 | 429 | 451 | 502..)
}

fn is_of_models(request: &Request) -> bool {
    let path = request.path();
    path == "/api/v1/models" || path.starts_with("/api/v1/models/")
}

/// What the models' endpoints say of every failure of their own since September 2026.
fn generic_failure() -> Reply {
    Reply::json(500, &json!({ "error": "Something went wrong. Please try again later." }))
}

/// The edge's own page: HTML without CORS headers (contract §1.8).
fn challenge(status: u16) -> Reply {
    let page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>";
    Reply::html(status, page).with("Server", "cloudflare")
}

/// How a reply travels; what only a server can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Waits so long before the first byte.
    pub latency_ms: u64,
    /// Ends the connection too early.
    pub cut: Option<Cut>,
    /// Never answers.
    pub hang: bool,
    /// Sends so many bytes of blanks instead of the body.
    pub oversize_bytes: Option<u64>,
    /// Sends the body no faster than this.
    pub bytes_per_second: Option<u32>,
}

impl Delivery {
    /// Both together: waits add up, else the first that says something counts.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            latency_ms: self.latency_ms + other.latency_ms,
            cut: self.cut.or(other.cut),
            hang: self.hang || other.hang,
            oversize_bytes: self.oversize_bytes.or(other.oversize_bytes),
            bytes_per_second: self.bytes_per_second.or(other.bytes_per_second),
        }
    }
}

/// When a connection ends too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cut {
    /// Before the first byte of the reply.
    Before,
    /// In the middle of the body.
    Middle,
}
