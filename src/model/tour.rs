//! The tour: seven calls on the real screens, each with something to do and something to learn.
//!
//! It sends nothing and decides nothing. It looks at the desk after every event, and goes on where the
//! learner did what was asked; whatever led to it counts. Only forward: what was done once stays done,
//! and any stop can be skipped or begun again.

mod lessons;

use crate::domain::{Phrase, Recipient, Timestamp, phrase};
use crate::keymap::{Action, Place};
use crate::layout::{self, Size};

use super::check::Check;
use super::event::PhoneItem;
use super::{Model, Overlay, Pane};
use lessons::{Caller, Seen};
pub use lessons::{Lesson, Stop};

/// The tour, and how far it has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Tour {
    /// Where it is.
    pub stop: Stop,
    /// What became of each stop, in their order.
    pub passed: [Passed; Stop::ALL.len()],
    /// How many things of this stop are done.
    step: usize,
    /// When this stop began.
    since: Timestamp,
    /// What the learner did last, until it was looked at.
    did: Option<Action>,
}

/// What became of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// Not yet been there.
    Ahead,
    /// Done.
    Done,
    /// Left before it was done.
    Skipped,
}

impl Tour {
    /// At its first stop.
    pub fn new(now: Timestamp) -> Self {
        Self {
            stop: Stop::HappyPath,
            passed: [Passed::Ahead; Stop::ALL.len()],
            step: 0,
            since: now,
            did: None,
        }
    }

    /// What this stop asks and teaches.
    pub fn lesson(&self) -> Lesson {
        Lesson::of(self.stop)
    }

    /// Everything that this stop asks for is done.
    pub fn is_done(&self) -> bool {
        self.step >= self.lesson().steps.len()
    }

    /// What the learner shall do now; none where all is done.
    pub fn turn(&self) -> Option<Phrase> {
        let mut steps = self.lesson().steps.into_iter();
        steps.nth(self.step).map(|step| step.turn)
    }

    /// Another stop, or the same one once more.
    pub fn go(&mut self, stop: Stop, now: Timestamp) {
        if self.passed[self.stop as usize] == Passed::Ahead {
            self.passed[self.stop as usize] = Passed::Skipped;
        }
        self.passed[stop as usize] = Passed::Ahead;
        self.stop = stop;
        self.step = 0;
        self.since = now;
        self.did = None;
    }

    /// No stop comes after this one.
    pub fn is_last(&self) -> bool {
        self.next().is_none()
    }

    fn next(&self) -> Option<Stop> {
        Stop::ALL.get(self.stop as usize + 1).copied()
    }

    /// The newest check of the number that this stop is about.
    fn check<'a>(&self, model: &'a Model) -> Option<&'a Check> {
        let number = self.lesson().number?;
        model.verify.checks.iter().rev().find(|check| {
            let of_this_stop = check.started_at >= self.since || check.is_unfinished();
            of_this_stop && matches!(&check.to, Recipient::Phone(to) if to.e164() == number)
        })
    }

    fn look(&mut self, model: &Model) {
        let did = self.did.take();
        let check = self.check(model);
        let steps = self.lesson().steps;
        while let Some(step) = steps.get(self.step) {
            if !(step.done)(&Seen { model, check, did }) {
                return;
            }
            self.step += 1;
        }
        self.passed[self.stop as usize] = Passed::Done;
    }
}

impl Model {
    /// The tour looks at what the desk has become.
    pub(super) fn watch_tour(&mut self) {
        let Some(mut tour) = self.tour.take() else {
            return;
        };
        let left = tour.is_done() && tour.did == Some(Action::NextCustomer);
        tour.look(self);
        self.tour = Some(tour);
        if left {
            self.act_on_tour(Action::NextStop);
        }
    }

    /// What the learner asks for, before the desk does it.
    pub(super) fn tell_tour(&mut self, action: Action) {
        if let Some(tour) = &mut self.tour {
            tour.did = Some(action);
        }
    }

