//! How the program is set up in a play.

use tuilio::domain::policy::{Mode, Quiet, QuietHours};
use tuilio::domain::{Language, Policy};
use tuilio::model::Setting;
use tuilio::view::Look;

use crate::dice::Dice;

/// The worlds that a play may be in.
pub const SCENES: &[&str] = &[
    "happy",
    "happy",
    "happy",
    "happy",
    "trial",
    "two_desks",
    "conversation",
    "slow_network",
    "approved_elsewhere",
    "sms_and_calls_only",
];

/// What a desk is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On a screen.
    Screen,
    /// Line by line.
    Lines,
    /// With a pretend phone.
    Demo,
}

/// What the two desks of a play are like. Lines are seldom: each of their plays takes as long as five others.
pub fn kinds(seed: u64) -> [Kind; 2] {
    match Dice::new(seed ^ 0x114e5).roll(50) {
        0 => [Kind::Lines, Kind::Screen],
        1 => [Kind::Screen, Kind::Lines],
        2..=5 => [Kind::Demo, Kind::Demo],
        _ => [Kind::Screen, Kind::Screen],
    }
}

/// What the lead has laid down.
pub fn policy(dice: &mut Dice) -> Policy {
    let never = QuietHours {
        from: jiff::civil::Time::midnight(),
        to: jiff::civil::Time::midnight(),
        then: Quiet::Caution,
    };
    let mut policy = Policy {
        quiet_hours: Some(never),
        ..Policy::default()
    };
    match dice.roll(10) {
        0 => policy.hold_seconds = 5,
        1 => policy.mode = Mode::Trainee,
        2 => policy.idle_lock_minutes = Some(3),
        3 => policy.auto_check = false,
        4 => policy.mask_on_focus_loss = true,
        _ => {}
    }
    policy
}

/// What the settings say.
pub fn setting(dice: &mut Dice) -> Setting {
    Setting {
        default_country: "US".to_owned(),
        // The first of them twice as often as any other.
        language: Language::ALL[dice.below(Language::ALL.len() + 1).saturating_sub(1)],
        agent: dice.in_hundred(50).then(|| "kim".to_owned()),
        auto_check: dice.in_hundred(80),
        bell: dice.in_hundred(50),
        kept_in: "/home/desk/history.db".to_owned(),
        configured_in: "/home/desk/config.toml".to_owned(),
        ..Setting::default()
    }
}

/// What the terminal can show.
pub fn look(dice: &mut Dice) -> Look {
    Look {
        color: dice.in_hundred(70),
        ascii: dice.in_hundred(30),
        ..Look::default()
    }
}
