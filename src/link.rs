//! What a link to Civitai names: a model, one of its versions, or neither (contract §6).

use crate::version_id::{IdError, VersionId, decimal};

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
    pub(crate) fn looks_like(text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.first() == Some(&b'/') || after_scheme(bytes).is_some()
    }

    /// Reads an absolute link to one of Civitai's hosts, or one relative to their root.
    ///
    /// # Errors
    /// [`IdError::OtherSite`] for other hosts, [`IdError::NotAnId`] for pages that name neither a
    /// model nor a version, and what is wrong with an id that is there.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let bytes = text.trim().as_bytes();
        let (path, query) = path_and_query(bytes)?;
        let mut segments = path.split(|byte| *byte == b'/').skip(1);
        let (first, second) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
        match first {
            b"models" => {
                let model = decimal(second).map_err(|_| IdError::NotAnId)?;
                let version = first_version(query).map(decimal).transpose()?;
                Ok(Self { model: Some(model.get()), version })
            }
            b"model-versions" => Ok(Self { model: None, version: Some(decimal(second)?) }),
            b"api" if second == b"download" && segments.next() == Some(b"models") => {
                let id = segments.next().unwrap_or_default();
                Ok(Self { model: None, version: Some(decimal(id)?) })
            }
            _ => Err(IdError::NotAnId),
        }
    }
}

/// Splits off what comes after `http://` or `https://`, in any case.
pub(crate) fn after_scheme(bytes: &[u8]) -> Option<&[u8]> {
    [&b"https://"[..], b"http://"].into_iter().find_map(|scheme| {
        let (head, rest) = bytes.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

fn path_and_query(bytes: &[u8]) -> Result<(&[u8], &[u8]), IdError> {
    let local = match after_scheme(bytes) {
        Some(rest) => {
            let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
            let (host, rest) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            let bare = match host.split_at_checked(4) {
                Some((www, bare)) if www.eq_ignore_ascii_case(b"www.") => bare,
                _ => host,
            };
            if !HOSTS.iter().any(|known| bare.eq_ignore_ascii_case(known)) {
                return Err(IdError::OtherSite);
            }
            rest
        }
        // `//host/…` is a link to another host, not a path.
        None if bytes.starts_with(b"//") => return Err(IdError::OtherSite),
        None => bytes,
    };
    let local = local.split(|byte| *byte == b'#').next().unwrap_or_default();
    let mut halves = local.splitn(2, |byte| *byte == b'?');
    Ok((halves.next().unwrap_or_default(), halves.next().unwrap_or_default()))
}

/// The first `modelVersionId` counts, as on the site (contract §6).
fn first_version(query: &[u8]) -> Option<&[u8]> {
    query.split(|byte| *byte == b'&').find_map(|pair| pair.strip_prefix(b"modelVersionId="))
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
        assert_eq!(Link::parse("/models/9?modelVersionId="), Err(IdError::NotDecimal));
        assert_eq!(Link::parse("/model-versions/0"), Err(IdError::OutOfRange));
    }
}
