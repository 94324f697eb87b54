//! The way to Twilio: the proxy in between, the names of the hosts, connections and certificates, clocks.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::{Reach, within};
use crate::domain::checkup::{Finding, Link};
use crate::domain::{Failure, FailureKind, Phrase, Timestamp, phrase};
use crate::model::setup::SKEW_THAT_MATTERS;
use crate::twilio::proxy::{Proxy, ProxyError, stays_here};
use crate::twilio::refusal::date;
use crate::twilio::wire::{Host, Method, Request, Response};
use crate::twilio::{Endpoint, HttpTransport, Transport, TransportError};

/// Examines the way, and says whether it leads to Twilio.
pub async fn examine(
    reach: &Reach,
    until: Instant,
    tell: &mut (impl FnMut(Finding) + Send),
) -> bool {
    let (transport, places): (Arc<dyn Transport>, _) = match reach {
        Reach::Inside(transport) => {
            for link in [Link::Proxy, Link::Names] {
                tell(Finding::skipped(
                    link,
                    phrase!("Skipped, because the simulator is inside of tuilio."),
                ));
            }
            (
                Arc::clone(transport),
                vec![(Host::Api, "simulator".to_owned())],
            )
        }
        Reach::Http { endpoint, .. } => {
            let places = places(endpoint);
            let proxy = Proxy::in_use(endpoint);
            tell(proxy_finding(endpoint, proxy.as_ref()));
            tell(match &proxy {
                Ok(Some(proxy)) => look_up(vec![proxy.place.clone()], true, until).await,
                Ok(None) => {
                    let names = places.iter().map(|(_, place)| place.clone());
                    look_up(names.collect(), false, until).await
                }
                Err(_) => Finding::skipped(
                    Link::Names,
                    phrase!("Skipped, because it is not clear where requests go: see above."),
                ),
            });
            (Arc::new(HttpTransport::to(endpoint.clone())), places)
        }
    };
    let asked = places.into_iter().map(|(host, place)| {
        let transport = Arc::clone(&transport);
        async move { (place, within(until, knock(&*transport, host)).await) }
    });
    let answers = join_all(asked).await;
    let date = answers.iter().find_map(|(_, answer)| match answer {
        Some(Ok((_, skew))) => Some(*skew),
        _ => None,
    });
    let is_plain = matches!(reach, Reach::Http { endpoint: Endpoint::Origin(origin), .. } if origin.as_str().starts_with("http://"));
    let connection = connected(&answers, is_plain);
    let leads_there = connection.failure.is_none();
    tell(connection);
    tell(clock(date.flatten()));
    leads_there
}

/// The hosts, each once, with their names and ports.
fn places(endpoint: &Endpoint) -> Vec<(Host, String)> {
    let hosts = [Host::Api, Host::Verify, Host::Messaging, Host::Lookups];
    let mut places: Vec<(Host, String)> = Vec::new();
    for host in hosts {
        let url = endpoint.url(host, "");
        let place = match url.split_once("://") {
            Some(("https", place)) if !has_port(place) => format!("{place}:443"),
            Some(("http", place)) if !has_port(place) => format!("{place}:80"),
            Some((_, place)) => place.to_owned(),
            None => url,
        };
        if places.iter().all(|(_, known)| *known != place) {
            places.push((host, place));
        }
    }
    places
}

fn has_port(place: &str) -> bool {
    let after = place.rsplit(']').next().unwrap_or(place);
    after.contains(':')
}

fn proxy_finding(endpoint: &Endpoint, proxy: Result<&Option<Proxy>, &ProxyError>) -> Finding {
    let proxy = match proxy {
        Ok(proxy) => proxy,
        Err(error) => return unreadable(error),
    };
    let what = match proxy {
        None if stays_here(endpoint) => phrase!("None, for requests stay on this machine."),
        None => phrase!("None."),
        Some(proxy) => {
            let from: Phrase = match proxy.variable {
                Some(name) => Phrase::verbatim(name),
                None => phrase!("the settings of the system"),
            };
            if proxy.has_user {
                phrase!(
                    "{proxy}, from {variable}, with a user and a password.",
                    proxy = &proxy.place,
                    variable = from
                )
            } else {
                phrase!(
                    "{proxy}, from {variable}.",
                    proxy = &proxy.place,
                    variable = from
                )
            }
        }
    };
    Finding::good(Link::Proxy, what)
}

