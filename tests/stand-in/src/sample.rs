//! A small readable data set with every kind of version, and a crowd to count.
//!
//! All names are made up. The ids 2514310, 2402203 and 827184 and the user 12345
//! are those of Civitai's documentation pages.

use std::cmp::Reverse;

use serde::Serialize;

use crate::gate::{Gate, Generation, Lasts, Terms};
use crate::site::{Availability, Model, Site, Standing, Status, UsageControl, User, Version};
use crate::time::iso;

/// The user who bought and owns things.
pub const BUYER: u32 = 12_345;
/// The model of the docs' version ids.
pub const DOCS_MODEL: u32 = 827_184;
/// Its creator.
pub const CREATOR: u32 = 20_001;
/// A creator with many gated versions.
pub const SELLER: u32 = 20_002;
/// Passes every gate.
pub const MODERATOR: u32 = 30_001;
/// Has a token that gives no session.
pub const BANNED: u32 = 40_001;
/// No version has this id.
pub const UNKNOWN_ID: u32 = 999_999_999;
/// Versions that exist only to be many; every fifth is gated.
pub const CROWD: std::ops::RangeInclusive<u32> = 3_000_001..=3_010_000;
/// A screenful of models with one version each; every fifth is gated, on terms of each kind in turn.
pub const SCREENFUL: std::ops::RangeInclusive<u32> = 3_100_001..=3_100_060;

const DAY: u64 = 86_400_000;

/// The site of the sample; timed gates end some days after `now_ms`.
pub fn site(now_ms: u64) -> Site {
    let mut site = Site::empty();
    add_users(&mut site);
    // Gates end at midnight, so that the dates read well.
    let today = now_ms - now_ms % DAY;
    let in_days = |days: u64| Gate::until(today + days * DAY);
    let ended = Gate::until(today.saturating_sub(30 * DAY));

    let mut add = Adder { site: &mut site, model_id: 0 };
    add.model(DOCS_MODEL, CREATOR, "WAI-illustrious-SDXL").kind = "Checkpoint".into();
    add.version(2_514_310, "v16.0", "open");
    add.version(2_402_203, "v15.0", "early access").gate = Some(in_days(6));
    add.version(2_167_369, "v14.0", "expired gate").gate = Some(ended.clone());

    add.model(900_100, SELLER, "Kestrel Watercolours");
    add.version(900_101, "Brush", "early access, default tries").gate = Some(in_days(13));
    add.version(900_102, "Chalk", "early access, 10 tries").gate = Some(in_days(3).with_terms(tries(10)));
    add.version(900_103, "Wash", "paid for ever").gate = Some(Gate::permanent());
    add.version(900_104, "Ink", "paid, generation free").gate = Some(free());
    add.version(900_105, "Gilt", "paid, no tries").gate = Some(Gate::permanent().with_terms(tries(0)));
    add.version(900_106, "Pencil", "paid download only").gate = Some(download_only());
    add.version(900_107, "Charcoal", "gate before publication").gate = Some(pending());
    add.version(900_108, "Sketchbook", "open");

    add.model(900_200, SELLER, "Kestrel Portraits");
    add.version(900_201, "Morning", "bought by 12345").gate = Some(in_days(9));
    add.version(900_202, "Noon", "generation bought by 12345").gate = Some(Gate::permanent());
    add.version(900_203, "Night", "download bought by 12345").gate = Some(Gate::permanent());

    add.model(900_300, BUYER, "Buyer's First Style");
    add.version(900_301, "Trial run", "early access, owned by 12345").gate = Some(in_days(20));
    add.version(900_302, "Second try", "paid, owned by 12345").gate = Some(Gate::permanent());
    add.version(900_303, "For everyone", "open, owned by 12345");
    add.model(900_400, BUYER, "Buyer's Secret Style").availability = Availability::Private;
    add.version(900_401, "Hidden", "private, owned by 12345");

    add.model(900_500, SELLER, "Kestrel Unfinished").availability = Availability::Private;
    add.version(900_501, "Draught", "private");
    add.model(900_600, SELLER, "Kestrel By Link").availability = Availability::Unsearchable;
    add.version(900_601, "By link", "unsearchable").availability = Availability::Unsearchable;
    add.model(900_700, SELLER, "Kestrel Elsewhere").kind = "Checkpoint".into();
    add.version(900_701, "Base", "open, not covered").covered = false;
    let plus = add.version(900_702, "Plus", "early access, not covered");
    plus.covered = false;
    plus.gate = Some(in_days(5));
    let inside = add.version(900_703, "Inside", "open, internal generation only");
    inside.usage_control = UsageControl::InternalGeneration;

    add.model(900_800, SELLER, "A Real Person").poi = true;
    add.version(900_801, "v1.0", "open, of a real person");
    add.model(900_900, SELLER, "School Days").minor = true;
    add.version(900_901, "v1.0", "early access, minor").gate = Some(in_days(4));
    add.model(901_000, SELLER, "Kestrel Put Away").archived = true;
    // The generator has nothing that is archived.
    add.version(901_001, "v1.0", "open, archived").covered = false;
    add.model(901_100, SELLER, "Kestrel After Dark").nsfw_level = 16;
    add.version(901_101, "v1.0", "open, mature").nsfw_level = 16;
    add.model(901_200, SELLER, "Kestrel Tomorrow");
    add.version(901_201, "v0.1", "open, draft").status = Status::Draft;
    add.version(901_202, "v0.2", "open, unrated").nsfw_level = 0;
    let former = add.version(901_203, "v0.3", "old availability EarlyAccess");
    former.availability = Availability::EarlyAccess;

    add.model(
        902_000,
        CREATOR,
        "Longer Than Its List, with a Name Long Enough to Take All Three Lines of a Card",
    );
    add.version(902_001, "v1.0", "open");
    // In no list, but the check says true (contract §0 row 6).
    add.version(902_002, "Cloud", "open, without a file").status = Status::Draft;
    add.version(902_003, "v2.0", "early access").gate = Some(in_days(2));
    add.model(902_100, CREATOR, "Two of a Name");
    add.version(902_101, "v1.0", "open, double name");
    add.version(902_102, "v1.0", "paid, double name").gate = Some(Gate::permanent());

    add_terms(&mut add, &in_days, &ended);
    add_crowd(&mut site, &in_days(30));
    add_screenful(&mut site, &in_days);
    site.buy(BUYER, 900_201);
    // A gift code gives what a purchase gives.
    site.buy(BUYER, 902_204);
    site.grant(BUYER, 900_202, Site::GENERATION);
    site.grant(BUYER, 900_203, Site::DOWNLOAD);
    site
}

