//! Text, from its beginning to its end: links, AIRs, JSON and members written without JSON's quotes.

use super::{Finder, Member, json};
use crate::air::{Air, is_word_byte};
use crate::id::{ModelId, VersionId, decimal};
use crate::link::Link;

/// The longest link or encoded address that is read, in bytes: with it the time stays linear.
const LONGEST: usize = 2048;

/// The longest AIR, in bytes.
const LONGEST_AIR: usize = 300;

pub(super) fn read(finder: &mut Finder, text: &str) {
    let mut scan = Scan { finder, text, bytes: text.as_bytes(), at: 0, floor: 0, own: 0, foreign: 0 };
    while let Some(byte) = scan.byte(scan.at) {
        scan.at = scan.resource(byte).unwrap_or(scan.at + 1).max(scan.at + 1);
    }
}

struct Scan<'a, 'f> {
    finder: &'f mut Finder,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Where the last resource ended.
    floor: usize,
    /// Where the last address on one of Civitai's hosts ends.
    own: usize,
    /// Where the last address on another host ends.
    foreign: usize,
}

impl Scan<'_, '_> {
    /// Reads what begins here, and returns where it ends.
    fn resource(&mut self, byte: u8) -> Option<usize> {
        let starts_word = !self.before(1).is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        match byte {
            b'{' | b'[' => Some(json::read(self.finder, self.text, self.at)),
            b'%' => self.encoded(),
            _ if !starts_word => None,
            b'/' => self.local_link(),
            b'0'..=b'9' => self.pair(),
            _ if !byte.is_ascii_alphabetic() => None,
            _ => self.link().or_else(|| self.air()).or_else(|| self.member()),
        }
    }

    /// A link with a host, and with or without a scheme.
    fn link(&mut self) -> Option<usize> {
        let scheme = ["https://", "http://"].into_iter().find(|scheme| self.begins(self.at, scheme));
        let host = self.at + scheme.map_or(0, str::len);
        let bare = if self.begins(host, "www.") { host + 4 } else { host };
        let known = ["civitai.com", "civitai.red", "civitai.green", "civitaired.com"]
            .into_iter()
            .find(|known| self.begins(bare, known))
            .map(|known| bare + known.len())
            .filter(|end| self.ends_host(*end));
        match (known, scheme) {
            // `x.civitai.com` and `me@civitai.com` name other hosts.
            (Some(_), None) if matches!(self.before(1), Some(b'.' | b'@' | b'-' | b'/' | b':')) => None,
            (Some(end), _) => {
                if self.own <= self.at {
                    self.own = self.run_end(self.at);
                }
                self.model_link(end).or(Some(end))
            }
            (None, Some(_)) => {
                if self.foreign <= self.at {
                    self.foreign = self.run_end(self.at);
                }
                Some(host)
            }
            (None, None) => None,
        }
    }

