//! The cache as text, so that it outlives a worker: verdicts, facts, failed look-ups, the host's pause.
//!
//! The first line names the format and a checksum of the rest, which is JSON: lists of rows, each with the same columns written and
//! read. What does not fit is not ours, and ignored as a whole.

use super::Engine;
use super::facts::{ModelFacts, VersionFacts};
use super::pause::Pause;
use super::questions::{Answer, Failed};
use crate::api::json::{Json, Malformed, Value, quote};
use crate::api::models::{Mini, Row, Terms};
use crate::api::query::Question;
use crate::failure::{Code, Failure};
use crate::table::fnv;
use crate::time::Millis;
use crate::verdict::Trials;

const HEAD: &str = "civitai-permissions 2 ";

/// See [`Engine::snapshot`].
pub(super) fn write(engine: &Engine, now: Millis) -> String {
    let facts = &engine.facts;
    let (mut answers, mut failures) = (Vec::new(), Vec::new());
    for (question, answer, failed) in engine.questions.cached() {
        if let Some(answer) = answer.filter(|answer| !answer.claimed && engine.holds(question, answer, now)) {
            answers.push((question, *answer));
        }
        if let Some(failed) = failed.filter(|failed| failed.at <= now && now < failed.until) {
            failures.push((question, *failed));
        }
    }
    let mut json = String::from("{");
    list(&mut json, "base", &mut [vec![Value::Text(engine.config.base.as_str().into())]].into_iter());
    let pause = Some(&engine.pause).filter(|pause| pause.left(now) > 0);
    list(&mut json, "pause", &mut pause.map(pause_row).into_iter());
    list(&mut json, "versions", &mut facts.versions().map(version_row));
    list(&mut json, "models", &mut facts.models().map(model_row));
    list(&mut json, "answers", &mut answers.iter().map(|(question, answer)| answer_row(*question, answer)));
    list(
        &mut json,
        "failures",
        &mut failures.iter().map(|(question, failed)| failure_row(*question, failed)),
    );
    json.push('}');
    format!("{HEAD}{}\n{json}", fnv(&json))
}

/// See [`Engine::restore`]. Everything is read before anything is taken.
pub(super) fn read(engine: &mut Engine, snapshot: &str, now: Millis) -> Option<()> {
    let (head, json) = snapshot.split_once('\n')?;
    if head.strip_prefix(HEAD)?.parse() != Ok(fnv(json)) {
        return None;
    }
    let mut base = None;
    let mut pause = Pause::default();
    let (mut versions, mut models, mut answers, mut failures) = (vec![], vec![], vec![], vec![]);
    Json::read(json.as_bytes(), |json| {
        json.object(&mut |json, name| {
            json.array(&mut |json| {
                let mut row = Fields::read(json)?;
                match &*name {
                    "base" => base = row.text(),
                    "pause" => pause = pause_of(&mut row).ok_or(Malformed)?,
                    "versions" => versions.push(version_of(&mut row).ok_or(Malformed)?),
                    "models" => models.push(model_of(&mut row).ok_or(Malformed)?),
                    "answers" => answers.push(answer_of(&mut row).ok_or(Malformed)?),
                    "failures" => failures.push(failure_of(&mut row).ok_or(Malformed)?),
                    _ => return Err(Malformed),
                }
                if row.0.len() == 0 { Ok(()) } else { Err(Malformed) }
            })
        })
    })
    .ok()?;
    if base?.as_str() != engine.config.base.as_str() {
        return None;
    }
    pause.observe(now);
    if pause.left(now) > engine.pause.left(now) {
        engine.pause = pause;
    }
    versions.into_iter().for_each(|version| engine.facts.put_version(version));
    models.into_iter().for_each(|model| engine.facts.put_model(model));
    for (question, mut answer) in answers {
        // A moment that is still to come is an effect of a clock, or made up.
        answer.as_of = answer.as_of.filter(|given| *given <= now);
        if engine.holds(question, &answer, now) {
            engine.questions.cache(question, answer);
        }
    }
    for (question, failed) in failures {
        if engine.questions.answer(question).is_none() && engine.config.max_age > 0 {
            engine.questions.cache_failure(question, failed);
        }
    }
    Some(())
}

type Cells<'a> = Vec<Value<'a>>;

