//! The pretend phones: everything that arrived somewhere, and what is still on its way there.

use std::fmt;

use serde::Serialize;

use super::World;
use crate::domain::Timestamp;

/// Something that arrived at a number or an address. `Debug` hides who, what and which code.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct PhoneItem {
    /// How it came.
    pub kind: PhoneItemKind,
    /// From whom: a number, a name or an address.
    pub from: String,
    /// To whom: a number in E.164 or an address.
    #[serde(skip)]
    pub to: String,
    /// What it says, or what the voice says.
    pub body: String,
    /// The code in it, if it carries one.
    pub code: Option<String>,
    /// When it arrived.
    pub at: Timestamp,
}

/// How something comes to a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PhoneItemKind {
    /// A text.
    Sms,
    /// A call.
    Call,
    /// A WhatsApp message.
    WhatsApp,
    /// An email.
    Email,
}

impl fmt::Debug for PhoneItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneItem({:?} at {})", self.kind, self.at)
    }
}

/// Something on its way, and the SID of what sent it, so that it can be withdrawn.
#[derive(Clone)]
pub(super) struct UnderWay {
    pub(super) cause: String,
    pub(super) item: PhoneItem,
}

impl PhoneItemKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Call => "call",
            Self::WhatsApp => "whatsapp",
            Self::Email => "email",
        }
    }
}

impl World {
    /// Everything that arrived so far, in the order of arrival.
    pub fn phones(&self) -> &[PhoneItem] {
        &self.phones
    }

    /// What arrived at one number or address, newest last. WhatsApp lies under the plain number.
    pub fn phone<'a>(&'a self, address: &'a str) -> impl Iterator<Item = &'a PhoneItem> {
        self.phones.iter().filter(move |item| item.to == address)
    }

    /// Sends something on its way; it arrives at the moment that it says.
    pub(super) fn send_to_phone(&mut self, cause: &str, item: PhoneItem) {
        if item.at <= self.now {
            self.phones.push(item);
        } else {
            self.agenda.insert(item.at);
            let place = (item.at, self.parcels);
            self.parcels += 1;
            self.under_way.insert(
                place,
                UnderWay {
                    cause: cause.to_owned(),
                    item,
                },
            );
        }
    }

    /// Takes back what that SID has on its way.
    pub(super) fn withdraw_from_phone(&mut self, cause: &str) {
        self.under_way.retain(|_, parcel| parcel.cause != cause);
    }

    /// Lets arrive what is due.
    pub(super) fn arrive(&mut self) {
        while let Some(entry) = self.under_way.first_entry() {
            if entry.key().0 > self.now {
                break;
            }
            self.phones.push(entry.remove().item);
        }
    }
}
