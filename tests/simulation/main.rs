//! The engine against the contract's rules under random callers, clocks, orders and faults.
//!
//! Every seed is one world with one client. A failure prints its seed; to see that run again:
//! `SEED=123 cargo test --test simulation`. More of them: `SEEDS=1000000 cargo test --release --test simulation`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends by panicking"
)]

mod client;
mod history;
mod random;
mod run;

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};

/// Seeds of an ordinary test run.
const SEEDS: u64 = 20_000;

#[test]
fn no_seed_finds_a_false_verdict() {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect(name));
    if let Some(seed) = number("SEED") {
        return run::run(seed, true);
    }
    let (first, count) = (number("FIRST_SEED").unwrap_or(0), number("SEEDS").unwrap_or(SEEDS));
    let next = AtomicU64::new(first);
    let failed = std::thread::scope(|scope| {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let work = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= first + count {
                    return None;
                }
                if catch_unwind(|| run::run(seed, false)).is_err() {
                    next.store(u64::MAX / 2, Ordering::Relaxed);
                    return Some(seed);
                }
            }
        };
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().find_map(|thread| thread.join().expect("a worker catches its panics"))
    });
    if let Some(seed) = failed {
        panic!("seed {seed} failed; to see it: SEED={seed} cargo test --test simulation -- --nocapture");
    }
    println!("{count} seeds");
}
