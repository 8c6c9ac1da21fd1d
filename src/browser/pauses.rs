//! One pause for each host and `fetch`, shared by all clients: what one is told to do, all do. A test's own `fetch` has
//! a pause of its own.

use crate::api::base_url::BaseUrl;
use crate::engine::Pause;
use core::cell::{Cell, RefCell};
use js_sys::Function;
use std::rc::Rc;
use web_sys::Url;

/// The pause of this host, asked by this `fetch` (`None`: the platform's).
pub(super) fn pause_of(base: &BaseUrl, fetch: Option<&Function>) -> Rc<Cell<Pause>> {
    let host = Url::new(base.as_str()).map_or_else(|_| base.as_str().to_owned(), |url| url.origin());
    PAUSES.with_borrow_mut(|pauses| {
        if let Some(known) = pauses.iter().find(|known| known.host == host && known.fetch.as_ref() == fetch) {
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
        pauses.push(Known { host, fetch: fetch.cloned(), pause: pause.clone() });
        pause
    })
}

struct Known {
    host: String,
    fetch: Option<Function>,
    pause: Rc<Cell<Pause>>,
}

/// From so many on, one makes room for a new one.
const MOST: usize = 256;

thread_local! {
    static PAUSES: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}
