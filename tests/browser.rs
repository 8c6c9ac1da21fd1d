//! The shared suite in a browser: `wasm-pack test --headless --chrome -- --test browser`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test ends by panicking")]

mod common;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
