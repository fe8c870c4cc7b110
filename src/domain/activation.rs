//! A number that was bought, with everything known of it. Knows neither where it is kept nor how it
//! is printed.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{
    ActivationId, Country, Extra, Inbox, Money, Operator, Phone, Progress, Service, Sms, State, Step, status,
};

/// How much earlier than we an upstream may think that an activation's time is over.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_secs(60);
/// By how much a clock must have been set back for it to say nothing of what was bought before.
const SET_BACK: SignedDuration = SignedDuration::from_hours(1);

/// Whose activation it is: a client's name in the configuration, or a mark of its key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner(pub String);

impl Owner {
    /// How the mark of a client begins that is known by its key alone. No configured name holds a colon.
    pub const BY_KEY: &'static str = "key:";

    /// Whether it buys with a key of its own, from an account of its own.
    pub fn has_own_account(&self) -> bool {
        self.0.starts_with(Self::BY_KEY)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What makes a purchase a rent: its number is the client's for a time, and takes any number of messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rent {
    /// How long it was bought for.
    pub hours: u32,
    /// Where each of its messages is sent to, by the client's wish.
    pub webhook: Option<String>,
    /// The rent that this purchase gave more time to: it is paid for here, and lives there.
    pub prolongs: Option<ActivationId>,
}

/// A number that was bought.
#[derive(Debug, Clone, PartialEq)]
pub struct Activation {
    /// The id clients know.
    pub id: ActivationId,
    /// Whose it is.
    pub owner: Owner,
    /// The name of the configured provider that sold it; it stays with that one.
    pub provider: String,
    /// The upstream's own id.
    pub upstream_id: String,
    /// The number.
    pub phone: Phone,
    /// What it was bought for.
    pub service: Service,
    /// Its country.
    pub country: Country,
    /// Its operator, where known.
    pub operator: Option<Operator>,
    /// What it cost, where known.
    pub price: Option<Money>,
    /// When it was bought.
    pub bought_at: Timestamp,
    /// Until when the upstream waits for messages.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// How many messages there were when another one was asked for; 0 when none is outstanding.
    pub asked_at: usize,
    /// Every message, oldest first.
    pub messages: Vec<Sms>,
    /// What else the upstream said at the purchase.
    pub extra: Extra,
    /// What makes it a rent, if it is one.
    pub rent: Option<Rent>,
    /// Whether it is never to be handed out, but cancelled as soon as the upstream's rules allow.
    pub unwanted: bool,
}

/// Where an activation stands, as a poll shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The state.
    pub state: State,
    /// The code of the newest message; empty while there is none.
    pub code: &'a str,
    /// Whether another message was asked for than those that are there.
    pub asked_in_vain: bool,
}

