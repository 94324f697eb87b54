//! A frame that remembers what stands where: which part of the screen can be clicked, and what a click
//! there stands for.
//!
//! It is the terminal library's frame otherwise. Whatever is drawn registers itself as it is drawn, so
//! that a click can never mean something that is not on the screen.

use std::ops::{Deref, DerefMut};

use ratatui::layout::{Position, Rect};
use ratatui::widgets::Clear;

use crate::model::Click;

use super::theme::{Look, Role};

/// What on the screen can be clicked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spots {
    clicks: Vec<(Rect, Click)>,
    /// What leads somewhere: where it stands, and where it leads.
    pub links: Vec<(Rect, String)>,
    /// What persons wrote: where it begins, how many columns it takes, and the words as they are.
    quotes: Vec<(Position, u16, String)>,
}

impl Spots {
    /// What a click on this cell stands for; what was drawn last lies on top.
    pub fn at(&self, column: u16, row: u16) -> Option<Click> {
        let here = Position::new(column, row);
        let (_, click) = self
            .clicks
            .iter()
            .rev()
            .find(|(area, _)| area.contains(here))?;
        Some(click.clone())
    }

    /// Everything that can be clicked, for looking at it as a whole.
    pub fn clicks(&self) -> impl Iterator<Item = &(Rect, Click)> {
        self.clicks.iter()
    }
}

/// A frame that is being drawn.
pub struct Frame<'a, 'b> {
    frame: &'a mut ratatui::Frame<'b>,
    spots: Spots,
}

impl<'a, 'b> Frame<'a, 'b> {
    /// Around the library's.
    pub fn new(frame: &'a mut ratatui::Frame<'b>) -> Self {
        Self {
            frame,
            spots: Spots::default(),
        }
    }

    /// A click on this part of the screen stands for that.
    pub fn clickable(&mut self, area: Rect, click: Click) {
        self.spots.clicks.push((area, click));
    }

    /// The lines on which rows of a list begin, and their numbers, counted from one.
    pub fn rows(&self) -> impl Iterator<Item = (u16, usize)> {
        let clicks = self.spots.clicks.iter();
        clicks.filter_map(|(area, click)| match click {
            Click::Row(at) => Some((area.y, at + 1)),
            Click::Press(_) | Click::Field(_) => None,
        })
    }

    /// This part of the screen leads there.
    pub fn link(&mut self, area: Rect, to: String) {
        self.spots.links.push((area, to));
    }

    /// On this part of the screen stands what a person wrote.
    pub fn quote(&mut self, area: Rect, words: String) {
        let begins = Position::new(area.x, area.y);
        self.spots.quotes.push((begins, area.width, words));
    }

    /// What persons wrote: where it begins, how many columns it takes, and the words as they are.
    pub fn quotes(&self) -> &[(Position, u16, String)] {
        &self.spots.quotes
    }

    /// Something lies over all that was drawn so far: none of it takes a click any more.
    pub fn cover(&mut self) {
        self.spots = Spots::default();
    }

    /// Paints the background, where the theme has one of its own.
    pub fn blank(&mut self, look: Look) {
        let area = self.frame.area();
        self.frame
            .buffer_mut()
            .set_style(area, look.style(Role::Plain));
    }

    /// Wipes a part of the screen.
    pub fn wipe(&mut self, area: Rect, look: Look) {
        self.frame.render_widget(Clear, area);
        let area = area.intersection(self.frame.area());
        self.frame
            .buffer_mut()
            .set_style(area, look.style(Role::Plain));
    }

    /// What was registered.
    pub fn into_spots(self) -> Spots {
        self.spots
    }
}

impl<'b> Deref for Frame<'_, 'b> {
    type Target = ratatui::Frame<'b>;

    fn deref(&self) -> &Self::Target {
        self.frame
    }
}

impl DerefMut for Frame<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.frame
    }
}
