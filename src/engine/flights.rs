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

/// What came of it: an activation for each part of the order.
type Outcome = Result<Vec<Activation>, Fault>;

/// An order under way, or landed with nobody there.
pub struct Flight {
    /// Who ordered.
    pub caller: Caller,
    orders: Vec<Order>,
    outcome: watch::Sender<Option<(Duration, Outcome)>>,
    unclaimed: AtomicBool,
    longer: AtomicBool,
}

impl Flight {
    /// Keeps it longer, since it cannot go back; says whether that is news.
    pub fn keep_longer(&self) -> bool {
        !self.longer.swap(true, Ordering::SeqCst)
    }

    /// What came of it, as soon as it is known.
    pub async fn landed(&self) -> Option<Outcome> {
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
pub struct Waiter<'a> {
    flights: &'a Flights,
    flight: Arc<Flight>,
    met: bool,
}

impl Waiter<'_> {
    /// What came of it.
    pub async fn meet(mut self) -> Option<Outcome> {
        let outcome = self.flight.landed().await;
        self.met = true;
        self.flights.forget(&self.flight);
        outcome
    }
}

impl Drop for Waiter<'_> {
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
#[derive(Default)]
pub struct Flights(Mutex<Vec<Arc<Flight>>>);

impl Flights {
    /// A new order.
    pub fn start(&self, caller: &Caller, orders: &[Order]) -> Arc<Flight> {
        let flight = Arc::new(Flight {
            caller: caller.clone(),
            orders: alike(orders),
            outcome: watch::Sender::new(None),
            unclaimed: AtomicBool::new(false),
            longer: AtomicBool::new(false),
        });
        self.lock().push(Arc::clone(&flight));
        flight
    }

    /// The oldest unclaimed order that is the same; it is claimed then.
    pub fn claim(&self, caller: &Caller, orders: &[Order], now: Duration) -> Option<Arc<Flight>> {
        let orders = alike(orders);
        let flights = self.lock();
        let same = |flight: &&Arc<Flight>| flight.caller.owner == caller.owner && flight.orders == orders;
        let found = flights
            .iter()
            .filter(same)
            .find(|flight| !flight.stale(now) && flight.unclaimed.swap(false, Ordering::SeqCst));
        found.cloned()
    }

    /// Waits for an order.
    pub fn wait(&self, flight: Arc<Flight>) -> Waiter<'_> {
        Waiter { flights: self, flight, met: false }
    }

    /// Notes what came of an order.
    pub fn land(&self, flight: &Arc<Flight>, outcome: Outcome, now: Duration) {
        flight.outcome.send_replace(Some((now, outcome)));
        if flight.is_lost() && flight.unclaimed.load(Ordering::SeqCst) {
            self.forget(flight);
        }
    }

    /// Orders that landed too long ago to be handed out; nobody can claim them any more.
    pub fn stale(&self, now: Duration) -> Vec<Arc<Flight>> {
        let flights = self.lock();
        let stale = |flight: &&Arc<Flight>| flight.unclaimed.load(Ordering::SeqCst) && flight.stale(now);
        flights.iter().filter(stale).cloned().collect()
    }

    /// Lets go of an order.
    pub fn forget(&self, flight: &Arc<Flight>) {
        self.lock().retain(|kept| !Arc::ptr_eq(kept, flight));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Flight>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Orders as they are compared: in which form the answer is wanted makes no other number of it.
fn alike(orders: &[Order]) -> Vec<Order> {
    orders.iter().map(|order| Order { detailed: false, ..order.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, Owner, Service};
    use crate::provider::FaultKind;

    fn caller(name: &str) -> Caller {
        Caller::new(Owner(name.into()), name)
    }

    fn order(code: &str) -> [Order; 1] {
        [Order::new(Service::parse(code).unwrap(), Country(0))]
    }

    fn fault() -> Outcome {
        Err(Fault::new(FaultKind::NoStock, "none"))
    }

    #[test]
    fn an_order_is_claimed_once_by_its_owner_and_only_when_nobody_waits() {
        let flights = Flights::default();
        let (mine, yours) = (caller("mine"), caller("yours"));
        let flight = flights.start(&mine, &order("tg"));
        let waiter = flights.wait(Arc::clone(&flight));
        assert!(flights.claim(&mine, &order("tg"), Duration::ZERO).is_none(), "somebody waits");
        drop(waiter);
        assert!(flights.claim(&yours, &order("tg"), Duration::ZERO).is_none());
        assert!(flights.claim(&mine, &order("wa"), Duration::ZERO).is_none());
        let [plain] = order("tg");
        let again = Order { detailed: true, ..plain };
        assert!(flights.claim(&mine, &[again], Duration::ZERO).is_some());
        assert!(flights.claim(&mine, &order("tg"), Duration::ZERO).is_none(), "claimed already");
    }

    #[test]
    fn a_failed_order_that_nobody_waits_for_is_forgotten() {
        let flights = Flights::default();
        let flight = flights.start(&caller("mine"), &order("tg"));
        drop(flights.wait(Arc::clone(&flight)));
        flights.land(&flight, fault(), Duration::ZERO);
        assert!(flights.claim(&caller("mine"), &order("tg"), Duration::ZERO).is_none());
        assert!(flights.lock().is_empty());
    }

    #[tokio::test]
    async fn who_claims_an_order_gets_what_comes_of_it() {
        let flights = Flights::default();
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
