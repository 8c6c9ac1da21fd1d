#![doc = include_str!("../README.md")]

//! Which model versions may a user generate with? Civitai's permission check, asked well.
//!
//! The core does no I/O: bytes, time and a seed come in, URLs and verdicts go out. [`Engine`] is
//! its centre; everything a browser adds lies in `wasm`, behind the one border below.

#![cfg_attr(all(target_arch = "wasm32", feature = "lean"), no_std)]

extern crate alloc;

mod base_url;
mod catalog;
mod engine;
mod error;
mod index;
mod json;
mod link;
mod query;
mod reply;
mod snapshot;
mod sort;
mod text;
mod time;
mod version_id;

#[cfg(target_arch = "wasm32")]
mod wasm;

pub use base_url::{BaseUrl, BaseUrlError};
pub use catalog::{Explanation, GateKind, ModelVersions, Trials, VersionSummary};
pub use engine::{Ask, AskId, Config, Engine, Gate, Outcome, RequestId, State, Step};
pub use error::{Code, Failure};
pub use link::Link;
pub use reply::verdicts;
pub use time::{Millis, retry_after};
pub use version_id::{IdError, UserId, VersionId};
#[cfg(target_arch = "wasm32")]
pub use wasm::{CheckError, Checker};
