//! What will become of something, written down when it is made: moments and the state from each on.
//!
//! There is no clock and no tick: where a thing stands follows from the moment that is asked about.

use crate::domain::Timestamp;

/// States in the order of time; there is always a first.
#[derive(Clone)]
pub(super) struct Timeline<S> {
    first: (Timestamp, S),
    later: Vec<(Timestamp, S)>,
}

impl<S: Clone> Timeline<S> {
    pub(super) fn new(at: Timestamp, state: S) -> Self {
        Self {
            first: (at, state),
            later: Vec::new(),
        }
    }

    /// Adds a state after all others.
    pub(super) fn then(&mut self, at: Timestamp, state: S) {
        self.later.push((at, state));
    }

    /// Where it stands, and since when.
    pub(super) fn now(&self, now: Timestamp) -> &(Timestamp, S) {
        self.later
            .iter()
            .rev()
            .find(|(at, _)| *at <= now)
            .unwrap_or(&self.first)
    }

    /// The last state that is foreseen.
    pub(super) fn end(&self) -> &(Timestamp, S) {
        self.later.last().unwrap_or(&self.first)
    }

    /// Drops what is still to come and goes over to another state.
    pub(super) fn turn(&mut self, now: Timestamp, state: S) {
        self.later.retain(|(at, _)| *at <= now);
        self.later.push((now, state));
    }

    /// When it changes.
    pub(super) fn moments(&self) -> impl Iterator<Item = Timestamp> {
        self.later.iter().map(|(at, _)| *at)
    }

    /// When that state is reached.
    pub(super) fn when(&self, wanted: impl Fn(&S) -> bool) -> Option<Timestamp> {
        std::iter::once(&self.first)
            .chain(&self.later)
            .find(|(_, state)| wanted(state))
            .map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_state_follows_from_the_moment() {
        let mut timeline = Timeline::new(second(10), 'a');
        timeline.then(second(12), 'b');
        timeline.then(second(15), 'c');
        for (at, state) in [
            (9, 'a'),
            (10, 'a'),
            (12, 'b'),
            (14, 'b'),
            (15, 'c'),
            (99, 'c'),
        ] {
            assert_eq!(timeline.now(second(at)).1, state, "{at}");
        }
        timeline.turn(second(13), 'x');
        assert_eq!(timeline.end(), &(second(13), 'x'));
        assert_eq!(timeline.now(second(99)).1, 'x');
    }
}
