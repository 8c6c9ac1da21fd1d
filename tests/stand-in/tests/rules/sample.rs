//! The data set says what it shows.

use serde_json::Value;
use stand_in::sample::{BUYER, CROWD, SCREENFUL, UNKNOWN_ID, rows};

use crate::{NOW, check, get, json, site};

#[test]
fn the_docs_own_example_holds() {
    let site = site();
    assert_eq!(
        check(&site, "entityIds=2514310,2402203"),
        (200, r#"{"2402203":false,"2514310":true}"#.into())
    );
}

#[test]
fn every_kind_has_the_verdicts_that_it_names() {
    let rows = rows(&site(), NOW);
    for row in &rows {
        let open = row.kind.starts_with("open") || ["expired gate", "unsearchable"].contains(&row.kind);
        let paid_or_own = row.kind.contains("owned by")
            || ["bought by 12345", "generation bought by 12345", "paid, given to 12345"].contains(&row.kind);
        assert_eq!(row.anyone, open, "{}", row.kind);
        assert_eq!(row.buyer, open || paid_or_own, "{}", row.kind);
    }
    for kind in [
        "open",
        "early access",
        "paid for ever",
        "private",
        "paid, generation free",
        "early access, 10 tries",
        "paid, no tries",
        "expired gate",
        "unsearchable",
        "open, not covered",
        "early access, not covered",
        "bought by 12345",
        "early access, owned by 12345",
        "paid, given to 12345",
        "early access, generation free",
        "early access, no tries",
        "early access, download only",
        "gate before publication",
        "paid, wildcards",
        "private, with tries, owned by 12345",
        "private, expired gate, owned by 12345",
        "open, of a real person",
        "unknown id",
    ] {
        assert!(rows.iter().any(|row| row.kind == kind), "{kind}");
    }
}

#[test]
fn beside_a_strangers_version_the_buyers_own_is_denied() {
    let query = format!("entityIds=900301,2514310,{UNKNOWN_ID}&userId={BUYER}");
    assert_eq!(check(&site(), &query), (200, r#"{"900301":false,"2514310":true,"999999999":false}"#.into()));
}

#[test]
fn every_fifth_of_the_crowd_is_gated() {
    let site = site();
    let ids: Vec<i64> = CROWD.map(i64::from).collect();
    let verdicts = site.has_entity_access(None, &ids, NOW);
    assert_eq!(verdicts.len(), 10_000);
    assert_eq!(verdicts.iter().filter(|&&(_, granted)| !granted).count(), 2000);
}

#[test]
fn the_screenful_has_twelve_denied_models_with_every_kind_of_terms() {
    let site = site();
    let ids: Vec<i64> = SCREENFUL.map(i64::from).collect();
    let verdicts = site.has_entity_access(None, &ids, NOW);
    let denied: Vec<i64> = verdicts.iter().filter(|(_, granted)| !granted).map(|&(id, _)| id).collect();
    assert_eq!((verdicts.len(), denied.len()), (60, 12));
    let terms = |id: i64| {
        let mini = json(&get(&site, &format!("/api/v1/model-versions/mini/{id}")));
        (mini["checkPermission"].clone(), mini.get("freeTrialLimit").cloned())
    };
    let kinds: Vec<_> = denied.iter().take(4).map(|&id| terms(id)).collect();
    let sold = |tries: u32| (Value::Bool(true), Some(Value::from(tries)));
    assert_eq!(kinds, [sold(10), (Value::Bool(false), None), sold(0), sold(0)]);
}
