//! The edge in front of the site: replies kept by URL, contract §1.7.

use std::collections::HashMap;

use crate::request::Reply;

/// Keeps whatever says `s-maxage`, errors included: a 500 sticks.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    kept: HashMap<String, Kept>,
}

#[derive(Debug, Clone)]
struct Kept {
    reply: Reply,
    since_ms: u64,
    fresh_ms: u64,
    stale_ms: u64,
}

/// How old what the edge gave is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Within `s-maxage`.
    Hit,
    /// Within `stale-while-revalidate`: given once more while the site is asked again.
    Stale,
}

impl Edge {
    /// What is kept for a URL, with its `Age`.
    pub fn get(&self, url: &str, now_ms: u64) -> Option<(Reply, Freshness)> {
        let kept = self.kept.get(url)?;
        let age_ms = now_ms.checked_sub(kept.since_ms)?;
        let freshness = if age_ms < kept.fresh_ms {
            Freshness::Hit
        } else if age_ms < kept.fresh_ms + kept.stale_ms {
            Freshness::Stale
        } else {
            return None;
        };
        let status = if freshness == Freshness::Hit { "HIT" } else { "STALE" };
        let reply = kept.reply.clone().with("Age", &(age_ms / 1000).to_string());
        Some((reply.with("CF-Cache-Status", status), freshness))
    }

    /// Keeps a reply if it may be kept, and marks it as just come from the site.
    pub fn put(&mut self, url: &str, reply: Reply, now_ms: u64) -> Reply {
        let seconds = |directive| cache_seconds(&reply, directive);
        let Some(fresh) = seconds("s-maxage") else {
            return reply.with("CF-Cache-Status", "DYNAMIC");
        };
        let stale = seconds("stale-while-revalidate").unwrap_or(0);
        let kept =
            Kept { since_ms: now_ms, fresh_ms: fresh * 1000, stale_ms: stale * 1000, reply: reply.clone() };
        self.kept.insert(url.into(), kept);
        reply.with("CF-Cache-Status", "MISS")
    }
}

fn cache_seconds(reply: &Reply, directive: &str) -> Option<u64> {
    let directives = reply.header("Cache-Control")?.split(',');
    let mut pairs = directives.filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == directive).and_then(|(_, seconds)| seconds.parse().ok())
}
