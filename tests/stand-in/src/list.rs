//! `stand-in --list`.

use std::fmt::Write;

use serde_json::json;
use stand_in::{Site, sample};

/// The sample as a table, or as JSON with the users' tokens.
pub fn text(json: bool) -> String {
    let now_ms = crate::server::now_ms();
    let site = sample::site(now_ms);
    if json { as_json(&site, now_ms) } else { as_table(&site, now_ms) }
}

fn as_json(site: &Site, now_ms: u64) -> String {
    let users = site.users().map(|user| {
        json!({ "id": user.id, "username": user.username, "moderator": user.moderator, "token": user.token })
    });
    let list = json!({
        "buyer": sample::BUYER,
        "crowd": [sample::CROWD.start(), sample::CROWD.end()],
        "users": users.collect::<Vec<_>>(),
        "versions": sample::rows(site, now_ms),
    });
    format!("{list}\n")
}

fn as_table(site: &Site, now_ms: u64) -> String {
    let verdict = |granted| if granted { "granted" } else { "denied" };
    let mut text =
        format!("{:<10} {:<7} {:<30} {:<6} {:<8} 12345\n", "version", "model", "kind", "owner", "anyone");
    let number = |number: Option<u32>| number.map_or(String::new(), |number| number.to_string());
    for row in sample::rows(site, now_ms) {
        let (model, owner) = (number(row.model), number(row.owner));
        let (anyone, buyer) = (verdict(row.anyone), verdict(row.buyer));
        // Writing into a String cannot fail.
        let _ =
            writeln!(text, "{:<10} {model:<7} {:<30} {owner:<6} {anyone:<8} {buyer}", row.version, row.kind);
    }
    let _ =
        writeln!(text, "\n{} to {}: a crowd, every fifth gated", sample::CROWD.start(), sample::CROWD.end());
    for user in site.users() {
        let token = user.token.as_deref().unwrap_or("none");
        let _ = writeln!(text, "user {:<6} {:<16} token {token}", user.id, user.username);
    }
    text
}
