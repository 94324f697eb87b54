//! The proxy between this machine and Twilio, as the environment names it.
//!
//! A variable that is set is a wish of its owner: a value that cannot be read, or a kind of proxy that is not
//! spoken, is refused, for a request that goes round the proxy may be what the house forbids. A password with
//! an `@` or a `/` in it moves what looks like the host, so a value is either understood whole or not shown at
//! all. Invariant: neither an error nor [`Proxy::place`] holds any part of a user or a password.

use std::ffi::OsString;
use std::fmt;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::ClientBuilder;
use secrecy::zeroize::Zeroizing;

use super::config::Endpoint;
use super::wire::Host;

/// The variables that name a proxy, in the order in which they count.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The variables that name what is reached without one.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// Why no request may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// The value is not the address of a proxy.
    #[error(
        "the variable {variable} does not hold the address of a proxy: that is a host and a port, and perhaps a user and a password with %40 for each @ and %2F for each /"
    )]
    Unreadable {
        /// Which variable.
        variable: &'static str,
    },
    /// The proxy is of another kind.
    #[error(
        "the variable {variable} names a {scheme} proxy, and only HTTP and HTTPS proxies are spoken"
    )]
    Kind {
        /// Which variable.
        variable: &'static str,
        /// Which kind.
        scheme: &'static str,
    },
}

/// A proxy that requests go through.
#[derive(Clone)]
pub struct Proxy {
    /// The variable that names it; none where the settings of the system do.
    pub variable: Option<&'static str>,
    /// Host and port.
    pub place: String,
    /// A user goes along.
    pub has_user: bool,
    address: Zeroizing<String>,
    exceptions: String,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)
    }
}

impl Proxy {
    /// The proxy that the environment of this process names for an endpoint.
    pub fn of_environment(endpoint: &Endpoint) -> Result<Option<Self>, ProxyError> {
        Self::find(endpoint, |name| std::env::var_os(name))
    }

    /// The proxy that requests to an endpoint go through: that of the environment, else that of the system.
    pub fn in_use(endpoint: &Endpoint) -> Result<Option<Self>, ProxyError> {
        match Self::of_environment(endpoint)? {
            Some(proxy) => Ok(Some(proxy)),
            None if asks_system(endpoint) => Ok(Self::of_system(endpoint)),
            None => Ok(None),
        }
    }

    /// Reads the variables.
    fn find(
        endpoint: &Endpoint,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Option<Self>, ProxyError> {
        let set = |name: &&'static str| {
            let value = environment(name).filter(|value| !value.is_empty())?;
            Some((*name, value))
        };
        if stays_here(endpoint) {
            return Ok(None);
        }
        let Some((variable, value)) = VARIABLES.iter().find_map(set) else {
            return Ok(None);
        };
        let exceptions = EXCEPTIONS.iter().find_map(set).map(|(_, value)| value);
        let exceptions = exceptions
            .map(|value| value.to_string_lossy().into_owned())
            .unwrap_or_default();
        if is_excepted(endpoint, &exceptions) {
            return Ok(None);
        }
        let value = value.into_string().map(Zeroizing::new);
        let value = value.map_err(|_| ProxyError::Unreadable { variable })?;
        Self::read(variable, &value, exceptions).map(Some)
    }

