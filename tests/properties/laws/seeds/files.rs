//! Files that a person may write.

use super::super::tape::Recording;
use super::texts;

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

pub fn theme() -> Vec<Vec<u8>> {
    let mut seeds = texts(&[
        include_str!("../../../../assets/themes/dark.toml"),
        include_str!("../../../../assets/themes/terminal.toml"),
        include_str!("../../../../assets/themes/colorblind.toml"),
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
            include_str!("../../../../assets/templates/1-card-on-its-way.txt"),
        ),
        (
            "2-ticket.txt",
            "48213",
            include_str!("../../../../assets/templates/2-ticket-received.txt"),
        ),
        ("\u{1b}[2J.txt", "\n", "# \u{202e}title\n{name} and {name}"),
        ("12.txt", "{x}", "{} {1} {{a} {b} {call-back time}"),
        ("a.txt", "a", "a{x}a{y}a"),
        (
            "1.txt",
            "Jo",
            "Dear customer,\u{b}\u{b}ticket {ticket} of {name} is solved.",
        ),
        ("1.txt", "日本", "\u{1b}\u{1b}Hi {日本}\u{301} end {日本}"),
        (
            "1.txt",
            "{nＡme}",
            "# a\r\n\tHi {nＡme}\u{202e}, ❴x❵ {e\u{301}}\r\n",
        ),
    ]
    .map(|(file, value, text)| Recording::default().text(file).text(value).rest(text))
    .into()
}

pub fn scene() -> Vec<Vec<u8>> {
    texts(&[
        include_str!("../../../../assets/scenes/happy.toml"),
        include_str!("../../../../assets/scenes/conversation.toml"),
        include_str!("../../../../assets/scenes/two_desks.toml"),
        include_str!("../../../../assets/scenes/expired.toml"),
        include_str!("../../../../assets/scenes/not_arrived.toml"),
        include_str!("../../../../assets/scenes/trial.toml"),
        include_str!("../../../../assets/scenes/rate_limited.toml"),
        include_str!("../../../../assets/scenes/keys_refused.toml"),
        include_str!("../../../../assets/scenes/sends_used_up.toml"),
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

pub fn keyring() -> Vec<Vec<u8>> {
    let hex = "0123456789abcdef".repeat(4);
    [
        r#"{"auth_token":"aB3dE5gHaB3dE5gH"}"#.to_owned(),
        r#"{"api_secret":"hunter2\"\u001b[2J"}"#.to_owned(),
        r#"{"api_secret":"","auth_token":"x"}"#.to_owned(),
        hex.clone(),
        "+1".repeat(32),
        hex.to_uppercase(),
        format!("17 {hex}"),
        format!("+17 {hex}"),
        format!("-1 {}", hex.to_uppercase()),
    ]
    .map(String::into_bytes)
    .into()
}
