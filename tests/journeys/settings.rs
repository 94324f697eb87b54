//! What an agent changes on the settings pane holds at once, and for the next run.

use std::path::PathBuf;
use std::sync::Arc;

use tuilio::config::Config;
use tuilio::domain::Language;
use tuilio::model::settings::Settings;
use tuilio::runtime::Keeper;
use tuilio::vault::MemoryVault;
use tuilio::view::{Look, Theme, spoken};

use crate::desk::Desk;

/// A desk at work whose settings are in a file.
fn desk() -> (Desk, PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "# mine\nbell = true # loud\n").unwrap();
    let mut desk = Desk::at_work("happy");
    desk.keeper = Keeper::new(Arc::new(MemoryVault::default()), file.clone());
    desk.model.setting.bell = true;
    desk.press("<F8>");
    (desk, file, folder)
}

#[test]
fn another_language_is_spoken_at_once_and_by_the_next_run() {
    let (mut desk, file, _folder) = desk();
    desk.sees("l  language: English").press("l").sees("Español");
    assert_eq!(desk.model.setting.language, Language::Spanish);
    assert_eq!(
        Config::load(&file).unwrap().language,
        Some(Language::Spanish)
    );
    desk.press("lll").sees("l  language: English");
    assert_eq!(
        Config::load(&file).unwrap().language,
        Some(Language::English)
    );
}

#[test]
fn each_switch_acts_and_is_written_without_touching_the_rest_of_the_file() {
    let (mut desk, file, _folder) = desk();
    desk.sees("b  bell: on").press("b").sees("b  bell: off");
    desk.sees("m  mouse: on").press("m").sees("m  mouse: off");
    desk.click("i  links: on").sees("i  links: off");
    assert!(!desk.model.setting.bell && !desk.model.setting.mouse && !desk.model.setting.links);
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "# mine\nbell = false # loud\nmouse = false\nlinks = false\n"
    );
    let config = Config::load(&file).unwrap();
    assert_eq!(
        (config.bell, config.mouse, config.links),
        (Some(false), Some(false), Some(false))
    );
}

#[test]
fn the_mouse_that_is_freed_for_a_moment_is_no_setting() {
    let (mut desk, file, _folder) = desk();
    desk.press("<F7><F12>").sees("select text with it");
    assert_eq!(Config::load(&file).unwrap().mouse, None);
}

#[test]
fn each_theme_is_seen_at_once_and_the_agents_own_comes_back() {
    let (mut desk, file, _folder) = desk();
    let mine = Theme::parse("done = { color = \"#00ff00\" }\n").unwrap();
    desk.look = Look {
        theme: mine,
        ..Look::default()
    };
    desk.model.setting.theme = Some("mine".to_owned());
    desk.model.settings = Settings::new(&desk.model.setting);
    desk.sees("t  theme: mine");
    for name in ["terminal", "light", "dark", "colorblind"] {
        desk.press("t").sees(&format!("t  theme: {name}"));
        assert_eq!(
            spoken(&desk.model, desk.look).theme,
            Theme::named(name).unwrap()
        );
        assert_eq!(Config::load(&file).unwrap().theme.as_deref(), Some(name));
    }
    desk.press("t").sees("t  theme: mine");
    assert_eq!(spoken(&desk.model, desk.look).theme, mine);
}

#[test]
fn quick_changes_are_all_written_and_the_last_one_wins() {
    let (mut desk, file, _folder) = desk();
    desk.press("bbbmmmiilll");
    let config = Config::load(&file).unwrap();
    assert_eq!(
        (config.bell, config.mouse, config.links, config.language),
        (Some(false), Some(false), Some(true), Some(Language::German))
    );
}

#[test]
fn what_cannot_be_written_holds_for_this_run_and_that_is_said() {
    let (mut desk, file, _folder) = desk();
    std::fs::write(&file, "bogus = 1\n").unwrap();
    desk.press("b")
        .sees("b  bell: off")
        .sees("Changed until you leave: it cannot be written down.");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "bogus = 1\n");
    std::fs::write(&file, "").unwrap();
    desk.press("i");
    assert_eq!(Config::load(&file).unwrap().links, Some(false));
}

#[test]
fn the_demo_changes_until_it_ends() {
    let mut desk = Desk::demo("happy");
    desk.press("<F8>l")
        .sees("Español")
        .sees("nowhere: the demo writes no file");
    desk.press("lll")
        .sees("Changed until the demo ends, which writes no file.")
        .sees("nowhere: the demo writes no file");
}

#[test]
fn the_rules_of_the_lead_are_there_in_words() {
    let mut desk = Desk::under("countries = [\"US\", \"CA\"]\ntemplates_only = true\n");
    desk.press("<F8>")
        .sees("Set by your lead")
        .sees("Codes and texts go to United States and Canada only.")
        .sees("Texts are made from templates only.");
    desk.resize(60, 15);
    desk.sees("Set by your lead").sees("b  bell");
    let mut free = Desk::under("");
    free.press("<F8>").sees("Account").sees_no("your lead");
}

#[test]
fn a_policy_that_cannot_be_followed_says_so_among_the_settings() {
    let mut desk = Desk::under("countries = \"US\"\n");
    desk.press("<F8>")
        .sees("Nothing is sent: the policy of your lead")
        .sees("Tell your lead.");
}
