//! One pause for each host and `fetch`, shared by all clients: a pause that one of them is asked for holds
//! for all. A test's own `fetch` has a pause of its own.

use crate::api::base_url::BaseUrl;
use crate::engine::Pause;
use core::cell::{Cell, RefCell};
use js_sys::Function;
use std::rc::Rc;
use web_sys::Url;

/// The pause of this host, asked by this `fetch` (`None`: the platform's).
pub(super) fn pause_of(base: &BaseUrl, fetch: Option<&Function>) -> Rc<Cell<Pause>> {
    let base = base.as_str();
    let same = PAUSES.with_borrow(|pauses| {
        let known = pauses.iter().find(|known| known.base == base && known.fetch.as_ref() == fetch);
        known.map(|known| known.pause.clone())
    });
    if let Some(pause) = same {
        return pause;
    }
    let host = Url::new(base).map_or_else(|_| base.to_owned(), |url| url.origin());
    let base = base.to_owned();
    PAUSES.with_borrow_mut(|pauses| {
        let known = pauses.iter_mut().find(|known| known.host == host && known.fetch.as_ref() == fetch);
        if let Some(known) = known {
            known.base = base;
            return known.pause.clone();
        }
        if pauses.len() >= MOST {
            // Of those that nobody holds, the one that ends first.
            let held = |known: &Known| (Rc::strong_count(&known.pause), known.pause.get().until);
            if let Some((place, _)) = pauses.iter().enumerate().min_by_key(|(_, known)| held(known)) {
                pauses.swap_remove(place);
            }
        }
        let pause = Rc::<Cell<Pause>>::default();
        pauses.push(Known { base, host, fetch: fetch.cloned(), pause: pause.clone() });
        pause
    })
}

struct Known {
    /// The base URL that it was last found by: comparing texts takes no time, reading a URL does.
    base: String,
    host: String,
    fetch: Option<Function>,
    pause: Rc<Cell<Pause>>,
}

/// From so many on, one makes room for a new one.
const MOST: usize = 256;

thread_local! {
    static PAUSES: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}
