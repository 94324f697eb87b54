use super::super::QuietHours;
use super::*;

/// 09:41 in California, 18:41 in Germany.
const NOW: &str = "2026-03-04T17:41:00Z";

fn number(e164: &str) -> PhoneNumber {
    PhoneNumber::from_e164(e164).unwrap()
}

fn sid<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str) -> T {
    format!("{prefix}{}", "1".repeat(32)).parse().unwrap()
}

fn text(to: &str) -> Intent {
    let sender = Sender::Service(sid("MG"));
    Intent::Text(NewMessage::new(number(to), sender, "Hello"))
}

fn code(to: &str, channel: VerificationChannel) -> Intent {
    let to = Recipient::Phone(number(to));
    Intent::VerifyStart(NewVerification::new(sid("VA"), to, channel))
}

fn told(policy: &Policy, intent: &Intent) -> String {
    told_with(policy, intent, |_| {})
}

fn told_with(
    policy: &Policy,
    intent: &Intent,
    change: impl FnOnce(&mut Circumstances<'static>),
) -> String {
    let mut circumstances = Circumstances::at(NOW.parse().unwrap());
    change(&mut circumstances);
    match policy.permits(intent, &circumstances) {
        Ok(()) => String::new(),
        Err(why) => why.to_string(),
    }
}

#[test]
fn the_default_permits_everything() {
    let policy = Policy::default();
    assert_eq!(told(&policy, &text("+4915112345604")), "");
    assert_eq!(
        told(&policy, &code("+14155550100", VerificationChannel::Call)),
        ""
    );
    assert_eq!(policy.revealing(), Ok(()));
    assert_eq!(policy.paying_for_lookups(), Ok(()));
    assert_eq!(policy.another(&text("+14155550100"), 10_000), Ok(()));
}

#[test]
fn each_rule_refuses_in_a_sentence_that_says_who_set_it() {
    let us = || text("+14155550100");
    let cases: Vec<(Policy, Intent, &str)> = vec![
        (
            Policy {
                countries: Some(vec!["US".to_owned(), "CA".to_owned()]),
                ..Policy::default()
            },
            text("+4915112345604"),
            "Set by your lead: codes and texts go to United States and Canada only.",
        ),
        (
            Policy {
                countries: Some(Vec::new()),
                ..Policy::default()
            },
            us(),
            "Set by your lead: codes and texts go to no phone at all.",
        ),
        (
            Policy {
                channels: Some(vec![
                    VerificationChannel::Sms,
                    VerificationChannel::Call,
                    VerificationChannel::Email,
                ]),
                ..Policy::default()
            },
            code("+14155550100", VerificationChannel::WhatsApp),
            "Set by your lead: codes go by SMS, call and email only.",
        ),
        (
            Policy {
                senders: Some(vec![Sender::Number(number("+15005550006"))]),
                ..Policy::default()
            },
            us(),
            "Set by your lead: texts may not come from this sender.",
        ),
        (
            Policy {
                services: Some(Vec::new()),
                ..Policy::default()
            },
            code("+14155550100", VerificationChannel::Sms),
            "Set by your lead: codes may not be sent under this Verify service.",
        ),
        (
            Policy {
                templates_only: true,
                ..Policy::default()
            },
            us(),
            "Set by your lead: texts are made from templates only.",
        ),
        (
            Policy {
                ticket_required: true,
                ..Policy::default()
            },
            us(),
            "Set by your lead: nothing is sent without the number of a ticket.",
        ),
        (
            Policy {
                mode: Mode::ReadOnly,
                ..Policy::default()
            },
            us(),
            "Set by your lead: this desk is for looking only, so nothing is sent.",
        ),
        (
            Policy::default().read_only_by_choice(),
            us(),
            "This desk was started to look only, so nothing is sent. Start it without --read-only to send.",
        ),
        (
            Policy::unreadable(phrase!("The policy cannot be read.")),
            us(),
            "The policy cannot be read.",
        ),
    ];
    for (policy, intent, sentence) in cases {
        assert_eq!(told(&policy, &intent), sentence);
    }
}

#[test]
fn what_a_rule_allows_passes() {
    let policy = Policy {
        countries: Some(vec!["US".to_owned()]),
        channels: Some(vec![VerificationChannel::Sms]),
        senders: Some(vec![Sender::Service(sid("MG"))]),
        services: Some(vec![sid("VA")]),
        templates_only: true,
        ticket_required: true,
        mode: Mode::Trainee,
        ..Policy::default()
    };
    let with_ticket = |of: &mut Circumstances<'static>| {
        of.ticket = Some("48213");
        of.from_template = true;
        of.yes = true;
    };
    assert_eq!(told_with(&policy, &text("+14155550100"), with_ticket), "");
    let code = code("+14155550100", VerificationChannel::Sms);
    assert_eq!(told_with(&policy, &code, with_ticket), "");
    assert_ne!(told_with(&policy, &code, |of| of.ticket = Some(" ")), "");
}

