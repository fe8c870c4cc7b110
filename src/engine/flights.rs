//! Orders that are under way, and those whose client did not wait: kept for its next identical order,
//! since software that loses an answer asks again. Knows neither upstreams nor the ledger; `unmet` sees to it that
//! what is kept outlives the process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::Caller;
use crate::domain::{Activation, Order};
use crate::provider::Fault;

/// What is ordered, as it is compared with another order.
pub trait Wish: Clone + PartialEq {
    /// What two orders for the same have in common.
    #[must_use]
    fn essence(&self) -> Self {
        self.clone()
    }

    /// Whether what was bought for this wish fulfils another one; both are essences.
    fn fulfils(&self, other: &Self) -> bool {
        self == other
    }
}

/// In which form the answer is wanted makes no other number of it.
impl Wish for Vec<Order> {
    fn essence(&self) -> Self {
        self.iter().map(|order| Order { detailed: false, ..order.clone() }).collect()
    }

    /// The ledger knows an order by the one operator that was asked for it, where there were several to choose from.
    fn fulfils(&self, other: &Self) -> bool {
        let suits = |(kept, wanted): (&Order, &Order)| {
            let chosen = matches!(kept.operators.as_slice(), [one] if wanted.operators.contains(one));
            chosen && Order { operators: wanted.operators.clone(), ..kept.clone() } == *wanted
        };
        self == other || (self.len() == other.len() && self.iter().zip(other).all(suits))
    }
}

/// What came of it, and until when it is kept if nobody is there.
struct Landing<B> {
    until: Duration,
    outcome: Result<B, Fault>,
}

/// An order under way, or landed with nobody there. An order for numbers comes to an activation for each of its
/// parts.
pub struct Flight<W = Vec<Order>, B = Vec<Activation>> {
    /// Who ordered.
    pub caller: Caller,
    wish: W,
    outcome: watch::Sender<Option<Landing<B>>>,
    unclaimed: AtomicBool,
    /// Held while it is noted whether it is kept, so that what was handed out is not noted as kept after that.
    pub desk: tokio::sync::Mutex<()>,
}

impl<W: Wish, B: Clone> Flight<W, B> {
    /// Keeps it until then.
    pub fn keep_until(&self, until: Duration) {
        self.outcome.send_if_modified(|landing| {
            landing.iter_mut().for_each(|landing| landing.until = until);
            false
        });
    }

    /// Whether nobody waits for it.
    pub fn is_unclaimed(&self) -> bool {
        self.unclaimed.load(Ordering::SeqCst)
    }

    /// What came of it, if that is known.
    pub fn bought(&self) -> Option<B> {
        let landing = self.outcome.borrow();
        landing.as_ref().and_then(|landing| landing.outcome.clone().ok())
    }

    /// What came of it, as soon as it is known.
    pub async fn landed(&self) -> Option<Result<B, Fault>> {
        let mut watcher = self.outcome.subscribe();
        let landed = watcher.wait_for(Option::is_some).await.ok()?;
        landed.as_ref().map(|landing| landing.outcome.clone())
    }

    /// Whether it landed, and is kept no longer.
    fn stale(&self, now: Duration) -> bool {
        self.outcome.borrow().as_ref().is_some_and(|landing| now >= landing.until)
    }

    fn is_lost(&self) -> bool {
        self.outcome.borrow().as_ref().is_some_and(|landing| landing.outcome.is_err())
    }
}

/// Waits for a flight; dropped before it has landed, it leaves it unclaimed.
pub struct Waiter<'a, W: Wish, B: Clone> {
    flights: &'a Flights<W, B>,
    flight: Arc<Flight<W, B>>,
    met: bool,
}

impl<W: Wish, B: Clone> Waiter<'_, W, B> {
    /// What came of it.
    pub async fn meet(self) -> Option<Result<B, Fault>> {
        let outcome = self.flight.landed().await;
        self.met();
        outcome
    }

    /// It is handed out.
    pub fn met(mut self) {
        self.met = true;
        self.flights.forget(&self.flight);
    }
}

