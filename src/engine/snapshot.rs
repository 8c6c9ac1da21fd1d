//! The memory as text, so that it outlives a worker: verdicts, what is known of models, the gate.
//!
//! A line per record, its fields parted by tabs, the first telling its kind. The head names the
//! version of this format and a checksum; what does not fit is not ours, and ignored as a whole.

use super::cell::{Memory, gate_end};
use super::{Engine, Pause};
use crate::api::models::{ModelFacts, Terms, VersionFacts};
use crate::api::query::Topic;
use crate::id::VersionId;
use crate::text::{cut, number, push_number, text};
use crate::time::{Millis, iso_date};
use crate::verdict::Trials;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem::take;

const HEAD: &[u8] = b"civitai-permissions 1 ";

impl Engine {
    /// Everything that is remembered and still holds, as text for [`Engine::restore`].
    #[must_use]
    pub fn snapshot(&self, now: Millis) -> String {
        let mut line = Line::default();
        line.start(b'b');
        line.word(&mut Vec::from(self.config.base.as_str()));
        line.start(b'g');
        line.pause(&mut self.pause.clone());
        for version in self.catalog.versions() {
            line.start(b'v');
            line.version(&mut version.clone());
        }
        for model in self.catalog.models() {
            line.start(b'm');
            line.model(&mut model.clone());
        }
        for cell in &self.cells {
            let end = gate_end(&self.catalog, cell.topic, cell.id);
            if let Some(memory) = cell.memory.filter(|memory| memory.holds(self.config.max_age, end, now)) {
                line.start(b'a');
                let (key, yes) = (cell.topic.key(), u32::from(memory.yes));
                line.answer(&mut Answer { key, id: cell.id, yes, sent: memory.sent });
            }
        }
        let mut bytes = Vec::from(HEAD);
        push_number(&mut bytes, checksum(&line.told));
        bytes.append(&mut line.told);
        text(bytes)
    }

    /// Takes back what [`Engine::snapshot`] told; `false`, with nothing changed, for the text of
    /// another version, of another base URL, or a damaged one. What is known already stays.
    pub fn restore(&mut self, snapshot: &str, now: Millis) -> bool {
        let bytes = snapshot.as_bytes();
        // Read through first: one wrong field spoils the whole.
        self.take_back(bytes, now, false).is_some() && self.take_back(bytes, now, true).is_some()
    }

    fn take_back(&mut self, snapshot: &[u8], now: Millis, keep: bool) -> Option<()> {
        let (head, rest) = cut(snapshot, b'\n');
        let (_, lines) = snapshot.split_at_checked(head.len())?;
        if number(head.strip_prefix(HEAD)?)? != checksum(lines) {
            return None;
        }
        let (mut rest, mut named) = (rest, false);
        while let Some(lines) = rest {
            let (record, others) = cut(lines, b'\n');
            rest = others;
            let (kind, fields) = cut(record, b'\t');
            let mut line = Line { left: fields, ..Line::default() };
            line.reads = true;
            match kind {
                b"b" => {
                    let mut base = Vec::new();
                    line.word(&mut base);
                    named = base == self.config.base.as_str().as_bytes();
                    line.wrong |= !named;
                }
                b"g" => {
                    let mut pause = Pause::default();
                    line.pause(&mut pause);
                    let pause = pause.restored(now);
                    if keep && pause.left(now) > self.pause.left(now) {
                        self.pause = pause;
                    }
                }
                b"v" => {
                    let mut version = VersionFacts::default();
                    line.version(&mut version);
                    if keep {
                        self.catalog.put_version(&version);
                    }
                }
                b"m" => {
                    let mut model = ModelFacts::default();
                    line.model(&mut model);
                    if keep {
                        self.catalog.put_model(&model);
                    }
                }
                b"a" => {
                    let mut answer = Answer::default();
                    line.answer(&mut answer);
                    let (topic, memory) =
                        (Topic::of_key(answer.key), Memory::restored(answer.yes == 1, answer.sent));
                    line.wrong |= topic.key() != answer.key;
                    let end = gate_end(&self.catalog, topic, answer.id);
                    if keep && memory.holds(self.config.max_age, end, now) {
                        self.remember(topic, answer.id, memory);
                    }
                }
                _ => return None,
            }
            if line.wrong || line.left.is_some() {
                return None;
            }
        }
        named.then_some(())
    }
}

/// FNV-1a: it finds damage; it need not withstand intent, since every field is checked as well.
fn checksum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[derive(Default)]
struct Answer {
    key: u32,
    id: u32,
    yes: u32,
    sent: Millis,
}

/// The fields of a record on their way out or in: each kind of record is described once, for both.
#[derive(Default)]
struct Line<'a> {
    reads: bool,
    /// All lines that were told.
    told: Vec<u8>,
    /// What is left to read.
    left: Option<&'a [u8]>,
    /// What was read is none of ours.
    wrong: bool,
}

/// Terms without a date.
const TERMS: [(&[u8], Terms); 6] = [
    (b"unknown", Terms::Unknown),
    (b"open", Terms::Open),
    (b"notPaid", Terms::NotPaid),
    (b"pending", Terms::Pending),
    (b"paid", Terms::Paid),
    (b"private", Terms::Private),
];

/// Trials, whether no tier is sold, and whether the gate is unexplained.
type Free = (Option<Trials>, bool, bool);

/// Those without a count.
const TRIALS: [(&[u8], Free); 4] = [
    (b"unexplained", (None, true, true)),
    (b"none", (None, true, false)),
    (b"-", (None, false, false)),
    (b"unlimited", (Some(Trials::Unlimited), false, false)),
];

