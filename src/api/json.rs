//! Reads JSON (RFC 8259) without building a tree: members are handed out one by one, what nobody
//! asked for is skipped. serde's half of this costs 13 kB (DESIGN.md); it is the oracle in tests.

use crate::text::{digits, number};
use alloc::string::String;
use alloc::vec::Vec;

/// A place in a text that is being read.
pub(crate) struct Json<'a> {
    text: &'a [u8],
    depth: u8,
}

/// The text is not JSON, or too deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

type Read<T> = Result<T, Malformed>;

/// A value; lists and objects are read by [`Json::array`] and [`Json::object`], or skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// A number without sign, fraction or exponent.
    Whole(u64),
    Text(String),
    Other,
}

/// serde_json's limit.
const MAX_DEPTH: u8 = 127;

impl<'a> Json<'a> {
    /// Reads a whole text: `value` must consume one value, and nothing may follow it.
    pub(crate) fn read<T>(bytes: &'a [u8], value: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if core::str::from_utf8(bytes).is_err() {
            return Err(Malformed);
        }
        let mut json = Self { text: bytes, depth: 0 };
        let read = value(&mut json)?;
        json.white();
        if json.text.is_empty() { Ok(read) } else { Err(Malformed) }
    }

    /// The byte with which the next value begins.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.white();
        self.text.first().copied()
    }

    /// Reads an object; `member` must consume each member's value. Anything but an object is skipped.
    pub(crate) fn object(&mut self, member: &mut dyn FnMut(&mut Self, &str) -> Read<()>) -> Read<()> {
        if self.peek() != Some(b'{') {
            return self.value().map(drop);
        }
        self.list(b'}', &mut |json| {
            json.white();
            let name = json.string()?;
            json.white();
            json.expect(b':')?;
            member(json, &name)
        })
    }

    /// Reads a list; `element` must consume each element. Anything but a list is skipped.
    pub(crate) fn array(&mut self, element: &mut dyn FnMut(&mut Self) -> Read<()>) -> Read<()> {
        if self.peek() != Some(b'[') {
            return self.value().map(drop);
        }
        self.list(b']', element)
    }

    /// Reads any value; of a list or an object only that it was one.
    pub(crate) fn value(&mut self) -> Read<Value> {
        match self.peek().ok_or(Malformed)? {
            b'{' => self.object(&mut |json, _| json.value().map(drop)).map(|()| Value::Other),
            b'[' => self.array(&mut |json| json.value().map(drop)).map(|()| Value::Other),
            b'"' => self.string().map(Value::Text),
            b't' => self.word(b"true").map(|()| Value::Bool(true)),
            b'f' => self.word(b"false").map(|()| Value::Bool(false)),
            b'n' => self.word(b"null").map(|()| Value::Null),
            _ => self.number(),
        }
    }

    fn list(&mut self, close: u8, element: &mut dyn FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.take();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Malformed);
        }
        if self.peek() == Some(close) {
            self.take();
        } else {
            loop {
                element(self)?;
                self.white();
                match self.take() {
                    Some(b',') => {}
                    Some(byte) if byte == close => break,
                    _ => return Err(Malformed),
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn string(&mut self) -> Read<String> {
        self.expect(b'"')?;
        let mut out = Vec::new();
        loop {
            match self.take().ok_or(Malformed)? {
                b'"' => return String::from_utf8(out).map_err(|_| Malformed),
                b'\\' => {
                    let byte = match self.take().ok_or(Malformed)? {
                        byte @ (b'"' | b'\\' | b'/') => byte,
                        b'b' => 8,
                        b'f' => 12,
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'u' => {
                            let letter = self.escaped()?;
                            out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                            continue;
                        }
                        _ => return Err(Malformed),
                    };
                    out.push(byte);
                }
                0..=31 => return Err(Malformed),
                byte => out.push(byte),
            }
        }
    }

    /// What follows `\u`. JavaScript writes half a surrogate pair as an escape of its own; it is
    /// read as the replacement character, so that one odd name does not cost a whole reply.
    fn escaped(&mut self) -> Read<char> {
        let high = self.hex()?;
        if !(0xD800..0xDC00).contains(&high) || !self.text.starts_with(b"\\u") {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.text;
        self.take();
        self.take();
        let low = self.hex()?;
        if !(0xDC00..0xE000).contains(&low) {
            self.text = before;
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        Ok(char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            .unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Read<u32> {
        let mut number = 0;
        for _ in 0..4 {
            let byte = self.take().ok_or(Malformed)?;
            number = number << 4 | char::from(byte).to_digit(16).ok_or(Malformed)?;
        }
        Ok(number)
    }

    fn number(&mut self) -> Read<Value> {
        let mut whole = self.peek() != Some(b'-');
        if !whole {
            self.take();
        }
        let digits = self.digits()?;
        if digits.len() > 1 && digits.first() == Some(&b'0') {
            return Err(Malformed);
        }
        if self.text.first() == Some(&b'.') {
            whole = false;
            self.take();
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.text.first() {
            whole = false;
            self.take();
            if let Some(b'+' | b'-') = self.text.first() {
                self.take();
            }
            self.digits()?;
        }
        let number = if whole { number(digits) } else { None };
        Ok(number.map_or(Value::Other, Value::Whole))
    }

    fn digits(&mut self) -> Read<&'a [u8]> {
        let (digits, rest) = digits(self.text);
        self.text = rest;
        if digits.is_empty() { Err(Malformed) } else { Ok(digits) }
    }

    fn word(&mut self, word: &[u8]) -> Read<()> {
        self.text = self.text.strip_prefix(word).ok_or(Malformed)?;
        Ok(())
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.take() == Some(byte) { Ok(()) } else { Err(Malformed) }
    }

    fn take(&mut self) -> Option<u8> {
        let (byte, rest) = self.text.split_first()?;
        self.text = rest;
        Some(*byte)
    }

    fn white(&mut self) {
        while let Some((b' ' | b'\t' | b'\n' | b'\r', rest)) = self.text.split_first() {
            self.text = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value as Oracle;

    /// Reads a text into the oracle's tree; numbers that are not whole become null.
    fn tree(json: &mut Json<'_>) -> Read<Oracle> {
        match json.peek().ok_or(Malformed)? {
            b'{' => {
                let mut map = serde_json::Map::new();
                json.object(&mut |json, name| {
                    map.insert(name.to_owned(), tree(json)?);
                    Ok(())
                })?;
                Ok(Oracle::Object(map))
            }
            b'[' => {
                let mut list = Vec::new();
                json.array(&mut |json| {
                    list.push(tree(json)?);
                    Ok(())
                })?;
                Ok(Oracle::Array(list))
            }
            _ => Ok(match json.value()? {
                Value::Null | Value::Other => Oracle::Null,
                Value::Bool(yes) => yes.into(),
                Value::Whole(number) => number.into(),
                Value::Text(text) => text.into(),
            }),
        }
    }

    fn without_odd_numbers(value: Oracle) -> Oracle {
        match value {
            Oracle::Number(number) if number.as_u64().is_none() => Oracle::Null,
            Oracle::Array(list) => list.into_iter().map(without_odd_numbers).collect(),
            Oracle::Object(map) => {
                map.into_iter().map(|(name, value)| (name, without_odd_numbers(value))).collect()
            }
            value => value,
        }
    }

    #[track_caller]
    fn agrees(text: &[u8]) {
        let ours = Json::read(text, tree);
        match serde_json::from_slice::<Oracle>(text) {
            Ok(theirs) => assert_eq!(ours, Ok(without_odd_numbers(theirs)), "{}", text.escape_ascii()),
            Err(error) => {
                // serde_json refuses two things that RFC 8259 allows and JavaScript writes.
                let error = error.to_string();
                let lenient = error.contains("surrogate")
                    || error.contains("number out of range")
                    || error.contains("hex escape");
                assert!(lenient || ours.is_err(), "{error}: {}", text.escape_ascii());
            }
        }
    }

    #[test]
    fn edge_cases_agree_with_serde_json() {
        for text in [
            "",
            " ",
            "{}",
            "[]",
            "null",
            "nul",
            "nulll",
            "tru",
            "true false",
            "{\"a\":1,}",
            "[1,]",
            "[,1]",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "01",
            "-",
            "-0",
            "1.",
            ".5",
            "1e",
            "1e+",
            "1E-2",
            "+1",
            "0x1",
            "1_0",
            "18446744073709551615",
            "18446744073709551616",
            "\"\\u0041\\n\\/\"",
            "\"\\b\\f\\r\\t\"",
            "\"\\x\"",
            "\"\n\"",
            "\"\u{7f}\"",
            "\"\\ud83d\\ude00\"",
            "\"\\u12\"",
            "\"abc",
            "\u{feff}{}",
            "[[[]]]",
            "{\"a\":{\"a\":2,\"a\":3}}",
            "[1 2]",
            "[\"\\\"\"]",
            "\"\\u00\"",
            "\t\r\n[ 1 , 2 ]\n",
            "\u{a0}1",
        ] {
            agrees(text.as_bytes());
        }
        agrees(b"\"\xff\"");
        agrees("[".repeat(127).as_bytes());
        agrees(format!("{}{}", "[".repeat(127), "]".repeat(127)).as_bytes());
        agrees(format!("{}{}", "[".repeat(128), "]".repeat(128)).as_bytes());
    }

    #[test]
    fn half_a_surrogate_pair_costs_one_letter() {
        for text in [r#""\ud83dx""#, r#""\ud83d\u0078""#, r#""\ude00x""#] {
            assert_eq!(
                Json::read(text.as_bytes(), |json| json.value()),
                Ok(Value::Text("\u{fffd}x".into())),
                "{text}"
            );
        }
    }

    fn any_json() -> impl Strategy<Value = Oracle> {
        let leaf = prop_oneof![
            Just(Oracle::Null),
            any::<bool>().prop_map(Oracle::from),
            any::<i64>().prop_map(Oracle::from),
            any::<u64>().prop_map(Oracle::from),
            ".*".prop_map(Oracle::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Oracle::from),
                prop::collection::hash_map(".{0,3}", inner, 0..6)
                    .prop_map(|map| Oracle::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_tree_is_read_as_it_was_written(value in any_json()) {
            agrees(&serde_json::to_vec(&value).unwrap());
            agrees(&serde_json::to_vec_pretty(&value).unwrap());
        }

        #[test]
        fn any_bytes_agree(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            agrees(&bytes);
        }

        #[test]
        fn near_misses_agree(text in r#"[\[\]{}:,"\\a0-9eE+.u tfn-]{0,24}"#) {
            agrees(text.as_bytes());
        }

        #[test]
        fn damaged_trees_agree(value in any_json(), cut in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut text = serde_json::to_vec(&value).unwrap();
            let at = cut.index(text.len());
            agrees(&text[..at]);
            text[at] = byte;
            agrees(&text);
        }
    }
}
