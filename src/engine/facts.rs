//! What is known of models and versions: owner, gate, coverage. Every field of a reply is optional,
//! the documented names are read as well as the present ones (contract §0, §2, §4).

use super::decision::{Known, generation};
use crate::api::models::{self, ModelFacts, Terms, VersionFacts};
use crate::api::query::Topic;
use crate::failure::Failure;
use crate::id::{ModelId, UserId, VersionId};
use crate::time::Millis;
use crate::verdict::{Explanation, GateKind, ModelVersions, State, Trials, VersionSummary};
use alloc::vec;
use alloc::vec::Vec;

mod shelf;

use shelf::{Record, Shelf};

/// Which look-ups are recent enough to speak from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sight {
    pub(crate) complete: bool,
    pub(crate) failure: Option<Failure>,
    pub(crate) exists: Option<bool>,
    pub(crate) as_of: Option<Millis>,
    /// One that tells the gate.
    pub(crate) gate: bool,
    /// The list holds it, so it is not private (contract §2.5).
    pub(crate) listed: bool,
    /// The one that tells what is free (contract §4.1).
    pub(crate) mini: bool,
}

/// What is known of versions and models.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalog {
    versions: Shelf<VersionFacts>,
    models: Shelf<ModelFacts>,
}

const MINE: State = State::Granted { personal: true };

impl Record for VersionFacts {
    fn new(id: u32) -> Self {
        Self { id, ..Self::default() }
    }

    fn id(&self) -> u32 {
        self.id
    }
}

impl Record for ModelFacts {
    fn new(id: u32) -> Self {
        Self { id, ..Self::default() }
    }

    fn id(&self) -> u32 {
        self.id
    }
}

impl Catalog {
    /// Takes in a reply about the asked ids; tells which of them it holds. `None`: not what the
    /// contract says.
    pub(crate) fn learn(&mut self, topic: Topic, asked: &[u32], body: &[u8]) -> Option<Vec<bool>> {
        let models = models::read(topic, asked.first().copied().unwrap_or(0), body).ok()?;
        let mut present = vec![false; asked.len()];
        let mut mark = |id: u32| {
            let place = asked.binary_search(&id).ok();
            place.and_then(|at| present.get_mut(at)).map(|seen| *seen = true).is_some()
        };
        for model in models {
            let by_version = !matches!(topic, Topic::ModelList | Topic::Model);
            // A reply about something else teaches nothing.
            if !by_version && !mark(model.facts.id) {
                continue;
            }
            for version in &model.versions {
                if !by_version || mark(version.id) {
                    self.merge_version(version, &model.facts, topic != Topic::Mini);
                }
            }
            let listed: Vec<u32> = model.versions.iter().map(|version| version.id).collect();
            self.merge_model(&model.facts, (!by_version).then_some(&listed));
        }
        for (id, present) in asked.iter().zip(&present) {
            // What a list no longer holds may be private now.
            if topic == Topic::VersionList && !present && self.versions.get(*id).is_some() {
                self.versions.update(*id, &mut |version| version.terms = Terms::Unknown);
            }
        }
        Some(present)
    }

    /// Forgets a version, and its model: a name would tell what was looked at.
    pub(crate) fn forget(&mut self, id: u32) {
        let model = self.versions.get(id).map_or(0, |version| version.model);
        self.models.remove(model);
        self.versions.remove(id);
    }

    /// Forgets what a reply about this id told, too late for the memory.
    pub(crate) fn forget_told(&mut self, topic: Topic, id: u32) {
        match topic {
            Topic::Check { .. } => {}
            Topic::VersionList | Topic::Version | Topic::Mini => self.forget(id),
            Topic::ModelList | Topic::Model => {
                for version in self.versions_of(id) {
                    self.versions.remove(version);
                }
                self.models.remove(id);
            }
        }
    }

    /// Whether the records that a remembered look-up speaks of are still there.
    pub(crate) fn holds(&self, topic: Topic, id: u32) -> bool {
        match topic {
            Topic::Check { .. } => true,
            Topic::VersionList | Topic::Version | Topic::Mini => self
                .versions
                .get(id)
                .is_some_and(|version| version.model == 0 || self.models.get(version.model).is_some()),
            Topic::ModelList | Topic::Model => self.models.get(id).is_some_and(|model| {
                !model.versions.is_empty() && model.versions.iter().all(|id| self.versions.get(*id).is_some())
            }),
        }
    }

    /// Whether a list or another reply has told anything of this version.
    pub(crate) fn knows(&self, id: u32) -> bool {
        self.versions.get(id).is_some_and(|version| version.terms != Terms::Unknown || version.name.is_some())
    }

