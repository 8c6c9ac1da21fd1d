//! Query strings as Next.js and zod read them: contract §1.2 and §1.3.

/// The parameters of a request, in their order.
#[derive(Debug)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        });
        Self(pairs.collect())
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        !self.all(key).is_empty()
    }

    /// Every value of a parameter that may be repeated.
    pub(crate) fn all(&self, key: &str) -> Vec<&str> {
        self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a parameter that may stand once.
    pub(crate) fn one(&self, key: &str) -> Option<&str> {
        match self.all(key)[..] {
            [value] => Some(value),
            _ => None,
        }
    }

    /// A list of numbers. One value is split at its commas, repeated ones are
    /// taken as they are, an empty piece is 0, an absent list is empty.
    pub(crate) fn numbers(&self, key: &str) -> Result<Vec<f64>, Invalid> {
        match self.all(key)[..] {
            [] => Ok(Vec::new()),
            [value] => value.split(',').map(number).collect(),
            ref values => values.iter().map(|value| number(value)).collect(),
        }
    }

    /// An optional number, which may stand once.
    pub(crate) fn number(&self, key: &str) -> Result<Option<f64>, Invalid> {
        match self.all(key)[..] {
            [] => Ok(None),
            [value] => number(value).map(Some),
            _ => Err(Invalid),
        }
    }

    /// An enum with one value, which is also its default.
    pub(crate) fn is_absent_or(&self, key: &str, value: &str) -> bool {
        matches!(self.all(key)[..], []) || self.one(key) == Some(value)
    }
}

/// What the schema rejects.
#[derive(Debug)]
pub(crate) struct Invalid;

/// JavaScript's `Number(text)`, where it is finite: zod takes no other.
pub(crate) fn number(text: &str) -> Result<f64, Invalid> {
    let text = text.trim_matches(|c: char| c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}'));
    let value = match text.get(..2).map(str::to_ascii_lowercase).as_deref() {
        _ if text.is_empty() => Some(0.0),
        Some("0x") => digits(text, 16),
        Some("0o") => digits(text, 8),
        Some("0b") => digits(text, 2),
        // Rust reads "inf" and "nan" too, but as what is not finite.
        _ => text.parse().ok(),
    };
    value.filter(|value| value.is_finite()).ok_or(Invalid)
}

fn digits(text: &str, radix: u32) -> Option<f64> {
    let digits = text.get(2..).filter(|digits| !digits.is_empty())?;
    digits.chars().try_fold(0.0, |sum, c| Some(sum * f64::from(radix) + f64::from(c.to_digit(radix)?)))
}

/// Percent decoding; what is not a valid escape stays as it is.
fn decode(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, after) = match (first, tail) {
            (b'+', _) => (b' ', tail),
            (b'%', [high, low, after @ ..]) => {
                hex_byte(*high, *low).map_or((b'%', tail), |byte| (byte, after))
            }
            _ => (*first, tail),
        };
        decoded.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
