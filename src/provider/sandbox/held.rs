//! What is sold at the sandbox and lives. Sells nothing.

use super::Sandbox;
use super::sales::FORWARDS;
use crate::domain::{Country, Held, Phone, Service};
use crate::mock::Lot;

impl Sandbox {
    /// Its rents, or its activations.
    pub(super) fn living(&self, rented: bool) -> Vec<Held> {
        let lots = self.market.lots().into_iter();
        lots.filter(|lot| lot.is_active() && lot.rented == rented).map(|lot| self.row(lot)).collect()
    }

    fn row(&self, lot: Lot) -> Held {
        Held {
            phone: Phone::parse(&lot.phone).ok(),
            service: Service::parse(&lot.service).ok(),
            country: Country::parse(&lot.country).ok(),
            price: Some(self.money(lot.price)),
            bought_at: Some(lot.bought_at),
            ends_at: Some(lot.expires_at),
            ..Held::new(if lot.forwards { format!("{}{FORWARDS}", lot.id) } else { lot.id })
        }
    }
}