    pub(crate) fn owner_of(&self, id: u32) -> Option<u32> {
        let version = self.versions.get(id)?;
        let owner = match version.owner {
            0 => self.models.get(version.model)?.owner,
            owner => owner,
        };
        (owner != 0).then_some(owner)
    }

    /// When the gate of this version opens, where that is known.
    pub(crate) fn ends(&self, id: u32) -> Option<Millis> {
        self.versions.get(id)?.terms.ends()
    }

    /// Whether the kind of a version's gate is known.
    pub(crate) fn knows_gate(&self, id: u32, now: Millis) -> bool {
        self.versions
            .get(id)
            .is_some_and(|version| !matches!(version.gate(now).0, GateKind::Unknown | GateKind::None))
    }

    /// All that is known of a version beside its verdict (contract §4.1).
    pub(crate) fn explain(&self, id: VersionId, state: State, sight: Sight, now: Millis) -> Explanation {
        let unknown = VersionFacts::new(id.get());
        let version = self.versions.get(id.get()).unwrap_or(&unknown);
        let model = self.models.get(version.model);
        let (told, ends_at) = match sight {
            Sight { mini: true, .. } if version.private => (GateKind::Private, None),
            Sight { gate: true, .. } => version.gate(now),
            _ => (GateKind::Unknown, None),
        };
        let gate = match (state, told) {
            (State::Granted { personal: false }, _) => GateKind::None,
            // The list says "no gate", the check another thing: one of them is out of date.
            (State::Denied | State::Granted { .. }, GateKind::None) => GateKind::Unknown,
            (_, told) => told,
        };
        // What was said of a gate that is over is not known of the next one.
        let ended = version.terms.ends().is_some_and(|ends| ends <= now);
        let mini = if sight.mini && !ended { version } else { &unknown };
        let covers_generation = if sight.mini { version.check_permission } else { None };
        let covers_generation = covers_generation.filter(|covers| !covers || !ended);
        let none_sold = mini.no_tier && sight.listed && covers_generation == Some(true);
        let free_trials = match (gate, state) {
            // Privacy leaves nothing free, and says nothing of a price.
            (GateKind::None | GateKind::Private, _) => None,
            (_, State::Denied) if covers_generation == Some(false) => Some(Trials::Unlimited),
            _ => mini.trials.or(none_sold.then_some(Trials::Count(0))),
        };
        let can_generate = self.can_generate(version, state, gate, sight);
        let known = Known { gate, can_generate, covers_generation, free_trials, no_tier: mini.no_tier };
        let generation = generation(state, known);
        Explanation {
            id,
            state,
            generation,
            usable: generation.usable(),
            complete: sight.complete,
            incomplete: sight.failure,
            exists: sight.exists,
            as_of: sight.as_of,
            gate,
            ends_at: if gate == GateKind::EarlyAccess { ends_at } else { None },
            can_generate,
            free_trials,
            model_id: ModelId::new(version.model),
            model_name: model.and_then(|model| model.name.clone()),
            version_name: version.name.clone(),
            owner_id: self.owner_of(id.get()).and_then(UserId::new),
            air: version.air.clone(),
        }
    }

    /// `mini` says "no" of every model of wildcards, and to strangers of every private version.
    fn can_generate(
        &self,
        version: &VersionFacts,
        state: State,
        gate: GateKind,
        sight: Sight,
    ) -> Option<bool> {
        let wildcards = self.models.get(version.model).and_then(|model| model.wildcards);
        let uncovered = version.covered.filter(|covered| !covered && sight.gate);
        let mini = version.can_generate.filter(|_| sight.mini);
        let private = gate == GateKind::Private || (state == MINE && !sight.listed);
        match mini {
            Some(true) => Some(true),
            _ if wildcards.unwrap_or_else(|| version.may_be_wildcards()) => None,
            Some(false) if !private => Some(false),
            _ => uncovered,
        }
    }

    /// What is known of a model.
    pub(crate) fn summary(&self, model_id: ModelId, failure: Option<Failure>, now: Millis) -> ModelVersions {
        let model = self.models.get(model_id.get()).filter(|_| failure.is_none());
        let wildcards = model.is_some_and(|model| model.wildcards == Some(true));
        let versions = model.into_iter().flat_map(|model| &model.versions).filter_map(|id| {
            let version = self.versions.get(*id)?;
            let (gate, ends_at) = version.gate(now);
            Some(VersionSummary {
                version_id: VersionId::new(*id)?,
                version_name: version.name.clone().unwrap_or_default(),
                gate,
                ends_at,
                can_generate: version.covered.filter(|covered| !covered && !wildcards),
            })
        });
        ModelVersions {
            model_id,
            model_name: model.and_then(|model| model.name.clone()),
            owner_id: model.and_then(|model| UserId::new(model.owner)),
            failure,
            versions: versions.collect(),
        }
    }

