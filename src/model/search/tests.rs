use super::*;
use crate::domain::message::{Direction, ListPage, PageCursor, TRIAL_PREFIX};
use crate::domain::sid::MessageSid;
use crate::domain::{
    Message, MessageStatus, NewMessage, PhoneNumber, Reply, Sender, Settled, Untrusted,
};

const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";
const OTHER_SERVICE: &str = "MG0123456789abcdef0123456789abcdee";

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn sid(number: u32) -> MessageSid {
    format!("SM{number:032x}").parse().unwrap()
}

pub(super) fn op(seq: u32) -> OpId {
    OpId { session: 1, seq }
}

/// A text whose answer was lost, written down at second 0.
pub(super) fn lost(seq: u32, body: &str, sender: Sender) -> HistoryRow {
    let to = PhoneNumber::from_e164("+14155550123").unwrap();
    HistoryRow {
        row: seq.into(),
        operation: Operation {
            id: op(seq),
            intent: Intent::Text(NewMessage::new(to, sender, body)),
            at: at(0),
            account: None,
            home: None,
            ticket: None,
            agent: None,
            skew_seconds: None,
        },
        state: OpState::Unknown(Failure::new(FailureKind::OutcomeUnknown, "cut")),
        updated_at: at(0),
        audit: None,
    }
}

pub(super) fn pool() -> Sender {
    Sender::Service(SERVICE.parse().unwrap())
}

fn number() -> Sender {
    Sender::Number(PhoneNumber::from_e164("+15005550006").unwrap())
}

/// A text in Twilio's list, made at that second by Twilio's clock.
pub(super) fn listed(number: u32, body: &str, second: i64) -> Message {
    Message {
        sid: sid(number),
        status: MessageStatus::Sent,
        direction: Direction::OutboundApi,
        to: Untrusted::from("+14155550123"),
        from: None,
        messaging_service_sid: SERVICE.parse().ok(),
        body: Untrusted::from(body),
        error_code: None,
        error_message: None,
        num_segments: None,
        price: None,
        price_unit: None,
        date_created: Some(at(second)),
        date_sent: None,
        date_updated: None,
    }
}

/// An answer that lists these, newest first, given at that second by Twilio's clock.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is what a call comes back with"
)]
pub(super) fn page(items: Vec<Message>, second: i64) -> Result<Box<Answer>, Failure> {
    let page = ListPage { items, next: None };
    Ok(Box::new(Answer {
        reply: Reply::Messages(page),
        request_id: None,
        date: Some(at(second)),
    }))
}

/// A look was answered in a run that knows Twilio's time from that answer alone.
pub(super) fn answered(
    searches: &mut Searches,
    seq: u32,
    result: &Result<Box<Answer>, Failure>,
    claimed: &Claims,
    now: Timestamp,
) -> Option<Effect> {
    let mut skews = Skews::new(2);
    skews.hear(result.as_ref().ok().and_then(|answer| answer.date), now);
    searches.replied(op(seq), result, claimed, &skews, now)
}

/// Which of the listed ones a search takes for its own.
fn found(searches: &mut Searches, seq: u32, items: Vec<Message>, claimed: &[u32]) -> Option<u32> {
    let claimed = Claims {
        texts: claimed
            .iter()
            .map(|&number| (sid(number), op(99)))
            .collect(),
        ..Claims::default()
    };
    let all: Vec<Message> = items.clone();
    let effect = answered(searches, seq, &page(items, 30), &claimed, at(30));
    match effect? {
        Effect::Settle {
            state: OpState::Settled(Settled::Text { sid: found, .. }),
            ..
        } => all
            .iter()
            .find(|message| message.sid == found)
            .and_then(|message| (1..20).find(|&number| sid(number) == message.sid)),
        effect => panic!("{effect:?}"),
    }
}

fn searching(rows: &[HistoryRow]) -> Searches {
    let mut searches = Searches::default();
    for row in rows {
        searches.row_changed(row, at(0));
    }
    searches
}

