//! The client wherever `fetch` is: reads arguments, sends what the engine says, waits as long as it says,
//! and hands over answers. Nothing here decides about permissions.
//!
//! Read in this order: `exports` what JavaScript calls, `checker` what a Rust front end calls, `client`
//! how both drive an engine, `fetch` what one request is. `ids`, `options` and `signal` read what
//! JavaScript hands in; `answers` and `errors` write what it gets.

mod answers;
mod asked;
mod checker;
mod client;
mod deferred;
mod errors;
mod exports;
mod fetch;
mod ids;
mod numbered;
mod options;
mod pauses;
mod promise;
mod separate;
mod shape;
mod signal;
mod timer;
mod values;

pub use checker::{CheckError, Checker, Verdicts};
pub use exports::{PermissionChecker, check_permissions, find_resources_in};
