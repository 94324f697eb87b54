//! The files of the log: the newest one, and a few that were set aside when they were large enough.
//!
//! Several programs write into one file, so it is opened anew for each batch of lines and written at its
//! end in one piece; whoever finds it large sets it aside under a lock. A batch that meets the change may
//! still go into the file that was just set aside, which harms nothing.
//!
//! Folder and files are this account's alone: what others may read is mended, and what is theirs, or a
//! link to somewhere else, is not written.

use std::fs::{
    DirBuilder, File, Metadata, OpenOptions, remove_dir, remove_file, rename, symlink_metadata,
};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::paths::LOG_FILE as FILE;
use crate::paths::regular::{self, NotAFile};

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

/// Why a log is not written that could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A link or something else stands in the place of the folder or of a file.
    #[error("something else stands in the place of the log")]
    Elsewhere,
    /// It belongs to another account.
    #[error("the log belongs to another account")]
    NotOurs,
}

impl Unfit {
    /// What an error of the log tells of.
    pub fn told_by(error: &io::Error) -> Option<Self> {
        if NotAFile::told_by(error).is_some() {
            return Some(Self::Elsewhere);
        }
        error.get_ref()?.downcast_ref().copied()
    }
}

impl From<Unfit> for io::Error {
    fn from(unfit: Unfit) -> Self {
        Self::new(io::ErrorKind::PermissionDenied, unfit)
    }
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
        let sizes = (0..FILES).filter_map(|n| Some(symlink_metadata(self.path(n)).ok()?.len()));
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
        match symlink_metadata(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => private_folder(&self.folder)?,
            found => self.claim_folder(&found?)?,
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        let file = regular::open_own(private(&mut options), &self.path(0))?;
        claim_file(&file)?;
        Ok(file)
    }

    /// Sees to it that only this account can enter the folder.
    fn claim_folder(&self, found: &Metadata) -> io::Result<()> {
        if !found.is_dir() {
            return Err(Unfit::Elsewhere.into());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            if is_open(found)? {
                std::fs::set_permissions(&self.folder, PermissionsExt::from_mode(0o700))?;
            }
        }
        Ok(())
    }

    /// Every file takes the place of the one before it; the oldest is gone.
    fn set_aside(&self) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let turn = regular::open_own(private(&mut options), &self.folder.join(TURN))?;
        turn.lock()?;
        // Somebody else may have had the turn meanwhile, and nobody begun the next file.
        match symlink_metadata(self.path(0)) {
            Ok(found) if found.len() >= self.large => {}
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
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

/// Sees to it that only this account can read a file.
fn claim_file(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if is_open(&file.metadata()?)? {
            file.set_permissions(PermissionsExt::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Whether other accounts may do anything with what is ours; what is theirs is refused.
#[cfg(unix)]
fn is_open(found: &Metadata) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(Unfit::NotOurs.into());
    }
    Ok(found.mode() & 0o077 != 0)
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

    #[test]
    fn whoever_comes_after_the_turn_of_another_sets_nothing_aside() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = small(folder.path());
        file.append(&[b'-'; 1000]).unwrap();
        file.set_aside().unwrap();
        // The next file is not there yet.
        file.set_aside().unwrap();
        assert_eq!(
            file.size(),
            Size {
                files: 1,
                bytes: 1000
            }
        );
        file.append(b"line").unwrap();
        file.set_aside().unwrap();
        assert_eq!(std::fs::read(file.path(0)).unwrap(), b"line");
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
        // What somebody has opened up is closed with the next line.
        for (path, open) in [(&folder, 0o755), (&file.path(0), 0o644)] {
            let open = std::fs::Permissions::from_mode(open);
            std::fs::set_permissions(path, open).unwrap();
        }
        file.append(b"-").unwrap();
        assert_eq!((mode(&folder), mode(&file.path(0))), (0o700, 0o600));
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_or_into_what_is_no_file() {
        use std::os::unix::fs::symlink;
        let parent = tempfile::tempdir().unwrap();
        let (folder, theirs) = (parent.path().join("log"), parent.path().join("theirs"));
        std::fs::create_dir(&theirs).unwrap();
        std::fs::write(theirs.join(FILE), "theirs").unwrap();
        let mut file = small(&folder);
        let mut refused = || {
            let error = file.append(b"line").unwrap_err();
            assert_eq!(Unfit::told_by(&error), Some(Unfit::Elsewhere), "{error}");
            assert_eq!(std::fs::read(theirs.join(FILE)).unwrap(), b"theirs");
        };
        symlink(&theirs, &folder).unwrap();
        refused();
        std::fs::remove_file(&folder).unwrap();
        std::fs::create_dir(&folder).unwrap();
        symlink(theirs.join(FILE), folder.join(FILE)).unwrap();
        refused();
        std::fs::remove_file(folder.join(FILE)).unwrap();
        let pipe = std::process::Command::new("mkfifo")
            .arg(folder.join(FILE))
            .status();
        assert!(pipe.unwrap().success());
        refused();
    }
}