#[test]
fn a_text_is_known_again_by_recipient_sender_words_and_time() {
    let said = "It’s “done” – bye";
    let smart = "It's \"done\" - bye";
    let trial = format!("{TRIAL_PREFIX}{said}");
    let smart_trial = format!("{TRIAL_PREFIX}{smart}");
    let with = |change: fn(&mut Message)| {
        let mut message = listed(1, "It’s “done” – bye", 0);
        change(&mut message);
        vec![message]
    };
    for (name, items, claimed, expected) in [
        ("the same words", vec![listed(1, said, 0)], vec![], Some(1)),
        (
            "a trial's prefix",
            vec![listed(1, &trial, 0)],
            vec![],
            Some(1),
        ),
        ("look-alikes", vec![listed(1, smart, 0)], vec![], Some(1)),
        ("both", vec![listed(1, &smart_trial, 0)], vec![], Some(1)),
        ("redacted", vec![listed(1, "", 0)], vec![], Some(1)),
        (
            "other words",
            vec![listed(1, "It's not done", 0)],
            vec![],
            None,
        ),
        (
            "a longer text",
            vec![listed(1, &format!("{said}!"), 0)],
            vec![],
            None,
        ),
        ("just before", vec![listed(1, said, -60)], vec![], Some(1)),
        ("too early", vec![listed(1, said, -61)], vec![], None),
        ("late", vec![listed(1, said, 180)], vec![], Some(1)),
        ("too late", vec![listed(1, said, 181)], vec![], None),
        ("another's", vec![listed(1, said, 0)], vec![1], None),
        (
            "the older of two",
            vec![listed(2, said, 20), listed(1, said, 1)],
            vec![],
            Some(1),
        ),
        (
            "the one that is free",
            vec![listed(2, said, 20), listed(1, said, 1)],
            vec![1],
            Some(2),
        ),
        (
            "the very words before none",
            vec![listed(2, said, 20), listed(1, "", 1)],
            vec![],
            Some(2),
        ),
        (
            "the very words before look-alikes",
            vec![listed(2, said, 20), listed(1, smart, 1)],
            vec![],
            Some(2),
        ),
        (
            "without a date",
            with(|message| message.date_created = None),
            vec![],
            None,
        ),
        (
            "of another service",
            with(|message| message.messaging_service_sid = OTHER_SERVICE.parse().ok()),
            vec![],
            None,
        ),
        (
            "of no service",
            with(|message| message.messaging_service_sid = None),
            vec![],
            None,
        ),
        (
            "an answer of a robot",
            with(|message| message.direction = Direction::OutboundReply),
            vec![],
            None,
        ),
        ("nothing", vec![], vec![], None),
    ] {
        let mut searches = searching(&[lost(1, said, pool())]);
        assert_eq!(found(&mut searches, 1, items, &claimed), expected, "{name}");
        assert_eq!(searches.is_empty(), expected.is_some(), "{name}");
    }
}

#[test]
fn a_number_as_sender_is_asked_for_and_a_service_is_compared() {
    for (sender, from) in [(number(), Some("+15005550006")), (pool(), None)] {
        let mut searches = searching(&[lost(1, "Hello", sender)]);
        let asked = searches.woke(at(0));
        let [
            Effect::Call {
                call: Call::ListMessages(filter),
                ..
            },
        ] = &asked[..]
        else {
            panic!("{asked:?}")
        };
        let to = filter.to.as_ref().map(PhoneNumber::e164);
        assert_eq!(to, Some("+14155550123"));
        assert_eq!(filter.from.as_ref().map(PhoneNumber::e164), from);
        assert_eq!(
            (filter.sent_after, filter.sent_before),
            (None, None),
            "a text that is still queued has no date of sending"
        );
    }
}

#[test]
fn two_searches_never_take_one_text() {
    let rows = [lost(1, "Hello", pool()), lost(2, "Hello", pool())];
    for (first, second) in [(1, 2), (2, 1)] {
        let mut searches = searching(&rows);
        let list = || vec![listed(7, "Hello", 3)];
        assert_eq!(found(&mut searches, first, list(), &[]), Some(7));
        assert_eq!(found(&mut searches, second, list(), &[]), None);
        // Nor when the history came back with the row as it was, and it is looked for anew.
        searches.row_changed(&rows[second as usize - 1], at(40));
        assert_eq!(found(&mut searches, second, list(), &[]), None);
    }
}

