use proptest::prelude::*;

use super::*;

fn e164(pasted: &str, country: &str) -> Result<String, PhoneProblem> {
    parse(pasted, country).map(|parsed| parsed.number.e164().to_owned())
}

#[test]
fn any_shape_of_a_number_is_read() {
    for (pasted, country, number) in [
        ("+14155550123", "US", "+14155550123"),
        ("415 555 0123", "US", "+14155550123"),
        ("(415) 555-0123\n", "US", "+14155550123"),
        ("1 415.555.0123", "US", "+14155550123"),
        ("tel:+1-415-555-0123", "DE", "+14155550123"),
        ("tel:%2B14155550123", "", "+14155550123"),
        ("tel:555-0123;phone-context=+1-415", "DE", "+14155550123"),
        ("whatsapp:+14155550123", "", "+14155550123"),
        ("+1\u{a0}415\u{2011}555\u{2013}0123", "US", "+14155550123"),
        (
            "\u{202a}+1 (415) 555\u{2010}0123\u{202c}",
            "US",
            "+14155550123",
        ),
        (
            "\u{ff0b}\u{ff11}\u{ff14}\u{ff11}\u{ff15}5550123",
            "",
            "+14155550123",
        ),
        ("٠٧٧٠٠ ٩٠٠١٢٣", "GB", "+447700900123"),
        ("00 44 7700 900123", "US", "+447700900123"),
        ("0044 7700 900123", "FR", "+447700900123"),
        ("011 44 7700 900123", "US", "+447700900123"),
        ("+44 (0)20 7946 0958", "US", "+442079460958"),
        ("0044 (0) 20 7946 0958", "DE", "+442079460958"),
        ("+49 (0)30 901820", "US", "+4930901820"),
        ("030/901820", "DE", "+4930901820"),
        ("+39 06 6982 1234", "US", "+390669821234"),
        ("+39 (0)6 6982 1234", "US", "+390669821234"),
        ("Phone: +1 415 555 0123", "GB", "+14155550123"),
        ("tel4155550123", "US", "+14155550123"),
        (
            "Ada Lovelace, ticket 48213, can be reached at (415) 555-0123.",
            "US",
            "+14155550123",
        ),
        ("ada@example.org or 415 555 0123", "US", "+14155550123"),
        ("+1 415 555 0123 / (415) 555-0123", "US", "+14155550123"),
        ("call me at 4pm on 4155550123", "US", "+14155550123"),
        ("+15005550006", "", "+15005550006"),
        ("+15005550000", "", "+15005550000"),
        ("+15005550009", "", "+15005550009"),
        ("+12125550199", "", "+12125550199"),
    ] {
        assert_eq!(e164(pasted, country).as_deref(), Ok(number), "{pasted:?}");
    }
}

#[test]
fn an_extension_is_kept_apart() {
    for (pasted, extension) in [
        ("+1 415 555 0123 ext 12", Some("12")),
        ("(415) 555-0123 x12", Some("12")),
        ("415-555-0123x12", Some("12")),
        ("415-555-0123, ext. 1234", Some("1234")),
        ("tel:+14155550123;ext=12", Some("12")),
        ("415 555 0123 #7", Some("7")),
        ("415 555 0123 Extension: 44", Some("44")),
        ("415 555 0123 x", None),
        ("415 555 0123", None),
    ] {
        let parsed = parse(pasted, "US").expect(pasted);
        assert_eq!(parsed.number.e164(), "+14155550123", "{pasted}");
        assert_eq!(parsed.extension.as_deref(), extension, "{pasted}");
    }
}

