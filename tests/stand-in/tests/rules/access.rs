//! Contract §1.6: the steps and every row of the truth table.

use stand_in::{Availability, Gate, Generation, Lasts, Model, Site, Status, Terms, User, Version};

use crate::NOW;

const OWNER: i64 = 10;
const OTHER: i64 = 20;
const BUYER: i64 = 30;
const MODERATOR: i64 = 40;

const OPEN: i64 = 1;
const TIMED: i64 = 2;
const FOR_EVER: i64 = 3;
const PENDING: i64 = 4;
const EXPIRED: i64 = 5;
const UNSEARCHABLE: i64 = 6;
const PRIVATE: i64 = 7;
const FORMER: i64 = 8;
const FREE: i64 = 9;
const IN_PRIVATE_MODEL: i64 = 11;
const DRAFT: i64 = 12;
const UNCOVERED: i64 = 13;
const OTHERS_OPEN: i64 = 21;
const OTHERS_GATED: i64 = 22;
const UNKNOWN: i64 = 999;

fn site() -> Site {
    let mut site = Site::empty();
    for id in [OWNER, OTHER, BUYER, MODERATOR] {
        let user = User::new(id as u32, "somebody");
        site.add_user(User { moderator: id == MODERATOR, ..user });
    }
    site.add_model(Model::new(100, OWNER as u32));
    site.add_model(Model { availability: Availability::Private, ..Model::new(101, OWNER as u32) });
    site.add_model(Model::new(200, OTHER as u32));
    let own = |id: i64| Version::new(id as u32, 100);
    let free = Terms { download: true, generation: Some(Generation::Free) };
    for version in [
        own(OPEN),
        own(TIMED).gated(Gate::until(NOW + 1)),
        own(FOR_EVER).gated(Gate::permanent()),
        own(PENDING).gated(Gate { lasts: Lasts::Pending, terms: Terms::default() }),
        own(EXPIRED).gated(Gate::until(NOW)),
        Version { availability: Availability::Unsearchable, ..own(UNSEARCHABLE) },
        Version { availability: Availability::Private, ..own(PRIVATE) },
        Version { availability: Availability::EarlyAccess, ..own(FORMER) },
        own(FREE).gated(Gate::permanent().with_terms(free)),
        Version::new(IN_PRIVATE_MODEL as u32, 101),
        Version { status: Status::Draft, ..own(DRAFT) },
        Version { covered: false, ..own(UNCOVERED) },
        Version::new(OTHERS_OPEN as u32, 200),
        Version::new(OTHERS_GATED as u32, 200).gated(Gate::permanent()),
    ] {
        site.add_version(version);
    }
    site
}

#[track_caller]
fn expect(site: &Site, user: Option<i64>, verdicts: &[(i64, bool)]) {
    let ids: Vec<i64> = verdicts.iter().map(|&(id, _)| id).collect();
    assert_eq!(site.has_entity_access(user, &ids, NOW), verdicts);
}

#[test]
fn anyone_passes_what_is_not_gated() {
    let site = site();
    expect(&site, None, &[(OPEN, true), (EXPIRED, true), (UNSEARCHABLE, true)]);
    // Neither status nor coverage counts (§0 row 6).
    expect(&site, None, &[(DRAFT, true), (UNCOVERED, true), (TIMED, false)]);
}

#[test]
fn anyone_is_stopped_by_every_gate() {
    let gated = [TIMED, FOR_EVER, PENDING, PRIVATE, IN_PRIVATE_MODEL, FORMER, FREE, UNKNOWN, 0, -1];
    expect(&site(), None, &gated.map(|id| (id, false)));
    expect(&site(), Some(0), &gated.map(|id| (id, false)));
    expect(&site(), None, &[(OPEN, true), (TIMED, false)]);
}

#[test]
fn a_gate_ends_when_its_time_has_come() {
    let site = site();
    assert_eq!(site.has_entity_access(None, &[TIMED], NOW), [(TIMED, false)]);
    assert_eq!(site.has_entity_access(None, &[TIMED], NOW + 1), [(TIMED, true)]);
}

#[test]
fn an_owner_passes_a_batch_of_own_versions_only() {
    let site = site();
    let own = [OPEN, TIMED, FOR_EVER, PRIVATE, IN_PRIVATE_MODEL, FREE];
    expect(&site, Some(OWNER), &own.map(|id| (id, true)));
    expect(&site, Some(OTHER), &[(OPEN, true), (TIMED, false)]);
}

#[test]
fn an_owner_is_stopped_beside_anything_that_is_not_own() {
    let site = site();
    expect(&site, Some(OWNER), &[(TIMED, false), (OTHERS_OPEN, true)]);
    expect(&site, Some(OWNER), &[(TIMED, false), (OPEN, true), (OTHERS_GATED, false)]);
    expect(&site, Some(OWNER), &[(TIMED, false), (0, false)]);
    expect(&site, Some(OWNER), &[(TIMED, false), (UNKNOWN, false)]);
}

#[test]
fn a_buyer_passes_by_the_generation_bit() {
    let mut site = site();
    expect(&site, Some(BUYER), &[(TIMED, false), (OPEN, true)]);
    site.grant(BUYER as u32, TIMED as u32, Site::GENERATION);
    site.buy(BUYER as u32, FOR_EVER as u32);
    site.grant(BUYER as u32, FREE as u32, Site::DOWNLOAD);
    expect(&site, Some(BUYER), &[(TIMED, true), (FOR_EVER, true), (FREE, false), (OTHERS_GATED, false)]);
    expect(&site, Some(OTHER), &[(TIMED, false), (FOR_EVER, false)]);
    expect(&site, None, &[(TIMED, false), (FOR_EVER, false)]);
}

#[test]
fn a_moderator_passes_everything() {
    let all = [OPEN, TIMED, PRIVATE, FORMER, OTHERS_GATED, UNKNOWN, 0, -1];
    expect(&site(), Some(MODERATOR), &all.map(|id| (id, true)));
}

#[test]
fn an_unknown_user_is_a_stranger() {
    expect(&site(), Some(12), &[(OPEN, true), (TIMED, false)]);
    expect(&site(), Some(-5), &[(OPEN, true), (TIMED, false)]);
}
