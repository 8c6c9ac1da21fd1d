//! What text names a model version: numbers, AIRs and links (contract §6).

use crate::link::Link;
use crate::text::{cut, digits, number, same, split};
use core::fmt;

/// A model version's id, from 1 to 2147483647: the server keeps ids as `int4` and answers
/// a bigger one with 500 (contract §1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionId(u32);

/// A user's id, from 1 to 2147483647. Nobody is `Option::None`, never 0: the server reads
/// `userId=0` as nobody (contract §1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(u32);

/// The biggest id there can be (`int4`).
const MAX_ID: u32 = 2_147_483_647;

impl VersionId {
    /// The id with this number, or `None` if it lies outside 1 to 2147483647.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number >= 1 && number <= MAX_ID { Some(Self(number)) } else { None }
    }

    /// The id as a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Reads an id from text: plain digits, an AIR, or a link that names a version.
    ///
    /// # Errors
    /// Says what kept the text from naming one version of Civitai.
    ///
    /// # Examples
    /// ```
    /// use civitai_permissions::{IdError, VersionId};
    /// let id = VersionId::new(2514310).ok_or(IdError::OutOfRange)?;
    /// assert_eq!(VersionId::parse("2514310")?, id);
    /// assert_eq!(VersionId::parse("urn:air:sdxl:lora:civitai:827184@2514310")?, id);
    /// assert_eq!(VersionId::parse("https://civitai.com/models/827184?modelVersionId=2514310")?, id);
    /// assert_eq!(VersionId::parse("/models/827184"), Err(IdError::ModelOnly));
    /// # Ok::<(), IdError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, IdError> {
        Self::read(text.trim().as_bytes())
    }

    /// The same without white space around it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, IdError> {
        match bytes {
            [] => Err(IdError::Empty),
            [b'0'..=b'9', ..] => decimal(bytes),
            [b'-' | b'+', b'0'..=b'9', ..] => Err(IdError::NotDecimal),
            _ if Link::looks_like(bytes) => {
                let link = Link::read(bytes)?;
                let reason = if link.model.is_some() { IdError::ModelOnly } else { IdError::NotAnId };
                link.version.ok_or(reason)
            }
            _ => air(bytes).map(|(_, version)| version),
        }
    }
}

impl UserId {
    /// The id with this number, or `None` if it lies outside 1 to 2147483647.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        match VersionId::new(number) {
            Some(VersionId(number)) => Some(Self(number)),
            None => None,
        }
    }

    /// The id as a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Why text does not name a model version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdError {
    /// Nothing but white space.
    Empty,
    /// Neither a number, an AIR nor a link.
    NotAnId,
    /// A sign, a leading zero, a fraction, an exponent or a separator.
    NotDecimal,
    /// A number outside 1 to 2147483647.
    OutOfRange,
    /// A model without one of its versions.
    ModelOnly,
    /// An AIR of another source than Civitai.
    OtherSource,
    /// A link to another site.
    OtherSite,
}

impl IdError {
    /// The same in words.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Empty => "expected a model version id, got empty text",
            Self::NotAnId => {
                "expected a model version id: a whole number such as 2514310, an AIR such as \
                 civitai:827184@2514310, or a link that holds modelVersionId"
            }
            Self::NotDecimal => {
                "a model version id is written in plain digits, without sign, leading zero, \
                 fraction, exponent or separator"
            }
            Self::OutOfRange => "a model version id lies between 1 and 2147483647",
            Self::ModelOnly => {
                "this names a model, which may have many versions; add the version: \
                 ?modelVersionId=… in a link, @… in an AIR"
            }
            Self::OtherSource => "only an AIR whose source is civitai names a model version of Civitai",
            Self::OtherSite => {
                "only links to civitai.com, civitai.red, civitai.green and civitaired.com are read"
            }
        }
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl core::error::Error for IdError {}

/// ASCII digits in canonical form.
#[inline(never)]
pub(crate) fn decimal(bytes: &[u8]) -> Result<VersionId, IdError> {
    match (digits(bytes), bytes) {
        (_, b"0") => Err(IdError::OutOfRange),
        (_, [] | [b'0', ..]) => Err(IdError::NotDecimal),
        ((digits, []), _) => {
            let small = number(digits).and_then(|number| u32::try_from(number).ok());
            small.and_then(VersionId::new).ok_or(IdError::OutOfRange)
        }
        ((_, [b'.' | b',' | b'_' | b'e' | b'E' | b'\'', ..]), _) => Err(IdError::NotDecimal),
        _ => Err(IdError::NotAnId),
    }
}

