//! One sort for everything that is sorted by ids: the standard library's is compiled anew for each type, at 4 kB of
//! wasm each.

/// The positions of these numbers in ascending order of the numbers; of equal ones the first comes first.
pub(super) fn ascending(numbers: impl Iterator<Item = u32>) -> impl DoubleEndedIterator<Item = usize> {
    let mut keys: Vec<u64> = numbers.zip(0..).map(|(number, at)| u64::from(number) << 32 | at).collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| key as u32 as usize)
}

/// These ids, each once, in ascending order.
pub(crate) fn distinct<T: Copy + Ord>(ids: &[T], number: impl Fn(T) -> u32) -> Vec<T> {
    if ids.is_sorted_by(|one, next| one < next) {
        return ids.to_vec();
    }
    let order = ascending(ids.iter().map(|id| number(*id)));
    let mut sorted: Vec<T> = order.filter_map(|at| ids.get(at).copied()).collect();
    sorted.dedup();
    sorted
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_numbers_end_in_order(numbers in prop::collection::vec(0u32..60, 0..80)) {
            let mut theirs = numbers.clone();
            theirs.sort_unstable();
            let ours: Vec<u32> = ascending(numbers.iter().copied()).map(|at| numbers[at]).collect();
            prop_assert_eq!(&ours, &theirs);
            theirs.dedup();
            prop_assert_eq!(distinct(&numbers, |number| number), theirs);
        }
    }
}
