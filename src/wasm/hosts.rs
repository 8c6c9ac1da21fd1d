//! One gate per host, shared by all drivers: what one is told to do, all do.

use super::host::now;
use crate::engine::Gate;
use crate::link::after_scheme;
use crate::text::cut;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

/// The gate of this base URL's host.
pub(super) fn gate_of(base: &str) -> Rc<Cell<Gate>> {
    let origin = origin(base);
    let now = now();
    GATES.with(|gates| {
        // Nobody else borrows them; a panic about that would cost a kilobyte.
        let Ok(mut gates) = gates.try_borrow_mut() else { return Rc::default() };
        if let Some((_, gate)) = gates.iter().find(|(of, _)| *of == origin) {
            return gate.clone();
        }
        let idle = |gate: &Rc<Cell<Gate>>| Rc::strong_count(gate) == 1 && gate.get().left(now) == 0;
        if gates.len() >= HOSTS
            && let Some(place) = gates.iter().position(|(_, gate)| idle(gate))
        {
            gates.swap_remove(place);
        }
        let gate = Rc::<Cell<Gate>>::default();
        gates.push((origin, gate.clone()));
        gate
    })
}

/// Scheme, host and port in one spelling, whatever the path.
fn origin(base: &str) -> Vec<u8> {
    let bytes = base.as_bytes();
    let (host, _) = cut(after_scheme(bytes).unwrap_or_default(), b'/');
    let scheme = bytes.split(|byte| *byte == b':').next().unwrap_or_default().len();
    let mut origin = bytes.get(..scheme + "://".len() + host.len()).unwrap_or(bytes).to_ascii_lowercase();
    let port: &[u8] = if scheme == "https".len() { b":443" } else { b":80" };
    if origin.ends_with(port) {
        origin.truncate(origin.len() - port.len());
    }
    origin
}

type Gates = RefCell<Vec<(Vec<u8>, Rc<Cell<Gate>>)>>;

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

/// From so many on, a gate that is open and that nobody uses makes room for a new one.
const HOSTS: usize = 32;
