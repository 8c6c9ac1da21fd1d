//! What is known of models and versions: names, owners, gates, terms. Each reply changes what it speaks of.

use super::decision::{Known, generation};
use super::shelf::{Record, Shelf};
use crate::api::models::{self, Mini, ModelReply, Row, Said, Terms, VersionReply, is_wildcards_by_air};
use crate::api::query::{Question, Topic};
use crate::failure::Failure;
use crate::id::{ModelId, UserId, VersionId};
use crate::time::Millis;
use crate::verdict::{Explanation, GateKind, ModelVersions, State, Trials, VersionSummary};

/// What is known of versions and models.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    versions: Shelf<VersionFacts>,
    models: Shelf<ModelFacts>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VersionFacts {
    pub(super) id: VersionId,
    pub(super) model: Option<ModelId>,
    pub(super) owner: Option<UserId>,
    pub(super) name: Option<String>,
    pub(super) air: Option<String>,
    pub(super) row: Row,
    /// Whether the last list that could hold it did.
    pub(super) listed: bool,
    /// Until a list says otherwise than the one before it.
    pub(super) mini: Option<Mini>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ModelFacts {
    pub(super) id: ModelId,
    pub(super) owner: Option<UserId>,
    pub(super) name: Option<String>,
    pub(super) wildcards: Option<bool>,
    /// In the API's order.
    pub(super) versions: Vec<VersionId>,
}

/// Which look-ups are recent enough to speak from, and what they found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sight {
    /// A list, or `model-versions/{id}`.
    pub(super) row: bool,
    /// A list holds it, so it is not private (contract §2.5).
    pub(super) listed: bool,
    /// `mini`, for what is free.
    pub(super) mini: bool,
    /// `mini`, for what lists say too: its terms are cached for longer than theirs.
    pub(super) mini_is_new: bool,
}

impl Record for VersionFacts {
    type Id = VersionId;

    fn new(id: VersionId) -> Self {
        let (row, listed, mini) = (Row::default(), false, None);
        Self { id, model: None, owner: None, name: None, air: None, row, listed, mini }
    }

    fn bytes(&self) -> usize {
        length(self.name.as_ref()) + length(self.air.as_ref())
    }
}

impl Record for ModelFacts {
    type Id = ModelId;

    fn new(id: ModelId) -> Self {
        Self { id, owner: None, name: None, wildcards: None, versions: Vec::new() }
    }

    fn bytes(&self) -> usize {
        length(self.name.as_ref()) + size_of_val(self.versions.as_slice())
    }
}

fn length(text: Option<&String>) -> usize {
    text.map_or(0, String::len)
}

impl Facts {
    /// What a page of Civitai holds, in the form of a list; empty if it is not one.
    pub(super) fn of_page(page: &[u8]) -> Self {
        let mut facts = Self::default();
        for model in models::read_page(page).unwrap_or_default() {
            facts.learn_model(&model, None);
            for version in model.versions {
                facts.learn_version(version, true, model.id, model.owner);
            }
        }
        facts
    }