fn list<'a>(json: &mut String, name: &str, rows: &mut dyn Iterator<Item = Cells<'a>>) {
    let comma = |json: &mut String, open: char| {
        if !json.ends_with(open) {
            json.push(',');
        }
    };
    comma(json, '{');
    quote(json, name);
    json.push_str(":[");
    for row in rows {
        comma(json, '[');
        json.push('[');
        for cell in row {
            comma(json, '[');
            match cell {
                Value::Bool(yes) => json.push_str(if yes { "true" } else { "false" }),
                Value::Whole(number) => json.push_str(&number.to_string()),
                Value::Text(text) => quote(json, &text),
                Value::Null | Value::Other => json.push_str("null"),
            }
        }
        json.push(']');
    }
    json.push(']');
}

fn number<'a>(number: impl Into<u64>) -> Value<'a> {
    Value::Whole(number.into())
}

fn id<'a>(id: impl Into<u32>) -> Value<'a> {
    number(id.into())
}

fn maybe<'a, T>(value: Option<T>, cell: impl FnOnce(T) -> Value<'a>) -> Value<'a> {
    value.map_or(Value::Null, cell)
}

fn text(text: Option<&String>) -> Value<'_> {
    maybe(text, |text| Value::Text(text.into()))
}

/// The cells of one row, in order.
struct Fields<'a>(std::vec::IntoIter<Value<'a>>);

impl<'a> Fields<'a> {
    fn read(json: &mut Json<'a>) -> Result<Self, Malformed> {
        let mut cells = Vec::new();
        if json.peek() != Some(b'[') {
            return Err(Malformed);
        }
        json.array(&mut |json| {
            cells.push(json.value()?);
            Ok(())
        })?;
        Ok(Self(cells.into_iter()))
    }

    fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        match self.0.next()? {
            Value::Whole(number) => T::try_from(number).ok(),
            _ => None,
        }
    }

    fn id<T: TryFrom<u32>>(&mut self) -> Option<T> {
        T::try_from(self.number()?).ok()
    }

    fn flag(&mut self) -> Option<bool> {
        match self.0.next()? {
            Value::Bool(yes) => Some(yes),
            _ => None,
        }
    }

    fn text(&mut self) -> Option<String> {
        match self.0.next()? {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }

    /// Null, or what is read. The outer `None` is a wrong cell.
    fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.0.as_slice().first()? == &Value::Null {
            self.0.next();
            return Some(None);
        }
        read(self).map(Some)
    }

    fn terms(&mut self) -> Option<Terms> {
        let Some(word) = self.maybe(Self::text)? else { return Some(Terms::Unknown) };
        let known = TERMS.iter().find(|(known, _)| *known == word);
        let terms = known.map_or_else(|| Terms::until(&word), |(_, terms)| terms.clone());
        Some(terms).filter(|terms| *terms != Terms::Unknown)
    }

    fn trials(&mut self) -> Option<Option<Trials>> {
        match self.0.next()? {
            Value::Null => Some(None),
            Value::Text(word) if word == UNLIMITED => Some(Some(Trials::Unlimited)),
            Value::Whole(count) => Some(Some(Trials::Count(u32::try_from(count).ok()?))),
            _ => None,
        }
    }

    fn question(&mut self) -> Option<Question> {
        Some(match &*self.text()? {
            "check" => Question::Check { user: self.maybe(Self::id)?, id: self.id()? },
            "versionList" => Question::VersionList(self.id()?),
            "modelList" => Question::ModelList(self.id()?),
            "model" => Question::Model(self.id()?),
            "version" => Question::Version(self.id()?),
            "mini" => Question::Mini(self.id()?),
            _ => return None,
        })
    }
}

/// Terms without a date.
const TERMS: [(&str, Terms); 5] = [
    ("open", Terms::Open),
    ("notPaid", Terms::NotPaid),
    ("pending", Terms::Pending),
    ("paid", Terms::Paid),
    ("private", Terms::Private),
];

const UNLIMITED: &str = "unlimited";

fn terms(terms: &Terms) -> Value<'_> {
    let known = TERMS.iter().find(|(_, known)| known == terms);
    match (known, terms) {
        (Some((word, _)), _) => Value::Text((*word).into()),
        (None, Terms::Until(date, _)) => Value::Text(date.into()),
        (None, _) => Value::Null,
    }
}

fn trials<'a>(trials: Option<Trials>) -> Value<'a> {
    maybe(trials, |trials| match trials {
        Trials::Unlimited => Value::Text(UNLIMITED.into()),
        Trials::Count(count) => number(count),
    })
}

fn question<'a>(question: Question) -> Cells<'a> {
    let (word, user) = match question {
        Question::Check { user, .. } => ("check", Some(maybe(user, id))),
        Question::VersionList(_) => ("versionList", None),
        Question::ModelList(_) => ("modelList", None),
        Question::Model(_) => ("model", None),
        Question::Version(_) => ("version", None),
        Question::Mini(_) => ("mini", None),
    };
    let mut cells = vec![Value::Text(word.into())];
    cells.extend(user);
    cells.push(number(question.number()));
    cells
}

