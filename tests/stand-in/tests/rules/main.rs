//! The rules of the contract, called without HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly anywhere"
)]

mod access;
mod check;
mod edge;
mod faults;
mod me;
mod mini;
mod models;
mod orders;
mod sample;
mod versions;

use serde_json::Value;
use stand_in::{Reply, Request, Site};

/// 15 August 2026, midnight.
const NOW: u64 = 1_786_752_000_000;
const DAY: u64 = 86_400_000;

fn site() -> Site {
    stand_in::sample::site(NOW)
}

fn get(site: &Site, target: &str) -> Reply {
    site.respond(&Request::get(target), NOW)
}

fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

/// Status and body of a check with this query.
fn check(site: &Site, query: &str) -> (u16, String) {
    let reply = get(site, &format!("/api/v1/permissions/check?{query}"));
    (reply.status, reply.text())
}
