//! How often each of many may do something: so many at once, and then one each pause. Knows neither who they are
//! nor what they do.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// How often the table is looked through for those who can be forgotten.
const SWEEP: Duration = Duration::from_secs(1);

/// Who did how much lately. At most `room` are told apart; while there is no room, all others are counted as one,
/// so that a flood of names costs no memory and takes nothing from those that are known.
pub(super) struct Paces<K> {
    pause: Duration,
    /// How far ahead of the pace somebody may be.
    ahead: Duration,
    room: usize,
    /// Until when each has used up what the pace allows.
    used_until: HashMap<K, Duration>,
    others_until: Duration,
    swept: Duration,
}

impl<K: Hash + Eq + Clone> Paces<K> {
    /// One each `pause`, and `burst` at once.
    pub(super) fn new(pause: Duration, burst: u32, room: usize) -> Self {
        Self {
            pause,
            ahead: pause.saturating_mul(burst.max(1)),
            room,
            used_until: HashMap::new(),
            others_until: Duration::ZERO,
            swept: Duration::ZERO,
        }
    }

    /// Takes one at `now`, if one may be taken.
    pub(super) fn take(&mut self, who: &K, now: Duration) -> bool {
        let (pause, ahead) = (self.pause, self.ahead);
        let take = |slot: &mut Duration| {
            let may = fits(*slot, now, pause, ahead);
            if may {
                *slot = (*slot).max(now) + pause;
            }
            may
        };
        // Nearly everybody is known, and then nothing needs to be copied.
        match self.used_until.get_mut(who) {
            Some(slot) => take(slot),
            None => take(self.new_slot(who, now)),
        }
    }

    /// Whether none could be taken at `now`.
    pub(super) fn is_used_up(&self, who: &K, now: Duration) -> bool {
        let full = self.used_until.len() >= self.room;
        let unknown = if full { self.others_until } else { Duration::ZERO };
        let until = self.used_until.get(who).copied().unwrap_or(unknown);
        !fits(until, now, self.pause, self.ahead)
    }

    /// The place of somebody who is not known.
    fn new_slot(&mut self, who: &K, now: Duration) -> &mut Duration {
        if self.used_until.len() >= self.room {
            self.sweep(now);
            if self.used_until.len() >= self.room {
                return &mut self.others_until;
            }
        }
        self.used_until.entry(who.clone()).or_insert(Duration::ZERO)
    }

    /// Forgets those of whom nothing is left to know.
    fn sweep(&mut self, now: Duration) {
        if now.saturating_sub(self.swept) >= SWEEP {
            self.swept = now;
            self.used_until.retain(|_, until| *until > now);
        }
    }
}

fn fits(until: Duration, now: Duration, pause: Duration, ahead: Duration) -> bool {
    (until.max(now) + pause).saturating_sub(now) <= ahead
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_and_then_the_pace() {
        let mut paces = Paces::new(SECOND, 3, 10);
        let took = |paces: &mut Paces<&str>, now| (0..5).filter(|_| paces.take(&"a", now)).count();
        assert_eq!(took(&mut paces, SECOND), 3);
        assert!(paces.is_used_up(&"a", SECOND) && !paces.is_used_up(&"b", SECOND));
        assert!(paces.take(&"b", SECOND), "another one's is another one's");
        assert_eq!(took(&mut paces, SECOND * 2), 1);
        assert_eq!(took(&mut paces, SECOND * 4), 2);
        assert_eq!(took(&mut paces, SECOND * 60), 3, "what is not used is not saved up");
    }

    #[test]
    fn a_flood_of_names_takes_no_more_than_its_room() {
        let mut paces = Paces::new(SECOND, 2, 100);
        assert!(paces.take(&0, SECOND) && paces.take(&0, SECOND));
        let let_in = (1..10_000).filter(|name| paces.take(name, SECOND)).count();
        assert_eq!(paces.used_until.len(), 100);
        assert_eq!(let_in, 99 + 2, "all who found no room are one");
        assert!(paces.is_used_up(&9_999, SECOND) && !paces.is_used_up(&50, SECOND));
        let later = SECOND * 10;
        assert!(paces.take(&20_000, later), "those who were quiet are forgotten");
        assert_eq!(paces.used_until.len(), 1);
    }
}
