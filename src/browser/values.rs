//! Walks a value of JavaScript for the resources that it names: any value, keys too, cycles and all.

use super::shape;
use crate::find::{Finder, Resource};
use js_sys::{Array, ArrayBuffer, Map, Reflect, Set};
use wasm_bindgen::prelude::*;

/// Nodes that are looked at, so that a small graph with many paths ends as well.
const MOST: u32 = 1_000_000;

/// What the value names, each once, in order of first mention. What throws is passed over.
pub(super) fn resources(source: &JsValue) -> Vec<Resource> {
    let mut walk = Walk { finder: Finder::default(), open: Vec::new(), seen: Set::new(&JsValue::UNDEFINED) };
    walk.value(source);
    for _ in 1..MOST {
        match walk.next() {
            Some(value) => walk.value(&value),
            None => break,
        }
    }
    while walk.close() {}
    walk.finder.finish()
}

struct Walk {
    finder: Finder,
    open: Vec<Open>,
    /// Objects that were walked, and the lists that are open: a list may come again under a name that counts.
    seen: Set,
}

/// An object or a list whose members are being walked.
struct Open {
    container: JsValue,
    members: Members,
    next: u32,
}

enum Members {
    /// Of a list.
    Elements(Array),
    /// Of an object, by these names.
    Named(Array),
    /// Of a `Map`: pairs.
    Pairs(Array),
}

impl Walk {
    /// The next member of what is open; the names of members are handed in on the way.
    fn next(&mut self) -> Option<JsValue> {
        loop {
            let open = self.open.last_mut()?;
            let at = open.next;
            open.next += 1;
            match &open.members {
                Members::Elements(list) if at < list.length() => {
                    return Some(Reflect::get_u32(list, at).unwrap_or_default());
                }
                Members::Named(names) if at < names.length() => {
                    let name = names.get(at);
                    self.finder.key(&name.as_string().unwrap_or_default());
                    return Some(Reflect::get(&open.container, &name).unwrap_or_default());
                }
                Members::Pairs(pairs) if at < pairs.length() => {
                    let pair = pairs.get(at).unchecked_into::<Array>();
                    match pair.get(0).as_string() {
                        Some(name) => self.finder.key(&name),
                        None => self.finder.key(""),
                    }
                    return Some(pair.get(1));
                }
                _ => drop(self.close()),
            }
        }
    }

    fn close(&mut self) -> bool {
        let Some(open) = self.open.pop() else { return false };
        if let Members::Elements(_) = open.members {
            self.seen.delete(&open.container);
        }
        self.finder.close();
        true
    }

    fn value(&mut self, value: &JsValue) {
        if value.is_object() {
            self.object(value);
        } else if let Some(text) = value.as_string() {
            self.finder.text(&text);
        } else if let Some(number) = value.as_f64() {
            self.finder.number(number);
        } else if value.is_bigint() {
            self.finder.number(to_number(value));
        } else {
            self.finder.nothing();
        }
    }

    fn object(&mut self, value: &JsValue) {
        if self.seen.has(value) || ArrayBuffer::is_view(value) {
            return self.finder.nothing();
        }
        let members = if Array::is_array(value) {
            Members::Elements(value.clone().unchecked_into())
        } else if let Some(map) = value.dyn_ref::<Map>() {
            Members::Pairs(Array::from(&map.entries()))
        } else if let Some(set) = value.dyn_ref::<Set>() {
            Members::Elements(Array::from(&set.values()))
        } else {
            let names = keys(value).unwrap_or_default();
            // A `URL` has no members of its own.
            let href = if names.length() == 0 { shape::get(value, "href").ok() } else { None };
            match href.and_then(|href| href.as_string()) {
                Some(link) => return self.finder.text(&link),
                None => Members::Named(names),
            }
        };
        match members {
            Members::Elements(_) => self.finder.open_list(),
            Members::Named(_) | Members::Pairs(_) => self.finder.open_object(),
        }
        self.seen.add(value);
        self.open.push(Open { container: value.clone(), members, next: 0 });
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn keys(object: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(js_name = Number)]
    fn to_number(value: &JsValue) -> f64;
}
