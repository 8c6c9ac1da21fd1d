//! How an input may stand in a message. People paste links that hold their token.

use crate::id::looks_secret;

/// The longest input that is shown, in characters.
const LONGEST: usize = 80;

/// The longest number that is shown whole, in characters.
const LONGEST_NUMBER: usize = 40;

/// The text as it may be quoted: without query, fragment, credentials and anything that looks like a token; `…` stands
/// for what was left out.
pub(crate) fn shown(text: &str) -> String {
    // What an Authorization header holds.
    let mut windows = text.as_bytes().windows(BEARER.len());
    let bearer = windows.position(|window| window.eq_ignore_ascii_case(BEARER)).map(|at| at + BEARER.len());
    let end = text.find(['?', '#', '=']).into_iter().chain(bearer).min();
    let head = end.and_then(|end| text.get(..end));
    short(&without_secrets(head.unwrap_or(text)), head.is_some())
}

const BEARER: &[u8] = b"bearer ";

fn without_secrets(text: &str) -> String {
    if looks_secret(text) {
        return String::new();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(['/', ' ', ':', ',', ';', '"', '\n', '\t']) {
        let (body, end) = match word.char_indices().last() {
            Some((at, last)) if !last.is_ascii_alphanumeric() => {
                word.split_at_checked(at).unwrap_or((word, ""))
            }
            _ => (word, ""),
        };
        match body.rsplit_once('@') {
            // What stands before a host's @ is a user and a password. In an AIR the @ follows a model's number.
            Some((_, host)) if !host.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) => {
                let authority =
                    out.as_bytes().windows(2).rposition(|window| window == b"//").map_or(0, |at| at + 2);
                out.truncate(authority);
                out.push_str("…@");
                out.push_str(host);
            }
            _ if looks_secret(body) => out.push('…'),
            _ => out.push_str(body),
        }
        out.push_str(end);
    }
    out
}

fn short(text: &str, cut: bool) -> String {
    let longest = if text.bytes().all(|byte| byte.is_ascii_digit()) { LONGEST_NUMBER } else { LONGEST };
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None if cut || text.is_empty() => format!("{text}…"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn what_is_harmless_is_shown_whole() {
        for text in [
            "abc",
            "2147483648",
            "1.5",
            "https://civitai.com/models/827184/slug",
            "urn:air:sdxl:lora:huggingface:1@2",
            "civitai:827184@2514310",
            "a\nb",
        ] {
            assert_eq!(shown(text), text);
        }
        assert_eq!(shown(&"x".repeat(1000)), format!("{}…", "x".repeat(80)));
        assert_eq!(shown(&"日".repeat(100)), format!("{}…", "日".repeat(80)));
        assert_eq!(shown(&"9".repeat(100)), format!("{}…", "9".repeat(40)));
    }

    #[test]
    fn no_credential_is_shown() {
        for text in [
            format!("https://civitai.com/models/9?token={TOKEN}"),
            format!("https://civitai.com/models/9#{TOKEN}"),
            format!("https://civitai.com/api/{TOKEN}/x"),
            format!("https://me:{TOKEN}@civitai.com/models/9"),
            format!("https://{TOKEN}@civitai.com/models/9"),
            format!("me:{TOKEN}@civitai.com"),
            format!("Bearer {TOKEN}"),
            format!("token: {TOKEN}"),
            format!("token={TOKEN}"),
            TOKEN.to_owned(),
            format!(" {TOKEN}\n"),
        ] {
            let shown = shown(&text);
            for piece in ["0123", "cdef"] {
                assert!(!shown.contains(piece), "{text} gave {shown}");
            }
            assert!(shown.contains('…'), "{text} gave {shown}");
        }
        for (text, kept) in [
            ("https://me:secret@civitai.com/models/9", "https://…@civitai.com/models/9"),
            ("https://civitai.com/models/9?token=secret", "https://civitai.com/models/9…"),
            ("Bearer secret", "Bearer …"),
            ("authorization: bearer secret", "authorization: bearer …"),
            ("me:se/cret@civitai.com", "…@civitai.com"),
        ] {
            assert_eq!(shown(text), kept);
        }
    }
}
