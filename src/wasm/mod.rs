//! The client wherever `fetch` is: it sends what the engine says and waits as long as it says.
//!
//! Read in this order: `checker` what a Rust front end calls, `exports` what the npm entries call,
//! `driver` how the engine is driven, `host` (and `host.js`) what the platform does for it, `hosts` the
//! gates that drivers share; `slot` and `answer` are how each kind of caller gets its answers. `allocator`
//! and `panic` stand in for std in the npm module. Nothing here decides about permissions.

#![cfg_attr(not(feature = "module"), allow(dead_code, reason = "the exports use the rest"))]

#[cfg(feature = "module")]
mod allocator;
#[cfg(feature = "module")]
mod answer;
mod checker;
mod driver;
#[cfg(feature = "module")]
mod exports;
mod host;
mod hosts;
#[cfg(feature = "lean")]
mod panic;
mod slot;

pub use checker::{CheckError, Checker};
