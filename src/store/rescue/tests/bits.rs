//! A single bit that turns over, wherever it is.

use super::*;

/// Wherever one bit turns over in the pages that hold the plan of the tables, all rows can be read, but for the few
/// bytes that say what the page is and where its entries lie.
#[test]
fn a_bit_in_the_plan_of_the_tables_costs_no_row() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    for seq in 1..=12 {
        intend_text(&mut store, seq, "+14155550123", &format!("text {seq}"));
    }
    drop(store);
    let mut bytes = fs::read(folder.path().join(HISTORY_FILE)).unwrap();
    let plan = |page: &[u8]| {
        page.windows(13)
            .any(|part| part == b"CREATE TABLE " || part == b"CREATE INDEX ")
    };
    let pages = (0..bytes.len() / 4096).filter(|at| *at == 0 || plan(&bytes[at * 4096..][..4096]));
    let pages: Vec<usize> = pages.collect();
    let flipped = folder.path().join("flipped.db");
    let all = std::env::var("TUILIO_FAULTS").is_ok_and(|which| which == "all");
    let places = pages.iter().flat_map(|page| page * 4096..(page + 1) * 4096);
    let places: Vec<usize> = places.step_by(if all { 1 } else { 29 }).collect();
    let mut lost = 0;
    let at_the_rescue = at(50);
    for &at in &places {
        let in_text = {
            let around = &bytes[at.saturating_sub(4)..(at + 5).min(bytes.len())];
            at >= 100 && around.iter().all(|byte| matches!(byte, b' '..=b'~'))
        };
        bytes[at] ^= 1 << (at % 8);
        fs::write(&flipped, &bytes).unwrap();
        bytes[at] ^= 1 << (at % 8);
        let found = as_far_as_it_goes(&flipped).map(|damaged| readable(&damaged, at_the_rescue));
        let whole = |rows: Vec<HistoryRow>| {
            let mut rows = rows.into_iter();
            rows.by_ref()
                .filter(|row| !row.operation.intent.is_unreadable())
                .count()
        };
        let rows = found.map_or(0, whole);
        assert!(rows == 12 || !in_text, "byte {at}: {rows} rows");
        lost += usize::from(rows < 12);
    }
    assert!(lost * 50 < places.len(), "{lost} of {}", places.len());
}

/// Whichever bit turns over in what says when an operation was, how it stands and what came of it.
#[test]
fn a_bit_in_a_time_or_in_what_came_of_it_costs_no_operation() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    for seq in 1..=3 {
        let id = intend_text(&mut store, seq, "+14155550123", "hello")
            .operation
            .id;
        let sent = settled_text(seq, MessageStatus::Sent);
        store.settle(id, &sent, at(seq.into())).unwrap();
    }
    let row = store.page(None, 10).unwrap().rows.remove(1);
    drop(store);
    let connection = Connection::open(folder.path().join(HISTORY_FILE)).unwrap();
    connection
        .execute_batch("PRAGMA ignore_check_constraints = 1; PRAGMA synchronous = OFF")
        .unwrap();
    // What is found where it is so, and whether the text that stands there then is a time.
    let flipped = |column: &str, bit: usize| {
        let read = format!("SELECT CAST({column} AS BLOB) FROM operations WHERE row = 2");
        let before: Vec<u8> = connection.query_row(&read, [], |row| row.get(0)).unwrap();
        let mut bytes = before.clone();
        *bytes.get_mut(bit / 8)? ^= 1 << (bit % 8);
        let write = format!("UPDATE operations SET {column} = CAST(?1 AS TEXT) WHERE row = 2");
        connection.execute(&write, [&bytes]).unwrap();
        let found = readable(&connection, at(50));
        connection.execute(&write, [&before]).unwrap();
        assert_eq!(found.len(), 3, "bit {bit} of {column}");
        let is_time = String::from_utf8(bytes).is_ok_and(|text| text.parse::<Timestamp>().is_ok());
        Some((found[1].clone(), is_time))
    };
    for column in ["at", "updated_at"] {
        let all: Vec<_> = (0..).map_while(|bit| flipped(column, bit)).collect();
        let told: Vec<_> = all.iter().filter(|(_, is_time)| !is_time).collect();
        assert!(
            told.len() > 100,
            "{column}: {} of {}",
            told.len(),
            all.len()
        );
        for (found, _) in told {
            let times = [found.operation.at, found.updated_at];
            assert_eq!(times, [row.operation.at, row.updated_at], "{column}");
            assert_eq!(found.state, row.state, "{column}");
        }
    }
    for column in ["state", "sid"] {
        let all: Vec<_> = (0..).map_while(|bit| flipped(column, bit)).collect();
        assert!(
            all.iter()
                .all(|(found, _)| found.operation == row.operation)
        );
        let unknown = |found: &HistoryRow| matches!(found.state, OpState::Unknown(_));
        assert!(all.iter().any(|(found, _)| unknown(found)), "{column}");
    }
    drop(connection);
    // No program writes JSON that is none, but a disk does.
    let mut bytes = fs::read(folder.path().join(HISTORY_FILE)).unwrap();
    let outcome: &[u8] = br#"{"text":{"segments":"#;
    let place = bytes
        .windows(outcome.len())
        .position(|part| part == outcome);
    let copy = folder.path().join("flipped.db");
    for bit in 0..outcome.len() * 8 {
        let (byte, by) = (place.unwrap() + bit / 8, 1 << (bit % 8));
        bytes[byte] ^= by;
        fs::write(&copy, &bytes).unwrap();
        bytes[byte] ^= by;
        let found = readable(&as_far_as_it_goes(&copy).unwrap(), at(50));
        assert_eq!(found.len(), 3, "bit {bit} of what came of it");
    }
}

