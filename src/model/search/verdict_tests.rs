use super::super::tests::{at, is_not_sent, listed, lost, op, page, pool};
use super::super::{Claims, Searches, Skews};
use super::*;
use crate::domain::verification::{NewVerification, VerificationKey};
use crate::domain::{
    Answer, HistoryRow, OpId, Operation, PhoneNumber, Recipient, Untrusted, VerificationChannel,
};
use crate::model::Effect;

const ADA: &str = "+14155550123";

fn ada() -> Recipient {
    Recipient::Phone(PhoneNumber::from_e164(ADA).unwrap())
}

/// The same, asked for by something else and with what was known of the clocks.
fn asking(intent: Intent, skew_seconds: Option<i64>) -> HistoryRow {
    let row = lost(1, "Hello", pool());
    HistoryRow {
        operation: Operation {
            intent,
            skew_seconds,
            ..row.operation
        },
        ..row
    }
}

fn start() -> Intent {
    let service = format!("VA{:032x}", 1).parse().unwrap();
    Intent::VerifyStart(NewVerification::new(
        service,
        ada(),
        VerificationChannel::Sms,
    ))
}

fn check() -> Intent {
    Intent::VerifyCheck {
        service: format!("VA{:032x}", 1).parse().unwrap(),
        key: VerificationKey::To(ada()),
        to: Some(ada()),
    }
}

fn verification() -> VerificationSid {
    format!("VE{:032x}", 1).parse().unwrap()
}

/// A send of a code in Twilio's list; where it was read back, when.
fn send(made: i64, read_back: Option<i64>) -> Attempt {
    Attempt {
        sid: format!("VL{:032x}", 1).parse().unwrap(),
        verification_sid: verification(),
        service: None,
        converted: read_back.is_some(),
        expired: false,
        channel: VerificationChannel::Sms,
        to: Some(Untrusted::from(ADA)),
        message_status: None,
        call_status: None,
        error_code: None,
        carrier: None,
        country: None,
        date_created: Some(at(made)),
        date_updated: Some(at(read_back.unwrap_or(made))),
    }
}

/// What a look ten minutes later comes to, where the verification is not open and the list holds these sends. Our
/// clock is right now.
fn looked(row: &HistoryRow, sends: Vec<Attempt>, claimed: &Claims) -> Option<Effect> {
    let mut searches = Searches::default();
    searches.row_changed(row, at(0));
    searches.woke(at(700));
    let mut skews = Skews::new(2);
    skews.hear(Some(at(700)), at(700));
    let skews = skews.with(std::slice::from_ref(row));
    let mut gone = Failure::new(FailureKind::NotFound, "no such thing");
    gone.status = Some(404);
    let asks = searches.replied(op(1), &Err(gone), claimed, &skews, at(700));
    assert!(matches!(asks, Some(Effect::Call { .. })), "{asks:?}");
    let list = ListPage {
        items: sends,
        next: None,
    };
    let answer = Answer {
        reply: Reply::Attempts(list),
        request_id: None,
        date: Some(at(700)),
    };
    searches.replied(op(1), &Ok(Box::new(answer)), claimed, &skews, at(700))
}

fn status(effect: Option<&Effect>) -> Option<VerificationStatus> {
    match effect? {
        Effect::Settle {
            state: OpState::Settled(Settled::Verification { status, .. }),
            ..
        } => Some(status.clone()),
        _ => None,
    }
}

#[test]
fn what_may_have_gone_out_by_one_of_the_clocks_is_never_called_not_sent() {
    // A single answer told another time when it was asked for, or each one of them does.
    for (noted, told) in [(-3_600, 0), (3_600, 0), (-3_600, -3_600), (-300, -300)] {
        let mut row = lost(1, "Hello", pool());
        row.operation.skew_seconds = Some(noted);
        let mut searches = Searches::default();
        searches.row_changed(&row, at(0));
        let mut skews = Skews::new(2);
        skews.hear(Some(at(700 - told)), at(700));
        let skews = skews.with(&[row]);
        let answer = page(vec![listed(1, "Hello", 1)], 700);
        let none = Claims::default();
        let effect = searches.replied(op(1), &answer, &none, &skews, at(700));
        assert!(!is_not_sent(effect.as_ref()), "{noted} {told}: {effect:?}");
        assert!(
            effect.is_some() || searches.of(op(1)).unwrap().not_found_yet(at(700)),
            "a person may say yes"
        );
        // What was made at none of these times is not it.
        let mut searches = Searches::default();
        let row = lost(1, "Hello", pool());
        searches.row_changed(&row, at(0));
        let answer = page(vec![listed(1, "Hello", -40_000)], 700);
        let effect = searches.replied(op(1), &answer, &none, &skews, at(700));
        assert!(is_not_sent(effect.as_ref()), "{noted} {told}: {effect:?}");
    }
}

#[test]
fn times_that_contradict_each_other_within_a_run_are_not_relied_on() {
    let row = lost(1, "Hello", pool());
    let mut searches = Searches::default();
    searches.row_changed(&row, at(0));
    let mut skews = Skews::new(1);
    skews.hear(Some(at(4_000)), at(0));
    skews.hear(Some(at(1)), at(1));
    let answer = page(vec![listed(1, "Hello", 1)], 30);
    let effect = searches.replied(op(1), &answer, &Claims::default(), &skews, at(30));
    assert!(matches!(effect, Some(Effect::Settle { .. })), "{effect:?}");
}

