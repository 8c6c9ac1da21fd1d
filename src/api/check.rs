//! Replies to the permission check: bytes in, verdicts out (contract §1.4).

use super::json::{Json, Malformed, Value};
use crate::id::VersionId;

/// Reads a reply to a check of these ids, which are in ascending order: a verdict for each, or
/// `None` where the reply holds none. `None` as a whole: the body is not what the contract says.
///
/// Keys that nobody asked for are ignored, `[]` is an empty answer, and only `true` and `false`
/// are verdicts.
///
/// # Examples
/// ```
/// use civitai_permissions::{VersionId, verdicts};
/// let asked: Vec<_> = [1, 2, 3].into_iter().filter_map(VersionId::new).collect();
/// let answer = verdicts(&asked, br#"{"1":true,"2":"yes","9":true}"#);
/// assert_eq!(answer, Some(vec![Some(true), None, None]));
/// assert_eq!(verdicts(&asked, b"<html>"), None);
/// ```
#[must_use]
pub fn verdicts(asked: &[VersionId], body: &[u8]) -> Option<Vec<Option<bool>>> {
    let numbers: Vec<u32> = asked.iter().map(|id| id.get()).collect();
    read(&numbers, body)
}

/// The same for ids as numbers.
pub(crate) fn read(asked: &[u32], body: &[u8]) -> Option<Vec<Option<bool>>> {
    read_as_written(asked, body).or_else(|| read_json(asked, body))
}

/// A reply that is written as the server writes it, with a verdict for each id and nothing else: in a third of the time
/// that reading JSON takes. `None` for any other.
fn read_as_written(asked: &[u32], body: &[u8]) -> Option<Vec<Option<bool>>> {
    let mut answer = Vec::with_capacity(asked.len());
    let mut rest = body;
    for id in asked {
        rest = rest.strip_prefix(if answer.is_empty() { b"{\"" } else { b",\"" })?;
        let mut number = 0;
        while let Some((digit @ b'0'..=b'9', left)) = rest.split_first() {
            if number == 0 && *digit == b'0' || number > u64::from(u32::MAX) {
                return None;
            }
            number = number * 10 + u64::from(*digit - b'0');
            rest = left;
        }
        if number != u64::from(*id) {
            return None;
        }
        rest = rest.strip_prefix(b"\":")?;
        let granted = rest.strip_prefix(b"true");
        answer.push(Some(granted.is_some()));
        rest = granted.or_else(|| rest.strip_prefix(b"false"))?;
    }
    (rest == b"}" && !answer.is_empty()).then_some(answer)
}

fn read_json(asked: &[u32], body: &[u8]) -> Option<Vec<Option<bool>>> {
    let mut answer = vec![None; asked.len()];
    // The server writes its keys in ascending order, so the next key is nearly always the next id.
    let mut next = 0;
    let read = Json::read(body, |json| match json.peek() {
        Some(b'{') => json.object(&mut |json, name| {
            let verdict = match json.value()? {
                Value::Bool(granted) => Some(granted),
                _ => None,
            };
            let Some(id) = canonical(&name) else { return Ok(()) };
            let place = if asked.get(next) == Some(&id) { Ok(next) } else { asked.binary_search(&id) };
            if let Ok(place) = place {
                next = place + 1;
                if let Some(slot) = answer.get_mut(place) {
                    *slot = verdict;
                }
            }
            Ok(())
        }),
        // Only the empty list is an answer; one with elements is something else.
        Some(b'[') => json.array(&mut |_| Err(Malformed)),
        _ => Err(Malformed),
    });
    read.ok().map(|()| answer)
}

/// The id of a key in the server's own spelling: `"007"` and `"+7"` are not keys that it writes.
fn canonical(name: &str) -> Option<u32> {
    name.parse().ok().filter(|_| matches!(name.bytes().next(), Some(b'1'..=b'9')))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ids(numbers: &[u32]) -> Vec<VersionId> {
        numbers.iter().filter_map(|number| VersionId::new(*number)).collect()
    }

    #[test]
    fn the_documented_example_is_read() {
        let asked = ids(&[2_402_203, 2_514_310]);
        let body = br#"{ "2514310": true, "2402203": false }"#;
        assert_eq!(verdicts(&asked, body), Some(vec![Some(false), Some(true)]));
    }

    #[test]
    fn empty_answers_hold_no_verdict() {
        assert_eq!(verdicts(&ids(&[1]), b"[]"), Some(vec![None]));
        assert_eq!(verdicts(&ids(&[1]), b"{}"), Some(vec![None]));
        assert_eq!(verdicts(&[], b" [ ] "), Some(vec![]));
    }

    #[test]
    fn what_is_not_the_contract_is_no_answer() {
        for body in [
            "",
            "null",
            "true",
            "1",
            "\"x\"",
            "[1]",
            "[{}]",
            "<!DOCTYPE html>",
            "{\"1\":true",
            "{\"1\":true}{}",
        ] {
            assert_eq!(verdicts(&ids(&[1]), body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn only_booleans_under_the_ids_own_key_are_verdicts() {
        for body in [
            r#"{"1":"yes"}"#,
            r#"{"1":1}"#,
            r#"{"1":null}"#,
            r#"{"1":[true]}"#,
            r#"{"1":{"a":true}}"#,
            r#"{"01":true}"#,
            r#"{"1.0":true}"#,
            r#"{" 1":true}"#,
            r#"{"+1":true}"#,
            r#"{"1e0":true}"#,
            r#"{"4294967297":true}"#,
            r#"{"1":true,"1":null}"#,
        ] {
            assert_eq!(verdicts(&ids(&[1]), body.as_bytes()), Some(vec![None]), "{body}");
        }
        assert_eq!(verdicts(&ids(&[1]), r#"{"1":null,"\u0031":false}"#.as_bytes()), Some(vec![Some(false)]));
    }

    proptest! {
        /// And where a byte is another one, both readers agree.
        #[test]
        fn a_reply_as_the_server_writes_it_is_read_at_once(
            asked in prop::collection::btree_map(1u32..=2_147_483_647, any::<bool>(), 1..20),
            change in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
        ) {
            let mut body = serde_json::to_vec(&asked).unwrap();
            let ids: Vec<u32> = asked.keys().copied().collect();
            if let Some((at, byte)) = change {
                let at = at.index(body.len());
                body[at] = byte;
                if let Some(answer) = read_as_written(&ids, &body) {
                    prop_assert_eq!(read_json(&ids, &body), Some(answer));
                }
            } else {
                let verdicts: Vec<_> = asked.values().copied().map(Some).collect();
                prop_assert_eq!(read_as_written(&ids, &body), Some(verdicts));
            }
        }

        #[test]
        fn no_bytes_invent_a_verdict(
            asked in prop::collection::btree_set(1u32..50, 0..20),
            body in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..80),
                r#"[\[{]("[0-9]{1,2}":(true|false|null|1|"yes"),?){0,9}[\]}]"#.prop_map(String::into_bytes),
            ],
        ) {
            let asked = ids(&asked.into_iter().collect::<Vec<_>>());
            let oracle = serde_json::from_slice::<serde_json::Value>(&body).ok();
            if let Some(answer) = verdicts(&asked, &body) {
                for (id, verdict) in asked.iter().zip(answer) {
                    let theirs = oracle.as_ref().and_then(|value| value.get(id.get().to_string())?.as_bool());
                    prop_assert_eq!(verdict, theirs);
                }
            } else {
                prop_assert!(oracle.is_none_or(|value| !value.is_object() && value != serde_json::json!([])));
            }
        }
    }
}
