//! Platforms that serve many requests with one instance, such as Cloudflare Workers, forbid that one request waits for a
//! promise, a timer or a body of another. There, calls share the cache and the pause, and nothing that is under way.

use core::cell::Cell;

thread_local! {
    static ON: Cell<bool> = const { Cell::new(false) };
}

/// From now on each call has a client of its own.
pub(super) fn switch_on() {
    ON.set(true);
}

pub(super) fn is_on() -> bool {
    ON.get()
}
