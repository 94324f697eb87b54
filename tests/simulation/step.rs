//! The steps of a play: what people, the network and the machine do, one after another.
//!
//! A step holds no state of the desk, so that any of them may be left out and the rest still makes sense:
//! that is how a failing play becomes a short one.

use crate::dice::Dice;
use crate::network::Weather;

/// Numbers of the simulator's people, among them some that are refused, opted out or never reached.
pub const PEOPLE: &[&str] = &[
    "+14155550100",
    "+14155550101",
    "+14155550104",
    "+14155550105",
    "+14155550110",
    "+14155550113",
    "+14155550188",
    "+12645550140",
];
/// What is written; few, so that the same text meets itself.
pub const BODIES: &[&str] = &["Hello", "Your ticket is closed.", "Hello’ 👋"];

const KEYS: &[&str] = &[
    "<Enter>",
    "<Esc>",
    "<Tab>",
    "<Up>",
    "<Down>",
    "<Left>",
    "<Home>",
    "<End>",
    "<PageDown>",
    "<Backspace>",
    "<Delete>",
    "<Shift-Tab>",
    "<F1>",
    "<F2>",
    "<F3>",
    "<F4>",
    "<F5>",
    "<F6>",
    "<F7>",
    "<F8>",
    "<F9>",
    "<F12>",
    "<Ctrl-K>",
    "<Ctrl-T>",
    "<Ctrl-J>",
    "<Ctrl-C>",
    "<Ctrl-L>",
    "<F4><Down><Enter>",
    "<F4><Enter>y",
    "<F6>s",
    "r",
    "c",
    "w",
    "e",
    "x",
    "y",
    "n",
    "m",
    "o",
    "u",
    "s",
    "d",
    "j",
    "k",
    "?",
    "1",
    "333333",
    "<Esc><Esc><Esc><F8>",
];
const PASTES: &[&str] = &[
    "jane@example.com",
    "415 555",
    "Your code is 123456",
    "Hello\nJane ’ 👩‍👩‍👧‍👦",
    "\u{1b}[2J\u{202e}\u{9b}31m",
    "",
];
const FAULTS: &[(&str, &str, &str)] = &[
    ("POST", "/v2/Services/*/Verifications", "cut_before_store"),
    ("POST", "/v2/Services/*/Verifications", "cut_after_store"),
    ("POST", "/v2/Services/*/Verifications", "error_after_store"),
    ("POST", "/v2/Services/*/Verifications", "malformed"),
    ("POST", "/v2/Services/*/Verifications", "429"),
    (
        "POST",
        "/v2/Services/*/VerificationCheck",
        "cut_after_store",
    ),
    (
        "POST",
        "/v2/Services/*/VerificationCheck",
        "error_before_store",
    ),
    ("POST", "/v2/Services/*/VerificationCheck", "429"),
    ("POST", "/v2/Services/*/Verifications/*", "cut_after_store"),
    (
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "cut_before_store",
    ),
    (
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "cut_after_store",
    ),
    (
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "cut_mid_body",
    ),
    (
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "error_before_store",
    ),
    (
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "error_after_store",
    ),
    ("POST", "/2010-04-01/Accounts/*/Messages.json", "malformed"),
    ("POST", "/2010-04-01/Accounts/*/Messages.json", "429"),
    ("GET", "/2010-04-01/Accounts/*/Messages.json", "malformed"),
    ("GET", "/2010-04-01/Accounts/*/Messages.json", "429"),
    (
        "GET",
        "/v2/Services/*/Verifications/*",
        "error_before_store",
    ),
    ("GET", "/v2/Attempts", "cut_before_store"),
    ("POST", "/v2/Services/*/Verifications", "429 for long"),
    ("POST", "/v2/Services/*/VerificationCheck", "429 for long"),
    ("POST", "/v2/Services/*/Verifications/*", "429 for long"),
    (
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "429 for long",
    ),
];
/// Of the faults: codes and texts that have to wait, which a client does by itself.
const WAITS_OF_CLIENTS: [usize; 2] = [4, 15];
/// A code that has to wait for longer than a client does.
const LONG_WAIT: Step = Step::Fault {
    fault: 20,
    times: 1,
};
const WAITS: &[u64] = &[50, 300, 1_000, 3_000, 12_000, 40_000, 200_000, 700_000];
const SLEEPS: &[u64] = &[5, 30, 60, 300, 3_600, 40_000];