    /// Understands a value whole, or not at all.
    fn read(variable: &'static str, value: &str, exceptions: String) -> Result<Self, ProxyError> {
        let unreadable = ProxyError::Unreadable { variable };
        let (scheme, rest) = match value.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => ("http".to_owned(), value),
        };
        let kind = |scheme| Err(ProxyError::Kind { variable, scheme });
        match scheme.as_str() {
            "http" | "https" => {}
            "socks" | "socks4" | "socks4a" | "socks5" | "socks5h" => return kind("SOCKS"),
            "quic" => return kind("QUIC"),
            _ => return Err(unreadable),
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, place) = match rest.split_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, rest),
        };
        let holds = |text: &str| !text.bytes().any(|b| b"/?#@\\".contains(&b) || b <= b' ');
        if !holds(place) || !user.is_none_or(holds) {
            return Err(unreadable);
        }
        let address = Zeroizing::new(format!("{scheme}://{rest}/"));
        let readable = address.parse::<Uri>().is_ok() && reqwest::Url::parse(&address).is_ok();
        let place = Some(place)
            .filter(|_| readable)
            .and_then(|place| with_port(&scheme, place));
        Ok(Self {
            variable: Some(variable),
            place: place.ok_or(unreadable)?,
            has_user: user.is_some(),
            address,
            exceptions,
        })
    }

    /// What the settings of macOS or Windows say.
    fn of_system(endpoint: &Endpoint) -> Option<Self> {
        let found = Matcher::from_system().intercept(&uri(endpoint)?)?;
        let host = found.uri().authority()?.as_str();
        Some(Self {
            variable: None,
            place: with_port(found.uri().scheme_str()?, host)?,
            has_user: found.basic_auth().is_some() || found.raw_auth().is_some(),
            address: Zeroizing::default(),
            exceptions: String::new(),
        })
    }

    fn for_client(&self) -> Result<reqwest::Proxy, reqwest::Error> {
        let proxy = reqwest::Proxy::https(self.address.as_str())?;
        Ok(proxy.no_proxy(reqwest::NoProxy::from_string(&self.exceptions)))
    }
}

/// Sends a client's requests through the proxy that [`Proxy::in_use`] tells of, and never through another.
pub(super) fn set_out(
    builder: ClientBuilder,
    endpoint: &Endpoint,
) -> Result<ClientBuilder, ProxyError> {
    match Proxy::of_environment(endpoint)? {
        Some(proxy) => {
            let variable = proxy.variable.unwrap_or(VARIABLES[0]);
            let proxy = proxy.for_client();
            Ok(builder.proxy(proxy.map_err(|_| ProxyError::Unreadable { variable })?))
        }
        None if asks_system(endpoint) => Ok(builder),
        None => Ok(builder.no_proxy()),
    }
}

/// Whether the settings of the system count: where it has any, and no variable says otherwise.
fn asks_system(endpoint: &Endpoint) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_vendor = "apple"))
        && !stays_here(endpoint)
        && !VARIABLES.into_iter().any(is_set)
}

/// Whether requests stay on this machine.
pub fn stays_here(endpoint: &Endpoint) -> bool {
    matches!(endpoint, Endpoint::Origin(origin) if origin.is_loopback())
}

fn uri(endpoint: &Endpoint) -> Option<Uri> {
    endpoint.url(Host::Api, "/").parse().ok()
}

/// Whether an endpoint is reached without any proxy, by the same rules as the client's.
fn is_excepted(endpoint: &Endpoint, exceptions: &str) -> bool {
    let any = Matcher::builder()
        .all("http://proxy.invalid")
        .no(exceptions);
    uri(endpoint).is_some_and(|uri| any.build().intercept(&uri).is_none())
}

