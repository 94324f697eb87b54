//! Commands of one script: the answer to the first is lost, the second goes on all the same.

use serde_json::json;

use crate::program::Tuilio;
use crate::simulator::Simulator;

const ADA: &str = "+14155550123";

/// Twilio then has no open verification any more, only a send whose code was read back. It is this one.
pub fn trial() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    simulator.plant(&json!({"method": "POST", "path": "/v2/Services/*/Verifications", "fault": "cut_after_store"}));
    let started = tuilio.run(&["verify", "start", "--to", ADA]);
    assert_eq!(started.code, Some(9), "{started:?}");
    let checked = tuilio.feed(&["verify", "check", "--to", ADA], simulator.code(ADA));
    assert_eq!(checked.code, Some(0), "{checked:?}");
    let looked = tuilio.run(&["history", "--refresh", "--json"]);
    assert_eq!(looked.code, Some(0), "{looked:?}");
    let rows = looked.object()["rows"].clone();
    for row in [0, 1] {
        assert_eq!(rows[row]["state"], "settled", "{rows}");
        assert_eq!(rows[row]["sid"], rows[0]["sid"], "{rows}");
    }
}
