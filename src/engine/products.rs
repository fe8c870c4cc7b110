//! Buying partner products: intend, buy, then settle, release or doubt. Knows no wire.

use std::sync::Arc;

use super::outcome::Outcome;
use super::{Caller, Engine, Upstream, ledger_fault};
use crate::domain::{Product, ProductNumber};
use crate::ledger::GoodsIntent;
use crate::provider::{Capability, Fault};

impl Engine {
    /// Buys a partner product. Runs to its end even if the caller goes away; what was sold is then kept for the
    /// caller's next identical order.
    pub async fn buy_product(
        self: &Arc<Self>,
        caller: &Caller,
        number: ProductNumber,
    ) -> Result<Product, Fault> {
        let upstream = Arc::clone(self.main_upstream()?);
        if !upstream.can(Capability::Partner) {
            return Err(Fault::unsupported(Capability::Partner));
        }
        let (engine, buyer) = (Arc::clone(self), caller.clone());
        let work = async move { engine.attempt_product(&upstream, &buyer, number).await };
        self.obtain(caller, (|engine| &engine.goods.product_orders, &number), |_| true, work).await
    }

    /// One purchase: the intent on disk, then the upstream, then the result on disk.
    async fn attempt_product(
        &self,
        upstream: &Upstream,
        caller: &Caller,
        number: ProductNumber,
    ) -> Result<Product, Fault> {
        let cx = self.cx(upstream, caller);
        upstream.refuse_if_broken()?;
        let (owner, provider) = (caller.owner.clone(), upstream.seller.clone());
        let at = self.clock.now();
        // What a product costs is known only when it is sold.
        let held = self.hold_for_goods(caller, upstream, None)?;
        let intent = GoodsIntent { owner: owner.clone(), provider: provider.clone(), wish: number, at };
        let id = self.ledger.intend_product(intent).await.map_err(|error| ledger_fault(&error))?;
        match Outcome::of(upstream.provider.buy_product(&cx, number).await) {
            Outcome::Done(bought) => {
                upstream.metrics.bought(bought.price.as_ref());
                let product = Product { id, owner, provider, number, bought_at: self.clock.now(), bought };
                if let Err(error) = self.ledger.settle_product(product.clone()).await {
                    tracing::error!(id = id.get(), "a purchase could not be written down: {error}");
                    self.unsaved_products().push(product.clone());
                }
                let (by, what) = ((caller, upstream), (id, product.bought_at));
                self.note_spent_on_goods(held, by, what, product.bought.price);
                Ok(product)
            }
            Outcome::NotDone(why) => {
                upstream.metrics.not_bought();
                Err(self.release_goods(id, why).await)
            }
            Outcome::Unknown(why) => {
                upstream.metrics.doubted();
                self.note_spent_on_goods(held, (caller, upstream), (id, at), None);
                Err(self.doubt_goods(id, why).await)
            }
        }
    }
}
