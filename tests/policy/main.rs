//! The policy of the lead before the commands of a script. The program itself knows one place for it; here
//! it runs inside of this program, which hands it another one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(unix)]
mod open;
mod places;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/program.rs"]
mod program;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/simulator.rs"]
mod simulator;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Trial};
use program::{Ended, Tuilio};
use serde_json::Value;
use simulator::Simulator;

/// Says to the process that it is tuilio, and where its policy lies.
const POLICY: &str = "TUILIO_TEST_POLICY";

const ADA: &str = "+14155550123";
/// A number of no place, so of no clock.
const TOLL_FREE: &str = "+18005550104";
const LONDONER: &str = "+447700900117";
const GERMAN: &str = "+4915112345604";

fn main() -> ExitCode {
    if let Some(policy) = std::env::var_os(POLICY) {
        let words = std::env::args_os().skip(1).collect();
        return tuilio::cli::run_under(policy.into(), words);
    }
    let trial = |name: &str, test: fn()| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let trials = vec![
        trial(
            "what_is_not_allowed_ends_with_11_and_leaves_no_row",
            not_allowed,
        ),
        trial(
            "a_ticket_and_a_template_are_given_where_the_lead_wants_them",
            given,
        ),
        trial("a_command_cannot_say_the_y_that_the_lead_asks_for", asked),
        trial("so_many_a_day_and_no_more", capped),
        trial("a_policy_that_cannot_be_followed_stops_every_send", broken),
        trial("no_variable_leads_around_the_policy", no_way_around),
        trial(
            "a_command_of_one_who_only_looks_sends_nothing",
            looking_only,
        ),
        #[cfg(unix)]
        trial(
            "a_desk_that_is_open_follows_its_policy_and_keeps_one_that_is_removed",
            open::followed,
        ),
        #[cfg(unix)]
        trial(
            "a_desk_that_is_open_writes_into_no_history_but_that_of_the_lead",
            open::elsewhere,
        ),
        trial("the_example_is_right_and_says_what_it_does", example),
        trial("every_mistake_has_its_line", mistakes),
        trial(
            "a_variable_that_begins_another_history_sends_nothing_under_a_cap",
            places::elsewhere,
        ),
        trial(
            "the_history_lies_where_the_lead_says_under_any_name_of_the_agent",
            places::named,
        ),
        trial("no_variable_moves_the_midnight_of_a_cap", places::midnight),
        trial(
            "under_a_cap_and_looking_only_the_history_cannot_be_thrown_away",
            places::thrown_away,
        ),
        trial(
            "login_keeps_no_service_and_no_sender_that_the_lead_does_not_allow",
            places::login,
        ),
        trial(
            "templates_are_those_of_the_lead_where_the_lead_has_any",
            places::templates,
        ),
        trial(
            "a_check_of_the_policy_names_templates_that_say_nothing",
            places::checked,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// A place with a policy in it.
struct Desk {
    tuilio: Tuilio,
    policy: PathBuf,
}

impl Desk {
    fn under(simulator: &Simulator, policy: &str) -> Self {
        let tuilio = Tuilio::at(simulator);
        let file = tuilio.folder().join("policy.toml");
        fs::write(&file, policy).unwrap();
        Self {
            tuilio,
            policy: file,
        }
    }

    /// The same, with the history in the folder that the lead has named.
    fn counting(simulator: &Simulator, policy: &str) -> Self {
        let desk = Self::under(simulator, policy);
        let folder = desk.tuilio.data_dir();
        fs::write(
            &desk.policy,
            format!("{policy}data_dir = '{}'\n", folder.display()),
        )
        .unwrap();
        desk
    }

    fn run(&self, line: &[&str]) -> Ended {
        self.feed(line, "")
    }

    fn feed(&self, line: &[&str], input: &str) -> Ended {
        let mut child = self.start(line);
        let mut stdin = child.stdin.take().unwrap();
        // A command that refuses its line reads nothing.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap().into()
    }

    fn start(&self, line: &[&str]) -> Child {
        let like = self.tuilio.command(line);
        let set = like
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        Command::new(std::env::current_exe().unwrap())
            .args(line)
            .env_clear()
            .envs(set)
            .env(POLICY, &self.policy)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn rows(&self) -> Vec<Value> {
        let ended = self.run(&["history", "--json"]);
        ended.object()["rows"].as_array().unwrap().clone()
    }

    #[track_caller]
    fn refuses(&self, line: &[&str], input: &str, why: &str) {
        let ended = self.feed(line, input);
        assert_eq!(ended.code, Some(11), "{line:?}: {ended:?}");
        let message = ended.object()["error"]["message"].to_string();
        assert!(message.contains(why), "{why} in {message}");
        assert!(self.rows().is_empty(), "{line:?} left a row");
    }
}

fn send<'a>(to: &'a str, body: &'a str) -> Vec<&'a str> {
    vec!["send", "--json", "--to", to, "--body", body]
}

fn not_allowed() {
    let simulator = Simulator::start(&[]);
    let start = [
        "verify",
        "start",
        "--json",
        "--to",
        ADA,
        "--channel",
        "call",
    ];
    for (policy, line, why) in [
        (
            "countries = [\"US\"]",
            send(GERMAN, "Hello"),
            "United States only",
        ),
        ("countries = []", start.to_vec(), "no phone at all"),
        (
            "channels = [\"sms\", \"email\"]",
            start.to_vec(),
            "SMS and email only",
        ),
        ("services = []", start.to_vec(), "this Verify service"),
        ("senders = []", send(ADA, "Hello"), "this sender"),
        (
            "templates_only = true",
            send(ADA, "Hello"),
            "templates only",
        ),
        (
            "ticket_required = true",
            start.to_vec(),
            "number of a ticket",
        ),
        ("mode = \"read-only\"", send(ADA, "Hello"), "looking only"),
        (
            "paid_lookup = false",
            vec!["lookup", "--json", "--to", ADA, "--line-type"],
            "cost money",
        ),
        (
            "reveal = false",
            vec!["history", "--json", "--reveal"],
            "stay masked",
        ),
        (
            "reveal = false",
            vec![
                "--profile",
                "work",
                "send",
                "--json",
                "--to",
                ADA,
                "--body",
                "x",
                "--reveal",
            ],
            "stay masked",
        ),
    ] {
        Desk::under(&simulator, policy).refuses(&line, "", why);
    }
    let (from, to) = around_now_in_london();
    let quiet = format!("quiet_hours = {{ from = \"{from}\", to = \"{to}\" }}");
    Desk::under(&simulator, &quiet).refuses(
        &send(LONDONER, "Hello"),
        "",
        &format!("no texts from {from} to {to}"),
    );
    let check = ["verify", "check", "--json", "--to", ADA];
    let desk = Desk::under(&simulator, "mode = \"read-only\"");
    desk.refuses(&check, "123456\n", "looking only");
    let allowed = Desk::under(&simulator, "countries = [\"US\"]\nchannels = [\"call\"]\n");
    assert_eq!(allowed.run(&start).code, Some(0));
    assert_eq!(allowed.run(&send(ADA, "Hello")).code, Some(0));
    assert_eq!(allowed.rows().len(), 2);
}

/// An hour before what the clock says there, and one that is not over before this is.
fn around_now_in_london() -> (String, String) {
    let there = jiff::Timestamp::now().in_tz("Europe/London").unwrap();
    let hour = |hours: i64| {
        let at = there.clone() + jiff::SignedDuration::from_hours(hours);
        at.strftime("%H:00").to_string()
    };
    (hour(-1), hour(2))
}

fn asked() {
    let simulator = Simulator::start(&[]);
    let start = ["verify", "start", "--json", "--to", ADA];
    let trainee = Desk::under(&simulator, "mode = \"trainee\"");
    for line in [send(ADA, "Hello"), start.to_vec()] {
        trainee.refuses(&line, "", "needs a y");
        trainee.refuses(&line, "y\n", "needs a y");
        trainee.refuses(&line, "", "Send it from the desk");
    }
    // What comes from a pipe is no person.
    let ended = trainee.feed(&["--plain"], &format!("{ADA}\n\ny\nquit\n"));
    assert!(ended.stdout.contains("needs a y"), "{ended:?}");
    assert!(trainee.rows().is_empty());
    let (from, to) = around_now_in_london();
    let quiet = |then: &str| {
        let hours = format!("from = \"{from}\", to = \"{to}\", then = \"{then}\"");
        Desk::under(&simulator, &format!("quiet_hours = {{ {hours} }}"))
    };
    for (then, to, why) in [
        ("caution", LONDONER, "Quiet hours are from"),
        ("caution", TOLL_FREE, "cannot be told"),
        ("refuse", TOLL_FREE, "cannot be told"),
    ] {
        let desk = quiet(then);
        desk.refuses(&send(to, "Hello"), "", why);
        desk.refuses(&send(to, "Hello"), "", "needs a y");
        // Whoever reads a code out is awake.
        assert_eq!(desk.run(&start).code, Some(0));
    }
    let mut german = quiet("caution");
    german.tuilio = german.tuilio.with("LANG", "de_DE.UTF-8");
    let ended = german.run(&["send", "--to", LONDONER, "--body", "Hallo"]);
    assert!(
        ended.stderr.contains("Ruhezeit ist von") && ended.stderr.contains("braucht ein y"),
        "{ended:?}"
    );
    let unruled = Desk::under(&simulator, "");
    assert_eq!(unruled.run(&send(TOLL_FREE, "Hello")).code, Some(0));
}

fn given() {
    let simulator = Simulator::start(&[]);
    let desk = Desk::under(&simulator, "ticket_required = true\ntemplates_only = true");
    let templates = desk.tuilio.config_dir().join("templates");
    fs::create_dir_all(&templates).unwrap();
    fs::write(
        templates.join("1-solved.txt"),
        "Hello {name}, your request {ticket} is solved.",
    )
    .unwrap();
    let send = ["send", "--json", "--to", ADA, "--ticket", "48213"];
    let solved = [&send[..], &["--template", "solved"]].concat();
    desk.refuses(&[&send[..], &["--body", "Hello"]].concat(), "", "templates");
    desk.refuses(
        &[
            "send",
            "--json",
            "--to",
            ADA,
            "--template",
            "Solved",
            "--set",
            "name=Ada",
            "--set",
            "ticket=1",
        ],
        "",
        "ticket",
    );
    desk.refuses(
        &[&solved[..], &["--set", &format!("name={}", "x".repeat(81))]].concat(),
        "",
        "templates",
    );
    for (more, why) in [
        (&[][..], "{name} of the template is empty"),
        (&["--set", "name"], "--set needs"),
        (&["--set", "nam=Ada"], "its blanks are: name, ticket"),
    ] {
        let ended = desk.run(&[&solved[..], more].concat());
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(
            ended.object()["error"]["message"].to_string().contains(why),
            "{ended:?}"
        );
    }
    let ended = desk.run(&[&solved[..], &["--set", "name=Ada"]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    // A text that somebody else has filled in is the template's as well.
    let typed = [
        &send[..],
        &["--body", "Hello Bo, your request 7 is solved."],
    ]
    .concat();
    assert_eq!(desk.run(&typed).code, Some(0));
    let start = ["verify", "start", "--json", "--to", ADA];
    assert_eq!(desk.run(&start).code, Some(11));
    let ended = desk.run(&[&start[..], &["--ticket", "48213"]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let rows = desk.rows();
    let kinds: Vec<_> = rows
        .iter()
        .map(|row| (&row["body"], &row["ticket"]))
        .collect();
    let (body, ticket) = (
        Value::from("Hello Ada, your request 48213 is solved."),
        Value::from("48213"),
    );
    assert_eq!(kinds[2], (&body, &ticket), "{kinds:?}");
    assert_eq!(kinds[0], (&Value::Null, &ticket), "{kinds:?}");
}

fn capped() {
    let simulator = Simulator::start(&[]);
    let today = || {
        jiff::Timestamp::now()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date()
    };
    // At midnight the count begins anew, and so does this.
    let (desk, third) = loop {
        let began = today();
        let desk = Desk::counting(&simulator, "texts_a_day = 2\n");
        for body in ["one", "two"] {
            assert_eq!(desk.run(&send(ADA, body)).code, Some(0));
        }
        let third = desk.run(&send(ADA, "three"));
        if today() == began {
            break (desk, third);
        }
    };
    assert_eq!(third.code, Some(11), "{third:?}");
    assert!(third.stderr.contains("at most 2 texts a day"), "{third:?}");
    assert_eq!(desk.rows().len(), 2);
    let code = desk.run(&["verify", "start", "--to", ADA]);
    assert_eq!(code.code, Some(0), "{code:?}");
}

fn broken() {
    let simulator = Simulator::start(&[]);
    for policy in ["countries = \"US\"", "colour = 1", "mode = ", "\u{0}"] {
        let desk = Desk::under(&simulator, policy);
        let start = ["verify", "start", "--json", "--to", ADA];
        desk.refuses(
            &send(ADA, "Hello"),
            "",
            "Nothing is sent: the policy of your lead",
        );
        desk.refuses(&start, "", "Nothing is sent: the policy of your lead");
    }
    let desk = Desk::under(&simulator, "");
    fs::remove_file(&desk.policy).unwrap();
    fs::create_dir(&desk.policy).unwrap();
    desk.refuses(&send(ADA, "Hello"), "", "cannot be read");
}

fn no_way_around() {
    let simulator = Simulator::start(&[]);
    let mut desk = Desk::under(&simulator, "countries = [\"CA\"]\n");
    // What lies where a variable points to is no policy.
    fs::create_dir_all(desk.tuilio.config_dir()).unwrap();
    fs::write(desk.tuilio.config_dir().join("policy.toml"), "").unwrap();
    for name in [
        "ProgramData",
        "PROGRAMDATA",
        "XDG_CONFIG_DIRS",
        "TUILIO_POLICY",
    ] {
        let folder = desk.tuilio.config_dir().display().to_string();
        desk.tuilio = desk.tuilio.with(name, &folder);
    }
    desk.refuses(&send(ADA, "Hello"), "", "Canada only");
    let paths = desk.run(&["paths", "--json"]).object();
    assert_eq!(paths["policy"], desk.policy.display().to_string());
    let outside = desk.tuilio.run(&["paths", "--json"]).object();
    assert_eq!(
        Path::new(outside["policy"].as_str().unwrap()),
        tuilio::config::policy_file()
    );
}

fn looking_only() {
    let simulator = Simulator::start(&[]);
    let desk = Desk::under(&simulator, "");
    let line: Vec<&str> = ["--read-only"]
        .into_iter()
        .chain(send(ADA, "Hello"))
        .collect();
    desk.refuses(&line, "", "started to look only");
    assert_eq!(desk.run(&send(ADA, "Hello")).code, Some(0));
}

fn example() {
    let tuilio = Tuilio::new();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/policy.toml");
    let ended = tuilio.run(&["policy", "check", file, "--json"]);
    let object = ended.object();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(object["mistakes"], Value::Array(Vec::new()));
    let rules = object["rules"].as_array().unwrap();
    assert!(rules.len() > 10, "each rule is in the example: {rules:?}");
    let described =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.md")).unwrap();
    let text = fs::read_to_string(file).unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" =") {
            assert!(
                described.contains(&format!("`{key}`")),
                "{key} is not described"
            );
        }
    }
}

fn mistakes() {
    let simulator = Simulator::start(&[]);
    let desk = Desk::under(&simulator, "mode = \"hunter2\"\n\nreveal = 1\n");
    for line in [
        vec!["policy", "show"],
        vec!["policy", "check", desk.policy.to_str().unwrap()],
    ] {
        let ended = desk.run(&line);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(
            ended.stdout.contains("line 1: a mode is")
                && ended.stdout.contains("line 3: this is true or false")
                && !format!("{ended:?}").contains("hunter2"),
            "{ended:?}"
        );
    }
    let missing = desk.run(&["policy", "check", "/nonexistent/policy.toml"]);
    assert_eq!(missing.code, Some(2), "{missing:?}");
}
