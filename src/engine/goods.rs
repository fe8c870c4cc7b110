//! What purchases beside numbers have in common: each runs to its end on a task of its own, what nobody waited
//! for is kept for the same client's next identical order, and what failed is written down as what it is.
//! Knows no mail and no product in particular.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracing::Instrument;

use super::flights::{Flight, Flights, Wish};
use super::mailbook::MailBook;
use super::outcome::{InDoubt, NotDone};
use super::settlement::tell_of_doubt;
use super::unnoted::Note;
use super::{Caller, Engine};
use crate::domain::{ActivationId, Mail, MailOrder, Product, ProductNumber};
use crate::ledger::{Ledger, LedgerError};
use crate::provider::{Fault, FaultKind};

/// What is in memory of purchases beside numbers.
pub(super) struct Goods {
    pub(super) book: MailBook,
    pub(super) mail_orders: Flights<MailOrder, Mail>,
    pub(super) product_orders: Flights<ProductNumber, Product>,
    /// Products that could not be written down when they were bought.
    pub(super) unsaved_products: Mutex<Vec<Product>>,
}

impl Goods {
    /// None; what nobody waits for is kept so long.
    pub(super) fn kept_for(kept: Duration) -> Self {
        Self {
            book: MailBook::default(),
            mail_orders: Flights::kept_for(kept),
            product_orders: Flights::kept_for(kept),
            unsaved_products: Mutex::default(),
        }
    }
}

impl Wish for MailOrder {}

impl Wish for ProductNumber {}

/// The orders of one kind under way.
pub(super) type Orders<W, B> = fn(&Engine) -> &Flights<W, B>;

impl Engine {
    /// Carries an order out, or hands out what the same client's last order came to if that was the same and
    /// nobody waited for it; `as_new` says whether it is still as it was bought.
    pub(super) async fn obtain<W, B, F>(
        self: &Arc<Self>,
        caller: &Caller,
        (orders, wish): (Orders<W, B>, &W),
        as_new: impl Fn(&B) -> bool,
        work: F,
    ) -> Result<B, Fault>
    where
        W: Wish + Send + Sync + 'static,
        B: Clone + Send + Sync + 'static,
        F: Future<Output = Result<B, Fault>> + Send + 'static,
    {
        if let Some(flight) = orders(self).claim(caller, wish, self.clock.elapsed()) {
            tracing::info!(
                "this client's last order was the same and was not waited for: it gets what came of it"
            );
            match self.meet_order(orders, flight).await {
                Ok(kept) if !as_new(&kept) => {}
                outcome => return outcome,
            }
        }
        let running = self.stay_open()?;
        let flight = orders(self).start(caller, wish);
        let (engine, landing) = (Arc::clone(self), Arc::clone(&flight));
        let task = async move {
            let outcome = tokio::spawn(work.in_current_span()).await.unwrap_or_else(|_| Err(lost()));
            orders(&engine).land(&landing, outcome, engine.clock.elapsed());
            drop(running);
        };
        tokio::spawn(task.in_current_span());
        self.meet_order(orders, flight).await
    }

    async fn meet_order<W: Wish, B: Clone>(
        &self,
        orders: Orders<W, B>,
        flight: Arc<Flight<W, B>>,
    ) -> Result<B, Fault> {
        orders(self).wait(flight).meet().await.unwrap_or_else(|| Err(lost()))
    }

    /// Notes that a purchase was certainly not made, and says why.
    pub(super) async fn release_goods(&self, id: ActivationId, why: NotDone) -> Fault {
        self.note_end(Note::released(id, &why).of_goods()).await;
        why.fault()
    }

    /// Notes that nobody knows whether a purchase was made, and says why.
    pub(super) async fn doubt_goods(&self, id: ActivationId, why: InDoubt) -> Fault {
        tell_of_doubt(id, &why);
        self.note_end(Note::in_doubt(id, &why).of_goods()).await;
        why.fault()
    }

    /// What is to be done now and then: what nobody came for is given back, and memory lets go of the
    /// rest.
    pub(super) async fn tidy_goods(self: &Arc<Self>) {
        for order in self.goods.mail_orders.stale(self.clock.elapsed()) {
            self.turn_mail_away(&order).await;
        }
        // A key that was sold cannot be given back; the ledger has it.
        for order in self.goods.product_orders.stale(self.clock.elapsed()) {
            if let Some(Ok(product)) = order.landed().await {
                tracing::warn!(
                    id = product.id.get(),
                    "nobody came for this partner product; the ledger has its key"
                );
            }
            self.goods.product_orders.forget(&order);
        }
        self.goods.book.forget();
    }

    /// Writes down what could not be written when it was bought.
    pub(super) async fn save_products(&self) {
        let unsaved = std::mem::take(&mut *self.unsaved_products());
        for product in unsaved {
            if self.ledger.settle_product(product.clone()).await.is_err() {
                self.unsaved_products().push(product);
            }
        }
    }

    pub(super) fn unsaved_products(&self) -> std::sync::MutexGuard<'_, Vec<Product>> {
        self.goods.unsaved_products.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lost() -> Fault {
    Fault::new(FaultKind::Closing, "the purchase ended early").in_doubt()
}

/// Says at the start of every purchase beside numbers of which nobody knows whether it was made.
pub(super) async fn warn_of_doubts(ledger: &dyn Ledger) -> Result<(), LedgerError> {
    for doubt in ledger.take_up_doubtful_goods().await? {
        tracing::warn!(
            id = doubt.id.get(),
            provider = doubt.provider,
            at = %doubt.at,
            "nobody knows whether {} was bought ({}); look for it in the provider's own history",
            doubt.what,
            doubt.reason
        );
    }
    Ok(())
}
