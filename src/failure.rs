//! Why an id has no verdict. No failure means "denied": a denial is a verdict, not an error.

use crate::time::Millis;
use std::fmt;

/// The stable, machine-readable name of a failure.
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "SCREAMING_SNAKE_CASE")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// Rejected before any request. As a [`Failure`]: more was asked at once than memory has room for.
    InvalidArgument,
    /// No response, or one that CORS hides.
    Network,
    /// A request took longer than its time, every time.
    Timeout,
    /// 429, or 503 with Retry-After.
    RateLimited,
    /// 451: the service is not offered where the request came from (contract §1.5).
    RegionBlocked,
    /// 401.
    Unauthorized,
    /// Any other status that is not 2xx.
    Http,
    /// A 2xx body that is not what Civitai documents.
    InvalidResponse,
}

impl Code {
    pub(crate) const ALL: [Self; 8] = [
        Self::InvalidArgument,
        Self::Network,
        Self::Timeout,
        Self::RateLimited,
        Self::RegionBlocked,
        Self::Unauthorized,
        Self::Http,
        Self::InvalidResponse,
    ];

    /// The code as it stands on a `PermissionsError`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::Network => "NETWORK",
            Self::Timeout => "TIMEOUT",
            Self::RateLimited => "RATE_LIMITED",
            Self::RegionBlocked => "REGION_BLOCKED",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Http => "HTTP",
            Self::InvalidResponse => "INVALID_RESPONSE",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One request; later requests have greater numbers.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(crate) u32);

impl RequestId {
    /// The request's number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Why an id has no verdict.
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub code: Code,
    /// The answer's status, where there was an answer.
    pub status: Option<u16>,
    /// How long the server asks to wait, in milliseconds.
    pub retry_after: Option<Millis>,
    /// The last request that failed: the driver keeps the platform's own error under this number.
    pub request: Option<RequestId>,
}

impl Failure {
    /// The same in words, with what to do about it.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self.code {
            Code::InvalidArgument => {
                "more is asked at once than memory has room for: at most 4,000,000 ids, 1,000,000 of them different; \
                 wait until earlier calls have ended, then ask again"
            }
            Code::Network => {
                "no response: offline, blocked, or, in a browser, hidden by CORS (browsers do not tell which); \
                 try later"
            }
            Code::Timeout => "no response in time; allow more, or try later",
            Code::RateLimited => "the server asks for a pause; wait as long as it says, then ask again",
            Code::RegionBlocked => "Civitai does not offer its service in this region",
            Code::Unauthorized => "the server asks for a valid token",
            // In restricted regions a model that exists is not found either.
            Code::Http if matches!(self.status, Some(404)) => {
                "not found: no such model or version, or one that is not shown here"
            }
            Code::Http => "the server answered with an error",
            Code::InvalidResponse => "unexpected answer: not what Civitai documents",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_name_and_words() {
        let codes = Code::ALL;
        let failures = codes.map(|code| Failure { code, status: None, retry_after: None, request: None });
        for (place, failure) in failures.iter().enumerate() {
            let said = failure.to_string();
            assert!(said.len() > 20 && !said.ends_with('.'), "{said}");
            assert!(failures.iter().skip(place + 1).all(|other| other.to_string() != said), "{said}");
        }
        for (place, code) in codes.iter().enumerate() {
            let name = code.as_str();
            assert!(name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{name}");
            assert!(codes.iter().skip(place + 1).all(|other| other.as_str() != name), "{name}");
        }
    }

    #[test]
    fn a_404_says_that_nothing_is_shown_there() {
        let failure = Failure { code: Code::Http, status: Some(404), retry_after: None, request: None };
        assert!(failure.to_string().starts_with("not found: no such model"), "{failure}");
    }
}
