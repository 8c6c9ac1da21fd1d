//! Which resources a text or a value names: the step before a workflow is sent.
//!
//! [`Finder`] collects. Text goes through `scan`, JSON in text through `json`, lists with a header line through
//! `table`; a caller that walks values of its own calls the same methods as they do.

mod json;
mod scan;
mod table;

use crate::id::{ModelId, VersionId, decimal};
use crate::table::{Index, fnv_from};

/// A resource that a text names.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Resource {
    /// What named it first: a number, an AIR, or a link. Of a link's query only `modelVersionId` is kept, since people
    /// paste links that hold their token.
    pub text: String,
    /// The version; none for a model without a version, and for a resource of another source.
    #[cfg_attr(feature = "serde", serde(rename = "entityId"))]
    pub version: Option<VersionId>,
    /// Its model, where the text names it too.
    #[cfg_attr(feature = "serde", serde(rename = "modelId"))]
    pub model: Option<ModelId>,
    /// Whose resource it is, in lower case: `civitai`, or what an AIR says, such as `huggingface`.
    pub source: String,
}

/// Finds what a text names, each resource once, in the order of first mention.
///
/// It reads AIRs and links in prose, markdown, HTML and source text; JSON in a text is read as JSON, however deep; a
/// list with a header line is read by its columns. A bare number counts only as a member or column named for it
/// (`modelVersionId`, `modelVersionIds`, `versionId`, `entityIds`), never a seed, a size or a weight. The time is linear in the
/// length of the text, and no text makes it fail.
///
/// # Examples
/// ```
/// use civitai_permissions::find_resources;
/// let text = r#"Steps: 30, Seed: 7, Civitai resources: [{"type":"checkpoint","modelVersionId":2514310}]"#;
/// let found = find_resources(text);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].version.map(u32::from), Some(2514310));
/// ```
#[must_use]
pub fn find_resources(text: &str) -> Vec<Resource> {
    let mut finder = Finder::default();
    finder.text(text);
    finder.finish()
}

/// Collects resources from the parts of a value, handed in one by one.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    found: Vec<Resource>,
    /// Of what was found, by what each is of.
    indices: Index,
    /// The objects and lists that are open.
    frames: Vec<Frame>,
    /// What the next value is, by the member's name.
    next: Member,
    /// Whether percent-encoding was taken off already: once only, or a text could be read once for each layer.
    decoded: bool,
}

/// What a member's name says of its value.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Member {
    #[default]
    Unknown,
    /// A version, or a list of versions.
    Version,
    /// The model of the version beside it.
    Model,
}

/// An object or a list that is open.
#[derive(Debug, Default)]
struct Frame {
    /// Of a list: what its elements are.
    elements: Member,
    model: Option<ModelId>,
    version: Versions,
}

/// The versions that are members of one object.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Versions {
    #[default]
    None,
    /// One, by its index in the result.
    One(u32),
    Several,
}

impl Member {
    /// By the name in any case, with or without separators: `modelVersionId`, `model_version_id`.
    fn named(name: &str) -> Self {
        if name.len() > 24 {
            return Self::Unknown;
        }
        let name: String = name.chars().filter(|letter| !matches!(letter, '_' | '-' | ' ')).collect();
        match name.to_ascii_lowercase().as_str() {
            "modelversionid" | "modelversionids" | "versionid" | "versionids" | "entityids" => Self::Version,
            "modelid" => Self::Model,
            _ => Self::Unknown,
        }
    }
}

impl Finder {
    pub(crate) fn open_object(&mut self) {
        self.next = Member::Unknown;
        self.frames.push(Frame::default());
    }

    pub(crate) fn open_list(&mut self) {
        // A list within such a list is none.
        let within = self.frames.last().is_some_and(|frame| frame.elements == Member::Version);
        let elements = match core::mem::take(&mut self.next) {
            Member::Version if !within => Member::Version,
            _ => Member::Unknown,
        };
        self.frames.push(Frame { elements, ..Frame::default() });
        self.next = elements;
    }

    /// Ends the object or list that was opened last.
    pub(crate) fn close(&mut self) {
        let frame = self.frames.pop().unwrap_or_default();
        if let (Some(model), Versions::One(index)) = (frame.model, frame.version) {
            if let Some(resource) = self.found.get_mut(index as usize) {
                resource.model.get_or_insert(model);
            }
        }
        self.next_element();
    }

    /// The name of the member whose value follows; a name may be an AIR.
    pub(crate) fn key(&mut self, name: &str) {
        self.text_of(name);
        self.next = Member::named(name);
    }

    /// A text as a value.
    pub(crate) fn text(&mut self, text: &str) {
        let member = core::mem::take(&mut self.next);
        // A list of numbers in one text: "1,2,3".
        let known = member != Member::Unknown
            && text.len() < 100_000
            && text.split(',').all(|number| decimal(number.trim()).is_ok());
        if known {
            for number in text.split(',') {
                self.member(member, decimal(number.trim()).unwrap_or_default());
            }
        } else {
            self.text_of(text);
        }
        self.next_element();
    }

    /// A number as a value.
    pub(crate) fn number(&mut self, number: f64) {
        let member = core::mem::take(&mut self.next);
        if number.fract() == 0.0 && (1.0..=f64::from(i32::MAX)).contains(&number) {
            self.member(member, number as u32);
        }
        self.next_element();
    }

    /// Any other value: true, false, null.
    pub(crate) fn nothing(&mut self) {
        self.next_element();
    }

    /// What was found.
    pub(crate) fn finish(self) -> Vec<Resource> {
        self.found
    }

