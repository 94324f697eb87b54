//! Input to begin with, made of what lies in the repository and of what the simulator answers: one list for
//! each law, by the same name. It is small, and the same on each run.

use tuilio::domain::{Secret, Timestamp};
use tuilio::simulator::{Fate, Scene, World, host};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request};

use super::answers::DECODERS;
use super::chars::HOSTILE;
use super::tape::Recording;

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

pub fn cleaning() -> Vec<Vec<u8>> {
    texts(HOSTILE)
}

pub fn exports() -> Vec<Vec<u8>> {
    let record = |text: &&str| {
        Recording::default()
            .text("48213")
            .text(text)
            .text("ACME")
            .rest(text)
    };
    HOSTILE.iter().map(record).collect()
}

pub fn cells() -> Vec<Vec<u8>> {
    let record = |text: &&str| Recording::default().byte(12).byte(7).rest(text);
    HOSTILE.iter().map(record).collect()
}

pub fn segments() -> Vec<Vec<u8>> {
    let mut seeds = texts(HOSTILE);
    seeds.push("x".repeat(161).into_bytes());
    seeds.push("^€[]{}~|\\".repeat(20).into_bytes());
    seeds.push("“Hello” – it’s me…".repeat(5).into_bytes());
    seeds
}

/// A decoder by its place, and what it was answered.
pub type Recorded = (usize, Vec<u8>);

/// A decoder by its name, and what it is asked for.
type Asked<'a> = (&'a str, Method, String, &'a [(&'a str, &'a str)]);

/// Every kind of answer, as the simulator gives it.
pub fn recorded() -> Vec<Recorded> {
    let start: Timestamp = "2026-03-04T14:00:00Z".parse().unwrap();
    let mut world = World::new(7, Scene::named("happy").unwrap(), start);
    let credentials = world.credentials().clone();
    let (ac, va) = (&credentials.account_sid, &credentials.verify_service_sid);
    let account = format!("/2010-04-01/Accounts/{ac}");
    let service = format!("/v2/Services/{va}");
    let to = "+14155550100";
    let text = [
        ("To", to),
        ("From", credentials.from_number.as_str()),
        ("Body", "Hello 👋"),
    ];
    let started = [("To", to), ("Channel", "sms")];
    let checked = [("To", to), ("Code", "000000")];
    let list: Vec<Asked<'_>> = vec![
        (
            "message",
            Method::Post,
            format!("{account}/Messages.json"),
            &text,
        ),
        (
            "messages",
            Method::Get,
            format!("{account}/Messages.json"),
            &[],
        ),
        (
            "verification",
            Method::Post,
            format!("{service}/Verifications"),
            &started,
        ),
        (
            "verification",
            Method::Get,
            format!("{service}/Verifications/{to}"),
            &[],
        ),
        (
            "verification",
            Method::Post,
            format!("{service}/VerificationCheck"),
            &checked,
        ),
        ("attempts", Method::Get, "/v2/Attempts".to_owned(), &[]),
        (
            "attempt_summary",
            Method::Get,
            "/v2/Attempts/Summary".to_owned(),
            &[],
        ),
        ("verify_service", Method::Get, service.clone(), &[]),
        (
            "verify_services",
            Method::Get,
            "/v2/Services".to_owned(),
            &[],
        ),
        ("lookup", Method::Get, format!("/v2/PhoneNumbers/{to}"), &[]),
        ("account", Method::Get, format!("{account}.json"), &[]),
        (
            "balance",
            Method::Get,
            format!("{account}/Balance.json"),
            &[],
        ),
        (
            "numbers",
            Method::Get,
            format!("{account}/IncomingPhoneNumbers.json"),
            &[],
        ),
        (
            "messaging_services",
            Method::Get,
            "/v1/Services".to_owned(),
            &[],
        ),
        // Error answers.
        (
            "message",
            Method::Post,
            format!("{account}/Messages.json"),
            &[("To", "x")],
        ),
        (
            "verification",
            Method::Post,
            format!("{service}/Verifications"),
            &[("To", "+1")],
        ),
    ];
    list.into_iter()
        .map(|(name, method, path, form)| {
            let request = Request {
                method,
                host: host(&path).unwrap_or(Host::Api),
                path,
                query: Vec::new(),
                form: form
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                auth: Some(BasicAuth {
                    username: ac.clone(),
                    password: Secret::new(credentials.auth_token.expose()),
                }),
            };
            let Fate::Answer { response, .. } = world.handle(start, &request) else {
                panic!("nobody planted a fault")
            };
            let decoder = DECODERS
                .iter()
                .position(|(known, _)| *known == name)
                .unwrap();
            (decoder, response.body)
        })
        .collect()
}

