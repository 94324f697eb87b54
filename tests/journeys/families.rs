//! Every family of hostile text, through every screen: as the name of the account, of the service and of the
//! sender, as a text that goes out and one that comes in, as what Twilio says of an error or a network, as
//! what is pasted, looked for and typed into the palette, as the name of a template's file.
//!
//! Each screen is looked at in two sizes, cell by cell and as the bytes that a terminal would get, which
//! another terminal reads: it hears no bell, no title, no clipboard, and nothing that it does not know.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use serde_json::Value;
use tuilio::domain::Untrusted;
use tuilio::domain::connection::Source;
use tuilio::layout::Size;
use tuilio::model::{Event, Model};
use tuilio::runtime::Shelf;
use tuilio::twilio::transport::{Sending, Transport};
use tuilio::twilio::wire::{Request, Response};
use tuilio::vault::MemoryVault;
use tuilio::view::{self, Look};

use crate::desk::{Desk, MOBILE};
use crate::line::Line;
use crate::picture;

#[path = "../properties/laws/chars.rs"]
#[expect(dead_code, reason = "the properties use the rest")]
mod chars;

/// The smaller one shows what little fits; nothing may act in that either.
const SIZES: [(u16, u16); 2] = [(80, 24), (40, 10)];

/// Fields of Twilio's answers that hold what somebody else wrote.
const FOREIGN: [&str; 8] = [
    "message",
    "detail",
    "error_message",
    "carrier",
    "carrier_name",
    "friendly_name",
    "national_format",
    "line_type",
];

/// Twilio, whose words are somebody else's.
#[derive(Clone)]
struct Meddler {
    line: Arc<Line>,
    says: String,
}

impl Transport for Meddler {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let (delay, result) = self.line.arrive(&request);
            tokio::time::sleep(delay).await;
            result.map(|answer| self.meddle(answer))
        })
    }
}

impl Meddler {
    fn meddle(&self, mut answer: Response) -> Response {
        if let Ok(mut body) = serde_json::from_slice::<Value>(&answer.body) {
            self.put(&mut body);
            answer.body = serde_json::to_vec(&body).unwrap();
        }
        answer
    }

    fn put(&self, json: &mut Value) {
        match json {
            Value::Object(fields) => {
                for (name, value) in fields {
                    if FOREIGN.contains(&name.as_str()) && !value.is_object() {
                        *value = self.says.as_str().into();
                    } else {
                        self.put(value);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.put(item)),
            _ => {}
        }
    }
}

/// What another terminal hears besides text.
#[derive(Default)]
struct Heard(Vec<String>);

impl vt100::Callbacks for Heard {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("bell".to_owned());
    }

    fn visual_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("visual bell".to_owned());
    }

    fn resize(&mut self, _: &mut vt100::Screen, size: (u16, u16)) {
        self.0.push(format!("resize {size:?}"));
    }

    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0.push("icon".to_owned());
    }

    fn set_window_title(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0.push("title".to_owned());
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], _: &[u8]) {
        self.0.push("clipboard".to_owned());
    }

    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0.push("clipboard".to_owned());
    }

    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        self.0.push(format!("control {byte}"));
    }

    fn unhandled_escape(&mut self, _: &mut vt100::Screen, _: Option<u8>, _: Option<u8>, byte: u8) {
        self.0.push(format!("escape {byte}"));
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        self.0.push(format!("osc {params:?}"));
    }
}

/// Where the bytes for a terminal go.
#[derive(Clone, Default)]
struct Bytes(Rc<RefCell<Vec<u8>>>);

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Looks at the screen in both sizes.
#[track_caller]
fn look(desk: &Desk, family: &str) {
    for (width, height) in SIZES {
        let model = Model {
            size: Size { width, height },
            ..desk.model.clone()
        };
        let (buffer, _) = picture::draw(&model, desk.look);
        for cell in buffer.content() {
            let bad = cell
                .symbol()
                .chars()
                .find(|&c| chars::acts(c) || chars::hides(c));
            assert_eq!(
                bad,
                None,
                "{family:?} on {width}x{height}:\n{}",
                desk.screen()
            );
        }
        let heard = hear(&model, desk.look);
        assert!(
            heard.is_empty(),
            "{family:?} on {width}x{height}: {heard:?}"
        );
        chars::assert_harmless(&view::title(&model, desk.look), "the title");
    }
}

/// The bytes for a terminal of that size, read by another one.
fn hear(model: &Model, look: Look) -> Vec<String> {
    let Size { width, height } = model.size;
    let bytes = Bytes::default();
    let options = TerminalOptions {
        viewport: Viewport::Fixed(Rect::new(0, 0, width, height)),
    };
    let mut terminal =
        Terminal::with_options(CrosstermBackend::new(bytes.clone()), options).unwrap();
    terminal
        .draw(|frame| drop(view::draw(frame, model, look)))
        .unwrap();
    let (rows, columns) = (height.try_into().unwrap(), width.try_into().unwrap());
    let mut parser = vt100::Parser::new_with_callbacks(rows, columns, 0, Heard::default());
    parser.process(&bytes.0.borrow());
    std::mem::take(&mut parser.callbacks_mut().0)
}

