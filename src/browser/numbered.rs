//! What waits to be called back, by number: JavaScript gets one function for all, bound to the number.

use js_sys::Function;
use wasm_bindgen::prelude::*;

/// What JavaScript gets.
pub(super) fn bound<T: ?Sized>(all: &Closure<T>, number: u64) -> Function {
    let all: &Function = all.as_ref().unchecked_ref();
    all.bind1(&JsValue::UNDEFINED, &(number as f64).into()).unchecked_into()
}

/// Values by the number that each was given.
pub(super) struct Numbered<T> {
    latest: u64,
    /// In ascending order of their numbers.
    values: Vec<(u64, T)>,
}

impl<T> Numbered<T> {
    pub(super) const fn new() -> Self {
        Self { latest: 0, values: Vec::new() }
    }

    /// Keeps a value; returns its number, which no other gets.
    pub(super) fn add(&mut self, value: T) -> u64 {
        self.latest += 1;
        self.values.push((self.latest, value));
        self.latest
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let place = self.place(number)?;
        self.values.get_mut(place).map(|(_, value)| value)
    }

    pub(super) fn remove(&mut self, number: u64) -> Option<T> {
        self.place(number).map(|place| self.values.remove(place).1)
    }

    /// In ascending order of their numbers.
    pub(super) fn take_all(&mut self) -> Vec<(u64, T)> {
        core::mem::take(&mut self.values)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn place(&self, number: u64) -> Option<usize> {
        self.values.binary_search_by_key(&number, |(number, _)| *number).ok()
    }
}
