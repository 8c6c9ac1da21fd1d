//! Numbers as text.

/// Appends a number, in a third of the time that `write!` takes: a text may hold ten thousand.
pub(crate) fn push(text: &mut String, number: u32) {
    let mut digits = [0; 10];
    let (mut left, mut from) = (number, digits.len());
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
        from -= 1;
        if left == 0 {
            break;
        }
    }
    let digits = digits.get(from..).and_then(|digits| std::str::from_utf8(digits).ok());
    text.push_str(digits.unwrap_or_default());
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn digits_are_those_of_to_string(number: u32, shift in 0..32) {
            for number in [number >> shift, 0, u32::MAX] {
                let mut text = String::from("x");
                super::push(&mut text, number);
                prop_assert_eq!(text, format!("x{number}"));
            }
        }
    }
}
