//! The check-up of the desk: what is wrong, link by link, where the keys are refused and everywhere else.

use std::sync::Arc;

use tuilio::domain::checkup::{Finding, Link};
use tuilio::model::{Ask, Effect, Event};
use tuilio::paths::Paths;
use tuilio::runtime::doctor::{InUse, Patient, examine};
use tuilio::runtime::log::Log;
use tuilio::runtime::{Keeper, Reach};
use tuilio::vault::MemoryVault;

use crate::desk::Desk;

const CODES: &str = "/v2/Services/*/Verifications";
const MOBILE: &str = "+14155550100";

impl Desk {
    /// Carries the check-up out that the desk has ordered, over the simulated line.
    #[track_caller]
    fn examined(&mut self) -> &mut Self {
        let (number, findings) = self.findings();
        assert_eq!(findings.len(), Link::ALL.len());
        for finding in findings {
            self.finds(number, finding);
        }
        self.look_at_all_sizes();
        self
    }

    fn finds(&mut self, number: u32, finding: Finding) {
        let finding = Box::new(finding);
        self.happen(Event::Examined { number, finding });
    }

    #[track_caller]
    fn findings(&mut self) -> (u32, Vec<Finding>) {
        let Some(Effect::Examine { number }) = self.left.pop() else {
            panic!("no check-up was ordered:\n{}", self.screen());
        };
        let folder = tempfile::tempdir().unwrap();
        let in_folder = |name: &str| folder.path().join(name);
        let patient = Patient {
            off: None,
            paths: Paths {
                config_dir: in_folder("config"),
                data_dir: in_folder("data"),
            },
            policy_file: in_folder("policy.toml"),
            profile: None,
            environment: |_| None,
            keeper: Arc::new(Keeper::new(
                Arc::new(MemoryVault::default()),
                in_folder("config/config.toml"),
            )),
            colors: 0,
            level: "off".parse(),
            log: Log::default(),
        };
        let in_use = InUse {
            keys: self.keys.clone().unwrap(),
            reach: Reach::Inside((self.road)(Ask::Once)),
        };
        let mut findings = Vec::new();
        let looks = examine(&patient, Some(in_use), |finding| findings.push(finding));
        self.tokio.clone().block_on(looks);
        (number, findings)
    }
}

/// Codes are refused for the sake of the keys.
fn refused() -> Desk {
    let mut desk = Desk::at_work("happy");
    let refusal = [("status", "401"), ("code", "20003")];
    desk.plant("POST", CODES, "status", &refusal);
    desk.paste(MOBILE).press("<Enter>").sees("20003");
    desk
}

#[test]
fn where_the_keys_are_refused_f9_says_what_is_wrong_and_escape_leads_back() {
    let mut desk = refused();
    desk.sees("F9").sees("what is wrong, link by link");
    let refusal = [("status", "401"), ("code", "20003"), ("times", "9")];
    desk.plant("GET", "/2010-04-01/Accounts/*", "status", &refusal);
    desk.plant(
        "GET",
        "/2010-04-01/Accounts/*/IncomingPhoneNumbers.json",
        "status",
        &refusal,
    );
    desk.press("<F9>").sees("Looking at: Settings");
    desk.examined()
        .sees("1 link does not hold.")
        .sees("Account: Twilio did not take the keys (20003).")
        .sees("get the new ones from your lead");
    // What is wrong stands above what is not.
    let screen = desk.screen();
    assert!(
        screen.find("did not take").unwrap() < screen.find("Settings:").unwrap(),
        "{screen}"
    );
    desk.press("y");
    let copied = desk.copied.pop().unwrap();
    assert!(
        copied.contains("- failed: Account: Twilio did not take the keys (20003)."),
        "{copied}"
    );
    assert_eq!(copied.lines().count(), 1 + Link::ALL.len(), "{copied}");
    desk.press("<Esc>")
        .sees("20003")
        .sees("what is wrong, link by link");
}

#[test]
fn where_the_keys_are_refused_d_opens_the_demo_and_elsewhere_it_does_nothing() {
    let mut desk = refused();
    desk.sees("try the demo in the meantime").press("d");
    assert_eq!(desk.left, [Effect::StartDemo]);
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0101").press("<Enter>").wait(5.0);
    desk.press("d");
    assert_eq!(desk.left, []);
}

#[test]
fn a_check_that_waits_is_not_left_behind_for_the_demo() {
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0123")
        .press("<Enter>")
        .sees("Waiting for the code");
    desk.press("<Esc>");
    let refusal = [("status", "401"), ("code", "20003")];
    desk.plant("POST", CODES, "status", &refusal);
    desk.paste(MOBILE).press("<Enter>").sees("20003");
    desk.press("d").sees("Not while something waits");
    assert_eq!(desk.left, []);
}

#[test]
fn a_check_up_begins_anew_with_its_key_and_takes_no_findings_of_the_one_before() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F9>");
    let (first, findings) = desk.findings();
    desk.finds(first, findings[0].clone());
    desk.sees("Looking at: Policy").press("<F9>");
    assert_eq!(desk.left, [], "one check-up at a time");
    desk.press("<Esc>").sees("Whose phone are we checking?");
    desk.finds(first, findings[1].clone());
    desk.sees("Whose phone are we checking?").press("<F9>");
    desk.finds(first, findings[2].clone());
    desk.sees("Looking at: Settings");
    desk.examined()
        .sees("Every link holds.")
        .sees("Worth a look");
    desk.press("<F9>").sees("Looking at: Settings");
}

#[test]
fn in_the_demo_the_key_shows_the_pretend_phone() {
    let mut desk = Desk::demo("happy");
    desk.press("<F9>");
    assert_eq!(desk.left, []);
    desk.sees("The customer's side (pretend)");
}

#[test]
fn keys_that_were_replaced_at_twilio_are_pasted_anew_and_work() {
    let mut desk = refused();
    desk.press("<F8>c").sees("Paste what your lead sent you");
    let (keys, _) = desk.account(tuilio::domain::connection::Source::Session);
    let tuilio::domain::connection::Credentials::ApiKey { sid, secret } = keys.credentials else {
        panic!("the world has an API key")
    };
    let paste = format!(
        "TWILIO_ACCOUNT_SID={}\nTWILIO_API_KEY={sid}\nTWILIO_API_SECRET={}\n",
        keys.account_sid,
        secret.expose()
    );
    desk.paste(&paste).press("<Enter>").wait(2.0);
    while desk.shows("step 3 of 5") {
        desk.press("<Enter>").wait(1.0);
    }
    desk.press("s").wait(1.0);
    desk.press("<F7><Enter>")
        .paste(MOBILE)
        .press("<Enter>")
        .sees("Waiting for the code");
}
