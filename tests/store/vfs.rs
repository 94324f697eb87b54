//! What stands between SQLite and the disk: it shows a watch all that SQLite does to a file, before it is
//! done, and does what the watch decides.
//!
//! It is the default file system of this process, so the shipped store runs over it unchanged. Files of
//! folders that nobody watches go straight to the real one. The object of an open file is the real one's
//! with a pointer behind it, so that only the methods that are watched have to be our own.

#![expect(
    unsafe_code,
    reason = "SQLite is given a file system by pointers to functions"
)]
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "SQLite counts bytes by signed numbers, which are small and not negative"
)]

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::ffi;

/// What is about to be done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed<'a> {
    Open,
    Read,
    Write { offset: u64, bytes: &'a [u8] },
    Truncate { size: u64 },
    Sync,
    Lock,
    Map,
    Delete { for_good: bool },
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is done.
    Done,
    /// It is not done, and SQLite is told so by this code.
    Failed(c_int),
    /// Of a write the first half is done, and SQLite is told that it failed.
    Half(c_int),
    /// It is not done, and SQLite is told that it was.
    Pretended,
}

/// Sees what is done in a folder.
pub trait Watch: Send + Sync {
    fn before(&self, file: &Path, deed: Deed<'_>) -> Fate;
}

/// A folder is watched for as long as this is kept.
pub struct Watched {
    folder: PathBuf,
}

impl Drop for Watched {
    fn drop(&mut self) {
        watches().retain(|(folder, _)| *folder != self.folder);
    }
}

/// From now on that watch sees what SQLite does to the files of a folder.
pub fn watch(folder: &Path, watch: Arc<dyn Watch>) -> Watched {
    // SQLite names files by their whole path.
    let folder = folder.canonicalize().unwrap();
    watches().push((folder.clone(), watch));
    Watched { folder }
}

static WATCHES: Mutex<Vec<(PathBuf, Arc<dyn Watch>)>> = Mutex::new(Vec::new());
/// The file system of this machine.
static REAL: AtomicPtr<ffi::sqlite3_vfs> = AtomicPtr::new(null_mut());
/// The real methods of files, of which there are several sets, and ours in the place of each.
static METHODS: Mutex<Vec<[&'static ffi::sqlite3_io_methods; 2]>> = Mutex::new(Vec::new());

thread_local! {
    static LAST_OPENED: Cell<*mut ffi::sqlite3> = const { Cell::new(null_mut()) };
}

fn watches() -> std::sync::MutexGuard<'static, Vec<(PathBuf, Arc<dyn Watch>)>> {
    WATCHES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts it under all connections that this process opens from now on.
pub fn install() {
    // SAFETY: called once, before any connection is opened; the copy of the real file system lives as
    // long as the process.
    unsafe {
        assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
        let real = ffi::sqlite3_vfs_find(null());
        REAL.store(real, Ordering::Release);
        let ours = Box::leak(Box::new(*real));
        ours.pNext = null_mut();
        ours.zName = c"watched".as_ptr();
        ours.szOsFile += size_of::<*mut Behind>() as c_int;
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        assert_eq!(ffi::sqlite3_vfs_register(ours, 1), ffi::SQLITE_OK);
        assert_eq!(ffi::sqlite3_auto_extension(Some(remember)), ffi::SQLITE_OK);
    }
}

/// Has the connection that this thread opened last, which the store holds, run a statement that the store
/// itself would never run.
pub fn tamper(_with: &tuilio::store::Store, statement: &CStr) {
    // SAFETY: the store is borrowed, so its connection is open; no other was opened by this thread since.
    let code = unsafe {
        ffi::sqlite3_exec(
            LAST_OPENED.get(),
            statement.as_ptr(),
            None,
            null_mut(),
            null_mut(),
        )
    };
    assert_eq!(code, ffi::SQLITE_OK);
}

unsafe extern "C" fn remember(
    connection: *mut ffi::sqlite3,
    _: *mut *mut c_char,
    _: *const ffi::sqlite3_api_routines,
) -> c_int {
    LAST_OPENED.set(connection);
    ffi::SQLITE_OK
}

/// What belongs to an open file.
struct Tap {
    path: PathBuf,
    watch: Arc<dyn Watch>,
}

impl Tap {
    fn of(path: PathBuf) -> Option<Self> {
        let watches = watches();
        let (_, watch) = watches
            .iter()
            .find(|(folder, _)| path.starts_with(folder))?;
        let watch = Arc::clone(watch);
        Some(Self { path, watch })
    }

    fn before(&self, deed: Deed<'_>) -> Fate {
        self.watch.before(&self.path, deed)
    }
}

/// SAFETY: `name` is null or a string that ends.
unsafe fn tap_of(name: *const c_char) -> Option<Tap> {
    if name.is_null() {
        return None;
    }
    // SAFETY: by the caller.
    let name = unsafe { CStr::from_ptr(name) };
    Tap::of(PathBuf::from(name.to_str().ok()?))
}

/// What stands behind the real object of a file: the tap, and the real methods.
type Behind = (Tap, &'static ffi::sqlite3_io_methods);

/// The place behind the real object of a file.
///
/// SAFETY: `file` has the room that [`install`] asked for.
unsafe fn place(file: *mut ffi::sqlite3_file) -> *mut *mut Behind {
    // SAFETY: by the caller; the real size is a multiple of a pointer's.
    unsafe {
        let real = (*REAL.load(Ordering::Acquire)).szOsFile as usize;
        file.cast::<u8>().add(real).cast()
    }
}

/// What belongs to a file, and the real methods.
///
/// SAFETY: `file` was opened by [`open`] and is not closed.
unsafe fn tapped<'a>(file: *mut ffi::sqlite3_file) -> (&'a Tap, &'static ffi::sqlite3_io_methods) {
    // SAFETY: `open` put both there.
    let (tap, real) = unsafe { &**place(file) };
    (tap, real)
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite's own arguments, handed on; what is put behind the file is taken off by `close`.
    unsafe {
        let tap = tap_of(name);
        if let Some(Fate::Failed(code)) = tap.as_ref().map(|tap| tap.before(Deed::Open)) {
            (*file).pMethods = null();
            return code;
        }
        let real = REAL.load(Ordering::Acquire);
        let code = (*real).xOpen.unwrap()(real, name, file, flags, out_flags);
        if code == ffi::SQLITE_OK
            && let Some(tap) = tap
        {
            let real = &*(*file).pMethods;
            place(file).write(Box::into_raw(Box::new((tap, real))));
            (*file).pMethods = instead_of(real);
        }
        code
    }
}

fn instead_of(real: &'static ffi::sqlite3_io_methods) -> &'static ffi::sqlite3_io_methods {
    let mut known = METHODS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some([_, ours]) = known.iter().find(|[other, _]| std::ptr::eq(*other, real)) {
        return ours;
    }
    let ours = Box::leak(Box::new(ffi::sqlite3_io_methods {
        xClose: Some(close),
        xRead: Some(read),
        xWrite: Some(write),
        xTruncate: Some(truncate),
        xSync: Some(sync),
        xLock: Some(lock),
        xShmMap: Some(map),
        xShmLock: Some(lock_shared),
        ..*real
    }));
    known.push([real, ours]);
    ours
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite's own arguments, handed on.
    unsafe {
        let for_good = sync != 0;
        match tap_of(name).map(|tap| tap.before(Deed::Delete { for_good })) {
            Some(Fate::Failed(code) | Fate::Half(code)) => code,
            Some(Fate::Pretended) => ffi::SQLITE_OK,
            Some(Fate::Done) | None => {
                let real = REAL.load(Ordering::Acquire);
                (*real).xDelete.unwrap()(real, name, sync)
            }
        }
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once; the tap was made by `open`.
    unsafe {
        let behind = Box::from_raw(place(file).read());
        behind.1.xClose.unwrap()(file)
    }
}

/// Asks the watch about a deed, and has the real method do it.
macro_rules! decide {
    ($file:ident, $deed:expr, $method:ident($($argument:expr),*)) => {{
        // SAFETY: SQLite's own arguments, handed on.
        unsafe {
            let (tap, real) = tapped($file);
            match tap.before($deed) {
                Fate::Done => real.$method.unwrap()($file, $($argument),*),
                Fate::Failed(code) | Fate::Half(code) => code,
                Fate::Pretended => ffi::SQLITE_OK,
            }
        }
    }};
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    into: *mut c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    decide!(file, Deed::Read, xRead(into, amount, offset))
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: SQLite's own arguments, handed on; `from` has `amount` bytes.
    unsafe {
        let (tap, real) = tapped(file);
        let bytes = std::slice::from_raw_parts(from.cast::<u8>(), amount as usize);
        let deed = Deed::Write {
            offset: offset as u64,
            bytes,
        };
        let write = real.xWrite.unwrap();
        match tap.before(deed) {
            Fate::Done => write(file, from, amount, offset),
            Fate::Failed(code) => code,
            Fate::Half(code) => match write(file, from, amount / 2, offset) {
                ffi::SQLITE_OK => code,
                worse => worse,
            },
            Fate::Pretended => ffi::SQLITE_OK,
        }
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    decide!(file, Deed::Truncate { size: size as u64 }, xTruncate(size))
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    decide!(file, Deed::Sync, xSync(flags))
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    decide!(file, Deed::Lock, xLock(level))
}

unsafe extern "C" fn map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    decide!(file, Deed::Map, xShmMap(page, size, extend, out))
}

unsafe extern "C" fn lock_shared(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    if flags & ffi::SQLITE_SHM_LOCK == 0 {
        // SAFETY: SQLite's own arguments, handed on. Letting go of a lock does not fail.
        return unsafe { tapped(file).1.xShmLock.unwrap()(file, first, count, flags) };
    }
    decide!(file, Deed::Lock, xShmLock(first, count, flags))
}
