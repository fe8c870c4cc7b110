//! `getPricesV3`: prices and stock by the service's own providers, `{"0":{"tg":{"1":{"count","price",
//! "provider_id"}}}}`. Not in the document; the shape is SMSBower's, which some clients were written for
//! (GitHub, typed clients of its API: `PricesV3ProviderValue`). Where there is a single seller, it is number 1.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::price_lists::{own, wanted, written};
use crate::dialect::action::{Answering, answering};
use crate::dialect::code::Word;
use crate::dialect::{Action, Params, Path, Reply};
use crate::domain::{Country, Offer, Service, json_number};
use crate::engine::{Caller, Engine, OwnList};
use crate::provider::Capability;

/// Prices and stock by country, service and provider.
pub static ACTION: Action = Action {
    name: "getPricesV3",
    paths: &[
        Path::native(Capability::Relay),
        Path::emulated(Capability::Market),
        Path::emulated(Capability::Offers),
    ],
    refusal: Word::BadAction,
    answer,
};

const OWN: OwnList = OwnList { action: "getPricesV3", has_amounts: true, is_object: true };

/// Parameters by which providers are chosen (`WIRE.md` section 4).
const CHOSEN: &str = "providerIds";
const EXCEPTED: &str = "exceptProviderIds";

/// The only provider where the service has none of its own.
const ONLY: u8 = 1;

#[derive(Serialize)]
struct Priced {
    count: u64,
    price: Value,
    provider_id: u8,
}

fn answer(engine: Arc<Engine>, caller: Caller, params: Params) -> Answering {
    answering(async move {
        let wanted = wanted(&engine, &params)?;
        if let Some(reply) = own(&engine, &caller, OWN, &wanted, &params, &[CHOSEN, EXCEPTED]).await? {
            return Ok(reply);
        }
        let (service, country) = wanted;
        if !is_chosen(&params) {
            return Ok(Reply::json(&by_provider(Vec::new())));
        }
        let list = engine.price_list(&caller, service, country).await;
        written(list, OWN.action, |offers| Reply::json(&by_provider(offers))).await
    })
}

/// Whether the only provider is among those that the client chose.
fn is_chosen(params: &Params) -> bool {
    let names = |name| params.get(name).map(|ids| ids.split(',').any(|id| id.trim() == ONLY.to_string()));
    names(CHOSEN).unwrap_or(true) && !names(EXCEPTED).unwrap_or(false)
}

type ByProvider = BTreeMap<Country, BTreeMap<Service, BTreeMap<u8, Priced>>>;

fn by_provider(offers: Vec<Offer>) -> ByProvider {
    let mut countries = ByProvider::new();
    for offer in offers {
        let price = json_number(offer.price.amount);
        let priced = Priced { count: offer.count, price, provider_id: ONLY };
        countries.entry(offer.country).or_default().insert(offer.service, BTreeMap::from([(ONLY, priced)]));
    }
    countries
}
