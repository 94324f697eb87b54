//! Faults that can be planted: the network and the service at their worst, on order.
//!
//! A fault is used up in the order of planting. It says when the operation is done, if at all, and what
//! becomes of the answer; paths under `/simulator/` are never faulted.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Refusal;
use super::codes;
use crate::twilio::wire::{Method, Request};

/// More than any client should read.
const OVERSIZED: usize = 8 * 1024 * 1024;

/// A fault as it is planted, by a scene or by `POST /simulator/faults`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultPlan {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    path: String,
    fault: Kind,
    #[serde(default = "once")]
    times: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

fn once() -> u32 {
    1
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Delay,
    Status,
    ErrorBeforeStore,
    ErrorAfterStore,
    CutBeforeStore,
    CutAfterStore,
    CutMidBody,
    Malformed,
    Oversized,
}

/// A fault that strikes now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Strike {
    /// Done; the answer comes late.
    Late(Duration),
    /// Not done; refused.
    Refuse(Refusal),
    /// Done; answered with an error of the server.
    ErrorAfter(Refusal),
    /// Not done; the connection is cut.
    CutBefore,
    /// Done; the connection is cut.
    CutAfter,
    /// Done; the connection is cut within the answer.
    CutMidBody,
    /// Done; the answer cannot be read.
    Malformed,
    /// Done; the answer never seems to end.
    Oversized,
}

impl FaultPlan {
    /// Reads what somebody posted. A field that is unknown, missing or senseless is an error in words.
    pub(super) fn read(fields: &[(String, String)]) -> Result<Self, String> {
        let mut object = serde_json::Map::new();
        for (name, value) in fields {
            let value = match name.as_str() {
                "times" | "ms" | "status" | "code" | "retry_after" => value
                    .parse::<u64>()
                    .map(Value::from)
                    .map_err(|_| format!("{name} is a whole number"))?,
                _ => Value::from(value.as_str()),
            };
            object.insert(name.clone(), value);
        }
        let plan: Self =
            serde_json::from_value(Value::Object(object)).map_err(|error| error.to_string())?;
        plan.check()?;
        Ok(plan)
    }

