//! `getPricesExtended`: `getPrices` with the number of physical cards beside, and with `freePrice` how many
//! numbers there are at which price. Not in the document; the vendor's later page and what clients read
//! (`WIRE.md` section 4). Where nobody tells cards from virtual numbers, all of them count.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::price_lists::{own, wanted, written};
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Offer, Service, exact, json_number};
use crate::engine::{Caller, Engine, OwnList};
use crate::provider::Capability;

/// Prices and stock by country and service, with more fields.
pub static ACTION: Action = Action {
    name: "getPricesExtended",
    paths: &[
        Path::native(Capability::Relay),
        Path::emulated(Capability::Market),
        Path::emulated(Capability::Offers),
    ],
    refusal: Word::BadAction,
    answer,
};

const OWN: OwnList = OwnList { action: "getPricesExtended", has_amounts: true, is_object: true };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Priced {
    cost: Value,
    count: u64,
    physical_count: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_price_map: Option<BTreeMap<String, u64>>,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let wanted = wanted(&engine, &params)?;
        if let Some(reply) = own(&engine, &caller, OWN, &wanted, &params, &["freePrice"]).await? {
            return Ok(reply);
        }
        let (service, country) = wanted;
        let list = engine.price_list(&caller, service, country).await;
        let free_price = params.is_on("freePrice");
        let form = if free_price { "getPricesExtended, freePrice" } else { OWN.action };
        written(list, form, move |offers| Reply::json(&by_country(offers, free_price))).await
    })
}

fn by_country(offers: Vec<Offer>, free_price: bool) -> BTreeMap<Country, BTreeMap<Service, Priced>> {
    let mut countries: BTreeMap<Country, BTreeMap<Service, Priced>> = BTreeMap::new();
    for offer in offers {
        let priced = priced(&offer, free_price);
        countries.entry(offer.country).or_default().insert(offer.service, priced);
    }
    countries
}

fn priced(offer: &Offer, free_price: bool) -> Priced {
    let told = offer.extra.get("physicalCount").filter(|count| count.is_u64());
    Priced {
        cost: json_number(offer.price.amount),
        count: offer.count,
        physical_count: told.cloned().unwrap_or_else(|| Value::from(offer.count)),
        free_price_map: free_price.then(|| BTreeMap::from([(exact(offer.price.amount), offer.count)])),
    }
}