    /// All that is known of a version beside its verdict.
    pub(super) fn explain(&self, id: VersionId, state: State, sight: Sight, now: Millis) -> Explanation {
        let unknown = VersionFacts::new(id);
        let version = self.versions.get(id).unwrap_or(&unknown);
        let model = version.model.and_then(|id| self.models.get(id));
        let (described, ends_at) = version.gate(sight, now);
        let gate = match (state, described) {
            (State::Granted { personal: false }, _) => GateKind::None,
            // The list says "no gate", the check another thing: one of them is out of date.
            (State::Denied | State::Granted { .. }, GateKind::None) => GateKind::Unknown,
            (_, described) => described,
        };
        let terms = version.terms(sight, now);
        let wildcards = self.is_wildcards(version);
        let can_generate = can_generate(version, wildcards, state, gate, sight);
        let known = Known {
            gate,
            can_generate,
            wildcards: wildcards == Some(true),
            covers_generation: terms.covers_generation,
            free_trials: match (gate, state) {
                // Privacy leaves nothing free, and says nothing of a price.
                (GateKind::None | GateKind::Private, _) => None,
                (_, State::Denied) if terms.covers_generation == Some(false) => Some(Trials::Unlimited),
                _ => terms.trials,
            },
            no_tier: terms.no_tier,
        };
        let generation = generation(state, known);
        Explanation {
            id,
            state,
            generation,
            usable: generation.usable(),
            complete: true,
            incomplete: None,
            exists: None,
            as_of: None,
            gate,
            ends_at: ends_at.filter(|_| gate == GateKind::EarlyAccess).map(str::to_owned),
            free_trials: known.free_trials,
            can_generate,
            model_id: version.model,
            model_name: model.and_then(|model| model.name.clone()),
            version_name: version.name.clone(),
            owner_id: self.owner_of(id),
            air: version.air.clone(),
        }
    }

    /// Whether it is of a model of wildcards, where its type is known.
    fn is_wildcards(&self, version: &VersionFacts) -> Option<bool> {
        let model = version.model.and_then(|id| self.models.get(id)?.wildcards);
        model.or_else(|| is_wildcards_by_air(version.air.as_deref()?))
    }

    /// What is known of a model.
    pub(super) fn summary(&self, id: ModelId, failure: Option<Failure>, now: Millis) -> ModelVersions {
        let model = self.models.get(id).filter(|_| failure.is_none());
        let typed = model.is_some_and(|model| model.wildcards == Some(false));
        let versions = model.into_iter().flat_map(|model| &model.versions).filter_map(|id| {
            let version = self.versions.get(*id)?;
            let (gate, ends_at) = version.row.terms.gate(now);
            Some(VersionSummary {
                version_id: *id,
                version_name: version.name.clone().unwrap_or_default(),
                gate,
                ends_at: ends_at.map(str::to_owned),
                can_generate: version.row.covered.filter(|covered| !covered && typed),
            })
        });
        ModelVersions {
            model_id: id,
            model_name: model.and_then(|model| model.name.clone()),
            owner_id: model.and_then(|model| model.owner),
            failure,
            versions: versions.collect(),
        }
    }

    /// Takes in a reply about the asked ids, which are in ascending order; returns which of them it holds. `None`: not
    /// what the contract says.
    pub(super) fn learn(&mut self, topic: Topic, asked: &[u32], body: &[u8]) -> Option<Vec<bool>> {
        let models = models::read(topic, asked.first().copied().unwrap_or(0), body).ok()?;
        let mut present = vec![false; asked.len()];
        let mut mark = |number: u32| {
            let place = asked.binary_search(&number).ok();
            place.and_then(|at| present.get_mut(at)).map(|seen| *seen = true).is_some()
        };
        for model in models {
            let by_version = !matches!(topic, Topic::ModelList | Topic::Model);
            // A reply about something else teaches nothing.
            if !by_version && !model.id.is_some_and(|id| mark(id.get())) {
                continue;
            }
            let listed: Vec<VersionId> = model.versions.iter().map(|version| version.id).collect();
            self.learn_model(&model, (!by_version).then_some(listed));
            for version in model.versions {
                if !by_version || mark(version.id.get()) {
                    let in_list = matches!(topic, Topic::VersionList | Topic::ModelList);
                    self.learn_version(version, in_list, model.id, model.owner);
                }
            }
        }
        Some(present)
    }

    /// What a list no longer holds may be private now.
    pub(super) fn left_the_list(&mut self, id: VersionId) {
        if self.versions.get(id).is_some_and(|version| version.listed) {
            self.versions.update(id, |version| {
                (version.listed, version.row.terms, version.mini) = (false, Terms::Unknown, None);
            });
        }
    }

