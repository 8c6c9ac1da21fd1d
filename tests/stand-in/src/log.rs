//! The requests that came.

use serde::Serialize;

use crate::request::Request;

/// The requests of a session, in the order in which they came.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Log {
    entries: Vec<Entry>,
    #[serde(skip)]
    next: u64,
}

/// One request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    #[serde(skip)]
    id: u64,
    /// `GET`, `OPTIONS` and so on.
    pub method: String,
    /// The path with its query, without the session's prefix.
    pub target: String,
    /// The asking page's origin.
    pub origin: Option<String>,
    /// Whether a token was sent in the header; never which.
    pub authorization: bool,
    /// Whether a cookie was sent; never which.
    pub cookie: bool,
    /// What the client takes.
    pub accept: Option<String>,
    /// The names of all headers, lower case.
    pub headers: Vec<String>,
    /// When it came, in Unix ms.
    pub at_ms: u64,
    /// When the answer was out, or the client gone; absent: under way.
    pub done_ms: Option<u64>,
    /// The status of the answer, once it is known.
    pub status: Option<u16>,
    /// The client went before the whole answer was out.
    pub aborted: bool,
}

impl Log {
    /// Notes a request, and gives the number under which it is noted.
    pub fn arrived(&mut self, request: &Request, now_ms: u64) -> u64 {
        let id = self.next;
        self.next += 1;
        self.entries.push(Entry {
            id,
            method: request.method.clone(),
            target: request.target.clone(),
            origin: request.header("Origin").map(str::to_owned),
            authorization: request.header("Authorization").is_some(),
            cookie: request.header("Cookie").is_some(),
            accept: request.header("Accept").map(str::to_owned),
            headers: request.headers.iter().map(|(name, _)| name.to_lowercase()).collect(),
            at_ms: now_ms,
            done_ms: None,
            status: None,
            aborted: false,
        });
        id
    }

    /// Notes what it is answered.
    pub fn answered(&mut self, id: u64, status: u16) {
        self.change(id, |entry| entry.status = Some(status));
    }

    /// Notes that the answer is out, or that the client went before.
    pub fn ended(&mut self, id: u64, aborted: bool, now_ms: u64) {
        self.change(id, |entry| {
            entry.done_ms = Some(now_ms);
            entry.aborted = aborted;
        });
    }

    /// Forgets all; what is under way is not noted again.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// The entries, in the order in which they came.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn change(&mut self, id: u64, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.id == id) {
            change(entry);
        }
    }
}
