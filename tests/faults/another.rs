//! Whole and well-formed answers that are to another question, to every call of the client.

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tuilio::domain::call::Call;
use tuilio::twilio::request;
use tuilio::twilio::wire::Response;

use super::asked::{self, Asked};
use super::judge;
use super::manners::answer;
use super::page;
use super::raw::client_to;
use super::server::{Manner, Server};

pub const HEADING: &str = "An answer to another question";
/// What is wrong with the answer, by the columns of the page.
const WAYS: [&str; 4] = [
    "another SID",
    "another number",
    "another Verify service",
    "approved, and not valid",
];

/// The answer as it would be to another question; none where it holds nothing to tell it by.
fn turned(way: &str, right: &Response) -> Option<Vec<u8>> {
    let mut body: Value = serde_json::from_slice(&right.body).ok()?;
    let field = |name: &str| body[name].as_str().map(str::to_owned);
    let other_sid = |sid: String| format!("{}{}", &sid[..2], "0123456789abcdef".repeat(2));
    match way {
        "another SID" => body["sid"] = json!(other_sid(field("sid")?)),
        "another number" => {
            let name = ["to", "phone_number"];
            let name = name.into_iter().find(|name| body[name].is_string())?;
            body[name] = json!("+14155550199");
        }
        "another Verify service" => {
            body["service_sid"] = json!(other_sid(field("service_sid")?));
        }
        "approved, and not valid" => {
            body.get("valid")?;
            field("channel")?;
            body["status"] = json!("approved");
            body["valid"] = json!(false);
        }
        _ => panic!("nothing is known of {way:?}"),
    }
    Some(body.to_string().into_bytes())
}

/// What is found; empty where there is no such answer.
async fn cell(asked: &Asked, way: &str, call: &Call) -> String {
    let meant = request::encode(&asked.config, call);
    let right = asked::ask(&mut asked.world.clone(), asked.now, &meant);
    let Some(body) = turned(way, &right) else {
        return String::new();
    };
    let told = answer(&right.status.to_string(), &[], &body);
    let server = Server::start(Manner::write(told)).await;
    let client = client_to(asked.config.clone(), &server.origin);
    let result = client.perform(call.clone(), &|_| ()).await;
    let word = judge::word(&result, call.changes_something());
    format!("{word}, {}", server.requests())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_to_another_question_has_its_state_in_every_call() {
    let asked = &Asked::new();
    let rows = page::table(HEADING);
    let names = rows.iter().filter_map(|row| page::codes(row[0]).next());
    let calls: Vec<_> = asked.calls.iter().map(asked::name).collect();
    assert_eq!(names.collect::<Vec<_>>(), calls, "each call has a row");
    let cells = rows.iter().zip(&asked.calls).flat_map(|(row, call)| {
        let ways = WAYS.iter().zip(&row[1..]);
        ways.map(move |(way, expected)| (call, *way, *expected))
    });
    let wrong: Vec<String> = stream::iter(cells)
        .map(|(call, way, expected)| async move {
            let found = cell(asked, way, call).await;
            let name = asked::name(call);
            (found != expected).then(|| format!("{name}: {way}: {found}, and not: {expected}"))
        })
        .buffer_unordered(32)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
