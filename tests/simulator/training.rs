//! The page for trainers names every scene, every number and every stop of the tour, and none that is not
//! there.

use std::collections::BTreeSet;
use std::fs;

use tuilio::model::tour::{Lesson, Stop};
use tuilio::simulator::Scene;

fn file(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The rows of the table under a heading: first cell and second.
fn table(page: &str, heading: &str) -> BTreeSet<(String, String)> {
    let (_, after) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = after.split("\n## ").next().unwrap();
    section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let mut cells = line.trim_matches('|').split(" | ").map(str::trim);
            let mut cell = || cells.next().unwrap().trim_matches('`').to_owned();
            (cell(), cell())
        })
        .collect()
}

#[test]
fn the_page_names_every_scene_and_every_number() {
    let page = file("docs/training.md");
    let scenes: BTreeSet<_> = Scene::names()
        .map(|name| {
            let shows = Scene::named(name).unwrap().description().to_owned();
            (name.to_owned(), shows)
        })
        .collect();
    assert_eq!(table(&page, "Worlds"), scenes);

    let people: toml::Table = file("assets/recipients.toml").parse().unwrap();
    let people: BTreeSet<_> = people["recipient"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| {
            let word = |name: &str| person[name].as_str().unwrap().to_owned();
            (word("number"), word("note"))
        })
        .collect();
    assert_eq!(table(&page, "Numbers"), people);
}

#[test]
fn the_page_names_every_stop_with_its_number() {
    let page = file("docs/training.md");
    for stop in Stop::ALL {
        let number = Lesson::of(stop).number.map_or(String::new(), |number| {
            let (country, rest) = number.split_at(2);
            format!("{country} {} {} {} ", &rest[..3], &rest[3..6], &rest[6..])
        });
        let row = format!("\n| {} | {number}| ", stop.number());
        assert!(page.contains(&row), "{row:?} is not in the page");
    }
}

#[test]
fn every_scene_has_a_file_and_every_file_is_a_scene() {
    let folder = format!("{}/assets/scenes", env!("CARGO_MANIFEST_DIR"));
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.trim_end_matches(".toml").to_owned()
        })
        .collect();
    let scenes: BTreeSet<String> = Scene::names().map(str::to_owned).collect();
    assert_eq!(files, scenes);
}
