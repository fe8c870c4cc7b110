//! `getPricesV2`: how many numbers there are at which price, `{"0":{"tg":{"15.50":158}}}`. Not in the document;
//! the shape that clients of it read (`WIRE.md` section 4). A price without a number is left out, and what is
//! left empty by that too: an empty country makes one client fail (`WIRE.md` section 1, item 11).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::price_lists::{own, wanted, written};
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Offer, Service, exact};
use crate::engine::{Caller, Engine, OwnList};
use crate::provider::Capability;

/// Stock by country, service and price.
pub static ACTION: Action = Action {
    name: "getPricesV2",
    paths: &[
        Path::native(Capability::Relay),
        Path::emulated(Capability::Market),
        Path::emulated(Capability::Offers),
    ],
    refusal: Word::BadAction,
    answer,
};

const OWN: OwnList = OwnList { action: "getPricesV2", has_amounts: true, is_object: true };

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let wanted = wanted(&engine, &params)?;
        if let Some(reply) = own(&engine, &caller, OWN, &wanted, &params, &[]).await? {
            return Ok(reply);
        }
        let (service, country) = wanted;
        let list = engine.price_list(&caller, service, country).await;
        written(list, OWN.action, |offers| Reply::json(&by_price(offers))).await
    })
}

pub(crate) type ByPrice = BTreeMap<Country, BTreeMap<Service, BTreeMap<String, u64>>>;

pub(crate) fn by_price(offers: Vec<Offer>) -> ByPrice {
    let mut countries = ByPrice::new();
    for offer in offers.into_iter().filter(|offer| offer.count > 0) {
        let prices = countries.entry(offer.country).or_default().entry(offer.service).or_default();
        let count: &mut u64 = prices.entry(exact(offer.price.amount)).or_default();
        *count = count.saturating_add(offer.count);
    }
    countries
}
