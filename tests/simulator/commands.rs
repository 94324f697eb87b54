//! What the commands for trainers say without a terminal.

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tuilio::simulator::Scene;

fn tuilio(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tuilio"))
        .args(arguments)
        .env_clear()
        // A measurement of coverage says where it is written.
        .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn the_scenes_are_listed_with_a_line_each() {
    let listed = tuilio(&["demo", "--list"]);
    assert!(listed.status.success());
    let said = String::from_utf8(listed.stdout).unwrap();
    let names: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split("  ").next())
        .collect();
    assert_eq!(names, Scene::names().collect::<Vec<_>>());
    let listed = tuilio(&["demo", "--list", "--json"]);
    let said: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(said["scenes"][0]["name"], "happy");
}

#[test]
fn an_unknown_scene_is_one_sentence_with_all_names() {
    let refused = tuilio(&["demo", "--scene", "sunny"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    for name in Scene::names() {
        assert!(said.contains(name), "{name} is not in {said}");
    }
}

#[test]
fn the_tour_needs_a_terminal_or_the_word_plain() {
    let refused = tuilio(&["tour"]);
    assert_eq!(refused.status.code(), Some(2));
}