    fn ends_host(&self, at: usize) -> bool {
        match self.byte(at) {
            Some(b'.') => !self.byte(at + 1).is_some_and(|byte| byte.is_ascii_alphanumeric()),
            Some(byte) => !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'@' | b':'),
            None => true,
        }
    }

    /// A link relative to the site's root, as HTML and markdown hold them, or to its host by `//`.
    fn local_link(&mut self) -> Option<usize> {
        if self.at < self.foreign
            || !self.before(1).is_none_or(|byte| !is_word_byte(byte) && !b".:@?&".contains(&byte))
        {
            return None;
        }
        if self.begins(self.at, "//") {
            let known = ["civitai.com/", "civitai.red/", "www.civitai.com/", "www.civitai.red/"];
            let host = known.into_iter().find(|host| self.begins(self.at + 2, host))?;
            return self.model_link(self.at + 1 + host.len());
        }
        if self.own <= self.at {
            self.own = self.run_end(self.at);
        }
        self.model_link(self.at)
    }

    /// Reads the link that begins here and whose path begins at `path`, if it names a model.
    fn model_link(&mut self, path: usize) -> Option<usize> {
        let kinds = [
            "/models/",
            "/model-versions/",
            "/api/download/models/",
            "/api/v1/models/",
            "/api/v1/model-versions/mini/",
            "/api/v1/model-versions/",
        ];
        let id =
            kinds.into_iter().filter(|kind| self.begins(path, kind)).map(|kind| path + kind.len()).max()?;
        if !self.byte(id).is_some_and(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let end = self.run_end(self.at);
        let run = trimmed(self.text.get(self.at..end)?);
        let ascii = || trimmed(run.split(|letter: char| !letter.is_ascii()).next().unwrap_or_default());
        let read = |run: &str| run.parse::<Link>().ok();
        // Prose may follow without a space in languages that write none.
        let (run, link) = read(run).map(|link| (run, link)).or_else(|| Some((ascii(), read(ascii())?)))?;
        let Link { model, version } = link;
        let path = run.split(['?', '#']).next().unwrap_or_default();
        let text = match version {
            Some(version) if model.is_some() => format!("{path}?modelVersionId={version}"),
            _ => path.to_owned(),
        };
        Some(self.found(text, version, model, self.at + run.len()))
    }

    /// An AIR: of Civitai by its source, of another one by `urn:air:`.
    fn air(&mut self) -> Option<usize> {
        if self.begins(self.at, "civitai:") {
            self.civitai_air()
        } else if self.begins(self.at, "urn:air:") {
            self.other_air()
        } else {
            None
        }
    }

    fn civitai_air(&mut self) -> Option<usize> {
        let (model, after) = self.digits(self.at + "civitai:".len())?;
        let model: ModelId = model.parse().ok()?;
        let (version, end) = match self.byte(after) {
            Some(b'@') => {
                let (version, mut end) = self.digits(after + 1)?;
                if self.byte(end) == Some(b'+') {
                    end = self.digits(end + 1).map_or(end, |(_, end)| end);
                }
                (Some(version.parse::<VersionId>().ok()?), end)
            }
            _ => (None, after),
        };
        if self.byte(end).is_some_and(|byte| is_word_byte(byte) && byte != b'/' || byte == b'@') {
            return None;
        }
        let start = self.air_start()?;
        let text = self.text.get(start..end)?.to_owned();
        Some(self.found(text, version, Some(model), end))
    }

    /// Where the AIR begins whose source stands here: `urn:air:{ecosystem}:{type}:` may come before it.
    fn air_start(&self) -> Option<usize> {
        let mut start = self.at;
        while start > self.floor && self.byte(start - 1) == Some(b':') && self.at - start < LONGEST_AIR {
            let names = self.bytes.get(self.floor..start - 1)?;
            let names = names.get(names.len().saturating_sub(LONGEST_AIR)..)?;
            let length = names.iter().rev().take_while(|byte| is_word_byte(**byte)).count();
            let begin = start - 1 - length;
            // The grammar says how many words there may be.
            let fits = self
                .text
                .get(begin..self.at)
                .is_some_and(|names| Air::read(&format!("{names}civitai:1")).is_ok());
            if length == 0 || !fits {
                break;
            }
            start = begin;
        }
        // `http://civitai:8080` and `x@civitai:1` are no AIRs.
        let before = start.checked_sub(1).and_then(|at| self.byte(at));
        (!before.is_some_and(|byte| is_word_byte(byte) || matches!(byte, b'@' | b'.'))).then_some(start)
    }

    fn other_air(&mut self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        // `urn:air:{ecosystem}:{type}:{source}:{id}@sha256:…` has six colons.
        let mut colons = 0;
        let length = rest
            .iter()
            .take(LONGEST_AIR)
            .take_while(|byte| {
                colons += u32::from(**byte == b':');
                colons < 7 && (is_word_byte(**byte) || b":@+.".contains(byte))
            })
            .count();
        let run = trimmed(self.text.get(self.at..self.at + length)?);
        let air = Air::read(run).ok()?;
        let source = air.source.filter(|_| !air.is_of_civitai())?;
        self.finder.add(run.to_owned(), None, None, source);
        self.floor = self.at + run.len();
        Some(self.floor)
    }

    /// `{model}@{version}` counts where nothing else stands beside it: in prose it might be anything.
    fn pair(&mut self) -> Option<usize> {
        let (model, after) = self.digits(self.at)?;
        if self.byte(after) != Some(b'@') {
            return Some(after);
        }
        let (version, end) = self.digits(after + 1)?;
        let alone = |byte: Option<&u8>| byte.is_none_or(|byte| b"\r\n,;|\"'`".contains(byte));
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        let before = self.bytes.get(..self.at)?.iter().rev().take(64).find(|byte| !blank(byte));
        let behind = self.bytes.get(end..)?.iter().take(64).find(|byte| !blank(byte));
        if !alone(before) || !alone(behind) {
            return None;
        }
        let (model, version) = (model.parse().ok()?, version.parse().ok()?);
        let text = self.text.get(self.at..end)?.to_owned();
        Some(self.found(text, Some(version), Some(model), end))
    }

    /// A member that is written without JSON's quotes, such as `modelVersionId: 2514310`, or in a query.
    fn member(&mut self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let letter = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = rest.iter().take(25).take_while(letter).count();
        let name = self.text.get(self.at..self.at + length)?;
        if Member::named(name) != Member::Version {
            return None;
        }
        let in_query =
            matches!(self.before(1), Some(b'?' | b'&')) || self.text.get(..self.at)?.ends_with("&amp;");
        if self.at < self.foreign || in_query && self.at >= self.own {
            return None;
        }
        let quote = ["&quot;", "&#34;"].into_iter().find(|quote| self.begins(self.at + length, quote));
        let colon =
            self.skip(self.at + length + quote.map_or(0, str::len), |byte| b" \t\"'\\`".contains(&byte));
        if !matches!(self.byte(colon), Some(b':' | b'=')) {
            return None;
        }
        let mut at = self.skip(colon + 1, |byte| byte.is_ascii_whitespace() || b"\"'\\`[(-".contains(&byte));
        let several = name.ends_with(['s', 'S']);
        let mut end = None;
        while let Some((digits, after)) = self.digits(at) {
            let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@');
            let fraction = self.byte(after) == Some(b'.')
                && self.byte(after + 1).is_some_and(|byte| byte.is_ascii_digit());
            if self.byte(after).is_some_and(goes_on) || fraction {
                break;
            }
            let Ok(number) = decimal(digits) else { break };
            self.finder.member(Member::Version, number);
            end = Some(after);
            at = self.skip(after, |byte| byte.is_ascii_whitespace() || b"\"'\\`,-".contains(&byte));
            // The next one stands behind a comma, or on a line of its own behind a dash.
            let between = self.text.get(after..at).unwrap_or_default();
            if !several || !(between.contains(',') || between.contains('\n') && between.contains('-')) {
                break;
            }
        }
        end.inspect(|end| self.floor = *end)
    }

    /// An address that holds another one in percent-encoding.
    fn encoded(&mut self) -> Option<usize> {
        if self.finder.decoded || !(self.begins(self.at, "%2F") || self.begins(self.at, "%3A")) {
            return None;
        }
        let head = self.text.get(self.floor..self.at)?;
        let start = self.at - head.bytes().rev().take(LONGEST).take_while(|byte| !ends_run(*byte)).count();
        let end = self.run_end(self.at);
        let run = self.bytes.get(start..end)?;
        let mut plain = Vec::with_capacity(run.len());
        let mut bytes = run.iter().copied();
        while let Some(byte) = bytes.next() {
            let hex = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let mut ahead = bytes.clone();
            match (byte, hex(ahead.next()), hex(ahead.next())) {
                (b'%', Some(high), Some(low)) => {
                    plain.push((high * 16 + low) as u8);
                    bytes = ahead;
                }
                _ => plain.push(byte),
            }
        }
        self.finder.decoded = true;
        self.finder.text_of(&String::from_utf8_lossy(&plain));
        self.finder.decoded = false;
        self.floor = end;
        Some(end)
    }

    fn found(
        &mut self,
        text: String,
        version: Option<VersionId>,
        model: Option<ModelId>,
        end: usize,
    ) -> usize {
        self.finder.add(text, version, model, "civitai");
        self.floor = end;
        end
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn before(&self, count: usize) -> Option<u8> {
        self.byte(self.at.checked_sub(count)?)
    }

    /// Whether this word stands there, in any case.
    fn begins(&self, at: usize, word: &str) -> bool {
        self.bytes.get(at..at + word.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(word.as_bytes()))
    }

    fn digits(&self, at: usize) -> Option<(&str, usize)> {
        let end = self.skip(at, |byte| byte.is_ascii_digit());
        (end > at).then_some((self.text.get(at..end)?, end))
    }

    fn skip(&self, at: usize, fits: impl Fn(u8) -> bool) -> usize {
        self.bytes.get(at..).map_or(at, |rest| at + rest.iter().take_while(|byte| fits(**byte)).count())
    }

    /// Where an address ends that goes through this index.
    fn run_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let mut open = 0_usize;
        let mut length = 0;
        for (index, byte) in rest.iter().enumerate().take(LONGEST) {
            match byte {
                b'(' => open += 1,
                b')' if open == 0 => break,
                b')' => open -= 1,
                // The end of an HTML entity: `&amp;`.
                b';' if rest.get(..index).is_some_and(|run| run.ends_with(b"&amp")) => {}
                byte if ends_run(*byte) => break,
                _ => {}
            }
            length = index + 1;
        }
        let mut end = at + length;
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        end
    }
}

