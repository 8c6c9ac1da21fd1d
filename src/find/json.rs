//! JSON within a text. It is read without recursion, and as far as it goes: what comes before a mistake was read, and
//! the text after it is scanned as text.

use super::Finder;
use std::borrow::Cow;

/// Reads the value whose bracket stands at this index, and returns where the text goes on.
pub(super) fn read(finder: &mut Finder, text: &str, at: usize) -> usize {
    let mut reader = Reader { text, at, lists: Vec::new() };
    let whole = reader.value(finder);
    // Objects and lists that a mistake left open.
    for _ in 0..reader.lists.len() {
        finder.close();
    }
    if whole.is_none() && reader.at == at { at + 1 } else { reader.at }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Of each object (`false`) and list (`true`) that is open.
    lists: Vec<bool>,
}

impl<'a> Reader<'a> {
    /// Reads a whole value; `None` at a mistake.
    fn value(&mut self, finder: &mut Finder) -> Option<()> {
        loop {
            self.white();
            let opened = match self.peek()? {
                b'{' => {
                    finder.open_object();
                    self.open(false)
                }
                b'[' => {
                    finder.open_list();
                    self.open(true)
                }
                b'"' => {
                    finder.text(&self.string()?);
                    false
                }
                byte => {
                    self.scalar(byte, finder)?;
                    false
                }
            };
            if opened && !self.begins_element() {
                // An empty object or list: its end follows.
            } else if opened {
                if self.lists.last() == Some(&false) {
                    self.member(finder)?;
                }
                continue;
            }
            // After a value: the ends of what it ends, then the next one.
            loop {
                self.white();
                let Some(list) = self.lists.last().copied() else { return Some(()) };
                match self.peek()? {
                    b',' => {
                        self.at += 1;
                        if self.begins_element() {
                            if !list {
                                self.member(finder)?;
                            }
                            break;
                        }
                    }
                    b']' if list => self.close(finder),
                    b'}' if !list => self.close(finder),
                    _ => return None,
                }
            }
        }
    }

    fn open(&mut self, list: bool) -> bool {
        self.lists.push(list);
        self.at += 1;
        true
    }

    fn close(&mut self, finder: &mut Finder) {
        self.lists.pop();
        finder.close();
        self.at += 1;
    }

    /// Whether something else than an end follows. A comma before an end is forgiven.
    fn begins_element(&mut self) -> bool {
        self.white();
        !matches!(self.peek(), Some(b']' | b'}'))
    }

    /// A member's name and the colon.
    fn member(&mut self, finder: &mut Finder) -> Option<()> {
        self.white();
        if self.peek()? != b'"' {
            return None;
        }
        let name = self.string()?;
        self.white();
        if self.peek() != Some(b':') {
            // What looked like a name is text all the same.
            finder.text(&name);
            return None;
        }
        self.at += 1;
        finder.key(&name);
        Some(())
    }

    /// A text, without its quotes and escapes. A mistake leaves the index behind the first quote.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.at += 1;
        let rest = self.text.get(self.at..)?;
        let mut escaped = false;
        let mut bytes = rest.bytes().enumerate();
        while let Some((length, byte)) = bytes.next() {
            match byte {
                b'"' => {
                    self.at += length + 1;
                    let body = rest.get(..length)?;
                    return Some(if escaped { Cow::Owned(unescaped(body)) } else { Cow::Borrowed(body) });
                }
                b'\\' => {
                    escaped = true;
                    bytes.next();
                }
                0..=31 => return None,
                _ => {}
            }
        }
        None
    }

    fn scalar(&mut self, byte: u8, finder: &mut Finder) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        // Python writes the last three.
        for word in ["true", "false", "null", "NaN", "Infinity", "-Infinity"] {
            if rest.starts_with(word) {
                self.at += word.len();
                finder.nothing();
                return Some(());
            }
        }
        if !byte.is_ascii_digit() && byte != b'-' {
            return None;
        }
        let number = |byte: u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = rest.bytes().position(|byte| !number(byte)).unwrap_or(rest.len());
        let digits = rest.get(..length)?;
        // Only digits can be an id.
        finder.number(if digits.len() <= 10 { digits.parse::<u32>().map_or(0.0, f64::from) } else { 0.0 });
        self.at += length;
        Some(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn white(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }
}

