//! What an agent changes on the settings pane holds at once, and for the next run.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tuilio::config::Config;
use tuilio::domain::connection::{Credentials, Source};
use tuilio::domain::{Language, Secret};
use tuilio::model::Event;
use tuilio::runtime::Keeper;
use tuilio::twilio::wire::Method;
use tuilio::vault::{MemoryVault, StoredCredentials, Vault, VaultError};
use tuilio::view::{Look, Theme, spoken};

use crate::desk::{Desk, MOBILE};

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
    // The program was started in another theme, as it is after one was chosen here.
    desk.look = Look {
        own: vec![("mine".to_owned(), mine)].leak(),
        ..Look::default()
    };
    desk.model.setting.own_themes = vec!["mine".to_owned()];
    desk.model.setting.theme = Some("mine".to_owned());
    desk.sees("t  theme: mine");
    assert_eq!(spoken(&desk.model, desk.look).theme, mine);
    desk.press("t").sees("t  theme: terminal");
    desk.press("t").sees("t  theme: auto");
    assert_eq!(desk.left, [tuilio::model::Effect::AskBackground]);
    assert_eq!(Config::load(&file).unwrap().theme.as_deref(), Some("auto"));
    assert_eq!(spoken(&desk.model, desk.look).theme, Theme::default());
    for dark in [true, false] {
        desk.look.background = Some(dark);
        let theme = spoken(&desk.model, desk.look).theme;
        assert_eq!(theme, Theme::of_background(dark));
    }
    for name in ["light", "dark", "colorblind"] {
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
fn the_country_of_numbers_has_its_name_in_the_language_of_the_screen() {
    let (mut desk, _file, _folder) = desk();
    desk.press("la").sees("Estados Unidos");
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
    desk.press("<F8>")
        .sees("nowhere: the demo writes no file")
        .press("l")
        .sees("Español");
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

/// Every rule that there is.
const ALL_RULES: &str = r#"
mode = "trainee"
countries = ["US", "CA", "DE", "FR", "ES", "GB"]
channels = ["sms", "call"]
senders = ["MG00000000000000000000000000000001"]
services = ["VA00000000000000000000000000000001"]
templates_only = true
ticket_required = true
texts_a_day = 50
verifications_a_day = 50
quiet_hours = { from = "22:00", to = "07:00" }
retention_days = 30
idle_lock_minutes = 10
hold_seconds = 5
auto_check = false
mask_on_focus_loss = true
reveal = false
paid_lookup = false
"#;

#[test]
fn rules_that_do_not_fit_leave_the_switches_their_room() {
    let mut desk = Desk::under(ALL_RULES);
    desk.press("<F8>");
    let rules = desk.model.lead_rules().len();
    assert!(rules >= 13, "{rules}");
    for language in Language::ALL {
        desk.model.setting.language = language;
        for (width, height) in [(60, 15), (80, 24), (100, 30), (140, 40)] {
            desk.resize(width, height);
            let screen = desk.screen();
            let body = screen.lines().take(usize::from(height) - 1);
            let body: String = body.collect::<Vec<_>>().join(" ");
            for key in ["l  ", "t  ", "m  ", "h  ", "b  ", "n  ", "i  "] {
                let is_there = body.contains(&format!(" {key}"));
                assert!(is_there, "{key}is not there in {language:?}:\n{screen}");
            }
            let all = desk.model.lead_rules();
            let said = tuilio::view::spoken(&desk.model, desk.look);
            // Each begins in a row of its own, however it goes on.
            let begins = |rule| said.say(rule).chars().take(20).collect::<String>();
            let shown = all.iter().map(begins).all(|rule| body.contains(&rule));
            let told = body.contains(&rules.to_string()) && body.contains(" p  ");
            assert!(shown || told, "{language:?}:\n{screen}");
        }
    }
    desk.model.setting.language = Language::English;
    desk.resize(80, 24).press("b").sees("b  bell: on");
    desk.press("p").sees("Set by your lead");
}

#[test]
fn a_policy_that_cannot_be_followed_says_so_among_the_settings() {
    let mut desk = Desk::under("countries = \"US\"\n");
    desk.press("<F8>")
        .sees("Nothing is sent: the policy of your lead")
        .sees("Tell your lead.");
}

/// A desk at work with its own profile and another one, whose keys are in the same keyring.
pub fn two_profiles() -> (Desk, Arc<MemoryVault>, PathBuf, tempfile::TempDir) {
    let (mut desk, file, folder) = desk();
    let vault = Arc::new(MemoryVault::default());
    desk.keeper = Keeper::new(Arc::clone(&vault) as Arc<dyn Vault>, file.clone());
    let (keys, _) = desk.account(Source::Session);
    let Credentials::ApiKey { sid, secret } = keys.credentials else {
        panic!("not an API key")
    };
    let credentials = desk.line.world.lock().unwrap().credentials().clone();
    let (service, sender) = (
        credentials.verify_service_sid.clone(),
        credentials.messaging_service_sid.clone(),
    );
    let own = keys.account_sid.as_str();
    let other = format!("AC{}", "1".repeat(32));
    let profiles = [("acme", own, "Acme Support"), ("beta", &other, "Beta Bank")].map(
        |(profile, account, name)| {
            format!(
                "[profiles.{profile}]\naccount_sid = \"{account}\"\naccount_name = \"{name}\"\n\
                 key_sid = \"{sid}\"\norigin = \"twilio\"\n\
                 verify_service = {{ sid = \"{service}\", name = \"{name}\" }}\n\
                 sender = {{ messaging_service = \"{sender}\", name = \"{name}\" }}\n",
                sid = sid.as_str()
            )
        },
    );
    std::fs::write(&file, format!("active = \"acme\"\n{}", profiles.concat())).unwrap();
    for profile in ["acme", "beta"] {
        let kept = StoredCredentials::ApiSecret(secret.clone())
            .encode()
            .unwrap();
        vault.write(profile, &kept).unwrap();
    }
    desk.press("<F7><F8>");
    (desk, vault, file, folder)
}

fn active(file: &std::path::Path) -> Option<String> {
    Config::load(file).unwrap().active
}

#[test]
fn another_profile_is_used_at_once_and_by_the_next_run() {
    let (mut desk, _vault, file, _folder) = two_profiles();
    desk.sees("Profiles")
        .sees("acme   Acme Support   ✓ in use")
        .sees("Acme Support · acme");
    desk.press("<Down><Enter>")
        .sees("Beta Bank · beta")
        .sees("beta   Beta Bank   ✓ in use");
    assert_eq!(active(&file).as_deref(), Some("beta"));
    desk.click("acme").click("acme").sees("Acme Support · acme");
    assert_eq!(active(&file).as_deref(), Some("acme"));
    desk.press("<F7>").paste(MOBILE).press("<Enter>").wait(2.0);
    desk.reads_back(MOBILE).wait(2.0).sees("Approved");
}

#[test]
fn what_waits_keeps_its_account() {
    let (mut desk, _vault, file, _folder) = two_profiles();
    desk.press("<F7>").paste(MOBILE).press("<Enter>").wait(2.0);
    desk.press("<F8><Down><Enter>")
        .sees("Not while something waits or is under way")
        .sees("Acme Support · acme");
    assert_eq!(active(&file).as_deref(), Some("acme"));
    desk.press("<F7>").wait(9.0).sees("Tries left");
    desk.reads_back(MOBILE).wait(2.0).sees("Approved");
    desk.press("<F8><Down><Enter>").sees("Beta Bank · beta");
    desk.press("<F7>")
        .sees("Whose phone are we checking?")
        .sees_no("Approved");
}

#[test]
fn texts_on_their_way_are_not_asked_about_under_another_account() {
    let (mut desk, _vault, _file, _folder) = two_profiles();
    desk.press("<F6>").paste(MOBILE);
    desk.press("<Enter>Hello<Enter><Enter>").wait(0.4);
    desk.press("<F8><Down><Enter>").sees("Beta Bank · beta");
    let asked = desk.requests(Method::Get, "Messages.json");
    desk.wait(60.0);
    assert_eq!(desk.requests(Method::Get, "Messages.json"), asked);
    desk.press("<Up><Enter>")
        .sees("Acme Support · acme")
        .wait(10.0);
    assert!(desk.requests(Method::Get, "Messages.json") > asked);
    desk.press("<F4>").sees("Delivered");
}

#[test]
fn keys_that_are_gone_change_nothing() {
    let (mut desk, vault, file, _folder) = two_profiles();
    vault.delete("beta").unwrap();
    desk.press("<Down><Enter>")
        .sees("The system keyring has no keys for profile beta.")
        .sees("Acme Support · acme");
    assert_eq!(active(&file).as_deref(), Some("acme"));
}

#[test]
fn profiles_fit_into_the_smallest_window_and_one_alone_is_no_choice() {
    let (mut desk, _vault, _file, _folder) = two_profiles();
    desk.resize(60, 15);
    desk.sees("Profiles").sees("beta   Beta Bank").sees("links");
    let (mut single, ..) = self::desk();
    single.sees("Account").sees_no("Profiles");
}

#[test]
fn alias_and_country_are_changed_and_written_without_touching_the_rest_of_the_file() {
    let (mut desk, file, _folder) = desk();
    desk.sees("a  alias: none, country: US")
        .press("a")
        .sees("Your alias")
        .sees("US")
        .press("desk-7<Tab><Backspace><Backspace>de")
        .sees("Germany")
        .press("<Enter>")
        .sees("a  alias: desk-7, country: DE");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "# mine\nbell = true # loud\nagent = \"desk-7\"\ndefault_country = \"DE\"\n"
    );
    // Both hold at once: what is typed is read so, and what is sent carries it.
    desk.press("<F7>0171 2345678")
        .sees("Germany")
        .press("<Enter>")
        .wait(2.0);
    assert_eq!(desk.rows()[0].operation.agent.as_deref(), Some("desk-7"));
    // An alias that is taken away is gone from the file as well.
    desk.press("<F8>a")
        .press(&"<Backspace>".repeat(6))
        .press("<Enter>");
    desk.sees("a  alias: none, country: DE");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "# mine\nbell = true # loud\ndefault_country = \"DE\"\n"
    );
}

