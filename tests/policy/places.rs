//! Where the history and the templates lie is the lead's to say, and no variable begins a new count.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tuilio::domain::{
    Failure, FailureKind, Intent, NewMessage, OpId, OpState, Operation, PhoneNumber, Sender,
};
use tuilio::paths::own;
use tuilio::store::{Journal, Store, Twin};

use super::simulator::Simulator;
use super::{ADA, Desk, send};

/// What was sent before can still be read there, which the refusals look at.
pub fn elsewhere() {
    let simulator = Simulator::start(&[]);
    for (moves, set) in [
        ("TUILIO_DATA_DIR", &["TUILIO_DATA_DIR", "XDG_DATA_HOME"][..]),
        ("XDG_DATA_HOME", &["XDG_DATA_HOME"]),
        ("HOME", &[]),
    ] {
        if !cfg!(target_os = "linux") && moves != "TUILIO_DATA_DIR" {
            continue;
        }
        let why = match own::data_dir() {
            Some(_) => format!("Unset {moves}"),
            None => "knows no home folder".to_owned(),
        };
        let cap = "texts_a_day = 1000\nverifications_a_day = 1000\n";
        let mut desk = Desk::under(&simulator, cap);
        desk.tuilio = desk.tuilio.with("TUILIO_DATA_DIR", "");
        for name in set {
            let folder = desk.tuilio.folder().join(name).display().to_string();
            desk.tuilio = desk.tuilio.with(name, &folder);
        }
        desk.refuses(&send(ADA, "Hello"), "", &why);
        desk.refuses(&["verify", "start", "--json", "--to", ADA], "", &why);
        assert!(desk.run(&["doctor"]).stdout.contains(&why));
        // Where nothing is counted they may lead anywhere.
        let desk = Desk::under(&simulator, "countries = [\"US\"]");
        assert_eq!(desk.run(&send(ADA, "Hello")).code, Some(0));
    }
}

pub fn named() {
    let simulator = Simulator::start(&[]);
    let mut desk = Desk::counting(&simulator, "texts_a_day = 1\n");
    let day = Day::begins();
    assert_eq!(desk.run(&send(ADA, "one")).code, Some(0));
    let other = desk.tuilio.folder().join("other").display().to_string();
    fs::create_dir_all(&other).unwrap();
    fs::write(
        Path::new(&other).join("config.toml"),
        "agent = \"somebody-else\"\n",
    )
    .unwrap();
    for name in [
        "TUILIO_DATA_DIR",
        "XDG_DATA_HOME",
        "HOME",
        "TUILIO_CONFIG_DIR",
    ] {
        desk.tuilio = desk.tuilio.with(name, &other);
        let ended = desk.run(&send(ADA, "two"));
        assert!(ended.code == Some(11) || day.is_over(), "{name}: {ended:?}");
    }
    if let Some(name) = own::name() {
        let mut desk = Desk::under(&simulator, "");
        let each = desk.tuilio.folder().join("each").join("{user}");
        fs::write(&desk.policy, format!("data_dir = '{}'\n", each.display())).unwrap();
        desk.tuilio = desk.tuilio.with("USER", "somebody-else");
        assert_eq!(desk.run(&send(ADA, "one")).code, Some(0));
        assert!(each.with_file_name(name).join("history.db").exists());
    }
}

/// The day on which a test began.
struct Day(jiff::Timestamp);

impl Day {
    fn begins() -> Self {
        let now = jiff::Timestamp::now().to_zoned(own::zone());
        Self(now.start_of_day().unwrap().timestamp())
    }

    fn is_over(&self) -> bool {
        Self::begins().0 != self.0
    }
}

pub fn midnight() {
    let simulator = Simulator::start(&[]);
    let (desk, ended) = loop {
        let day = Day::begins();
        let mut desk = Desk::counting(&simulator, "texts_a_day = 1\n");
        // The first thing of the day.
        let mut store = Store::open(&desk.tuilio.data_dir()).unwrap();
        let id = OpId {
            session: store.session(),
            seq: 1,
        };
        let number = |e164| PhoneNumber::from_e164(e164).unwrap();
        let from = Sender::Number(number("+15005550006"));
        let one = Operation {
            id,
            intent: Intent::Text(NewMessage::new(number(ADA), from, "one")),
            at: day.0,
            account: None,
            home: None,
            ticket: None,
            agent: None,
            skew_seconds: None,
        };
        store.intend(&one, Twin::Refuse).unwrap();
        let refused = Failure::new(FailureKind::OutcomeUnknown, "no answer");
        store.settle(id, &OpState::Unknown(refused), day.0).unwrap();
        drop(store);
        // Where the agent claims to be, it is a second after midnight.
        let since = jiff::Timestamp::now().duration_since(jiff::Timestamp::UNIX_EPOCH);
        let behind = since.as_secs().rem_euclid(86_400) - 1;
        let (hours, minutes, seconds) = (behind / 3600, behind / 60 % 60, behind % 60);
        let zone = format!("DESK{hours}:{minutes:02}:{seconds:02}");
        desk.tuilio = desk.tuilio.with("TZ", &zone);
        let ended = desk.run(&send(ADA, "two"));
        if !day.is_over() {
            break (desk, ended);
        }
    };
    assert_eq!(ended.code, Some(11), "{ended:?}");
    assert_eq!(desk.rows().len(), 1);
}

