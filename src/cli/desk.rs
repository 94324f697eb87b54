//! The desk, or the first run where there is no profile yet.

use std::io::{self, IsTerminal};

use crate::app::{self, Ending};
use crate::domain::{Phrase, Policy, phrase};
use crate::model::{Event, Model, Setting};
use crate::paths::Paths;
use crate::plain;
use crate::runtime::signals::Signals;
use crate::runtime::terminal::{self, Screen};
use crate::runtime::{Inbox, Lead, Runtime};
use crate::view::{Look, lines};

use super::session::{self, Record, Session, Whose};
use super::{Exit, demo, doctor, lead, look, output};

/// Runs it until it ends.
pub async fn run(profile: Option<&str>, plain: bool) -> Result<Exit, Exit> {
    let mut session = Session::open(Whose::Chosen(profile), Record::OnDisk)?;
    let setting = Setting {
        plain,
        ..session.setting()
    };
    let look = look::look(&session.config);
    let opened = Event::Opened(Box::new(session.opened.clone()));
    // The history first: what is connected looks into it.
    let _ = session.runtime.events().send(opened);
    let notice = session.notice.take().or(session.full_disk.take());
    if let Some(told) = &notice {
        let line = told.line.clone();
        let _ = session.runtime.events().send(Event::Told(line));
    }
    let templates = lead::shelf(&session.paths, &session.policy);
    session.runtime.take_templates_from(templates);
    session.runtime.follow_policy(followed(&session.paths));
    session.runtime.take_patient(doctor::patient(profile)?);
    session.connect();
    let ending = open(
        setting,
        session.policy,
        look,
        session.runtime,
        session.inbox,
    )
    .await;
    // The screen had room for a line, for a moment.
    if let Some(told) = &notice {
        output::say(&session::said(&told.full));
    }
    match ending? {
        Ending::Demo => demo::run("happy", demo::Pretend::default(), false, plain).await,
        ending => exit(ending),
    }
}

/// The policy as it changes while the desk is open.
fn followed(paths: &Paths) -> Lead {
    let paths = paths.clone();
    Lead::of(session::policy_file().to_owned(), move |policy| {
        let policy = lead::while_open(session::in_force(policy), &paths);
        let shelf = lead::shelf(&paths, &policy);
        (policy, shelf)
    })
}

/// Opens the desk on this terminal, and gives the terminal back whatever happens.
pub async fn open(
    setting: Setting,
    policy: Policy,
    (look, complaint): (Look, Option<Phrase>),
    runtime: Runtime,
    inbox: Inbox,
) -> Result<Ending, Exit> {
    let setting = Setting {
        unattended: setting.plain && !io::stdin().is_terminal(),
        ascii: look.ascii,
        own_themes: look.own.iter().map(|(name, _)| name.clone()).collect(),
        ..setting
    };
    if let Some(complaint) = complaint {
        let _ = runtime.events().send(Event::Told(complaint));
    }
    // First the signals: one that came in between would leave the terminal as it is.
    let signals = Signals::listen().map_err(|error| no_terminal(&error))?;
    if setting.plain {
        terminal::on_panic(runtime.events(), runtime.log());
        let model = Model::new(setting, policy, lines::SIZE, runtime.clock().now());
        return Box::pin(plain::run(look, model, runtime, inbox, signals))
            .await
            .map_err(|error| Exit::fault(format!("Nothing can be printed any more: {error}.")));
    }
    let mut screen = Screen::take().map_err(|error| no_terminal(&error))?;
    terminal::on_panic(runtime.events(), runtime.log());
    let size = screen.size().map_err(|error| no_terminal(&error))?;
    let model = Model::new(setting, policy, size, runtime.clock().now());
    // The whole desk lives in it.
    let desk = app::run(&mut screen, look, model, runtime, inbox, signals);
    let ending = Box::pin(desk).await;
    drop(screen);
    ending
        .map_err(|error| Exit::fault(format!("The terminal could not be used any more: {error}.")))
}

/// What the program ends with.
pub fn exit(ending: Ending) -> Result<Exit, Exit> {
    match ending {
        Ending::Quit | Ending::Demo => Ok(Exit::DONE),
        Ending::Signal(stop) => Err(Exit::signal(stop)),
        Ending::Fault => Err(Exit::fault(terminal::fault_sentence())),
    }
}

fn no_terminal(error: &io::Error) -> Exit {
    if error.kind() == io::ErrorKind::NotConnected {
        Exit::unfit(phrase!(
            "There is no terminal here. The desk needs one; for scripts there are tuilio send and tuilio verify."
        ))
    } else {
        Exit::fault(format!("The terminal could not be used: {error}."))
    }
}
