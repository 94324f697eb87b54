//! What people do, and what the world does to them: the steps of a play, carried out.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::SignedDuration;
use tuilio::domain::{Intent, NewMessage, PhoneNumber, Recipient, Secret, Sender};
use tuilio::keymap::{Chord, Key, Place};
use tuilio::layout::Size;
use tuilio::model::check::Check;
use tuilio::model::{Event, Pasted};
use tuilio::plain::{self, is_free};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request};

use super::Office;
use crate::desk::chords;
use crate::intents::Elsewhere;
use crate::picture;
use crate::script::Script;
use crate::step::{self, BODIES, PEOPLE, Step};

/// So long a line may wait at the most: repetitions and waits of a request are over by then.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

impl Office {
    fn happen(&mut self, event: Event) {
        let seat = self.front();
        seat.desk.events.send(event).unwrap();
        self.live(Duration::from_millis(1));
    }

    pub(super) fn press(&mut self, keys: &str) {
        if self.front().spoken {
            return self.type_keys(keys);
        }
        for chord in chords(keys) {
            if chord == Chord::plain(Key::Enter)
                && self.front().desk.model.places()[0] == Place::Review
            {
                // A review is read before it is sent.
                self.live(Duration::from_secs(1));
            }
            self.happen(Event::Key { chord, held: false });
        }
    }

    /// The same at a desk of lines: what has a letter is typed, the other keys by their names.
    fn type_keys(&mut self, keys: &str) {
        let mut typed = String::new();
        let mut lines = Vec::new();
        for chord in chords(keys) {
            if let Some(letter) = chord.text() {
                typed.push(letter);
                continue;
            }
            lines.extend((!typed.is_empty()).then(|| std::mem::take(&mut typed)));
            lines.push(if chord == Chord::plain(Key::Enter) {
                String::new()
            } else {
                format!(":{chord}")
            });
        }
        lines.extend((!typed.is_empty()).then_some(typed));
        for line in lines {
            self.type_line(&line);
        }
    }

    /// A line is typed: it waits until the desk is free, and is taken as what it means then.
    fn type_line(&mut self, line: &str) {
        let began = self.now();
        while !is_free(&self.front().desk.model) {
            if self.now().duration_since(began) > PATIENCE {
                let mut ledger = self.ledger.lock().unwrap();
                return ledger.broken("a typed line is taken", format!("{line:?} waits"));
            }
            self.live(Duration::from_secs(1));
        }
        let seat = self.front();
        let meant = plain::events(&seat.desk.model, seat.desk.look, line);
        seat.watch.awaits.set(meant.len());
        for event in meant {
            seat.desk.events.send(event).unwrap();
        }
        self.ledger.lock().unwrap().counters.count("lines typed");
        self.live(Duration::from_millis(1));
    }

    fn paste(&mut self, text: &str) {
        if self.front().spoken {
            for line in text.lines() {
                self.type_line(line);
            }
            return;
        }
        self.happen(Event::Pasted(Pasted(text.to_owned().into())));
    }

    /// Takes a step.
    pub fn take(&mut self, step: &Step) {
        let of_the_screen = matches!(
            step,
            Step::Held(_)
                | Step::Click { .. }
                | Step::Scroll { .. }
                | Step::Size { .. }
                | Step::Focus(_)
        );
        if of_the_screen && self.front().spoken {
            return;
        }
        match *step {
            Step::Keys(keys) => self.press(keys),
            Step::Held(key) => {
                for chord in chords(key).repeat(5) {
                    self.happen(Event::Key { chord, held: true });
                }
            }
            Step::Paste(text) => self.paste(text),
            Step::Check(who) => {
                self.press("<Esc><Esc><F7><Esc><Esc>");
                self.paste(PEOPLE[who]);
                self.press("<Enter>");
            }
            Step::Text { to, body } => {
                self.press("<Esc><Esc><F6><Esc><Esc><Esc><Esc>");
                self.paste(PEOPLE[to]);
                self.press("<Enter>");
                self.paste(BODIES[body]);
                self.press("<Enter><Enter>");
            }
            Step::Code { right, pasted } => self.read_out(right, pasted),
            Step::Click { column, row } => {
                let desk = &self.front().desk;
                let click = picture::spots(&desk.model, desk.look).at(column, row);
                if let Some(click) = click {
                    self.happen(Event::Clicked(click));
                }
            }
            Step::Scroll { down } => self.happen(Event::Scrolled { down }),
            Step::Size { width, height } => self.happen(Event::Resized(Size { width, height })),
            Step::Focus(here) => self.happen(Event::Focused(here)),
            Step::Wait(milliseconds) => self.live(Duration::from_millis(milliseconds)),
            Step::Sleep(seconds) => self.sleep(Duration::from_secs(seconds)),
            Step::Weather(weather) => self.ledger.lock().unwrap().weather = weather,
            Step::Fault { fault, times } => {
                let (method, path, kind, mut more) = step::fault(fault);
                let times = times.to_string();
                more.push(("times", &times));
                self.front().desk.plant(method, path, kind, &more);
            }
            Step::CustomerWrites(who) => self.customer_writes(PEOPLE[who]),
            Step::Elsewhere { to, body } => self.send_from_elsewhere(PEOPLE[to], BODIES[body]),
            Step::HistoryFails(failing, times) => {
                self.front().watch.failing.set(Some((failing, times)));
            }
            Step::KeyringFails(fails) => self.vault.fails(fails),
            Step::Connect => self.connect_anew(),
            Step::Crash { after, as_it_lay } => {
                self.as_it_lay = as_it_lay;
                self.front().watch.fuse.set(Some(after));
            }
            Step::Leave => {
                self.press("<Ctrl-Q>");
                if self.seat().is_some() {
                    self.press("y");
                }
                self.end(self.at, false);
            }
            Step::OtherDesk => {
                self.at = 1 - self.at;
                self.front();
                self.live(Duration::from_millis(1));
            }
            Step::Script { to, body } => self.run_script(PEOPLE[to], BODIES[body]),
            Step::Clock(seconds) => {
                self.set_to = SignedDuration::from_secs(seconds);
                self.ledger.lock().unwrap().counters.count("clock set");
            }
        }
    }

