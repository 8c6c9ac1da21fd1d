//! What a link to Civitai names: a model, one of its versions, or neither (contract §6).

use crate::air::Air;
use crate::id::{IdError, ModelId, VersionId};
use core::str::FromStr;

/// The ids that a link or an AIR holds.
///
/// # Examples
/// ```
/// use civitai_permissions::{IdError, Link};
/// let link: Link = "civitai.red/models/9/wizard-hat?modelVersionId=3".parse()?;
/// assert_eq!((link.model.map(u32::from), link.version.map(u32::from)), (Some(9), Some(3)));
/// # Ok::<(), IdError>(())
/// ```
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Link {
    /// The model, where it is named.
    #[cfg_attr(feature = "serde", serde(rename = "modelId"))]
    pub model: Option<ModelId>,
    /// The version, where it is named. The site ignores a `modelVersionId` that is no id, and so does this.
    #[cfg_attr(feature = "serde", serde(rename = "entityId"))]
    pub version: Option<VersionId>,
}

impl FromStr for Link {
    type Err = IdError;

    /// Reads an AIR, an absolute link to one of Civitai's hosts, with or without scheme, or a link relative to their
    /// root.
    ///
    /// # Errors
    /// [`IdError::OtherSite`] and [`IdError::OtherSource`] for what is not Civitai's, [`IdError::OtherPage`] for a
    /// page of no model, [`IdError::OutOfRange`] for an id that cannot be, [`IdError::NotAModel`] for the rest.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        if !looks_like(text) {
            let model = text.parse()?;
            return match (Air::read(text), text.parse()) {
                (Ok(_), Ok(version)) => Ok(Self { model: Some(model), version: Some(version) }),
                (Ok(_), Err(IdError::ModelOnly)) => Ok(Self { model: Some(model), version: None }),
                _ => Err(IdError::NotAModel),
            };
        }
        let Parts { model, version } = parts(text)?;
        match model {
            Some(_) => {
                Ok(Self { model: Some(text.parse()?), version: version.and_then(|id| id.parse().ok()) })
            }
            None => Ok(Self { model: None, version: Some(text.parse()?) }),
        }
    }
}

/// The ids in a link, as written.
pub(crate) struct Parts<'a> {
    pub model: Option<&'a str>,
    pub version: Option<&'a str>,
}

const HOSTS: [&str; 4] = ["civitai.com", "civitai.red", "civitai.green", "civitaired.com"];

/// Whether the text is meant as a link, good or bad.
pub(crate) fn looks_like(text: &str) -> bool {
    text.starts_with('/') || after_scheme(text).is_some() || is_host(text.split(['/', '?', '#']).next())
}

/// Reads a link without white space around it.
pub(crate) fn parts(link: &str) -> Result<Parts<'_>, IdError> {
    let local = local(link).ok_or(IdError::OtherSite)?;
    let local = local.split('#').next().unwrap_or_default();
    let (path, query) = local.split_once('?').unwrap_or((local, ""));
    let mut words = path.strip_prefix('/').unwrap_or_default().split('/');
    let words: [Option<&str>; 5] = core::array::from_fn(|_| words.next());
    let (model, version) = match words {
        [Some("api"), Some("v1"), Some("models"), Some(model), _] | [Some("models"), Some(model), ..] => {
            (Some(model), first_version(query))
        }
        [Some("api"), Some("v1"), Some("model-versions"), Some("mini"), Some(version)]
        | [Some("api"), Some("v1"), Some("model-versions"), Some(version), _]
        | [Some("api"), Some("download"), Some("models"), Some(version), _]
        | [Some("model-versions"), Some(version), ..] => (None, Some(version)),
        _ => (None, None),
    };
    // A word in the place of an id, as in /models/create, is another page's address.
    let id = |text: &str| text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    match model.or(version).is_some_and(id) {
        true => Ok(Parts { model, version }),
        false => Err(IdError::OtherPage),
    }
}

