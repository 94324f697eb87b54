//! Every fault of the simulator against every call of the client, over loopback HTTP.
//!
//! The simulator is the one that ships, and so is the transport; a relay between them counts what left.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;
use tuilio::domain::call::Call;
use tuilio::simulator::{SimulatedClock, Simulation, TimeScale, server};
use tuilio::twilio::wire::{Host, Method, Request};
use tuilio::twilio::{Client, Endpoint, Origin, RetryPolicy, TwilioConfig, request};

use super::another;
use super::asked::{self, Asked};
use super::judge;
use super::page;
use super::relay::Relay;

/// So many cells are under way at a time.
const AT_A_TIME: usize = 96;

/// A fault as the page names it.
struct Fault {
    name: &'static str,
    options: Vec<(String, String)>,
    lasting: bool,
    row: Vec<&'static str>,
}

fn faults() -> Vec<Fault> {
    let rows = page::table("What the service does").into_iter();
    rows.flat_map(|row| {
        let often = row[2].split(", ").map(|word| match word {
            "once" => false,
            "always" => true,
            other => panic!("{other:?}"),
        });
        let often: Vec<bool> = often.collect();
        often.into_iter().map(move |lasting| Fault {
            name: page::codes(row[0]).next().unwrap_or("none"),
            options: page::codes(row[1])
                .flat_map(str::split_whitespace)
                .filter_map(|option| option.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            lasting,
            row: row.clone(),
        })
    })
    .collect()
}

/// What is found: the word, how many requests arrived, how often it was done.
async fn cell(asked: &Asked, fault: &Fault, limit: u64, call: &Call) -> String {
    let clock = SimulatedClock::new(asked.now, TimeScale::default());
    let simulation = Simulation::new(asked.world.clone(), clock);
    let meant = request::encode(&asked.config, call);
    if fault.name != "none" {
        plant(&simulation, fault, &meant);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = tokio::spawn(server::run(
        listener,
        std::future::pending(),
        Arc::clone(&simulation),
    ));
    let relay = Relay::to(address).await;
    // An answer that comes too late is waited for in vain; all others have all the time that they need.
    let patience = if fault.name == "delay" { limit } else { 300 };
    let patience = Duration::from_secs(patience);
    let asks_to_wait = fault.options.iter().any(|(name, _)| name == "retry_after");
    let client = client(&asked.config, &relay.origin, patience, asks_to_wait);
    let result = client.perform(call.clone(), &|_| ()).await;
    let word = judge::word(&result, call.changes_something());
    if let Err(error) = &result {
        let token = asked.config.basic_auth().password;
        let code = match call {
            Call::CheckVerification { code, .. } => code.expose(),
            _ => token.expose(),
        };
        judge::is_discreet(error, &[token.expose(), code]);
    }
    serving.abort();
    let found = format!("{word}, {}", relay.requests());
    if !call.changes_something() {
        return found;
    }
    let done =
        simulation.with_world(|world| asked::times_done(world, &asked.config, world.now(), call));
    format!(
        "{found}, {}",
        ["not done", "done", "done twice"][done.min(2)]
    )
}

fn plant(simulation: &Simulation, fault: &Fault, meant: &Request) {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut form = vec![
        pair("method", meant.method.as_str()),
        pair("path", &meant.path),
        pair("fault", fault.name),
        pair("times", if fault.lasting { "1000" } else { "1" }),
    ];
    form.extend(fault.options.iter().cloned());
    let planting = Request {
        method: Method::Post,
        host: Host::Api,
        path: "/simulator/faults".to_owned(),
        query: Vec::new(),
        form,
        auth: None,
    };
    let response = simulation.with_world(|world| {
        let now = world.now();
        asked::ask(world, now, &planting)
    });
    let said = String::from_utf8_lossy(&response.body);
    assert_eq!(response.status, 201, "{}: {said}", fault.name);
}

fn client(config: &TwilioConfig, origin: &str, patience: Duration, asks_to_wait: bool) -> Client {
    let config = config
        .clone()
        .with_endpoint(Endpoint::Origin(Origin::parse(origin).unwrap()))
        .with_timeouts(Duration::from_mins(5), patience);
    let usual = RetryPolicy::default();
    Client::connect(config).with_retry_policy(RetryPolicy {
        first_wait: Duration::from_millis(2),
        // On a busy machine the tries alone may take longer than a call may wait.
        max_total: if asks_to_wait {
            usual.max_total
        } else {
            Duration::from_mins(10)
        },
        ..usual
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_the_service_has_its_state_in_every_call() {
    let asked = Asked::new();
    let faults = faults();
    let cells = faults
        .iter()
        .flat_map(|fault| asked.calls.iter().map(move |call| (fault, call)));
    let asked = &asked;
    let wrong: Vec<String> = stream::iter(cells)
        .map(|(fault, call)| async move {
            let name = asked::name(call);
            let expected = fault.row[page::column(page::kind(name), 3)];
            let mut found = String::new();
            // On a busy machine a request may not even arrive within a short limit.
            for limit in [2, 15] {
                found = cell(asked, fault, limit, call).await;
                if found == expected {
                    return None;
                }
            }
            let often = if fault.lasting { "always" } else { "once" };
            let (of, with) = (fault.name, fault.row[1]);
            Some(format!(
                "{of} {with} {often}: {name}: {found}, and not: {expected}"
            ))
        })
        .buffer_unordered(AT_A_TIME)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The names of an enumeration's variants, as the source has them.
fn variants(source: &str, of: &str) -> BTreeSet<String> {
    let file = syn::parse_file(source).unwrap();
    let found = file.items.into_iter().find_map(|item| match item {
        syn::Item::Enum(item) if item.ident == of => Some(item.variants),
        _ => None,
    });
    let variants = found.unwrap().into_iter();
    variants.map(|variant| variant.ident.to_string()).collect()
}

#[test]
fn no_call_is_missing() {
    let known = variants(include_str!("../../src/domain/call.rs"), "Call");
    let calls: BTreeSet<_> = Asked::new()
        .calls
        .iter()
        .map(|call| asked::name(call).to_owned())
        .collect();
    assert_eq!(calls, known, "in the matrix");
    let kinds = page::table("What is asked");
    let on_page: Vec<_> = kinds.iter().flat_map(|row| page::codes(row[1])).collect();
    assert_eq!(on_page.len(), known.len(), "each is of one kind");
    let on_page: BTreeSet<_> = on_page.into_iter().map(str::to_owned).collect();
    assert_eq!(on_page, known, "on the page");
}

#[test]
fn no_fault_is_missing() {
    let known = variants(include_str!("../../src/simulator/faults.rs"), "Kind");
    let known: BTreeSet<_> = known.iter().map(|name| snake(name)).collect();
    for lasting in [false, true] {
        let faults = faults();
        let on_page = faults
            .iter()
            .filter(|fault| fault.lasting == lasting && fault.name != "none");
        let on_page: BTreeSet<_> = on_page.map(|fault| fault.name.to_owned()).collect();
        assert_eq!(on_page, known, "lasting: {lasting}");
    }
}

/// What the page and the README say of how much is tried.
#[test]
fn the_page_counts_its_cells() {
    let calls = Asked::new().calls.len();
    let (faults, rows) = (faults().len(), page::table("What the service does").len());
    let misdeeds = page::table("What the network does").len();
    let doors = page::table("Before the connection stands").len();
    let answers = page::table(another::HEADING);
    let answers = answers.iter().flat_map(|row| &row[1..]);
    let answers = answers.filter(|cell| !cell.is_empty()).count();
    let cells = calls * (faults + misdeeds + doors) + answers;
    let cells = format!("{},{:03} cells", cells / 1000, cells % 1000);
    for words in [
        format!("{calls} calls against {faults} faults of the service ({rows} rows"),
        format!(
            "{misdeeds} misdeeds of the network\nand {doors} ways not to get a connection, and {answers} answers to another question: {cells}"
        ),
    ] {
        assert!(page::PAGE.contains(&words), "{words:?} is not in the page");
    }
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&cells), "{cells} is not in the README");
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}
