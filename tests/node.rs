//! The shared suite in Node.js: `wasm-pack test --node -- --test node`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test ends by panicking")]

mod common;
