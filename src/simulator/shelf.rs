//! What a world keeps of one kind, in the order of its making, found by SID.
//!
//! A serial number is never given twice, so a page link stays right while things are added or removed.

use std::collections::BTreeMap;

/// Things of one kind.
#[derive(Clone)]
pub(super) struct Shelf<T> {
    items: BTreeMap<u64, T>,
    serials: BTreeMap<String, u64>,
    next: u64,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            items: BTreeMap::new(),
            serials: BTreeMap::new(),
            next: 1,
        }
    }
}

impl<T> Shelf<T> {
    pub(super) fn put(&mut self, sid: &str, item: T) {
        self.items.insert(self.next, item);
        self.serials.insert(sid.to_owned(), self.next);
        self.next += 1;
    }

    pub(super) fn find(&self, sid: &str) -> Option<&T> {
        self.items.get(self.serials.get(sid)?)
    }

    pub(super) fn find_mut(&mut self, sid: &str) -> Option<&mut T> {
        self.items.get_mut(self.serials.get(sid)?)
    }

    pub(super) fn remove(&mut self, sid: &str) -> Option<T> {
        self.items.remove(&self.serials.remove(sid)?)
    }

    /// Newest first, with serial numbers.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = (u64, &T)> {
        self.items
            .iter()
            .rev()
            .map(|(serial, item)| (*serial, item))
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_is_never_given_twice() {
        let mut shelf = Shelf::default();
        shelf.put("a", 'a');
        shelf.put("b", 'b');
        assert_eq!(shelf.remove("b"), Some('b'));
        shelf.put("c", 'c');
        let order: Vec<_> = shelf.newest_first().collect();
        assert_eq!(order, [(3, &'c'), (1, &'a')]);
        assert_eq!(shelf.find("b"), None);
    }
}
