//! A few bits that turn over in the header, where each page is whole.

use super::*;

/// Four operations, the last of them in the log beside the file: both as a process that was killed leaves them, and
/// as they are once it was left.
fn killed_and_left() -> [tempfile::TempDir; 2] {
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [killed, left] = &folders;
    let mut store = Store::open(left.path()).unwrap();
    for seq in 1..=4 {
        intend_text(&mut store, seq, "+14155550123", &format!("text {seq}"));
        if seq == 3 {
            // The last row is in the log alone, and the first page of the file is not.
            let into_the_file = "PRAGMA wal_checkpoint(FULL)";
            store
                .connection
                .query_row(into_the_file, [], |_| Ok(()))
                .unwrap();
        }
    }
    for name in [HISTORY_FILE, "history.db-wal", HEAD_FILE] {
        fs::copy(left.path().join(name), killed.path().join(name)).unwrap();
    }
    drop(store);
    folders
}

fn again(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in [HISTORY_FILE, "history.db-wal", HEAD_FILE] {
        if folder.join(name).exists() {
            fs::copy(folder.join(name), copy.path().join(name)).unwrap();
        }
    }
    copy
}

fn flip(folder: &Path, bits: &[(usize, u8)]) -> Vec<u8> {
    let path = folder.join(HISTORY_FILE);
    let mut bytes = fs::read(&path).unwrap();
    for (at, bits) in bits {
        bytes[*at] ^= bits;
    }
    fs::write(&path, &bytes).unwrap();
    bytes
}

fn whole(rows: &[HistoryRow]) -> usize {
    let readable = |row: &&HistoryRow| !row.operation.intent.is_unreadable();
    rows.iter().filter(readable).count()
}

/// All that is the same in each file, and the format.
fn places() -> impl Iterator<Item = usize> {
    (0..24).chain(44..48).chain(52..72)
}

#[test]
fn whichever_bit_of_the_header_turns_over_each_row_can_be_read() {
    let all = std::env::var("TUILIO_FAULTS").is_ok_and(|which| which == "all");
    for (folder, is_killed) in killed_and_left().iter().zip([true, false]) {
        let copy = again(folder.path());
        let path = copy.path().join(HISTORY_FILE);
        let log = fs::read(copy.path().join("history.db-wal")).ok();
        assert_eq!(log.is_some(), is_killed);
        let bits = places().flat_map(|place| (0..8).map(move |bit| (place, bit)));
        // A log makes no difference to most.
        for (place, bit) in bits.filter(|(place, bit)| all || !is_killed || place % 8 == *bit) {
            let flipped = flip(copy.path(), &[(place, 1 << bit)]);
            let format = u32::from_be_bytes(*flipped[60..].first_chunk().unwrap());
            if format > migrate::known() || !(60..64).contains(&place) {
                let told = file::inspect(&path);
                assert!(
                    matches!(told, Err(StoreError::Damaged { .. })),
                    "bit {bit} of {place}: {told:?}"
                );
            }
            let found = readable(&as_far_as_it_goes(&path).unwrap(), at(50));
            assert_eq!(
                whole(&found),
                4,
                "bit {bit} of {place}, killed: {is_killed}"
            );
            flip(copy.path(), &[(place, 1 << bit)]);
            let now = fs::read(copy.path().join("history.db-wal")).ok();
            assert!(now.filter(|now| !now.is_empty()) == log, "the log changed");
        }
        let left = fs::read_dir(copy.path()).unwrap().flatten();
        let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
        assert!(
            left.iter()
                .all(|name| !name.to_string_lossy().contains("mending")),
            "{left:?}"
        );
    }
}

#[test]
fn a_history_with_a_damaged_header_is_kept_aside_and_goes_on_whole() {
    for folder in killed_and_left() {
        for bits in [
            &[(3, 0x20)][..],
            &[(16, 0x10)],
            &[(18, 0x40)],
            &[(19, 0x02)],
            &[(19, 0x01)],
            &[(20, 0x08)],
            &[(47, 0x01)],
            &[(59, 0x02)],
            &[(63, 0x01)],
            &[(60, 0x80)],
            &[(71, 0x01), (17, 0x01)],
        ] {
            let copy = again(folder.path());
            let flipped = flip(copy.path(), bits);
            // Of a process that was killed at it.
            let half = copy.path().join("history.db.mending-1-0");
            fs::write(&half, "half").unwrap();
            let opened = Store::open(copy.path());
            assert!(
                matches!(opened, Err(StoreError::Damaged { .. })),
                "{bits:?}: {:?}",
                opened.err()
            );
            let rescued = rescue(copy.path(), at(50)).unwrap().unwrap();
            assert_eq!(
                (rescued.operations, rescued.unreadable, rescued.altered),
                (4, 0, false),
                "{bits:?}"
            );
            assert!(fs::read(&rescued.kept_as).unwrap() == flipped, "{bits:?}");
            assert!(!half.exists());
            let mut store = Store::open(copy.path()).unwrap();
            assert_eq!(whole(&store.page(None, 100).unwrap().rows), 4);
            intend_text(&mut store, 1, "+14155550124", "another");
            drop(store);
            let audit = Audit::open(copy.path()).unwrap().unwrap();
            let aside = Aside {
                kept_as: rescued
                    .kept_as
                    .file_name()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
                told: Compared::Read {
                    lacking: 0,
                    unreadable: 0,
                    otherwise: 0,
                    unread: 0,
                },
            };
            let found = audit.verify(None, None).unwrap().findings;
            assert_eq!(found, [Finding::Rescued(aside)], "{bits:?}");
        }
    }
}

