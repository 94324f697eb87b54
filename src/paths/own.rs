//! What the system itself says of this user and of the clock on the wall, whatever the environment says.
//!
//! Where the lead has set how much is enough for a day, the day and the place of the count must not depend on
//! what an agent can set before the program starts.

use std::path::PathBuf;

use jiff::tz::TimeZone;

/// The folder that data lie in where no variable says otherwise. None where the system knows no home of this
/// user.
pub fn data_dir() -> Option<PathBuf> {
    #[cfg(unix)]
    {
        let within = if cfg!(target_os = "macos") {
            "Library/Application Support/tuilio"
        } else {
            ".local/share/tuilio"
        };
        let home = user()?.dir;
        Some(home.join(within)).filter(|_| !home.as_os_str().is_empty())
    }
    // Known folders are asked of the system there.
    #[cfg(not(unix))]
    {
        let folders = directories::ProjectDirs::from("", "", "tuilio");
        folders.map(|folders| folders.data_local_dir().to_owned())
    }
}

/// What the user who runs this is called. None where the system's list does not say.
pub fn name() -> Option<String> {
    #[cfg(unix)]
    return user().map(|user| user.name);
    #[cfg(not(unix))]
    None
}

/// The time zone of this computer; UTC where it has none. `TZ` and `TZDIR` move that of a process, not this.
pub fn zone() -> TimeZone {
    #[cfg(unix)]
    {
        let rules = std::fs::read("/etc/localtime").ok();
        rules
            .and_then(|rules| TimeZone::tzif("", &rules).ok())
            .unwrap_or(TimeZone::UTC)
    }
    #[cfg(not(unix))]
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}

#[cfg(unix)]
fn user() -> Option<nix::unistd::User> {
    let user = nix::unistd::User::from_uid(nix::unistd::Uid::current());
    user.ok().flatten()
}
