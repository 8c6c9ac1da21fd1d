//! Lists with a header line: CSV (RFC 4180), the same with tabs or semicolons, tables of markdown. Each row is read as
//! an object whose members are named by the header.

use super::{Finder, Member};
use std::borrow::Cow;

const SEPARATORS: [char; 4] = [',', '\t', ';', '|'];

/// The longest header line, in bytes.
const LONGEST_HEADER: usize = 4000;

/// Reads a text whose first line has a column named for versions; `false`, and nothing read, for any other.
pub(super) fn read(finder: &mut Finder, text: &str) -> bool {
    let text = text.trim_start_matches(['\u{feff}', '\n', '\r']);
    let Some((header, body)) = text.split_once('\n') else { return false };
    if header.len() > LONGEST_HEADER {
        return false;
    }
    let columns = SEPARATORS.iter().find_map(|separator| {
        let columns: Vec<Member> =
            header.split(*separator).map(|cell| Member::named(cell.trim().trim_matches('"'))).collect();
        columns.contains(&Member::Version).then_some((*separator, columns))
    });
    let Some((separator, columns)) = columns else { return false };
    let mut rest = body;
    while !rest.is_empty() {
        finder.open_object();
        for index in 0.. {
            let (cell, end, after) = cell(rest, separator);
            rest = after;
            finder.next = columns.get(index).copied().unwrap_or_default();
            finder.text(cell.trim());
            if end {
                break;
            }
        }
        finder.close();
    }
    true
}

/// Splits off the first cell: its text, whether the row ends with it, and the rest.
fn cell(text: &str, separator: char) -> (Cow<'_, str>, bool, &str) {
    let ends = |letter: char| letter == separator || letter == '\n';
    let split = |text| match str::find(text, ends).and_then(|at| text.split_at_checked(at)) {
        Some((cell, rest)) => (cell, rest.starts_with('\n'), rest.get(1..).unwrap_or_default()),
        None => (text, true, ""),
    };
    // In quotes a cell may hold separators, line ends, and quotes written twice.
    if let Some(mut quoted) = text.strip_prefix('"') {
        let mut cell = String::new();
        while let Some((part, after)) = quoted.split_once('"') {
            cell.push_str(part);
            let Some(more) = after.strip_prefix('"') else {
                let (_, end, rest) = split(after);
                return (Cow::Owned(cell), end, rest);
            };
            cell.push('"');
            quoted = more;
        }
    }
    let (cell, end, rest) = split(text);
    (Cow::Borrowed(cell), end, rest)
}

#[cfg(test)]
mod tests {
    use super::super::find_resources;

    #[track_caller]
    fn ids(text: &str, expected: &[(u32, u32)]) {
        let id = |number: Option<u32>| number.unwrap_or_default();
        let found = find_resources(text);
        let found: Vec<(u32, u32)> = found
            .iter()
            .map(|found| (id(found.model.map(u32::from)), id(found.version.map(u32::from))))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_column_named_for_versions_counts() {
        ids("modelVersionId,name,downloads\n1,a,2\n3,b,4\n", &[(0, 1), (0, 3)]);
        ids("name\tmodel_version_id\r\na\t1\r\nb\t2\r\n", &[(0, 1), (0, 2)]);
        ids("modelId;versionId\n7;1\n8;2", &[(7, 1), (8, 2)]);
        ids("| name | modelVersionId |\n|---|---|\n| a | 1 |\n", &[(0, 1)]);
        ids("modelVersionId\n1\n2", &[(0, 1), (0, 2)]);
        ids("\u{feff}\"modelVersionId\",x\n\"1\",2", &[(0, 1)]);
    }

    #[test]
    fn other_columns_are_text() {
        ids(
            "versionId,link\n1,https://civitai.com/models/7?modelVersionId=2\n,civitai:8@3\n",
            &[(0, 1), (7, 2), (8, 3)],
        );
        ids("versionId,note\n1,\"a, \"\"b\"\"\nciviltai civitai:8@3\"\n4,5\n", &[(0, 1), (8, 3), (0, 4)]);
        ids("name,seed\nmodelVersionId,5\n", &[]);
        ids("versionId,x\n1,\"not closed\n2,3", &[(0, 1), (0, 2)]);
        ids("versionId,json\n1,\"{\"\"modelVersionId\"\":5}\"", &[(0, 1), (0, 5)]);
    }
}
