//! Looking a number up from the desk: what kind of line it is, and on which network.
//!
//! It costs money, so it is asked about first, in words that say so. The answer is an entry of the history
//! like any other, and whatever is shown of a number is read from there.

use crate::domain::{
    HistoryRow, Intent, OpState, PhoneNumber, Phrase, Recipient, Settled, Untrusted, phrase,
    untrusted,
};

use super::effect::Effect;
use super::operations::Order;
use super::{Model, Overlay};

impl Model {
    /// Asks whether the number that is being typed shall be looked up.
    pub(super) fn ask_to_look_up(&mut self) {
        let Some(Recipient::Phone(number)) = self.verify.reading.recipient() else {
            self.notify(phrase!(
                "Type or paste a whole phone number first; then it can be looked up."
            ));
            return;
        };
        let allowed = self
            .policy
            .acting()
            .and_then(|()| self.policy.paying_for_lookups());
        match allowed {
            Ok(()) => self.overlay = Some(Overlay::LookUp(number)),
            Err(why) => self.notify(why),
        }
    }

    /// The agent said yes to what it costs.
    pub(super) fn look_up(&mut self, number: PhoneNumber) -> Vec<Effect> {
        if self.connection.is_none() {
            let why = self.why_not_connected(phrase!("No account is connected."));
            self.notify(why);
            return Vec::new();
        }
        let order = Order::of(Intent::LookUp {
            number,
            line_type: true,
        });
        match self.order(order) {
            Ok((_, effect)) => {
                self.notify(phrase!("Looking the number up."));
                vec![effect]
            }
            Err(why) => {
                self.notify(why);
                Vec::new()
            }
        }
    }

    /// What came of a lookup is said, whatever is on screen.
    pub(super) fn tell_lookup(&mut self, row: &HistoryRow) {
        if !matches!(row.operation.intent, Intent::LookUp { .. }) {
            return;
        }
        let text = match &row.state {
            OpState::Settled(Settled::Lookup { valid: false, .. }) => {
                phrase!("Looked up: Twilio says that this number cannot exist.")
            }
            OpState::Settled(Settled::Lookup {
                line_type, carrier, ..
            }) => match line(line_type.as_deref().map(kind), carrier.as_ref()) {
                Some(line) => phrase!("Looked up: {line}.", line = line),
                None => phrase!("Looked up: Twilio knows neither its line nor its network."),
            },
            OpState::Refused(failure) | OpState::NotSent(failure) | OpState::Unknown(failure) => {
                phrase!("It was not looked up: {why}", why = failure.phrase())
            }
            _ => return,
        };
        self.notify(text);
    }

    /// The kind of line and the network of somebody, as a lookup or a delivery told last.
    pub fn line_of(&self, to: &Recipient) -> (Option<Phrase>, Option<&Untrusted>) {
        let mut line_type = None;
        let mut network = None;
        let back = self.history.known_of(to);
        let rows = back.into_iter().flat_map(|back| &back.check);
        for row in self.history.rows().iter().chain(rows) {
            if row.operation.intent.to().as_ref() != Some(to) {
                continue;
            }
            match &row.state {
                OpState::Settled(Settled::Lookup {
                    line_type: known,
                    carrier,
                    ..
                }) => {
                    line_type = line_type.or(known.as_deref());
                    network = network.or(carrier.as_ref());
                }
                OpState::Settled(Settled::Verification {
                    delivery: Some(delivery),
                    ..
                }) => network = network.or(delivery.carrier.as_ref()),
                _ => {}
            }
        }
        (line_type.map(kind), network)
    }
}

/// Kind and network in one phrase; none where neither is known.
pub fn line(kind: Option<Phrase>, network: Option<&Untrusted>) -> Option<Phrase> {
    match (kind, network) {
        (Some(kind), Some(network)) => Some(phrase!(
            "{kind}, {network}",
            kind = kind,
            network = network.visible()
        )),
        (Some(kind), None) => Some(kind),
        (None, network) => network.map(|network| Phrase::verbatim(network.visible())),
    }
}

/// Twilio's word for a kind of line, in ours.
fn kind(word: &str) -> Phrase {
    match word {
        "mobile" => phrase!("mobile"),
        "landline" => phrase!("landline"),
        "fixedVoip" | "nonFixedVoip" => phrase!("internet telephone"),
        "tollFree" => phrase!("toll-free"),
        other => Phrase::verbatim(untrusted::visible(other)),
    }
}
