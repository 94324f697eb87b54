//! What a server says back of what it was asked.
//!
//! Something on the way (a proxy for debugging, a gateway) may answer with the request it has got, and
//! refusals are kept and shown. So the credentials and the code that a request carried are struck out of
//! the sentences of its refusal before anybody reads them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::wire::{Request, Response};

/// What stands in place of it.
const STRUCK: &str = "[…]";
/// The field of a form that holds a code.
const CODE: &str = "Code";

/// Strikes out of a refusal what was secret in its request. What is no JSON is not read for its words.
pub fn strike(response: &mut Response, request: &Request) {
    let secrets = secrets(request);
    let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else {
        return;
    };
    let mut found = false;
    for text in body.as_object_mut().into_iter().flatten() {
        if let (_, Value::String(text)) = text {
            for secret in &secrets {
                if text.contains(secret.as_str()) {
                    *text = text.replace(secret.as_str(), STRUCK);
                    found = true;
                }
            }
        }
    }
    if found {
        response.body = body.to_string().into_bytes();
    }
}

/// The longest first: one may stand in another.
fn secrets(request: &Request) -> Vec<String> {
    let mut secrets: Vec<String> = Vec::new();
    if let Some(auth) = &request.auth {
        let password = auth.password.expose();
        secrets.push(STANDARD.encode(format!("{}:{password}", auth.username)));
        secrets.push(password.to_owned());
    }
    secrets.extend(request.form_value(CODE).map(str::to_owned));
    secrets.retain(|secret| !secret.is_empty());
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Secret;
    use crate::twilio::refusal::Refusal;
    use crate::twilio::wire::{BasicAuth, Host, Method};

    #[test]
    fn what_comes_back_of_a_request_holds_neither_its_credentials_nor_its_code() {
        let secret = "9fd5974a7b8e1234567890abcdef0123";
        let request = Request {
            method: Method::Post,
            host: Host::Verify,
            path: "/v2/Services/VA1/VerificationCheck".to_owned(),
            query: Vec::new(),
            form: vec![
                ("To".to_owned(), "+14155550123".to_owned()),
                ("Code".to_owned(), "6020".to_owned()),
            ],
            auth: Some(BasicAuth {
                username: "SK1".to_owned(),
                password: Secret::new(secret),
            }),
        };
        let header = STANDARD.encode(format!("SK1:{secret}"));
        for field in ["message", "detail", "title"] {
            let said = format!("got Basic {header} or {secret} with Code=6020 to you");
            let body = serde_json::json!({ "code": 60200, "status": 400, field: said });
            // Some servers escape a solidus.
            let body = body.to_string().replace('/', "\\/");
            let mut response = Response {
                status: 400,
                headers: Vec::new(),
                body: body.into_bytes(),
            };
            strike(&mut response, &request);
            let refusal = Refusal::of(&response);
            assert_eq!(refusal.code, Some(60200));
            assert_eq!(refusal.message, "got Basic […] or […] with Code=[…] to you");
        }
    }

    #[test]
    fn an_answer_without_an_echo_is_left_as_it_came() {
        let request = Request {
            method: Method::Get,
            host: Host::Api,
            path: "/".to_owned(),
            query: Vec::new(),
            form: Vec::new(),
            auth: None,
        };
        for body in ["<html>no</html>", "", "{ \"code\": 1,  \"message\":\"m\"}"] {
            let mut response = Response {
                status: 500,
                headers: Vec::new(),
                body: body.as_bytes().to_vec(),
            };
            strike(&mut response, &request);
            assert_eq!(response.body, body.as_bytes());
        }
    }
}
