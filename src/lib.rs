#![doc = include_str!("README.md")]

mod air;
mod api;
mod digits;
mod engine;
mod failure;
mod find;
mod id;
mod link;
#[cfg(any(target_arch = "wasm32", test))]
mod shown;
mod table;
mod time;
mod verdict;

#[cfg(target_arch = "wasm32")]
mod browser;

pub use api::base_url::{BaseUrl, BaseUrlError};
pub use api::check::verdicts;
#[cfg(target_arch = "wasm32")]
pub use browser::{CheckError, Checker, PermissionChecker, Verdicts, check_permissions, find_resources_in};
pub use engine::{AskId, AskOptions, Config, Engine, Outcome, Pause, Step};
pub use failure::{Code, Failure, RequestId};
pub use find::{Resource, find_resources};
pub use id::{IdError, ModelId, UserId, VersionId};
pub use link::Link;
pub use time::{Millis, ReplyTimes, reply_times};
pub use verdict::{Explanation, GateKind, Generation, ModelVersions, State, Trials, VersionSummary};

/// The Rust in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
