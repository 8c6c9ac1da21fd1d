//! Records by id, as many as fit; the one that has stood longest makes room for a new one.

use crate::table::Table;

/// Something that is known of an id.
pub(super) trait Record {
    type Id: Copy + Into<u32>;
    fn new(id: Self::Id) -> Self;
    /// What it takes of memory beyond its own size.
    fn bytes(&self) -> usize;
}

/// A browsing session meets some thousands of versions, of 200 bytes each.
const CAPACITY: usize = 4 << 20;

#[derive(Debug, Clone)]
pub(super) struct Shelf<T> {
    records: Table<T>,
    bytes: usize,
    /// Where the search for the oldest goes on.
    hand: usize,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { records: Table::default(), bytes: 0, hand: 0 }
    }
}

impl<T: Record> Shelf<T> {
    pub(super) fn get(&self, id: T::Id) -> Option<&T> {
        self.records.get(key(id))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &T> {
        self.records.entries().iter().map(|(_, record)| record)
    }

    /// Changes the record of this id; a new one if there is none.
    pub(super) fn update(&mut self, id: T::Id, change: impl FnOnce(&mut T)) {
        let key = key(id);
        if self.records.get(key).is_none() {
            let record = T::new(id);
            self.bytes += size(&record);
            self.records.insert(key, record);
        }
        let Some(record) = self.records.get_mut(key) else { return };
        let before = record.bytes();
        change(record);
        self.bytes = self.bytes + record.bytes() - before;
        while self.bytes > CAPACITY && self.records.entries().len() > 1 {
            self.forget_oldest(key);
        }
    }

    pub(super) fn remove(&mut self, id: T::Id) {
        self.remove_key(key(id));
    }

    fn remove_key(&mut self, key: u64) {
        let removed = self.records.remove(key);
        self.bytes -= removed.as_ref().map_or(0, size);
    }

    /// The next one round. What takes its place is the newest, and comes last in this round.
    fn forget_oldest(&mut self, kept: u64) {
        let records = self.records.entries();
        if self.hand >= records.len() {
            self.hand = 0;
        }
        let Some(&(key, _)) = records.get(self.hand) else { return };
        self.hand += 1;
        if key != kept {
            self.remove_key(key);
        }
    }
}

fn key(id: impl Into<u32>) -> u64 {
    u64::from(id.into())
}

fn size<T: Record>(record: &T) -> usize {
    size_of::<T>() + record.bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Name(u32, String);

    impl Record for Name {
        type Id = u32;
        fn new(id: u32) -> Self {
            Self(id, String::new())
        }
        fn bytes(&self) -> usize {
            self.1.len()
        }
    }

    fn put(shelf: &mut Shelf<Name>, id: u32, bytes: usize) {
        shelf.update(id, |record| record.1 = "x".repeat(bytes));
    }

    #[test]
    fn memory_is_bounded_by_bytes_and_older_records_make_room() {
        let mut shelf = Shelf::<Name>::default();
        let count = 3 * CAPACITY / 1000;
        for id in 0..count as u32 {
            put(&mut shelf, id, 1000);
            assert!(shelf.bytes <= CAPACITY && shelf.get(id).is_some(), "{id}");
        }
        let expected = CAPACITY / (1000 + size_of::<Name>());
        assert_eq!(shelf.all().count(), expected);
        let newer = (count - expected / 2..count).filter(|id| shelf.get(*id as u32).is_some()).count();
        assert!(newer > expected / 3, "{newer} of {expected}");
        let bytes: usize = shelf.all().map(size).sum();
        assert_eq!(bytes, shelf.bytes);
    }

    #[test]
    fn one_record_that_is_larger_than_all_room_stays_alone() {
        let mut shelf = Shelf::<Name>::default();
        put(&mut shelf, 1, 10);
        put(&mut shelf, 2, 2 * CAPACITY);
        assert_eq!((shelf.all().count(), shelf.get(1)), (1, None));
        put(&mut shelf, 3, 10);
        assert_eq!((shelf.all().count(), shelf.get(2)), (1, None));
    }

    #[test]
    fn a_record_that_changes_takes_what_it_takes_now() {
        let mut shelf = Shelf::<Name>::default();
        put(&mut shelf, 1, 10);
        put(&mut shelf, 2, CAPACITY);
        put(&mut shelf, 2, CAPACITY - 10 - 2 * size_of::<Name>());
        put(&mut shelf, 1, 10);
        assert_eq!((shelf.bytes, shelf.all().count()), (CAPACITY, 2), "filled to the last byte");
        put(&mut shelf, 1, 11);
        assert_eq!((shelf.get(1).map(size), shelf.get(2)), (Some(11 + size_of::<Name>()), None));
    }

    #[test]
    fn what_is_removed_is_gone_and_the_rest_is_found() {
        let mut shelf = Shelf::<Name>::default();
        for id in 1..=4 {
            put(&mut shelf, id, id as usize);
        }
        for id in [2, 4, 4, 9] {
            shelf.remove(id);
        }
        let length = |id| shelf.get(id).map(|record| record.1.len());
        assert_eq!([1, 2, 3, 4].map(length), [Some(1), None, Some(3), None]);
        assert_eq!(shelf.bytes, 2 * size_of::<Name>() + 4);
    }
}
