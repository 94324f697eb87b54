//! What is known of a number (Lookup v2). A number that cannot exist is an answer, not an error.

use serde_json::{Map, Value, json};

use super::World;
use super::answer::Answer;
use super::numbers::{Known, know};
use super::starting::network;
use crate::twilio::wire::Request;

/// The packages, all null unless asked for; only the kind of line is simulated.
const PACKAGES: [&str; 10] = [
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "line_type_intelligence",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
];

impl World {
    pub(super) fn look_up(&self, number: &str, request: &Request) -> Answer {
        let known = know(number, request.query_value("CountryCode"));
        let (e164, errors) = match &known {
            Ok(known) => (known.e164.as_str(), known.errors.clone()),
            Err(word) => (number, vec![*word]),
        };
        let valid = errors.is_empty();
        let right = known.as_ref().ok().filter(|_| valid);
        let mut body: Map<String, Value> = PACKAGES
            .iter()
            .map(|package| ((*package).to_owned(), Value::Null))
            .collect();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("phone_number", json!(e164));
        put("valid", json!(valid));
        put("validation_errors", json!(errors));
        put("national_format", json!(right.map(|known| &known.national)));
        put(
            "calling_country_code",
            json!(right.map(|known| &known.calling_code)),
        );
        put(
            "country_code",
            json!(right.and_then(|known| known.country.as_ref())),
        );
        put("url", json!(format!("{}{}", self.origin, request.path)));
        let asked = request.query_value("Fields").is_some_and(|fields| {
            fields
                .split(',')
                .any(|field| field.trim() == "line_type_intelligence")
        });
        if let Some(known) = right.filter(|_| asked) {
            put("line_type_intelligence", self.line_type(known));
        }
        Answer::ok(Value::Object(body))
    }

    fn line_type(&self, known: &Known) -> Value {
        // Canada's data need an approval that this account does not have.
        if known.country.as_deref() == Some("CA") {
            return json!({
                "type": null,
                "carrier_name": null,
                "mobile_country_code": null,
                "mobile_network_code": null,
                "error_code": 60601,
            });
        }
        let recipient = self.scene.recipient(&known.e164);
        let (mcc, mnc) = network(known.country.as_deref(), recipient.line);
        json!({
            "type": recipient.line.lookup_word(),
            "carrier_name": recipient.carrier(),
            "mobile_country_code": mcc,
            "mobile_network_code": mnc,
            "error_code": null,
        })
    }
}
