//! One hash table for everything that is kept by a pair of numbers. Non-generic on purpose: it is
//! compiled once, where `HashMap` and `BTreeMap` cost kilobytes per use.

use alloc::vec;
use alloc::vec::Vec;

/// Finds the place of a record by its two keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    /// Open addressing, linear probing; a power of two long, at most three quarters full.
    slots: Vec<Option<Slot>>,
    len: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    keys: (u32, u32),
    place: u32,
}

impl Index {
    pub(crate) fn get(&self, keys: (u32, u32)) -> Option<u32> {
        let (_, slot) = self.probe(keys)?;
        slot.map(|slot| slot.place)
    }

    /// Sets the place of these keys, replacing an earlier one.
    pub(crate) fn set(&mut self, keys: (u32, u32), place: u32) {
        if self.len.saturating_mul(4) >= self.slots.len().saturating_mul(3) {
            self.grow();
        }
        if let Some((at, found)) = self.probe(keys) {
            self.len += usize::from(found.is_none());
            self.put(at, Some(Slot { keys, place }));
        }
    }

    pub(crate) fn remove(&mut self, keys: (u32, u32)) {
        let Some((mut hole, Some(_))) = self.probe(keys) else { return };
        self.len -= 1;
        let mask = self.slots.len() - 1;
        // Later records of the same run move back over the hole, so that no probe stops short.
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let Some(slot) = self.slots.get(at).copied().flatten() else { break };
            let home = hash(slot.keys) & mask;
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(hole) & mask {
                self.put(hole, Some(slot));
                hole = at;
            }
        }
        self.put(hole, None);
    }

    /// Where these keys are, or where they would go; `None` while the table is empty.
    fn probe(&self, keys: (u32, u32)) -> Option<(usize, Option<Slot>)> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash(keys) & mask;
        loop {
            match self.slots.get(at).copied().flatten() {
                Some(slot) if slot.keys != keys => at = (at + 1) & mask,
                found => return Some((at, found)),
            }
        }
    }

    fn put(&mut self, at: usize, slot: Option<Slot>) {
        if let Some(place) = self.slots.get_mut(at) {
            *place = slot;
        }
    }

    fn grow(&mut self) {
        let bigger = vec![None; (self.slots.len() * 2).max(16)];
        let old = core::mem::replace(&mut self.slots, bigger);
        self.len = 0;
        for slot in old.into_iter().flatten() {
            self.set(slot.keys, slot.place);
        }
    }
}

/// Fibonacci hashing: ids come in runs, a multiplication by an odd constant spreads them.
fn hash((a, b): (u32, u32)) -> usize {
    let mixed = (u64::from(a) << 32 | u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    /// Else every look-up walks past all others.
    #[test]
    fn keys_in_runs_lie_close_to_where_they_are_looked_for() {
        let related =
            [|n| (0, n), |n| (n, 7), |n| (u32::MAX, n), |n| (n, 7 * n + 3), |n| (n, n), |n| (n, 256 * n)];
        for keys in related {
            let mut index = Index::default();
            (1..=3000).for_each(|n| index.set(keys(n), n));
            let mask = index.slots.len() - 1;
            let steps = |n| index.probe(keys(n)).unwrap().0.wrapping_sub(hash(keys(n))) & mask;
            assert!((1..=3000).map(steps).sum::<usize>() < 3 * 3000);
        }
    }

    proptest! {
        #[test]
        fn it_behaves_like_the_standard_map(steps in prop::collection::vec((0u32..3, 0u32..40, any::<bool>()), 0..400)) {
            let (mut ours, mut theirs) = (Index::default(), HashMap::new());
            for (place, (a, b, add)) in steps.into_iter().enumerate() {
                let place = place as u32;
                if add {
                    ours.set((a, b), place);
                    theirs.insert((a, b), place);
                } else {
                    ours.remove((a, b));
                    theirs.remove(&(a, b));
                }
                prop_assert_eq!(ours.len, theirs.len());
                for a in 0..3 {
                    for b in 0..40 {
                        prop_assert_eq!(ours.get((a, b)), theirs.get(&(a, b)).copied());
                    }
                }
            }
        }
    }
}
