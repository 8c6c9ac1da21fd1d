//! Ids: three kinds of number that must not be mixed up, and the texts that name them (contract §6).

use crate::air::Air;
use crate::link;
use core::fmt;
use core::num::NonZeroU32;
use core::str::FromStr;

/// The largest id: the server keeps ids as `int4` and answers a larger one with 500 (contract §1.3).
const MAX_ID: u32 = 2_147_483_647;

/// Defines one kind of id.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "u32", into = "u32"))]
        pub struct $name(NonZeroU32);

        impl $name {
            /// The id with this number, or `None` if it lies outside 1 to 2147483647.
            #[must_use]
            pub const fn new(number: u32) -> Option<Self> {
                match NonZeroU32::new(number) {
                    Some(id) if number <= MAX_ID => Some(Self(id)),
                    _ => None,
                }
            }

            /// The id as a number.
            #[must_use]
            pub const fn get(self) -> u32 {
                self.0.get()
            }
        }

        impl TryFrom<u32> for $name {
            type Error = IdError;

            fn try_from(number: u32) -> Result<Self, IdError> {
                Self::new(number).ok_or(IdError::OutOfRange)
            }
        }

        impl From<$name> for u32 {
            fn from(id: $name) -> Self {
                id.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// A model version's id, from 1 to 2147483647.
    ///
    /// It is read from a number, an AIR or a link.
    ///
    /// # Examples
    /// ```
    /// use civitai_permissions::{IdError, VersionId};
    /// let id = VersionId::try_from(2514310)?;
    /// for text in [
    ///     "2514310",
    ///     "827184@2514310",
    ///     "urn:air:sdxl:lora:civitai:827184@2514310",
    ///     "https://civitai.com/models/827184?modelVersionId=2514310",
    ///     "civitai.com/api/download/models/2514310",
    /// ] {
    ///     assert_eq!(text.parse::<VersionId>()?, id);
    /// }
    /// assert_eq!("/models/827184".parse::<VersionId>(), Err(IdError::ModelOnly));
    /// # Ok::<(), IdError>(())
    /// ```
    VersionId
}

id! {
    /// A model's id, from 1 to 2147483647.
    ///
    /// It is read from a number, or from a link or an AIR that names a model; of one that names a version too, its
    /// model.
    ///
    /// # Examples
    /// ```
    /// use civitai_permissions::ModelId;
    /// let id: ModelId = "https://civitai.com/models/827184/wai-illustrious?modelVersionId=2514310".parse()?;
    /// assert_eq!(id.get(), 827184);
    /// # Ok::<(), civitai_permissions::IdError>(())
    /// ```
    ModelId
}

id! {
    /// A user's id, from 1 to 2147483647, read from a number. An anonymous viewer is `Option::None`, never 0: the
    /// server reads `userId=0` as anonymous (contract §1.3).
    ///
    /// # Examples
    /// ```
    /// use civitai_permissions::UserId;
    /// let id: UserId = "12345".parse()?;
    /// assert_eq!((id.to_string(), u32::from(id)), ("12345".to_owned(), 12345));
    /// # Ok::<(), civitai_permissions::IdError>(())
    /// ```
    UserId
}

impl FromStr for VersionId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        let version = match Form::of(text)? {
            Form::Number => text,
            Form::Link => {
                let parts = link::parts(text)?;
                let missing = if parts.model.is_some() { IdError::ModelOnly } else { IdError::NotAVersion };
                // `?modelVersionId=` without a value leads to the model.
                parts.version.filter(|version| !version.is_empty()).ok_or(missing)?
            }
            Form::Air => {
                Air::of_civitai(text).map_err(|error| error.or(IdError::NotAVersion, text))?.version()?
            }
        };
        decimal(version).map_err(|error| error.or(IdError::NotAVersion, text))?.try_into()
    }
}

impl FromStr for ModelId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        let model = match Form::of(text)? {
            Form::Number => text,
            Form::Link => link::parts(text)?.model.ok_or(IdError::VersionOnly)?,
            Form::Air => Air::of_civitai(text).map_err(|error| error.or(IdError::NotAModel, text))?.id,
        };
        decimal(model).map_err(|error| error.or(IdError::NotAModel, text))?.try_into()
    }
}

impl FromStr for UserId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        decimal(text).map_err(|error| error.or(IdError::NotAUser, text))?.try_into()
    }
}

/// How a text without white space around it writes an id.
enum Form {
    Number,
    Link,
    Air,
}

impl Form {
    fn of(text: &str) -> Result<Self, IdError> {
        match text.trim_start_matches(['-', '+']).as_bytes().first() {
            _ if text.is_empty() => Err(IdError::Empty),
            Some(b'0'..=b'9') if !text.contains(['@', ':']) => Ok(Self::Number),
            _ if link::looks_like(text) => Ok(Self::Link),
            _ => Ok(Self::Air),
        }
    }
}

