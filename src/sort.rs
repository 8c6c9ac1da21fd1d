//! One sort for everything, non-generic like the index.

/// Heapsort: the standard library's sort is faster and costs 5 kB of wasm, and a request is slower
/// than either.
pub(crate) fn sort(numbers: &mut [u64]) {
    for root in (0..numbers.len() / 2).rev() {
        sift(numbers, root);
    }
    for end in (1..numbers.len()).rev() {
        swap(numbers, 0, end);
        if let Some(heap) = numbers.get_mut(..end) {
            sift(heap, 0);
        }
    }
}

/// Without the panic of the standard library's.
fn swap(numbers: &mut [u64], left: usize, right: usize) {
    let (Some(&low), Some(&high)) = (numbers.get(left), numbers.get(right)) else { return };
    for (place, number) in [(left, high), (right, low)] {
        if let Some(slot) = numbers.get_mut(place) {
            *slot = number;
        }
    }
}

/// Lets a number sink to its place among those below it.
fn sift(heap: &mut [u64], mut root: usize) {
    loop {
        let (left, right) = (2 * root + 1, 2 * root + 2);
        // Beyond the end there is `None`, which is less than any number.
        let child = if heap.get(right) > heap.get(left) { right } else { left };
        if heap.get(child) <= heap.get(root) {
            return;
        }
        swap(heap, root, child);
        root = child;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_numbers_end_in_order(mut numbers in prop::collection::vec(0u64..60, 0..80)) {
            let mut theirs = numbers.clone();
            theirs.sort_unstable();
            super::sort(&mut numbers);
            prop_assert_eq!(numbers, theirs);
        }
    }
}
