//! Opening what has to be a regular file, and nothing that only bears its name.
//!
//! A named pipe keeps whoever opens it waiting for somebody at its other end, where no signal reaches; a
//! device may do anything. So it is looked at before it is opened, opened without waiting, and looked at
//! again: what was put there in between is found out as well. Settings may be links, as those who manage
//! such files make them; what the program makes for itself never is one.

use std::fs::{File, FileType, Metadata, OpenOptions, metadata, symlink_metadata};
use std::io::{self, Read};
use std::path::Path;

/// What stands in the place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is {0} and not a file: move it away")]
pub struct NotAFile(pub &'static str);

impl NotAFile {
    /// What an error of [`open`] or [`open_own`] tells of.
    pub fn told_by(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// Opens a file, or one that a link leads to.
pub fn open(options: &OpenOptions, path: &Path) -> io::Result<File> {
    refuse(metadata(path))?;
    opened(options.clone(), path, 0)
}

/// Opens a file that is the program's own, and follows no link to another one.
pub fn open_own(options: &OpenOptions, path: &Path) -> io::Result<File> {
    refuse_other(path)?;
    #[cfg(unix)]
    let no_link = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    #[cfg(not(unix))]
    let no_link = 0;
    opened(options.clone(), path, no_link)
}

/// Refuses what stands in the place of a file of the program's own, without opening it. Nothing is fine.
pub fn refuse_other(path: &Path) -> io::Result<()> {
    refuse(symlink_metadata(path))
}

/// The content of a file, or of one that a link leads to.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    whole(open(OpenOptions::new().read(true), path)?)
}

/// The content of a file that is the program's own.
pub fn read_own(path: &Path) -> io::Result<Vec<u8>> {
    whole(open_own(OpenOptions::new().read(true), path)?)
}

/// The same as text.
pub fn read_to_string(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not text in UTF-8"))
}

fn whole(mut file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn opened(mut options: OpenOptions, path: &Path, flags: i32) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed() | flags);
    }
    #[cfg(not(unix))]
    let _ = (&mut options, flags);
    let file = options.open(path)?;
    refuse(file.metadata())?;
    Ok(file)
}

/// That nothing is there is for the opening to say, or to change.
fn refuse(found: io::Result<Metadata>) -> io::Result<()> {
    match found {
        Ok(found) if found.is_file() => Ok(()),
        Ok(found) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            NotAFile(name(found.file_type())),
        )),
        Err(_) => Ok(()),
    }
}

fn name(kind: FileType) -> &'static str {
    if kind.is_dir() {
        return "a folder";
    }
    if kind.is_symlink() {
        return "a link";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
    }
    "a device"
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn nothing_but_a_file_is_opened_and_nothing_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("file"), "content").unwrap();
        symlink(path("file"), path("link")).unwrap();
        std::fs::create_dir(path("folder")).unwrap();
        let _socket = UnixListener::bind(path("socket")).unwrap();
        let pipe = std::process::Command::new("mkfifo")
            .arg(path("pipe"))
            .status();
        assert!(pipe.unwrap().success());
        symlink("/dev/zero", path("device")).unwrap();

        assert_eq!(read(&path("link")).unwrap(), b"content");
        let mut write = OpenOptions::new();
        write.append(true);
        for (name, what, own) in [
            ("folder", "a folder", "a folder"),
            ("socket", "a socket", "a socket"),
            ("pipe", "a named pipe", "a named pipe"),
            ("device", "a device", "a link"),
        ] {
            let error = read(&path(name)).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("it is {what} and not a file: move it away")
            );
            let error = open_own(&write, &path(name)).unwrap_err();
            assert_eq!(NotAFile::told_by(&error), Some(NotAFile(own)), "{name}");
        }
        let error = open_own(&write, &path("link")).unwrap_err();
        assert_eq!(NotAFile::told_by(&error), Some(NotAFile("a link")));
        assert_eq!(
            read(&path("none")).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
    }

    #[test]
    fn what_is_put_there_after_the_look_is_not_waited_for_either() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let pipe = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(pipe.unwrap().success());
        let error = opened(OpenOptions::new().read(true).clone(), &path, 0).unwrap_err();
        assert_eq!(NotAFile::told_by(&error), Some(NotAFile("a named pipe")));
    }
}
