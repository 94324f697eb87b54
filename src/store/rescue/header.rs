//! A damaged header: a few bits of what is the same in each file that we write have turned over.
//!
//! SQLite reads nothing of such a file, reads it as something else, or does not write it any more, though each page
//! is whole. What we always write is known, so it is put right in a copy, with what the log beside the file holds, and
//! read from there. Where more than a few bits differ, the file is somebody else's.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::plan::only_read;
use super::{ASIDE, first_page};
use crate::paths::{HISTORY_FILE, regular};
use crate::store::error::StoreError;
use crate::store::file::{self, with_end};
use crate::store::{migrate, schema};

/// The first bytes of a file.
type Header = [u8; 100];

/// What is the same in each of our files, by its place: the SQLite file format, "The Database Header".
const ALWAYS: &[(usize, &[u8])] = &[
    (0, file::MAGIC),
    // The size of a page.
    (16, &(PAGE as u16).to_be_bytes()),
    // No room is kept at the end of a page; how full one may be.
    (20, &[0, 64, 32, 32]),
    // The format of the tables.
    (44, &4_u32.to_be_bytes()),
    // Nothing is vacuumed by itself.
    (52, &[0; 4]),
    // Text is UTF-8.
    (56, &1_u32.to_be_bytes()),
    (64, &[0; 4]),
    (68, &migrate::APPLICATION_ID.to_be_bytes()),
];
/// Who may write and read a file: with a log, and without one, as a copy is that was put back.
const VERSIONS: [[u8; 2]; 2] = [[2, 2], [1, 1]];
/// What differs in more bits than these was not written by us.
const FEW: u32 = 2;
/// The size of a page, in bytes.
const PAGE: u64 = 4096;
/// Where stands how often the file was changed, and as of which change its pages were counted: SQLite believes the
/// count where both are the same, else it counts by itself.
const CHANGES: [usize; 2] = [24, 92];
/// Where stands how many pages there are.
const PAGES: usize = 28;
/// Where the format stands.
const FORMAT: usize = 60;
/// The end of the name of a copy that is put right.
const COPY: &str = ".mending";

/// Whether a few bits of it have turned over.
pub fn is_damaged(header: &[u8]) -> bool {
    header.first_chunk().and_then(put_right).is_some()
}

/// Whether a file of so many bytes has more pages than it counts. SQLite would never read the last ones, and write
/// others over them.
pub fn counts_too_few(header: &[u8], length: u64) -> bool {
    let [changes, counted_at] = CHANGES.map(|at| number(header, at));
    let counted = number(header, PAGES).filter(|&pages| pages > 0);
    changes == counted_at && counted.is_some_and(|pages| u64::from(pages) < length / PAGE)
}

fn number(header: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*header.get(at..)?.first_chunk()?))
}

/// Whether the format that a file says is a bit away from the one that its tables have: each format is known by
/// how it is built.
pub fn says_another_format(path: &Path, said: u32) -> bool {
    formats_near(said).next().is_some()
        && mended(path)
            .ok()
            .flatten()
            .is_some_and(|mended| migrate::version(&mended).is_ok_and(|is| is <= migrate::known()))
}

/// A copy in memory of a file whose header is damaged, with the header put right; none where it is not, or where the
/// file can be read as it is.
pub fn mended(path: &Path) -> Result<Option<Connection>, StoreError> {
    let failed = |cause| StoreError::unwritable(path, cause);
    let mut found: Header = [0; 100];
    let mut original = regular::open_own(OpenOptions::new().read(true), path).map_err(failed)?;
    if original.read_exact(&mut found).is_err() {
        return Ok(None);
    }
    let right = put_right(&found);
    let said = number(&found, FORMAT).unwrap_or_default();
    let length = original.metadata().map_err(failed)?.len();
    let too_few = !file::has_log(path) && counts_too_few(&found, length);
    let is_whole = match right {
        Some(_) => can_be_read(path),
        None => formats_near(said).next().is_none() && !too_few && first_page::has_plan(path),
    };
    if is_whole {
        return Ok(None);
    }
    original.rewind().map_err(failed)?;
    let mut right = right.unwrap_or(found);
    if too_few && let Ok(pages) = u32::try_from(length / PAGE) {
        right[PAGES..][..4].copy_from_slice(&pages.to_be_bytes());
    }
    let copy = Copy::make(path, &mut original, &right).map_err(failed)?;
    first_page::put_right(&copy.0).map_err(failed)?;
    let on_disk = Connection::open(&copy.0)?;
    on_disk.pragma_update(None, "synchronous", 0)?;
    let mut mended = Connection::open_in_memory()?;
    Backup::new(&on_disk, &mut mended)?.step(-1)?;
    mended.pragma_update(None, "trusted_schema", 0)?;
    drop(on_disk);
    let said = mended.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0))?;
    let fits = |format: &u32| schema::check(&mended, *format).is_ok();
    if let Some(format) = formats_near(said.cast_unsigned()).find(fits) {
        mended.pragma_update(None, "user_version", format)?;
    }
    Ok(Some(mended))
}

/// Removes copies of a process that ended while it made one.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.contains(COPY) && (name.starts_with(HISTORY_FILE) || name.starts_with(ASIDE)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The header as it was, where a few bits of it have turned over.
fn put_right(found: &Header) -> Option<Header> {
    let mut right = *found;
    for (at, ours) in ALWAYS {
        right[*at..][..ours.len()].copy_from_slice(ours);
    }
    let rights = VERSIONS.map(|versions| {
        right[18..20].copy_from_slice(&versions);
        right
    });
    let right = rights
        .into_iter()
        .min_by_key(|right| differ(found, right))?;
    (1..=FEW).contains(&differ(found, &right)).then_some(right)
}

/// In how many bits.
fn differ(one: &Header, other: &Header) -> u32 {
    let both = one.iter().zip(other);
    both.map(|(one, other)| (one ^ other).count_ones()).sum()
}

/// The formats that one of which we do not know may have been, before a bit of it turned over.
fn formats_near(said: u32) -> impl Iterator<Item = u32> {
    (1..=migrate::known())
        .filter(move |format| said > migrate::known() && (said ^ format).is_power_of_two())
}

/// Whether SQLite finds what we have made, and nothing that does not fit.
fn can_be_read(path: &Path) -> bool {
    let look = || -> Result<bool, StoreError> {
        let connection = only_read(path)?;
        let format = migrate::version(&connection)?;
        schema::check(&connection, format)?;
        Ok(format <= migrate::known() && file::misfit(&connection)?.is_none())
    };
    look().unwrap_or(false)
}

/// A file that only this user can read, with its logs; removed when dropped.
struct Copy(PathBuf);

impl Copy {
    fn make(path: &Path, original: &mut File, header: &Header) -> io::Result<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = with_end(path, &format!("{COPY}-{}-{number}", process::id()));
        let copy = Self(name);
        let mut mended = file::create_private(&copy.0)?;
        io::copy(original, &mut mended)?;
        mended.rewind()?;
        mended.write_all(header)?;
        for log in ["-wal", "-journal"] {
            let beside = with_end(path, log);
            if beside.exists() {
                let mut from = regular::open_own(OpenOptions::new().read(true), &beside)?;
                io::copy(
                    &mut from,
                    &mut file::create_private(&with_end(&copy.0, log))?,
                )?;
            }
        }
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(with_end(&self.0, end));
        }
    }
}
