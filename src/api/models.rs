//! Replies about models and versions, field by field (contract §2.1, §2.4, §2.5, §4.1). Every field is optional; the
//! documented names are read as well as the present ones (contract §0).

use super::json::{Json, Malformed};
use super::query::Topic;
use crate::id::{ModelId, UserId, VersionId};
use crate::verdict::Trials;

mod seen;
mod terms;

use seen::{Field, Parent, Seen};
pub(crate) use terms::Terms;

/// What a reply says of a model, with the versions that it holds of it.
#[derive(Debug, Default)]
pub(crate) struct ModelReply {
    pub(crate) id: Option<ModelId>,
    pub(crate) owner: Option<UserId>,
    pub(crate) name: Option<String>,
    /// A model of wildcards, for which `mini` always says that the site cannot generate with it.
    pub(crate) wildcards: Option<bool>,
    pub(crate) versions: Vec<VersionReply>,
}

/// What a reply says of a version.
#[derive(Debug)]
pub(crate) struct VersionReply {
    pub(crate) id: VersionId,
    pub(crate) name: Option<String>,
    pub(crate) air: Option<String>,
    pub(crate) said: Said,
}

/// By whom it is said.
#[derive(Debug)]
pub(crate) enum Said {
    Row(Row),
    Mini(Mini),
    /// A page of Civitai's.
    Both(Row, Mini),
}

/// What lists and `model-versions/{id}` say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) terms: Terms,
    /// Whether the generator covers it: necessary, not sufficient (contract §4.1).
    pub(crate) covered: Option<bool>,
    pub(crate) trials: Option<Trials>,
}

/// What `mini/{id}` says (contract §4.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mini {
    pub(crate) terms: Terms,
    pub(crate) can_generate: Option<bool>,
    /// `checkPermission`: a gate that covers generation, or privacy.
    pub(crate) covers_generation: Option<bool>,
    pub(crate) trials: Option<Trials>,
    /// `freeTrialLimit` is null: no paid tier for generation.
    pub(crate) no_tier: bool,
    /// It asks for a permission and names neither an end nor a tier: private, or sold as a download only.
    pub(crate) unexplained: bool,
}

/// Reads a reply; `asked` is the number of the id that a reply about a single one is about.
pub(crate) fn read(topic: Topic, asked: u32, body: &[u8]) -> Result<Vec<ModelReply>, Malformed> {
    Json::read(body, |json| {
        if json.peek() != Some(b'{') {
            return Err(Malformed);
        }
        match topic {
            Topic::Model => {
                let model = model(json, false)?;
                let is_asked = model.id.is_some_and(|id| id.get() == asked);
                if is_asked { Ok(vec![model]) } else { Err(Malformed) }
            }
            Topic::Version | Topic::Mini => Ok(vec![single(json, topic, asked)?]),
            Topic::Check { .. } | Topic::VersionList | Topic::ModelList => list(json, false),
        }
    })
}

/// Reads what a page tells, in the form of a list whose versions have the fields of `mini/{id}` too.
pub(crate) fn read_page(page: &[u8]) -> Result<Vec<ModelReply>, Malformed> {
    Json::read(page, |json| if json.peek() == Some(b'{') { list(json, true) } else { Err(Malformed) })
}

fn list(json: &mut Json<'_>, is_page: bool) -> Result<Vec<ModelReply>, Malformed> {
    let mut models = None;
    json.object(&mut |json, name| {
        if name == "items" && json.peek() == Some(b'[') {
            let models = models.insert(Vec::new());
            json.array(&mut |json| {
                models.push(model(json, is_page)?);
                Ok(())
            })
        } else {
            json.value().map(drop)
        }
    })?;
    models.ok_or(Malformed)
}

fn model(json: &mut Json<'_>, is_page: bool) -> Result<ModelReply, Malformed> {
    let mut versions = Vec::new();
    let mut seen = Seen::default();
    json.object(&mut |json, name| {
        if name != "modelVersions" {
            return seen.member(json, Parent::Reply, &name);
        }
        json.array(&mut |json| {
            let mut version = Seen::default();
            version.object(json, Parent::Reply)?;
            if let Some(id) = version.id(Field::Id) {
                versions.push((id, version));
            }
            Ok(())
        })
    })?;
    let availability = seen.text(Field::Availability);
    let described = |(id, version): (VersionId, Seen<'_>)| {
        let mut row = version.row();
        match (availability, &row.terms) {
            (Some("Private"), _) => row.terms = Terms::Private,
            (Some("Public" | "Unsearchable"), _) => {}
            // Nobody says that the model is not private.
            (_, Terms::Open) => row.terms = Terms::NotPaid,
            _ => {}
        }
        version.version(id, if is_page { Said::Both(row, version.mini()) } else { Said::Row(row) })
    };
    Ok(ModelReply {
        id: seen.id(Field::Id),
        owner: seen.id(Field::Owner),
        name: seen.short_text(Field::Name),
        wildcards: seen.text(Field::Kind).map(is_wildcards),
        versions: versions.into_iter().map(described).collect(),
    })
}

/// A reply about one version, which names its model.
fn single(json: &mut Json<'_>, topic: Topic, asked: u32) -> Result<ModelReply, Malformed> {
    let mut seen = Seen::default();
    seen.object(json, Parent::Reply)?;
    // `mini` has the ids in its AIR only.
    let air = seen.text(Field::Air);
    let version = seen.id(Field::Id).or_else(|| air?.parse().ok());
    let said = if topic == Topic::Mini { Said::Mini(seen.mini()) } else { Said::Row(seen.row()) };
    let id = match (version, topic) {
        (Some(id), _) => Some(id),
        (None, Topic::Mini) => VersionId::new(asked),
        (None, _) => None,
    };
    // A reply about another version is none.
    let id = id.filter(|id| id.get() == asked).ok_or(Malformed)?;
    Ok(ModelReply {
        id: seen.id(Field::Model).or_else(|| air?.parse().ok()),
        owner: seen.id(Field::Owner),
        name: seen.short_text(Field::ModelName),
        wildcards: seen.text(Field::ModelKind).map(is_wildcards),
        versions: vec![seen.version(id, said)],
    })
}

impl Seen<'_> {
    fn version(&self, id: VersionId, said: Said) -> VersionReply {
        VersionReply { id, name: self.short_text(Field::Name), air: self.short_text(Field::Air), said }
    }

    fn row(&self) -> Row {
        Row { terms: self.terms(), covered: self.flag(Field::Covered), trials: self.trials() }
    }

    fn mini(&self) -> Mini {
        Mini {
            terms: self.terms(),
            can_generate: self.flag(Field::CanGenerate),
            covers_generation: self.flag(Field::CheckPermission),
            trials: self.trials(),
            no_tier: self.no_tier(),
            unexplained: self.unexplained(),
        }
    }
}

/// Whether an AIR names a model of wildcards. `None`: AIRs write "unknown" for every type without a word of its own.
pub(crate) fn is_wildcards_by_air(air: &str) -> Option<bool> {
    let kind = air.rsplit(':').nth(2).filter(|kind| !kind.eq_ignore_ascii_case("unknown"));
    kind.map(is_wildcards)
}

fn is_wildcards(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("Wildcards")
}
