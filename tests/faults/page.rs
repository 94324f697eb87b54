//! The page `docs/reliability/network.md`: its tables are what the tests expect.

/// The page.
pub const PAGE: &str = include_str!("../../docs/reliability/network.md");

/// The rows of the table under a heading, cell by cell, without the two that head it.
pub fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, rest) = PAGE
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no heading {heading:?}"));
    let section = rest.split("\n## ").next().unwrap_or(rest);
    let rows: Vec<Vec<_>> = section
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'))
        .map(|row| row.split('|').map(str::trim).collect())
        .collect();
    let columns = rows.first().map_or(0, Vec::len);
    assert!(rows.len() > 2, "no table under {heading:?}");
    for row in &rows {
        assert_eq!(row.len(), columns, "{heading}: {row:?}");
    }
    rows[2..].to_vec()
}

/// The words in code style within a cell.
pub fn codes(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The kind of a call: the column in which it is judged.
pub fn kind(call: &str) -> &'static str {
    let rows = table("What is asked");
    rows.iter()
        .find(|row| codes(row[1]).any(|name| name == call))
        .map_or_else(|| panic!("{call} is of no kind"), |row| row[0])
}

/// The place of a kind among the columns of the other tables, the first of which is `first`.
pub fn column(kind: &str, first: usize) -> usize {
    let rows = table("What is asked");
    let place = rows.iter().position(|row| row[0] == kind);
    first + place.unwrap_or_else(|| panic!("no kind {kind:?}"))
}
