//! More time for a rent, in doubt: settled by the end that the upstream's list shows. Asks nobody.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::Case;
use crate::domain::{Activation, Bought, Extra, Held};
use crate::engine::purchase::Purchase;
use crate::engine::settlement::Sold;
use crate::engine::{Caller, Engine};
use crate::ledger::Doubt;

/// How far from what it would be an end may be.
const ROUGHLY: SignedDuration = SignedDuration::from_mins(10);

/// What an end says of more time that may have been bought.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Bought,
    NotBought,
    Nothing,
}

/// What the end `now` says of `hours` more, where it was to be `before` without them.
fn said(now: Timestamp, before: Timestamp, hours: u32) -> Said {
    let more = now.duration_since(before);
    let near = |hours: u32| (more - SignedDuration::from_hours(i64::from(hours))).abs() <= ROUGHLY;
    match (near(hours), near(0)) {
        (true, false) => Said::Bought,
        (false, true) => Said::NotBought,
        _ => Said::Nothing,
    }
}

impl Engine {
    /// Settles doubts about more time. Where several are of one rent nobody can tell which of them was bought.
    pub(super) async fn settle_longer(
        self: &Arc<Self>,
        case: &Case<'_>,
        doubts: Vec<Doubt>,
        rows: &[Held],
        asked_at: Timestamp,
    ) {
        for doubt in &doubts {
            let parent = doubt.intent.order.origin.parent();
            let alone =
                doubts.iter().filter(|other| other.intent.order.origin.parent() == parent).count() == 1;
            let Some(rent) = parent.and_then(|parent| self.book.get(parent)).filter(|_| alone) else {
                continue;
            };
            if rent.is_being_prolonged() || !self.doubts.is_old(doubt.id, asked_at) {
                continue;
            }
            if self.was_prolonged_since(case, doubt).await {
                continue;
            }
            let rent = rent.get();
            let row = rows.iter().find(|row| row.upstream_id == rent.upstream_id);
            let terms = doubt.intent.order.rent.as_ref();
            let (Some(end), Some(terms)) = (row.and_then(|row| row.ends_at), terms) else { continue };
            match said(end, rent.expires_at, terms.hours) {
                Said::Bought if !rent.state.is_final() => self.settle_more(case, doubt, rent, end).await,
                Said::NotBought => self.release_doubt(doubt, "the rent ends when it did before").await,
                _ => {}
            }
        }
    }

    /// Whether more time was bought there after the doubt arose, or may have been: then the rent's end tells nothing of
    /// this one any more.
    async fn was_prolonged_since(&self, case: &Case<'_>, doubt: &Doubt) -> bool {
        // What was bought in the same moment may have come after it too.
        let prolonged = self.ledger.was_prolonged(case.upstream.seller.clone(), doubt.intent.at).await;
        prolonged.unwrap_or(true)
    }

    async fn settle_more(self: &Arc<Self>, case: &Case<'_>, doubt: &Doubt, rent: Activation, end: Timestamp) {
        let bought = Bought {
            upstream_id: rent.upstream_id.clone(),
            phone: rent.phone.clone(),
            price: None,
            operator: rent.operator.clone(),
            expires_at: Some(end),
            extra: Extra::new(),
        };
        let caller = Caller::new(doubt.intent.owner.clone(), "doubts");
        let (order, parent) = (&doubt.intent.order, Some(rent));
        let upstream = case.upstream;
        let purchase = Purchase {
            upstream: Arc::clone(upstream),
            orders: vec![order.clone()],
            parent: parent.clone(),
            allowed: None,
            flight: None,
        };
        let sold = Sold { upstream, caller: &caller, ids: &[], purchase: &purchase, parent };
        let found = sold.part(doubt.id, order, bought, doubt.intent.stake, doubt.intent.at);
        self.write_found(case, found).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_tells_only_what_it_is_near_to() {
        let at = |minutes: i64| Timestamp::from_second(minutes * 60).unwrap();
        assert_eq!(said(at(24 * 60 - 9), at(0), 24), Said::Bought);
        assert_eq!(said(at(9), at(0), 24), Said::NotBought);
        for other in [11, 12 * 60, 24 * 60 + 11, 48 * 60, -30] {
            assert_eq!(said(at(other), at(0), 24), Said::Nothing, "{other}");
        }
        assert_eq!(said(at(5), at(0), 0), Said::Nothing);
    }
}
