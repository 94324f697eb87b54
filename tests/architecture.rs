//! The layers of the program, checked against its source.
//!
//! Who may know whom stands in [`ARROWS`]; what the pure parts must not touch in [`IMPURE`]. Both are
//! read from the paths that the source names, whether in a `use`, in full, under another name or inside
//! a macro. Code under `#[cfg(test)]` may do as it likes. When the map is wrong, change the map here.

#[path = "architecture/names.rs"]
mod names;
#[path = "architecture/promises.rs"]
mod promises;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use names::Names;
use syn::visit::Visit;

/// Each part and what it may know. A part may always know itself. Every arrow goes down the page.
const ARROWS: &str = "
    main       -> cli plain app runtime simulator config paths domain
    cli        -> plain app runtime simulator model view keymap config paths domain
    plain      -> app runtime simulator model view keymap domain
    app        -> runtime simulator model view config paths domain
    runtime    -> model keymap layout twilio store vault config paths domain
    view       -> model keymap layout text domain
    simulator  -> twilio::wire twilio::request twilio::response twilio::transport domain
    config     -> twilio::config twilio::environment keymap paths domain
    model      -> keymap layout text domain
    twilio     -> domain
    store      -> paths domain
    vault      -> domain
    paths      -> domain
    keymap     -> domain
    layout     -> domain
    text       -> domain
    domain     ->
";

/// Parts without clock, thread, task, I/O or unordered iteration.
const PURE: &str = "domain keymap layout text model view simulator
    twilio::request twilio::response twilio::wire twilio::retry";

/// The doors of the simulator: they bring clock, lock and sockets to a world that knows none of them.
const DOORS: &str = "simulator::server simulator::transport simulator::simulation
    simulator::clock simulator::serve";

/// What a pure part must not name, and what to do instead. A pattern matches anywhere in a path.
const IMPURE: &[(&str, &str)] = &[
    (
        "tokio std::thread thread::spawn std::fs std::net std::process",
        "return an effect and let runtime perform it",
    ),
    (
        "Instant::now SystemTime::now Timestamp::now Zoned::now",
        "take the time from the event",
    ),
    ("Mutex RwLock", "own the value"),
    (
        "HashMap HashSet",
        "use a BTreeMap, whose order never changes",
    ),
    ("std::env", "let config read it and pass the value"),
];

/// Crates that only some parts may name.
const RESERVED: &[(&str, &str)] = &[
    ("ratatui", "view layout app runtime"),
    ("crossterm", "keymap::chord runtime"),
];

/// The rows of [`ARROWS`].
fn arrows() -> impl Iterator<Item = (&'static str, &'static str)> {
    ARROWS
        .lines()
        .filter_map(|row| row.split_once("->"))
        .map(|(part, known)| (part.trim(), known.trim()))
}

#[test]
fn the_source_keeps_to_its_layers() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for file in rust_files(&root.join("src"))? {
        let source = std::fs::read_to_string(&file)?;
        let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy();
        found.extend(complaints(&name, &source));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    Ok(())
}

#[test]
fn the_arrows_go_down_the_page() {
    let parts: BTreeSet<_> = arrows().map(|(part, _)| part).collect();
    let mut above = BTreeSet::new();
    for (part, known) in arrows() {
        above.insert(part);
        for target in known.split_whitespace() {
            let target = target.split("::").next().unwrap_or(target);
            assert!(parts.contains(target), "{target} has no row");
            assert!(!above.contains(target), "{part} -> {target} goes up");
        }
    }
    assert!(parts.len() > 10, "{parts:?}");
}

#[test]
fn what_breaks_the_layers_is_reported_with_its_line() {
    // File, source, complaint.
    let bad = [
        [
            "src/domain/a.rs",
            "use crate::store::Journal;",
            "src/domain/a.rs:1: domain -> store::Journal",
        ],
        [
            "src/store/a.rs",
            "\nfn f() { crate::twilio::send() }",
            "src/store/a.rs:2: store -> twilio::send",
        ],
        [
            "src/store/mod.rs",
            "use super::{domain::Sid, twilio::{wire, error}};",
            ":1: store -> twilio::wire",
        ],
        [
            "src/store/mod.rs",
            "mod a { use super::super::vault::Vault; }",
            "store -> vault::Vault",
        ],
        [
            "src/simulator/world.rs",
            "use crate::model::Model;",
            "simulator -> model::Model",
        ],
        [
            "src/simulator/world.rs",
            "use crate::twilio::Client;",
            "simulator -> twilio::Client",
        ],
        [
            "src/simulator/server.rs",
            "use crate::twilio::*;",
            "simulator -> twilio",
        ],
        [
            "src/main.rs",
            "fn main() { tuilio::store::open() }",
            "main -> store::open",
        ],
        [
            "src/oddments.rs",
            "",
            "src/oddments.rs:1: oddments has no row",
        ],
        [
            "src/model/mod.rs",
            "use std::time::Instant as Clock;\nfn f() { Clock::now(); }",
            ":2: model is pure and names std::time::Instant::now",
        ],
        [
            "src/domain/a.rs",
            "fn f() { jiff::Timestamp::now() }",
            "names jiff::Timestamp::now: take the time from the event",
        ],
        [
            "src/view/mod.rs",
            "use std::thread;\nfn f() { thread::spawn(|| ()); }",
            ":2: view is pure and names std::thread::spawn",
        ],
        [
            "src/twilio/retry.rs",
            "async fn f() { tokio::time::sleep(d).await }",
            "twilio::retry is pure and names tokio::time::sleep",
        ],
        [
            "src/text.rs",
            "struct S { m: std::collections::HashMap<u8, u8> }",
            "names std::collections::HashMap: use a BTreeMap",
        ],
        [
            "src/simulator/world.rs",
            "static M: std::sync::Mutex<u8> = x();",
            "names std::sync::Mutex",
        ],
        [
            "src/domain/a.rs",
            "fn f() { println!(\"{}\", [std::env::args()].len()) }",
            "names std::env::args",
        ],
        [
            "src/model/mod.rs",
            "use ratatui::layout::Rect;",
            "model names ratatui::layout::Rect: only view layout app runtime may",
        ],
        [
            "src/app.rs",
            "use ratatui::crossterm::event::KeyCode;",
            "only keymap::chord runtime may",
        ],
        [
            "src/model/a.rs",
            "#[cfg(not(test))] mod a { use tokio::spawn; }",
            "names tokio::spawn",
        ],
    ];
    for [file, source, complaint] in bad {
        let found = complaints(file, source);
        assert!(
            found.iter().any(|found| found.contains(complaint)),
            "{file}: {source}\nexpected {complaint:?}, got {found:#?}"
        );
    }
}