impl Line<'_> {
    fn pause(&mut self, pause: &mut Pause) {
        self.number(&mut pause.until, u64::MAX);
        self.small(&mut pause.status);
        self.small(&mut pause.silent);
        self.small(&mut pause.closings);
    }

    fn version(&mut self, version: &mut VersionFacts) {
        self.id(&mut version.id);
        self.small(&mut version.model);
        self.small(&mut version.owner);
        self.text(&mut version.name);
        self.terms(&mut version.terms);
        self.flag(&mut version.covered);
        self.flag(&mut version.check_permission);
        self.flag(&mut version.can_generate);
        self.trials(version);
    }

    fn model(&mut self, model: &mut ModelFacts) {
        self.id(&mut model.id);
        self.small(&mut model.owner);
        self.text(&mut model.name);
        for version in &mut model.versions {
            self.id(version);
        }
        while self.left.is_some() && !self.wrong {
            let mut version = 0;
            self.id(&mut version);
            model.versions.push(version);
        }
    }

    fn answer(&mut self, answer: &mut Answer) {
        self.small(&mut answer.key);
        self.id(&mut answer.id);
        self.small(&mut answer.yes);
        self.wrong |= answer.yes > 1;
        self.number(&mut answer.sent, u64::MAX);
    }

    fn terms(&mut self, terms: &mut Terms) {
        let known = TERMS.iter().find(|(_, known)| known == terms);
        let mut word = match (known, &*terms) {
            (None, Terms::Until(date, _)) => Vec::from(date.as_str()),
            (known, _) => known.map_or_else(Vec::new, |(word, _)| word.to_vec()),
        };
        self.word(&mut word);
        let known = TERMS.iter().find(|(known, _)| *known == word);
        *terms = match known {
            Some((_, terms)) => terms.clone(),
            None => {
                let date = text(word);
                let ends = iso_date(&date);
                self.wrong |= ends.is_none();
                Terms::Until(date, ends.unwrap_or(0))
            }
        };
    }

    fn trials(&mut self, version: &mut VersionFacts) {
        let told = (version.trials, version.no_tier, version.unexplained);
        let mut word = match (version.trials, TRIALS.iter().find(|(_, known)| *known == told)) {
            (_, Some((word, _))) => word.to_vec(),
            (Some(Trials::Count(count)), None) => decimal(count.into()),
            (trials, None) => Vec::from(if trials.is_some() { &b"unlimited"[..] } else { b"unexplained" }),
        };
        self.word(&mut word);
        let known = TRIALS.iter().find(|(known, _)| *known == word);
        (version.trials, version.no_tier, version.unexplained) = match known {
            Some((_, known)) => *known,
            None => {
                let count = number(&word).and_then(|count| u32::try_from(count).ok());
                self.wrong |= count.is_none();
                (count.map(Trials::Count), false, false)
            }
        };
    }

    /// Absent is a lone minus; texts are marked with an equals sign.
    fn text(&mut self, value: &mut Option<String>) {
        let mut word = Vec::from(if value.is_some() { b"=" } else { b"-" });
        for byte in value.iter().flat_map(|text| text.bytes()) {
            match ESCAPES.iter().find(|(escaped, _)| *escaped == byte) {
                Some((_, letter)) => word.extend([b'\\', *letter]),
                None => word.push(byte),
            }
        }
        self.word(&mut word);
        let mut bytes = Vec::new();
        let (mark, mut escaped) = (word.first(), false);
        for byte in word.iter().skip(1) {
            if escaped {
                let known = ESCAPES.iter().find(|(_, letter)| letter == byte);
                self.wrong |= known.is_none();
                bytes.push(known.map_or(0, |(byte, _)| *byte));
                escaped = false;
            } else if *byte == b'\\' {
                escaped = true;
            } else {
                bytes.push(*byte);
            }
        }
        *value = (mark == Some(&b'=')).then(|| text(take(&mut bytes)));
        self.wrong |= escaped || (value.is_none() && word != b"-");
    }

    /// 2: not known.
    fn flag(&mut self, flag: &mut Option<bool>) {
        let mut number = flag.map_or(2, u64::from);
        self.number(&mut number, 2);
        *flag = (number < 2).then_some(number == 1);
    }

    fn id(&mut self, id: &mut u32) {
        self.small(id);
        self.wrong |= VersionId::new(*id).is_none();
    }

    fn small<T: Copy + Default + Into<u64> + TryFrom<u64>>(&mut self, value: &mut T) {
        let mut number = (*value).into();
        self.number(&mut number, u64::MAX);
        let read = T::try_from(number);
        self.wrong |= read.is_err();
        *value = read.unwrap_or_default();
    }

    fn number(&mut self, value: &mut u64, most: u64) {
        let mut word = decimal(*value);
        self.word(&mut word);
        let read = number(&word).filter(|read| *read <= most);
        self.wrong |= read.is_none();
        *value = read.unwrap_or(0);
    }

    /// The one place where telling and reading part.
    fn word(&mut self, word: &mut Vec<u8>) {
        if self.reads {
            self.wrong |= self.left.is_none();
            let (field, left) = cut(self.left.unwrap_or_default(), b'\t');
            *word = field.to_vec();
            self.left = left;
        } else {
            self.told.push(b'\t');
            self.told.extend_from_slice(word);
        }
    }

    fn start(&mut self, kind: u8) {
        self.told.extend([b'\n', kind]);
    }
}

const ESCAPES: [(u8, u8); 3] = [(b'\t', b't'), (b'\n', b'n'), (b'\\', b'\\')];

fn decimal(number: u64) -> Vec<u8> {
    let mut digits = Vec::new();
    push_number(&mut digits, number);
    digits
}