    fn learn_version(
        &mut self,
        new: VersionReply,
        in_list: bool,
        model: Option<ModelId>,
        owner: Option<UserId>,
    ) {
        self.versions.update(new.id, |known| {
            known.model = model.or(known.model);
            known.owner = owner.or(known.owner);
            replace(&mut known.name, new.name);
            replace(&mut known.air, new.air);
            match new.said {
                // What the reply leaves out of the gate is not known any more.
                Said::Row(row) => {
                    let other = known.row.terms != Terms::Unknown && known.row.terms != row.terms;
                    if in_list && known.listed && other {
                        known.mini = None;
                    }
                    known.listed |= in_list;
                    known.row.terms = row.terms;
                    known.row.trials = row.trials;
                    known.row.covered = row.covered.or(known.row.covered);
                }
                Said::Mini(mini) => known.mini = Some(mini),
                Said::Both(row, mini) => {
                    (known.row, known.listed, known.mini) = (row, in_list, Some(mini));
                }
            }
        });
    }

    fn learn_model(&mut self, new: &ModelReply, versions: Option<Vec<VersionId>>) {
        let Some(id) = new.id else { return };
        self.models.update(id, |known| {
            known.owner = new.owner.or(known.owner);
            known.wildcards = new.wildcards.or(known.wildcards);
            replace(&mut known.name, new.name.clone());
            if let Some(versions) = versions {
                known.versions = versions;
            }
        });
    }

    /// Forgets a version, and its model: a name would say what was looked at.
    pub(super) fn forget(&mut self, id: VersionId) {
        let model = self.versions.get(id).and_then(|version| version.model);
        if let Some(model) = model {
            self.models.remove(model);
        }
        self.versions.remove(id);
    }

    /// Forgets what a reply about this question said, too late for the cache.
    pub(super) fn forget_late(&mut self, question: Question) {
        match question {
            Question::Check { .. } => {}
            Question::VersionList(id) | Question::Version(id) | Question::Mini(id) => self.forget(id),
            Question::ModelList(id) | Question::Model(id) => {
                for version in self.versions_of(id) {
                    self.versions.remove(version);
                }
                self.models.remove(id);
            }
        }
    }

    /// Whether the records that a cached look-up speaks of are still there.
    pub(super) fn hold(&self, question: Question) -> bool {
        match question {
            Question::Check { .. } => true,
            Question::VersionList(id) | Question::Version(id) | Question::Mini(id) => {
                let has_model =
                    |version: &VersionFacts| version.model.is_none_or(|id| self.models.get(id).is_some());
                let has_terms = |version: &VersionFacts| match question {
                    Question::Mini(_) => version.mini.is_some(),
                    _ => true,
                };
                self.versions.get(id).is_some_and(|version| has_model(version) && has_terms(version))
            }
            Question::ModelList(id) | Question::Model(id) => self.models.get(id).is_some_and(|model| {
                !model.versions.is_empty() && model.versions.iter().all(|id| self.versions.get(*id).is_some())
            }),
        }
    }

    /// Whether the answer to a question says what is free behind a gate.
    pub(super) fn has_terms(&self, question: Question) -> bool {
        let Question::Mini(id) = question else { return false };
        let mini = self.versions.get(id).and_then(|version| version.mini.as_ref());
        mini.is_some_and(|mini| mini.can_generate.is_some() || mini.covers_generation.is_some())
    }

    /// Whether a reply has described this version.
    pub(super) fn know(&self, id: VersionId) -> bool {
        self.versions.get(id).is_some_and(|version| {
            version.name.is_some() || version.row.terms != Terms::Unknown || version.mini.is_some()
        })
    }

    /// Whether the kind of a version's gate is known.
    pub(super) fn know_gate(&self, id: VersionId, sight: Sight, now: Millis) -> bool {
        let gate = self.versions.get(id).map(|version| version.gate(sight, now).0);
        gate.is_some_and(|gate| !matches!(gate, GateKind::Unknown | GateKind::None))
    }

    pub(super) fn owner_of(&self, id: VersionId) -> Option<UserId> {
        let version = self.versions.get(id)?;
        version.owner.or_else(|| self.models.get(version.model?)?.owner)
    }

