//! The rents of a client that are not over, from memory, where every one of them is. Asks nobody.

use crate::domain::{Activation, Outline};
use crate::engine::{Caller, Engine};

impl Engine {
    /// The caller's rents, oldest first.
    pub fn rents(&self, caller: &Caller) -> Vec<Activation> {
        let now = self.clock.now();
        let open = |rent: &Outline| rent.is_rent() && rent.is_active(now);
        let entries = self.book.of(&caller.owner);
        let mut rents: Vec<_> =
            entries.iter().filter(|entry| entry.outline(open)).map(|entry| self.shown(entry.get())).collect();
        rents.sort_by_key(|rent| rent.id);
        rents
    }
}
