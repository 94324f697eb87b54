//! What Twilio knows of a number (Lookup v2).

use super::untrusted::Untrusted;

/// The answer to a lookup. An invalid number is an answer too, not an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The number in E.164 as Twilio reads it.
    pub phone_number: Option<Untrusted>,
    /// In the way of its country.
    pub national_format: Option<Untrusted>,
    /// ISO 3166 alpha-2.
    pub country_code: Option<String>,
    /// It can exist.
    pub valid: bool,
    /// Twilio's words for why not, such as `TOO_SHORT`.
    pub validation_errors: Vec<String>,
    /// Kind of line, where it was asked for (it costs money) and is known.
    pub line_type: Option<LineType>,
}

/// Kind of line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineType {
    /// Twilio's word: `mobile`, `landline`, `fixedVoip`, `nonFixedVoip`, `tollFree`, `premium` and more.
    pub kind: Option<String>,
    /// The network. Foreign text.
    pub carrier: Option<Untrusted>,
    /// Why there is no answer, such as 60601.
    pub error_code: Option<u32>,
}
