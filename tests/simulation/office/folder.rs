//! The folder of the history.

use std::path::Path;

/// The folder as it lies there, but for what holds no record.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, there) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &there);
        } else if !path.to_string_lossy().ends_with("-shm") {
            std::fs::copy(&path, &there).unwrap();
        }
    }
}
