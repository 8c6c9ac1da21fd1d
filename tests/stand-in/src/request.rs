//! What goes in and what comes out.

use serde_json::Value;

use crate::params::Query;

/// A request, as far as the contract looks at one.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `OPTIONS` and so on.
    pub method: String,
    /// The path with its query: `/api/v1/me?token=…`.
    pub target: String,
    /// Names in any case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// A `GET` without headers.
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A request without headers.
    pub fn new(method: &str, target: &str) -> Self {
        Self { method: method.into(), target: target.into(), headers: Vec::new() }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The target before its query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    pub(crate) fn query(&self) -> Query {
        Query::parse(self.target.split_once('?').map_or("", |(_, query)| query))
    }
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Names in the case of the contract.
    pub headers: Vec<(String, String)>,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Reply {
    /// A reply without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// JSON as Next.js sends it, with an `ETag` (contract §1.4).
    pub fn json(status: u16, value: &Value) -> Self {
        Self::json_text(status, value.to_string())
    }

    /// JSON that is written already.
    pub fn json_text(status: u16, text: String) -> Self {
        let etag = format!("\"{:x}\"", fnv1a(text.as_bytes()));
        let reply = Self { body: text.into_bytes(), ..Self::empty(status) };
        reply.with("Content-Type", "application/json; charset=utf-8").with("ETag", &etag)
    }

    /// A page of words.
    pub fn html(status: u16, page: &str) -> Self {
        let reply = Self { body: page.into(), ..Self::empty(status) };
        reply.with("Content-Type", "text/html; charset=utf-8")
    }

    /// The same reply with this header, instead of any of that name.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The body as text, for assertions.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Next.js compares before it sends (contract §1.4).
    pub(crate) fn unless_known(self, request: &Request) -> Self {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let known = request.header("If-None-Match").zip(self.header("ETag")).is_some_and(|(known, etag)| {
            known.split(',').any(|known| known.trim() == "*" || bare(known) == bare(etag))
        });
        if !known {
            return self;
        }
        let mut reply = self;
        reply.status = 304;
        reply.body.clear();
        reply.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Content-Type"));
        reply
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
