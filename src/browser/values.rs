//! Walks a value of JavaScript for the resources that it names: any value, keys too, cycles and all.

use super::shape;
use crate::find::{Finder, Resource};
use js_sys::{Array, ArrayBuffer, Function, Map, Reflect, Set};
use wasm_bindgen::JsThreadLocal;
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
    count: u32,
    next: u32,
}

enum Members {
    /// Of a list.
    Elements,
    /// Of an object, by these names.
    Named(Array),
    /// Of a `Map`: pairs.
    Pairs(Array),
    /// Of a `Set`.
    Values(Array),
}

impl Walk {
    /// The next member of what is open; the names of members are handed in on the way.
    fn next(&mut self) -> Option<JsValue> {
        loop {
            let open = self.open.last_mut()?;
            if open.next >= open.count {
                self.close();
                continue;
            }
            let at = open.next;
            open.next += 1;
            return Some(match &open.members {
                Members::Elements => Reflect::get_u32(&open.container, at).unwrap_or_default(),
                Members::Values(values) => values.get(at),
                Members::Named(names) => {
                    let name = names.get(at);
                    self.finder.key(&name.as_string().unwrap_or_default());
                    Reflect::get(&open.container, &name).unwrap_or_default()
                }
                Members::Pairs(pairs) => {
                    let pair = pairs.get(at).unchecked_into::<Array>();
                    self.finder.key(&pair.get(0).as_string().unwrap_or_default());
                    pair.get(1)
                }
            });
        }
    }

    fn close(&mut self) -> bool {
        let Some(open) = self.open.pop() else { return false };
        if let Members::Elements | Members::Values(_) = open.members {
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
        let (members, count) = if shape::is_list(value) {
            let length = shape::get(value, "length").ok().and_then(|length| length.as_f64());
            (Members::Elements, length.unwrap_or_default() as u32)
        } else if let Some(pairs) = inside::<Map>(value, &PAIRS) {
            let count = pairs.length();
            (Members::Pairs(pairs), count)
        } else if let Some(values) = inside::<Set>(value, &VALUES) {
            let count = values.length();
            (Members::Values(values), count)
        } else {
            let names = keys(value).unwrap_or_default();
            let count = names.length();
            // A `URL` has no members of its own.
            let href = if count == 0 { shape::get(value, "href").ok() } else { None };
            match href.and_then(|href| href.as_string()) {
                Some(link) => return self.finder.text(&link),
                None => (Members::Named(names), count),
            }
        };
        match members {
            Members::Elements | Members::Values(_) => self.finder.open_list(),
            Members::Named(_) | Members::Pairs(_) => self.finder.open_object(),
        }
        self.seen.add(value);
        self.open.push(Open { container: value.clone(), members, count, next: 0 });
    }
}

/// What a `Map` or a `Set` holds, by the language's own function: one put over it may throw, or never end. `None` also
/// for what only looks like one, such as a `Proxy`.
fn inside<T: JsCast>(value: &JsValue, list: &'static JsThreadLocal<Function>) -> Option<Array> {
    value.dyn_ref::<T>()?;
    let iterator = list.with(|list| list.call0(value)).ok()?;
    Some(Array::from(&iterator))
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn keys(object: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(js_name = Number)]
    fn to_number(value: &JsValue) -> f64;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["Map", "prototype"], js_name = entries)]
    static PAIRS: Function;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["Set", "prototype"], js_name = values)]
    static VALUES: Function;
}
