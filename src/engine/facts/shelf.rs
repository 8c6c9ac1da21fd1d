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

    pub(crate) fn remove(&mut self, id: u32) {
        let Some(place) = self.index.get((0, id)) else { return };
        self.index.remove((0, id));
        self.records.swap_remove(place as usize);
        if let Some(moved) = self.records.get(place as usize) {
            self.index.set((0, moved.id()), place);
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

    #[test]
    fn what_is_removed_is_gone_and_the_rest_is_found() {
        let mut shelf = Shelf::<(u32, u32)>::default();
        for id in 1..=4 {
            shelf.update(id, &mut |record| record.1 = id * 2);
        }
        for id in [2, 4, 4, 9] {
            shelf.remove(id);
        }
        assert_eq!(
            [1, 2, 3, 4].map(|id| shelf.get(id).map(|record| record.1)),
            [Some(2), None, Some(6), None]
        );
        assert_eq!(shelf.all().len(), 2);
        shelf.update(4, &mut |record| record.1 = 1);
        assert_eq!((shelf.get(4), shelf.get(3)), (Some(&(4, 1)), Some(&(3, 6))));
    }
}