#[test]
fn a_wrong_clock_of_ours_is_reckoned_with() {
    for ahead in [3_600, -3_600, 315_360_000, -315_360_000] {
        let mut searches = searching(&[lost(1, "Hello", pool())]);
        let answer = page(vec![listed(1, "Hello", 5 - ahead)], 30 - ahead);
        let effect = answered(&mut searches, 1, &answer, &Claims::default(), at(30));
        assert!(matches!(effect, Some(Effect::Settle { .. })), "{ahead}");
    }
}

#[test]
fn it_is_taken_as_not_sent_after_ten_minutes_of_looking_and_a_failed_look_says_nothing() {
    let mut searches = searching(&[lost(1, "Hello", pool())]);
    let failed = Err(Failure::new(FailureKind::NotSent, "no connection"));
    let none = Claims::default();
    assert_eq!(answered(&mut searches, 1, &failed, &none, at(700)), None);
    assert_eq!(
        answered(&mut searches, 1, &page(vec![], 599), &none, at(599)),
        None
    );
    let effect = answered(&mut searches, 1, &page(vec![], 600), &none, at(600));
    assert!(
        matches!(&effect, Some(Effect::Settle { state: OpState::NotSent(failure), .. })
            if failure.kind == FailureKind::NoTrace),
        "{effect:?}"
    );
}

#[test]
fn nothing_is_adopted_while_the_same_text_is_being_sent_once_more() {
    let row = lost(1, "Hello", pool());
    let mut twin = lost(2, "Hello", pool());
    twin.state = OpState::Intended;
    let claimed = Claims::of(&[row.clone(), twin], &Skews::default());
    let mut searches = searching(&[row]);
    let answer = page(vec![listed(7, "Hello", 3)], 30);
    assert_eq!(answered(&mut searches, 1, &answer, &claimed, at(30)), None);
    assert!(
        searches
            .of(op(1))
            .is_some_and(|search| search.due.is_some())
    );
}

#[test]
fn what_was_found_and_could_not_be_written_down_is_found_again() {
    let row = lost(1, "Hello", pool());
    let mut searches = searching(std::slice::from_ref(&row));
    let list = || vec![listed(7, "Hello", 3)];
    assert_eq!(found(&mut searches, 1, list(), &[]), Some(7));
    searches.not_written(&row, at(31));
    assert_eq!(searches.deadline(), Some(at(61)));
    assert_eq!(found(&mut searches, 1, list(), &[]), Some(7));
}

#[test]
fn what_the_history_gives_to_somebody_else_is_not_taken_again_and_again() {
    let row = lost(1, "Hello", pool());
    let mut searches = searching(std::slice::from_ref(&row));
    let list = || vec![listed(7, "Hello", 3)];
    assert_eq!(found(&mut searches, 1, list(), &[]), Some(7));
    // Another window has written that text into its own row, or is sending the same: ours comes back as it was.
    searches.row_changed(&row, at(31));
    assert_eq!(searches.deadline(), Some(at(61)));
    assert_eq!(
        found(&mut searches, 1, list(), &[]),
        Some(7),
        "it may have been free since"
    );
    searches.row_changed(&row, at(62));
    assert_eq!(found(&mut searches, 1, list(), &[]), None);
    let other = || vec![listed(8, "Hello", 4), listed(7, "Hello", 3)];
    assert_eq!(found(&mut searches, 1, other(), &[]), Some(8));
}

pub(super) fn is_not_sent(effect: Option<&Effect>) -> bool {
    let not_sent = |state: &OpState| matches!(state, OpState::NotSent(failure) if failure.kind == FailureKind::NoTrace);
    matches!(effect, Some(Effect::Settle { state, .. }) if not_sent(state))
}

