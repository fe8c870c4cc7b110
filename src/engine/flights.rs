//! Orders that are under way, and those whose client did not wait: kept for its next identical order,
//! since software that loses an answer asks again. Knows neither upstreams nor the ledger.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::Caller;
use crate::domain::{Activation, Order};
use crate::provider::Fault;

/// For how long after its purchase the next identical order gets a number that nobody waited for.
const KEPT: Duration = Duration::from_secs(60);

/// The same of what is paid for and cannot go back: nobody but that client has any use for it.
const KEPT_LONGER: Duration = Duration::from_secs(20 * 60);

/// What is ordered, as it is compared with another order.
pub trait Wish: Clone + PartialEq {
    /// What two orders for the same have in common.
    #[must_use]
    fn essence(&self) -> Self {
        self.clone()
    }
}

/// In which form the answer is wanted makes no other number of it.
impl Wish for Vec<Order> {
    fn essence(&self) -> Self {
        self.iter().map(|order| Order { detailed: false, ..order.clone() }).collect()
    }
}

/// When it landed, and what came of it.
type Landing<B> = (Duration, Result<B, Fault>);

/// An order under way, or landed with nobody there. An order for numbers comes to an activation for each of its
/// parts.
pub struct Flight<W = Vec<Order>, B = Vec<Activation>> {
    /// Who ordered.
    pub caller: Caller,
    wish: W,
    outcome: watch::Sender<Option<Landing<B>>>,
    unclaimed: AtomicBool,
    longer: AtomicBool,
}

impl<W: Wish, B: Clone> Flight<W, B> {
    /// Keeps it longer, since it cannot go back; says whether that is news.
    pub fn keep_longer(&self) -> bool {
        !self.longer.swap(true, Ordering::SeqCst)
    }

    /// What came of it, as soon as it is known.
    pub async fn landed(&self) -> Option<Result<B, Fault>> {
        let mut watcher = self.outcome.subscribe();
        let landed = watcher.wait_for(Option::is_some).await.ok()?;
        landed.as_ref().map(|(_, outcome)| outcome.clone())
    }

    /// The number, if one was bought longer ago than it is kept.
    fn stale(&self, now: Duration) -> bool {
        let kept = if self.longer.load(Ordering::SeqCst) { KEPT_LONGER } else { KEPT };
        matches!(&*self.outcome.borrow(), Some((at, _)) if now.saturating_sub(*at) >= kept)
    }

    fn is_lost(&self) -> bool {
        matches!(&*self.outcome.borrow(), Some((_, Err(_))))
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
    pub async fn meet(mut self) -> Option<Result<B, Fault>> {
        let outcome = self.flight.landed().await;
        self.met = true;
        self.flights.forget(&self.flight);
        outcome
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
pub struct Flights<W = Vec<Order>, B = Vec<Activation>>(Mutex<Vec<Arc<Flight<W, B>>>>);

impl<W, B> Default for Flights<W, B> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<W: Wish, B: Clone> Flights<W, B> {
    /// A new order.
    pub fn start(&self, caller: &Caller, wish: &W) -> Arc<Flight<W, B>> {
        let flight = Arc::new(Flight {
            caller: caller.clone(),
            wish: wish.essence(),
            outcome: watch::Sender::new(None),
            unclaimed: AtomicBool::new(false),
            longer: AtomicBool::new(false),
        });
        self.lock().push(Arc::clone(&flight));
        flight
    }

    /// The oldest unclaimed order that is the same; it is claimed then.
    pub fn claim(&self, caller: &Caller, wish: &W, now: Duration) -> Option<Arc<Flight<W, B>>> {
        let wish = wish.essence();
        let flights = self.lock();
        let same = |flight: &&Arc<Flight<W, B>>| flight.caller.owner == caller.owner && flight.wish == wish;
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
        flight.outcome.send_replace(Some((now, outcome)));
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, Owner, Service};
    use crate::provider::FaultKind;

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
        let flights = <Flights>::default();
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
        let flights = <Flights>::default();
        let flight = flights.start(&caller("mine"), &order("tg"));
        drop(flights.wait(Arc::clone(&flight)));
        flights.land(&flight, fault(), Duration::ZERO);
        assert!(flights.claim(&caller("mine"), &order("tg"), Duration::ZERO).is_none());
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn who_claims_an_order_gets_what_comes_of_it() {
        let flights = <Flights>::default();
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
}
