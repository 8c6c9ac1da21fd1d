//! The client wherever `fetch` is: it sends what the engine says and waits as long as it says.
//!
//! Read in this order: `checker` what a Rust front end calls and `client` how it waits, `exports` what the
//! npm entries call; under both, `store` the engines and their hosts' gates, `steps` what an engine says, as
//! text, for `driver.js`, which does it (for Rust through `host`). `allocator` and `panic` stand in for std in
//! the npm module. Nothing here decides about permissions.

#[cfg(feature = "module")]
mod allocator;
mod checker;
mod client;
#[cfg(feature = "module")]
mod exports;
mod host;
#[cfg(feature = "lean")]
mod panic;
mod steps;
mod store;

pub use checker::{CheckError, Checker};