    fn check(&self) -> Result<(), String> {
        if let Some(method) = &self.method
            && !["GET", "POST", "DELETE"].contains(&method.as_str())
        {
            return Err("method is GET, POST or DELETE".to_owned());
        }
        if !self.path.starts_with('/') {
            return Err("path begins with a slash".to_owned());
        }
        if self.times == 0 {
            return Err("times is at least 1".to_owned());
        }
        match (self.fault, self.ms, self.status) {
            (Kind::Delay, None, _) => Err("a delay needs ms".to_owned()),
            (Kind::Status, _, None) => Err("a status fault needs status".to_owned()),
            (Kind::Status, _, Some(status)) if !(400..=599).contains(&status) => {
                Err("status is 400 to 599".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn strikes(&self, request: &Request) -> bool {
        let method = |method: Method| self.method.as_deref().is_none_or(|m| m == method.as_str());
        method(request.method) && matches(&self.path, &request.path)
    }

    fn strike(&self) -> Strike {
        let broken = || Refusal::new(500, 20500, "An internal server error has occurred");
        match self.fault {
            Kind::Delay => Strike::Late(Duration::from_millis(self.ms.unwrap_or_default())),
            Kind::Status => {
                let status = self.status.unwrap_or(500);
                let mut refusal = Refusal::new(
                    status,
                    self.code.unwrap_or_else(|| usual_code(status)),
                    codes::sentence(self.code.unwrap_or_else(|| usual_code(status))),
                );
                refusal.retry_after = self.retry_after;
                Strike::Refuse(refusal)
            }
            Kind::ErrorBeforeStore => Strike::Refuse(broken()),
            Kind::ErrorAfterStore => Strike::ErrorAfter(broken()),
            Kind::CutBeforeStore => Strike::CutBefore,
            Kind::CutAfterStore => Strike::CutAfter,
            Kind::CutMidBody => Strike::CutMidBody,
            Kind::Malformed => Strike::Malformed,
            Kind::Oversized => Strike::Oversized,
        }
    }
}

/// Takes the first fault that is meant for that request.
pub(super) fn take(faults: &mut Vec<FaultPlan>, request: &Request) -> Option<Strike> {
    let index = faults.iter().position(|fault| fault.strikes(request))?;
    let strike = faults[index].strike();
    faults[index].times = faults[index].times.saturating_sub(1);
    if faults[index].times == 0 {
        faults.remove(index);
    }
    Some(strike)
}

/// A JSON object of words and numbers as the fields of a form: to the simulator both are the same.
/// None where it is no such object.
pub fn fields_of_json(body: &[u8]) -> Option<Vec<(String, String)>> {
    let object: serde_json::Map<String, Value> = serde_json::from_slice(body).ok()?;
    object
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            Value::Number(number) => Some((name, number.to_string())),
            _ => None,
        })
        .collect()
}

/// Makes a body that no decoder accepts out of one that every decoder does.
pub(super) fn malform(body: &mut Vec<u8>) {
    body.truncate(body.len() / 2);
    if body.is_empty() {
        body.push(b'{');
    }
}

/// Makes a body longer than any client should read, though it would be right in the end.
pub(super) fn swell(body: &mut Vec<u8>) {
    let end = body.split_off(body.len().saturating_sub(1));
    body.resize(OVERSIZED, b' ');
    body.extend(end);
}

fn usual_code(status: u16) -> u32 {
    match status {
        401 => 20003,
        405 => 20004,
        _ => 20000 + u32::from(status),
    }
}

/// `*` in a pattern stands for any text within one segment.
fn matches(pattern: &str, path: &str) -> bool {
    let mut patterns = pattern.split('/');
    let mut segments = path.split('/');
    loop {
        match (patterns.next(), segments.next()) {
            (None, None) => return true,
            (Some(pattern), Some(segment)) if segment_matches(pattern, segment) => {}
            _ => return false,
        }
    }
}

fn segment_matches(pattern: &str, segment: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == segment,
        Some((start, end)) => {
            segment.len() >= start.len() + end.len()
                && segment.starts_with(start)
                && segment.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twilio::wire::Host;

    fn plan(json: &str) -> Result<FaultPlan, String> {
        FaultPlan::read(&fields_of_json(json.as_bytes()).ok_or("not an object")?)
    }

    fn post(path: &str) -> Request {
        Request {
            method: Method::Post,
            host: Host::Api,
            path: path.to_owned(),
            query: Vec::new(),
            form: Vec::new(),
            auth: None,
        }
    }

    #[test]
    fn a_star_is_one_segment() {
        for (pattern, path, right) in [
            (
                "/2010-04-01/Accounts/*/Messages.json",
                "/2010-04-01/Accounts/AC1/Messages.json",
                true,
            ),
            (
                "/2010-04-01/Accounts/*",
                "/2010-04-01/Accounts/AC1/Messages.json",
                false,
            ),
            ("/a/*/c", "/a//c", true),
            ("/a/*.json", "/a/SM1.json", true),
            ("/a/*.json", "/a/SM1.xml", false),
            ("/a/b", "/a/b/", false),
        ] {
            assert_eq!(matches(pattern, path), right, "{pattern} {path}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_in_words() {
        for (json, says) in [
            (r#"{"path":"/a","fault":"delay"}"#, "a delay needs ms"),
            (
                r#"{"path":"/a","fault":"status"}"#,
                "a status fault needs status",
            ),
            (
                r#"{"path":"/a","fault":"status","status":200}"#,
                "status is 400 to 599",
            ),
            (
                r#"{"path":"/a","fault":"malformed","times":0}"#,
                "times is at least 1",
            ),
            (
                r#"{"path":"a","fault":"malformed"}"#,
                "path begins with a slash",
            ),
            (
                r#"{"method":"PUT","path":"/a","fault":"malformed"}"#,
                "method is GET, POST or DELETE",
            ),
            (
                r#"{"path":"/a","fault":"delay","ms":"soon"}"#,
                "ms is a whole number",
            ),
            (r#"["delay"]"#, "not an object"),
        ] {
            assert_eq!(plan(json), Err(says.to_owned()), "{json}");
        }
        for json in [
            r#"{"path":"/a","fault":"malformed","colour":"red"}"#,
            r#"{"path":"/a","fault":"rain"}"#,
            r#"{"fault":"malformed"}"#,
        ] {
            assert!(plan(json).is_err(), "{json}");
        }
    }

    #[test]
    fn faults_are_used_up_in_the_order_of_planting() {
        let mut faults = vec![
            plan(r#"{"method":"GET","path":"/a","fault":"malformed"}"#).unwrap(),
            plan(r#"{"path":"/a","fault":"cut_before_store","times":2}"#).unwrap(),
            plan(r#"{"path":"/*","fault":"oversized"}"#).unwrap(),
        ];
        let struck: Vec<_> = (0..4).map(|_| take(&mut faults, &post("/a"))).collect();
        assert_eq!(
            struck,
            [
                Some(Strike::CutBefore),
                Some(Strike::CutBefore),
                Some(Strike::Oversized),
                None
            ]
        );
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn a_status_fault_has_the_usual_code_unless_told() {
        let fault = plan(r#"{"path":"/a","fault":"status","status":429,"retry_after":3}"#).unwrap();
        let Strike::Refuse(refusal) = fault.strike() else {
            panic!("not a refusal")
        };
        assert_eq!(
            (refusal.status, refusal.code, refusal.retry_after),
            (429, 20429, Some(3))
        );
    }

    #[test]
    fn broken_bodies_are_broken() {
        let mut body = br#"{"sid":"SM1"}"#.to_vec();
        malform(&mut body);
        assert!(serde_json::from_slice::<Value>(&body).is_err());
        let mut body = br#"{"sid":"SM1"}"#.to_vec();
        swell(&mut body);
        assert!(body.len() > OVERSIZED);
        let value: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(value["sid"], "SM1");
    }
}
