//! What lies on this machine: settings, policy, history, terminal, log.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::{HISTORY, Patient};
use crate::config::{self, Config, PolicyError};
use crate::domain::checkup::{Finding, Link};
use crate::domain::failure::with_causes;
use crate::domain::{Failure, FailureKind, Phrase, phrase};
use crate::layout::SMALLEST;
use crate::paths::LOG_FILE;
use crate::runtime::log::{Level, LogFile, Unfit};
use crate::store::{self, StoreError};

/// Less room than this, in MiB, is worth a word.
const LITTLE: u64 = 64;

/// The file of the settings, read as every start reads it.
pub fn settings(file: &Path) -> (Finding, Option<Config>) {
    let path = file.display().to_string();
    match Config::load(file) {
        Err(error) => {
            let failure = Failure::new(FailureKind::Internal, with_causes(&error));
            let finding = Finding::broken(
                Link::Settings,
                failure,
                error.phrase(),
                phrase!("Mend that line, or move the file away: an empty one is fine."),
            );
            (finding, None)
        }
        Ok(config) => {
            let what = if !file.exists() {
                phrase!("{path} is not there yet, which is fine.", path = path)
            } else if config.profiles.len() == 1 {
                phrase!("{path}, with 1 profile.", path = path)
            } else {
                phrase!(
                    "{path}, with {n} profiles.",
                    path = path,
                    n = config.profiles.len()
                )
            };
            (Finding::good(Link::Settings, what), Some(config))
        }
    }
}

/// What the lead allows.
pub fn policy(file: &Path, off: Option<&Phrase>) -> Finding {
    let path = file.display().to_string();
    let policy = match config::read_policy(file) {
        Ok(policy) => policy,
        Err(error) => {
            let why = match &error {
                PolicyError::Mistaken { path, mistakes } if let [first, ..] = &mistakes[..] => {
                    phrase!(
                        "{path}, line {line}: {what}.",
                        path = path.display().to_string(),
                        line = first.line,
                        what = &first.what
                    )
                }
                _ => error.phrase(),
            };
            return Finding::broken(
                Link::Policy,
                Failure::new(FailureKind::Policy, why.to_string()),
                why,
                phrase!(
                    "Nothing is sent until your lead has mended it: tuilio policy check names every mistake."
                ),
            );
        }
    };
    if let Some(why) = off {
        return Finding::broken(
            Link::Policy,
            Failure::new(FailureKind::Policy, why.to_string()),
            why.clone(),
            phrase!("Until then the desk is for looking only."),
        );
    }
    match policy {
        None => Finding::good(
            Link::Policy,
            phrase!("There is none, so everything is allowed."),
        ),
        Some(_) if may_change(file) => Finding::doubtful(
            Link::Policy,
            phrase!(
                "{path} is followed, and could be changed from this account.",
                path = path
            ),
            phrase!("Have it belong to the administrator alone."),
        ),
        Some(_) => Finding::good(Link::Policy, phrase!("{path} is followed.", path = path)),
    }
}

