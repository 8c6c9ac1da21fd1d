//! One gate per host, shared by all drivers: what one is told to do, all do.

use crate::engine::Gate;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

/// The gate of this host.
pub(super) fn gate_of(base: &str) -> Rc<Cell<Gate>> {
    GATES.with(|gates| {
        // Nobody else borrows them; a panic about that would cost a kilobyte.
        let Ok(mut gates) = gates.try_borrow_mut() else { return Rc::default() };
        if let Some((_, gate)) = gates.iter().find(|(of, _)| of == base) {
            return gate.clone();
        }
        if gates.len() >= HOSTS {
            gates.remove(0);
        }
        let gate = Rc::<Cell<Gate>>::default();
        gates.push((String::from(base), gate.clone()));
        gate
    })
}

type Gates = RefCell<Vec<(String, Rc<Cell<Gate>>)>>;

#[cfg(not(feature = "lean"))]
std::thread_local! {
    static GATES: Gates = const { RefCell::new(Vec::new()) };
}

#[cfg(feature = "lean")]
static GATES: OneThread = OneThread(RefCell::new(Vec::new()));

/// Without std there is no `thread_local!`.
#[cfg(feature = "lean")]
struct OneThread(Gates);

// SAFETY: the npm module is built without atomics, so that there is one thread.
#[cfg(feature = "lean")]
#[allow(unsafe_code, reason = "one thread shares nothing")]
unsafe impl Sync for OneThread {}

#[cfg(feature = "lean")]
impl OneThread {
    fn with<T>(&self, use_it: impl FnOnce(&Gates) -> T) -> T {
        use_it(&self.0)
    }
}

/// Of the hosts whose gates are kept, the latest.
const HOSTS: usize = 32;