/// The highest bit of a letter makes of it what no text can have.
#[test]
fn a_bit_that_no_text_can_have_costs_no_operation_wherever_it_is() {
    let whole = tempfile::tempdir().unwrap();
    let mut store = Store::open(whole.path()).unwrap();
    for seq in 1..=3 {
        intend_text(&mut store, seq, "+14155550123", &format!("text {seq}"));
    }
    for seq in 1..=2 {
        let sent = settled_text(seq, MessageStatus::Sent);
        let id = OpId { session: 1, seq };
        store.settle(id, &sent, at(seq.into())).unwrap();
    }
    let before = store.page(None, 10).unwrap().rows;
    drop(store);
    for (column, row) in [
        ("at", 2),
        ("kind", 2),
        ("recipient", 2),
        ("body", 3),
        ("intent", 2),
        ("state", 2),
        ("sid", 2),
        ("status", 2),
        ("outcome", 2),
        ("updated_at", 2),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for name in [HISTORY_FILE, HEAD_FILE] {
            fs::copy(whole.path().join(name), folder.path().join(name)).unwrap();
        }
        let path = folder.path().join(HISTORY_FILE);
        let connection = Connection::open(&path).unwrap();
        connection
            .pragma_update(None, "ignore_check_constraints", 1)
            .unwrap();
        let read = format!("SELECT CAST({column} AS BLOB) FROM operations WHERE row = {row}");
        let mut bytes: Vec<u8> = connection.query_row(&read, [], |row| row.get(0)).unwrap();
        bytes[3] |= 0x80;
        let flip = format!("UPDATE operations SET {column} = CAST(?1 AS TEXT) WHERE row = {row}");
        connection.execute(&flip, [&bytes]).unwrap();
        drop(connection);

        let told = crate::store::examine(folder.path(), std::time::Duration::from_mins(1));
        assert!(
            matches!(told, Err(StoreError::Damaged { .. })),
            "{column}: {told:?}"
        );
        let met = Store::open(folder.path()).and_then(|store| store.page(None, 10));
        assert!(
            matches!(met, Err(StoreError::Damaged { .. })),
            "{column}: {met:?}"
        );
        let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
        assert!(!rescued.altered, "{column}");
        let store = Store::open(folder.path()).unwrap();
        let after = store.page(None, 10).unwrap().rows;
        assert_eq!(after.len(), before.len(), "{column}");
        for (was, is) in before.iter().zip(&after) {
            assert_eq!(was.operation.id, is.operation.id, "{column}");
            assert_eq!(
                was.operation.intent.to(),
                is.operation.intent.to(),
                "{column}"
            );
            assert!(
                was.state == is.state || matches!(is.state, OpState::Unknown(_)),
                "{column}: {is:?}"
            );
        }
        assert!(store.is_unaccepted().unwrap(), "{column}");
    }
}

