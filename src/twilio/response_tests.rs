use super::*;
use crate::domain::message::MessageFilter;
use crate::domain::sid::VerifyServiceSid;
use crate::domain::verification::{AttemptFilter, Recipient, VerificationKey};

const TO: &str = "+14155550123";

fn answer(body: &str) -> Response {
    Response {
        status: 200,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    }
}

#[test]
fn an_answer_about_another_verification_is_none() {
    let (asked, other) = ("1".repeat(32), "2".repeat(32));
    let service: VerifyServiceSid = format!("VA{asked}").parse().unwrap();
    let by_sid = VerificationKey::Sid(format!("VE{asked}").parse().unwrap());
    let by_number = VerificationKey::To(Recipient::Phone(PhoneNumber::from_e164(TO).unwrap()));
    let whole = format!(
        r#"{{"sid":"VE{asked}","service_sid":"VA{asked}","to":"{TO}","status":"approved","valid":true}}"#
    );
    for (from, into, fits_sid, fits_number) in [
        ("", String::new(), true, true),
        (&*format!("VE{asked}"), format!("VE{other}"), false, true),
        (&*format!("VA{asked}"), format!("VA{other}"), false, false),
        (TO, "+14155550199".to_owned(), true, false),
        // Left out, or redacted.
        (TO, String::new(), true, true),
        (TO, "+1415555XXXX".to_owned(), true, true),
        ("true", "false".to_owned(), false, false),
    ] {
        let answer = answer(&whole.replacen(from, &into, 1));
        for (key, fits) in [(&by_sid, fits_sid), (&by_number, fits_number)] {
            let found = verification_of(&service, key)(&answer);
            assert_eq!(found.is_ok(), fits, "{from} {into} {key:?}");
        }
    }
}

#[test]
fn an_answer_about_another_text_is_none() {
    let number = PhoneNumber::from_e164(TO).unwrap();
    let sid = format!("SM{}", "1".repeat(32));
    for (to, fits) in [(TO, true), ("+14155550199", false), ("", true)] {
        let answer = answer(&format!(
            r#"{{"sid":"{sid}","to":"{to}","status":"queued","body":"Hello"}}"#
        ));
        let decode = about(message, |sent: &Message| {
            number.may_be_written(sent.to.raw())
        });
        assert_eq!(decode(&answer).is_ok(), fits, "{to}");
    }
}

#[test]
fn a_list_with_what_was_not_asked_for_is_an_answer_to_another_question() {
    let number = |text: &str| PhoneNumber::from_e164(text).unwrap();
    let (one, other) = ("1".repeat(32), "2".repeat(32));
    let texts = MessageFilter {
        to: Some(number(TO)),
        from: Some(number("+15005550006")),
        ..MessageFilter::default()
    };
    for (to, from, fits) in [
        (TO, "+15005550006", true),
        ("", "", true),
        ("+1415555XXXX", "+15005550006", true),
        ("+14155550199", "+15005550006", false),
        (TO, "+15005550007", false),
    ] {
        let text = format!(r#"{{"sid":"SM{one}","status":"sent","to":"{to}","from":"{from}"}}"#);
        let listed = message(&answer(&text)).unwrap();
        assert_eq!(texts.may_list(&listed), fits, "{to} {from}");
        assert!(MessageFilter::default().may_list(&listed));
    }
    let sends = AttemptFilter {
        service: format!("VA{one}").parse().ok(),
        to: Some(Recipient::Phone(number(TO))),
        ..AttemptFilter::default()
    };
    let of_one = AttemptFilter {
        verification: format!("VE{one}").parse().ok(),
        ..AttemptFilter::default()
    };
    for (service, to, verification, fits, is_of_one) in [
        (&one, TO, &one, true, true),
        (&other, TO, &one, false, true),
        (&one, "+14155550199", &one, false, true),
        (&one, "", &other, true, false),
    ] {
        let list = attempts(&answer(&format!(
            r#"{{"attempts":[{{"sid":"VL{one}","verification_sid":"VE{verification}",
            "service_sid":"VA{service}","channel":"sms","channel_data":{{"to":"{to}"}}}}],
            "meta":{{"next_page_url":null}}}}"#
        )));
        let send = &list.unwrap().items[0];
        assert_eq!(sends.may_list(send), fits, "{service} {to}");
        assert_eq!(of_one.may_list(send), is_of_one, "{verification}");
    }
}

#[test]
fn a_number_may_be_written_in_another_way_in_its_middle() {
    for (asked, answered, may_be) in [
        (TO, TO, true),
        ("+5215512345678", "+525512345678", true),
        ("+5491112345678", "+541112345678", true),
        ("+5511912345678", "+551112345678", true),
        (TO, "+14155550124", false),
        (TO, "+34155550123", false),
        (TO, "14155550123", true),
    ] {
        let asked = PhoneNumber::from_e164(asked).unwrap();
        assert_eq!(asked.may_be_written(answered), may_be, "{answered}");
    }
}
