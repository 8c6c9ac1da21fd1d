//! The memory as text, so that it outlives a worker: verdicts, what is known of models, the gate.
//!
//! A line per record, its fields parted by tabs, the first telling its kind. The head names the
//! version of this format and a checksum; what does not fit is not ours, and ignored as a whole.

use crate::catalog::{ModelFacts, Terms, Trials, VersionFacts};
use crate::engine::{Engine, Gate, Memory, gate_end};
use crate::query::Topic;
use crate::text::{number, push_number};
use crate::time::{Millis, iso_date};
use crate::version_id::VersionId;
use alloc::string::String;
use alloc::vec::Vec;

const HEAD: &str = "civitai-permissions 1 ";

impl Engine {
    /// Everything that is remembered and still holds, as text for [`Engine::restore`].
    #[must_use]
    pub fn snapshot(&self, now: Millis) -> String {
        let mut lines = Lines(String::new());
        lines.start(b'b').text(self.config.base.as_str());
        let Gate { until, status, silent, closings } = self.gate;
        lines.start(b'g').number(until).number(status).number(silent).number(closings);
        for version in self.catalog.versions() {
            lines.version(version);
        }
        for model in self.catalog.models() {
            lines.start(b'm').number(model.id).number(model.owner).option(model.name.as_deref());
            for version in &model.versions {
                lines.number(*version);
            }
        }
        for cell in &self.cells {
            let end = gate_end(&self.catalog, cell.topic, cell.id);
            if let Some(memory) = cell.memory.filter(|memory| memory.holds(self.config.max_age, end, now)) {
                let yes = u8::from(memory.yes);
                lines.start(b'a').number(cell.topic.key()).number(cell.id).number(yes).number(memory.sent);
            }
        }
        let mut text = String::from(HEAD);
        push_number(&mut text, checksum(lines.0.as_bytes()));
        text.push_str(&lines.0);
        text
    }

    /// Takes back what [`Engine::snapshot`] told; `false`, with nothing changed, for the text of
    /// another version, of another base URL, or a damaged one. What is known already stays.
    pub fn restore(&mut self, snapshot: &str, now: Millis) -> bool {
        let Some(records) = records(snapshot, self.config.base.as_str()) else { return false };
        for record in records {
            match record {
                Record::Gate(gate) if gate.left(now) > self.gate.left(now) => self.gate = gate,
                Record::Gate(_) => {}
                Record::Version(version) => self.catalog.put_version(&version),
                Record::Model(model) => self.catalog.put_model(&model),
                Record::Answer { topic, id, memory } => {
                    let end = gate_end(&self.catalog, topic, id);
                    if memory.holds(self.config.max_age, end, now) {
                        self.remember(topic, id, memory);
                    }
                }
            }
        }
        true
    }
}

enum Record {
    Gate(Gate),
    Version(VersionFacts),
    Model(ModelFacts),
    Answer { topic: Topic, id: u32, memory: Memory },
}

/// All records, or `None` if any of them is not ours.
fn records(snapshot: &str, base: &str) -> Option<Vec<Record>> {
    let snapshot = snapshot.as_bytes();
    let end = snapshot.iter().position(|byte| *byte == b'\n')?;
    let (head, lines) = snapshot.split_at_checked(end)?;
    if number(head.strip_prefix(HEAD.as_bytes())?)? != checksum(lines) {
        return None;
    }
    let (mut records, mut named) = (Vec::new(), false);
    for line in lines.split(|byte| *byte == b'\n').skip(1) {
        let mut fields = Fields(Some(line));
        match fields.next()? {
            b"b" if fields.text()? == base => named = true,
            b"g" => records.push(Record::Gate(Gate {
                until: fields.number()?,
                status: fields.number()?,
                silent: fields.number()?,
                closings: fields.number()?,
            })),
            b"v" => records.push(Record::Version(fields.version()?)),
            b"m" => {
                let (id, owner, name) = (fields.id()?, fields.number()?, fields.option()?);
                let mut versions = Vec::new();
                while fields.0.is_some() {
                    versions.push(fields.id()?);
                }
                records.push(Record::Model(ModelFacts { id, owner, name, versions }));
            }
            b"a" => {
                let key: u32 = fields.number()?;
                let (topic, id, yes) = (Topic::of_key(key), fields.id()?, fields.number::<u8>()?);
                if topic.key() != key || yes > 1 {
                    return None;
                }
                let memory = Memory::restored(yes == 1, fields.number()?);
                records.push(Record::Answer { topic, id, memory });
            }
            _ => return None,
        }
        if fields.0.is_some() {
            return None;
        }
    }
    named.then_some(records)
}