/// A proxy is asked for that cannot be used: nothing goes round it, so nothing leaves.
fn unreadable(error: &ProxyError) -> Finding {
    let failure = Failure::new(FailureKind::NotSent, error.to_string());
    let (what, next) = match *error {
        ProxyError::Unreadable { variable } => (
            phrase!(
                "The variable {variable} does not hold the address of a proxy, so nothing is sent.",
                variable = variable
            ),
            phrase!(
                "Write http://host:port or http://user:password@host:port, with %40 for an @ and %2F for a / in the password."
            ),
        ),
        ProxyError::Kind { variable, scheme } => (
            phrase!(
                "The variable {variable} names a {kind} proxy, which tuilio does not speak, so nothing is sent.",
                variable = variable,
                kind = scheme
            ),
            phrase!("Name a proxy that takes http:// or https://, or unset the variable."),
        ),
    };
    Finding::broken(Link::Proxy, failure, what, next)
}

/// Whether the names are known. Behind a proxy, only its own has to be.
async fn look_up(places: Vec<String>, is_proxy: bool, until: Instant) -> Finding {
    let looked = places.into_iter().map(|place| async move {
        let found = within(until, tokio::net::lookup_host(place.clone())).await;
        let known = match found {
            Some(Ok(mut addresses)) => addresses.next().is_some(),
            Some(Err(_)) | None => false,
        };
        (place, known)
    });
    let looked = join_all(looked).await;
    let unknown = looked.iter().find(|(_, known)| !known);
    match unknown {
        Some((place, _)) => {
            let what = phrase!("The name of {host} is not known here.", host = name(place));
            Finding::broken(
                Link::Names,
                Failure::new(FailureKind::NotSent, what.to_string()),
                what,
                if is_proxy {
                    phrase!(
                        "See whether the proxy is named rightly, and whether this machine is in its network."
                    )
                } else {
                    phrase!(
                        "See whether this machine is online, and whether its network has to be left by a proxy (HTTPS_PROXY)."
                    )
                },
            )
        }
        None if is_proxy => Finding::good(
            Link::Names,
            phrase!("The name of the proxy is known; it looks up the rest."),
        ),
        None => {
            let names: Vec<&str> = looked.iter().map(|(place, _)| name(place)).collect();
            Finding::good(
                Link::Names,
                phrase!("Known: {hosts}.", hosts = names.join(", ")),
            )
        }
    }
}

fn name(place: &str) -> &str {
    place.rsplit_once(':').map_or(place, |(name, _)| name)
}

/// The seconds of a day, by which entries become old.
const A_DAY: i64 = 24 * 60 * 60;

/// What a host said, and by how many seconds its clock is ahead of ours.
type Knocked = Result<(u16, Option<i64>), TransportError>;

/// Asks a host for nothing, without keys: whatever it answers, the way to it stands.
async fn knock(transport: &dyn Transport, host: Host) -> Knocked {
    let request = Request {
        method: Method::Get,
        host,
        path: "/".to_owned(),
        query: Vec::new(),
        form: Vec::new(),
        auth: None,
    };
    let asked = Timestamp::now();
    let response = transport.send(request).await?;
    Ok((response.status, skew(asked, Timestamp::now(), &response)))
}

/// The answer was made between the two moments, and its date has whole seconds.
fn skew(asked: Timestamp, answered: Timestamp, response: &Response) -> Option<i64> {
    let date = date(response)?.as_second();
    let (earliest, latest) = (asked.as_second(), answered.as_second());
    Some(if date < earliest {
        date - earliest
    } else {
        (date - latest).max(0)
    })
}

fn connected(answers: &[(String, Option<Knocked>)], is_plain: bool) -> Finding {
    let failed = answers.iter().find_map(|(place, answer)| match answer {
        Some(Ok(_)) => None,
        Some(Err(TransportError::NotSent(why) | TransportError::Lost(why))) => {
            Some((place, Some(why)))
        }
        None => Some((place, None)),
    });
    let Some((place, why)) = failed else {
        let names: Vec<&str> = answers.iter().map(|(place, _)| name(place)).collect();
        let said = if is_plain {
            phrase!(
                "{hosts} answers, on this machine and without TLS.",
                hosts = names.join(", ")
            )
        } else {
            phrase!(
                "These answer, and their certificates are accepted: {hosts}.",
                hosts = names.join(", ")
            )
        };
        return Finding::good(Link::Connection, said);
    };
    let (what, next) = match why {
        None => (
            phrase!("{host} did not answer in time.", host = place),
            behind_a_wall(),
        ),
        Some(why) => {
            let lower = why.to_lowercase();
            let next = if lower.contains("no certificates to trust") {
                phrase!("Install ca-certificates, or name a file of them in SSL_CERT_FILE.")
            } else if lower.contains("certificate") {
                phrase!(
                    "Where your company looks into TLS, name its certificate in SSL_CERT_FILE. Elsewhere, do not go on: somebody may be in between."
                )
            } else {
                behind_a_wall()
            };
            let what = phrase!("{host} cannot be reached: {why}.", host = place, why = why);
            (what, next)
        }
    };
    let failure = Failure::new(FailureKind::NotSent, what.to_string());
    Finding::broken(Link::Connection, failure, what, next)
}

