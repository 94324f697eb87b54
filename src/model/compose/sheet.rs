//! What of a review stands on the screen at once: its cautions first, then the text.
//!
//! A caution is never cut. Where there is no room for all of them, those that fit are asked about, and the
//! next ones after a `y`; the text has what is left and is scrolled. So the last `y` is said to the last
//! caution, and to no sentence that was not on the screen.

use std::ops::Range;

use crate::domain::Phrase;
use crate::layout;
use crate::text;

use super::super::{Effect, Model};
use super::Stage;

/// Columns around a marked sentence: the margin, and the mark.
const AROUND: usize = 8;

/// What of a review is on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The cautions that are asked about now.
    pub cautions: Range<usize>,
    /// How many there are.
    pub all: usize,
    /// Columns of the text.
    pub width: usize,
    /// Rows of it.
    pub rows: usize,
}

impl Sheet {
    /// A `y` is the last one.
    pub fn is_last(&self) -> bool {
        self.cautions.end == self.all
    }
}

impl Model {
    /// What of the review is on the screen.
    pub fn sheet(&self) -> Sheet {
        let size = self.room();
        let leaves = usize::from(self.compose.send_at.is_some());
        let (cautions, first): (&[Phrase], usize) = match &self.compose.stage {
            Stage::Review {
                cautions,
                overruled,
                ..
            } => (cautions, *overruled),
            _ => (&[], 0),
        };
        let most = layout::review_cautions(size).saturating_sub(leaves);
        let mut taken = self.forbidden().map_or(0, |why| self.caution_rows(&why));
        let mut end = first;
        for caution in cautions.iter().skip(first) {
            let rows = self.caution_rows(caution);
            // What is read out has room for everything.
            if end > first && taken + rows > most && !self.setting.plain {
                break;
            }
            taken += rows;
            end += 1;
        }
        // How many there are stands there as well.
        let counted = usize::from(end - first < cautions.len());
        let above = if taken > 0 {
            taken + counted + leaves
        } else {
            0
        };
        let (width, rows) = layout::review_text(size, above);
        Sheet {
            cautions: first..end,
            all: cautions.len(),
            width,
            rows,
        }
    }

    fn caution_rows(&self, caution: &Phrase) -> usize {
        let said = self.setting.language.say(caution);
        let said = text::ascii(&said);
        let width = usize::from(layout::areas(self.size).body.width).saturating_sub(AROUND);
        text::wrap(&said, width.max(8)).len()
    }

    /// A `y` to the cautions on the screen: the text leaves where those were the last.
    pub(super) fn overrule(&mut self) -> Vec<Effect> {
        let sheet = self.sheet();
        match &mut self.compose.stage {
            Stage::Review {
                overruled, scroll, ..
            } if !sheet.is_last() => {
                *overruled = sheet.cautions.end;
                *scroll = 0;
                Vec::new()
            }
            _ => self.send_reviewed(),
        }
    }
}