/// Why a text or a number is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdError {
    /// Nothing but white space.
    Empty,
    /// Nothing that names a version: no number, no AIR, no link.
    NotAVersion,
    /// Nothing that names a model: no number, no AIR, no link.
    NotAModel,
    /// No number of a user.
    NotAUser,
    /// A sign, a leading zero, a fraction, an exponent or a separator.
    NotDecimal,
    /// A number outside 1 to 2147483647.
    OutOfRange,
    /// A model without one of its versions.
    ModelOnly,
    /// A version, where a model is wanted.
    VersionOnly,
    /// A link to a page of Civitai that is of no model.
    OtherPage,
    /// A link to another site.
    OtherSite,
    /// An AIR of another source than Civitai.
    OtherSource,
    /// Text that looks like an API key or another credential.
    Secret,
}

impl IdError {
    /// The stable, machine-readable name, one of `NOT_AN_ID`, `OUT_OF_RANGE`, `MODEL_ONLY`, `OTHER_SITE`,
    /// `OTHER_SOURCE` and `SECRET`: the `reason` of the npm module's `PermissionsError`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty
            | Self::NotAVersion
            | Self::NotAModel
            | Self::NotAUser
            | Self::NotDecimal
            | Self::VersionOnly
            | Self::OtherPage => "NOT_AN_ID",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::ModelOnly => "MODEL_ONLY",
            Self::OtherSite => "OTHER_SITE",
            Self::OtherSource => "OTHER_SOURCE",
            Self::Secret => "SECRET",
        }
    }

    /// What is wrong and what is expected, in words. The text at fault is not in it.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Empty => "expected an id, got empty text",
            Self::NotAVersion => {
                "expected a model version id: a whole number such as 2514310, an AIR such as \
                 civitai:827184@2514310, or a link that names a version"
            }
            Self::NotAModel => {
                "expected a model id: a whole number such as 827184, or a link or an AIR that names a model"
            }
            Self::NotAUser => "expected a user id: a whole number such as 12345",
            Self::NotDecimal => {
                "an id is written in plain digits, without sign, leading zero, fraction, exponent or separator"
            }
            Self::OutOfRange => "an id lies between 1 and 2147483647",
            Self::ModelOnly => {
                "this names a model, which may have many versions; add the version: \
                 ?modelVersionId=… in a link, @… in an AIR"
            }
            Self::VersionOnly => "this names a version and not its model",
            Self::OtherPage => "this page of Civitai is of no model",
            Self::OtherSite => {
                "only links to civitai.com, civitai.red, civitai.green and civitaired.com are read"
            }
            Self::OtherSource => "only an AIR whose source is civitai names a model version of Civitai",
            Self::Secret => {
                "this looks like an API key or a token, not like an id; keep it out of such a list"
            }
        }
    }

    /// Replaces the general "no id" by the kind of id that is wanted, or by [`IdError::Secret`].
    fn or(self, wanted: Self, text: &str) -> Self {
        match self {
            Self::NotAVersion | Self::NotDecimal if looks_secret(text) => Self::Secret,
            Self::NotAVersion => wanted,
            _ => self,
        }
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for IdError {}

/// ASCII digits in canonical form, from 1 to the largest id; [`IdError::NotAVersion`] for anything but a number.
pub(crate) fn decimal(text: &str) -> Result<u32, IdError> {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Err(IdError::NotAVersion);
    }
    let (number, rest) = body.split_at_checked(digits).unwrap_or((body, ""));
    match rest.bytes().next() {
        Some(b'.' | b',' | b'_' | b'e' | b'E' | b'\'') => return Err(IdError::NotDecimal),
        Some(_) => return Err(IdError::NotAVersion),
        None => {}
    }
    if number == "0" {
        return Err(IdError::OutOfRange);
    }
    if body.len() != text.len() || number.starts_with('0') {
        return Err(IdError::NotDecimal);
    }
    number.parse().ok().filter(|number| *number <= MAX_ID).ok_or(IdError::OutOfRange)
}

