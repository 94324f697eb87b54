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