    /// Where the keys of the tour hold: before those of the pane, but after those of a question on it.
    pub(super) fn with_tour(&self, mut pane: Vec<Place>) -> Vec<Place> {
        let question = pane.iter().any(|place| {
            matches!(
                place,
                Place::Caution | Place::Detail | Place::Review | Place::Body
            )
        });
        match &self.tour {
            None => {}
            // Whom the learner types next is sent to before the tour goes on.
            Some(tour) if tour.is_done() && self.is_begun_anew() => pane.push(Place::TourDone),
            Some(tour) if tour.is_done() => pane.insert(0, Place::TourDone),
            Some(_) if question => pane.push(Place::Tour),
            Some(_) => pane.insert(0, Place::Tour),
        }
        pane
    }

    /// How to get back to the caller of this stop, where the learner has left that one.
    pub fn way_back(&self, tour: &Tour) -> Option<Phrase> {
        let check = tour.check(self).filter(|_| !tour.is_done())?;
        let on_pane = self.pane == Pane::Verify;
        let shown = self.verify.check().filter(|_| on_pane);
        if !check.is_unfinished() || shown.is_some_and(|shown| std::ptr::eq(shown, check)) {
            return None;
        }
        let action = if on_pane {
            Action::OtherCheck
        } else {
            Action::GoVerify
        };
        let places = self.places().into_iter();
        let key = places.filter_map(|place| self.setting.keymap.chord(place, action));
        let key = key.map(|key| key.to_string()).next()?;
        Some(phrase!(
            "The caller of this stop waits. {key} goes back there.",
            key = key
        ))
    }

    /// A number or an address stands in the form, and waits to be sent to.
    pub fn is_begun_anew(&self) -> bool {
        let typed = self.verify.shown.is_none() && !self.verify.to.is_empty();
        self.pane == Pane::Verify && typed
    }

    pub(super) fn act_on_tour(&mut self, action: Action) {
        let marked = match &self.overlay {
            Some(Overlay::Tour { marked }) => Some(*marked),
            _ => None,
        };
        match (action, marked) {
            (Action::TourCard, _) if self.setting.demo => {
                let at = self.tour.as_ref().map_or(0, |tour| tour.stop as usize);
                self.overlay = Some(Overlay::Tour { marked: at });
            }
            (Action::TourCard, _) => {
                self.notify(phrase!("The tour is part of the demo: tuilio tour."));
            }
            (Action::Down, Some(at)) => {
                let marked = (at + 1).min(Stop::ALL.len() - 1);
                self.overlay = Some(Overlay::Tour { marked });
            }
            (Action::Up, Some(at)) => {
                let marked = at.saturating_sub(1);
                self.overlay = Some(Overlay::Tour { marked });
            }
            (Action::Submit, Some(at)) => self.go_to_stop(Stop::ALL[at]),
            (Action::RestartStop, _) => {
                let stop = self.tour.as_ref().map_or(Stop::HappyPath, |tour| tour.stop);
                self.go_to_stop(stop);
            }
            (Action::NextStop, _) => match &self.tour {
                None => self.go_to_stop(Stop::HappyPath),
                Some(tour) => match tour.next() {
                    Some(stop) => self.go_to_stop(stop),
                    None => self.leave_tour(),
                },
            },
            (Action::LeaveTour, _) => self.leave_tour(),
            (Action::Back, _) => self.overlay = None,
            _ => {}
        }
    }

    fn go_to_stop(&mut self, stop: Stop) {
        let now = self.now;
        self.overlay = None;
        self.tour
            .get_or_insert_with(|| Tour::new(now))
            .go(stop, now);
        self.verify.next_customer();
        self.verify.to.clear();
        self.verify.edited(&self.setting.default_country);
        self.pane = Pane::Verify;
    }