/// A row that a start does not read is met later: the start after that looks for it.
#[test]
fn what_is_met_later_is_kept_aside_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    suspect(folder.path(), &StoreError::Full);
    assert!(!is_suspected(folder.path()));
    suspect(folder.path(), &StoreError::damaged("a value"));
    assert!(is_suspected(folder.path()));
    assert_eq!(rescue(folder.path(), at(1)).unwrap(), None, "it is sound");
    assert!(!is_suspected(folder.path()));
}

#[test]
fn a_byte_that_no_text_can_have_is_read_as_the_letter_that_it_was() {
    for (bytes, text) in [
        (&b"h\xe5llo"[..], "hello"),
        (b"\xe8ello \xc3\xa9", "hello \u{e9}"),
        (b"hello\xff", "hello\u{fffd}"),
    ] {
        assert_eq!(as_text(bytes), text);
    }
}

/// Whichever bit turns over in the hash of the last line, by which the next one is written.
#[test]
fn a_bit_in_the_end_of_the_audit_costs_nothing_and_is_told() {
    let whole = tempfile::tempdir().unwrap();
    let mut store = Store::open(whole.path()).unwrap();
    for seq in 1..=3 {
        intend_text(&mut store, seq, "+14155550123", &format!("text {seq}"));
    }
    let before = store.page(None, 10).unwrap().rows;
    drop(store);
    let bytes = fs::read(whole.path().join(HISTORY_FILE)).unwrap();
    let connection = Connection::open(whole.path().join(HISTORY_FILE)).unwrap();
    let last = "SELECT hash FROM audit ORDER BY number DESC LIMIT 1";
    let hash: String = connection.query_row(last, [], |row| row.get(0)).unwrap();
    drop(connection);
    let mut places = bytes.windows(hash.len()).enumerate();
    let place = places.find(|(_, part)| *part == hash.as_bytes()).unwrap().0;
    let all = std::env::var("TUILIO_FAULTS").is_ok_and(|which| which == "all");
    for bit in (0..hash.len() * 8)
        .step_by(if all { 1 } else { 37 })
        .chain([7, 511])
    {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(whole.path().join(HEAD_FILE), folder.path().join(HEAD_FILE)).unwrap();
        let mut bytes = bytes.clone();
        bytes[place + bit / 8] ^= 1 << (bit % 8);
        fs::write(folder.path().join(HISTORY_FILE), bytes).unwrap();
        if let Err(error) = Store::open(folder.path()).and_then(|store| store.lacks_its_end()) {
            assert!(
                matches!(error, StoreError::Damaged { .. }),
                "{bit}: {error}"
            );
            rescue(folder.path(), at(50)).unwrap().unwrap();
        }
        let mut store = Store::open(folder.path()).unwrap();
        assert!(store.is_unaccepted().unwrap(), "{bit}");
        let rows = store.page(None, 10).unwrap().rows;
        assert_eq!(rows.len(), before.len(), "{bit}");
        for (was, is) in before.iter().zip(&rows) {
            assert_eq!(
                (&was.operation, &was.state),
                (&is.operation, &is.state),
                "{bit}"
            );
        }
        store.accept_audit(at(51)).unwrap();
        assert!(!store.is_unaccepted().unwrap(), "{bit}");
        intend_text(&mut store, 1, "+14155550124", "afterwards");
        drop(store);
        let audit = Audit::open(folder.path()).unwrap().unwrap();
        assert_eq!(audit.verify(None, None).unwrap().findings, [], "{bit}");
    }
}
