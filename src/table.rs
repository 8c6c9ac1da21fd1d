//! Tables by number: by ids, or by what is made of them.
//!
//! All have the same kind of key, because the standard library's table is compiled anew for each, at 3 kB of wasm.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Numbers by number.
pub(crate) type Index = HashMap<u64, u32, BuildHasherDefault<NumberHasher>>;

/// Values by number, side by side in memory.
#[derive(Debug, Clone)]
pub(crate) struct Table<V> {
    places: Index,
    entries: Vec<(u64, V)>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { places: Index::default(), entries: Vec::new() }
    }
}

impl<V> Table<V> {
    pub(crate) fn get(&self, key: u64) -> Option<&V> {
        self.entries.get(*self.places.get(&key)? as usize).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: u64) -> Option<&mut V> {
        self.entries.get_mut(*self.places.get(&key)? as usize).map(|(_, value)| value)
    }

    /// Puts a value in; what was there before is dropped.
    pub(crate) fn insert(&mut self, key: u64, value: V) {
        match self.get_mut(key) {
            Some(known) => *known = value,
            None => {
                self.places.insert(key, self.entries.len() as u32);
                self.entries.push((key, value));
            }
        }
    }

    /// Takes a value out. The last one takes its place.
    pub(crate) fn remove(&mut self, key: u64) -> Option<V> {
        let place = self.places.remove(&key)?;
        let (_, value) = self.entries.swap_remove(place as usize);
        if let Some((moved, _)) = self.entries.get(place as usize) {
            self.places.insert(*moved, place);
        }
        Some(value)
    }

    /// All keys and values, in the order in which they came, as long as none was removed.
    pub(crate) fn entries(&self) -> &[(u64, V)] {
        &self.entries
    }

    /// All keys and values, taken out.
    pub(crate) fn take_all(&mut self) -> Vec<(u64, V)> {
        self.places.clear();
        std::mem::take(&mut self.entries)
    }
}

/// Fibonacci hashing: ids come in runs, and a multiplication by an odd constant spreads them. The standard library's
/// hasher takes three times as long. A text made for it can name ids that share one bucket: some 30,000, which takes a
/// tenth of a second.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        // The table takes its buckets from the low bits, where a product is weakest.
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = self.0.wrapping_add(number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// FNV-1a of a text, to find damage and for a table's key. It keeps no secret.
pub(crate) fn fnv(text: &str) -> u64 {
    fnv_from(0xcbf2_9ce4_8422_2325, text)
}

/// The same, started from another number: texts that have one hash by the first have two by the other.
pub(crate) fn fnv_from(start: u64, text: &str) -> u64 {
    text.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::api::query::Question;
    use crate::id::VersionId;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, HashSet};
    use std::hash::{BuildHasher, RandomState};

    /// How many of these share their bucket with others.
    fn collisions(hashes: impl Iterator<Item = u64>) -> usize {
        let all: Vec<u64> = hashes.map(|hash| hash & 0x3fff).collect();
        all.len() - all.iter().collect::<HashSet<_>>().len()
    }

    /// Else every look-up walks past all others.
    #[test]
    fn ids_in_runs_are_spread_as_well_as_by_the_standard_hasher() {
        for step in [1, 2, 7, 8, 100, 1024, 4096] {
            let keys = || {
                let ids = (1..=3000).filter_map(|n| VersionId::new(n * step));
                ids.map(|id| Question::Mini(id).key())
            };
            let (ours, theirs) = (BuildHasherDefault::<NumberHasher>::default(), RandomState::new());
            let found = collisions(keys().map(|key| ours.hash_one(key)));
            let expected = collisions(keys().map(|key| theirs.hash_one(key)));
            assert!(found < expected * 3 / 2 + 50, "{step}: {found} against {expected}");
        }
    }

    /// The tables' keys are numbers; every hasher takes bytes too.
    #[test]
    fn bytes_are_hashed_too() {
        let hasher = BuildHasherDefault::<NumberHasher>::default();
        assert_ne!(hasher.hash_one("a"), hasher.hash_one("b"));
    }

    proptest! {
        #[test]
        fn it_holds_what_a_map_holds(steps in prop::collection::vec((0u64..20, any::<Option<u8>>()), 0..200)) {
            let (mut table, mut map) = (Table::default(), BTreeMap::new());
            for (key, value) in steps {
                match value {
                    Some(value) => {
                        table.insert(key, value);
                        map.insert(key, value);
                    }
                    None => prop_assert_eq!(table.remove(key), map.remove(&key)),
                }
                for key in 0..20 {
                    prop_assert_eq!(table.get(key), map.get(&key));
                    prop_assert_eq!(table.get_mut(key), map.get_mut(&key));
                }
            }
            let held: BTreeMap<u64, u8> = table.entries().iter().copied().collect();
            prop_assert_eq!(&held, &map);
            prop_assert_eq!(table.take_all().len(), map.len());
            prop_assert!(table.entries().is_empty() && map.keys().all(|key| table.get(*key).is_none()));
        }
    }
}