    /// When the gate of the version that a question is about opens, where that is known.
    pub(super) fn gate_end(&self, question: Question) -> Option<Millis> {
        let version = self.versions.get(question.version()?)?;
        version.row.terms.ends().or_else(|| version.mini.as_ref()?.terms.ends())
    }

    pub(super) fn versions_of(&self, model: ModelId) -> Vec<VersionId> {
        self.models.get(model).map_or_else(Vec::new, |model| model.versions.clone())
    }

    /// All records of versions, for a snapshot.
    pub(super) fn versions(&self) -> impl Iterator<Item = &VersionFacts> {
        self.versions.all()
    }

    /// All records of models, for a snapshot.
    pub(super) fn models(&self) -> impl Iterator<Item = &ModelFacts> {
        self.models.all()
    }

    /// Takes a version's record back from a snapshot; one that is known already stays.
    pub(super) fn put_version(&mut self, facts: VersionFacts) {
        if self.versions.get(facts.id).is_none() {
            self.versions.update(facts.id, |version| *version = facts);
        }
    }

    /// Takes a model's record back from a snapshot; one that is known already stays.
    pub(super) fn put_model(&mut self, facts: ModelFacts) {
        if self.models.get(facts.id).is_none() {
            self.models.update(facts.id, |model| *model = facts);
        }
    }
}

/// Whether the site offers generation with a version. "No" is known only of a type that is not wildcards: of those
/// `mini` always says "no", and of private versions to strangers.
fn can_generate(
    version: &VersionFacts,
    wildcards: Option<bool>,
    state: State,
    gate: GateKind,
    sight: Sight,
) -> Option<bool> {
    let mini = version.mini(sight).and_then(|mini| mini.can_generate);
    let private =
        gate == GateKind::Private || (matches!(state, State::Granted { personal: true }) && !sight.listed);
    match mini {
        Some(true) => Some(true),
        _ if wildcards != Some(false) => None,
        Some(false) if !private => Some(false),
        _ => version.row.covered.filter(|covered| !covered && sight.row),
    }
}

/// Keeps the old text where there is no new one.
fn replace(known: &mut Option<String>, new: Option<String>) {
    if new.is_some() {
        *known = new;
    }
}

impl VersionFacts {
    fn mini(&self, sight: Sight) -> Option<&Mini> {
        self.mini.as_ref().filter(|_| sight.mini)
    }

    /// The gate at this moment, and when it opens, as far as the look-ups in sight say.
    fn gate(&self, sight: Sight, now: Millis) -> (GateKind, Option<&str>) {
        let row = if sight.row { &self.row.terms } else { &Terms::Unknown };
        let mini = self.mini(sight).map_or(&Terms::Unknown, |mini| &mini.terms);
        let is_new = sight.mini_is_new;
        match (row, mini) {
            // An older mini speaks of privacy only where no list holds the version.
            (_, Terms::Private) if is_new || !sight.listed => (GateKind::Private, None),
            (Terms::Unknown | Terms::Open | Terms::NotPaid, Terms::Until(_, ends))
                if is_new && *ends > now =>
            {
                mini.gate(now)
            }
            (Terms::NotPaid, _) if self.mini(sight).is_some_and(|mini| mini.unexplained) => {
                (GateKind::Private, None)
            }
            (Terms::Unknown, _) if is_new => mini.gate(now),
            _ => row.gate(now),
        }
    }