#[test]
fn what_keeps_to_the_layers_is_not_reported() {
    let good = [
        [
            "src/domain/a.rs",
            "use super::sid::Sid; use std::collections::BTreeMap;",
        ],
        [
            "src/domain/mod.rs",
            "#[cfg(test)] mod tests { use std::collections::HashMap; use crate::store::Journal; }",
        ],
        [
            "src/simulator/world.rs",
            "use crate::twilio::wire::{Request, Response};",
        ],
        [
            "src/simulator/server.rs",
            "use tokio::net::TcpListener; fn f() { std::time::Instant::now(); }",
        ],
        [
            "src/twilio/sender.rs",
            "use super::transport::Transport; use tokio::time::sleep;",
        ],
        ["src/keymap/chord.rs", "use crossterm::event::KeyCode;"],
        ["src/lib.rs", "pub mod store; pub use twilio::Client;"],
        [
            "src/text.rs",
            "/// Not a `HashMap`.\nfn now() -> &'static str { \"tokio::spawn Mutex\" }",
        ],
    ];
    for [file, source] in good {
        assert_eq!(
            complaints(file, source),
            Vec::<String>::new(),
            "{file}: {source}"
        );
    }
}

fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") && !is_test(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Tests of a module in a file of their own do as they like, as those within it do.
fn is_test(path: &Path) -> bool {
    path.file_stem()
        .is_some_and(|stem| stem.to_string_lossy().ends_with("tests"))
}

/// What is wrong with one file, a sentence each.
fn complaints(file: &str, source: &str) -> Vec<String> {
    let module = module_of(file);
    let Some(part) = module.first() else {
        return Vec::new(); // lib.rs is the list of the parts.
    };
    let Some((_, known)) = arrows().find(|(name, _)| name == part) else {
        return vec![format!(
            "{file}:1: {part} has no row in tests/architecture.rs: add one, or move it into a part."
        )];
    };
    let mut names = Names::new(module.clone());
    match syn::parse_file(source) {
        Ok(parsed) => names.visit_file(&parsed),
        Err(error) => return vec![format!("{file}: {error}")],
    }
    let here = module.join("::");
    let mut found = Vec::new();
    for (line, path) in names.resolved() {
        if let Some(target) = path.strip_prefix("crate::") {
            if !within(target, part) && !within(target, known) {
                found.push(format!(
                    "{file}:{line}: {part} -> {target}: {part} may know only [{known}]. Pass what it needs as a value, or move the code."
                ));
            }
            continue;
        }
        for (patterns, instead) in IMPURE {
            if within(&here, PURE) && !within(&here, DOORS) && names_one_of(&path, patterns) {
                found.push(format!(
                    "{file}:{line}: {here} is pure and names {path}: {instead}."
                ));
            }
        }
        for (reserved, users) in RESERVED {
            if names_one_of(&path, reserved) && !within(&here, users) {
                found.push(format!(
                    "{file}:{line}: {here} names {path}: only {users} may. Use a type of our own."
                ));
            }
        }
    }
    found
}

/// `src/simulator/server.rs` is `simulator::server`; `src/lib.rs` is the empty path.
fn module_of(file: &str) -> Vec<String> {
    let path = file
        .trim_start_matches("src/")
        .trim_end_matches(".rs")
        .trim_end_matches("/mod");
    match path {
        "lib" => Vec::new(),
        path => path.split('/').map(str::to_owned).collect(),
    }
}

/// Whether the path is one of the parts or inside one.
fn within(path: &str, parts: &str) -> bool {
    parts.split_whitespace().any(|part| {
        path.strip_prefix(part)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    })
}

/// Whether the segments of one of the patterns stand side by side in the path.
fn names_one_of(path: &str, patterns: &str) -> bool {
    patterns
        .split_whitespace()
        .any(|pattern| format!("::{path}::").contains(&format!("::{pattern}::")))
}
