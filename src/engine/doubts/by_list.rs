//! Doubts settled by a list of what the account holds. A row that the ledger does not know and that can be one
//! purchase only is that purchase; if the list has nothing that it could be, while it would still live, it was not
//! made. Knows no wire.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::by_balance::was_charged;
use super::sought::{Sought, pairs};
use super::{Case, is_more_time};
use crate::domain::{Activation, Bought, Extra, Held, Origin};
use crate::engine::purchase::Purchase;
use crate::engine::settlement::Sold;
use crate::engine::{Caller, Engine};
use crate::ledger::Doubt;
use crate::provider::Fault;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Activations,
    Rents,
}

/// What a list shows.
struct Shown<'a> {
    /// All of it.
    rows: &'a [Held],
    /// What of it nobody is known to have bought.
    unclaimed: Vec<&'a Held>,
    /// When it was asked for.
    asked_at: Timestamp,
}

impl Engine {
    pub(super) async fn settle_by_list(self: &Arc<Self>, case: &Case<'_>, list: List) {
        let asked_at = self.clock.now();
        let rows = match held(case, list).await {
            Ok(rows) => rows,
            Err(fault) => {
                let provider = &case.upstream.name;
                return tracing::debug!(provider, %fault, "what the account holds could not be listed");
            }
        };
        // What was under way when the list was made may be in it, and is written down when it has ended.
        self.doubts.under_way.have_ended(&case.upstream.seller).await;
        let Some(strangers) = self.strangers(case, &rows).await else { return };
        let is_listed = |doubt: &Doubt| doubt.intent.order.rent.is_some() == (list == List::Rents);
        let doubts: Vec<_> = self.open_doubts(case).await.into_iter().filter(is_listed).collect();
        let (longer, doubts): (Vec<_>, Vec<_>) =
            doubts.into_iter().partition(|doubt| is_more_time(&doubt.intent.order));
        let mut all = Vec::with_capacity(doubts.len());
        for doubt in &doubts {
            all.push(self.sought(doubt).await);
        }
        let mut found = pairs(&all, &strangers);
        found.extend(charged_alone(&doubts, &all, &strangers).filter(|_| found.is_empty()));
        for (one, row) in &found {
            self.settle_found(case, &doubts[*one], &strangers[*row]).await;
        }
        let is_found = |place: usize| found.iter().any(|(one, _)| *one == place);
        let unclaimed =
            strangers.iter().enumerate().filter(|(place, _)| !found.iter().any(|(_, row)| row == place));
        let shown = Shown { rows: &rows, unclaimed: unclaimed.map(|(_, row)| row).collect(), asked_at };
        for (place, doubt) in doubts.iter().enumerate().filter(|(place, _)| !is_found(*place)) {
            self.release_unless_shown(case, doubt, &all[place], &shown).await;
        }
        self.settle_longer(case, longer, &rows, asked_at).await;
    }

    /// Releases a doubt that the list would have if it were a purchase, and has not.
    async fn release_unless_shown(&self, case: &Case<'_>, doubt: &Doubt, one: &Sought, shown: &Shown<'_>) {
        let Shown { rows, unclaimed, asked_at } = shown;
        let left = unclaimed.iter().filter(|row| one.may_be(row));
        let left: Vec<_> = left.map(|row| row.upstream_id.as_str()).collect();
        if !left.is_empty() {
            return tracing::warn!(
                id = doubt.id.get(),
                provider = case.upstream.name,
                candidates = left.join(","),
                "this purchase in doubt may be one of these, which cannot be told; look at the provider's own list"
            );
        }
        // A list of ten, twenty, … may be the first page of a longer one.
        let whole = rows.is_empty() || !rows.len().is_multiple_of(10);
        let lives = *asked_at < case.ends(&one.order, one.at);
        // A number once more may be sold under the id that it had.
        let reused = one.order.origin != Origin::Shelf && rows.iter().any(|row| one.may_be(row));
        if whole && lives && !reused && self.doubts.is_old(doubt.id, *asked_at) {
            self.release_doubt(doubt, "the provider's list does not have it, so it was not made").await;
        }
    }