/// Whether somebody who is not the administrator may write it, and is the one who asks.
fn may_change(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let me = rustix::process::geteuid();
        file.metadata().is_ok_and(|found| {
            found.mode() & 0o002 != 0 || (!me.is_root() && found.uid() == me.as_raw())
        })
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

/// The folder and the history in it. Looking through a large one takes its time.
pub async fn history(folder: PathBuf) -> [Finding; 2] {
    let looked = tokio::task::spawn_blocking(move || {
        let place = self::folder(&folder);
        let history = match place.failure {
            Some(_) => Finding::skipped(
                Link::History,
                phrase!("Skipped, because its folder cannot be used."),
            ),
            None => content(&folder),
        };
        [place, history]
    });
    looked.await.unwrap_or_else(|_| {
        [Link::Folder, Link::History].map(|link| {
            let what = phrase!("Looking at it failed by a fault of ours.");
            let failure = Failure::new(FailureKind::Internal, what.to_string());
            Finding::broken(
                link,
                failure,
                what,
                phrase!("Tell whoever looks after tuilio."),
            )
        })
    })
}

fn folder(folder: &Path) -> Finding {
    let path = folder.display().to_string();
    let broken = |what: Phrase, next: Phrase| {
        let failure = Failure::new(FailureKind::Store, what.to_string());
        Finding::broken(Link::Folder, failure, what, next)
    };
    let elsewhere =
        || phrase!("Set TUILIO_DATA_DIR to a folder on this machine that you may write.");
    if let Err(error @ StoreError::Network { .. }) = store::refuse_network(folder) {
        return broken(Failure::from(&error).phrase(), elsewhere());
    }
    // What is not there yet is made by the first start, below what is there.
    let Some(there) = folder.ancestors().find(|above| above.exists()) else {
        return broken(phrase!("{path} cannot be made.", path = path), elsewhere());
    };
    if !is_writable(there) {
        return broken(
            phrase!("{path} cannot be written.", path = path),
            elsewhere(),
        );
    }
    if there != folder {
        return Finding::good(
            Link::Folder,
            phrase!("{path} is made by the first start.", path = path),
        );
    }
    if is_open(folder) {
        return Finding::doubtful(
            Link::Folder,
            phrase!(
                "{path} can be entered by other accounts of this machine.",
                path = path
            ),
            phrase!("chmod 700 {path}", path = folder.display().to_string()),
        );
    }
    match free(folder) {
        Some(0) => broken(
            phrase!(
                "The disk of {path} is full: nothing new is sent.",
                path = path
            ),
            phrase!("Make room there."),
        ),
        Some(n @ ..LITTLE) => Finding::doubtful(
            Link::Folder,
            phrase!("{path} has only {n} MiB of room left.", path = path, n = n),
            phrase!("Make room there."),
        ),
        Some(n) => Finding::good(
            Link::Folder,
            phrase!(
                "{path}, for this account alone, {n} MiB free.",
                path = path,
                n = n
            ),
        ),
        None => Finding::good(Link::Folder, Phrase::verbatim(path)),
    }
}

#[cfg(unix)]
fn is_writable(folder: &Path) -> bool {
    use rustix::fs::{Access, access};
    folder.is_dir()
        && access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
        // Where files are made by the system alone, an administrator may not either.
        && !folder.starts_with("/proc")
}

#[cfg(not(unix))]
fn is_writable(folder: &Path) -> bool {
    folder.is_dir()
}

fn is_open(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        path.metadata().is_ok_and(|found| found.mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Room that is left, in MiB.
fn free(folder: &Path) -> Option<u64> {
    fs4::available_space(folder).ok().map(|bytes| bytes >> 20)
}

fn content(folder: &Path) -> Finding {
    let link = Link::History;
    match store::examine(folder, HISTORY) {
        Ok(None) => Finding::good(
            link,
            phrase!("There is none yet; the first start makes it."),
        ),
        Ok(Some(found)) if !found.whole => Finding::good(
            link,
            phrase!(
                "It opens and holds {n} operations. It is too large to be looked through in a few seconds.",
                n = found.operations
            ),
        ),
        Ok(Some(_)) if is_open(&folder.join(crate::paths::HISTORY_FILE)) => Finding::doubtful(
            link,
            phrase!("The file can be read by other accounts of this machine."),
            phrase!(
                "chmod 600 {path}",
                path = folder
                    .join(crate::paths::HISTORY_FILE)
                    .display()
                    .to_string()
            ),
        ),
        Ok(Some(found)) if found.operations == 1 && found.open == 1 => Finding::good(
            link,
            phrase!("It is whole and holds 1 operation, which is not known or under way."),
        ),
        Ok(Some(found)) if found.operations == 1 => {
            Finding::good(link, phrase!("It is whole and holds 1 operation."))
        }
        Ok(Some(found)) if found.open == 1 => Finding::good(
            link,
            phrase!(
                "It is whole and holds {n} operations, of which 1 is not known or under way.",
                n = found.operations
            ),
        ),
        Ok(Some(found)) if found.open > 0 => Finding::good(
            link,
            phrase!(
                "It is whole and holds {n} operations, of which {open} are not known or under way.",
                n = found.operations,
                open = found.open
            ),
        ),
        Ok(Some(found)) => Finding::good(
            link,
            phrase!(
                "It is whole and holds {n} operations.",
                n = found.operations
            ),
        ),
        Err(error) => {
            let next = match &error {
                StoreError::Newer { .. } => {
                    phrase!("Install a tuilio that is as new as the one that wrote it.")
                }
                StoreError::Foreign { .. } => {
                    phrase!("Move that file away, or set TUILIO_DATA_DIR to another folder.")
                }
                StoreError::NotAFile { .. } => {
                    phrase!("Put the history back there, or let the next start make a new one.")
                }
                StoreError::Busy => phrase!("Wait until the other program is done."),
                StoreError::Damaged { .. } | StoreError::Altered { .. } => {
                    phrase!(
                        "The next start keeps the file aside and goes on with what can be read of it."
                    )
                }
                _ => phrase!("Keep a copy of the file, and restore the newest backup."),
            };
            let failure = Failure::from(&error);
            let what = failure.phrase();
            Finding::broken(link, failure, what, next)
        }
    }
}

/// What the desk would be drawn on.
pub fn terminal(patient: &Patient) -> Finding {
    let link = Link::Terminal;
    let value = |name| (patient.environment)(name).filter(|value| !value.is_empty());
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Finding::skipped(
            link,
            phrase!(
                "Skipped, because there is no terminal here: commands need none, the desk does."
            ),
        );
    }
    let name = value("TERM").unwrap_or_default();
    if name.is_empty() || name == "dumb" {
        return Finding::doubtful(
            link,
            phrase!(
                "This terminal says that it cannot draw (TERM), so the desk comes line by line."
            ),
            phrase!("Set TERM to what the terminal is, such as xterm-256color."),
        );
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(value);
    let utf8 = locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.ends_with("utf-8") || locale.ends_with("utf8")
    });
    let Some((columns, rows)) = size() else {
        return Finding::good(link, phrase!("{name}, of unknown size.", name = name));
    };
    if columns < SMALLEST.width || rows < SMALLEST.height {
        return Finding::doubtful(
            link,
            phrase!(
                "{columns} x {rows} is too small for the desk.",
                columns = columns,
                rows = rows
            ),
            phrase!(
                "Make the window at least {columns} x {rows}.",
                columns = SMALLEST.width,
                rows = SMALLEST.height
            ),
        );
    }
    if !utf8 {
        return Finding::doubtful(
            link,
            phrase!(
                "{name}, {columns} x {rows}, and the locale does not say UTF-8.",
                name = name,
                columns = columns,
                rows = rows
            ),
            phrase!("Set LANG to one such as en_US.UTF-8, or TUILIO_ASCII=1 for plain marks."),
        );
    }
    let what = match patient.colors {
        0 => phrase!(
            "{name}, {columns} x {rows}, UTF-8, without colours.",
            name = name,
            columns = columns,
            rows = rows
        ),
        n => phrase!(
            "{name}, {columns} x {rows}, UTF-8, {n} colours.",
            name = name,
            columns = columns,
            rows = rows,
            n = n
        ),
    };
    Finding::good(link, what)
}

fn size() -> Option<(u16, u16)> {
    crossterm::terminal::size()
        .ok()
        .filter(|size| *size != (0, 0))
}

/// Where it is written what happened.
pub fn log(patient: &Patient) -> Finding {
    let link = Link::Log;
    let folder = patient.paths.log_dir();
    let path = folder.join(LOG_FILE).display().to_string();
    let file = LogFile::in_folder(&folder);
    let size = file.size();
    match patient.level {
        Err(_) => Finding::doubtful(
            link,
            phrase!(
                "TUILIO_LOG says something that is not understood, so everything is logged to {path}.",
                path = path
            ),
            phrase!("Set it to off, error, warn or info."),
        ),
        Ok(Level::Off) => Finding::good(link, phrase!("Off (TUILIO_LOG).")),
        Ok(_) if let Some(error) = unfit(&file, &folder) => {
            let back = phrase!("Give the file and its folder back to this account.");
            match Unfit::told_by(&error) {
                Some(Unfit::Elsewhere) => Finding::doubtful(
                    link,
                    phrase!(
                        "{path} or its folder is a link or no file at all, so nothing is logged.",
                        path = path
                    ),
                    phrase!("Move it away: the next start makes it anew."),
                ),
                Some(Unfit::NotOurs) => Finding::doubtful(
                    link,
                    phrase!(
                        "{path} or its folder belongs to another account, so nothing is logged.",
                        path = path
                    ),
                    back,
                ),
                None => Finding::doubtful(
                    link,
                    phrase!(
                        "{path} cannot be written, so nothing is logged.",
                        path = path
                    ),
                    back,
                ),
            }
        }
        Ok(_) if size.files == 0 => Finding::good(
            link,
            phrase!("{path}, which is not there yet.", path = path),
        ),
        Ok(_) => Finding::good(
            link,
            phrase!(
                "{path}, {n} KiB in all.",
                path = path,
                n = size.bytes.div_ceil(1024)
            ),
        ),
    }
}

/// Why a log that is there is not written.
fn unfit(file: &LogFile, folder: &Path) -> Option<std::io::Error> {
    // One that is not there yet is not made for the look.
    folder.symlink_metadata().ok()?;
    file.try_to_open().err()
}
