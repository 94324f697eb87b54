//! Memory that stays in the program: keys and codes are in it while they are used, so no picture of it may
//! be left on a disk.
//!
//! Where a program breaks down, the system may write its memory into a file. The limit of that file is
//! set to nothing, for us and for whatever we start; and on Linux the process says that it is not to be
//! dumped, which also keeps other programs of the same user from reading its memory and environment, and
//! which a handler of core dumps that ignores limits still obeys.

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

/// From now on there is none, for as long as the program runs.
pub fn forbid() -> io::Result<()> {
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, nothing)?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// Whether it is so.
pub fn is_forbidden() -> bool {
    let limit = rustix::process::getrlimit(Resource::Core);
    let limited = limit.current == Some(0) && limit.maximum == Some(0);
    #[cfg(target_os = "linux")]
    let limited = limited
        && rustix::process::dumpable_behavior()
            .is_ok_and(|behavior| behavior == rustix::process::DumpableBehavior::NotDumpable);
    limited
}
