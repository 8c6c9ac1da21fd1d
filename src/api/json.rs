//! Reads JSON (RFC 8259) without building a tree: members are handed out one by one, and what nobody asks for is
//! skipped. serde_json would cost 13 to 28 kB of the published file; it is the oracle in the tests.

use std::borrow::Cow;

/// A position in a text that is being read.
pub(crate) struct Json<'a> {
    text: &'a str,
    depth: u8,
}

/// The text is not JSON, or nested too deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

type Read<T> = Result<T, Malformed>;

/// A value; lists and objects are read by [`Json::array`] and [`Json::object`], or skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// A number without sign, fraction or exponent.
    Whole(u64),
    Text(Cow<'a, str>),
    Other,
}

/// serde_json's limit.
const MAX_DEPTH: u8 = 127;

impl<'a> Json<'a> {
    /// Reads a whole text: `value` must consume one value, and nothing may follow it.
    pub(crate) fn read<T>(bytes: &'a [u8], value: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let text = std::str::from_utf8(bytes).map_err(|_| Malformed)?;
        let mut json = Self { text, depth: 0 };
        let read = value(&mut json)?;
        json.skip_white();
        if json.text.is_empty() { Ok(read) } else { Err(Malformed) }
    }

    /// The byte with which the next value begins.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.skip_white();
        self.next_byte()
    }

    /// Reads an object; `member` must consume each member's value. Anything but an object is skipped.
    pub(crate) fn object(&mut self, member: &mut dyn FnMut(&mut Self, Cow<'a, str>) -> Read<()>) -> Read<()> {
        if self.peek() != Some(b'{') {
            return self.value().map(drop);
        }
        self.list(b'}', &mut |json| {
            json.skip_white();
            let name = json.string()?;
            json.skip_white();
            json.expect(b':')?;
            member(json, name)
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
    pub(crate) fn value(&mut self) -> Read<Value<'a>> {
        match self.peek().ok_or(Malformed)? {
            b'{' => self.object(&mut |json, _| json.value().map(drop)).map(|()| Value::Other),
            b'[' => self.array(&mut |json| json.value().map(drop)).map(|()| Value::Other),
            b'"' => self.string().map(Value::Text),
            b't' => self.word("true").map(|()| Value::Bool(true)),
            b'f' => self.word("false").map(|()| Value::Bool(false)),
            b'n' => self.word("null").map(|()| Value::Null),
            _ => self.number(),
        }
    }

    fn list(&mut self, close: u8, element: &mut dyn FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.skip(1);
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Malformed);
        }
        if self.peek() == Some(close) {
            self.skip(1);
        } else {
            loop {
                element(self)?;
                let next = self.peek();
                self.skip(1);
                match next {
                    Some(b',') => {}
                    Some(byte) if byte == close => break,
                    _ => return Err(Malformed),
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn string(&mut self) -> Read<Cow<'a, str>> {
        self.expect(b'"')?;
        let plain = self.plain()?;
        if self.next_byte() == Some(b'"') {
            self.skip(1);
            return Ok(Cow::Borrowed(plain));
        }
        let mut text = plain.to_owned();
        loop {
            match self.next_byte() {
                Some(b'"') => break,
                _ => text.push(self.escape()?),
            }
            text.push_str(self.plain()?);
        }
        self.skip(1);
        Ok(Cow::Owned(text))
    }

    /// The letters up to a quote or a backslash.
    fn plain(&mut self) -> Read<&'a str> {
        let end = self.text.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=31));
        let (plain, rest) = self.text.split_at_checked(end.ok_or(Malformed)?).ok_or(Malformed)?;
        self.text = rest;
        Ok(plain)
    }

    /// A backslash and what follows it.
    fn escape(&mut self) -> Read<char> {
        self.expect(b'\\')?;
        let byte = self.next_byte().ok_or(Malformed)?;
        let letter = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.skip(1);
                return self.code_point();
            }
            _ => return Err(Malformed),
        };
        self.skip(1);
        Ok(letter)
    }

    /// What follows `\u`. JavaScript writes half a surrogate pair as an escape of its own; it is
    /// read as the replacement character, so that one odd name does not cost a whole reply.
    fn code_point(&mut self) -> Read<char> {
        let high = self.hex()?;
        let is_pair = (0xD800..0xDC00).contains(&high) && self.text.starts_with("\\u");
        if !is_pair {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.text;
        self.skip(2);
        let low = self.hex()?;
        if !(0xDC00..0xE000).contains(&low) {
            self.text = before;
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        Ok(char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            .unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Read<u32> {
        let (digits, rest) = self.text.split_at_checked(4).ok_or(Malformed)?;
        self.text = rest;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Malformed);
        }
        u32::from_str_radix(digits, 16).map_err(|_| Malformed)
    }

    fn number(&mut self) -> Read<Value<'a>> {
        let mut whole = self.peek() != Some(b'-');
        if !whole {
            self.skip(1);
        }
        let digits = self.digits()?;
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(Malformed);
        }
        if self.next_byte() == Some(b'.') {
            whole = false;
            self.skip(1);
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.next_byte() {
            whole = false;
            self.skip(1);
            if let Some(b'+' | b'-') = self.next_byte() {
                self.skip(1);
            }
            self.digits()?;
        }
        let number = if whole { digits.parse().ok() } else { None };
        Ok(number.map_or(Value::Other, Value::Whole))
    }

    fn digits(&mut self) -> Read<&'a str> {
        let length = self.text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.text.split_at_checked(length).ok_or(Malformed)?;
        self.text = rest;
        if digits.is_empty() { Err(Malformed) } else { Ok(digits) }
    }

    fn word(&mut self, word: &str) -> Read<()> {
        self.text = self.text.strip_prefix(word).ok_or(Malformed)?;
        Ok(())
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.next_byte() != Some(byte) {
            return Err(Malformed);
        }
        self.skip(1);
        Ok(())
    }

    fn next_byte(&self) -> Option<u8> {
        self.text.as_bytes().first().copied()
    }

    /// Passes ASCII.
    fn skip(&mut self, bytes: usize) {
        self.text = self.text.get(bytes..).unwrap_or_default();
    }

    fn skip_white(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.next_byte() {
            self.skip(1);
        }
    }
}

/// Appends a text in quotes.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\0'..='\u{1f}' => {
                let digit = |value: u32| char::from_digit(value, 16).unwrap_or_default();
                out.push_str("\\u00");
                out.extend([digit(letter as u32 >> 4), digit(letter as u32 & 15)]);
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(all(test, not(target_arch = "wasm32")))]
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
                    map.insert(name.into_owned(), tree(json)?);
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
                Value::Text(text) => text.into_owned().into(),
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
        fn a_quoted_text_is_read_as_it_was(text in any::<String>()) {
            let mut out = String::new();
            quote(&mut out, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&out).ok(), Some(text.clone()));
            prop_assert_eq!(Json::read(out.as_bytes(), |json| json.value()), Ok(Value::Text(text.into())));
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
