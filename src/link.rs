//! What a link to Civitai names: a model, one of its versions, or neither (contract §6).

use crate::id::{IdError, VersionId, decimal};
use crate::text::{cut, same, split};

/// The ids that a link holds.
///
/// # Examples
/// ```
/// use civitai_permissions::{IdError, Link};
/// let link = Link::parse("https://civitai.red/models/9/wizard-hat?modelVersionId=3")?;
/// assert_eq!((link.model, link.version.map(|id| id.get())), (Some(9), Some(3)));
/// # Ok::<(), IdError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The model, where the path names it.
    pub model: Option<u32>,
    /// The version, where path or query names it.
    pub version: Option<VersionId>,
}

const HOSTS: [&[u8]; 4] = [b"civitai.com", b"civitai.red", b"civitai.green", b"civitaired.com"];

impl Link {
    /// Whether the text is meant as a link, good or bad.
    pub(crate) fn looks_like(bytes: &[u8]) -> bool {
        bytes.first() == Some(&b'/') || after_scheme(bytes).is_some()
    }

    /// Reads an absolute link to one of Civitai's hosts, or one relative to their root.
    ///
    /// # Errors
    /// [`IdError::OtherSite`] for other hosts, [`IdError::NotAnId`] for pages that name neither a
    /// model nor a version, and what is wrong with an id that is there.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        Self::read(text.trim().as_bytes())
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, IdError> {
        let (path, query) = path_and_query(bytes)?;
        let (model, version) = match split(path, b'/')[..] {
            [_, b"models", model, ..] => {
                (Some(decimal(model).map_err(|_| IdError::NotAnId)?.get()), first_version(query))
            }
            [_, b"model-versions", version, ..] | [_, b"api", b"download", b"models", version, ..] => {
                (None, Some(version))
            }
            [_, b"model-versions"] | [_, b"api", b"download", b"models"] => (None, Some(&b""[..])),
            _ => return Err(IdError::NotAnId),
        };
        Ok(Self { model, version: version.map(decimal).transpose()? })
    }
}

/// Splits off what comes after `http://` or `https://`, in any case.
pub(crate) fn after_scheme(bytes: &[u8]) -> Option<&[u8]> {
    [&b"https://"[..], b"http://"].into_iter().find_map(|scheme| {
        let (head, rest) = bytes.split_at_checked(scheme.len())?;
        same(head, scheme).then_some(rest)
    })
}

fn path_and_query(bytes: &[u8]) -> Result<(&[u8], &[u8]), IdError> {
    let local = match after_scheme(bytes) {
        Some(rest) => {
            let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
            let (host, rest) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            let bare = match host.split_at_checked(4) {
                Some((www, bare)) if same(www, b"www.") => bare,
                _ => host,
            };
            if !HOSTS.iter().any(|known| same(bare, known)) {
                return Err(IdError::OtherSite);
            }
            rest
        }
        // `//host/…` is a link to another host, not a path.
        None if bytes.starts_with(b"//") => return Err(IdError::OtherSite),
        None => bytes,
    };
    let (local, _) = cut(local, b'#');
    let (path, query) = cut(local, b'?');
    Ok((path, query.unwrap_or_default()))
}

/// The first `modelVersionId` counts, as on the site (contract §6).
fn first_version(query: &[u8]) -> Option<&[u8]> {
    split(query, b'&').iter().find_map(|pair| pair.strip_prefix(b"modelVersionId="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn link(text: &str) -> (Option<u32>, Option<u32>) {
        let link = Link::parse(text).expect(text);
        (link.model, link.version.map(VersionId::get))
    }

    #[test]
    fn every_form_of_the_site_is_read() {
        assert_eq!(
            link("https://civitai.com/models/827184/slug?modelVersionId=2514310"),
            (Some(827_184), Some(2_514_310))
        );
        assert_eq!(link("HTTP://WWW.Civitai.Red/models/9?x=1&modelVersionId=3#top"), (Some(9), Some(3)));
        assert_eq!(
            link("https://civitai.com/models/9?modelVersionId=3&modelVersionId=4"),
            (Some(9), Some(3))
        );
        assert_eq!(link("/models/9/edited-anime"), (Some(9), None));
        assert_eq!(link("https://civitai.green/models/9/"), (Some(9), None));
        assert_eq!(link("https://civitaired.com/model-versions/3"), (None, Some(3)));
        assert_eq!(link("/model-versions/3?x"), (None, Some(3)));
        assert_eq!(
            link("https://civitai.com/api/download/models/3?type=Model&format=SafeTensor"),
            (None, Some(3))
        );
        assert_eq!(link("/api/download/models/3"), (None, Some(3)));
    }

    #[test]
    fn other_pages_and_sites_name_nothing() {
        for text in [
            "https://civitai.com.evil.com/models/9?modelVersionId=3",
            "https://evil.com/models/9?modelVersionId=3",
            "https://user@civitai.com/models/9?modelVersionId=3",
            "https://civitai.com:8443/models/9?modelVersionId=3",
            "https://xwww.civitai.com/models/9?modelVersionId=3",
            "//civitai.com/models/9?modelVersionId=3",
            "https://",
        ] {
            assert_eq!(Link::parse(text), Err(IdError::OtherSite), "{text}");
        }
        for text in [
            "https://civitai.com",
            "/",
            "/models",
            "/models/create",
            "/models/license/3",
            "/3d-models/9?modelVersionId=3",
            "/images?modelVersionId=3",
            "/posts/create?modelId=9",
            "/api/download/training-data/3",
            "models/9?modelVersionId=3",
        ] {
            assert_eq!(Link::parse(text), Err(IdError::NotAnId), "{text}");
        }
        for text in ["/models/9?modelVersionId=", "/model-versions", "/api/download/models"] {
            assert_eq!(Link::parse(text), Err(IdError::NotDecimal), "{text}");
        }
        assert_eq!(Link::parse("/model-versions/0"), Err(IdError::OutOfRange));
    }
}