/// What fails at the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// Writing down what is intended.
    Intend,
    /// Writing down what came of it.
    Settle,
    /// Everything.
    All,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Keys(&'static str),
    Held(&'static str),
    Paste(&'static str),
    /// A check of somebody's phone is begun.
    Check(usize),
    /// A text is written to somebody and sent.
    Text {
        to: usize,
        body: usize,
    },
    /// The customer reads out the code, or something else.
    Code {
        right: bool,
        pasted: bool,
    },
    /// Somebody clicks somewhere.
    Click {
        column: u16,
        row: u16,
    },
    Scroll {
        down: bool,
    },
    Size {
        width: u16,
        height: u16,
    },
    Focus(bool),
    /// Time passes, in milliseconds.
    Wait(u64),
    /// The machine sleeps, in seconds: time passes, and nothing on it runs.
    Sleep(u64),
    Weather(Weather),
    /// Twilio does something wrong once or several times.
    Fault {
        fault: usize,
        times: u64,
    },
    CustomerWrites(usize),
    /// Another machine sends the same words.
    Elsewhere {
        to: usize,
        body: usize,
    },
    HistoryFails(Failing, u32),
    KeyringFails(bool),
    /// The keys are connected anew.
    Connect,
    /// The program ends in the middle of something, after so many more orders.
    Crash {
        after: u32,
        /// What is found by the next run is the folder as it lay there in that moment.
        as_it_lay: bool,
    },
    /// The agent leaves.
    Leave,
    /// Another desk on the same history comes to the front, and is started where it is not.
    OtherDesk,
    /// A script sends a text to the same history.
    Script {
        to: usize,
        body: usize,
    },
    /// The clock of the machine is set; programs notice when they start.
    Clock(i64),
}

/// The steps of a seed.
pub fn play(dice: &mut Dice, steps: usize) -> Vec<Step> {
    let mut play = Vec::new();
    while play.len() < steps {
        if dice.in_hundred(8) {
            play.extend(scene(dice));
            continue;
        }
        let step = step(dice);
        let is_check = matches!(step, Step::Check(_));
        play.push(step);
        if is_check && dice.in_hundred(70) {
            play.push(Step::Wait(dice.pick(&[300, 1_000, 1_000, 3_000])));
            play.push(Step::Code {
                right: dice.in_hundred(60),
                pasted: dice.in_hundred(40),
            });
        }
    }
    play
}

/// What seldom comes about by single steps.
fn scene(dice: &mut Dice) -> Vec<Step> {
    let (to, body) = (dice.below(3), dice.below(BODIES.len()));
    let text = Step::Text { to, body };
    // The text never arrives at Twilio, or its answer never here.
    let lost = Step::Fault {
        fault: dice.pick(&[9, 10, 12]),
        times: 1,
    };
    match dice.roll(9) {
        // Another machine sent the same long ago; then a text of ours is lost on the way there.
        0 => {
            let never_there = Step::Fault {
                fault: dice.pick(&[9, 12]),
                times: 1,
            };
            let long = Step::Wait(dice.pick(&[400_000, 700_000, 4_000_000]));
            vec![Step::Elsewhere { to, body }, long, never_there, text]
        }
        // While one is not known, another desk or a script has the same to send; or somebody at another desk
        // sees it, and says yes.
        1 => {
            let never_there = Step::Fault { fault: 9, times: 1 };
            let other = match dice.roll(3) {
                0 => vec![Step::Wait(1_000), Step::Script { to, body }],
                1 => vec![Step::Wait(1_000), Step::OtherDesk, text.clone()],
                _ => vec![
                    Step::Wait(40_000),
                    Step::OtherDesk,
                    Step::Wait(3_000),
                    Step::Keys("<F4><Home><Enter>y"),
                    Step::Wait(200_000),
                ],
            };
            [vec![never_there, text], other].concat()
        }
        // The same text again, beside one that is not known.
        2 => vec![
            lost,
            text.clone(),
            Step::Wait(1_000),
            Step::Keys("<Esc><Esc>"),
            text,
        ],
        // The agent says yes to a second one.
        3 => vec![lost, text, Step::Wait(40_000), Step::Keys("y")],
        // While one waits, the same goes out from somewhere else.
        4 => vec![
            LONG_WAIT,
            Step::Check(to),
            Step::Wait(1_000),
            Step::OtherDesk,
            Step::Check(to),
            Step::Wait(60_000),
        ],
        5 => {
            let other = if dice.heads() {
                vec![Step::Script { to, body }]
            } else {
                vec![Step::OtherDesk, text.clone()]
            };
            [vec![text], other, vec![Step::Wait(12_000)]].concat()
        }
        6 | 7 => sleep_in_a_wait(dice, to, text),
        _ => vec![
            Step::KeyringFails(true),
            Step::Connect,
            Step::KeyringFails(false),
            Step::Connect,
        ],
    }
}

/// The machine sleeps while something waits that would go on by itself: at the desk, or in its client.
fn sleep_in_a_wait(dice: &mut Dice, to: usize, text: Step) -> Vec<Step> {
    let begun = match dice.roll(4) {
        0 => vec![LONG_WAIT, Step::Check(to)],
        1 => vec![text],
        _ => {
            let [codes, texts] = WAITS_OF_CLIENTS;
            let (fault, step) = dice.pick(&[(codes, true), (texts, false)]);
            let step = if step { Step::Check(to) } else { text };
            vec![Step::Fault { fault, times: 1 }, step]
        }
    };
    let sleep = [
        Step::Wait(dice.pick(&[300, 1_000])),
        Step::Sleep(dice.pick(&[15, 60, 120, 3_600])),
        Step::Wait(60_000),
    ];
    [begun, sleep.to_vec()].concat()
}

fn step(dice: &mut Dice) -> Step {
    match dice.roll(102) {
        0..14 => Step::Keys(dice.pick(KEYS)),
        14..16 => Step::Held(dice.pick(&["<Enter>", "<Down>", "y", "r", "1"])),
        16..18 => Step::Paste(dice.pick(PASTES)),
        18..30 => Step::Check(dice.pick(&[0, 0, 0, 1, 1, 2, 3, 5, 6, 7])),
        30..42 => Step::Text {
            to: dice.below(PEOPLE.len().min(4)),
            body: dice.below(BODIES.len()),
        },
        42..51 => Step::Code {
            right: dice.in_hundred(60),
            pasted: dice.in_hundred(40),
        },
        51..53 => Step::Keys("y"),
        53..55 => Step::Click {
            column: dice.between(0, 140) as u16,
            row: dice.between(0, 40) as u16,
        },
        55 => Step::Scroll {
            down: dice.in_hundred(50),
        },
        56..58 => {
            let (width, height) = size(dice);
            Step::Size { width, height }
        }
        58 => Step::Focus(dice.in_hundred(50)),
        59..70 => Step::Wait(dice.pick(WAITS)),
        70..75 => Step::Weather(dice.pick(&[Weather::Calm, Weather::Rough, Weather::Storm])),
        75..82 => Step::Fault {
            fault: dice.below(FAULTS.len()),
            times: dice.pick(&[1, 1, 1, 2, 5]),
        },
        82 => Step::CustomerWrites(dice.below(PEOPLE.len())),
        83..85 => Step::HistoryFails(
            dice.pick(&[Failing::Intend, Failing::Settle, Failing::All]),
            dice.between(1, 3) as u32,
        ),
        85 => Step::KeyringFails(dice.in_hundred(60)),
        86 => Step::Connect,
        87..92 => Step::Crash {
            after: dice.pick(&[0, 0, 1, 1, 2, 3, 5, 9]),
            as_it_lay: dice.in_hundred(50),
        },
        92 => Step::Leave,
        93..96 => Step::OtherDesk,
        96..99 => Step::Script {
            to: dice.below(3),
            body: dice.below(BODIES.len()),
        },
        99 => Step::Clock(dice.pick(&[-90_000, -30, 20, 30, 7_200])),
        _ => Step::Sleep(dice.pick(SLEEPS)),
    }
}

/// A size from nothing to a wall; more often one that people have.
pub fn size(dice: &mut Dice) -> (u16, u16) {
    let (width, height) = match dice.roll(20) {
        0..12 => (dice.between(58, 125), dice.between(14, 36)),
        12..16 => (dice.between(1, 62), dice.between(1, 18)),
        16..19 => (dice.between(1, 160), dice.between(1, 50)),
        _ => (dice.between(1, 300), dice.between(1, 100)),
    };
    (width as u16, height as u16)
}

/// Method, path and kind of a fault, and what else its form has.
pub fn fault(
    at: usize,
) -> (
    &'static str,
    &'static str,
    &'static str,
    Vec<(&'static str, &'static str)>,
) {
    let (method, path, kind) = FAULTS[at % FAULTS.len()];
    match kind {
        "429" => (
            method,
            path,
            "status",
            vec![("status", "429"), ("retry_after", "2")],
        ),
        "429 for long" => (
            method,
            path,
            "status",
            vec![("status", "429"), ("retry_after", "40")],
        ),
        kind => (method, path, kind, Vec::new()),
    }
}
