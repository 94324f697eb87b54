//! The whole desk, with an agent who may press anything, a customer who may write anything, and a network
//! that may answer anything: what is shown cannot act, what is pasted does not send, and nothing panics.

mod crook;
mod driven;
mod keys;
mod seen;

use jiff::SignedDuration;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tuilio::domain::message::ListPage;
use tuilio::domain::{Answer, HistoryRow, Page, Reply, Timestamp};
use tuilio::keymap::Chord;
use tuilio::layout::Size;
use tuilio::model::{Ask, Event, Opened, Stamped};
use tuilio::plain;
use tuilio::simulator::{Scene, World};
use tuilio::view::{self, Look};

use self::crook::crook;
use self::driven::{Desk, connection, model};
use self::keys::{KEYS, SCENES, STORIES};
use self::seen::look;
use super::chars::HOSTILE;
use super::tape::Tape;

const START: &str = "2026-03-04T14:00:00Z";

/// Sizes that the desk is looked at in.
const SIZES: &[(u16, u16)] = &[
    (80, 24),
    (40, 10),
    (60, 15),
    (140, 40),
    (100, 30),
    (1, 1),
    (20, 60),
];

/// Whatever is pressed, pasted, written and answered.
pub fn desk(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let (width, height) = tape.pick(SIZES);
    let scene = tape.pick(SCENES);
    let name = if tape.byte().is_multiple_of(4) {
        ""
    } else {
        tape.pick(HOSTILE)
    };
    let mut desk = Desk::new(scene, Size { width, height }, name, false);
    if tape.byte().is_multiple_of(4) {
        desk.look = Look {
            ascii: true,
            color: false,
            ..Look::default()
        };
    }
    let mut steps = 0;
    while !tape.is_empty() && steps < 24 && !desk.left {
        steps += 1;
        step(&mut desk, &mut tape);
        desk.see();
    }
    desk.wait(700);
    desk.see();
}

fn step(desk: &mut Desk, tape: &mut Tape) {
    match tape.choice(16) {
        0..4 => desk.press(tape.pick(KEYS)),
        4 | 5 => desk.press(tape.pick(STORIES)),
        6 => desk.paste(tape.pick(HOSTILE)),
        7 => {
            let text = tape.text();
            desk.paste(&text);
        }
        8 => desk.wait(i64::from(tape.byte()) * 3),
        9 | 10 => {
            let crook = crook(tape);
            desk.line.lock().unwrap().crook = crook;
        }
        11 => {
            let body = if tape.byte().is_multiple_of(2) {
                tape.pick(HOSTILE).to_owned()
            } else {
                tape.text()
            };
            desk.customer_writes(&body);
        }
        12 => {
            let (width, height) = tape.pick(SIZES);
            desk.happen(Event::Resized(Size { width, height }));
        }
        13 => {
            let (column, row) = (u16::from(tape.byte()), u16::from(tape.byte()));
            let size = desk.model.size;
            let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
            let mut click = None;
            terminal
                .draw(|frame| click = view::draw(frame, &desk.model, desk.look).at(column, row))
                .unwrap();
            if let Some(click) = click {
                desk.happen(Event::Clicked(click));
            }
        }
        14 => {
            let event = tape.pick(&[0, 1, 2, 3]);
            desk.happen(match event {
                0 => Event::Focused(false),
                1 => Event::Focused(true),
                2 => Event::Scrolled { down: true },
                _ => Event::Scrolled { down: false },
            });
        }
        _ => {
            // The code that is on the phone, or one that is not.
            let code = {
                let line = desk.line.lock().unwrap();
                line.world
                    .phones()
                    .last()
                    .and_then(|item| item.code.clone())
            };
            let code = code.unwrap_or_else(|| "123456".to_owned());
            if tape.byte().is_multiple_of(2) {
                desk.paste(&code);
            } else {
                desk.press(&code);
            }
        }
    }
}

/// Whatever is typed in the line mode, what comes back are harmless lines.
pub fn lines(bytes: &[u8]) {
    const LINES: &[&str] = &[
        "",
        "415 555 0100",
        "message",
        "history",
        "settings",
        "verify",
        "help",
        "111111",
        "y",
        "n",
        "c",
        "r",
        "x",
        "0",
        "1",
        "2",
        "3",
        "F1",
        "F8",
        ":quit",
        ":F4",
        "Ctrl-K",
        "Hello",
        "(415) 555-0105",
        "ada@example.org",
    ];
    let mut tape = Tape::new(bytes);
    let scene = tape.pick(SCENES);
    let name = tape.pick(HOSTILE);
    let mut desk = Desk::new(scene, view::lines::SIZE, name, true);
    let mut steps = 0;
    while !tape.is_empty() && steps < 16 && !desk.left {
        steps += 1;
        let line = match tape.choice(4) {
            0 => tape.pick(HOSTILE).to_owned(),
            1 => tape.text(),
            _ => tape.pick(LINES).to_owned(),
        };
        if tape.byte().is_multiple_of(4) {
            let crook = crook(&mut tape);
            desk.line.lock().unwrap().crook = crook;
        }
        for event in plain::events(&desk.model, desk.look, &line) {
            desk.happen(event);
        }
        // As the program does: what a line led to is said when all of it has happened.
        desk.listen();
        desk.wait(i64::from(tape.byte()));
        desk.listen();
    }
}

/// Draws a page of a history that somebody else may have written, list and entries, and lets time pass.
pub fn shows(page: &Page, how: u8) {
    let (width, height) = SIZES[usize::from(how) % SIZES.len()];
    let world = World::new(7, Scene::named("happy").unwrap(), START.parse().unwrap());
    let mut model = model(Size { width, height });
    let rows = |wanted: fn(&HistoryRow) -> bool| {
        page.rows
            .iter()
            .filter(|row| wanted(row))
            .cloned()
            .collect()
    };
    let events = [
        Event::Opened(Box::new(Opened {
            session: 99,
            page: page.clone(),
            unknown: rows(|row| row.state.word() == "unknown"),
            unfinished: rows(|row| row.state.word() == "settled"),
            draft: None,
            unaccepted: false,
        })),
        Event::Connected(Box::new(connection(&world, "Acme"))),
    ];
    // Whatever its clock was ahead is reckoned with when Twilio is asked for what is not known.
    let asked = |row: &HistoryRow| Event::Replied {
        ask: Ask::Search(row.operation.id),
        result: Ok(Box::new(Answer {
            reply: Reply::Messages(ListPage {
                items: Vec::new(),
                next: None,
            }),
            request_id: None,
            date: START.parse().ok(),
        })),
    };
    let answers = page.rows.iter().map(asked);
    let key = |name: &str| Event::Key {
        chord: Chord::parse(name).unwrap(),
        held: false,
    };
    let keys = ["F4", "Enter", "F1", "Esc", "Esc", "F6", "F7"].map(key);
    let now: Timestamp = START.parse().unwrap();
    let mut at = now;
    let events = events.into_iter().chain(answers).chain(keys);
    for event in events.chain([Event::Woke]) {
        at = at.checked_add(SignedDuration::from_secs(40)).unwrap();
        model.update(Stamped { at, event });
        look(&model, Look::default());
        let _ = model.deadline();
    }
}
