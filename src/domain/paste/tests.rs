use proptest::prelude::*;

use super::*;

const HEX: &str = "0123456789abcdef0123456789abcdef";
const TOKEN_TEXT: &str = "fedcba9876543210fedcba9876543210";
const SECRET_TEXT: &str = "Zx9QwErTy1UiOpAsDfGhJkLzXcVbNm42";

fn sid(kind: &str) -> String {
    format!("{kind}{HEX}")
}

/// What was found, in the order account, key, secret, token, Verify, Messaging, number.
fn summary(found: &Pasted) -> String {
    let mut parts = Vec::new();
    let mut add = |name: &str, value: Option<&str>, right: &str| {
        if let Some(value) = value {
            parts.push(if value == right {
                name.to_owned()
            } else {
                format!("{name}?")
            });
        }
    };
    let text = |secret: &Option<Secret>| secret.as_ref().map(|s| s.expose().to_owned());
    add(
        "AC",
        found.account_sid.as_ref().map(AccountSid::as_str),
        &sid("AC"),
    );
    add(
        "SK",
        found.key_sid.as_ref().map(ApiKeySid::as_str),
        &sid("SK"),
    );
    add("secret", text(&found.secret).as_deref(), SECRET_TEXT);
    add("token", text(&found.token).as_deref(), TOKEN_TEXT);
    add(
        "VA",
        found.verify_service.as_ref().map(VerifyServiceSid::as_str),
        &sid("VA"),
    );
    add(
        "MG",
        found
            .messaging_service
            .as_ref()
            .map(MessagingServiceSid::as_str),
        &sid("MG"),
    );
    add(
        "from",
        found.from_number.as_ref().map(PhoneNumber::e164),
        "+14155550123",
    );
    parts.join(" ")
}

/// Fills the marks of a template with values.
fn fill(template: &str) -> String {
    [
        ("<AC>", sid("AC")),
        ("<SK>", sid("SK")),
        ("<VA>", sid("VA")),
        ("<MG>", sid("MG")),
        ("<token>", TOKEN_TEXT.to_owned()),
        ("<secret>", SECRET_TEXT.to_owned()),
    ]
    .iter()
    .fold(template.to_owned(), |text, (mark, value)| {
        text.replace(mark, value)
    })
}

#[test]
fn credentials_are_found_in_any_text() {
    let all = "AC SK secret token VA MG from";
    for (template, expected) in [
        (
            "TWILIO_ACCOUNT_SID=<AC>\nTWILIO_API_KEY=<SK>\nTWILIO_API_SECRET=<secret>\n\
             TWILIO_AUTH_TOKEN=<token>\nTWILIO_VERIFY_SERVICE_SID=<VA>\n\
             TWILIO_MESSAGING_SERVICE_SID=<MG>\nTWILIO_FROM_NUMBER=+14155550123\n",
            all,
        ),
        (
            "export TWILIO_ACCOUNT_SID=\"<AC>\"\r\nexport TWILIO_API_KEY='<SK>'\r\n\
             export TWILIO_API_SECRET='<secret>'\r\n",
            "AC SK secret",
        ),
        (
            r#"{"url":"http://127.0.0.1:8080","account_sid":"<AC>","auth_token":"<token>","api_key":"<SK>",
               "api_secret":"<secret>","verify_service_sid":"<VA>","messaging_service_sid":"<MG>",
               "from_number":"+14155550123"}"#,
            all,
        ),
        (
            "Account SID\n<AC>\nAuth Token\n<token>\nMy Twilio phone number\n+1 (415) 555-0123",
            "AC token from",
        ),
        (
            "Hi! The account is <AC>, the key <SK> and its secret is <secret>. Thanks",
            "AC SK secret",
        ),
        ("<AC> <token>", "AC token"),
        ("<AC> <SK> <secret>", "AC SK secret"),
        ("<AC> <SK> <secret> <token>", "AC SK secret token"),
        ("<token>", "token"),
        ("<secret>", "secret"),
        ("text us at +14155550123", "from"),
        ("to +14155550199 from +14155550123", "from"),
        ("nothing of use, SM0123456789abcdef0123456789abcdef", ""),
        ("supercalifragilisticexpialidocio", ""),
        ("", ""),
    ] {
        let found = Pasted::find(&fill(template));
        assert_eq!(summary(&found), expected, "{template}");
        assert_eq!(found.doubts, [], "{template}");
        assert_eq!(found.is_empty(), expected.is_empty(), "{template}");
    }
}

#[test]
fn labels_decide_where_the_shape_does_not() {
    let found = Pasted::find(&format!("key {} secret {TOKEN_TEXT}", sid("SK")));
    assert_eq!(found.secret, Some(Secret::new(TOKEN_TEXT)));
    assert_eq!(found.token, None);

    let found = Pasted::find(&format!("\"auth_token\": \"{SECRET_TEXT}\""));
    assert_eq!(found.token, Some(Secret::new(SECRET_TEXT)));
    assert_eq!(found.secret, None);
}

#[test]
fn two_readings_are_reported_and_none_is_taken() {
    let other = "AC00000000000000000000000000000000";
    for (text, doubt, left) in [
        (
            fill(&format!("<SK> <token> {HEX}")),
            Doubt::TokenOrSecret,
            "SK",
        ),
        (
            fill(&format!("<AC> {other} <secret>")),
            Doubt::Several(ACCOUNT),
            "secret",
        ),
        (
            fill(&format!("Auth Token <token> Auth Token {HEX}")),
            Doubt::Several(TOKEN),
            "",
        ),
        (
            "+14155550123 +14155550161".to_owned(),
            Doubt::Several(NUMBER),
            "",
        ),
    ] {
        let found = Pasted::find(&text);
        assert_eq!(found.doubts, [doubt], "{text}");
        assert_eq!(summary(&found), left, "{text}");
    }
}

#[test]
fn the_only_value_beside_a_key_is_its_secret_whatever_its_shape() {
    for text in ["<AC> <SK> <token> <VA>", "<token> <VA> <SK> <AC>"] {
        let found = Pasted::find(&fill(text));
        assert_eq!(found.secret, Some(Secret::new(TOKEN_TEXT)), "{text}");
        assert_eq!((found.token, found.doubts), (None, Vec::new()), "{text}");
    }
    // Where the token is named, or the secret tells itself, the other one is the other.
    let found = Pasted::find(&fill(&format!("<SK> Auth Token <token> {HEX}")));
    assert_eq!(found.secret, Some(Secret::new(HEX)));
    assert_eq!(found.token, Some(Secret::new(TOKEN_TEXT)));
}

#[test]
fn the_same_value_twice_is_one_value() {
    let found = Pasted::find(&fill("<AC> <AC> token <token> <token>"));
    assert_eq!(
        (summary(&found).as_str(), found.doubts.len()),
        ("AC token", 0)
    );
}

#[test]
fn debug_shows_nothing_of_the_secrets() {
    let found = Pasted::find(&fill("<AC> <SK> <secret> token <token>"));
    let debug = format!("{found:?} {found:#?}");
    assert!(
        !debug.contains(SECRET_TEXT) && !debug.contains(TOKEN_TEXT),
        "{debug}"
    );
}

proptest! {
    #[test]
    fn no_paste_can_take_us_down(text in any::<String>()) {
        let _ = Pasted::find(&text);
        let _ = find_code(&text, 6);
    }
}
