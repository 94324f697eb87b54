//! Texts: what is refused, how they move on, how they are listed and changed.

use serde_json::{Value, json};

use crate::support::Caller;
use crate::{ADA, sid, verdict};

/// Recipient, fields in place of the usual ones, and status and code of the answer.
type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, (u16, u64));

#[test]
fn a_text_is_refused_for_what_is_wrong_with_it() {
    let service = Caller::new("happy")
        .world
        .credentials()
        .messaging_service_sid
        .clone();
    let unknown = format!("MG{}", "0".repeat(32));
    let long = "x".repeat(1601);
    let emoji = "\u{1f600}".repeat(801);
    let most = "x".repeat(1600);
    let served = [("From", ""), ("MessagingServiceSid", service.as_str())];
    let at = |text: &'static str| {
        [
            served.as_slice(),
            &[("ScheduleType", "fixed"), ("SendAt", text)],
        ]
        .concat()
    };
    let cases: Vec<Case> = vec![
        ("", vec![], (400, 21604)),
        ("+1415", vec![], (400, 21211)),
        ("4155550100", vec![], (400, 21211)),
        ("12345", vec![], (400, 21265)),
        ("whatsapp:+14155550100", vec![], (400, 21612)),
        ("+15005550001", vec![], (400, 21211)),
        ("+15005550002", vec![], (400, 21612)),
        ("+15005550003", vec![], (400, 21408)),
        ("+15005550004", vec![], (400, 21610)),
        ("+15005550009", vec![], (400, 21614)),
        ("+14155550110", vec![], (400, 21610)),
        ("+85021234567", vec![], (400, 21408)),
        ("+12025550142", vec![], (400, 21266)),
        (ADA, vec![("From", "")], (400, 21603)),
        (ADA, vec![("From", "+15005550001")], (400, 21212)),
        (ADA, vec![("From", "+15005550007")], (400, 21606)),
        (ADA, vec![("From", "+15005550008")], (429, 21611)),
        (ADA, vec![("From", "+15005550006")], (201, 0)),
        (ADA, vec![("From", "+14155550199")], (400, 21659)),
        (ADA, vec![("From", "+13125550164")], (400, 21606)),
        (ADA, vec![("From", "not/a/name")], (400, 21212)),
        (ADA, vec![("From", "Acme")], (400, 21612)),
        ("+447700900123", vec![("From", "Acme")], (201, 0)),
        (ADA, vec![("Body", "")], (400, 21602)),
        (ADA, vec![("Body", &long)], (400, 21617)),
        (ADA, vec![("Body", &emoji)], (400, 21617)),
        (ADA, vec![("Body", &most)], (201, 0)),
        (ADA, vec![("MediaUrl", "file:///etc/passwd")], (400, 21620)),
        (ADA, vec![("ContentVariables", "{}")], (400, 21654)),
        (ADA, vec![("ValidityPeriod", "0")], (400, 21624)),
        (ADA, vec![("ValidityPeriod", "36001")], (400, 21624)),
        (ADA, vec![("ValidityPeriod", "36000")], (201, 0)),
        (
            ADA,
            vec![("From", ""), ("MessagingServiceSid", "MG1")],
            (400, 21705),
        ),
        (
            ADA,
            vec![("From", ""), ("MessagingServiceSid", &unknown)],
            (404, 21701),
        ),
        (ADA, served.to_vec(), (201, 0)),
        (ADA, vec![("From", &service)], (201, 0)),
        (ADA, vec![("ScheduleType", "soon")], (400, 35126)),
        (ADA, vec![("ScheduleType", "fixed")], (400, 35118)),
        (
            ADA,
            [served.as_slice(), &[("ScheduleType", "fixed")]].concat(),
            (400, 35111),
        ),
        (ADA, at("tomorrow"), (400, 35114)),
        (ADA, at("2026-03-04T05:11:07Z"), (400, 35117)),
        (ADA, at("2026-03-04T05:11:08Z"), (201, 0)),
        (ADA, at("2026-04-08T05:06:07Z"), (201, 0)),
        (ADA, at("2026-04-08T05:06:08Z"), (400, 35117)),
    ];
    for (to, more, expected) in cases {
        let mut caller = Caller::new("happy");
        let answer = caller.send(to, &more);
        let more: Vec<_> = more
            .iter()
            .map(|(name, value)| (name, value.len()))
            .collect();
        assert_eq!(verdict(&answer), expected, "{to} {more:?}");
    }
}

#[test]
fn a_text_moves_on_with_time_and_never_back() {
    for (to, more, steps) in [
        (
            ADA,
            vec![],
            vec![
                (0.0, "queued"),
                (0.5, "sending"),
                (1.0, "sent"),
                (3.0, "delivered"),
            ],
        ),
        (
            "+14155550105",
            vec![],
            vec![(2.9, "sent"), (3.0, "undelivered")],
        ),
        (
            "+14155550107",
            vec![],
            vec![(1.0, "sent"), (90_000.0, "sent")],
        ),
        (
            "+14155550112",
            vec![],
            vec![(0.5, "sending"), (0.8, "failed")],
        ),
        (
            "+14155550116",
            vec![("ValidityPeriod", "60")],
            vec![(59.0, "queued"), (60.0, "failed")],
        ),
        (
            "+14155550116",
            vec![],
            vec![(119.0, "queued"), (123.0, "delivered")],
        ),
    ] {
        let mut caller = Caller::new("happy");
        let message = caller.send(to, &more).1;
        let path = caller.account(&format!("/Messages/{}.json", sid(&message)));
        let mut passed = 0.0;
        for (at, status) in steps {
            caller.wait(at - passed);
            passed = at;
            assert_eq!(caller.get(&path).1["status"], status, "{to} after {at} s");
        }
    }
}