#[test]
fn an_alias_or_a_country_that_cannot_be_is_said_and_esc_leaves_both_as_they_were() {
    let (mut desk, file, _folder) = desk();
    let before = std::fs::read_to_string(&file).unwrap();
    desk.press("aa b<Enter>")
        .sees("An alias has letters, digits, dashes, dots and underscores")
        .press("<Backspace><Backspace>")
        .sees_no("An alias has letters")
        .press("<Tab>x<Enter>")
        .sees("A country is two letters")
        .press("<Esc>")
        .sees("a  alias: none, country: US");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    // Letters are text there, and a paste is data.
    desk.press("a").paste("bell\nmouse").press("<Esc>");
    assert!(desk.model.setting.bell);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn a_number_that_stands_in_a_field_keeps_the_country_that_it_was_read_with() {
    let (mut desk, _file, _folder) = desk();
    desk.press("<F7>4155550100")
        .sees("+1 415 555 0100")
        .press("<F8>a<Tab><Backspace><Backspace>DE<Enter><F7>")
        .sees("+1 415 555 0100")
        .press("<Enter>")
        .wait(2.0);
    assert_eq!(desk.on_phone(MOBILE), 1);
}

#[test]
fn the_demo_changes_alias_and_country_until_it_ends() {
    let mut desk = Desk::demo("happy");
    desk.press("<F8>a").press("desk-9<Enter>");
    desk.sees("alias: desk-9").sees("until the demo ends");
}

/// A keyring that is locked, until it is not.
#[derive(Default)]
struct Lockable {
    kept: MemoryVault,
    open: AtomicBool,
}

impl Lockable {
    fn when_open<T>(
        &self,
        done: impl FnOnce(&MemoryVault) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        if !self.open.load(Ordering::Relaxed) {
            return Err(VaultError::Locked);
        }
        done(&self.kept)
    }
}

impl Vault for Lockable {
    fn read(&self, profile: &str) -> Result<Option<Secret>, VaultError> {
        self.when_open(|kept| kept.read(profile))
    }
    fn write(&self, profile: &str, secret: &Secret) -> Result<(), VaultError> {
        self.when_open(|kept| kept.write(profile, secret))
    }
    fn delete(&self, profile: &str) -> Result<(), VaultError> {
        self.when_open(|kept| kept.delete(profile))
    }
}

/// A desk that was started with its keyring locked.
fn locked_out() -> (Desk, Arc<Lockable>, tempfile::TempDir) {
    let (mut desk, unlocked, file, folder) = two_profiles();
    let vault = Arc::new(Lockable::default());
    vault
        .kept
        .write("acme", &unlocked.read("acme").unwrap().unwrap())
        .unwrap();
    desk.keeper = Keeper::new(vault.clone(), file);
    desk.press("<F7>");
    desk.model.connection = None;
    desk.model.setting.profile = Some("acme".to_owned());
    desk.happen(Event::KeysRead(Err(VaultError::Locked.into())));
    (desk, vault, folder)
}

#[test]
fn a_keyring_that_was_unlocked_is_found_open_by_the_next_enter() {
    for (keys, try_again) in [("4155550100", "<Enter>"), ("", "<F8>")] {
        let (mut desk, vault, _folder) = locked_out();
        let said = "The system keyring is locked: unlock it and try again.";
        desk.press(keys).press(try_again).wait(1.0);
        desk.sees("not connected").sees(said).sees("Looked again");
        let times = desk.screen().matches("keyring is locked").count();
        assert_eq!(times, 1, "{}", desk.screen());
        vault.open.store(true, Ordering::Relaxed);
        desk.press(try_again)
            .wait(1.0)
            .sees("you are connected now")
            .sees("Acme Support · acme");
        if try_again == "<Enter>" {
            desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
        }
    }
}
