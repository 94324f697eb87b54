//! Reading the templates: a folder of text files, or the examples that come with the program.
//!
//! A folder that is not there is a folder without templates. What is no text file, or far too large for
//! one, is not opened.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::domain::template::Problem;
use crate::domain::untrusted::visible;
use crate::domain::{Templates, phrase};
use crate::paths::regular;

/// No template is larger, in bytes, however many of its characters take four.
const LARGEST: u64 = 16 * 1024;
/// Nobody chooses among more.
const MOST: usize = 500;

/// Where templates come from.
#[derive(Debug, Clone, Default)]
pub enum Shelf {
    /// Those that come with the program.
    #[default]
    Examples,
    /// The text files of the agent's own folder.
    Folder(PathBuf),
    /// The text files of a folder that the lead has named: that it is not there is worth a sentence.
    OfLead(PathBuf),
}

impl Shelf {
    /// Reads them.
    pub fn read(&self) -> Templates {
        match self {
            Self::Examples => Templates::examples(),
            Self::Folder(folder) => match read(folder) {
                Ok(templates) => templates,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Templates::default(),
                Err(error) => {
                    let name = folder.display().to_string();
                    Templates::of([(name, Err(Problem::Unreadable(error.to_string())))])
                }
            },
            Self::OfLead(folder) => read(folder).unwrap_or_else(|error| Templates {
                list: Vec::new(),
                left_out: vec![phrase!(
                    "Set by your lead: templates come from {folder}, which cannot be read ({why}).",
                    folder = visible(&folder.to_string_lossy()),
                    why = visible(&error.to_string())
                )],
            }),
        }
    }
}

fn read(folder: &Path) -> io::Result<Templates> {
    let entries = fs::read_dir(folder)?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("txt"))
        })
        .collect();
    files.sort();
    files.truncate(MOST);
    Ok(Templates::of(files.iter().map(|path| {
        let name = path.file_name().unwrap_or_default();
        (name.to_string_lossy().into_owned(), text(path))
    })))
}

fn text(path: &Path) -> Result<String, Problem> {
    let unreadable = |error: io::Error| Problem::Unreadable(error.to_string());
    let mut bytes = Vec::new();
    let file = regular::open(fs::OpenOptions::new().read(true), path).map_err(unreadable)?;
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Problem::NotText);
    }
    String::from_utf8(bytes).map_err(|_| Problem::NotText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_files_are_templates_and_what_is_wrong_with_others_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        put("2-solved.txt", b"Solved, {name}.");
        put("10-later.txt", b"Later.");
        put("1-bad.txt", &[0xff, 0xfe]);
        put("3-huge.txt", &vec![b'x'; 20_000]);
        put("notes.md", b"not one");
        fs::create_dir(folder.path().join("4-folder.txt")).unwrap();
        #[cfg(unix)]
        std::process::Command::new("mkfifo")
            .arg(folder.path().join("5-pipe.txt"))
            .status()
            .unwrap();
        let templates = Shelf::Folder(folder.path().to_owned()).read();
        let titles: Vec<&str> = templates.list.iter().map(|t| t.title.raw()).collect();
        assert_eq!(titles, ["Solved", "Later"]);
        assert_eq!(templates.left_out.len(), if cfg!(unix) { 4 } else { 3 });
        assert!(templates.left_out[0].to_string().contains("1-bad.txt"));
    }

    #[test]
    fn no_folder_is_no_template_and_a_file_in_its_place_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Shelf::Folder(folder.path().join("templates")).read();
        assert_eq!(missing, Templates::default());
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(Shelf::Folder(file).read().left_out.len(), 1);
        let of_lead = Shelf::OfLead(folder.path().join("templates")).read();
        let why = of_lead.left_out[0].to_string();
        assert!(
            why.starts_with("Set by your lead: templates come from"),
            "{why}"
        );
        assert_eq!(Shelf::default().read().list.len(), 6);
    }
}
