//! First in, first out, in two lists: `VecDeque` costs a kilobyte of wasm.

use alloc::vec::Vec;

#[derive(Debug)]
pub(super) struct Queue<T> {
    /// The next to come out, last.
    front: Vec<T>,
    back: Vec<T>,
}

impl<T> Queue<T> {
    pub(super) fn new() -> Self {
        Self { front: Vec::new(), back: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.front.is_empty() && self.back.is_empty()
    }

    pub(super) fn push_back(&mut self, item: T) {
        self.back.push(item);
    }

    pub(super) fn pop_front(&mut self) -> Option<T> {
        if self.front.is_empty() {
            while let Some(item) = self.back.pop() {
                self.front.push(item);
            }
        }
        self.front.pop()
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        for list in [&mut self.front, &mut self.back] {
            list.retain(&keep);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    proptest! {
        #[test]
        fn it_does_what_the_standard_librarys_does(steps in prop::collection::vec(any::<Option<u8>>(), 0..60)) {
            let (mut ours, mut theirs) = (Queue::new(), VecDeque::new());
            for step in steps {
                match step {
                    Some(item) => {
                        ours.push_back(item);
                        theirs.push_back(item);
                    }
                    None => prop_assert_eq!(ours.pop_front(), theirs.pop_front()),
                }
                ours.retain(|item| item % 7 != 0 || theirs.len() < 3);
                let few = theirs.len() < 3;
                theirs.retain(|item| item % 7 != 0 || few);
                prop_assert_eq!(ours.is_empty(), theirs.is_empty());
            }
            while let Some(item) = theirs.pop_front() {
                prop_assert_eq!(ours.pop_front(), Some(item));
            }
            prop_assert!(ours.is_empty());
        }
    }
}