impl Activation {
    /// Where it stands.
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            state: self.state,
            code: self.last().map_or("", |sms| sms.code.as_str()),
            asked_in_vain: self.asked_at == self.messages.len(),
        }
    }

    /// The newest message.
    pub fn last(&self) -> Option<&Sms> {
        self.messages.last()
    }

    /// Whether clients know it as an activation.
    pub fn is_handed_out(&self) -> bool {
        self.rent.is_none() && !self.unwanted
    }

    /// Whether it counts as open: clients know it, and it has not ended.
    pub fn is_open(&self) -> bool {
        !self.unwanted && !self.is_prolongation() && !self.state.is_final()
    }

    /// Whether its time is over at `now`.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// Whether its time is over at `now` but for what clocks may differ by.
    pub(super) fn is_nearly_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at.saturating_sub(CLOCKS_DIFFER).unwrap_or(self.expires_at)
    }

    /// Whether it was bought long after `now`: the clock was set back since, and when its time is over only the
    /// upstream can tell.
    pub fn is_of_the_future(&self, now: Timestamp) -> bool {
        was_bought_after(self.bought_at, now)
    }

    /// Whether it can still receive messages at `now`.
    pub fn is_active(&self, now: Timestamp) -> bool {
        !self.state.is_final() && !self.is_over(now)
    }

    /// Whether at `now` only the upstream can know more than we do: of an activation by where it stands, of a rent
    /// as long as its time lasts.
    pub fn awaits_messages(&self, now: Timestamp) -> bool {
        match &self.rent {
            None => self.state.awaits_upstream(),
            Some(rent) => rent.prolongs.is_none() && self.is_active(now),
        }
    }

    /// Takes over that the upstream agreed to `step`.
    pub fn told(&mut self, step: Step) {
        match step {
            Step::Another => self.asked_at = self.messages.len(),
            // The client is content with what it has.
            Step::Finish => self.asked_at = 0,
            Step::Ready | Step::Resent | Step::Reject | Step::Cancel => {}
        }
        self.state = status::after(self.state, step);
    }

    /// Takes over what the upstream said at `now`, and says whether that changed anything.
    ///
    /// Messages are counted, not compared: a second one may carry the same code. The upstream's word
    /// goes above the time we reckon with: what it still waits for lives, and is paid for.
    pub fn observe(&mut self, progress: Progress, now: Timestamp) -> bool {
        if self.state.is_final() {
            return false;
        }
        let before = (self.state, self.messages.len());
        match (progress, self.state) {
            // That it still waits shows that no cancellation arrived.
            (Progress::Waiting, State::Resend | State::Cancelling) => self.state = State::Waiting,
            (Progress::Resend, State::Waiting | State::Cancelling) => self.state = State::Resend,
            (Progress::Waiting | Progress::Resend, _) => {}
            (Progress::Received(inbox), _) => self.receive(inbox, now),
            (Progress::Cancelled, _) if self.messages.is_empty() => self.state = State::Cancelled,
            (Progress::Cancelled, _) => self.state = State::Finished,
            // By then it may have ended by itself, and nothing shows that a cancellation arrived.
            (Progress::Gone, _) if self.is_nearly_over(now) || self.is_of_the_future(now) => self.end(),
            // It was there, it was to be cancelled, and now it is gone.
            (Progress::Gone, State::Cancelling) => self.state = State::Cancelled,
            // Before its time an upstream that does not know it may be mistaken: a mirror that lags
            // behind, another key. It is not given up for that.
            (Progress::Gone, _) => {}
        }
        before != (self.state, self.messages.len())
    }

    /// Takes over that `step` was sent and its answer lost: what may have come of it is looked for until
    /// the upstream shows it.
    pub fn doubt(&mut self, step: Step) {
        match step {
            Step::Another => self.told(step),
            Step::Reject | Step::Cancel => self.state = State::Cancelling,
            Step::Ready | Step::Resent | Step::Finish => {}
        }
    }

    /// Takes over that its time is over at `now` where that alone decides: it has its message, and none
    /// other is awaited. Says whether that changed anything.
    pub fn lapse(&mut self, now: Timestamp) -> bool {
        let lapsed = self.state == State::Received && self.is_over(now);
        if lapsed {
            self.state = State::Finished;
        }
        lapsed
    }

    fn receive(&mut self, inbox: Inbox, now: Timestamp) {
        match inbox {
            Inbox::All(all) => {
                let known = self.messages.len().min(all.len());
                let same = |(ours, theirs): (&Sms, &Sms)| ours.code == theirs.code;
                // A list that begins otherwise is a new list: the upstream has dropped what was in it.
                let goes_on = self.messages.iter().zip(&all).take(known).all(same);
                self.messages.extend(all.into_iter().skip(if goes_on { known } else { 0 }));
            }
            Inbox::Newest(_) | Inbox::Last(_) if self.state == State::Received => {}
            // After the end it is the last one that is shown, and not a new one.
            Inbox::Newest(sms) | Inbox::Last(sms) if self.is_over(now) && self.shows_last(&sms) => {}
            Inbox::Newest(sms) | Inbox::Last(sms) => self.messages.push(sms),
        }
        if self.messages.len() > self.asked_at {
            self.state = State::Received;
        } else if self.is_over(now) {
            self.end();
        }
    }

    fn shows_last(&self, sms: &Sms) -> bool {
        self.last().is_some_and(|last| last.code == sms.code)
    }

    /// The upstream waits no longer: without a message the time simply ran out; with one the
    /// activation was used.
    fn end(&mut self) {
        self.state = if self.messages.is_empty() { State::Expired } else { State::Finished };
    }
}

