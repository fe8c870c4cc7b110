//! Who may ask an upstream next, and when: the pace, how many may ask at once, the pauses it asked for, and those
//! who wait. Pure logic on times since an arbitrary start; knows no clock, and nothing of what is asked.
//!
//! Purchases and changes go first, with what they wait for, then polls, then lists; within each, who came first. So
//! lists may wait for ever while more urgent calls use up all that the pace allows: they give up at their deadline.

use std::collections::VecDeque;
use std::time::Duration;

use super::allowance::Allowance;
use super::http::Purpose;
use super::pace::Pace;
use super::pause::Pause;

/// Those who wait, and what they wait for.
#[derive(Debug)]
pub(super) struct Line {
    allowances: Vec<Allowance>,
    /// The pauses that the upstream asked for.
    pub(super) pause: Pause,
    /// By purpose, the most urgent first; each in the order of coming.
    waiting: [VecDeque<u64>; 3],
    /// How many ever came.
    came: u64,
    /// How many calls are under way, and how many may be.
    under_way: usize,
    most: usize,
}

/// A place in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket {
    class: usize,
    number: u64,
}

impl Line {
    /// A line at this pace, in which `most` calls may be under way at once.
    pub(super) fn new(pace: &Pace, most: usize) -> Self {
        Self {
            allowances: pace.parts().iter().map(Allowance::new).collect(),
            pause: Pause::default(),
            waiting: Default::default(),
            came: 0,
            under_way: 0,
            most,
        }
    }

    /// Takes a place.
    pub(super) fn join(&mut self, purpose: Purpose) -> Ticket {
        self.came += 1;
        let ticket = Ticket { class: class_of(purpose), number: self.came };
        self.waiting[ticket.class].push_back(ticket.number);
        ticket
    }

    /// Gives up a place.
    pub(super) fn leave(&mut self, ticket: Ticket) {
        let class = &mut self.waiting[ticket.class];
        if let Ok(place) = class.binary_search(&ticket.number) {
            class.remove(place);
        }
    }

    /// How many go before this place.
    pub(super) fn before(&self, ticket: Ticket) -> usize {
        let more_urgent: usize = self.waiting[..ticket.class].iter().map(VecDeque::len).sum();
        more_urgent + self.waiting[ticket.class].partition_point(|number| *number < ticket.number)
    }

    /// When this place's turn comes, as far as can be told: earlier if somebody leaves, later if
    /// somebody more urgent comes.
    pub(super) fn turn_of(&self, ticket: Ticket, now: Duration) -> Duration {
        let (from, before) = (self.pause.end().max(now), self.before(ticket));
        self.allowances.iter().map(|allowance| allowance.earliest(from, before)).max().unwrap_or(from)
    }

    /// Whether one more call may be under way.
    pub(super) fn has_room(&self) -> bool {
        self.under_way < self.most
    }

    /// Whether nobody goes before this place, and there is room.
    pub(super) fn is_next(&self, ticket: Ticket) -> bool {
        self.before(ticket) == 0 && self.has_room()
    }

    /// Goes if its turn has come, and says whether it did. Its place is left at once: whoever looks next is not to find
    /// somebody before it who has gone.
    pub(super) fn goes(&mut self, ticket: Ticket, now: Duration) -> bool {
        let goes = self.is_next(ticket) && self.turn_of(ticket, now) <= now;
        if goes {
            self.take(now);
            self.leave(ticket);
        }
        goes
    }

    /// A call goes. Its place is still to be left.
    pub(super) fn take(&mut self, now: Duration) {
        self.under_way += 1;
        for allowance in &mut self.allowances {
            allowance.take(now);
        }
    }

    /// A call that went is over.
    pub(super) fn done(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// The number of whoever is next.
    pub(super) fn next(&self) -> Option<u64> {
        self.waiting.iter().find_map(|class| class.front().copied())
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.iter().map(VecDeque::len).sum()
    }
}

impl Ticket {
    /// Its number, which no other has.
    pub(super) fn number(self) -> u64 {
        self.number
    }
}

fn class_of(purpose: Purpose) -> usize {
    match purpose {
        // An order comes as late as what goes ahead of it.
        Purpose::Act | Purpose::Ahead => 0,
        Purpose::Poll => 1,
        Purpose::List => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line::new(&Pace::parse(text).unwrap(), usize::MAX)
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn the_urgent_go_first_and_within_each_who_came_first() {
        let mut line = line("1/s");
        line.take(ms(0));
        let came = [Purpose::List, Purpose::Poll, Purpose::List, Purpose::Act, Purpose::Poll, Purpose::Act];
        let tickets = came.map(|purpose| line.join(purpose));
        assert_eq!(tickets.map(|ticket| line.before(ticket)), [4, 2, 5, 0, 3, 1]);
        assert_eq!(
            tickets.map(|ticket| line.turn_of(ticket, ms(0))),
            [5000, 3000, 6000, 1000, 4000, 2000].map(ms)
        );
        let mut order = Vec::new();
        while let Some(number) = line.next() {
            let ticket = tickets.into_iter().find(|ticket| ticket.number() == number).unwrap();
            order.push(tickets.iter().position(|other| *other == ticket).unwrap());
            line.leave(ticket);
        }
        assert_eq!(order, [3, 5, 1, 4, 0, 2]);
        assert_eq!(line.len(), 0);
    }

    #[test]
    fn who_leaves_makes_room_and_leaving_twice_is_leaving_once() {
        let mut line = line("1/s");
        let [first, second, third] = [0; 3].map(|_| line.join(Purpose::Poll));
        line.leave(second);
        line.leave(second);
        assert_eq!((line.before(first), line.before(third), line.len()), (0, 1, 2));
    }

    #[test]
    fn there_is_room_for_as_many_as_may_be_under_way() {
        let mut line = Line::new(&Pace::off(), 2);
        line.take(ms(0));
        assert!(line.has_room());
        line.take(ms(0));
        assert!(!line.has_room());
        line.done();
        assert!(line.has_room());
    }

    #[test]
    fn the_narrowest_part_decides() {
        let mut line = line("2/s 3/min");
        for _ in 0..2 {
            line.take(ms(0));
        }
        let tickets = [0; 2].map(|_| line.join(Purpose::List));
        assert_eq!(tickets.map(|ticket| line.turn_of(ticket, ms(0))), [1000, 60_000].map(ms));
    }

    #[test]
    fn a_pause_holds_back_everybody() {
        let mut line = line("10/s burst 20");
        let ticket = line.join(Purpose::Act);
        assert_eq!(line.turn_of(ticket, ms(0)), ms(0));
        line.pause.refused(ms(0), ms(0), Some(ms(5000)));
        assert_eq!(line.turn_of(ticket, ms(100)), ms(5000));
        assert_eq!(line.turn_of(ticket, ms(6000)), ms(6000));
    }
}
