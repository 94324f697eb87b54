//! What the account is asked before its keys are kept: whose services and senders they open, and how wide.

use tuilio::domain::Sender;
use tuilio::domain::connection::Source;
use tuilio::domain::connection::{NamedSender, NamedService};

use super::Run;
use crate::desk::MOBILE;

#[test]
fn service_and_sender_are_picked_by_name() {
    let mut run = Run::new();
    run.pasted()
        .press("<Enter><Down><Down><Enter>")
        .sees("From whom");
    run.desk
        .press("<Down><Down><Enter><Enter>")
        .sees("Acme Staff")
        .press("s<Enter>")
        .wait(0.1);
    let connection = run.desk.model.connection.clone().unwrap();
    assert_eq!(
        connection.verify_service.map(|service| service.code_length),
        Some(4)
    );
    assert_eq!(connection.source, Source::Session);
    run.desk.paste("415 555 0100").press("<Enter>");
    let code = run.desk.code_on_phone(MOBILE);
    assert_eq!(code.len(), 4);
    run.desk.press(&code).wait(0.5);
    run.desk.sees("Approved");
    assert!(
        !run.folder.path().join("config.toml").exists(),
        "keys for this session are kept nowhere"
    );
}

#[test]
fn a_service_that_warns_against_the_agent_is_told_before_it_is_taken() {
    let mut run = Run::new();
    run.pasted()
        .press("<Enter>")
        .sees("Acme Bank 6 digits")
        .sees("3 warnings")
        .sees_no("employees will never ask");
    run.desk
        .press("<Down>")
        .sees("our employees will never ask for the code")
        .press("w")
        .sees("turn the do-not-share warning off")
        .sees("Turn Lookup on.")
        .sees("also send codes for a login?");
    run.desk.press("y");
    assert_eq!(run.desk.copied.len(), 1);
    let note = run.desk.copied.remove(0);
    assert!(
        note.contains("do-not-share") && !note.contains('\u{1b}'),
        "{note}"
    );
    run.desk
        .press("<Esc><Enter><Enter><Enter>")
        .sees("Keep the keys")
        .sees("our employees will never ask for the code")
        .press("w")
        .sees("Acme Bank")
        .press("<Esc>")
        .sees("Keep the keys");
}

#[test]
fn a_standard_key_is_said_to_be_wide_and_a_narrow_one_is_not() {
    let mut run = Run::new();
    run.pasted()
        .press("<Enter><Enter><Enter><Enter>")
        .sees("may do more than this desk needs")
        .press("r")
        .sees("/twilio/verify/verification-check/create");
    let mut run = Run::new();
    run.desk.plant(
        "GET",
        "/2010-04-01/Accounts/*/Balance.json",
        "status",
        &[("status", "401"), ("code", "70051")],
    );
    run.pasted()
        .press("<Enter><Enter><Enter><Enter>")
        .sees("only what this desk needs");
}

#[test]
fn a_key_that_may_not_list_senders_is_taken_with_those_of_the_paste() {
    let mut run = Run::new();
    let refused = [("status", "401"), ("code", "70051")];
    for path in [
        "/2010-04-01/Accounts/*/IncomingPhoneNumbers.json",
        "/v1/Services",
        "/v2/Services",
    ] {
        run.desk.plant("GET", path, "status", &refused);
    }
    let (_, connection) = run.desk.account(Source::Session);
    let service = connection.verify_service.unwrap().sid;
    let letter = format!("{}\n{service}\nfrom +12025550142", run.letter());
    run.desk
        .paste(&letter)
        .press("<Enter><Enter>")
        .sees("Keep the keys")
        .sees("+1 202 555 0142")
        .sees("Codes by");
    assert!(run.desk.shows("Acme Support"), "{}", run.desk.screen());
}

#[test]
fn keys_that_twilio_has_refused_are_not_ticked_off() {
    let mut run = Run::new();
    let (account, key, secret) = run.keys();
    let other = "0".repeat(secret.len());
    run.desk.paste(&format!("{account}\n{key}\nsecret {other}"));
    run.desk.sees("✓ AC").sees("✓ SK");
    run.desk.press("<Enter>").wait(5.0);
    run.desk.sees("Twilio did not accept our keys.");
    run.desk
        .sees("with its secret")
        .sees_no("✓ AC")
        .sees_no("✓ SK");
}

#[test]
fn an_auth_token_is_said_to_do_everything() {
    let mut run = Run::new();
    let (account, ..) = run.keys();
    let token = run.desk.auth_token();
    run.desk
        .paste(&format!("{account} {token}"))
        .press("<Ctrl-R>")
        .sees("Restricted")
        .press("y<Esc>")
        .press("<Enter><Enter><Enter><Enter>")
        .sees("full account")
        .sees("may do everything in this account");
    assert!(run.desk.copied[0].contains("/twilio/messaging/messages/create"));
}