/// Whether what was bought at this time was bought so long after `now` that the clock was set back since.
pub(super) fn was_bought_after(bought_at: Timestamp, now: Timestamp) -> bool {
    bought_at.duration_since(now) > SET_BACK
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> Activation {
        Activation {
            id: ActivationId::new(7).unwrap(),
            owner: Owner("any".into()),
            provider: "main".into(),
            upstream_id: "u".into(),
            phone: Phone::parse("79991112233").unwrap(),
            service: Service::parse("tg").unwrap(),
            country: Country(0),
            operator: None,
            price: None,
            bought_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::from_second(1200).unwrap(),
            state: State::Waiting,
            asked_at: 0,
            messages: Vec::new(),
            extra: Extra::new(),
            rent: None,
            unwanted: false,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn sms(code: &str) -> Sms {
        Sms::of_code(code, at(1))
    }

    #[test]
    fn a_second_message_with_the_same_code_counts() {
        let mut activation = fresh();
        assert!(activation.observe(Progress::Received(Inbox::All(vec![sms("1")])), at(5)));
        activation.told(Step::Another);
        assert!(!activation.observe(Progress::Received(Inbox::All(vec![sms("1")])), at(6)));
        assert_eq!(activation.state, State::Retry);
        let both = Inbox::All(vec![sms("1"), sms("1")]);
        assert!(activation.observe(Progress::Received(both), at(7)));
        assert_eq!((activation.state, activation.messages.len()), (State::Received, 2));
    }

    #[test]
    fn a_message_that_came_just_before_the_end_is_not_lost() {
        let mut activation = fresh();
        activation.observe(Progress::Received(Inbox::Newest(sms("1"))), at(5000));
        assert_eq!(activation.state, State::Received);
        let mut unlucky = fresh();
        unlucky.observe(Progress::Gone, at(5000));
        assert_eq!(unlucky.state, State::Expired);
    }

    #[test]
    fn what_is_gone_was_cancelled_only_where_it_cannot_have_run_out() {
        for (second, state) in [(600, State::Cancelled), (1199, State::Expired), (5000, State::Expired)] {
            let mut activation = fresh();
            activation.doubt(Step::Cancel);
            activation.observe(Progress::Gone, at(second));
            assert_eq!(activation.state, state, "{second}");
        }
    }

    #[test]
    fn the_newest_message_counts_once_until_another_is_asked_for() {
        let mut activation = fresh();
        let newest = || Progress::Received(Inbox::Newest(sms("1")));
        assert!(activation.observe(newest(), at(5)));
        assert!(!activation.observe(newest(), at(6)));
        activation.told(Step::Another);
        assert!(activation.observe(newest(), at(7)));
        assert_eq!(activation.messages.len(), 2);
    }

    #[test]
    fn a_used_activation_is_finished_by_the_end_of_its_time() {
        let mut used = fresh();
        assert!(!used.lapse(at(5000)));
        used.observe(Progress::Received(Inbox::Newest(sms("1"))), at(5));
        assert!(!used.lapse(at(1199)));
        assert!(used.lapse(at(1200)));
        assert_eq!(used.state, State::Finished);
    }

    #[test]
    fn a_cancellation_whose_answer_was_lost_is_what_the_upstream_shows() {
        let doubted = || {
            let mut activation = fresh();
            activation.doubt(Step::Cancel);
            activation
        };
        let seen = |progress| {
            let mut activation = doubted();
            activation.observe(progress, at(5));
            activation.state
        };
        assert_eq!(seen(Progress::Gone), State::Cancelled);
        assert_eq!(seen(Progress::Cancelled), State::Cancelled);
        assert_eq!(seen(Progress::Waiting), State::Waiting);
        assert_eq!(seen(Progress::Received(Inbox::Newest(sms("1")))), State::Received);
    }

    #[test]
    fn what_the_upstream_still_waits_for_lives() {
        let mut late = fresh();
        assert!(!late.observe(Progress::Waiting, at(5000)));
        assert_eq!(late.state, State::Waiting);
    }

    #[test]
    fn a_forgotten_activation_ends_as_what_it_was_but_not_before_its_time() {
        let mut unused = fresh();
        assert!(!unused.observe(Progress::Gone, at(5)));
        assert_eq!(unused.state, State::Waiting);
        unused.observe(Progress::Gone, at(1199));
        assert_eq!(unused.state, State::Expired);
        let mut used = fresh();
        used.observe(Progress::Received(Inbox::Newest(sms("1"))), at(5));
        used.told(Step::Another);
        used.observe(Progress::Gone, at(1200));
        assert_eq!(used.state, State::Finished);
    }

    #[test]
    fn a_list_that_begins_anew_is_new() {
        let mut activation = fresh();
        activation.observe(Progress::Received(Inbox::All(vec![sms("1")])), at(5));
        activation.told(Step::Another);
        assert!(activation.observe(Progress::Received(Inbox::All(vec![sms("2")])), at(6)));
        assert_eq!(activation.last().map(|sms| sms.code.as_str()), Some("2"));
    }
}