    /// Those that the ledger does not know, nor memory.
    async fn strangers(&self, case: &Case<'_>, rows: &[Held]) -> Option<Vec<Held>> {
        let seller = &case.upstream.seller;
        let known = self.ledger.known(seller.clone(), rows.to_vec()).await.ok()?;
        let mut strangers: Vec<Held> =
            rows.iter().filter(|row| !known.contains(&row.upstream_id)).cloned().collect();
        if !strangers.is_empty() {
            let here = self.book.all(|outline| *outline.provider == *seller);
            let here: HashSet<String> = here.iter().map(|entry| entry.get().upstream_id).collect();
            strangers.retain(|row| !here.contains(&row.upstream_id));
        }
        Some(strangers)
    }

    async fn sought(&self, doubt: &Doubt) -> Sought {
        let order = doubt.intent.order.clone();
        let parent = match order.origin.parent() {
            Some(parent) => self.ledger.find(parent).await.ok().flatten(),
            None => None,
        };
        let phone = parent.map(|parent| parent.phone);
        Sought { id: doubt.id, owner: doubt.intent.owner.clone(), at: doubt.intent.at, order, phone }
    }

    /// Writes down that a doubt was this purchase. Nobody was told of an activation, so nobody is to get it and it is
    /// given back; a rent, which may not go back, is in its client's list.
    async fn settle_found(self: &Arc<Self>, case: &Case<'_>, doubt: &Doubt, row: &Held) {
        let Some(phone) = row.phone.clone() else { return };
        let bought = Bought {
            upstream_id: row.upstream_id.clone(),
            phone,
            price: row.price,
            operator: None,
            expires_at: row.ends_at,
            extra: Extra::new(),
        };
        let caller = Caller::new(doubt.intent.owner.clone(), "doubts");
        let orders = vec![doubt.intent.order.clone()];
        let purchase = Purchase {
            upstream: Arc::clone(case.upstream),
            orders,
            parent: None,
            allowed: None,
            flight: None,
        };
        let sold =
            Sold { upstream: case.upstream, caller: &caller, ids: &[], purchase: &purchase, parent: None };
        let order = &doubt.intent.order;
        let mut found = sold.part(doubt.id, order, bought, doubt.intent.stake, doubt.intent.at);
        found.unwanted = order.rent.is_none();
        self.write_found(case, found).await;
    }

    /// Writes down what a doubt has turned out to be.
    pub(super) async fn write_found(self: &Arc<Self>, case: &Case<'_>, found: Activation) {
        let (id, upstream_id) = (found.id.get(), found.upstream_id.clone());
        if let Err(error) = self.ledger.settle(found.clone()).await {
            return tracing::error!(
                id,
                upstream_id,
                "a purchase that was found could not be written down: {error}"
            );
        }
        tracing::info!(id, upstream_id, "a purchase in doubt is settled: the provider's list has it");
        case.upstream.metrics.bought(found.price.as_ref());
        let entry = self.book.insert(&found);
        let found = entry.get();
        self.prolong_in_memory(&found).await;
        if found.is_rent() {
            case.upstream.provider.rentals().begin(&case.cx, &found).await;
        }
        if found.unwanted {
            self.dismiss_again(entry).await;
        }
    }
}

/// The only doubt and the only row, of which the list says too little: the row is the doubt's if the balance showed that
/// it was charged, for then it is in the list. That goes for rents, which stay in it for hours.
fn charged_alone(doubts: &[Doubt], all: &[Sought], strangers: &[Held]) -> Option<(usize, usize)> {
    let ([doubt], [one], [row]) = (doubts, all, strangers) else { return None };
    let is_fresh_rent = one.order.rent.is_some() && one.order.origin == Origin::Shelf;
    let fits = one.may_be(row) && row.phone.is_some();
    (is_fresh_rent && fits && was_charged(doubt)).then_some((0, 0))
}

async fn held(case: &Case<'_>, list: List) -> Result<Vec<Held>, Fault> {
    let provider = &case.upstream.provider;
    match list {
        List::Activations => provider.held(&case.cx).await,
        List::Rents => provider.rentals().held(&case.cx).await,
    }
}