#[test]
fn a_service_or_a_sender_that_the_account_lacks_is_never_replaced_in_silence() {
    let mut run = Run::new();
    let letter = format!(
        "{}\nservice VA{}\nMG{}",
        run.letter(),
        "1".repeat(32),
        "2".repeat(32)
    );
    run.desk
        .paste(&letter)
        .press("<Enter>")
        .sees("Which Verify service")
        .sees("of the paste is not on this account");
    run.desk
        .press("<Enter>")
        .sees("From whom do your texts come?")
        .sees("of the paste is not on this account")
        .press("<Enter><Enter>")
        .sees("Keep the keys")
        .sees_no("not on this account");
}

#[test]
fn the_settings_go_on_saying_what_is_unsafe_about_the_service() {
    let mut run = Run::new();
    run.connected()
        .sees("Whose phone are we checking?")
        .press("<F8>")
        .sees("3 about the Verify service")
        .press("w")
        .sees("turn the do-not-share warning off")
        .press("<Esc>")
        .sees("3 about the Verify service");
}

#[test]
fn esc_goes_one_step_back_while_the_keys_are_still_known() {
    let mut run = Run::new();
    run.pasted()
        .press("<Enter>")
        .sees("Which Verify service")
        .press("<Down><Down><Enter>")
        .sees("From whom do your texts come?")
        .press("<Enter>")
        .sees("Your alias")
        .press("desk-9<Enter>")
        .sees("Acme Staff")
        .press("<Esc>")
        .sees("Your alias")
        .sees("desk-9")
        .press("<Esc>")
        .sees("From whom do your texts come?")
        .press("<Esc>")
        .sees("Which Verify service");
    // Another one is picked, and nothing has to be pasted again.
    run.desk
        .press("<Up><Up><Enter>")
        .sees("From whom do your texts come?")
        .press("<Down><Enter>")
        .sees("desk-9")
        .press("<Enter>")
        .sees("Keep the keys")
        .sees("Acme Support")
        .sees_no("Acme Staff");
    // An alias that cannot be is no step of its own.
    run.desk
        .press("<Esc> x<Enter>")
        .sees("An alias has letters")
        .press("<Esc>")
        .sees("From whom do your texts come?");
    run.desk
        .press("<Esc><Esc>")
        .sees("Paste what your lead sent you");
}

#[test]
fn what_the_lead_does_not_allow_is_shown_and_cannot_be_picked() {
    let mut run = Run::new();
    run.pasted().press("<Enter>").sees("Which Verify service");
    let setup = run.desk.model.setup.clone().unwrap();
    let (services, senders) = (setup.services_where(true), setup.senders_where(true));
    assert!(services.len() > 2 && senders.len() > 2, "{setup:?}");
    let written = |named: &NamedSender| match &named.sender {
        Sender::Service(sid) => sid.to_string(),
        Sender::Number(number) => number.e164().to_owned(),
        Sender::Name(name) => name.clone(),
    };
    let policy = |services: &[NamedService], senders: &[NamedSender]| {
        let services: Vec<_> = services.iter().map(|one| one.sid.to_string()).collect();
        let senders: Vec<_> = senders.iter().map(written).collect();
        format!("services = {services:?}\nsenders = {senders:?}\n")
    };
    let under = |policy: &str| {
        let mut run = Run::new();
        run.desk = run.desk.first_run_under(policy);
        run
    };

    let mut run = under(&policy(&services[1..], &senders[1..]));
    run.pasted().press("<Enter>").sees("Which Verify service");
    run.desk.sees("Set by your lead: not to be used");
    let marked = |run: &Run| run.desk.model.setup.as_ref().unwrap().rows();
    assert_eq!(marked(&run), services.len() - 1);
    run.desk
        .press("<Up><Enter>")
        .sees("From whom do your texts");
    run.desk.sees("Set by your lead: not to be used");
    assert_eq!(marked(&run), senders.len() - 1);
    run.desk.press("<Up><Enter>").sees("Your alias");
    let taken = run.desk.model.setup.as_ref().unwrap().connection.clone();
    let taken = taken.unwrap();
    assert_eq!(taken.verify_service.unwrap().sid, services[1].sid);
    assert_eq!(taken.sender.unwrap().sender, senders[1].sender);

    // The only one that is left is taken, and none where none is left.
    let mut run = under(&policy(&services[1..2], &[]));
    run.pasted().press("<Enter>").sees("Your alias");
    run.desk.press("<Enter>").sees("Keep the keys");
    run.desk
        .sees(&services[1].name.visible())
        .sees("set by your lead: what this account has may not be used");

    // What the letter names and the lead does not allow is not taken.
    let mut run = under(&policy(&services[1..], &senders));
    let letter = format!("{}\n{}", run.letter(), services[0].sid);
    run.desk.paste(&letter).press("<Enter>");
    run.desk
        .sees("Which Verify service")
        .sees("codes may not be sent under this Verify service");
}