/// The terms that the models before these lack.
fn add_terms(add: &mut Adder<'_>, in_days: &dyn Fn(u64) -> Gate, ended: &Gate) {
    add.model(902_200, SELLER, "Kestrel Terms");
    add.version(902_201, "Dawn", "early access, generation free").gate =
        Some(in_days(5).with_terms(free().terms));
    add.version(902_202, "Dusk", "early access, no tries").gate = Some(in_days(5).with_terms(tries(0)));
    add.version(902_203, "Hail", "early access, download only").gate =
        Some(in_days(2).with_terms(download_only().terms));
    add.version(902_204, "Thaw", "paid, given to 12345").gate = Some(Gate::permanent());
    add.version(902_205, "Mist", "open");

    // `mini` says of every one of these that it cannot be generated with.
    add.model(902_300, SELLER, "Kestrel Wildcards").kind = "Wildcards".into();
    for (id, name, example, gate) in [
        (902_301, "Weather", "open, wildcards", None),
        (902_302, "Places", "paid, wildcards", Some(Gate::permanent())),
        (902_303, "People", "paid, no tries, wildcards", Some(Gate::permanent().with_terms(tries(0)))),
    ] {
        let version = add.version(id, name, example);
        version.covered = false;
        version.gate = gate;
    }

    add.model(902_400, SELLER, "Kestrel at Night").nsfw_level = 16;
    add.version(902_401, "v1.0", "open, mature").nsfw_level = 16;
    let gated = add.version(902_402, "v2.0", "early access, no tries, mature");
    gated.nsfw_level = 16;
    gated.gate = Some(in_days(8).with_terms(tries(0)));
    add.model(902_500, SELLER, "Kestrel Without a Picture");
    add.version(902_501, "v1.0", "paid, no tries").gate = Some(Gate::permanent().with_terms(tries(0)));
    // A blurred picture that never arrives: the card's link holds nothing.
    add.model(902_700, SELLER, "Kestrel Unseen").nsfw_level = 16;
    let unseen = add.version(902_701, "v1.0", "early access, mature");
    unseen.nsfw_level = 16;
    unseen.gate = Some(in_days(4));

    // Private ones keep their gates' tries and ends, which mean nothing then.
    add.model(902_600, BUYER, "Buyer's Sealed Style").availability = Availability::Private;
    add.version(902_601, "Sealed", "private, with tries, owned by 12345").gate = Some(in_days(7));
    add.version(902_602, "Former", "private, expired gate, owned by 12345").gate = Some(ended.clone());
}

