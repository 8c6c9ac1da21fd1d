//! The site through time: what a single-id request would have answered at each moment.

use crate::random::Random;
use civitai_permissions::{GateKind, Trials};
use stand_in::{Availability, Gate, Generation, Lasts, Model, Session, Site, Terms, User, Version};

/// Real milliseconds, which do not jump.
pub type Moment = u64;

pub const START: Moment = 1_795_132_800_000;
/// How long the CDN caches a reply (contract §1.7).
pub const EDGE: Moment = 450_000;

pub struct History {
    pub session: Session,
    /// The site as it was from each moment on.
    states: Vec<(Moment, Site)>,
}

/// Users 1 to 3 own models 1 to 3, user 4 owns nothing, user 5 is a moderator.
pub const USERS: [u32; 5] = [1, 2, 3, 4, 5];
pub const MODELS: [u32; 5] = [1, 2, 3, 4, 77];

/// Versions 10 to 13 belong to model 1 and so on; 99 does not exist.
pub fn versions() -> Vec<u32> {
    MODELS[..4].iter().flat_map(|model| model * 10..model * 10 + 4).chain([99]).collect()
}

impl History {
    pub fn new(random: &mut Random) -> Self {
        let mut site = Site::empty();
        for id in USERS {
            site.add_user(User { moderator: id == 5, ..User::new(id, "somebody") });
        }
        for model in &MODELS[..4] {
            let availability = match random.below(8) {
                0 => Availability::Private,
                1 => Availability::Unsearchable,
                _ => Availability::Public,
            };
            let owner = random.below(3) as u32 + 1;
            let (poi, minor) = (random.once_in(10), random.once_in(10));
            site.add_model(Model { availability, poi, minor, ..Model::new(*model, owner) });
            for id in model * 10..model * 10 + 4 {
                let gate = if random.once_in(2) { None } else { Some(gate(random, START)) };
                let availability =
                    if random.once_in(8) { Availability::Private } else { Availability::Public };
                let covered = !random.once_in(6);
                site.add_version(Version { gate, availability, covered, ..Version::new(id, *model) });
            }
        }
        for _ in 0..random.below(6) {
            site.buy(*random.pick(&USERS), *random.pick(&versions()));
        }
        site.documented = random.once_in(10);
        let mut session = Session::new(site.clone());
        session.edge = random.once_in(2).then(stand_in::Edge::default);
        Self { session, states: vec![(START, site)] }
    }

    /// A purchase, a new gate, or the end of one.
    pub fn change(&mut self, random: &mut Random, now: Moment) {
        let version = *random.pick(&versions());
        let site = &mut self.session.site;
        match random.below(3) {
            0 => site.buy(*random.pick(&USERS), version),
            1 => drop(site.set_gate(version, None)),
            _ => drop(site.set_gate(version, Some(gate(random, now)))),
        }
        self.states.push((now, site.clone()));
    }

    /// Whether a single-id request would have had this answer at some moment of the span.
    pub fn was(&self, user: Option<u32>, id: u32, granted: bool, from: Moment, to: Moment) -> bool {
        self.ever(id, from, to, |site, now| {
            site.has_entity_access(user.map(i64::from), &[i64::from(id)], now) == [(i64::from(id), granted)]
        })
    }

    /// Whether the version stood behind such a gate at some moment of the span.
    pub fn was_gated(&self, id: u32, kind: GateKind, from: Moment, to: Moment) -> bool {
        self.ever(id, from, to, |site, now| {
            let Some((version, model)) = site.version(i64::from(id)) else {
                return kind == GateKind::Unknown;
            };
            let private = [version.availability, model.availability].contains(&Availability::Private);
            let active = version.gate.as_ref().filter(|gate| gate.is_active(now));
            match kind {
                GateKind::Unknown => true,
                // No reply says it of a private model: it follows from two, of which one may be from
                // before the end of a gate that sold the download only (contract §2.1, §4.1).
                GateKind::Private => {
                    private
                        || active
                            .is_some_and(|gate| gate.terms.generation.is_none() && gate.ends_at().is_none())
                }
                GateKind::None => !private && active.is_none(),
                GateKind::Paid => active.is_some_and(|gate| gate.lasts == Lasts::ForEver),
                GateKind::EarlyAccess => active.is_some_and(|gate| gate.lasts != Lasts::ForEver),
            }
        })
    }

    /// Whether its gate left so much free at some moment of the span.
    pub fn had_trials(&self, id: u32, trials: Trials, from: Moment, to: Moment) -> bool {
        self.ever(id, from, to, |site, now| {
            let Some((version, _)) = site.version(i64::from(id)) else { return false };
            let gate = version.gate.as_ref().filter(|gate| gate.is_active(now));
            let generation = gate.and_then(|gate| gate.terms.generation);
            match trials {
                // Without a gate nothing is counted either.
                Trials::Unlimited => gate.is_none() || matches!(generation, Some(Generation::Free)),
                Trials::Count(0) => !matches!(generation, Some(Generation::Free)),
                Trials::Count(count) => matches!(
                    generation,
                    Some(Generation::Paid { trial_limit }) if trial_limit.unwrap_or(10) == count
                ),
            }
        })
    }

    /// Whether nobody but its owner could generate with it at some moment of the span, from the first image on.
    pub fn had_nothing_free(&self, id: u32, from: Moment, to: Moment) -> bool {
        self.ever(id, from, to, |site, now| {
            let Some((version, model)) = site.version(i64::from(id)) else { return false };
            let private = [version.availability, model.availability].contains(&Availability::Private);
            let generation =
                version.gate.as_ref().filter(|gate| gate.is_active(now)).map(|gate| gate.terms.generation);
            private
                || match generation {
                    None | Some(Some(Generation::Free)) => false,
                    Some(Some(Generation::Paid { trial_limit })) => trial_limit == Some(0),
                    Some(None) => true,
                }
        })
    }

    /// Whether the site offers generation with it to those who hold it: coverage does not change here.
    pub fn can_generate(&self, id: u32) -> bool {
        self.session.site.version(i64::from(id)).is_some_and(|(version, model)| {
            let private = [version.availability, model.availability].contains(&Availability::Private);
            version.covered && !private
        })
    }

    /// Whether lists and look-ups hold it.
    pub fn is_listed(&self, id: u32) -> bool {
        self.session.site.version(i64::from(id)).is_some()
    }

    /// Truth changes when the site is changed and when a gate ends; in between it stays the same.
    fn ever(&self, id: u32, from: Moment, to: Moment, is: impl Fn(&Site, Moment) -> bool) -> bool {
        self.states.iter().enumerate().any(|(place, (since, site))| {
            let until = self.states.get(place + 1).map_or(to, |(next, _)| to.min(*next));
            let since = from.max(*since);
            let end = site.version(i64::from(id)).and_then(|(version, _)| version.gate.as_ref()?.ends_at());
            let end = end.filter(|end| (since..=until).contains(end));
            since <= until && [Some(since), end].into_iter().flatten().any(|moment| is(site, moment))
        })
    }
}

fn gate(random: &mut Random, now: Moment) -> Gate {
    let gate = match random.below(3) {
        0 => Gate::permanent(),
        1 => Gate::until(now + random.below(900_000)),
        _ => Gate::until(now + random.below(30_000)),
    };
    gate.with_terms(match random.below(4) {
        0 => Terms { download: true, generation: Some(Generation::Free) },
        1 => Terms { download: true, generation: None },
        2 => Terms {
            download: true,
            generation: Some(Generation::Paid { trial_limit: Some(random.below(3) as u32) }),
        },
        _ => Terms::default(),
    })
}
