//! What the lead has set acts on the screen, in words that say so, and nothing leaves against it.

use tuilio::twilio::wire::Method;

use crate::desk::{Desk, MOBILE};

const GERMAN: &str = "+4915112345604";

#[test]
fn a_country_that_is_not_allowed_is_refused_before_anything_is_written_down() {
    let mut desk = Desk::under("countries = [\"US\", \"CA\"]\n");
    desk.paste(GERMAN)
        .press("<Enter>")
        .sees("Set by your lead: codes and texts go to United States and Canada only.");
    assert!(desk.rows().is_empty() && desk.requests(Method::Post, "") == 0);
    desk.press("<Esc>")
        .paste(MOBILE)
        .press("<Enter>")
        .wait(2.0)
        .sees("Sent");
    desk.press("<F6>")
        .paste(GERMAN)
        .press("<Enter>Hello<Enter><Enter>")
        .sees("codes and texts go to United States and Canada only");
    assert_eq!(desk.rows().len(), 1);
}

#[test]
fn a_way_that_is_not_allowed_is_refused_and_the_check_goes_on() {
    let mut desk = Desk::under("channels = [\"sms\"]\n");
    desk.paste(MOBILE).press("<Enter>").wait(2.0).press("c");
    desk.sees("Set by your lead: codes go by SMS only.")
        .sees("Tries left");
    assert_eq!(desk.record(), ["verify_start pending by sms"]);
}

#[test]
fn so_many_texts_a_day_and_no_more() {
    let mut desk = Desk::under("texts_a_day = 1\n");
    desk.press("<F6>").paste(GERMAN);
    desk.press("<Enter>One<Enter><Enter>").wait(5.0).press("n");
    desk.paste(GERMAN);
    desk.press("<Enter>Two<Enter><Enter>").wait(2.0);
    desk.sees("Set by your lead: at most 1 text a day, and you have sent it.");
    assert_eq!(desk.rows().len(), 1);
}

#[test]
fn a_desk_for_looking_only_says_so_and_offers_nothing_else() {
    let mut desk = Desk::under("mode = \"read-only\"\n");
    desk.sees("LOOKING ONLY").sees_no("send the code");
    desk.paste(MOBILE)
        .press("<Enter>")
        .sees("Set by your lead: this desk is for looking only, so nothing is sent.");
    assert!(desk.rows().is_empty() && desk.requests(Method::Post, "") == 0);
    desk.press("<F4>").sees("History");
}

#[test]
fn a_desk_for_looking_only_deletes_nothing_and_a_broken_policy_neither() {
    for (policy, why) in [
        (
            "mode = \"read-only\"\n",
            "Set by your lead: this desk is for looking only, so nothing is deleted.",
        ),
        ("mode = \n", "Nothing is deleted either."),
    ] {
        let mut desk = Desk::under("");
        desk.paste(MOBILE).press("<Enter>").wait(2.0);
        desk.reads_back(MOBILE).wait(2.0).sees("Approved");
        let before = desk.rows().len();
        let mut desk = desk.run_again_under(policy);
        desk.resize(140, 40).press("<F4>").sees_no("d  delete");
        desk.press("d").sees(why).press("y").wait(1.0);
        desk.press("<Enter>d").sees(why).press("y").wait(1.0);
        assert_eq!(desk.rows().len(), before);
        desk.press("<F8>oy").wait(1.0);
        desk.sees_no("Delete the history of this computer as well?");
        assert_eq!(desk.rows().len(), before);
    }
}

#[test]
fn what_the_agent_would_have_forgotten_stays_where_nothing_is_deleted() {
    let mut desk = Desk::under("");
    desk.press("4155550100<Enter>")
        .wait(2.0)
        .press("x")
        .wait(2.0);
    let before = desk.rows().len();
    let mut desk = desk.run_again_under("mode = \"read-only\"\n");
    desk.model.setting.retention_days = Some(1);
    desk.press("<F4>r").wait(200_000.0).press("<F4>r").wait(2.0);
    assert_eq!(desk.rows().len(), before);
}

#[test]
fn nobody_is_told_that_a_code_comes_where_none_can_be_sent() {
    let no = "Say         \"I cannot send a code to that number from here.\"";
    for (policy, to) in [
        ("mode = \"read-only\"\n", MOBILE),
        ("countries = \"US\"\n", MOBILE),
        ("countries = [\"US\"]\n", GERMAN),
        ("channels = [\"email\"]\n", MOBILE),
        ("services = []\n", MOBILE),
    ] {
        let mut desk = Desk::under(policy);
        desk.resize(140, 40).paste(to);
        desk.sees(no).sees_no("You called us");
        desk.press("<Enter>").wait(1.0);
        desk.sees(no).sees_no("You called us");
        assert!(desk.rows().is_empty());
    }
    let mut desk = Desk::under("channels = [\"sms\"]\n");
    desk.resize(140, 40)
        .paste("jane@example.com")
        .sees("I cannot send a code to that address from here.");
    desk.press("<Esc>").paste(MOBILE).sees("You called us");
}