fn add_users(site: &mut Site) {
    for (id, username) in [
        (BUYER, "first_buyer"),
        (CREATOR, "harbour_lights"),
        (SELLER, "kestrel_studio"),
        (MODERATOR, "night_moderator"),
        (BANNED, "sent_away"),
    ] {
        let mut user = User::new(id, username);
        user.token = Some(format!("token-of-{id}"));
        user.moderator = id == MODERATOR;
        if id == BANNED {
            user.standing = Standing::Banned;
        }
        site.add_user(user);
    }
}

/// Models of ten versions each, with the lowest model ids: they come last in lists.
fn add_crowd(site: &mut Site, gate: &Gate) {
    for (nth, id) in (0..).zip(CROWD) {
        let model_id = 300_000 + nth / 10;
        if nth % 10 == 0 {
            site.add_model(Model { name: format!("Crowd {model_id}"), ..Model::new(model_id, CREATOR) });
        }
        let version =
            Version { example: "crowd", name: format!("v{}", nth % 10 + 1), ..Version::new(id, model_id) };
        site.add_version(if id % 5 == 0 { version.gated(gate.clone()) } else { version });
    }
}

/// The models come last in lists, but for the crowd's.
fn add_screenful(site: &mut Site, in_days: &dyn Fn(u64) -> Gate) {
    let gates =
        [in_days(12), free(), Gate::permanent().with_terms(tries(0)), in_days(6).with_terms(tries(0))];
    let mut gates = gates.iter().cycle();
    for (nth, id) in (0..).zip(SCREENFUL) {
        let model_id = 310_000 + nth;
        site.add_model(Model { name: format!("Screenful {model_id}"), ..Model::new(model_id, CREATOR) });
        let version = Version { example: "screenful", ..Version::new(id, model_id) };
        let gate = (id % 5 == 0).then(|| gates.next()).flatten();
        site.add_version(Version { gate: gate.cloned(), ..version });
    }
}

fn free() -> Gate {
    Gate::permanent().with_terms(Terms { download: true, generation: Some(Generation::Free) })
}

fn tries(limit: u32) -> Terms {
    Terms { download: true, generation: Some(Generation::Paid { trial_limit: Some(limit) }) }
}

fn download_only() -> Gate {
    Gate::permanent().with_terms(Terms { download: true, generation: None })
}

fn pending() -> Gate {
    Gate { lasts: Lasts::Pending, terms: Terms::default() }
}

/// Puts versions under the model named last, to be changed in place.
struct Adder<'a> {
    site: &'a mut Site,
    model_id: u32,
}

impl Adder<'_> {
    fn model(&mut self, id: u32, owner: u32, name: &str) -> &mut Model {
        self.model_id = id;
        let model = Model { name: name.into(), ..Model::new(id, owner) };
        self.site.models.entry(id).or_insert(model)
    }

    fn version(&mut self, id: u32, name: &str, example: &'static str) -> &mut Version {
        self.site.of_model.insert((self.model_id, id));
        let version = Version { name: name.into(), example, ..Version::new(id, self.model_id) };
        self.site.versions.entry(id).or_insert(version)
    }
}

/// A line of `stand-in --list`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The version's id.
    pub version: u32,
    /// Its model; none for an unknown id.
    pub model: Option<u32>,
    /// What it is an example of.
    pub kind: &'static str,
    /// The names of model and version.
    pub name: String,
    /// The owner's id.
    pub owner: Option<u32>,
    /// When a timed gate ends.
    pub ends_at: Option<String>,
    /// What a check answers to nobody in particular.
    pub anyone: bool,
    /// What a check of this id alone answers to [`BUYER`].
    pub buyer: bool,
}

/// The sample as a table, without those that are only many.
pub fn rows(site: &Site, now_ms: u64) -> Vec<Row> {
    let alone =
        |user, id| site.has_entity_access(user, &[i64::from(id)], now_ms).iter().all(|&(_, granted)| granted);
    let row = |id| Row {
        version: id,
        model: None,
        kind: "unknown id",
        name: String::new(),
        owner: None,
        ends_at: None,
        anyone: alone(None, id),
        buyer: alone(Some(i64::from(BUYER)), id),
    };
    let is_many = |id| CROWD.contains(&id) || SCREENFUL.contains(&id);
    let known = site.versions().filter(|(version, _)| !is_many(version.id));
    let known = known.map(|(version, model)| Row {
        model: Some(model.id),
        kind: version.example,
        name: format!("{} {}", model.name, version.name),
        owner: Some(model.owner),
        ends_at: version.gate.as_ref().and_then(Gate::ends_at).map(iso),
        ..row(version.id)
    });
    let mut rows: Vec<Row> = known.collect();
    // The docs' ids first, and each model's newest version.
    rows.sort_by_key(|row| (row.model != Some(DOCS_MODEL), row.model, Reverse(row.version)));
    rows.push(row(UNKNOWN_ID));
    rows
}