/// Takes JSON's escapes off. What is no escape stays as it is.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut letters = after.chars();
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b' | 'f') => out.push(' '),
            Some('u') => {
                let code = after.get(1..5).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                // Half of a surrogate pair is no letter of its own.
                out.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
                if code.is_some() {
                    letters = after.get(5..).unwrap_or_default().chars();
                }
            }
            Some(letter) => out.push(letter),
            None => {}
        }
        rest = letters.as_str();
    }
    out.push_str(rest);
    out
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::find_resources;
    use super::unescaped;

    #[track_caller]
    fn versions(text: &str, expected: &[u32]) {
        let found: Vec<u32> =
            find_resources(text).iter().filter_map(|found| found.version).map(u32::from).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn escapes_are_taken_off() {
        assert_eq!(unescaped(r#"a\"b\\c\/d\n\t\u0041\ud83d\ude00\x"#), "a\"b\\c/d\n\tA\u{fffd}\u{fffd}x");
        assert_eq!(unescaped(r"\u12"), "\u{fffd}12");
        assert_eq!(unescaped("\\"), "");
    }

    #[test]
    fn members_named_for_a_version_count_and_no_others() {
        versions(r#"{"modelVersionId":1,"seed":2,"width":3,"id":4,"weight":5}"#, &[1]);
        versions(
            r#"{"modelVersionIds":[1,2,[3]],"versionId":"4","entityIds":[5,"6"],"x":[7]}"#,
            &[1, 2, 4, 5, 6],
        );
        versions(
            r#"{"model_version_id":1,"MODELVERSIONID":2,"baseModelVersionId":3,"versionIdx":4}"#,
            &[1, 2],
        );
        versions(
            r#"{"modelVersionId":{"x":1},"versionId":1.5,"entityIds":[1e3,-1,0,2147483648,null,true]}"#,
            &[],
        );
        versions(r#"{"modelVersion\u0049d":1}"#, &[1]);
        versions(r#"{"modelVersionId":null,"seed":5}"#, &[]);
        versions(r#"{"modelVersionId":[],"seed":5}"#, &[]);
        versions(r#"[{"modelVersionId":1},5,{"modelVersionId":2}]"#, &[1, 2]);
    }

    #[test]
    fn what_is_not_quite_json_is_read_as_far_as_it_goes() {
        versions(r#"[{"modelVersionId":1},{"modelVersionId":2"#, &[1, 2]);
        versions(r#"[{"modelVersionId":1},]"#, &[1]);
        versions(r#"{"steps":NaN,"cfg":-Infinity,"modelVersionId":1}"#, &[1]);
        versions(r#"{"a":[1, oops], "modelVersionIds":[1,2], "seed":3}"#, &[1, 2]);
        versions(r#"{'modelVersionId': 1, 'seed': 2}"#, &[1]);
        versions(r#"{modelVersionId: 1, seed: 2}"#, &[1]);
        versions(r#"{"modelVersionId":1 // the checkpoint"#, &[1]);
        versions("[\"civitai:1@2\n\", {\"versionId\":3}]", &[2, 3]);
        versions(r#"["civitai:1@2" (see civitai:3@4)]"#, &[2, 4]);
        versions(r#"{"civitai:1@2""#, &[2]);
        versions(r#"}]{"versionId":1}"#, &[1]);
        versions("[]{}[{}][[]]{\"versionId\":1}", &[1]);
    }

    #[test]
    fn nesting_has_no_limit() {
        let deep = format!("{}{{\"versionId\":1}}{}", "[".repeat(100_000), "]".repeat(100_000));
        versions(&deep, &[1]);
        let mut text = r#"{"versionId":1}"#.to_owned();
        for _ in 0..9 {
            text = format!("{{\"inner\":{}}}", serde_json::to_string(&text).expect("text"));
        }
        versions(&text, &[1]);
    }
}