#[test]
fn what_is_no_number_is_named() {
    let letters = |letters: &str| PhoneProblem::Letters {
        letters: letters.to_owned(),
    };
    let us = Some("United States");
    for (pasted, country, problem) in [
        ("", "US", PhoneProblem::Empty),
        (" \n\u{200e}", "US", PhoneProblem::Empty),
        ("hello", "US", PhoneProblem::NoDigits),
        ("https://example.org/4155550100", "US", PhoneProblem::Link),
        ("sip:ada@acme.example", "US", PhoneProblem::Link),
        ("ada99@example.org", "US", PhoneProblem::Email),
        ("4155550123@example.org", "US", PhoneProblem::Email),
        ("1-800-FLOWERS", "US", letters("FLOWERS")),
        ("1 800 FLOWERS", "US", letters("FLOWERS")),
        ("415-55O-0123", "US", letters("O")),
        ("415 55O 0123", "US", letters("O")),
        ("030 9O1 8204567", "DE", letters("O")),
        ("O30 9018204567", "DE", letters("O")),
        ("4155550123abc", "US", letters("abc")),
        ("555 0123", "US", PhoneProblem::TooShort { country: us }),
        ("4", "US", PhoneProblem::TooShort { country: us }),
        (
            "+44 20 79",
            "US",
            PhoneProblem::TooShort {
                country: Some("United Kingdom"),
            },
        ),
        ("415 555 01234", "US", PhoneProblem::TooLong { country: us }),
        (
            "44 7700 900123",
            "US",
            PhoneProblem::TooLong { country: us },
        ),
        (
            "4111 1111 1111 1111 1111 1111 1111",
            "US",
            PhoneProblem::TooLong { country: us },
        ),
        ("+999 415 555 0123", "US", PhoneProblem::UnknownCallingCode),
        (
            "415 555 0123",
            "",
            PhoneProblem::UnknownCountry {
                country: String::new(),
            },
        ),
        (
            "415 555 0123",
            "ZZ",
            PhoneProblem::UnknownCountry {
                country: "ZZ".into(),
            },
        ),
        (
            "415 555 0123",
            "U\x1b",
            PhoneProblem::UnknownCountry {
                country: "U␛".into(),
            },
        ),
    ] {
        assert_eq!(e164(pasted, country), Err(problem), "{pasted:?}");
    }
}

#[test]
fn a_plus_sign_far_from_its_digits_begins_no_number() {
    assert_eq!(
        e164("+((((((((4155550123", "US").as_deref(),
        Ok("+14155550123")
    );
    assert!(e164("+ ( ) ( ) ( ) 1", "US").is_err());
}

#[test]
fn two_numbers_are_both_reported() {
    for pasted in [
        "+1 415 555 0123 or +1 415 555 0161",
        "415-555-0123\n415-555-0161",
        "415 555 0123 / 415 555 0161",
        "415 555 0123, 415 555 0161",
        "415 555 0123 415 555 0161",
        "+14155550123+14155550161",
        "home 415-555-0123 mobile 415-555-0161",
    ] {
        let Err(PhoneProblem::Several(numbers)) = parse(pasted, "US") else {
            panic!("{pasted:?}: {:?}", parse(pasted, "US"));
        };
        let numbers: Vec<&str> = numbers.iter().map(PhoneNumber::e164).collect();
        assert_eq!(numbers, ["+14155550123", "+14155550161"], "{pasted:?}");
    }
}

#[test]
fn a_number_of_the_right_length_in_no_range_is_a_caution() {
    for (pasted, validity) in [
        ("+1 415 555 0123", Validity::Valid),
        ("+1 015 555 0123", Validity::PossibleOnly),
        ("+1 999 155 0123", Validity::PossibleOnly),
        ("+44 7911 123456", Validity::Valid),
        // Set aside for films and plays: no range in use.
        ("+44 7700 900123", Validity::PossibleOnly),
        ("+44 0000 900123", Validity::PossibleOnly),
    ] {
        let parsed = parse(pasted, "US");
        assert_eq!(
            parsed.map(|parsed| parsed.validity),
            Ok(validity),
            "{pasted}"
        );
    }
}