#[test]
fn what_may_be_it_is_never_called_not_sent() {
    let text = |change: &dyn Fn(&mut Message)| {
        let mut text = listed(1, "Hello", 1);
        change(&mut text);
        text
    };
    let none = Claims::default();
    for (name, listed, not_sent) in [
        ("nothing at all", vec![], true),
        ("other words", vec![listed(1, "Hullo", 1)], true),
        ("from before", vec![listed(1, "Hello", -90)], true),
        ("kept by the network", vec![listed(1, "Hello", 270)], false),
        ("hours later", vec![listed(1, "Hello", 4_000)], true),
        (
            "without a date",
            vec![text(&|text| text.date_created = None)],
            false,
        ),
        (
            "by a service that is not told",
            vec![text(&|text| text.messaging_service_sid = None)],
            false,
        ),
    ] {
        let mut row = lost(1, "Hello", pool());
        row.operation.skew_seconds = Some(0);
        let mut searches = Searches::default();
        searches.row_changed(&row, at(0));
        let mut skews = Skews::new(2);
        skews.hear(Some(at(700)), at(700));
        let skews = skews.with(&[row]);
        let effect = searches.replied(op(1), &page(listed, 700), &none, &skews, at(700));
        assert_eq!(is_not_sent(effect.as_ref()), not_sent, "{name}: {effect:?}");
        assert_eq!(effect.is_some(), not_sent, "{name}: {effect:?}");
    }
    let undated = Attempt {
        date_created: None,
        ..send(1, None)
    };
    let effect = looked(&asking(start(), Some(0)), vec![undated], &none);
    assert_eq!(effect, None);
}

#[test]
fn an_open_verification_whose_sends_are_not_told_may_be_the_one_that_was_lost() {
    let told = |seconds: &[Option<i64>]| {
        let send = |second: &Option<i64>| SendAttempt {
            time: second.map(at),
            sid: None,
            channel: VerificationChannel::Sms,
        };
        seconds.iter().map(send).collect::<Vec<_>>()
    };
    for (updated, sends, not_sent) in [
        (Some(1), told(&[]), false),
        (None, told(&[]), false),
        (Some(1), told(&[None]), false),
        (Some(1), told(&[Some(-200), None]), false),
        (Some(-200), told(&[]), true),
        (Some(1), told(&[Some(-200)]), true),
    ] {
        let row = asking(start(), Some(0));
        let mut searches = Searches::default();
        searches.row_changed(&row, at(0));
        let mut skews = Skews::new(2);
        skews.hear(Some(at(700)), at(700));
        let skews = skews.with(&[row]);
        let open = Verification {
            sid: verification(),
            status: VerificationStatus::Pending,
            channel: VerificationChannel::Sms,
            to: Untrusted::from(ADA),
            sends: sends.clone(),
            line_type: None,
            date_created: Some(at(-200)),
            date_updated: updated.map(at),
        };
        let none = Claims::default();
        let mut look = |reply| {
            let answer = Ok(Box::new(Answer {
                reply,
                request_id: None,
                date: Some(at(700)),
            }));
            searches.replied(op(1), &answer, &none, &skews, at(700))
        };
        let asks = look(Reply::Verification(open));
        assert!(matches!(asks, Some(Effect::Call { .. })), "{asks:?}");
        let effect = look(Reply::Attempts(ListPage {
            items: Vec::new(),
            next: None,
        }));
        assert_eq!(
            is_not_sent(effect.as_ref()),
            not_sent,
            "{updated:?} {sends:?}"
        );
    }
}

#[test]
fn an_approval_is_that_of_a_lost_check_only_where_it_came_after_it_and_is_nobody_elses() {
    let mut others = Claims::default();
    let another = OpId { session: 9, seq: 1 };
    others.approvals.insert(verification(), another);
    for (read_back, claimed, approved) in [
        (1, &Claims::default(), true),
        (-1, &Claims::default(), true),
        (-20, &Claims::default(), false),
        (-59, &Claims::default(), false),
        (1, &others, false),
    ] {
        let row = asking(check(), Some(0));
        let effect = looked(&row, vec![send(-90, Some(read_back))], claimed);
        let found = status(effect.as_ref());
        let expected = approved.then_some(VerificationStatus::Approved);
        assert_eq!(found, expected, "{read_back}");
        assert_eq!(is_not_sent(effect.as_ref()), !approved);
    }
}

#[test]
fn a_code_whose_request_left_late_is_not_called_not_sent() {
    for (made, late, not_sent) in [
        (1, 2, false),
        (240, 245, false),
        (400, 245, false),
        (-200, 245, true),
        (4_000, 245, true),
    ] {
        let mut row = asking(start(), Some(0));
        row.updated_at = at(late);
        let effect = looked(&row, vec![send(made, None)], &Claims::default());
        assert_eq!(is_not_sent(effect.as_ref()), not_sent, "{made}: {effect:?}");
        let found = status(effect.as_ref()).is_some();
        assert_eq!(found, made < 180 && !not_sent, "{made}: {effect:?}");
    }
}
