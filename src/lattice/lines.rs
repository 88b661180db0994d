//! Bytes that begin on a page. They take no memory before they are written.
//!
//! What is read together lies in 64 bytes together; that is one cache line only where these begin on one.
//! Memory from the system begins 16 bytes after a page, because the allocator notes its length there. Aligned
//! types would do, but the standard library takes zeros from the system, without writing them, for bytes
//! alone. So bytes are asked for, a page more than needed, and the first ones are skipped.
//! Does not: know what the bytes mean, or grow. Where the start of a page cannot be told, reads are slower
//! and as right.

use std::ops::{Index, IndexMut};

const PAGE: usize = 4096;

/// Bytes that begin on a page.
pub(super) struct Lines {
    bytes: Vec<u8>,
    skipped: usize,
}

impl Lines {
    /// So many zeros.
    pub fn zeros(length: usize) -> Self {
        let mut bytes = vec![0; length + PAGE];
        // Whatever comes of it, all stays within the bytes.
        let skipped = bytes.as_ptr().align_offset(PAGE).min(PAGE);
        bytes.truncate(skipped + length);
        Self { bytes, skipped }
    }

    /// All of them, for reading many.
    #[inline]
    pub fn all(&self) -> &[u8] {
        &self.bytes[self.skipped..]
    }

    /// All of them in lines of 64.
    #[inline]
    pub fn lines_mut(&mut self) -> &mut [[u8; 64]] {
        self.all_mut().as_chunks_mut().0
    }

    /// All of them, for changing many.
    #[inline]
    pub fn all_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.skipped..]
    }
}

impl Index<usize> for Lines {
    type Output = u8;

    #[inline]
    fn index(&self, place: usize) -> &u8 {
        &self.bytes[self.skipped + place]
    }
}

impl IndexMut<usize> for Lines {
    #[inline]
    fn index_mut(&mut self, place: usize) -> &mut u8 {
        &mut self.bytes[self.skipped + place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_asked_and_begin_on_a_page() {
        for length in [0, 1, 64, 4095, 4096, 1 << 20] {
            let lines = Lines::zeros(length);
            assert_eq!(lines.all(), vec![0; length]);
            assert_eq!(lines.all().as_ptr().align_offset(PAGE), 0, "{length}");
        }
    }
}