fn pause_row<'a>(pause: &Pause) -> Cells<'a> {
    let Pause { until, status, unanswered, begun, seen } = *pause;
    vec![number(until), number(status), number(unanswered), number(begun), number(seen)]
}

fn pause_of(row: &mut Fields<'_>) -> Option<Pause> {
    let (until, status, unanswered, begun, seen) =
        (row.number()?, row.number()?, row.number()?, row.number()?, row.number()?);
    Some(Pause { until, status, unanswered, begun, seen })
}

fn version_row(version: &VersionFacts) -> Cells<'_> {
    let VersionFacts { id: version_id, model, owner, name, air, row, listed, mini } = version;
    let mut cells = vec![
        Value::Bool(*listed),
        id(*version_id),
        maybe(*model, id),
        maybe(*owner, id),
        text(name.as_ref()),
        text(air.as_ref()),
        terms(&row.terms),
        maybe(row.covered, Value::Bool),
        trials(row.trials),
    ];
    if let Some(mini) = mini {
        cells.extend([
            terms(&mini.terms),
            maybe(mini.can_generate, Value::Bool),
            maybe(mini.covers_generation, Value::Bool),
            trials(mini.trials),
            Value::Bool(mini.no_tier),
            Value::Bool(mini.unexplained),
        ]);
    }
    cells
}

fn version_of(row: &mut Fields<'_>) -> Option<VersionFacts> {
    Some(VersionFacts {
        listed: row.flag()?,
        id: row.id()?,
        model: row.maybe(Fields::id)?,
        owner: row.maybe(Fields::id)?,
        name: row.maybe(Fields::text)?,
        air: row.maybe(Fields::text)?,
        row: Row { terms: row.terms()?, covered: row.maybe(Fields::flag)?, trials: row.trials()? },
        mini: if row.0.len() > 0 { Some(mini_of(row)?) } else { None },
    })
}

fn mini_of(row: &mut Fields<'_>) -> Option<Mini> {
    Some(Mini {
        terms: row.terms()?,
        can_generate: row.maybe(Fields::flag)?,
        covers_generation: row.maybe(Fields::flag)?,
        trials: row.trials()?,
        no_tier: row.flag()?,
        unexplained: row.flag()?,
    })
}

fn model_row(model: &ModelFacts) -> Cells<'_> {
    let ModelFacts { id: model_id, owner, name, wildcards, versions } = model;
    let mut cells =
        vec![id(*model_id), maybe(*owner, id), text(name.as_ref()), maybe(*wildcards, Value::Bool)];
    cells.extend(versions.iter().map(|version| id(*version)));
    cells
}

fn model_of(row: &mut Fields<'_>) -> Option<ModelFacts> {
    let (id, owner, name, wildcards) =
        (row.id()?, row.maybe(Fields::id)?, row.maybe(Fields::text)?, row.maybe(Fields::flag)?);
    let mut versions = Vec::new();
    while row.0.len() > 0 {
        versions.push(row.id()?);
    }
    Some(ModelFacts { id, owner, name, wildcards, versions })
}

fn answer_row<'a>(about: Question, answer: &Answer) -> Cells<'a> {
    let mut cells = question(about);
    cells.extend([Value::Bool(answer.yes), number(answer.sent), maybe(answer.as_of, number)]);
    cells
}

fn answer_of(row: &mut Fields<'_>) -> Option<(Question, Answer)> {
    let (question, yes) = (row.question()?, row.flag()?);
    let (sent, as_of) = (row.number()?, row.maybe(Fields::number)?);
    Some((question, Answer { yes, sent, as_of, request: 0, claimed: false }))
}

fn failure_row<'a>(about: Question, failed: &Failed) -> Cells<'a> {
    let mut cells = question(about);
    let Failure { code, status, .. } = failed.failure;
    let status = maybe(status, number);
    cells.extend([Value::Text(code.as_str().into()), status, number(failed.at), number(failed.until)]);
    cells
}

fn failure_of(row: &mut Fields<'_>) -> Option<(Question, Failed)> {
    let (question, word, status) = (row.question()?, row.text()?, row.maybe(Fields::number)?);
    let code = Code::ALL.into_iter().find(|code| code.as_str() == word)?;
    let failure = Failure { code, status, retry_after: None, request: None };
    Some((question, Failed { failure, at: row.number()?, until: row.number()? }))
}