pub fn thrown_away() {
    let simulator = Simulator::start(&[]);
    let away = ["logout", "--everything", "--even-unsettled"];
    let mut desk = Desk::counting(&simulator, "texts_a_day = 9\n");
    let day = Day::begins();
    assert_eq!(desk.run(&send(ADA, "one")).code, Some(0));
    let ended = desk.run(&away);
    assert!(ended.code == Some(11) || day.is_over(), "{ended:?}");
    if !day.is_over() {
        assert!(ended.stderr.contains("what was sent today"), "{ended:?}");
        assert_eq!(desk.rows().len(), 1);
    }
    desk = Desk::under(&simulator, "");
    assert_eq!(desk.run(&send(ADA, "one")).code, Some(0));
    fs::write(&desk.policy, "mode = \"read-only\"\n").unwrap();
    let ended = desk.run(&away);
    assert_eq!(ended.code, Some(11), "{ended:?}");
    assert!(ended.stderr.contains("nothing is deleted"), "{ended:?}");
    assert_eq!(desk.rows().len(), 1);
}

pub fn login() {
    let simulator = Simulator::start(&[]);
    let (account, token) = (simulator.word("account_sid"), simulator.word("auth_token"));
    let paste = format!("The account is {account}, its auth token {token}.");
    let service = simulator.word("verify_service_sid");
    let number = simulator.word("from_number");
    let named = ["--json", "--verify-service", service, "--sender", number];
    let line = [&["login"][..], &named].concat();
    for (policy, why) in [
        ("services = []\n", "this Verify service"),
        ("senders = []\n", "this sender"),
    ] {
        let desk = Desk::under(&simulator, policy);
        let ended = desk.feed(&line, &paste);
        assert_eq!(ended.code, Some(11), "{ended:?}");
        let message = ended.object()["error"]["message"].to_string();
        assert!(
            message.contains("Set by your lead") && message.contains(why),
            "{message}"
        );
        assert!(!desk.tuilio.config_dir().join("config.toml").exists());
    }
}

pub fn templates() {
    let simulator = Simulator::start(&[]);
    let desk = Desk::under(&simulator, "templates_only = true\n");
    let put = |folder: &Path, text: &str| {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("solved.txt"), text).unwrap();
    };
    put(&desk.tuilio.config_dir().join("templates"), "{text}");
    let anything = send(ADA, "You won a prize");
    let solved = send(ADA, "Your request is solved.");
    // Nobody has said whose templates are meant.
    assert_eq!(desk.run(&anything).code, Some(0));
    let beside = desk.policy.with_file_name("templates");
    put(&beside, "Your request is solved.");
    assert_eq!(desk.run(&anything).code, Some(11));
    assert_eq!(desk.run(&solved).code, Some(0));
    let other = desk.tuilio.folder().join("of the lead");
    let policy = format!("templates_only = true\ntemplates = '{}'\n", other.display());
    fs::write(&desk.policy, policy).unwrap();
    assert_eq!(desk.run(&solved).code, Some(11));
    let ended = desk.run(&["send", "--to", ADA, "--template", "solved"]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("which cannot be read"), "{ended:?}");
    put(&other, "Your request is solved.");
    assert_eq!(desk.run(&solved).code, Some(0));
    // Named without the other rule, they are what is offered.
    fs::write(&desk.policy, format!("templates = '{}'\n", other.display())).unwrap();
    let ended = desk.run(&["send", "--json", "--to", ADA, "--template", "solved"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(desk.rows()[0]["body"], "Your request is solved.");
}

pub fn checked() {
    let simulator = Simulator::start(&[]);
    let desk = Desk::under(&simulator, "templates_only = true\n");
    let said = || {
        let ended = desk.run(&["policy", "check", "--json", desk.policy.to_str().unwrap()]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let cautions = ended.object()["cautions"].clone();
        let cautions = cautions.as_array().unwrap().iter();
        cautions
            .map(|caution| caution.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(
        said()[0].contains("each agent's own folder"),
        "{:?}",
        said()
    );
    let folder = desk.policy.with_file_name("templates");
    fs::create_dir(&folder).unwrap();
    assert!(said()[0].contains("no template"), "{:?}", said());
    fs::write(folder.join("1-any.txt"), "{text} - {more}!").unwrap();
    fs::write(folder.join("2-good.txt"), "Hello {name}.").unwrap();
    assert!(
        said()[0].contains("\"Any\"") && said().len() == 1,
        "{:?}",
        said()
    );
    let lines = desk.run(&["policy", "check", desk.policy.to_str().unwrap()]);
    assert!(lines.stdout.contains("Note: "), "{lines:?}");
    fs::write(folder.join("1-any.txt"), "Hello\u{202e}, {name}.").unwrap();
    assert!(
        said()[0].contains("\"Any\"") && said()[0].contains("U+202E") && said().len() == 1,
        "{:?}",
        said()
    );
    let gone = desk.tuilio.folder().join("gone");
    fs::write(&desk.policy, format!("templates = '{}'\n", gone.display())).unwrap();
    assert!(said()[0].contains("cannot be read"), "{:?}", said());
    fs::write(&desk.policy, "templates = \"own\"\ndata_dir = \"~/x\"\n").unwrap();
    let ended = desk.run(&["policy", "check", desk.policy.to_str().unwrap()]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert_eq!(ended.stdout.matches("a folder is").count(), 2, "{ended:?}");
    let link = desk.tuilio.folder().join("link.toml");
    #[cfg(unix)]
    std::os::unix::fs::symlink(gone, &link).unwrap();
    let ended = desk.run(&["policy", "check", "--json", link.to_str().unwrap()]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert_eq!(ended.object()["rules"], Value::Null);
}