#[test]
fn a_service_picks_the_sender_a_moment_later() {
    let mut caller = Caller::new("happy");
    let service = caller.world.credentials().messaging_service_sid.clone();
    let message = caller
        .send(ADA, &[("From", ""), ("MessagingServiceSid", &service)])
        .1;
    assert_eq!(message["status"], "accepted");
    assert_eq!(
        (&message["from"], &message["num_segments"]),
        (&Value::Null, &json!("0"))
    );
    caller.wait(0.5);
    let path = caller.account(&format!("/Messages/{}.json", sid(&message)));
    let later = caller.get(&path).1;
    assert_eq!(later["status"], "queued");
    assert_eq!(
        (&later["from"], &later["num_segments"]),
        (&json!("+12025550142"), &json!("1"))
    );
}

#[test]
fn error_and_price_come_when_they_are_known() {
    let mut caller = Caller::new("happy");
    let lost = caller.send("+14155550105", &[]).1;
    let failed = caller.send("+14155550112", &[]).1;
    assert_eq!(
        (&lost["error_code"], &lost["price"]),
        (&Value::Null, &Value::Null)
    );
    caller.wait(10.0);
    let path =
        |caller: &Caller, message| caller.account(&format!("/Messages/{}.json", sid(message)));
    let (lost, failed) = (path(&caller, &lost), path(&caller, &failed));
    let lost = caller.get(&lost).1;
    assert_eq!(
        (&lost["error_code"], &lost["price"]),
        (&json!(30003), &json!("-0.00830"))
    );
    let failed = caller.get(&failed).1;
    assert_eq!(
        (&failed["error_code"], &failed["price"]),
        (&json!(30001), &Value::Null)
    );
}

#[test]
fn what_is_scheduled_can_be_withdrawn_until_it_leaves() {
    let mut caller = Caller::new("happy");
    let service = caller.world.credentials().messaging_service_sid.clone();
    let fields = [
        ("From", ""),
        ("MessagingServiceSid", service.as_str()),
        ("ScheduleType", "fixed"),
        ("SendAt", "2026-03-04T06:00:00Z"),
    ];
    let (first, second) = (caller.send(ADA, &fields).1, caller.send(ADA, &fields).1);
    assert_eq!(first["status"], "scheduled");
    let path =
        |caller: &Caller, message| caller.account(&format!("/Messages/{}.json", sid(message)));
    let (first, second) = (path(&caller, &first), path(&caller, &second));
    assert_eq!(
        caller.post(&first, &[("Status", "canceled")]).1["status"],
        "canceled"
    );
    caller.wait(3600.0);
    assert_eq!(
        verdict(&caller.post(&second, &[("Status", "canceled")])),
        (409, 30409)
    );
    assert_eq!(caller.get(&first).1["status"], "canceled");
    assert_eq!(caller.world.phone(ADA).count(), 1, "only one of both left");
}

#[test]
fn a_text_can_be_emptied_and_once_finished_removed() {
    let mut caller = Caller::new("happy");
    let message = caller.send(ADA, &[]).1;
    let path = caller.account(&format!("/Messages/{}.json", sid(&message)));
    assert_eq!(verdict(&caller.delete(&path)), (409, 20009));
    caller.wait(5.0);
    assert_eq!(
        verdict(&caller.post(&path, &[("Body", "other")])),
        (422, 20422)
    );
    assert_eq!(caller.post(&path, &[("Body", "")]).1["body"], "");
    assert_eq!(caller.delete(&path).0, 204);
    assert_eq!(verdict(&caller.get(&path)), (404, 20404));
}

#[test]
fn lists_are_newest_first_and_filtered() {
    let mut caller = Caller::new("happy");
    for (to, body) in [(ADA, "one"), ("+14155550103", "two"), (ADA, "three")] {
        caller.send(to, &[("Body", body)]);
        caller.wait(60.0);
    }
    caller.send(ADA, &[("Body", "four")]);
    let list = caller.account("/Messages.json");
    for (query, bodies) in [
        ("", vec!["four", "three", "two", "one"]),
        ("To=%2B14155550100", vec!["four", "three", "one"]),
        ("From=%2B15005550006", vec![]),
        ("DateSent%3E=2026-03-04T05:07:00Z", vec!["three", "two"]),
        ("DateSent%3C=2026-03-04T05:07:10Z", vec!["two", "one"]),
        ("DateSent=2026-03-04", vec!["three", "two", "one"]),
        ("DateSent=2026-03-05", vec![]),
        ("DateSent=whenever", vec!["four", "three", "two", "one"]),
    ] {
        let page = caller.get(&format!("{list}?{query}")).1;
        let found: Vec<_> = page["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| &m["body"])
            .collect();
        assert_eq!(found, bodies, "{query}");
    }
    let mut next = Some(format!("{list}?PageSize=3"));
    let mut all = Vec::new();
    while let Some(link) = next {
        let page = caller.get(&link).1;
        all.extend(
            page["messages"]
                .as_array()
                .unwrap()
                .iter()
                .map(|m| m["body"].clone()),
        );
        next = page["next_page_uri"].as_str().map(str::to_owned);
    }
    assert_eq!(all, ["four", "three", "two", "one"]);
}