    pub(crate) fn versions_of(&self, model: u32) -> Vec<u32> {
        self.models.get(model).map_or_else(Vec::new, |model| model.versions.clone())
    }

    /// All records of versions, for a snapshot.
    pub(crate) fn versions(&self) -> &[VersionFacts] {
        self.versions.all()
    }

    /// All records of models, for a snapshot.
    pub(crate) fn models(&self) -> &[ModelFacts] {
        self.models.all()
    }

    /// Takes a version's record back from a snapshot.
    pub(crate) fn put_version(&mut self, facts: &VersionFacts) {
        if self.versions.get(facts.id).is_some() {
            return;
        }
        let model = ModelFacts { owner: facts.owner, ..ModelFacts::new(facts.model) };
        self.merge_version(facts, &model, true);
    }

    /// Takes a model's record back from a snapshot.
    pub(crate) fn put_model(&mut self, facts: &ModelFacts) {
        if self.models.get(facts.id).is_some() {
            return;
        }
        self.merge_model(facts, Some(&facts.versions));
    }

    /// `decides`: what the reply leaves out of the gate is not known any more.
    fn merge_version(&mut self, new: &VersionFacts, model: &ModelFacts, decides: bool) {
        self.versions.update(new.id, &mut |known| {
            if model.id != 0 {
                known.model = model.id;
            }
            if model.owner != 0 {
                known.owner = model.owner;
            }
            if new.name.is_some() {
                known.name.clone_from(&new.name);
            }
            if decides || new.terms != Terms::Unknown {
                known.terms.clone_from(&new.terms);
            }
            if !decides {
                known.private = new.terms == Terms::Private;
            }
            if new.air.is_some() {
                known.air.clone_from(&new.air);
            }
            known.covered = new.covered.or(known.covered);
            known.check_permission = new.check_permission.or(known.check_permission);
            known.can_generate = new.can_generate.or(known.can_generate);
            if new.trials.is_some() || new.check_permission.is_some() {
                known.trials = new.trials;
                known.no_tier = new.no_tier;
                known.unexplained = new.unexplained;
            }
        });
    }