impl<W: Wish, B: Clone> Drop for Waiter<'_, W, B> {
    fn drop(&mut self) {
        if !self.met {
            self.flight.unclaimed.store(true, Ordering::SeqCst);
            if self.flight.is_lost() {
                self.flights.forget(&self.flight);
            }
        }
    }
}

/// Every order under way.
pub struct Flights<W = Vec<Order>, B = Vec<Activation>> {
    flights: Mutex<Vec<Arc<Flight<W, B>>>>,
    /// For how long after its purchase the next identical order gets what nobody waited for; zero for not at all.
    kept: Duration,
}

impl<W: Wish, B: Clone> Flights<W, B> {
    /// None; what nobody waits for is kept so long.
    pub fn kept_for(kept: Duration) -> Self {
        Self { flights: Mutex::default(), kept }
    }

    /// For how long what nobody waited for is kept.
    pub fn kept(&self) -> Duration {
        self.kept
    }

    /// A new order.
    pub fn start(&self, caller: &Caller, wish: &W) -> Arc<Flight<W, B>> {
        self.begin(caller, wish, None)
    }

    /// An order that an earlier process carried out, with nobody there.
    pub fn take_up(&self, caller: &Caller, wish: &W, bought: B, until: Duration) {
        let flight = self.begin(caller, wish, Some(Landing { until, outcome: Ok(bought) }));
        flight.unclaimed.store(true, Ordering::SeqCst);
    }

    fn begin(&self, caller: &Caller, wish: &W, landing: Option<Landing<B>>) -> Arc<Flight<W, B>> {
        let flight = Arc::new(Flight {
            caller: caller.clone(),
            wish: wish.essence(),
            outcome: watch::Sender::new(landing),
            unclaimed: AtomicBool::new(false),
            desk: tokio::sync::Mutex::default(),
        });
        self.lock().push(Arc::clone(&flight));
        flight
    }

    /// The oldest unclaimed order that is the same; it is claimed then.
    pub fn claim(&self, caller: &Caller, wish: &W, now: Duration) -> Option<Arc<Flight<W, B>>> {
        if self.kept.is_zero() {
            return None;
        }
        let wish = wish.essence();
        let flights = self.lock();
        let same =
            |flight: &&Arc<Flight<W, B>>| flight.caller.owner == caller.owner && flight.wish.fulfils(&wish);
        let found = flights
            .iter()
            .filter(same)
            .find(|flight| !flight.stale(now) && flight.unclaimed.swap(false, Ordering::SeqCst));
        found.cloned()
    }