    /// The machine sleeps, and wakes up.
    fn sleep(&mut self, time: Duration) {
        let wakes = self.now() + time;
        {
            let mut ledger = self.ledger.lock().unwrap();
            ledger.counters.count("machine slept");
            for seat in self.seats.iter().flatten() {
                let overslept = seat.watch.oversleeps(wakes + seat.desk.ahead);
                (0..overslept).for_each(|_| ledger.counters.count("a wait was overslept"));
            }
        }
        let line = Arc::clone(&self.line);
        self.tokio.block_on(line.sleep(time));
        self.live(Duration::from_millis(1));
    }

    /// The customer of the check on screen reads out the newest code on the phone, or another one.
    fn read_out(&mut self, right: bool, pasted: bool) {
        let model = &self.front().desk.model;
        let (Some(Place::Code), Some(check)) = (model.places().first(), model.verify.check())
        else {
            return;
        };
        let to = match &check.to {
            Recipient::Phone(number) => number.e164().to_owned(),
            Recipient::Email(address) => address.as_str().to_owned(),
        };
        let code =
            self.with_world(|world| world.phone(&to).filter_map(|item| item.code.clone()).last());
        let Some(code) = code else { return };
        let code = if right {
            code
        } else {
            self.ledger.lock().unwrap().counters.count("wrong codes");
            "999999".to_owned()
        };
        if pasted {
            self.paste(&code);
        } else {
            self.press(&code);
        }
        self.live(Duration::from_millis(500));
        // After two wrong codes the next one waits for it.
        let check = self.front().desk.model.verify.check();
        if check.is_some_and(Check::is_full) {
            self.press("<Enter>");
        }
    }

    fn customer_writes(&mut self, number: &'static str) {
        let heard = self.with_world(|world| world.phone(number).any(|item| item.code.is_none()));
        if heard {
            self.front()
                .desk
                .customer_writes(number, "Thanks \u{1b}[31m");
            self.live(Duration::from_millis(1));
        }
    }

    /// As a colleague in the console does, or another program on the same account.
    fn send_from_elsewhere(&mut self, to: &str, body: &str) {
        let (now, (_, connection)) = (self.now(), self.keys());
        let (field, sender) = match connection.sender.unwrap().sender {
            Sender::Number(number) => ("From", number.e164().to_owned()),
            Sender::Name(name) => ("From", name.clone()),
            Sender::Service(sid) => ("MessagingServiceSid", sid.to_string()),
        };
        let mut world = self.line.world.lock().unwrap();
        let path = format!(
            "/2010-04-01/Accounts/{}/Messages.json",
            world.credentials().account_sid
        );
        let form = [("To", to), ("Body", body), (field, &sender)];
        let request = Request {
            method: Method::Post,
            host: Host::Api,
            path,
            query: Vec::new(),
            form: form
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            auth: Some(BasicAuth {
                username: world.credentials().account_sid.clone(),
                password: Secret::new(world.credentials().auth_token.expose()),
            }),
        };
        // Whatever came of it: it may be there.
        let _ = world.handle(now, &request);
        let mut ledger = self.ledger.lock().unwrap();
        ledger.counters.count("texts of another machine");
        ledger.elsewhere.push(Elsewhere {
            words: (to.to_owned(), body.to_owned()),
            at: now,
        });
    }

    fn connect_anew(&mut self) {
        let (keys, _) = self.keys();
        let tuilio::domain::connection::Credentials::ApiKey { sid, secret } = &keys.credentials
        else {
            return;
        };
        let account = &keys.account_sid;
        let paste = format!(
            "Account: {account}\nkey is {sid}, secret: {}",
            secret.expose()
        );
        self.press("<Esc><Esc><Esc><F8>c");
        // Keys are pasted where they are asked for, and nowhere else.
        if self
            .seat()
            .is_some_and(|seat| seat.desk.model.setup.is_some())
        {
            self.paste(&paste);
            for _ in 0..8 {
                self.press("<Enter>");
                self.live(Duration::from_secs(2));
                if self
                    .seat()
                    .is_none_or(|seat| seat.desk.model.setup.is_none())
                {
                    break;
                }
            }
        }
    }

    fn run_script(&mut self, to: &str, body: &str) {
        let (keys, connection) = self.keys();
        let sender = connection.sender.unwrap().sender;
        let message = NewMessage::new(PhoneNumber::from_e164(to).unwrap(), sender, body);
        let alive = Arc::new(AtomicBool::new(true));
        let script = Script {
            home: self.home.clone(),
            line: Arc::clone(&self.line),
            ledger: Arc::clone(&self.ledger),
            alive: Arc::clone(&alive),
            keys,
            ahead: self.ahead,
            intent: Intent::Text(message),
            vault: Arc::clone(&self.vault),
        };
        self.ledger.lock().unwrap().counters.count("scripts");
        let task = {
            let _inside = self.tokio.enter();
            tokio::spawn(script.run())
        };
        self.scripts.push((task, alive));
        self.live(Duration::from_millis(1));
    }
}