/// Whether a text may be a credential: one long word of letters and digits, or an Authorization header's value.
pub(crate) fn looks_secret(text: &str) -> bool {
    let text = text.trim();
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return true;
    }
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let word =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'~' | b'+' | b'=');
    text.len() >= 20 && letters > 0 && digits > 0 && text.bytes().all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn id(text: &str) -> u32 {
        text.parse::<VersionId>().expect(text).get()
    }

    #[track_caller]
    fn err(text: &str) -> IdError {
        text.parse::<VersionId>().expect_err(text)
    }

    #[test]
    fn every_error_has_its_own_words_and_one_of_six_codes() {
        let errors = [
            IdError::Empty,
            IdError::NotAVersion,
            IdError::NotAModel,
            IdError::NotAUser,
            IdError::NotDecimal,
            IdError::OutOfRange,
            IdError::ModelOnly,
            IdError::VersionOnly,
            IdError::OtherPage,
            IdError::OtherSite,
            IdError::OtherSource,
            IdError::Secret,
        ];
        let codes = ["NOT_AN_ID", "OUT_OF_RANGE", "MODEL_ONLY", "OTHER_SITE", "OTHER_SOURCE", "SECRET"];
        for (index, error) in errors.iter().enumerate() {
            let message = error.to_string();
            assert!(message.len() > 20 && !message.ends_with('.'), "{message}");
            assert!(errors[index + 1..].iter().all(|other| other.message() != message), "{message}");
            assert!(codes.contains(&error.code()), "{error:?}");
        }
        for code in codes {
            assert!(errors.iter().any(|error| error.code() == code), "{code}");
        }
    }

    #[test]
    fn digits_are_read_as_written() {
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
        for text in ["007", "00", "-1", "+1", "1.5", "1e3", "1_000", "1,000", "1,2", "1'000"] {
            assert_eq!(err(text), IdError::NotDecimal, "{text}");
        }
        for text in ["abc", "0x10", "1 2", "１２", "1;2", "null", "NaN", "Infinity", "-", "5models"] {
            assert_eq!(err(text), IdError::NotAVersion, "{text}");
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
            "civitai:827184@2514310+12",
            "827184@2514310",
        ] {
            assert_eq!(id(text), 2_514_310, "{text}");
            assert_eq!(text.parse::<ModelId>().map(ModelId::get), Ok(827_184), "{text}");
        }
    }

    #[test]
    fn airs_that_name_no_version_of_civitai_are_refused() {
        assert_eq!(err("urn:air:sdxl:lora:huggingface:1@2"), IdError::OtherSource);
        assert_eq!(
            err("urn:air:flux1:checkpoint:huggingface:black-forest-labs/FLUX.1-dev@main"),
            IdError::OtherSource
        );
        assert_eq!(err("urn:air:other:other:oci:registry/app@sha256:ab"), IdError::OtherSource);
        assert_eq!(err("civitai:827184"), IdError::ModelOnly);
        assert_eq!(err("civitai:827184@007"), IdError::NotDecimal);
        assert_eq!(err("civitai:827184@0"), IdError::OutOfRange);
        for text in [
            "civitai:x@1",
            "civitai:1@x",
            "civitai:1@2@3",
            "civitai:1@2+",
            "civitai:1@2+x",
            "civitai:1@2+12.safetensors",
            "civitai:1@2.safetensors",
            "civitai:1@2.",
            "civitai:1@2/3",
            "civitai:1@2abc",
            "a:b:c:d:e:civitai:1@2",
            "x:air:a:b:civitai:1@2",
            ":civitai:1@2",
            "oci:civitai:1@sha256:ab",
            "note: this",
            "@2",
        ] {
            assert_eq!(err(text), IdError::NotAVersion, "{text}");
        }
    }

    #[test]
    fn a_model_is_read_from_whatever_names_one() {
        let model = |text: &str| text.parse::<ModelId>();
        for text in
            ["827184", "civitai:827184", "civitai.com/models/827184", "/models/827184?modelVersionId=x"]
        {
            assert_eq!(model(text), ModelId::new(827_184).ok_or(IdError::Empty), "{text}");
        }
        assert_eq!(model("/model-versions/3"), Err(IdError::VersionOnly));
        assert_eq!(model("abc"), Err(IdError::NotAModel));
        assert_eq!(model("/models/create"), Err(IdError::OtherPage));
        assert_eq!(model("/models/0"), Err(IdError::OutOfRange));
        assert_eq!(model(""), Err(IdError::Empty));
        assert_eq!(model("urn:air:sdxl:lora:huggingface:1@2"), Err(IdError::OtherSource));
    }

    #[test]
    fn a_user_is_a_number() {
        let user = |text: &str| text.parse::<UserId>();
        assert_eq!(user(" 12345\n").map(UserId::get), Ok(12_345));
        assert_eq!(user(""), Err(IdError::Empty));
        assert_eq!(user("0"), Err(IdError::OutOfRange));
        assert_eq!(user("-5"), Err(IdError::NotDecimal));
        for text in ["alice", "827184@2514310", "civitai:827184@2514310", "/models/827184"] {
            assert_eq!(user(text), Err(IdError::NotAUser), "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_credential_is_named_as_such() {
        for text in [
            "0123456789abcdef0123456789abcdef",
            "deadbeefdeadbeefdeadbeefdeadbee0",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "Bearer abc",
            "bearer 123",
            "1e34567890abcdef1234",
        ] {
            assert_eq!(err(text), IdError::Secret, "{text}");
            assert_eq!(text.parse::<ModelId>(), Err(IdError::Secret), "{text}");
            assert_eq!(text.parse::<UserId>(), Err(IdError::Secret), "{text}");
        }
        assert_eq!(err("a-long-word-without-any-number"), IdError::NotAVersion);
    }
}