#[test]
fn what_was_sent_today_is_counted_although_its_entry_is_to_go() {
    let mut desk = Desk::under("texts_a_day = 1\n");
    desk.press("<F6>").paste(GERMAN);
    desk.press("<Enter>One<Enter><Enter>").wait(20.0).press("n");
    desk.press("<F4>d")
        .sees("what was sent today is counted, so it cannot be deleted before tomorrow")
        .press("y")
        .wait(1.0);
    desk.press("<F8>oy").wait(1.0);
    desk.press("y").wait(1.0).sees("stays until tomorrow");
    assert_eq!(desk.rows().len(), 1);
    let mut desk = desk.run_again_under("texts_a_day = 1\n");
    desk.press("<F6>").paste(GERMAN);
    desk.press("<Enter>Two<Enter><Enter>").wait(2.0);
    desk.sees("at most 1 text a day");
    // On the next day there is room, and the old one may go.
    desk.press("<Esc><Esc><Esc><F4>").wait(86_400.0);
    desk.press("<F4><End>d")
        .sees("Delete this entry")
        .press("y")
        .wait(1.0);
    assert!(desk.rows().is_empty());
}

#[test]
fn a_policy_that_cannot_be_followed_lets_nothing_leave() {
    let mut desk = Desk::under("countries = \"US\"\n");
    desk.sees("SENDING IS OFF").paste(MOBILE).press("<Enter>");
    desk.sees("Nothing is sent: the policy of your lead")
        .sees("line 1")
        .sees("Tell your lead.");
    assert!(desk.rows().is_empty() && desk.requests(Method::Post, "") == 0);
}

#[test]
fn a_trainee_is_told_what_will_happen_and_says_yes_to_it_with_a_y() {
    let mut desk = Desk::under("mode = \"trainee\"\n");
    desk.sees("TRAINEE").paste(MOBILE).press("<Enter>");
    desk.sees("Do you want to send this?")
        .sees("A real code goes to the phone +1 415 ••• ••00.")
        .press("<Enter>")
        .wait(2.0);
    assert!(desk.rows().is_empty(), "Enter is not a yes");
    desk.press("<Esc>").sees("+1 415 555 0100");
    assert!(desk.rows().is_empty());
    desk.press("<Enter>y").wait(2.0).sees("Tries left");
    assert_eq!(desk.record(), ["verify_start pending by sms"]);
    desk.press("c").sees("a voice speaks the code").press("y");
    desk.wait(2.0);
    assert_eq!(desk.rows().len(), 2);
    desk.press("<F6>").paste(GERMAN);
    desk.press("<Enter>Hello<Enter><Enter>")
        .sees("A real text goes to")
        .press("n");
    assert_eq!(desk.rows().len(), 2);
    desk.press("<Enter>y").wait(2.0);
    assert_eq!(desk.rows().len(), 3);
}

#[test]
fn the_hours_that_begin_after_the_review_are_asked_about_all_the_same() {
    // It is 14:00 in London when the desk opens.
    let hours = "quiet_hours = { from = \"14:01\", to = \"20:00\", then = \"caution\" }\n";
    for (hold, waits) in [("", 90.0), ("hold_seconds = 50\n", 20.0)] {
        let mut desk = Desk::under(&format!("{hours}{hold}"));
        desk.press("<F6>").paste("+442079460123");
        desk.press("<Enter>Hello<Enter>")
            .wait(waits)
            .sees_no("Quiet hours are")
            .press("<Enter>")
            .wait(60.0);
        desk.sees("Quiet hours are from 14:01 to 20:00.");
        assert!(desk.rows().is_empty(), "nobody said y");
        desk.press("<Enter>").wait(60.0);
        assert!(desk.rows().is_empty(), "Enter is not a yes");
        desk.press("y").wait(60.0);
        assert_eq!(desk.rows().len(), 1);
    }
}

#[test]
fn without_the_check_on_the_last_digit_enter_starts_it() {
    let mut desk = Desk::under("auto_check = false\n");
    desk.paste(MOBILE).press("<Enter>").wait(2.0);
    desk.reads_back(MOBILE).wait(5.0).sees_no("Approved");
    desk.press("<Enter>").wait(2.0).sees("Approved");
}

#[test]
fn numbers_stay_masked_where_the_lead_has_set_it() {
    let mut desk = Desk::under("reveal = false\n");
    desk.paste(MOBILE).press("<Enter>").wait(2.0);
    desk.sees("+1 415 ••• ••00").sees_no("+1 415 555 0100");
    desk.press("<Esc><F4>u")
        .sees("Set by your lead: numbers stay masked.")
        .sees_no("+1 415 555 0100");
    desk.wait(20.0).press("<F8>").sees("numbers: masked");
    desk.press("h")
        .sees("Set by your lead: numbers stay masked.")
        .sees("numbers: masked");
}

