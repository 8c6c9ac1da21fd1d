//! Which handler answers, and what its wrapper puts around it: contract §1.7 and §3.

use serde_json::json;

use crate::request::{Reply, Request};
use crate::site::Site;

impl Site {
    /// Answers a request as Civitai's server does, without the edge in front of it.
    pub fn respond(&self, request: &Request, now_ms: u64) -> Reply {
        self.answer(request, now_ms).unless_known(request)
    }

    /// The same for a cache, which stores whole replies only.
    pub(crate) fn answer(&self, request: &Request, now_ms: u64) -> Reply {
        if is_blocked_region(request) {
            return region_blocked();
        }
        let path = request.path();
        let Some(endpoint) = path.strip_prefix("/api/v1/") else { return not_found() };
        let segments: Vec<&str> = endpoint.split('/').collect();
        let signed_in = self.signed_in(request);
        let is_read = matches!(&*request.method, "GET" | "HEAD");
        let class = Class::of(path);
        let reply = match class {
            _ if request.method == "OPTIONS" && class != Class::Mixed => Reply::empty(200),
            Class::Mixed | Class::Authed if !is_read => {
                let refusal = Reply::json(405, &json!({ "error": "Method not allowed" }));
                // Mixed endpoints look at the method before anything else.
                return if class == Class::Mixed {
                    private(refusal)
                } else {
                    class.dress(refusal, request, false)
                };
            }
            _ => match segments[..] {
                ["permissions", "check"] => self.check(request, now_ms),
                ["models"] => self.list_models(request, signed_in, now_ms),
                ["models", id] => self.show_model(id, request, now_ms),
                ["model-versions", id] => self.show_version(id, request, signed_in, now_ms),
                ["model-versions", "mini", id] => self.show_mini(id, request, signed_in, now_ms),
                ["me"] => self.me(signed_in),
                _ => return not_found(),
            },
        };
        class.dress(reply, request, signed_in.is_some())
    }
}

/// The three wrappers of Civitai's endpoints (contract §3).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Public,
    Mixed,
    Authed,
}

impl Class {
    pub(crate) fn of(path: &str) -> Self {
        match path.strip_prefix("/api/v1/").unwrap_or_default().split('/').collect::<Vec<_>>()[..] {
            ["me"] => Self::Authed,
            ["models"] | ["model-versions", ..] => Self::Mixed,
            _ => Self::Public,
        }
    }

    /// Puts the wrapper's headers on; errors get them too (contract §1.7).
    pub(crate) fn dress(self, reply: Reply, request: &Request, signed_in: bool) -> Reply {
        let reply = private(reply);
        match self {
            Self::Public => shared(open(reply)),
            Self::Mixed if signed_in => open(reply),
            Self::Mixed => shared(open(reply)),
            Self::Authed => reply
                .with("Access-Control-Allow-Origin", own_origin(request))
                .with("Access-Control-Allow-Credentials", "true")
                .with("Access-Control-Allow-Headers", "*")
                .with("Access-Control-Allow-Methods", "GET"),
        }
    }
}

/// What the proxy and the framework put on everything.
fn private(reply: Reply) -> Reply {
    reply
        .with("Cache-Control", "max-age=0, private, no-cache")
        .with("X-Frame-Options", "DENY")
        .with("X-Handled-By", "stand-in")
}

fn open(reply: Reply) -> Reply {
    reply
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Allow-Headers", "*")
        .with("Access-Control-Allow-Methods", "GET")
}

fn shared(reply: Reply) -> Reply {
    reply.with("Cache-Control", "public, s-maxage=300, stale-while-revalidate=150")
}

/// The asking origin where it is Civitai's own, else the first of those (contract §3, §5).
fn own_origin(request: &Request) -> &str {
    const OWN: [&str; 4] =
        ["https://civitai.com", "https://civitai.red", "https://civitai.green", "https://civitaired.com"];
    request.header("Origin").filter(|origin| OWN.contains(origin)).unwrap_or("https://civitai.com")
}

/// The edge tells the country (contract §1.5).
fn is_blocked_region(request: &Request) -> bool {
    matches!(request.header("cf-ipcountry"), Some("GB" | "AU"))
}

/// Comes from the proxy, so without CORS headers.
pub(crate) fn region_blocked() -> Reply {
    private(Reply::json(
        451,
        &json!({
            "error": "Access to this service is not available in your region due to legal restrictions.",
            "code": "REGION_BLOCKED",
        }),
    ))
}

fn not_found() -> Reply {
    private(Reply::html(
        404,
        "<!DOCTYPE html><html><head><title>404</title></head><body>This page could not be found.</body></html>",
    ))
}
