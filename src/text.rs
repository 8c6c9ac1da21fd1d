//! Text as bytes, and decimal numbers: the standard library's `split`, `char` and `format!` cost
//! kilobytes in wasm, mostly by being compiled once for each use.

use alloc::string::String;
use alloc::vec::Vec;

/// What stands between such bytes; one piece where there is none.
#[inline(never)]
pub(crate) fn split(mut bytes: &[u8], at: u8) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    loop {
        let (piece, rest) = cut(bytes, at);
        pieces.push(piece);
        match rest {
            Some(rest) => bytes = rest,
            None => return pieces,
        }
    }
}

/// What stands before the first such byte, and after it; `None` if there is none.
#[inline(never)]
pub(crate) fn cut(bytes: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    let (before, after) = leading(bytes, |byte| byte != at);
    (before, after.split_first().map(|(_, after)| after))
}

/// The ASCII digits with which it begins, and the rest.
#[inline(never)]
pub(crate) fn digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    leading(bytes, |byte| byte.is_ascii_digit())
}

fn leading(bytes: &[u8], fits: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| !fits(*byte)).unwrap_or(bytes.len());
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

/// Appends a number in decimal digits.
#[inline(never)]
pub(crate) fn push_number(out: &mut Vec<u8>, mut number: u64) {
    let start = out.len();
    loop {
        out.push(b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

/// The number that these ASCII digits write, if they are nothing else and it fits.
#[inline(never)]
pub(crate) fn number(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() {
        return None;
    }
    bytes.iter().try_fold(0u64, |sum, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        sum.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// What was put together of whole texts is one.
pub(crate) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_pushed_is_what_the_standard_library_writes(n in any::<u64>()) {
            let mut out = b"x".to_vec();
            push_number(&mut out, n);
            prop_assert_eq!(&out, &format!("x{n}").into_bytes());
            prop_assert_eq!(number(&out[1..]), Some(n));
        }
    }

    #[test]
    fn only_digits_that_fit_are_numbers() {
        for text in ["", "-1", "1.0", " 1", "1:", "1/", "18446744073709551616"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
        assert_eq!(number(b"0018"), Some(18));
    }
}
