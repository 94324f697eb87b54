//! Paths: what lies where, and on which of Twilio's hosts.
//!
//! Segments are percent-decoded one by one, and a plus sign stays a plus sign: official clients send it
//! bare in the number at the end of a path.

use percent_encoding::percent_decode_str;

use crate::twilio::wire::Host;

/// Something that lies at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    Accounts,
    Account { account: String },
    Balance,
    Numbers,
    Number { sid: String },
    Messages,
    Message { sid: String },
    MediaList { message: String },
    Media { message: String, sid: String },
    Feedback { message: String },
    MessagingServices,
    MessagingService { sid: String },
    Senders { service: String },
    VerifyServices,
    VerifyService { sid: String },
    Verifications { service: String },
    Verification { service: String, key: String },
    VerificationCheck { service: String },
    Attempts,
    AttemptSummary,
    Attempt { sid: String },
    Lookup { number: String },
    Faults,
    Phone { address: String },
}

/// Where a path leads: the account in it, if one is, and what lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) account: Option<String>,
    pub(super) route: Route,
}

/// Which host serves a path; none for the simulator's own paths and those that no host has.
pub fn host(path: &str) -> Option<Host> {
    let segments: Vec<&str> = path.split('/').skip(1).take(2).collect();
    match segments.as_slice() {
        ["2010-04-01", ..] => Some(Host::Api),
        ["v1", ..] => Some(Host::Messaging),
        ["v2", "PhoneNumbers" | "batch" | "RateLimits"] => Some(Host::Lookups),
        ["v2", ..] => Some(Host::Verify),
        _ => None,
    }
}

/// Where a path leads, if anywhere.
pub(super) fn place(path: &str) -> Option<Place> {
    let decoded: Vec<String> = path
        .split('/')
        .skip(1)
        .map(|segment| percent_decode_str(segment).decode_utf8().map(Into::into))
        .collect::<Result<_, _>>()
        .ok()?;
    let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["2010-04-01", rest @ ..] => core(rest),
        ["v1", rest @ ..] => messaging(rest).map(unowned),
        ["v2", rest @ ..] => verify(rest).map(unowned),
        ["simulator", "faults"] => Some(unowned(Route::Faults)),
        ["simulator", "phones", address] => Some(unowned(Route::Phone {
            address: (*address).to_owned(),
        })),
        _ => None,
    }
}

fn unowned(route: Route) -> Place {
    Place {
        account: None,
        route,
    }
}

fn core(segments: &[&str]) -> Option<Place> {
    let (account, route) = match segments {
        ["Accounts.json"] => return Some(unowned(Route::Accounts)),
        ["Accounts", account] => {
            let account = json(account)?;
            (account.clone(), Route::Account { account })
        }
        ["Accounts", account, rest @ ..] => ((*account).to_owned(), below_account(rest)?),
        _ => return None,
    };
    Some(Place {
        account: Some(account),
        route,
    })
}

fn below_account(segments: &[&str]) -> Option<Route> {
    Some(match segments {
        ["Balance.json"] => Route::Balance,
        ["IncomingPhoneNumbers.json"] => Route::Numbers,
        ["IncomingPhoneNumbers", sid] => Route::Number { sid: json(sid)? },
        ["Messages.json"] => Route::Messages,
        ["Messages", sid] => Route::Message { sid: json(sid)? },
        ["Messages", message, "Media.json"] => Route::MediaList {
            message: (*message).to_owned(),
        },
        ["Messages", message, "Media", sid] => Route::Media {
            message: (*message).to_owned(),
            sid: json(sid)?,
        },
        ["Messages", message, "Feedback.json"] => Route::Feedback {
            message: (*message).to_owned(),
        },
        _ => return None,
    })
}

fn messaging(segments: &[&str]) -> Option<Route> {
    Some(match segments {
        ["Services"] => Route::MessagingServices,
        ["Services", sid] => Route::MessagingService {
            sid: (*sid).to_owned(),
        },
        ["Services", sid, "PhoneNumbers"] => Route::Senders {
            service: (*sid).to_owned(),
        },
        _ => return None,
    })
}

fn verify(segments: &[&str]) -> Option<Route> {
    Some(match segments {
        ["Services"] => Route::VerifyServices,
        ["Services", sid] => Route::VerifyService {
            sid: (*sid).to_owned(),
        },
        ["Services", sid, "Verifications"] => Route::Verifications {
            service: (*sid).to_owned(),
        },
        ["Services", sid, "Verifications", key] => Route::Verification {
            service: (*sid).to_owned(),
            key: (*key).to_owned(),
        },
        ["Services", sid, "VerificationCheck"] => Route::VerificationCheck {
            service: (*sid).to_owned(),
        },
        ["Attempts"] => Route::Attempts,
        ["Attempts", "Summary"] => Route::AttemptSummary,
        ["Attempts", sid] => Route::Attempt {
            sid: (*sid).to_owned(),
        },
        ["PhoneNumbers", number] => Route::Lookup {
            number: (*number).to_owned(),
        },
        _ => return None,
    })
}

/// The last segment of the 2010 API without its extension; other formats are not spoken here.
fn json(segment: &str) -> Option<String> {
    segment.strip_suffix(".json").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_sign_in_a_path_is_a_plus_sign() {
        for path in [
            "/v2/Services/VA1/Verifications/+14155550100",
            "/v2/Services/VA1/Verifications/%2B14155550100",
        ] {
            assert_eq!(
                place(path).map(|place| place.route),
                Some(Route::Verification {
                    service: "VA1".into(),
                    key: "+14155550100".into()
                })
            );
        }
        assert_eq!(
            place("/v2/PhoneNumbers/(415)%20992-9960").map(|place| place.route),
            Some(Route::Lookup {
                number: "(415) 992-9960".into()
            })
        );
    }

    #[test]
    fn names_are_case_sensitive_and_only_json_is_spoken() {
        for path in [
            "/2010-04-01/Accounts/AC1/messages.json",
            "/2010-04-01/Accounts/AC1/Messages",
            "/2010-04-01/Accounts/AC1/Messages/SM1.xml",
            "/v2/Services/VA1/Verifications/",
            "/v2/services",
            "/v2/Services/VA%FF",
            "/",
            "",
        ] {
            let found = place(path).map(|place| place.route);
            assert!(
                matches!(&found, None | Some(Route::Verification { .. })),
                "{path} {found:?}"
            );
        }
    }

    #[test]
    fn the_host_follows_from_the_path() {
        for (path, expected) in [
            ("/2010-04-01/Accounts/AC1/Messages.json", Some(Host::Api)),
            ("/v1/Services", Some(Host::Messaging)),
            ("/v2/Services", Some(Host::Verify)),
            ("/v2/PhoneNumbers/+14155550100", Some(Host::Lookups)),
            ("/simulator/faults", None),
        ] {
            assert_eq!(host(path), expected, "{path}");
        }
    }
}
