//! Numbers that were bought for a client which did not wait for them: kept for its next identical
//! order, since software that loses an answer asks again. Knows neither upstreams nor the ledger; a
//! number that nobody asks for again is in the ledger and among the client's active activations.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::domain::{ActivationId, Order, Owner};

/// For how long the next identical order gets the number.
const KEPT: Duration = Duration::from_secs(60);

struct Orphan {
    owner: Owner,
    order: Order,
    id: ActivationId,
    since: Duration,
}

/// The numbers nobody waited for.
#[derive(Default)]
pub struct Orphans(Mutex<Vec<Orphan>>);

impl Orphans {
    /// Keeps a number for the owner's next such order.
    pub fn keep(&self, owner: Owner, order: Order, id: ActivationId, since: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Orphan { owner, order, id, since });
    }

    /// The oldest number kept for such an order; it is kept no longer then.
    pub fn take(&self, owner: &Owner, order: &Order, now: Duration) -> Option<ActivationId> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|orphan| now.saturating_sub(orphan.since) < KEPT);
        let index = kept.iter().position(|orphan| orphan.owner == *owner && orphan.order == *order)?;
        Some(kept.remove(index).id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, Service};

    #[test]
    fn a_number_is_handed_out_once_to_its_owner_for_the_same_order_and_not_for_ever() {
        let order = |code| Order::new(Service::parse(code).unwrap(), Country(0));
        let (mine, yours) = (Owner("mine".into()), Owner("yours".into()));
        let orphans = Orphans::default();
        let id = ActivationId::new(7).unwrap();
        orphans.keep(mine.clone(), order("tg"), id, Duration::ZERO);
        assert_eq!(orphans.take(&yours, &order("tg"), Duration::ZERO), None);
        assert_eq!(orphans.take(&mine, &order("wa"), Duration::ZERO), None);
        assert_eq!(orphans.take(&mine, &order("tg"), KEPT - Duration::from_millis(1)), Some(id));
        assert_eq!(orphans.take(&mine, &order("tg"), Duration::ZERO), None);
        orphans.keep(mine.clone(), order("tg"), id, Duration::ZERO);
        assert_eq!(orphans.take(&mine, &order("tg"), KEPT), None);
    }
}