#[test]
fn keys_of_the_agents_own_act_and_are_shown_wherever_keys_are() {
    let mut desk = Desk::with_keys("[keys]\ncall_instead = \"k\"\n");
    desk.paste(MOBILE).press("<Enter>").wait(2.0).press("c");
    assert_eq!(desk.rows().len(), 1, "c is no key any more");
    desk.sees("k call").sees_no("c call").press("<F1>");
    desk.sees("k  ").sees("Call the number and speak the code.");
    desk.press("<Esc><Ctrl-K>call").sees("k").press("<Esc>k");
    desk.wait(2.0).sees("by call");
    assert_eq!(desk.rows().len(), 2);
}

#[test]
fn a_desk_that_nobody_touches_is_hidden_and_checks_wait_meanwhile() {
    let mut desk = Desk::under("idle_lock_minutes = 2\n");
    desk.paste(MOBILE).press("<Enter>").wait(100.0);
    desk.sees("+1 415 555 0100").press("1").wait(119.0);
    desk.sees("Tries left").wait(2.0);
    desk.sees("Locked")
        .sees("One check is waiting.")
        .sees_no("415")
        .sees_no("Acme");
    let code = desk.code_on_phone(MOBILE);
    desk.press(&code).paste(MOBILE).press("<F6>").wait(5.0);
    desk.sees("Locked").sees_no("Approved");
    desk.press("<Enter>x<Enter>").sees("Locked");
    desk.press("<Enter>").sees("Code").sees("1 _ _");
    desk.press("<Backspace>")
        .press(&code)
        .wait(2.0)
        .sees("Approved");
}

#[test]
fn a_day_s_cap_is_said_in_the_language_of_the_screen() {
    let mut desk = Desk::under("texts_a_day = 1\n");
    desk.model.setting.language = tuilio::domain::Language::German;
    for text in ["Hello.", "Hello again."] {
        desk.press("<F6>")
            .paste("415 555 0100")
            .press("<Enter>")
            .paste(text)
            .press("<Enter>")
            .wait(1.0)
            .press("<Enter>")
            .wait(2.0)
            .press("y")
            .wait(2.0);
        if desk.messages().len() == 1 && text == "Hello." {
            desk.press("<Esc>");
        }
    }
    assert_eq!(desk.messages().len(), 1);
    desk.sees("Von Ihrer Teamleitung bestimmt:")
        .sees_no("at most 1");
}

const CHANGED: &str = "The policy of your lead has changed, and holds from now on: F8 shows it.";

#[test]
fn what_the_lead_sets_while_the_desk_is_open_holds_from_then_on_and_is_told_once() {
    let mut desk = Desk::under("");
    desk.paste(MOBILE).press("<Enter>").wait(2.0);
    desk.lead_sets("mode = \"read-only\"\n");
    desk.sees(CHANGED).sees("LOOKING ONLY").wait(10.0);
    desk.lead_sets("mode = \"read-only\"\n").sees_no(CHANGED);
    desk.press("c")
        .wait(2.0)
        .sees("Set by your lead: this desk");
    desk.press("<Esc><F6>").paste(GERMAN);
    desk.press("<Enter>Hello<Enter><Enter>").wait(2.0);
    desk.sees("Set by your lead: this desk is for looking only");
    assert_eq!(desk.rows().len(), 1);
    desk.press("<F8>").sees("Looking only: nothing is sent.");
    desk.lead_sets("mode = \"off\"\n")
        .sees("Nothing is sent: the policy of your lead in")
        .sees("SENDING IS OFF");
    desk.lead_sets("").sees(CHANGED);
    desk.press("<F6><Enter>")
        .wait(2.0)
        .press("<Enter>")
        .wait(2.0);
    assert_eq!(desk.rows().len(), 2);
}

#[test]
fn a_policy_that_is_removed_holds_until_the_desk_is_left() {
    let mut desk = Desk::under("mode = \"read-only\"\n");
    desk.happen(tuilio::model::Event::PolicyRead(None));
    desk.sees("The policy of your lead was removed. It holds here until you leave the desk.");
    desk.paste(MOBILE).press("<Enter>").wait(2.0);
    assert!(desk.rows().is_empty());
}

#[test]
fn a_text_that_was_held_under_other_rules_is_reviewed_under_the_new_ones() {
    let mut desk = Desk::under("hold_seconds = 50\n");
    desk.press("<F6>").paste(GERMAN);
    desk.press("<Enter>Hello<Enter><Enter>").wait(5.0);
    desk.sees("Held back")
        .lead_sets("mode = \"trainee\"\n")
        .sees("the text that was held has not left")
        .wait(100.0);
    assert!(desk.rows().is_empty(), "nobody said y");
    desk.press("<Enter>").sees("Do you want to send this?");
    desk.press("y").wait(5.0);
    assert_eq!(desk.rows().len(), 1);
}