#[test]
fn nothing_but_a_list_says_that_it_is_not_there() {
    let status = |status| {
        let mut failure = Failure::new(FailureKind::NotFound, "no such thing");
        failure.status = Some(status);
        Err(failure)
    };
    let other = Ok(Box::new(Answer {
        reply: Reply::MessageDeleted,
        request_id: None,
        date: Some(at(700)),
    }));
    for failed in [status(404), status(403), status(500), other] {
        let mut searches = searching(&[lost(1, "Hello", pool())]);
        let none = Claims::default();
        assert_eq!(answered(&mut searches, 1, &failed, &none, at(700)), None);
        let search = searches.of(op(1)).unwrap();
        assert!(search.has_failed, "{failed:?}");
        assert!(!search.not_found_yet(at(700)), "nobody could look");
        assert!(search.is_not_read(at(700)));
        assert_eq!(
            answered(&mut searches, 1, &page(vec![], 30), &none, at(30)),
            None
        );
        let search = searches.of(op(1)).unwrap();
        assert!(search.not_found_yet(at(30)) && !search.has_failed);
        let effect = answered(&mut searches, 1, &page(vec![], 701), &none, at(701));
        assert!(is_not_sent(effect.as_ref()), "{effect:?}");
    }
}

#[test]
fn a_list_without_an_end_is_a_look_that_failed() {
    let mut searches = searching(&[lost(1, "Hello", pool())]);
    for look in 1..=2 {
        let began = at(look * 1_000);
        assert_eq!(searches.woke(began).len(), 1);
        let mut pages = 1;
        loop {
            // The newest comes first, and nothing is ever old enough to be the last.
            let mut endless = page(vec![listed(pages, "Something else", 5)], look * 1_000);
            if let Ok(answer) = &mut endless
                && let Reply::Messages(page) = &mut answer.reply
            {
                page.next = Some(PageCursor("/2010-04-01/next".to_owned()));
            }
            match answered(&mut searches, 1, &endless, &Claims::default(), began) {
                Some(Effect::Call { .. }) => pages += 1,
                effect => {
                    assert_eq!(effect, None);
                    break;
                }
            }
        }
        assert_eq!(pages, 50);
        let search = searches.of(op(1)).unwrap();
        assert!(search.has_failed && search.due.is_some());
        assert_eq!(i64::from(search.looks), look, "each waits longer");
    }
}

#[test]
fn a_text_that_begins_like_those_of_a_trial_is_known_again() {
    let said = format!("{TRIAL_PREFIX}hello");
    for listed_as in [said.clone(), format!("{TRIAL_PREFIX}{said}")] {
        let mut searches = searching(&[lost(1, &said, pool())]);
        let items = vec![listed(1, &listed_as, 0)];
        assert_eq!(found(&mut searches, 1, items, &[]), Some(1), "{listed_as}");
    }
}

#[test]
fn an_answer_of_a_wrong_time_hides_nothing() {
    // Kept on the way for so long, or made by a clock that goes ahead.
    for wrong in [-400, -100_000, 400, 100_000] {
        let mut searches = searching(&[lost(1, "Hello", pool())]);
        let answer = page(vec![listed(1, "Hello", 1)], 700 + wrong);
        let effect = answered(&mut searches, 1, &answer, &Claims::default(), at(700));
        assert!(
            matches!(
                effect,
                Some(Effect::Settle {
                    state: OpState::Settled(_),
                    ..
                })
            ),
            "{wrong}: {effect:?}"
        );
    }
}

#[test]
fn a_text_may_be_as_young_as_the_loss_of_its_answer() {
    // Its request waited, and so did the whole machine.
    let late = HistoryRow {
        updated_at: at(640),
        ..lost(1, "Hello", pool())
    };
    let none = Claims::default();
    let mut searches = Searches::default();
    searches.row_changed(&late, at(640));
    let effect = answered(&mut searches, 1, &page(vec![], 700), &none, at(700));
    assert_eq!(effect, None, "ten minutes are counted from the loss");
    assert_eq!(
        found(&mut searches, 1, vec![listed(1, "Hello", 641)], &[]),
        Some(1)
    );
}
