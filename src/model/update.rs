//! What an event does: each goes to the one place that knows what it means, and what time has brought is done
//! after it.

use crate::domain::phrase;
use crate::keymap::Place;
use crate::layout;

use super::check::Check;
use super::{Ask, Effect, Event, Model, Pasted, Stamped, Whereabouts};

impl Model {
    /// Takes an event in, and says what is to be done about it.
    pub fn update(&mut self, Stamped { at, event }: Stamped) -> Vec<Effect> {
        self.now = self.now.max(at);
        let before = self.endings();
        let by_hand = matches!(
            event,
            Event::Key { .. }
                | Event::Pasted(_)
                | Event::Burst(_)
                | Event::Clicked(_)
                | Event::Scrolled { .. }
        );
        self.lock.woke(self.now, self.lock_minutes());
        if by_hand {
            self.lock.touch(self.now);
            let is_said = matches!(
                event,
                Event::Key { .. } | Event::Pasted(_) | Event::Burst(_)
            );
            if self.lock.is_closed() && !is_said {
                return Vec::new();
            }
        }
        let is_copied = matches!(event, Event::Copied { .. });
        let notice = self.notice.clone();
        let mut effects = match event {
            Event::Opened(opened) => self.opened(*opened),
            Event::TemplatesRead(templates) => {
                self.compose.take_in(templates);
                Vec::new()
            }
            Event::PolicyRead(policy) => self.policy_read(policy.map(|policy| *policy)),
            Event::Connected(connection) => self.connected(*connection),
            Event::KeysRead(result) => self.keys_read(result),
            Event::ProfilesRead(result) => {
                self.profiles_read(result);
                Vec::new()
            }
            Event::NotConnected => self.begin_setup(false),
            Event::LookedAround(surroundings) => {
                self.looked_around(*surroundings);
                Vec::new()
            }
            Event::PlainRemoved(result) => {
                self.plain_removed(result);
                Vec::new()
            }
            Event::ConnectFailed(failure) => {
                self.settings.reading_ended();
                self.connect_failure = Some(failure);
                Vec::new()
            }
            Event::Key { chord, held } => self.key(chord, held),
            Event::Pasted(Pasted(text)) => self.pasted(&text),
            Event::Burst(Pasted(text)) => self.burst(&text),
            Event::Told(what) => {
                self.notify(what);
                Vec::new()
            }
            Event::Pointed { .. } | Event::Background { .. } => Vec::new(),
            Event::Focused(here) => self.focused(here),
            Event::Clicked(click) => self.clicked(&click),
            Event::Scrolled { down } => self.scrolled(down),
            Event::Resized(size) => {
                self.size = size;
                Vec::new()
            }
            Event::Woke => Vec::new(),
            Event::Intended { op, result } => {
                let step = self.operations.intended(op, result, self.now);
                self.progressed(op, step)
            }
            Event::Replied { ask, result } => self.replied(ask, result),
            Event::Delayed { ask, until } => {
                if let Ask::Operation(op) = ask {
                    self.verify.delayed(op, until);
                }
                Vec::new()
            }
            Event::Settled { op, result } => self.settled(op, result),
            Event::PageLoaded { before, result } => {
                match (before, result) {
                    (Some(_), Ok(page)) => self.history.append(page),
                    (None, Ok(page)) => self.newest_rows(page),
                    (_, Err(failure)) => {
                        self.history.append_failed();
                        self.notify(failure.phrase());
                        self.verify.all().for_each(Check::history_read);
                        self.read_later();
                    }
                }
                Vec::new()
            }
            Event::Tallied(result) => {
                let midnight = self.midnight();
                let before = self.history.today(midnight).copied();
                self.history.counted(result.ok(), self.now, midnight);
                // Others write into the same history: what was counted is shown as well.
                let news = before.is_some_and(|day| self.history.today(midnight) != Some(&day));
                let page = news.then_some(Effect::LoadPage { before: None });
                page.into_iter().collect()
            }
            Event::LookedBack(result) => self.looked_back(result),
            Event::Found {
                number,
                before,
                result,
            } => {
                self.found(number, before, result);
                Vec::new()
            }
            Event::Exported(result) => {
                self.exported(result);
                Vec::new()
            }
            Event::Deleted(result) => {
                self.deleted(result);
                Vec::new()
            }
            Event::Forgotten(result) => {
                self.forgotten(result);
                Vec::new()
            }
            // A desk never asks for it.
            Event::StartFound(_) => Vec::new(),
            Event::DraftSaved(result) => {
                if let Err(failure) = result {
                    self.notify(failure.phrase());
                }
                Vec::new()
            }
            Event::SettingsSaved(result) => self.settings_saved(result),
            Event::Kept(result) => {
                let setup = self.setup.as_mut();
                let effects = setup.map(|setup| setup.kept(result)).unwrap_or_default();
                self.connect_by(effects)
            }
            Event::SignedOut(result) => self.signed_out(result),
            Event::Examined { number, finding } => {
                self.examined(number, *finding);
                Vec::new()
            }
            Event::PhoneRang(items) => {
                self.phone = items;
                Vec::new()
            }
            Event::Copied { by_system: true } => {
                self.notify(phrase!("Copied to the clipboard."));
                Vec::new()
            }
            Event::Copied { by_system: false } => {
                self.notify(phrase!(
                    "Copied by way of the terminal. Not every terminal takes it."
                ));
                Vec::new()
            }
            Event::TerminalGone | Event::Faulted => vec![Effect::Quit],
            Event::LossProved => {
                self.loss_proved();
                Vec::new()
            }
        };
        self.untell();
        // A copy is the answer to a key, though it takes a moment.
        let is_answer = (by_hand || is_copied) && self.notice != notice;
        self.leave_notice_behind(is_answer);
        effects.extend(self.woke());
        self.enter_sends();
        self.history.conceal_unmarked();
        self.watch_tour();
        effects.extend(self.about_somebody_new());
        if self.connection.is_some() {
            effects.extend(self.replies_woke());
        }
        self.keep_draft(&mut effects);
        effects.extend(self.call_the_agent(before));
        effects
    }

    /// What answers a key or a paste tells of what the agent is at, and goes with it. What has happened by
    /// itself is told everywhere.
    fn leave_notice_behind(&mut self, is_an_answer: bool) {
        // Behind a hidden desk, or in a window that is too small, what the agent was at stays as it was.
        let is_hidden = self.lock.is_closed() || layout::is_too_small(self.size);
        if self.notice.is_none() || is_hidden {
            return;
        }
        let mut places = self.places();
        // The agent stays at an entry, whatever becomes of it and of the keys for it.
        places.retain(|place| !matches!(place, Place::Detail | Place::DetailUnknown));
        let here = Whereabouts {
            pane: self.pane,
            places,
            check: self.verify.shown,
        };
        self.notice
            .take_if(|notice| !is_an_answer && notice.of.as_ref().is_some_and(|of| *of != here));
        if let Some(notice) = self.notice.as_mut().filter(|_| is_an_answer) {
            notice.of = Some(here);
        }
    }
}