/// A host and its port; none where it is no host or no port.
fn with_port(scheme: &str, place: &str) -> Option<String> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (&place[..address.len() + 2], rest)
        }
        None => place.split_at(place.find(':').unwrap_or(place.len())),
    };
    let label = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let is_host = host.starts_with('[') || (!host.is_empty() && host.bytes().all(label));
    let port = match port.strip_prefix(':') {
        None if port.is_empty() && scheme == "https" => 443,
        None if port.is_empty() => 80,
        None => return None,
        Some(port) => port.parse::<u16>().ok().filter(|port| *port > 0)?,
    };
    is_host.then(|| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)]) -> Result<Option<Proxy>, ProxyError> {
        Proxy::find(&Endpoint::Twilio, |name| {
            let set = variables.iter().find(|(variable, _)| *variable == name)?;
            Some(set.1.into())
        })
    }

    #[test]
    fn an_address_is_read_and_shown_without_its_user() {
        for (value, place, has_user) in [
            ("http://proxy.example:3128", "proxy.example:3128", false),
            ("proxy.example:3128/", "proxy.example:3128", false),
            ("HTTP://proxy.example", "proxy.example:80", false),
            ("https://proxy.example", "proxy.example:443", false),
            ("http://[::1]:3128", "[::1]:3128", false),
            ("http://me:hunter2@10.0.0.1:8080/", "10.0.0.1:8080", true),
            ("me:hunter%2F%40@proxy_1:8080", "proxy_1:8080", true),
        ] {
            let proxy = found(&[("HTTPS_PROXY", value)]).unwrap().unwrap();
            assert_eq!((proxy.place.as_str(), proxy.has_user), (place, has_user));
            assert_eq!(format!("{proxy:?}"), place);
            assert!(proxy.for_client().is_ok(), "{value}");
        }
    }

    #[test]
    fn what_is_not_understood_whole_is_refused_and_not_repeated() {
        for value in [
            "http://me:hunter2/x@proxy.example:3128",
            "http://me:12/hunter2@proxy.example:3128",
            "http://me:hunter2@x@proxy.example:3128",
            "http://me:x@hunter2",
            "http://me:x@hunter2:65536@proxy.example",
            "http://me:hunter2?x@proxy.example:3128",
            "http://me:hunter2#x@proxy.example:3128",
            "http://me:hunter2\\x@proxy.example",
            "http://me:hunter2 x@proxy.example",
            "http://me:hunter2:3128",
            "http://me:hunter2",
            "hunter2://proxy.example:3128",
            "http://proxy.example/hunter2.pac",
            "http://",
            "http://:3128",
            "http://proxy.example:0",
            "http://proxy.example:",
            "http://[::1",
            "http://[hunter2]:3128",
            "http://b\u{fc}ro.example:3128",
        ] {
            // A host that nobody can tell from a password is a host.
            if value.ends_with("x@hunter2") {
                assert_eq!(
                    found(&[("HTTPS_PROXY", value)]).unwrap().unwrap().place,
                    "hunter2:80"
                );
                continue;
            }
            let error = found(&[("HTTPS_PROXY", value)]).unwrap_err();
            assert!(matches!(error, ProxyError::Unreadable { .. }), "{value}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_proxy_of_another_kind_is_refused_by_its_kind() {
        for value in [
            "socks5://me:hunter2@proxy.example:1080",
            "SOCKS5H://proxy.example",
        ] {
            let error = found(&[("ALL_PROXY", value)]).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the variable ALL_PROXY names a SOCKS proxy, and only HTTP and HTTPS proxies are spoken"
            );
        }
    }

    #[test]
    fn the_first_variable_that_is_set_counts_and_an_exception_needs_no_proxy() {
        let (good, bad) = ("http://good.example:1", "http://bad/hunter2");
        let place = |variables: &[(&str, &str)]| {
            found(variables).map(|found| found.map(|proxy| (proxy.variable, proxy.place)))
        };
        let named = |name| Ok(Some((Some(name), "good.example:1".to_owned())));
        assert_eq!(place(&[]), Ok(None));
        assert_eq!(
            place(&[("HTTPS_PROXY", ""), ("ALL_PROXY", good)]),
            named("ALL_PROXY")
        );
        assert_eq!(
            place(&[("https_proxy", good), ("ALL_PROXY", bad)]),
            named("https_proxy")
        );
        let unreadable = ProxyError::Unreadable {
            variable: "HTTPS_PROXY",
        };
        let both = [("HTTPS_PROXY", bad), ("ALL_PROXY", good)];
        assert_eq!(
            place(&both),
            Err(unreadable),
            "it is not passed over for the next"
        );
        assert_eq!(
            place(&[("HTTPS_PROXY", bad), ("NO_PROXY", "twilio.com")]),
            Ok(None)
        );
        let local = super::super::config::Origin::parse("http://127.0.0.1:4010").unwrap();
        let here = Proxy::find(&Endpoint::Origin(local), |_| Some(bad.into()));
        assert!(
            here.unwrap().is_none(),
            "requests to this machine need none"
        );
    }
}
