//! What is different about a rent: it takes any number of messages until its time is over, and the end of its
//! time finishes it. Knows neither tariffs nor words of the wire.

use jiff::{SignedDuration, Timestamp};

use super::{Activation, Inbox, Progress, Sms, State};

/// How long after its purchase a rent can be cancelled ("CANT_CANCEL … более 20 мин.", `api/sms-activate.txt`).
const CANCELLABLE: SignedDuration = SignedDuration::from_mins(20);

/// The most hours that there are (`api/sms-activate.txt`, "Продлить аренду").
const MOST_HOURS: u32 = 1344;

/// What rents may last at all, in hours.
pub fn is_rent_time(hours: u32) -> bool {
    (4..=MOST_HOURS).contains(&hours)
}

/// For how long a number can be rented: 4 or 12 hours, or whole days (`api/sms-activate.txt`, "Заказ номера для
/// Аренды").
pub fn is_rent_period(hours: u32) -> bool {
    is_rent_time(hours) && (matches!(hours, 4 | 12) || hours.is_multiple_of(24))
}

impl Activation {
    /// Whether it is a rent that clients know, and not a purchase that gave one more time.
    pub fn is_rent(&self) -> bool {
        !self.unwanted && self.rent.as_ref().is_some_and(|rent| rent.prolongs.is_none())
    }

    /// Whether it is a purchase that gave a rent more time.
    pub fn is_prolongation(&self) -> bool {
        self.rent.as_ref().is_some_and(|rent| rent.prolongs.is_some())
    }

    /// Whether a rent may still be cancelled at `now`.
    pub fn is_cancellable_rent(&self, now: Timestamp) -> bool {
        now <= self.bought_at.saturating_add(CANCELLABLE).unwrap_or(Timestamp::MAX)
    }

    /// Takes over what the upstream said of a rent at `now`, and says whether that changed anything.
    ///
    /// Messages are counted, not compared, as long as the upstream's list goes on where ours ends.
    pub fn observe_rent(&mut self, progress: Progress, now: Timestamp) -> bool {
        if self.state.is_final() {
            return false;
        }
        let before = (self.state, self.messages.len());
        match progress {
            Progress::Waiting | Progress::Resend => self.lives(),
            Progress::Received(inbox) => {
                self.collect(inbox);
                self.lives();
            }
            Progress::Cancelled => self.state = State::Cancelled,
            // Whatever else may have been told it: no refund is claimed that nothing shows.
            Progress::Gone if self.is_nearly_over(now) => self.state = State::Finished,
            // It was there, it was to be cancelled, and now it is gone.
            Progress::Gone if self.state == State::Cancelling => self.state = State::Cancelled,
            // Before its time an upstream that does not know it may be mistaken.
            Progress::Gone => {}
        }
        before != (self.state, self.messages.len())
    }

    /// Takes over that a rent's time is over. One whose cancellation is in doubt is not called cancelled.
    pub fn lapse_rent(&mut self) {
        if !self.state.is_final() {
            self.state = State::Finished;
        }
    }

    /// What an upstream shows cannot have been cancelled.
    fn lives(&mut self) {
        self.state = if self.messages.is_empty() { State::Waiting } else { State::Received };
    }

    fn collect(&mut self, inbox: Inbox) {
        let shown = match inbox {
            Inbox::All(all) => all,
            Inbox::Newest(sms) | Inbox::Last(sms) => vec![sms],
        };
        let known = known(&self.messages, &shown);
        self.messages.extend(shown.into_iter().skip(known));
    }
}

/// How many of the messages that are shown are ours already. The list begins as ours does, or, where it has dropped
/// its oldest ones, somewhere within ours.
fn known(ours: &[Sms], shown: &[Sms]) -> usize {
    let same = |(one, other): (&Sms, &Sms)| {
        let texts = one.text.as_deref().zip(other.text.as_deref());
        one.code == other.code && texts.is_none_or(|(one, other)| one == other)
    };
    let from = (0..ours.len()).find(|from| ours[*from..].iter().zip(shown).all(same));
    from.map_or(0, |from| shown.len().min(ours.len() - from))
}

#[cfg(test)]
#[path = "rent_tests.rs"]
mod tests;
