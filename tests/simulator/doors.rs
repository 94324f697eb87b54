//! The door inside the program.

use std::time::Duration;

use tuilio::domain::Timestamp;
use tuilio::simulator::{Scene, SimulatedClock, SimulatorTransport, TimeScale, World};
use tuilio::twilio::transport::{Transport, TransportError};
use tuilio::twilio::wire::Method;

use crate::ADA;
use crate::support::{self, Caller};

fn transport(scene: &str) -> (SimulatorTransport, Caller) {
    let start: Timestamp = support::START.parse().unwrap();
    let world = World::new(7, Scene::named(scene).unwrap(), start);
    let clock = SimulatedClock::new(start, TimeScale::default());
    (SimulatorTransport::new(world, clock), Caller::new(scene))
}

#[tokio::test(start_paused = true)]
async fn phones_are_watched_without_asking() {
    let (transport, caller) = transport("happy");
    let mut phones = transport.phones();
    let form = [("To", ADA), ("From", "+12025550142"), ("Body", "Hello")];
    let request = caller.request(Method::Post, &caller.account("/Messages.json"), &form);
    let began = tokio::time::Instant::now();
    assert_eq!(transport.send(request).await.unwrap().status, 201);
    phones.changed().await.unwrap();
    assert_eq!(phones.borrow().last().unwrap().body, "Hello");
    let passed = began.elapsed();
    assert!((3000..3100).contains(&passed.as_millis()), "{passed:?}");
    drop(transport);
    assert!(
        phones.changed().await.is_err(),
        "the task ends with the simulation"
    );
}

#[tokio::test(start_paused = true)]
async fn a_cut_is_an_answer_lost_and_a_delay_is_waited_for() {
    let (transport, caller) = transport("lost_reply");
    let form = [("To", ADA), ("Channel", "sms")];
    let request = caller.request(Method::Post, &caller.service("/Verifications"), &form);
    let lost = transport.send(request).await;
    assert!(matches!(lost, Err(TransportError::Lost(_))), "{lost:?}");

    transport
        .simulation()
        .with_world(|world| world.set_latency(Duration::from_secs(3)));
    let began = tokio::time::Instant::now();
    let request = caller.request(Method::Get, "/v2/Services", &[]);
    assert_eq!(transport.send(request).await.unwrap().status, 200);
    assert_eq!(began.elapsed().as_secs(), 3);
}
