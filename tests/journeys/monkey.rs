//! Anybody may press anything: random keys, pastes, waits and faults, the same for the same seed.
//!
//! Whatever is pressed, nothing is sent that is not on disk, nothing on disk stays without an outcome,
//! and a desk that is left alone comes to rest.

use std::collections::BTreeSet;

use tuilio::domain::{Intent, OpState};
use tuilio::keymap::{Action, Binding, Keymap};
use tuilio::twilio::wire::Method::Post;

use crate::desk::Desk;

/// What edits a field, and what is pressed most.
const MORE: &[&str] = &[
    "<Enter>",
    "<Enter>",
    "<Backspace>",
    "<Left>",
    "<Right>",
    "1",
    "111111",
    "222222",
];
const PASTES: &[&str] = &[
    "415 555 0100",
    "415 555 0101",
    "415 555 0105",
    "415 555 0110",
    "415 555 0188",
    "+1 264 555 0140",
    "jane@example.com",
    "415 555",
    "Your code is 123456",
    "Hello\nJane ’ 👩‍👩‍👧‍👦",
    "\u{1b}[2J\u{202e}",
    "",
];
const FAULTS: &[(&str, &str)] = &[
    ("/v2/Services/*/Verifications", "cut_before_store"),
    ("/v2/Services/*/Verifications", "cut_after_store"),
    ("/v2/Services/*/VerificationCheck", "cut_after_store"),
    ("/v2/Services/*/VerificationCheck", "error_before_store"),
    ("/v2/Services/*/Verifications/*", "cut_after_store"),
    ("/2010-04-01/Accounts/*/Messages.json", "cut_before_store"),
    ("/2010-04-01/Accounts/*/Messages.json", "cut_mid_body"),
    ("/2010-04-01/Accounts/*/Messages.json", "malformed"),
];

/// `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }
}

/// Every key that means something somewhere. What is deleted could not be compared with what was sent.
fn keys() -> Vec<String> {
    let bindings = Keymap::default().bindings().iter();
    let (deletes, others): (Vec<_>, Vec<_>) =
        bindings.partition(|binding| binding.action == Action::Delete);
    let of = |bindings: &[&Binding]| -> BTreeSet<String> {
        let chords = bindings.iter().flat_map(|binding| binding.chords);
        chords.map(|chord| format!("<{chord}>")).collect()
    };
    let more = MORE.iter().map(|&key| key.to_owned());
    let keys = of(&others);
    keys.difference(&of(&deletes))
        .cloned()
        .chain(more)
        .collect()
}

/// Plays a game, and says what was sent in it: codes, checks, texts.
fn play(seed: u64, keys: &[&str]) -> [usize; 3] {
    let mut dice = Dice(seed);
    let mut desk = Desk::demo("happy");
    desk.looks_at_all_sizes = seed.is_multiple_of(8);
    for _ in 0..60 {
        match dice.roll(12) {
            0..3 => desk.press(dice.pick(keys)),
            3..6 => desk
                .press("<Esc><F7><Esc>")
                .paste(dice.pick(PASTES))
                .press("<Enter>"),
            6 | 7 => desk
                .press("<Esc><F6><Esc><Esc><Esc>")
                .paste(dice.pick(PASTES))
                .press("<Enter>Hello<Enter><Enter>"),
            8 => desk.paste(dice.pick(PASTES)),
            // A digit that follows at once would make a number of the code.
            9 => desk
                .press(dice.pick(&["111111", "222222", "3333", "y", "r", "c"]))
                .wait(0.5),
            10 => desk.wait(dice.pick(&[0.3, 0.5, 2.0, 35.0, 200.0])),
            _ => {
                let (path, fault) = dice.pick(FAULTS);
                desk.plant("POST", path, fault, &[])
            }
        };
        on_disk_before_the_wire(&desk, seed);
        desk.look.ascii = true;
        let screen = desk.screen();
        let stray: String = screen.chars().filter(|c| !c.is_ascii()).collect();
        assert!(stray.is_empty(), "seed {seed}: {stray} in\n{screen}");
        desk.look.ascii = false;
    }
    desk.left.clear();
    // Twice the ten minutes after which what was not found is taken as not sent.
    desk.wait(1_500.0);
    for row in desk.rows() {
        assert!(
            !matches!(row.state, OpState::Intended | OpState::Unknown(_)),
            "seed {seed}: {} has no outcome:\n{}",
            row.operation.id,
            desk.screen()
        );
    }
    desk.wait(5.0 * 3_600.0);
    assert_eq!(
        desk.model.deadline(),
        None,
        "seed {seed}: the desk does not come to rest:\n{}",
        desk.screen()
    );
    ["/Verifications", "/VerificationCheck", "/Messages.json"].map(|end| desk.requests(Post, end))
}

/// Each request that changes something was asked for by an operation on disk, and each only once.
fn on_disk_before_the_wire(desk: &Desk, seed: u64) {
    let rows = desk.rows();
    let of = |is: fn(&Intent) -> bool| rows.iter().filter(|row| is(&row.operation.intent)).count();
    for (sent, written) in [
        (
            desk.requests(Post, "/Verifications"),
            of(|intent| matches!(intent, Intent::VerifyStart(_))),
        ),
        (
            desk.requests(Post, "/VerificationCheck"),
            of(|intent| matches!(intent, Intent::VerifyCheck { .. })),
        ),
        (
            desk.requests(Post, "/Messages.json"),
            of(|intent| matches!(intent, Intent::Text(_))),
        ),
    ] {
        assert_eq!(sent, written, "seed {seed}:\n{}", desk.screen());
    }
}

#[test]
fn whatever_is_pressed_everything_has_an_outcome_and_the_desk_comes_to_rest() {
    let seeds = std::env::var("TUILIO_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok())
        .unwrap_or(16);
    let keys = keys();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut sent = [0; 3];
    for seed in 0..seeds {
        for (sum, n) in sent.iter_mut().zip(play(seed, &keys)) {
            *sum += n;
        }
    }
    assert!(
        sent.iter().all(|&n| n > 5),
        "too little was tried: {sent:?}"
    );
}