    fn leave_tour(&mut self) {
        self.overlay = None;
        if self.tour.take().is_some() {
            self.notify(phrase!(
                "The tour is over, the demo goes on. Ctrl-O: again."
            ));
        }
    }

    /// Rows above the pane for the tour, and rows under it for the pretend phone.
    pub fn strips(&self) -> (u16, u16) {
        // A page or a question has the whole pane.
        let covered = self.setup.is_some() || self.overlay.is_some();
        if covered || layout::is_too_small(self.size) {
            return (0, 0);
        }
        let waits = self.verify.check().is_some_and(Check::is_open);
        match &self.tour {
            // What is asked has to be read whole before it is answered.
            Some(_) if self.has_caution() && layout::is_low(self.size) => (0, 0),
            Some(_) => (layout::tour_rows(self.size), 0),
            None if self.setting.demo
                && waits
                && self.pane == Pane::Verify
                && !self.phone.is_empty() =>
            {
                (0, layout::phone_rows(self.size))
            }
            None => (0, 0),
        }
    }

    /// What is asked about a check or a text is on the screen.
    fn has_caution(&self) -> bool {
        match self.pane {
            Pane::Verify => self.verify.place() == Place::Caution,
            Pane::Message => self.compose.place() == Place::ReviewCaution,
            Pane::History | Pane::Settings => false,
        }
    }

    /// The terminal without the strips: what the panes have for themselves.
    pub fn room(&self) -> Size {
        let (above, below) = self.strips();
        Size {
            height: self.size.height.saturating_sub(above + below),
            ..self.size
        }
    }

    /// What is on the pretend phones: of the caller alone where a stop of the tour has one.
    pub fn on_show(&self) -> impl DoubleEndedIterator<Item = &PhoneItem> {
        let number = self.tour.as_ref().and_then(|tour| tour.lesson().number);
        let is_shown = move |item: &&PhoneItem| number.is_none_or(|number| item.to == number);
        self.phone.iter().filter(is_shown)
    }

    /// What the pretend caller says now, in the demo.
    pub fn caller(&self) -> Option<Phrase> {
        let Some(tour) = &self.tour else {
            let check = self.verify.check()?;
            let digits = self.read_out(&check.to, false)?;
            return check
                .is_open()
                .then(|| phrase!("It says {digits}.", digits = digits));
        };
        let step = tour.lesson().steps.into_iter().nth(tour.step)?;
        let to = tour.check(self).map(|check| &check.to);
        let reads = |older| to.and_then(|to| self.read_out(to, older));
        match step.caller {
            Caller::Says(words) => Some(words),
            Caller::Reads => Some(match reads(false) {
                Some(digits) => phrase!("It is here. {digits}.", digits = digits),
                None => phrase!("Nothing has come yet."),
            }),
            Caller::ReadsOlder => Some(match reads(true) {
                Some(digits) => phrase!("I have a message here. {digits}.", digits = digits),
                None => phrase!("Nothing has come yet."),
            }),
        }
    }

    /// The digits on that phone, one by one, as somebody reads them out: of the newest message, or of the
    /// one before it.
    fn read_out(&self, to: &Recipient, older: bool) -> Option<String> {
        let to = match to {
            Recipient::Phone(number) => number.e164(),
            Recipient::Email(address) => address.as_str(),
        };
        let mut codes = self
            .phone
            .iter()
            .rev()
            .filter(|item| item.to == to)
            .filter_map(|item| item.code.as_deref());
        let newest = codes.next()?;
        let code = if older {
            codes.find(|code| *code != newest)?
        } else {
            newest
        };
        Some(spoken(code))
    }
}

/// Digits one by one, in groups of three.
fn spoken(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    let groups: Vec<String> = digits
        .chunks(3)
        .map(|group| {
            let group: Vec<String> = group.iter().map(char::to_string).collect();
            group.join(" ")
        })
        .collect();
    groups.join("   ")
}
