//! A site with what stands in front of it.

use crate::edge::{Edge, Freshness};
use crate::faults::{Delivery, Faults, Place};
use crate::log::Log;
use crate::request::{Reply, Request};
use crate::site::Site;
use crate::time;

/// A site with an edge, faults, a log and a clock of its own; one for each test.
#[derive(Debug, Clone)]
pub struct Session {
    /// The data.
    pub site: Site,
    /// The cache in front, if it is switched on.
    pub edge: Option<Edge>,
    /// What goes wrong.
    pub faults: Faults,
    /// What was asked.
    pub log: Log,
    /// How far the clock is from the caller's, in ms.
    pub clock_ahead_ms: i64,
}

/// What a server is to send, and how.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The reply.
    pub reply: Reply,
    /// How it travels.
    pub delivery: Delivery,
}

impl Session {
    /// A session without edge and faults.
    pub fn new(site: Site) -> Self {
        Self { site, edge: None, faults: Faults::default(), log: Log::default(), clock_ahead_ms: 0 }
    }

    /// Answers a request as the site, or what stands in front of it, would. `now_ms` is the
    /// caller's clock. Does not write the log: only the caller knows how it ends.
    pub fn answer(&mut self, request: &Request, now_ms: u64) -> Answer {
        let now_ms = self.now(now_ms);
        let rule = self.faults.take(Place::Front, request);
        let answer = match &rule {
            Some(rule) if rule.answers() => {
                Answer { reply: rule.answer(request), delivery: Delivery::default() }
            }
            _ => self.edge_or_site(request, now_ms),
        };
        let reply = answer.reply.unless_known(request);
        let reply =
            if reply.header("Date").is_none() { reply.with("Date", &time::http(now_ms)) } else { reply };
        match rule {
            Some(rule) => Answer { reply: rule.alter(reply), delivery: rule.delivery().and(answer.delivery) },
            None => Answer { reply, ..answer },
        }
    }

    /// The session's own time.
    pub fn now(&self, now_ms: u64) -> u64 {
        now_ms.saturating_add_signed(self.clock_ahead_ms)
    }

    /// Contract §1.7: by URL, for every caller.
    fn edge_or_site(&mut self, request: &Request, now_ms: u64) -> Answer {
        let kept = match &self.edge {
            Some(edge) if request.method == "GET" => edge.get(&request.target, now_ms),
            _ => return self.ask_site(request, now_ms),
        };
        match kept {
            Some((reply, Freshness::Hit)) => Answer { reply, delivery: Delivery::default() },
            // Given once more while the site is asked behind the client's back.
            Some((reply, Freshness::Stale)) => {
                self.refill(request, now_ms);
                Answer { reply, delivery: Delivery::default() }
            }
            None => self.refill(request, now_ms),
        }
    }

    fn refill(&mut self, request: &Request, now_ms: u64) -> Answer {
        let answer = self.ask_site(request, now_ms);
        let Some(edge) = &mut self.edge else { return answer };
        Answer { reply: edge.put(&request.target, answer.reply, now_ms), ..answer }
    }

    fn ask_site(&mut self, request: &Request, now_ms: u64) -> Answer {
        let Some(rule) = self.faults.take(Place::Origin, request) else {
            return Answer { reply: self.site.answer(request, now_ms), delivery: Delivery::default() };
        };
        let reply = if rule.answers() { rule.answer(request) } else { self.site.answer(request, now_ms) };
        Answer { reply: rule.alter(reply), delivery: rule.delivery() }
    }
}
