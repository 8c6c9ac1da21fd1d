//! Hash tables by ids.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A hash table by ids: numbers that come in runs, and that no attacker can choose freely, since they are Civitai's.
pub(crate) type Table<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// Fibonacci hashing: ids come in runs, and a multiplication by an odd constant spreads them. The standard library's
/// hasher takes three times as long for them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        // The table takes its buckets from the low bits, where a product is weakest.
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = self.0.wrapping_add(number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::query::Question;
    use crate::id::VersionId;
    use std::collections::HashSet;
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
            let questions = || (1..=3000).filter_map(|n| VersionId::new(n * step)).map(Question::Mini);
            let (ours, theirs) = (BuildHasherDefault::<IdHasher>::default(), RandomState::new());
            let found = collisions(questions().map(|question| ours.hash_one(question)));
            let expected = collisions(questions().map(|question| theirs.hash_one(question)));
            assert!(found < expected * 3 / 2 + 50, "{step}: {found} against {expected}");
        }
    }
}
