//! Splitting: which ids of a rejected batch are to blame.
//!
//! One bad id rejects a whole batch (contract §1.3). So a rejected batch is asked in halves. A half that is answered
//! proves the server well, and the other half holds the culprit; when both are rejected, the server is to blame. A
//! request or a reply that is too large says nothing of the server: its halves are split until they fit.

use super::requests::Batch;
use crate::failure::Failure;

/// Why a batch is asked in halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// 400 or 500: perhaps one of its ids is to blame.
    Rejected,
    /// 413, 414, 431, a body beyond the limit, or a list that is late again and again.
    TooLarge,
}

/// How a half ended.
#[derive(Debug)]
pub(super) enum Half {
    Answered,
    Rejected(Batch, Failure),
    /// Taken back because nobody waited for it: nothing is known of the server.
    Unwanted,
    Lost,
}

/// A split whose halves have both ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// Whether the rejected half is split on, or the server is to blame.
    pub(super) go_on: bool,
    pub(super) rejected: Vec<(Batch, Failure)>,
}

/// A batch that is asked in halves.
#[derive(Debug)]
struct Split {
    number: u32,
    left: u8,
    proven: bool,
    rejected: Vec<(Batch, Failure)>,
}

#[derive(Debug, Default)]
pub(super) struct Splits {
    open: Vec<Split>,
    next: u32,
}

impl Splits {
    /// The number of a new split, which its two halves carry.
    pub(super) fn open(&mut self, cause: Cause) -> u32 {
        let number = self.next;
        self.next = number.wrapping_add(1);
        let proven = cause == Cause::TooLarge;
        self.open.push(Split { number, left: 2, proven, rejected: Vec::new() });
        number
    }

    /// Notes how a half ended; returns what follows once both have.
    pub(super) fn half_ended(&mut self, number: u32, half: Half) -> Option<Ended> {
        let place = self.open.iter().position(|split| split.number == number)?;
        let split = self.open.get_mut(place)?;
        split.left -= 1;
        match half {
            Half::Answered | Half::Unwanted => split.proven = true,
            Half::Rejected(batch, failure) => split.rejected.push((batch, failure)),
            Half::Lost => {}
        }
        if split.left > 0 {
            return None;
        }
        let split = self.open.swap_remove(place);
        Some(Ended { go_on: split.proven, rejected: split.rejected })
    }

    pub(super) fn clear(&mut self) {
        self.open.clear();
    }
}