fn behind_a_wall() -> Phrase {
    phrase!(
        "See whether a firewall lets this machine reach it by https, or whether a proxy is needed (HTTPS_PROXY)."
    )
}

fn clock(skew: Option<i64>) -> Finding {
    let Some(skew) = skew else {
        return Finding::skipped(
            Link::Clock,
            phrase!("Skipped, because no answer told the time."),
        );
    };
    match skew {
        -1..=1 => Finding::good(Link::Clock, phrase!("As Twilio's, to the second.")),
        s if s.abs() < SKEW_THAT_MATTERS => Finding::good(
            Link::Clock,
            phrase!("{s} s beside Twilio's, which is fine.", s = s.abs()),
        ),
        s if s > 0 => Finding::doubtful(
            Link::Clock,
            phrase!("The clock of this machine is {s} s behind Twilio's.", s = s),
            set_the_clock(),
        ),
        s => Finding::doubtful(
            Link::Clock,
            phrase!(
                "The clock of this machine is {s} s ahead of Twilio's.",
                s = -s
            ),
            if s > -A_DAY {
                set_the_clock()
            } else {
                phrase!(
                    "Let the system set its clock by the network. Old entries are deleted by Twilio's clock meanwhile."
                )
            },
        ),
    }
}

fn set_the_clock() -> Phrase {
    phrase!("Let the system set its clock by the network.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twilio::Origin;

    #[test]
    fn hosts_are_named_once_and_with_their_ports() {
        let named = |endpoint: &Endpoint| -> Vec<String> {
            places(endpoint)
                .into_iter()
                .map(|(_, place)| place)
                .collect()
        };
        let origin = |text| Endpoint::Origin(Origin::parse(text).unwrap());
        assert_eq!(
            named(&Endpoint::Twilio),
            [
                "api.twilio.com:443",
                "verify.twilio.com:443",
                "messaging.twilio.com:443",
                "lookups.twilio.com:443"
            ]
        );
        assert_eq!(named(&origin("http://127.0.0.1:4010")), ["127.0.0.1:4010"]);
        assert_eq!(named(&origin("http://[::1]")), ["[::1]:80"]);
        assert_eq!(named(&origin("https://gate.example")), ["gate.example:443"]);
    }

    #[test]
    fn a_slow_answer_is_no_wrong_clock() {
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let response = |second: i64| Response {
            status: 404,
            headers: vec![(
                "Date".to_owned(),
                at(second).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            )],
            body: Vec::new(),
        };
        for (asked, answered, date, ahead) in [
            (0, 0, 0, 0),
            (0, 7, 3, 0),
            (0, 7, 7, 0),
            (0, 7, 67, 60),
            (0, 7, -60, -60),
        ] {
            let found = skew(at(asked), at(answered), &response(date));
            assert_eq!(found, Some(ahead), "{asked} {answered} {date}");
        }
    }

    #[test]
    fn a_clock_that_is_beside_twilios_is_told_by_how_much() {
        for (skew, said) in [
            (Some(0), "As Twilio's, to the second."),
            (Some(-12), "12 s beside Twilio's, which is fine."),
            (
                Some(95),
                "The clock of this machine is 95 s behind Twilio's.",
            ),
            (
                Some(-95),
                "The clock of this machine is 95 s ahead of Twilio's.",
            ),
            (None, "Skipped, because no answer told the time."),
        ] {
            let finding = clock(skew);
            assert_eq!(finding.what.to_string(), said);
            let matters = skew.is_some_and(|skew| skew.abs() >= SKEW_THAT_MATTERS);
            assert_eq!(finding.next.is_some(), matters, "{said}");
        }
        for (skew, told) in [(-A_DAY, true), (1 - A_DAY, false), (A_DAY, false)] {
            let next = clock(Some(skew)).next.unwrap().to_string();
            assert_eq!(next.contains("deleted by Twilio's clock"), told, "{skew}");
        }
    }
}
