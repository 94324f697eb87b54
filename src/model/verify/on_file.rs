//! The number in the customer record, beside the one that is to be checked.
//!
//! What is kept is the verdict. The number itself is wiped as soon as it has been compared: it is not
//! ours to hold, and no line of ours may show it.

use crate::domain::verification::Compared;
use crate::domain::{Phrase, Recipient, phrase};
use crate::model::field::Field;
use crate::model::recipient::Reading;

/// The field for it, and what came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OnFile {
    /// What is being typed; empty once it has been compared.
    pub field: Field,
    /// What came of it.
    pub verdict: Option<Compared>,
}

impl OnFile {
    /// Compares what was typed or pasted, extensions aside, and wipes it.
    pub(super) fn compare(
        &mut self,
        to: Option<&Recipient>,
        default_country: &str,
    ) -> Result<(), Phrase> {
        if self.field.text().trim().is_empty() {
            return Ok(());
        }
        let Some(to) = to else {
            self.field.clear();
            return Err(phrase!(
                "First the number that is to be checked, then the one on file."
            ));
        };
        let Some(on_file) = Reading::of(self.field.text(), default_country).recipient() else {
            self.field.clear();
            return Err(phrase!(
                "What was put in for the number on file is no whole number, so nothing was compared."
            ));
        };
        self.field.clear();
        self.verdict = Some(if is_same(&on_file, to) {
            Compared::Same
        } else {
            Compared::Differs
        });
        Ok(())
    }
}

fn is_same(one: &Recipient, other: &Recipient) -> bool {
    match (one, other) {
        (Recipient::Email(one), Recipient::Email(other)) => {
            one.as_str().eq_ignore_ascii_case(other.as_str())
        }
        _ => one == other,
    }
}