/// What follows `http://` or `https://`, in any case.
pub(crate) fn after_scheme(link: &str) -> Option<&str> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let (head, rest) = link.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

/// What follows the host, if that is one of Civitai's; a link that begins with a slash has none.
fn local(link: &str) -> Option<&str> {
    if link.starts_with('/') && !link.starts_with("//") {
        return Some(link);
    }
    let rest = after_scheme(link).or(link.strip_prefix("//")).unwrap_or(link);
    let (host, local) = rest.split_at_checked(rest.find(['/', '?', '#']).unwrap_or(rest.len()))?;
    is_host(Some(host)).then_some(local)
}

fn is_host(host: Option<&str>) -> bool {
    let host = host.unwrap_or_default();
    let bare = match host.split_at_checked(4) {
        Some((www, bare)) if www.eq_ignore_ascii_case("www.") => bare,
        _ => host,
    };
    HOSTS.iter().any(|known| bare.eq_ignore_ascii_case(known))
}

/// The first `modelVersionId` counts, as on the site (contract §6). In HTML source the `&` is written `&amp;`.
fn first_version(query: &str) -> Option<&str> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("amp;").unwrap_or(pair).strip_prefix("modelVersionId="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_a_text_from_being_a_link_is_named() {
        for text in [
            "https://civitai.com.evil.com/models/9?modelVersionId=3",
            "https://evil.com/models/9?modelVersionId=3",
            "https://user@civitai.com/models/9?modelVersionId=3",
            "https://civitai.com:8443/models/9?modelVersionId=3",
            "https://",
            "//evil.com/models/9",
        ] {
            assert_eq!(text.parse::<Link>(), Err(IdError::OtherSite), "{text}");
            assert_eq!(text.parse::<VersionId>(), Err(IdError::OtherSite), "{text}");
        }
        for text in
            ["https://civitai.com", "/", "/models/create", "civitai.com/images/3", "/api/download/models"]
        {
            assert_eq!(text.parse::<Link>(), Err(IdError::OtherPage), "{text}");
            assert_eq!(text.parse::<VersionId>(), Err(IdError::OtherPage), "{text}");
        }
        for text in ["models/9", "2514310", "hello", "evil.com/models/9"] {
            assert_eq!(text.parse::<Link>(), Err(IdError::NotAModel), "{text}");
        }
        assert_eq!("".parse::<Link>(), Err(IdError::Empty));
        assert_eq!("/model-versions/0".parse::<Link>(), Err(IdError::OutOfRange));
        assert_eq!("urn:air:sdxl:lora:huggingface:1@2".parse::<Link>(), Err(IdError::OtherSource));
    }

    #[test]
    fn a_link_without_a_readable_version_says_what_is_wrong_with_it() {
        let version = |text: &str| text.parse::<VersionId>();
        assert_eq!(version("/models/9?modelVersionId="), Err(IdError::ModelOnly));
        assert_eq!(version("/models/9?modelVersionId=0"), Err(IdError::OutOfRange));
        assert_eq!(version("/models/9?modelVersionId=x"), Err(IdError::NotAVersion));
        assert_eq!(version("/models/9?modelVersionId=3.5"), Err(IdError::NotDecimal));
        assert_eq!(version("/models/9?token=0123456789abcdef0123456789abcdef"), Err(IdError::ModelOnly));
    }

    #[test]
    fn an_air_is_read_as_a_link() {
        let link = |text: &str| {
            text.parse().map(|Link { model, version }| (model.map(u32::from), version.map(u32::from)))
        };
        assert_eq!(link("urn:air:sdxl:lora:civitai:827184@2514310"), Ok((Some(827_184), Some(2_514_310))));
        assert_eq!(link("civitai:827184"), Ok((Some(827_184), None)));
        assert_eq!(link("civitai:827184@main"), Err(IdError::NotAModel));
    }
}