#[test]
fn a_yes_to_what_was_asked_under_other_rules_does_nothing_against_the_new_ones() {
    let looking = "mode = \"read-only\"\n";
    let ended = || {
        let mut desk = Desk::under("");
        desk.paste(MOBILE).press("<Enter>").wait(2.0);
        desk.reads_back(MOBILE).wait(2.0).sees("Approved");
        desk
    };
    let mut desk = ended();
    let before = desk.rows().len();
    desk.press("<F4>d").sees("Delete this entry");
    desk.lead_sets(looking).press("y").wait(1.0);
    desk.sees("this desk is for looking only, so nothing is deleted");
    assert_eq!(desk.rows().len(), before);
    let mut desk = ended();
    desk.press("<F8>oy").wait(1.0);
    desk.sees("Delete the history of this computer as well?");
    desk.lead_sets(looking).press("y").wait(1.0);
    assert_eq!(desk.rows().len(), before);
    let mut desk = Desk::under("");
    desk.press("<F6>").paste(GERMAN);
    desk.press("<Enter>Hello<Enter>sin 2h<Enter><Enter>")
        .wait(5.0);
    desk.press("x").sees("Withdraw this text?");
    desk.lead_sets(looking).press("y").wait(5.0);
    desk.sees("this desk is for looking only")
        .sees_no("Withdrawn");
    desk.lead_sets("").press("x").sees("Withdraw this text?");
}

#[test]
fn a_number_that_was_revealed_is_masked_where_the_lead_sets_that() {
    let mut desk = Desk::under("");
    desk.paste(MOBILE).press("<Enter>").wait(2.0);
    desk.press("<Esc><F4>u").sees("+1 415 555 0100");
    desk.lead_sets("reveal = false\n")
        .sees_no("+1 415 555 0100");
    desk.lead_sets("").sees_no("+1 415 555 0100");
}

#[test]
fn a_desk_for_looking_only_offers_nothing_of_a_check_that_is_open() {
    let mut desk = Desk::under("");
    desk.paste(MOBILE).press("<Enter>").wait(40.0);
    desk.lead_sets("mode = \"read-only\"\n").wait(10.0);
    desk.reads_back(MOBILE);
    for (width, height) in [(80, 24), (140, 40)] {
        desk.resize(width, height)
            .sees("Set by your lead: this desk is for looking only")
            .sees("I cannot check a code from here.");
        for offer in [
            "Enter checks",
            "send again",
            "Send again",
            "c  call",
            "c call",
            "again now",
        ] {
            desk.sees_no(offer);
        }
    }
    desk.press("<Enter>").wait(2.0);
    assert_eq!(desk.rows().len(), 1);
}

#[test]
fn a_review_says_that_the_lead_s_count_for_the_day_is_reached_and_offers_no_send() {
    let mut desk = Desk::under("texts_a_day = 1\n");
    desk.press("<F6>").paste(GERMAN);
    desk.press("<Enter>One<Enter>")
        .wait(2.0)
        .sees("Enter  send");
    desk.press("<Enter>").wait(5.0).press("n").paste(GERMAN);
    desk.press("<Enter>Two<Enter>").wait(2.0);
    desk.sees("Set by your lead: at most 1 text a day, and you have sent it.")
        .sees("Esc  back to the text")
        .sees_no("Enter  send")
        .sees_no("Enter send")
        .sees_no("s  send later")
        .sees_no("s send later");
    desk.press("<Enter>").wait(5.0);
    assert_eq!(desk.rows().len(), 1);
    // On the next day there is room again.
    desk.wait(86_400.0).press("<Up>").sees("Enter  send");
}

#[test]
fn the_profile_stands_in_the_header_whatever_else_does() {
    for policy in [
        "",
        "mode = \"read-only\"\n",
        "mode = \"trainee\"\n",
        "mode = \n",
    ] {
        let mut desk = Desk::under(policy);
        let connection = desk.model.connection.as_mut().unwrap();
        connection.account_name = Some("Acme Support of Northern California".into());
        connection.is_trial = true;
        for (width, ascii) in (61..120).flat_map(|width| [(width, false), (width, true)]) {
            desk.look.ascii = ascii;
            desk.model.setting.ascii = ascii;
            desk.resize(width, 24);
            let screen = desk.screen();
            let header = screen.lines().next().unwrap().trim_end();
            assert!(header.ends_with(" acme"), "{width}: {header}");
        }
        desk.resize(80, 24);
        assert_eq!(policy.contains("read"), desk.shows("LOOKING ONLY"));
    }
}