pub fn answers() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = recorded()
        .into_iter()
        .map(|(decoder, body)| {
            Recording::default()
                .byte(decoder as u8)
                .byte(0)
                .byte(9)
                .rest(body)
        })
        .collect();
    for (status, body) in [
        (8, &br#"{"code":21211,"message":"Invalid 'To' +14155550123 ada@example.org","more_info":"x","status":400}"#[..]),
        (8, br#"{"type":"about:blank","title":"Forbidden","status":403,"code":70051,"detail":"\u001b[2J\u202e"}"#),
        (14, b"<html>bad gateway</html>"),
        (0, br#"{"sid":"SM00000000000000000000000000000001","status":"sent\u200d","price":-1e308}"#),
    ] {
        seeds.push(Recording::default().byte(0).byte(status).byte(9).rest(body));
    }
    seeds
}

pub fn outcomes() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (at, (_, body)) in recorded().into_iter().enumerate() {
        for status in [0, 8, 11, 14] {
            seeds.push(
                Recording::default()
                    .byte(at as u8)
                    .byte(0)
                    .byte(status)
                    .text("Wed, 04 Mar 2026 14:00:00 GMT")
                    .text("2")
                    .text("RQ0123456789")
                    .text("application/json")
                    .rest(&body),
            );
        }
    }
    seeds
}

pub fn addresses() -> Vec<Vec<u8>> {
    texts(&[
        "https://gateway.example:8443",
        "http://127.0.0.1:4010/",
        "http://[::1]:4010",
        "http://localhost",
        "http://0x7f.1",
        "https://user:pass@api.twilio.com",
        "https://api.twilio.com@evil.example",
        "http://localhost.evil.example",
        "https://例え.jp",
        "ie1 dublin",
        "au1 sydney.evil.example/#",
    ])
}

pub fn phone() -> Vec<Vec<u8>> {
    let numbers = [
        "+1 415 555 0123",
        "(415) 555-0123 ext. 12",
        "tel:+1-415-555-0123;ext=12",
        "0049 (0) 151 1234567",
        "٠١٢٣٤٥٦٧٨٩",
        "+44\u{200b}7700\u{2011}900117",
        "4155550123 / 4155550124",
        "415 55O 0123",
        "Call +39 06 1234 5678 or +39 06 1234 5679",
        "ada@example.org",
        "1-800-FLOWERS",
        "+999 123",
        "＋１４１５５５５０１２３",
        "%2B14155550123",
        "555-0123;phone-context=+1-415",
        "++++1",
        "0000000000000000000000000000000000000000",
        "112",
        "+1",
    ];
    (0..3)
        .flat_map(|country| numbers.map(|number| Recording::default().byte(country).rest(number)))
        .collect()
}

pub fn keys_in_a_paste() -> Vec<Vec<u8>> {
    let (hex, rich) = ("0123456789abcdef".repeat(2), "aB3dE5gH".repeat(4));
    [
        format!("Account SID: AC{hex}\nAuth Token: {hex}"),
        format!("export TWILIO_API_KEY=SK{hex}\nexport TWILIO_API_SECRET={rich}\nTWILIO_ACCOUNT_SID=AC{hex}"),
        format!("{{\"sid\":\"SK{hex}\",\"secret\":\"{rich}\",\"service\":\"VA{hex}\",\"from\":\"+14155550123\"}}"),
        format!("{hex} {rich} MG{hex} +1 (415) 555-0123 from +14155550124"),
        format!("token {hex}\nsecret {hex}"),
    ]
    .map(String::into_bytes)
    .into()
}

pub fn code_in_a_paste() -> Vec<Vec<u8>> {
    [
        "Your Acme code is 482 913, good for 10 minutes.",
        "482913",
        "4-8-2-9-1-3",
        "G-482913",
        "４８２９１３",
        "482913 or 482914",
        "a1b2c3",
        "123456 10:30 2026-03-04",
        "١٢٣٤٥٦",
    ]
    .map(|text| Recording::default().byte(2).rest(text))
    .into()
}

pub fn words() -> Vec<Vec<u8>> {
    let mut seeds = texts(&[
        "48213",
        "ACME-48213",
        " a  b\tc ",
        "ada@example.org",
        "a\u{202e}da@example.org",
        "ada@exam\u{200b}ple.org",
        "ada\u{200d}@example.org",
        "SM00000000000000000000000000000001",
        "SMé0000000000000000000000000000000",
    ]);
    seeds.extend(texts(HOSTILE));
    seeds
}

const CONFIG: &str = r#"# settings
active = "work"
default_country = "DE"
language = "de"
customer_language = "es"
agent = "desk-7"
theme = "dark"
mouse = false
bell = true
links = false
reduced_motion = true
ascii = true
auto_check = false
retention_days = 30

[keys]
call_instead = ["k", "F11"]

[keys.code]
send_again = "a"

[profiles.work]
account_sid = "AC00000000000000000000000000000001"
account_name = "Acme \"Support\""
key_sid = "SK00000000000000000000000000000001"
origin = "twilio"
region = "ie1"
verify_service = { sid = "VA00000000000000000000000000000001", name = "Acme" }
sender = { number = "+14155550123" }
"#;

pub fn config() -> Vec<Vec<u8>> {
    texts(&[
        CONFIG,
        "auth_token = \"hunter2hunter2\"\n",
        "\"\\u001b[2J\\u202e\" = 1\n",
        "[keys]\n\"\\u001b[2J\" = \"k\"\n",
        "[keys]\ncall_instead = \"\\u001b\"\n",
        "[profiles.\"\\u202e\"]\norigin = \"twilio\"\n",
        "active = \"hunter2hunter2\n",
        "a = 1\na = 2\n",
        "retention_days = -1\n",
    ])
}

const POLICY: &str = r#"mode = "trainee"
countries = ["US", "DE"]
channels = ["sms", "call"]
senders = ["+14155550123", "ACME"]
services = ["VA00000000000000000000000000000001"]
templates_only = true
ticket_required = true
texts_a_day = 100
verifications_a_day = 100
quiet_hours = { from = "21:00", to = "08:00", then = "refuse" }
retention_days = 30
idle_lock_minutes = 10
hold_seconds = 5
auto_check = false
mask_on_focus_loss = true
reveal = false
paid_lookup = false
"#;

pub fn policy() -> Vec<Vec<u8>> {
    let mut seeds = texts(&[
        POLICY,
        "reveal = maybe\n",
        "mode = \"hunter2hunter2\"\n",
        "\"\\u001b[2J\\u202e\" = 1\n",
        "quiet_hours = { from = \"25:00\" }\n",
    ]);
    // Each line by itself, so that one unknown rule does not hide the others.
    seeds.extend(POLICY.lines().map(|line| line.as_bytes().to_vec()));
    seeds
}

pub fn chord() -> Vec<Vec<u8>> {
    texts(&[
        "Ctrl-K",
        "Alt-Ctrl-k",
        "Ctrl-Alt-K",
        "Alt-Alt-x",
        "Ctrl- ",
        "Space",
        "F12",
        "F255",
        "Shift-Tab",
        "Alt-Enter",
        "é",
        "Ctrl-É",
        "\u{1b}",
        "\u{202e}",
        "Ctrl-\u{9b}",
        "Alt-\u{200b}",
        "\u{301}",
        "F",
        "F0",
        "Alt-F4",
        "İ",
        "Ctrl-ß",
        "Alt-Space",
        "-",
        "Ctrl--",
    ])
}

pub fn theme() -> Vec<Vec<u8>> {
    let mut seeds = texts(&[
        include_str!("../../../assets/themes/dark.toml"),
        include_str!("../../../assets/themes/terminal.toml"),
        include_str!("../../../assets/themes/colorblind.toml"),
        "done = { color = \"reddish\" }\n",
        "\"\\u001b[2J\\u202e\" = {}\n",
        "plain = { color = \"255\", background = \"#ffffff\", bold = true }\n",
    ]);
    seeds.push(b"\xff".to_vec());
    seeds
}

pub fn template() -> Vec<Vec<u8>> {
    [
        (
            "1-card.txt",
            "Jane",
            include_str!("../../../assets/templates/1-card-on-its-way.txt"),
        ),
        (
            "2-ticket.txt",
            "48213",
            include_str!("../../../assets/templates/2-ticket-received.txt"),
        ),
        ("\u{1b}[2J.txt", "\n", "# \u{202e}title\n{name} and {name}"),
        ("12.txt", "{x}", "{} {1} {{a} {b} {call-back time}"),
        ("a.txt", "a", "a{x}a{y}a"),
    ]
    .map(|(file, value, text)| Recording::default().text(file).text(value).rest(text))
    .into()
}

pub fn scene() -> Vec<Vec<u8>> {
    texts(&[
        include_str!("../../../assets/scenes/happy.toml"),
        include_str!("../../../assets/scenes/conversation.toml"),
        include_str!("../../../assets/scenes/two_desks.toml"),
        include_str!("../../../assets/scenes/expired.toml"),
        include_str!("../../../assets/scenes/not_arrived.toml"),
        include_str!("../../../assets/scenes/trial.toml"),
        include_str!("../../../assets/scenes/rate_limited.toml"),
        include_str!("../../../assets/scenes/keys_refused.toml"),
        include_str!("../../../assets/scenes/sends_used_up.toml"),
        "description = \"\"\n[verify]\nvalidity_seconds = 9223372036854775807\narrival_seconds = 9223372036854775807\n",
        "description = \"\"\nlatency_ms = 9223372036854775807\n",
        "description = \"\"\n[[recipient]]\nnumber = \"+1415555*\"\ncode_lives_seconds = 9223372036854775807\nreplies = [\"\\u001b[2J\"]\n[[recipient.colleague]]\nafter_seconds = 9223372036854775807\ndoes = \"guesses\"\ntimes = 4294967295\n",
        "description = \"\"\n[[recipient]]\nnumber = \"+14155550100\"\nearlier = { seconds = 4294967295, sends = 4294967295 }\n",
    ])
}

pub fn twilio_cli() -> Vec<Vec<u8>> {
    let hex = "0123456789abcdef".repeat(2);
    let secret = "aB3dE5gH".repeat(4);
    [
        format!(r#"{{"email":{{}},"activeProject":"work","profiles":{{"work":{{"accountSid":"AC{hex}","apiKey":"SK{hex}","apiSecret":"{secret}","region":""}},"\u001b[2J":{{"accountSid":"AC{hex}","apiKey":"SK{hex}","apiSecret":"{secret}"}}}}}}"#),
        format!(r#"{{"profiles":{{"a":{{"accountSid":"AC{hex}","apiKey":"SK{hex}","apiSecret":"{secret}"}},"a":{{"accountSid":"AC{hex}","apiKey":"SK{hex}","apiSecret":"x"}}}}}}"#),
        format!(r#"{{"profiles":{{"a":{{"accountSid":"AC{hex}","authToken":"{hex}"}}}},"profiles":{{}}}}"#),
        "{}".to_owned(),
    ]
    .map(String::into_bytes)
    .into()
}

pub fn query() -> Vec<Vec<u8>> {
    let mut seeds = texts(&[
        "status:failed since:7d ticket:48213 to:+1415 sam",
        "since:2026-03-04 until:today",
        "to:+1 415 555 0123",
        "kind:text by:sms",
        "error:30003 agent:desk-7",
        "% _ \\ ' \"",
        "since:9999-12-31",
        "until:9999-12-31",
        "since:9223372036854775807d",
        "since:-1d",
        "415 555 0123",
        "status:",
        "colour:red",
        "\u{1b}[2J:x",
        "since:é",
        "since:0d until:-9999-01-01",
        "İ ß é",
    ]);
    seeds.extend(texts(HOSTILE));
    seeds
}

pub fn rows() -> Vec<Vec<u8>> {
    // A row, by which of the usual values stands in each of its columns.
    let row =
        |kind: u8, intent: u8, state: u8, sid: u8, status: u8, outcome: u8, at: u8| -> Vec<u8> {
            let of = |value: u8, count: u8| (8..8 + count).find(|n| n % count == value).unwrap();
            let (recipient, body, open) = (of(0, 3), of(1, 3), 9);
            vec![
                of(at, 4),
                of(kind, 4),
                recipient,
                body,
                of(intent, 5),
                of(state, 6),
                of(sid, 3),
                of(status, 5),
                open,
                of(outcome, 4),
                of(at % 2, 2),
                8,
                of(0, 2),
                of(1, 2),
                9,
                0,
            ]
        };
    let mut seeds = Vec::new();
    for at in 0..4 {
        // A text, a check, a lookup, and texts that were refused, not sent, and not known.
        seeds.push(row(0, 0, 1, 0, 0, 0, at));
        seeds.push(row(0, 1, 0, 0, 3, 0, at));
        seeds.push(row(1, 2, 1, 1, 1, 1, at));
        seeds.push(row(2, 3, 1, 1, 2, 1, at));
        seeds.push(row(3, 4, 1, 2, 4, 2, at));
        for state in 2..5 {
            seeds.push(row(0, 0, state, 2, 0, 3, at));
            seeds.push(row(1, 2, state, 2, 0, 3, at));
        }
    }
    for seed in seeds.clone() {
        // What a column may hold besides.
        for column in [1, 3, 7, 11, 13] {
            let mut seed = seed.clone();
            seed[column] = seed[column].wrapping_add(1);
            seeds.push(seed);
        }
    }
    seeds
}

pub fn input() -> Vec<Vec<u8>> {
    let typed =
        |text: &str, gap: u8| -> Vec<u8> { text.bytes().flat_map(|b| [0, gap, b, 0]).collect() };
    vec![
        typed("415 555 0123", 0),
        typed("415 555 0123", 200),
        typed("482913", 1),
        typed("]11;rgb:0000/0000/0000", 0),
        [
            vec![0, 0, b']', 164],
            typed("11;rgb:ffff/ffff/ffff", 0),
            vec![0, 0, b'g', 162],
        ]
        .concat(),
        [
            vec![0, 0, b']', 164],
            typed("11;rgb:zz/ffff/ffff", 0),
            vec![0, 0, b'\\', 164],
        ]
        .concat(),
        [vec![255, 0], Recording::default().text("Hello\u{1b}").0].concat(),
    ]
}

pub fn field() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for lines in [0, 1] {
        for text in HOSTILE {
            let seed = Recording::default()
                .byte(lines)
                .byte(0)
                .text(text)
                .byte(5)
                .byte(6)
                .byte(0);
            seeds.push(
                seed.byte(1)
                    .text(text)
                    .byte(200)
                    .byte(5)
                    .byte(4)
                    .rest([0, 5, 8, 0]),
            );
        }
    }
    seeds
}

pub fn desk() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (at, _) in HOSTILE.iter().enumerate() {
        let at = at as u8;
        // A text is sent, the customer answers, the history is opened.
        seeds.push(vec![
            at % 7,
            0,
            1,
            at,
            1,
            5,
            2,
            8,
            9,
            11,
            0,
            at,
            8,
            60,
            5,
            4,
            0,
            0,
            8,
            200,
        ]);
        // A check under an odd answer.
        seeds.push(vec![
            at % 2,
            0,
            1,
            at,
            0,
            9,
            1,
            at,
            0,
            at,
            4,
            0,
            8,
            3,
            15,
            0,
            8,
            200,
        ]);
        // Pasted everywhere.
        seeds.push(vec![
            at % 2,
            0,
            0,
            0,
            1,
            4,
            0,
            6,
            at,
            0,
            1,
            5,
            2,
            6,
            at,
            5,
            4,
            6,
            at,
            5,
            6,
            6,
            at,
        ]);
    }
    for leaf in 0..28 {
        for odd in [11, 12, 13, 5, 6] {
            seeds.push(vec![
                0, 0, 1, 3, 1, 9, 1, leaf, 2, odd, 4, 0, 8, 20, 5, 2, 8, 100, 15, 0,
            ]);
        }
    }
    for header in 0..4 {
        for odd in [5, 11, 12, 13, 14] {
            seeds.push(vec![
                0, 0, 1, 3, 1, 9, 4, header, 2, odd, 4, 0, 8, 20, 5, 2, 8, 100, 15, 0,
            ]);
        }
    }
    seeds
}

pub fn lines() -> Vec<Vec<u8>> {
    (0..HOSTILE.len() as u8)
        .map(|at| {
            vec![
                at % 8,
                at,
                2,
                1,
                1,
                5,
                2,
                0,
                1,
                5,
                0,
                at,
                0,
                1,
                2,
                at,
                0,
                at,
                9,
                2,
                6,
                1,
                9,
                2,
                3,
                1,
                9,
            ]
        })
        .collect()
}

pub fn world() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for path in 0..24 {
        for value in [1, 12, 24, 26, 27, 30, 41] {
            let mut seed = vec![0; 9];
            seed.extend([
                1, value, 1, path, 3, 9, 0, 4, 1, 9, 2, 4, 6, 9, 5, 4, value, 0, 1, 9, 0, 30,
            ]);
            seed.extend([
                2, 0, 1, path, 3, 9, 9, 4, 1, 9, 1, 4, value, 9, 5, 4, value, 0, 1, 9, 2, 30,
            ]);
            seeds.push(seed);
        }
    }
    seeds
}

pub fn door() -> Vec<Vec<u8>> {
    texts(&[
        "GET /v2/Services HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /simulator/faults HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n{\"path\":\"/*\",\"fault\":\"cut_before_store\"}",
        "POST /v2/Services/x/Verifications HTTP/1.1\r\nAuthorization: Basic QUMxOnNlY3JldA==\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=%",
        "PATCH /x HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET /%ff%00/../..//?a=%zz&%%% HTTP/1.1\r\nAuthorization: Basic !!!\r\n\r\n",
        "GET http://evil.example/ HTTP/1.0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}",
        "GET / HTTP/1.1\r\nX: \u{0}\r\n\r\n",
    ])
}