/// FNV-1a: it finds damage; it need not withstand intent, since every field is checked as well.
fn checksum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

struct Lines(String);

impl Lines {
    fn start(&mut self, kind: u8) -> &mut Self {
        self.0.push('\n');
        self.0.push(char::from(kind));
        self
    }

    fn number(&mut self, number: impl Into<u64>) -> &mut Self {
        self.0.push('\t');
        push_number(&mut self.0, number.into());
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.0.push('\t');
        for letter in text.chars() {
            match letter {
                '\t' => self.0.push_str("\\t"),
                '\n' => self.0.push_str("\\n"),
                '\\' => self.0.push_str("\\\\"),
                letter => self.0.push(letter),
            }
        }
        self
    }

    /// Absent is a lone minus; texts are marked with an equals sign.
    fn option(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            None => self.text("-"),
            Some(text) => {
                let mut marked = String::from("=");
                marked.push_str(text);
                self.text(&marked)
            }
        }
    }

    fn flag(&mut self, flag: Option<bool>) -> &mut Self {
        self.number(flag.map_or(2, u8::from))
    }

    fn version(&mut self, version: &VersionFacts) {
        self.start(b'v').number(version.id).number(version.model).number(version.owner);
        self.option(version.name.as_deref());
        match &version.terms {
            Terms::Unknown => self.text("unknown"),
            Terms::Open => self.text("open"),
            Terms::NotPaid => self.text("notPaid"),
            Terms::Until(date, _) => self.text(date),
            Terms::Pending => self.text("pending"),
            Terms::Paid => self.text("paid"),
            Terms::Private => self.text("private"),
        };
        self.flag(version.covered).flag(version.check_permission).flag(version.can_generate);
        match version.trials {
            None if version.unexplained => self.text("unexplained"),
            None if version.no_tier => self.text("none"),
            None => self.text("-"),
            Some(Trials::Unlimited) => self.text("unlimited"),
            Some(Trials::Count(count)) => self.number(count),
        };
    }
}

/// What is left of a line.
struct Fields<'a>(Option<&'a [u8]>);

impl<'a> Fields<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.0?;
        let end = line.iter().position(|byte| *byte == b'\t');
        let (field, rest) = line.split_at_checked(end.unwrap_or(line.len()))?;
        self.0 = end.and_then(|_| rest.get(1..));
        Some(field)
    }

    fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(number(self.next()?)?).ok()
    }

    fn id(&mut self) -> Option<u32> {
        Some(VersionId::new(self.number()?)?.get())
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        let mut bytes = self.next()?.iter();
        while let Some(byte) = bytes.next() {
            text.push(match byte {
                b'\\' => match bytes.next()? {
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'\\' => b'\\',
                    _ => return None,
                },
                byte => *byte,
            });
        }
        Some(text)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?).ok()
    }

    fn option(&mut self) -> Option<Option<String>> {
        match self.bytes()?.as_slice() {
            b"-" => Some(None),
            [b'=', text @ ..] => Some(Some(String::from_utf8(text.to_vec()).ok()?)),
            _ => None,
        }
    }

    fn flag(&mut self) -> Option<Option<bool>> {
        match self.number::<u8>()? {
            0 => Some(Some(false)),
            1 => Some(Some(true)),
            2 => Some(None),
            _ => None,
        }
    }

    fn version(&mut self) -> Option<VersionFacts> {
        let mut facts = VersionFacts {
            id: self.id()?,
            model: self.number()?,
            owner: self.number()?,
            name: self.option()?,
            terms: match self.next()? {
                b"unknown" => Terms::Unknown,
                b"open" => Terms::Open,
                b"notPaid" => Terms::NotPaid,
                b"pending" => Terms::Pending,
                b"paid" => Terms::Paid,
                b"private" => Terms::Private,
                date => {
                    let date = String::from_utf8(date.to_vec()).ok()?;
                    let ends = iso_date(&date)?;
                    Terms::Until(date, ends)
                }
            },
            covered: self.flag()?,
            check_permission: self.flag()?,
            can_generate: self.flag()?,
            trials: None,
            no_tier: false,
            unexplained: false,
        };
        match self.next()? {
            b"-" => {}
            b"none" => facts.no_tier = true,
            b"unexplained" => (facts.no_tier, facts.unexplained) = (true, true),
            b"unlimited" => facts.trials = Some(Trials::Unlimited),
            count => facts.trials = Some(Trials::Count(u32::try_from(number(count)?).ok()?)),
        }
        Some(facts)
    }
}