    fn merge_model(&mut self, new: &ModelFacts, versions: Option<&[u32]>) {
        if new.id == 0 {
            return;
        }
        self.models.update(new.id, &mut |known| {
            if new.owner != 0 {
                known.owner = new.owner;
            }
            if new.name.is_some() {
                known.name.clone_from(&new.name);
            }
            known.wildcards = new.wildcards.or(known.wildcards);
            if let Some(versions) = versions {
                known.versions = versions.to_vec();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &[u8] =
        br#"{"items":[{"id":9,"userId":5,"availability":"Public","modelVersions":[{"id":1,"paidAccess":null,"availability":"Public"},{"id":2}]}]}"#;

    #[test]
    fn a_look_up_is_worth_its_memory_while_all_its_records_are_there() {
        let mut catalog = Catalog::default();
        assert!(!catalog.holds(Topic::VersionList, 1) && !catalog.holds(Topic::ModelList, 9));
        // By versions: what else the model has is not known.
        catalog.learn(Topic::VersionList, &[1, 2], LIST).unwrap();
        assert!(catalog.holds(Topic::VersionList, 1) && !catalog.holds(Topic::ModelList, 9));
        catalog.learn(Topic::ModelList, &[9], LIST).unwrap();
        assert!(catalog.holds(Topic::ModelList, 9));
        catalog.versions.remove(2);
        assert!(catalog.holds(Topic::VersionList, 1) && !catalog.holds(Topic::ModelList, 9));
        catalog.models.remove(9);
        assert!(!catalog.holds(Topic::VersionList, 1), "its model's name was told with it");
        assert!(catalog.holds(Topic::Check { user: None }, 1));
    }

    fn id(number: u32) -> VersionId {
        VersionId::new(number).unwrap()
    }

    #[test]
    fn an_owner_alone_is_no_knowledge_of_a_version() {
        let mut catalog = Catalog::default();
        catalog.learn(Topic::VersionList, &[2], LIST).unwrap();
        assert!(!catalog.knows(2));
        catalog.learn(Topic::VersionList, &[1], LIST).unwrap();
        assert!(catalog.knows(1), "a gate without a name");
        catalog.learn(Topic::Version, &[3], br#"{"id":3,"name":"x"}"#).unwrap();
        assert!(catalog.knows(3), "a name without a gate");
    }

    #[test]
    fn a_single_version_names_its_model() {
        let mut catalog = Catalog::default();
        catalog.learn(Topic::Version, &[3], br#"{"id":3,"modelId":9,"model":{"name":"x"}}"#).unwrap();
        let told = catalog.explain(id(3), State::Denied, Sight::default(), 0);
        assert_eq!((told.model_id.map(ModelId::get), told.model_name.as_deref()), (Some(9), Some("x")));
        // `mini` has the ids in its AIR only, and other replies where they say nothing else.
        for (model, body) in
            [(9, r#"{"air":"urn:air:sdxl:lora:civitai:9@4"}"#), (8, r#"{"air":"civitai:9@4","modelId":8}"#)]
        {
            let mut catalog = Catalog::default();
            catalog.learn(Topic::Mini, &[4], body.as_bytes()).unwrap();
            assert_eq!(
                catalog.explain(id(4), State::Denied, Sight::default(), 0).model_id.map(ModelId::get),
                Some(model),
                "{body}"
            );
        }
    }

    #[test]
    fn mini_adds_the_gate_that_it_tells_and_takes_none_away() {
        let mut catalog = Catalog::default();
        catalog.learn(Topic::VersionList, &[1], LIST).unwrap();
        catalog.learn(Topic::Mini, &[1], br#"{"canGenerate":true}"#).unwrap();
        assert_eq!(catalog.versions.get(1).unwrap().terms, Terms::Open);
        let ends = br#"{"checkPermission":true,"earlyAccessEndsAt":"1970-01-01T00:00:05.000Z"}"#;
        catalog.learn(Topic::Mini, &[1], ends).unwrap();
        assert_eq!(catalog.ends(1), Some(5000));
    }

    #[test]
    fn a_list_says_no_gate_only_where_both_availabilities_are_known() {
        for (model, version, gate) in [
            (r#""availability":"Public","#, r#""availability":"Public","paidAccess":null"#, GateKind::None),
            (
                r#""availability":"Unsearchable","#,
                r#""availability":"Public","paidAccess":null"#,
                GateKind::None,
            ),
            ("", r#""availability":"Public","paidAccess":null"#, GateKind::Unknown),
            (r#""availability":null,"#, r#""availability":"Public","paidAccess":null"#, GateKind::Unknown),
            (
                r#""availability":"MembersOnly","#,
                r#""availability":"Public","paidAccess":null"#,
                GateKind::Unknown,
            ),
            (r#""availability":7,"#, r#""availability":"Public","paidAccess":null"#, GateKind::Unknown),
            (
                r#""availability":"Private","#,
                r#""availability":"Public","paidAccess":null"#,
                GateKind::Private,
            ),
            (r#""availability":"Public","#, r#""paidAccess":null"#, GateKind::Unknown),
            (r#""availability":"Public","#, r#""availability":"New","paidAccess":null"#, GateKind::Unknown),
            (r#""availability":"Public","#, r#""availability":"Public""#, GateKind::Unknown),
        ] {
            let body = format!(r#"{{"items":[{{"id":9,{model}"modelVersions":[{{"id":1,{version}}}]}}]}}"#);
            let mut catalog = Catalog::default();
            catalog.learn(Topic::ModelList, &[9], body.as_bytes()).unwrap();
            let nine = ModelId::new(9).unwrap();
            assert_eq!(catalog.summary(nine, None, 0).versions[0].gate, gate, "{body}");
        }
    }

    #[test]
    fn a_reply_about_another_version_is_none() {
        let mut catalog = Catalog::default();
        let other = br#"{"air":"urn:air:sdxl:lora:civitai:9@2","canGenerate":true}"#;
        assert_eq!(catalog.learn(Topic::Mini, &[1], other), None);
        assert_eq!(catalog.learn(Topic::Version, &[1], br#"{"id":2}"#), None);
        assert_eq!(catalog.learn(Topic::Version, &[1], br#"{"name":"x"}"#), None);
        assert_eq!(catalog.learn(Topic::Mini, &[2], other), Some(vec![true]));
    }

    #[test]
    fn a_sold_tier_leaves_ten_free_tries_unless_it_says_another_number() {
        let mut catalog = Catalog::default();
        for (config, trials) in [
            (r#"{"chargeForGeneration":true}"#, Some(Trials::Count(10))),
            (r#"{"chargeForGeneration":true,"generationTrialLimit":5}"#, Some(Trials::Count(5))),
            (r#"{"freeGeneration":true,"chargeForGeneration":true}"#, Some(Trials::Unlimited)),
        ] {
            let body = format!(r#"{{"id":3,"earlyAccessConfig":{config}}}"#);
            catalog.learn(Topic::Version, &[3], body.as_bytes()).unwrap();
            assert_eq!(catalog.versions.get(3).unwrap().trials, trials, "{config}");
        }
    }
}
