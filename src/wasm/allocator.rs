//! The npm module's allocator: sizes are rounded up to powers of two, and each has a list of what was
//! given back. Std's own costs 8 kB of wasm to waste less memory than this does, which is at most half.
//! Without memory it traps: whoever gets null prints a message on the way to the same, for a kilobyte.
//! What is given back is taken again for the same size, so that memory stays flat over a long run.

#![allow(unsafe_code, reason = "an allocator deals in raw memory")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, unreachable};
use core::cell::Cell;
use core::ptr::null_mut;

#[global_allocator]
static ALLOCATOR: Buckets =
    Buckets { free: [const { Cell::new(null_mut()) }; 32], top: Cell::new(0), end: Cell::new(0) };

struct Buckets {
    /// By the logarithm of the size: the first free block, which holds the address of the next.
    free: [Cell<*mut u8>; 32],
    /// Memory that was never given out.
    top: Cell<usize>,
    end: Cell<usize>,
}

const PAGE: usize = 65_536;

/// The smallest block: 16 bytes, which is also more than any type here wants to be aligned to.
const SMALLEST: u32 = 4;

// SAFETY: wasm32-unknown-unknown without atomics has one thread.
unsafe impl Sync for Buckets {}

// SAFETY: blocks are disjoint, aligned to 16 bytes, at least as long as asked for, and only those that
// were given back are given out again.
unsafe impl GlobalAlloc for Buckets {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let class = class(layout.size());
        let Some(list) = self.free.get(class as usize) else { unreachable() };
        let block = list.get();
        if block.is_null() {
            return self.fresh(1 << class);
        }
        // SAFETY: a free block holds the next one's address.
        list.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(list) = self.free.get(class(layout.size()) as usize) {
            // SAFETY: the block is free, and long enough for an address.
            unsafe { block.cast::<*mut u8>().write(list.get()) };
            list.set(block);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if class(layout.size()) == class(size) {
            return block;
        }
        // SAFETY: as the caller promises for this function.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            moved.copy_from_nonoverlapping(block, layout.size().min(size));
            self.dealloc(block, layout);
            moved
        }
    }
}

impl Buckets {
    fn fresh(&self, size: usize) -> *mut u8 {
        while self.top.get() + size > self.end.get() {
            let missing = self.top.get() + size - self.end.get();
            let pages = missing.div_ceil(PAGE);
            let first = memory_grow::<0>(pages);
            if first == usize::MAX {
                unreachable();
            }
            // Where somebody else has grown the memory meanwhile, what was left of ours is given up.
            if first * PAGE != self.end.get() {
                self.top.set(first * PAGE);
            }
            self.end.set((first + pages) * PAGE);
        }
        let block = self.top.get();
        self.top.set(block + size);
        if block == 0 { unreachable() } else { block as *mut u8 }
    }
}

fn class(size: usize) -> u32 {
    size.next_power_of_two().trailing_zeros().max(SMALLEST)
}
