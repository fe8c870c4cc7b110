//! Which owner's key was right from where. Knows no key.

use std::collections::{HashSet, VecDeque};

use super::Source;
use crate::domain::Owner;

/// Those that came last; the oldest makes room.
pub(super) struct Known {
    room: usize,
    found: HashSet<(Owner, Source)>,
    order: VecDeque<(Owner, Source)>,
}

impl Known {
    /// Nobody is known.
    pub(super) fn new(room: usize) -> Self {
        Self { room, found: HashSet::new(), order: VecDeque::new() }
    }

    /// Notes one.
    pub(super) fn note(&mut self, owner: &Owner, source: Source) {
        let one = (owner.clone(), source);
        if self.found.contains(&one) {
            return;
        }
        self.found.insert(one.clone());
        self.order.push_back(one);
        if self.order.len() > self.room
            && let Some(oldest) = self.order.pop_front()
        {
            self.found.remove(&oldest);
        }
    }

    /// Whether it was noted.
    pub(super) fn has(&self, owner: &Owner, source: Source) -> bool {
        self.found.contains(&(owner.clone(), source))
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn the_oldest_makes_room() {
        let mut known = Known::new(2);
        let owner = |name: &str| Owner(name.to_owned());
        let home = Source::of(Ipv4Addr::LOCALHOST.into());
        for name in ["a", "b", "a", "c"] {
            known.note(&owner(name), home);
        }
        assert_eq!(["a", "b", "c"].map(|name| known.has(&owner(name), home)), [false, true, true]);
        assert!(!known.has(&owner("b"), Source::of(Ipv4Addr::new(10, 0, 0, 1).into())));
    }
}
