//! What is held back because the same is under way already.
//!
//! The history lets nothing leave while it is not known what came of the same before, be it of another window,
//! of a script or of an earlier run. Whoever is refused so has sent nothing, and no line has dropped: the
//! sentence of what is not known would be wrong for it.

use super::{Failure, FailureKind};

/// What the history says in each sentence that holds something back; where it ends, or whose the other one is.
const SAYS: [&str; 2] = [", so nothing was sent", ", so it was not sent once more"];

impl Failure {
    /// Whether nothing was begun here, because the same may have gone out before.
    pub fn is_held_back(&self) -> bool {
        let unknown = self.kind == FailureKind::OutcomeUnknown && self.status.is_none();
        unknown && SAYS.iter().any(|said| self.message.contains(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_dropped_holds_nothing_back() {
        let unknown = |why: &str| Failure::new(FailureKind::OutcomeUnknown, why);
        assert!(!unknown("the connection was lost").is_held_back());
        assert!(unknown("it is not known yet, so nothing was sent").is_held_back());
        assert!(
            unknown("it is not settled yet, so it was not sent once more: connect that one")
                .is_held_back()
        );
        let refused = Failure::new(FailureKind::Refused, "not known yet, so nothing was sent");
        assert!(!refused.is_held_back());
    }
}