#[test]
fn typing_is_not_called_wrong_before_it_is() {
    fn word(progress: &Progress) -> &'static str {
        match progress {
            Progress::Empty => "empty",
            Progress::Short => "short",
            Progress::Complete(_) => "complete",
            Progress::Wrong(_) => "wrong",
        }
    }
    for (typed, expected) in [
        ("", "empty"),
        (" ", "empty"),
        ("+", "short"),
        ("(", "short"),
        ("4", "short"),
        ("(415) 5", "short"),
        ("415 555 012", "short"),
        ("415 555 0123", "complete"),
        ("415 555 0123 x", "complete"),
        ("415 555 01234", "wrong"),
        ("+9", "short"),
        ("+99", "short"),
        ("+999", "wrong"),
        ("+44", "short"),
        ("+44 7700 9", "short"),
        ("+44 7700 900", "complete"),
        ("+44 7700 900123", "complete"),
        ("abc", "wrong"),
    ] {
        assert_eq!(word(&progress(typed, "US")), expected, "{typed:?}");
    }
}

#[test]
fn every_problem_is_one_sentence_without_the_number() {
    let two = parse("+14155550123 +14155550161", "US").expect_err("two numbers");
    assert_eq!(
        two.to_string(),
        "there are 2 numbers in this, ending 23, 61: choose one"
    );
    let short = parse("555 0123", "US").expect_err("too short");
    assert_eq!(
        short.to_string(),
        "this is too short for a phone number (United States): look for missing digits, such as the area code"
    );
    assert!(!format!("{two:?}").contains("5550123"));
}

proptest! {
    #[test]
    fn no_paste_can_take_us_down(text in any::<String>(), country in "[A-Z]{0,3}") {
        let _ = parse(&text, &country);
        let _ = progress(&text, &country);
    }

    #[test]
    fn no_heap_of_signs_can_take_us_down(text in "[+0-9 ()/.;x#eEtT=\\-\n@%٠-٩]{0,40}", country in "US|DE|GB|IT|BR|AR|JP|XX|") {
        if let Ok(parsed) = parse(&text, &country) {
            let again = parse(parsed.number.e164(), "");
            prop_assert_eq!(again.map(|again| again.number), Ok(parsed.number));
        }
    }

    #[test]
    fn grouping_and_spelling_do_not_change_the_number(area in "2[0-9]{2}", rest in "[2-9][0-9]{6}") {
        let plain = format!("+1{area}{rest}");
        for shape in [
            format!("({area}) {}-{}", &rest[..3], &rest[3..]),
            format!("1.{area}.{}.{}", &rest[..3], &rest[3..]),
            format!("Phone: 1 {area} {rest}\r\n"),
            format!("\u{200e}{area}\u{a0}{rest}\u{200f} ext 9"),
        ] {
            prop_assert_eq!(e164(&shape, "US"), Ok(plain.clone()), "{}", shape);
        }
    }

    // All letters but x, which announces an extension wherever it stands.
    #[test]
    fn a_letter_for_a_digit_never_leads_to_another_number(
        shape in prop::sample::select(vec!["415-555-0123", "+1 415 555 0123", "(415) 555-0123", "4155550123", "0171 2345678901", "+49 30 12345678", "030/12345678"]),
        country in "US|DE",
        letter in prop::sample::select(vec!['O', 'o', 'l', 'I', 'S', 'B']),
        at in 0_usize..15,
    ) {
        let mut signs: Vec<char> = shape.chars().collect();
        let digits: Vec<usize> = (0..signs.len()).filter(|&at| signs[at].is_ascii_digit()).collect();
        let at = digits[at % digits.len()];
        let right = parse(shape, &country).ok().map(|parsed| parsed.number);
        signs[at] = letter;
        let text: String = signs.into_iter().collect();
        if let Ok(parsed) = parse(&text, &country) {
            prop_assert_eq!(Some(parsed.number), right, "{}", text);
        }
    }
}
