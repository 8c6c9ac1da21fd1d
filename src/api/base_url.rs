//! Which server is asked.

use crate::link::after_scheme;
use std::fmt;

/// Where the API is: scheme, host and, if any, a path; without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

/// The longest base URL: a request's URL stays under 8,000 bytes and must hold ids too.
const MAX_BYTES: usize = 2000;

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    /// Says what is wrong: another scheme than http or https, no host, credentials, a query, a
    /// fragment, white space, or more than 2,000 bytes.
    ///
    /// # Examples
    /// ```
    /// use civitai_permissions::{BaseUrl, BaseUrlError};
    /// assert_eq!(BaseUrl::parse("https://example.com/proxy/")?.as_str(), "https://example.com/proxy");
    /// assert_eq!(BaseUrl::parse("ftp://x"), Err(BaseUrlError::Scheme));
    /// # Ok::<(), BaseUrlError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let rest = after_scheme(text).ok_or(BaseUrlError::Scheme)?;
        let host = rest.split('/').next().unwrap_or_default();
        let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>');
        if host.contains('@') {
            Err(BaseUrlError::Credentials)
        } else if text.contains(['?', '#']) {
            Err(BaseUrlError::QueryOrFragment)
        } else if host.is_empty() || host.starts_with(':') {
            Err(BaseUrlError::Host)
        } else if !text.bytes().all(fits) {
            Err(BaseUrlError::Character)
        } else if text.len() > MAX_BYTES {
            Err(BaseUrlError::TooLong)
        } else {
            Ok(Self(text.trim_end_matches('/').to_owned()))
        }
    }

    /// The URL as text, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for BaseUrl {
    /// `https://civitai.com`
    fn default() -> Self {
        Self("https://civitai.com".to_owned())
    }
}

/// Why text is not a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// Not http or https.
    Scheme,
    /// No host.
    Host,
    /// A user or a password.
    Credentials,
    /// A query or a fragment.
    QueryOrFragment,
    /// A character that a URL holds only in escaped form.
    Character,
    /// More than 2,000 bytes.
    TooLong,
}

impl BaseUrlError {
    /// The same in words.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Scheme => "a base URL begins with http:// or https://, such as https://civitai.com",
            Self::Host => "a base URL names a host, such as https://civitai.com",
            Self::Credentials => "a base URL holds no user and no password",
            Self::QueryOrFragment => "a base URL holds no query and no fragment",
            Self::Character => "a base URL is written in printable ASCII; escape the rest",
            Self::TooLong => "a base URL is at most 2,000 bytes long",
        }
    }
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for BaseUrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_kept_and_a_closing_slash_is_not() {
        for (text, kept) in [
            ("https://civitai.com", "https://civitai.com"),
            ("https://civitai.com/", "https://civitai.com"),
            ("http://127.0.0.1:8787/s/a//", "http://127.0.0.1:8787/s/a"),
            ("HTTPS://[::1]:1/x", "HTTPS://[::1]:1/x"),
        ] {
            assert_eq!(BaseUrl::parse(text).expect(text).as_str(), kept);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, error) in [
            ("", BaseUrlError::Scheme),
            ("ftp://x", BaseUrlError::Scheme),
            ("civitai.com", BaseUrlError::Scheme),
            ("//civitai.com", BaseUrlError::Scheme),
            ("https://", BaseUrlError::Host),
            ("https:///x", BaseUrlError::Host),
            ("https://:80", BaseUrlError::Host),
            ("https://me:secret@civitai.com", BaseUrlError::Credentials),
            ("https://civitai.com?x=1", BaseUrlError::QueryOrFragment),
            ("https://civitai.com/#x", BaseUrlError::QueryOrFragment),
            ("https://civitai.com/a b", BaseUrlError::Character),
            ("https://civitai.com\\x", BaseUrlError::Character),
            ("https://cıvitai.com", BaseUrlError::Character),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(error), "{text}");
            assert!(error.to_string().starts_with("a base URL "), "{error}");
        }
        let longest = format!("https://x/{}", "a".repeat(1990));
        assert_eq!(BaseUrl::parse(&longest).map(|base| base.as_str().len()), Ok(2000));
        assert_eq!(BaseUrl::parse(&format!("{longest}a")), Err(BaseUrlError::TooLong));
    }
}
