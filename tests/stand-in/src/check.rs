//! `GET /api/v1/permissions/check`: contract §1.2 to §1.5.

use std::collections::BTreeMap;

use serde_json::json;

use crate::params::{Invalid, Query};
use crate::request::{Reply, Request};
use crate::site::Site;

impl Site {
    /// Answers a check; the method does not matter, OPTIONS was answered before.
    pub(crate) fn check(&self, request: &Request, now_ms: u64) -> Reply {
        let query = request.query();
        if self.documented
            && let Some(reply) = as_documented(&query)
        {
            return reply;
        }
        let Ok(asked) = Asked::parse(&query) else {
            return unparsable();
        };
        if asked.ids.is_empty() {
            return Reply::json(200, &json!([]));
        }
        match self.verdicts(&asked, now_ms) {
            Ok(verdicts) => Reply::json_text(200, object(&verdicts)),
            Err(NotAnInt4) => unexpected(),
        }
    }

    fn verdicts(&self, asked: &Asked, now_ms: u64) -> Result<Vec<(f64, bool)>, NotAnInt4> {
        let user = asked.user.map(int4).transpose();
        // A moderator is let through before the database sees any id.
        if let Ok(Some(user)) = user
            && self.is_moderator(user)
        {
            return Ok(asked.ids.iter().map(|&id| (id, true)).collect());
        }
        let ids = asked.ids.iter().map(|&id| int4(id)).collect::<Result<Vec<_>, _>>()?;
        let mut verdicts = self.has_entity_access(user.unwrap_or(None), &ids, now_ms);
        // The grants are read for denied ids only, so only there such a user fails.
        if user.is_err() && verdicts.iter().any(|&(_, granted)| !granted) {
            return Err(NotAnInt4);
        }
        if self.documented {
            verdicts.retain(|&(id, _)| self.version(id).is_some());
        }
        Ok(verdicts.into_iter().map(|(id, granted)| (id as f64, granted)).collect())
    }
}

/// What the schema lets through (contract §1.2).
struct Asked {
    ids: Vec<f64>,
    user: Option<f64>,
}

impl Asked {
    fn parse(query: &Query) -> Result<Self, Invalid> {
        if !query.is_absent_or("entityType", "ModelVersion") || !query.is_absent_or("permission", "Generate")
        {
            return Err(Invalid);
        }
        Ok(Self { ids: query.numbers("entityIds")?, user: query.number("userId")? })
    }
}

/// Where the docs say something else about the query (contract §0 rows 1 to 3).
fn as_documented(query: &Query) -> Option<Reply> {
    if !query.is_absent_or("permission", "Generate") {
        return Some(Reply::json(400, &json!({ "error": "Invalid permission" })));
    }
    match query.one("entityIds") {
        None => Some(unparsable()),
        Some("") => Some(Reply::json(200, &json!([]))),
        Some(_) => None,
    }
}

/// The ids of a check's query that are whole numbers; for faults that lie in wait for some.
pub(crate) fn asked_ids(request: &Request) -> Vec<i64> {
    let ids = request.query().numbers("entityIds").unwrap_or_default();
    ids.into_iter().filter_map(|id| int4(id).ok()).collect()
}

/// The database's type of every id: anything else passes the schema and fails there.
fn int4(number: f64) -> Result<i64, NotAnInt4> {
    let fits = number.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number);
    if fits { Ok(number as i64) } else { Err(NotAnInt4) }
}

#[derive(Clone, Copy)]
struct NotAnInt4;

/// A JavaScript object: index-like keys ascending, then the others as they came.
fn object(verdicts: &[(f64, bool)]) -> String {
    let is_index = |id: f64| id.fract() == 0.0 && (0.0..f64::from(u32::MAX)).contains(&id);
    let mut indices = BTreeMap::new();
    let mut others: Vec<(f64, bool)> = Vec::new();
    for &(id, granted) in verdicts {
        if is_index(id) {
            indices.insert(id as u32, granted);
        } else if !others.iter().any(|&(other, _)| other == id) {
            others.push((id, granted));
        }
    }
    let indices = indices.into_iter().map(|(id, granted)| format!("\"{id}\":{granted}"));
    let others = others.into_iter().map(|(id, granted)| format!("\"{id}\":{granted}"));
    format!("{{{}}}", indices.chain(others).collect::<Vec<_>>().join(","))
}

/// One body for every failure of the schema (contract §0 row 3).
pub(crate) fn unparsable() -> Reply {
    Reply::json(400, &json!({ "error": "Could not parse provided model versions array." }))
}

/// The serialised error is an object, not a text (contract §1.5).
pub(crate) fn unexpected() -> Reply {
    let error = json!({ "name": "PrismaClientUnknownRequestError", "clientVersion": "6.13.0" });
    Reply::json(500, &json!({ "message": "An unexpected error occurred", "error": error }))
}
