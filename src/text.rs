//! Decimal numbers without `format!`, and text as bytes: the machinery of both costs kilobytes in wasm.

use alloc::string::String;

/// Appends a number in decimal digits.
pub(crate) fn push_number(out: &mut String, number: u64) {
    let mut unit = 1;
    while number / unit >= 10 {
        unit *= 10;
    }
    while unit > 0 {
        out.push(char::from(b'0' + (number / unit % 10) as u8));
        unit /= 10;
    }
}

/// The number that these ASCII digits write, if they are nothing else and it fits.
pub(crate) fn number(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() {
        return None;
    }
    bytes.iter().try_fold(0u64, |sum, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        sum.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_pushed_is_what_the_standard_library_writes(n in any::<u64>()) {
            let mut out = String::from("x");
            push_number(&mut out, n);
            prop_assert_eq!(&out, &format!("x{n}"));
            prop_assert_eq!(number(&out.as_bytes()[1..]), Some(n));
        }
    }

    #[test]
    fn only_digits_that_fit_are_numbers() {
        for text in ["", "-1", "1.0", " 1", "18446744073709551616"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
        assert_eq!(number(b"0018"), Some(18));
    }
}
