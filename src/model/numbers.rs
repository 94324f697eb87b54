//! Two numbers in one paste: a small list to pick from.
//!
//! Nothing is marked at first and picking sends nothing, so that no number is taken by a key that was
//! pressed once too often.

use crate::domain::phone::PhoneProblem;
use crate::domain::{PhoneNumber, phrase};
use crate::keymap::Action;

use super::verify::Focus;
use super::{Model, Overlay, Pane, compose};

/// So many are shown; nobody means one of more.
const MOST: usize = 9;

/// The numbers of a paste, in the order of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// Which.
    pub list: Vec<PhoneNumber>,
    /// The one that Enter takes.
    pub marked: Option<usize>,
    /// The paste had more than are shown.
    pub more: bool,
}

impl Model {
    /// Offers the numbers of a paste, where it has several and a number is asked for; whether it did. The
    /// text stands in its field as any other, with what is wrong with it.
    pub(super) fn offer_numbers(&mut self, text: &str) {
        let asked = match self.pane {
            Pane::Verify => self.verify.shown.is_none() && self.verify.focus != Focus::Ticket,
            Pane::Message => self.compose.stage == compose::Stage::To,
            Pane::History | Pane::Settings => false,
        };
        let several = PhoneNumber::parse(text, &self.setting.default_country);
        let Err(PhoneProblem::Several(mut list)) = several else {
            return;
        };
        if !asked || text.contains('@') {
            return;
        }
        let more = list.len() > MOST;
        list.truncate(MOST);
        self.overlay = Some(Overlay::Numbers(Numbers {
            list,
            marked: None,
            more,
        }));
    }

    /// How many rows there are to pick one from, where that is what the agent is asked.
    pub fn rows_to_pick(&self) -> usize {
        match (&self.overlay, &self.setup) {
            (Some(Overlay::Numbers(numbers)), _) => numbers.list.len(),
            (Some(_), _) | (None, None) => 0,
            (None, Some(setup)) => setup.rows(),
        }
    }

    /// What a key does to the list.
    pub(super) fn act_on_numbers(&mut self, action: Action) {
        let Some(Overlay::Numbers(numbers)) = &mut self.overlay else {
            return;
        };
        let last = numbers.list.len().saturating_sub(1);
        match (action, numbers.marked) {
            (Action::Down, at) => numbers.marked = Some(at.map_or(0, |at| (at + 1).min(last))),
            (Action::Up, at) => numbers.marked = Some(at.map_or(last, |at| at.saturating_sub(1))),
            (Action::Submit, Some(at)) => self.take_number(at),
            (Action::Submit, None) if self.setting.plain => {
                self.notify(phrase!(
                    "Type the number that stands before it. Nothing is sent."
                ));
            }
            (Action::Submit, None) => {
                self.notify(phrase!("Mark one first, with Up or Down. Nothing is sent."));
            }
            _ => {}
        }
    }

    /// Puts one of them into the field that the paste was for.
    pub(super) fn take_number(&mut self, at: usize) {
        let Some(Overlay::Numbers(numbers)) = self.overlay.take() else {
            return;
        };
        let Some(number) = numbers.list.get(at).map(PhoneNumber::grouped) else {
            return;
        };
        if self.pane == Pane::Message {
            self.pasted_on_message(&number);
        } else {
            let country = self.setting.default_country.clone();
            self.verify.complaint = self.verify.paste(&number, &country, self.now);
        }
    }
}