    /// Prepares for the next value, which in a list is of the same kind as the one before.
    fn next_element(&mut self) {
        self.next = self.frames.last().map_or(Member::Unknown, |frame| frame.elements);
    }

    /// Reads a text with frames of its own.
    fn text_of(&mut self, text: &str) {
        let (next, frames) = (core::mem::take(&mut self.next), core::mem::take(&mut self.frames));
        if !table::read(self, text) {
            scan::read(self, text);
        }
        (self.next, self.frames) = (next, frames);
    }

    fn member(&mut self, member: Member, number: u32) {
        match member {
            Member::Unknown => {}
            Member::Model => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.model = frame.model.or(ModelId::new(number));
                }
            }
            Member::Version => {
                let Some(version) = VersionId::new(number) else { return };
                let index = self.add(number.to_string(), Some(version), None, "civitai");
                let one = u32::try_from(index).map_or(Versions::Several, Versions::One);
                if let Some(frame) = self.frames.last_mut() {
                    frame.version = match frame.version {
                        Versions::None => one,
                        Versions::One(_) if frame.version == one => one,
                        _ => Versions::Several,
                    };
                }
            }
        }
    }

    /// Adds a resource unless it is known, and returns its index. A model that was not known is added to it.
    fn add(
        &mut self,
        text: String,
        version: Option<VersionId>,
        model: Option<ModelId>,
        source: &str,
    ) -> usize {
        let index = self.index_of(&text, version, model);
        match self.found.get_mut(index) {
            Some(known) => known.model = known.model.or(model),
            None => {
                self.found.push(Resource { text, version, model, source: source.to_ascii_lowercase() });
            }
        }
        index
    }

    /// The index of a resource that is known, or the next one.
    fn index_of(&mut self, text: &str, version: Option<VersionId>, model: Option<ModelId>) -> usize {
        let mut key = key(text, version, model);
        loop {
            let next = self.found.len();
            let Some(index) = self.indices.get(&key).map(|index| *index as usize) else {
                self.indices.insert(key, next as u32);
                return next;
            };
            let other = self.found.get(index).filter(|_| version.is_none() && model.is_none());
            if other.is_none_or(|other| other.text.eq_ignore_ascii_case(text)) {
                return index;
            }
            // Two texts have one hash. A step to the next key would be one of thousands where all have it by intent.
            key = text_key(key, text);
        }
    }
}

/// The bit of keys that are texts' hashes.
const TEXT: u64 = 1 << 63;

/// What a resource is of, as a number.
fn key(text: &str, version: Option<VersionId>, model: Option<ModelId>) -> u64 {
    match (version, model) {
        (Some(version), _) => version.get().into(),
        (None, Some(model)) => 1 << 32 | u64::from(model.get()),
        (None, None) => text_key(0, text),
    }
}

fn text_key(start: u64, text: &str) -> u64 {
    fnv_from(start, &text.to_ascii_lowercase()) | TEXT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(finder: Finder) -> Vec<(Option<u32>, Option<u32>)> {
        let ids = |resource: Resource| (resource.model.map(u32::from), resource.version.map(u32::from));
        finder.finish().into_iter().map(ids).collect()
    }

    #[test]
    fn a_value_is_walked_by_its_parts() {
        let mut finder = Finder::default();
        finder.open_object();
        finder.key("model");
        finder.text("urn:air:sdxl:checkpoint:civitai:827184@2514310");
        finder.key("seed");
        finder.number(7.0);
        finder.key("urn:air:sdxl:lora:civitai:5@6");
        finder.open_object();
        finder.key("strength");
        finder.number(1.0);
        finder.close();
        finder.key("resources");
        finder.open_list();
        finder.open_object();
        finder.key("modelVersionId");
        finder.number(8.0);
        finder.key("modelId");
        finder.number(9.0);
        finder.close();
        finder.close();
        finder.key("modelVersionIds");
        finder.open_list();
        finder.number(10.0);
        finder.nothing();
        finder.text("11");
        finder.number(1.5);
        finder.number(-3.0);
        finder.number(f64::NAN);
        finder.number(1e300);
        finder.close();
        finder.key("x");
        finder.number(12.0);
        finder.close();
        assert_eq!(
            named(finder),
            [
                (Some(827_184), Some(2_514_310)),
                (Some(5), Some(6)),
                (Some(9), Some(8)),
                (None, Some(10)),
                (None, Some(11))
            ]
        );
    }

    #[test]
    fn a_model_beside_several_versions_belongs_to_none() {
        let mut finder = Finder::default();
        finder.open_object();
        finder.key("modelId");
        finder.number(9.0);
        finder.key("versionId");
        finder.number(1.0);
        finder.key("modelVersionId");
        finder.number(2.0);
        finder.close();
        assert_eq!(named(finder), [(None, Some(1)), (None, Some(2))]);
    }

    #[test]
    fn texts_with_one_hash_are_two_resources() {
        let mut finder = Finder::default();
        let text = |number| format!("urn:air:a:b:huggingface:{number}");
        finder.text(&text(0));
        let taken = text_key(0, &text(1));
        for taken in [taken, text_key(taken, &text(1))] {
            finder.indices.insert(taken, 0);
        }
        (0..3).for_each(|number| finder.text(&text(number)));
        finder.text(&text(1).to_ascii_uppercase());
        let found: Vec<String> = finder.finish().into_iter().map(|resource| resource.text).collect();
        assert_eq!(found, [0, 1, 2].map(text));
    }

    #[test]
    fn one_more_close_than_open_is_no_harm() {
        let mut finder = Finder::default();
        finder.close();
        finder.open_list();
        finder.close();
        finder.close();
        finder.text("civitai:1@2");
        assert_eq!(named(finder), [(Some(1), Some(2))]);
    }
}