/// Whether an address in a text ends before this byte.
fn ends_run(byte: u8) -> bool {
    byte <= b' ' || b"\"'`<>[]{}|\\^,;".contains(&byte)
}

/// Without the punctuation of the sentence around it.
fn trimmed(run: &str) -> &str {
    run.trim_end_matches(['.', ':', '!', '?', '*', '_', '~', '&', '…'])
}

#[cfg(test)]
mod tests {
    use super::super::find_resources;
    use std::time::{Duration, Instant};

    /// What is found: the text, the model and the version, 0 for none.
    #[track_caller]
    fn finds(text: &str, expected: &[(&str, u32, u32)]) {
        let found = find_resources(text);
        let id = |number: Option<u32>| number.unwrap_or_default();
        let found: Vec<(&str, u32, u32)> = found
            .iter()
            .map(|found| {
                (found.text.as_str(), id(found.model.map(u32::from)), id(found.version.map(u32::from)))
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn links_in_prose_and_markdown() {
        finds("see https://civitai.com/models/9.", &[("https://civitai.com/models/9", 9, 0)]);
        finds(
            "(civitai.com/models/9/hat?modelVersionId=3)",
            &[("civitai.com/models/9/hat?modelVersionId=3", 9, 3)],
        );
        finds("[hat](https://civitai.red/models/9 \"Hat\") and", &[("https://civitai.red/models/9", 9, 0)]);
        finds("[hat](/models/9/hat)", &[("/models/9/hat", 9, 0)]);
        finds("**https://civitai.com/models/9**!", &[("https://civitai.com/models/9", 9, 0)]);
        finds("<https://civitai.com/models/9/a_(b)>", &[("https://civitai.com/models/9/a_(b)", 9, 0)]);
        finds("见https://civitai.com/models/9这个", &[("https://civitai.com/models/9", 9, 0)]);
        finds(
            "https://civitai.com/models/9/日本?modelVersionId=3 。",
            &[("https://civitai.com/models/9/日本?modelVersionId=3", 9, 3)],
        );
        finds(
            "www.civitai.com/models/9,https://civitai.com/models/8;//civitai.com/model-versions/3",
            &[
                ("www.civitai.com/models/9", 9, 0),
                ("https://civitai.com/models/8", 8, 0),
                ("//civitai.com/model-versions/3", 0, 3),
            ],
        );
        finds(
            "https://web.archive.org/web/2025/https://civitai.com/models/9",
            &[("https://civitai.com/models/9", 9, 0)],
        );
    }

    #[test]
    fn links_in_html() {
        finds(
            r#"<a href="/models/9/hat?tab=x&amp;modelVersionId=3">Hat</a> <a href='/models/8'>x</a>"#,
            &[("/models/9/hat?modelVersionId=3", 9, 3), ("/models/8", 8, 0)],
        );
        finds(r#"<div data-x="{&quot;modelVersionId&quot;:5}">"#, &[("5", 0, 5)]);
    }

    #[test]
    fn no_query_and_no_fragment_is_kept_of_a_link() {
        finds(
            "https://civitai.com/api/download/models/3?token=0123456789abcdef&type=Model#x",
            &[("https://civitai.com/api/download/models/3", 0, 3)],
        );
        finds(
            "https://civitai.com/models/9?token=secret&modelVersionId=3",
            &[("https://civitai.com/models/9?modelVersionId=3", 9, 3)],
        );
    }

    #[test]
    fn other_sites_and_pages_name_nothing() {
        for text in [
            "https://example.com/models/9?modelVersionId=3",
            "example.com/models/9?modelVersionId=3",
            "https://civitai.com.example.com/models/9",
            "https://xcivitai.com/models/9",
            "https://image.civitai.com/models/9",
            "me@civitai.com/models/9",
            "https://civitai.com:8443/models/9",
            "https://civitai.com/images/9",
            "https://civitai.com/models/create",
            "https://civitai.com/models/9x",
            "C:/ComfyUI/models/9",
            "./models/9",
            "3d/models/9",
            "http://civitai:8080/models/9",
            "mycivitai:1@2",
            "civitai:x@2 civitai:1@x civitai:1@2abc civitai:1@2@3",
            "civitai: 5 models, 12:30, 5@10 a day, me@1.com, 7@8x",
            "modelVersionId, versionId 5, version: 5, id: 5, modelVersionId: x, modelVersionId: 5.5",
            "Steps: 30, CFG scale: 7, Seed: 1234567, Size: 832x1216, Clip skip: 2",
        ] {
            finds(text, &[]);
        }
    }

    #[test]
    fn airs_in_text() {
        finds(
            "urn:air:sdxl:lora:civitai:1@2, (civitai:3@4). lora:civitai:5@6+7 <lora:civitai:7@8:0.8>",
            &[
                ("urn:air:sdxl:lora:civitai:1@2", 1, 2),
                ("civitai:3@4", 3, 4),
                ("lora:civitai:5@6+7", 5, 6),
                ("lora:civitai:7@8", 7, 8),
            ],
        );
        finds("civitai:1@2.safetensors", &[("civitai:1@2", 1, 2)]);
        finds("civitai:1", &[("civitai:1", 1, 0)]);
        finds("a:b:c:d:e:civitai:1@2", &[("d:e:civitai:1@2", 1, 2)]);
        finds("使用civitai:1@2的", &[("civitai:1@2", 1, 2)]);
        let found = find_resources("urn:air:flux1:checkpoint:HuggingFace:black-forest-labs/FLUX.1-dev@main.");
        assert_eq!(found[0].text, "urn:air:flux1:checkpoint:HuggingFace:black-forest-labs/FLUX.1-dev@main");
        assert_eq!((found[0].version, found[0].model, found[0].source.as_str()), (None, None, "huggingface"));
        let found = find_resources("urn:air:other:other:civitai-r2:bucket@training-images/6/Data.zip");
        assert_eq!(found[0].source, "civitai-r2");
    }

    #[test]
    fn a_model_at_a_version_counts_where_it_stands_alone() {
        finds("1@2", &[("1@2", 1, 2)]);
        finds(" 1@2 \n3@4,5@6", &[("1@2", 1, 2), ("3@4", 3, 4), ("5@6", 5, 6)]);
        finds(r#"{"ckpt_air":"1@2"}"#, &[("1@2", 1, 2)]);
        finds("buy 1@2 now", &[]);
    }

    #[test]
    fn members_without_json() {
        finds("modelVersionId: 5\nseed: 6", &[("5", 0, 5)]);
        finds("modelVersionId=5&x=6", &[("5", 0, 5)]);
        finds("model_version_ids:\n  - 5\n  - 6\nseed: 7\n", &[("5", 0, 5), ("6", 0, 6)]);
        finds("modelVersionIds = [5, 6]; seed = 7", &[("5", 0, 5), ("6", 0, 6)]);
        finds("modelVersionId = 5, 6", &[("5", 0, 5)]);
        finds(r#"\"modelVersionId\":5"#, &[("5", 0, 5)]);
        finds(
            "https://civitai.com/api/v1/permissions/check?entityIds=5,6&userId=7",
            &[("5", 0, 5), ("6", 0, 6)],
        );
        finds("/images?modelVersionId=5", &[("5", 0, 5)]);
    }

    #[test]
    fn encoded_addresses_are_read_once() {
        finds(
            "https://example.com/go?to=https%3A%2F%2Fcivitai.com%2Fmodels%2F9%3FmodelVersionId%3D3&x=1",
            &[("https://civitai.com/models/9?modelVersionId=3", 9, 3)],
        );
        finds("urn%3Aair%3Asdxl%3Alora%3Acivitai%3A1%402", &[("urn:air:sdxl:lora:civitai:1@2", 1, 2)]);
        finds("https%253A%252F%252Fcivitai.com%252Fmodels%252F9", &[]);
    }

    #[test]
    fn each_is_found_once_in_the_order_of_first_mention() {
        finds(
            r#"civitai.com/models/9 {"modelVersionId":3} civitai:7@3 https://civitai.com/models/9 civitai:9"#,
            &[("civitai.com/models/9", 9, 0), ("3", 7, 3)],
        );
    }

    #[test]
    fn the_time_is_linear_in_the_length() {
        for piece in [
            "[",
            "{",
            "[\"",
            "{\"a\":",
            "\"",
            "\\\"",
            "[1,",
            "urn:air:",
            "a:",
            "civitai:",
            "a:civitai:1@2",
            "https://",
            "https://civitai.com/",
            "https://civitai.com/models/9",
            "/models/9",
            "=/",
            "%2F",
            "%25",
            "modelVersionIds: 1,",
            "modelVersionId ",
            "1@2,",
            "9",
            "(",
            "日本",
            "&amp;",
            "www.",
            "a b, ",
            "{\"modelVersionId\":5}",
            "modelVersionId,x\n1,\"",
            "http://x/civitai.com/models/9(",
            "\"\\\\",
            "urn:air:a:b:c:d@",
            "-",
            "?modelVersionId=1",
        ] {
            let time = |length: usize| {
                let text = piece.repeat(length / piece.len());
                let start = Instant::now();
                let _ = find_resources(&text);
                start.elapsed()
            };
            // Eight times as long, where a quadratic part would take sixty-four times as long. Short enough to be
            // measured between two interruptions by a busy machine.
            let linear = (0..16).any(|_| time(64_000) < time(8_000) * 20 + Duration::from_millis(1));
            assert!(linear, "{piece:?}");
        }
    }
}
