//! The files of the log: the newest one, and a few that were set aside when they were large enough.
//!
//! Several programs write into one file, so it is opened anew for each batch of lines and written at its
//! end in one piece; whoever finds it large sets it aside under a lock. A batch that meets the change may
//! still go into the file that was just set aside, which harms nothing.

use std::fs::{DirBuilder, File, OpenOptions, remove_dir, remove_file, rename};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::paths::LOG_FILE as FILE;

/// From this size on a file is set aside.
const LARGE: u64 = 1 << 20;
/// Whoever holds a lock on it has the turn to set files aside.
const TURN: &str = "turn";
/// How many files there are at most, with the newest one.
const FILES: u32 = 5;

/// The log on the disk.
pub struct LogFile {
    folder: PathBuf,
    large: u64,
    /// The last batch did not get onto the disk whole.
    torn: bool,
}

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Files.
    pub files: u32,
    /// Bytes in all of them.
    pub bytes: u64,
}

impl LogFile {
    /// In a folder that may not be there yet.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            large: LARGE,
            torn: false,
        }
    }

    /// Puts whole lines at the end.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut file = self.open()?;
        if file.metadata()?.len() >= self.large {
            self.set_aside()?;
            file = self.open()?;
        }
        let written = if std::mem::take(&mut self.torn) {
            file.write_all(&[b"\n", lines].concat())
        } else {
            file.write_all(lines)
        };
        self.torn = written.is_err();
        written
    }

    /// How much there is.
    pub fn size(&self) -> Size {
        let sizes = (0..FILES).filter_map(|n| Some(self.path(n).metadata().ok()?.len()));
        sizes.fold(Size::default(), |sum, bytes| Size {
            files: sum.files + 1,
            bytes: sum.bytes + bytes,
        })
    }

    /// Whether a line could be written now: makes folder and file where they are missing.
    pub fn try_to_open(&self) -> io::Result<()> {
        self.open().map(drop)
    }

    /// Removes it, and the folder where nothing else is in it.
    pub fn remove(&self) -> io::Result<()> {
        let files = (0..FILES).map(|n| self.path(n));
        for path in files.chain([self.folder.join(TURN)]) {
            match remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        // Something of somebody else's may lie there.
        let _ = remove_dir(&self.folder);
        Ok(())
    }

    fn open(&self) -> io::Result<File> {
        let path = self.path(0);
        let options = &mut OpenOptions::new();
        options.append(true).create(true);
        match private(options).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                private_folder(&self.folder)?;
                private(options).open(&path)
            }
            opened => opened,
        }
    }

    /// Every file takes the place of the one before it; the oldest is gone.
    fn set_aside(&self) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let turn = private(&mut options).open(self.folder.join(TURN))?;
        turn.lock()?;
        // Somebody else may have had the turn meanwhile.
        if self.path(0).metadata()?.len() < self.large {
            return Ok(());
        }
        for n in (1..FILES).rev() {
            match rename(self.path(n - 1), self.path(n)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn path(&self, n: u32) -> PathBuf {
        match n {
            0 => self.folder.join(FILE),
            n => self.folder.join(format!("{FILE}.{n}")),
        }
    }
}

/// For this user's eyes only.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(folder: &Path) -> LogFile {
        LogFile {
            large: 1000,
            ..LogFile::in_folder(folder)
        }
    }

    #[test]
    fn however_much_is_written_there_are_five_files_of_bounded_size() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = small(folder.path());
        let line = |n: u32| format!("{n:099}\n");
        for n in 0..1000 {
            file.append(line(n).as_bytes()).unwrap();
        }
        let size = file.size();
        assert_eq!(size.files, FILES);
        assert!(size.bytes <= u64::from(FILES) * 1000, "{size:?}");
        // The newest lines are there, in order, and none twice.
        let mut text = String::new();
        for n in (0..FILES).rev() {
            text += &std::fs::read_to_string(file.path(n)).unwrap();
        }
        let numbers: Vec<u32> = text.lines().map(|line| line.parse().unwrap()).collect();
        let first = 1000 - numbers.len() as u32;
        assert_eq!(numbers, (first..1000).collect::<Vec<_>>());
    }

    #[test]
    fn programs_that_share_the_file_tear_no_line_and_lose_none_that_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let mut file = small(folder.path());
                scope.spawn(move || {
                    for n in 0..10 {
                        let line = format!("{writer} {n:097}\n");
                        file.append(line.as_bytes()).unwrap();
                    }
                });
            }
        });
        let file = small(folder.path());
        let mut lines = Vec::new();
        for n in 0..FILES {
            let text = std::fs::read_to_string(file.path(n)).unwrap_or_default();
            lines.extend(text.lines().map(str::to_owned));
        }
        assert!(lines.iter().all(|line| line.len() == 99), "{lines:?}");
        lines.sort();
        lines.dedup();
        assert_eq!(lines.len(), 40);
    }

    #[cfg(unix)]
    #[test]
    fn folder_and_files_are_for_this_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("log");
        let mut file = small(&folder);
        for _ in 0..30 {
            file.append(&[b'-'; 100]).unwrap();
        }
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
}