#[test]
fn a_key_that_may_not_list_services_is_no_account_without_one() {
    let mut run = Run::new();
    let refused = [("status", "401"), ("code", "70051")];
    run.desk.plant("GET", "/v2/Services", "status", &refused);
    run.pasted().press("<Enter>").wait(1.0);
    while !run.desk.shows("Keep the keys") {
        run.desk.press("<Enter>").wait(0.1);
    }
    run.desk
        .sees("not known: this key may not list services. Paste its SID (VA…) with the keys")
        .press("<Enter>")
        .wait(1.0)
        .sees("You are connected")
        .sees("not known: this key may not list services.")
        .sees_no("send yourself a code");
    run.desk.press("415<Enter>").paste(MOBILE).press("<Enter>");
    run.desk
        .sees("No Verify service of this account is known here")
        .sees("Paste its SID (VA…) together with the keys")
        .sees_no("There is no Verify service on this account");
    run.desk
        .press("<F8>")
        .sees("none known: paste its SID (VA…) together with the keys");
}

#[test]
fn the_limits_of_a_trial_are_told_at_every_size_before_the_keys_are_kept() {
    for (width, height) in [(60, 15), (80, 24), (140, 40)] {
        let mut run = Run::on("trial");
        run.desk.resize(width, height);
        let account = run.keys().0;
        let token = run.desk.auth_token();
        run.desk
            .paste(&format!("{account} {token}"))
            .press("<Enter>")
            .wait(1.0);
        while !run.desk.shows("Keep the keys") {
            run.desk.press("<Enter>").wait(0.1);
        }
        run.desk
            .sees("Trial")
            .sees("Only numbers that were confirmed in the Twilio Console are reached.")
            .sees("may do everything in this account");
        if height > 15 {
            run.desk.sees("Sent from your Twilio trial account");
        }
    }
}

#[test]
fn a_key_that_cannot_tell_a_trial_says_neither() {
    let mut run = Run::on("trial");
    run.pasted().press("<Enter>").wait(1.0);
    while !run.desk.shows("Keep the keys") {
        run.desk.press("<Enter>").wait(0.1);
    }
    run.desk
        .sees(", works")
        .sees_no("full account")
        .sees_no("Trial");
}

/// A key as it is recommended, on a trial account that has sent nothing yet.
fn on_trial() -> Run {
    let mut run = Run::on("trial");
    run.connected();
    run.desk.resize(100, 24).sees_no("· trial");
    run
}

#[test]
fn a_trial_that_the_key_may_not_read_is_known_by_the_first_text_and_remembered() {
    let mut run = on_trial();
    run.desk
        .press("<F6>4155550100<Enter>Hello<Enter><Enter>")
        .wait(1.0)
        .sees("· trial");
    let config = std::fs::read_to_string(run.folder.path().join("config.toml")).unwrap();
    assert!(config.contains("is_trial = true"), "{config}");
    run.desk
        .wait(5.0)
        .press("<Enter>4155550103<Enter>Hello")
        .sees("38 of them stand before every text")
        .press("<Enter>")
        .sees("A trial account reaches only numbers that were verified");
    // The next log-in finds that text.
    let letter = run.letter();
    run.desk.model.connection.as_mut().unwrap().is_trial = false;
    run.desk
        .press("<Esc><Esc><Esc><Esc><F8>c")
        .paste(&letter)
        .press("<Enter><Enter><Enter>")
        .sees("Keep the keys")
        .sees("Only numbers that were confirmed");
}

#[test]
fn words_of_a_trial_that_the_agent_wrote_make_no_trial() {
    let mut run = Run::new();
    run.connected();
    run.desk
        .press("<F6>4155550100<Enter>")
        .paste("Sent from your Twilio trial account - Hello");
    run.desk.press("<Enter><Enter>").wait(1.0);
    assert_eq!(run.desk.record(), ["text accepted"]);
    assert!(!run.desk.model.connection.as_ref().unwrap().is_trial);
}

#[test]
fn after_a_refusal_other_numbers_that_may_be_refused_are_asked_about() {
    let mut run = on_trial();
    run.desk.press("4155550103<Enter>").wait(2.0);
    assert_eq!(run.desk.record(), ["verify_start refused 21608"]);
    run.desk
        .press("<Esc>4155550104<Enter>")
        .sees("Twilio has refused a number that was not verified")
        .press("<Esc><Esc><F6>4155550104<Enter>Hello<Enter>")
        .sees("Twilio has refused a number that was not verified");
}