#[test]
fn what_differs_in_more_than_a_few_bits_or_is_really_newer_is_left_as_it_is() {
    let [_, left] = killed_and_left();
    let newer = again(left.path());
    damage(
        newer.path(),
        "ALTER TABLE operations ADD COLUMN note TEXT; PRAGMA user_version = 7",
    );
    let foreign = again(left.path());
    flip(foreign.path(), &[(68, 0x07)]);
    for (folder, is_newer) in [(newer, true), (foreign, false)] {
        let files = || {
            let entries = fs::read_dir(folder.path()).unwrap().flatten();
            let mut files: Vec<_> = entries.map(|entry| entry.file_name()).collect();
            files.sort();
            (files, fs::read(folder.path().join(HISTORY_FILE)).unwrap())
        };
        let before = files();
        for _ in 0..2 {
            let error = Store::open(folder.path()).err().unwrap();
            match error {
                StoreError::Newer { found: 7, .. } => assert!(is_newer),
                StoreError::Foreign { .. } => assert!(!is_newer),
                error => panic!("{error}"),
            }
            assert!(files() == before, "{:?}", files().0);
        }
    }
}

/// A copy that SQLite made has no log, and says so.
#[test]
fn a_copy_that_was_put_back_is_not_damaged() {
    let [_, left] = killed_and_left();
    let path = left.path().join(HISTORY_FILE);
    let copy = left.path().join("copy.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute("VACUUM INTO ?1", [copy.to_string_lossy()])
        .unwrap();
    drop(connection);
    fs::rename(&copy, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap()[18..20], [1, 1]);
    let store = Store::open(left.path()).unwrap();
    assert_eq!(whole(&store.page(None, 100).unwrap().rows), 4);
}

/// So many operations that their rows take several pages, the newest of them at the end.
fn many() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    for seq in 1..=120 {
        let text = format!("text {seq}");
        let row = intend_text(&mut store, seq, "+14155550123", &text);
        let sent = settled_text(seq, MessageStatus::Queued);
        store.settle(row.operation.id, &sent, at(60)).unwrap();
    }
    drop(store);
    folder
}

#[test]
fn fewer_pages_than_there_are_cost_no_row_and_none_is_written_over() {
    let folder = many();
    let path = folder.path().join(HISTORY_FILE);
    let pages = fs::metadata(&path).unwrap().len() / 4096;
    for bit in (0..8).filter(|bit| pages & (1 << bit) != 0) {
        flip(folder.path(), &[(31, 1 << bit)]);
        let told = file::inspect(&path);
        assert!(
            matches!(told, Err(StoreError::Damaged { .. })),
            "{bit}: {told:?}"
        );
        let found = readable(&as_far_as_it_goes(&path).unwrap(), at(50));
        assert_eq!(whole(&found), 120, "bit {bit} of {pages} pages");
        flip(folder.path(), &[(31, 1 << bit)]);
    }
    file::inspect(&path).unwrap();
}

#[test]
fn whichever_bit_of_the_head_of_the_first_page_turns_over_each_row_can_be_read() {
    let folder = many();
    let path = folder.path().join(HISTORY_FILE);
    for (place, bit) in (100..112).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        flip(folder.path(), &[(place, 1 << bit)]);
        let found = readable(&as_far_as_it_goes(&path).unwrap(), at(50));
        assert_eq!(whole(&found), 120, "bit {bit} of {place}");
        flip(folder.path(), &[(place, 1 << bit)]);
    }
}

#[test]
fn a_page_of_another_table_in_the_place_of_rows_makes_up_no_operation() {
    let folder = many();
    let path = folder.path().join(HISTORY_FILE);
    let connection = Connection::open(&path).unwrap();
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'operations'";
    let root: i64 = connection.query_row(root, [], |row| row.get(0)).unwrap();
    drop(connection);
    let pages = fs::metadata(&path).unwrap().len() / 4096;
    let page = usize::try_from(root - 1).unwrap() * 4096;
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes[page], 5, "its rows take several pages");
    let entry = usize::from(u16::from_be_bytes([bytes[page + 12], bytes[page + 13]]));
    let mut lost = 0;
    for other in 2..=pages {
        let mut bytes = bytes.clone();
        bytes[page + entry..][..4].copy_from_slice(&(other as u32).to_be_bytes());
        fs::write(&path, &bytes).unwrap();
        let found = readable(&as_far_as_it_goes(&path).unwrap(), at(50));
        lost += usize::from(whole(&found) < 120);
        assert_eq!(found.len(), 120, "page {other}");
    }
    assert!(lost > 0);
}

#[test]
fn of_a_file_that_was_cut_off_it_is_said_that_its_end_is_not_known() {
    let folder = many();
    let path = folder.path().join(HISTORY_FILE);
    let length = fs::metadata(&path).unwrap().len();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(length * 3 / 4 / 4096 * 4096).unwrap();
    assert!(Store::open(folder.path()).is_err());
    rescue(folder.path(), at(50)).unwrap().unwrap();
    let audit = Audit::open(folder.path()).unwrap().unwrap();
    let found = audit.verify(None, None).unwrap().findings;
    let [Finding::Rescued(aside)] = found.as_slice() else {
        panic!("{found:?}");
    };
    let Compared::Read { unread, .. } = aside.told else {
        panic!("{aside:?}");
    };
    assert!((1..240).contains(&unread), "{unread}");
    let said = aside.said().to_string();
    assert!(said.contains("As far as it can be read"), "{said}");
}
