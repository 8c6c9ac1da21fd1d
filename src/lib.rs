//! May one generate with this model version of Civitai now, and if not, why and until when?
//!
//! Civitai gates some versions: early access, paid, private. Its public endpoint `permissions/check` says for which ones
//! somebody holds paid access; it needs no token. This crate asks it in bulk, retries what is transient, splits what is
//! rejected, and never guesses: what has no answer is unknown, which is neither open nor locked.
//!
//! ```sh
//! cargo add civitai-permissions
//! ```
//!
//! # In a browser
//!
//! On `wasm32-unknown-unknown`, `Checker` asks with the browser's `fetch`. Keep one for the whole app: its clones share
//! requests and a cache.
//!
//! ```no_run
//! # #[cfg(target_arch = "wasm32")]
//! # async fn shown() {
//! use civitai_permissions::{AskOptions, Checker, Config, VersionId};
//!
//! let checker = Checker::new(Config::default());
//! let ids: Vec<VersionId> = ["2514310", "civitai:827184@2402203"].iter().flat_map(|id| id.parse()).collect();
//! for explanation in checker.explain(&ids, AskOptions::default()).await {
//!     println!("{}: {:?}", explanation.id, explanation.usable); // Some(true), Some(false), None: not known
//! }
//! # }
//! ```
//!
//! In Leptos, Yew and Dioxus alike it stays on its thread; `examples/leptos` and `examples/yew` in the repository show
//! how an app shares it. Build with the `wasm-bindgen` command of the version that your `Cargo.lock` names.
//!
//! # Anywhere else
//!
//! [`Engine`] is the same client without I/O: it says which URL to fetch and reads what came back, so it works with any
//! HTTP client, blocking or not. A driver has about 30 lines; `examples/native` in the repository has one with ureq and one
//! with reqwest and tokio.
//!
//! ```
//! use civitai_permissions::{AskOptions, Config, Engine, Outcome, State, Step, VersionId};
//!
//! let mut engine = Engine::new(Config::default(), 1);
//! let ids: Vec<VersionId> = [2514310, 2402203].into_iter().filter_map(VersionId::new).collect();
//! engine.check(&ids, AskOptions::default(), 0);
//! let Step::Send { request, url, .. } = engine.step(0) else { return };
//! assert_eq!(url, "https://civitai.com/api/v1/permissions/check?entityIds=2402203,2514310");
//! let body = br#"{"2402203":false,"2514310":true}"#; // from your HTTP client
//! engine.on_outcome(request, Outcome::Reply { status: 200, retry_after: None, as_of: None, body }, 0);
//! let Step::Answer { id, state, .. } = engine.step(0) else { return };
//! assert_eq!((id.get(), state), (2402203, State::Denied));
//! ```
//!
//! # What an answer means
//!
//! A verdict ([`State`]) is about paid access: of the versions that are denied, more than half may be generated with for
//! free, and most others have free tries. [`Engine::explain`] looks that up; its [`Generation`] is the answer to show.
//!
//! | [`Generation`] | meaning | [`usable`](Explanation::usable) |
//! |---|---|---|
//! | `Open` | no gate | yes |
//! | `Free` | gated, generation is free | yes |
//! | `Trial` | gated, with free tries | yes |
//! | `Held` | gated for others; this user bought it, was given it or owns it | yes |
//! | `Locked` | gated, and nothing is free | no |
//! | `Off` | the site does not offer generation with it | no |
//! | `Gated` | denied, and what is free is not known | not known |
//! | `Unknown` | no verdict; [`Failure`] says why | not known |
//!
//! # Ids
//!
//! [`VersionId`], [`ModelId`] and [`UserId`] are read from text with [`str::parse`]: digits, AIRs and links to Civitai.
//! [`find_resources`] finds what a workflow, generation data or prose names.
//!
//! # Features
//!
//! - `serde`: `Serialize` and `Deserialize` for the public words, with the npm module's names of members. Off by default.
//!
//! The crate needs Rust 1.85 or later, and nothing else outside browsers. It is also published as an npm module with
//! types for TypeScript. Unofficial: not made or endorsed by Civitai.

mod air;
mod api;
mod engine;
mod failure;
mod find;
mod id;
mod link;
#[cfg(any(target_arch = "wasm32", test))]
mod shown;
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