#[test]
fn what_a_trainee_sends_needs_a_yes_and_what_they_end_does_not() {
    let policy = Policy {
        mode: Mode::Trainee,
        ..Policy::default()
    };
    let key = super::super::super::VerificationKey::Sid(sid("VE"));
    let cancel = Intent::VerifyCancel {
        service: sid("VA"),
        key,
        to: None,
    };
    assert_eq!(told(&policy, &cancel), "");
    for send in [
        text("+14155550100"),
        code("+14155550100", VerificationChannel::Sms),
    ] {
        assert!(told(&policy, &send).contains("every send of a trainee needs a y"));
        assert_eq!(told_with(&policy, &send, |of| of.yes = true), "");
    }
}

#[test]
fn what_is_out_may_be_ended_under_any_rule_but_not_by_one_who_only_looks() {
    let cancel = Intent::VerifyCancel {
        service: sid("VA"),
        key: super::super::super::VerificationKey::Sid(sid("VE")),
        to: None,
    };
    let strict = Policy {
        countries: Some(Vec::new()),
        services: Some(Vec::new()),
        ticket_required: true,
        ..Policy::default()
    };
    assert_eq!(told(&strict, &cancel), "");
    assert_ne!(told(&strict.read_only_by_choice(), &cancel), "");
}

#[test]
fn quiet_hours_go_by_the_customers_clock_and_over_midnight() {
    let hours = |from: &str, to: &str, then| Policy {
        quiet_hours: Some(QuietHours {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            then,
        }),
        ..Policy::default()
    };
    let night = hours("18:00", "08:00", Quiet::Refuse);
    assert_eq!(
        told(&night, &text("+4915112345604")),
        "Set by your lead: no texts from 18:00 to 08:00. It is about 18:41 there."
    );
    assert_eq!(told(&night, &text("+14155550100")), "");
    let morning = hours("09:00", "10:00", Quiet::Caution);
    let now = NOW.parse().unwrap();
    assert!(matches!(
        morning.hour(&number("+14155550100"), now),
        Ok(Hour::Caution(_))
    ));
    assert_eq!(morning.hour(&number("+4915112345604"), now), Ok(Hour::Fine));
    // A country of several zones.
    assert!(matches!(
        night.hour(&number("+61412345678"), now),
        Ok(Hour::Caution(_))
    ));
    let minute = hours("00:00", "00:01", Quiet::Refuse);
    for (policy, to, why) in [
        (&morning, "+14155550100", "Quiet hours are from 09:00"),
        (&minute, "+18005550104", "cannot be told"),
        (&night, "+18005550104", "cannot be told"),
    ] {
        let unasked = told(policy, &text(to));
        assert!(
            unasked.contains(why) && unasked.contains("needs a y"),
            "{unasked}"
        );
        assert_eq!(told_with(policy, &text(to), |of| of.yes = true), "");
    }
    // No yes leads past a rule that asks nobody.
    assert_ne!(
        told_with(&night, &text("+4915112345604"), |of| of.yes = true),
        ""
    );
    // A code is read out by somebody who is awake and on the line.
    let code = code("+4915112345604", VerificationChannel::Call);
    assert_eq!(told(&night, &code), "");
}

#[test]
fn a_cap_counts_what_it_is_for() {
    let policy = Policy {
        texts_a_day: Some(2),
        verifications_a_day: Some(0),
        ..Policy::default()
    };
    let text = text("+14155550100");
    assert_eq!(policy.another(&text, 1), Ok(()));
    assert_eq!(
        policy.another(&text, 2).unwrap_err().to_string(),
        "Set by your lead: at most 2 texts a day, and you have sent them."
    );
    assert!(
        policy
            .another(&code("+14155550100", VerificationChannel::Sms), 0)
            .is_err()
    );
}
