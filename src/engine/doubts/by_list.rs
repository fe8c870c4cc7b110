//! Doubts settled by a list of what the account holds. A row that the ledger does not know and that can be one
//! purchase only is that purchase; if the list has nothing that it could be, while it would still live, it was not
//! made. Knows no wire.

use std::sync::Arc;

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
        let found = pairs(&all, &strangers);
        for (one, row) in &found {
            self.settle_found(case, &doubts[*one], &strangers[*row]).await;
        }
        let is_found = |place: usize| found.iter().any(|(one, _)| *one == place);
        let unclaimed = |place: usize| !found.iter().any(|(_, row)| *row == place);
        // A list of ten, twenty, … may be the first page of a longer one.
        let whole = rows.is_empty() || !rows.len().is_multiple_of(10);
        for (place, doubt) in doubts.iter().enumerate().filter(|(place, _)| !is_found(*place)) {
            let one = &all[place];
            let left = strangers.iter().enumerate().filter(|(row, held)| unclaimed(*row) && one.may_be(held));
            let left: Vec<_> = left.map(|(_, held)| held.upstream_id.as_str()).collect();
            let reused = one.order.origin != Origin::Shelf && rows.iter().any(|row| one.may_be(row));
            let lives = asked_at < case.ends(&one.order, one.at);
            if !left.is_empty() {
                tracing::warn!(
                    id = doubt.id.get(),
                    provider = case.upstream.name,
                    candidates = left.join(","),
                    "this purchase in doubt may be one of these, which cannot be told; look at the provider's own list"
                );
            } else if whole && lives && !reused && self.doubts.is_old(doubt.id, asked_at) {
                self.release_doubt(doubt, "the provider's list does not have it, so it was not made").await;
            }
        }
        self.settle_longer(case, longer, &rows, asked_at).await;
    }

    /// Those that the ledger does not know, nor memory.
    async fn strangers(&self, case: &Case<'_>, rows: &[Held]) -> Option<Vec<Held>> {
        let seller = &case.upstream.seller;
        let known = self.ledger.known(seller.clone(), rows.to_vec()).await.ok()?;
        let in_memory = |id: &str| {
            let here = |one: &Activation| one.provider == *seller && one.upstream_id == id;
            !self.book.all(here).is_empty()
        };
        let is_strange = |row: &&Held| !known.contains(&row.upstream_id) && !in_memory(&row.upstream_id);
        Some(rows.iter().filter(is_strange).cloned().collect())
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
        let purchase = Purchase { upstream: Arc::clone(case.upstream), orders, parent: None };
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
        let entry = self.book.insert(found);
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

async fn held(case: &Case<'_>, list: List) -> Result<Vec<Held>, Fault> {
    let provider = &case.upstream.provider;
    match list {
        List::Activations => provider.held(&case.cx).await,
        List::Rents => provider.rentals().held(&case.cx).await,
    }
}
