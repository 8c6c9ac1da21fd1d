//! Who asks, and `GET /api/v1/me`: contract §3.

use serde_json::json;

use crate::request::{Reply, Request};
use crate::site::{Site, Standing, User};

impl Site {
    /// Answers `/me`.
    pub(crate) fn me(&self, signed_in: Option<SignedIn<'_>>) -> Reply {
        let Some(SignedIn { user, by_token }) = signed_in else {
            return unauthorized();
        };
        let mut me = json!({
            "id": user.id,
            "username": user.username,
            "status": match user.standing {
                Standing::Active => "active",
                Standing::Muted => "muted",
                Standing::Banned => "banned",
            },
            "isMember": false,
            "subscriptions": [],
        });
        if by_token && let Some(me) = me.as_object_mut() {
            me.insert("tokenScope".into(), json!(1));
            me.insert("subject".into(), json!({ "type": "apiKey" }));
        }
        Reply::json(200, &me)
    }

    /// The session: the header's token, else the query's, and cookies only where
    /// no token is given. Unknown tokens and banned users have none.
    pub(crate) fn signed_in(&self, request: &Request) -> Option<SignedIn<'_>> {
        let query = request.query();
        // The second word counts, whatever the first says.
        let token = match request.header("Authorization") {
            Some(header) => Some(header.split(' ').nth(1).unwrap_or_default()),
            None => query.one("token"),
        };
        let by_token = token.is_some();
        let secret = token.or_else(|| cookie(request, "civ-token"))?;
        let user = self.users().find(|user| user.token.as_deref() == Some(secret))?;
        (user.standing != Standing::Banned).then_some(SignedIn { user, by_token })
    }
}

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) struct SignedIn<'a> {
    pub(crate) user: &'a User,
    by_token: bool,
}

/// Exactly this body (contract §3).
pub(crate) fn unauthorized() -> Reply {
    Reply::json(401, &json!({ "error": "Unauthorized" }))
}

fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let pairs = request.header("Cookie")?.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
}
