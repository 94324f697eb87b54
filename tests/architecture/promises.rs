//! The page on security names the tests that prove what it says: here, that each of them is there.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// The tables of the page: under which heading, and in which of their cells tests are named.
const TABLES: &[(&str, usize)] = &[("What is promised", 1), ("The threat model", 4)];

/// The text of a folder of tests, or of a file of the source.
fn source(place: &str) -> String {
    fn read(path: &Path, into: &mut String) {
        if path.is_dir() {
            let entries = fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().path());
            entries.for_each(|entry| read(&entry, into));
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    let mut text = String::new();
    let path = root().join(place);
    assert!(
        path.exists(),
        "SECURITY.md names {place}, which is not there"
    );
    read(&path, &mut text);
    text
}

/// A test is a function, or has its name from a list of trials or of laws.
fn has_test(source: &str, name: &str) -> bool {
    let called = |before: &str, after: &str| source.contains(&format!("{before}{name}{after}"));
    called("fn ", "(") || called("\"", "\"") || called("    ", ": ")
}

#[test]
fn every_test_that_the_page_on_security_names_is_there() {
    let page = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let mut named = 0;
    for (heading, cell) in TABLES {
        let (_, section) = page.split_once(&format!("\n## {heading}\n")).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let rows = section.lines().filter(|line| line.starts_with("| "));
        for row in rows.skip(2) {
            let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
            let mut place = String::new();
            let mut proofs = 0;
            for word in cells[*cell].split('`').skip(1).step_by(2) {
                if word.starts_with("tests/") || word.starts_with("src/") {
                    place = source(word);
                } else if word.contains('(') || word == ".ci/run" {
                    // The compiler, or the build server.
                    proofs += 1;
                } else {
                    assert!(
                        has_test(&place, word),
                        "SECURITY.md names {word}, which is no test there"
                    );
                    (named, proofs) = (named + 1, proofs + 1);
                }
            }
            assert!(proofs > 0, "nothing proves {row}");
        }
    }
    assert!(named > 40, "only {named} tests are named");
}

#[test]
fn a_test_that_is_not_there_is_missed() {
    let tests = "fn one() {}  trial(\"two\", two)  twins!(\n    three: 5,\n)";
    assert!(
        ["one", "two", "three"]
            .iter()
            .all(|name| has_test(tests, name))
    );
    assert!(!has_test(tests, "tw") && !has_test(tests, "four"));
}
