//! Every call of the client, each on something that is there at a simulated Twilio.

use std::time::Duration;

use tuilio::domain::call::Call;
use tuilio::domain::message::{MessageFilter, PageCursor};
use tuilio::domain::secret::{Code, Secret};
use tuilio::domain::verification::{
    AttemptFilter, NewVerification, VerificationChannel, VerificationKey,
};
use tuilio::domain::{NewMessage, PhoneNumber, Recipient, Sender, Timestamp};
use tuilio::simulator::{Fate, Scene, World};
use tuilio::twilio::wire::{Request, Response};
use tuilio::twilio::{Credentials, TwilioConfig, request, response};

/// Whom the calls are about: nothing that is said may repeat it.
pub const CUSTOMER: &str = "+14155550100";

/// What is asked, and what it is asked of.
pub struct Asked {
    /// As it was when the calls were made: each cell gets a clone.
    pub world: World,
    /// The moment up to which everything has happened there.
    pub now: Timestamp,
    /// Its keys.
    pub config: TwilioConfig,
    /// The calls.
    pub calls: Vec<Call>,
}

/// The name of a variant. A new one does not compile until it is here, and is missed by a test until it
/// is among the calls.
pub fn name(call: &Call) -> &'static str {
    match call {
        Call::SendMessage(_) => "SendMessage",
        Call::FetchMessage(_) => "FetchMessage",
        Call::ListMessages(_) => "ListMessages",
        Call::NextMessages { .. } => "NextMessages",
        Call::CancelMessage(_) => "CancelMessage",
        Call::RedactMessage(_) => "RedactMessage",
        Call::DeleteMessage(_) => "DeleteMessage",
        Call::StartVerification(_) => "StartVerification",
        Call::FetchVerification { .. } => "FetchVerification",
        Call::CancelVerification { .. } => "CancelVerification",
        Call::CheckVerification { .. } => "CheckVerification",
        Call::ListAttempts(_) => "ListAttempts",
        Call::NextAttempts { .. } => "NextAttempts",
        Call::SummariseAttempts(_) => "SummariseAttempts",
        Call::ListVerifyServices => "ListVerifyServices",
        Call::FetchVerifyService(_) => "FetchVerifyService",
        Call::LookUp { .. } => "LookUp",
        Call::FetchAccount => "FetchAccount",
        Call::FetchBalance => "FetchBalance",
        Call::ListNumbers => "ListNumbers",
        Call::ListMessagingServices => "ListMessagingServices",
    }
}

/// Lets one request happen at once, without a network.
pub fn ask(world: &mut World, at: Timestamp, request: &Request) -> Response {
    match world.handle(at, request) {
        Fate::Answer { response, .. } => response,
        fate => panic!("{request:?}: {fate:?}"),
    }
}

