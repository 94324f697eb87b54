//! The head of the first page: what kind of page it is, and where the entries of the plan of the tables lie.
//!
//! One damaged bit there, and SQLite finds no table at all, though all are whole. What should stand there is not known,
//! but whether the plan is found is: so each bit is tried.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::plan::only_read;

/// Behind the header of the file: the head of the page, and the places of its first entries.
const HEAD: std::ops::Range<u64> = 100..140;

/// Whether SQLite finds our tables in a file.
pub fn has_plan(path: &Path) -> bool {
    let look = || {
        let connection = only_read(path).ok()?;
        connection.pragma_update(None, "writable_schema", 1).ok()?;
        let mut plan = connection.prepare("SELECT name FROM sqlite_schema").ok()?;
        let names = plan.query_map([], |row| Ok(row.get::<_, String>(0).ok()));
        let names: Vec<_> = names.ok()?.collect::<Result<_, _>>().ok()?;
        Some(names.iter().flatten().any(|name| name == "operations"))
    };
    look().unwrap_or_default()
}

/// Turns back the bit by which the plan is not found, where there is one; else the file stays as it is.
pub fn put_right(path: &Path) -> io::Result<()> {
    if has_plan(path) {
        return Ok(());
    }
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    for at in HEAD {
        let mut byte = [0];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut byte)?;
        for bit in 0..8 {
            write(&mut file, at, byte[0] ^ 1 << bit)?;
            if has_plan(path) {
                return Ok(());
            }
        }
        write(&mut file, at, byte[0])?;
    }
    Ok(())
}

fn write(file: &mut File, at: u64, byte: u8) -> io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    file.write_all(&[byte])
}
