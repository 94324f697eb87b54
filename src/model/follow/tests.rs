use super::*;
use crate::domain::message::ListPage;
use crate::domain::{Intent, MessageStatus, NewMessage, Operation, PhoneNumber, Sender};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

/// A text that is on its way.
fn on_its_way(seq: u32) -> HistoryRow {
    let number = |e164| PhoneNumber::from_e164(e164).unwrap();
    let sender = Sender::Number(number("+15005550006"));
    HistoryRow {
        row: seq.into(),
        operation: Operation {
            id: OpId { session: 1, seq },
            intent: Intent::Text(NewMessage::new(number("+14155550123"), sender, "Hi")),
            at: at(0),
            account: None,
            home: None,
            ticket: None,
            agent: None,
            skew_seconds: None,
        },
        state: OpState::Settled(Settled::Text {
            sid: format!("SM{seq:032x}").parse().unwrap(),
            status: MessageStatus::Sent,
            error_code: None,
            segments: Some(1),
        }),
        updated_at: at(0),
        audit: None,
    }
}

/// A page on which none of ours is: there are too many newer ones.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is what a call comes back with"
)]
fn others() -> Result<Box<Answer>, Failure> {
    Ok(Box::new(Answer {
        reply: Reply::Messages(ListPage {
            items: Vec::new(),
            next: None,
        }),
        request_id: None,
        date: None,
    }))
}

#[test]
fn what_is_not_on_the_page_is_fetched_by_itself_each_in_its_turn() {
    let mut follow = Follow::default();
    for seq in 1..=5 {
        follow.row_changed(&on_its_way(seq), at(0));
    }
    let mut asked = Vec::new();
    for _ in 0..5 {
        let now = follow.deadline().unwrap();
        assert_eq!(
            follow.woke(now, &Skews::default()).len(),
            1,
            "one list for all"
        );
        let singles = follow.messages(&others(), now);
        assert_eq!(singles.len(), SINGLY);
        asked.extend(singles.iter().map(|effect| match effect {
            Effect::Call {
                ask: Ask::Message(op),
                ..
            } => op.seq,
            effect => panic!("{effect:?}"),
        }));
    }
    assert_eq!(asked, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
    // One that Twilio has no more gives its turn to the others.
    let gone = Failure {
        status: Some(404),
        ..Failure::new(FailureKind::NotFound, "not there")
    };
    follow.message(OpId { session: 1, seq: 2 }, &Err(gone));
    let now = follow.deadline().unwrap();
    follow.woke(now, &Skews::default());
    let singles = follow.messages(&others(), now);
    assert!(
        singles.iter().all(
            |effect| !matches!(effect, Effect::Call { ask: Ask::Message(op), .. } if op.seq == 2)
        ),
        "{singles:?}"
    );
}

#[test]
fn a_storm_of_429_doubles_the_gap_and_f5_does_not_shorten_it() {
    let mut follow = Follow::default();
    follow.row_changed(&on_its_way(1), at(0));
    let busy = Err(Failure::new(FailureKind::RateLimit, "too fast"));
    let mut gaps = Vec::new();
    for _ in 0..6 {
        let now = follow.deadline().unwrap();
        follow.woke(now, &Skews::default());
        follow.messages(&busy, now);
        let due = follow.deadline().unwrap();
        follow.ask_now(now);
        assert_eq!(follow.deadline(), Some(due));
        gaps.push(due.duration_since(now).as_secs());
    }
    assert_eq!(gaps, [6, 20, 80, 480, 960, 960]);
    let now = follow.deadline().unwrap();
    follow.woke(now, &Skews::default());
    follow.messages(&others(), now);
    let due = follow.deadline().unwrap();
    assert_eq!(due.duration_since(now).as_secs(), 60, "it is over");
}
