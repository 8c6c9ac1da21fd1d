//! AIRs, Civitai's names for AI resources: `[urn:][air:][ecosystem:][type:][source:]{id}[@{version}[+{file}]]`, in any
//! case (contract §6).

use crate::id::{IdError, decimal};

/// The parts of an AIR, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Air<'a> {
    /// Whose resource it is; none for the short form `{model}@{version}`, which is Civitai's.
    pub source: Option<&'a str>,
    /// Of Civitai's: the model.
    pub id: &'a str,
    /// What follows the `@`.
    version: Option<&'a str>,
}

impl<'a> Air<'a> {
    /// Reads an AIR of any source. [`IdError::NotAVersion`] stands for "no AIR".
    pub(crate) fn read(text: &'a str) -> Result<Self, IdError> {
        let (head, version) = match text.split_once('@') {
            Some((head, version)) => (head, Some(version)),
            None => (text, None),
        };
        if text.contains(char::is_whitespace) {
            return Err(IdError::NotAVersion);
        }
        let Some((names, id)) = head.rsplit_once(':') else {
            return if version.is_some() && decimal(head).is_ok() {
                Ok(Self { source: None, id: head, version })
            } else {
                Err(IdError::NotAVersion)
            };
        };
        let (prefix, source) =
            names.rsplit_once(':').map_or((None, names), |(prefix, source)| (Some(prefix), source));
        let mut prefix = prefix.map(|prefix| prefix.split(':').peekable());
        let mut kinds = 0;
        if let Some(words) = &mut prefix {
            for scheme in ["urn", "air"] {
                words.next_if(|word| word.eq_ignore_ascii_case(scheme));
            }
            for word in words {
                kinds += 1;
                if !is_word(word) {
                    return Err(IdError::NotAVersion);
                }
            }
        }
        // An ecosystem and a type.
        let is_name = is_word(source) && source.bytes().any(|byte| byte.is_ascii_alphabetic());
        if kinds > 2 || !is_name || id.is_empty() {
            return Err(IdError::NotAVersion);
        }
        Ok(Self { source: Some(source), id, version })
    }

    /// Reads an AIR of Civitai.
    pub(crate) fn of_civitai(text: &'a str) -> Result<Self, IdError> {
        let air = Self::read(text)?;
        if air.is_of_civitai() { Ok(air) } else { Err(IdError::OtherSource) }
    }

    pub(crate) fn is_of_civitai(&self) -> bool {
        self.source.is_none_or(|source| source.eq_ignore_ascii_case("civitai"))
    }

    /// The digits of the version. A file's number may follow; the orchestrator refuses anything else.
    pub(crate) fn version(&self) -> Result<&'a str, IdError> {
        let Some(version) = self.version else {
            return Err(if decimal(self.id).is_ok() { IdError::ModelOnly } else { IdError::NotAVersion });
        };
        decimal(self.id)?;
        let (version, file) = version.split_once('+').map_or((version, None), |(id, file)| (id, Some(file)));
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if plain(version) && file.is_none_or(plain) { Ok(version) } else { Err(IdError::NotAVersion) }
    }
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(is_word_byte)
}

pub(crate) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/')
}
