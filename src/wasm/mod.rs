//! The client wherever `fetch` is: it sends what the engine says and waits as long as it says.
//!
//! Read in this order: `checker` what a Rust front end calls, `exports` what the npm entries call,
//! `driver` how the engine is driven, `fetch` what one request is; the rest reads what JavaScript
//! hands in and writes what it gets. Nothing here decides about permissions.

#![cfg_attr(not(feature = "module"), allow(dead_code, reason = "the exports use the rest"))]

mod abort;
#[cfg(feature = "module")]
mod allocator;
mod asked;
mod checker;
mod driver;
mod errors;
#[cfg(feature = "module")]
mod exports;
mod fetch;
mod hosts;
mod ids;
mod js;
mod options;
mod out;

pub use checker::{CheckError, Checker};
#[cfg(feature = "module")]
pub use exports::check_permissions;