/// A desk at work whose names are hostile, at a Twilio whose words are.
fn desk(family: &str) -> Desk {
    let mut desk = Desk::at_work("happy");
    desk.looks_at_all_sizes = false;
    let line = Arc::clone(&desk.line);
    let says = family.to_owned();
    desk.road = Rc::new(move |_| {
        Arc::new(Meddler {
            line: Arc::clone(&line),
            says: says.clone(),
        })
    });
    let (_, mut connection) = desk.account(Source::Profile("acme".to_owned()));
    connection.account_name = Some(Untrusted::from(family));
    if let Some(service) = &mut connection.verify_service {
        service.name = Untrusted::from(family);
    }
    if let Some(sender) = &mut connection.sender {
        sender.name = Untrusted::from(family);
    }
    desk.happen(Event::Connected(Box::new(connection)));
    desk
}

/// Something that an agent, a customer or time does.
type Step = for<'a> fn(&'a mut Desk, &str) -> &'a mut Desk;

#[test]
fn every_family_is_drawn_harmless_on_every_screen() {
    for family in chars::HOSTILE {
        let mut desk = desk(family);
        let steps: [Step; 16] = [
            |desk, _| desk.press("<F8>"),
            |desk, family| desk.press("<Esc><F1>").paste(family),
            |desk, family| desk.press("<Esc><Esc><Ctrl-K>").paste(family),
            // A text, to somebody whose carrier reports an error.
            |desk, family| desk.press("<Esc><Esc><F6>").paste(family),
            |desk, family| desk.press("<Ctrl-U>415 555 0105<Enter>").paste(family),
            |desk, _| desk.press("x<Enter>"),
            |desk, _| desk.press("<Enter>").wait(40.0),
            // One that is answered.
            |desk, family| {
                desk.press("n")
                    .paste("415 555 0100")
                    .press("<Enter>")
                    .paste(family)
            },
            |desk, _| desk.press("y<Enter><Enter>").wait(5.0),
            |desk, family| desk.customer_writes(MOBILE, family).wait(60.0),
            |desk, _| desk.press("<F5>").wait(2.0),
            // The history, an entry, a filter.
            |desk, _| desk.press("<Esc><Esc><F4><Enter>").wait(1.0),
            |desk, family| desk.press("<Esc>/").paste(family).wait(1.0),
            // A check of a number that Twilio refuses, and of one that it does not.
            |desk, family| desk.press("<Esc><Esc><Esc><F7>").paste(family),
            |desk, _| {
                desk.press("<Ctrl-U>+1 264 555 0140<Enter><Enter>")
                    .wait(2.0)
            },
            |desk, family| {
                desk.press("<Esc><F7><Esc>415 555 0100<Enter><Enter>");
                desk.wait(30.0).paste(family)
            },
        ];
        look(&desk, family);
        for step in steps {
            step(&mut desk, family);
            look(&desk, family);
        }
        assert!(
            !desk.messages().is_empty(),
            "{family:?}: nothing was sent:\n{}",
            desk.screen()
        );
    }
}

#[test]
fn every_family_is_harmless_as_a_file_of_templates_and_as_a_paste_of_keys() {
    let folder = tempfile::tempdir().unwrap();
    for (number, family) in chars::HOSTILE.iter().enumerate() {
        // What a file system does not take as a name stands in the title.
        let name = format!("{number:02}-{}.txt", family.replace(['/', '\0'], ""));
        let text = format!("# {family}\n{family} {{{family}}}");
        let bare = folder.path().join(format!("{number:02}.txt"));
        if std::fs::write(folder.path().join(&name), &text).is_err() {
            std::fs::write(bare, &text).unwrap();
        }
    }
    std::fs::write(folder.path().join("00-\u{1b}[2J\u{202e}.txt"), "").unwrap();
    let mut desk = Desk::at_work("happy");
    desk.looks_at_all_sizes = false;
    desk.shelf = Shelf::Folder(folder.path().to_owned());
    desk.press("<F6>415 555 0100<Enter><Ctrl-T>").wait(1.0);
    look(&desk, "templates");
    for _ in 0..chars::HOSTILE.len() {
        desk.press("<Down>");
        look(&desk, "templates");
    }
    desk.press("<Enter>");
    look(&desk, "a template");

    let vault = Arc::new(MemoryVault::default());
    let mut desk = Desk::first_run(vault, &folder.path().join("config.toml"));
    desk.looks_at_all_sizes = false;
    for family in chars::HOSTILE {
        desk.paste(family).press("<Enter>").wait(0.5);
        look(&desk, family);
        desk.press("<Esc>");
        look(&desk, family);
    }
}
