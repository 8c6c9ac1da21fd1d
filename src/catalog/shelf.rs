//! Records by id, as many as fit; the one that has stood longest makes room for a new one.

use crate::index::Index;
use alloc::vec::Vec;

/// Something that is known of an id.
pub(crate) trait Record {
    fn new(id: u32) -> Self;
    fn id(&self) -> u32;
}

#[derive(Debug, Clone)]
pub(crate) struct Shelf<T> {
    index: Index,
    records: Vec<T>,
    oldest: usize,
}

/// A browsing session meets some thousands; this many cost about 3 MB.
const CAPACITY: usize = 20_000;

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { index: Index::default(), records: Vec::new(), oldest: 0 }
    }
}

impl<T: Record> Shelf<T> {
    pub(crate) fn get(&self, id: u32) -> Option<&T> {
        self.records.get(self.index.get((0, id))? as usize)
    }

    pub(crate) fn all(&self) -> &[T] {
        &self.records
    }

    /// Changes the record of this id; a new one if there is none.
    pub(crate) fn update(&mut self, id: u32, change: &mut dyn FnMut(&mut T)) {
        if self.index.get((0, id)).is_none() {
            self.add(T::new(id));
        }
        let place = self.index.get((0, id)).map_or(usize::MAX, |place| place as usize);
        if let Some(record) = self.records.get_mut(place) {
            change(record);
        }
    }

    fn add(&mut self, record: T) {
        let keys = (0, record.id());
        let place = if self.records.len() < CAPACITY {
            self.records.push(record);
            self.records.len() - 1
        } else {
            let place = self.oldest;
            self.oldest = (place + 1) % CAPACITY;
            if let Some(old) = self.records.get_mut(place) {
                self.index.remove((0, old.id()));
                *old = record;
            }
            place
        };
        self.index.set(keys, place as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Record for (u32, u32) {
        fn new(id: u32) -> Self {
            (id, 0)
        }
        fn id(&self) -> u32 {
            self.0
        }
    }

    #[test]
    fn the_oldest_record_makes_room() {
        let mut shelf = Shelf::<(u32, u32)>::default();
        let (first, last) = (1, CAPACITY as u32 + 10);
        for id in first..=last {
            shelf.update(id, &mut |record| record.1 = id * 2);
        }
        assert_eq!(shelf.all().len(), CAPACITY);
        assert_eq!(shelf.get(10), None);
        assert_eq!(shelf.get(11), Some(&(11, 22)));
        assert_eq!(shelf.get(last), Some(&(last, last * 2)));
        shelf.update(11, &mut |record| record.1 = 5);
        assert_eq!(shelf.get(11), Some(&(11, 5)));
    }
}