/// The model and the version of
/// `[urn:][air:][ecosystem:][type:]civitai:{model}@{version}[+file][.format]`, in any case. Civitai's
/// own grammar puts `.safetensors` inside the version (contract §6); here it is the format.
pub(crate) fn air(bytes: &[u8]) -> Result<(VersionId, VersionId), IdError> {
    let words = split(bytes, b':');
    let [prefix @ .., source, resource] = words.as_slice() else { return Err(IdError::NotAnId) };
    let mut prefix = prefix;
    for scheme in [b"urn", b"air"] {
        match prefix {
            [first, rest @ ..] if same(first, scheme) => prefix = rest,
            _ => {}
        }
    }
    // An ecosystem and a type.
    if prefix.len() > 2 || !prefix.iter().chain([source]).all(|word| is_word(word)) {
        return Err(IdError::NotAnId);
    }
    if !same(source, b"civitai") {
        return Err(IdError::OtherSource);
    }
    let (model, version) = cut(resource, b'@');
    let Some(version) = version else {
        return Err(if decimal(model).is_ok() { IdError::ModelOnly } else { IdError::NotAnId });
    };
    let model = decimal(model)?;
    let (version, mut rest) = digits(version);
    if let [b'+', file @ ..] = rest {
        let (file, format) = digits(file);
        if file.is_empty() {
            return Err(IdError::NotAnId);
        }
        rest = format;
    }
    match rest {
        [b'.', format @ ..] if !is_word(format) || cut(format, b'/').1.is_some() => Err(IdError::NotAnId),
        [] | [b'.', ..] => Ok((model, decimal(version)?)),
        _ => Err(IdError::NotAnId),
    }
}

fn is_word(word: &[u8]) -> bool {
    !word.is_empty()
        && word.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn id(text: &str) -> u32 {
        VersionId::parse(text).expect(text).get()
    }

    #[track_caller]
    fn err(text: &str) -> IdError {
        VersionId::parse(text).expect_err(text)
    }

    #[test]
    fn every_error_has_words_of_its_own() {
        let said =
            ["", "x", "1.5", "0", "civitai:1", "a:1@2", "https://x/"].map(|text| err(text).to_string());
        for (place, words) in said.iter().enumerate() {
            assert!(words.len() > 20 && !said[place + 1..].contains(words), "{words}");
        }
    }

    #[test]
    fn digits_are_read_as_they_stand() {
        assert_eq!(id("1"), 1);
        assert_eq!(id(" 2514310\n"), 2_514_310);
        assert_eq!(id("2147483647"), 2_147_483_647);
    }

    #[test]
    fn digits_in_another_form_are_refused() {
        assert_eq!(err(""), IdError::Empty);
        assert_eq!(err(" \u{a0} "), IdError::Empty);
        assert_eq!(err("0"), IdError::OutOfRange);
        assert_eq!(err("2147483648"), IdError::OutOfRange);
        assert_eq!(err("99999999999999999999"), IdError::OutOfRange);
        for text in ["007", "00", "-1", "+1", "1.5", "1e3", "1_000", "1,000", "1,2"] {
            assert_eq!(err(text), IdError::NotDecimal, "{text}");
        }
        for text in ["abc", "0x10", "1 2", "１２", "1;2", "null", "NaN", "Infinity"] {
            assert!(matches!(err(text), IdError::NotAnId | IdError::NotDecimal), "{text}");
        }
    }

    #[test]
    fn airs_of_every_length_name_their_version() {
        for text in [
            "urn:air:sdxl:lora:civitai:827184@2514310",
            "URN:AIR:SDXL:LORA:CIVITAI:827184@2514310",
            "air:sdxl:lora:civitai:827184@2514310",
            "sdxl:lora:civitai:827184@2514310",
            "lora:civitai:827184@2514310",
            "air:civitai:827184@2514310",
            "urn:civitai:827184@2514310",
            "civitai:827184@2514310",
            " civitai:827184@2514310 ",
            "civitai:827184@2514310.safetensors",
            "civitai:827184@2514310+12",
            "civitai:827184@2514310+12.safetensors",
        ] {
            assert_eq!(id(text), 2_514_310, "{text}");
        }
    }

    #[test]
    fn airs_that_name_no_version_of_civitai_are_refused() {
        assert_eq!(err("urn:air:sdxl:lora:huggingface:1@2"), IdError::OtherSource);
        assert_eq!(err("foo:bar"), IdError::OtherSource);
        assert_eq!(err("civitai:827184"), IdError::ModelOnly);
        assert_eq!(err("civitai:827184@007"), IdError::NotDecimal);
        assert_eq!(err("civitai:827184@0"), IdError::OutOfRange);
        for text in [
            "civitai:x@1",
            "civitai:1@x",
            "civitai:1@2@3",
            "civitai:1@2+",
            "civitai:1@2+x",
            "civitai:1@2.",
            "civitai:1@2/3",
            "a:b:c:d:e:civitai:1@2",
            "x:air:a:b:civitai:1@2",
            ":civitai:1@2",
            "827184@2514310",
            "oci:civitai:1@sha256:ab",
        ] {
            assert!(VersionId::parse(text).is_err(), "{text}");
        }
    }
}