    /// Waits for an order.
    pub fn wait(&self, flight: Arc<Flight<W, B>>) -> Waiter<'_, W, B> {
        Waiter { flights: self, flight, met: false }
    }

    /// Notes what came of an order.
    pub fn land(&self, flight: &Arc<Flight<W, B>>, outcome: Result<B, Fault>, now: Duration) {
        flight.outcome.send_replace(Some(Landing { until: now + self.kept, outcome }));
        if flight.is_lost() && flight.unclaimed.load(Ordering::SeqCst) {
            self.forget(flight);
        }
    }

    /// Orders that landed too long ago to be handed out; nobody can claim them any more.
    pub fn stale(&self, now: Duration) -> Vec<Arc<Flight<W, B>>> {
        let flights = self.lock();
        let stale =
            |flight: &&Arc<Flight<W, B>>| flight.unclaimed.load(Ordering::SeqCst) && flight.stale(now);
        flights.iter().filter(stale).cloned().collect()
    }

    /// Lets go of an order.
    pub fn forget(&self, flight: &Arc<Flight<W, B>>) {
        self.lock().retain(|kept| !Arc::ptr_eq(kept, flight));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Flight<W, B>>>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, Operator, Owner, Service};
    use crate::provider::FaultKind;

    const KEPT: Duration = Duration::from_secs(60);

    fn caller(name: &str) -> Caller {
        Caller::new(Owner(name.into()), name)
    }

    fn order(code: &str) -> Vec<Order> {
        vec![Order::new(Service::parse(code).unwrap(), Country(0))]
    }

    fn fault() -> Result<Vec<Activation>, Fault> {
        Err(Fault::new(FaultKind::NoStock, "none"))
    }

    #[test]
    fn an_order_is_claimed_once_by_its_owner_and_only_when_nobody_waits() {
        let flights = <Flights>::kept_for(KEPT);
        let (mine, yours) = (caller("mine"), caller("yours"));
        let flight = flights.start(&mine, &order("tg"));
        let waiter = flights.wait(Arc::clone(&flight));
        assert!(flights.claim(&mine, &order("tg"), Duration::ZERO).is_none(), "somebody waits");
        drop(waiter);
        assert!(flights.claim(&yours, &order("tg"), Duration::ZERO).is_none());
        assert!(flights.claim(&mine, &order("wa"), Duration::ZERO).is_none());
        let mut again = order("tg");
        again[0].detailed = true;
        assert!(flights.claim(&mine, &again, Duration::ZERO).is_some());
        assert!(flights.claim(&mine, &order("tg"), Duration::ZERO).is_none(), "claimed already");
    }

    #[test]
    fn a_failed_order_that_nobody_waits_for_is_forgotten() {
        let flights = <Flights>::kept_for(KEPT);
        let flight = flights.start(&caller("mine"), &order("tg"));
        drop(flights.wait(Arc::clone(&flight)));
        flights.land(&flight, fault(), Duration::ZERO);
        assert!(flights.claim(&caller("mine"), &order("tg"), Duration::ZERO).is_none());
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn who_claims_an_order_gets_what_comes_of_it() {
        let flights = <Flights>::kept_for(KEPT);
        let mine = caller("mine");
        let flight = flights.start(&mine, &order("tg"));
        drop(flights.wait(Arc::clone(&flight)));
        let claimed = flights.claim(&mine, &order("tg"), Duration::ZERO).unwrap();
        let (outcome, ()) = tokio::join!(flights.wait(claimed).meet(), async {
            flights.land(&flight, fault(), Duration::ZERO);
        });
        assert_eq!(outcome, Some(fault()));
        assert!(flights.lock().is_empty());
    }
    #[test]
    fn what_is_not_to_be_kept_is_nobodys_next_order() {
        let flights = <Flights>::kept_for(Duration::ZERO);
        let flight = flights.start(&caller("mine"), &order("tg"));
        drop(flights.wait(Arc::clone(&flight)));
        assert!(flights.claim(&caller("mine"), &order("tg"), Duration::ZERO).is_none());
        flights.land(&flight, Ok(Vec::new()), Duration::ZERO);
        assert!(flights.claim(&caller("mine"), &order("tg"), Duration::ZERO).is_none());
        assert_eq!(flights.stale(Duration::ZERO).len(), 1);
    }

    #[test]
    fn an_earlier_processes_order_is_claimed_by_whoever_would_take_its_operator() {
        let flights = <Flights>::kept_for(KEPT);
        let at = |names: &[&str]| {
            let operators = names.iter().map(|name| Operator::parse(name).unwrap()).collect();
            vec![Order { operators, ..order("tg").remove(0) }]
        };
        flights.take_up(&caller("mine"), &at(&["mts"]), Vec::new(), KEPT);
        for other in [at(&[]), at(&["tele2"])] {
            assert!(flights.claim(&caller("mine"), &other, Duration::ZERO).is_none());
        }
        let several = at(&["tele2", "mts"]);
        assert!(flights.claim(&caller("mine"), &several, KEPT).is_none(), "its time is over");
        assert!(flights.claim(&caller("mine"), &several, Duration::ZERO).is_some());
    }
}
