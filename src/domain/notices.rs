//! Notices that a terminal shows beside its picture, for an agent who looks elsewhere.
//!
//! What a notice says is a sentence of ours, with no number of anybody's in it and no code.

/// The forms in which terminals show a notice. There is no way to ask a terminal which it knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Notices {
    /// None is shown.
    #[default]
    Off,
    /// OSC 9, as iTerm2 and Windows Terminal know it.
    Osc9,
    /// OSC 777, as urxvt, foot and others know it.
    Osc777,
}

impl Notices {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Off, Self::Osc9, Self::Osc777];

    /// Its name in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Osc9 => "osc9",
            Self::Osc777 => "osc777",
        }
    }

    /// From its name in the settings.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// The next one.
    pub fn next(self) -> Self {
        match self {
            Self::Off => Self::Osc9,
            Self::Osc9 => Self::Osc777,
            Self::Osc777 => Self::Off,
        }
    }
}
