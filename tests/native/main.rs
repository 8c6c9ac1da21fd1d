//! The core, natively: what it asks, what it answers, what it caches.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends by panicking"
)]

mod batches;
mod cache;
mod explain;
mod find;
mod independence;
mod joining;
mod links;
mod pause;
mod poison;
mod retries;
mod snapshot;
mod splits;
mod steps;
mod support;