impl Asked {
    /// An account with delivered texts, a scheduled one, and two open verifications.
    pub fn new() -> Self {
        let start: Timestamp = "2026-03-04T14:00:00Z".parse().unwrap();
        let now = start + Duration::from_mins(1);
        let mut world = World::new(7, Scene::named("happy").unwrap(), start);
        let account = world.credentials().account_sid.parse().unwrap();
        let token = Secret::new(world.credentials().auth_token.expose());
        let config = TwilioConfig::new(account, Credentials::AuthToken(token));
        let service: tuilio::domain::sid::VerifyServiceSid =
            world.credentials().verify_service_sid.parse().unwrap();
        let pool = world.credentials().messaging_service_sid.parse().unwrap();
        let pool = Sender::Service(pool);
        let customer = || PhoneNumber::from_e164(CUSTOMER).unwrap();

        let mut act = |call: Call| ask(&mut world, start, &request::encode(&config, &call));
        let mut text = |new: NewMessage| {
            let sent = act(Call::SendMessage(new));
            response::message(&sent).unwrap().sid
        };
        let delivered = text(NewMessage::new(customer(), pool.clone(), "One"));
        let removed = text(NewMessage::new(customer(), pool.clone(), "Two"));
        let scheduled = text(NewMessage {
            send_at: Some(start + Duration::from_hours(1)),
            ..NewMessage::new(customer(), pool.clone(), "Three")
        });
        let started = |to: &str| {
            let to = Recipient::Phone(PhoneNumber::from_e164(to).unwrap());
            NewVerification::new(service.clone(), to, VerificationChannel::Sms)
        };
        let open = act(Call::StartVerification(started(CUSTOMER)));
        let open = response::verification(&open).unwrap().sid;
        act(Call::StartVerification(started("+14155550101")));
        let texts = act(Call::ListMessages(MessageFilter {
            page_size: Some(1),
            ..MessageFilter::default()
        }));
        let next_texts: PageCursor = response::messages(&texts).unwrap().next.unwrap();
        let sends = act(Call::ListAttempts(AttemptFilter {
            page_size: Some(1),
            ..AttemptFilter::default()
        }));
        let next_sends: PageCursor = response::attempts(&sends).unwrap().next.unwrap();
        world.advance(now);
        let code = world.phone(CUSTOMER).filter_map(|item| item.code.clone());
        let code = Code::parse(&code.last().unwrap()).unwrap();
        let key = || VerificationKey::Sid(open.clone());
        let calls = vec![
            Call::SendMessage(NewMessage::new(customer(), pool, "Your parcel is here.")),
            Call::FetchMessage(delivered.clone()),
            Call::ListMessages(MessageFilter::default()),
            Call::NextMessages {
                filter: MessageFilter::default(),
                cursor: next_texts,
            },
            Call::CancelMessage(scheduled),
            Call::RedactMessage(delivered),
            Call::DeleteMessage(removed),
            Call::StartVerification(started("+14155550103")),
            Call::FetchVerification {
                service: service.clone(),
                key: key(),
            },
            Call::CancelVerification {
                service: service.clone(),
                key: key(),
            },
            Call::CheckVerification {
                service: service.clone(),
                key: key(),
                code,
            },
            Call::ListAttempts(AttemptFilter::default()),
            Call::NextAttempts {
                filter: AttemptFilter::default(),
                cursor: next_sends,
            },
            Call::SummariseAttempts(AttemptFilter::default()),
            Call::ListVerifyServices,
            Call::FetchVerifyService(service),
            // One that costs money is repeated less: a test of its own.
            Call::LookUp {
                number: customer(),
                line_type: false,
            },
            Call::FetchAccount,
            Call::FetchBalance,
            Call::ListNumbers,
            Call::ListMessagingServices,
        ];
        Self {
            world,
            now,
            config,
            calls,
        }
    }
}

/// How often what a call asks for has happened in a world, beyond what was there before.
pub fn times_done(world: &World, config: &TwilioConfig, now: Timestamp, call: &Call) -> usize {
    let mut world = world.clone();
    let mut look = |call: Call| ask(&mut world, now, &request::encode(config, &call));
    match call {
        Call::SendMessage(_) => {
            let texts = response::messages(&look(Call::ListMessages(MessageFilter::default())));
            texts.unwrap().items.len() - 3
        }
        Call::StartVerification(_) => {
            let sends = response::attempts(&look(Call::ListAttempts(AttemptFilter::default())));
            sends.unwrap().items.len() - 2
        }
        Call::CancelMessage(sid) => {
            let text = response::message(&look(Call::FetchMessage(sid.clone()))).unwrap();
            usize::from(text.status.as_str() == "canceled")
        }
        Call::RedactMessage(sid) => {
            let text = response::message(&look(Call::FetchMessage(sid.clone()))).unwrap();
            usize::from(text.body.raw().is_empty())
        }
        Call::DeleteMessage(sid) => {
            usize::from(look(Call::FetchMessage(sid.clone())).status == 404)
        }
        Call::CancelVerification { service, key }
        | Call::CheckVerification { service, key, .. } => {
            let fetch = Call::FetchVerification {
                service: service.clone(),
                key: key.clone(),
            };
            let open = response::verification(&look(fetch));
            usize::from(!open.is_ok_and(|verification| verification.status.is_open()))
        }
        _ => 0,
    }
}