    /// What is free behind the gate, as far as the look-ups in sight say.
    fn terms(&self, sight: Sight, now: Millis) -> Mini {
        // What was said of a gate that is over does not hold for the next one.
        let ended = |terms: &Terms| terms.ends().is_some_and(|ends| ends <= now);
        let mut terms = self.mini(sight).cloned().unwrap_or_default();
        if ended(&self.row.terms) || ended(&terms.terms) {
            let covers_generation = terms.covers_generation.filter(|covers| !covers);
            return Mini { covers_generation, ..Mini::default() };
        }
        let none_sold = terms.no_tier && sight.listed && terms.covers_generation == Some(true);
        let row = self.row.trials.filter(|_| sight.row);
        terms.trials = terms.trials.or(row).or(none_sold.then_some(Trials::Count(0)));
        terms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &[u8] = br#"{"items":[{"id":9,"userId":5,"availability":"Public","modelVersions":[{"id":1,"paidAccess":null,"availability":"Public"},{"id":2}]}]}"#;
    const ALL: Sight = Sight { row: true, listed: true, mini: true, mini_is_new: true };

    fn id(number: u32) -> VersionId {
        VersionId::new(number).unwrap()
    }

    fn model(number: u32) -> ModelId {
        ModelId::new(number).unwrap()
    }

    #[test]
    fn a_look_up_is_worth_its_cache_while_all_its_records_are_there() {
        let mut facts = Facts::default();
        let (version, list) = (Question::VersionList(id(1)), Question::ModelList(model(9)));
        assert!(!facts.hold(version) && !facts.hold(list));
        // By versions: what else the model has is not known.
        facts.learn(Topic::VersionList, &[1, 2], LIST).unwrap();
        assert!(facts.hold(version) && !facts.hold(list));
        facts.learn(Topic::ModelList, &[9], LIST).unwrap();
        assert!(facts.hold(list));
        facts.versions.remove(id(2));
        assert!(facts.hold(version) && !facts.hold(list));
        facts.models.remove(model(9));
        assert!(!facts.hold(version), "its model's name was in the same reply");
        assert!(facts.hold(Question::Check { user: None, id: id(1) }));
    }

    #[test]
    fn an_owner_alone_is_no_knowledge_of_a_version() {
        let mut facts = Facts::default();
        facts.learn(Topic::VersionList, &[1, 2], LIST).unwrap();
        assert!(!facts.know(id(2)));
        assert!(facts.know(id(1)), "a gate without a name");
        facts.learn(Topic::Version, &[3], br#"{"id":3,"name":"x"}"#).unwrap();
        assert!(facts.know(id(3)), "a name without a gate");
    }

    #[test]
    fn a_single_version_names_its_model() {
        let explain = |topic, number, body: &str| {
            let mut facts = Facts::default();
            facts.learn(topic, &[number], body.as_bytes()).unwrap();
            let answer = facts.explain(id(number), State::Denied, Sight::default(), 0);
            (answer.model_id.map(ModelId::get), answer.model_name)
        };
        let named = explain(Topic::Version, 3, r#"{"id":3,"modelId":9,"model":{"name":"x"}}"#);
        assert_eq!(named, (Some(9), Some("x".into())));
        // `mini` has the ids in its AIR only, and other replies where they say nothing else.
        assert_eq!(explain(Topic::Mini, 4, r#"{"air":"urn:air:sdxl:lora:civitai:9@4"}"#).0, Some(9));
        assert_eq!(explain(Topic::Mini, 4, r#"{"air":"civitai:9@4","modelId":8}"#).0, Some(8));
    }

    #[test]
    fn lists_and_mini_take_nothing_from_each_other_in_either_order() {
        let mini = br#"{"checkPermission":true,"availability":"Private","canGenerate":false}"#;
        for mini_first in [true, false] {
            let mut facts = Facts::default();
            if mini_first {
                facts.learn(Topic::Mini, &[1], mini).unwrap();
            }
            facts.learn(Topic::VersionList, &[1], LIST).unwrap();
            if !mini_first {
                facts.learn(Topic::Mini, &[1], mini).unwrap();
            }
            let answer = facts.explain(id(1), State::Denied, ALL, 0);
            assert_eq!(answer.gate, GateKind::Private, "{mini_first}");
            let listed = facts.explain(id(1), State::Unknown(failure()), Sight { mini: false, ..ALL }, 0);
            assert_eq!(listed.gate, GateKind::None, "{mini_first}");
        }
        let mut facts = Facts::default();
        let ends = br#"{"checkPermission":true,"earlyAccessEndsAt":"1970-01-01T00:00:05.000Z"}"#;
        facts.learn(Topic::Mini, &[1], ends).unwrap();
        assert_eq!(facts.gate_end(Question::Mini(id(1))), Some(5000));
    }

    fn failure() -> Failure {
        Failure { code: crate::failure::Code::Network, status: None, retry_after: None, request: None }
    }

    #[test]
    fn terms_are_cached_until_a_list_says_otherwise() {
        let list = |terms: &str| format!(r#"{{"items":[{{"id":9,"modelVersions":[{{"id":1,{terms}}}]}}]}}"#);
        let (paid, early) =
            (list(r#""paidAccess":{"permanent":true}"#), list(r#""paidAccess":{"endsAt":null}"#));
        let mut facts = Facts::default();
        let holds = |facts: &Facts| facts.hold(Question::Mini(id(1)));
        let learn = |facts: &mut Facts, topic, body: &str| facts.learn(topic, &[1], body.as_bytes()).unwrap();
        learn(&mut facts, Topic::Mini, r#"{"canGenerate":true}"#);
        learn(&mut facts, Topic::VersionList, &paid);
        learn(&mut facts, Topic::VersionList, &paid);
        assert!(holds(&facts));
        learn(&mut facts, Topic::VersionList, &early);
        assert!(!holds(&facts), "other terms");
        learn(&mut facts, Topic::Mini, r#"{"canGenerate":true}"#);
        facts.left_the_list(id(1));
        assert!(!holds(&facts), "no list holds it any more");
        learn(&mut facts, Topic::Mini, r#"{"canGenerate":true}"#);
        facts.left_the_list(id(1));
        assert!(holds(&facts), "no list held it before either");
    }

    #[test]
    fn an_older_mini_says_what_is_free_and_leaves_the_gate_to_the_list() {
        let mini =
            br#"{"checkPermission":true,"availability":"Private","freeTrialLimit":null,"canGenerate":true}"#;
        let mut facts = Facts::default();
        facts.learn(Topic::Mini, &[1], mini).unwrap();
        let list = br#"{"items":[{"id":9,"availability":"Public","modelVersions":[{"id":1,"paidAccess":{"permanent":true}}]}]}"#;
        facts.learn(Topic::VersionList, &[1], list).unwrap();
        let old = Sight { mini_is_new: false, ..ALL };
        assert_eq!(facts.explain(id(1), State::Denied, old, 0).gate, GateKind::Paid);
        assert_eq!(
            facts.explain(id(1), State::Denied, Sight { listed: false, ..old }, 0).gate,
            GateKind::Private
        );
    }

    #[test]
    fn what_was_said_of_a_gate_that_is_over_is_not_said_of_the_next() {
        use crate::verdict::Generation::{Free, Gated, Locked, Trial};
        for (limit, covers, before, after) in [
            ("10", true, Trial, Gated),
            ("0", true, Locked, Gated),
            ("null", true, Locked, Gated),
            ("10", false, Free, Free),
        ] {
            let mini = format!(
                r#"{{"canGenerate":true,"checkPermission":{covers},"freeTrialLimit":{limit},"earlyAccessEndsAt":"1970-01-01T00:00:05.000Z"}}"#
            );
            let list = br#"{"items":[{"id":9,"modelVersions":[{"id":1,"paidAccess":{"endsAt":"1970-01-01T00:00:05.000Z"}}]}]}"#;
            for is_listed in [false, true] {
                let mut facts = Facts::default();
                if is_listed {
                    facts.learn(Topic::VersionList, &[1], list).unwrap();
                }
                facts.learn(Topic::Mini, &[1], mini.as_bytes()).unwrap();
                let at = |now| facts.explain(id(1), State::Denied, ALL, now).generation;
                assert_eq!((at(4999), at(5000)), (before, after), "{limit} {covers} {is_listed}");
            }
        }
    }

    #[test]
    fn mini_never_turns_wildcards_off() {
        let list = |kind: &str| {
            format!(
                r#"{{"items":[{{"id":9,"type":"{kind}","modelVersions":[{{"id":1,"supportsGeneration":false}}]}}]}}"#
            )
        };
        let mini =
            |kind: &str| format!(r#"{{"air":"urn:air:other:{kind}:civitai:9@1","canGenerate":false}}"#);
        for (list, mini, can_generate) in [
            (Some(list("Wildcards")), mini("unknown"), None),
            (Some(list("LORA")), mini("lora"), Some(false)),
            (Some(list("Poses")), mini("unknown"), Some(false)),
            (None, mini("unknown"), None),
            (None, mini("wildcards"), None),
            (None, mini("lora"), Some(false)),
            (None, r#"{"canGenerate":false}"#.to_owned(), None),
        ] {
            let mut facts = Facts::default();
            if let Some(list) = &list {
                facts.learn(Topic::VersionList, &[1], list.as_bytes()).unwrap();
            }
            facts.learn(Topic::Mini, &[1], mini.as_bytes()).unwrap();
            let answer = facts.explain(id(1), State::Denied, ALL, 0);
            assert_eq!(answer.can_generate, can_generate, "{list:?} {mini}");
        }
    }

    #[test]
    fn a_list_says_no_gate_only_where_both_availabilities_are_known() {
        const OPEN: &str = r#""availability":"Public","paidAccess":null"#;
        for (model_says, version, gate) in [
            (r#""availability":"Public","#, OPEN, GateKind::None),
            (r#""availability":"Unsearchable","#, OPEN, GateKind::None),
            ("", OPEN, GateKind::Unknown),
            (r#""availability":null,"#, OPEN, GateKind::Unknown),
            (r#""availability":"MembersOnly","#, OPEN, GateKind::Unknown),
            (r#""availability":7,"#, OPEN, GateKind::Unknown),
            (r#""availability":"Private","#, OPEN, GateKind::Private),
            (r#""availability":"Public","#, r#""paidAccess":null"#, GateKind::Unknown),
            (r#""availability":"Public","#, r#""availability":"New","paidAccess":null"#, GateKind::Unknown),
            (r#""availability":"Public","#, r#""availability":"Public""#, GateKind::Unknown),
        ] {
            let body =
                format!(r#"{{"items":[{{"id":9,{model_says}"modelVersions":[{{"id":1,{version}}}]}}]}}"#);
            let mut facts = Facts::default();
            facts.learn(Topic::ModelList, &[9], body.as_bytes()).unwrap();
            assert_eq!(facts.summary(model(9), None, 0).versions[0].gate, gate, "{body}");
        }
    }

    #[test]
    fn a_reply_about_another_version_is_none() {
        let mut facts = Facts::default();
        let other = br#"{"air":"urn:air:sdxl:lora:civitai:9@2","canGenerate":true}"#;
        assert_eq!(facts.learn(Topic::Mini, &[1], other), None);
        assert_eq!(facts.learn(Topic::Version, &[1], br#"{"id":2}"#), None);
        assert_eq!(facts.learn(Topic::Version, &[1], br#"{"name":"x"}"#), None);
        assert_eq!(facts.learn(Topic::Mini, &[2], other), Some(vec![true]));
    }

    #[test]
    fn names_are_cut_when_they_are_learned() {
        let mut facts = Facts::default();
        let name = "ü".repeat(300_000);
        let body = format!(
            r#"{{"items":[{{"id":9,"name":"{name}","modelVersions":[{{"id":1,"name":"{name}"}}]}}]}}"#
        );
        facts.learn(Topic::ModelList, &[9], body.as_bytes()).unwrap();
        let summary = facts.summary(model(9), None, 0);
        assert_eq!(summary.model_name, Some("ü".repeat(150)));
        assert_eq!(summary.versions[0].version_name.len(), 300);
    }
}
